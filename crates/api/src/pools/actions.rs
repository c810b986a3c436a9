//! What is done to single customers: claim, release, allot, lock.

use chrono::TimeDelta;
use uuid::Uuid;

use rapport_domain::access::{
    Action, Actor, Denied, Subject, Visibility, decide, decide_allot, decide_allotments, decide_claim, decide_claims,
    decide_lock, decide_release, visibility,
};
use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_persistence::customer_moves::{customer_followers, customer_move_latest, customer_owner_pass};
use rapport_persistence::customers::CustomerBody;
use rapport_persistence::record::Record;
use rapport_persistence::records::{record_find, record_take};
use rapport_persistence::types::Id;
use rapport_persistence::users::user_team_hold;
use rapport_persistence::{StoreError, Tx};
use serde_json::json;

use super::dto::{AllotCustomer, LockCustomer, ReleaseCustomer};
use super::{Pools, limits};
use crate::contacts::Contacts;
use crate::customers::Customers;
use crate::opportunities::Opportunities;
use crate::problem::{Code, Problem};
use crate::records::batch::{BatchAction, BatchOperation};
use crate::records::fields::Faults;
use crate::records::references::Wanted;
use crate::records::reply::Reply;
use crate::records::view::named;
use crate::records::{RecordType, list, patch, write};

/// The longest lock.
const MAX_LOCK: TimeDelta = TimeDelta::days(3650);
/// For how long those whom a pool serves are told that somebody else has got a customer that they do not see any more.
const TOLD: TimeDelta = TimeDelta::days(1);
/// Characters of a reason.
pub(super) const MAX_REASON: usize = 500;

type Customer = Record<CustomerBody>;

/// What a batch does to a customer.
pub(crate) fn act(tx: &mut Tx<'_>, ctx: &Context, operation: &BatchOperation, id: Uuid) -> Result<Reply, Problem> {
    let data = || operation.data.clone().unwrap_or_else(|| json!({}));
    let below = |problem: Problem| problem.below("/data");
    let version = operation.version;
    match operation.action {
        BatchAction::Claim => claim(tx, ctx, id, version),
        BatchAction::Release => {
            let asked: ReleaseCustomer = patch::read_input(data()).map_err(below)?;
            release(tx, ctx, id, version, &asked).map_err(below)
        }
        BatchAction::Allot => {
            let asked: AllotCustomer = patch::read_input(data()).map_err(below)?;
            allot(tx, ctx, id, version, &asked).map_err(below)
        }
        _ => Err(Problem::validation().at("/action", Code::InvalidValue)),
    }
}

/// The customer as it is, which stays so until the transaction ends; whoever comes second sees what the first has made of
/// it. What is hidden may be a customer that has just been taken out of the caller's pool.
fn take(tx: &mut Tx<'_>, ctx: &Context, id: Uuid) -> Result<Customer, Problem> {
    record_take(tx, RecordKind::Customer, id)?;
    let found: Option<Customer> = record_find(tx, &Visibility::Everything, id).map_err(StoreError::from)?;
    let record = found.filter(|record| record.head.deleted_at.is_none());
    let record = record.ok_or_else(|| Problem::new(Code::NotFound))?;
    if visibility(&ctx.actor, Subject::Customer, Action::View).includes(&record.ownership()) {
        return Ok(record);
    }
    let left = customer_move_latest(tx, id)?.filter(|latest| latest.moved_at.0 + TOLD > ctx.now);
    match left.filter(|left| record.head.owner_id.is_some() && ctx.actor.pool_id == Some(left.pool_id.0)) {
        Some(_) => Err(already_owned(tx, None)?),
        None => Err(Problem::new(Code::NotFound)),
    }
}

/// Somebody has it; who, for those who may see it.
fn already_owned(tx: &mut Tx<'_>, owner: Option<Uuid>) -> Result<Problem, Problem> {
    let mut wanted = Wanted::default();
    wanted.name(RecordKind::User, owner);
    let owner = named(owner, &wanted.load(tx)?);
    Ok(Problem::new(Code::AlreadyOwned).with("owner", json!(owner)))
}

/// Refuses what somebody owns.
fn refuse_owned(tx: &mut Tx<'_>, record: &Customer) -> Result<(), Problem> {
    match record.head.owner_id {
        Some(owner) => Err(already_owned(tx, Some(owner.0))?),
        None => Ok(()),
    }
}

fn refuse_pooled(record: &Customer) -> Result<(), Problem> {
    if record.head.owner_id.is_some() { Ok(()) } else { Err(Problem::new(Code::InPool)) }
}

/// Takes a customer out of the pool for the caller.
pub(super) fn claim(tx: &mut Tx<'_>, ctx: &Context, id: Uuid, expected: Option<i64>) -> Result<Reply, Problem> {
    let user = ctx.actor.user().ok_or(Denied::Forbidden)?;
    let pools = Pools::hold(tx)?;
    customer_owner_pass(tx, user)?;
    let before = take(tx, ctx, id)?;
    decide_claims(&ctx.actor)?;
    refuse_owned(tx, &before)?;
    let permit = decide_claim(&ctx.actor, &before.ownership())?;
    write::check_version::<Customers>(tx, ctx, &before, expected)?;
    let pool = before.body.pool_id.and_then(|pool| pools.find(pool.0));
    let pool = pool.ok_or_else(|| Problem::internal("a customer without an owner lies in no pool"))?;
    limits::check_claim(tx, ctx, pool, user, &before)?;
    let record = give(tx, &before, user)?;
    let record = write::save::<Customers>(tx, ctx, &permit, &before, record, "claim")?;
    follow(tx, ctx, &before, &record, "claim")?;
    answer(tx, ctx, &record)
}

