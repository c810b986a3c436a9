//! Customers as they are sent and received.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use rapport_persistence::customers::CustomerBody;
use rapport_persistence::record::{ExternalId, Record};

use crate::records::batch::ExternalKey;
use crate::records::fields::{MoneyAmount, email_schema, phone_schema};
use crate::records::view::{HeadView, NamedRef};

/// What can be written of a customer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct CreateCustomer {
    /// An id of your own choice (UUID), for apps that create offline.
    pub id: Option<Uuid>,
    /// The name.
    #[schema(value_type = String, required = true, min_length = 1, max_length = 200, pattern = r"^[^\u0000]*\S[^\u0000]*$", example = "上海明德精密机械有限公司")]
    pub name: Option<String>,
    /// A company or a person.
    #[schema(pattern = "^(company|person)$", default = "company")]
    pub kind: Option<String>,
    /// What the customer is to us.
    #[schema(pattern = "^(prospect|customer|former|partner|supplier|competitor)$", default = "prospect")]
    pub relation: Option<String>,
    /// How important it is.
    #[schema(pattern = "^[ABCD]$")]
    pub level: Option<String>,
    /// The trade.
    #[schema(max_length = 100)]
    pub industry: Option<String>,
    /// How many people work there.
    #[validate(range(min = 0, max = 10_000_000))]
    #[schema(minimum = 0, maximum = 10_000_000)]
    pub employees: Option<i64>,
    /// Sales in a year.
    pub annual_revenue: Option<MoneyAmount>,
    /// The web address.
    #[schema(max_length = 300)]
    pub website: Option<String>,
    /// The tax or credit code.
    #[schema(max_length = 50)]
    pub tax_id: Option<String>,
    /// The phone number, as typed.
    #[schema(schema_with = phone_schema)]
    pub phone: Option<String>,
    /// The e-mail address.
    #[schema(schema_with = email_schema)]
    pub email: Option<String>,
    /// Where it is.
    pub address: Option<AddressDto>,
    /// The customer it belongs to.
    pub parent_id: Option<Uuid>,
    /// One of its own contacts.
    pub primary_contact_id: Option<Uuid>,
    /// Anything else.
    #[schema(max_length = 10_000)]
    pub description: Option<String>,
    /// Who owns it; the caller, if left out.
    pub owner_id: Option<Uuid>,
    /// Where it came from: a key of `/sources`.
    #[schema(max_length = 50, example = "website")]
    pub source: Option<String>,
    /// Labels.
    #[schema(max_items = 50)]
    pub tags: Vec<String>,
    /// What other systems call it.
    #[schema(max_items = 20, value_type = Vec<ExternalKey>)]
    pub external_ids: Vec<ExternalId>,
}

/// A postal address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = Address)]
pub struct AddressDto {
    /// ISO 3166-1 alpha-2.
    #[schema(pattern = "^[A-Z]{2}$", example = "CN")]
    pub country: Option<String>,
    /// Province, state.
    #[schema(max_length = 100, example = "上海")]
    pub region: Option<String>,
    /// City.
    #[schema(max_length = 100, example = "上海")]
    pub city: Option<String>,
    /// District.
    #[schema(max_length = 100, example = "浦东新区")]
    pub district: Option<String>,
    /// Street and number.
    #[schema(max_length = 300, example = "张江路 88 号")]
    pub line: Option<String>,
    /// Postal code.
    #[schema(max_length = 20, example = "201203")]
    pub postcode: Option<String>,
}

/// A customer.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Customer)]
pub struct CustomerView {
    /// What all records have.
    #[serde(flatten)]
    pub head: HeadView,
    /// A company or a person.
    #[schema(example = "company")]
    pub kind: String,
    /// What the customer is to us.
    #[schema(example = "prospect")]
    pub relation: String,
    /// prospect, active, dormant, lost or deregistered.
    #[schema(example = "prospect")]
    pub lifecycle: String,
    /// How important it is.
    pub level: Option<String>,
    /// The trade.
    pub industry: Option<String>,
    /// How many people work there.
    pub employees: Option<i64>,
    /// Sales in a year.
    pub annual_revenue: Option<MoneyAmount>,
    /// The web address.
    pub website: Option<String>,
    /// The domain of the web address or the e-mail.
    pub domain: Option<String>,
    /// The tax or credit code.
    pub tax_id: Option<String>,
    /// The phone number, as typed.
    pub phone: Option<String>,
    /// The same in E.164, where it can be read.
    pub phone_e164: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// Where it is.
    pub address: Option<AddressDto>,
    /// The customer it belongs to.
    pub parent_id: Option<Uuid>,
    /// Its name.
    pub parent: Option<NamedRef>,
    /// The first to talk to.
    pub primary_contact_id: Option<Uuid>,
    /// Their name.
    pub primary_contact: Option<NamedRef>,
    /// The lead it came from.
    pub origin_lead_id: Option<Uuid>,
    /// Anything else.
    pub description: Option<String>,
    /// The pool it lies in; then nobody owns it.
    pub pool_id: Option<Uuid>,
    /// Its name.
    pub pool: Option<NamedRef>,
    /// Since when.
    pub pooled_at: Option<DateTime<Utc>>,
    /// Why somebody put it there, in their words.
    pub pool_reason: Option<String>,
    /// The rule that put it there: no_activity, no_opportunity or not_won.
    pub pool_rule: Option<String>,
    /// Who owned it before.
    pub previous_owner: Option<NamedRef>,
    /// When a rule puts it into the pool, if nothing happens with it.
    pub release_at: Option<DateTime<Utc>>,
    /// Which rule: no_activity, no_opportunity or not_won.
    pub release_rule: Option<String>,
    /// Whether that is so soon that its owner is to be warned.
    pub release_soon: bool,
    /// Until when no rule takes it from its owner.
    pub locked_until: Option<DateTime<Utc>>,
}

impl CreateCustomer {
    /// The writable fields of a customer as they are.
    pub(super) fn of(record: &Record<CustomerBody>) -> Self {
        let (head, body, profile) = (&record.head, &record.body, &record.body.profile.0);
        Self {
            id: None,
            name: Some(head.name.clone()),
            kind: Some(body.kind.clone()),
            relation: Some(body.relation.clone()),
            level: body.level.clone(),
            industry: body.industry.clone(),
            employees: profile.employees,
            annual_revenue: MoneyAmount::of(profile.annual_revenue_minor, profile.annual_revenue_currency.as_deref()),
            website: profile.website.clone(),
            tax_id: profile.tax_id.clone(),
            phone: profile.phone.clone(),
            email: profile.email.clone(),
            address: profile.address.as_ref().map(|address| AddressDto::of(address, body.region.as_deref())),
            parent_id: body.parent_id.map(Into::into),
            primary_contact_id: body.primary_contact_id.map(Into::into),
            description: profile.description.clone(),
            owner_id: head.owner_id.map(Into::into),
            source: head.source.clone(),
            tags: head.tags.0.clone(),
            external_ids: head.extras.0.external_ids.clone(),
        }
    }
}
