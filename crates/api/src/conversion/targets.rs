//! The three records a lead turns into: what the lead says about each, and how it is written.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use rapport_domain::access::Action;
use rapport_domain::context::Context;
use rapport_domain::conversion::{Conflict, Fields, Fill, LeadFacts, Proposal, carry_tags, fill, propose};
use rapport_persistence::Tx;
use rapport_persistence::changes::FieldChange;
use rapport_persistence::leads::LeadBody;
use rapport_persistence::record::Record;

use crate::contacts::Contacts;
use crate::customers::Customers;
use crate::opportunities::Opportunities;
use crate::problem::{Code, Problem};
use crate::records::fields::MoneyAmount;
use crate::records::patch::input_fields;
use crate::records::{RecordType, patch, write};

/// A record type that a lead can turn into.
pub(super) trait Target: RecordType {
    /// Its name in the request.
    const PART: &'static str;

    /// What the lead says about it.
    fn proposed(proposal: &Proposal) -> Fields;

    /// Flat fields (`address.city`, `email`) as writable fields of the record.
    fn writable(flat: &Fields, current: Option<&Map<String, Value>>) -> Map<String, Value>;

    /// The record's present values under the names that the lead uses.
    fn flat(current: &Map<String, Value>) -> Fields;

    /// Notes the lead it came from.
    fn set_origin(record: &mut Record<Self::Body>, lead: Uuid);
}

/// What the lead says.
pub(super) fn proposal_of(ctx: &Context, lead: &Record<LeadBody>) -> Proposal {
    let (body, profile) = (&lead.body, &lead.body.profile.0);
    let facts = LeadFacts {
        family_name: profile.family_name.clone(),
        given_name: profile.given_name.clone(),
        company_name: body.company_name.clone(),
        title: profile.title.clone(),
        email: profile.email.clone(),
        phone: profile.phone.clone(),
        website: profile.website.clone(),
        industry: profile.industry.clone(),
        employees: profile.employees,
        region: body.region.clone(),
        city: profile.city.clone(),
        address_line: profile.address_line.clone(),
        interest: profile.interest.clone(),
        estimated_amount: MoneyAmount::of(body.amount, body.currency.as_deref()).map(|amount| json!(amount)),
    };
    propose(&facts, ctx.today())
}

/// Dotted names become nested objects.
fn nested(flat: &Fields) -> Map<String, Value> {
    let mut fields = Map::new();
    for (name, value) in flat {
        match name.split_once('.') {
            None => drop(fields.insert(name.clone(), value.clone())),
            Some((outer, inner)) => {
                let slot = fields.entry(outer.to_owned()).or_insert_with(|| json!({}));
                if let Some(members) = slot.as_object_mut() {
                    members.insert(inner.to_owned(), value.clone());
                }
            }
        }
    }
    fields
}

impl Target for Customers {
    const PART: &'static str = "customer";

    fn proposed(proposal: &Proposal) -> Fields {
        proposal.customer.fields()
    }

    fn writable(flat: &Fields, _current: Option<&Map<String, Value>>) -> Map<String, Value> {
        nested(flat)
    }

    fn flat(current: &Map<String, Value>) -> Fields {
        let mut flat: Fields = current.clone().into_iter().collect();
        if let Some(Value::Object(address)) = current.get("address") {
            flat.extend(address.iter().map(|(name, value)| (format!("address.{name}"), value.clone())));
        }
        flat
    }

    fn set_origin(record: &mut Record<Self::Body>, lead: Uuid) {
        record.body.origin_lead_id = Some(lead.into());
    }
}

impl Target for Contacts {
    const PART: &'static str = "contact";

    fn proposed(proposal: &Proposal) -> Fields {
        proposal.contact.as_ref().map(rapport_domain::conversion::ProposedContact::fields).unwrap_or_default()
    }

    /// An e-mail or a phone number of the lead becomes the primary entry in front of those that are there.
    fn writable(flat: &Fields, current: Option<&Map<String, Value>>) -> Map<String, Value> {
        let mut fields = nested(flat);
        for (single, list) in [("email", "emails"), ("phone", "phones")] {
            let Some(value) = fields.remove(single) else { continue };
            let mut entries = vec![json!({ "value": value, "primary": true })];
            let known = current.and_then(|current| current.get(list)).and_then(Value::as_array);
            for entry in known.into_iter().flatten().filter(|entry| entry.get("value") != Some(&value)) {
                let mut entry = entry.clone();
                if let Some(members) = entry.as_object_mut() {
                    members.insert("primary".into(), false.into());
                }
                entries.push(entry);
            }
            fields.insert(list.to_owned(), entries.into());
        }
        fields
    }

    fn flat(current: &Map<String, Value>) -> Fields {
        let mut flat: Fields = current.clone().into_iter().collect();
        for (single, list) in [("email", "emails"), ("phone", "phones")] {
            let entries = current.get(list).and_then(Value::as_array).into_iter().flatten();
            let primary = entries
                .filter(|entry| entry.get("primary") == Some(&Value::Bool(true)))
                .find_map(|entry| entry.get("value"));
            flat.insert(single.to_owned(), primary.cloned().unwrap_or(Value::Null));
        }
        flat
    }

    fn set_origin(record: &mut Record<Self::Body>, lead: Uuid) {
        record.body.origin_lead_id = Some(lead.into());
    }
}

impl Target for Opportunities {
    const PART: &'static str = "opportunity";

