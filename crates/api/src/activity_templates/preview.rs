//! A template in use: its places filled with what its user may see.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveTime, TimeZone as _, Utc};
use uuid::Uuid;

use rapport_domain::context::{Context, Locale};
use rapport_domain::kind::RecordKind;
use rapport_domain::placeholder::{Placeholder, escape_markdown, fill};
use rapport_persistence::Db;
use rapport_persistence::activity_templates::ActivityTemplateRow;
use rapport_persistence::record::Record;

use super::dto::{ActivityTemplatePreview, PreviewActivityTemplate};
use super::templates;
use crate::activities::FollowUp;
use crate::contacts::Contacts;
use crate::customers::Customers;
use crate::leads::Leads;
use crate::opportunities::Opportunities;
use crate::problem::{Code, Problem};
use crate::records::fields::Faults;
use crate::records::reply::Reply;
use crate::records::{RecordType, write};

/// When in the day something follows.
const MORNING: u32 = 9;
/// Characters of a subject.
const MAX_SUBJECT: usize = 200;

/// What stands in the places.
type Values = BTreeMap<Placeholder, String>;

/// A template with its places filled.
///
/// # Errors
/// 404; 422 for what the activity is to be about and the caller does not see.
pub(super) fn preview(db: &mut Db, ctx: &Context, id: Uuid, asked: &PreviewActivityTemplate) -> Result<Reply, Problem> {
    let template = templates::find(db, ctx, id)?;
    let values = values(db, ctx, asked)?;
    Reply::ok(&filled(ctx, &template, &values))
}

fn values(db: &mut Db, ctx: &Context, asked: &PreviewActivityTemplate) -> Result<Values, Problem> {
    let mut values = Values::from([(Placeholder::UserName, ctx.actor.name.clone()), (Placeholder::Today, day(ctx))]);
    let (mut faults, mut kinds) = (Faults::default(), Vec::new());
    for (n, about) in asked.about.iter().enumerate() {
        let Some(kind) = RecordKind::parse_about(&about.kind) else {
            faults.add(&format!("/about/{n}/type"), Code::InvalidValue);
            continue;
        };
        if kinds.contains(&kind) {
            faults.add(&format!("/about/{n}/type"), Code::Duplicate);
        }
        kinds.push(kind);
        if !note(db, ctx, &mut values, kind, about.id)? {
            faults.add(&format!("/about/{n}/id"), Code::NotFound);
        }
    }
    faults.finish().map(|()| values)
}

/// Notes what a record says; answers whether it is seen. What is said of a record itself goes before what others say of it.
fn note(db: &mut Db, ctx: &Context, values: &mut Values, kind: RecordKind, id: Uuid) -> Result<bool, Problem> {
    match kind {
        RecordKind::Customer => {
            let Some(customer) = seen::<Customers>(db, ctx, Some(id))? else { return Ok(false) };
            values.insert(Placeholder::CustomerName, customer.head.name);
        }
        RecordKind::Contact => {
            let Some(contact) = seen::<Contacts>(db, ctx, Some(id))? else { return Ok(false) };
            values.insert(Placeholder::ContactName, contact.head.name);
            note_customer(db, ctx, values, contact.body.customer_id.map(Into::into))?;
        }
        RecordKind::Lead => {
            let Some(lead) = seen::<Leads>(db, ctx, Some(id))? else { return Ok(false) };
            values.insert(Placeholder::LeadName, lead.head.name);
            values.extend(lead.body.company_name.map(|company| (Placeholder::LeadCompanyName, company)));
        }
        RecordKind::Opportunity => {
            let Some(deal) = seen::<Opportunities>(db, ctx, Some(id))? else { return Ok(false) };
            values.insert(Placeholder::OpportunityName, deal.head.name);
            note_customer(db, ctx, values, Some(deal.body.customer_id.into()))?;
            if let Some(contact) = seen::<Contacts>(db, ctx, deal.body.primary_contact_id.map(Into::into))? {
                values.entry(Placeholder::ContactName).or_insert(contact.head.name);
            }
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn note_customer(db: &mut Db, ctx: &Context, values: &mut Values, id: Option<Uuid>) -> Result<(), Problem> {
    if let Some(customer) = seen::<Customers>(db, ctx, id)? {
        values.entry(Placeholder::CustomerName).or_insert(customer.head.name);
    }
    Ok(())
}

/// A record, if there is one that the caller sees.
fn seen<R: RecordType>(db: &mut Db, ctx: &Context, id: Option<Uuid>) -> Result<Option<Record<R::Body>>, Problem> {
    let Some(id) = id else { return Ok(None) };
    match write::find::<R>(db, ctx, id) {
        Ok(record) => Ok(Some(record)),
        Err(problem) if problem.code() == Code::NotFound => Ok(None),
        Err(problem) => Err(problem),
    }
}

fn filled(ctx: &Context, template: &ActivityTemplateRow, values: &Values) -> ActivityTemplatePreview {
    let mut missing: Vec<Placeholder> = Vec::new();
    let mut text = |text: &Option<String>, spell: fn(&str) -> String| {
        let filled = fill(text.as_deref()?, |place| values.get(&place).map(|value| spell(value)));
        missing.extend(filled.missing);
        Some(filled.text)
    };
    let name = text(&template.subject, str::to_owned).map(|name| short(&name));
    let body = text(&template.body, escape_markdown);
    let next = text(&template.follow_up_name, str::to_owned).map(|name| short(&name));
    let due_at = template.follow_up_days.map(|days| morning(ctx, days));
    missing.sort_unstable();
    missing.dedup();
    ActivityTemplatePreview {
        kind: template.kind.clone(),
        name,
        body,
        direction: template.direction.clone(),
        outcome: template.outcome.clone(),
        priority: template.priority.clone(),
        duration_minutes: template.duration_minutes,
        follow_up: due_at.map(|due_at| FollowUp { due_at, name: next }),
        missing: missing.into_iter().map(|place| place.as_str().to_owned()).collect(),
    }
}

/// As much as a subject may have.
fn short(text: &str) -> String {
    let text = text.trim();
    if text.chars().count() <= MAX_SUBJECT {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(MAX_SUBJECT - 1).collect();
    cut.push('…');
    cut
}

/// Today, as it is written in the caller's language.
fn day(ctx: &Context) -> String {
    let today = ctx.today();
    match ctx.locale {
        Locale::ZhCn => today.format("%Y年%-m月%-d日").to_string(),
        Locale::En => today.format("%-d %B %Y").to_string(),
    }
}

/// Nine o'clock in so many days, where the caller is; never before now.
fn morning(ctx: &Context, days: i32) -> DateTime<Utc> {
    let days = Days::new(u64::try_from(days).unwrap_or_default());
    let local = ctx.today().checked_add_days(days).zip(NaiveTime::from_hms_opt(MORNING, 0, 0));
    let at = local.and_then(|(day, time)| ctx.zone.from_local_datetime(&day.and_time(time)).earliest());
    at.map_or(ctx.now, |at| at.to_utc()).max(ctx.now)
}
