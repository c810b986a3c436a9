//! Where a deal stands, and the one way to move it.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::stage::{LostReason, StageCategory, StageDef};

/// Where a deal stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// Its pipeline.
    pub pipeline_id: Uuid,
    /// Its stage.
    pub stage_id: Uuid,
    /// What the stage means.
    pub category: StageCategory,
    /// The open stage it stands in, or stood in before it was closed.
    pub last_open_stage_id: Option<Uuid>,
    /// Since when it stands there.
    pub stage_entered_at: DateTime<Utc>,
    /// When it was won, lost or voided; set exactly while closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// The probability somebody typed; it survives closing and reopening.
    pub probability: Option<u8>,
    /// Why it was lost; set exactly while lost.
    pub lost_reason: Option<LostReason>,
    /// More about it.
    pub lost_note: Option<String>,
}

/// What the request says along with the target stage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MoveFacts {
    /// Why it was lost.
    pub lost_reason: Option<LostReason>,
    /// More about it.
    pub lost_note: Option<String>,
    /// Why a closed deal is open again.
    pub reopen_reason: Option<String>,
    /// When it was really closed; now, if not told.
    pub closed_at: Option<DateTime<Utc>>,
}

/// One line of the stage history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageMove {
    /// The stage it left.
    pub from: Uuid,
    /// The stage it entered.
    pub to: Uuid,
    /// How long it stood in the first.
    pub seconds: i64,
}

/// What else must happen in the same transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The deal was won: see `customer::Lifecycle::on_win`.
    CustomerBecomesActive,
}

/// The result of a move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Where the deal stands now.
    pub position: Position,
    /// The line for the history; `None` when the stage is the same (only its place on the board changed).
    pub history: Option<StageMove>,
    /// What else must happen.
    pub effects: Vec<Effect>,
}

/// A new deal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    /// Where it stands.
    pub position: Position,
    /// What else must happen.
    pub effects: Vec<Effect>,
}

/// Why a deal may not enter a stage.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoveError {
    /// The stage belongs to another pipeline.
    #[error("the stage belongs to another pipeline")]
    OtherPipeline,
    /// Losing needs a reason.
    #[error("lost_reason is required")]
    LostNeedsReason,
    /// Reopening needs a reason.
    #[error("a closed deal is reopened with a reason only")]
    ReopenNeedsReason,
    /// The stage demands these fields.
    #[error("the stage requires {}", .0.join(", "))]
    MissingRequired(Vec<String>),
}

impl Position {
    /// Places a new deal in any stage; one that is created closed (an import) follows the rules of closing.
    /// `filled` tells whether a field has a value.
    ///
    /// # Errors
    /// `LostNeedsReason` and `MissingRequired`.
    pub fn start(
        target: &StageDef,
        facts: MoveFacts,
        filled: &dyn Fn(&str) -> bool,
        now: DateTime<Utc>,
    ) -> Result<Started, MoveError> {
        let outside = Self {
            pipeline_id: target.pipeline_id,
            stage_id: Uuid::nil(),
            category: StageCategory::Open,
            last_open_stage_id: None,
            stage_entered_at: now,
            closed_at: None,
            probability: None,
            lost_reason: None,
            lost_note: None,
        };
        outside.check(target, &facts, filled)?;
        let effects = outside.effects(target);
        let mut position = outside.enter(target, facts, now);
        position.last_open_stage_id = position.last_open_stage_id.filter(|stage| !stage.is_nil());
        Ok(Started { position, effects })
    }

    /// Moves the deal to a stage of its pipeline. `filled` tells whether a field has a value.
    ///
    /// Staying in a lost stage with another reason corrects the reason.
    ///
    /// # Errors
    /// The first of: another pipeline, no reason to reopen, no reason for losing, missing fields.
    pub fn move_to(
        self,
        target: &StageDef,
        facts: MoveFacts,
        filled: &dyn Fn(&str) -> bool,
        now: DateTime<Utc>,
    ) -> Result<Moved, MoveError> {
        if target.pipeline_id != self.pipeline_id {
            return Err(MoveError::OtherPipeline);
        }
        if target.id == self.stage_id {
            return Ok(self.stay(facts));
        }
        self.check(target, &facts, filled)?;
        let seconds = (now - self.stage_entered_at).num_seconds().max(0);
        let history = Some(StageMove { from: self.stage_id, to: target.id, seconds });
        let effects = self.effects(target);
        Ok(Moved { position: self.enter(target, facts, now), history, effects })
    }

