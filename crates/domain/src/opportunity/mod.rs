//! Opportunities: stages and the moves between them, how long a deal may stand there, probability, weighted sums, and the
//! order on the board.

mod position;
mod rank;
mod stage;
mod staleness;
mod value;

pub use position::{Effect, MoveError, MoveFacts, Moved, Position, StageMove, Started};
pub use rank::{RankError, rank_between, rank_last};
pub use stage::{ForecastCategory, LostReason, StageCategory, StageDef, StakeholderRole};
pub use staleness::{StaleTimes, Staleness};
pub use value::{effective_probability, weighted};
