//! Leads: those who might buy, before anyone has checked.

pub(crate) mod condition;
mod dto;
mod nurture;
mod response;
pub(crate) mod status;

use serde_json::{Value, json};
use uuid::Uuid;

use rapport_domain::access::Subject;
use rapport_domain::contact::display_name;
use rapport_domain::context::Context;
use rapport_domain::lead::{Rating, is_writable_after_conversion, require_name};
use rapport_domain::scoring::RatedBy;
use rapport_domain::search::{Doc, Findable};
use rapport_domain::text::{domain_of, name_key};
use rapport_persistence::leads::{LeadBody, LeadProfile, Utm};
use rapport_persistence::record::Record;
use rapport_persistence::satellites::Satellites;
use rapport_persistence::types::Json;
use rapport_persistence::{Db, Tx};

pub use dto::{CreateLead, LeadConversionView, LeadView, UtmDto};

use crate::assignment;
use crate::problem::{Code, Problem};
use crate::records::fields::Faults;
use crate::records::patch::facts;
use crate::records::references::{References, Wanted};
use crate::records::routes::Resources;
use crate::records::view::HeadView;
use crate::records::{Afterwards, Common, RecordType};
use crate::router::Routes;
use crate::scoring;

/// The record type.
#[derive(Clone, Copy, Debug)]
pub struct Leads;

/// The endpoints.
pub fn routes(cfg: &mut Routes<'_>) {
    cfg.group("/leads", Resources::<Leads>::new());
}

impl RecordType for Leads {
    type Body = LeadBody;
    type Input = CreateLead;
    type View = LeadView;

    const SUBJECT: Subject = Subject::Lead;
    const NAME: &'static str = "Lead";
    const TAG: &'static str = "Leads";

    fn common(input: &CreateLead) -> Common<'_> {
        Common {
            id: input.id,
            owner_id: input.owner_id,
            source: input.source.as_deref(),
            tags: &input.tags,
            external_ids: &input.external_ids,
        }
    }

    fn input_of(record: &Record<LeadBody>) -> CreateLead {
        CreateLead::of(record)
    }

    fn ruled(record: &Record<LeadBody>) -> Vec<(&'static str, Value)> {
        vec![
            ("status_category", json!(record.body.status_category)),
            ("recycle_count", json!(record.body.profile.0.recycle_count)),
        ]
    }

    fn blank(_ctx: &Context) -> LeadBody {
        LeadBody {
            company_name: None,
            status: String::new(),
            status_category: String::new(),
            rating: None,
            rating_by: None,
            score: 0,
            score_changes_at: None,
            amount: None,
            currency: None,
            region: None,
            first_response_due_at: None,
            first_responded_at: None,
            profile: Json(LeadProfile::default()),
        }
    }

    fn prepare(
        tx: &mut Tx<'_>,
        ctx: &Context,
        record: &mut Record<LeadBody>,
        input: &CreateLead,
        before: Option<&Record<LeadBody>>,
    ) -> Result<(), Problem> {
        if let Some(before) = before.filter(|before| before.body.status_category == "converted") {
            refuse_changes(before, input)?;
            let mut faults = Faults::default();
            record.body.profile.0.interest = faults.prose("/interest", input.interest.as_deref(), 10_000);
            return faults.finish();
        }
        let mut faults = Faults::default();
        read(&mut faults, record, input);
        status::settle(tx, ctx, &mut faults, record, input, before)?;
        faults.finish()
    }

    fn find_owner(
        tx: &mut Tx<'_>,
        ctx: &Context,
        record: &mut Record<LeadBody>,
    ) -> Result<Option<Afterwards>, Problem> {
        assignment::on_arrival(tx, ctx, record)
    }

    fn settle(
        tx: &mut Tx<'_>,
        ctx: &Context,
        record: &mut Record<LeadBody>,
        before: Option<&Record<LeadBody>>,
    ) -> Result<(), Problem> {
        response::settle(tx, ctx, record, before)?;
        nurture::settle(tx, ctx, record, before)?;
        scoring::settle(tx, ctx, record, before)
    }

    fn written(
        tx: &mut Tx<'_>,
        ctx: &Context,
        record: &Record<LeadBody>,
        before: Option<&Record<LeadBody>>,
    ) -> Result<(), Problem> {
        nurture::written(tx, ctx, record, before)
    }

    fn satellites(record: &Record<LeadBody>) -> Satellites {
        let (head, profile) = (&record.head, &record.body.profile.0);
        let number = head.number.to_string();
        let person = display_name(profile.family_name.as_deref(), profile.given_name.as_deref());
        let doc = Doc {
            names: [Some(person.as_str()).filter(|name| !name.is_empty()), record.body.company_name.as_deref()]
                .into_iter()
                .flatten()
                .collect(),
            texts: [profile.title.as_deref(), profile.domain.as_deref(), profile.city.as_deref()]
                .into_iter()
                .flatten()
                .collect(),
            numbers: [Some(number.as_str()), profile.phone.as_deref(), profile.phone_e164.as_deref()]
                .into_iter()
                .flatten()
                .collect(),
            emails: profile.email.as_deref().into_iter().collect(),
        };
        let keys = [
            ("email", profile.email.clone()),
            ("phone", profile.phone_e164.clone()),
            ("domain", profile.domain.clone()),
            ("name", record.body.company_name.as_deref().map(name_key)),
        ];
        let Findable { tokens, body } = Findable::of(&doc);
        Satellites {
            tags: head.tags.0.clone(),
            external_ids: head.extras.0.external_ids.clone(),
            keys: keys.into_iter().filter_map(|(kind, value)| Some((kind, value?))).collect(),
            links: Vec::new(),
            tokens,
            body,
            is_trash: head.deleted_at.is_some(),
        }
    }

    fn dependants(_db: &mut Db, _id: Uuid, _without: &[Uuid]) -> Result<Vec<(&'static str, i64)>, Problem> {
        Ok(Vec::new())
    }

    fn wanted(record: &Record<LeadBody>, wanted: &mut Wanted) {
        if record.body.status_category == "converted" {
            wanted.conversion(record.head.id.0);
        }
    }

    fn view(record: &Record<LeadBody>, references: &References, ctx: &Context) -> LeadView {
        let mut head = HeadView::of(record, Self::SUBJECT, references, ctx);
        head.can.convert &= record.body.status_category != "converted";
        LeadView::of(record, head, references, ctx)
    }

    fn detail(record: &Record<LeadBody>, _references: &References) -> Option<String> {
        let company = record.body.company_name.as_deref().filter(|company| *company != record.head.name);
        company.or(record.body.profile.0.email.as_deref()).or(record.body.profile.0.phone.as_deref()).map(str::to_owned)
    }

    fn example() -> Value {
        json!({
            "family_name": "王", "given_name": "小明", "company_name": "上海明德精密机械有限公司", "title": "采购经理",
            "email": "wang@mingde.example", "phone": "138 1234 5678", "source": "website",
            "estimated_amount": { "amount": "128000.00", "currency": "CNY" }
        })
    }
}

