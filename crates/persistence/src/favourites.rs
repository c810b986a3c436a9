//! Rows of the records that people want at hand.

use diesel::prelude::*;
use uuid::Uuid;

use rapport_domain::kind::RecordKind;

use crate::connection::{Both, Db};
use crate::error::StoreError;
use crate::outbox::{Told, outbox_tell};
use crate::people_schema::favourites;
use crate::records::record_take;
use crate::store::Tx;
use crate::types::{Id, Instant};

/// A record that somebody wants at hand.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = favourites)]
pub struct FavouriteRow {
    /// Who.
    pub user_id: Id,
    /// What kind of record.
    pub kind: String,
    /// Which record.
    pub record_id: Id,
    /// Since when.
    pub created_at: Instant,
}

/// What somebody wants at hand, in the order in which it came to be.
///
/// # Errors
/// When the database fails.
pub fn favourites_of(db: &mut Db, user: Uuid) -> Result<Vec<FavouriteRow>, StoreError> {
    let theirs = favourites::table.filter(favourites::user_id.eq(Id(user)));
    Ok(theirs.order((favourites::created_at.asc(), favourites::record_id.asc())).load(db)?)
}

/// Adds one, unless it is there or there are as many as there may be; answers whether it is there now.
///
/// # Errors
/// When the database fails.
pub fn favourite_add(tx: &mut Tx<'_>, row: &FavouriteRow, most: usize) -> Result<bool, StoreError> {
    // Of two that add something the second waits, and counts what the first has added.
    record_take(tx, RecordKind::User, row.user_id.0)?;
    let known = favourites_of(tx, row.user_id.0)?;
    if known.iter().any(|favourite| favourite.record_id == row.record_id) {
        return Ok(true);
    }
    if known.len() >= most {
        return Ok(false);
    }
    diesel::insert_into(favourites::table).values(row).execute(&mut **tx)?;
    tell(tx, "create", row.user_id, row.record_id, row.created_at)?;
    Ok(true)
}

/// Takes one away, if it is there.
///
/// # Errors
/// When the database fails.
pub fn favourite_drop(tx: &mut Tx<'_>, user: Uuid, record: Uuid, now: Instant) -> Result<(), StoreError> {
    let one = favourites::table.filter(favourites::user_id.eq(Id(user))).filter(favourites::record_id.eq(Id(record)));
    if diesel::delete(one).execute(&mut **tx)? > 0 {
        tell(tx, "delete", Id(user), Id(record), now)?;
    }
    Ok(())
}

/// What is purged is nobody's favourite any more.
pub(crate) fn favourites_forget(tx: &mut Tx<'_>, record: Id) -> QueryResult<()> {
    Both(diesel::delete(favourites::table.filter(favourites::record_id.eq(record)))).execute(&mut **tx).map(drop)
}

/// Their open pages hear of it.
fn tell(tx: &mut Tx<'_>, action: &'static str, user: Id, id: Id, at: Instant) -> QueryResult<()> {
    outbox_tell(tx, &Told { user, what: "favourite", action, id, at })
}
