//! Rows of customer pools, and what lies in them.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde_json::json;
use uuid::Uuid;

use rapport_domain::access::Permit;
use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_domain::pool::{Place, ReleaseRules};

use crate::access::access_changed;
use crate::changes::FieldChange;
use crate::connection::Db;
use crate::customers::customers;
use crate::error::StoreError;
use crate::fragment::{Bind, Fragment};
use crate::reassignment::{PORTION, Rewrite, Touched, held, rewrite};
use crate::schema::customer_pools as pools;
use crate::store::Tx;
use crate::types::{Id, Instant, Uid};

/// A customer pool.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = pools, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct CustomerPoolRow {
    /// The id.
    pub id: Id,
    /// Its name; the default pool may have none.
    pub name: Option<String>,
    /// The name as it is compared: no two pools share it.
    pub name_key: Option<String>,
    /// The team it serves with those below; the default pool has none.
    pub team_id: Option<Id>,
    /// Whether it serves whoever no other pool does.
    pub is_default: bool,
    /// Whether it serves anybody, and takes customers from their owners.
    pub is_active: bool,
    /// Days without an activity after which an owner loses a customer.
    pub no_activity_days: Option<i32>,
    /// Days without an opportunity.
    pub no_opportunity_days: Option<i32>,
    /// Days without a won opportunity.
    pub not_won_days: Option<i32>,
    /// For how many days owners are warned.
    pub warn_days: i32,
    /// How many customers anybody may own who takes one out.
    pub owned_cap: Option<i32>,
    /// How many anybody may claim in a day.
    pub claims_per_day: Option<i32>,
    /// Days for which the last owner of a customer cannot claim it back.
    pub cooldown_days: i32,
    /// When the rules last changed.
    pub rules_since: Instant,
    /// Starts at 1, one more with every change.
    pub version: i64,
    /// When it was made.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

