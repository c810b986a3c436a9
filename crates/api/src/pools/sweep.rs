//! Customers that are due go into their pool, and owners are warned of what will be.
//!
//! What is due is a question of time alone, so nothing is lost while no node runs. Each customer is its own transaction, in
//! which the rules decide once more: two nodes that find the same one release it once, and what has just been saved stays.

use std::time::Duration;

use uuid::Uuid;

use rapport_domain::access::{Actor, Visibility};
use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_domain::notification::NotificationKind;
use rapport_domain::pool::ReleaseRule;
use rapport_persistence::customers::CustomerBody;
use rapport_persistence::record::Record;
use rapport_persistence::records::{record_find, record_take};
use rapport_persistence::releases::{DueAfter, owned_hold, releases_due};
use rapport_persistence::{Db, StoreError, Tx};

use super::{Pools, permit, releases, warnings};
use crate::customers::Customers;
use crate::notifications::telling::{Clocked, tell_by_clock};
use crate::problem::Problem;
use crate::records::write;
use crate::state::App;

/// How often.
const EVERY: Duration = Duration::from_secs(30);
/// How many are looked up at once.
const PORTION: i64 = 100;

/// Goes on until the program ends.
pub async fn run(app: App) {
    loop {
        if let Err(problem) = once(&app).await {
            tracing::warn!(%problem, "customers that are due could not be released; it is tried again soon");
        }
        if let Err(problem) = warn(&app).await {
            tracing::warn!(%problem, "owners could not be warned of releases; it is tried again soon");
        }
        actix_web::rt::time::sleep(EVERY).await;
    }
}

/// Releases everything that is due; answers how many customers that were.
///
/// # Errors
/// When the database fails.
pub async fn once(app: &App) -> Result<u64, Problem> {
    let (mut last, mut released) = (None, 0);
    loop {
        let due = due(app, last).await?;
        let Some(end) = due.last() else { break };
        last = Some(*end);
        for (_, id) in due {
            let ctx = app.context_of(Actor::system());
            let gone = app.store.write("release_due", move |tx| release_due(tx, &ctx, id)).await;
            match gone {
                Ok(is_gone) => released += u64::from(is_gone),
                // One that cannot be written must not keep the others.
                Err(problem) => tracing::warn!(%problem, %id, "a customer that is due could not be released"),
            }
        }
    }
    if released > 0 {
        app.events.hint();
        tracing::info!(released, "customers went into their pool");
    }
    Ok(released)
}

/// Tells owners of what they are about to lose; answers of how many customers that was.
///
/// # Errors
/// When the database fails.
pub async fn warn(app: &App) -> Result<u64, Problem> {
    let told = warnings::once(app).await?;
    if told > 0 {
        app.events.hint();
    }
    Ok(told)
}

async fn due(app: &App, after: Option<DueAfter>) -> Result<Vec<DueAfter>, Problem> {
    let now = app.now();
    let work = move |db: &mut Db| Ok::<_, Problem>(releases_due(db, now, after, PORTION)?);
    app.store.read("releases_due", work).await
}

/// Puts one customer into the pool that serves its owner, if it is due; answers whether it was.
fn release_due(tx: &mut Tx<'_>, ctx: &Context, id: Uuid) -> Result<bool, Problem> {
    let pools = Pools::hold(tx)?;
    record_take(tx, RecordKind::Customer, id)?;
    let owned = owned_hold(tx, &[id])?;
    let Some(customer) = owned.first() else { return Ok(false) };
    let release = pools.release(customer.team_id, &customer.tenure);
    let Some(release) = release.filter(|release| release.at <= ctx.now) else {
        releases::keep(tx, &pools, &owned)?;
        return Ok(false);
    };
    let found: Option<Record<CustomerBody>> = record_find(tx, &Visibility::Everything, id).map_err(StoreError::from)?;
    let Some(before) = found else { return Ok(false) };
    release_by_rule(tx, ctx, &before, release.rule)?;
    Ok(true)
}

/// Puts a customer into the pool that serves its owner, who is told.
pub(crate) fn release_by_rule(
    tx: &mut Tx<'_>,
    ctx: &Context,
    before: &Record<CustomerBody>,
    rule: ReleaseRule,
) -> Result<(), Problem> {
    let mut record = before.clone();
    record.head.owner_id = None;
    record.body.profile.0.pool_rule = Some(rule.as_str().to_owned());
    write::save::<Customers>(tx, ctx, &permit()?, before, record, "release")?;
    let Some(owner) = before.head.owner_id else { return Ok(()) };
    let news = Clocked {
        user: owner.0,
        kind: NotificationKind::CustomerReleased,
        subject: (RecordKind::Customer, before.head.id.0),
        due_at: None,
    };
    tell_by_clock(tx, ctx, &news)
}
