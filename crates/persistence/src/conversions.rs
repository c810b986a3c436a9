//! Rows of conversions: what a lead became, and what undoing it needs.

use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use crate::connection::Db;
use crate::error::StoreError;
use crate::schema::lead_conversions;
use crate::store::Tx;
use crate::types::{Id, Instant, Json};
use rapport_domain::access::Permit;

/// One conversion of one lead.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable)]
#[diesel(table_name = lead_conversions, treat_none_as_default_value = false)]
pub struct ConversionRow {
    /// The id of the conversion.
    pub id: Id,
    /// The lead.
    pub lead_id: Id,
    /// The customer it became or was linked to.
    pub customer_id: Option<Id>,
    /// The contact it became or was linked to.
    pub contact_id: Option<Id>,
    /// The opportunity it became or was linked to.
    pub opportunity_id: Option<Id>,
    /// What was created or written, at which versions and over which old values.
    pub detail: Json<Value>,
    /// When.
    pub converted_at: Instant,
    /// By whom.
    pub converted_by: Option<Id>,
    /// When it was undone.
    pub reverted_at: Option<Instant>,
    /// By whom.
    pub reverted_by: Option<Id>,
}

/// Records a conversion. The partial unique index on the lead lets one through, however many try.
///
/// # Errors
/// [`StoreError::Unique`] `lead_conversions_one_live` when the lead is converted already.
pub fn conversion_insert(tx: &mut Tx<'_>, _permit: &Permit, row: &ConversionRow) -> Result<(), StoreError> {
    diesel::insert_into(lead_conversions::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// Marks a conversion as undone; `false` when somebody else did so first.
///
/// # Errors
/// When the database fails.
pub fn conversion_revert(
    tx: &mut Tx<'_>,
    _permit: &Permit,
    id: Uuid,
    at: Instant,
    by: Option<Id>,
) -> QueryResult<bool> {
    let live = lead_conversions::table.find(Id(id)).filter(lead_conversions::reverted_at.is_null());
    let rows = diesel::update(live)
        .set((lead_conversions::reverted_at.eq(Some(at)), lead_conversions::reverted_by.eq(by)))
        .execute(&mut **tx)?;
    Ok(rows == 1)
}

/// The live conversions of these leads.
///
/// # Errors
/// When the database fails.
pub fn conversions_live(db: &mut Db, leads: &[Uuid]) -> QueryResult<Vec<ConversionRow>> {
    if leads.is_empty() {
        return Ok(Vec::new());
    }
    let leads: Vec<Id> = leads.iter().map(|id| Id(*id)).collect();
    lead_conversions::table
        .filter(lead_conversions::lead_id.eq_any(leads))
        .filter(lead_conversions::reverted_at.is_null())
        .load(db)
}
