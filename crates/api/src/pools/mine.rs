//! The pool that serves the caller, and how much they may still take out of it.

use chrono::TimeDelta;

use rapport_domain::access::decide_claims;
use rapport_domain::context::Context;
use rapport_persistence::Db;
use rapport_persistence::customer_moves::{customers_owned, customers_released_before};
use rapport_persistence::customer_pools::{CustomerPoolRow, customer_pool_size};
use uuid::Uuid;

use super::dto::{MyPool, MyPools};
use super::served::name_of;
use super::{Pools, limits};
use crate::problem::Problem;
use crate::records::reply::Reply;

/// The pools that the caller may claim from.
pub(super) fn list(db: &mut Db, ctx: &Context) -> Result<Reply, Problem> {
    let served = ctx.actor.user().zip(ctx.actor.pool_id).filter(|_| decide_claims(&ctx.actor).is_ok());
    let data = match served {
        None => None,
        Some((user, pool)) => {
            let pools = Pools::read(db)?;
            pools.find(pool).map(|row| mine(db, ctx, user, row)).transpose()?
        }
    };
    Reply::ok(&MyPools { data: data.into_iter().collect() })
}

fn mine(db: &mut Db, ctx: &Context, user: Uuid, row: &CustomerPoolRow) -> Result<MyPool, Problem> {
    let (claimed_today, _) = limits::claimed_today(db, ctx, user)?;
    let warned_of = ctx.now + TimeDelta::days(i64::from(row.warn_days));
    Ok(MyPool {
        id: row.id.0,
        name: name_of(row, ctx.locale),
        customers: customer_pool_size(db, row.id.0)?,
        owned: customers_owned(db, user)?,
        owned_cap: row.owned_cap,
        claimed_today,
        claims_per_day: row.claims_per_day,
        cooldown_days: row.cooldown_days,
        warn_days: row.warn_days,
        release_soon: customers_released_before(db, user, warned_of)?,
    })
}
