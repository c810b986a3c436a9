//! Rows of API keys.

use diesel::prelude::*;
use uuid::Uuid;

use crate::access::access_changed;
use crate::connection::Db;
use crate::error::StoreError;
use crate::people_schema::{api_keys, users};
use crate::store::Tx;
use crate::types::{Id, Instant, Json};
use crate::users::UserRow;

/// An API key; only the hash of its secret is kept.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = api_keys, treat_none_as_default_value = false)]
pub struct ApiKeyRow {
    /// The id.
    pub id: Id,
    /// The first, public letters of the key.
    pub prefix: String,
    /// SHA-256 of the secret, hexadecimal.
    pub secret_hash: String,
    /// Whose power it has.
    pub user_id: Id,
    /// What it is for.
    pub name: String,
    /// What it is narrowed to: `leads:read`.
    pub scopes: Json<Vec<String>>,
    /// When it ends.
    pub expires_at: Instant,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Instant>,
    /// When it was made.
    pub created_at: Instant,
    /// When it was withdrawn.
    pub revoked_at: Option<Instant>,
}

/// A key that is not withdrawn, with its owner, by its public letters.
///
/// # Errors
/// When the database fails.
pub fn api_key_load(db: &mut Db, prefix: &str) -> Result<Option<(ApiKeyRow, UserRow)>, StoreError> {
    let both = api_keys::table
        .inner_join(users::table)
        .filter(api_keys::prefix.eq(prefix))
        .filter(api_keys::revoked_at.is_null());
    Ok(both.select((ApiKeyRow::as_select(), UserRow::as_select())).get_result(db).optional()?)
}

/// A key that is not withdrawn, by its id.
///
/// # Errors
/// When the database fails.
pub fn api_key_find(db: &mut Db, id: Uuid) -> Result<Option<ApiKeyRow>, StoreError> {
    let live = api_keys::table.filter(api_keys::id.eq(Id(id))).filter(api_keys::revoked_at.is_null());
    Ok(live.select(ApiKeyRow::as_select()).get_result(db).optional()?)
}

/// Keys that are not withdrawn, newest first: one user's, or everybody's.
///
/// # Errors
/// When the database fails.
pub fn api_key_list(db: &mut Db, user: Option<Uuid>) -> Result<Vec<ApiKeyRow>, StoreError> {
    let query = api_keys::table.select(ApiKeyRow::as_select()).filter(api_keys::revoked_at.is_null()).into_boxed();
    let query = match user {
        Some(user) => query.filter(api_keys::user_id.eq(Id(user))),
        None => query,
    };
    Ok(query.order((api_keys::created_at.desc(), api_keys::id.desc())).limit(500).load(db)?)
}

/// Keeps a new key.
///
/// # Errors
/// When the database fails.
pub fn api_key_insert(tx: &mut Tx<'_>, row: &ApiKeyRow) -> Result<(), StoreError> {
    diesel::insert_into(api_keys::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// Withdraws a key: one of `user`'s, or anybody's with `None`; answers whether there was one.
///
/// # Errors
/// When the database fails.
pub fn api_key_revoke(tx: &mut Tx<'_>, user: Option<Uuid>, id: Uuid, now: Instant) -> Result<bool, StoreError> {
    let live = api_keys::table.filter(api_keys::id.eq(Id(id))).filter(api_keys::revoked_at.is_null());
    let set = api_keys::revoked_at.eq(now);
    let count = match user {
        Some(user) => diesel::update(live.filter(api_keys::user_id.eq(Id(user)))).set(set).execute(&mut **tx)?,
        None => diesel::update(live).set(set).execute(&mut **tx)?,
    };
    access_changed(tx)?;
    Ok(count > 0)
}

/// Notes that a key was used.
///
/// # Errors
/// When the database fails.
pub fn api_key_touch(tx: &mut Tx<'_>, id: Uuid, now: Instant) -> Result<(), StoreError> {
    diesel::update(api_keys::table.filter(api_keys::id.eq(Id(id))))
        .set(api_keys::last_used_at.eq(now))
        .execute(&mut **tx)?;
    Ok(())
}
