//! Looking for customers and contacts that a lead may be.

use std::collections::BTreeSet;

use uuid::Uuid;

use rapport_domain::access::{Action, Subject, Visibility, hints, visibility};
use rapport_domain::contact::display_name;
use rapport_domain::context::Context;
use rapport_domain::conversion::{BLOCKING_SCORE, CandidateKeys, LeadKeys, is_shared_domain, score};
use rapport_domain::filter::{Checked, CmpOp, Column, Value as FilterValue};
use rapport_domain::kind::RecordKind;
use rapport_domain::search::Query;
use rapport_domain::text::name_key;
use rapport_persistence::contacts::ContactBody;
use rapport_persistence::customers::CustomerBody;
use rapport_persistence::leads::LeadBody;
use rapport_persistence::opportunities::OpportunityBody;
use rapport_persistence::page::{Order, SortColumn};
use rapport_persistence::record::{Body, Record};
use rapport_persistence::records::{Selection, record_find_many, record_list};
use rapport_persistence::satellites::records_with_keys;
use rapport_persistence::search::search;
use rapport_persistence::{Db, StoreError};

use super::dto::{Candidate, Candidates, OpenOpportunity};
use crate::problem::Problem;
use crate::records::references::Wanted;
use crate::records::view::named;

/// Candidates of each kind in an answer.
const MAX_CANDIDATES: usize = 10;
/// Letters of a company's name that are searched for.
const NAME_START: usize = 6;
/// What is no more likely than this is not worth showing.
const WORTH_SHOWING: u8 = 50;

/// What customers and contacts are compared with.
#[derive(Clone, Debug)]
pub(super) struct Sought {
    customer: LeadKeys,
    contact: LeadKeys,
    company: Option<String>,
}

impl Sought {
    /// The keys of a lead.
    pub(super) fn of(lead: &Record<LeadBody>) -> Self {
        let profile = &lead.body.profile.0;
        let person = display_name(profile.family_name.as_deref(), profile.given_name.as_deref());
        let person = Some(person).filter(|name| !name.is_empty());
        let company = lead.body.company_name.clone();
        let keys = |name: Option<&str>, domain: Option<String>| LeadKeys {
            email: profile.email.clone(),
            phone: profile.phone_e164.clone(),
            tax_id: None,
            domain,
            name_key: name.map(name_key),
        };
        let own_domain = profile.domain.clone().filter(|domain| !is_shared_domain(domain));
        Self {
            customer: keys(company.as_deref().or(person.as_deref()), own_domain),
            contact: keys(person.as_deref(), None),
            company,
        }
    }
}

fn pairs(keys: &LeadKeys) -> Vec<(&'static str, String)> {
    let pairs = [
        ("email", keys.email.clone()),
        ("phone", keys.phone.clone()),
        ("domain", keys.domain.clone()),
        ("name", keys.name_key.clone()),
    ];
    pairs.into_iter().filter_map(|(kind, value)| Some((kind, value?))).collect()
}

/// Everybody a lead may be, as far as the caller may see, with their open deals; the others are only counted.
///
/// # Errors
/// When the database fails.
pub(super) fn find(db: &mut Db, ctx: &Context, sought: &Sought) -> Result<Candidates, Problem> {
    let found = find_people(db, ctx, sought)?;
    Ok(Candidates { opportunities: open_deals(db, ctx, &found.customers)?, ..found })
}

/// The same without the deals.
///
/// # Errors
/// When the database fails.
pub(super) fn find_people(db: &mut Db, ctx: &Context, sought: &Sought) -> Result<Candidates, Problem> {
    let by_name = similar(db, sought)?;
    let (customers, hidden_customers) = scored::<CustomerBody>(db, ctx, &sought.customer, by_name, customer_keys)?;
    let (contacts, hidden_contacts) = scored::<ContactBody>(db, ctx, &sought.contact, Vec::new(), contact_keys)?;
    Ok(Candidates { customers, contacts, opportunities: Vec::new(), hidden: hidden_customers + hidden_contacts })
}

/// Customers whose names begin alike.
fn similar(db: &mut Db, sought: &Sought) -> Result<Vec<Uuid>, Problem> {
    let start: Option<String> = sought.company.as_deref().map(|name| name.chars().take(NAME_START).collect());
    let Some(query) = start.as_deref().and_then(Query::parse) else { return Ok(Vec::new()) };
    let hits = search(db, RecordKind::Customer, &Visibility::Everything, &query, 20).map_err(StoreError::from)?;
    Ok(hits.into_iter().map(|hit| hit.id).collect())
}

