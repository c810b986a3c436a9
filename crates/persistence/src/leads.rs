//! Rows of leads.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use rapport_domain::filter::{Source, Value};
use rapport_domain::kind::RecordKind;

use crate::page::SortValue;
use crate::record::{Head, Record, record_table};
use crate::types::{Id, Instant, Json};

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
    pub revisit_task: Option<Uuid>,
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
        pub rating_by: Option<String> => Nullable<Text>,
        pub score: i32 => Integer,
        pub score_changes_at: Option<Instant> => Nullable<Ts>,
        pub amount: Option<i64> => Nullable<BigInt>,
        pub currency: Option<String> => Nullable<Text>,
        pub region: Option<String> => Nullable<Text>,
        pub first_response_due_at: Option<Instant> => Nullable<Ts>,
        pub first_responded_at: Option<Instant> => Nullable<Ts>,
        pub profile: Json<LeadProfile> => Doc,
    }
    sorts {
        score => |body| SortValue::Integer(body.score.into()),
        first_response_due_at => |body| body.first_response_due_at.map_or(SortValue::Null, |at| SortValue::Instant(at.0)),
    }
}

/// A lead in memory, for filters over the columns of the catalogue; what it refers to is not at hand.
impl Source for Record<LeadBody> {
    fn value(&self, column: &str) -> Option<Value> {
        match column.strip_prefix("(profile ->> '").and_then(|rest| rest.strip_suffix("')")) {
            Some(name) => self.body.profile.0.text(name).map(|text| Value::Text(text.to_owned())),
            None => of_head(&self.head, column).or_else(|| self.body.value(column)),
        }
    }

    fn tags(&self, _column: &str) -> Vec<String> {
        self.head.tags.0.clone()
    }

    fn referred(&self, _column: &str, _target: RecordKind) -> Option<&dyn Source> {
        None
    }

    fn members(&self, _target: RecordKind, _foreign_key: &str) -> Vec<&dyn Source> {
        Vec::new()
    }
}

fn of_head(head: &Head, column: &str) -> Option<Value> {
    let id = |id: Option<Id>| id.map(|id| Value::Id(id.0));
    let instant = |at: Option<Instant>| at.map(|at| Value::Instant(at.0));
    match column {
        "id" => Some(Value::Id(head.id.0)),
        "number" => Some(Value::Integer(head.number)),
        "name" => Some(Value::Text(head.name.clone())),
        "source" => head.source.clone().map(Value::Text),
        "owner_id" => id(head.owner_id),
        "team_id" => id(head.team_id),
        "created_at" => Some(Value::Instant(head.created_at.0)),
        "created_by" => id(head.created_by),
        "updated_at" => Some(Value::Instant(head.updated_at.0)),
        "updated_by" => id(head.updated_by),
        "last_activity_at" => instant(head.last_activity_at),
        "next_activity_at" => instant(head.next_activity_at),
        _ => None,
    }
}

impl LeadBody {
    fn value(&self, column: &str) -> Option<Value> {
        let text = |text: &Option<String>| text.clone().map(Value::Text);
        let instant = |at: Option<Instant>| at.map(|at| Value::Instant(at.0));
        match column {
            "company_name" => text(&self.company_name),
            "status" => Some(Value::Text(self.status.clone())),
            "status_category" => Some(Value::Text(self.status_category.clone())),
            "rating" => text(&self.rating),
            "score" => Some(Value::Integer(self.score.into())),
            "amount" => self.amount.map(Value::Integer),
            "currency" => text(&self.currency),
            "region" => text(&self.region),
            "first_response_due_at" => instant(self.first_response_due_at),
            "first_responded_at" => instant(self.first_responded_at),
            "CAST(profile ->> 'employees' AS BIGINT)" => self.profile.0.employees.map(Value::Integer),
            _ => None,
        }
    }
}

impl LeadProfile {
    /// A text that can be filtered by.
    fn text(&self, name: &str) -> Option<&str> {
        let text = match name {
            "family_name" => &self.family_name,
            "given_name" => &self.given_name,
            "title" => &self.title,
            "email" => &self.email,
            "phone" => &self.phone,
            "phone_e164" => &self.phone_e164,
            "industry" => &self.industry,
            "city" => &self.city,
            "interest" => &self.interest,
            "disqualified_reason" => &self.disqualified_reason,
            _ => return None,
        };
        text.as_deref()
    }
}
