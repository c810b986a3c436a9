//! Rows of what people jot down for themselves.

use diesel::prelude::*;
use uuid::Uuid;

use rapport_domain::kind::RecordKind;

use crate::connection::Db;
use crate::error::StoreError;
use crate::outbox::{Told, outbox_tell};
use crate::people_schema::sticky_notes as notes;
use crate::records::record_take;
use crate::store::Tx;
use crate::types::{Id, Instant};

/// What somebody has jotted down.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = notes, treat_none_as_default_value = false)]
pub struct StickyNoteRow {
    /// The id.
    pub id: Id,
    /// Whose it is.
    pub user_id: Id,
    /// The text.
    pub body: String,
    /// On paper of this colour.
    pub colour: String,
    /// What kind of record it is about, if any.
    pub about_kind: Option<String>,
    /// Which record.
    pub about_id: Option<Id>,
    /// One more with every change.
    pub version: i64,
    /// When it was written.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

/// What somebody has jotted down, the newest first.
///
/// # Errors
/// When the database fails.
pub fn sticky_notes_of(db: &mut Db, user: Uuid) -> Result<Vec<StickyNoteRow>, StoreError> {
    let theirs = notes::table.filter(notes::user_id.eq(Id(user)));
    Ok(theirs.order((notes::created_at.desc(), notes::id.desc())).load(db)?)
}

/// One note of somebody's.
///
/// # Errors
/// When the database fails.
pub fn sticky_note_find(db: &mut Db, user: Uuid, id: Uuid) -> Result<Option<StickyNoteRow>, StoreError> {
    let theirs = notes::table.filter(notes::id.eq(Id(id))).filter(notes::user_id.eq(Id(user)));
    Ok(theirs.first(db).optional()?)
}

/// Adds one, unless there are as many as there may be; answers whether it was added.
///
/// # Errors
/// `Unique` when the id is taken.
pub fn sticky_note_insert(tx: &mut Tx<'_>, row: &StickyNoteRow, most: i64) -> Result<bool, StoreError> {
    // Of two that add one the second waits, and counts what the first has added.
    record_take(tx, RecordKind::User, row.user_id.0)?;
    let there: i64 = notes::table.filter(notes::user_id.eq(row.user_id)).count().get_result(&mut **tx)?;
    if there >= most {
        return Ok(false);
    }
    diesel::insert_into(notes::table).values(row).execute(&mut **tx)?;
    tell(tx, "create", row)?;
    Ok(true)
}

/// Overwrites text and colour of one that still has `version`.
///
/// # Errors
/// `Stale` when it has not.
pub fn sticky_note_update(tx: &mut Tx<'_>, row: &StickyNoteRow, version: i64) -> Result<(), StoreError> {
    let mine = notes::table.filter(notes::id.eq(row.id)).filter(notes::version.eq(version));
    let changed = (
        notes::body.eq(&row.body),
        notes::colour.eq(&row.colour),
        notes::version.eq(row.version),
        notes::updated_at.eq(row.updated_at),
    );
    match diesel::update(mine).set(changed).execute(&mut **tx)? {
        0 => Err(StoreError::Stale),
        _ => Ok(tell(tx, "update", row)?),
    }
}

/// Throws one away.
///
/// # Errors
/// When the database fails.
pub fn sticky_note_drop(tx: &mut Tx<'_>, row: &StickyNoteRow, now: Instant) -> Result<(), StoreError> {
    diesel::delete(notes::table.filter(notes::id.eq(row.id))).execute(&mut **tx)?;
    Ok(tell(tx, "delete", &StickyNoteRow { updated_at: now, ..row.clone() })?)
}

/// The text stays when the record it was about is purged.
pub(crate) fn sticky_notes_forget(tx: &mut Tx<'_>, about: Id) -> QueryResult<()> {
    let nothing = (notes::about_kind.eq(None::<String>), notes::about_id.eq(None::<Id>));
    diesel::update(notes::table.filter(notes::about_id.eq(about))).set(nothing).execute(&mut **tx).map(drop)
}

/// Their open pages hear of it.
fn tell(tx: &mut Tx<'_>, action: &'static str, row: &StickyNoteRow) -> QueryResult<()> {
    outbox_tell(tx, &Told { user: row.user_id, what: "sticky_note", action, id: row.id, at: row.updated_at })
}
