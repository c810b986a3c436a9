//! One plan for many leads, as it is sent, kept, and applied to each of them.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};
use uuid::Uuid;

use super::dto::{ConversionMode, ConversionPart, ConversionRequest, DuplicateMode, FillMode, OpenTasks};
use crate::problem::{Code, FieldError, Problem};
use crate::records::fields::{Faults, filter_schema};

/// Characters of the reason for making duplicates.
const MAX_REASON: usize = 500;

/// What happens with one of the three records of each lead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlannedMode {
    /// A new one is made.
    Create,
    /// The one that is most surely the same (from a score of 80 on) among those you see is linked; a new one is made where
    /// there is none. An opportunity: the one of the linked customer that is open and was last changed.
    LinkBest,
    /// There will be none.
    #[default]
    None,
}

/// A conversion of many leads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({"customer": "link_best", "contact": "link_best", "opportunity": "none"}))]
pub struct ConversionPlan {
    /// The customers; an opportunity needs one.
    pub customer: PlannedMode,
    /// The contacts. A new one needs a name: a lead that names a company only cannot be converted so.
    pub contact: PlannedMode,
    /// The opportunities.
    pub opportunity: PlannedMode,
    /// How linked records are filled.
    pub fill: FillMode,
    /// What to do about duplicates of what would be created.
    pub on_duplicate: DuplicateMode,
    /// Why duplicates are made all the same.
    #[schema(max_length = 500)]
    pub duplicate_reason: Option<String>,
    /// Who owns what is created; each lead's owner, if left out.
    pub owner_id: Option<Uuid>,
    /// What becomes of what is still to be done about the leads.
    pub open_tasks: OpenTasks,
}

/// Leads, and how they are converted.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({"filter": {"field": "source", "op": "eq", "value": "website"}, "plan": {"customer": "link_best", "contact": "link_best"}}))]
pub struct ConvertLeadsRequest {
    /// These leads; what is named twice counts once.
    #[schema(min_items = 1, max_items = 10000)]
    pub ids: Option<Vec<Uuid>>,
    /// Instead of `ids`: all leads that this filter finds, as text or in its JSON form, as in lists; at most 10,000.
    #[schema(schema_with = leads_schema)]
    pub filter: Option<Value>,
    /// Instead of `ids`: all leads that these words find, of those that `filter` does.
    #[schema(max_length = 200, example = "悟空")]
    pub q: Option<String>,
    /// How.
    #[schema(required = true)]
    pub plan: ConversionPlan,
}

fn leads_schema() -> RefOr<Schema> {
    filter_schema(
        "Instead of `ids`: all leads that this filter finds, as text or in its JSON form, as in lists; at most 10,000.",
        json!({"field": "source", "op": "eq", "value": "website"}),
    )
}

/// The records to link where the plan says so.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Best {
    pub(super) customer: Option<Uuid>,
    pub(super) contact: Option<Uuid>,
    pub(super) opportunity: Option<Uuid>,
}

impl ConversionPlan {
    /// What is wrong with it, whatever the lead.
    pub(super) fn check(&self, faults: &mut Faults) {
        let modes = [self.customer, self.contact, self.opportunity];
        let needs_customer = self.opportunity != PlannedMode::None;
        if modes.iter().all(|mode| *mode == PlannedMode::None) || (needs_customer && self.customer == PlannedMode::None)
        {
            faults.add("/plan/customer", Code::Required);
        }
        let reason = faults.prose("/plan/duplicate_reason", self.duplicate_reason.as_deref(), MAX_REASON);
        if self.on_duplicate == DuplicateMode::Force && reason.is_none() {
            faults.add("/plan/duplicate_reason", Code::Required);
        }
    }

    /// Whether something is linked where there is something to link.
    pub(super) fn links(&self) -> bool {
        [self.customer, self.contact].contains(&PlannedMode::LinkBest)
    }

    /// The conversion of one lead.
    pub(super) fn request(&self, best: Best) -> ConversionRequest {
        ConversionRequest {
            customer: Some(part(self.customer, best.customer)),
            contact: Some(part(self.contact, best.contact)),
            opportunity: Some(part(self.opportunity, best.opportunity)),
            fill: self.fill,
            on_duplicate: self.on_duplicate,
            duplicate_reason: self.duplicate_reason.clone(),
            owner_id: self.owner_id,
            open_tasks: self.open_tasks,
        }
    }
}

fn part(planned: PlannedMode, best: Option<Uuid>) -> ConversionPart {
    let (mode, id) = match (planned, best) {
        (PlannedMode::None, _) => (ConversionMode::None, None),
        (PlannedMode::LinkBest, Some(id)) => (ConversionMode::Link, Some(id)),
        (PlannedMode::LinkBest | PlannedMode::Create, _) => (ConversionMode::Create, None),
    };
    ConversionPart { mode, id, fields: None }
}

/// Where the request itself is wrong: in which leads it means.
pub(super) fn check_leads(asked: &ConvertLeadsRequest, most: usize, faults: &mut Faults) {
    // A text without anything in it is no filter here: who means every lead says so.
    let has_filter = asked.filter.as_ref().is_some_and(|filter| match filter {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        _ => true,
    });
    match &asked.ids {
        Some(ids) if ids.is_empty() => faults.add("/ids", Code::Required),
        Some(ids) if ids.len() > most => faults.push(too_many("/ids", most)),
        Some(_) if has_filter || asked.q.is_some() => faults.add("/ids", Code::InvalidValue),
        None if !has_filter && asked.q.as_deref().is_none_or(|words| words.trim().is_empty()) => {
            faults.add("/ids", Code::Required);
        }
        _ => {}
    }
    faults.line("/q", asked.q.as_deref(), 200);
}

/// There are more leads than one job takes.
pub(super) fn too_many(pointer: &str, most: usize) -> FieldError {
    let text = (format!("一次最多转化 {most} 条线索"), format!("At most {most} leads at a time"));
    FieldError::at(pointer, Code::TooLong).because(text.0, text.1).with("max", most)
}

/// There is none of them that the caller may convert.
pub(super) fn nothing_to_do(pointer: &str, left_out: &Value) -> Problem {
    let why = FieldError::at(pointer, Code::InvalidValue)
        .because("没有你可以转化的线索", "There is no lead here that you may convert");
    Problem::validation().error(why).with("left_out", left_out.clone())
}
