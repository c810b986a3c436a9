//! Converting leads and taking it back, in the model.

use serde_json::{Value, json};
use uuid::Uuid;

use super::rules::{Act, INVALID, NOT_FOUND, Part, Refusal, employers, made_id};
use super::world::{Conversion, Done, Fields, Flaw, Kind, Right, Row, Who, World};

const UNDO_REFUSED: Refusal = (409, "undo_refused");
/// The day on the clock of the tests.
const TODAY: &str = "2026-11-21";

/// What a lead says about a record: fields with a value.
fn says(lead: &Row, kind: Kind) -> Fields {
    let named = !lead.get("given_name").is_null();
    let company = lead.get("company_name");
    let fields = match kind {
        Kind::Customer => {
            let (name, kind) =
                if company.is_null() { (lead.get("given_name"), "person") } else { (company, "company") };
            json!({"name": name, "kind": kind, "industry": lead.get("industry")})
        }
        Kind::Contact if named => json!({"given_name": lead.get("given_name"), "job_title": lead.get("title")}),
        Kind::Deal => {
            let name = if company.is_null() { lead.get("given_name") } else { company };
            let topic = lead.get("interest").as_str().unwrap_or(TODAY);
            let name = format!("{} – {topic}", name.as_str().unwrap());
            json!({"name": name, "amount": lead.get("estimated_amount"), "description": lead.get("interest")})
        }
        Kind::Contact | Kind::Lead => json!({}),
    };
    fields.as_object().unwrap().clone().into_iter().filter(|(_, value)| !value.is_null()).collect()
}

/// The link of a contact to an employer.
pub(super) fn employment(customer: Uuid, is_primary: bool) -> Value {
    json!({"customer_id": customer, "role": null, "since": null, "until": null, "primary": is_primary})
}

impl World {
    pub(super) fn conversion_of(&self, lead: Uuid) -> Option<&Conversion> {
        self.conversions.iter().find(|conversion| conversion.lead == lead)
    }

    pub(super) fn convert(&mut self, who: Who, act: &Act, answer: &Value) -> Result<u16, Refusal> {
        let Act::Convert { id, version, parts, lead_wins, is_forced } = act else { return Err(NOT_FOUND) };
        let mut lead = self.find(who, Kind::Lead, *id)?;
        self.permit(who, Right::Convert, &lead)?;
        if self.conversion_of(*id).is_some() {
            return Err((409, "already_converted"));
        }
        self.check_version(&lead, *version)?;
        self.check_plan(&lead, *parts)?;
        if !is_forced && self.has_duplicates(&lead, *parts) {
            return Err((409, "duplicate_candidates"));
        }
        let mut done = Vec::new();
        for ((kind, word), part) in
            [(Kind::Customer, "customer"), (Kind::Contact, "contact"), (Kind::Deal, "opportunity")]
                .into_iter()
                .zip(parts)
        {
            match part {
                Part::None => {}
                Part::Create => {
                    let id = made_id(&answer[word]);
                    self.make(who, &lead, kind, id, &done)?;
                    done.push((kind, id, Done::Created { version: 1 }));
                }
                Part::Link(id) => {
                    let written = self.link(who, &lead, kind, *id, *lead_wins, &done)?;
                    done.push((kind, *id, Done::Linked { written }));
                }
            }
        }
        let status = lead.get("status").clone();
        self.conversions.push(Conversion { lead: *id, by: self.person(who).id, status, parts: done });
        set_status(&mut lead, json!("converted"));
        self.write(who, "convert", lead);
        Ok(201)
    }

    fn check_plan(&self, lead: &Row, [customer, contact, deal]: [Part; 3]) -> Result<(), Refusal> {
        let is_idle = [customer, contact, deal] == [Part::None; 3];
        let is_nameless = contact == Part::Create && lead.get("given_name").is_null();
        let is_orphan = deal == Part::Create && customer == Part::None;
        if is_idle || is_nameless || is_orphan { Err(INVALID) } else { Ok(()) }
    }

    /// Whether what would be made is here already, by its name.
    fn has_duplicates(&self, lead: &Row, [customer, contact, _]: [Part; 3]) -> bool {
        let is_here = |kind, field: &str| {
            let name = says(lead, kind).remove(field);
            self.of_kind(kind).any(|row| !row.is_deleted && Some(row.get(field)) == name.as_ref())
        };
        (customer == Part::Create && is_here(Kind::Customer, "name"))
            || (contact == Part::Create && is_here(Kind::Contact, "given_name"))
    }

