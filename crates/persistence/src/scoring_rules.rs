//! Rows of scoring rules, and of how far the leads have been gone through since they changed.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use rapport_domain::access::Permit;

use crate::connection::{Both, Db};
use crate::error::StoreError;
use crate::reassignment::{close, hold_row};
use crate::schema::{scoring_rules as rules, scoring_state as state};
use crate::store::Tx;
use crate::types::{Id, Instant, Json};

/// The key of the one row of the state.
const LEADS: &str = "leads";

/// A scoring rule.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = rules, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ScoringRuleRow {
    /// The id.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// The name as it is compared: no two rules share it.
    pub name_key: String,
    /// Whether it gives points.
    pub is_active: bool,
    /// property or behaviour.
    pub kind: String,
    /// How many points at once.
    pub points: i32,
    /// Which leads get them: a filter in its JSON form.
    pub condition: Option<Json<Value>>,
    /// Which activities about a lead they are given for.
    pub behaviour: Option<Json<StoredBehaviour>>,
    /// Starts at 1, one more with every change.
    pub version: i64,
    /// When it was made.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

/// Which activities a rule gives points for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredBehaviour {
    /// Kinds of activities.
    pub activity_kinds: Vec<String>,
    /// inbound or outbound; both, without one.
    #[serde(default)]
    pub direction: Option<String>,
    /// The latest so many of them.
    pub at_most: i32,
    /// After how many days the points of one are halved, again and again; never, without any.
    #[serde(default)]
    pub halves_after_days: Option<i32>,
}

/// Whether leads are scored, and how far they have been gone through.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = state, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ScoringState {
    key: String,
    /// Whether any rule is active.
    pub is_active: bool,
    /// Whether leads are yet to be scored by the rules as they are.
    pub is_walking: bool,
    /// The last lead that has been.
    pub walked_to: Option<Id>,
    /// One more with every change of the rules.
    pub version: i64,
}

impl Default for ScoringState {
    /// As it is where there has never been a rule.
    fn default() -> Self {
        Self { key: LEADS.to_owned(), is_active: false, is_walking: false, walked_to: None, version: 0 }
    }
}

/// Every rule, in the order they were made.
///
/// # Errors
/// When the database fails.
pub fn scoring_rules_all(db: &mut Db) -> Result<Vec<ScoringRuleRow>, StoreError> {
    Ok(rules::table.order((rules::created_at, rules::id)).load(db)?)
}

/// One rule.
///
/// # Errors
/// When the database fails.
pub fn scoring_rule_find(db: &mut Db, id: Uuid) -> Result<Option<ScoringRuleRow>, StoreError> {
    Ok(rules::table.filter(rules::id.eq(Id(id))).get_result(db).optional()?)
}

/// Adds a rule.
///
/// # Errors
/// `Unique("scoring_rules_name_unique")` when the name is taken.
pub fn scoring_rule_insert(tx: &mut Tx<'_>, _permit: &Permit, row: &ScoringRuleRow) -> Result<(), StoreError> {
    diesel::insert_into(rules::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// Overwrites the rule that still has `version`.
///
/// # Errors
/// `Stale` when it has not, `Unique("scoring_rules_name_unique")` when the name is taken.
pub fn scoring_rule_update(
    tx: &mut Tx<'_>,
    _permit: &Permit,
    row: &ScoringRuleRow,
    version: i64,
) -> Result<(), StoreError> {
    let mine = rules::table.filter(rules::id.eq(row.id)).filter(rules::version.eq(version));
    match diesel::update(mine).set(row).execute(&mut **tx)? {
        0 => Err(StoreError::Stale),
        _ => Ok(()),
    }
}

/// Removes a rule.
///
/// # Errors
/// When the database fails.
pub fn scoring_rule_delete(tx: &mut Tx<'_>, _permit: &Permit, id: Id) -> Result<(), StoreError> {
    diesel::delete(rules::table.filter(rules::id.eq(id))).execute(&mut **tx)?;
    Ok(())
}

// ---------------------------------------------------------------- state

/// The state as it is, for whoever only looks.
///
/// # Errors
/// When the database fails.
pub fn scoring_state(db: &mut Db) -> Result<ScoringState, StoreError> {
    Ok(state::table.filter(state::key.eq(LEADS)).get_result(db).optional()?.unwrap_or_default())
}

/// The state, held by whoever scores leads: the rules stay what they are until the transaction ends. One indexed read.
///
/// # Errors
/// When the database fails.
pub fn scoring_hold(tx: &mut Tx<'_>) -> Result<ScoringState, StoreError> {
    if let Some(held) = hold(tx)? {
        return Ok(held);
    }
    begin(tx)?;
    Ok(hold(tx)?.unwrap_or_default())
}

fn hold(tx: &mut Tx<'_>) -> QueryResult<Option<ScoringState>> {
    hold_row!(tx, state::table.filter(state::key.eq(LEADS)))
}

/// What is not there cannot be held: the first who wants to makes it.
fn begin(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    let insert = diesel::insert_into(state::table).values(ScoringState::default()).on_conflict_do_nothing();
    Both(insert).execute(&mut **tx)?;
    Ok(())
}

/// Nobody scores a lead until the transaction ends, which is about to change the rules.
///
/// # Errors
/// When the database fails.
pub fn scoring_close(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    begin(tx)?;
    Ok(close(tx, "scoring_state", LEADS)?)
}

/// The rules have changed, and are closed: every lead is to be scored anew.
///
/// # Errors
/// When the database fails.
pub fn scoring_changed(tx: &mut Tx<'_>, _permit: &Permit) -> Result<(), StoreError> {
    let active: i64 = rules::table.filter(rules::is_active.eq(true)).count().get_result(&mut **tx)?;
    let mine = state::table.filter(state::key.eq(LEADS));
    let change = (state::is_active.eq(active > 0), state::version.eq(state::version + 1));
    let walk = (state::is_walking.eq(true), state::walked_to.eq(None::<Id>));
    diesel::update(mine).set((change, walk)).execute(&mut **tx)?;
    Ok(())
}

/// Leads are about to be written past the rules: they are to be gone through from the first, where any rule is active.
///
/// # Errors
/// When the database fails.
pub fn scoring_walk(tx: &mut Tx<'_>, _permit: &Permit) -> Result<(), StoreError> {
    let mine = state::table.filter(state::key.eq(LEADS)).filter(state::is_active.eq(true));
    diesel::update(mine).set((state::is_walking.eq(true), state::walked_to.eq(None::<Id>))).execute(&mut **tx)?;
    Ok(())
}

/// The state, for whoever goes on through the leads: another node waits, and then goes on from there. Those who score leads
/// meanwhile do not wait.
///
/// # Errors
/// When the database fails.
pub fn scoring_take(tx: &mut Tx<'_>) -> Result<ScoringState, StoreError> {
    let query = state::table.filter(state::key.eq(LEADS));
    let found = match &mut **tx {
        Db::Sqlite(c) => query.get_result(c),
        Db::Pg(c) => query.for_no_key_update().get_result(c),
    };
    Ok(found.optional()?.unwrap_or_default())
}

/// Leads up to this one have been scored; all of them, without one.
///
/// # Errors
/// When the database fails.
pub fn scoring_walked(tx: &mut Tx<'_>, _permit: &Permit, to: Option<Uuid>) -> Result<(), StoreError> {
    let mine = state::table.filter(state::key.eq(LEADS));
    diesel::update(mine)
        .set((state::is_walking.eq(to.is_some()), state::walked_to.eq(to.map(Id))))
        .execute(&mut **tx)?;
    Ok(())
}
