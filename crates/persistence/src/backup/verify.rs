//! Reading a backup whole and holding it against itself.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use rapport_domain::kind::RecordKind;

use super::file::{Header, Next, Reader};
use super::row::{Shape, check};
use super::tables::{Reference, Table, tables};
use super::write::STEP;
use super::{BackupError, Progress, Report};
use crate::migrate;

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// What it says about itself.
    pub header: Header,
    /// The rows of each table.
    pub tables: Vec<(String, u64)>,
    /// All of them.
    pub rows: u64,
}

/// Reads a backup whole: its bytes, counts and sums, the kinds of its values, and that nothing refers to what is not in it.
///
/// Needs 16 bytes of memory for every row that others may refer to.
///
/// # Errors
/// What is wrong with it.
pub fn verify(path: &Path, report: Report<'_>) -> Result<Verified, BackupError> {
    let mut reader = Reader::open(path)?;
    check_schema(&reader.header)?;
    let mut keys = Keys::default();
    let mut found = Vec::new();
    let mut open: Option<(Table, Shape)> = None;
    let mut rows = 0;
    loop {
        match reader.next()? {
            Next::Table(name, shape) => open = Some((known(&name, &shape)?, shape)),
            Next::Row(line) => {
                let Some((table, shape)) = &open else { continue };
                let unsound = |why| BackupError::Unsound(format!("a row of '{}': {why}", table.name));
                let values = check(&line, shape).map_err(unsound)?;
                keys.note(table, shape, &values);
                rows += 1;
                if rows % STEP == 0 {
                    report(Progress { rows, part: table.name });
                }
            }
            Next::End(end) => {
                keys.close(&end.end);
                found.push((end.end, end.rows));
            }
            Next::Last => break,
        }
    }
    check_tables(&reader.header, &found)?;
    keys.finish()?;
    Ok(Verified { header: reader.header, tables: found, rows })
}

/// Every step of the schema must be one that this program knows, from the first on.
pub(super) fn check_schema(header: &Header) -> Result<(), BackupError> {
    let known = migrate::known();
    let unknown: Vec<&str> = header.schema.iter().filter(|step| !known.contains(*step)).map(String::as_str).collect();
    if !unknown.is_empty() {
        return Err(BackupError::Newer(format!("schema step {}", unknown.join(", "))));
    }
    if header.schema.is_empty() || !known.starts_with(&header.schema) {
        return Err(BackupError::Unsound(format!(
            "schema steps {} do not follow each other",
            header.schema.join(", ")
        )));
    }
    Ok(())
}

/// The table of this program that rows belong to.
pub(super) fn known(name: &str, shape: &Shape) -> Result<Table, BackupError> {
    let unknown = |what: String| BackupError::Unsound(format!("{what} is unknown"));
    let table = tables().into_iter().find(|table| table.name == name);
    let table = table.ok_or_else(|| unknown(format!("table '{name}'")))?;
    for (column, kind) in shape {
        let is_known = table.columns.iter().any(|known| known.name == column && known.kind == *kind);
        if !is_known {
            return Err(unknown(format!("column '{name}.{column}'")));
        }
    }
    Ok(table)
}

/// A backup of the newest schema has every table, once.
fn check_tables(header: &Header, found: &[(String, u64)]) -> Result<(), BackupError> {
    let mut names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    if let Some(twice) = names.windows(2).find(|pair| matches!(pair, [a, b] if a == b)).and_then(<[&str]>::first) {
        return Err(BackupError::Unsound(format!("table '{twice}' is there twice")));
    }
    let is_current = header.schema.len() == migrate::known().len();
    match tables().iter().find(|table| is_current && !names.contains(&table.name)) {
        Some(table) => Err(BackupError::Unsound(format!("table '{}' is missing", table.name))),
        None => Ok(()),
    }
}

/// A value that is referred to, short enough to keep millions of.
type Key = u128;

fn key_of(value: &Value) -> Option<Key> {
    let text = value.as_str()?;
    let short = || {
        let sum = Sha256::digest(text.as_bytes());
        sum.iter().take(16).fold(0, |key, byte| key << 8 | Key::from(*byte))
    };
    Some(uuid::Uuid::try_parse(text).map_or_else(|_| short(), |id| id.as_u128()))
}

/// Who is there, who is referred to, and what is missing.
#[derive(Debug, Default)]
struct Keys {
    /// The keys of each table that is referred to: sorted once the table has ended.
    there: BTreeMap<&'static str, (bool, Vec<Key>)>,
    /// References to tables that had not ended yet: (from, to, key).
    pending: Vec<(&'static str, &'static str, Key)>,
    /// How many references lead nowhere, by the tables they are from and to.
    dangling: BTreeMap<(&'static str, &'static str), u64>,
}

