//! One state of the whole database, read while others write.

use std::collections::BTreeMap;

use diesel::connection::DefaultLoadingMode;
use diesel::pg::PgRowByRowLoadingMode;
use diesel::prelude::*;
use diesel::sql_types::Text;

use rapport_domain::kind::RecordKind;

use super::BackupError;
use super::row::{Dialect, Shape, select, spell};
use super::tables::{COUNTERS, Table, tables};
use crate::connection::{Access, Db, Target};
use crate::error::StoreError;
use crate::{identity, migrate};

/// A connection that sees one state of the database for as long as it lives, and cannot write.
///
/// SQLite keeps that state in its write-ahead log, which grows meanwhile; PostgreSQL in the rows themselves. Neither makes
/// a writer wait.
#[expect(missing_debug_implementations, reason = "a connection has nothing to show")]
pub struct Snapshot {
    db: Db,
    dialect: Dialect,
}

/// Tables with the columns they have in this database.
pub(super) type Shapes = Vec<(Table, Shape)>;

#[derive(QueryableByName)]
pub(super) struct Line {
    #[diesel(sql_type = Text)]
    pub(super) line: String,
}

#[derive(QueryableByName)]
struct ColumnName {
    #[diesel(sql_type = Text)]
    name: String,
}

impl Snapshot {
    /// Opens one. A file of SQLite must be there already.
    ///
    /// # Errors
    /// When there is no such database, or it cannot be reached.
    pub fn open(target: &Target) -> Result<Self, StoreError> {
        if let Target::Sqlite(path) = target
            && !path.is_file()
        {
            return Err(StoreError::Unavailable(format!("there is no {}", path.display())));
        }
        identity::check(target)?;
        let mut db = Db::open(target, Access::Read).map_err(|error| StoreError::Unavailable(error.to_string()))?;
        match &db {
            // The first statement takes the snapshot.
            Db::Sqlite(_) => db.batch("BEGIN; SELECT COUNT(*) FROM sqlite_master")?,
            Db::Pg(_) => db.batch(
                "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;
                 BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            )?,
        }
        Ok(Self { db, dialect: Dialect::of(target) })
    }

    /// The connection, for other questions about the same state.
    pub fn db(&mut self) -> &mut Db {
        &mut self.db
    }

    /// The tables as they are, and the steps of the schema that made them.
    pub(super) fn shapes(&mut self) -> Result<(Vec<String>, Shapes), BackupError> {
        let (applied, known) = (migrate::applied(&mut self.db)?, migrate::known());
        if applied.is_empty() {
            return Err(BackupError::Unready("there is no Rapport in this database".into()));
        }
        if let Some(step) = applied.iter().find(|step| !known.contains(step)) {
            return Err(BackupError::Unready(format!(
                "the database has a newer schema step ({step}): make the backup with the version that made it"
            )));
        }
        let mut shapes = Vec::new();
        for table in tables() {
            if let Some(shape) = self.shape(&table, applied.len() == known.len())? {
                shapes.push((table, shape));
            }
        }
        Ok((applied, shapes))
    }

    /// The columns a table has in this database. An older schema may lack some, or the whole table.
    fn shape(&mut self, table: &Table, is_current: bool) -> Result<Option<Shape>, BackupError> {
        let known: BTreeMap<&str, _> = table.columns.iter().map(|column| (column.name, column.kind)).collect();
        if is_current || table.name == COUNTERS {
            return Ok(Some(table.columns.iter().map(|column| (column.name.to_owned(), column.kind)).collect()));
        }
        let mut shape = Shape::new();
        for name in self.column_names(table.name)? {
            match known.get(name.as_str()) {
                Some(kind) => shape.push((name, *kind)),
                None if table.derived.iter().any(|(derived, _)| *derived == name) => {}
                None => {
                    return Err(BackupError::Unready(format!(
                        "this program does not know the column {}.{name} of an older schema: make the backup with the version that made the database",
                        table.name
                    )));
                }
            }
        }
        Ok((!shape.is_empty()).then_some(shape))
    }

    fn column_names(&mut self, table: &str) -> QueryResult<Vec<String>> {
        let rows: Vec<ColumnName> = match &mut self.db {
            Db::Sqlite(c) => diesel::sql_query("SELECT name FROM pragma_table_info(?) ORDER BY cid")
                .bind::<Text, _>(table)
                .load(c)?,
            Db::Pg(c) => diesel::sql_query(
                "SELECT column_name::text AS name FROM information_schema.columns
                 WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position",
            )
            .bind::<Text, _>(table)
            .load(c)?,
        };
        Ok(rows.into_iter().map(|row| row.name).collect())
    }

    /// Hands every row of a table to `each`, one at a time.
    pub(super) fn rows(
        &mut self,
        table: &Table,
        shape: &Shape,
        each: &mut dyn FnMut(&str) -> Result<(), BackupError>,
    ) -> Result<(), BackupError> {
        rows(&mut self.db, self.dialect, (table, shape), each)
    }
}

/// Every row of a table, spelled as in a backup, one at a time.
pub(super) fn rows(
    db: &mut Db,
    dialect: Dialect,
    (table, shape): (&Table, &Shape),
    each: &mut dyn FnMut(&str) -> Result<(), BackupError>,
) -> Result<(), BackupError> {
    let kinds = if table.name == COUNTERS { kinds_of(db)? } else { Vec::new() };
    let query = diesel::sql_query(select(dialect, table, shape, &kinds));
    let mut row = |line: QueryResult<Line>| {
        let line = line?.line;
        let spelled = spell(&line, shape).map_err(|why| {
            let start: String = line.chars().take(60).collect();
            BackupError::Unready(format!("a row of '{}' cannot be read ({why}): {start}…", table.name))
        })?;
        each(&spelled)
    };
    match db {
        Db::Sqlite(c) => query.load_iter::<Line, DefaultLoadingMode>(c)?.try_for_each(&mut row),
        Db::Pg(c) => query.load_iter::<Line, PgRowByRowLoadingMode>(c)?.try_for_each(&mut row),
    }
}

/// The kinds of records that this schema has, with their numbers; an older one does not have all.
fn kinds_of(db: &mut Db) -> Result<Vec<RecordKind>, BackupError> {
    let mut kinds = Vec::new();
    for kind in RecordKind::OWNED {
        if migrate::has_table(db, kind.plural())? {
            kinds.push(kind);
        }
    }
    Ok(kinds)
}
