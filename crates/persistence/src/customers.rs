//! Rows of customers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::connection::Db;
use crate::page::SortValue;
use crate::record::record_table;
use crate::schema::lifecycle_moves;
use crate::store::Tx;
use crate::types::{Id, Instant, Json};

/// What a customer has beside its columns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are those of the API, documented there")]
pub struct CustomerProfile {
    pub employees: Option<i64>,
    pub annual_revenue_minor: Option<i64>,
    pub annual_revenue_currency: Option<String>,
    pub website: Option<String>,
    pub domain: Option<String>,
    pub tax_id: Option<String>,
    pub phone: Option<String>,
    pub phone_e164: Option<String>,
    pub email: Option<String>,
    pub address: Option<Address>,
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pool_reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pool_rule: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_owner_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release_rule: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locked_until: Option<DateTime<Utc>>,
}

/// A postal address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are those of the API, documented there")]
pub struct Address {
    pub country: Option<String>,
    pub region: Option<String>,
    pub city: Option<String>,
    pub district: Option<String>,
    pub line: Option<String>,
    pub postcode: Option<String>,
}

record_table! {
    customers, Customer, profile: CustomerProfile;
    /// The columns of a customer's own.
    #[expect(missing_docs, reason = "the names are those of the API, documented there")]
    pub struct CustomerBody {
        pub kind: String => Text,
        pub relation: String => Text,
        pub lifecycle: String => Text,
        pub level: Option<String> => Nullable<Text>,
        pub industry: Option<String> => Nullable<Text>,
        pub region: Option<String> => Nullable<Text>,
        pub parent_id: Option<Id> => Nullable<Uid>,
        pub primary_contact_id: Option<Id> => Nullable<Uid>,
        pub origin_lead_id: Option<Id> => Nullable<Uid>,
        pub profile: Json<CustomerProfile> => Doc,
        pub pool_id: Option<Id> => Nullable<Uid>,
        pub pooled_at: Option<Instant> => Nullable<Ts>,
        pub counted_from: Option<Instant> => Nullable<Ts>,
        pub release_at: Option<Instant> => Nullable<Ts>,
    }
    sorts {
        level => |body| body.level.clone().map_or(SortValue::Null, SortValue::Text),
        pooled_at => |body| body.pooled_at.map_or(SortValue::Null, |at| SortValue::Instant(at.0)),
        release_at => |body| body.release_at.map_or(SortValue::Null, |at| SortValue::Instant(at.0)),
    }
    lies in pool_id
}

/// One move of a customer's lifecycle.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = lifecycle_moves, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the names are those of the API, documented there")]
pub struct LifecycleMoveRow {
    pub id: Id,
    pub customer_id: Id,
    pub from_lifecycle: String,
    pub to_lifecycle: String,
    pub reason: Option<String>,
    pub moved_at: Instant,
    pub moved_by: Option<Id>,
}

/// Appends to the history.
///
/// # Errors
/// When the database refuses.
pub fn lifecycle_move_insert(tx: &mut Tx<'_>, row: &LifecycleMoveRow) -> QueryResult<()> {
    diesel::insert_into(lifecycle_moves::table).values(row).execute(&mut **tx).map(drop)
}

/// The lifecycle of one customer, newest move first.
///
/// # Errors
/// When the database fails.
pub fn lifecycle_moves_of(db: &mut Db, customer: Uuid) -> QueryResult<Vec<LifecycleMoveRow>> {
    lifecycle_moves::table
        .filter(lifecycle_moves::customer_id.eq(Id(customer)))
        .order((lifecycle_moves::moved_at.desc(), lifecycle_moves::id.desc()))
        .limit(500)
        .load(db)
}
