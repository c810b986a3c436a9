//! Whether anything has changed that decides who may do what.
//!
//! Sessions, keys, users, roles and teams are read far more often than they change. Whatever changes one of them in a
//! way that counts moves the epoch on, in the same transaction; so what was read of them is still true as long as the
//! epoch is the same, on every node.

use diesel::prelude::*;

use crate::connection::{Db, native};
use crate::error::StoreError;
use crate::people_schema::guards;
use crate::roles::guard_pass;
use crate::store::Tx;

/// The guard that every such change passes.
const ACCESS: &str = "access";

/// The present epoch. Read it before anything that is to be kept for as long as it lasts.
///
/// # Errors
/// When the database fails.
pub fn access_epoch(db: &mut Db) -> Result<i64, StoreError> {
    let row = guards::table.filter(guards::name.eq(ACCESS)).select(guards::passes);
    // Asked by every request: through the run-time connection its text would be put together each time.
    Ok(native!(db, |c| row.get_result(c)).optional()?.unwrap_or(0))
}

/// Begins a new epoch: what others remember of sessions, keys, users, roles and teams is read again.
pub(crate) fn access_changed(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    tx.held.forget_people();
    guard_pass(tx, ACCESS)
}
