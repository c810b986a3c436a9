//! What a request does to the world, or why it is refused.

use rapport_domain::opportunity::rank_between;
use serde_json::{Value, json};
use uuid::Uuid;

use super::world::{Fields, Flaw, Kind, Right, Row, Who, World, blank};

/// What somebody asks for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Act {
    Create {
        kind: Kind,
        id: Uuid,
        data: Fields,
    },
    Patch {
        kind: Kind,
        id: Uuid,
        version: Option<i64>,
        data: Fields,
    },
    Delete {
        kind: Kind,
        id: Uuid,
        version: Option<i64>,
    },
    Restore {
        kind: Kind,
        id: Uuid,
    },
    Transfer {
        kind: Kind,
        id: Uuid,
        version: Option<i64>,
        to: Option<Uuid>,
    },
    Upsert {
        kind: Kind,
        key: String,
        data: Fields,
    },
    Batch {
        kind: Kind,
        is_atomic: bool,
        acts: Vec<Act>,
    },
    Move {
        id: Uuid,
        version: Option<i64>,
        stage: usize,
        below: Option<Uuid>,
        data: Fields,
        lost: Option<&'static str>,
        reason: Option<&'static str>,
    },
    Convert {
        id: Uuid,
        version: Option<i64>,
        parts: [Part; 3],
        lead_wins: bool,
        is_forced: bool,
    },
    Undo {
        id: Uuid,
    },
    Team {
        user: Who,
        team: Option<usize>,
    },
    Roles {
        user: Who,
        roles: Vec<&'static str>,
    },
}

/// What a conversion is to do with a customer, a contact or a deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    None,
    Create,
    Link(Uuid),
}

/// Status and code of a refusal.
pub(super) type Refusal = (u16, &'static str);

/// The status of a request that was granted, with those of the operations of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Granted {
    pub(super) status: u16,
    pub(super) results: Vec<u16>,
}

pub(super) const NOT_FOUND: Refusal = (404, "not_found");
pub(super) const FORBIDDEN: Refusal = (403, "forbidden");
pub(super) const INVALID: Refusal = (422, "validation_failed");
const DUPLICATE: Refusal = (409, "duplicate");

/// What the server named a record that it made; nil when it made none.
pub(super) fn made_id(answer: &Value) -> Uuid {
    answer["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_default()
}

pub(super) fn category(stage: usize) -> &'static str {
    match stage {
        0..=3 => "open",
        4 => "won",
        5 => "lost",
        _ => "void",
    }
}

impl World {
    /// Does what is asked, or changes nothing. `answer` only tells the ids that the server chose.
    pub(super) fn apply(&mut self, who: Who, act: &Act, answer: &Value) -> Result<Granted, Refusal> {
        let before = self.clone();
        let done = self.act(who, act, answer);
        let keeps_half = self.flaw == Some(Flaw::BatchesAreHalfDone) && matches!(act, Act::Batch { .. });
        if done.is_err() && !keeps_half {
            *self = before;
        }
        done
    }

    fn act(&mut self, who: Who, act: &Act, answer: &Value) -> Result<Granted, Refusal> {
        let status = match act {
            Act::Create { kind, id, data } => self.create(who, *kind, *id, "create", data)?,
            Act::Patch { kind, id, version, data } => self.patch(who, *kind, *id, *version, data)?,
            Act::Delete { kind, id, version } => self.delete(who, *kind, *id, *version)?,
            Act::Restore { kind, id } => self.restore(who, *kind, *id)?,
            Act::Transfer { kind, id, version, to } => self.transfer(who, *kind, *id, *version, *to)?,
            Act::Upsert { kind, key, data } => self.upsert(who, *kind, key, data, answer)?,
            Act::Batch { is_atomic, acts, .. } => return self.batch(who, *is_atomic, acts, answer),
            Act::Move { .. } => self.move_deal(who, act)?,
            Act::Convert { .. } => self.convert(who, act, answer)?,
            Act::Undo { id } => self.undo(who, *id)?,
            Act::Team { user, team } => {
                self.people.get_mut(user).unwrap().team = *team;
                200
            }
            Act::Roles { user, roles } => {
                self.people.get_mut(user).unwrap().roles.clone_from(roles);
                200
            }
        };
        Ok(Granted { status, results: Vec::new() })
    }

