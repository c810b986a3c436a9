//! Contacts: people, with or without a customer they work for.

mod dto;

use serde_json::{Value, json};
use uuid::Uuid;

use rapport_domain::access::{Action, Actor, Subject, decide};
use rapport_domain::contact::{
    Birthday, ContactError, DecisionRole, EmailKind, PhoneKind, PreferredChannel, check_period, display_name,
    require_name, settle_primary,
};
use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_domain::search::{Doc, Findable};
use rapport_domain::text::name_key;
use rapport_persistence::contacts::{
    Birthday as StoredBirthday, ContactBody, ContactProfile, CustomerLink, EmailEntry, PhoneEntry, primary_contact_drop,
};
use rapport_persistence::names::referrers;
use rapport_persistence::record::Record;
use rapport_persistence::satellites::Satellites;
use rapport_persistence::types::{Id, Json};
use rapport_persistence::{Db, StoreError, Tx};

pub use dto::{
    BirthdayDto, ContactView, CreateContact, CustomerLinkDto, CustomerLinkView, EmailDto, PhoneDto, PhoneView,
};

use crate::customers::Customers;
use crate::problem::{Code, Problem};
use crate::records::fields::Faults;
use crate::records::references::{References, Wanted};
use crate::records::routes::Resources;
use crate::records::view::{HeadView, named};
use crate::records::{Common, RecordType, write};
use crate::router::Routes;

/// E-mails, phones and employers a contact may have, each.
const MAX_ENTRIES: usize = 20;

/// The record type.
#[derive(Clone, Copy, Debug)]
pub struct Contacts;

/// The endpoints.
pub fn routes(cfg: &mut Routes<'_>) {
    cfg.group("/contacts", Resources::<Contacts>::new());
}

impl RecordType for Contacts {
    type Body = ContactBody;
    type Input = CreateContact;
    type View = ContactView;

    const SUBJECT: Subject = Subject::Contact;
    const NAME: &'static str = "Contact";
    const TAG: &'static str = "Contacts";

