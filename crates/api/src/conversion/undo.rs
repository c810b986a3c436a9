//! Taking a conversion back.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use rapport_domain::access::{Action, Actor, decide};
use rapport_domain::context::Context;
use rapport_domain::conversion::{FieldChange, Fields, TouchedRecord, UndoRefusal, may_undo, restorable};
use rapport_domain::lead::StatusCategory;
use rapport_persistence::changes::changes_since;
use rapport_persistence::conversions::{ConversionRow, conversion_revert, conversions_live};
use rapport_persistence::lead_statuses::lead_status_find;
use rapport_persistence::leads::LeadBody;
use rapport_persistence::record::{Body, Record};
use rapport_persistence::records::record_close;
use rapport_persistence::types::{Id, Instant};
use rapport_persistence::{StoreError, Tx};

use super::detail::{Detail, TouchedDetail};
use super::targets::Target;
use crate::contacts::Contacts;
use crate::customers::Customers;
use crate::leads::{Leads, status};
use crate::opportunities::Opportunities;
use crate::problem::{Code, Problem};
use crate::records::patch::input_fields;
use crate::records::reply::Reply;
use crate::records::{list, patch, write};

/// Undoes the live conversion of a lead.
///
/// # Errors
/// 404, 403; 409 `undo_refused` with every reason.
pub(super) fn undo(tx: &mut Tx<'_>, ctx: &Context, id: Uuid) -> Result<Reply, Problem> {
    let lead = write::find::<Leads>(tx, ctx, id)?;
    let permit = write::permit::<Leads>(ctx, Action::Convert, &lead)?;
    let live = conversions_live(tx, &[id]).map_err(StoreError::from)?;
    let row = live.first().ok_or_else(|| refused(vec![json!({ "reason": "not_converted" })]))?;
    let detail: Detail = serde_json::from_value(row.detail.0.clone()).map_err(Problem::internal)?;
    let touched = touched(tx, row, &detail)?;
    may_undo(ctx.now, row.converted_at.0, &touched).map_err(|reasons| refused(reasons.iter().map(told).collect()))?;
    if !conversion_revert(tx, &permit, row.id.0, Instant(ctx.now), ctx.actor.user().map(Id))
        .map_err(StoreError::from)?
    {
        return Err(StoreError::Retry.into());
    }
    take_back::<Opportunities>(tx, ctx, detail.opportunity.as_ref())?;
    take_back::<Contacts>(tx, ctx, detail.contact.as_ref())?;
    take_back::<Customers>(tx, ctx, detail.customer.as_ref())?;
    let reopened = reopen(tx, ctx, &permit, &lead, &detail.lead_status)?;
    Ok(Reply::ok(&list::view::<Leads>(tx, &reopened, ctx)?)?.record(id, reopened.head.version))
}

fn refused(reasons: Vec<Value>) -> Problem {
    Problem::new(Code::UndoRefused).with("reasons", reasons)
}

fn told(refusal: &UndoRefusal) -> Value {
    match refusal {
        UndoRefusal::TooLate { until } => json!({ "reason": "too_late", "until": until }),
        UndoRefusal::Changed { kind, id } => json!({ "reason": "changed_by_others", "type": kind.as_str(), "id": id }),
        UndoRefusal::HasDependants { kind, id, count } => {
            json!({ "reason": "has_dependants", "type": kind.as_str(), "id": id, "count": count })
        }
    }
}

/// What the conversion made, and what became of it since.
fn touched(tx: &mut Tx<'_>, row: &ConversionRow, detail: &Detail) -> Result<Vec<TouchedRecord>, Problem> {
    let by = row.converted_by.map(Into::into);
    let mut found = Vec::new();
    let of_customer = own_dependants(tx, detail)?;
    found.extend(made::<Customers>(tx, detail.customer.as_ref(), by, of_customer)?);
    let of_contact = u64::from(detail.opportunity.as_ref().is_some_and(TouchedDetail::is_new));
    found.extend(made::<Contacts>(tx, detail.contact.as_ref(), by, of_contact)?);
    found.extend(made::<Opportunities>(tx, detail.opportunity.as_ref(), by, 0)?);
    Ok(found)
}

