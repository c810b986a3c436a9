//! Migrations: embedded, one statement at a time, all of them in one transaction each.

use std::collections::BTreeSet;

use diesel::backend::Backend;
use diesel::connection::BoxableConnection;
use diesel::migration::{self, Migration, MigrationMetadata, MigrationName, MigrationSource, MigrationVersion};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;
use diesel_migrations::MigrationHarness;

use crate::connection::{Access, Db, Target, native};
use crate::error::StoreError;
use crate::identity;
use crate::indexes;

/// One step of the schema in both dialects.
#[derive(Debug)]
struct Step {
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
    sqlite_down: &'static str,
    postgres_down: &'static str,
}

macro_rules! steps {
    ($($name:literal),+ $(,)?) => {
        /// Every step, oldest first.
        const STEPS: &[Step] = &[$(Step {
            name: $name,
            sqlite: include_str!(concat!("../../../migrations/sqlite/", $name, "/up.sql")),
            postgres: include_str!(concat!("../../../migrations/postgres/", $name, "/up.sql")),
            sqlite_down: include_str!(concat!("../../../migrations/sqlite/", $name, "/down.sql")),
            postgres_down: include_str!(concat!("../../../migrations/postgres/", $name, "/down.sql")),
        }),+];
    };
}
steps!(
    "20261121000000_foundation",
    "20261126000000_search_merges",
    "20261126120000_activities",
    "20261127000000_assignment_rules",
    "20261127120000_events",
    "20261127180000_notifications",
    "20261128000000_customer_pools",
    "20261129000000_follow_up",
    "20261129120000_digests",
    "20261130000000_at_hand",
    "20261201000000_jobs",
    "20261202000000_handovers",
    "20261203000000_files",
    "20261204000000_scoring",
    "20261205000000_filling",
    "20261206000000_shelves",
);

/// The statements of a script: comments go, and a semicolon outside quotes ends a statement.
fn statements(script: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    for line in script.lines().filter(|line| !line.trim_start().starts_with("--")) {
        let mut quote = None;
        for c in line.chars() {
            match (quote, c) {
                (None, ';') => found.push(String::new()),
                (None, '\'' | '"') => quote = Some(c),
                (Some(open), close) if open == close => quote = None,
                _ => {}
            }
            if let (Some(last), false) = (found.last_mut(), quote.is_none() && c == ';') {
                last.push(c);
            }
        }
        if let Some(last) = found.last_mut() {
            last.push('\n');
        }
    }
    found.into_iter().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
}

/// The statements of every step for this kind of database, oldest first.
pub(crate) fn scripts(db: &Db) -> Vec<String> {
    let script = |step: &Step| match db {
        Db::Sqlite(_) => step.sqlite,
        Db::Pg(_) => step.postgres,
    };
    STEPS.iter().flat_map(|step| statements(script(step))).collect()
}

/// Nodes that are started at once take turns: the second one waits until the first has committed its step. Once a step has
/// its turn it waits no longer than anything else for its tables, since whoever uses them waits behind it.
pub(crate) const POSTGRES_TURN: &[&str] =
    &[PATIENT, "LOCK TABLE __diesel_schema_migrations IN EXCLUSIVE MODE", IMPATIENT];
/// Waits for the turns of nodes, and they for this; others who share one do not.
pub(crate) const POSTGRES_SHARE: &[&str] = &[PATIENT, "LOCK TABLE __diesel_schema_migrations IN SHARE MODE", IMPATIENT];
const PATIENT: &str = "SET LOCAL lock_timeout = '10min'";
const IMPATIENT: &str = "SET LOCAL lock_timeout = '5s'";
/// How often a step is begun again that failed although no other node has done it.
const ATTEMPTS: u32 = 3;

/// A step for one backend; its statements are sent one by one, since a distributed engine refuses a whole file.
struct Script {
    name: &'static str,
    /// What is sent before it.
    turn: &'static [&'static str],
    up: &'static str,
    down: &'static str,
}

