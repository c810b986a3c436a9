//! Databases for tests: a fresh one each, on every backend there is.

use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};
use rapport_persistence::{Store, StoreConfig, Target, migrate};

use crate::template;

/// The environment variable with the URL of a PostgreSQL server on which tests may make schemas and databases.
pub const POSTGRES_URL: &str = "RAPPORT_TEST_POSTGRES_URL";

/// What is in a database that is a copy is in a schema that is not `public`.
pub(crate) const SCHEMA: &str = "organisation";

static COUNT: AtomicU32 = AtomicU32::new(0);

/// An empty database that goes away with this value.
#[derive(Debug)]
pub struct Database {
    /// Where it is.
    pub target: Target,
    /// `sqlite` or `postgres`.
    pub backend: &'static str,
    /// Whether the schema is in place from the beginning.
    is_copy: bool,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Folder { _dir: tempfile::TempDir },
    Schema { url: String, name: String },
    Copy { url: String, name: String },
}

impl Database {
    /// A database on SQLite.
    ///
    /// # Panics
    /// When no temporary folder can be made.
    #[must_use]
    pub fn sqlite() -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let target = Target::Sqlite(dir.path().join("rapport.db"));
        Self { target, backend: "sqlite", is_copy: false, place: Place::Folder { _dir: dir } }
    }

    /// A schema of its own (not `public`) on PostgreSQL, if the environment names a server.
    ///
    /// # Panics
    /// When the server cannot be reached: a configured server that is not there is no reason to test less.
    #[must_use]
    pub fn postgres() -> Option<Self> {
        let url = postgres_url()?;
        let name = fresh_name();
        admin(&url, &format!("DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}"));
        let target = Target::Postgres(in_schema(&url, &name));
        Some(Self { target, backend: "postgres", is_copy: false, place: Place::Schema { url, name } })
    }

    /// One database on every backend, with the schema in place: quicker than to migrate an empty one.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn all_migrated() -> Vec<Self> {
        let mut sqlite = Self::sqlite();
        if let Target::Sqlite(path) = &sqlite.target {
            template::copy_sqlite(path);
        }
        sqlite.is_copy = true;
        std::iter::once(sqlite).chain(postgres_url().map(Self::postgres_copy)).collect()
    }

    fn postgres_copy(url: String) -> Self {
        let name = fresh_name();
        template::copy_postgres(&url, &name);
        let target = Target::Postgres(postgres_at(&url, &name, Some(SCHEMA)));
        Self { target, backend: "postgres", is_copy: true, place: Place::Copy { url, name } }
    }

    /// One empty database on every backend.
    #[must_use]
    pub fn all() -> Vec<Self> {
        std::iter::once(Self::sqlite()).chain(Self::postgres()).collect()
    }

    /// Runs a test on every backend, with the schema in place.
    pub fn each(mut test: impl FnMut(&Self)) {
        for database in Self::all_migrated() {
            test(&database);
        }
    }

    /// Brings the schema up to date, which that of a copy is.
    ///
    /// # Panics
    /// When that fails.
    pub fn migrate(&self) {
        if !self.is_copy {
            migrate::run(&self.target).expect("the schema");
        }
    }

    /// Opens the database.
    ///
    /// # Panics
    /// When that fails.
    #[must_use]
    pub fn store(&self) -> Store {
        Store::open(&StoreConfig::single(self.target.clone(), 2)).expect("the store")
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        match &self.place {
            Place::Folder { .. } => {}
            Place::Schema { url, name } => admin(url, &format!("DROP SCHEMA IF EXISTS {name} CASCADE")),
            Place::Copy { url, name } => admin(url, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")),
        }
    }
}

fn fresh_name() -> String {
    format!("t_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

#[expect(clippy::disallowed_methods, reason = "tests have no configuration")]
fn postgres_url() -> Option<String> {
    std::env::var(POSTGRES_URL).ok().filter(|url| !url.is_empty())
}

/// The URL of another database of the same server, and of a schema in it.
pub(crate) fn postgres_at(url: &str, database: &str, schema: Option<&str>) -> String {
    let (place, query) = url.split_once('?').map_or((url, None), |(place, query)| (place, Some(query)));
    let server = place.rsplit_once('/').expect("a URL that names a database").0;
    let other = query.map_or_else(|| format!("{server}/{database}"), |query| format!("{server}/{database}?{query}"));
    schema.map_or_else(|| other.clone(), |schema| in_schema(&other, schema))
}

fn in_schema(url: &str, schema: &str) -> String {
    let joint = if url.contains('?') { '&' } else { '?' };
    format!("{url}{joint}options=-csearch_path%3D{schema}")
}

/// Does something over a connection of its own.
pub(crate) fn admin(url: &str, sql: &str) {
    let mut conn = PgConnection::establish(url).expect("the PostgreSQL server of the tests");
    execute(&mut conn, "SET client_min_messages = warning");
    execute(&mut conn, sql);
}

pub(crate) fn execute(conn: &mut PgConnection, sql: &str) {
    conn.batch_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
}
