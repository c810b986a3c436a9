//! Restoring a backup into an empty database.
//!
//! A mark says that a restore is under way; a database that has it is not served. It goes with the last transaction, so
//! that a restore that was cut off leaves either nothing or a database that says so. Running it again begins anew.

use std::path::Path;

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::file::Header;
use super::indexes::{Taken, check_references};
use super::row::Dialect;
use super::tables::SEARCH;
use super::verify::verify;
use super::words::{Documents, index};
use super::{BackupError, Report, empty, load};
use crate::connection::{Access, Db, Target, native};
use crate::error::StoreError;
use crate::{identity, migrate};

/// The table whose presence is the mark.
pub(crate) const MARK: &str = "restore_unfinished";

/// What has been restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// What the backup says about itself.
    pub header: Header,
    /// Rows written.
    pub rows: u64,
    /// Records whose words were made anew.
    pub indexed: u64,
}

/// Whether a restore into this database has begun and not ended. A database that is not there has none.
///
/// # Errors
/// When the database cannot be reached.
pub fn unfinished(target: &Target) -> Result<bool, StoreError> {
    if matches!(target, Target::Sqlite(path) if !path.is_file()) {
        return Ok(false);
    }
    identity::check(target)?;
    let mut db = Db::open(target, Access::Read).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    is_unfinished(&mut db)
}

/// Whether the database has the mark.
pub(crate) fn is_unfinished(db: &mut Db) -> Result<bool, StoreError> {
    migrate::has_table(db, MARK)
}

/// Restores a backup: verifies it, makes the schema it was taken from, writes its rows, compares them with its sums, brings
/// the schema up to date and makes the words of search anew.
///
/// # Errors
/// When the backup is not sound, the database is not empty, or either fails. The database then has nothing in it, or is
/// marked.
pub fn restore(
    target: &Target,
    path: &Path,
    engine: &dyn Documents,
    report: Report<'_>,
) -> Result<Restored, BackupError> {
    let verified = verify(path, report)?;
    let mut work = Work::open(target)?;
    work.prepare(&verified.header)?;
    let taken = work.begin().and_then(|()| Taken::away(&mut work.db, ""))?;
    let loaded = load::load(&mut work.db, work.dialect, path, report)?;
    taken.again(&mut work.db)?;
    check_references(&mut work.db)?;
    load::compare(&mut work.db, work.dialect, &loaded, report)?;
    work.commit()?;
    migrate::run_only(&mut work.db, &migrate::known())?;
    work.begin()?;
    let taken = Taken::away(&mut work.db, SEARCH)?;
    let indexed = index(&mut work.db, engine, report)?;
    taken.again(&mut work.db)?;
    work.db.batch(&format!("DROP TABLE {MARK}"))?;
    work.commit()?;
    work.finish()?;
    Ok(Restored { header: verified.header, rows: verified.rows, indexed })
}

/// A connection for a restore.
struct Work {
    db: Db,
    dialect: Dialect,
}

#[derive(QueryableByName)]
struct Mode {
    #[diesel(sql_type = Text)]
    journal_mode: String,
}

impl Work {
    fn open(target: &Target) -> Result<Self, BackupError> {
        identity::check(target)?;
        let db = Db::open(target, Access::Write).map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let mut work = Self { db, dialect: Dialect::of(target) };
        match &mut work.db {
            Db::Pg(_) => work.db.batch(
                "SET statement_timeout = 0; SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = 0",
            )?,
            Db::Sqlite(_) => work.take_whole_file()?,
        }
        Ok(work)
    }

    /// The rows of one large transaction are written once rather than twice without a write-ahead log, and nobody else can
    /// have the file open meanwhile. What is sorted goes to disk; foreign keys are checked at the end.
    fn take_whole_file(&mut self) -> Result<(), BackupError> {
        let Db::Sqlite(c) = &mut self.db else { return Ok(()) };
        let mode: QueryResult<Vec<Mode>> = diesel::sql_query("PRAGMA journal_mode = DELETE").load(c);
        if !mode.is_ok_and(|rows| rows.first().is_some_and(|row| row.journal_mode == "delete")) {
            return Err(BackupError::Unready("another program has the database open: stop the server first".into()));
        }
        self.db.batch(
            "PRAGMA locking_mode = EXCLUSIVE; PRAGMA foreign_keys = OFF; PRAGMA temp_store = FILE; PRAGMA cache_size = -131072",
        )?;
        Ok(())
    }

    /// An empty database with the schema of the backup, and the mark.
    fn prepare(&mut self, header: &Header) -> Result<(), BackupError> {
        let is_marked = is_unfinished(&mut self.db)?;
        if !is_marked {
            empty::check(&mut self.db)?;
            self.db.batch(&format!("CREATE TABLE {MARK} (at TEXT)"))?;
        }
        let applied = migrate::applied(&mut self.db)?;
        let known = migrate::known();
        if let Some(step) = applied.iter().find(|step| !known.contains(step)) {
            return Err(BackupError::Unready(format!("the database has a newer schema step: {step}")));
        }
        if is_marked || applied != header.schema {
            migrate::revert_all(&mut self.db)?;
        }
        Ok(migrate::run_only(&mut self.db, &header.schema)?)
    }

    fn begin(&mut self) -> Result<(), BackupError> {
        match &mut self.db {
            Db::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE")?,
            Db::Pg(c) => AnsiTransactionManager::begin_transaction(c)?,
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<(), BackupError> {
        Ok(native!(&mut self.db, |c| AnsiTransactionManager::commit_transaction(c))?)
    }

    /// What the planner needs to know, and the everyday way of keeping a journal.
    fn finish(&mut self) -> Result<(), BackupError> {
        match &self.db {
            Db::Pg(_) => self.db.batch("ANALYZE")?,
            Db::Sqlite(_) => self.db.batch("PRAGMA journal_mode = WAL")?,
        }
        Ok(())
    }
}
