//! The filter language, as text and as JSON.

use chrono::{NaiveDate, TimeZone as _, Utc};
use rapport_domain::filter::{self, Checked, Env, Filter, Source, Value, is_match};
use rapport_domain::kind::RecordKind;
use rapport_persistence::catalogue::catalogue;
use uuid::Uuid;

pub(crate) const WORDS: &[&str] = &[
    " AND ",
    " OR ",
    "NOT ",
    " IN (",
    " BETWEEN ",
    " IS NULL",
    " IS NOT EMPTY",
    " HAS ANY (",
    " ANY (",
    " = ",
    " != ",
    " >= ",
    " ~ ",
    " ^= ",
    "'",
    "\\'",
    "(",
    ")",
    ",",
    "@me",
    "@my_team",
    "@today-1w",
    "@start_of(month,-1)",
    "name",
    "customer.name",
    "owner_id",
    "amount",
    "tags",
    "created_at",
    "2026-02-29",
    "2026-01-01T00:00:00Z",
    "9999999999999999999999",
    "1e9",
    "null",
    "true",
    "'云杉'",
];
pub(crate) const JSON_WORDS: &[&str] = &[
    "{\"and\":[",
    "{\"or\":[",
    "{\"not\":",
    "\"field\":",
    "\"op\":",
    "\"value\":",
    "\"eq\"",
    "\"in\"",
    "\"between\"",
    "\"has_any\"",
    "\"any\"",
    "\"is_null\"",
    "\"name\"",
    "\"customer.name\"",
    "\"amount\"",
    "\"tags\"",
    "{",
    "}",
    "[",
    "]",
    ",",
    "null",
    "1e400",
    "\"@me\"",
    "\"\\u0000\"",
];

/// What a text reads as, prints as something that reads the same, and means the same in JSON.
pub(crate) fn text(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(read) = filter::parse(text) else { return };
    assert_eq!(filter::parse(&filter::print(&read)).as_ref(), Ok(&read), "what is printed reads otherwise");
    if !has_idle_zeros(text) {
        mean_the_same(&read, filter::from_json(&filter::to_json(&read)).ok().as_ref());
    }
}

/// Whether a number ends in zeros behind its point. JSON has no such number: a bare `1280.00` that is held against a text
/// is `1280` there, so only what is quoted means the same.
fn has_idle_zeros(text: &str) -> bool {
    let mut words = text.split(|letter: char| !letter.is_ascii_digit() && letter != '.');
    words.any(|word| word.contains('.') && word.ends_with('0'))
}

/// The same from the other side; and a query parameter.
pub(crate) fn json(bytes: &[u8]) {
    let Ok(value) = serde_json::from_slice(bytes) else {
        let text = String::from_utf8_lossy(bytes);
        let (name, value) = text.split_once('=').unwrap_or(("name", &text));
        if let Ok(read) = filter::from_short(name, value) {
            mean_the_same(&read, filter::parse(&filter::print(&read)).ok().as_ref());
        }
        return;
    };
    let Ok(read) = filter::from_json(&value) else { return };
    assert_eq!(filter::from_json(&filter::to_json(&read)).as_ref(), Ok(&read), "in JSON it is another");
    mean_the_same(&read, filter::parse(&filter::print(&read)).ok().as_ref());
}

/// Two spellings of a filter fit the same types of record, and there are the same to the database; a day that is a word
/// of its own in one spelling is a text in another, and only its field says that it is a day.
fn mean_the_same(read: &Filter, other: Option<&Filter>) {
    let env = Env {
        me: Uuid::from_u128(1),
        my_team: vec![Uuid::from_u128(2)],
        now: Utc.timestamp_opt(1_790_000_000, 0).single().unwrap_or_default(),
        zone: chrono_tz::Asia::Shanghai,
    };
    for kind in RecordKind::OWNED {
        let checked = |filter: &Filter| filter::check(filter, kind, catalogue, &env).ok();
        let found = checked(read);
        if let Some(found) = &found {
            assert_eq!(Some(found), other.and_then(checked).as_ref(), "in another spelling it means something else");
            (0..4).for_each(|turn| decides(found, &Row(turn)));
        }
    }
}

/// A filter decides every record, and its opposite decides otherwise.
fn decides(checked: &Checked, row: &Row) {
    let opposite = Checked::Not(Box::new(checked.clone()));
    assert_ne!(is_match(checked, row), is_match(&opposite, row), "a test and its opposite agree");
}

/// A record whose every column holds something, or nothing.
struct Row(u8);

impl Source for Row {
    fn value(&self, column: &str) -> Option<Value> {
        let turn = column.bytes().fold(self.0, u8::wrapping_add) % 5;
        match turn {
            0 => None,
            1 => Some(Value::Text("云杉 %_' x".into())),
            2 => Some(Value::Date(NaiveDate::MAX)),
            3 => Some(Value::Instant(Utc.timestamp_opt(0, 0).single().unwrap_or_default())),
            _ => Some(Value::Id(Uuid::from_u128(1))),
        }
    }

    fn tags(&self, _column: &str) -> Vec<String> {
        vec!["vip".to_owned(); usize::from(self.0 % 2)]
    }

    fn referred(&self, _column: &str, _target: RecordKind) -> Option<&dyn Source> {
        self.0.is_multiple_of(2).then_some(self)
    }

    fn members(&self, _target: RecordKind, _foreign_key: &str) -> Vec<&dyn Source> {
        if self.0.is_multiple_of(3) { vec![self] } else { Vec::new() }
    }
}