impl Keys {
    fn note(&mut self, table: &Table, shape: &Shape, values: &[Value]) {
        let is_target = is_referred_to(table.name);
        if let Some(key) = values.first().and_then(key_of).filter(|_| is_target) {
            self.there.entry(table.name).or_default().1.push(key);
        }
        let kind = || {
            let at = shape.iter().position(|(name, _)| name == "record_type")?;
            RecordKind::parse(values.get(at)?.as_str()?)
        };
        for ((name, _), value) in shape.iter().zip(values) {
            let column = table.columns.iter().find(|column| column.name == name);
            let to = match column.and_then(|column| column.reference) {
                Some(Reference::To(to)) => to,
                Some(Reference::Record) => kind().map_or("records", RecordKind::plural),
                None => continue,
            };
            if let Some(key) = key_of(value) {
                self.refer(table.name, to, key);
            }
        }
    }

    fn refer(&mut self, from: &'static str, to: &'static str, key: Key) {
        match self.there.get(to) {
            Some((true, keys)) => {
                if keys.binary_search(&key).is_err() {
                    *self.dangling.entry((from, to)).or_default() += 1;
                }
            }
            _ => self.pending.push((from, to, key)),
        }
    }

    fn close(&mut self, table: &str) {
        let Some((name, (is_closed, keys))) = self.there.iter_mut().find(|(name, _)| **name == table) else { return };
        keys.sort_unstable();
        *is_closed = true;
        let name = *name;
        let (now, later) = std::mem::take(&mut self.pending).into_iter().partition(|(_, to, _)| *to == name);
        self.pending = later;
        let now: Vec<(&'static str, &'static str, Key)> = now;
        now.into_iter().for_each(|(from, to, key)| self.refer(from, to, key));
    }

    fn finish(mut self) -> Result<(), BackupError> {
        for (from, to, _) in std::mem::take(&mut self.pending) {
            *self.dangling.entry((from, to)).or_default() += 1;
        }
        let told: Vec<String> = self
            .dangling
            .iter()
            .map(|((from, to), count)| format!("{count} of '{from}' refer to '{to}' that are not in it"))
            .collect();
        if told.is_empty() { Ok(()) } else { Err(BackupError::Unsound(told.join("; "))) }
    }
}

/// What others refer to: a table by its name, and each kind of record.
fn is_referred_to(table: &str) -> bool {
    static NAMES: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
        let tables = tables();
        let columns = tables.iter().flat_map(|table| &table.columns);
        let named = columns.filter_map(|column| match column.reference {
            Some(Reference::To(to)) => Some(to),
            Some(Reference::Record) | None => None,
        });
        named.chain(RecordKind::OWNED.map(RecordKind::plural)).collect()
    });
    NAMES.contains(table)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use serde_json::json;

    use super::super::tables::Column;
    use super::*;

    /// A row of which nothing is known but one column.
    fn note(keys: &mut Keys, table: &Table, column: &Column, value: &Value) {
        let is_known = |other: &&Column| other.name == column.name;
        let columns: Vec<_> =
            table.columns.iter().take(1).chain(table.columns.iter().skip(1).filter(is_known)).collect();
        let shape = columns.iter().map(|column| (column.name.to_owned(), column.kind)).collect();
        let values: Vec<_> =
            columns.iter().map(|other| if is_known(other) { value.clone() } else { Value::Null }).collect();
        keys.note(table, &shape, &values);
    }

    #[test]
    fn every_reference_is_looked_up_whichever_comes_first() {
        let all = tables();
        let key = json!("01890a5d-ac96-774b-bcce-b302099a8057");
        for from in &all {
            for column in &from.columns {
                let Some(Reference::To(to)) = column.reference else { continue };
                let to = all.iter().find(|table| table.name == to).unwrap();
                let told = |is_there: bool, comes_first: bool| {
                    let mut keys = Keys::default();
                    if comes_first {
                        note(&mut keys, from, column, &key);
                    }
                    let other = json!("another");
                    note(&mut keys, to, to.columns.first().unwrap(), if is_there { &key } else { &other });
                    keys.close(to.name);
                    if !comes_first {
                        note(&mut keys, from, column, &key);
                    }
                    keys.finish()
                };
                for comes_first in [true, false] {
                    assert!(told(true, comes_first).is_ok(), "{} refers to {}", from.name, to.name);
                    assert!(told(false, comes_first).is_err(), "{} refers to {}", from.name, to.name);
                }
            }
        }
    }
}
