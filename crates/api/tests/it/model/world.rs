//! What is there and who may see it: plain maps and filters, so simple that it can be believed.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use uuid::Uuid;

/// Fields of a record under the names of the API.
pub(super) type Fields = BTreeMap<String, Value>;

/// A type of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Customer,
    Contact,
    Lead,
    Deal,
}

impl Kind {
    pub(super) const ALL: [Self; 4] = [Self::Customer, Self::Contact, Self::Lead, Self::Deal];

    pub(super) fn plural(self) -> &'static str {
        match self {
            Self::Customer => "customers",
            Self::Contact => "contacts",
            Self::Lead => "leads",
            Self::Deal => "opportunities",
        }
    }
}

/// Somebody who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who {
    Admin,
    Manager,
    Sales,
    Sales2,
    Viewer,
}

impl Who {
    pub(super) const ALL: [Self; 5] = [Self::Admin, Self::Manager, Self::Sales, Self::Sales2, Self::Viewer];

    /// The word of the persona.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Manager => "manager",
            Self::Sales => "sales",
            Self::Sales2 => "sales2",
            Self::Viewer => "viewer",
        }
    }
}

/// What one may do with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Right {
    View,
    Create,
    Edit,
    Delete,
    Assign,
    Convert,
}

/// How far a right reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    Nothing,
    Own,
    TeamAndBelow,
    All,
}

/// The reviewed policy, as far as these roles go.
fn reach_of(role: &str, kind: Kind, right: Right) -> Reach {
    use Right::{Assign, Create, Edit, View};
    match (role, right) {
        ("admin", _) | ("viewer" | "marketing" | "integration", View) | ("integration", Create | Edit) => Reach::All,
        ("marketing", Create | Edit | Assign) if kind == Kind::Lead => Reach::All,
        ("manager", _) => Reach::TeamAndBelow,
        ("sales", _) => Reach::Own,
        _ => Reach::Nothing,
    }
}

/// The teams by their names; the first is above the second.
pub(super) const TEAMS: [&str; 3] = ["North", "North 1", "South"];

#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) id: Uuid,
    /// A place in [`TEAMS`].
    pub(super) team: Option<usize>,
    pub(super) roles: Vec<&'static str>,
}

/// One line of a record's history.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) version: i64,
    pub(super) action: &'static str,
    pub(super) by: Uuid,
    /// Each field with what it was and what it is.
    pub(super) changes: BTreeMap<String, (Value, Value)>,
}

#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) kind: Kind,
    pub(super) id: Uuid,
    pub(super) fields: Fields,
    pub(super) version: i64,
    pub(super) is_deleted: bool,
    /// A deal's place in its column.
    pub(super) rank: String,
    pub(super) history: Vec<Line>,
}

impl Row {
    pub(super) fn get(&self, field: &str) -> &Value {
        self.fields.get(field).unwrap_or(&Value::Null)
    }

    /// An id in a field.
    pub(super) fn id_in(&self, field: &str) -> Option<Uuid> {
        self.get(field).as_str().and_then(|text| text.parse().ok())
    }

    /// Whether it would not be what it is without another record.
    pub(super) fn depends_on(&self, id: Uuid) -> bool {
        [(Kind::Contact, "customer_id"), (Kind::Deal, "customer_id"), (Kind::Deal, "primary_contact_id")]
            .iter()
            .any(|(kind, field)| self.kind == *kind && self.id_in(field) == Some(id))
    }
}

/// What a conversion did with one record.
#[derive(Clone, Debug)]
pub(super) enum Done {
    Created {
        version: i64,
    },
    /// Each field it wrote, with what was there and what is.
    Linked {
        written: Vec<(String, Value, Value)>,
    },
}

/// A conversion that has not been undone.
#[derive(Clone, Debug)]
pub(super) struct Conversion {
    pub(super) lead: Uuid,
    pub(super) by: Uuid,
    /// The lead's status before.
    pub(super) status: Value,
    pub(super) parts: Vec<(Kind, Uuid, Done)>,
}

/// A mistake that the model makes on purpose, to show that a product that differs from it is caught.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// Own records are those of the whole team.
    TeamsShare,
    /// `If-Match` is not looked at.
    StaleVersionsPass,
    /// An atomic batch keeps what went well before it failed.
    BatchesAreHalfDone,
    /// Undoing leaves what was made.
    UndoLeavesWhatWasMade,
    /// Sums and counts include the trash.
    SumsCountTheTrash,
    /// A repeated request acts again.
    KeysAreForgotten,
    /// A win leaves the customer as it is.
    WinsActivateNobody,
}

/// Everything.
#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) people: BTreeMap<Who, Person>,
    /// The ids of [`TEAMS`].
    pub(super) teams: Vec<Uuid>,
    /// The stages of the one pipeline: four open ones, won, lost, void.
    pub(super) stages: Vec<Uuid>,
    pub(super) rows: Vec<Row>,
    pub(super) conversions: Vec<Conversion>,
    pub(super) flaw: Option<Flaw>,
}

