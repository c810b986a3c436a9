//! Which fields a request may filter and sort by, and where they are stored: the one declaration of each record type.
//!
//! A field of the profile document is an expression over it; it can be filtered by, but has no index.

use std::collections::BTreeSet;

use rapport_domain::activity::{ActivityKind, ActivityStatus, Direction, Outcome, Priority};
use rapport_domain::contact::DecisionRole;
use rapport_domain::customer::{CustomerKind, Level, Lifecycle, Relation};
use rapport_domain::filter::Field;
use rapport_domain::kind::RecordKind;
use rapport_domain::lead::{Rating, StatusCategory};
use rapport_domain::opportunity::{ForecastCategory, StageCategory};
use rapport_domain::pool::ReleaseRule;

/// The fields of a kind, in the order of the documentation.
#[must_use]
pub fn catalogue(kind: RecordKind) -> &'static [Field] {
    match kind {
        RecordKind::Customer => CUSTOMER,
        RecordKind::Contact => CONTACT,
        RecordKind::Lead => LEAD,
        RecordKind::Opportunity => OPPORTUNITY,
        RecordKind::Activity => ACTIVITY,
        RecordKind::User => USER,
        RecordKind::Team => TEAM,
        RecordKind::Pipeline => PIPELINE,
        RecordKind::Stage => STAGE,
    }
}

/// The fields every owned record has, followed by those of one kind.
macro_rules! owned {
    ($($field:expr),* $(,)?) => {
        &[
            Field::id("id", "id"),
            Field::integer("number", "number").sortable(),
            Field::text("name", "name").sortable(),
            Field::key("source", "source").nullable(),
            Field::reference("owner_id", "owner_id", RecordKind::User).nullable(),
            Field::reference("team_id", "team_id", RecordKind::Team).nullable(),
            Field::tags("tags", "tags"),
            Field::instant("created_at", "created_at").sortable(),
            Field::reference("created_by_id", "created_by", RecordKind::User).nullable(),
            Field::instant("updated_at", "updated_at").sortable(),
            Field::reference("updated_by_id", "updated_by", RecordKind::User).nullable(),
            $($field),*
        ]
    };
}

/// What activities leave with the records they are about.
const LAST_ACTIVITY: Field = Field::instant("last_activity_at", "last_activity_at").nullable().sortable();
const NEXT_ACTIVITY: Field = Field::instant("next_activity_at", "next_activity_at").nullable().sortable();

const CUSTOMER: &[Field] = owned![
    LAST_ACTIVITY,
    NEXT_ACTIVITY,
    Field::one_of("kind", "kind", CustomerKind::NAMES),
    Field::one_of("relation", "relation", Relation::NAMES),
    Field::one_of("lifecycle", "lifecycle", Lifecycle::NAMES),
    Field::one_of("level", "level", Level::NAMES).nullable().sortable(),
    Field::text("industry", "industry").nullable(),
    Field::text("region", "region").nullable(),
    Field::text("city", "(profile -> 'address' ->> 'city')").nullable(),
    Field::key("country", "(profile -> 'address' ->> 'country')").nullable(),
    Field::text("email", "(profile ->> 'email')").nullable(),
    Field::text("phone", "(profile ->> 'phone')").nullable(),
    Field::text("phone_e164", "(profile ->> 'phone_e164')").nullable(),
    Field::text("domain", "(profile ->> 'domain')").nullable(),
    Field::text("tax_id", "(profile ->> 'tax_id')").nullable(),
    Field::text("description", "(profile ->> 'description')").nullable(),
    Field::integer("employees", "CAST(profile ->> 'employees' AS BIGINT)").nullable(),
    Field::money(
        "annual_revenue",
        "CAST(profile ->> 'annual_revenue_minor' AS BIGINT)",
        "(profile ->> 'annual_revenue_currency')",
    )
    .nullable(),
    Field::reference("parent_id", "parent_id", RecordKind::Customer).nullable(),
    Field::reference("primary_contact_id", "primary_contact_id", RecordKind::Contact).nullable(),
    Field::reference("origin_lead_id", "origin_lead_id", RecordKind::Lead).nullable(),
    Field::id("pool_id", "pool_id").nullable(),
    Field::instant("pooled_at", "pooled_at").nullable().sortable(),
    Field::one_of("pool_rule", "(profile ->> 'pool_rule')", ReleaseRule::NAMES).nullable(),
    Field::instant("release_at", "release_at").nullable().sortable(),
    Field::one_of("release_rule", "(profile ->> 'release_rule')", ReleaseRule::NAMES).nullable(),
    Field::collection("contacts", RecordKind::Contact, "customer_id"),
    Field::collection("opportunities", RecordKind::Opportunity, "customer_id"),
    Field::collection("activities", RecordKind::Activity, "customer_id"),
];

