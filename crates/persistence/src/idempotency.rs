//! Answers kept for retries. The key is claimed by the first write of the transaction that has the effect.

use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use crate::connection::Both;
use crate::error::StoreError;
use crate::schema::idempotency_keys;
use crate::store::Tx;
use crate::types::{Id, Instant, Json};

/// What was answered.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable)]
#[diesel(table_name = idempotency_keys, treat_none_as_default_value = false)]
pub struct KeptAnswer {
    /// Who asked.
    pub caller_id: Id,
    /// The key they chose.
    pub key: String,
    /// Digest of what they asked.
    pub request_hash: String,
    /// The status that was answered; 0 while the work is under way.
    pub status: i32,
    /// ETag and Location.
    pub headers: Json<Value>,
    /// The body.
    pub body: String,
    /// When.
    pub created_at: Instant,
}

/// Claims a key; answers what is kept under it when it is taken.
///
/// # Errors
/// When the database fails.
pub fn key_claim(tx: &mut Tx<'_>, claim: &KeptAnswer) -> Result<Option<KeptAnswer>, StoreError> {
    let insert = diesel::insert_into(idempotency_keys::table).values(claim.clone()).on_conflict_do_nothing();
    if Both(insert).execute(&mut **tx)? == 1 {
        return Ok(None);
    }
    Ok(idempotency_keys::table.find((claim.caller_id, &claim.key)).get_result(&mut **tx).optional()?)
}

/// Keeps the answer under its key.
///
/// # Errors
/// When the database fails.
pub fn key_keep(tx: &mut Tx<'_>, answer: &KeptAnswer) -> Result<(), StoreError> {
    diesel::update(idempotency_keys::table.find((answer.caller_id, &answer.key)))
        .set((
            idempotency_keys::status.eq(answer.status),
            idempotency_keys::headers.eq(&answer.headers),
            idempotency_keys::body.eq(&answer.body),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Frees one key.
///
/// # Errors
/// When the database fails.
pub fn key_free(tx: &mut Tx<'_>, caller: Uuid, key: &str) -> Result<(), StoreError> {
    diesel::delete(idempotency_keys::table.find((Id(caller), key))).execute(&mut **tx)?;
    Ok(())
}

/// Forgets what is older than `before`; answers how many that were.
///
/// # Errors
/// When the database fails.
pub fn keys_forget(tx: &mut Tx<'_>, before: Instant) -> Result<usize, StoreError> {
    Ok(diesel::delete(idempotency_keys::table.filter(idempotency_keys::created_at.lt(before))).execute(&mut **tx)?)
}