    fn common(input: &CreateContact) -> Common<'_> {
        Common {
            id: input.id,
            owner_id: input.owner_id,
            source: input.source.as_deref(),
            tags: &input.tags,
            external_ids: &input.external_ids,
        }
    }

    fn input_of(record: &Record<ContactBody>) -> CreateContact {
        CreateContact::of(record)
    }

    fn ruled(record: &Record<ContactBody>) -> Vec<(&'static str, Value)> {
        vec![("customer_id", json!(record.body.customer_id)), ("origin_lead_id", json!(record.body.origin_lead_id))]
    }

    fn blank(_ctx: &Context) -> ContactBody {
        ContactBody {
            customer_id: None,
            job_title: None,
            email: None,
            phone: None,
            reports_to_id: None,
            origin_lead_id: None,
            profile: Json(ContactProfile::default()),
        }
    }

    fn prepare(
        tx: &mut Tx<'_>,
        ctx: &Context,
        record: &mut Record<ContactBody>,
        input: &CreateContact,
        before: Option<&Record<ContactBody>>,
    ) -> Result<(), Problem> {
        let mut faults = Faults::default();
        read(&mut faults, ctx, record, input);
        check_links(tx, ctx, &mut faults, record, before)?;
        faults.finish()
    }

    /// A customer's primary contact is one of its own, and alive.
    fn written(
        tx: &mut Tx<'_>,
        ctx: &Context,
        record: &Record<ContactBody>,
        before: Option<&Record<ContactBody>>,
    ) -> Result<(), Problem> {
        if before.is_none() {
            return Ok(());
        }
        let permit = decide(&Actor::system(), Action::Edit, Subject::Customer, Some(&record.ownership()))?;
        let links = record.body.profile.0.customers.iter().map(|link| link.customer_id);
        let keep: Vec<Uuid> = links.filter(|_| record.head.deleted_at.is_none()).collect();
        Ok(primary_contact_drop(tx, &permit, ctx, record.head.id.0, &keep)?)
    }

    fn check_restore(tx: &mut Tx<'_>, record: &Record<ContactBody>) -> Result<(), Problem> {
        let employer = ("所属客户已在回收站", "Its customer is in the trash");
        write::require_alive::<Customers>(tx, record.body.customer_id, employer)?;
        let superior = ("汇报对象已在回收站", "Whom it reports to is in the trash");
        write::require_alive::<Contacts>(tx, record.body.reports_to_id, superior)
    }

    fn satellites(record: &Record<ContactBody>) -> Satellites {
        let (head, profile) = (&record.head, &record.body.profile.0);
        let number = head.number.to_string();
        let phones = profile.phones.iter().flat_map(|phone| [Some(phone.value.as_str()), phone.e164.as_deref()]);
        let doc = Doc {
            names: vec![&head.name],
            texts: [record.body.job_title.as_deref(), profile.wechat.as_deref()].into_iter().flatten().collect(),
            numbers: phones.flatten().chain([number.as_str()]).collect(),
            emails: profile.emails.iter().map(|email| email.value.as_str()).collect(),
        };
        let emails = profile.emails.iter().map(|email| ("email", email.value.clone()));
        let phones = profile.phones.iter().filter_map(|phone| Some(("phone", phone.e164.clone()?)));
        let mut keys: Vec<_> = emails.chain(phones).chain([("name", name_key(&head.name))]).collect();
        keys.sort();
        keys.dedup();
        let mut links: Vec<Uuid> = profile.customers.iter().map(|link| link.customer_id).collect();
        links.sort_unstable();
        links.dedup();
        let Findable { tokens, body } = Findable::of(&doc);
        Satellites {
            tags: head.tags.0.clone(),
            external_ids: head.extras.0.external_ids.clone(),
            keys,
            links,
            tokens,
            body,
            is_trash: head.deleted_at.is_some(),
        }
    }

    fn origin(record: &Record<ContactBody>) -> Option<Uuid> {
        record.body.origin_lead_id.map(Into::into)
    }

    fn dependants(db: &mut Db, id: Uuid, without: &[Uuid]) -> Result<Vec<(&'static str, i64)>, Problem> {
        let mut count = |kind: RecordKind, column| referrers(db, kind, column, id, without).map_err(StoreError::from);
        Ok(vec![
            ("opportunities", count(RecordKind::Opportunity, "primary_contact_id")?),
            ("customers", count(RecordKind::Customer, "primary_contact_id")?),
            ("contacts", count(RecordKind::Contact, "reports_to_id")?),
        ])
    }

    fn wanted(record: &Record<ContactBody>, wanted: &mut Wanted) {
        for link in &record.body.profile.0.customers {
            wanted.name(RecordKind::Customer, Some(link.customer_id));
        }
        wanted.name(RecordKind::Contact, record.body.reports_to_id.map(Into::into));
    }

    fn view(record: &Record<ContactBody>, references: &References, ctx: &Context) -> ContactView {
        ContactView::of(record, HeadView::of(record, Self::SUBJECT, references, ctx), references)
    }

    fn detail(record: &Record<ContactBody>, references: &References) -> Option<String> {
        let employer = record.body.customer_id.and_then(|id| named(Some(id.0), references));
        employer
            .map(|employer| employer.name)
            .or_else(|| record.body.email.clone())
            .or_else(|| record.body.phone.clone())
    }

    fn example() -> Value {
        json!({
            "family_name": "王", "given_name": "小明", "job_title": "采购经理",
            "emails": [{ "kind": "work", "value": "wang.xiaoming@mingde.example", "primary": true }],
            "phones": [{ "kind": "mobile", "value": "138 1234 5678", "primary": true }], "tags": ["决策人"]
        })
    }
}

