//! Points fade with time, and every lead is gone through when the rules have changed.
//!
//! What is due is a question of time alone, so nothing is lost while no node runs. After a change of the rules leads are gone through
//! in the order of their ids, some at a time; how far that is stands beside the rules, so that any node goes on from there.

use std::time::Duration;

use rapport_domain::access::Actor;
use rapport_domain::context::Context;
use rapport_persistence::lead_scores::{lead_ids_after, leads_score_due};
use rapport_persistence::releases::DueAfter;
use rapport_persistence::scoring_rules::{scoring_state, scoring_take, scoring_walked};
use rapport_persistence::{Db, Tx};

use super::leads::rescore;
use super::permit;
use super::scale::Scale;
use crate::problem::Problem;
use crate::state::App;

/// How often.
const EVERY: Duration = Duration::from_secs(10);
/// How many leads one transaction scores.
const PORTION: i64 = 200;

/// Goes on until the program ends.
pub async fn run(app: App) {
    loop {
        if let Err(problem) = once(&app).await {
            tracing::warn!(%problem, "leads could not be scored; it is tried again soon");
        }
        actix_web::rt::time::sleep(EVERY).await;
    }
}

/// Scores everything that is to be gone through, and everything that is due; answers how many leads have changed.
///
/// # Errors
/// When the database fails.
pub async fn once(app: &App) -> Result<u64, Problem> {
    Ok(walk(app).await? + fade(app).await?)
}

/// Goes through all leads, if the rules have changed since somebody last did.
async fn walk(app: &App) -> Result<u64, Problem> {
    let mut changed = 0;
    if !app.store.read("scoring_look", |db: &mut Db| Ok::<_, Problem>(scoring_state(db)?.is_walking)).await? {
        return Ok(0);
    }
    loop {
        let ctx = app.context_of(Actor::system());
        let portion = app.store.write("score_all", move |tx| go_on(tx, &ctx)).await?;
        let Some(portion) = portion else { return Ok(changed) };
        changed += portion;
    }
}

/// The next portion; answers how many leads of it have changed, or that there is none.
fn go_on(tx: &mut Tx<'_>, ctx: &Context) -> Result<Option<u64>, Problem> {
    let state = scoring_take(tx)?;
    if !state.is_walking {
        return Ok(None);
    }
    let ids = lead_ids_after(tx, state.walked_to.map(Into::into), PORTION)?;
    let scale = Scale::hold(tx, ctx)?;
    let changed = rescore(tx, &scale, &ids, ctx.now)?;
    scoring_walked(tx, &permit()?, ids.last().copied())?;
    Ok(Some(changed))
}

/// Scores the leads whose points have changed with time.
async fn fade(app: &App) -> Result<u64, Problem> {
    let (now, mut last, mut changed) = (app.now(), None, 0);
    loop {
        let look = move |db: &mut Db| Ok::<_, Problem>(leads_score_due(db, now, last, PORTION)?);
        let due: Vec<DueAfter> = app.store.read("scores_due", look).await?;
        let Some(end) = due.last() else { return Ok(changed) };
        last = Some(*end);
        let ctx = app.context_of(Actor::system());
        changed += app.store.write("score_due", move |tx| fade_some(tx, &ctx, &due)).await?;
    }
}

fn fade_some(tx: &mut Tx<'_>, ctx: &Context, due: &[DueAfter]) -> Result<u64, Problem> {
    let ids: Vec<_> = due.iter().map(|(_, id)| *id).collect();
    let scale = Scale::hold(tx, ctx)?;
    rescore(tx, &scale, &ids, ctx.now)
}