    fn proposed(proposal: &Proposal) -> Fields {
        proposal.opportunity.fields()
    }

    fn writable(flat: &Fields, _current: Option<&Map<String, Value>>) -> Map<String, Value> {
        nested(flat)
    }

    fn flat(current: &Map<String, Value>) -> Fields {
        current.clone().into_iter().collect()
    }

    fn set_origin(record: &mut Record<Self::Body>, lead: Uuid) {
        record.body.origin_lead_id = Some(lead.into());
    }
}

/// What a new record would be made of: what the lead says, under what the request says.
pub(super) fn draft<T: Target>(lead: &Record<LeadBody>, proposal: &Proposal, fields: Option<&Value>) -> Value {
    let mut draft = Value::Object(T::writable(&T::proposed(proposal), None));
    if let (Some(members), Some(source)) = (draft.as_object_mut(), &lead.head.source) {
        members.insert("source".into(), source.clone().into());
    }
    if let Some(fields) = fields {
        json_patch::merge(&mut draft, fields);
    }
    if let Some(members) = draft.as_object_mut() {
        let own: Vec<String> =
            members.get("tags").and_then(|tags| serde_json::from_value(tags.clone()).ok()).unwrap_or_default();
        let tags = carry_tags(&own, &lead.head.tags.0);
        if !tags.is_empty() {
            members.insert("tags".into(), tags.into());
        }
    }
    draft
}

/// A record that the conversion made or linked.
#[derive(Debug)]
pub(super) struct Touched<T: Target> {
    /// The record as it is now.
    pub(super) record: Record<T::Body>,
    /// What the conversion wrote to a record that was there; `None` for a new one.
    pub(super) written: Option<Vec<FieldChange>>,
    /// Whether the record was linked but may not be changed by the caller.
    pub(super) is_untouchable: bool,
}

/// Makes the record.
///
/// # Errors
/// Faults, with their pointers below `/{part}/fields`.
pub(super) fn create<T: Target>(
    tx: &mut Tx<'_>,
    ctx: &Context,
    lead: &Record<LeadBody>,
    draft: Value,
) -> Result<Touched<T>, Problem> {
    let below = |problem: Problem| problem.below(&format!("/{}/fields", T::PART));
    let input: T::Input = patch::read_input(draft).map_err(below)?;
    let origin = lead.head.id.0;
    let record =
        write::create_as::<T>(tx, ctx, &input, "convert", |record| T::set_origin(record, origin)).map_err(below)?;
    if write::permit::<T>(ctx, Action::View, &record).is_ok() {
        // What is made next refers to it.
        tx.vouch(T::kind(), record.head.id.0);
    }
    Ok(Touched { record, written: None, is_untouchable: false })
}

/// What is written to a linked record.
#[derive(Debug)]
pub(super) struct Filling {
    /// What the lead says; written as `how` allows.
    pub(super) says: Fields,
    /// What the request itself asks for; written whatever was there.
    pub(super) asked: Fields,
    /// Whether the lead's values replace those of the record.
    pub(super) how: Fill,
    /// Writable fields that are written as they are.
    pub(super) extra: Map<String, Value>,
}

/// Links the record with this id, and fills it as far as the caller may change it.
///
/// # Errors
/// An unknown id, and faults of the fields that came along.
pub(super) fn link<T: Target>(
    tx: &mut Tx<'_>,
    ctx: &Context,
    id: Uuid,
    filling: Filling,
) -> Result<Touched<T>, Problem> {
    let Filling { says, asked, how, extra } = filling;
    let before = write::find::<T>(tx, ctx, id).map_err(|problem| {
        if problem.code() == Code::NotFound {
            Problem::validation().at(format!("/{}/id", T::PART), Code::NotFound)
        } else {
            problem
        }
    })?;
    if write::permit::<T>(ctx, Action::Edit, &before).is_err() {
        return Ok(Touched { record: before, written: Some(Vec::new()), is_untouchable: true });
    }
    let current = input_fields::<T>(&before);
    let present = T::flat(&current);
    let rest: Fields = says
        .iter()
        .filter(|(name, _)| !asked.contains_key(*name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let changes = fill(&present, &rest, how).changes.into_iter().chain(fill(&present, &asked, Fill::LeadWins).changes);
    let flat: Fields = changes.map(|change| (change.field, change.new)).collect();
    let mut changes = T::writable(&flat, Some(&current));
    changes.extend(extra);
    let below = |problem: Problem| problem.below(&format!("/{}/fields", T::PART));
    let input = patch::merged::<T>(&before, &Value::Object(changes)).map_err(below)?;
    let record = write::update::<T>(tx, ctx, &before, &input).map_err(below)?;
    let written = differences(&current, &input_fields::<T>(&record));
    Ok(Touched { record, written: Some(written), is_untouchable: false })
}

/// Where a record to be linked says otherwise than the lead.
pub(super) fn conflicts<T: Target>(record: &Record<T::Body>, says: &Fields) -> Vec<Conflict> {
    fill(&T::flat(&input_fields::<T>(record)), says, Fill::BlankOnly).conflicts
}

fn differences(old: &Map<String, Value>, new: &Map<String, Value>) -> Vec<FieldChange> {
    let changed = new.iter().filter(|(name, value)| old.get(*name) != Some(*value));
    changed
        .map(|(name, value)| FieldChange {
            field: name.clone(),
            old: old.get(name).cloned().unwrap_or(Value::Null),
            new: value.clone(),
        })
        .collect()
}
