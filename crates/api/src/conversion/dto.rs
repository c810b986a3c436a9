//! Conversions as they are asked for and answered.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use rapport_domain::conversion::{Fill, Mode, OnDuplicate, Plan};

use crate::contacts::ContactView;
use crate::customers::CustomerView;
use crate::leads::{LeadConversionView, LeadView};
use crate::opportunities::OpportunityView;
use crate::problem::{Code, Problem};
use crate::records::view::NamedRef;

/// What happens with one of the three records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConversionMode {
    /// A new one is made.
    Create,
    /// The one with `id` is linked.
    Link,
    /// There will be none.
    #[default]
    None,
}

/// One of the three records.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConversionPart {
    /// What happens with it.
    pub mode: ConversionMode,
    /// The record to link.
    #[serde(default)]
    pub id: Option<Uuid>,
    /// Writable fields of the record; they go before what the lead says, and are written to a linked record even where it
    /// has a value.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub fields: Option<Value>,
}

/// Whether the lead's values replace those of linked records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FillMode {
    /// Only where the record has none.
    #[default]
    BlankOnly,
    /// Wherever the lead has one.
    LeadWins,
}

/// What happens when a new record seems to be here already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DuplicateMode {
    /// The conversion is refused with the candidates.
    #[default]
    Fail,
    /// It is made all the same, for the reason given.
    Force,
}

/// What becomes of what is still to be done about the lead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OpenTasks {
    /// It is about what the lead has become.
    #[default]
    Move,
    /// It stays with the lead.
    Keep,
    /// It is cancelled.
    Close,
}

/// A conversion, as asked for.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct ConversionRequest {
    /// The customer.
    pub customer: Option<ConversionPart>,
    /// The contact.
    pub contact: Option<ConversionPart>,
    /// The opportunity.
    pub opportunity: Option<ConversionPart>,
    /// How linked records are filled.
    pub fill: FillMode,
    /// What to do about duplicates.
    pub on_duplicate: DuplicateMode,
    /// Why a duplicate is made all the same.
    #[validate(length(max = 500))]
    #[schema(max_length = 500)]
    pub duplicate_reason: Option<String>,
    /// Who owns what is created; the lead's owner, if left out.
    pub owner_id: Option<Uuid>,
    /// What becomes of what is still to be done about the lead.
    pub open_tasks: OpenTasks,
}

fn mode(part: Option<&ConversionPart>, pointer: &str) -> Result<Mode, Problem> {
    match part.map(|part| (part.mode, part.id)) {
        None | Some((ConversionMode::None, _)) => Ok(Mode::None),
        Some((ConversionMode::Create, _)) => Ok(Mode::Create),
        Some((ConversionMode::Link, Some(id))) => Ok(Mode::Link(id)),
        Some((ConversionMode::Link, None)) => Err(Problem::validation().at(format!("{pointer}/id"), Code::Required)),
    }
}

impl ConversionRequest {
    /// The plan behind the request.
    ///
    /// # Errors
    /// A link without an id.
    pub(super) fn plan(&self) -> Result<Plan, Problem> {
        let on_duplicate = match self.on_duplicate {
            DuplicateMode::Fail => OnDuplicate::Fail,
            DuplicateMode::Force => OnDuplicate::Force { reason: self.duplicate_reason.clone().unwrap_or_default() },
        };
        Ok(Plan {
            customer: mode(self.customer.as_ref(), "/customer")?,
            contact: mode(self.contact.as_ref(), "/contact")?,
            opportunity: mode(self.opportunity.as_ref(), "/opportunity")?,
            fill: match self.fill {
                FillMode::BlankOnly => Fill::BlankOnly,
                FillMode::LeadWins => Fill::LeadWins,
            },
            on_duplicate,
        })
    }
}

/// A record that may be the same.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Candidate {
    /// The record.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Who owns it.
    pub owner: Option<NamedRef>,
    /// How sure it is, 0 to 100; from 80 on, creating a new one is refused unless forced.
    pub score: u8,
    /// What both have in common: email, phone, `tax_id`, domain, name.
    pub matched: Vec<String>,
    /// Whether the caller may change it, and so fill its blanks.
    pub is_editable: bool,
}

/// An open deal of a candidate.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct OpenOpportunity {
    /// The deal.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its customer.
    pub customer_id: Uuid,
    /// Who owns it.
    pub owner: Option<NamedRef>,
    /// Whether the caller may change it.
    pub is_editable: bool,
}

/// Who might be here already.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Candidates {
    /// Customers, the surest first.
    pub customers: Vec<Candidate>,
    /// Contacts, the surest first.
    pub contacts: Vec<Candidate>,
    /// Open deals of those customers.
    pub opportunities: Vec<OpenOpportunity>,
    /// How many more there are that the caller may not see.
    pub hidden: usize,
}

/// What would be created.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ProposedRecords {
    /// Writable fields of the customer.
    #[schema(value_type = Object)]
    pub customer: Value,
    /// Writable fields of the contact; null when the lead names no person.
    #[schema(value_type = Option<Object>)]
    pub contact: Value,
    /// Writable fields of the opportunity.
    #[schema(value_type = Object)]
    pub opportunity: Value,
}

/// Something the conversion still needs.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MissingField {
    /// The JSON pointer into the request.
    #[schema(example = "/contact/fields/family_name")]
    pub pointer: String,
    /// Why.
    #[schema(example = "required")]
    pub code: String,
}

/// A field in which a linked record and the lead differ.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FieldConflict {
    /// customer, contact or opportunity.
    pub record: String,
    /// The record.
    pub id: Uuid,
    /// The field.
    pub field: String,
    /// What the record holds.
    #[schema(value_type = Option<Value>)]
    pub current: Value,
    /// What the lead says.
    #[schema(value_type = Option<Value>)]
    pub lead: Value,
}

/// What goes along with the conversion.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CarriedOver {
    /// Labels.
    pub tags: Vec<String>,
    /// Where it came from.
    pub source: Option<String>,
}

/// What a conversion would do.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ConversionPreview {
    /// Who might be here already.
    pub candidates: Candidates,
    /// What would be created.
    pub proposed: ProposedRecords,
    /// What is missing.
    pub missing: Vec<MissingField>,
    /// What the caller may not do: `create_customer` …
    pub forbidden: Vec<String>,
    /// Where a linked record says otherwise.
    pub conflicts: Vec<FieldConflict>,
    /// What goes along.
    pub carried_over: CarriedOver,
}

/// What a conversion has done.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ConversionResult {
    /// The conversion.
    pub conversion: LeadConversionView,
    /// The lead.
    pub lead: LeadView,
    /// The customer it became.
    pub customer: Option<CustomerView>,
    /// The contact it became.
    pub contact: Option<ContactView>,
    /// The opportunity it became.
    pub opportunity: Option<OpportunityView>,
    /// What did not go as asked: `customer_linked_without_writing` …
    pub notes: Vec<String>,
}
