//! Rows of what assignment rules gave, and which rule which leads would have had.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use rapport_domain::access::{Permit, Visibility};
use rapport_domain::filter::Checked;
use rapport_domain::kind::RecordKind;

use crate::connection::Db;
use crate::error::StoreError;
use crate::filter;
use crate::fragment::{Bind, Fragment};
use crate::schema::lead_assignments as given;
use crate::store::Tx;
use crate::types::{Id, Instant, Json, Ts, Uid};

/// How a lead came to its owner, or that no rule gave it to anybody.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable)]
#[diesel(table_name = given, treat_none_as_default_value = false)]
pub struct LeadAssignmentRow {
    /// The id.
    pub id: Id,
    /// The lead.
    pub lead_id: Id,
    /// The rule that gave it, while it is there.
    pub rule_id: Option<Id>,
    /// What the rule was called.
    pub rule_name: Option<String>,
    /// Which version of it gave the lead.
    pub rule_version: Option<i64>,
    /// Who got it; none when no rule gave it.
    pub owner_id: Option<Id>,
    /// When.
    pub assigned_at: Instant,
    /// What became of each rule that was asked.
    pub trace: Json<Vec<StoredStep>>,
}

/// What became of a rule that was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredStep {
    /// The rule.
    pub rule_id: Uuid,
    /// What it was called.
    pub rule_name: String,
    /// assigned, not_matched or nobody_available.
    pub result: String,
    /// The first of those who were not given the lead.
    #[serde(default)]
    pub passed_over: Vec<StoredPassedOver>,
    /// How many they were.
    #[serde(default)]
    pub passed_over_count: usize,
}

/// Somebody who was not given a lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredPassedOver {
    /// Who.
    pub user_id: Uuid,
    /// What they were called.
    pub name: String,
    /// inactive, not_permitted, day_off, max_open or max_per_day.
    pub reason: String,
}

/// Writes down how a lead came to its owner.
///
/// # Errors
/// When the database fails.
pub fn lead_assignment_insert(tx: &mut Tx<'_>, _permit: &Permit, row: &LeadAssignmentRow) -> Result<(), StoreError> {
    diesel::insert_into(given::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// How a lead last came to its owner, and how often it had before.
///
/// # Errors
/// When the database fails.
pub fn lead_assignment_latest(db: &mut Db, lead: Uuid) -> Result<(Option<LeadAssignmentRow>, i64), StoreError> {
    let of_lead = given::table.filter(given::lead_id.eq(Id(lead)));
    let latest = of_lead.order((given::assigned_at.desc(), given::id.desc())).first(db).optional()?;
    let count: i64 = of_lead.count().get_result(db)?;
    Ok((latest, (count - 1).max(0)))
}

/// How often each of these rules has given a lead since a moment.
///
/// # Errors
/// When the database fails.
pub fn lead_assignments_since(db: &mut Db, rules: &[Id], since: Instant) -> Result<HashMap<Id, i64>, StoreError> {
    let counts: Vec<(Option<Id>, i64)> = given::table
        .filter(given::rule_id.eq_any(rules))
        .filter(given::assigned_at.ge(since))
        .group_by(given::rule_id)
        .select((given::rule_id, count_star()))
        .load(db)?;
    Ok(counts.into_iter().filter_map(|(rule, count)| Some((rule?, count))).collect())
}

// ---------------------------------------------------------------- trying rules

/// A trial of two sets of rules on the leads that are there.
#[derive(Clone, Debug)]
pub struct Trial<'a> {
    /// The conditions that either set asks.
    pub conditions: &'a [Checked],
    /// The rules as they are: places in `conditions`, in the order they are asked.
    pub before: &'a [usize],
    /// The rules as they would be.
    pub after: &'a [usize],
    /// Leads from then on.
    pub since: DateTime<Utc>,
    /// The newest so many.
    pub limit: i64,
}

/// A lead with the rules that it would have had.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct Tried {
    /// The lead.
    #[diesel(sql_type = Uid)]
    pub id: Id,
    /// Its number.
    #[diesel(sql_type = BigInt)]
    pub number: i64,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// When it came.
    #[diesel(sql_type = Ts)]
    pub created_at: Instant,
    /// Who owns it.
    #[diesel(sql_type = Nullable<Uid>)]
    pub owner_id: Option<Id>,
    /// The place in `before` of the first rule that fits it; below 0 when none does.
    #[diesel(sql_type = BigInt)]
    pub before: i64,
    /// The same in `after`.
    #[diesel(sql_type = BigInt)]
    pub after: i64,
}

/// Which rule of either set each lead would have had, the newest lead first: one statement, which asks every condition once.
///
/// # Errors
/// When the database fails.
pub fn leads_try_rules(db: &mut Db, trial: &Trial<'_>) -> Result<Vec<Tried>, StoreError> {
    // Rules ask about the lead alone, so that there is nothing else to be seen.
    let sight = |_: RecordKind| Visibility::Nothing;
    let mut sql = Fragment::sql("SELECT id, number, name, created_at, owner_id, ")
        .append(first_of(trial.before))
        .push(" AS before, ")
        .append(first_of(trial.after))
        .push(" AS after FROM (SELECT id, number, name, created_at, owner_id");
    for (n, condition) in trial.conditions.iter().enumerate() {
        let test = filter::compile(condition, RecordKind::Lead, &sight);
        sql = sql.push(", (").append(test).push(&format!(") AS fits_{n}"));
    }
    let sql = sql
        .push(" FROM (SELECT * FROM leads WHERE deleted_at IS NULL AND created_at >= ")
        .bind(Bind::Instant(Instant(trial.since)))
        .push(" ORDER BY created_at DESC, id DESC LIMIT ")
        .bind(Bind::Integer(trial.limit))
        .push(") AS recent) AS asked ORDER BY created_at DESC, id DESC");
    Ok(sql.ad_hoc().load_rows(db)?)
}

/// The place of the first rule whose condition fits.
fn first_of(rules: &[usize]) -> Fragment {
    if rules.is_empty() {
        return Fragment::sql("CAST(-1 AS bigint)");
    }
    let cases = rules.iter().enumerate().fold(Fragment::sql("CAST(CASE"), |sql, (place, condition)| {
        sql.push(&format!(" WHEN fits_{condition} THEN {place}"))
    });
    cases.push(" ELSE -1 END AS bigint)")
}
