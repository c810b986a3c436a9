//! Rows of handovers: what somebody had who left, and who has it now.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use serde_json::Value;
use uuid::Uuid;

use rapport_domain::access::Permit;
use rapport_domain::handover::{Heir, Holding, LeftBecause};

use crate::connection::{Db, native};
use crate::error::StoreError;
use crate::fragment::{Bind, Fragment};
use crate::reassignment::PORTION;
use crate::schema::{handover_items as items, handovers};
use crate::store::Tx;
use crate::types::{Id, Instant, Json, Uid};

/// A handover.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = handovers, treat_none_as_default_value = false)]
pub struct HandoverRow {
    /// The id.
    pub id: Id,
    /// Whose belongings they were.
    pub user_id: Id,
    /// Whether it switched them off.
    pub switched_off: bool,
    /// What was said about it.
    pub reason: Option<String>,
    /// When.
    pub created_at: Instant,
    /// Whose act it was.
    pub created_by: Option<Id>,
    /// When it was undone.
    pub undone_at: Option<Instant>,
    /// By whom.
    pub undone_by: Option<Id>,
}

/// One thing that was handed over.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable)]
#[diesel(table_name = items, treat_none_as_default_value = false)]
pub struct HandoverItemRow {
    /// The handover.
    pub handover_id: Id,
    /// What it is.
    pub kind: String,
    /// Which.
    pub record_id: Id,
    /// Who has got it; nobody, if no pool has either.
    pub to_user_id: Option<Id>,
    /// The pool that has got it.
    pub to_pool_id: Option<Id>,
    /// Its version then.
    pub version: i64,
    /// What it was before, where that is more than an owner: whom a rule named.
    pub before: Option<Json<Value>>,
    /// Why an undo has left it where it is.
    pub left_because: Option<String>,
}

impl HandoverItemRow {
    /// To whom it was given.
    #[must_use]
    pub fn heir(&self) -> Heir {
        Heir { user_id: self.to_user_id.map(Into::into), pool_id: self.to_pool_id.map(Into::into) }
    }
}

