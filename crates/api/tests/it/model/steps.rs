//! Random steps: raw numbers that shrink well, and what they mean in a world.

use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::conversion::employment;
use super::rules::{Act, Part};
use super::world::{Fields, Kind, Row, Who, World};

/// Names of people and companies; few, so that some meet.
pub(super) const NAMES: [&str; 5] = ["Acme", "Borealis", "Cinnabar", "花果山", "流沙河"];

/// One step of somebody.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) who: Who,
    pub(super) raw: Raw,
    /// One of a few keys for a repeatable request.
    pub(super) key: Option<u8>,
}

/// A field and a value, by numbers.
type Edit = (u8, u8);

/// What is done, by numbers that [`Step::act`] takes modulo what there is.
#[derive(Clone, Debug)]
pub(super) enum Raw {
    Create {
        kind: Kind,
        edits: Vec<Edit>,
    },
    Patch {
        kind: Kind,
        row: u8,
        seen: Seen,
        edits: Vec<Edit>,
    },
    Delete {
        kind: Kind,
        row: u8,
        seen: Seen,
    },
    Restore {
        kind: Kind,
        row: u8,
    },
    Transfer {
        kind: Kind,
        row: u8,
        seen: Seen,
        to: u8,
    },
    Upsert {
        kind: Kind,
        key: u8,
        edits: Vec<Edit>,
    },
    Batch {
        kind: Kind,
        is_atomic: bool,
        parts: Vec<Raw>,
    },
    Move {
        row: u8,
        seen: Seen,
        stage: u8,
        below: Option<u8>,
        edits: Vec<Edit>,
        reasons: u8,
    },
    Convert {
        row: u8,
        seen: Seen,
        modes: [u8; 3],
        links: [u8; 3],
        flags: u8,
    },
    Undo {
        row: u8,
    },
    /// Turns one of a conversion's records elsewhere, or another record to one of them.
    Drift {
        of: u8,
        way: u8,
        to: u8,
    },
    /// Sends the last request with a key once more.
    Repeat,
    Team {
        user: u8,
        team: u8,
    },
    Roles {
        user: u8,
        roles: u8,
    },
}

/// Which version the caller has seen.
#[derive(Clone, Copy, Debug)]
pub(super) enum Seen {
    Unsaid,
    Right,
    Stale,
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![
        2 => Just(Who::Admin),
        3 => Just(Who::Manager),
        5 => Just(Who::Sales),
        3 => Just(Who::Sales2),
        1 => Just(Who::Viewer),
    ]
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        2 => Just(Kind::Customer),
        1 => Just(Kind::Contact),
        2 => Just(Kind::Lead),
        2 => Just(Kind::Deal),
    ]
}

fn seen() -> impl Strategy<Value = Seen> {
    prop_oneof![3 => Just(Seen::Unsaid), 3 => Just(Seen::Right), 1 => Just(Seen::Stale)]
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    prop::collection::vec(any::<Edit>(), 0..4)
}

fn create() -> impl Strategy<Value = Raw> {
    (kind(), edits()).prop_map(|(kind, edits)| Raw::Create { kind, edits })
}

fn of_batch(kind: Kind) -> impl Strategy<Value = Raw> {
    prop_oneof![
        edits().prop_map(move |edits| Raw::Create { kind, edits }),
        (any::<u8>(), seen(), edits()).prop_map(move |(row, seen, edits)| Raw::Patch { kind, row, seen, edits }),
        (any::<u8>(), seen()).prop_map(move |(row, seen)| Raw::Delete { kind, row, seen }),
        (any::<u8>(), edits()).prop_map(move |(key, edits)| Raw::Upsert { kind, key, edits }),
    ]
}

