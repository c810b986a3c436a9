//! Rows as lines: the statements that read and write them in each dialect, their one spelling, and the sum of many.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};
use sha2::{Digest as _, Sha256};

use rapport_domain::kind::RecordKind;

use super::tables::{COUNTERS, Kind, Table};
use crate::connection::Target;

/// A column as a file or this program names it.
pub(super) type Shape = Vec<(String, Kind)>;

/// Which dialect a statement is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    pub(super) fn of(target: &Target) -> Self {
        match target {
            Target::Sqlite(_) => Self::Sqlite,
            Target::Postgres(_) => Self::Postgres,
        }
    }
}

/// Numbered things beside the records.
const SERIES: [&str; 2] = ["outbox", "search_docs"];

/// Reads a table: each row one JSON array, as the database writes it. `kinds` are those the schema has.
pub(super) fn select(dialect: Dialect, table: &Table, shape: &Shape, kinds: &[RecordKind]) -> String {
    if table.name == COUNTERS {
        return select_counters(dialect, kinds);
    }
    let columns: Vec<String> = shape.iter().map(|(name, kind)| read(dialect, name, *kind)).collect();
    let columns = columns.join(", ");
    let array = match dialect {
        Dialect::Sqlite => format!("json_array({columns})"),
        Dialect::Postgres => format!("json_build_array({columns})::text"),
    };
    let only = table.only.map(|only| format!(" WHERE {only}")).unwrap_or_default();
    let order = table.order.map(|order| format!(" ORDER BY {order}")).unwrap_or_default();
    format!("SELECT {array} AS line FROM {}{only}{order}", table.name)
}

fn read(dialect: Dialect, name: &str, kind: Kind) -> String {
    match (dialect, kind) {
        (Dialect::Sqlite, Kind::Uuid) => format!("nullif(lower(hex({name})), '')"),
        (Dialect::Postgres, Kind::Moment) => format!("(extract(epoch FROM {name}) * 1000000)::bigint"),
        (Dialect::Postgres, Kind::Json) => format!("{name}::text"),
        (Dialect::Sqlite, Kind::Bytes) => format!("lower(hex({name}))"),
        (Dialect::Postgres, Kind::Bytes) => format!("encode({name}, 'hex')"),
        _ => name.to_owned(),
    }
}

fn select_counters(dialect: Dialect, kinds: &[RecordKind]) -> String {
    let records = kinds.iter().map(|kind| match dialect {
        Dialect::Sqlite => format!(
            "SELECT json_array('{0}', next) AS line FROM number_counters WHERE record_type = '{0}'",
            kind.plural()
        ),
        Dialect::Postgres => next_of_sequence(kind.plural(), &format!("{}_number", kind.plural())),
    });
    let series = SERIES.map(|name| match dialect {
        Dialect::Sqlite => format!(
            "SELECT json_array('{name}', coalesce((SELECT seq FROM sqlite_sequence WHERE name = '{name}'), 0) + 1) AS line"
        ),
        Dialect::Postgres => next_of_sequence(name, &format!("{name}_seq_seq")),
    });
    records.chain(series).collect::<Vec<_>>().join(" UNION ALL ")
}

fn next_of_sequence(name: &str, sequence: &str) -> String {
    format!(
        "SELECT json_build_array('{name}', CASE WHEN is_called THEN last_value + 1 ELSE last_value END)::text AS line FROM {sequence}"
    )
}

/// Writes many rows, bound as one JSON array of arrays.
pub(super) fn insert(dialect: Dialect, table: &Table, shape: &Shape) -> Vec<String> {
    if table.name == COUNTERS {
        return insert_counters(dialect);
    }
    let derived = |part: fn(&(&'static str, &'static str)) -> &'static str| table.derived.iter().map(part);
    let names: Vec<&str> = shape.iter().map(|(name, _)| name.as_str()).chain(derived(|pair| pair.0)).collect();
    let values: Vec<String> = shape
        .iter()
        .enumerate()
        .map(|(n, (_, kind))| written(dialect, n, *kind))
        .chain(table.derived.iter().map(|(name, value)| match (dialect, *name) {
            (Dialect::Postgres, "tokens") => format!("{value}::tsvector"),
            _ => (*value).to_owned(),
        }))
        .collect();
    let from = match dialect {
        Dialect::Sqlite => "json_each(?) AS r",
        Dialect::Postgres => "jsonb_array_elements($1::jsonb) AS r (value)",
    };
    vec![format!("INSERT INTO {} ({}) SELECT {} FROM {from}", table.name, names.join(", "), values.join(", "))]
}

