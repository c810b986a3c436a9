//! One item of a job, in one transaction with its result.

use serde_json::Value;

use rapport_domain::access::Actor;
use rapport_domain::context::Context;
use rapport_domain::job::{ItemState, JobKind, JobStatus};
use rapport_persistence::Tx;
use rapport_persistence::jobs::{JobItemRow, JobRow, job_hold, job_item_next, job_item_settle, job_save, job_tell};
use rapport_persistence::types::{Id, Instant, Json};
use uuid::Uuid;

use super::end::{end, tally};
use super::run::LEASE;
use super::{ItemResult, Work, standing, work};
use crate::problem::Problem;
use crate::state::App;

/// A job that this node has for now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    pub(super) job: Uuid,
    pub(super) lease: Id,
}

/// What a step has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// An item has been dealt with.
    Done(ItemState),
    /// The job has ended.
    Over(JobStatus),
    /// Somebody else has the job.
    Lost,
}

/// What becomes of an item.
struct Outcome {
    state: ItemState,
    result: ItemResult,
    problem: Option<Problem>,
}

/// Deals with the next item, or ends the job.
///
/// # Errors
/// Faults of the server: nothing was done, and it may be tried again.
pub(super) fn step(tx: &mut Tx<'_>, app: &App, turn: Turn) -> Result<Step, Problem> {
    let Some(job) = hold(tx, app, turn)? else { return Ok(Step::Lost) };
    if job.cancelled_at.is_some() {
        return over(tx, app, &job, JobStatus::Cancelled, None);
    }
    let Some(item) = job_item_next(tx, turn.job)? else {
        return over(tx, app, &job, tally(&job).verdict(), None);
    };
    let work = work(JobKind::parse(&job.kind).ok_or_else(|| Problem::internal("a job of an unknown kind"))?);
    let ctx = match standing::context(tx, app, &job).and_then(|ctx| work.permit(&ctx).map(|()| ctx)) {
        Ok(ctx) => ctx,
        Err(problem) if problem.status().is_server_error() => return Err(problem),
        Err(problem) => {
            let error = told(&job, &problem, &format!("/api/v1/jobs/{}", turn.job));
            return over(tx, app, &job, JobStatus::Failed, Some(error));
        }
    };
    let outcome = attempt(tx, &ctx, work, &job, &item)?;
    settle(tx, &ctx, &job, item, outcome)
}

/// Gives up an item that cannot be dealt with because of a fault of ours, so that the others are.
///
/// # Errors
/// When the database fails.
pub(super) fn give_up(tx: &mut Tx<'_>, app: &App, turn: Turn, problem: &Problem) -> Result<Step, Problem> {
    let Some(job) = hold(tx, app, turn)? else { return Ok(Step::Lost) };
    let Some(item) = job_item_next(tx, turn.job)? else { return Ok(Step::Lost) };
    let outcome = Outcome { state: ItemState::Failed, result: ItemResult::default(), problem: Some(problem.clone()) };
    settle(tx, &app.context_of(Actor::system()), &job, item, outcome)
}

/// Lets others have their turn.
///
/// # Errors
/// When the database fails.
pub(super) fn pass_on(tx: &mut Tx<'_>, app: &App, turn: Turn) -> Result<(), Problem> {
    let Some(job) = hold(tx, app, turn)? else { return Ok(()) };
    let now = Instant(app.now());
    job_save(tx, &JobRow { turn_at: now, lease_id: None, lease_until: None, ..job.clone() })?;
    Ok(job_tell(tx, &job, "update", now)?)
}

fn hold(tx: &mut Tx<'_>, app: &App, turn: Turn) -> Result<Option<JobRow>, Problem> {
    Ok(job_hold(tx, turn.job, turn.lease, Instant(app.now() + LEASE))?)
}

fn over(tx: &mut Tx<'_>, app: &App, job: &JobRow, status: JobStatus, error: Option<Value>) -> Result<Step, Problem> {
    end(tx, &app.context_of(Actor::system()), job, status, error)?;
    Ok(Step::Over(status))
}

fn attempt(
    tx: &mut Tx<'_>,
    ctx: &Context,
    work: &dyn Work,
    job: &JobRow,
    item: &JobItemRow,
) -> Result<Outcome, Problem> {
    match tx.attempt(|tx| work.run(tx, ctx, &job.request.0, item.record_id.0)) {
        Ok(result) => Ok(Outcome { state: ItemState::Succeeded, result, problem: None }),
        Err(problem) if problem.status().is_server_error() => Err(problem),
        Err(problem) => {
            let (state, result) = work.refused(&problem);
            Ok(Outcome { state, result, problem: Some(problem) })
        }
    }
}

/// Writes what became of an item, and counts it.
fn settle(tx: &mut Tx<'_>, ctx: &Context, job: &JobRow, item: JobItemRow, outcome: Outcome) -> Result<Step, Problem> {
    let now = Instant(ctx.now);
    let Outcome { state, result, problem } = outcome;
    let place = format!("/items/{}", item.position);
    let item = JobItemRow {
        state: state.as_str().to_owned(),
        result: Some(Json(serde_json::to_value(result).map_err(Problem::internal)?)),
        problem: problem.map(|problem| Json(told(job, &problem, &place))),
        done_at: Some(now),
        ..item
    };
    job_item_settle(tx, &item)?;
    let tally = tally(job).with(state);
    let counted = JobRow {
        status: JobStatus::Running.as_str().to_owned(),
        started_at: job.started_at.or(Some(now)),
        succeeded: tally.succeeded,
        failed: tally.failed,
        skipped: tally.skipped,
        ..job.clone()
    };
    job_save(tx, &counted)?;
    Ok(Step::Done(state))
}

/// A problem as it is kept. What it says of records is kept as ids beside it: whoever reads may not see them all.
fn told(job: &JobRow, problem: &Problem, instance: &str) -> Value {
    let request = job.request_id.as_deref().unwrap_or_default();
    let mut told = problem.to_json(standing::language(job), instance, request);
    if let Some(members) = told.as_object_mut() {
        members.retain(|name, _| name != "candidates" && name != "conversion");
    }
    told
}
