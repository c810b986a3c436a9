//! Writing one record: who may, which version, what changed, what belongs to it.

use serde_json::Value;
use uuid::Uuid;

use rapport_domain::access::{Action, Denied, Ownership, Permit, Visibility, decide, decide_transfer, visibility};
use rapport_domain::context::Context;
use rapport_domain::text::sort_key;
use rapport_persistence::changes::{Change, changes_since};
use rapport_persistence::record::{ExternalId, Extras, Head, Record};
use rapport_persistence::records::{
    Written, number_next, record_exists, record_find, record_insert, record_refer, record_update,
};
use rapport_persistence::sources::source_hold;
use rapport_persistence::types::{Id, Instant, Json};
use rapport_persistence::users::user_team_hold;
use rapport_persistence::{Db, StoreError, Tx};

use super::fields::Faults;
use super::{RecordType, list, patch};
use crate::assignment::BY_RULE;
use crate::notifications::telling::{self, Deed, Hand};
use crate::problem::{Code, Problem};

/// What the history calls it when a record goes along with its customer to another owner.
pub(crate) const FOLLOW: &str = "follow";

/// External systems a record may be known to.
const MAX_EXTERNAL_IDS: usize = 20;
/// Characters of the name of a system and of an id there.
const MAX_EXTERNAL: usize = 200;

/// The record, if the caller may see it and it is not in the trash.
///
/// # Errors
/// 404.
pub fn find<R: RecordType>(db: &mut Db, ctx: &Context, id: Uuid) -> Result<Record<R::Body>, Problem> {
    let record = find_any::<R>(db, ctx, id)?;
    if record.head.deleted_at.is_some() { Err(Problem::new(Code::NotFound)) } else { Ok(record) }
}

/// The record, if the caller may see it, also from the trash.
///
/// # Errors
/// 404.
pub fn find_any<R: RecordType>(db: &mut Db, ctx: &Context, id: Uuid) -> Result<Record<R::Body>, Problem> {
    let seen = visibility(&ctx.actor, R::SUBJECT, Action::View);
    let found = record_find(db, &seen, id).map_err(StoreError::from)?;
    found.ok_or_else(|| Problem::new(Code::NotFound))
}

/// Whether a record the caller refers to is one they can see; if so, it stays until the transaction ends. What this very
/// transaction has made and vouched for is.
///
/// # Errors
/// When the database fails.
pub fn is_visible<R: RecordType>(tx: &mut Tx<'_>, ctx: &Context, id: Uuid) -> Result<bool, Problem> {
    if tx.has_vouched(R::kind(), id) {
        return Ok(true);
    }
    record_refer(tx, R::kind(), id)?;
    match find::<R>(tx, ctx, id) {
        Ok(_) => Ok(true),
        Err(problem) if problem.code() == Code::NotFound => Ok(false),
        Err(problem) => Err(problem),
    }
}

/// Refuses when something that a record cannot be without lies in the trash, for the reason told in both languages;
/// otherwise it stays until the transaction ends.
///
/// # Errors
/// 409 `has_dependants`.
pub fn require_alive<R: RecordType>(
    tx: &mut Tx<'_>,
    id: Option<Id>,
    (zh, en): (&'static str, &'static str),
) -> Result<(), Problem> {
    let Some(id) = id else { return Ok(()) };
    record_refer(tx, R::kind(), id.0)?;
    let found: Option<Record<R::Body>> = record_find(tx, &Visibility::Everything, id.0).map_err(StoreError::from)?;
    match found.filter(|record| record.head.deleted_at.is_none()) {
        Some(_) => Ok(()),
        None => Err(Problem::new(Code::HasDependants).because(zh, en)),
    }
}

/// The right to do something to a record that the row filter has let through.
///
/// # Errors
/// 403: also for what is seen through another record only, such as a colleague's call with one's own customer.
pub fn permit<R: RecordType>(ctx: &Context, action: Action, record: &Record<R::Body>) -> Result<Permit, Problem> {
    Ok(decide(&ctx.actor, action, R::SUBJECT, Some(&record.ownership())).map_err(|_hidden| Denied::Forbidden)?)
}

/// Refuses when the record is no longer at the version the caller expects, with what they missed.
///
/// # Errors
/// 412 `version_conflict`.
pub fn check_version<R: RecordType>(
    tx: &mut Tx<'_>,
    ctx: &Context,
    record: &Record<R::Body>,
    expected: Option<i64>,
) -> Result<(), Problem> {
    let Some(version) = expected.filter(|version| *version != record.head.version) else { return Ok(()) };
    let missed = changes_since(tx, R::kind(), record.head.id.0, version).map_err(StoreError::from)?;
    let mut fields: Vec<String> =
        missed.iter().flat_map(|change| change.fields.0.iter().map(|f| f.field.clone())).collect();
    fields.sort();
    fields.dedup();
    let by = missed
        .last()
        .map(|change| serde_json::json!({ "id": change.actor_id, "name": change.actor_name, "at": change.at }));
    let current = serde_json::to_value(list::view::<R>(tx, record, ctx)?).unwrap_or(Value::Null);
    Err(Problem::new(Code::VersionConflict)
        .with("current", current)
        .with("changed_by", by.unwrap_or(Value::Null))
        .with("changed_fields", fields))
}

