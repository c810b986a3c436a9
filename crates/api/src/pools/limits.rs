//! How much anybody may have: exact, however many ask at once.

use serde_json::json;
use uuid::Uuid;

use rapport_domain::context::Context;
use rapport_domain::filter::day_bounds;
use rapport_domain::pool::{Claimer, Refusal, Refused};
use rapport_persistence::customer_moves::{customer_claims_since, customer_owner_pass, customers_owned};
use rapport_persistence::customer_pools::CustomerPoolRow;
use rapport_persistence::customers::CustomerBody;
use rapport_persistence::record::Record;
use rapport_persistence::{Db, Tx};

use super::Pools;
use super::served::limits_of;
use crate::problem::{Code, Problem};

/// Refuses somebody one more customer who owns as many as their pool lets anybody own.
pub(super) fn check_owning(tx: &mut Tx<'_>, pools: &Pools, owner: Uuid, team: Option<Uuid>) -> Result<(), Problem> {
    let Some(pool) = pools.serving(team).filter(|pool| pool.owned_cap.is_some()) else { return Ok(()) };
    customer_owner_pass(tx, owner)?;
    let owned = customers_owned(tx, owner)?;
    limits_of(pool).refuse_owning(owned).map_or(Ok(()), |no| Err(refused(&no)))
}

/// Customers that somebody is about to be given at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Coming {
    /// Who.
    pub(crate) user: Uuid,
    /// Their team.
    pub(crate) team: Option<Uuid>,
    /// How many.
    pub(crate) count: i64,
}

/// Somebody who would own more customers than their pool lets anybody own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OverCap {
    /// Who.
    pub(crate) user: Uuid,
    /// How many they may own.
    pub(crate) limit: i64,
    /// How many they own.
    pub(crate) owned: i64,
    /// How many they would be given.
    pub(crate) given: i64,
}

/// Who would own too many, were everybody given what comes. They must stand in line (`customer_owner_pass`).
pub(crate) fn over_cap(tx: &mut Tx<'_>, pools: &Pools, coming: &[Coming]) -> Result<Vec<OverCap>, Problem> {
    let mut over = Vec::new();
    for one in coming {
        let Some(pool) = pools.serving(one.team).filter(|pool| pool.owned_cap.is_some()) else { continue };
        let owned = customers_owned(tx, one.user)?;
        // Refused is one more than what they own once all but one of these have come.
        if let Some(no) = limits_of(pool).refuse_owning(owned + one.count - 1) {
            over.push(OverCap { user: one.user, limit: no.limit, owned, given: one.count });
        }
    }
    Ok(over)
}

/// Refuses a claim that is more than anybody may have. Whoever claims has stood in line before.
pub(super) fn check_claim(
    tx: &mut Tx<'_>,
    ctx: &Context,
    pool: &CustomerPoolRow,
    user: Uuid,
    record: &Record<CustomerBody>,
) -> Result<(), Problem> {
    let was_last = record.body.profile.0.previous_owner_id == Some(user);
    let (claimed_today, tomorrow) = claimed_today(tx, ctx, user)?;
    let claimer = Claimer {
        owned: customers_owned(tx, user)?,
        claimed_today,
        tomorrow,
        lost_at: record.body.pooled_at.filter(|_| was_last).map(Into::into),
    };
    limits_of(pool).refuse_claim(&claimer, ctx.now).map_or(Ok(()), |no| Err(refused(&no)))
}

/// How many customers somebody has claimed on the day that it is for them, and when that day ends.
pub(super) fn claimed_today(
    db: &mut Db,
    ctx: &Context,
    user: Uuid,
) -> Result<(i64, Option<chrono::DateTime<chrono::Utc>>), Problem> {
    let Some((begin, end)) = day_bounds(ctx.today(), ctx.zone) else { return Ok((0, None)) };
    Ok((customer_claims_since(db, user, begin)?, Some(end)))
}

fn refused(no: &Refused) -> Problem {
    let limit = no.limit;
    let (zh, en) = match no.reason {
        Refusal::OwnedCap => {
            (format!("每人最多负责 {limit} 个客户"), format!("Nobody may own more than {limit} customers"))
        }
        Refusal::DailyLimit => {
            (format!("每天最多领取 {limit} 个客户"), format!("Nobody may claim more than {limit} customers a day"))
        }
        Refusal::Cooldown => (
            format!("原负责人 {limit} 天内不能再次领取"),
            format!("The last owner cannot claim it back for {limit} days"),
        ),
    };
    Problem::new(Code::ClaimRefused)
        .because(zh, en)
        .with("reason", no.reason.as_str())
        .with("limit", limit)
        .with("until", json!(no.until))
}
