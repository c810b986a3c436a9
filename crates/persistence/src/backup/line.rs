//! The lines of a backup that are not rows.

use serde::{Deserialize, Serialize};

use super::BackupError;
use super::row::Shape;
use super::tables::Kind;

/// What stands at the beginning of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The version of the program that made it.
    pub program: String,
    /// The steps of the schema its rows are of, oldest first.
    pub schema: Vec<String>,
    /// The name of the organisation.
    pub organisation: String,
    /// When its snapshot was taken, in microseconds since 1970.
    pub taken_at: i64,
    /// Where it was taken from: `sqlite` or `postgres`.
    pub database: String,
}

/// The beginning of a table.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct TableLine {
    pub(super) table: String,
    pub(super) columns: Vec<(String, String)>,
}

/// The end of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct EndLine {
    pub(super) end: String,
    pub(super) rows: u64,
    pub(super) sha256: String,
}

/// The end of all tables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LastLine {
    pub(super) complete: bool,
    pub(super) tables: u64,
    pub(super) rows: u64,
}

/// A line between the rows.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Mark {
    Table(TableLine),
    End(EndLine),
    Last(LastLine),
}

/// Small letters and digits, a letter first.
fn is_name(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    name.bytes().next().is_some_and(|first| first.is_ascii_lowercase()) && name.bytes().all(is_letter)
}

impl TableLine {
    pub(super) fn of(table: &str, shape: &Shape) -> Self {
        let columns = shape.iter().map(|(name, kind)| (name.clone(), kind.as_str().to_owned())).collect();
        Self { table: table.to_owned(), columns }
    }

    /// The columns, if this program knows what they hold and their names can be part of a statement.
    pub(super) fn shape(&self) -> Result<Shape, BackupError> {
        let known = |(name, kind): &(String, String)| {
            Kind::parse(kind).filter(|_| is_name(name)).map(|kind| (name.clone(), kind))
        };
        let unknown = || BackupError::Unsound(format!("table '{}' has columns that nobody knows", self.table));
        self.columns.iter().map(|column| known(column).ok_or_else(unknown)).collect()
    }
}
