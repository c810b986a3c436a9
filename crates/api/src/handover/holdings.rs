//! What somebody has.

use uuid::Uuid;

use rapport_domain::context::Context;
use rapport_persistence::Db;
use rapport_persistence::assignment_rules::assignment_rules_all;
use rapport_persistence::holdings::holdings_count;
use rapport_persistence::types::Instant;

use super::dto::HoldingsView;
use crate::problem::Problem;
use crate::records::reply::Reply;
use crate::users::find;

/// Counts it.
///
/// # Errors
/// 404.
pub(super) fn read(db: &mut Db, ctx: &Context, user: Uuid) -> Result<Reply, Problem> {
    find(db, user)?;
    let has = holdings_count(db, user, Instant(ctx.now))?;
    let rules = assignment_rules_all(db)?.into_iter().filter(|rule| rule.user_ids.0.contains(&user)).count();
    let open = [has.customers, has.contacts, has.leads, has.opportunities, has.tasks];
    Reply::ok(&HoldingsView {
        customers: has.customers,
        contacts: has.contacts,
        leads: has.leads,
        opportunities: has.opportunities,
        closed_opportunities: has.closed_opportunities,
        tasks: has.tasks,
        assignment_rules: i64::try_from(rules).unwrap_or(i64::MAX),
        reports: has.reports,
        api_keys: has.api_keys,
        is_any_open: open.iter().any(|count| *count > 0),
    })
}