fn written(dialect: Dialect, n: usize, kind: Kind) -> String {
    match (dialect, kind) {
        (Dialect::Sqlite, Kind::Uuid) => format!("unhex(r.value ->> {n}, '-')"),
        (Dialect::Sqlite, Kind::Bytes) => format!("unhex(r.value ->> {n})"),
        (Dialect::Postgres, Kind::Bytes) => format!("decode(r.value ->> {n}, 'hex')"),
        // What the row did not have is nothing, not a document that says so.
        (_, Kind::Json) => format!("nullif(r.value -> {n}, 'null')"),
        (Dialect::Sqlite, _) | (Dialect::Postgres, Kind::Text) => format!("r.value ->> {n}"),
        (Dialect::Postgres, Kind::Uuid) => format!("(r.value ->> {n})::uuid"),
        (Dialect::Postgres, Kind::Integer) => format!("(r.value ->> {n})::bigint"),
        (Dialect::Postgres, Kind::Bool) => format!("(r.value ->> {n})::boolean"),
        (Dialect::Postgres, Kind::Date) => format!("(r.value ->> {n})::date"),
        (Dialect::Postgres, Kind::Moment) => {
            format!("timestamptz 'epoch' + (r.value ->> {n})::bigint * interval '1 microsecond'")
        }
    }
}

fn insert_counters(dialect: Dialect) -> Vec<String> {
    let series = SERIES.map(|name| format!("'{name}'")).join(", ");
    match dialect {
        Dialect::Sqlite => vec![
            format!("DELETE FROM sqlite_sequence WHERE name IN (SELECT r.value ->> 0 FROM json_each(?) AS r WHERE r.value ->> 0 IN ({series}))"),
            format!("INSERT INTO sqlite_sequence (name, seq) SELECT r.value ->> 0, (r.value ->> 1) - 1 FROM json_each(?) AS r WHERE r.value ->> 0 IN ({series})"),
            "UPDATE number_counters SET next = r.value ->> 1 FROM json_each(?) AS r WHERE record_type = r.value ->> 0".into(),
        ],
        Dialect::Postgres => vec![format!(
            "SELECT setval((r.value ->> 0) || CASE WHEN r.value ->> 0 IN ({series}) THEN '_seq_seq' ELSE '_number' END, (r.value ->> 1)::bigint, false)
             FROM jsonb_array_elements($1::jsonb) AS r (value)"
        )],
    }
}

/// Gives a row as a database wrote it the one spelling that both databases share.
///
/// # Errors
/// Which column is not what it should be.
pub(super) fn spell(line: &str, shape: &Shape) -> Result<String, String> {
    let values: Vec<Value> = serde_json::from_str(line).map_err(|error| error.to_string())?;
    if values.len() != shape.len() {
        return Err(format!("{} values for {} columns", values.len(), shape.len()));
    }
    let spelled: Result<Vec<Value>, String> = values
        .into_iter()
        .zip(shape)
        .map(|(value, (name, kind))| {
            spell_value(value, *kind).ok_or_else(|| format!("'{name}' is no {}", kind.as_str()))
        })
        .collect();
    serde_json::to_string(&spelled?).map_err(|error| error.to_string())
}

fn spell_value(value: Value, kind: Kind) -> Option<Value> {
    match (kind, value) {
        (_, Value::Null) => Some(Value::Null),
        (Kind::Uuid, Value::String(text)) => {
            uuid::Uuid::try_parse(&text).ok().map(|id| Value::String(id.hyphenated().to_string()))
        }
        (Kind::Json, Value::String(text)) => serde_json::from_str(&text).ok().map(canonical),
        (Kind::Bool, Value::Number(number)) => match number.as_i64() {
            Some(0) => Some(Value::Bool(false)),
            Some(1) => Some(Value::Bool(true)),
            _ => None,
        },
        (Kind::Bool, value @ Value::Bool(_)) | (Kind::Text | Kind::Date | Kind::Bytes, value @ Value::String(_)) => {
            Some(value)
        }
        (Kind::Integer | Kind::Moment, Value::Number(number)) => number.as_i64().map(Into::into),
        _ => None,
    }
}