/// Writes a handover down.
///
/// # Errors
/// When the database fails.
pub fn handover_insert(tx: &mut Tx<'_>, _permit: &Permit, row: &HandoverRow) -> Result<(), StoreError> {
    diesel::insert_into(handovers::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// Writes down what was handed over.
///
/// # Errors
/// When the database fails.
pub fn handover_items_insert(tx: &mut Tx<'_>, _permit: &Permit, rows: &[HandoverItemRow]) -> Result<(), StoreError> {
    for portion in rows.chunks(usize::try_from(PORTION).unwrap_or(usize::MAX)) {
        match &mut **tx {
            // SQLite keeps the statement for one row prepared, which beats long statements that it must read anew.
            Db::Sqlite(c) => {
                portion
                    .iter()
                    .try_for_each(|row| diesel::insert_into(items::table).values(row).execute(c).map(drop))?;
            }
            Db::Pg(c) => diesel::insert_into(items::table).values(portion).execute(c).map(drop)?,
        }
    }
    Ok(())
}

/// One handover.
///
/// # Errors
/// When the database fails.
pub fn handover_find(db: &mut Db, id: Uuid) -> Result<Option<HandoverRow>, StoreError> {
    Ok(handovers::table.filter(handovers::id.eq(Id(id))).first(db).optional()?)
}

/// The handovers of somebody, the newest first.
///
/// # Errors
/// When the database fails.
pub fn handovers_of(db: &mut Db, user: Uuid, limit: i64) -> Result<Vec<HandoverRow>, StoreError> {
    let theirs = handovers::table.filter(handovers::user_id.eq(Id(user)));
    Ok(theirs.order((handovers::created_at.desc(), handovers::id.desc())).limit(limit).load(db)?)
}

/// Marks a handover as undone, if it is not; answers whether it was not. Of two who undo it one does.
///
/// # Errors
/// When the database fails.
pub fn handover_undo(
    tx: &mut Tx<'_>,
    _permit: &Permit,
    id: Uuid,
    at: Instant,
    by: Option<Uuid>,
) -> Result<bool, StoreError> {
    let live = handovers::table.filter(handovers::id.eq(Id(id))).filter(handovers::undone_at.is_null());
    let undone = (handovers::undone_at.eq(at), handovers::undone_by.eq(by.map(Id)));
    Ok(diesel::update(live).set(undone).execute(&mut **tx)? > 0)
}

/// Everything of a kind that was handed over.
///
/// # Errors
/// When the database fails.
pub fn handover_items_of(db: &mut Db, handover: Uuid, holding: Holding) -> Result<Vec<HandoverItemRow>, StoreError> {
    let all = items::table.filter(items::handover_id.eq(Id(handover))).filter(items::kind.eq(holding.as_str()));
    Ok(all.order(items::record_id.asc()).load(db)?)
}

/// Writes down why an undo has left something where it is.
///
/// # Errors
/// When the database fails.
pub fn handover_items_leave(
    tx: &mut Tx<'_>,
    _permit: &Permit,
    handover: Uuid,
    holding: Holding,
    left: &[(Uuid, LeftBecause)],
) -> Result<(), StoreError> {
    for reason in LeftBecause::ALL {
        let ids: Vec<Id> = left.iter().filter(|(_, why)| why == reason).map(|(id, _)| Id(*id)).collect();
        for portion in ids.chunks(usize::try_from(PORTION).unwrap_or(usize::MAX)) {
            let these =
                items::table.filter(items::handover_id.eq(Id(handover))).filter(items::kind.eq(holding.as_str()));
            let these = these.filter(items::record_id.eq_any(portion.to_vec()));
            native!(&mut **tx, |c| diesel::update(these)
                .set(items::left_because.eq(Some(reason.as_str())))
                .execute(c))?;
        }
    }
    Ok(())
}

/// Where a page of what was handed over begins: after this kind and record.
pub type AfterItem = (String, Uuid);

/// A page of what was handed over, of one kind or of all, in the order of kinds and ids.
///
/// # Errors
/// When the database fails.
pub fn handover_items_page(
    db: &mut Db,
    handover: Uuid,
    holding: Option<Holding>,
    after: Option<&AfterItem>,
    limit: i64,
) -> Result<Vec<HandoverItemRow>, StoreError> {
    let all = items::table.filter(items::handover_id.eq(Id(handover)));
    let mut query = all.order((items::kind.asc(), items::record_id.asc())).limit(limit).into_boxed();
    if let Some(holding) = holding {
        query = query.filter(items::kind.eq(holding.as_str()));
    }
    if let Some((kind, id)) = after {
        let later = items::kind.eq(kind.clone()).and(items::record_id.gt(Id(*id)));
        query = query.filter(items::kind.gt(kind.clone()).or(later));
    }
    Ok(query.load(db)?)
}

/// How much of a handover went to one heir, by kind, and how much of that an undo has left there and why.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct HandoverCount {
    /// The handover.
    #[diesel(sql_type = Uid)]
    pub handover_id: Id,
    /// What.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// To whom.
    #[diesel(sql_type = Nullable<Uid>)]
    pub to_user_id: Option<Id>,
    /// To which pool.
    #[diesel(sql_type = Nullable<Uid>)]
    pub to_pool_id: Option<Id>,
    /// Why an undo has left these.
    #[diesel(sql_type = Nullable<Text>)]
    pub left_because: Option<String>,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub n: i64,
}

const COUNTS: &str = "SELECT handover_id, kind, to_user_id, to_pool_id, left_because, COUNT(*) AS n FROM handover_items WHERE \
     handover_id IN (";

/// The same for several handovers: one statement.
///
/// # Errors
/// When the database fails.
pub fn handover_counts(db: &mut Db, handovers: &[Uuid]) -> Result<Vec<HandoverCount>, StoreError> {
    if handovers.is_empty() {
        return Ok(Vec::new());
    }
    let ids = handovers.iter().map(|id| Bind::from(*id));
    let sql =
        Fragment::sql(COUNTS).bind_all(ids).push(") GROUP BY handover_id, kind, to_user_id, to_pool_id, left_because");
    let sql = sql.push(" ORDER BY handover_id, kind, to_user_id, to_pool_id, left_because");
    Ok(sql.ad_hoc().load_rows(db)?)
}

/// What somebody has got by some handovers, and whose it was.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct Inheritance {
    /// The handover.
    #[diesel(sql_type = Uid)]
    pub handover_id: Id,
    /// Who had it.
    #[diesel(sql_type = Uid)]
    pub user_id: Id,
    /// When it was undone.
    #[diesel(sql_type = Nullable<crate::types::Ts>)]
    pub undone_at: Option<Instant>,
    /// What.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub n: i64,
}

/// What somebody has got by some handovers: one statement.
///
/// # Errors
/// When the database fails.
pub fn inheritances(db: &mut Db, heir: Uuid, handovers: &[Uuid]) -> Result<Vec<Inheritance>, StoreError> {
    if handovers.is_empty() {
        return Ok(Vec::new());
    }
    let sql = Fragment::sql(
        "SELECT handovers.id AS handover_id, handovers.user_id, handovers.undone_at, handover_items.kind, COUNT(*) AS n
         FROM handovers JOIN handover_items ON handover_items.handover_id = handovers.id WHERE handover_items.to_user_id = ",
    );
    let sql = sql.bind(heir).push(" AND handovers.id IN (").bind_all(handovers.iter().map(|id| Bind::from(*id)));
    let sql = sql.push(") GROUP BY handovers.id, handovers.user_id, handovers.undone_at, handover_items.kind");
    Ok(sql.push(" ORDER BY handovers.id, handover_items.kind").ad_hoc().load_rows(db)?)
}