/// Makes a new record out of an input.
///
/// # Errors
/// Every fault of the input, 403, or 409 when the id is taken.
pub fn create<R: RecordType>(tx: &mut Tx<'_>, ctx: &Context, input: &R::Input) -> Result<Record<R::Body>, Problem> {
    create_as::<R>(tx, ctx, input, "create", |_| {})
}

/// [`create`], under another name in the history and with a last touch before it is written.
///
/// # Errors
/// As [`create`].
pub fn create_as<R: RecordType>(
    tx: &mut Tx<'_>,
    ctx: &Context,
    input: &R::Input,
    action: &str,
    touch: impl FnOnce(&mut Record<R::Body>),
) -> Result<Record<R::Body>, Problem> {
    let common = R::common(input);
    refuse_taken(tx, common.id)?;
    let owner = owner_of(tx, common.owner_id.or_else(|| ctx.actor.user()))?;
    let permit = decide(&ctx.actor, Action::Create, R::SUBJECT, Some(&owner))?;
    let mut record = Record { head: blank_head(ctx, common.id, owner), body: R::blank(ctx) };
    fill_head::<R>(tx, &mut record, input)?;
    R::prepare(tx, ctx, &mut record, input, None)?;
    touch(&mut record);
    record.head.number = number_next(tx, R::kind()).map_err(StoreError::from)?;
    record.head.name_sort = sort_key(&record.head.name);
    let afterwards = if common.owner_id.is_none() { R::find_owner(tx, ctx, &mut record)? } else { None };
    R::settle(tx, ctx, &mut record, None)?;
    let written = written::<R>(ctx, None, &record, action);
    record_insert(tx, &permit, &record, &written)?;
    R::written(tx, ctx, &record, None)?;
    let hand = if afterwards.is_some() { Hand::Rule } else { Hand::Caller };
    telling::written::<R>(tx, ctx, &record, None, Deed { action, hand })?;
    match afterwards {
        Some(afterwards) => afterwards(tx).map(|()| record),
        None => Ok(record),
    }
}

/// An id of the caller's own is taken by whatever record has it: what is kept beside records knows them by their ids.
fn refuse_taken(tx: &mut Tx<'_>, id: Option<Uuid>) -> Result<(), Problem> {
    match id {
        Some(id) if record_exists(tx, id).map_err(StoreError::from)? => {
            Err(Problem::new(Code::Duplicate).at("/id", Code::Duplicate))
        }
        _ => Ok(()),
    }
}

/// Changes a record to what an input says. Nothing is written when nothing differs.
///
/// # Errors
/// Every fault of the input, 403, 412.
pub fn update<R: RecordType>(
    tx: &mut Tx<'_>,
    ctx: &Context,
    before: &Record<R::Body>,
    input: &R::Input,
) -> Result<Record<R::Body>, Problem> {
    update_as::<R>(tx, ctx, before, input, "update")
}

/// [`update`], under another name in the history.
///
/// # Errors
/// As [`update`].
pub fn update_as<R: RecordType>(
    tx: &mut Tx<'_>,
    ctx: &Context,
    before: &Record<R::Body>,
    input: &R::Input,
    action: &str,
) -> Result<Record<R::Body>, Problem> {
    let permit = permit::<R>(ctx, Action::Edit, before)?;
    let mut record = before.clone();
    let owner_id = R::common(input).owner_id.map(Id);
    if owner_id != record.head.owner_id {
        hand_over::<R>(tx, ctx, &mut record, owner_id.map(Into::into))?;
    }
    fill_head::<R>(tx, &mut record, input)?;
    R::prepare(tx, ctx, &mut record, input, Some(before))?;
    record.head.name_sort = sort_key(&record.head.name);
    save::<R>(tx, ctx, &permit, before, record, action)
}

/// Writes a record that has been changed, unless it is what it was.
///
/// # Errors
/// When the database fails; a race with another writer runs the transaction again.
pub fn save<R: RecordType>(
    tx: &mut Tx<'_>,
    ctx: &Context,
    permit: &Permit,
    before: &Record<R::Body>,
    mut record: Record<R::Body>,
    action: &str,
) -> Result<Record<R::Body>, Problem> {
    if record == *before {
        return Ok(record);
    }
    if let Some(owner) = record.head.owner_id
        && let Some(user) = user_team_hold(tx, owner.0)?
    {
        // The owner may have changed teams since the record was read.
        record.head.team_id = user.team_id;
    }
    R::settle(tx, ctx, &mut record, Some(before))?;
    record.head.version = before.head.version + 1;
    record.head.updated_at = Instant(ctx.now);
    record.head.updated_by = ctx.actor.user().map(Id);
    let written = written::<R>(ctx, Some(before), &record, action);
    record_update(tx, permit, &record, before.head.version, &R::satellites(before), &written).map_err(again)?;
    R::written(tx, ctx, &record, Some(before))?;
    let hand = match action {
        BY_RULE => Hand::Rule,
        FOLLOW => Hand::Along,
        _ => Hand::Caller,
    };
    telling::written::<R>(tx, ctx, &record, Some(before), Deed { action, hand })?;
    Ok(record)
}

