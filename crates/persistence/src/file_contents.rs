//! The bytes of files: in pieces, once however often they are attached, known by their SHA-256.
//!
//! What arrives is written under an id of its own, piece by piece, in transactions of their own, and is nothing until
//! [`content_finish`] gives it its sum. So two that send the same bytes at once never write the same rows, and one that never
//! ends leaves rows that tell by themselves that they are nobody's. Contents that nobody has any more lose their sum again,
//! and go the same way ([`contents_sweep`]).
//!
//! Whoever begins to refer to a content holds it (`FOR KEY SHARE`); whoever looks whether anybody still does has closed it
//! before (`FOR UPDATE`).

use diesel::prelude::*;
use uuid::Uuid;

use crate::connection::{Both, Db};
use crate::error::StoreError;
use crate::file_schema::{file_contents as contents, file_pieces as pieces, file_usage as usage, files};
use crate::fragment::{Bind, Fragment};
use crate::store::Tx;
use crate::types::{Id, Instant, Uid};

/// Bytes of every piece but the last.
pub const PIECE: usize = 256 * 1024;
/// What is counted in `file_usage`.
const CONTENTS: &str = "contents";

/// What has arrived whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// Where its pieces are.
    pub id: Uuid,
    /// The sum of its bytes, in hexadecimal digits.
    pub sha256: String,
    /// How many bytes it has.
    pub size: i64,
}

