//! Who has a customer: what follows when that changes, whoever changes it and by whatever way.

use rapport_domain::context::Context;
use rapport_domain::customer::Lifecycle;
use rapport_domain::handover::Heir;
use rapport_domain::kind::RecordKind;
use rapport_domain::pool::{PoolMove, Tenure, is_exempt};
use rapport_persistence::Tx;
use rapport_persistence::customer_moves::{CustomerMoveRow, customer_move_insert, customer_moves_insert};
use rapport_persistence::customers::CustomerBody;
use rapport_persistence::record::Record;
use rapport_persistence::records::record_take;
use rapport_persistence::releases::{Course, customer_course};
use rapport_persistence::types::{Id, Instant};
use uuid::Uuid;

use super::{Pools, limits, permit, releases};
use crate::problem::Problem;

/// A customer that is about to be written: it is owned or in a pool, within the new owner's limit, and knows when a rule
/// takes it.
pub(crate) fn settle(
    tx: &mut Tx<'_>,
    ctx: &Context,
    record: &mut Record<CustomerBody>,
    before: Option<&Record<CustomerBody>>,
) -> Result<(), Problem> {
    let pools = Pools::hold(tx)?;
    if let Some(before) = before {
        let new_owner = record.head.owner_id.filter(|owner| before.head.owner_id != Some(*owner));
        if let Some(owner) = new_owner {
            limits::check_owning(tx, &pools, owner.0, record.head.team_id.map(Into::into))?;
        }
        record_take(tx, RecordKind::Customer, record.head.id.0)?;
    }
    match record.head.owner_id {
        Some(owner) => own(ctx, record, before, owner),
        None => pool(ctx, &pools, record, before)?,
    }
    keep_release(tx, &pools, record, before.is_some())
}

/// Somebody has it.
fn own(ctx: &Context, record: &mut Record<CustomerBody>, before: Option<&Record<CustomerBody>>, owner: Id) {
    let body = &mut record.body;
    (body.pool_id, body.pooled_at) = (None, None);
    (body.profile.0.pool_reason, body.profile.0.pool_rule) = (None, None);
    let is_same = before.is_some_and(|before| before.head.owner_id == Some(owner));
    if !is_same {
        pass_on(record, before);
        record.body.profile.0.previous_owner_id.take_if(|previous| *previous == owner.0);
    }
    if !is_same || before.is_some_and(|before| counts_anew(before, record)) {
        record.body.counted_from = Some(Instant(ctx.now));
    }
}

/// Nobody has it: it lies in the pool that was chosen, or else in the one that serves whoever had it.
fn pool(
    ctx: &Context,
    pools: &Pools,
    record: &mut Record<CustomerBody>,
    before: Option<&Record<CustomerBody>>,
) -> Result<(), Problem> {
    let team = before.map_or(ctx.actor.team_id, |before| before.head.team_id.map(Into::into));
    let pool = match record.body.pool_id.and_then(|chosen| pools.find(chosen.0)) {
        Some(chosen) => chosen,
        None => pools.require_serving(team)?,
    };
    let is_new = before.is_none_or(|before| before.head.owner_id.is_some());
    record.body.pool_id = Some(pool.id);
    record.head.team_id = pool.team_id;
    record.body.counted_from = None;
    if is_new {
        pass_on(record, before);
        record.body.pooled_at = Some(Instant(ctx.now));
    }
    Ok(())
}

/// Whoever had it, had it; a lock was theirs.
fn pass_on(record: &mut Record<CustomerBody>, before: Option<&Record<CustomerBody>>) {
    let profile = &mut record.body.profile.0;
    profile.locked_until = None;
    if let Some(owner) = before.and_then(|before| before.head.owner_id) {
        profile.previous_owner_id = Some(owner.0);
    }
}

