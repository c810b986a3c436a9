//! Rows of work that takes longer than a request, and of what each job does, one item after the other.

use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use rapport_domain::job::{ItemState, JobStatus};
use rapport_domain::kind::RecordKind;

use crate::connection::{Db, native};
use crate::error::StoreError;
use crate::notifications::notifications_forget;
use crate::outbox::{Told, outbox_tell};
use crate::records::record_take;
use crate::schema::{job_items, jobs};
use crate::store::Tx;
use crate::types::{Id, Instant, Json};

/// How many items one statement writes on PostgreSQL.
const PORTION: usize = 1000;

/// A job.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = jobs, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct JobRow {
    /// The id.
    pub id: Id,
    /// What it does: `convert_leads`.
    pub kind: String,
    /// How far it is.
    pub status: String,
    /// What is to be done with each of its items.
    pub request: Json<Value>,
    /// How many were asked for and are no items of it, by reason.
    pub left_out: Json<Value>,
    /// How many items it has.
    pub total: i32,
    /// How many of them were done.
    pub succeeded: i32,
    /// How many could not be done.
    pub failed: i32,
    /// With how many there was nothing to do.
    pub skipped: i32,
    /// Why it failed as a whole: a problem document.
    pub error: Option<Json<Value>>,
    /// Who began it.
    pub created_by: Id,
    /// With which API key.
    pub key_id: Option<Id>,
    /// The language of what is kept for people.
    pub language: String,
    /// The request that began it.
    pub request_id: Option<String>,
    /// When that was.
    pub created_at: Instant,
    /// When its first item was begun.
    pub started_at: Option<Instant>,
    /// When it ended.
    pub finished_at: Option<Instant>,
    /// When somebody asked to end it.
    pub cancelled_at: Option<Instant>,
    /// Who did.
    pub cancelled_by: Option<Id>,
    /// Since when it waits for its turn.
    pub turn_at: Instant,
    /// The turn that is under way.
    pub lease_id: Option<Id>,
    /// Until when whoever took that turn may be silent.
    pub lease_until: Option<Instant>,
}

/// One of the things that a job does.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = job_items, primary_key(job_id, position), treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct JobItemRow {
    /// The job.
    pub job_id: Id,
    /// Its place, from 0.
    pub position: i32,
    /// The record that something is done with.
    pub record_id: Id,
    /// What became of it.
    pub state: String,
    /// What came of it.
    pub result: Option<Json<Value>>,
    /// Why it could not be done: a problem document.
    pub problem: Option<Json<Value>>,
    /// When.
    pub done_at: Option<Instant>,
}

// ---------------------------------------------------------------- beginning

/// Adds a job with its items, unless whoever begins it has as many open ones as they may; answers whether it was added.
///
/// # Errors
/// When the database fails.
pub fn job_insert(tx: &mut Tx<'_>, row: &JobRow, records: &[Uuid], most_open: i64) -> Result<bool, StoreError> {
    // Of two that begin one the second waits, and counts what the first has begun.
    record_take(tx, RecordKind::User, row.created_by.0)?;
    let open = jobs::table.filter(jobs::created_by.eq(row.created_by)).filter(jobs::finished_at.is_null());
    if open.count().get_result::<i64>(&mut **tx)? >= most_open {
        return Ok(false);
    }
    diesel::insert_into(jobs::table).values(row).execute(&mut **tx)?;
    let items: Vec<JobItemRow> = (0..).zip(records).map(|(position, id)| pending(row.id, position, *id)).collect();
    match &mut **tx {
        // SQLite keeps the statement for one row prepared, which beats long statements that it must read anew.
        Db::Sqlite(c) => {
            items
                .iter()
                .try_for_each(|item| diesel::insert_into(job_items::table).values(item).execute(c).map(drop))?;
        }
        Db::Pg(c) => {
            items
                .chunks(PORTION)
                .try_for_each(|items| diesel::insert_into(job_items::table).values(items).execute(c).map(drop))?;
        }
    }
    job_tell(tx, row, "create", row.created_at)?;
    Ok(true)
}

fn pending(job_id: Id, position: i32, record: Uuid) -> JobItemRow {
    let state = ItemState::Pending.as_str().to_owned();
    JobItemRow { job_id, position, record_id: Id(record), state, result: None, problem: None, done_at: None }
}

