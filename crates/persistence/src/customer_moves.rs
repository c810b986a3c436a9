//! Rows of how customers came into pools and out of them, and what limits ask about people.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use rapport_domain::access::Permit;
use rapport_domain::kind::RecordKind;
use rapport_domain::pool::PoolMove;

use crate::connection::Db;
use crate::contacts::contacts;
use crate::customers::customers;
use crate::error::StoreError;
use crate::opportunities::opportunities;
use crate::reassignment::PORTION;
use crate::roles::guard_pass;
use crate::schema::customer_moves as moves;
use crate::store::Tx;
use crate::types::{Id, Instant};

/// One way into a pool or out of it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = moves, treat_none_as_default_value = false)]
pub struct CustomerMoveRow {
    /// The id.
    pub id: Id,
    /// The customer.
    pub customer_id: Id,
    /// claimed, allotted or released.
    pub kind: String,
    /// The pool it came from, or went to.
    pub pool_id: Id,
    /// Who got it or lost it.
    pub user_id: Option<Id>,
    /// The rule that released it.
    pub rule: Option<String>,
    /// When.
    pub moved_at: Instant,
    /// Whose act it was.
    pub moved_by: Option<Id>,
}

/// Writes one down.
///
/// # Errors
/// When the database fails.
pub fn customer_move_insert(tx: &mut Tx<'_>, _permit: &Permit, row: &CustomerMoveRow) -> Result<(), StoreError> {
    diesel::insert_into(moves::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// Writes many down.
///
/// # Errors
/// When the database fails.
pub fn customer_moves_insert(tx: &mut Tx<'_>, _permit: &Permit, rows: &[CustomerMoveRow]) -> Result<(), StoreError> {
    for portion in rows.chunks(usize::try_from(PORTION).unwrap_or(usize::MAX)) {
        match &mut **tx {
            Db::Sqlite(c) => {
                portion
                    .iter()
                    .try_for_each(|row| diesel::insert_into(moves::table).values(row).execute(c).map(drop))?;
            }
            Db::Pg(c) => diesel::insert_into(moves::table).values(portion).execute(c).map(drop)?,
        }
    }
    Ok(())
}

/// The last move of a customer.
///
/// # Errors
/// When the database fails.
pub fn customer_move_latest(db: &mut Db, customer: Uuid) -> Result<Option<CustomerMoveRow>, StoreError> {
    let mine = moves::table.filter(moves::customer_id.eq(Id(customer)));
    Ok(mine.order((moves::moved_at.desc(), moves::id.desc())).first(db).optional()?)
}

/// How many customers somebody has claimed since a time.
///
/// # Errors
/// When the database fails.
pub fn customer_claims_since(db: &mut Db, user: Uuid, since: DateTime<Utc>) -> Result<i64, StoreError> {
    let mine = moves::table.filter(moves::user_id.eq(Id(user))).filter(moves::kind.eq(PoolMove::Claimed.as_str()));
    Ok(mine.filter(moves::moved_at.ge(Instant(since))).count().get_result(db)?)
}

/// How many living customers somebody owns.
///
/// # Errors
/// When the database fails.
pub fn customers_owned(db: &mut Db, user: Uuid) -> Result<i64, StoreError> {
    let mine = customers::table.filter(customers::owner_id.eq(Id(user))).filter(customers::deleted_at.is_null());
    Ok(mine.count().get_result(db)?)
}

/// How many living customers somebody owns and loses before a time.
///
/// # Errors
/// When the database fails.
pub fn customers_released_before(db: &mut Db, user: Uuid, before: DateTime<Utc>) -> Result<i64, StoreError> {
    let mine = customers::table.filter(customers::owner_id.eq(Id(user))).filter(customers::deleted_at.is_null());
    Ok(mine.filter(customers::release_at.le(Instant(before))).count().get_result(db)?)
}

/// Stands in line with everybody who gives this person customers: limits are exact, however many ask at once.
///
/// # Errors
/// When the database fails.
pub fn customer_owner_pass(tx: &mut Tx<'_>, user: Uuid) -> Result<(), StoreError> {
    guard_pass(tx, &format!("customers of {user}"))
}

/// The contacts and the open opportunities of a customer that nobody owns, or its previous owner.
///
/// # Errors
/// When the database fails.
pub fn customer_followers(
    db: &mut Db,
    customer: Uuid,
    previous: Option<Uuid>,
) -> Result<Vec<(RecordKind, Uuid)>, StoreError> {
    let previous = previous.map(Id).into_iter().collect::<Vec<_>>();
    macro_rules! of {
        ($table:ident, $kind:ident $(, $only:expr)?) => {{
            let theirs = $table::table.filter($table::customer_id.eq(Id(customer))).filter($table::deleted_at.is_null());
            $(let theirs = theirs.filter($only);)?
            let owned = $table::owner_id.is_null().or($table::owner_id.eq_any(previous.clone()));
            let ids: Vec<Id> = theirs.filter(owned).select($table::id).order($table::id).load(db)?;
            ids.into_iter().map(|id| (RecordKind::$kind, id.0))
        }};
    }
    let found: Vec<(RecordKind, Uuid)> = of!(contacts, Contact).collect();
    let deals = of!(opportunities, Opportunity, opportunities::category.eq("open"));
    Ok(found.into_iter().chain(deals).collect())
}
