//! One lead becomes a customer, a contact and an opportunity: in one transaction, once.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use rapport_domain::access::Action;
use rapport_domain::context::Context;
use rapport_domain::conversion::{BLOCKING_SCORE, Fields, Mode, OnDuplicate, Plan, Proposal};
use rapport_domain::lead::StatusCategory;
use rapport_persistence::conversions::{ConversionRow, conversion_insert, conversions_live};
use rapport_persistence::lead_statuses::lead_status_hold_first;
use rapport_persistence::leads::LeadBody;
use rapport_persistence::record::Record;
use rapport_persistence::types::{Id, Instant, Json};
use rapport_persistence::{StoreError, Tx};

use super::candidates::{self, Sought};
use super::detail::{Detail, TouchedDetail};
use super::dto::{ConversionPart, ConversionRequest, ConversionResult};
use super::targets::{Filling, Target, Touched, create, draft, link, proposal_of};
use super::tasks;
use crate::contacts::Contacts;
use crate::customers::Customers;
use crate::leads::{LeadConversionView, Leads, status};
use crate::opportunities::Opportunities;
use crate::problem::{Code, Problem};
use crate::records::patch::input_fields;
use crate::records::references::Wanted;
use crate::records::reply::Reply;
use crate::records::{RecordType as _, write};

/// Converts a lead, and answers with everything that it has become.
///
/// # Errors
/// As [`perform`].
pub(crate) fn convert(
    tx: &mut Tx<'_>,
    ctx: &Context,
    id: Uuid,
    expected: Option<i64>,
    asked: &ConversionRequest,
) -> Result<Reply, Problem> {
    let Converted { row, lead, customer, contact, opportunity, notes } = perform(tx, ctx, id, expected, asked)?;
    let mut wanted = Wanted::default();
    wanted.has_conversion(&row);
    wanted.view_of::<Leads>(&lead);
    if let Some(customer) = &customer {
        wanted.has(&customer.record);
        wanted.view_of::<Customers>(&customer.record);
    }
    if let Some(contact) = &contact {
        wanted.has(&contact.record);
        wanted.view_of::<Contacts>(&contact.record);
    }
    opportunity.iter().for_each(|touched| wanted.view_of::<Opportunities>(&touched.record));
    let references = wanted.load(tx)?;
    let result = ConversionResult {
        conversion: LeadConversionView::from(&row),
        lead: Leads::view(&lead, &references, ctx),
        customer: customer.map(|touched| Customers::view(&touched.record, &references, ctx)),
        contact: contact.map(|touched| Contacts::view(&touched.record, &references, ctx)),
        opportunity: opportunity.map(|touched| Opportunities::view(&touched.record, &references, ctx)),
        notes,
    };
    let place = format!("/api/v1/leads/{id}");
    Ok(Reply::json(201, &result)?.record(id, lead.head.version).location(place))
}

/// What has become of a lead.
#[derive(Debug)]
pub(super) struct Converted {
    /// The conversion.
    pub(super) row: ConversionRow,
    /// The lead as it is now.
    lead: Record<LeadBody>,
    customer: Option<Touched<Customers>>,
    contact: Option<Touched<Contacts>>,
    opportunity: Option<Touched<Opportunities>>,
    /// What did not go as asked.
    pub(super) notes: Vec<String>,
}

/// Converts a lead.
///
/// # Errors
/// 404, 403, 412; 409 `already_converted` with what the first conversion made; 409 `duplicate_candidates`; 422 with every
/// fault of the request.
pub(super) fn perform(
    tx: &mut Tx<'_>,
    ctx: &Context,
    id: Uuid,
    expected: Option<i64>,
    asked: &ConversionRequest,
) -> Result<Converted, Problem> {
    let lead = write::find::<Leads>(tx, ctx, id)?;
    let permit = write::permit::<Leads>(ctx, Action::Convert, &lead)?;
    refuse_second(tx, &lead)?;
    write::check_version::<Leads>(tx, ctx, &lead, expected)?;
    let plan = asked.plan()?;
    let mut work = Work { ctx, lead: &lead, asked, plan: &plan, proposal: proposal_of(ctx, &lead), notes: Vec::new() };
    work.check()?;
    work.refuse_duplicates(tx)?;
    let customer = work.customer(tx)?;
    let contact = work.contact(tx, customer.as_ref())?;
    let opportunity = work.opportunity(tx, customer.as_ref(), contact.as_ref())?;
    let notes = work.notes;
    let converted = close_lead(tx, ctx, &lead)?;
    let mut row = blank_row(ctx, &lead);
    row.customer_id = customer.as_ref().map(|touched| touched.record.head.id);
    row.contact_id = contact.as_ref().map(|touched| touched.record.head.id);
    row.opportunity_id = opportunity.as_ref().map(|touched| touched.record.head.id);
    let tasks = tasks::hand_on(tx, ctx, &row, asked.open_tasks)?;
    let detail = Detail {
        lead_status: lead.body.status.clone(),
        duplicate_reason: asked.duplicate_reason.clone(),
        customer: customer.as_ref().map(TouchedDetail::of),
        contact: contact.as_ref().map(TouchedDetail::of),
        opportunity: opportunity.as_ref().map(TouchedDetail::of),
        tasks,
    };
    row.detail = Json(serde_json::to_value(detail).map_err(Problem::internal)?);
    conversion_insert(tx, &permit, &row).map_err(lost_race)?;
    Ok(Converted { row, lead: converted, customer, contact, opportunity, notes })
}