/// Something begins to arrive.
///
/// # Errors
/// When the database fails.
pub fn content_begin(tx: &mut Tx<'_>, id: Uuid, now: Instant) -> Result<(), StoreError> {
    let row = (contents::id.eq(Id(id)), contents::size.eq(0_i64), contents::created_at.eq(now));
    diesel::insert_into(contents::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// A piece of it has arrived.
///
/// # Errors
/// `Reference` when it has been given up meanwhile.
pub fn piece_insert(tx: &mut Tx<'_>, id: Uuid, position: i32, bytes: &[u8]) -> Result<(), StoreError> {
    let row = (pieces::content_id.eq(Id(id)), pieces::position.eq(position), pieces::bytes.eq(bytes));
    diesel::insert_into(pieces::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// All of it has arrived. Answers which content has these bytes, held until the transaction ends: this one, or one that had
/// them before; `None` when all contents together would have more than `most` bytes.
///
/// # Errors
/// `Retry` when somebody finishes the same bytes at this moment, `Reference` when this has been given up meanwhile.
pub fn content_finish(tx: &mut Tx<'_>, arrived: &Arrived, most: i64) -> Result<Option<Id>, StoreError> {
    if let Some(known) = hold_by_sum(tx, &arrived.sha256)? {
        return Ok(Some(known));
    }
    if !take_room(tx, arrived.size, most)? {
        return Ok(None);
    }
    let mine = contents::table.filter(contents::id.eq(Id(arrived.id))).filter(contents::sha256.is_null());
    let whole = (contents::sha256.eq(&arrived.sha256), contents::size.eq(arrived.size));
    match diesel::update(mine).set(whole).execute(&mut **tx).map_err(StoreError::from) {
        Ok(0) => Err(StoreError::Reference),
        Ok(_) => Ok(Some(Id(arrived.id))),
        Err(StoreError::Unique(_)) => Err(StoreError::Retry),
        Err(error) => Err(error),
    }
}

fn hold_by_sum(tx: &mut Tx<'_>, sha256: &str) -> QueryResult<Option<Id>> {
    let query = contents::table.filter(contents::sha256.eq(sha256)).select(contents::id);
    match &mut **tx {
        Db::Sqlite(c) => query.first(c).optional(),
        Db::Pg(c) => query.for_key_share().first(c).optional(),
    }
}

/// Counts bytes, if there is room for them: one conditional write, so that the limit is exact whoever writes at once.
fn take_room(tx: &mut Tx<'_>, size: i64, most: i64) -> QueryResult<bool> {
    let none = (usage::name.eq(CONTENTS), usage::bytes.eq(0_i64));
    Both(diesel::insert_into(usage::table).values(none).on_conflict_do_nothing()).execute(&mut **tx)?;
    let fits = usage::table.filter(usage::name.eq(CONTENTS)).filter(usage::bytes.le(most.saturating_sub(size)));
    Ok(diesel::update(fits).set(usage::bytes.eq(usage::bytes + size)).execute(&mut **tx)? > 0)
}

/// How many bytes all contents have together.
///
/// # Errors
/// When the database fails.
pub fn contents_bytes(db: &mut Db) -> Result<i64, StoreError> {
    let counted = usage::table.filter(usage::name.eq(CONTENTS)).select(usage::bytes);
    Ok(counted.first(db).optional()?.unwrap_or(0))
}

/// A piece of a content; `None` behind its end.
///
/// # Errors
/// When the database fails.
pub fn piece_find(db: &mut Db, content: Uuid, position: i32) -> Result<Option<Vec<u8>>, StoreError> {
    let piece = pieces::table.filter(pieces::content_id.eq(Id(content))).filter(pieces::position.eq(position));
    Ok(piece.select(pieces::bytes).first(db).optional()?)
}

/// Files of these contents have gone: contents that no other file has lose their sum, and their bytes count no more.
///
/// # Errors
/// When the database fails.
pub(crate) fn contents_let_go(tx: &mut Tx<'_>, mut ids: Vec<Id>) -> Result<(), StoreError> {
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        let Some(size) = close(tx, id)? else { continue };
        let others: i64 = files::table.filter(files::content_id.eq(id)).count().get_result(&mut **tx)?;
        if others == 0 {
            let mine = contents::table.filter(contents::id.eq(id));
            diesel::update(mine).set(contents::sha256.eq(None::<String>)).execute(&mut **tx)?;
            let counted = usage::table.filter(usage::name.eq(CONTENTS));
            diesel::update(counted).set(usage::bytes.eq(usage::bytes - size)).execute(&mut **tx)?;
        }
    }
    Ok(())
}

/// Nobody begins to refer to it until the transaction ends; answers its size, if it has a sum.
fn close(tx: &mut Tx<'_>, id: Id) -> QueryResult<Option<i64>> {
    let query =
        contents::table.filter(contents::id.eq(id)).filter(contents::sha256.is_not_null()).select(contents::size);
    match &mut **tx {
        Db::Sqlite(c) => query.first(c).optional(),
        Db::Pg(c) => query.for_update().first(c).optional(),
    }
}

/// Removes some pieces of a content that has no sum, and itself with the last ones; answers whether there are more.
///
/// # Errors
/// When the database fails.
pub fn content_discard(tx: &mut Tx<'_>, id: Uuid, portion: i32) -> Result<bool, StoreError> {
    match take_loose(tx, Fragment::sql("id = ").bind(id))? {
        Some(id) => discard(tx, id, portion),
        None => Ok(false),
    }
}

/// The same of any that has been without one since before `before`.
///
/// # Errors
/// When the database fails.
pub fn contents_sweep(tx: &mut Tx<'_>, before: Instant, portion: i32) -> Result<bool, StoreError> {
    match take_loose(tx, Fragment::sql("created_at < ").bind(Bind::Instant(before)))? {
        Some(id) => discard(tx, id, portion).map(|_| true),
        None => Ok(false),
    }
}

/// Takes a content without a sum that nobody else is removing.
fn take_loose(tx: &mut Tx<'_>, which: Fragment) -> QueryResult<Option<Id>> {
    let sql = Fragment::sql("SELECT id FROM file_contents WHERE sha256 IS NULL AND ").append(which);
    let found: Vec<Loose> = sql.push(" LIMIT 1").dialect("", " FOR UPDATE SKIP LOCKED").load_rows(tx)?;
    Ok(found.first().map(|row| row.id))
}

#[derive(Debug, QueryableByName)]
struct Loose {
    #[diesel(sql_type = Uid)]
    id: Id,
}

fn discard(tx: &mut Tx<'_>, id: Id, portion: i32) -> Result<bool, StoreError> {
    let of_it = pieces::table.filter(pieces::content_id.eq(id));
    let last: Option<i32> = of_it.select(diesel::dsl::max(pieces::position)).first(&mut **tx)?;
    let from = last.map_or(0, |last| last.saturating_sub(portion - 1).max(0));
    diesel::delete(of_it.filter(pieces::position.ge(from))).execute(&mut **tx)?;
    if from > 0 {
        return Ok(true);
    }
    diesel::delete(contents::table.filter(contents::id.eq(id))).execute(&mut **tx)?;
    Ok(false)
}
