//! Rows of sessions and of the refresh tokens that keep them going.

use diesel::prelude::*;
use uuid::Uuid;

use crate::access::access_changed;
use crate::calendar_feeds::calendar_feed_drop;
use crate::connection::Db;
use crate::error::StoreError;
use crate::people_schema::{refresh_tokens, sessions, users};
use crate::store::Tx;
use crate::types::{Id, Instant};
use crate::users::UserRow;

/// A signed-in browser or app.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions, treat_none_as_default_value = false)]
pub struct SessionRow {
    /// The id; also the family of its refresh tokens.
    pub id: Id,
    /// Who signed in.
    pub user_id: Id,
    /// `web` or `app`.
    pub kind: String,
    /// What the browser or app calls itself.
    pub user_agent: String,
    /// The address it signed in from.
    pub ip: String,
    /// When it began.
    pub created_at: Instant,
    /// When it was last refreshed.
    pub last_used_at: Instant,
    /// How long it may rest.
    pub idle_seconds: i64,
    /// When it ends in any case.
    pub expires_at: Instant,
    /// When it was ended early.
    pub revoked_at: Option<Instant>,
    /// Why: `logout`, `replaced`, `too_many`, `revoked`, `password`, `disabled`, `reuse`.
    pub revoked_reason: Option<String>,
}

/// One refresh token, by its hash.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = refresh_tokens, treat_none_as_default_value = false)]
pub struct RefreshTokenRow {
    /// SHA-256 of the token, hexadecimal.
    pub hash: String,
    /// The session it belongs to.
    pub session_id: Id,
    /// The token it replaced.
    pub parent_hash: Option<String>,
    /// When it was handed out.
    pub issued_at: Instant,
    /// When it was exchanged for another one.
    pub used_at: Option<Instant>,
}

impl SessionRow {
    /// Whether the session still holds at `now`.
    #[must_use]
    pub fn is_live(&self, now: Instant) -> bool {
        let rested = now.0.signed_duration_since(self.last_used_at.0).num_seconds();
        self.revoked_at.is_none() && now < self.expires_at && rested < self.idle_seconds
    }
}

/// A session with its user.
///
/// # Errors
/// When the database fails.
pub fn session_load(db: &mut Db, id: Uuid) -> Result<Option<(SessionRow, UserRow)>, StoreError> {
    let both = sessions::table.inner_join(users::table).filter(sessions::id.eq(Id(id)));
    Ok(both.select((SessionRow::as_select(), UserRow::as_select())).get_result(db).optional()?)
}

/// The sessions of a user that hold at `now`, newest first.
///
/// # Errors
/// When the database fails.
pub fn session_list(db: &mut Db, user: Uuid, now: Instant) -> Result<Vec<SessionRow>, StoreError> {
    let live = sessions::table
        .filter(sessions::user_id.eq(Id(user)))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(now));
    let rows =
        live.select(SessionRow::as_select()).order((sessions::created_at.desc(), sessions::id.desc())).limit(200);
    Ok(rows.load(db)?.into_iter().filter(|row: &SessionRow| row.is_live(now)).collect())
}