/// 409 with what the lead has become.
fn refuse_second(tx: &mut Tx<'_>, lead: &Record<LeadBody>) -> Result<(), Problem> {
    let live = conversions_live(tx, &[lead.head.id.0]).map_err(StoreError::from)?;
    match live.first() {
        None => Ok(()),
        Some(row) => {
            let made = serde_json::to_value(LeadConversionView::from(row)).unwrap_or(Value::Null);
            Err(Problem::new(Code::AlreadyConverted).with("conversion", made))
        }
    }
}

/// Somebody converts the same lead at this moment: run again, and see what they made of it.
fn lost_race(error: StoreError) -> StoreError {
    match error {
        StoreError::Unique(name) if name == "lead_conversions_one_live" => StoreError::Retry,
        other => other,
    }
}

fn blank_row(ctx: &Context, lead: &Record<LeadBody>) -> ConversionRow {
    ConversionRow {
        id: Id(ctx.next_id()),
        lead_id: lead.head.id,
        customer_id: None,
        contact_id: None,
        opportunity_id: None,
        detail: Json(json!({})),
        converted_at: Instant(ctx.now),
        converted_by: ctx.actor.user().map(Id),
        reverted_at: None,
        reverted_by: None,
    }
}

fn close_lead(tx: &mut Tx<'_>, ctx: &Context, lead: &Record<LeadBody>) -> Result<Record<LeadBody>, Problem> {
    let permit = write::permit::<Leads>(ctx, Action::Convert, lead)?;
    let status = lead_status_hold_first(tx, StatusCategory::Converted)?
        .ok_or_else(|| Problem::internal("no status for converted leads"))?;
    let situation = status::situation_of(&lead.body).convert().map_err(|_| Problem::new(Code::AlreadyConverted))?;
    let mut converted = lead.clone();
    status::store(&mut converted.body, &status.key, &situation);
    write::save::<Leads>(tx, ctx, &permit, lead, converted, "convert")
}

/// A conversion under way.
struct Work<'a> {
    ctx: &'a Context,
    lead: &'a Record<LeadBody>,
    asked: &'a ConversionRequest,
    plan: &'a Plan,
    proposal: Proposal,
    notes: Vec<String>,
}

