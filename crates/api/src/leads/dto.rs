//! Leads as they are sent and received.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use rapport_domain::context::Context;
use rapport_domain::conversion::can_undo_until;
use rapport_domain::scoring::RatedBy;
use rapport_persistence::conversions::ConversionRow;
use rapport_persistence::leads::{LeadBody, Utm};
use rapport_persistence::record::{ExternalId, Record};

use super::response::response_of;
use crate::extract::times::optional_day;
use crate::records::batch::ExternalKey;
use crate::records::fields::{MoneyAmount, email_schema, phone_schema};
use crate::records::references::References;
use crate::records::view::HeadView;

/// What can be written of a lead. A name or a company is needed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct CreateLead {
    /// An id of your own choice (UUID), for apps that create offline.
    pub id: Option<Uuid>,
    /// The family name.
    #[schema(max_length = 100, example = "王")]
    pub family_name: Option<String>,
    /// The given name.
    #[schema(max_length = 100, example = "小明")]
    pub given_name: Option<String>,
    /// The company.
    #[schema(max_length = 200, example = "上海明德精密机械有限公司")]
    pub company_name: Option<String>,
    /// What they do there.
    #[schema(max_length = 100)]
    pub title: Option<String>,
    /// The e-mail address.
    #[schema(schema_with = email_schema)]
    pub email: Option<String>,
    /// The phone number, as typed.
    #[schema(schema_with = phone_schema)]
    pub phone: Option<String>,
    /// The web address.
    #[schema(max_length = 300)]
    pub website: Option<String>,
    /// The trade.
    #[schema(max_length = 100)]
    pub industry: Option<String>,
    /// How many people work there.
    #[validate(range(min = 0, max = 10_000_000))]
    #[schema(minimum = 0, maximum = 10_000_000)]
    pub employees: Option<i64>,
    /// Province, state.
    #[schema(max_length = 100)]
    pub region: Option<String>,
    /// City.
    #[schema(max_length = 100)]
    pub city: Option<String>,
    /// Street and number.
    #[schema(max_length = 300)]
    pub address_line: Option<String>,
    /// What it might be worth.
    pub estimated_amount: Option<MoneyAmount>,
    /// What they want, in their words.
    #[schema(max_length = 10_000)]
    pub interest: Option<String>,
    /// More about where it came from.
    #[schema(max_length = 300)]
    pub source_detail: Option<String>,
    /// How the campaign's link was tagged.
    pub utm: Option<UtmDto>,
    /// A key of `/lead-statuses`; the first new one, if left out.
    #[schema(max_length = 50, example = "new")]
    pub status: Option<String>,
    /// hot, warm or cold: a person's own word, which holds against the scoring rules until it is `null` again.
    #[schema(pattern = "^(hot|warm|cold)$")]
    pub rating: Option<String>,
    /// Why it will not buy; needed to disqualify.
    #[schema(pattern = "^(no_need|no_budget|no_authority|wrong_contact|duplicate|competitor|other)$")]
    pub disqualified_reason: Option<String>,
    /// More about it; needed with `other`.
    #[schema(max_length = 1000)]
    pub disqualified_note: Option<String>,
    /// When to come back; needed to nurture.
    #[serde(deserialize_with = "optional_day")]
    pub revisit_on: Option<NaiveDate>,
    /// Who owns it. If left out: of a signed-in person the caller, of an API key whom the assignment rules say.
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

/// How a campaign's link was tagged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = Utm)]
#[expect(missing_docs, reason = "the names are those of the standard parameters")]
pub struct UtmDto {
    #[schema(max_length = 200)]
    pub source: Option<String>,
    #[schema(max_length = 200)]
    pub medium: Option<String>,
    #[schema(max_length = 200)]
    pub campaign: Option<String>,
    #[schema(max_length = 200)]
    pub term: Option<String>,
    #[schema(max_length = 200)]
    pub content: Option<String>,
}

/// What a lead became.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LeadConversion)]
pub struct LeadConversionView {
    /// The conversion's id.
    pub id: Uuid,
    /// The customer.
    pub customer_id: Option<Uuid>,
    /// The contact.
    pub contact_id: Option<Uuid>,
    /// The opportunity.
    pub opportunity_id: Option<Uuid>,
    /// When.
    pub converted_at: DateTime<Utc>,
    /// By whom.
    pub converted_by: Option<Uuid>,
    /// Until when it can be undone.
    pub can_undo_until: DateTime<Utc>,
}

impl From<&ConversionRow> for LeadConversionView {
    fn from(row: &ConversionRow) -> Self {
        Self {
            id: row.id.0,
            customer_id: row.customer_id.map(Into::into),
            contact_id: row.contact_id.map(Into::into),
            opportunity_id: row.opportunity_id.map(Into::into),
            converted_at: row.converted_at.0,
            converted_by: row.converted_by.map(Into::into),
            can_undo_until: can_undo_until(row.converted_at.0),
        }
    }
}