/// After its conversion a lead is closed, but for its labels and what it is interested in.
fn refuse_changes(before: &Record<LeadBody>, input: &CreateLead) -> Result<(), Problem> {
    let (was, is) = (facts::<Leads>(before), serde_json::to_value(input).unwrap_or(Value::Null));
    let changed = |name: &String| is.get(name).is_some_and(|value| Some(value) != was.get(name));
    match was.keys().find(|name| changed(name) && !is_writable_after_conversion(name)) {
        Some(name) => Err(Problem::new(Code::LeadConverted).at(format!("/{name}"), Code::LeadConverted)),
        None => Ok(()),
    }
}

/// Reads every field that stands for itself.
fn read(faults: &mut Faults, record: &mut Record<LeadBody>, input: &CreateLead) {
    let family_name = faults.line("/family_name", input.family_name.as_deref(), 100);
    let given_name = faults.line("/given_name", input.given_name.as_deref(), 100);
    let company_name = faults.line("/company_name", input.company_name.as_deref(), 200);
    if require_name(input.family_name.as_deref(), input.given_name.as_deref(), input.company_name.as_deref()).is_err() {
        faults.add("/company_name", Code::Required);
    }
    let person = display_name(family_name.as_deref(), given_name.as_deref());
    record.head.name = if person.is_empty() { company_name.clone().unwrap_or_default() } else { person };
    let body = &mut record.body;
    body.company_name = company_name;
    rate(body, faults.word("/rating", input.rating.as_deref(), Rating::parse));
    body.region = faults.line("/region", input.region.as_deref(), 100);
    (body.amount, body.currency) = faults.money("/estimated_amount", input.estimated_amount.as_ref());
    let website = faults.website("/website", input.website.as_deref());
    let email = faults.email("/email", input.email.as_deref());
    let (phone, phone_e164) = faults.phone("/phone", input.phone.as_deref());
    let was = std::mem::take(&mut body.profile.0);
    body.profile.0 = LeadProfile {
        family_name,
        given_name,
        title: faults.line("/title", input.title.as_deref(), 100),
        domain: website.as_deref().or(email.as_deref()).and_then(domain_of),
        email,
        phone,
        phone_e164,
        website,
        industry: faults.line("/industry", input.industry.as_deref(), 100),
        employees: input.employees,
        city: faults.line("/city", input.city.as_deref(), 100),
        address_line: faults.line("/address_line", input.address_line.as_deref(), 300),
        interest: faults.prose("/interest", input.interest.as_deref(), 10_000),
        source_detail: faults.line("/source_detail", input.source_detail.as_deref(), 300),
        utm: input.utm.as_ref().and_then(|utm| read_utm(faults, utm)),
        ..was
    };
}

/// What somebody says of how warm it is holds until they take it back; what the rules say is not theirs to take.
fn rate(body: &mut LeadBody, said: Option<Rating>) {
    let by = |by: RatedBy| Some(by.as_str().to_owned());
    if let Some(rating) = said {
        (body.rating, body.rating_by) = (Some(rating.as_str().to_owned()), by(RatedBy::Person));
    } else if body.rating_by == by(RatedBy::Person) {
        (body.rating, body.rating_by) = (None, None);
    }
}

fn read_utm(faults: &mut Faults, utm: &UtmDto) -> Option<Utm> {
    let mut part = |name: &str, typed: &Option<String>| faults.line(&format!("/utm/{name}"), typed.as_deref(), 200);
    let read = Utm {
        source: part("source", &utm.source),
        medium: part("medium", &utm.medium),
        campaign: part("campaign", &utm.campaign),
        term: part("term", &utm.term),
        content: part("content", &utm.content),
    };
    (read != Utm::default()).then_some(read)
}
