//! Writing a backup.

use std::path::Path;

use serde_json::Value;

use super::file::{Header, Writer};
use super::snapshot::Snapshot;
use super::{BackupError, Progress, Report};
use crate::connection::Target;
use crate::settings::setting_find;

/// What a backup says about where it comes from.
#[derive(Clone, Debug)]
pub struct About {
    /// The version of the program.
    pub program: String,
    /// The present, in microseconds since 1970.
    pub taken_at: i64,
}

/// What has been written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Rows of all tables.
    pub rows: u64,
    /// The size of the file.
    pub bytes: u64,
}

/// How many rows go by between two reports.
pub(super) const STEP: u64 = 2048;

/// Writes a backup of the database as it is now into a new file, while the server goes on writing.
///
/// The file is there whole and durable, or not at all.
///
/// # Errors
/// When the file exists, or the file system or the database fails.
pub fn write(target: &Target, into: &Path, about: &About, report: Report<'_>) -> Result<Written, BackupError> {
    let mut snapshot = Snapshot::open(target)?;
    if super::restore::is_unfinished(snapshot.db())? {
        return Err(BackupError::Unready("a restore into this database has not been finished: run it again".into()));
    }
    let (schema, shapes) = snapshot.shapes()?;
    let header = Header {
        program: about.program.clone(),
        schema,
        organisation: organisation(&mut snapshot)?,
        taken_at: about.taken_at,
        database: match target {
            Target::Sqlite(_) => "sqlite".to_owned(),
            Target::Postgres(_) => "postgres".to_owned(),
        },
    };
    let mut file = Writer::begin(into, &header)?;
    let mut rows = 0;
    for (table, shape) in &shapes {
        file.table(table.name, shape)?;
        snapshot.rows(table, shape, &mut |line| {
            rows += 1;
            if rows % STEP == 0 {
                report(Progress { rows, part: table.name });
            }
            file.row(line)
        })?;
        file.end()?;
    }
    let (rows, bytes) = file.finish()?;
    Ok(Written { rows, bytes })
}

fn organisation(snapshot: &mut Snapshot) -> Result<String, BackupError> {
    let found: Option<Value> = setting_find(snapshot.db(), "organisation")?;
    let name = found.as_ref().and_then(|found| found.get("name")).and_then(Value::as_str);
    Ok(name.unwrap_or_default().to_owned())
}