    fn check(&self, target: &StageDef, facts: &MoveFacts, filled: &dyn Fn(&str) -> bool) -> Result<(), MoveError> {
        let is_reopened = self.category.is_closed() && !target.category.is_closed();
        if is_reopened && facts.reopen_reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
            return Err(MoveError::ReopenNeedsReason);
        }
        if target.category == StageCategory::Lost && facts.lost_reason.is_none() {
            return Err(MoveError::LostNeedsReason);
        }
        let missing: Vec<String> = target.required_fields.iter().filter(|field| !filled(field)).cloned().collect();
        if missing.is_empty() { Ok(()) } else { Err(MoveError::MissingRequired(missing)) }
    }

    fn effects(&self, target: &StageDef) -> Vec<Effect> {
        let is_win = target.category == StageCategory::Won && self.category != StageCategory::Won;
        if is_win { vec![Effect::CustomerBecomesActive] } else { Vec::new() }
    }

    fn enter(self, target: &StageDef, facts: MoveFacts, now: DateTime<Utc>) -> Self {
        let is_lost = target.category == StageCategory::Lost;
        let last_open = match (target.category.is_closed(), self.category.is_closed()) {
            (false, _) => Some(target.id),
            (true, false) => Some(self.stage_id),
            (true, true) => self.last_open_stage_id,
        };
        Self {
            pipeline_id: self.pipeline_id,
            stage_id: target.id,
            category: target.category,
            last_open_stage_id: last_open,
            stage_entered_at: now,
            closed_at: target.category.is_closed().then(|| facts.closed_at.unwrap_or(now)),
            probability: self.probability,
            lost_reason: facts.lost_reason.filter(|_| is_lost),
            lost_note: facts.lost_note.filter(|_| is_lost),
        }
    }

    fn stay(self, facts: MoveFacts) -> Moved {
        let mut position = self;
        if position.category == StageCategory::Lost {
            position.lost_reason = facts.lost_reason.or(position.lost_reason);
            position.lost_note = facts.lost_note.or(position.lost_note);
        }
        if position.category.is_closed() {
            position.closed_at = facts.closed_at.or(position.closed_at);
        }
        Moved { position, history: None, effects: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn stage(number: u128, category: StageCategory) -> StageDef {
        let (probability, position) = (10, 0);
        let (required_fields, expected_days, warning_days) = (Vec::new(), None, None);
        let (id, pipeline_id) = (id(number), id(100));
        StageDef { id, pipeline_id, category, probability, position, required_fields, expected_days, warning_days }
    }

    fn stages() -> [StageDef; 5] {
        use StageCategory::{Lost, Open, Void, Won};
        [stage(1, Open), stage(2, Open), stage(3, Won), stage(4, Lost), stage(5, Void)]
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    fn started() -> Position {
        Position::start(&stage(1, StageCategory::Open), MoveFacts::default(), &|_| true, at(0)).unwrap().position
    }

    fn lost_for(reason: LostReason) -> MoveFacts {
        MoveFacts { lost_reason: Some(reason), lost_note: Some("too dear".into()), ..MoveFacts::default() }
    }

    fn reopened() -> MoveFacts {
        MoveFacts { reopen_reason: Some("they called".into()), ..MoveFacts::default() }
    }

    fn go(position: Position, number: usize, facts: MoveFacts, seconds: i64) -> Result<Moved, MoveError> {
        position.move_to(stages().get(number - 1).unwrap(), facts, &|_| true, at(seconds))
    }

    #[test]
    fn a_move_is_kept_with_the_seconds_spent() {
        let moved = go(started(), 2, MoveFacts::default(), 90).unwrap();
        assert_eq!(moved.history, Some(StageMove { from: id(1), to: id(2), seconds: 90 }));
        assert_eq!((moved.position.stage_id, moved.position.stage_entered_at), (id(2), at(90)));
        assert_eq!(moved.position.last_open_stage_id, Some(id(2)));
        assert!(moved.effects.is_empty());
    }

    #[test]
    fn a_clock_that_went_back_spends_no_negative_time() {
        assert_eq!(go(started(), 2, MoveFacts::default(), -5).unwrap().history.unwrap().seconds, 0);
    }

    #[test]
    fn winning_closes_and_makes_the_customer_active() {
        let moved = go(started(), 3, MoveFacts::default(), 10).unwrap();
        assert_eq!(moved.effects, [Effect::CustomerBecomesActive]);
        assert_eq!((moved.position.closed_at, moved.position.last_open_stage_id), (Some(at(10)), Some(id(1))));
        let told = MoveFacts { closed_at: Some(at(3)), ..MoveFacts::default() };
        assert_eq!(go(started(), 3, told, 10).unwrap().position.closed_at, Some(at(3)));
    }

    #[test]
    fn what_is_won_already_is_not_won_again() {
        let won = go(started(), 3, MoveFacts::default(), 10).unwrap().position;
        let other = stage(6, StageCategory::Won);
        let moved = won.move_to(&other, MoveFacts::default(), &|_| true, at(20)).unwrap();
        assert!(moved.effects.is_empty() && moved.history.is_some());
    }

    #[test]
    fn losing_needs_a_reason() {
        assert_eq!(go(started(), 4, MoveFacts::default(), 1), Err(MoveError::LostNeedsReason));
        let lost = go(started(), 4, lost_for(LostReason::Price), 1).unwrap().position;
        assert_eq!((lost.lost_reason, lost.lost_note.as_deref()), (Some(LostReason::Price), Some("too dear")));
        let corrected =
            go(lost, 4, MoveFacts { lost_reason: Some(LostReason::Timing), ..MoveFacts::default() }, 2).unwrap();
        assert_eq!((corrected.position.lost_reason, corrected.history), (Some(LostReason::Timing), None));
    }

    #[test]
    fn a_reason_is_not_kept_where_nothing_is_lost() {
        assert_eq!(go(started(), 2, lost_for(LostReason::Price), 1).unwrap().position.lost_reason, None);
    }

    #[test]
    fn reopening_needs_a_reason_and_clears_the_end() {
        let lost =
            go(Position { probability: Some(70), ..started() }, 4, lost_for(LostReason::Price), 1).unwrap().position;
        for reason in [None, Some("  ".to_owned())] {
            let facts = MoveFacts { reopen_reason: reason, ..MoveFacts::default() };
            assert_eq!(go(lost.clone(), 1, facts, 2), Err(MoveError::ReopenNeedsReason));
        }
        let open = go(lost, 2, reopened(), 2).unwrap().position;
        assert_eq!((open.closed_at, open.lost_reason, open.lost_note), (None, None, None));
        assert_eq!((open.probability, open.last_open_stage_id), (Some(70), Some(id(2))));
    }

    #[test]
    fn from_one_end_to_another_remembers_the_last_open_stage() {
        let won = go(started(), 3, MoveFacts::default(), 1).unwrap().position;
        let void = go(won, 5, MoveFacts::default(), 2).unwrap();
        assert_eq!((void.position.last_open_stage_id, void.position.category), (Some(id(1)), StageCategory::Void));
        assert!(void.effects.is_empty());
    }

    #[test]
    fn a_stage_lists_exactly_what_is_missing() {
        let required_fields = ["amount", "competitor", "next_step"].map(str::to_owned).to_vec();
        let target = StageDef { required_fields, ..stage(2, StageCategory::Open) };
        let error =
            started().move_to(&target, MoveFacts::default(), &|field| field == "competitor", at(1)).unwrap_err();
        assert_eq!(error, MoveError::MissingRequired(vec!["amount".into(), "next_step".into()]));
        assert_eq!(error.to_string(), "the stage requires amount, next_step");
        assert!(Position::start(&target, MoveFacts::default(), &|_| false, at(1)).is_err());
        let inside = Position { stage_id: target.id, ..started() };
        assert!(inside.move_to(&target, MoveFacts::default(), &|_| false, at(1)).is_ok());
    }

    #[test]
    fn another_pipeline_is_refused() {
        let foreign = StageDef { pipeline_id: id(101), ..stage(2, StageCategory::Open) };
        assert_eq!(started().move_to(&foreign, MoveFacts::default(), &|_| true, at(1)), Err(MoveError::OtherPipeline));
    }

    #[test]
    fn a_deal_may_arrive_closed() {
        let facts = MoveFacts { closed_at: Some(at(-99)), ..MoveFacts::default() };
        let won = Position::start(&stage(3, StageCategory::Won), facts, &|_| true, at(0)).unwrap();
        assert_eq!((won.position.closed_at, won.position.last_open_stage_id), (Some(at(-99)), None));
        assert_eq!(won.effects, [Effect::CustomerBecomesActive]);
        let lost = Position::start(&stage(4, StageCategory::Lost), MoveFacts::default(), &|_| true, at(0));
        assert_eq!(lost, Err(MoveError::LostNeedsReason));
    }

    proptest! {
        #[test]
        fn whatever_happens_the_facts_fit_the_category(steps in prop::collection::vec((1usize..=5, any::<bool>(), any::<bool>()), 1..30)) {
            let mut deal = started();
            for (clock, (number, is_reasoned, is_reopened)) in (1i64..).zip(steps) {
                let mut facts = if is_reasoned { lost_for(LostReason::Other) } else { MoveFacts::default() };
                facts.reopen_reason = is_reopened.then(|| "again".to_owned());
                let Ok(moved) = go(deal.clone(), number, facts, clock) else { continue };
                prop_assert_eq!(moved.history.is_some(), moved.position.stage_id != deal.stage_id);
                deal = moved.position;
                prop_assert_eq!(deal.closed_at.is_some(), deal.category.is_closed());
                prop_assert_eq!(deal.lost_reason.is_some(), deal.category == StageCategory::Lost);
                prop_assert!(deal.last_open_stage_id.is_some_and(|stage| stage == id(1) || stage == id(2)));
            }
        }
    }
}