/// Whether a row of a file has the right kinds of values; answers them.
///
/// # Errors
/// Which column is not what it should be.
pub(super) fn check(line: &str, shape: &Shape) -> Result<Vec<Value>, String> {
    let values: Vec<Value> = serde_json::from_str(line).map_err(|error| error.to_string())?;
    if values.len() != shape.len() {
        return Err(format!("{} values for {} columns", values.len(), shape.len()));
    }
    for (value, (name, kind)) in values.iter().zip(shape) {
        let fits = match (kind, value) {
            (Kind::Json, _) | (_, Value::Null) => true,
            (Kind::Uuid, Value::String(text)) => uuid::Uuid::try_parse(text).is_ok(),
            (Kind::Bool, value) => value.is_boolean(),
            (Kind::Integer | Kind::Moment, value) => value.is_i64(),
            (Kind::Bytes, Value::String(digits)) => is_hex(digits),
            (_, value) => value.is_string(),
        };
        if !fits {
            return Err(format!("'{name}' is no {}", kind.as_str()));
        }
    }
    Ok(values)
}

/// Whole bytes in small hexadecimal digits.
fn is_hex(digits: &str) -> bool {
    digits.len().is_multiple_of(2)
        && digits.bytes().all(|digit| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit))
}

/// The same document always in the same letters: keys in order, whole numbers without a fraction.
fn canonical(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let sorted: BTreeMap<String, Value> = map.into_iter().map(|(key, value)| (key, canonical(value))).collect();
            Value::Object(sorted.into_iter().collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(canonical).collect()),
        Value::Number(number) => Value::Number(whole(number)),
        other => other,
    }
}

fn whole(number: Number) -> Number {
    let float = number.as_f64().filter(|_| number.is_f64());
    match float.filter(|float| float.fract() == 0.0 && float.abs() < 9_007_199_254_740_992.0) {
        // Below 2^53 every whole number is exact.
        #[expect(clippy::cast_possible_truncation, reason = "it has no fraction and is in range")]
        Some(float) => (float as i64).into(),
        None => number,
    }
}

/// How many rows, and a sum over them that does not depend on their order: that of the SHA-256 of each, modulo 2^256.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) rows: u64,
    total: [u8; 32],
}

impl Sum {
    pub(super) fn add(&mut self, line: &[u8]) {
        self.rows += 1;
        let mut carry = 0_u16;
        for (mine, more) in self.total.iter_mut().zip(Sha256::digest(line)) {
            let sum = u16::from(*mine) + u16::from(more) + carry;
            [*mine, _] = sum.to_le_bytes();
            carry = sum >> 8;
        }
    }

    pub(super) fn hex(&self) -> String {
        hex(&self.total)
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn shape() -> Shape {
        vec![("id".into(), Kind::Uuid), ("is_active".into(), Kind::Bool), ("profile".into(), Kind::Json)]
    }

    #[test]
    fn rows_of_both_databases_are_spelled_alike() {
        let sqlite = r#"["01a2b3c4d5e6478899aabbccddeeff00",1,"{\"b\":1.0,\"a\":[{\"y\":0.5,\"x\":null}]}"]"#;
        let postgres =
            r#"["01a2b3c4-d5e6-4788-99aa-bbccddeeff00", true, "{\"a\": [{\"x\": null, \"y\": 0.5}], \"b\": 1}"]"#;
        let spelled = spell(sqlite, &shape()).unwrap();
        assert_eq!(spelled, spell(postgres, &shape()).unwrap());
        assert_eq!(spelled, r#"["01a2b3c4-d5e6-4788-99aa-bbccddeeff00",true,{"a":[{"x":null,"y":0.5}],"b":1}]"#);
        assert!(check(&spelled, &shape()).is_ok());
    }

    #[test]
    fn what_is_not_of_its_kind_is_said() {
        for (line, name) in [
            (r#"["no id",1,"{}"]"#, "'id' is no uuid"),
            (r#"[null,2,"{}"]"#, "'is_active' is no bool"),
            (r#"[null,1,"{"]"#, "'profile' is no json"),
            (r#"[null,1]"#, "2 values for 3 columns"),
        ] {
            assert_eq!(spell(line, &shape()).unwrap_err(), name);
        }
        assert_eq!(check(r#"[1,true,{}]"#, &shape()).unwrap_err(), "'id' is no uuid");
    }

    #[test]
    fn a_sum_knows_its_rows_but_not_their_order() {
        let sum = |lines: &[&str]| {
            let mut sum = Sum::default();
            lines.iter().for_each(|line| sum.add(line.as_bytes()));
            sum
        };
        assert_eq!(sum(&["a", "b", "c"]), sum(&["c", "a", "b"]));
        assert_ne!(sum(&["a", "b"]), sum(&["a", "c"]));
        assert_ne!(sum(&["a", "a"]), sum(&["b", "b"]), "equal rows do not cancel each other out");
        assert_ne!(sum(&["a"]), sum(&["a", "a"]));
    }
}
