//! Many leads are converted by one plan: the items of a job, each as a lead is converted by itself.

use std::collections::{HashMap, HashSet};

use serde_json::Value;
use uuid::Uuid;

use rapport_domain::access::{Action, Subject, decide, is_allowed, visibility};
use rapport_domain::context::Context;
use rapport_domain::conversion::BLOCKING_SCORE;
use rapport_domain::job::{ItemState, JobKind};
use rapport_domain::kind::RecordKind;
use rapport_domain::lead::StatusCategory;
use rapport_persistence::lead_places::{LeadPlace, leads_named, leads_selected};
use rapport_persistence::users::user_find;
use rapport_persistence::{Db, Tx};

use super::candidates::{self, Sought};
use super::convert::{Converted, perform};
use super::dto::Candidate;
use super::plan::{Best, ConversionPlan, ConvertLeadsRequest, PlannedMode, check_leads, nothing_to_do, too_many};
use crate::jobs::{Draft, ItemRecord, ItemResult, LeftOut, MOST_ITEMS, Work};
use crate::leads::Leads;
use crate::problem::{Code, Problem};
use crate::records::fields::Faults;
use crate::records::list::{self, ListRequest};
use crate::records::write;

// ---------------------------------------------------------------- which leads

/// The job that a request asks for: which leads, settled now, and what happens with them.
///
/// # Errors
/// 400 with what is wrong with the filter; 422 with every fault of the request, or that there is nothing to do.
pub(super) fn draft(db: &mut Db, ctx: &Context, asked: &ConvertLeadsRequest) -> Result<Draft, Problem> {
    let mut faults = Faults::default();
    check_leads(asked, MOST_ITEMS, &mut faults);
    asked.plan.check(&mut faults);
    if let Some(owner) = asked.plan.owner_id {
        let is_there = user_find(db, owner)?.is_some_and(|user| user.is_active);
        faults.reference("/plan/owner_id", Some(owner), is_there);
    }
    faults.finish()?;
    let (pointer, places, hidden) = match &asked.ids {
        Some(ids) => named(db, ctx, ids)?,
        None => found(db, ctx, asked)?,
    };
    let (records, left_out) = sorted_out(ctx, &places, hidden);
    if records.is_empty() {
        return Err(nothing_to_do(pointer, &serde_json::to_value(left_out).unwrap_or_default()));
    }
    let request = serde_json::to_value(&asked.plan).map_err(Problem::internal)?;
    Ok(Draft { kind: JobKind::ConvertLeads, request, left_out, records })
}

/// Those of these leads that the caller sees, in the order of the request, and how many they do not.
fn named(db: &mut Db, ctx: &Context, ids: &[Uuid]) -> Result<(&'static str, Vec<LeadPlace>, usize), Problem> {
    let mut known = HashSet::new();
    let ids: Vec<Uuid> = ids.iter().copied().filter(|id| known.insert(*id)).collect();
    let seen = visibility(&ctx.actor, Subject::Lead, Action::View);
    let found = leads_named(db, &ids)?.into_iter().filter(|place| seen.includes(&place.ownership()));
    let mut found: HashMap<Uuid, LeadPlace> = found.map(|place| (place.id.0, place)).collect();
    let places: Vec<LeadPlace> = ids.iter().filter_map(|id| found.remove(id)).collect();
    let hidden = ids.len() - places.len();
    Ok(("/ids", places, hidden))
}

fn found(
    db: &mut Db,
    ctx: &Context,
    asked: &ConvertLeadsRequest,
) -> Result<(&'static str, Vec<LeadPlace>, usize), Problem> {
    let (filter, filter_json) = match asked.filter.clone() {
        Some(Value::String(text)) => (Some(text), None),
        json => (None, json),
    };
    let request = ListRequest { filter, filter_json, q: asked.q.clone(), ..ListRequest::default() };
    let selection = list::selection_of(RecordKind::Lead, &request, ctx)?;
    let places = leads_selected(db, &selection, i64::try_from(MOST_ITEMS).unwrap_or(i64::MAX).saturating_add(1))?;
    let pointer = if asked.filter.is_some() { "/filter" } else { "/q" };
    if places.len() > MOST_ITEMS {
        return Err(Problem::validation().error(too_many(pointer, MOST_ITEMS)));
    }
    Ok((pointer, places, 0))
}

