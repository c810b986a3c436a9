//! A database with the schema in place is a copy of one that each test program makes once: to go through all steps of the
//! schema takes longer than most tests.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};
use rapport_persistence::{Target, migrate};

use crate::database::{SCHEMA, admin, execute, postgres_at};

/// The lock (in PostgreSQL) of whoever makes the template, so that the tests that start together make one.
const LOCK: i64 = 0x7261_7070_6f72_7400;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Copies the template of SQLite to a place where nothing is.
pub(crate) fn copy_sqlite(to: &Path) {
    let (program, built) = program();
    let template = program.with_extension("template.db");
    let is_fresh = |path: &Path| path.metadata().and_then(|found| found.modified()).is_ok_and(|made| made >= built);
    if !is_fresh(&template) {
        let folder = tempfile::tempdir_in(program.parent().expect("the program's folder")).expect("a folder");
        let made = folder.path().join("made.db");
        migrate::run(&Target::Sqlite(made.clone())).expect("the schema");
        // Whoever is copying the one before keeps it; of two that are made at once the second stays.
        std::fs::rename(made, &template).expect("the template in its place");
    }
    std::fs::copy(template, to).expect("a copy of the template");
}

/// Makes a database beside the one that `url` names, as a copy of the template.
pub(crate) fn copy_postgres(url: &str, name: &str) {
    let template = template_of(url);
    admin(url, &format!("CREATE DATABASE {name} TEMPLATE {template}"));
}

fn template_of(url: &str) -> String {
    let name = template_name();
    let mut conn = PgConnection::establish(url).expect("the PostgreSQL server of the tests");
    // Held until the connection closes.
    sql_query("SELECT pg_advisory_lock($1)").bind::<BigInt, _>(LOCK).execute(&mut conn).expect("the lock");
    let known = sql_query("SELECT count(*) AS count FROM pg_database WHERE datname = $1").bind::<Text, _>(&name);
    if known.get_result::<Count>(&mut conn).expect("the databases").count == 0 {
        // Under another name until it is whole.
        let part = format!("{name}_part");
        execute(&mut conn, &format!("DROP DATABASE IF EXISTS {part}"));
        execute(&mut conn, &format!("CREATE DATABASE {part}"));
        admin(&postgres_at(url, &part, None), &format!("CREATE SCHEMA {SCHEMA}"));
        migrate::run(&Target::Postgres(postgres_at(url, &part, Some(SCHEMA)))).expect("the schema");
        execute(&mut conn, &format!("ALTER DATABASE {part} RENAME TO {name}"));
    }
    name
}

/// Every build of every test program has its own, since the schema is built into it.
fn template_name() -> String {
    let (program, built) = program();
    let words = program.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let hash = words.rsplit('-').next().unwrap_or_default();
    let nanos = built.duration_since(UNIX_EPOCH).expect("a time of this age").as_nanos();
    format!("template_{hash}_{nanos}")
}

/// The test program, and when it was built.
fn program() -> (PathBuf, SystemTime) {
    let program = std::env::current_exe().expect("the test program");
    let built = program.metadata().and_then(|found| found.modified()).expect("when it was built");
    (program, built)
}
