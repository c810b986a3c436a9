//! Jobs as whoever reads them sees them, and who sees which.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use rapport_domain::access::{Action, Actor, Subject, Via, is_allowed};
use rapport_domain::context::Context;
use rapport_domain::job::{JobKind, JobStatus};
use rapport_domain::kind::RecordKind;
use rapport_persistence::Db;
use rapport_persistence::jobs::{JobItemRow, JobRow, job_find, jobs_find, jobs_queued};

use super::dto::{JobCounts, JobItemView, JobProgress, JobView};
use super::end::tally;
use super::{ItemRecord, ItemResult};
use crate::problem::{Code, Problem};
use crate::records::references::Wanted;
use crate::records::seen::{SeenNames, SeenRecord};
use crate::records::view::named;

/// A job that a notification is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NotifiedJob {
    /// The id.
    pub id: Uuid,
    /// What was done: convert_leads.
    #[schema(example = "convert_leads")]
    pub kind: String,
    /// succeeded, partially_succeeded, failed or cancelled.
    #[schema(example = "succeeded")]
    pub status: String,
    /// Items in all.
    #[schema(minimum = 1)]
    pub total: i32,
    /// Those that were done.
    #[schema(minimum = 0)]
    pub succeeded: i32,
    /// Those that could not be done.
    #[schema(minimum = 0)]
    pub failed: i32,
}

/// Whether somebody may see everybody's jobs, and end them.
pub(super) fn sees_all(actor: &Actor) -> bool {
    is_allowed(actor, Action::Configure, Subject::User, None)
}

/// The API key by which somebody comes, who sees by it what was begun with it.
pub(super) fn key_of(actor: &Actor) -> Option<Uuid> {
    match actor.via {
        Via::ApiKey { id, .. } => Some(id),
        Via::Session(_) | Via::Cli | Via::System => None,
    }
}

fn is_seen(actor: &Actor, row: &JobRow) -> bool {
    let is_mine = row.created_by.0 == actor.user_id;
    let came_so = key_of(actor).is_none_or(|key| row.key_id.is_some_and(|id| id.0 == key));
    (is_mine && came_so) || sees_all(actor)
}

/// A job that the caller sees.
///
/// # Errors
/// 404.
pub(super) fn find(db: &mut Db, ctx: &Context, id: Uuid) -> Result<JobRow, Problem> {
    let found = job_find(db, id)?.filter(|row| is_seen(&ctx.actor, row));
    found.ok_or_else(|| Problem::new(Code::NotFound))
}

/// The view of one job.
///
/// # Errors
/// When the database fails.
pub(super) fn one(db: &mut Db, row: JobRow) -> Result<JobView, Problem> {
    views(db, vec![row])?.pop().ok_or_else(|| Problem::internal("no view"))
}

/// The views of rows, in their order.
///
/// # Errors
/// When the database fails.
pub(super) fn views(db: &mut Db, rows: Vec<JobRow>) -> Result<Vec<JobView>, Problem> {
    let is_queued = |row: &JobRow| row.status == JobStatus::Queued.as_str();
    let queue = if rows.iter().any(is_queued) { jobs_queued(db)? } else { Vec::new() };
    let mut people = Wanted::default();
    for row in &rows {
        people.name(RecordKind::User, Some(row.created_by.0));
        people.name(RecordKind::User, row.cancelled_by.map(Into::into));
    }
    let people = people.load(db)?;
    let view = |row: JobRow| {
        let is_open = row.finished_at.is_none();
        JobView {
            id: row.id.0,
            position: queue.iter().position(|id| *id == row.id.0).map(|place| place + 1),
            progress: JobProgress { done: tally(&row).done(), total: row.total },
            counts: JobCounts { succeeded: row.succeeded, failed: row.failed, skipped: row.skipped },
            left_out: serde_json::from_value(row.left_out.0).unwrap_or_default(),
            request: row.request.0,
            error: row.error.map(|error| error.0),
            created_by: named(Some(row.created_by.0), &people),
            created_at: row.created_at.0,
            started_at: row.started_at.map(Into::into),
            finished_at: row.finished_at.map(Into::into),
            can_cancel: is_open && row.cancelled_at.is_none(),
            cancelled_at: row.cancelled_at.map(Into::into),
            cancelled_by: named(row.cancelled_by.map(Into::into), &people),
            kind: row.kind,
            status: row.status,
        }
    };
    Ok(rows.into_iter().map(view).collect())
}

/// The views of what a job does: with the names of those records that the reader sees.
///
/// # Errors
/// When the database fails.
pub(super) fn items(
    db: &mut Db,
    ctx: &Context,
    kind: JobKind,
    rows: Vec<JobItemRow>,
) -> Result<Vec<JobItemView>, Problem> {
    let read = |row: JobItemRow| {
        let result = row.result.as_ref().and_then(|result| serde_json::from_value(result.0.clone()).ok());
        (row, result.unwrap_or_default())
    };
    let rows: Vec<(JobItemRow, ItemResult)> = rows.into_iter().map(read).collect();
    let mut wanted: Vec<(RecordKind, Uuid)> = Vec::new();
    for (row, result) in &rows {
        wanted.push((kind.items(), row.record_id.0));
        wanted.extend(result.made.iter().chain(&result.candidates).filter_map(ItemRecord::place));
    }
    let names = SeenNames::load(db, ctx, wanted)?;
    Ok(rows.into_iter().map(|(row, result)| item(&names, kind, row, &result)).collect())
}

fn item(names: &SeenNames, kind: JobKind, row: JobItemRow, result: &ItemResult) -> JobItemView {
    let seen = |records: &[ItemRecord]| -> Vec<SeenRecord> {
        records.iter().filter_map(ItemRecord::place).map(|(kind, id)| names.record(kind, id)).collect()
    };
    JobItemView {
        position: row.position,
        record: names.record(kind.items(), row.record_id.0),
        state: row.state,
        made: seen(&result.made),
        notes: result.notes.clone(),
        // One that is hidden is not even a record that is there.
        candidates: seen(&result.candidates).into_iter().filter(|record| record.name.is_some()).collect(),
        problem: row.problem.map(|problem| problem.0),
        done_at: row.done_at.map(Into::into),
    }
}

/// The caller's jobs among these, for their notifications.
///
/// # Errors
/// When the database fails.
pub(crate) fn notified(db: &mut Db, ctx: &Context, ids: &[Uuid]) -> Result<Vec<NotifiedJob>, Problem> {
    let mine = jobs_find(db, ids)?.into_iter().filter(|row| row.created_by.0 == ctx.actor.user_id);
    let view = |row: JobRow| NotifiedJob {
        id: row.id.0,
        kind: row.kind,
        status: row.status,
        total: row.total,
        succeeded: row.succeeded,
        failed: row.failed,
    };
    Ok(mine.map(view).collect())
}
