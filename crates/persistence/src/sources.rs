//! Rows of sources: where records come from.

use std::collections::BTreeMap;

use diesel::prelude::*;

use rapport_domain::access::Permit;
use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;

use crate::connection::Db;
use crate::error::StoreError;
use crate::fragment::Fragment;
use crate::reassignment::{Reference, close, hold_row, reassign, references};
use crate::schema::sources;
use crate::store::Tx;
use crate::types::Json;

/// A source.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = sources, treat_none_as_default_value = false, primary_key(key))]
pub struct SourceRow {
    /// A word that never changes: `website`.
    pub key: String,
    /// Its name, by language.
    pub names: Json<BTreeMap<String, String>>,
    /// Its place among the others.
    pub position: i32,
    /// Whether it is offered.
    pub is_active: bool,
    /// Starts at 1, one more with every change.
    pub version: i64,
}

/// One source.
///
/// # Errors
/// When the database fails.
pub fn source_find(db: &mut Db, key: &str) -> Result<Option<SourceRow>, StoreError> {
    Ok(sources::table.filter(sources::key.eq(key)).get_result(db).optional()?)
}

/// The source that a record comes to: it stays until the transaction ends.
///
/// # Errors
/// When the database fails.
pub fn source_hold(tx: &mut Tx<'_>, key: &str) -> Result<Option<SourceRow>, StoreError> {
    if let Some(source) = tx.held.sources.get(key) {
        return Ok(Some(source.clone()));
    }
    let held = hold_row!(tx, sources::table.filter(sources::key.eq(key)))?;
    tx.held.sources.extend(held.clone().map(|source: SourceRow| (key.to_owned(), source)));
    Ok(held)
}

/// Every source, in order.
///
/// # Errors
/// When the database fails.
pub fn sources_all(db: &mut Db) -> Result<Vec<SourceRow>, StoreError> {
    Ok(sources::table.order((sources::position, sources::key)).load(db)?)
}

/// Adds a source.
///
/// # Errors
/// `Unique("sources_pkey")` when the key is taken.
pub fn source_insert(tx: &mut Tx<'_>, _permit: &Permit, row: &SourceRow) -> Result<(), StoreError> {
    diesel::insert_into(sources::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// Overwrites the source that still has `version`.
///
/// # Errors
/// `Stale` when it has not.
pub fn source_update(tx: &mut Tx<'_>, _permit: &Permit, row: &SourceRow, version: i64) -> Result<(), StoreError> {
    tx.held.sources.remove(&row.key);
    let mine = sources::table.filter(sources::key.eq(&row.key)).filter(sources::version.eq(version));
    match diesel::update(mine).set(row).execute(&mut **tx)? {
        0 => Err(StoreError::Stale),
        _ => Ok(()),
    }
}

/// Removes a source.
///
/// # Errors
/// `Reference` while a record has it.
pub fn source_delete(tx: &mut Tx<'_>, _permit: &Permit, key: &str) -> Result<(), StoreError> {
    tx.held.sources.remove(key);
    diesel::delete(sources::table.filter(sources::key.eq(key))).execute(&mut **tx)?;
    Ok(())
}

/// How many records of each kind have the source, dead or alive; none comes to it until the transaction ends.
///
/// # Errors
/// When the database fails.
pub fn source_in_use(tx: &mut Tx<'_>, key: &str) -> Result<Vec<(RecordKind, i64)>, StoreError> {
    close(tx, "sources", key)?;
    RecordKind::OWNED.into_iter().map(|kind| Ok((kind, references(tx, kind, "source", key)?))).collect()
}

/// Gives every record that has the source `from` the source `to`; none comes to `from` until the transaction ends.
/// Answers how many that were.
///
/// # Errors
/// When the database fails.
pub fn source_replace(
    tx: &mut Tx<'_>,
    _permit: &Permit,
    context: &Context,
    from: &str,
    to: &str,
) -> Result<i64, StoreError> {
    close(tx, "sources", from)?;
    RecordKind::OWNED.into_iter().try_fold(0, |total, kind| {
        Ok(total + reassign(tx, context, Reference { kind, column: "source", from, to }, &Fragment::default())?)
    })
}
