//! Rows of calendar feeds: one link a user, of which only the hash is kept.

use diesel::prelude::*;
use uuid::Uuid;

use crate::connection::Db;
use crate::error::StoreError;
use crate::people_schema::{calendar_feeds, users};
use crate::store::Tx;
use crate::types::{Id, Instant};
use crate::users::UserRow;

/// A feed.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = calendar_feeds, treat_none_as_default_value = false)]
pub struct CalendarFeedRow {
    /// Whose tasks it shows.
    pub user_id: Id,
    /// SHA-256 of the token in the link, hexadecimal.
    pub token_hash: String,
    /// When the link was made.
    pub created_at: Instant,
    /// When a calendar last asked.
    pub last_used_at: Option<Instant>,
}

/// The feed of a user.
///
/// # Errors
/// When the database fails.
pub fn calendar_feed_of(db: &mut Db, user: Uuid) -> Result<Option<CalendarFeedRow>, StoreError> {
    Ok(calendar_feeds::table.filter(calendar_feeds::user_id.eq(Id(user))).first(db).optional()?)
}

/// The feed with this token, and whose it is.
///
/// # Errors
/// When the database fails.
pub fn calendar_feed_find(db: &mut Db, token_hash: &str) -> Result<Option<(CalendarFeedRow, UserRow)>, StoreError> {
    let both = calendar_feeds::table.inner_join(users::table).filter(calendar_feeds::token_hash.eq(token_hash));
    Ok(both.select((CalendarFeedRow::as_select(), UserRow::as_select())).first(db).optional()?)
}

/// Puts a feed in the place of the one before.
///
/// # Errors
/// When the database fails.
pub fn calendar_feed_put(tx: &mut Tx<'_>, row: &CalendarFeedRow) -> Result<(), StoreError> {
    calendar_feed_drop(tx, row.user_id.0)?;
    diesel::insert_into(calendar_feeds::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// Ends the feed of a user, if there is one.
///
/// # Errors
/// When the database fails.
pub fn calendar_feed_drop(tx: &mut Tx<'_>, user: Uuid) -> Result<(), StoreError> {
    let theirs = calendar_feeds::table.filter(calendar_feeds::user_id.eq(Id(user)));
    diesel::delete(theirs).execute(&mut **tx)?;
    Ok(())
}

/// Notes that a calendar has asked.
///
/// # Errors
/// When the database fails.
pub fn calendar_feed_touch(tx: &mut Tx<'_>, user: Uuid, now: Instant) -> Result<(), StoreError> {
    let theirs = calendar_feeds::table.filter(calendar_feeds::user_id.eq(Id(user)));
    diesel::update(theirs).set(calendar_feeds::last_used_at.eq(now)).execute(&mut **tx)?;
    Ok(())
}
