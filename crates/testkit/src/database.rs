//! Databases for tests: a fresh one each, on every backend there is.

use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};
use rapport_persistence::{Store, StoreConfig, Target, migrate};

/// The environment variable with the URL of a PostgreSQL database in which tests may make schemas.
pub const POSTGRES_URL: &str = "RAPPORT_TEST_POSTGRES_URL";

static COUNT: AtomicU32 = AtomicU32::new(0);

/// An empty database that goes away with this value.
#[derive(Debug)]
pub struct Database {
    /// Where it is.
    pub target: Target,
    /// `sqlite` or `postgres`.
    pub backend: &'static str,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Folder { _dir: tempfile::TempDir },
    Schema { url: String, name: String },
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
        Self { target, backend: "sqlite", place: Place::Folder { _dir: dir } }
    }

    /// A schema of its own (not `public`) on PostgreSQL, if the environment names a server.
    ///
    /// # Panics
    /// When the server cannot be reached: a configured server that is not there is no reason to test less.
    #[must_use]
    pub fn postgres() -> Option<Self> {
        let url = postgres_url()?;
        let name = format!("t_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        admin(&url, &format!("DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}"));
        let joint = if url.contains('?') { '&' } else { '?' };
        let target = Target::Postgres(format!("{url}{joint}options=-csearch_path%3D{name}"));
        Some(Self { target, backend: "postgres", place: Place::Schema { url, name } })
    }

    /// One empty database on every backend.
    #[must_use]
    pub fn all() -> Vec<Self> {
        std::iter::once(Self::sqlite()).chain(Self::postgres()).collect()
    }

    /// Runs a test on every backend, with the schema in place.
    pub fn each(mut test: impl FnMut(&Self)) {
        for database in Self::all() {
            database.migrate();
            test(&database);
        }
    }

    /// Brings the schema up to date.
    ///
    /// # Panics
    /// When that fails.
    pub fn migrate(&self) {
        migrate::run(&self.target).expect("the schema");
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
        if let Place::Schema { url, name } = &self.place {
            admin(url, &format!("DROP SCHEMA IF EXISTS {name} CASCADE"));
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "tests have no configuration")]
fn postgres_url() -> Option<String> {
    std::env::var(POSTGRES_URL).ok().filter(|url| !url.is_empty())
}

fn admin(url: &str, sql: &str) {
    let mut conn = PgConnection::establish(url).expect("the PostgreSQL server of the tests");
    conn.batch_execute("SET client_min_messages = warning").expect("a setting");
    conn.batch_execute(sql).expect("a schema");
}