fn scored<B: Body>(
    db: &mut Db,
    ctx: &Context,
    keys: &LeadKeys,
    others: Vec<Uuid>,
    keys_of: impl Fn(&Record<B>) -> CandidateKeys,
) -> Result<(Vec<Candidate>, usize), Problem> {
    let found = records_with_keys(db, B::KIND, &pairs(keys)).map_err(StoreError::from)?;
    let ids: BTreeSet<Uuid> = found.into_iter().map(|(id, _, _)| id).chain(others).collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let subject = Subject::from(B::KIND);
    let seen = visibility(&ctx.actor, subject, Action::View);
    let rows: Vec<Record<B>> = record_find_many(db, &Visibility::Everything, &ids).map_err(StoreError::from)?;
    let mut wanted = Wanted::default();
    rows.iter().for_each(|row| wanted.name(RecordKind::User, row.head.owner_id.map(Into::into)));
    let owners = wanted.load(db)?;
    let (mut candidates, mut hidden) = (Vec::new(), 0);
    for row in &rows {
        let (score, matched) = score(keys, &keys_of(row));
        if score < WORTH_SHOWING {
            continue;
        }
        if !seen.includes(&row.ownership()) {
            hidden += usize::from(score >= BLOCKING_SCORE);
            continue;
        }
        candidates.push(Candidate {
            id: row.head.id.0,
            name: row.head.name.clone(),
            owner: named(row.head.owner_id.map(Into::into), &owners),
            score,
            matched: matched.into_iter().map(|what| what.as_str().to_owned()).collect(),
            is_editable: hints(&ctx.actor, subject, &row.ownership()).edit,
        });
    }
    candidates.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
    candidates.truncate(MAX_CANDIDATES);
    Ok((candidates, hidden))
}

fn customer_keys(row: &Record<CustomerBody>) -> CandidateKeys {
    let profile = &row.body.profile.0;
    CandidateKeys {
        emails: profile.email.clone().into_iter().collect(),
        phones: profile.phone_e164.clone().into_iter().collect(),
        tax_id: profile.tax_id.clone(),
        domain: profile.domain.clone(),
        name_key: Some(name_key(&row.head.name)),
    }
}

fn contact_keys(row: &Record<ContactBody>) -> CandidateKeys {
    let profile = &row.body.profile.0;
    CandidateKeys {
        emails: profile.emails.iter().map(|email| email.value.clone()).collect(),
        phones: profile.phones.iter().filter_map(|phone| phone.e164.clone()).collect(),
        tax_id: None,
        domain: None,
        name_key: Some(name_key(&row.head.name)),
    }
}

/// The open deals of the candidates, last changed first.
pub(super) fn open_deals(db: &mut Db, ctx: &Context, customers: &[Candidate]) -> Result<Vec<OpenOpportunity>, Problem> {
    if customers.is_empty() {
        return Ok(Vec::new());
    }
    let column = |name| Column { name, is_nullable: false };
    let ids = customers.iter().map(|candidate| FilterValue::Id(candidate.id)).collect();
    // No column of an index: the few deals of these customers are looked through, not all that are open.
    let category = column("(category || '')");
    let is_open = Checked::Cmp { column: category, op: CmpOp::Eq, value: FilterValue::Text("open".into()) };
    let seen = visibility(&ctx.actor, Subject::Opportunity, Action::View);
    let mut selection = Selection::visible(RecordKind::Opportunity, seen);
    selection.filter = Checked::all_of(vec![Checked::In { column: column("customer_id"), values: ids }, is_open]);
    let order = Order { columns: vec![SortColumn { column: "updated_at", is_nullable: false, is_descending: true }] };
    let limit = i64::try_from(MAX_CANDIDATES).unwrap_or(10);
    let rows: Vec<Record<OpportunityBody>> =
        record_list(db, &selection, &order, None, limit).map_err(StoreError::from)?;
    let mut wanted = Wanted::default();
    rows.iter().for_each(|row| wanted.name(RecordKind::User, row.head.owner_id.map(Into::into)));
    let owners = wanted.load(db)?;
    let deal = |row: &Record<OpportunityBody>| OpenOpportunity {
        id: row.head.id.0,
        name: row.head.name.clone(),
        customer_id: row.body.customer_id.0,
        owner: named(row.head.owner_id.map(Into::into), &owners),
        is_editable: hints(&ctx.actor, Subject::Opportunity, &row.ownership()).edit,
    };
    Ok(rows.iter().map(deal).collect())
}