const CONTACT: &[Field] = owned![
    LAST_ACTIVITY,
    NEXT_ACTIVITY,
    Field::text("family_name", "(profile ->> 'family_name')").nullable(),
    Field::text("given_name", "(profile ->> 'given_name')").nullable(),
    Field::text("job_title", "job_title").nullable(),
    Field::text("department", "(profile ->> 'department')").nullable(),
    Field::one_of("decision_role", "(profile ->> 'decision_role')", DecisionRole::NAMES).nullable(),
    Field::text("email", "email").nullable(),
    Field::text("phone", "phone").nullable(),
    Field::text("wechat", "(profile ->> 'wechat')").nullable(),
    Field::text("notes", "(profile ->> 'notes')").nullable(),
    Field::reference("customer_id", "customer_id", RecordKind::Customer).nullable(),
    Field::reference("reports_to_id", "reports_to_id", RecordKind::Contact).nullable(),
    Field::reference("origin_lead_id", "origin_lead_id", RecordKind::Lead).nullable(),
    Field::collection("opportunities", RecordKind::Opportunity, "primary_contact_id"),
    Field::collection("activities", RecordKind::Activity, "contact_id"),
];

const LEAD: &[Field] = owned![
    LAST_ACTIVITY,
    NEXT_ACTIVITY,
    Field::text("company_name", "company_name").nullable(),
    Field::text("family_name", "(profile ->> 'family_name')").nullable(),
    Field::text("given_name", "(profile ->> 'given_name')").nullable(),
    Field::text("title", "(profile ->> 'title')").nullable(),
    Field::text("email", "(profile ->> 'email')").nullable(),
    Field::text("phone", "(profile ->> 'phone')").nullable(),
    Field::text("phone_e164", "(profile ->> 'phone_e164')").nullable(),
    Field::text("industry", "(profile ->> 'industry')").nullable(),
    Field::text("region", "region").nullable(),
    Field::text("city", "(profile ->> 'city')").nullable(),
    Field::text("interest", "(profile ->> 'interest')").nullable(),
    Field::integer("employees", "CAST(profile ->> 'employees' AS BIGINT)").nullable(),
    Field::money("estimated_amount", "amount", "currency").nullable(),
    Field::key("status", "status"),
    Field::one_of("status_category", "status_category", StatusCategory::NAMES),
    Field::one_of("rating", "rating", Rating::NAMES).nullable(),
    Field::integer("score", "score").sortable(),
    Field::key("disqualified_reason", "(profile ->> 'disqualified_reason')").nullable(),
    Field::instant("first_response_due_at", "first_response_due_at").nullable().sortable(),
    Field::instant("first_responded_at", "first_responded_at").nullable(),
    Field::collection("customers", RecordKind::Customer, "origin_lead_id"),
    Field::collection("opportunities", RecordKind::Opportunity, "origin_lead_id"),
    Field::collection("activities", RecordKind::Activity, "lead_id"),
];

const OPPORTUNITY: &[Field] = owned![
    LAST_ACTIVITY,
    NEXT_ACTIVITY,
    Field::reference("customer_id", "customer_id", RecordKind::Customer),
    Field::reference("primary_contact_id", "primary_contact_id", RecordKind::Contact).nullable(),
    Field::reference("pipeline_id", "pipeline_id", RecordKind::Pipeline),
    Field::reference("stage_id", "stage_id", RecordKind::Stage),
    Field::one_of("category", "category", StageCategory::NAMES),
    Field::instant("stage_entered_at", "stage_entered_at"),
    Field::instant("warn_at", "warn_at").nullable().sortable(),
    Field::instant("stale_at", "stale_at").nullable().sortable(),
    Field::money("amount", "amount", "currency").nullable().sortable(),
    Field::integer("probability", "probability"),
    Field::date("expected_close_on", "expected_close_on").nullable().sortable(),
    Field::instant("closed_at", "closed_at").nullable().sortable(),
    Field::text("board_rank", "board_rank").sortable().unfilterable(),
    Field::one_of("forecast_category", "(profile ->> 'forecast_category')", ForecastCategory::NAMES).nullable(),
    Field::key("lost_reason", "(profile ->> 'lost_reason')").nullable(),
    Field::text("competitor", "(profile ->> 'competitor')").nullable(),
    Field::text("next_step", "(profile ->> 'next_step')").nullable(),
    Field::reference("origin_lead_id", "origin_lead_id", RecordKind::Lead).nullable(),
    Field::collection("activities", RecordKind::Activity, "opportunity_id"),
];

const ACTIVITY: &[Field] = owned![
    // Every record has these; nothing is about an activity, so that there is no order by them.
    Field::instant("last_activity_at", "last_activity_at").nullable(),
    Field::instant("next_activity_at", "next_activity_at").nullable(),
    Field::one_of("kind", "kind", ActivityKind::NAMES),
    Field::one_of("status", "status", ActivityStatus::NAMES),
    Field::one_of("priority", "priority", Priority::NAMES),
    Field::instant("due_at", "due_at").nullable().sortable(),
    Field::instant("happened_at", "happened_at").nullable().sortable(),
    Field::one_of("direction", "(profile ->> 'direction')", Direction::NAMES).nullable(),
    Field::one_of("outcome", "(profile ->> 'outcome')", Outcome::NAMES).nullable(),
    Field::integer("duration_minutes", "CAST(profile ->> 'duration_minutes' AS BIGINT)").nullable(),
    Field::text("body", "(profile ->> 'body')").nullable(),
    Field::reference("customer_id", "customer_id", RecordKind::Customer).nullable(),
    Field::reference("contact_id", "contact_id", RecordKind::Contact).nullable(),
    Field::reference("lead_id", "lead_id", RecordKind::Lead).nullable(),
    Field::reference("opportunity_id", "opportunity_id", RecordKind::Opportunity).nullable(),
];

