//! Scoring rules: how many points a lead has, why, how warm that makes it, and what a changed rule would change.

mod draft;
mod dry_run;
mod dto;
mod leads;
mod routes;
mod rules;
mod scale;
pub mod sweep;
mod why;

pub use dto::{CreateScoringRule, ScoringBehaviour, ScoringRuleView};
pub(crate) use leads::{after_activity, differing, settle};
pub use routes::{lead_routes, routes};
pub(crate) use rules::{create, leads_rewritten, thresholds_changed};

use rapport_domain::access::{Action, Actor, Permit, Subject, decide};

use crate::problem::Problem;

/// From how many points on a lead is warm, unless somebody says otherwise.
pub(crate) const USUAL_WARM_FROM: i32 = 30;
/// From how many points on it is hot.
pub(crate) const USUAL_HOT_FROM: i32 = 60;

/// What follows by rule is nobody's act.
fn permit() -> Result<Permit, Problem> {
    Ok(decide(&Actor::system(), Action::Edit, Subject::Lead, None)?)
}
