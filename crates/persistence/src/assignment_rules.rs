//! Rows of assignment rules, the people they give leads to, and which rule which leads would have had.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use serde_json::Value;
use uuid::Uuid;

use rapport_domain::access::{Grants, Permit};

use crate::connection::Db;
use crate::error::StoreError;
use crate::fragment::{Bind, Fragment};
use crate::roles::{StoredGrant, grants_from_stored};
use crate::schema::assignment_rules as rules;
use crate::store::Tx;
use crate::types::{Id, Instant, Json, Ts, Uid};

/// An assignment rule.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = rules, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct AssignmentRuleRow {
    /// The id.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// The name as it is compared: no two rules share it.
    pub name_key: String,
    /// Its place among the others.
    pub position: i32,
    /// Whether it is asked.
    pub is_active: bool,
    /// Which leads it gives: a filter in its JSON form; all of them without one.
    pub condition: Option<Json<Value>>,
    /// user, round_robin or least_loaded.
    pub strategy: String,
    /// Whom to, in the order of their turns.
    pub user_ids: Json<Vec<Uuid>>,
    /// The team whose members get them, in place of people that are named.
    pub team_id: Option<Id>,
    /// Whether those of the teams below are meant as well.
    pub with_subteams: bool,
    /// Days of the week, 1 to 7; none is every day.
    pub working_days: Json<Vec<i32>>,
    /// Whoever has so many open leads gets no more.
    pub max_open: Option<i32>,
    /// Whoever was given so many today gets no more.
    pub max_per_day: Option<i32>,
    /// Whom it gave the last lead; this moves on without a new version.
    pub last_user_id: Option<Id>,
    /// Starts at 1, one more with every change.
    pub version: i64,
    /// When it was made.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

/// Every rule, in order.
///
/// # Errors
/// When the database fails.
pub fn assignment_rules_all(db: &mut Db) -> Result<Vec<AssignmentRuleRow>, StoreError> {
    Ok(rules::table.order((rules::position, rules::id)).load(db)?)
}

/// One rule.
///
/// # Errors
/// When the database fails.
pub fn assignment_rule_find(db: &mut Db, id: Uuid) -> Result<Option<AssignmentRuleRow>, StoreError> {
    Ok(rules::table.filter(rules::id.eq(Id(id))).get_result(db).optional()?)
}

/// Every rule, in order, held for whoever changes some of them.
///
/// # Errors
/// When the database fails.
pub fn assignment_rules_hold(tx: &mut Tx<'_>) -> Result<Vec<AssignmentRuleRow>, StoreError> {
    hold(tx, &[true, false])
}

/// Those that are asked, in order. Whoever gives leads by them does so alone until the transaction ends: turns are then even
/// and caps exact, however many ask at once and through whichever rule.
///
/// # Errors
/// When the database fails.
pub fn assignment_rules_hold_active(tx: &mut Tx<'_>) -> Result<Vec<AssignmentRuleRow>, StoreError> {
    hold(tx, &[true])
}

/// All at once and always in this order, so that nobody waits for somebody who waits for them. SQLite has one writer.
fn hold(tx: &mut Tx<'_>, states: &[bool]) -> Result<Vec<AssignmentRuleRow>, StoreError> {
    let query = rules::table.filter(rules::is_active.eq_any(states)).order((rules::position, rules::id));
    let mut held: Vec<AssignmentRuleRow> = match &mut **tx {
        Db::Sqlite(c) => query.load(c),
        Db::Pg(c) => query.for_update().load(c),
    }?;
    // Whoever was waited for may have moved some.
    held.sort_by_key(|rule| (rule.position, rule.id));
    Ok(held)
}