/// Begins a session.
///
/// # Errors
/// When the database fails.
pub fn session_insert(tx: &mut Tx<'_>, row: &SessionRow) -> Result<(), StoreError> {
    diesel::insert_into(sessions::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// Makes whoever else wants to refresh this session wait until the transaction ends.
///
/// # Errors
/// When the database fails.
pub fn session_lock(tx: &mut Tx<'_>, id: Uuid) -> Result<(), StoreError> {
    let mine = sessions::table.filter(sessions::id.eq(Id(id)));
    diesel::update(mine).set(sessions::kind.eq(sessions::kind)).execute(&mut **tx)?;
    Ok(())
}

/// Notes that a session was used.
///
/// # Errors
/// When the database fails.
pub fn session_touch(tx: &mut Tx<'_>, id: Uuid, now: Instant) -> Result<(), StoreError> {
    diesel::update(sessions::table.filter(sessions::id.eq(Id(id))))
        .set(sessions::last_used_at.eq(now))
        .execute(&mut **tx)?;
    Ok(())
}

/// Ends one session of a user; answers whether it was his and still held.
///
/// # Errors
/// When the database fails.
pub fn session_revoke(tx: &mut Tx<'_>, user: Uuid, id: Uuid, reason: &str, now: Instant) -> Result<bool, StoreError> {
    let mine = sessions::table
        .filter(sessions::id.eq(Id(id)))
        .filter(sessions::user_id.eq(Id(user)))
        .filter(sessions::revoked_at.is_null());
    let values = (sessions::revoked_at.eq(now), sessions::revoked_reason.eq(reason));
    let count = diesel::update(mine).set(values).execute(&mut **tx)?;
    access_changed(tx)?;
    Ok(count > 0)
}

/// Ends every session of a user, except perhaps one, and their calendar feed; answers how many.
///
/// # Errors
/// When the database fails.
pub fn session_revoke_all(
    tx: &mut Tx<'_>,
    user: Uuid,
    except: Option<Uuid>,
    reason: &str,
    now: Instant,
) -> Result<usize, StoreError> {
    let kept = Id(except.unwrap_or_else(Uuid::nil));
    let others = sessions::table
        .filter(sessions::user_id.eq(Id(user)))
        .filter(sessions::id.ne(kept))
        .filter(sessions::revoked_at.is_null());
    let values = (sessions::revoked_at.eq(now), sessions::revoked_reason.eq(reason));
    let count = diesel::update(others).set(values).execute(&mut **tx)?;
    calendar_feed_drop(tx, user)?;
    access_changed(tx)?;
    Ok(count)
}

/// Ends the sessions of a user that began before the newest `kept`; answers how many.
///
/// # Errors
/// When the database fails.
pub fn session_revoke_oldest(
    tx: &mut Tx<'_>,
    user: Uuid,
    kept: i64,
    reason: &str,
    now: Instant,
) -> Result<usize, StoreError> {
    let live = sessions::table.filter(sessions::user_id.eq(Id(user))).filter(sessions::revoked_at.is_null());
    let newest_first = live.select(sessions::id).order((sessions::created_at.desc(), sessions::id.desc()));
    // SQLite takes an offset only behind a limit.
    let older: Vec<Id> = newest_first.limit(i64::from(i32::MAX)).offset(kept).load(&mut **tx)?;
    if older.is_empty() {
        return Ok(0);
    }
    let values = (sessions::revoked_at.eq(now), sessions::revoked_reason.eq(reason));
    Ok(diesel::update(sessions::table.filter(sessions::id.eq_any(older))).set(values).execute(&mut **tx)?)
}

/// A refresh token by its hash.
///
/// # Errors
/// When the database fails.
pub fn refresh_token_find(db: &mut Db, hash: &str) -> Result<Option<RefreshTokenRow>, StoreError> {
    let mine = refresh_tokens::table.filter(refresh_tokens::hash.eq(hash));
    Ok(mine.select(RefreshTokenRow::as_select()).get_result(db).optional()?)
}

/// Whether any token that replaced this one has been used itself.
///
/// # Errors
/// When the database fails.
pub fn refresh_token_has_used_successor(db: &mut Db, hash: &str) -> Result<bool, StoreError> {
    let used = refresh_tokens::table
        .filter(refresh_tokens::parent_hash.eq(hash))
        .filter(refresh_tokens::used_at.is_not_null());
    Ok(used.count().get_result::<i64>(db)? > 0)
}

/// Hands out a refresh token.
///
/// # Errors
/// When the database fails.
pub fn refresh_token_insert(tx: &mut Tx<'_>, row: &RefreshTokenRow) -> Result<(), StoreError> {
    diesel::insert_into(refresh_tokens::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// Marks a token as used; answers false when somebody else was first.
///
/// # Errors
/// When the database fails.
pub fn refresh_token_use(tx: &mut Tx<'_>, hash: &str, now: Instant) -> Result<bool, StoreError> {
    let mine = refresh_tokens::table.filter(refresh_tokens::hash.eq(hash)).filter(refresh_tokens::used_at.is_null());
    Ok(diesel::update(mine).set(refresh_tokens::used_at.eq(now)).execute(&mut **tx)? > 0)
}

/// Takes back the unused tokens that replaced one: their answer never arrived.
///
/// # Errors
/// When the database fails.
pub fn refresh_token_drop_successors(tx: &mut Tx<'_>, hash: &str) -> Result<(), StoreError> {
    let unused =
        refresh_tokens::table.filter(refresh_tokens::parent_hash.eq(hash)).filter(refresh_tokens::used_at.is_null());
    diesel::delete(unused).execute(&mut **tx)?;
    Ok(())
}

/// Forgets sessions (with their tokens) that ended before `before`.
///
/// # Errors
/// When the database fails.
pub fn session_purge(tx: &mut Tx<'_>, before: Instant) -> Result<usize, StoreError> {
    Ok(diesel::delete(sessions::table.filter(sessions::expires_at.lt(before))).execute(&mut **tx)?)
}