/// A lead.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Lead)]
#[expect(missing_docs, reason = "as in CreateLead")]
pub struct LeadView {
    #[serde(flatten)]
    pub head: HeadView,
    pub family_name: Option<String>,
    pub given_name: Option<String>,
    pub company_name: Option<String>,
    pub title: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    /// The phone number in E.164, where it can be read.
    pub phone_e164: Option<String>,
    pub website: Option<String>,
    /// The domain of the web address or the e-mail.
    pub domain: Option<String>,
    pub industry: Option<String>,
    pub employees: Option<i64>,
    pub region: Option<String>,
    pub city: Option<String>,
    pub address_line: Option<String>,
    pub estimated_amount: Option<MoneyAmount>,
    pub interest: Option<String>,
    pub source_detail: Option<String>,
    pub utm: Option<UtmDto>,
    /// A key of `/lead-statuses`.
    #[schema(example = "new")]
    pub status: String,
    /// What the status means: new, working, nurturing, qualified, converted or disqualified.
    #[schema(example = "new")]
    pub status_category: String,
    /// hot, warm or cold: what a person says, or else the scoring rules.
    pub rating: Option<String>,
    /// Who says so: `person` or `rules`; `null` when nobody does.
    #[schema(pattern = "^(person|rules)$", example = "rules")]
    pub rating_by: Option<String>,
    /// Points by the scoring rules; more is better.
    pub score: i32,
    pub disqualified_reason: Option<String>,
    pub disqualified_note: Option<String>,
    pub revisit_on: Option<NaiveDate>,
    /// How often it came back from disqualified to new.
    pub recycle_count: u32,
    /// When the first answer is due.
    pub first_response_due_at: Option<DateTime<Utc>>,
    /// When it was given.
    pub first_responded_at: Option<DateTime<Utc>>,
    /// none, due or overdue, at the moment of the answer: whether it is still new and waits for its first answer.
    #[schema(pattern = "^(none|due|overdue)$", example = "due")]
    pub response: String,
    /// What it became.
    pub conversion: Option<LeadConversionView>,
}

fn utm(utm: Option<&Utm>) -> Option<UtmDto> {
    utm.map(|utm| UtmDto {
        source: utm.source.clone(),
        medium: utm.medium.clone(),
        campaign: utm.campaign.clone(),
        term: utm.term.clone(),
        content: utm.content.clone(),
    })
}

impl CreateLead {
    /// The writable fields of a lead as they are.
    pub(super) fn of(record: &Record<LeadBody>) -> Self {
        let (head, body, profile) = (&record.head, &record.body, &record.body.profile.0);
        Self {
            id: None,
            family_name: profile.family_name.clone(),
            given_name: profile.given_name.clone(),
            company_name: body.company_name.clone(),
            title: profile.title.clone(),
            email: profile.email.clone(),
            phone: profile.phone.clone(),
            website: profile.website.clone(),
            industry: profile.industry.clone(),
            employees: profile.employees,
            region: body.region.clone(),
            city: profile.city.clone(),
            address_line: profile.address_line.clone(),
            estimated_amount: MoneyAmount::of(body.amount, body.currency.as_deref()),
            interest: profile.interest.clone(),
            source_detail: profile.source_detail.clone(),
            utm: utm(profile.utm.as_ref()),
            status: Some(body.status.clone()),
            rating: body.rating.clone().filter(|_| body.rating_by.as_deref() == Some(RatedBy::Person.as_str())),
            disqualified_reason: profile.disqualified_reason.clone(),
            disqualified_note: profile.disqualified_note.clone(),
            revisit_on: profile.revisit_on,
            owner_id: head.owner_id.map(Into::into),
            source: head.source.clone(),
            tags: head.tags.0.clone(),
            external_ids: head.extras.0.external_ids.clone(),
        }
    }
}

impl LeadView {
    pub(super) fn of(record: &Record<LeadBody>, head: HeadView, references: &References, ctx: &Context) -> Self {
        let (body, profile) = (&record.body, &record.body.profile.0);
        Self {
            head,
            family_name: profile.family_name.clone(),
            given_name: profile.given_name.clone(),
            company_name: body.company_name.clone(),
            title: profile.title.clone(),
            email: profile.email.clone(),
            phone: profile.phone.clone(),
            phone_e164: profile.phone_e164.clone(),
            website: profile.website.clone(),
            domain: profile.domain.clone(),
            industry: profile.industry.clone(),
            employees: profile.employees,
            region: body.region.clone(),
            city: profile.city.clone(),
            address_line: profile.address_line.clone(),
            estimated_amount: MoneyAmount::of(body.amount, body.currency.as_deref()),
            interest: profile.interest.clone(),
            source_detail: profile.source_detail.clone(),
            utm: utm(profile.utm.as_ref()),
            status: body.status.clone(),
            status_category: body.status_category.clone(),
            rating: body.rating.clone(),
            rating_by: body.rating_by.clone(),
            score: body.score,
            disqualified_reason: profile.disqualified_reason.clone(),
            disqualified_note: profile.disqualified_note.clone(),
            revisit_on: profile.revisit_on,
            recycle_count: profile.recycle_count,
            first_response_due_at: body.first_response_due_at.map(Into::into),
            first_responded_at: body.first_responded_at.map(Into::into),
            response: response_of(body).at(ctx.now).as_str().to_owned(),
            conversion: references.conversion(record.head.id.0).map(Into::into),
        }
    }
}
