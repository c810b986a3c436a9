//! Rows of customers.

use serde::{Deserialize, Serialize};

use crate::page::SortValue;
use crate::record::record_table;
use crate::types::{Id, Json};

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
    }
    sorts {
        level => |body| body.level.clone().map_or(SortValue::Null, SortValue::Text),
    }
}