/// Gives a customer of the pool to somebody.
pub(super) fn allot(
    tx: &mut Tx<'_>,
    ctx: &Context,
    id: Uuid,
    expected: Option<i64>,
    asked: &AllotCustomer,
) -> Result<Reply, Problem> {
    let before = write::find::<Customers>(tx, ctx, id)?;
    decide_allotments(&ctx.actor)?;
    refuse_owned(tx, &before)?;
    let owner = write::owner_of(tx, Some(asked.owner_id))?;
    let permit = decide_allot(&ctx.actor, &before.ownership(), &owner);
    let permit = permit.map_err(|_unreached| Problem::new(Code::Forbidden).at("/owner_id", Code::Forbidden))?;
    write::check_version::<Customers>(tx, ctx, &before, expected)?;
    let mut record = before.clone();
    (record.head.owner_id, record.head.team_id) = (owner.owner_id.map(Id), owner.team_id.map(Id));
    let record = write::save::<Customers>(tx, ctx, &permit, &before, record, "allot")?;
    follow(tx, ctx, &before, &record, "allot")?;
    answer(tx, ctx, &record)
}

/// Gives a customer back to a pool: the one that is named, or the one that serves its owner.
pub(crate) fn release(
    tx: &mut Tx<'_>,
    ctx: &Context,
    id: Uuid,
    expected: Option<i64>,
    asked: &ReleaseCustomer,
) -> Result<Reply, Problem> {
    let mut faults = Faults::default();
    let reason = faults.required_line("/reason", asked.reason.as_deref(), MAX_REASON);
    faults.finish()?;
    let before = write::find::<Customers>(tx, ctx, id)?;
    refuse_pooled(&before)?;
    let permit = decide_release(&ctx.actor, &before.ownership())?;
    write::check_version::<Customers>(tx, ctx, &before, expected)?;
    let pools = Pools::hold(tx)?;
    if let Some(chosen) = asked.pool_id
        && !pools.find(chosen).is_some_and(|pool| pool.is_active)
    {
        return Err(Problem::validation().at("/pool_id", Code::NotFound));
    }
    let mut record = before.clone();
    record.head.owner_id = None;
    record.body.pool_id = asked.pool_id.map(Id);
    record.body.profile.0.pool_reason = Some(reason);
    let record = write::save::<Customers>(tx, ctx, &permit, &before, record, "release")?;
    // Whoever gives a customer back may not see it any more; this answer is still theirs.
    answer(tx, ctx, &record)
}

/// Keeps a customer with its owner for a time, or no longer.
pub(super) fn lock(
    tx: &mut Tx<'_>,
    ctx: &Context,
    id: Uuid,
    expected: Option<i64>,
    asked: &LockCustomer,
) -> Result<Reply, Problem> {
    if asked.until.is_some_and(|until| until <= ctx.now || until > ctx.now + MAX_LOCK) {
        return Err(Problem::validation().at("/until", Code::InvalidValue));
    }
    let before = write::find::<Customers>(tx, ctx, id)?;
    refuse_pooled(&before)?;
    let permit = decide_lock(&ctx.actor, &before.ownership())?;
    write::check_version::<Customers>(tx, ctx, &before, expected)?;
    let mut record = before.clone();
    record.body.profile.0.locked_until = asked.until;
    let record = write::save::<Customers>(tx, ctx, &permit, &before, record, "lock")?;
    answer(tx, ctx, &record)
}

fn give(tx: &mut Tx<'_>, before: &Customer, user: Uuid) -> Result<Customer, Problem> {
    let held = user_team_hold(tx, user)?.filter(|user| user.is_active).ok_or(Denied::Forbidden)?;
    let mut record = before.clone();
    (record.head.owner_id, record.head.team_id) = (Some(Id(user)), held.team_id);
    Ok(record)
}

fn answer(tx: &mut Tx<'_>, ctx: &Context, record: &Customer) -> Result<Reply, Problem> {
    Ok(Reply::ok(&list::view::<Customers>(tx, record, ctx)?)?.record(record.head.id.0, record.head.version))
}

/// Contacts and open deals that nobody owns, or the previous owner, go to the new one.
fn follow(tx: &mut Tx<'_>, ctx: &Context, before: &Customer, record: &Customer, action: &str) -> Result<(), Problem> {
    for (kind, id) in customer_followers(tx, record.head.id.0, before.body.profile.0.previous_owner_id)? {
        match kind {
            RecordKind::Contact => pass_on::<Contacts>(tx, ctx, id, record, action)?,
            _ => pass_on::<Opportunities>(tx, ctx, id, record, action)?,
        }
    }
    Ok(())
}

/// What follows a customer is no act of its own: whoever claims a customer need not be allowed to assign its contacts.
fn pass_on<R: RecordType>(
    tx: &mut Tx<'_>,
    ctx: &Context,
    id: Uuid,
    customer: &Customer,
    action: &str,
) -> Result<(), Problem> {
    let found: Option<Record<R::Body>> = record_find(tx, &Visibility::Everything, id).map_err(StoreError::from)?;
    let Some(before) = found else { return Ok(()) };
    let permit = decide(&Actor::system(), Action::Assign, R::SUBJECT, None)?;
    let mut record = before.clone();
    (record.head.owner_id, record.head.team_id) = (customer.head.owner_id, customer.head.team_id);
    write::save::<R>(tx, ctx, &permit, &before, record, action).map(drop)
}
