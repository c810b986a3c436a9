//! Failed sign-ins, kept so that a restart does not forget them.

use diesel::prelude::*;

use crate::connection::{Both, Db};
use crate::error::StoreError;
use crate::people_schema::login_throttles;
use crate::store::Tx;
use crate::types::Instant;

/// How often a key has failed in a row, and until when it waits.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = login_throttles)]
pub struct ThrottleRow {
    /// What is counted: a keyed hash of an account.
    pub key: String,
    /// Failures in a row.
    pub failures: i64,
    /// Until when further tries are refused.
    pub blocked_until: Instant,
    /// When the last failure was.
    pub updated_at: Instant,
}

/// What is known of a key, which nobody else can read or write in this way until the transaction ends.
///
/// # Errors
/// When the database fails.
pub fn throttle_lock(tx: &mut Tx<'_>, key: &str, now: Instant) -> Result<ThrottleRow, StoreError> {
    let fresh = ThrottleRow { key: key.to_owned(), failures: 0, blocked_until: now, updated_at: now };
    let insert =
        diesel::insert_into(login_throttles::table).values(&fresh).on_conflict(login_throttles::key).do_update();
    Both(insert.set(login_throttles::key.eq(key))).execute(&mut **tx)?;
    Ok(throttle_find(tx, key)?.unwrap_or(fresh))
}

/// What is known of a key.
///
/// # Errors
/// When the database fails.
pub fn throttle_find(db: &mut Db, key: &str) -> Result<Option<ThrottleRow>, StoreError> {
    let mine = login_throttles::table.filter(login_throttles::key.eq(key));
    Ok(mine.select(ThrottleRow::as_select()).get_result(db).optional()?)
}

/// Writes what is known of a key.
///
/// # Errors
/// When the database fails.
pub fn throttle_put(tx: &mut Tx<'_>, row: &ThrottleRow) -> Result<(), StoreError> {
    let insert =
        diesel::insert_into(login_throttles::table).values(row).on_conflict(login_throttles::key).do_update().set(row);
    Both(insert).execute(&mut **tx)?;
    Ok(())
}

/// Forgets a key after a success.
///
/// # Errors
/// When the database fails.
pub fn throttle_clear(tx: &mut Tx<'_>, key: &str) -> Result<(), StoreError> {
    diesel::delete(login_throttles::table.filter(login_throttles::key.eq(key))).execute(&mut **tx)?;
    Ok(())
}

/// Forgets keys without failures since `before`.
///
/// # Errors
/// When the database fails.
pub fn throttle_purge(tx: &mut Tx<'_>, before: Instant) -> Result<usize, StoreError> {
    Ok(diesel::delete(login_throttles::table.filter(login_throttles::updated_at.lt(before))).execute(&mut **tx)?)
}
