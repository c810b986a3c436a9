//! What customer pools look like to callers.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{IntoParams, PartialSchema, ToSchema};
use uuid::Uuid;
use validator::Validate;

use rapport_domain::context::Locale;
use rapport_persistence::customer_pools::CustomerPoolRow;

use super::DEFAULT_WARN_DAYS;
use super::served::name_of;
use crate::openapi::derived::update_of;
use crate::records::view::NamedRef;

/// After how many days a pool takes customers from their owners. Never those that buy (`active`) or are no more
/// (`deregistered`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PoolRelease {
    /// Without an activity.
    #[schema(minimum = 1, maximum = 3650, example = 30)]
    pub no_activity_days: Option<i32>,
    /// Without an opportunity.
    #[schema(minimum = 1, maximum = 3650)]
    pub no_opportunity_days: Option<i32>,
    /// Without a won opportunity.
    #[schema(minimum = 1, maximum = 3650)]
    pub not_won_days: Option<i32>,
}

/// A new pool. It serves the people of its team and of the teams below.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "华东公海", "team_id": "01890a5d-ac96-774b-bcce-b302099a8057",
    "release": {"no_activity_days": 30, "not_won_days": 180}, "warn_days": 3, "owned_cap": 200, "claims_per_day": 10, "cooldown_days": 7
}))]
pub struct CreateCustomerPool {
    /// Its name; no two pools share one. The default pool may go without.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100, example = "华东公海")]
    pub name: Option<String>,
    /// The team it serves; every pool but the default one has one, and no two have the same.
    #[serde(default)]
    pub team_id: Option<Uuid>,
    /// Whether it serves anybody, and takes customers from their owners.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub is_active: bool,
    /// When it takes customers from their owners.
    #[serde(default)]
    pub release: PoolRelease,
    /// For how many days owners are warned before.
    #[serde(default = "usual_warning")]
    #[schema(minimum = 0, maximum = 90, default = 3)]
    pub warn_days: i32,
    /// How many customers anybody may own who takes one out.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100_000)]
    pub owned_cap: Option<i32>,
    /// How many anybody may claim in a day, as it is where they are.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1000)]
    pub claims_per_day: Option<i32>,
    /// For how many days the last owner of a customer cannot claim it back.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 365, default = 0)]
    pub cooldown_days: i32,
}

fn yes() -> bool {
    true
}

fn usual_warning() -> i32 {
    DEFAULT_WARN_DAYS
}

/// What may change of a pool: the schema of a new one, of which nothing is required.
#[derive(Clone, Copy, Debug)]
pub(super) struct UpdateCustomerPool;

impl PartialSchema for UpdateCustomerPool {
    fn schema() -> RefOr<Schema> {
        update_of::<CreateCustomerPool>(
            "What may change of a pool.",
            json!({"release": {"no_activity_days": 45}, "owned_cap": null}),
        )
    }
}

impl ToSchema for UpdateCustomerPool {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        CreateCustomerPool::schemas(schemas);
    }
}

/// A pool.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = CustomerPool)]
pub struct CustomerPoolView {
    /// The id.
    pub id: Uuid,
    /// Its name; that of the default pool, while nobody has given it one, in the language of the reader.
    #[schema(example = "公海")]
    pub name: String,
    /// The team it serves with those below; the default pool serves whoever no other pool does.
    pub team: Option<NamedRef>,
    /// Whether it is the default one.
    pub is_default: bool,
    /// Whether it serves anybody, and takes customers from their owners.
    pub is_active: bool,
    /// When it takes customers from their owners.
    pub release: PoolRelease,
    /// For how many days owners are warned before.
    #[schema(example = 3)]
    pub warn_days: i32,
    /// How many customers anybody may own who takes one out.
    pub owned_cap: Option<i32>,
    /// How many anybody may claim in a day.
    pub claims_per_day: Option<i32>,
    /// For how many days the last owner of a customer cannot claim it back.
    pub cooldown_days: i32,
    /// How many customers lie in it.
    pub customers: i64,
    /// Starts at 1, one more with every change; the ETag.
    #[schema(example = 1)]
    pub version: i64,
}

/// Every pool.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(super) struct CustomerPoolList {
    /// The default one, then by name.
    pub data: Vec<CustomerPoolView>,
}

/// What takes the place of a pool that is removed.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PoolReplacement {
    /// The pool that its customers move to; needed while any lies in it, be it in the trash.
    pub replacement: Option<Uuid>,
}

impl CustomerPoolView {
    pub(super) fn of(row: &CustomerPoolRow, team: Option<NamedRef>, customers: i64, locale: Locale) -> Self {
        Self {
            id: row.id.0,
            name: name_of(row, locale),
            team,
            is_default: row.is_default,
            is_active: row.is_active,
            release: PoolRelease::of(row),
            warn_days: row.warn_days,
            owned_cap: row.owned_cap,
            claims_per_day: row.claims_per_day,
            cooldown_days: row.cooldown_days,
            customers,
            version: row.version,
        }
    }
}

impl PoolRelease {
    pub(super) fn of(row: &CustomerPoolRow) -> Self {
        Self {
            no_activity_days: row.no_activity_days,
            no_opportunity_days: row.no_opportunity_days,
            not_won_days: row.not_won_days,
        }
    }
}

/// The pool that serves the caller, and how much they may still take.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(super) struct MyPool {
    /// The pool.
    pub id: Uuid,
    /// Its name.
    #[schema(example = "公海")]
    pub name: String,
    /// How many customers lie in it.
    pub customers: i64,
    /// How many customers the caller owns.
    pub owned: i64,
    /// How many they may own.
    pub owned_cap: Option<i32>,
    /// How many they have claimed today, as it is where they are.
    pub claimed_today: i64,
    /// How many they may claim in a day.
    pub claims_per_day: Option<i32>,
    /// For how many days they cannot claim back what was theirs.
    pub cooldown_days: i32,
    /// For how many days they are warned before a rule takes a customer.
    pub warn_days: i32,
    /// How many of their customers a rule takes so soon.
    pub release_soon: i64,
}

/// The pools that the caller may claim from.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(super) struct MyPools {
    /// One, or none when the caller works with no customers.
    pub data: Vec<MyPool>,
}

// ---------------------------------------------------------------- what is done to customers

/// A customer given back.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ReleaseCustomer {
    /// The pool; the one that serves the owner if left out.
    #[serde(default)]
    pub pool_id: Option<Uuid>,
    /// Why.
    #[serde(default)]
    #[schema(value_type = String, required = true, min_length = 1, max_length = 500, pattern = r"^[^\u0000]*\S[^\u0000]*$", example = "客户暂无预算，明年再联系")]
    pub reason: Option<String>,
}

/// A customer given to somebody.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct AllotCustomer {
    /// Who gets it.
    pub owner_id: Uuid,
}

/// A customer that stays with its owner.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct LockCustomer {
    /// Until when no rule takes it, at most 3650 days from now; null ends a lock.
    // With a reader of its own the field must be there, though it may be null.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required = true, example = "2027-03-31T16:00:00Z")]
    pub until: Option<DateTime<Utc>>,
}