#[derive(Clone, Copy, Debug)]
struct Name(&'static str);

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl MigrationName for Name {
    fn version(&self) -> MigrationVersion<'_> {
        MigrationVersion::from(stamp(self.0))
    }
}

fn stamp(name: &str) -> String {
    name.split('_').next().unwrap_or(name).to_owned()
}

/// Every migration runs in a transaction of its own.
#[derive(Clone, Copy, Debug)]
struct Transactional;

impl MigrationMetadata for Transactional {
    fn run_in_transaction(&self) -> bool {
        true
    }
}

struct Named {
    name: Name,
    script: Script,
}

impl<DB: Backend> Migration<DB> for Named {
    fn run(&self, conn: &mut dyn BoxableConnection<DB>) -> migration::Result<()> {
        let turn = self.script.turn.iter().map(|statement| (*statement).to_owned());
        turn.chain(statements(self.script.up)).try_for_each(|statement| Ok(conn.batch_execute(&statement)?))
    }

    fn revert(&self, conn: &mut dyn BoxableConnection<DB>) -> migration::Result<()> {
        statements(self.script.down).iter().try_for_each(|statement| Ok(conn.batch_execute(statement)?))
    }

    fn metadata(&self) -> &dyn MigrationMetadata {
        &Transactional
    }

    fn name(&self) -> &dyn MigrationName {
        &self.name
    }
}

struct Source;

fn boxed<DB: Backend>(script: impl Fn(&Step) -> Script) -> Vec<Box<dyn Migration<DB>>> {
    STEPS
        .iter()
        .map(|step| {
            let script = script(step);
            Box::new(Named { name: Name(script.name), script }) as Box<dyn Migration<DB>>
        })
        .collect()
}

impl MigrationSource<Sqlite> for Source {
    fn migrations(&self) -> migration::Result<Vec<Box<dyn Migration<Sqlite>>>> {
        Ok(boxed(|step| Script { name: step.name, turn: &[], up: step.sqlite, down: step.sqlite_down }))
    }
}

impl MigrationSource<Pg> for Source {
    fn migrations(&self) -> migration::Result<Vec<Box<dyn Migration<Pg>>>> {
        let script =
            |step: &Step| Script { name: step.name, turn: POSTGRES_TURN, up: step.postgres, down: step.postgres_down };
        Ok(boxed(script))
    }
}

/// What the schema of a database is, compared with this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaState {
    /// Steps this program knows and the database lacks.
    pub pending: Vec<String>,
    /// Steps the database has and this program does not know: a newer program was here.
    pub unknown: Vec<String>,
}

impl SchemaState {
    /// Whether the schema is exactly this program's.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.pending.is_empty() && self.unknown.is_empty()
    }
}

/// Compares the schema with this program; nothing is written, so that a standby can be asked.
///
/// # Errors
/// When the database cannot be asked.
pub fn state(db: &mut Db) -> Result<SchemaState, StoreError> {
    let applied: BTreeSet<String> = applied(db)?.into_iter().collect();
    let known: BTreeSet<String> = STEPS.iter().map(|step| stamp(step.name)).collect();
    Ok(SchemaState {
        pending: known.difference(&applied).cloned().collect(),
        unknown: applied.difference(&known).cloned().collect(),
    })
}

/// Every step this program knows, oldest first.
#[must_use]
pub fn known() -> Vec<String> {
    STEPS.iter().map(|step| stamp(step.name)).collect()
}

/// The steps a database has, oldest first; nothing is written, whatever state the database is in.
///
/// # Errors
/// When the database cannot be asked.
pub fn applied(db: &mut Db) -> Result<Vec<String>, StoreError> {
    if !has_table(db, "__diesel_schema_migrations")? {
        return Ok(Vec::new());
    }
    let steps = diesel::sql_query("SELECT version AS text FROM __diesel_schema_migrations ORDER BY version");
    let rows: Vec<Word> = native!(db, |c| steps.load(c))?;
    Ok(rows.into_iter().map(|row| row.text).collect())
}

