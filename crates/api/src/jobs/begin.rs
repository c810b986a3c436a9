//! A job begins: with everything that it will do, settled.

use uuid::Uuid;

use serde_json::Value;

use rapport_domain::access::Via;
use rapport_domain::context::Context;
use rapport_domain::job::{JobKind, JobStatus};
use rapport_persistence::Tx;
use rapport_persistence::jobs::{JobRow, job_insert};
use rapport_persistence::types::{Id, Instant, Json};

use super::{LeftOut, MOST_OPEN, views};
use crate::problem::{Code, Problem};
use crate::records::reply::Reply;

/// A job that is to begin.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    /// What is done.
    pub(crate) kind: JobKind,
    /// What is done with each item.
    pub(crate) request: Value,
    /// What was asked for and is not done.
    pub(crate) left_out: LeftOut,
    /// The items, in their order; at least one.
    pub(crate) records: Vec<Uuid>,
}

/// Begins a job of the caller's.
///
/// # Errors
/// 409 `limit_reached` when as many of theirs are under way as may be.
pub(crate) fn begin(tx: &mut Tx<'_>, ctx: &Context, draft: &Draft) -> Result<Reply, Problem> {
    let row = row_of(ctx, draft)?;
    if !job_insert(tx, &row, &draft.records, MOST_OPEN)? {
        return Err(Problem::new(Code::LimitReached)
            .because(
                format!("最多同时进行 {MOST_OPEN} 个任务，请等待其中一个结束"),
                format!("At most {MOST_OPEN} jobs of yours can be under way: wait until one has ended"),
            )
            .with("max", MOST_OPEN));
    }
    let view = views::one(tx, row)?;
    let place = format!("/api/v1/jobs/{}", view.id);
    Ok(Reply::json(202, &view)?.location(place))
}

fn row_of(ctx: &Context, draft: &Draft) -> Result<JobRow, Problem> {
    let key = match &ctx.actor.via {
        Via::ApiKey { id, .. } => Some(Id(*id)),
        Via::Session(_) | Via::Cli | Via::System => None,
    };
    Ok(JobRow {
        id: Id(ctx.next_id()),
        kind: draft.kind.as_str().to_owned(),
        status: JobStatus::Queued.as_str().to_owned(),
        request: Json(draft.request.clone()),
        left_out: Json(serde_json::to_value(draft.left_out).map_err(Problem::internal)?),
        total: i32::try_from(draft.records.len()).map_err(Problem::internal)?,
        succeeded: 0,
        failed: 0,
        skipped: 0,
        error: None,
        created_by: Id(ctx.actor.user_id),
        key_id: key,
        language: ctx.locale.as_str().to_owned(),
        request_id: ctx.request_id.clone(),
        created_at: Instant(ctx.now),
        started_at: None,
        finished_at: None,
        cancelled_at: None,
        cancelled_by: None,
        turn_at: Instant(ctx.now),
        lease_id: None,
        lease_until: None,
    })
}