/// Adds a rule.
///
/// # Errors
/// `Unique("assignment_rules_name_unique")` when the name is taken.
pub fn assignment_rule_insert(tx: &mut Tx<'_>, _permit: &Permit, row: &AssignmentRuleRow) -> Result<(), StoreError> {
    diesel::insert_into(rules::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// Overwrites the rule that still has `version`.
///
/// # Errors
/// `Stale` when it has not, `Unique("assignment_rules_name_unique")` when the name is taken.
pub fn assignment_rule_update(
    tx: &mut Tx<'_>,
    _permit: &Permit,
    row: &AssignmentRuleRow,
    version: i64,
) -> Result<(), StoreError> {
    let mine = rules::table.filter(rules::id.eq(row.id)).filter(rules::version.eq(version));
    match diesel::update(mine).set(row).execute(&mut **tx)? {
        0 => Err(StoreError::Stale),
        _ => Ok(()),
    }
}

/// Removes a rule. What it has given keeps its name.
///
/// # Errors
/// When the database fails.
pub fn assignment_rule_delete(tx: &mut Tx<'_>, _permit: &Permit, id: Id) -> Result<(), StoreError> {
    diesel::delete(rules::table.filter(rules::id.eq(id))).execute(&mut **tx)?;
    Ok(())
}

/// Writes down whom a rule gave the last lead, which is no change of the rule.
///
/// # Errors
/// When the database fails.
pub fn assignment_rule_turn(tx: &mut Tx<'_>, _permit: &Permit, id: Id, user: Uuid) -> Result<(), StoreError> {
    diesel::update(rules::table.filter(rules::id.eq(id))).set(rules::last_user_id.eq(Id(user))).execute(&mut **tx)?;
    Ok(())
}

/// How many rules give leads to the members of a team.
///
/// # Errors
/// When the database fails.
pub fn assignment_rule_count_of_team(db: &mut Db, team: Uuid) -> Result<i64, StoreError> {
    Ok(rules::table.filter(rules::team_id.eq(Id(team))).count().get_result(db)?)
}

// ---------------------------------------------------------------- people

/// Whom a rule may give leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pool {
    /// These, in this order.
    Users(Vec<Uuid>),
    /// The active members of these teams, by their ids.
    Teams(Vec<Uuid>),
}

/// Somebody whom a rule may give leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub id: Uuid,
    /// The name.
    pub name: String,
    /// Whether they may sign in.
    pub is_active: bool,
    /// An IANA zone.
    pub time_zone: String,
    /// The sum of their roles.
    pub grants: Grants,
}

#[derive(Debug, QueryableByName)]
struct MemberRow {
    #[diesel(sql_type = Uid)]
    id: Id,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    is_active: bool,
    #[diesel(sql_type = Text)]
    time_zone: String,
    #[diesel(sql_type = Nullable<Uid>)]
    role_id: Option<Id>,
    #[diesel(sql_type = Nullable<Text>)]
    grants: Option<String>,
}

/// Those of a pool who are there, in its order: one statement, however many they are.
///
/// # Errors
/// When the database fails, or the grants of a role cannot be read.
pub fn assignment_members(db: &mut Db, pool: &Pool) -> Result<Vec<Member>, StoreError> {
    let sql = Fragment::sql(
        "SELECT users.id, users.name, users.is_active, users.time_zone, roles.id AS role_id, \
         CAST(roles.grants AS text) AS grants FROM users LEFT JOIN user_roles ON user_roles.user_id = users.id \
         LEFT JOIN roles ON roles.id = user_roles.role_id WHERE ",
    );
    let ids = |ids: &[Uuid]| Fragment::default().bind_all(ids.iter().map(|id| (*id).into()));
    let sql = match pool {
        Pool::Users(users) if users.is_empty() => return Ok(Vec::new()),
        Pool::Users(users) => sql.push("users.id IN (").append(ids(users)).push(")"),
        Pool::Teams(teams) => sql
            .push("users.team_id IN (")
            .append(ids(teams))
            .dialect(") AND users.is_active = 1", ") AND users.is_active"),
    };
    let rows: Vec<MemberRow> = sql.push(" ORDER BY users.id").load_rows(db)?;
    let mut members = together(rows)?;
    if let Pool::Users(users) = pool {
        members.sort_by_key(|member| users.iter().position(|id| *id == member.id));
    }
    Ok(members)
}