/// How many of the customer's dependants are the conversion's own.
fn own_dependants(tx: &mut Tx<'_>, detail: &Detail) -> Result<u64, Problem> {
    let Some(customer) = &detail.customer else { return Ok(0) };
    let contact = detail.contact.as_ref().map(|contact| alive::<Contacts>(tx, contact.id)).transpose()?.flatten();
    let opportunity =
        detail.opportunity.as_ref().map(|deal| alive::<Opportunities>(tx, deal.id)).transpose()?.flatten();
    let works_there = contact.is_some_and(|contact| contact.body.customer_id == Some(Id(customer.id)));
    let is_its_deal = opportunity.is_some_and(|deal| deal.body.customer_id.0 == customer.id);
    Ok(u64::from(works_there) + u64::from(is_its_deal))
}

fn alive<T: Target>(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Record<T::Body>>, Problem> {
    let everything = rapport_domain::access::Visibility::Everything;
    let found = rapport_persistence::records::record_find(tx, &everything, id).map_err(StoreError::from)?;
    Ok(found.filter(|record: &Record<T::Body>| record.head.deleted_at.is_none()))
}

/// A record that the conversion made and that is still there.
fn made<T: Target>(
    tx: &mut Tx<'_>,
    part: Option<&TouchedDetail>,
    by: Option<Uuid>,
    own: u64,
) -> Result<Option<TouchedRecord>, Problem> {
    let Some(part) = part.filter(|part| part.is_new()) else { return Ok(None) };
    record_close(tx, T::Body::KIND, part.id)?;
    let Some(record) = alive::<T>(tx, part.id)? else { return Ok(None) };
    let since = changes_since(tx, T::Body::KIND, part.id, part.version).map_err(StoreError::from)?;
    let dependants =
        T::dependants(tx, part.id)?.into_iter().map(|(_, count)| u64::try_from(count).unwrap_or(0)).sum::<u64>();
    Ok(Some(TouchedRecord {
        kind: T::Body::KIND,
        id: part.id,
        version_then: part.version,
        version_now: record.head.version,
        changed_by_others: since.iter().any(|change| change.actor_id.map(Into::into) != by),
        dependants: dependants.saturating_sub(own),
    }))
}

/// What was made goes to the trash, what was linked gets its old values back where it still holds the converted ones.
fn take_back<T: Target>(tx: &mut Tx<'_>, ctx: &Context, part: Option<&TouchedDetail>) -> Result<(), Problem> {
    let Some(part) = part else { return Ok(()) };
    let Some(before) = alive::<T>(tx, part.id)? else { return Ok(()) };
    match &part.written {
        None => discard::<T>(tx, ctx, &before),
        Some(written) => give_back::<T>(tx, ctx, &before, written),
    }
}

fn discard<T: Target>(tx: &mut Tx<'_>, ctx: &Context, before: &Record<T::Body>) -> Result<(), Problem> {
    // Whoever may undo the conversion may undo all of it: the right to delete is not asked for again.
    let permit = decide(&Actor::system(), Action::Delete, T::SUBJECT, None)?;
    let mut record = before.clone();
    record.head.deleted_at = Some(Instant(ctx.now));
    record.head.deleted_by = ctx.actor.user().map(Id);
    write::save::<T>(tx, ctx, &permit, before, record, "undo").map(drop)
}

fn give_back<T: Target>(
    tx: &mut Tx<'_>,
    ctx: &Context,
    before: &Record<T::Body>,
    written: &[rapport_persistence::changes::FieldChange],
) -> Result<(), Problem> {
    let current: Fields = input_fields::<T>(before).into_iter().collect();
    let made: Vec<FieldChange> = written
        .iter()
        .map(|c| FieldChange { field: c.field.clone(), old: c.old.clone(), new: c.new.clone() })
        .collect();
    let back: Map<String, Value> =
        restorable(&current, &made).into_iter().map(|change| (change.field, change.new)).collect();
    if back.is_empty() {
        return Ok(());
    }
    let input = patch::merged::<T>(before, &Value::Object(back))?;
    write::update_as::<T>(tx, ctx, before, &input, "undo").map(drop)
}

fn reopen(
    tx: &mut Tx<'_>,
    ctx: &Context,
    permit: &rapport_domain::access::Permit,
    lead: &Record<LeadBody>,
    was: &str,
) -> Result<Record<LeadBody>, Problem> {
    let kept = lead_status_find(tx, was)?;
    let status = match kept {
        Some(status) => status,
        None => status::first_of(tx, StatusCategory::Working)?
            .ok_or_else(|| Problem::internal("no status for open leads"))?,
    };
    let category = StatusCategory::parse(&status.category).unwrap_or(StatusCategory::Working);
    let mut reopened = lead.clone();
    let situation = status::situation_of(&lead.body).reopen(category);
    status::store(&mut reopened.body, &status.key, &situation);
    write::save::<Leads>(tx, ctx, permit, lead, reopened, "undo")
}