fn on_records() -> impl Strategy<Value = Raw> {
    let batch = (kind(), any::<bool>()).prop_flat_map(|(kind, is_atomic)| {
        prop::collection::vec(of_batch(kind), 1..4).prop_map(move |parts| Raw::Batch { kind, is_atomic, parts })
    });
    prop_oneof![
        2 => create(),
        5 => (kind(), any::<u8>(), seen(), edits()).prop_map(|(kind, row, seen, edits)| Raw::Patch { kind, row, seen, edits }),
        2 => (kind(), any::<u8>(), seen()).prop_map(|(kind, row, seen)| Raw::Delete { kind, row, seen }),
        2 => (kind(), any::<u8>()).prop_map(|(kind, row)| Raw::Restore { kind, row }),
        2 => (kind(), any::<u8>(), seen(), any::<u8>()).prop_map(|(kind, row, seen, to)| Raw::Transfer { kind, row, seen, to }),
        2 => (kind(), any::<u8>(), edits()).prop_map(|(kind, key, edits)| Raw::Upsert { kind, key, edits }),
        2 => batch,
    ]
}

fn on_deals() -> impl Strategy<Value = Raw> {
    let below = prop::option::weighted(0.3, any::<u8>());
    (any::<u8>(), seen(), any::<u8>(), below, edits(), any::<u8>())
        .prop_map(|(row, seen, stage, below, edits, reasons)| Raw::Move { row, seen, stage, below, edits, reasons })
}

fn on_leads() -> impl Strategy<Value = Raw> {
    prop_oneof![
        3 => (any::<u8>(), seen(), any::<[u8; 3]>(), any::<[u8; 3]>(), any::<u8>())
            .prop_map(|(row, seen, modes, links, flags)| Raw::Convert { row, seen, modes, links, flags }),
        2 => any::<u8>().prop_map(|row| Raw::Undo { row }),
    ]
}

fn on_people() -> impl Strategy<Value = Raw> {
    prop_oneof![
        any::<(u8, u8)>().prop_map(|(user, team)| Raw::Team { user, team }),
        any::<(u8, u8)>().prop_map(|(user, roles)| Raw::Roles { user, roles }),
    ]
}

fn step(raw: impl Strategy<Value = Raw>) -> impl Strategy<Value = Step> {
    (who(), raw, prop::option::weighted(0.25, 0u8..3)).prop_map(|(who, raw, key)| Step { who, raw, key })
}

fn plain() -> impl Strategy<Value = Raw> {
    prop_oneof![12 => on_records(), 7 => on_deals(), 6 => on_leads(), 1 => Just(Raw::Repeat), 1 => on_people()]
}

/// Conversions whose records go their own way before they are undone, and records that return several at once.
fn eventful() -> impl Strategy<Value = Raw> {
    let back = (kind(), any::<bool>()).prop_flat_map(|(kind, is_atomic)| {
        let part = prop_oneof![any::<u8>().prop_map(move |row| Raw::Restore { kind, row }), of_batch(kind)];
        prop::collection::vec(part, 1..4).prop_map(move |parts| Raw::Batch { kind, is_atomic, parts })
    });
    prop_oneof![
        20 => plain(),
        3 => any::<(u8, u8, u8)>().prop_map(|(of, way, to)| Raw::Drift { of, way, to }),
        1 => back,
    ]
}

fn sequence_of(raw: impl Strategy<Value = Raw>) -> impl Strategy<Value = Vec<Step>> {
    (prop::collection::vec(step(create()), 4..10), prop::collection::vec(step(raw), 10..40))
        .prop_map(|(first, rest)| first.into_iter().chain(rest).collect())
}

/// A sequence: some records first, then anything.
pub(super) fn sequence() -> impl Strategy<Value = Vec<Step>> {
    sequence_of(eventful())
}

/// A sequence for the control, whose mistakes are found by the seed: a new kind of step would move them all.
pub(super) fn plain_sequence() -> impl Strategy<Value = Vec<Step>> {
    sequence_of(plain())
}

fn pick<T: Clone>(all: &[T], n: u8) -> Option<T> {
    all.get(usize::from(n) % all.len().max(1)).cloned()
}