/// One member for the rows of all their roles; each role is read once.
fn together(rows: Vec<MemberRow>) -> Result<Vec<Member>, StoreError> {
    let (mut members, mut roles): (Vec<Member>, HashMap<Id, Grants>) = (Vec::new(), HashMap::new());
    for row in rows {
        let grants = match row.role_id.zip(row.grants) {
            None => Grants::none(),
            Some((role, text)) => match roles.get(&role) {
                Some(known) => known.clone(),
                None => roles.entry(role).or_insert(read_grants(&text)?).clone(),
            },
        };
        match members.last_mut().filter(|last| last.id == row.id.0) {
            Some(last) => last.grants = Grants::merge([&last.grants, &grants]),
            None => members.push(Member {
                id: row.id.0,
                name: row.name,
                is_active: row.is_active,
                time_zone: row.time_zone,
                grants,
            }),
        }
    }
    Ok(members)
}

fn read_grants(text: &str) -> Result<Grants, StoreError> {
    let stored: Vec<StoredGrant> =
        serde_json::from_str(text).map_err(|error| StoreError::Internal(error.to_string()))?;
    Ok(grants_from_stored(&stored))
}

/// What is asked about how much people have to do.
#[derive(Clone, Debug)]
pub struct LoadQuery<'a> {
    /// Whom about.
    pub users: &'a [Uuid],
    /// The lead that is to be given, which does not count.
    pub lead: Uuid,
    /// The rule that gives it.
    pub rule: Id,
    /// Whether open leads are counted.
    pub counts_open: bool,
    /// When the day began, by zone; without any, nobody was given anything today.
    pub days: &'a [(String, DateTime<Utc>)],
}

/// How much somebody has to do.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct Load {
    /// Who.
    #[diesel(sql_type = Uid)]
    pub id: Id,
    /// Open leads they own.
    #[diesel(sql_type = BigInt)]
    pub open_leads: i64,
    /// Leads that rules gave them since their day began.
    #[diesel(sql_type = BigInt)]
    pub given_today: i64,
    /// When the rule last gave them one.
    #[diesel(sql_type = Nullable<Ts>)]
    pub last_given: Option<Instant>,
}

/// How much these people have to do: one statement, however many they are.
///
/// # Errors
/// When the database fails.
pub fn assignment_loads(db: &mut Db, query: &LoadQuery<'_>) -> Result<Vec<Load>, StoreError> {
    if query.users.is_empty() {
        return Ok(Vec::new());
    }
    let sql = Fragment::sql("SELECT users.id, ")
        .append(open_leads(query))
        .push(" AS open_leads, ")
        .append(given_today(query))
        .push(
            " AS given_today, (SELECT MAX(lead_assignments.assigned_at) FROM lead_assignments \
             WHERE lead_assignments.owner_id = users.id AND lead_assignments.rule_id = ",
        )
        .bind(query.rule.0)
        .push(") AS last_given FROM users WHERE users.id IN (")
        .bind_all(query.users.iter().map(|id| (*id).into()))
        .push(")");
    Ok(sql.load_rows(db)?)
}

fn open_leads(query: &LoadQuery<'_>) -> Fragment {
    if !query.counts_open {
        return Fragment::sql("CAST(0 AS bigint)");
    }
    let counted = "(SELECT COUNT(*) FROM leads WHERE leads.owner_id = users.id AND leads.deleted_at IS NULL \
                   AND leads.status_category IN ('new', 'working', 'nurturing') AND leads.id <> ";
    Fragment::sql(counted).bind(query.lead).push(")")
}

fn given_today(query: &LoadQuery<'_>) -> Fragment {
    if query.days.is_empty() {
        return Fragment::sql("CAST(0 AS bigint)");
    }
    let counted = "(SELECT COUNT(DISTINCT lead_assignments.lead_id) FROM lead_assignments \
                   WHERE lead_assignments.owner_id = users.id AND lead_assignments.assigned_at >= ";
    let sql = Fragment::sql(counted).append(beginning_of_day(query.days));
    sql.push(" AND lead_assignments.lead_id <> ").bind(query.lead).push(")")
}

fn beginning_of_day(days: &[(String, DateTime<Utc>)]) -> Fragment {
    let sql = days.iter().fold(Fragment::sql("CASE users.time_zone"), |sql, (zone, begin)| {
        sql.push(" WHEN ").bind(Bind::Text(zone.clone())).push(" THEN ").bind(Bind::Instant(Instant(*begin)))
    });
    // Of which type the values are PostgreSQL does not see through a CASE.
    sql.dialect(" END", " END::timestamptz")
}