    /// The record, if it is visible and not in the trash.
    pub(super) fn find(&self, who: Who, kind: Kind, id: Uuid) -> Result<Row, Refusal> {
        let found = self.alive(id).filter(|row| row.kind == kind && self.sees(who, row));
        found.cloned().ok_or(NOT_FOUND)
    }

    pub(super) fn permit(&self, who: Who, right: Right, row: &Row) -> Result<(), Refusal> {
        if self.may(who, right, row) { Ok(()) } else { Err(FORBIDDEN) }
    }

    pub(super) fn check_version(&self, row: &Row, version: Option<i64>) -> Result<(), Refusal> {
        let is_stale = version.is_some_and(|version| version != row.version);
        if is_stale && self.flaw != Some(Flaw::StaleVersionsPass) { Err((412, "version_conflict")) } else { Ok(()) }
    }

    /// Makes a record out of fields; those that are left out are blank.
    pub(super) fn create(
        &mut self,
        who: Who,
        kind: Kind,
        id: Uuid,
        action: &'static str,
        data: &Fields,
    ) -> Result<u16, Refusal> {
        let mut row =
            Row { kind, id, fields: blank(kind), version: 0, is_deleted: false, rank: String::new(), history: vec![] };
        row.fields.insert("owner_id".into(), json!(self.person(who).id));
        row.fields.extend(data.clone());
        let owner = row.id_in("owner_id");
        let is_mine = owner == Some(self.person(who).id);
        let may = self.reaches(who, kind, Right::Create, Some(self.person(who).id))
            && (is_mine || self.reaches(who, kind, Right::Assign, owner));
        if !may {
            return Err(FORBIDDEN);
        }
        self.settle(who, &mut row, None)?;
        if kind == Kind::Deal {
            self.start(&mut row)?;
        }
        let taken =
            |known: &Value| self.of_kind(kind).any(|row| row.get("external_ids").as_array().unwrap().contains(known));
        if row.get("external_ids").as_array().unwrap().iter().any(taken) || self.row(id).is_some() {
            return Err(DUPLICATE);
        }
        let wins = row.get("category") == "won";
        let customer = row.id_in("customer_id");
        self.add(who, kind, id, action, row.fields, row.rank);
        if wins {
            self.activate(who, customer);
        }
        Ok(201)
    }

    fn patch(&mut self, who: Who, kind: Kind, id: Uuid, version: Option<i64>, data: &Fields) -> Result<u16, Refusal> {
        let before = self.find(who, kind, id)?;
        self.permit(who, Right::Edit, &before)?;
        self.check_version(&before, version)?;
        let mut row = before.clone();
        row.fields.extend(data.clone());
        if row.get("owner_id") != before.get("owner_id") {
            self.check_hand_over(who, &before, row.id_in("owner_id"))?;
        }
        self.settle(who, &mut row, Some(&before))?;
        self.write(who, "update", row);
        Ok(200)
    }

    fn check_hand_over(&self, who: Who, row: &Row, to: Option<Uuid>) -> Result<(), Refusal> {
        self.permit(who, Right::Assign, row)?;
        let may = self.reaches(who, row.kind, Right::Assign, to) || self.is_colleague(who, to);
        if may { Ok(()) } else { Err(FORBIDDEN) }
    }

    fn delete(&mut self, who: Who, kind: Kind, id: Uuid, version: Option<i64>) -> Result<u16, Refusal> {
        let row = self.find(who, kind, id)?;
        self.permit(who, Right::Delete, &row)?;
        self.check_version(&row, version)?;
        if self.dependants(id, &[]) > 0 {
            return Err((409, "has_dependants"));
        }
        self.write(who, "delete", Row { is_deleted: true, ..row });
        Ok(204)
    }

    fn restore(&mut self, who: Who, kind: Kind, id: Uuid) -> Result<u16, Refusal> {
        let row = self.row(id).filter(|row| row.kind == kind && self.sees(who, row)).cloned().ok_or(NOT_FOUND)?;
        self.permit(who, Right::Delete, &row)?;
        let needed = ["customer_id", "primary_contact_id"].iter().filter_map(|field| row.id_in(field));
        let is_needed_gone = needed.into_iter().any(|id| self.alive(id).is_none());
        if row.is_deleted && is_needed_gone {
            return Err((409, "has_dependants"));
        }
        self.write(who, "restore", Row { is_deleted: false, ..row });
        Ok(200)
    }