impl CustomerPoolRow {
    /// A pool that serves whoever no team's does, takes nobody's customers and limits nobody, until more is said.
    #[must_use]
    pub fn blank(id: Uuid, now: Instant) -> Self {
        Self {
            id: Id(id),
            name: None,
            name_key: None,
            team_id: None,
            is_default: false,
            is_active: true,
            no_activity_days: None,
            no_opportunity_days: None,
            not_won_days: None,
            warn_days: 0,
            owned_cap: None,
            claims_per_day: None,
            cooldown_days: 0,
            rules_since: now,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }

    /// Whom it serves.
    #[must_use]
    pub fn place(&self) -> Place {
        Place { id: self.id.0, team_id: self.team_id.map(Into::into), is_active: self.is_active }
    }

    /// When it takes customers from their owners.
    #[must_use]
    pub fn rules(&self) -> ReleaseRules {
        let days = |days: Option<i32>| days.and_then(|days| u16::try_from(days).ok());
        ReleaseRules {
            no_activity_days: days(self.no_activity_days),
            no_opportunity_days: days(self.no_opportunity_days),
            not_won_days: days(self.not_won_days),
            warn_days: days(Some(self.warn_days)).unwrap_or_default(),
            since: self.rules_since.0,
        }
    }
}

/// Every pool: the default one, then by name.
///
/// # Errors
/// When the database fails.
pub fn customer_pools_all(db: &mut Db) -> Result<Vec<CustomerPoolRow>, StoreError> {
    Ok(pools::table.order((pools::is_default.desc(), pools::name_key, pools::id)).load(db)?)
}

/// Every pool, as it is until the transaction ends: whoever changes a pool waits, and then finds what was decided by it.
///
/// # Errors
/// When the database fails.
pub fn customer_pools_hold(tx: &mut Tx<'_>) -> Result<Vec<CustomerPoolRow>, StoreError> {
    if let Some(pools) = &tx.held.pools {
        return Ok(pools.clone());
    }
    let query = pools::table.order(pools::id);
    let pools: Vec<CustomerPoolRow> = match &mut **tx {
        Db::Sqlite(c) => query.load(c),
        Db::Pg(c) => query.for_key_share().load(c),
    }?;
    tx.held.pools = Some(pools.clone());
    Ok(pools)
}

/// Every pool, for whoever is about to change one: nobody decides by them until the transaction ends.
///
/// # Errors
/// When the database fails.
pub fn customer_pools_close(tx: &mut Tx<'_>) -> Result<Vec<CustomerPoolRow>, StoreError> {
    let query = pools::table.order(pools::id);
    Ok(match &mut **tx {
        Db::Sqlite(c) => query.load(c),
        Db::Pg(c) => query.for_update().load(c),
    }?)
}

/// Adds a pool. Whom pools serve decides what people see.
///
/// # Errors
/// `Unique("customer_pools_name_unique")` or `Unique("customer_pools_team_unique")` when name or team is taken.
pub fn customer_pool_insert(tx: &mut Tx<'_>, _permit: &Permit, row: &CustomerPoolRow) -> Result<(), StoreError> {
    diesel::insert_into(pools::table).values(row).execute(&mut **tx)?;
    access_changed(tx)
}

/// Overwrites the pool that still has `version`.
///
/// # Errors
/// `Stale` when it has not; otherwise as [`customer_pool_insert`].
pub fn customer_pool_update(
    tx: &mut Tx<'_>,
    _permit: &Permit,
    row: &CustomerPoolRow,
    version: i64,
) -> Result<(), StoreError> {
    let mine = pools::table.filter(pools::id.eq(row.id)).filter(pools::version.eq(version));
    match diesel::update(mine).set(row).execute(&mut **tx)? {
        0 => Err(StoreError::Stale),
        _ => access_changed(tx),
    }
}

/// Removes a pool.
///
/// # Errors
/// `Reference` while a customer lies in it.
pub fn customer_pool_delete(tx: &mut Tx<'_>, _permit: &Permit, id: Id) -> Result<(), StoreError> {
    diesel::delete(pools::table.filter(pools::id.eq(id))).execute(&mut **tx)?;
    access_changed(tx)
}

/// Says that the rules are new for somebody whom they did not count for before: owners are warned as of now.
///
/// # Errors
/// When the database fails.
pub fn customer_pools_renew(tx: &mut Tx<'_>, _permit: &Permit, now: Instant) -> Result<(), StoreError> {
    diesel::update(pools::table).set(pools::rules_since.eq(now)).execute(&mut **tx)?;
    access_changed(tx)
}

/// How many pools serve a team: one or none.
///
/// # Errors
/// When the database fails.
pub fn customer_pool_count_of_team(db: &mut Db, team: Uuid) -> Result<i64, StoreError> {
    Ok(pools::table.filter(pools::team_id.eq(Id(team))).count().get_result(db)?)
}

// ---------------------------------------------------------------- what lies in them

#[derive(Debug, QueryableByName)]
struct Size {
    #[diesel(sql_type = Uid)]
    id: Id,
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// How many living customers lie in each pool that has any.
///
/// # Errors
/// When the database fails.
pub fn customer_pool_sizes(db: &mut Db) -> Result<Vec<(Uuid, i64)>, StoreError> {
    let sql = "SELECT pool_id AS id, COUNT(*) AS n FROM customers WHERE deleted_at IS NULL AND pool_id IS NOT NULL \
               GROUP BY pool_id";
    let rows: Vec<Size> = Fragment::sql(sql).load_rows(db)?;
    Ok(rows.into_iter().map(|row| (row.id.0, row.n)).collect())
}

/// How many living customers lie in a pool.
///
/// # Errors
/// When the database fails.
pub fn customer_pool_size(db: &mut Db, id: Uuid) -> Result<i64, StoreError> {
    let inside = customers::table.filter(customers::pool_id.eq(Id(id))).filter(customers::deleted_at.is_null());
    Ok(inside.count().get_result(db)?)
}

/// How many customers lie in a pool, dead or alive.
///
/// # Errors
/// When the database fails.
pub fn customer_pool_in_use(db: &mut Db, id: Uuid) -> Result<i64, StoreError> {
    Ok(customers::table.filter(customers::pool_id.eq(Id(id))).count().get_result(db)?)
}

/// Moves every customer of a pool, also those in the trash, to another one, each with a line in its history.
///
/// # Errors
/// When the database fails.
pub fn customer_pool_replace(
    tx: &mut Tx<'_>,
    _permit: &Permit,
    context: &Context,
    from: &CustomerPoolRow,
    to: &CustomerPoolRow,
) -> Result<(), StoreError> {
    let field = FieldChange { field: "pool_id".to_owned(), old: json!(from.id), new: json!(to.id) };
    loop {
        let inside: Vec<Touched> = Fragment::sql("SELECT id, version FROM customers WHERE pool_id = ")
            .bind(from.id.0)
            .push(" LIMIT ")
            .bind(Bind::Integer(PORTION))
            .append(held())
            .load_rows(tx)?;
        if inside.is_empty() {
            return Ok(());
        }
        let set = team_of(Fragment::sql("pool_id = ").bind(to.id.0), to);
        let moved = Rewrite { kind: RecordKind::Customer, action: "update", set, from: None };
        let ids: Vec<Id> = inside.iter().map(|row| row.id).collect();
        rewrite(tx, context, &moved, &ids, |_| vec![field.clone()])?;
    }
}

/// What lies in a pool belongs to the pool's team.
fn team_of(sql: Fragment, pool: &CustomerPoolRow) -> Fragment {
    match pool.team_id {
        Some(team) => sql.push(", team_id = ").bind(team.0),
        None => sql.push(", team_id = NULL"),
    }
}

/// Lets what lies in a pool follow it to its new team, which is no change of the customers, as with an owner's team.
///
/// # Errors
/// When the database fails.
pub fn customers_follow_pool(tx: &mut Tx<'_>, _permit: &Permit, pool: &CustomerPoolRow) -> Result<(), StoreError> {
    let inside = customers::table.filter(customers::pool_id.eq(pool.id));
    diesel::update(inside).set(customers::team_id.eq(pool.team_id)).execute(&mut **tx)?;
    Ok(())
}
