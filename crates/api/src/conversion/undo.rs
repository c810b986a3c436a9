//! Taking a conversion back.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use rapport_domain::access::{Action, Permit, Visibility, decide};
use rapport_domain::context::Context;
use rapport_domain::conversion::{FieldChange, Fields, TouchedRecord, UndoRefusal, may_undo, restorable};
use rapport_domain::lead::StatusCategory;
use rapport_persistence::changes::{self, changes_since};
use rapport_persistence::conversions::{ConversionRow, conversion_revert, conversions_live};
use rapport_persistence::lead_statuses::{lead_status_hold, lead_status_hold_first};
use rapport_persistence::leads::LeadBody;
use rapport_persistence::record::{Body, Record};
use rapport_persistence::records::{record_close, record_find};
use rapport_persistence::types::{Id, Instant};
use rapport_persistence::{StoreError, Tx};

use super::detail::{Detail, TouchedDetail};
use super::targets::Target;
use super::tasks;
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
    // Whoever may undo the conversion may undo all of it: what it did with each record is not asked for again.
    let entitled = Context { actor: ctx.actor.with_every_right(), ..ctx.clone() };
    take_back::<Opportunities>(tx, &entitled, detail.opportunity.as_ref())?;
    take_back::<Contacts>(tx, &entitled, detail.contact.as_ref())?;
    take_back::<Customers>(tx, &entitled, detail.customer.as_ref())?;
    tasks::give_back(tx, ctx, &detail.tasks)?;
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
    found.extend(made::<Customers>(tx, detail, detail.customer.as_ref(), by)?);
    found.extend(made::<Contacts>(tx, detail, detail.contact.as_ref(), by)?);
    found.extend(made::<Opportunities>(tx, detail, detail.opportunity.as_ref(), by)?);
    Ok(found)
}

/// A record that the conversion made and that is still there.
fn made<T: Target>(
    tx: &mut Tx<'_>,
    detail: &Detail,
    part: Option<&TouchedDetail>,
    by: Option<Uuid>,
) -> Result<Option<TouchedRecord>, Problem> {
    let Some(part) = part.filter(|part| part.is_new()) else { return Ok(None) };
    record_close(tx, T::Body::KIND, part.id)?;
    let Some(record) = alive::<T>(tx, part.id)? else { return Ok(None) };
    let since = changes_since(tx, T::Body::KIND, part.id, part.version).map_err(StoreError::from)?;
    let own = own(tx, detail, part.id)?;
    let others = T::dependants(tx, part.id, &own)?;
    Ok(Some(TouchedRecord {
        kind: T::Body::KIND,
        id: part.id,
        version_then: part.version,
        version_now: record.head.version,
        changed_by_others: since.iter().any(|change| change.actor_id.map(Into::into) != by),
        dependants: others.into_iter().map(|(_, count)| u64::try_from(count).unwrap_or(0)).sum(),
    }))
}

/// Those of the conversion's records that do not depend on `id` any more once the conversion is taken back.
fn own(tx: &mut Tx<'_>, detail: &Detail, id: Uuid) -> Result<Vec<Uuid>, Problem> {
    let mut own = Vec::new();
    own.extend(lets_go::<Customers>(tx, detail.customer.as_ref(), id)?);
    own.extend(lets_go::<Contacts>(tx, detail.contact.as_ref(), id)?);
    own.extend(lets_go::<Opportunities>(tx, detail.opportunity.as_ref(), id)?);
    Ok(own)
}

/// What was made goes; what was linked lets go of `id` when its fields, with the old values back, do not speak of it.
fn lets_go<T: Target>(tx: &mut Tx<'_>, part: Option<&TouchedDetail>, id: Uuid) -> Result<Option<Uuid>, Problem> {
    let Some(part) = part else { return Ok(None) };
    let Some(written) = &part.written else { return Ok(Some(part.id)) };
    let Some(record) = alive::<T>(tx, part.id)? else { return Ok(None) };
    let mut fields = input_fields::<T>(&record);
    fields.extend(old_values::<T>(&record, written));
    Ok((!fields.values().any(|value| speaks_of(value, &id.to_string()))).then_some(part.id))
}

fn speaks_of(value: &Value, id: &str) -> bool {
    match value {
        Value::String(text) => text == id,
        Value::Array(items) => items.iter().any(|item| speaks_of(item, id)),
        Value::Object(members) => members.values().any(|member| speaks_of(member, id)),
        _ => false,
    }
}

fn alive<T: Target>(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Record<T::Body>>, Problem> {
    let found = record_find(tx, &Visibility::Everything, id).map_err(StoreError::from)?;
    Ok(found.filter(|record: &Record<T::Body>| record.head.deleted_at.is_none()))
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
    let permit = decide(&ctx.actor, Action::Delete, T::SUBJECT, Some(&before.ownership()))?;
    let mut record = before.clone();
    record.head.deleted_at = Some(Instant(ctx.now));
    record.head.deleted_by = ctx.actor.user().map(Id);
    write::save::<T>(tx, ctx, &permit, before, record, "undo").map(drop)
}

fn give_back<T: Target>(
    tx: &mut Tx<'_>,
    ctx: &Context,
    before: &Record<T::Body>,
    written: &[changes::FieldChange],
) -> Result<(), Problem> {
    let back = old_values::<T>(before, written);
    if back.is_empty() {
        return Ok(());
    }
    let input = patch::merged::<T>(before, &Value::Object(back))?;
    match write::update_as::<T>(tx, ctx, before, &input, "undo") {
        // An old value is none any more: what it named may be in the trash by now.
        Err(problem) if problem.code() == Code::ValidationFailed => Err(refused(vec![
            json!({ "reason": "old_values_gone", "type": T::Body::KIND.as_str(), "id": before.head.id }),
        ])),
        done => done.map(drop),
    }
}

/// The old values of those fields that still hold what the conversion wrote.
fn old_values<T: Target>(record: &Record<T::Body>, written: &[changes::FieldChange]) -> Map<String, Value> {
    let current: Fields = input_fields::<T>(record).into_iter().collect();
    let made: Vec<FieldChange> = written
        .iter()
        .map(|c| FieldChange { field: c.field.clone(), old: c.old.clone(), new: c.new.clone() })
        .collect();
    restorable(&current, &made).into_iter().map(|change| (change.field, change.new)).collect()
}

fn reopen(
    tx: &mut Tx<'_>,
    ctx: &Context,
    permit: &Permit,
    lead: &Record<LeadBody>,
    was: &str,
) -> Result<Record<LeadBody>, Problem> {
    // A status that means the end by now would close what is to be opened.
    let kept = lead_status_hold(tx, was)?.filter(|status| status.category != StatusCategory::Converted.as_str());
    let status = match kept {
        Some(status) => status,
        None => lead_status_hold_first(tx, StatusCategory::Working)?
            .ok_or_else(|| Problem::internal("no status for open leads"))?,
    };
    let category = StatusCategory::parse(&status.category).unwrap_or(StatusCategory::Working);
    let mut reopened = lead.clone();
    let situation = status::situation_of(&lead.body).reopen(category);
    status::store(&mut reopened.body, &status.key, &situation);
    write::save::<Leads>(tx, ctx, permit, lead, reopened, "undo")
}
