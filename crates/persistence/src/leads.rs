//! Rows of leads.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::page::SortValue;
use crate::record::record_table;
use crate::types::{Instant, Json};

/// What a lead has beside its columns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are those of the API, documented there")]
pub struct LeadProfile {
    pub family_name: Option<String>,
    pub given_name: Option<String>,
    pub title: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub phone_e164: Option<String>,
    pub website: Option<String>,
    pub domain: Option<String>,
    pub industry: Option<String>,
    pub employees: Option<i64>,
    pub city: Option<String>,
    pub address_line: Option<String>,
    pub interest: Option<String>,
    pub source_detail: Option<String>,
    pub utm: Option<Utm>,
    pub disqualified_reason: Option<String>,
    pub disqualified_note: Option<String>,
    pub revisit_on: Option<NaiveDate>,
    pub recycle_count: u32,
}

/// How a campaign's link was tagged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are those of the API, documented there")]
pub struct Utm {
    pub source: Option<String>,
    pub medium: Option<String>,
    pub campaign: Option<String>,
    pub term: Option<String>,
    pub content: Option<String>,
}

record_table! {
    leads, Lead, profile: LeadProfile;
    /// The columns of a lead's own.
    #[expect(missing_docs, reason = "the names are those of the API, documented there")]
    pub struct LeadBody {
        pub company_name: Option<String> => Nullable<Text>,
        pub status: String => Text,
        pub status_category: String => Text,
        pub rating: Option<String> => Nullable<Text>,
        pub score: i32 => Integer,
        pub amount: Option<i64> => Nullable<BigInt>,
        pub currency: Option<String> => Nullable<Text>,
        pub region: Option<String> => Nullable<Text>,
        pub first_response_due_at: Option<Instant> => Nullable<Ts>,
        pub first_responded_at: Option<Instant> => Nullable<Ts>,
        pub profile: Json<LeadProfile> => Doc,
    }
    sorts {
        score => |body| SortValue::Integer(body.score.into()),
    }
}
