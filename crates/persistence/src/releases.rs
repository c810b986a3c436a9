//! When owners lose customers to a pool: what the rules ask about each, what is kept of the answer, and what is due.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text};
use uuid::Uuid;

use rapport_domain::access::Permit;
use rapport_domain::customer::Lifecycle;
use rapport_domain::kind::RecordKind;
use rapport_domain::pool::{Release, ReleaseRule, Tenure};

use crate::connection::Db;
use crate::customers::customers;
use crate::error::StoreError;
use crate::fragment::{Bind, Fragment};
use crate::reassignment::held;
use crate::records::record_take;
use crate::store::Tx;
use crate::types::{Id, Instant, Ts, Uid};

/// How many customers one statement looks at.
const PORTION: i64 = 200;

/// A customer that somebody owns, with what is kept of its release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owned {
    /// The customer.
    pub id: Uuid,
    /// The owner's team.
    pub team_id: Option<Uuid>,
    /// What the rules ask about.
    pub tenure: Tenure,
    /// When it is to be released, as it is kept.
    pub kept: Option<Release>,
}

/// What happens around a customer, beside what it says itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Course {
    /// When something was last done about it.
    pub last_activity_at: Option<DateTime<Utc>>,
    /// Whether it has an opportunity.
    pub has_opportunity: bool,
    /// Whether one was won.
    pub has_won: bool,
}

#[derive(Debug, QueryableByName)]
struct Row {
    #[diesel(sql_type = Uid)]
    id: Id,
    #[diesel(sql_type = Nullable<Uid>)]
    team_id: Option<Id>,
    #[diesel(sql_type = Nullable<Ts>)]
    counted_from: Option<Instant>,
    #[diesel(sql_type = Nullable<Ts>)]
    last_activity_at: Option<Instant>,
    #[diesel(sql_type = Nullable<Ts>)]
    release_at: Option<Instant>,
    #[diesel(sql_type = Text)]
    lifecycle: String,
    #[diesel(sql_type = Nullable<Text>)]
    release_rule: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    locked_until: Option<String>,
    #[diesel(sql_type = Bool)]
    has_opportunity: bool,
    #[diesel(sql_type = Bool)]
    has_won: bool,
}

const SELECT: &str = "SELECT id, team_id, counted_from, last_activity_at, release_at, lifecycle, \
    profile ->> 'release_rule' AS release_rule, profile ->> 'locked_until' AS locked_until, \
    EXISTS (SELECT 1 FROM opportunities AS deal WHERE deal.customer_id = customers.id AND deal.deleted_at IS NULL) \
        AS has_opportunity, \
    EXISTS (SELECT 1 FROM opportunities AS deal WHERE deal.customer_id = customers.id AND deal.deleted_at IS NULL \
        AND deal.category = 'won') AS has_won \
    FROM customers WHERE ";

impl Row {
    fn course(&self) -> Course {
        Course {
            last_activity_at: self.last_activity_at.map(Into::into),
            has_opportunity: self.has_opportunity,
            has_won: self.has_won,
        }
    }

    /// `None` for what nobody owns.
    fn owned(self) -> Option<Owned> {
        let course = self.course();
        let rule = self.release_rule.as_deref().and_then(ReleaseRule::parse);
        Some(Owned {
            id: self.id.0,
            team_id: self.team_id.map(Into::into),
            tenure: Tenure {
                counted_from: self.counted_from?.0,
                last_activity_at: course.last_activity_at,
                has_opportunity: course.has_opportunity,
                has_won: course.has_won,
                lifecycle: Lifecycle::parse(&self.lifecycle).unwrap_or(Lifecycle::Prospect),
                locked_until: self.locked_until.and_then(|until| until.parse().ok()),
            },
            kept: self.release_at.zip(rule).map(|(at, rule)| Release { at: at.0, rule }),
        })
    }
}