/// Reads every field that stands for itself.
fn read(faults: &mut Faults, ctx: &Context, record: &mut Record<ContactBody>, input: &CreateContact) {
    let family_name = faults.line("/family_name", input.family_name.as_deref(), 100);
    let given_name = faults.line("/given_name", input.given_name.as_deref(), 100);
    if require_name(input.family_name.as_deref(), input.given_name.as_deref()).is_err() {
        faults.add("/family_name", Code::Required);
    }
    record.head.name = display_name(family_name.as_deref(), given_name.as_deref());
    let decision_role = faults.word("/decision_role", input.decision_role.as_deref(), DecisionRole::parse);
    let channel = faults.word("/preferred_channel", input.preferred_channel.as_deref(), PreferredChannel::parse);
    let profile = ContactProfile {
        family_name,
        given_name,
        salutation: faults.line("/salutation", input.salutation.as_deref(), 50),
        department: faults.line("/department", input.department.as_deref(), 100),
        decision_role: decision_role.map(|role| role.as_str().to_owned()),
        emails: emails(faults, &input.emails),
        phones: phones(faults, &input.phones),
        wechat: faults.line("/wechat", input.wechat.as_deref(), 100),
        birthday: birthday(faults, ctx, input.birthday),
        preferred_channel: channel.map(|channel| channel.as_str().to_owned()),
        preferred_language: faults.line("/preferred_language", input.preferred_language.as_deref(), 35),
        time_zone: faults
            .word("/time_zone", input.time_zone.as_deref(), |zone| zone.parse::<chrono_tz::Tz>().ok())
            .map(|zone| zone.name().to_owned()),
        do_not_call: input.do_not_call,
        do_not_email: input.do_not_email,
        customers: customers(faults, &input.customers),
        notes: faults.prose("/notes", input.notes.as_deref(), 10_000),
    };
    let body = &mut record.body;
    body.job_title = faults.line("/job_title", input.job_title.as_deref(), 100);
    body.customer_id = profile.customers.iter().find(|link| link.primary).map(|link| Id(link.customer_id));
    body.email = profile.emails.iter().find(|email| email.primary).map(|email| email.value.clone());
    body.phone = profile.phones.iter().find(|phone| phone.primary).map(|phone| phone.value.clone());
    body.reports_to_id = input.reports_to_id.map(Id);
    body.profile = Json(profile);
}

fn few<T>(faults: &mut Faults, pointer: &str, entries: &[T]) -> bool {
    if entries.len() > MAX_ENTRIES {
        faults.add(pointer, Code::TooLong);
    }
    entries.len() <= MAX_ENTRIES
}

fn emails(faults: &mut Faults, typed: &[EmailDto]) -> Vec<EmailEntry> {
    if !few(faults, "/emails", typed) {
        return Vec::new();
    }
    let mut entries = Vec::new();
    for (n, email) in typed.iter().enumerate() {
        let kind =
            faults.word(&format!("/emails/{n}/kind"), Some(email.kind.as_deref().unwrap_or("work")), EmailKind::parse);
        let pointer = format!("/emails/{n}/value");
        let Some(value) = faults.email(&pointer, Some(&email.value)) else {
            faults.required_line(&pointer, Some(&email.value), 254);
            continue;
        };
        let kind = kind.unwrap_or(EmailKind::Work).as_str().to_owned();
        entries.push(EmailEntry {
            kind,
            value,
            primary: email.primary,
            opted_out: email.opted_out,
            invalid: email.invalid,
        });
    }
    let settled = settle_primary(&mut entries, |email: &mut EmailEntry| &mut email.primary, |email| !email.invalid);
    one_primary(faults, "/emails", settled);
    entries
}

