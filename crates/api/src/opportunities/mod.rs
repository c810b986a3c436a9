//! Opportunities: deals on their way through a pipeline.

mod board;
mod dto;
mod moves;
mod position;

use serde_json::{Value, json};
use uuid::Uuid;

use rapport_domain::access::{Action, Actor, Subject, Visibility, decide};
use rapport_domain::context::Context;
use rapport_domain::customer::Lifecycle;
use rapport_domain::kind::RecordKind;
use rapport_domain::opportunity::{ForecastCategory, StageCategory, StakeholderRole};
use rapport_domain::search::{Doc, Findable};
use rapport_persistence::customers::CustomerBody;
use rapport_persistence::opportunities::{
    OpportunityBody, OpportunityProfile, StageMoveRow, Stakeholder, stage_move_insert,
};
use rapport_persistence::record::Record;
use rapport_persistence::records::record_find;
use rapport_persistence::satellites::Satellites;
use rapport_persistence::stale_times::stale_times_keep;
use rapport_persistence::types::{Id, Instant, Json};
use rapport_persistence::{Db, StoreError, Tx};

pub use dto::{CreateOpportunity, OpportunityView, StageRef, StakeholderDto, StakeholderView};
pub use moves::MoveOpportunity;
pub(crate) use moves::move_deal;
pub(crate) use position::put_first_times;

use crate::contacts::Contacts;
use crate::customers::{Customers, lifecycle};
use crate::pools::{self, Pools};
use crate::problem::{Code, Problem};
use crate::records::fields::Faults;
use crate::records::references::{References, Wanted};
use crate::records::routes::Resources;
use crate::records::view::HeadView;
use crate::records::{Common, RecordType, write};
use crate::router::Routes;

/// Stakeholders a deal may have.
const MAX_STAKEHOLDERS: usize = 50;

/// The record type.
#[derive(Clone, Copy, Debug)]
pub struct Opportunities;

/// The endpoints.
pub fn routes(cfg: &mut Routes<'_>) {
    cfg.service(board::get_opportunity_board);
    cfg.service(moves::move_opportunity);
    cfg.service(moves::list_opportunity_stages);
    cfg.group("/opportunities", Resources::<Opportunities>::new());
}

impl RecordType for Opportunities {
    type Body = OpportunityBody;
    type Input = CreateOpportunity;
    type View = OpportunityView;

    const SUBJECT: Subject = Subject::Opportunity;
    const NAME: &'static str = "Opportunity";
    const TAG: &'static str = "Opportunities";