    fn transfer(
        &mut self,
        who: Who,
        kind: Kind,
        id: Uuid,
        version: Option<i64>,
        to: Option<Uuid>,
    ) -> Result<u16, Refusal> {
        let mut row = self.find(who, kind, id)?;
        self.permit(who, Right::Assign, &row)?;
        self.check_version(&row, version)?;
        self.check_hand_over(who, &row, to)?;
        row.fields.insert("owner_id".into(), json!(to));
        self.write(who, "transfer", row);
        Ok(200)
    }

    fn upsert(&mut self, who: Who, kind: Kind, key: &str, data: &Fields, answer: &Value) -> Result<u16, Refusal> {
        let known = json!({"system": "erp", "external_id": key});
        let found = self.of_kind(kind).find(|row| row.get("external_ids").as_array().unwrap().contains(&known));
        if let Some(id) = found.map(|row| row.id) {
            self.find(who, kind, id).map_err(|_| DUPLICATE)?;
            return self.patch(who, kind, id, None, data);
        }
        let mut data = data.clone();
        data.insert("external_ids".into(), json!([known]));
        self.create(who, kind, made_id(answer), "create", &data)
    }

    fn batch(&mut self, who: Who, is_atomic: bool, acts: &[Act], answer: &Value) -> Result<Granted, Refusal> {
        let mut results = Vec::new();
        for (n, act) in acts.iter().enumerate() {
            let made = &answer["results"][n];
            let done = if is_atomic { Ok(self.act(who, act, made)?) } else { self.apply(who, act, made) };
            results.push(done.map_or_else(|(status, _)| status, |granted| granted.status));
        }
        Ok(Granted { status: 200, results })
    }

    /// The rules of each type, and the fields that follow from others.
    fn settle(&self, who: Who, row: &mut Row, before: Option<&Row>) -> Result<(), Refusal> {
        match row.kind {
            Kind::Customer if row.get("name").is_null() || row.get("level") == "Z" => Err(INVALID),
            Kind::Customer => Ok(()),
            Kind::Contact => self.settle_contact(who, row, before),
            Kind::Lead => settle_lead(row, before),
            Kind::Deal => self.settle_deal(who, row, before),
        }
    }

    /// Whether a record that is referred to is visible, or was referred to before.
    fn check_reference(&self, who: Who, kind: Kind, to: Option<Uuid>, was: Option<Uuid>) -> Result<(), Refusal> {
        match to {
            Some(id) if to != was => self.find(who, kind, id).map(drop).map_err(|_| INVALID),
            _ => Ok(()),
        }
    }

    fn settle_contact(&self, who: Who, row: &mut Row, before: Option<&Row>) -> Result<(), Refusal> {
        let employers = employers(row);
        row.fields.insert("customer_id".into(), json!(employers.first()));
        let known = before.map(self::employers).unwrap_or_default();
        for employer in employers.into_iter().filter(|employer| !known.contains(employer)) {
            self.check_reference(who, Kind::Customer, Some(employer), None)?;
        }
        if row.get("given_name").is_null() { Err(INVALID) } else { Ok(()) }
    }

    fn settle_deal(&self, who: Who, row: &Row, before: Option<&Row>) -> Result<(), Refusal> {
        let was = |field| before.and_then(|before| before.id_in(field));
        if row.get("name").is_null() || row.get("customer_id").is_null() {
            return Err(INVALID);
        }
        self.check_reference(who, Kind::Customer, row.id_in("customer_id"), was("customer_id"))?;
        self.check_reference(who, Kind::Contact, row.id_in("primary_contact_id"), was("primary_contact_id"))?;
        let has_moved = before.is_some_and(|before| before.get("stage_id") != row.get("stage_id"));
        if has_moved { Err((422, "use_move")) } else { Ok(()) }
    }

    /// What a stage asks of a deal that comes to it.
    fn check_entry(row: &Row, stage: usize, lost: bool) -> Result<(), Refusal> {
        let is_missing = |field: &&str| row.get(field).is_null();
        let wanted: &[&str] = match stage {
            2 => &["amount"],
            3 => &["amount", "expected_close_on"],
            _ => &[],
        };
        match () {
            () if stage == 5 && !lost => Err(INVALID),
            () if wanted.iter().any(is_missing) => Err((422, "stage_requirements")),
            () => Ok(()),
        }
    }

