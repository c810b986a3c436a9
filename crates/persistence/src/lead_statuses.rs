//! Rows of lead statuses.

use std::collections::BTreeMap;

use diesel::prelude::*;

use rapport_domain::access::Permit;
use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_domain::lead::StatusCategory;

use crate::connection::Db;
use crate::error::StoreError;
use crate::fragment::{Bind, Fragment};
use crate::reassignment::{Reference, close, hold_row, reassign, references};
use crate::schema::lead_statuses;
use crate::store::Tx;
use crate::types::Json;

/// A status of leads.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = lead_statuses, treat_none_as_default_value = false, primary_key(key))]
pub struct LeadStatusRow {
    /// A word that never changes: `working`.
    pub key: String,
    /// Its name, by language.
    pub names: Json<BTreeMap<String, String>>,
    /// What it means, a word of the domain's `StatusCategory`.
    pub category: String,
    /// How it is shown.
    pub color: String,
    /// Its place among the others.
    pub position: i32,
    /// Whether it is offered.
    pub is_active: bool,
    /// Starts at 1, one more with every change.
    pub version: i64,
}

/// One status.
///
/// # Errors
/// When the database fails.
pub fn lead_status_find(db: &mut Db, key: &str) -> Result<Option<LeadStatusRow>, StoreError> {
    Ok(lead_statuses::table.filter(lead_statuses::key.eq(key)).get_result(db).optional()?)
}

/// The status that a lead comes to: it stays, and means the same, until the transaction ends.
///
/// # Errors
/// When the database fails.
pub fn lead_status_hold(tx: &mut Tx<'_>, key: &str) -> Result<Option<LeadStatusRow>, StoreError> {
    Ok(hold_row!(tx, lead_statuses::table.filter(lead_statuses::key.eq(key)))?)
}

/// The first status of a category that is offered: it stays, and means the same, until the transaction ends.
///
/// # Errors
/// When the database fails.
pub fn lead_status_hold_first(tx: &mut Tx<'_>, category: StatusCategory) -> Result<Option<LeadStatusRow>, StoreError> {
    let offered = lead_statuses::table
        .filter(lead_statuses::category.eq(category.as_str()))
        .filter(lead_statuses::is_active.eq(true))
        .order((lead_statuses::position, lead_statuses::key))
        .limit(1);
    Ok(hold_row!(tx, offered)?)
}

/// Every status, in order.
///
/// # Errors
/// When the database fails.
pub fn lead_statuses_all(db: &mut Db) -> Result<Vec<LeadStatusRow>, StoreError> {
    Ok(lead_statuses::table.order((lead_statuses::position, lead_statuses::key)).load(db)?)
}

/// Adds a status.
///
/// # Errors
/// `Unique("lead_statuses_pkey")` when the key is taken.
pub fn lead_status_insert(tx: &mut Tx<'_>, _permit: &Permit, row: &LeadStatusRow) -> Result<(), StoreError> {
    diesel::insert_into(lead_statuses::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// Overwrites the status that still has `version`.
///
/// # Errors
/// `Stale` when it has not.
pub fn lead_status_update(
    tx: &mut Tx<'_>,
    _permit: &Permit,
    row: &LeadStatusRow,
    version: i64,
) -> Result<(), StoreError> {
    let mine = lead_statuses::table.filter(lead_statuses::key.eq(&row.key)).filter(lead_statuses::version.eq(version));
    match diesel::update(mine).set(row).execute(&mut **tx)? {
        0 => Err(StoreError::Stale),
        _ => Ok(()),
    }
}

/// Removes a status.
///
/// # Errors
/// `Reference` while a lead has it.
pub fn lead_status_delete(tx: &mut Tx<'_>, _permit: &Permit, key: &str) -> Result<(), StoreError> {
    diesel::delete(lead_statuses::table.filter(lead_statuses::key.eq(key))).execute(&mut **tx)?;
    Ok(())
}

/// How many leads have the status, dead or alive; none comes to it until the transaction ends.
///
/// # Errors
/// When the database fails.
pub fn lead_status_in_use(tx: &mut Tx<'_>, key: &str) -> Result<i64, StoreError> {
    close(tx, "lead_statuses", key)?;
    Ok(references(tx, RecordKind::Lead, "status", key)?)
}

/// Gives every lead that has the status `from` the status `to`; none comes to `from` until the transaction ends. Answers
/// how many that were. Both must be of one category: what the leads went through stays true.
///
/// # Errors
/// `Constraint` when the categories differ.
pub fn lead_status_replace(
    tx: &mut Tx<'_>,
    _permit: &Permit,
    context: &Context,
    from: &LeadStatusRow,
    to: &LeadStatusRow,
) -> Result<i64, StoreError> {
    if from.category != to.category {
        return Err(StoreError::Constraint("a status is replaced by one of its category".into()));
    }
    close(tx, "lead_statuses", &from.key)?;
    let category = Fragment::sql(", status_category = ").bind(Bind::Text(to.category.clone()));
    reassign(
        tx,
        context,
        Reference { kind: RecordKind::Lead, column: "status", from: &from.key, to: &to.key },
        &category,
    )
}