/// The open pages of whoever began it hear of it.
///
/// # Errors
/// When the database fails.
pub fn job_tell(tx: &mut Tx<'_>, row: &JobRow, action: &'static str, at: Instant) -> Result<(), StoreError> {
    Ok(outbox_tell(tx, &Told { user: row.created_by, what: "job", action, id: row.id, at })?)
}

// ---------------------------------------------------------------- reading

/// One job.
///
/// # Errors
/// When the database fails.
pub fn job_find(db: &mut Db, id: Uuid) -> Result<Option<JobRow>, StoreError> {
    Ok(jobs::table.filter(jobs::id.eq(Id(id))).first(db).optional()?)
}

/// These jobs, in no order.
///
/// # Errors
/// When the database fails.
pub fn jobs_find(db: &mut Db, ids: &[Uuid]) -> Result<Vec<JobRow>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Id> = ids.iter().map(|id| Id(*id)).collect();
    Ok(jobs::table.filter(jobs::id.eq_any(ids)).load(db)?)
}

/// Which jobs are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobsOf {
    /// Begun by this person; by anybody, if left out.
    pub user: Option<Uuid>,
    /// Begun with this API key.
    pub key: Option<Uuid>,
    /// Only those of this status.
    pub status: Option<JobStatus>,
}

/// A page of jobs, newest first: below the moment and the id of the last one of the page before.
///
/// # Errors
/// When the database fails.
pub fn jobs_list(
    db: &mut Db,
    of: &JobsOf,
    below: Option<(Instant, Uuid)>,
    limit: i64,
) -> Result<Vec<JobRow>, StoreError> {
    let mut query = jobs::table.order((jobs::created_at.desc(), jobs::id.desc())).limit(limit).into_boxed();
    if let Some(user) = of.user {
        query = query.filter(jobs::created_by.eq(Id(user)));
    }
    if let Some(key) = of.key {
        query = query.filter(jobs::key_id.eq(Id(key)));
    }
    if let Some(status) = of.status {
        query = query.filter(jobs::status.eq(status.as_str()));
    }
    if let Some((at, id)) = below {
        // The first condition alone is a range of the index.
        query = query.filter(jobs::created_at.le(at)).filter(jobs::created_at.lt(at).or(jobs::id.lt(Id(id))));
    }
    Ok(query.load(db)?)
}

/// The jobs that have not begun, in the order of their turns.
///
/// # Errors
/// When the database fails.
pub fn jobs_queued(db: &mut Db) -> Result<Vec<Uuid>, StoreError> {
    let open = jobs::table.filter(jobs::finished_at.is_null()).filter(jobs::status.eq(JobStatus::Queued.as_str()));
    let ids: Vec<Id> = open.order((jobs::turn_at, jobs::id)).select(jobs::id).load(db)?;
    Ok(ids.into_iter().map(Into::into).collect())
}

/// A page of what a job does, in order: after the place of the last one of the page before.
///
/// # Errors
/// When the database fails.
pub fn job_items_list(
    db: &mut Db,
    job: Uuid,
    state: Option<ItemState>,
    after: Option<i32>,
    limit: i64,
) -> Result<Vec<JobItemRow>, StoreError> {
    let mut query = job_items::table.filter(job_items::job_id.eq(Id(job))).into_boxed();
    if let Some(state) = state {
        query = query.filter(job_items::state.eq(state.as_str()));
    }
    if let Some(after) = after {
        query = query.filter(job_items::position.gt(after));
    }
    Ok(query.order(job_items::position).limit(limit).load(db)?)
}

// ---------------------------------------------------------------- turns

/// The job whose turn is next: nobody has it, or whoever had it has been silent for too long.
///
/// # Errors
/// When the database fails.
pub fn job_next(db: &mut Db, now: Instant) -> Result<Option<JobRow>, StoreError> {
    let is_free = jobs::lease_until.is_null().or(jobs::lease_until.le(now).assume_not_null());
    let open = jobs::table.filter(jobs::finished_at.is_null()).filter(is_free);
    Ok(open.order((jobs::turn_at, jobs::id)).first(db).optional()?)
}

