//! The keys that sign access tokens, cursors and throttle keys.

use diesel::prelude::*;

use crate::connection::Db;
use crate::error::StoreError;
use crate::people_schema::signing_keys;
use crate::store::Tx;
use crate::types::Instant;

/// One key.
#[derive(Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = signing_keys, treat_none_as_default_value = false)]
pub struct SigningKeyRow {
    /// Its id, as it stands in the header of a token.
    pub id: String,
    /// 32 random bytes, base64.
    pub secret: String,
    /// When it was made.
    pub created_at: Instant,
    /// When it stopped signing; it verifies until the last token it signed has expired.
    pub retired_at: Option<Instant>,
}

impl std::fmt::Debug for SigningKeyRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKeyRow").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Every key, newest first.
///
/// # Errors
/// When the database fails.
pub fn signing_key_list(db: &mut Db) -> Result<Vec<SigningKeyRow>, StoreError> {
    let order = (signing_keys::created_at.desc(), signing_keys::id.desc());
    Ok(signing_keys::table.select(SigningKeyRow::as_select()).order(order).load(db)?)
}

/// Keeps a new key.
///
/// # Errors
/// When the database fails.
pub fn signing_key_insert(tx: &mut Tx<'_>, row: &SigningKeyRow) -> Result<(), StoreError> {
    diesel::insert_into(signing_keys::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// Stops every key from signing, at `now`.
///
/// # Errors
/// When the database fails.
pub fn signing_key_retire_all(tx: &mut Tx<'_>, now: Instant) -> Result<(), StoreError> {
    let live = signing_keys::table.filter(signing_keys::retired_at.is_null());
    diesel::update(live).set(signing_keys::retired_at.eq(now)).execute(&mut **tx)?;
    Ok(())
}

/// Forgets keys that stopped signing before `before`.
///
/// # Errors
/// When the database fails.
pub fn signing_key_purge(tx: &mut Tx<'_>, before: Instant) -> Result<usize, StoreError> {
    Ok(diesel::delete(signing_keys::table.filter(signing_keys::retired_at.lt(before))).execute(&mut **tx)?)
}
