//! The rows of a backup on their way into the database.

use std::path::Path;

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::file::{Next, Reader};
use super::line::EndLine;
use super::row::{Dialect, Shape, Sum, insert};
use super::snapshot::rows;
use super::tables::Table;
use super::verify::known;
use super::write::STEP;
use super::{BackupError, Progress, Report};
use crate::connection::{Db, native};

/// How many rows, and how many letters, one statement writes.
const PORTION: usize = 500;
const LETTERS: usize = 1 << 20;

/// What a table of the file had.
pub(super) type Loaded = (Table, Shape, EndLine);

/// Rows of one table that are written together.
struct Portion {
    statements: Vec<String>,
    lines: String,
    count: usize,
}

impl Portion {
    fn of(dialect: Dialect, table: &Table, shape: &Shape) -> Self {
        Self { statements: insert(dialect, table, shape), lines: String::new(), count: 0 }
    }

    fn add(&mut self, line: &str) -> bool {
        self.lines.push(if self.count == 0 { '[' } else { ',' });
        self.lines.push_str(line);
        self.count += 1;
        self.count >= PORTION || self.lines.len() >= LETTERS
    }

    fn write(&mut self, db: &mut Db) -> Result<(), BackupError> {
        if self.count == 0 {
            return Ok(());
        }
        self.lines.push(']');
        for statement in &self.statements {
            let query = diesel::sql_query(statement.as_str()).bind::<Text, _>(self.lines.as_str());
            native!(&mut *db, |c| query.execute(c))?;
        }
        self.lines.clear();
        self.count = 0;
        Ok(())
    }
}

/// Writes every row of the file.
pub(super) fn load(db: &mut Db, dialect: Dialect, path: &Path, report: Report<'_>) -> Result<Vec<Loaded>, BackupError> {
    let mut reader = Reader::open(path)?;
    let (mut loaded, mut open, mut count) = (Vec::new(), None, 0);
    loop {
        match reader.next()? {
            Next::Table(name, shape) => {
                let table = known(&name, &shape)?;
                let portion = Portion::of(dialect, &table, &shape);
                open = Some((table, shape, portion));
            }
            Next::Row(line) => {
                let Some((_, _, portion)) = &mut open else { continue };
                if portion.add(&line) {
                    portion.write(db)?;
                }
                count += 1;
                if count % STEP == 0 {
                    report(Progress { rows: count, part: "writing" });
                }
            }
            Next::End(end) => {
                let Some((table, shape, mut portion)) = open.take() else { continue };
                portion.write(db)?;
                loaded.push((table, shape, end));
            }
            Next::Last => return Ok(loaded),
        }
    }
}

/// Reads back what has been written and compares counts and sums with those of the file.
pub(super) fn compare(db: &mut Db, dialect: Dialect, loaded: &[Loaded], report: Report<'_>) -> Result<(), BackupError> {
    let mut count = 0;
    for (table, shape, end) in loaded {
        let mut sum = Sum::default();
        rows(db, dialect, (table, shape), &mut |line| {
            sum.add(line.as_bytes());
            count += 1;
            if count % STEP == 0 {
                report(Progress { rows: count, part: "comparing" });
            }
            Ok(())
        })?;
        if (sum.rows, sum.hex()) != (end.rows, end.sha256.clone()) {
            return Err(BackupError::Unsound(format!(
                "table '{}' has {} rows in the file and {} in the database, or others",
                table.name, end.rows, sum.rows
            )));
        }
    }
    Ok(())
}
