//! Opportunities as they are sent and received.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use rapport_domain::context::Context;
use rapport_domain::opportunity::weighted;
use rapport_persistence::opportunities::OpportunityBody;
use rapport_persistence::pipelines::StageRow;
use rapport_persistence::record::{ExternalId, Record};

use super::position::times_of;
use crate::configuration::name_for;
use crate::extract::times::optional_day;
use crate::records::batch::ExternalKey;
use crate::records::fields::MoneyAmount;
use crate::records::references::References;
use crate::records::view::{HeadView, NamedRef, named};

/// What can be written of an opportunity.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct CreateOpportunity {
    /// An id of your own choice (UUID), for apps that create offline.
    pub id: Option<Uuid>,
    /// The name.
    #[schema(value_type = String, required = true, min_length = 1, max_length = 200, pattern = r"^[^\u0000]*\S[^\u0000]*$", example = "明德精密 – 数控机床采购")]
    pub name: Option<String>,
    /// The customer.
    #[schema(value_type = Uuid, required = true)]
    pub customer_id: Option<Uuid>,
    /// The first to talk to.
    pub primary_contact_id: Option<Uuid>,
    /// Everybody who has a say.
    #[schema(max_items = 50)]
    pub contacts: Vec<StakeholderDto>,
    /// The pipeline; the default one, if left out. Changed only by moving.
    pub pipeline_id: Option<Uuid>,
    /// The stage; the first open one, if left out. Changed only by moving.
    pub stage_id: Option<Uuid>,
    /// What it is worth.
    pub amount: Option<MoneyAmount>,
    /// The chance of winning in per cent; the stage's, if left out.
    #[validate(range(min = 0, max = 100))]
    #[schema(minimum = 0, maximum = 100)]
    pub probability: Option<i32>,
    /// When it is expected to close.
    #[serde(deserialize_with = "optional_day")]
    pub expected_close_on: Option<NaiveDate>,
    /// How it counts in the forecast.
    #[schema(pattern = "^(pipeline|best_case|commit|omitted)$")]
    pub forecast_category: Option<String>,
    /// Why it was lost; needed in a lost stage.
    #[schema(pattern = "^(price|competitor|no_budget|no_decision|timing|lost_contact|other)$")]
    pub lost_reason: Option<String>,
    /// More about it.
    #[schema(max_length = 1000)]
    pub lost_note: Option<String>,
    /// Who else is in the race.
    #[schema(max_length = 200)]
    pub competitor: Option<String>,
    /// What to do next.
    #[schema(max_length = 500)]
    pub next_step: Option<String>,
    /// Anything else.
    #[schema(max_length = 10_000)]
    pub description: Option<String>,
    /// When talks began.
    #[serde(deserialize_with = "optional_day")]
    pub engaged_on: Option<NaiveDate>,
    /// The day it was closed; today, if left out. Ended deals only.
    #[serde(deserialize_with = "optional_day")]
    pub closed_on: Option<NaiveDate>,
    /// Who owns it; the caller, if left out.
    pub owner_id: Option<Uuid>,
    /// Where it came from: a key of `/sources`.
    #[schema(max_length = 50)]
    pub source: Option<String>,
    /// Labels.
    #[schema(max_items = 50)]
    pub tags: Vec<String>,
    /// What other systems call it.
    #[schema(max_items = 20, value_type = Vec<ExternalKey>)]
    pub external_ids: Vec<ExternalId>,
}

/// A contact who has a say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StakeholderInput)]
pub struct StakeholderDto {
    /// The contact.
    pub contact_id: Uuid,
    /// Their part in it.
    #[serde(default)]
    #[schema(pattern = "^(decision_maker|influencer|user|gatekeeper|other)$", default = "other")]
    pub role: Option<String>,
}

/// A contact who has a say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Stakeholder)]
pub struct StakeholderView {
    /// The contact.
    pub contact_id: Uuid,
    /// Their name.
    pub name: Option<String>,
    /// Their part in it.
    pub role: String,
}

/// A stage, as a deal shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StageRef {
    /// The stage's id.
    pub id: Uuid,
    /// Its name in the language of the caller.
    #[schema(example = "方案报价")]
    pub name: String,
    /// open, won, lost or void.
    #[schema(example = "open")]
    pub category: String,
    /// Its colour.
    #[schema(example = "blue")]
    pub color: String,
    /// Its place in the pipeline.
    pub position: i32,
}

impl StageRef {
    pub(crate) fn of(row: &StageRow, ctx: &Context) -> Self {
        Self {
            id: row.id.0,
            name: name_for(&row.names.0, ctx.locale),
            category: row.category.clone(),
            color: row.color.clone(),
            position: row.position,
        }
    }
}

