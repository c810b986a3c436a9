//! What scoring looks like to callers.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use crate::openapi::derived::{trial_of, update_of};
use crate::records::fields::filter_schema;
use crate::records::view::NamedRef;

// ---------------------------------------------------------------- rules

/// A new rule: points for what a lead is (`condition`) or for what was done about it (`behaviour`), as its `kind` says.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "主动来电", "kind": "behaviour", "points": 20,
    "behaviour": {"activity_kinds": ["call", "message"], "direction": "inbound", "at_most": 3, "halves_after_days": 14}
}))]
pub struct CreateScoringRule {
    /// Its name; no two rules share one.
    #[schema(min_length = 1, max_length = 100, example = "主动来电")]
    pub name: String,
    /// Whether it gives points.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub is_active: bool,
    /// `property`: for what the lead is; `behaviour`: for what was done about it.
    #[schema(pattern = "^(property|behaviour)$", example = "behaviour")]
    pub kind: String,
    /// How many points at once; fewer than none takes them away, none at all is refused.
    #[schema(minimum = -100, maximum = 100, example = 20)]
    pub points: i32,
    /// Of a `property` rule, and of no other: which leads get the points, as text or in its JSON form. A filter over what the
    /// lead says of itself: neither its owner nor times nor points.
    #[serde(default)]
    #[schema(schema_with = condition_schema)]
    pub condition: Option<Value>,
    /// Of a `behaviour` rule, and of no other: which activities the points are given for.
    #[serde(default)]
    pub behaviour: Option<ScoringBehaviour>,
}

/// Which activities about a lead points are given for. They count once they are done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScoringBehaviour {
    /// Of which kinds: `call`, `email`, `meeting`, `visit`, `message` or `note`; at least one.
    #[schema(min_items = 1, max_items = 6, example = json!(["call", "message"]))]
    pub activity_kinds: Vec<String>,
    /// Who began it: `inbound` (they did) or `outbound` (we did); `null` is whoever did.
    #[serde(default)]
    #[schema(pattern = "^(inbound|outbound)$", example = "inbound")]
    pub direction: Option<String>,
    /// Points for the latest so many of them.
    #[serde(default = "once")]
    #[schema(minimum = 1, maximum = 20, default = 1)]
    pub at_most: i32,
    /// The points of each are halved, towards none, whenever so many days (of 24 hours) have passed since it happened; `null`
    /// never fades.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 365, example = 14)]
    pub halves_after_days: Option<i32>,
}

fn yes() -> bool {
    true
}

fn once() -> i32 {
    1
}

fn condition_schema() -> RefOr<Schema> {
    filter_schema(
        "Of a `property` rule, and of no other: which leads get the points, as text or in its JSON form. A filter over what the lead \
         says of itself: neither its owner nor times nor points.",
        json!({"field": "employees", "op": "ge", "value": 200}),
    )
}

/// What may change of a rule: the schema of a new one, of which nothing is required.
#[derive(Clone, Copy, Debug)]
pub(super) struct UpdateScoringRule;

impl PartialSchema for UpdateScoringRule {
    fn schema() -> RefOr<Schema> {
        update_of::<CreateScoringRule>(
            "What may change of a rule. A condition or a behaviour is replaced as a whole.",
            json!({"points": 15, "behaviour": {"activity_kinds": ["call", "meeting"], "halves_after_days": 30}}),
        )
    }
}

impl ToSchema for UpdateScoringRule {}

/// A rule to be tried: a new one, or another form of the one with this id.
#[derive(Clone, Copy, Debug)]
pub(super) struct TriedScoringRule;

impl PartialSchema for TriedScoringRule {
    fn schema() -> RefOr<Schema> {
        trial_of::<CreateScoringRule>()
    }
}

impl ToSchema for TriedScoringRule {}

/// A rule.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ScoringRuleView {
    /// The id.
    pub id: Uuid,
    /// Its name.
    #[schema(example = "主动来电")]
    pub name: String,
    /// Whether it gives points.
    pub is_active: bool,
    /// What it gives points for: `property` or `behaviour`.
    #[schema(example = "behaviour")]
    pub kind: String,
    /// How many points at once.
    #[schema(example = 20)]
    pub points: i32,
    /// Of a `property` rule: which leads get them, in the JSON form of filters.
    #[schema(value_type = Option<Object>, example = json!({"field": "employees", "op": "ge", "value": 200}))]
    pub condition: Option<Value>,
    /// Of a `behaviour` rule: which activities they are given for.
    pub behaviour: Option<ScoringBehaviour>,
    /// Starts at 1, one more with every change.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// Every rule, in the order they were made.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct ScoringRuleList {
    /// The rules.
    pub data: Vec<ScoringRuleView>,
}

