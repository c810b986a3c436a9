//! Owners are told before a rule takes a customer from them: once for each day of release, by whichever node looks.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use rapport_domain::access::Actor;
use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_domain::notification::NotificationKind;
use rapport_persistence::releases::DueAfter;
use rapport_persistence::warnings::{Unwarned, releases_unwarned, releases_warn};
use rapport_persistence::{Db, Tx};

use super::{Pools, permit};
use crate::notifications::telling::{Clocked, tell_by_clock};
use crate::problem::Problem;
use crate::state::App;

/// How many customers are looked at in one transaction.
const PORTION: i64 = 200;

/// Customers whose owners are to be told, and the last that was looked at when there may be more.
#[derive(Default)]
struct Portion {
    near: Vec<Uuid>,
    next: Option<DueAfter>,
}

/// Tells every owner who is to be warned; answers of how many customers.
///
/// # Errors
/// When the database fails.
pub(super) async fn once(app: &App) -> Result<u64, Problem> {
    let (mut after, mut told) = (None, 0);
    loop {
        let now = app.now();
        let work = move |db: &mut Db| {
            let pools = Pools::read(db)?;
            look(db, &pools, now, after)
        };
        let portion = app.store.read("releases_unwarned", work).await?;
        if !portion.near.is_empty() {
            let ctx = app.context_of(Actor::system());
            told += app.store.write("warn_of_releases", move |tx| warn(tx, &ctx, after)).await?;
        }
        match portion.next {
            Some(next) => after = Some(next),
            None => return Ok(told),
        }
    }
}

fn look(db: &mut Db, pools: &Pools, now: DateTime<Utc>, after: Option<DueAfter>) -> Result<Portion, Problem> {
    let Some(warning) = pools.longest_warning() else { return Ok(Portion::default()) };
    let found = releases_unwarned(db, now + warning, after, PORTION)?;
    let is_full = i64::try_from(found.len()).is_ok_and(|found| found >= PORTION);
    let next = found.last().filter(|_| is_full).map(Unwarned::place);
    let is_near = |one: &&Unwarned| pools.is_soon(one.team_id.map(Into::into), one.release_at.0, now);
    Ok(Portion { near: found.iter().filter(is_near).map(|one| one.id.0).collect(), next })
}

/// Looks once more, since others may have changed what was seen, and tells.
fn warn(tx: &mut Tx<'_>, ctx: &Context, after: Option<DueAfter>) -> Result<u64, Problem> {
    let pools = Pools::hold(tx)?;
    let portion = look(tx, &pools, ctx.now, after)?;
    let told = releases_warn(tx, &permit()?, &portion.near)?;
    for one in &told {
        let news = Clocked {
            user: one.owner_id.0,
            kind: NotificationKind::CustomerReleaseSoon,
            subject: (RecordKind::Customer, one.id.0),
            due_at: Some(one.release_at.0),
        };
        tell_by_clock(tx, ctx, &news)?;
    }
    Ok(u64::try_from(told.len()).unwrap_or_default())
}