/// An opportunity.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Opportunity)]
#[expect(missing_docs, reason = "as in CreateOpportunity")]
pub struct OpportunityView {
    #[serde(flatten)]
    pub head: HeadView,
    pub customer_id: Uuid,
    /// Its name.
    pub customer: Option<NamedRef>,
    pub primary_contact_id: Option<Uuid>,
    /// Their name.
    pub primary_contact: Option<NamedRef>,
    pub contacts: Vec<StakeholderView>,
    pub pipeline_id: Uuid,
    pub stage_id: Uuid,
    /// The stage.
    pub stage: Option<StageRef>,
    /// What the stage means: open, won, lost or void.
    #[schema(example = "open")]
    pub category: String,
    /// Since when it stands there.
    pub stage_entered_at: DateTime<Utc>,
    /// From when on it is yellow: it has stood in its stage for as long as that warns of.
    pub warn_at: Option<DateTime<Utc>>,
    /// From when on it is red: the earlier of one and a half times the days that the stage should take, and of those days
    /// without any activity.
    pub stale_at: Option<DateTime<Utc>>,
    /// none, yellow or red, at the moment of the answer.
    #[schema(pattern = "^(none|yellow|red)$", example = "none")]
    pub stale: String,
    /// The last open stage it was in.
    pub last_open_stage_id: Option<Uuid>,
    pub amount: Option<MoneyAmount>,
    /// The amount times the probability.
    pub weighted_amount: Option<MoneyAmount>,
    /// The chance of winning in per cent.
    pub probability: i32,
    /// Whether the stage or a person set it.
    #[schema(example = "stage")]
    pub probability_source: String,
    pub expected_close_on: Option<NaiveDate>,
    /// When it ended.
    pub closed_at: Option<DateTime<Utc>>,
    /// The day it ended.
    pub closed_on: Option<NaiveDate>,
    pub forecast_category: Option<String>,
    pub lost_reason: Option<String>,
    pub lost_note: Option<String>,
    pub competitor: Option<String>,
    pub next_step: Option<String>,
    pub description: Option<String>,
    pub engaged_on: Option<NaiveDate>,
    /// The lead it came from.
    pub origin_lead_id: Option<Uuid>,
}

impl CreateOpportunity {
    /// The writable fields of a deal as they are.
    pub(super) fn of(record: &Record<OpportunityBody>) -> Self {
        let (head, body, profile) = (&record.head, &record.body, &record.body.profile.0);
        let contacts = profile.contacts.iter();
        Self {
            id: None,
            name: Some(head.name.clone()),
            customer_id: Some(body.customer_id.0),
            primary_contact_id: body.primary_contact_id.map(Into::into),
            contacts: contacts
                .map(|c| StakeholderDto { contact_id: c.contact_id, role: Some(c.role.clone()) })
                .collect(),
            pipeline_id: Some(body.pipeline_id.0),
            stage_id: Some(body.stage_id.0),
            amount: MoneyAmount::of(body.amount, body.currency.as_deref()),
            probability: profile.typed_probability,
            expected_close_on: body.expected_close_on,
            forecast_category: profile.forecast_category.clone(),
            lost_reason: profile.lost_reason.clone(),
            lost_note: profile.lost_note.clone(),
            competitor: profile.competitor.clone(),
            next_step: profile.next_step.clone(),
            description: profile.description.clone(),
            engaged_on: profile.engaged_on,
            closed_on: profile.closed_on,
            owner_id: head.owner_id.map(Into::into),
            source: head.source.clone(),
            tags: head.tags.0.clone(),
            external_ids: head.extras.0.external_ids.clone(),
        }
    }
}

impl OpportunityView {
    pub(super) fn of(record: &Record<OpportunityBody>, head: HeadView, references: &References, ctx: &Context) -> Self {
        let (body, profile) = (&record.body, &record.body.profile.0);
        let (times, primary_contact_id) = (times_of(body), body.primary_contact_id.map(Into::into));
        let percent = u8::try_from(body.probability).unwrap_or(0);
        let contacts = profile.contacts.iter();
        Self {
            head,
            customer_id: body.customer_id.0,
            customer: named(Some(body.customer_id.0), references),
            primary_contact_id,
            primary_contact: named(primary_contact_id, references),
            contacts: contacts
                .map(|c| StakeholderView {
                    contact_id: c.contact_id,
                    name: references.name(c.contact_id).map(str::to_owned),
                    role: c.role.clone(),
                })
                .collect(),
            pipeline_id: body.pipeline_id.0,
            stage_id: body.stage_id.0,
            stage: references.stage(body.stage_id.0).map(|row| StageRef::of(row, ctx)),
            category: body.category.clone(),
            stage_entered_at: body.stage_entered_at.0,
            warn_at: times.warn_at,
            stale_at: times.stale_at,
            stale: times.at(ctx.now).as_str().to_owned(),
            last_open_stage_id: profile.last_open_stage_id,
            amount: MoneyAmount::of(body.amount, body.currency.as_deref()),
            weighted_amount: MoneyAmount::of(
                body.amount.map(|minor| weighted(minor, percent)),
                body.currency.as_deref(),
            ),
            probability: body.probability,
            probability_source: if profile.typed_probability.is_some() { "typed" } else { "stage" }.to_owned(),
            expected_close_on: body.expected_close_on,
            closed_at: body.closed_at.map(Into::into),
            closed_on: profile.closed_on,
            forecast_category: profile.forecast_category.clone(),
            lost_reason: profile.lost_reason.clone(),
            lost_note: profile.lost_note.clone(),
            competitor: profile.competitor.clone(),
            next_step: profile.next_step.clone(),
            description: profile.description.clone(),
            engaged_on: profile.engaged_on,
            origin_lead_id: body.origin_lead_id.map(Into::into),
        }
    }
}
