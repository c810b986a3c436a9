#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use super::*;
use crate::kind::RecordKind;

mod meaning;
mod names;
mod rules;
mod syntax;

static LEAD: [Field; 14] = [
    Field::id("id", "id"),
    Field::text("name", "name").sortable(),
    Field::text("company", "company_name").nullable(),
    Field::one_of("status", "status", &["new", "working", "lost"]),
    Field::key("industry", "industry").nullable(),
    Field::reference("owner_id", "owner_id", RecordKind::User).nullable(),
    Field::reference("customer_id", "customer_id", RecordKind::Customer).nullable(),
    Field::integer("score", "score").nullable(),
    Field::bool("is_hot", "is_hot"),
    Field::date("next_on", "next_on").nullable(),
    Field::instant("created_at", "created_at").nullable(),
    Field::money("amount", "amount_minor", "amount_currency").nullable(),
    Field::tags("tags", "tags"),
    Field::text("secret", "secret").unfilterable(),
];
static CUSTOMER: [Field; 5] = [
    Field::text("name", "name"),
    Field::text("industry", "industry").nullable(),
    Field::reference("owner_id", "owner_id", RecordKind::User).nullable(),
    Field::reference("parent_id", "parent_id", RecordKind::Customer).nullable(),
    Field::collection("contacts", RecordKind::Contact, "customer_id"),
];
static CONTACT: [Field; 2] =
    [Field::text("name", "name"), Field::reference("customer_id", "customer_id", RecordKind::Customer)];
static USER: [Field; 2] =
    [Field::text("name", "name"), Field::reference("team_id", "team_id", RecordKind::Team).nullable()];

/// The fields of a small CRM.
fn fields(kind: RecordKind) -> &'static [Field] {
    match kind {
        RecordKind::Lead => &LEAD,
        RecordKind::Customer => &CUSTOMER,
        RecordKind::Contact => &CONTACT,
        RecordKind::User => &USER,
        _ => &[],
    }
}

/// A Friday afternoon in Shanghai.
fn env() -> Env {
    Env {
        me: uuid::Uuid::from_u128(1),
        my_team: vec![uuid::Uuid::from_u128(10), uuid::Uuid::from_u128(11)],
        now: "2024-03-15T07:30:00Z".parse().unwrap(),
        zone: chrono_tz::Tz::Asia__Shanghai,
    }
}

fn checked(text: &str) -> Result<Checked, FilterError> {
    check(&parse(text)?, RecordKind::Lead, fields, &env())
}
