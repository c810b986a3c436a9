//! Does what jobs have to do. Every node may; whoever takes a turn does some items of one job, and then the next one comes.

use std::time::{Duration, Instant};

use chrono::TimeDelta;

use rapport_domain::job::ItemState;
use rapport_persistence::jobs::{job_next, job_take};
use rapport_persistence::types::Id;
use rapport_persistence::{Db, Tx};

use super::step::{Step, Turn, give_up, pass_on, step};
use crate::problem::{Code, Problem};
use crate::state::App;

/// How often it is looked whether there is something to do: another node may have got the request.
const EVERY: Duration = Duration::from_secs(2);
/// How long to wait when the database is not well.
const PAUSE: Duration = Duration::from_secs(5);
/// How long a node may be silent before others take the job that it has. That nothing is done twice does not hang on it: whoever
/// has been given up for dead finds its turn over.
pub(super) const LEASE: TimeDelta = TimeDelta::seconds(15);
/// Items of one turn at most, and how long it lasts.
const MOST: u64 = 100;
const LONGEST: Duration = Duration::from_secs(2);

/// Goes on until the program ends.
pub async fn run(app: App) {
    while !app.farewell.has_begun() {
        match once(&app).await {
            Ok(_) => app.jobs.heard(EVERY).await,
            Err(problem) => {
                tracing::warn!(%problem, "a job could not go on; it is tried again soon");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Does everything that there is to do and no other node is doing; answers how many items that were.
///
/// # Errors
/// When the database fails.
pub async fn once(app: &App) -> Result<u64, Problem> {
    let mut done = 0;
    while let Some(more) = turn(app, MOST).await? {
        done += more;
        if app.farewell.has_begun() {
            break;
        }
    }
    Ok(done)
}

/// Takes one turn of at most so many items; answers how many were done, `None` when there is nothing to do.
///
/// # Errors
/// When the database fails.
pub async fn turn(app: &App, most: u64) -> Result<Option<u64>, Problem> {
    let Some(turn) = take(app).await? else { return Ok(None) };
    let done = follow(app, turn, most).await;
    app.events.hint();
    done.map(Some)
}

/// The next job, for this node alone.
async fn take(app: &App) -> Result<Option<Turn>, Problem> {
    let now = app.now().into();
    // Looking is cheap and keeps nobody waiting; only what is there is taken.
    let look = move |db: &mut Db| Ok::<_, Problem>(job_next(db, now)?);
    let Some(seen) = app.store.read("look_for_jobs", look).await? else { return Ok(None) };
    let turn = Turn { job: seen.id.0, lease: Id(app.ids.next()) };
    let until = (app.now() + LEASE).into();
    let take = move |tx: &mut Tx<'_>| Ok::<_, Problem>(job_take(tx, &seen, turn.lease, until)?);
    Ok(app.store.write("take_job", take).await?.then_some(turn))
}

/// Does items until the turn is over; answers how many.
async fn follow(app: &App, turn: Turn, most: u64) -> Result<u64, Problem> {
    let (begun, mut done) = (Instant::now(), 0);
    while done < most && begun.elapsed() < LONGEST && !app.farewell.has_begun() {
        match next(app, turn).await {
            Ok(Step::Done(state)) => {
                count_item(state);
                done += 1;
            }
            Ok(Step::Over(status)) => {
                metrics::counter!("rapport_jobs_total", "outcome" => status.as_str()).increment(1);
                tracing::info!(job = %turn.job, %status, "a job has ended");
                return Ok(done);
            }
            Ok(Step::Lost) => return Ok(done),
            Err(problem) => {
                // Another node may go on at once; if not even that can be written, it waits until the lease has run out.
                let _ = release(app, turn).await;
                return Err(problem);
            }
        }
    }
    release(app, turn).await?;
    Ok(done)
}

fn count_item(state: ItemState) {
    metrics::counter!("rapport_job_items_total", "outcome" => state.as_str()).increment(1);
}

/// One item. One that fails by a fault of ours would fail the next time too: it must not keep the others.
async fn next(app: &App, turn: Turn) -> Result<Step, Problem> {
    let here = app.clone();
    match app.store.write("job_item", move |tx| step(tx, &here, turn)).await {
        Err(problem) if problem.code() == Code::Internal => {
            tracing::error!(%problem, job = %turn.job, "an item of a job is given up");
            let here = app.clone();
            app.store.write("give_up_job_item", move |tx| give_up(tx, &here, turn, &problem)).await
        }
        stepped => stepped,
    }
}

async fn release(app: &App, turn: Turn) -> Result<(), Problem> {
    let here = app.clone();
    app.store.write("pass_job_on", move |tx| pass_on(tx, &here, turn)).await
}