/// The row was read in this very transaction: if it has changed since, another one was faster, and this one runs again
/// from the start, where `If-Match` is looked at anew.
fn again(error: StoreError) -> StoreError {
    if matches!(error, StoreError::Stale) { StoreError::Retry } else { error }
}

/// Gives a record to somebody else (or to nobody).
///
/// # Errors
/// 403, or a fault at `/owner_id`.
pub fn hand_over<R: RecordType>(
    tx: &mut Tx<'_>,
    ctx: &Context,
    record: &mut Record<R::Body>,
    to: Option<Uuid>,
) -> Result<(), Problem> {
    let owner = owner_of(tx, to)?;
    decide_transfer(&ctx.actor, R::SUBJECT, &record.ownership(), &owner).map_err(|denied| match denied {
        Denied::Hidden | Denied::Forbidden => Problem::new(Code::Forbidden).at("/owner_id", Code::Forbidden),
    })?;
    record.head.owner_id = owner.owner_id.map(Id);
    record.head.team_id = owner.team_id.map(Id);
    Ok(())
}

/// Whose a record will be that is given to somebody: an active user, who stays in their team until the transaction ends.
///
/// # Errors
/// A fault at `/owner_id`.
pub(crate) fn owner_of(tx: &mut Tx<'_>, id: Option<Uuid>) -> Result<Ownership, Problem> {
    let Some(id) = id else { return Ok(Ownership::default()) };
    let user = user_team_hold(tx, id)?.filter(|user| user.is_active);
    let user = user.ok_or_else(|| Problem::validation().at("/owner_id", Code::NotFound))?;
    Ok(Ownership { owner_id: Some(id), team_id: user.team_id.map(Into::into), ..Ownership::default() })
}

/// The head of a record that has just been made.
pub(crate) fn blank_head(ctx: &Context, id: Option<Uuid>, owner: Ownership) -> Head {
    let user = ctx.actor.user().map(Id);
    Head {
        id: Id(id.unwrap_or_else(|| ctx.next_id())),
        number: 0,
        name: String::new(),
        name_sort: String::new(),
        source: None,
        owner_id: owner.owner_id.map(Id),
        team_id: owner.team_id.map(Id),
        tags: Json(Vec::new()),
        extras: Json(Extras::default()),
        last_activity_at: None,
        next_activity_at: None,
        version: 1,
        created_at: Instant(ctx.now),
        created_by: user,
        updated_at: Instant(ctx.now),
        updated_by: user,
        deleted_at: None,
        deleted_by: None,
    }
}

fn fill_head<R: RecordType>(tx: &mut Tx<'_>, record: &mut Record<R::Body>, input: &R::Input) -> Result<(), Problem> {
    let common = R::common(input);
    let mut faults = Faults::default();
    record.head.tags = Json(faults.tags("/tags", common.tags));
    record.head.extras.0.external_ids = external_ids(&mut faults, common.external_ids);
    let source = common.source.map(str::to_owned);
    if let Some(key) = source.as_deref().filter(|_| source != record.head.source)
        && source_hold(tx, key)?.is_none()
    {
        faults.add("/source", Code::NotFound);
    }
    record.head.source = source;
    faults.finish()
}

fn external_ids(faults: &mut Faults, typed: &[ExternalId]) -> Vec<ExternalId> {
    if typed.len() > MAX_EXTERNAL_IDS {
        faults.add("/external_ids", Code::TooLong);
        return Vec::new();
    }
    let mut known: Vec<ExternalId> = Vec::new();
    for (n, entry) in typed.iter().enumerate() {
        let system = faults.required_line(&format!("/external_ids/{n}/system"), Some(&entry.system), MAX_EXTERNAL);
        let external_id =
            faults.required_line(&format!("/external_ids/{n}/external_id"), Some(&entry.external_id), MAX_EXTERNAL);
        let entry = ExternalId { system, external_id };
        if !known.contains(&entry) {
            known.push(entry);
        }
    }
    known
}

/// What accompanies a record when it is written: its history, and what is kept beside it.
pub(crate) fn written<R: RecordType>(
    ctx: &Context,
    before: Option<&Record<R::Body>>,
    record: &Record<R::Body>,
    action: &str,
) -> Written {
    let change = Change {
        id: Id(ctx.next_id()),
        record_type: R::kind().as_str().to_owned(),
        record_id: record.head.id,
        version: record.head.version,
        action: action.to_owned(),
        via: ctx.actor.via.as_str().to_owned(),
        actor_id: ctx.actor.user().map(Id),
        actor_name: ctx.actor.name.clone(),
        request_id: ctx.request_id.clone(),
        at: Instant(ctx.now),
        fields: Json(patch::differences::<R>(before, record)),
    };
    let from = before.map(Record::ownership).filter(|from| *from != record.ownership());
    Written { satellites: R::satellites(record), change, from }
}