/// What happens around a customer. Hold the customer before, so that it stays so.
///
/// # Errors
/// When the database fails.
pub fn customer_course(db: &mut Db, id: Uuid) -> Result<Course, StoreError> {
    let rows: Vec<Row> = Fragment::sql(SELECT).push("id = ").bind(id).load_rows(db)?;
    Ok(rows.first().map(Row::course).unwrap_or_default())
}

/// These customers, as far as somebody owns them, each kept as it is until the transaction ends.
///
/// # Errors
/// When the database fails.
pub fn owned_hold(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<Vec<Owned>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    for id in &ids {
        record_take(tx, RecordKind::Customer, *id)?;
    }
    owned_of(tx, &ids)
}

/// The same of customers that this transaction has written, so that nobody else changes them.
///
/// # Errors
/// When the database fails.
pub fn owned_written(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<Vec<Owned>, StoreError> {
    if ids.is_empty() { Ok(Vec::new()) } else { owned_of(tx, ids) }
}

fn owned_of(db: &mut Db, ids: &[Uuid]) -> Result<Vec<Owned>, StoreError> {
    let listed = Fragment::sql(SELECT).push("id IN ").bind_list(ids.iter().copied());
    let rows: Vec<Row> = listed.push(" AND owner_id IS NOT NULL AND deleted_at IS NULL ORDER BY id").load_rows(db)?;
    Ok(rows.into_iter().filter_map(Row::owned).collect())
}

/// Whose customers are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's.
    Everybody,
    /// One person's.
    Of(Uuid),
    /// Everybody's of which a release is kept.
    Released,
}

#[derive(Debug, QueryableByName)]
struct Held {
    #[diesel(sql_type = Uid)]
    id: Id,
}

/// The next portion of living customers with an owner, in the order of their ids, each kept as it is.
///
/// # Errors
/// When the database fails.
pub fn owned_hold_after(tx: &mut Tx<'_>, whose: Whose, after: Option<Uuid>) -> Result<Vec<Owned>, StoreError> {
    let next = |select: &str| portion(select, whose, after);
    if matches!(&**tx, Db::Sqlite(_)) {
        // The one writer is alone.
        let rows: Vec<Row> = next(SELECT).load_rows(tx)?;
        return Ok(rows.into_iter().filter_map(Row::owned).collect());
    }
    let held: Vec<Held> = next("SELECT id FROM customers WHERE ").append(held()).load_rows(tx)?;
    let ids: Vec<Uuid> = held.into_iter().map(|row| row.id.0).collect();
    // What happens around them is looked at once they are held: whoever was waited for may have changed it.
    if ids.is_empty() { Ok(Vec::new()) } else { owned_of(tx, &ids) }
}

fn portion(select: &str, whose: Whose, after: Option<Uuid>) -> Fragment {
    let sql = Fragment::sql(select).push("deleted_at IS NULL AND ");
    let sql = match whose {
        Whose::Everybody => sql.push("owner_id IS NOT NULL"),
        Whose::Of(user) => sql.push("owner_id = ").bind(user),
        Whose::Released => sql.push("owner_id IS NOT NULL AND release_at IS NOT NULL"),
    };
    let sql = match after {
        Some(after) => sql.push(" AND id > ").bind(after),
        None => sql,
    };
    sql.push(" ORDER BY id LIMIT ").bind(Bind::Integer(PORTION))
}

/// The next portion of living customers with an owner, as they are: for whoever only looks.
///
/// # Errors
/// When the database fails.
pub fn owned_after(db: &mut Db, after: Option<Uuid>) -> Result<Vec<Owned>, StoreError> {
    let rows: Vec<Row> = portion(SELECT, Whose::Everybody, after).load_rows(db)?;
    Ok(rows.into_iter().filter_map(Row::owned).collect())
}

