//! When rules take customers from their owners: written anew with whatever changes it.

use uuid::Uuid;

use rapport_domain::context::Context;
use rapport_domain::pool::Release;
use rapport_persistence::customer_pools::{CustomerPoolRow, customer_pools_close, customer_pools_renew};
use rapport_persistence::releases::{
    Owned, Whose, owned_after, owned_hold, owned_hold_after, owned_written, releases_count_from, releases_keep,
};
use rapport_persistence::roles::guard_pass;
use rapport_persistence::types::Instant;
use rapport_persistence::{Db, Tx};

use super::{Pools, permit};
use crate::problem::Problem;

/// How many customers are looked at by one statement.
const PORTION: usize = 200;

/// Something has happened around these customers.
pub(crate) fn keep_releases(tx: &mut Tx<'_>, pools: &Pools, customers: &[Uuid]) -> Result<(), Problem> {
    if !pools.has_rules() {
        // Then nothing is kept of any.
        return Ok(());
    }
    let owned = owned_hold(tx, customers)?;
    keep(tx, pools, &owned)
}

/// Customers that this transaction has given to somebody else.
pub(super) fn keep_written(tx: &mut Tx<'_>, pools: &Pools, customers: &[Uuid]) -> Result<(), Problem> {
    if !pools.has_rules() {
        return Ok(());
    }
    for portion in customers.chunks(PORTION) {
        let owned = owned_written(tx, portion)?;
        keep(tx, pools, &owned)?;
    }
    Ok(())
}

pub(super) fn keep(tx: &mut Tx<'_>, pools: &Pools, owned: &[Owned]) -> Result<(), Problem> {
    let changed: Vec<(Uuid, Option<Release>)> =
        owned.iter().filter_map(|customer| different(pools, customer)).collect();
    Ok(releases_keep(tx, &permit()?, &changed)?)
}

/// When a customer is released, if that is not what is kept.
fn different(pools: &Pools, customer: &Owned) -> Option<(Uuid, Option<Release>)> {
    let release = pools.release(customer.team_id, &customer.tenure);
    (release != customer.kept).then_some((customer.id, release))
}

/// Nobody decides by the pools until the transaction ends, which is about to change them or whom they serve. Who sees what
/// changes with them, and whoever changes that stands in line before anything else.
pub(crate) fn close(tx: &mut Tx<'_>) -> Result<Vec<CustomerPoolRow>, Problem> {
    guard_pass(tx, "access")?;
    Ok(customer_pools_close(tx)?)
}

/// The rules have changed, or many customers have been written past them.
pub(crate) fn keep_all_releases(tx: &mut Tx<'_>) -> Result<(), Problem> {
    keep_all(tx, Whose::Everybody)
}

/// Other pools may serve people than before: whose rules they are new to, owners are warned of as of now.
pub(crate) fn serving_changed(tx: &mut Tx<'_>, ctx: &Context) -> Result<(), Problem> {
    customer_pools_renew(tx, &permit()?, Instant(ctx.now))?;
    keep_all_releases(tx)
}

/// Somebody has come to another team with all they own: rules count from now on.
pub(crate) fn owner_moved(tx: &mut Tx<'_>, ctx: &Context, owner: Uuid) -> Result<(), Problem> {
    releases_count_from(tx, &permit()?, owner, Instant(ctx.now))?;
    keep_all(tx, Whose::Of(owner))
}

fn keep_all(tx: &mut Tx<'_>, whose: Whose) -> Result<(), Problem> {
    let pools = Pools::hold(tx)?;
    // Without a rule there is nothing to keep; what is kept goes.
    let whose = if pools.has_rules() { whose } else { Whose::Released };
    let mut last = None;
    loop {
        let owned = owned_hold_after(tx, whose, last)?;
        let Some(end) = owned.last() else { return Ok(()) };
        last = Some(end.id);
        keep(tx, &pools, &owned)?;
    }
}

/// How many customers are kept with another release than the rules say, with one of them.
pub(crate) fn differing(db: &mut Db) -> Result<(u64, Option<Uuid>), Problem> {
    let pools = Pools::read(db)?;
    let (mut last, mut found, mut example) = (None, 0, None);
    loop {
        let owned = owned_after(db, last)?;
        let Some(end) = owned.last() else { return Ok((found, example)) };
        last = Some(end.id);
        for customer in owned.iter().filter(|customer| different(&pools, customer).is_some()) {
            found += 1;
            example.get_or_insert(customer.id);
        }
    }
}