/// Whether its owner begins anew: it has come back from the trash, or from where rules do not count.
fn counts_anew(before: &Record<CustomerBody>, record: &Record<CustomerBody>) -> bool {
    let is_spared = |record: &Record<CustomerBody>| record.head.deleted_at.is_some() || is_exempt(lifecycle_of(record));
    is_spared(before) && !is_spared(record)
}

fn lifecycle_of(record: &Record<CustomerBody>) -> Lifecycle {
    Lifecycle::parse(&record.body.lifecycle).unwrap_or(Lifecycle::Prospect)
}

/// Writes into a customer when a rule takes it.
fn keep_release(
    tx: &mut Tx<'_>,
    pools: &Pools,
    record: &mut Record<CustomerBody>,
    is_there: bool,
) -> Result<(), Problem> {
    let from = record.body.counted_from.filter(|_| record.head.deleted_at.is_none() && pools.has_rules());
    let release = match from {
        None => None,
        Some(from) => {
            let course = if is_there { customer_course(tx, record.head.id.0)? } else { Course::default() };
            let tenure = Tenure {
                counted_from: from.0,
                last_activity_at: course.last_activity_at,
                has_opportunity: course.has_opportunity,
                has_won: course.has_won,
                lifecycle: lifecycle_of(record),
                locked_until: record.body.profile.0.locked_until,
            };
            pools.release(record.head.team_id.map(Into::into), &tenure)
        }
    };
    record.body.release_at = release.map(|release| Instant(release.at));
    record.body.profile.0.release_rule = release.map(|release| release.rule.as_str().to_owned());
    Ok(())
}

/// Customers have been given from one to another in one go, and are held: what is kept of each is written anew, and its way
/// into a pool or out of it written down.
pub(crate) fn passed(
    tx: &mut Tx<'_>,
    ctx: &Context,
    pools: &Pools,
    (from, to): (Heir, Heir),
    customers: &[Uuid],
) -> Result<(), Problem> {
    if to.user_id.is_some() {
        releases::keep_written(tx, pools, customers)?;
    }
    let (kind, pool_id, user_id) = match (from.pool_id, to.pool_id) {
        (None, Some(pool)) => (PoolMove::Released, pool, from.user_id),
        (Some(pool), None) => (PoolMove::Allotted, pool, to.user_id),
        _ => return Ok(()),
    };
    let row = |customer: &Uuid| CustomerMoveRow {
        id: Id(ctx.next_id()),
        customer_id: Id(*customer),
        kind: kind.as_str().to_owned(),
        pool_id: Id(pool_id),
        user_id: user_id.map(Id),
        rule: None,
        moved_at: Instant(ctx.now),
        moved_by: ctx.actor.user().map(Id),
    };
    Ok(customer_moves_insert(tx, &permit()?, &customers.iter().map(row).collect::<Vec<_>>())?)
}

/// Writes down that a customer has come into a pool or out of it.
pub(crate) fn note_move(
    tx: &mut Tx<'_>,
    ctx: &Context,
    record: &Record<CustomerBody>,
    before: Option<&Record<CustomerBody>>,
) -> Result<(), Problem> {
    let Some(before) = before else { return Ok(()) };
    let (kind, pool_id, user_id) = match (before.body.pool_id, record.body.pool_id) {
        (None, Some(pool)) => (PoolMove::Released, pool, before.head.owner_id),
        (Some(pool), None) => {
            let is_own = record.head.owner_id.map(Into::into) == ctx.actor.user();
            (if is_own { PoolMove::Claimed } else { PoolMove::Allotted }, pool, record.head.owner_id)
        }
        _ => return Ok(()),
    };
    let row = CustomerMoveRow {
        id: Id(ctx.next_id()),
        customer_id: record.head.id,
        kind: kind.as_str().to_owned(),
        pool_id,
        user_id,
        rule: record.body.profile.0.pool_rule.clone(),
        moved_at: Instant(ctx.now),
        moved_by: ctx.actor.user().map(Id),
    };
    Ok(customer_move_insert(tx, &permit()?, &row)?)
}