    fn common(input: &CreateOpportunity) -> Common<'_> {
        Common {
            id: input.id,
            owner_id: input.owner_id,
            source: input.source.as_deref(),
            tags: &input.tags,
            external_ids: &input.external_ids,
        }
    }

    fn input_of(record: &Record<OpportunityBody>) -> CreateOpportunity {
        CreateOpportunity::of(record)
    }

    fn ruled(record: &Record<OpportunityBody>) -> Vec<(&'static str, Value)> {
        vec![("category", json!(record.body.category)), ("origin_lead_id", json!(record.body.origin_lead_id))]
    }

    fn blank(ctx: &Context) -> OpportunityBody {
        OpportunityBody {
            customer_id: Id(Uuid::nil()),
            primary_contact_id: None,
            pipeline_id: Id(Uuid::nil()),
            stage_id: Id(Uuid::nil()),
            category: StageCategory::Open.as_str().to_owned(),
            stage_entered_at: Instant(ctx.now),
            amount: None,
            currency: None,
            probability: 0,
            expected_close_on: None,
            closed_at: None,
            board_rank: String::new(),
            warn_at: None,
            stale_at: None,
            origin_lead_id: None,
            profile: Json(OpportunityProfile::default()),
        }
    }

    fn prepare(
        tx: &mut Tx<'_>,
        ctx: &Context,
        record: &mut Record<OpportunityBody>,
        input: &CreateOpportunity,
        before: Option<&Record<OpportunityBody>>,
    ) -> Result<(), Problem> {
        let mut faults = Faults::default();
        read(&mut faults, record, input);
        check_links(tx, ctx, &mut faults, record, input, before)?;
        faults.finish()?;
        match before {
            None => position::start(tx, ctx, record, input),
            Some(before) => position::keep(tx, ctx, record, input, before),
        }
    }

    fn written(
        tx: &mut Tx<'_>,
        ctx: &Context,
        record: &Record<OpportunityBody>,
        before: Option<&Record<OpportunityBody>>,
    ) -> Result<(), Problem> {
        match before {
            None => stage_move_insert(tx, &first_move(ctx, record)).map_err(StoreError::from)?,
            Some(before) if before.body.stage_id != record.body.stage_id => keep_times(tx, record)?,
            Some(_) => {}
        }
        let won = StageCategory::Won.as_str();
        if record.body.category == won && before.is_none_or(|before| before.body.category != won) {
            activate_customer(tx, ctx, record)?;
        }
        count_for_customers(tx, record, before)
    }

    fn check_restore(tx: &mut Tx<'_>, record: &Record<OpportunityBody>) -> Result<(), Problem> {
        let customer = ("客户已在回收站", "Its customer is in the trash");
        write::require_alive::<Customers>(tx, Some(record.body.customer_id), customer)?;
        let contact = ("主要联系人已在回收站", "Its primary contact is in the trash");
        write::require_alive::<Contacts>(tx, record.body.primary_contact_id, contact)
    }

    fn satellites(record: &Record<OpportunityBody>) -> Satellites {
        let head = &record.head;
        let number = head.number.to_string();
        let doc = Doc { names: vec![&head.name], texts: vec![], numbers: vec![&number], emails: vec![] };
        let mut links: Vec<Uuid> =
            record.body.profile.0.contacts.iter().map(|stakeholder| stakeholder.contact_id).collect();
        links.sort_unstable();
        links.dedup();
        let Findable { tokens, body } = Findable::of(&doc);
        Satellites {
            tags: head.tags.0.clone(),
            external_ids: head.extras.0.external_ids.clone(),
            keys: Vec::new(),
            links,
            tokens,
            body,
            is_trash: head.deleted_at.is_some(),
        }
    }

    fn origin(record: &Record<OpportunityBody>) -> Option<Uuid> {
        record.body.origin_lead_id.map(Into::into)
    }

    fn dependants(_db: &mut Db, _id: Uuid, _without: &[Uuid]) -> Result<Vec<(&'static str, i64)>, Problem> {
        Ok(Vec::new())
    }

    fn wanted(record: &Record<OpportunityBody>, wanted: &mut Wanted) {
        wanted.stages();
        wanted.name(RecordKind::Customer, Some(record.body.customer_id.0));
        wanted.name(RecordKind::Contact, record.body.primary_contact_id.map(Into::into));
        for stakeholder in &record.body.profile.0.contacts {
            wanted.name(RecordKind::Contact, Some(stakeholder.contact_id));
        }
    }

    fn view(record: &Record<OpportunityBody>, references: &References, ctx: &Context) -> OpportunityView {
        OpportunityView::of(record, HeadView::of(record, Self::SUBJECT, references, ctx), references, ctx)
    }

    fn detail(record: &Record<OpportunityBody>, references: &References) -> Option<String> {
        references.name(record.body.customer_id.0).map(str::to_owned)
    }

    fn example() -> Value {
        json!({
            "name": "明德精密 – 数控机床采购", "customer_id": "01936f1e-7a54-7c1b-9a52-3f1f6f0a1b2c",
            "amount": { "amount": "128000.00", "currency": "CNY" }, "expected_close_on": "2026-12-31"
        })
    }
}

fn first_move(ctx: &Context, record: &Record<OpportunityBody>) -> StageMoveRow {
    StageMoveRow {
        id: Id(ctx.next_id()),
        opportunity_id: record.head.id,
        from_stage_id: None,
        to_stage_id: record.body.stage_id,
        seconds_in_from: 0,
        reason: None,
        moved_at: Instant(ctx.now),
        moved_by: ctx.actor.user().map(Id),
    }
}

/// Something may have been done about the deal since it was read: when it becomes stale is computed where it stands.
fn keep_times(tx: &mut Tx<'_>, record: &Record<OpportunityBody>) -> Result<(), Problem> {
    let permit = decide(&Actor::system(), Action::Edit, Subject::Opportunity, None)?;
    Ok(stale_times_keep(tx, &permit, record.head.id.0)?)
}

/// The first won deal makes the customer active, whoever may edit it.
fn activate_customer(tx: &mut Tx<'_>, ctx: &Context, record: &Record<OpportunityBody>) -> Result<(), Problem> {
    let customer: Option<Record<CustomerBody>> =
        record_find(tx, &Visibility::Everything, record.body.customer_id.0).map_err(StoreError::from)?;
    let Some(customer) = customer else { return Ok(()) };
    let Some(to) = Lifecycle::parse(&customer.body.lifecycle).and_then(Lifecycle::on_win) else { return Ok(()) };
    let permit = decide(&Actor::system(), Action::Edit, Subject::Customer, None)?;
    lifecycle::settle(tx, ctx, &permit, &customer, to, None)?;
    Ok(())
}

