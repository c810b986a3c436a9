//! Indexes and foreign keys: taken away before very many rows are written, and made again over all of them.
//!
//! What is made again is what the database itself said it had. SQLite keeps its foreign keys and is asked at the end.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::BackupError;
use crate::connection::{Db, native};

/// Statements that take something away and make it again.
#[derive(Debug, QueryableByName)]
struct Part {
    #[diesel(sql_type = Text)]
    away: String,
    #[diesel(sql_type = Text)]
    again: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

const SQLITE_INDEXES: &str = "SELECT 'DROP INDEX ' || name AS away, sql AS again FROM sqlite_master
    WHERE type = 'index' AND sql IS NOT NULL AND (? = '' OR tbl_name = ?) ORDER BY name";

const POSTGRES_INDEXES: &str =
    "SELECT 'DROP INDEX ' || i.indexrelid::regclass AS away, pg_get_indexdef(i.indexrelid) AS again
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    WHERE c.relnamespace = current_schema()::regnamespace AND ($1 = '' OR c.relname = $1)
      AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid) ORDER BY 1";

const POSTGRES_KEYS: &str = "SELECT 'ALTER TABLE ' || conrelid::regclass || ' DROP CONSTRAINT ' || quote_ident(conname) AS away,
      'ALTER TABLE ' || conrelid::regclass || ' ADD CONSTRAINT ' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid) AS again
    FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1";

/// What has been taken away.
#[derive(Debug, Default)]
pub(super) struct Taken(Vec<Part>);

impl Taken {
    /// Takes away the indexes of a table, or (with no name) the indexes and foreign keys of all.
    pub(super) fn away(db: &mut Db, table: &str) -> Result<Self, BackupError> {
        let mut parts: Vec<Part> = match db {
            Db::Sqlite(c) => diesel::sql_query(SQLITE_INDEXES).bind::<Text, _>(table).bind::<Text, _>(table).load(c)?,
            Db::Pg(c) => diesel::sql_query(POSTGRES_INDEXES).bind::<Text, _>(table).load(c)?,
        };
        if let (Db::Pg(c), "") = (&mut *db, table) {
            let keys: Vec<Part> = diesel::sql_query(POSTGRES_KEYS).load(c)?;
            parts.extend(keys);
        }
        for part in &parts {
            db.batch(&part.away)?;
        }
        Ok(Self(parts))
    }

    /// Makes everything again: which refuses rows that a unique index or a foreign key would have refused.
    pub(super) fn again(self, db: &mut Db) -> Result<(), BackupError> {
        for part in &self.0 {
            db.batch(&part.again)?;
        }
        Ok(())
    }
}

/// On SQLite, whose foreign keys slept while rows were written: whether all of them hold.
pub(super) fn check_references(db: &mut Db) -> Result<(), BackupError> {
    if let Db::Pg(_) = db {
        return Ok(());
    }
    let query = diesel::sql_query("SELECT COUNT(*) AS n FROM pragma_foreign_key_check");
    let rows: Vec<Count> = native!(db, |c| query.load(c))?;
    match rows.first() {
        Some(Count { n: 0 }) => Ok(()),
        _ => Err(BackupError::Unsound("rows refer to rows that are not there".into())),
    }
}
