//! Until when a new lead is to be answered.

use rapport_domain::context::Context;
use rapport_domain::lead::{FirstResponse, StatusCategory};
use rapport_persistence::Tx;
use rapport_persistence::leads::LeadBody;
use rapport_persistence::record::Record;
use rapport_persistence::types::Instant;

use crate::organisation::organisation;
use crate::problem::Problem;

/// The first answer as it is stored.
pub(super) fn response_of(body: &LeadBody) -> FirstResponse {
    FirstResponse {
        category: StatusCategory::parse(&body.status_category).unwrap_or(StatusCategory::New),
        due_at: body.first_response_due_at.map(Into::into),
        responded_at: body.first_responded_at.map(Into::into),
    }
}

/// Whoever is the first to own a lead owes it an answer within the organisation's hours; later owners have no more time.
pub(super) fn settle(
    tx: &mut Tx<'_>,
    ctx: &Context,
    record: &mut Record<LeadBody>,
    before: Option<&Record<LeadBody>>,
) -> Result<(), Problem> {
    let is_first_owner = record.head.owner_id.is_some() && before.is_none_or(|before| before.head.owner_id.is_none());
    let response = response_of(&record.body);
    if !is_first_owner || !response.is_waiting() || response.due_at.is_some() {
        return Ok(());
    }
    let hours = organisation(tx)?.lead_response_hours;
    let due = hours.and_then(|hours| FirstResponse::due_after(ctx.now, hours));
    record.body.first_response_due_at = due.map(Instant);
    Ok(())
}