/// Writes down when customers are to be released. Their version stays: what is derived is nobody's edit.
///
/// # Errors
/// When the database fails.
pub fn releases_keep(
    tx: &mut Tx<'_>,
    _permit: &Permit,
    releases: &[(Uuid, Option<Release>)],
) -> Result<(), StoreError> {
    if releases.is_empty() {
        return Ok(());
    }
    let ids = || releases.iter().map(|(id, _)| Bind::from(*id));
    let at = releases.iter().fold(Fragment::sql("CASE id"), |sql, (id, release)| {
        let sql = sql.push(" WHEN ").bind(*id).push(" THEN ");
        match release {
            Some(release) => sql.bind(Bind::Instant(Instant(release.at))),
            None => sql.dialect("NULL", "CAST(NULL AS timestamptz)"),
        }
    });
    let _kept: Vec<Held> = Fragment::sql("UPDATE customers SET release_at = ")
        .append(at)
        .push(" END, profile = ")
        .append(profiles(releases))
        .push(" WHERE id IN (")
        .bind_all(ids())
        .push(") RETURNING id")
        .ad_hoc()
        .load_rows(tx)?;
    Ok(())
}

/// The profiles with the rule in them, or without one.
fn profiles(releases: &[(Uuid, Option<Release>)]) -> Fragment {
    let word = |rule: ReleaseRule| Bind::Text(rule.as_str().to_owned());
    let cases = releases.iter().fold(Fragment::sql("CASE id"), |sql, (id, release)| {
        let sql = sql.push(" WHEN ").bind(*id).push(" THEN ");
        match release {
            Some(release) => sql
                .dialect("json_set(profile, '$.release_rule', ", "jsonb_set(profile, '{release_rule}', to_jsonb(CAST(")
                .bind(word(release.rule))
                .dialect(")", " AS text)))"),
            None => sql.dialect("json_remove(profile, '$.release_rule')", "profile - 'release_rule'"),
        }
    });
    cases.push(" END")
}

/// Lets the rules count anew for everything that somebody owns.
///
/// # Errors
/// When the database fails.
pub fn releases_count_from(tx: &mut Tx<'_>, _permit: &Permit, owner: Uuid, now: Instant) -> Result<(), StoreError> {
    let mine = customers::table.filter(customers::owner_id.eq(Id(owner)));
    diesel::update(mine).set(customers::counted_from.eq(now)).execute(&mut **tx)?;
    Ok(())
}

/// A place among what is due: what comes before it has been dealt with.
pub type DueAfter = (DateTime<Utc>, Uuid);

/// Customers that are due for their pool, the longest due first, after one.
///
/// # Errors
/// When the database fails.
pub fn releases_due(
    db: &mut Db,
    now: DateTime<Utc>,
    after: Option<DueAfter>,
    limit: i64,
) -> Result<Vec<DueAfter>, StoreError> {
    due_after(db, ("customers", "release_at"), now, after, limit)
}

/// Living rows of a table whose time in a column has come, the longest due first, after one.
pub(crate) fn due_after(
    db: &mut Db,
    (table, column): (&'static str, &'static str),
    now: DateTime<Utc>,
    after: Option<DueAfter>,
    limit: i64,
) -> Result<Vec<DueAfter>, StoreError> {
    let sql = Fragment::sql("SELECT id, ").push(column).push(" AS due_at FROM ").push(table);
    let mut sql =
        sql.push(" WHERE deleted_at IS NULL AND ").push(column).push(" <= ").bind(Bind::Instant(Instant(now)));
    if let Some((at, id)) = after {
        sql = sql.push(" AND (").push(column).push(", id) > (").bind(Bind::Instant(Instant(at)));
        sql = sql.push(", ").bind(id).push(")");
    }
    sql = sql.push(" ORDER BY ").push(column).push(", id LIMIT ").bind(Bind::Integer(limit));
    let rows: Vec<Due> = sql.load_rows(db)?;
    Ok(rows.into_iter().map(|row| (row.due_at.0, row.id.0)).collect())
}

#[derive(Debug, QueryableByName)]
struct Due {
    #[diesel(sql_type = Uid)]
    id: Id,
    #[diesel(sql_type = Ts)]
    due_at: Instant,
}