/// Takes a job over that still is as it was when it was looked up; answers whether it was. Of two who look at once one finds
/// it taken.
///
/// # Errors
/// When the database fails.
pub fn job_take(tx: &mut Tx<'_>, seen: &JobRow, lease: Id, until: Instant) -> Result<bool, StoreError> {
    let mine = jobs::table.filter(jobs::id.eq(seen.id)).filter(jobs::finished_at.is_null());
    let set = (jobs::lease_id.eq(Some(lease)), jobs::lease_until.eq(Some(until)));
    let taken = match seen.lease_id.zip(seen.lease_until) {
        Some((id, until)) => {
            let silent = mine.filter(jobs::lease_id.eq(id)).filter(jobs::lease_until.eq(until));
            diesel::update(silent).set(set).execute(&mut **tx)?
        }
        None => diesel::update(mine.filter(jobs::lease_id.is_null())).set(set).execute(&mut **tx)?,
    };
    Ok(taken > 0)
}

/// The job of a turn as it is now, held until the transaction ends; `None` when the turn is over: the job has ended, or
/// somebody else has taken it.
///
/// # Errors
/// When the database fails.
pub fn job_hold(tx: &mut Tx<'_>, id: Uuid, lease: Id, until: Instant) -> Result<Option<JobRow>, StoreError> {
    let mine =
        jobs::table.filter(jobs::id.eq(Id(id))).filter(jobs::lease_id.eq(lease)).filter(jobs::finished_at.is_null());
    if diesel::update(mine).set(jobs::lease_until.eq(Some(until))).execute(&mut **tx)? == 0 {
        return Ok(None);
    }
    job_find(tx, id)
}

/// The first thing that is still to be done.
///
/// # Errors
/// When the database fails.
pub fn job_item_next(db: &mut Db, job: Uuid) -> Result<Option<JobItemRow>, StoreError> {
    Ok(job_items_list(db, job, Some(ItemState::Pending), None, 1)?.pop())
}

/// Writes what became of something that was still to be done.
///
/// # Errors
/// `Stale` when something had become of it.
pub fn job_item_settle(tx: &mut Tx<'_>, item: &JobItemRow) -> Result<(), StoreError> {
    let mine = job_items::table
        .filter(job_items::job_id.eq(item.job_id))
        .filter(job_items::position.eq(item.position))
        .filter(job_items::state.eq(ItemState::Pending.as_str()));
    match diesel::update(mine).set(item).execute(&mut **tx)? {
        0 => Err(StoreError::Stale),
        _ => Ok(()),
    }
}

/// Overwrites a job that the transaction holds.
///
/// # Errors
/// When the database fails.
pub fn job_save(tx: &mut Tx<'_>, row: &JobRow) -> Result<(), StoreError> {
    diesel::update(jobs::table.filter(jobs::id.eq(row.id))).set(row).execute(&mut **tx)?;
    Ok(())
}

/// Asks for the end of a job, unless it has ended or somebody has; answers whether that was so.
///
/// # Errors
/// When the database fails.
pub fn job_cancel(tx: &mut Tx<'_>, id: Uuid, at: Instant, by: Uuid) -> Result<bool, StoreError> {
    let open = jobs::table
        .filter(jobs::id.eq(Id(id)))
        .filter(jobs::finished_at.is_null())
        .filter(jobs::cancelled_at.is_null());
    let set = (jobs::cancelled_at.eq(Some(at)), jobs::cancelled_by.eq(Some(Id(by))));
    Ok(diesel::update(open).set(set).execute(&mut **tx)? > 0)
}

// ---------------------------------------------------------------- going

/// Removes what ended before a moment: of one job at most so many items, and the job with the last of them. Answers how many
/// rows went.
///
/// # Errors
/// When the database fails.
pub fn jobs_trim(tx: &mut Tx<'_>, before: Instant, most: i64) -> Result<usize, StoreError> {
    let old = jobs::table.filter(jobs::finished_at.lt(before)).order(jobs::finished_at).select(jobs::id);
    let Some(job): Option<Id> = old.first(&mut **tx).optional()? else { return Ok(0) };
    let some = job_items_list(tx, job.0, None, None, most)?;
    let Some(last) = some.last() else {
        notifications_forget(tx, job)?;
        return Ok(diesel::delete(jobs::table.filter(jobs::id.eq(job))).execute(&mut **tx)?);
    };
    let gone = job_items::table.filter(job_items::job_id.eq(job)).filter(job_items::position.le(last.position));
    Ok(native!(&mut **tx, |c| diesel::delete(gone).execute(c))?)
}