/// What everybody sees of everybody. A filter on more, such as the address of an owner, would answer by yes and no what
/// only those who may view users are told.
const USER: &[Field] = &[
    Field::id("id", "id"),
    Field::text("name", "name").sortable(),
    Field::reference("team_id", "team_id", RecordKind::Team).nullable(),
    Field::bool("is_active", "is_active"),
];

const TEAM: &[Field] = &[
    Field::id("id", "id"),
    Field::text("name", "name").sortable(),
    Field::reference("parent_id", "parent_id", RecordKind::Team).nullable(),
];

const PIPELINE: &[Field] = &[Field::id("id", "id"), Field::bool("is_active", "is_active")];

const STAGE: &[Field] = &[
    Field::id("id", "id"),
    Field::one_of("category", "category", StageCategory::NAMES),
    Field::integer("position", "position"),
    Field::reference("pipeline_id", "pipeline_id", RecordKind::Pipeline),
];

/// Columns that some index begins with, in any of the owned tables.
const INDEXED: &[&str] = &[
    "id",
    "number",
    "source",
    "owner_id",
    "team_id",
    "created_at",
    "updated_at",
    "relation",
    "lifecycle",
    "level",
    "industry",
    "parent_id",
    "origin_lead_id",
    "customer_id",
    "contact_id",
    "lead_id",
    "opportunity_id",
    "reports_to_id",
    "status",
    "rating",
    "score",
    "primary_contact_id",
    "pipeline_id",
    "stage_id",
    "category",
    "amount",
    "expected_close_on",
    "closed_at",
    "pool_id",
    "pooled_at",
    "release_at",
    "warn_at",
    "stale_at",
    "first_response_due_at",
];

/// Whether an index leads to the rows with a value in this column.
#[must_use]
pub fn has_index(column: &str) -> bool {
    INDEXED.contains(&column)
}

/// Columns in whose order no index has all rows: the board has an order within each stage only.
const ORDERED_WITHIN_OTHERS: &[&str] = &["board_rank"];

/// Whether all rows can be read in the order of this column.
#[must_use]
pub fn has_order(column: &str) -> bool {
    !ORDERED_WITHIN_OTHERS.contains(&column)
}

/// What activities leave: indexed in every owned table but their own.
const MARKS: &[&str] = &["last_activity_at", "next_activity_at"];

/// Whether an index may lead to the rows with a value in this column.
#[must_use]
pub fn may_have_index(column: &str) -> bool {
    has_index(column) || MARKS.contains(&column)
}

/// Columns of which every value has its rows in the order of their last change.
const INDEXED_BY_UPDATE: &[&str] = &[
    "owner_id",
    "team_id",
    "relation",
    "lifecycle",
    "level",
    "industry",
    "customer_id",
    "status",
    "rating",
    "category",
    "pool_id",
];

/// Whether an index leads to the rows with one value in this column, the last changed first.
#[must_use]
pub fn has_index_by_update(column: &str) -> bool {
    INDEXED_BY_UPDATE.contains(&column)
}

/// Kinds, columns of which an index has every combination of values together, and the column in whose order it has their rows.
const ORDERED_TOGETHER: &[(&[RecordKind], &[&str], &str)] = &[
    (OWNED_BY_NAME, &["owner_id"], "name_sort"),
    (OWNED_BY_NAME, &["owner_id"], "next_activity_at"),
    (&[RecordKind::Customer], &["owner_id"], "release_at"),
    (&[RecordKind::Customer], &["pool_id"], "pooled_at"),
    (&[RecordKind::Opportunity], &["owner_id"], "stale_at"),
    (&[RecordKind::Activity], &["owner_id", "status"], "due_at"),
];

/// The owned records but for activities.
const OWNED_BY_NAME: &[RecordKind] =
    &[RecordKind::Customer, RecordKind::Contact, RecordKind::Lead, RecordKind::Opportunity];

/// Whether some index has, in the order of a column, the rows of a kind with one value in each of these columns. Where more
/// is asked of them (`has_more`) one column does not do: of its rows those that match may be few and far between.
pub fn has_order_of(kind: RecordKind, order: &str, columns: &BTreeSet<&str>, has_more: bool) -> bool {
    ORDERED_TOGETHER.iter().any(|(kinds, together, by)| {
        *by == order
            && kinds.contains(&kind)
            && together.iter().all(|column| columns.contains(column))
            && (together.len() > 1 || (columns.len() == 1 && !has_more))
    })
}

/// The column a list sorts by when a request names this field.
#[must_use]
pub fn sort_column(field: &Field) -> &'static str {
    if field.name == "name" { "name_sort" } else { field.column }
}