/// A record with nothing in it.
pub(super) fn blank(kind: Kind) -> Fields {
    let own = match kind {
        Kind::Customer => {
            json!({"name": null, "kind": "company", "industry": null, "level": null, "lifecycle": "prospect", "origin_lead_id": null})
        }
        Kind::Contact => {
            json!({"given_name": null, "job_title": null, "customers": [], "customer_id": null, "origin_lead_id": null})
        }
        Kind::Lead => {
            json!({"company_name": null, "given_name": null, "title": null, "industry": null, "interest": null, "estimated_amount": null,
            "status": "new", "status_category": "new", "recycle_count": 0, "disqualified_reason": null})
        }
        Kind::Deal => {
            json!({"name": null, "customer_id": null, "primary_contact_id": null, "amount": null, "next_step": null, "description": null,
            "expected_close_on": null, "stage_id": null, "category": null, "lost_reason": null, "origin_lead_id": null})
        }
    };
    let all = json!({"owner_id": null, "source": null, "tags": [], "external_ids": []});
    [own, all].iter().flat_map(|part| part.as_object().unwrap().clone()).collect()
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

/// The fields that differ; from one kind of empty to another is no difference.
pub(super) fn differences(old: &Fields, new: &Fields) -> BTreeMap<String, (Value, Value)> {
    let was = |name: &String| old.get(name).cloned().unwrap_or(Value::Null);
    let pairs = new.iter().map(|(name, is)| (name.clone(), (was(name), is.clone())));
    pairs.filter(|(_, (was, is))| was != is && !(is_empty(was) && is_empty(is))).collect()
}

impl World {
    pub(super) fn person(&self, who: Who) -> &Person {
        &self.people[&who]
    }

    /// The team of a user: that of every record they own.
    pub(super) fn team_of(&self, owner: Option<Uuid>) -> Option<usize> {
        self.people.values().find(|person| Some(person.id) == owner).and_then(|person| person.team)
    }

    fn is_below(&self, who: Who, owner: Option<Uuid>) -> bool {
        match (self.person(who).team, self.team_of(owner)) {
            (Some(mine), Some(theirs)) => mine == theirs || (mine == 0 && theirs == 1),
            _ => false,
        }
    }

    /// Whether a right reaches the records of an owner.
    pub(super) fn reaches(&self, who: Who, kind: Kind, right: Right, owner: Option<Uuid>) -> bool {
        let me = self.person(who);
        let is_mine = owner == Some(me.id);
        match me.roles.iter().map(|role| reach_of(role, kind, right)).max().unwrap_or(Reach::Nothing) {
            Reach::Nothing => false,
            Reach::Own if self.flaw == Some(Flaw::TeamsShare) => is_mine || self.is_colleague(who, owner),
            Reach::Own => is_mine,
            Reach::TeamAndBelow => is_mine || self.is_below(who, owner),
            Reach::All => true,
        }
    }

    /// Whether somebody hands on more than what is their own.
    pub(super) fn assigns_beyond_own(&self, who: Who, kind: Kind) -> bool {
        self.person(who).roles.iter().any(|role| reach_of(role, kind, Right::Assign) > Reach::Own)
    }

    /// Whether an owner is of one's own team.
    pub(super) fn is_colleague(&self, who: Who, owner: Option<Uuid>) -> bool {
        let mine = self.person(who).team;
        mine.is_some() && mine == self.team_of(owner)
    }

    pub(super) fn sees(&self, who: Who, row: &Row) -> bool {
        self.reaches(who, row.kind, Right::View, row.id_in("owner_id"))
    }

    pub(super) fn may(&self, who: Who, right: Right, row: &Row) -> bool {
        self.sees(who, row) && self.reaches(who, row.kind, right, row.id_in("owner_id"))
    }

    pub(super) fn row(&self, id: Uuid) -> Option<&Row> {
        self.rows.iter().find(|row| row.id == id)
    }

    pub(super) fn place(&self, id: Uuid) -> usize {
        self.rows.iter().position(|row| row.id == id).expect("a record of the model")
    }

    /// The record, unless it is in the trash.
    pub(super) fn alive(&self, id: Uuid) -> Option<&Row> {
        self.row(id).filter(|row| !row.is_deleted)
    }

    pub(super) fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.kind == kind)
    }

    /// What a list shows.
    pub(super) fn listed(&self, who: Who, kind: Kind) -> Vec<&Row> {
        self.of_kind(kind).filter(|row| !row.is_deleted && self.sees(who, row)).collect()
    }

    /// What is counted and added up: the same.
    pub(super) fn counted(&self, who: Who, kind: Kind) -> Vec<&Row> {
        let with_trash = self.flaw == Some(Flaw::SumsCountTheTrash);
        self.of_kind(kind).filter(|row| (with_trash || !row.is_deleted) && self.sees(who, row)).collect()
    }

    /// The stage of a deal: its place in the pipeline.
    pub(super) fn stage_of(&self, row: &Row) -> usize {
        self.stages.iter().position(|stage| Some(*stage) == row.id_in("stage_id")).expect("a stage")
    }

    /// How many living records depend on one, leaving some out.
    pub(super) fn dependants(&self, id: Uuid, without: &[Uuid]) -> usize {
        self.rows.iter().filter(|row| !row.is_deleted && !without.contains(&row.id) && row.depends_on(id)).count()
    }

    /// Adds a record.
    #[expect(clippy::too_many_arguments, reason = "what a record is made of")]
    pub(super) fn add(&mut self, who: Who, kind: Kind, id: Uuid, action: &'static str, fields: Fields, rank: String) {
        let line = Line { version: 1, action, by: self.person(who).id, changes: differences(&Fields::new(), &fields) };
        self.rows.push(Row { kind, id, fields, version: 1, is_deleted: false, rank, history: vec![line] });
    }

    /// Writes a record, unless it is what it was.
    pub(super) fn write(&mut self, who: Who, action: &'static str, new: Row) {
        let (by, at) = (self.person(who).id, self.place(new.id));
        let was = &self.rows[at];
        if was.fields == new.fields && was.is_deleted == new.is_deleted && was.rank == new.rank {
            return;
        }
        let changes = differences(&was.fields, &new.fields);
        self.rows[at] = Row { version: was.version + 1, ..new };
        let row = &mut self.rows[at];
        row.history.push(Line { version: row.version, action, by, changes });
    }
}