fn phones(faults: &mut Faults, typed: &[PhoneDto]) -> Vec<PhoneEntry> {
    if !few(faults, "/phones", typed) {
        return Vec::new();
    }
    let mut entries = Vec::new();
    for (n, phone) in typed.iter().enumerate() {
        let kind = faults.word(
            &format!("/phones/{n}/kind"),
            Some(phone.kind.as_deref().unwrap_or("mobile")),
            PhoneKind::parse,
        );
        let pointer = format!("/phones/{n}/value");
        let (Some(value), e164) = faults.phone(&pointer, Some(&phone.value)) else {
            faults.required_line(&pointer, Some(&phone.value), 40);
            continue;
        };
        entries.push(PhoneEntry {
            kind: kind.unwrap_or(PhoneKind::Mobile).as_str().to_owned(),
            value,
            e164,
            primary: phone.primary,
        });
    }
    let settled = settle_primary(&mut entries, |phone: &mut PhoneEntry| &mut phone.primary, |_| true);
    one_primary(faults, "/phones", settled);
    entries
}

fn customers(faults: &mut Faults, typed: &[CustomerLinkDto]) -> Vec<CustomerLink> {
    if !few(faults, "/customers", typed) {
        return Vec::new();
    }
    let mut links: Vec<CustomerLink> = Vec::new();
    for (n, link) in typed.iter().enumerate() {
        if check_period(link.since, link.until).is_err() {
            faults.add(&format!("/customers/{n}/until"), Code::InvalidValue);
        }
        if links.iter().any(|known| known.customer_id == link.customer_id) {
            faults.add(&format!("/customers/{n}/customer_id"), Code::Duplicate);
        }
        let role = faults.line(&format!("/customers/{n}/role"), link.role.as_deref(), 100);
        links.push(CustomerLink {
            customer_id: link.customer_id,
            role,
            since: link.since,
            until: link.until,
            primary: link.primary,
        });
    }
    let settled = settle_primary(&mut links, |link: &mut CustomerLink| &mut link.primary, |link| link.until.is_none());
    one_primary(faults, "/customers", settled);
    links
}

fn one_primary(faults: &mut Faults, pointer: &str, settled: Result<(), ContactError>) {
    if settled.is_err() {
        faults.add(pointer, Code::InvalidValue);
    }
}

fn birthday(faults: &mut Faults, ctx: &Context, typed: Option<BirthdayDto>) -> Option<StoredBirthday> {
    let typed = typed?;
    let parts = u8::try_from(typed.month).ok().zip(u8::try_from(typed.day).ok());
    match parts.map(|(month, day)| Birthday::new(month, day, typed.year, ctx.today())) {
        Some(Ok(day)) => Some(StoredBirthday { month: day.month().into(), day: day.day().into(), year: day.year() }),
        _ => {
            faults.add("/birthday", Code::InvalidValue);
            None
        }
    }
}

/// Employers and superiors must be visible; nobody reports to themselves.
fn check_links(
    tx: &mut Tx<'_>,
    ctx: &Context,
    faults: &mut Faults,
    record: &Record<ContactBody>,
    before: Option<&Record<ContactBody>>,
) -> Result<(), Problem> {
    let known: Vec<Uuid> = before
        .map(|was| was.body.profile.0.customers.iter().map(|link| link.customer_id).collect())
        .unwrap_or_default();
    for (n, link) in
        record.body.profile.0.customers.iter().enumerate().filter(|(_, link)| !known.contains(&link.customer_id))
    {
        let is_found = write::is_visible::<Customers>(tx, ctx, link.customer_id)?;
        faults.reference(&format!("/customers/{n}/customer_id"), Some(link.customer_id), is_found);
    }
    let superior = record.body.reports_to_id.filter(|to| before.and_then(|was| was.body.reports_to_id) != Some(*to));
    if let Some(superior) = superior {
        if superior == record.head.id {
            return Err(Problem::new(Code::Cycle).at("/reports_to_id", Code::Cycle));
        }
        faults.reference("/reports_to_id", Some(superior.0), write::is_visible::<Contacts>(tx, ctx, superior.0)?);
    }
    Ok(())
}