    fn make(&mut self, who: Who, lead: &Row, kind: Kind, id: Uuid, done: &[(Kind, Uuid, Done)]) -> Result<(), Refusal> {
        let made = |kind| done.iter().find(|(of, _, _)| *of == kind).map(|(_, id, _)| *id);
        let mut data = says(lead, kind);
        data.insert("origin_lead_id".into(), json!(lead.id));
        data.insert("source".into(), lead.get("source").clone());
        data.insert("tags".into(), lead.get("tags").clone());
        if !lead.get("owner_id").is_null() {
            data.insert("owner_id".into(), lead.get("owner_id").clone());
        }
        match (kind, made(Kind::Customer)) {
            (Kind::Contact, Some(employer)) => {
                data.insert("customers".into(), json!([employment(employer, true)]));
            }
            (Kind::Deal, customer) => {
                data.insert("customer_id".into(), json!(customer));
                data.insert("primary_contact_id".into(), json!(made(Kind::Contact)));
            }
            _ => {}
        }
        self.create(who, kind, id, "convert", &data).map(drop)
    }

    /// Links a record and fills it, if it may be written; answers what was written.
    #[expect(clippy::too_many_arguments, reason = "what a request says")]
    fn link(
        &mut self,
        who: Who,
        lead: &Row,
        kind: Kind,
        id: Uuid,
        lead_wins: bool,
        done: &[(Kind, Uuid, Done)],
    ) -> Result<Vec<(String, Value, Value)>, Refusal> {
        let before = self.find(who, kind, id).map_err(|_| INVALID)?;
        if !self.may(who, Right::Edit, &before) {
            return Ok(Vec::new());
        }
        let mut row = before.clone();
        let fills = |name: &String| name != "name" && (lead_wins || before.get(name).is_null());
        row.fields.extend(says(lead, kind).into_iter().filter(|(name, _)| fills(name)));
        let employer = done.iter().find(|(of, _, _)| *of == Kind::Customer).map(|(_, id, _)| *id);
        if let Some(employer) = employer.filter(|employer| kind == Kind::Contact && !employers(&row).contains(employer))
        {
            let mut links = row.get("customers").as_array().unwrap().clone();
            links.push(employment(employer, links.is_empty()));
            row.fields.insert("customers".into(), links.into());
            row.fields.insert("customer_id".into(), json!(employers(&row).first()));
        }
        let written = row.fields.iter().filter(|(name, value)| *name != "customer_id" && before.get(name) != *value);
        let written = written.map(|(name, value)| (name.clone(), before.get(name).clone(), value.clone())).collect();
        self.write(who, "update", row);
        Ok(written)
    }

    pub(super) fn undo(&mut self, who: Who, id: Uuid) -> Result<u16, Refusal> {
        let mut lead = self.find(who, Kind::Lead, id)?;
        self.permit(who, Right::Convert, &lead)?;
        let conversion = self.conversion_of(id).cloned().ok_or(UNDO_REFUSED)?;
        if conversion.parts.iter().any(|part| self.stands_in_the_way(&conversion, part)) {
            return Err(UNDO_REFUSED);
        }
        for (_, id, done) in conversion.parts.iter().rev() {
            let Some(row) = self.alive(*id).cloned() else { continue };
            match done {
                Done::Created { .. } if self.flaw == Some(Flaw::UndoLeavesWhatWasMade) => {}
                Done::Created { .. } => self.write(who, "undo", Row { is_deleted: true, ..row }),
                Done::Linked { written } => self.write(who, "undo", with_old_values(row, written)),
            }
        }
        set_status(&mut lead, conversion.status);
        self.write(who, "undo", lead);
        self.conversions.retain(|other| other.lead != id);
        Ok(200)
    }

    /// Others have changed what was made, or something depends on it that stays.
    fn stands_in_the_way(&self, conversion: &Conversion, (_, id, done): &(Kind, Uuid, Done)) -> bool {
        let (Done::Created { version }, Some(row)) = (done, self.alive(*id)) else { return false };
        let is_changed = row.history.iter().any(|line| line.version > *version && line.by != conversion.by);
        let lets_go = |part: &&(Kind, Uuid, Done)| match &part.2 {
            Done::Created { .. } => true,
            Done::Linked { written } => !with_old_values(self.row(part.1).unwrap().clone(), written).depends_on(*id),
        };
        let own: Vec<Uuid> = conversion.parts.iter().filter(lets_go).map(|part| part.1).collect();
        is_changed || self.dependants(*id, &own) > 0
    }
}

/// The record with the old values of the fields that still hold the converted ones.
fn with_old_values(mut row: Row, written: &[(String, Value, Value)]) -> Row {
    let is_kept = |(field, _, new): &&(String, Value, Value)| row.get(field) == new;
    let back: Fields = written.iter().filter(is_kept).map(|(field, old, _)| (field.clone(), old.clone())).collect();
    row.fields.extend(back);
    if row.kind == Kind::Contact {
        row.fields.insert("customer_id".into(), json!(employers(&row).first()));
    }
    row
}

fn set_status(lead: &mut Row, status: Value) {
    lead.fields.insert("status_category".into(), status.clone());
    lead.fields.insert("status".into(), status);
}