/// An opportunity that comes, goes or ends decides how long its customer stays with its owner.
fn count_for_customers(
    tx: &mut Tx<'_>,
    record: &Record<OpportunityBody>,
    before: Option<&Record<OpportunityBody>>,
) -> Result<(), Problem> {
    let counts = |deal: &Record<OpportunityBody>| {
        (deal.body.customer_id, deal.head.deleted_at.is_some(), deal.body.category == "won")
    };
    if before.is_some_and(|before| counts(before) == counts(record)) {
        return Ok(());
    }
    let customers = before.into_iter().chain([record]).map(|deal| deal.body.customer_id.0);
    let pools = Pools::hold(tx)?;
    pools::keep_releases(tx, &pools, &customers.collect::<Vec<_>>())
}

/// Reads every field that stands for itself.
fn read(faults: &mut Faults, record: &mut Record<OpportunityBody>, input: &CreateOpportunity) {
    record.head.name = faults.required_line("/name", input.name.as_deref(), 200);
    let body = &mut record.body;
    match input.customer_id {
        Some(customer) => body.customer_id = Id(customer),
        None => faults.add("/customer_id", Code::Required),
    }
    body.primary_contact_id = input.primary_contact_id.map(Id);
    (body.amount, body.currency) = faults.money("/amount", input.amount.as_ref());
    body.expected_close_on = input.expected_close_on;
    let forecast = faults.word("/forecast_category", input.forecast_category.as_deref(), ForecastCategory::parse);
    let was = std::mem::take(&mut body.profile.0);
    body.profile.0 = OpportunityProfile {
        typed_probability: input.probability,
        forecast_category: forecast.map(|forecast| forecast.as_str().to_owned()),
        competitor: faults.line("/competitor", input.competitor.as_deref(), 200),
        next_step: faults.line("/next_step", input.next_step.as_deref(), 500),
        description: faults.prose("/description", input.description.as_deref(), 10_000),
        engaged_on: input.engaged_on,
        contacts: stakeholders(faults, &input.contacts),
        ..was
    };
}

fn stakeholders(faults: &mut Faults, typed: &[StakeholderDto]) -> Vec<Stakeholder> {
    if typed.len() > MAX_STAKEHOLDERS {
        faults.add("/contacts", Code::TooLong);
        return Vec::new();
    }
    let mut found: Vec<Stakeholder> = Vec::new();
    for (n, stakeholder) in typed.iter().enumerate() {
        let role = faults.word(
            &format!("/contacts/{n}/role"),
            Some(stakeholder.role.as_deref().unwrap_or("other")),
            StakeholderRole::parse,
        );
        if found.iter().any(|known| known.contact_id == stakeholder.contact_id) {
            faults.add(&format!("/contacts/{n}/contact_id"), Code::Duplicate);
        }
        let role = role.unwrap_or(StakeholderRole::Other).as_str().to_owned();
        found.push(Stakeholder { contact_id: stakeholder.contact_id, role });
    }
    found
}

/// Customer and contacts must be visible to whoever names them.
fn check_links(
    tx: &mut Tx<'_>,
    ctx: &Context,
    faults: &mut Faults,
    record: &Record<OpportunityBody>,
    input: &CreateOpportunity,
    before: Option<&Record<OpportunityBody>>,
) -> Result<(), Problem> {
    let was = before.map(|before| &before.body);
    if let Some(customer) = input.customer_id.filter(|id| was.is_none_or(|was| was.customer_id.0 != *id)) {
        faults.reference("/customer_id", Some(customer), write::is_visible::<Customers>(tx, ctx, customer)?);
    }
    let contact = input.primary_contact_id.filter(|id| was.and_then(|was| was.primary_contact_id) != Some(Id(*id)));
    if let Some(contact) = contact {
        faults.reference("/primary_contact_id", Some(contact), write::is_visible::<Contacts>(tx, ctx, contact)?);
    }
    let known = was.map(|was| was.profile.0.contacts.clone()).unwrap_or_default();
    for (n, stakeholder) in record.body.profile.0.contacts.iter().enumerate() {
        if known.iter().all(|known| known.contact_id != stakeholder.contact_id) {
            let is_found = write::is_visible::<Contacts>(tx, ctx, stakeholder.contact_id)?;
            faults.reference(&format!("/contacts/{n}/contact_id"), Some(stakeholder.contact_id), is_found);
        }
    }
    Ok(())
}
