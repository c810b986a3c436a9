//! What assignment looks like to callers.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use rapport_persistence::lead_assignments::{LeadAssignmentRow, StoredPassedOver, StoredStep};

use crate::openapi::derived::{trial_of, update_of};
use crate::records::fields::filter_schema;
use crate::records::references::References;
use crate::records::view::{NamedRef, named};

// ---------------------------------------------------------------- rules

/// A new rule. It gives leads to the people it names, or to the members of a team; never both.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "华东官网线索", "condition": {"field": "region", "op": "in", "value": ["上海", "江苏", "浙江"]},
    "strategy": "round_robin", "user_ids": ["01890a5d-ac96-774b-bcce-b302099a8057"], "working_days": [1, 2, 3, 4, 5], "max_per_day": 20
}))]
pub struct CreateAssignmentRule {
    /// Its name; no two rules share one.
    #[schema(min_length = 1, max_length = 100, example = "华东官网线索")]
    pub name: String,
    /// The place among the others, from 0; at the end if not told.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1000)]
    pub position: Option<i32>,
    /// Whether it is asked.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub is_active: bool,
    /// Which leads it gives: a filter over the lead's own fields, as text or in its JSON form; `null` is every lead.
    #[serde(default)]
    #[schema(schema_with = condition_schema)]
    pub condition: Option<Value>,
    /// Who of its people gets the next lead: `user` (the one it names), `round_robin` (each in turn) or `least_loaded`
    /// (whoever has the fewest open leads).
    #[schema(pattern = "^(user|round_robin|least_loaded)$", example = "round_robin")]
    pub strategy: String,
    /// The people, in the order of their turns; exactly one with `user`.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub user_ids: Vec<Uuid>,
    /// The team whose active members get the leads, in the place of `user_ids`.
    #[serde(default)]
    pub team_id: Option<Uuid>,
    /// Whether the members of the teams below it are meant as well.
    #[serde(default)]
    pub with_subteams: bool,
    /// The days of the week on which people are given leads, Monday is 1 and Sunday 7, as it is where they are; none is
    /// every day.
    #[serde(default)]
    #[schema(schema_with = days_schema)]
    pub working_days: Vec<i32>,
    /// Whoever owns so many open leads (new, working or nurturing) gets no more.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100_000)]
    pub max_open: Option<i32>,
    /// Whoever was given so many leads by rules today, as it is where they are, gets no more.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 10_000)]
    pub max_per_day: Option<i32>,
}

fn yes() -> bool {
    true
}

fn condition_schema() -> RefOr<Schema> {
    filter_schema(
        "Which leads it gives: a filter over the lead's own fields, as text or in its JSON form; `null` is every lead.",
        json!({"field": "region", "op": "in", "value": ["上海", "江苏", "浙江"]}),
    )
}

fn days_schema() -> RefOr<Schema> {
    let day = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).maximum(Some(7));
    let days = ArrayBuilder::new().items(day).max_items(Some(7)).description(Some(
        "The days of the week on which people are given leads, Monday is 1 and Sunday 7, as it is where they are; none is every day.",
    ));
    days.examples([json!([1, 2, 3, 4, 5])]).into()
}

/// What may change of a rule: the schema of a new one, of which nothing is required.
#[derive(Clone, Copy, Debug)]
pub(super) struct UpdateAssignmentRule;

impl PartialSchema for UpdateAssignmentRule {
    fn schema() -> RefOr<Schema> {
        update_of::<CreateAssignmentRule>(
            "What may change of a rule. A condition is replaced as a whole.",
            json!({"is_active": false, "max_per_day": null}),
        )
    }
}

impl ToSchema for UpdateAssignmentRule {}

/// A rule to be tried: a new one, or another form of the one with this id.
#[derive(Clone, Copy, Debug)]
pub(super) struct TriedAssignmentRule;

impl PartialSchema for TriedAssignmentRule {
    fn schema() -> RefOr<Schema> {
        trial_of::<CreateAssignmentRule>()
    }
}

impl ToSchema for TriedAssignmentRule {}

/// Somebody whom a rule gives leads to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AssignmentRuleUser {
    /// Who.
    pub id: Uuid,
    /// The name.
    #[schema(example = "李晓晨")]
    pub name: String,
    /// Whether they may sign in; who may not is passed over.
    pub is_active: bool,
}

/// A rule.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AssignmentRuleView {
    /// The id.
    pub id: Uuid,
    /// Its name.
    #[schema(example = "华东官网线索")]
    pub name: String,
    /// The place among the others, from 0.
    pub position: i32,
    /// Whether it is asked.
    pub is_active: bool,
    /// Which leads it gives, in the JSON form of filters; `null` is every lead.
    #[schema(value_type = Option<Object>, example = json!({"field": "region", "op": "in", "value": ["上海", "江苏", "浙江"]}))]
    pub condition: Option<Value>,
    /// Who of its people gets the next lead: `user`, `round_robin` or `least_loaded`.
    #[schema(example = "round_robin")]
    pub strategy: String,
    /// The people, in the order of their turns.
    pub user_ids: Vec<Uuid>,
    /// The people, by name.
    pub users: Vec<AssignmentRuleUser>,
    /// The team whose active members get the leads.
    pub team_id: Option<Uuid>,
    /// The team, by name.
    pub team: Option<NamedRef>,
    /// Whether the members of the teams below it are meant as well.
    pub with_subteams: bool,
    /// The days of the week on which people are given leads; none is every day.
    #[schema(example = json!([1, 2, 3, 4, 5]))]
    pub working_days: Vec<i32>,
    /// Whoever owns so many open leads gets no more.
    pub max_open: Option<i32>,
    /// Whoever was given so many leads by rules today gets no more.
    pub max_per_day: Option<i32>,
    /// How many leads it has given in the last 30 days.
    pub given_30_days: i64,
    /// Starts at 1, one more with every change.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// Every rule, in the order they are asked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct AssignmentRuleList {
    /// The rules.
    pub data: Vec<AssignmentRuleView>,
}

