//! What can be wrong with a database, asked of one snapshot. Nothing is changed.

mod checks;
mod files;
mod integrity;
mod stored;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

pub use stored::{Stored, records_after, stored};

use crate::backup::Snapshot;
use crate::connection::{Db, native};
use crate::error::StoreError;
use crate::{backup, migrate};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// As it should be.
    Fine,
    /// Worth knowing; nothing is broken.
    Warning,
    /// Something is wrong.
    Fault,
}

impl Level {
    /// Its word in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fine => "ok",
            Self::Warning => "warning",
            Self::Fault => "fault",
        }
    }
}

/// The answer to one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was asked: `search_documents`.
    pub check: &'static str,
    /// How bad the answer is.
    pub level: Level,
    /// The answer.
    pub detail: String,
    /// What to do; empty where all is well.
    pub advice: String,
}

impl Finding {
    /// All is well.
    #[must_use]
    pub fn fine(check: &'static str, detail: impl Into<String>) -> Self {
        Self { check, level: Level::Fine, detail: detail.into(), advice: String::new() }
    }

    /// Something is wrong, or worth knowing.
    #[must_use]
    pub fn bad(check: &'static str, level: Level, detail: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { check, level, detail: detail.into(), advice: advice.into() }
    }
}

/// A question whose answer is rows that should not be there.
#[derive(Debug)]
struct Check {
    name: &'static str,
    /// What the rows are, after their number: "records without a search document".
    rows: &'static str,
    /// Selects a text `example` for each of them.
    sql: String,
    level: Level,
    advice: &'static str,
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = BigInt)]
    n: i64,
    #[diesel(sql_type = Nullable<Text>)]
    example: Option<String>,
}

impl Check {
    fn ask(&self, db: &mut Db) -> Finding {
        let query =
            diesel::sql_query(format!("SELECT COUNT(*) AS n, MIN(example) AS example FROM ({}) AS found", self.sql));
        let answer: QueryResult<Answer> = native!(db, |c| query.get_result(c));
        match answer {
            Ok(Answer { n: 0, .. }) => Finding::fine(self.name, format!("no {}", self.rows)),
            Ok(Answer { n, example }) => {
                let detail = format!("{n} {}, for instance {}", self.rows, example.unwrap_or_default());
                Finding::bad(self.name, self.level, detail, self.advice)
            }
            Err(error) => Finding::bad(
                self.name,
                Level::Fault,
                format!("the database did not answer: {error}"),
                "run doctor again; if it stays so, restore the last backup",
            ),
        }
    }
}

/// Asks everything that the database can answer by itself; `now` is in microseconds since 1970. With a schema that is not this program's, only that is said.
///
/// # Errors
/// When the database goes away.
pub fn examine(snapshot: &mut Snapshot, now: i64) -> Result<Vec<Finding>, StoreError> {
    let db = snapshot.db();
    let schema = schema(db)?;
    let mut findings = vec![restored(db)?];
    let is_ours = schema.level == Level::Fine;
    findings.push(schema);
    findings.extend(integrity::examine(db)?);
    if is_ours {
        let is_sqlite = matches!(db, Db::Sqlite(_));
        for check in checks::all(is_sqlite).into_iter().chain(files::checks(is_sqlite)) {
            findings.push(check.ask(db));
            if let (Db::Pg(_), Some(Finding { level: Level::Fault, .. })) = (&*db, findings.last()) {
                // A statement that failed ends the snapshot of PostgreSQL; a new one begins.
                let _ = db.batch("ROLLBACK; BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            }
        }
        findings.push(files::sums(db)?);
        findings.push(checks::administrators(db)?);
        findings.push(integrity::clock(db, now)?);
    }
    Ok(findings)
}

fn restored(db: &mut Db) -> Result<Finding, StoreError> {
    const NAME: &str = "restore";
    Ok(if backup::is_unfinished(db)? {
        Finding::bad(
            NAME,
            Level::Fault,
            "a restore into this database has not been finished",
            "run rapport restore again",
        )
    } else {
        Finding::fine(NAME, "no restore was cut off")
    })
}

fn schema(db: &mut Db) -> Result<Finding, StoreError> {
    const NAME: &str = "schema";
    let (applied, known) = (migrate::applied(db)?, migrate::known());
    let missing: Vec<&str> = known.iter().filter(|step| !applied.contains(step)).map(String::as_str).collect();
    let newer: Vec<&str> = applied.iter().filter(|step| !known.contains(step)).map(String::as_str).collect();
    Ok(if !newer.is_empty() {
        let detail = format!("steps of a newer Rapport: {}", newer.join(", "));
        Finding::bad(NAME, Level::Fault, detail, "run that version, or restore the backup made before it")
    } else if !missing.is_empty() {
        let detail = format!("steps are missing: {}", missing.join(", "));
        Finding::bad(NAME, Level::Fault, detail, "make a backup and run rapport migrate")
    } else {
        Finding::fine(
            NAME,
            format!("{} steps, the last one {}", applied.len(), applied.last().map_or("", String::as_str)),
        )
    })
}
