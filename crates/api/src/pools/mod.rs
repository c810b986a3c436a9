//! Customer pools (公海): where customers lie that nobody owns, who may take them out, and when owners lose theirs.

mod actions;
mod draft;
mod dto;
mod limits;
mod mine;
mod releases;
mod routes;
mod served;
mod service;
pub mod sweep;
mod tenure;
mod warnings;

pub use dto::{AllotCustomer, CreateCustomerPool, CustomerPoolView, LockCustomer, ReleaseCustomer};
pub use routes::routes;

pub(crate) use actions::{act, release};
pub(crate) use limits::{Coming, OverCap, over_cap};
pub(crate) use releases::{close, differing, keep_all_releases, keep_releases, owner_moved, serving_changed};
pub(crate) use routes::customer_routes;
pub(crate) use served::{Pools, is_released_soon, name_of, named_pool};
pub(crate) use service::update;
pub(crate) use sweep::release_by_rule;
pub(crate) use tenure::{note_move, passed, settle};

use rapport_domain::access::{Action, Actor, Permit, Subject, decide};

use crate::problem::Problem;

/// For how many days owners are warned unless the pool says otherwise.
pub(crate) const DEFAULT_WARN_DAYS: i32 = 3;

/// What follows by rule is nobody's act.
fn permit() -> Result<Permit, Problem> {
    Ok(decide(&Actor::system(), Action::Edit, Subject::Customer, None)?)
}