impl Work<'_> {
    /// Whether the plan makes sense.
    fn check(&self) -> Result<(), Problem> {
        let draft = draft::<Contacts>(self.lead, &self.proposal, fields_of(self.asked.contact.as_ref()));
        let is_named =
            ["family_name", "given_name"].iter().any(|name| draft.get(name).is_some_and(|value| !value.is_null()));
        self.plan.check(is_named).map_err(|wrongs| {
            wrongs.into_iter().fold(Problem::validation(), |problem, wrong| problem.at(wrong.pointer(), Code::Required))
        })
    }

    /// 409 when what would be created seems to be here already, or when the lead was converted at this moment.
    fn refuse_duplicates(&self, tx: &mut Tx<'_>) -> Result<(), Problem> {
        let creates = [self.plan.customer, self.plan.contact].contains(&Mode::Create);
        if !creates || matches!(self.plan.on_duplicate, OnDuplicate::Force { .. }) {
            return Ok(());
        }
        let mut found = candidates::find_people(tx, self.ctx, &Sought::of(self.lead))?;
        let (makes_customer, makes_contact) = (self.plan.customer == Mode::Create, self.plan.contact == Mode::Create);
        found.customers.retain(|candidate| makes_customer && candidate.score >= BLOCKING_SCORE);
        found.contacts.retain(|candidate| makes_contact && candidate.score >= BLOCKING_SCORE);
        if found.customers.is_empty() && found.contacts.is_empty() && found.hidden == 0 {
            return Ok(());
        }
        // They may be what this very lead has become since it was read: a transaction sees what others commit meanwhile.
        refuse_second(tx, self.lead)?;
        found.opportunities = candidates::open_deals(tx, self.ctx, &found.customers)?;
        let found = serde_json::to_value(found).unwrap_or(Value::Null);
        Err(Problem::new(Code::DuplicateCandidates).with("candidates", found))
    }

    fn owned(&self, mut draft: Value) -> Value {
        let owner = self.asked.owner_id.or_else(|| self.lead.head.owner_id.map(Into::into));
        if let (Some(members), Some(owner)) = (draft.as_object_mut(), owner) {
            members.entry("owner_id").or_insert_with(|| json!(owner));
        }
        draft
    }

    fn noted<T: Target>(&mut self, touched: Touched<T>) -> Touched<T> {
        if touched.is_untouchable {
            self.notes.push(format!("{}_linked_without_writing", T::PART));
        }
        touched
    }

    /// What the lead says about a record that is there; its name is its own.
    fn says<T: Target>(&self) -> Fields {
        let mut says = T::proposed(&self.proposal);
        says.remove("name");
        says
    }

    fn filling<T: Target>(&self, part: Option<&ConversionPart>, extra: Map<String, Value>) -> Filling {
        Filling { says: self.says::<T>(), asked: wishes::<T>(part), how: self.plan.fill, extra }
    }

    fn customer(&mut self, tx: &mut Tx<'_>) -> Result<Option<Touched<Customers>>, Problem> {
        let part = self.asked.customer.as_ref();
        let touched = match self.plan.customer {
            Mode::None => return Ok(None),
            Mode::Create => create(
                tx,
                self.ctx,
                self.lead,
                self.owned(draft::<Customers>(self.lead, &self.proposal, fields_of(part))),
            )?,
            Mode::Link(id) => link(tx, self.ctx, id, self.filling::<Customers>(part, Map::new()))?,
        };
        Ok(Some(self.noted(touched)))
    }

    fn contact(
        &mut self,
        tx: &mut Tx<'_>,
        customer: Option<&Touched<Customers>>,
    ) -> Result<Option<Touched<Contacts>>, Problem> {
        let part = self.asked.contact.as_ref();
        let employer = customer.map(|customer| customer.record.head.id.0);
        let touched = match self.plan.contact {
            Mode::None => return Ok(None),
            Mode::Create => {
                let mut draft = self.owned(draft::<Contacts>(self.lead, &self.proposal, fields_of(part)));
                if let (Some(members), Some(employer)) = (draft.as_object_mut(), employer) {
                    members.entry("customers").or_insert_with(|| json!([{ "customer_id": employer, "primary": true }]));
                }
                create(tx, self.ctx, self.lead, draft)?
            }
            Mode::Link(id) => {
                let extra = self.employment(tx, id, employer)?;
                link(tx, self.ctx, id, self.filling::<Contacts>(part, extra))?
            }
        };
        Ok(Some(self.noted(touched)))
    }

    /// A linked contact works for the customer as well, from now on.
    fn employment(
        &self,
        tx: &mut Tx<'_>,
        contact: Uuid,
        employer: Option<Uuid>,
    ) -> Result<Map<String, Value>, Problem> {
        let mut extra = Map::new();
        let Some(employer) = employer else { return Ok(extra) };
        let Ok(contact) = write::find::<Contacts>(tx, self.ctx, contact) else { return Ok(extra) };
        if contact.body.profile.0.customers.iter().any(|link| link.customer_id == employer) {
            return Ok(extra);
        }
        let mut links = input_fields::<Contacts>(&contact)
            .remove("customers")
            .and_then(|links| links.as_array().cloned())
            .unwrap_or_default();
        links.push(json!({ "customer_id": employer, "primary": links.is_empty() }));
        extra.insert("customers".into(), links.into());
        Ok(extra)
    }

    fn opportunity(
        &mut self,
        tx: &mut Tx<'_>,
        customer: Option<&Touched<Customers>>,
        contact: Option<&Touched<Contacts>>,
    ) -> Result<Option<Touched<Opportunities>>, Problem> {
        let part = self.asked.opportunity.as_ref();
        let touched = match self.plan.opportunity {
            Mode::None => return Ok(None),
            Mode::Create => {
                let mut draft = self.owned(draft::<Opportunities>(self.lead, &self.proposal, fields_of(part)));
                if let Some(members) = draft.as_object_mut() {
                    if let Some(customer) = customer {
                        members.insert("customer_id".into(), json!(customer.record.head.id));
                    }
                    if let Some(contact) = contact {
                        members.entry("primary_contact_id").or_insert_with(|| json!(contact.record.head.id));
                    }
                }
                create(tx, self.ctx, self.lead, draft)?
            }
            Mode::Link(id) => link(tx, self.ctx, id, self.filling::<Opportunities>(part, Map::new()))?,
        };
        Ok(Some(self.noted(touched)))
    }
}

/// The fields that the request gives for a record that is there.
fn wishes<T: Target>(part: Option<&ConversionPart>) -> Fields {
    match fields_of(part) {
        Some(Value::Object(fields)) => T::flat(fields).into_iter().filter(|(_, value)| !value.is_null()).collect(),
        _ => Fields::new(),
    }
}

pub(super) fn fields_of(part: Option<&ConversionPart>) -> Option<&Value> {
    part.and_then(|part| part.fields.as_ref()).filter(|fields| !fields.is_null())
}