impl World {
    fn any_row(&self, kind: Kind, n: u8) -> Option<&Row> {
        pick(&self.of_kind(kind).collect::<Vec<_>>(), n)
    }

    fn any_id(&self, kind: Kind, n: u8) -> Option<Uuid> {
        self.any_row(kind, n).map(|row| row.id)
    }

    fn any_person(&self, n: u8) -> Option<Uuid> {
        pick(&Who::ALL, n).map(|who| self.person(who).id)
    }

    /// A field with a value that may be written, or (seldom) one that is refused.
    fn edit(&self, kind: Kind, (field, value): Edit) -> Vec<(&'static str, Value)> {
        let one_of = |values: &[Value]| pick(values, value).unwrap();
        let name =
            || pick(&NAMES, value).map_or(Value::Null, |name| if value > 240 { Value::Null } else { name.into() });
        match (kind, field % 8) {
            (_, 0) => vec![("tags", one_of(&[json!([]), json!(["blue"]), json!(["blue", "red"])]))],
            (_, 1) => vec![("source", one_of(&[json!(null), json!("event"), json!("website")]))],
            (_, 2) if value < 80 => vec![("owner_id", json!(self.any_person(value)))],
            (Kind::Customer, 2 | 3) => vec![("name", name())],
            (Kind::Customer, 4 | 5) => vec![("industry", one_of(&[json!("Mining"), json!("Retail"), json!(null)]))],
            (Kind::Customer, _) => {
                vec![("level", one_of(&[json!("A"), json!("B"), json!("A"), json!(null), json!("Z")]))]
            }
            (Kind::Contact, 2 | 3) => vec![("given_name", name())],
            (Kind::Contact, 4) => vec![("job_title", one_of(&[json!("Buyer"), json!("Clerk"), json!(null)]))],
            (Kind::Contact, _) => {
                let employer = self.any_id(Kind::Customer, value).filter(|_| value % 4 != 0);
                vec![("customers", employer.map_or(json!([]), |id| json!([employment(id, true)])))]
            }
            (Kind::Lead, 2) => vec![("company_name", name())],
            (Kind::Lead, 3) => vec![("given_name", name())],
            (Kind::Lead, 4) => vec![("title", one_of(&[json!("Buyer"), json!("Clerk"), json!(null)]))],
            (Kind::Lead, 5) => vec![("industry", one_of(&[json!("Mining"), json!("Retail"), json!(null)]))],
            (Kind::Lead, 6) if value < 128 => vec![("interest", one_of(&[json!("Pumps"), json!(null)]))],
            (Kind::Lead, 6) => vec![("estimated_amount", one_of(&amounts()))],
            (Kind::Lead, _) => match value % 6 {
                0 => vec![("status", json!("disqualified")), ("disqualified_reason", json!("no_need"))],
                n => vec![(
                    "status",
                    pick(&["new", "working", "qualified", "new", "disqualified", "converted"], n).into(),
                )],
            },
            (Kind::Deal, 2) => vec![("next_step", one_of(&[json!("Call"), json!(null)]))],
            (Kind::Deal, 3) => vec![("customer_id", json!(self.any_id(Kind::Customer, value)))],
            (Kind::Deal, 4) => {
                vec![("primary_contact_id", json!(self.any_id(Kind::Contact, value).filter(|_| value % 4 != 0)))]
            }
            (Kind::Deal, 5) => vec![("expected_close_on", one_of(&[json!("2027-01-31"), json!(null)]))],
            (Kind::Deal, 6) if value < 64 => vec![("stage_id", json!(pick(&self.stages, value)))],
            (Kind::Deal, _) => vec![("amount", one_of(&amounts()))],
        }
    }

