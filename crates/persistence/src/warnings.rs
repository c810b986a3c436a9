//! Customers whose owners are to be told that a rule is about to take them: each once for each day of release.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::Nullable;
use uuid::Uuid;

use rapport_domain::access::Permit;

use crate::connection::Db;
use crate::error::StoreError;
use crate::fragment::{Bind, Fragment};
use crate::releases::DueAfter;
use crate::store::Tx;
use crate::types::{Id, Instant, Ts, Uid};

/// A customer whose owner has not been told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, QueryableByName)]
pub struct Unwarned {
    /// The customer.
    #[diesel(sql_type = Uid)]
    pub id: Id,
    /// Its owner.
    #[diesel(sql_type = Uid)]
    pub owner_id: Id,
    /// The owner's team.
    #[diesel(sql_type = Nullable<Uid>)]
    pub team_id: Option<Id>,
    /// When it is to be released.
    #[diesel(sql_type = Ts)]
    pub release_at: Instant,
}

impl Unwarned {
    /// Where it stands among the others.
    #[must_use]
    pub fn place(&self) -> DueAfter {
        (self.release_at.0, self.id.0)
    }
}

const COLUMNS: &str = "id, owner_id, team_id, release_at";
/// As the index has it, which holds nobody who has been told.
const TO_WARN: &str = "deleted_at IS NULL AND release_at IS DISTINCT FROM warned_for";

/// Customers that are released until a moment and whose owners do not know yet, the first to go first, after one.
///
/// # Errors
/// When the database fails.
pub fn releases_unwarned(
    db: &mut Db,
    until: DateTime<Utc>,
    after: Option<DueAfter>,
    limit: i64,
) -> Result<Vec<Unwarned>, StoreError> {
    let mut sql = Fragment::sql("SELECT ").push(COLUMNS).push(" FROM customers WHERE ").push(TO_WARN);
    sql = sql.push(" AND release_at <= ").bind(Bind::Instant(Instant(until)));
    if let Some((at, id)) = after {
        sql = sql.push(" AND (release_at, id) > (").bind(Bind::Instant(Instant(at))).push(", ").bind(id).push(")");
    }
    Ok(sql.push(" ORDER BY release_at, id LIMIT ").bind(Bind::Integer(limit)).load_rows(db)?)
}

/// Notes that the owners of these customers are told; answers with those who had not been, as they are now. Whoever looks at
/// the same time waits, and finds nothing left.
///
/// # Errors
/// When the database fails.
pub fn releases_warn(tx: &mut Tx<'_>, _permit: &Permit, ids: &[Uuid]) -> Result<Vec<Unwarned>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut told: Vec<Unwarned> = Fragment::sql("UPDATE customers SET warned_for = release_at WHERE ")
        .push(TO_WARN)
        .push(" AND release_at IS NOT NULL AND id IN (")
        .bind_all(ids.iter().map(|id| (*id).into()))
        .push(") RETURNING ")
        .push(COLUMNS)
        .ad_hoc()
        .load_rows(tx)?;
    told.sort_by_key(Unwarned::place);
    Ok(told)
}
