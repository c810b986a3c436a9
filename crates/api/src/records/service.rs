//! The use cases every record type has: read, create, change, delete, restore, hand over, upsert, look back.

use serde_json::Value;
use uuid::Uuid;

use rapport_domain::access::Action;
use rapport_domain::context::Context;
use rapport_persistence::changes::{Change, changes_of};
use rapport_persistence::record::ExternalId;
use rapport_persistence::records::{record_by_external_id, record_close};
use rapport_persistence::types::{Id, Instant};
use rapport_persistence::{Db, StoreError, Tx};

use super::reply::Reply;
use super::{RecordType, list, patch, write};
use crate::problem::{Code, Problem};

/// Reads one record.
///
/// # Errors
/// 404.
pub fn get<R: RecordType>(db: &mut Db, ctx: &Context, id: Uuid, fields: Option<&[String]>) -> Result<Reply, Problem> {
    let record = write::find_any::<R>(db, ctx, id)?;
    let view = list::view::<R>(db, &record, ctx)?;
    let Some(fields) = fields else { return Ok(Reply::ok(&view)?.record(record.head.id.0, record.head.version)) };
    list::check_fields::<R>(fields)?;
    let mut value = serde_json::to_value(view).map_err(|error| Problem::internal(error.to_string()))?;
    list::keep(&mut value, fields);
    Ok(Reply::ok(&value)?.record(record.head.id.0, record.head.version))
}

/// Makes a record.
///
/// # Errors
/// Every fault of the input, 403, 409 for a taken id.
pub fn create<R: RecordType>(tx: &mut Tx<'_>, ctx: &Context, input: &R::Input) -> Result<Reply, Problem> {
    let record = write::create::<R>(tx, ctx, input)?;
    let place = format!("/api/v1/{}/{}", R::kind().plural(), record.head.id.0);
    Ok(Reply::json(201, &list::view::<R>(tx, &record, ctx)?)?
        .record(record.head.id.0, record.head.version)
        .location(place))
}

/// Changes what a merge patch names.
///
/// # Errors
/// Every fault of the patch, 403, 404, 412.
pub fn change<R: RecordType>(
    tx: &mut Tx<'_>,
    ctx: &Context,
    id: Uuid,
    expected: Option<i64>,
    patch: &Value,
) -> Result<Reply, Problem> {
    let before = write::find::<R>(tx, ctx, id)?;
    write::permit::<R>(ctx, Action::Edit, &before)?;
    write::check_version::<R>(tx, ctx, &before, expected)?;
    let input = patch::merged::<R>(&before, patch)?;
    let record = write::update::<R>(tx, ctx, &before, &input)?;
    Ok(Reply::ok(&list::view::<R>(tx, &record, ctx)?)?.record(record.head.id.0, record.head.version))
}

/// Puts a record into the trash.
///
/// # Errors
/// 403, 404, 412, 409 `has_dependants` with the counts.
pub fn delete<R: RecordType>(
    tx: &mut Tx<'_>,
    ctx: &Context,
    id: Uuid,
    expected: Option<i64>,
) -> Result<Reply, Problem> {
    let before = write::find::<R>(tx, ctx, id)?;
    let permit = write::permit::<R>(ctx, Action::Delete, &before)?;
    write::check_version::<R>(tx, ctx, &before, expected)?;
    record_close(tx, R::kind(), id)?;
    refuse_dependants(R::dependants(tx, id, &[])?)?;
    let mut record = before.clone();
    record.head.deleted_at = Some(Instant(ctx.now));
    record.head.deleted_by = ctx.actor.user().map(Id);
    write::save::<R>(tx, ctx, &permit, &before, record, "delete")?;
    Ok(Reply { id: Some(id), ..Reply::empty() })
}

/// 409 when there are dependants.
fn refuse_dependants(dependants: Vec<(&'static str, i64)>) -> Result<(), Problem> {
    let counts: serde_json::Map<String, Value> = dependants
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| (name.to_owned(), count.into()))
        .collect();
    if counts.is_empty() { Ok(()) } else { Err(Problem::new(Code::HasDependants).with("dependants", counts)) }
}