    fn data(&self, kind: Kind, edits: &[Edit]) -> Fields {
        edits.iter().flat_map(|edit| self.edit(kind, *edit)).map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// Everything that a new record needs, and then the edits.
    fn whole(&self, kind: Kind, edits: &[Edit]) -> Fields {
        let mut data = Fields::new();
        let name = pick(&NAMES, edits.first().map_or(0, |edit| edit.1)).unwrap();
        match kind {
            Kind::Customer | Kind::Deal => data.insert("name".into(), name.into()),
            Kind::Contact => data.insert("given_name".into(), name.into()),
            Kind::Lead => data.insert("company_name".into(), name.into()),
        };
        if kind == Kind::Deal {
            data.insert("customer_id".into(), json!(self.any_id(Kind::Customer, edits.len() as u8)));
        }
        data.extend(self.data(kind, edits));
        data
    }

    fn version(&self, id: Uuid, seen: Seen) -> Option<i64> {
        let version = self.row(id).map_or(1, |row| row.version);
        match seen {
            Seen::Unsaid => None,
            Seen::Right => Some(version),
            Seen::Stale => Some(if version > 1 { version - 1 } else { 7 }),
        }
    }
}

/// Amounts whose share by the probability of any stage is whole.
fn amounts() -> [Value; 4] {
    [
        json!({"amount": "100.00", "currency": "CNY"}),
        json!({"amount": "2500.00", "currency": "CNY"}),
        json!({"amount": "300", "currency": "JPY"}),
        json!(null),
    ]
}

impl Raw {
    /// What it means in a world; `None` when there is nothing to do it with. `number` makes ids: its own, and up to
    /// fifteen more.
    pub(super) fn act(&self, world: &World, number: u64) -> Option<Act> {
        Some(match self {
            Self::Create { kind, edits } => {
                let id = Uuid::from_u64_pair(0x0193_6f1e_7a54_7c1b, 0x9a52_0000_0000_0000 | number);
                Act::Create { kind: *kind, id, data: world.whole(*kind, edits) }
            }
            Self::Patch { kind, row, seen, edits } => {
                let id = world.any_id(*kind, *row)?;
                Act::Patch { kind: *kind, id, version: world.version(id, *seen), data: world.data(*kind, edits) }
            }
            Self::Delete { kind, row, seen } => {
                let id = world.any_id(*kind, *row)?;
                Act::Delete { kind: *kind, id, version: world.version(id, *seen) }
            }
            Self::Restore { kind, row } => {
                let gone: Vec<Uuid> = world.of_kind(*kind).filter(|row| row.is_deleted).map(|row| row.id).collect();
                Act::Restore { kind: *kind, id: pick(&gone, *row).or_else(|| world.any_id(*kind, *row))? }
            }
            Self::Transfer { kind, row, seen, to } => {
                let (id, to) = (world.any_id(*kind, *row)?, world.any_person(*to).filter(|_| *to < 240));
                Act::Transfer { kind: *kind, id, version: world.version(id, *seen), to }
            }
            Self::Upsert { kind, key, edits } => {
                Act::Upsert { kind: *kind, key: format!("k{}", key % 4), data: world.whole(*kind, edits) }
            }
            Self::Batch { kind, is_atomic, parts } => {
                let acts =
                    parts.iter().zip(1..).filter_map(|(part, n)| part.act(world, number + n)).collect::<Vec<_>>();
                (!acts.is_empty()).then_some(Act::Batch { kind: *kind, is_atomic: *is_atomic, acts })?
            }
            Self::Move { row, seen, stage, below, edits, reasons } => {
                world.a_move((*row, *seen), *stage, *below, edits, *reasons)?
            }
            Self::Convert { row, seen, modes, links, flags } => {
                world.a_conversion((*row, *seen), *modes, *links, *flags)?
            }
            Self::Undo { row } => {
                let converted: Vec<Uuid> = world.conversions.iter().map(|conversion| conversion.lead).collect();
                Act::Undo {
                    id: pick(&converted, *row).filter(|_| *row < 220).or_else(|| world.any_id(Kind::Lead, *row))?,
                }
            }
            Self::Drift { of, way, to } => world.a_drift(*of, *way, *to)?,
            Self::Repeat => return None,
            Self::Team { user, team } => {
                Act::Team { user: pick(&Who::ALL, *user)?, team: pick(&[None, Some(0), Some(1), Some(2)], *team)? }
            }
            Self::Roles { user, roles } => {
                let sets: [&[&'static str]; 6] =
                    [&["sales"], &["manager"], &["sales", "viewer"], &["integration"], &["marketing"], &[]];
                let user = pick(&[Who::Manager, Who::Sales, Who::Sales2, Who::Viewer], *user)?;
                Act::Roles { user, roles: pick(&sets, *roles)?.to_vec() }
            }
        })
    }
}

impl World {
    fn a_move(
        &self,
        (row, seen): (u8, Seen),
        stage: u8,
        below: Option<u8>,
        edits: &[Edit],
        reasons: u8,
    ) -> Option<Act> {
        let id = self.any_id(Kind::Deal, row)?;
        let mut data = self.data(Kind::Deal, edits);
        data.retain(|name, _| matches!(name.as_str(), "amount" | "expected_close_on" | "next_step"));
        let lost = pick(&[None, Some("price"), Some("timing")], reasons)?;
        let reason = pick(&[Some("again"), None], reasons / 3)?;
        let below = below.and_then(|card| self.any_id(Kind::Deal, card));
        Some(Act::Move {
            id,
            version: self.version(id, seen),
            stage: usize::from(stage) % 7,
            below,
            data,
            lost,
            reason,
        })
    }

    fn a_drift(&self, of: u8, way: u8, to: u8) -> Option<Act> {
        let conversion = pick(&self.conversions, of)?;
        let part = |kind| conversion.parts.iter().find(|part| part.0 == kind).map(|part| part.1);
        let (customer, contact) = (self.any_id(Kind::Customer, to), self.any_id(Kind::Contact, to));
        let (kind, id, field, value) = match way % 5 {
            0 => (Kind::Deal, part(Kind::Deal)?, "customer_id", json!(customer?)),
            1 => {
                (Kind::Deal, part(Kind::Deal)?, "primary_contact_id", json!(contact.filter(|_| !to.is_multiple_of(4))))
            }
            2 => (Kind::Contact, part(Kind::Contact)?, "customers", json!([employment(customer?, true)])),
            3 => (Kind::Deal, self.any_id(Kind::Deal, to)?, "customer_id", json!(part(Kind::Customer)?)),
            _ => (Kind::Deal, self.any_id(Kind::Deal, to)?, "primary_contact_id", json!(part(Kind::Contact)?)),
        };
        Some(Act::Patch { kind, id, version: None, data: [(field.to_owned(), value)].into() })
    }

    /// Whoever made a conversion.
    pub(super) fn converter(&self, of: u8) -> Option<Who> {
        let by = pick(&self.conversions, of)?.by;
        self.people.iter().find(|(_, person)| person.id == by).map(|(who, _)| *who)
    }

    fn a_conversion(&self, (row, seen): (u8, Seen), modes: [u8; 3], links: [u8; 3], flags: u8) -> Option<Act> {
        let id = self.any_id(Kind::Lead, row)?;
        let part = |n: usize, kind| match (modes[n] % 5, self.any_id(kind, links[n])) {
            (0, _) | (3.., None) => Part::None,
            (1 | 2, _) => Part::Create,
            (_, Some(id)) => Part::Link(id),
        };
        let parts = [part(0, Kind::Customer), part(1, Kind::Contact), part(2, Kind::Deal)];
        let (lead_wins, is_forced) = (flags.is_multiple_of(2), flags % 4 < 2);
        Some(Act::Convert { id, version: self.version(id, seen), parts, lead_wins, is_forced })
    }
}
