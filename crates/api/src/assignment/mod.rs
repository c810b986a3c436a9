//! Assignment rules: who gets a lead that comes in without an owner, why, and what a changed rule would change.

mod draft;
mod dry_run;
mod dto;
mod leads;
mod routes;
mod rules;
mod run;
mod views;

pub use dto::{AssignmentDryRun, AssignmentRuleView, AssignmentView, CreateAssignmentRule};
pub(crate) use leads::{BY_RULE, on_arrival};
pub use routes::{lead_routes, routes};
pub(crate) use rules::create;