// ---------------------------------------------------------------- dry run

/// A rule that is to be tried on the leads of the last days.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AssignmentDryRunRequest {
    /// The rule.
    #[schema(value_type = TriedAssignmentRule)]
    pub rule: Value,
    /// How many days back.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 90, default = 90)]
    pub days: Option<i32>,
}

/// What would be otherwise if the rule were so. Nothing is written.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AssignmentDryRun {
    /// How many leads were looked at.
    pub examined: i64,
    /// Whether there were more: at most the 10,000 newest are looked at.
    pub is_truncated: bool,
    /// How many the rule would have.
    pub matched: i64,
    /// How many would have another rule than with the rules as they are.
    pub moved: i64,
    /// How many leads each rule has, and would have; last those that no rule fits, under neither id nor name.
    pub by_rule: Vec<AssignmentRuleCount>,
    /// Some of those that would have another rule, the newest first, at most 50.
    pub samples: Vec<AssignmentSample>,
}

/// How many leads a rule has, and would have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AssignmentRuleCount {
    /// The rule; `null` for a new one, and for leads that no rule fits.
    pub rule_id: Option<Uuid>,
    /// Its name; `null` for leads that no rule fits.
    pub rule_name: Option<String>,
    /// With the rules as they are.
    pub before: i64,
    /// With the rule that is tried.
    pub after: i64,
}

/// A lead that would have another rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AssignmentSample {
    /// The lead.
    pub id: Uuid,
    /// Its number.
    #[schema(example = 1042)]
    pub number: i64,
    /// Its name.
    #[schema(example = "王小明")]
    pub name: String,
    /// When it came.
    pub created_at: DateTime<Utc>,
    /// Who owns it now.
    pub owner: Option<NamedRef>,
    /// The name of the rule that it fits now.
    pub before: Option<String>,
    /// The name of the rule that it would fit.
    pub after: Option<String>,
}

// ---------------------------------------------------------------- what a lead was given by

/// How a lead came to its owner by the rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AssignmentView {
    /// When.
    pub assigned_at: DateTime<Utc>,
    /// The rule that gave it; `null` when none did.
    pub rule: Option<AssignedRule>,
    /// Who got it.
    pub owner: Option<NamedRef>,
    /// What became of each rule, in the order they were asked, up to the one that gave it.
    pub trace: Vec<AssignmentStep>,
}

/// The rule that gave a lead, as it was then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AssignedRule {
    /// The rule; `null` when it is gone.
    pub id: Option<Uuid>,
    /// What it was called.
    #[schema(example = "华东官网线索")]
    pub name: String,
    /// Which version of it gave the lead.
    pub version: i64,
}

/// What became of a rule that was asked about a lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AssignmentStep {
    /// The rule, which may be gone by now.
    pub rule_id: Uuid,
    /// What it was called.
    #[schema(example = "华东官网线索")]
    pub rule_name: String,
    /// `assigned`, `not_matched` or `nobody_available`.
    #[schema(example = "assigned")]
    pub result: String,
    /// Those who could not be given the lead, at most 20 of them.
    pub passed_over: Vec<AssignmentPassedOver>,
    /// How many they were.
    pub passed_over_count: usize,
}

/// Somebody who could not be given a lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AssignmentPassedOver {
    /// Who.
    pub user_id: Uuid,
    /// What they were called.
    #[schema(example = "李晓晨")]
    pub name: String,
    /// `inactive`, `not_permitted`, `day_off`, `max_open` or `max_per_day`.
    #[schema(example = "day_off")]
    pub reason: String,
}

/// How a lead last came to its owner by the rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct LeadAssignment {
    /// The last time; `null` when the rules were never asked.
    pub data: Option<AssignmentView>,
    /// How often they were asked before that.
    pub earlier: i64,
}

impl AssignmentView {
    /// What was written down, with the name of the owner.
    pub(super) fn of(row: &LeadAssignmentRow, references: &References) -> Self {
        let rule = row.rule_name.clone().zip(row.rule_version);
        Self {
            assigned_at: row.assigned_at.0,
            rule: rule.map(|(name, version)| AssignedRule { id: row.rule_id.map(Into::into), name, version }),
            owner: named(row.owner_id.map(Into::into), references),
            trace: row.trace.0.iter().map(Into::into).collect(),
        }
    }
}

impl From<&StoredStep> for AssignmentStep {
    fn from(step: &StoredStep) -> Self {
        Self {
            rule_id: step.rule_id,
            rule_name: step.rule_name.clone(),
            result: step.result.clone(),
            passed_over: step.passed_over.iter().map(Into::into).collect(),
            passed_over_count: step.passed_over_count,
        }
    }
}

impl From<&StoredPassedOver> for AssignmentPassedOver {
    fn from(one: &StoredPassedOver) -> Self {
        Self { user_id: one.user_id, name: one.name.clone(), reason: one.reason.clone() }
    }
}
