//! A job ends: nothing more is done, and whoever began it is told.

use rapport_domain::context::Context;
use rapport_domain::job::{JobStatus, Tally};
use rapport_persistence::Tx;
use rapport_persistence::jobs::{JobRow, job_save, job_tell};
use rapport_persistence::types::{Instant, Json};
use serde_json::Value;

use crate::notifications::telling;
use crate::problem::Problem;

/// Ends a job that the transaction holds.
///
/// # Errors
/// When the database fails.
pub(super) fn end(
    tx: &mut Tx<'_>,
    ctx: &Context,
    job: &JobRow,
    status: JobStatus,
    error: Option<Value>,
) -> Result<(), Problem> {
    let ended = JobRow {
        status: status.as_str().to_owned(),
        error: error.map(Json),
        finished_at: Some(Instant(ctx.now)),
        lease_id: None,
        lease_until: None,
        ..job.clone()
    };
    job_save(tx, &ended)?;
    // Whoever ended it knows.
    if ended.cancelled_by != Some(ended.created_by) || status != JobStatus::Cancelled {
        telling::job_finished(tx, ctx, ended.created_by.0, ended.id.0)?;
    }
    Ok(job_tell(tx, &ended, "finish", Instant(ctx.now))?)
}

/// How many things a job has done.
pub(super) fn tally(job: &JobRow) -> Tally {
    Tally { succeeded: job.succeeded, failed: job.failed, skipped: job.skipped }
}