/// Takes a record out of the trash.
///
/// # Errors
/// 403, 404, 412; 409 when what it needs is no longer there.
pub fn restore<R: RecordType>(
    tx: &mut Tx<'_>,
    ctx: &Context,
    id: Uuid,
    expected: Option<i64>,
) -> Result<Reply, Problem> {
    let before = write::find_any::<R>(tx, ctx, id)?;
    let permit = write::permit::<R>(ctx, Action::Delete, &before)?;
    write::check_version::<R>(tx, ctx, &before, expected)?;
    let mut record = before.clone();
    if record.head.deleted_at.take().is_some() {
        record.head.deleted_by = None;
        R::check_restore(tx, &record)?;
        record = write::save::<R>(tx, ctx, &permit, &before, record, "restore")?;
    }
    Ok(Reply::ok(&list::view::<R>(tx, &record, ctx)?)?.record(record.head.id.0, record.head.version))
}

/// Gives a record to somebody else.
///
/// # Errors
/// 403, 404, 412; 422 when the new owner is unknown.
pub fn transfer<R: RecordType>(
    tx: &mut Tx<'_>,
    ctx: &Context,
    id: Uuid,
    expected: Option<i64>,
    to: Option<Uuid>,
) -> Result<Reply, Problem> {
    let before = write::find::<R>(tx, ctx, id)?;
    let permit = write::permit::<R>(ctx, Action::Assign, &before)?;
    write::check_version::<R>(tx, ctx, &before, expected)?;
    let mut record = before.clone();
    write::hand_over::<R>(tx, ctx, &mut record, to)?;
    let record = write::save::<R>(tx, ctx, &permit, &before, record, "transfer")?;
    // Whoever gives a record away may not see it any more; this answer is still theirs.
    Ok(Reply::ok(&list::view::<R>(tx, &record, ctx)?)?.record(record.head.id.0, record.head.version))
}

/// What an upsert did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upserted {
    /// There was none.
    Created,
    /// There was one, and it differs now.
    Updated,
    /// There was one just like it.
    Unchanged,
}

/// Creates or changes the record that another system knows under this id.
///
/// # Errors
/// As create and change.
pub fn upsert<R: RecordType>(
    tx: &mut Tx<'_>,
    ctx: &Context,
    known: &ExternalId,
    expected: Option<i64>,
    data: &Value,
) -> Result<(Reply, Upserted), Problem> {
    let found = record_by_external_id(tx, R::kind(), &known.system, &known.external_id).map_err(StoreError::from)?;
    if let Some(id) = found {
        let before = write::find::<R>(tx, ctx, id).map_err(|problem| match problem.code() {
            Code::NotFound => Problem::new(Code::Duplicate).at("/external_id", Code::Duplicate),
            _ => problem,
        })?;
        let reply = change::<R>(tx, ctx, id, expected, data)?;
        let is_same = reply.version == Some(before.head.version);
        return Ok((reply, if is_same { Upserted::Unchanged } else { Upserted::Updated }));
    }
    let mut data = data.clone();
    if let Value::Object(members) = &mut data {
        let names = members.entry("external_ids").or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(names) = names {
            let entry = serde_json::json!({ "system": known.system, "external_id": known.external_id });
            if !names.contains(&entry) {
                names.push(entry);
            }
        }
    }
    let input: R::Input = patch::read_input(data)?;
    let made = tx.attempt(|tx| create::<R>(tx, ctx, &input));
    if made.as_ref().is_err_and(|problem| problem.code() == Code::Duplicate)
        && record_by_external_id(tx, R::kind(), &known.system, &known.external_id).map_err(StoreError::from)?.is_some()
    {
        // Somebody else has made it at this moment: run again, and change theirs.
        return Err(StoreError::Retry.into());
    }
    Ok((made?, Upserted::Created))
}

/// The record that another system knows under this id.
///
/// # Errors
/// 404.
pub fn get_by<R: RecordType>(db: &mut Db, ctx: &Context, system: &str, external_id: &str) -> Result<Reply, Problem> {
    let id = record_by_external_id(db, R::kind(), system, external_id).map_err(StoreError::from)?;
    get::<R>(db, ctx, id.ok_or_else(|| Problem::new(Code::NotFound))?, None)
}

/// The history of a record the caller may see, newest change first.
///
/// # Errors
/// 404.
pub fn history<R: RecordType>(
    db: &mut Db,
    ctx: &Context,
    id: Uuid,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Change>, Problem> {
    write::find_any::<R>(db, ctx, id)?;
    Ok(changes_of(db, R::kind(), id, before, limit).map_err(StoreError::from)?)
}
