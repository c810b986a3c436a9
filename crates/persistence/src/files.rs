//! Rows of files: what somebody sent, and the activity that it is attached to.

use diesel::prelude::*;
use uuid::Uuid;

use crate::connection::Db;
use crate::error::StoreError;
use crate::file_contents::contents_let_go;
use crate::file_schema::{file_contents as contents, files};
use crate::store::Tx;
use crate::types::{Id, Instant};

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = files, treat_none_as_default_value = false)]
pub struct FileRow {
    /// The id.
    pub id: Id,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub media_type: String,
    /// Where its bytes are.
    pub content_id: Id,
    /// When it came.
    pub created_at: Instant,
    /// Who sent it.
    pub created_by: Id,
    /// What it is attached to.
    pub activity_id: Option<Id>,
    /// Since when it is attached to nothing.
    pub loose_since: Option<Instant>,
}

/// A file with what is known of its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    /// The file.
    pub row: FileRow,
    /// How many bytes it has.
    pub size: i64,
    /// Their SHA-256 in hexadecimal digits.
    pub sha256: String,
}

/// A row and what it is joined with; a content that a file has, has a sum.
type Joined = (FileRow, i64, Option<String>);

fn stored((row, size, sha256): Joined) -> StoredFile {
    StoredFile { row, size, sha256: sha256.unwrap_or_default() }
}

/// Adds a file, whose content is held.
///
/// # Errors
/// When the database fails.
pub fn file_insert(tx: &mut Tx<'_>, row: &FileRow) -> Result<(), StoreError> {
    diesel::insert_into(files::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// One file.
///
/// # Errors
/// When the database fails.
pub fn file_find(db: &mut Db, id: Uuid) -> Result<Option<StoredFile>, StoreError> {
    let query = files::table.inner_join(contents::table).filter(files::id.eq(Id(id)));
    let found: Option<Joined> =
        query.select((FileRow::as_select(), contents::size, contents::sha256)).first(db).optional()?;
    Ok(found.map(stored))
}

/// Those of these files that somebody has sent and that are attached to nothing; they stay so until the transaction ends, but
/// for what it does itself.
///
/// # Errors
/// When the database fails.
pub fn files_take_loose(tx: &mut Tx<'_>, sender: Uuid, ids: &[Uuid]) -> Result<Vec<StoredFile>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Id> = ids.iter().map(|id| Id(*id)).collect();
    let mine = files::table.filter(files::id.eq_any(ids)).filter(files::created_by.eq(Id(sender)));
    let mine = mine.filter(files::activity_id.is_null()).order(files::id);
    let rows: Vec<FileRow> = match &mut **tx {
        Db::Sqlite(c) => mine.select(FileRow::as_select()).load(c)?,
        Db::Pg(c) => mine.select(FileRow::as_select()).for_update().load(c)?,
    };
    rows.into_iter().filter_map(|row| file_find(tx, row.id.0).transpose()).collect()
}

/// Attaches files that have been taken.
///
/// # Errors
/// When the database fails.
pub fn files_attach(tx: &mut Tx<'_>, activity: Uuid, ids: &[Uuid]) -> Result<(), StoreError> {
    let ids: Vec<Id> = ids.iter().map(|id| Id(*id)).collect();
    let attached = (files::activity_id.eq(Some(Id(activity))), files::loose_since.eq(None::<Instant>));
    let loose = files::table.filter(files::id.eq_any(ids)).filter(files::activity_id.is_null());
    diesel::update(loose).set(attached).execute(&mut **tx)?;
    Ok(())
}

/// Files are no longer attached to an activity; they are their sender's again, and not for long.
///
/// # Errors
/// When the database fails.
pub fn files_detach(tx: &mut Tx<'_>, activity: Uuid, ids: &[Uuid], now: Instant) -> Result<(), StoreError> {
    let ids: Vec<Id> = ids.iter().map(|id| Id(*id)).collect();
    let mine = files::table.filter(files::id.eq_any(ids)).filter(files::activity_id.eq(Id(activity)));
    let loose = (files::activity_id.eq(None::<Id>), files::loose_since.eq(Some(now)));
    diesel::update(mine).set(loose).execute(&mut **tx)?;
    Ok(())
}

/// Removes a file that somebody has sent and that is attached to nothing; answers whether there was one.
///
/// # Errors
/// When the database fails.
pub fn file_delete(tx: &mut Tx<'_>, sender: Uuid, id: Uuid) -> Result<bool, StoreError> {
    let files = files_take_loose(tx, sender, &[id])?;
    let rows = files.into_iter().map(|file| file.row).collect::<Vec<_>>();
    remove(tx, &rows)?;
    Ok(!rows.is_empty())
}

/// Removes files that have been attached to nothing since before `before`; answers how many.
///
/// # Errors
/// When the database fails.
pub fn files_expire(tx: &mut Tx<'_>, before: Instant, limit: i64) -> Result<usize, StoreError> {
    let old = files::table.filter(files::loose_since.lt(before)).order(files::loose_since).limit(limit);
    let rows: Vec<FileRow> = match &mut **tx {
        Db::Sqlite(c) => old.select(FileRow::as_select()).load(c)?,
        Db::Pg(c) => old.select(FileRow::as_select()).for_update().skip_locked().load(c)?,
    };
    remove(tx, &rows)?;
    Ok(rows.len())
}

/// What is purged has no files any more.
pub(crate) fn files_forget(tx: &mut Tx<'_>, activity: Id) -> Result<(), StoreError> {
    let of_it = files::table.filter(files::activity_id.eq(activity)).select(FileRow::as_select());
    let rows: Vec<FileRow> = of_it.load(&mut **tx)?;
    remove(tx, &rows)
}

fn remove(tx: &mut Tx<'_>, rows: &[FileRow]) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
    diesel::delete(files::table.filter(files::id.eq_any(ids))).execute(&mut **tx)?;
    contents_let_go(tx, rows.iter().map(|row| row.content_id).collect())
}