// ---------------------------------------------------------------- dry run

/// A rule that is to be tried on the newest leads.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ScoringDryRunRequest {
    /// The rule.
    #[schema(value_type = TriedScoringRule)]
    pub rule: Value,
    /// From how many points on leads would be warm; as it is, if not told.
    #[serde(default)]
    #[schema(minimum = -10_000, maximum = 10_000, example = 30)]
    pub warm_from: Option<i32>,
    /// From how many points on they would be hot; more than for warm.
    #[serde(default)]
    #[schema(minimum = -10_000, maximum = 10_000, example = 60)]
    pub hot_from: Option<i32>,
}

/// What would be otherwise if the rule were so. Nothing is written.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct ScoringDryRun {
    /// How many leads were looked at: neither converted nor in the trash.
    pub examined: i64,
    /// Whether there were more: at most the 1,000 newest are looked at.
    pub is_truncated: bool,
    /// How many the rule would give points, or take some from.
    pub matched: i64,
    /// How many are rated hot, warm and cold, and would be.
    pub ratings: Vec<ScoringRatingCount>,
    /// Those whose points would change most, at most 50.
    pub samples: Vec<ScoringSample>,
}

/// How many leads have a rating, and would have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct ScoringRatingCount {
    /// `hot`, `warm` or `cold`.
    #[schema(example = "hot")]
    pub rating: String,
    /// With the rules as they are.
    pub now: i64,
    /// With the rule that is tried.
    pub then: i64,
}

/// A lead whose points would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct ScoringSample {
    /// The lead.
    pub lead: NamedRef,
    /// Its points with the rules as they are.
    pub score_now: i32,
    /// Its points with the rule that is tried.
    pub score_then: i32,
    /// Its rating with the rules as they are.
    #[schema(example = "warm")]
    pub rating_now: Option<String>,
    /// Its rating with the rule that is tried.
    #[schema(example = "hot")]
    pub rating_then: Option<String>,
}

// ---------------------------------------------------------------- why a lead has its points

/// Why a lead has its points.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct LeadScore {
    /// The sum of the reasons' points.
    #[schema(example = 45)]
    pub score: i32,
    /// hot, warm or cold.
    #[schema(example = "warm")]
    pub rating: Option<String>,
    /// Who says so: `person` or `rules`; `null` when nobody does.
    #[schema(example = "rules")]
    pub rating_by: Option<String>,
    /// The moment it was added up.
    pub as_of: DateTime<Utc>,
    /// From how many points on a lead is warm.
    #[schema(example = 30)]
    pub warm_from: i32,
    /// From how many points on it is hot.
    #[schema(example = 60)]
    pub hot_from: i32,
    /// When the points change next with time alone.
    pub next_change_at: Option<DateTime<Utc>>,
    /// What the points are for, the most first. Of a lead that is converted or in the trash the points stand still, and what
    /// they were for is not told.
    pub reasons: Vec<ScoreReason>,
    /// The active rules that give nothing.
    pub not_matched: Vec<ScoreNotMatched>,
}

/// What some points of a lead are for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct ScoreReason {
    /// The rule that gives them.
    pub rule: NamedRef,
    /// `property` or `behaviour`.
    #[schema(example = "behaviour")]
    pub kind: String,
    /// How many there are now.
    #[schema(example = 20)]
    pub points: i32,
    /// How many activities still count; 1 for what the lead is.
    #[schema(example = 2)]
    pub times: i32,
    /// When the latest of them happened.
    pub latest_at: Option<DateTime<Utc>>,
    /// When some of the points fade next.
    pub fades_at: Option<DateTime<Utc>>,
}

/// A rule that gives a lead nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct ScoreNotMatched {
    /// The rule.
    pub rule: NamedRef,
    /// `property` or `behaviour`.
    #[schema(example = "property")]
    pub kind: String,
    /// The most that it could give.
    #[schema(example = 15)]
    pub points_possible: i32,
}