    /// Puts a new deal on top of its column.
    fn start(&self, row: &mut Row) -> Result<(), Refusal> {
        let stage = self.stages.iter().position(|stage| Some(*stage) == row.id_in("stage_id")).unwrap_or(0);
        Self::check_entry(row, stage, !row.get("lost_reason").is_null())?;
        row.rank = self.top(stage);
        row.fields.insert("stage_id".into(), json!(self.stages[stage]));
        row.fields.insert("category".into(), category(stage).into());
        if stage != 5 {
            row.fields.insert("lost_reason".into(), Value::Null);
        }
        Ok(())
    }

    fn column(&self, stage: usize) -> impl Iterator<Item = &Row> {
        self.of_kind(Kind::Deal).filter(move |row| !row.is_deleted && self.stage_of(row) == stage)
    }

    fn top(&self, stage: usize) -> String {
        rank_between(None, self.column(stage).map(|row| row.rank.as_str()).min()).unwrap()
    }

    fn below(&self, stage: usize, card: &str) -> String {
        let next = self.column(stage).map(|row| row.rank.as_str()).filter(|rank| *rank > card).min();
        rank_between(Some(card), next).unwrap()
    }

    fn move_deal(&mut self, who: Who, act: &Act) -> Result<u16, Refusal> {
        let Act::Move { id, version, stage, below, data, lost, reason } = act else { return Err(NOT_FOUND) };
        let before = self.find(who, Kind::Deal, *id)?;
        self.permit(who, Right::Edit, &before)?;
        self.check_version(&before, *version)?;
        let (was, stage) = (self.stage_of(&before), *stage);
        let mut row = before;
        row.fields.extend(data.clone());
        if was != stage {
            let is_reopened = was > 3 && stage <= 3;
            if is_reopened && reason.is_none() {
                return Err(INVALID);
            }
            Self::check_entry(&row, stage, lost.is_some())?;
            row.rank = self.top(stage);
        }
        if stage != 5 || was != 5 || lost.is_some() {
            row.fields.insert("lost_reason".into(), json!(lost.filter(|_| stage == 5)));
        }
        if let Some(card) = below {
            let card = self.find(who, Kind::Deal, *card).map_err(|_| INVALID)?;
            if self.stage_of(&card) != stage {
                return Err(INVALID);
            }
            row.rank = self.below(stage, &card.rank);
        }
        row.fields.insert("stage_id".into(), json!(self.stages[stage]));
        row.fields.insert("category".into(), category(stage).into());
        let customer = row.id_in("customer_id");
        self.write(who, "move", row);
        if stage == 4 && was != 4 {
            self.activate(who, customer);
        }
        Ok(200)
    }

    /// The first win makes a customer active.
    fn activate(&mut self, who: Who, customer: Option<Uuid>) {
        let found = customer.and_then(|id| self.row(id)).cloned();
        if let Some(mut row) = found.filter(|_| self.flaw != Some(Flaw::WinsActivateNobody)) {
            row.fields.insert("lifecycle".into(), "active".into());
            self.write(who, "lifecycle", row);
        }
    }
}

/// The customers that a contact works for, the primary one first (the model makes no others).
pub(super) fn employers(row: &Row) -> Vec<Uuid> {
    let links = row.get("customers").as_array().unwrap();
    links.iter().filter_map(|link| link["customer_id"].as_str()?.parse().ok()).collect()
}

fn settle_lead(row: &mut Row, before: Option<&Row>) -> Result<(), Refusal> {
    if let Some(before) = before.filter(|before| before.get("status") == "converted") {
        let is_open = |field: &String| matches!(field.as_str(), "tags" | "interest");
        let is_changed = row.fields.iter().any(|(field, value)| !is_open(field) && before.get(field) != value);
        return if is_changed { Err((409, "lead_converted")) } else { Ok(()) };
    }
    let status = row.get("status").clone();
    if status == "converted" {
        return Err((422, "use_conversion"));
    }
    if status == "disqualified" && row.get("disqualified_reason").is_null() {
        return Err(INVALID);
    }
    if status != "disqualified" {
        row.fields.insert("disqualified_reason".into(), Value::Null);
    }
    let returns = status == "new" && before.is_some_and(|before| before.get("status") == "disqualified");
    let count = row.get("recycle_count").as_i64().unwrap() + i64::from(returns);
    row.fields.insert("recycle_count".into(), count.into());
    row.fields.insert("status_category".into(), status);
    if row.get("company_name").is_null() && row.get("given_name").is_null() { Err(INVALID) } else { Ok(()) }
}