/// Whether the database has a table of this name.
pub(crate) fn has_table(db: &mut Db, name: &str) -> Result<bool, StoreError> {
    let rows: Vec<Word> = match db {
        Db::Sqlite(c) => diesel::sql_query("SELECT name AS text FROM sqlite_master WHERE type = 'table' AND name = ?")
            .bind::<Text, _>(name)
            .load(c)?,
        Db::Pg(c) => diesel::sql_query("SELECT to_regclass($1)::text AS text WHERE to_regclass($1) IS NOT NULL")
            .bind::<Text, _>(name)
            .load(c)?,
    };
    Ok(!rows.is_empty())
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    text: String,
}

/// Runs those of `steps` that the database lacks.
pub(crate) fn run_only(db: &mut Db, steps: &[String]) -> Result<(), StoreError> {
    fn only<DB: Backend, C: MigrationHarness<DB>>(c: &mut C, steps: &[String]) -> migration::Result<()>
    where
        Source: MigrationSource<DB>,
    {
        for step in c.pending_migrations(Source)? {
            if steps.contains(&step.name().version().to_string()) {
                c.run_migration(&step)?;
            }
        }
        Ok(())
    }
    match db {
        Db::Sqlite(c) => only(c, steps),
        Db::Pg(c) => only(c, steps),
    }
    .map_err(|error| StoreError::Internal(error.to_string()))
}

/// Takes every step back, the last one first: nothing of the program's is left in the database.
pub(crate) fn revert_all(db: &mut Db) -> Result<(), StoreError> {
    match db {
        Db::Sqlite(c) => c.revert_all_migrations(Source).map(drop),
        Db::Pg(c) => c.revert_all_migrations(Source).map(drop),
    }
    .map_err(|error| StoreError::Internal(error.to_string()))
}

/// Brings the schema up to date, indexes that an interrupted filling left out included; answers which steps it lacked.
/// Several nodes may do so at the same time.
///
/// # Errors
/// When the file is no sound database of ours, when a newer program has been here ([`StoreError::Constraint`]), or a
/// statement fails: that step is then undone whole.
pub fn run(target: &Target) -> Result<Vec<String>, StoreError> {
    identity::check(target)?;
    let mut db = Db::open(target, Access::Write).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let before = state(&mut db)?;
    if !before.unknown.is_empty() {
        return Err(StoreError::Constraint(format!(
            "the database has newer schema steps: {}",
            before.unknown.join(", ")
        )));
    }
    if let Db::Pg(_) = db {
        // An index of a million rows takes as long as it takes.
        db.batch("SET statement_timeout = 0")?;
    }
    run_to_the_end(&mut db, before.pending.len())?;
    indexes::make_missing(&mut db).map_err(StoreError::from)?;
    Ok(before.pending)
}

/// Runs the steps that are pending. A step fails for a node that begins it while another one does the same, once for every
/// step that both meet at; it is given up only when nobody gets any further.
fn run_to_the_end(db: &mut Db, mut pending: usize) -> Result<(), StoreError> {
    let mut attempts = 0;
    while let Err(error) = run_pending(db) {
        let left = state(db)?.pending.len();
        if left == 0 {
            return Ok(());
        }
        attempts = if left < pending { 0 } else { attempts + 1 };
        if attempts == ATTEMPTS {
            return Err(error);
        }
        pending = left;
    }
    Ok(())
}

fn run_pending(db: &mut Db) -> Result<(), StoreError> {
    match db {
        Db::Sqlite(c) => c.run_pending_migrations(Source).map(drop),
        Db::Pg(c) => c.run_pending_migrations(Source).map(drop),
    }
    .map_err(|error| StoreError::Internal(error.to_string()))
}

/// Takes the last step back; for tests that prove every step can be undone.
///
/// # Errors
/// When a statement fails.
pub fn revert_last(target: &Target) -> Result<(), StoreError> {
    let mut db = Db::open(target, Access::Write).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    match &mut db {
        Db::Sqlite(c) => c.revert_last_migration(Source).map(drop),
        Db::Pg(c) => c.revert_last_migration(Source).map(drop),
    }
    .map_err(|error| StoreError::Internal(error.to_string()))
}