/// The leads that the caller may convert, and how many of the others there are.
fn sorted_out(ctx: &Context, places: &[LeadPlace], hidden: usize) -> (Vec<Uuid>, LeftOut) {
    let mut left_out = LeftOut { not_found: hidden, ..LeftOut::default() };
    let mut records = Vec::new();
    for place in places {
        if place.status_category == StatusCategory::Converted.as_str() {
            left_out.already_converted += 1;
        } else if is_allowed(&ctx.actor, Action::Convert, Subject::Lead, Some(&place.ownership())) {
            records.push(place.id.0);
        } else {
            left_out.forbidden += 1;
        }
    }
    (records, left_out)
}

// ---------------------------------------------------------------- each lead

/// Converts the leads of a job.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConvertLeads;

impl Work for ConvertLeads {
    fn permit(&self, ctx: &Context) -> Result<(), Problem> {
        decide(&ctx.actor, Action::Convert, Subject::Lead, None)?;
        Ok(())
    }

    fn run(&self, tx: &mut Tx<'_>, ctx: &Context, request: &Value, record: Uuid) -> Result<ItemResult, Problem> {
        let plan: ConversionPlan = serde_json::from_value(request.clone()).map_err(Problem::internal)?;
        let best = if plan.links() { best(tx, ctx, &plan, record)? } else { Best::default() };
        let Converted { row, notes, .. } = perform(tx, ctx, record, None, &plan.request(best))?;
        let made = [
            (RecordKind::Customer, row.customer_id),
            (RecordKind::Contact, row.contact_id),
            (RecordKind::Opportunity, row.opportunity_id),
        ];
        let made = made.into_iter().filter_map(|(kind, id)| Some(ItemRecord::of(kind, id?.0)));
        Ok(ItemResult { made: made.collect(), notes, candidates: Vec::new() })
    }

    /// Somebody has converted it meanwhile: there is nothing to do, and what it became is told.
    fn refused(&self, problem: &Problem) -> (ItemState, ItemResult) {
        match problem.code() {
            Code::AlreadyConverted => {
                (ItemState::Skipped, ItemResult { made: made_before(problem), ..ItemResult::default() })
            }
            Code::DuplicateCandidates => {
                (ItemState::Failed, ItemResult { candidates: known(problem), ..ItemResult::default() })
            }
            _ => (ItemState::Failed, ItemResult::default()),
        }
    }
}

/// What the caller sees that is surely the same.
fn best(tx: &mut Tx<'_>, ctx: &Context, plan: &ConversionPlan, id: Uuid) -> Result<Best, Problem> {
    let lead = write::find::<Leads>(tx, ctx, id)?;
    let found = candidates::find_people(tx, ctx, &Sought::of(&lead))?;
    let customer = surest(plan.customer, &found.customers);
    let contact = surest(plan.contact, &found.contacts);
    let opportunity = match customer {
        Some(customer) if plan.opportunity == PlannedMode::LinkBest => {
            candidates::open_deals(tx, ctx, std::slice::from_ref(customer))?.first().map(|deal| deal.id)
        }
        _ => None,
    };
    Ok(Best { customer: customer.map(|found| found.id), contact: contact.map(|found| found.id), opportunity })
}

fn surest(mode: PlannedMode, candidates: &[Candidate]) -> Option<&Candidate> {
    candidates.first().filter(|first| mode == PlannedMode::LinkBest && first.score >= BLOCKING_SCORE)
}

fn made_before(problem: &Problem) -> Vec<ItemRecord> {
    let made = problem.member("conversion");
    let id = |kind: RecordKind| {
        let id = made?.get(format!("{kind}_id"))?.as_str()?;
        Some(ItemRecord::of(kind, Uuid::try_parse(id).ok()?))
    };
    [RecordKind::Customer, RecordKind::Contact, RecordKind::Opportunity].into_iter().filter_map(id).collect()
}

/// The records that seem to be the same.
fn known(problem: &Problem) -> Vec<ItemRecord> {
    let of = |kind: RecordKind| {
        let found = problem.member("candidates").and_then(|found| found.get(kind.plural())).and_then(Value::as_array);
        let ids = found.into_iter().flatten().filter_map(|found| found.get("id")?.as_str());
        ids.filter_map(move |id| Some(ItemRecord::of(kind, Uuid::try_parse(id).ok()?)))
    };
    of(RecordKind::Customer).chain(of(RecordKind::Contact)).collect()
}
