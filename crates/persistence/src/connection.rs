//! One connection type over both databases, and the few places where they differ.

use diesel::connection::SimpleConnection;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sqlite::{Sqlite, SqliteConnection};

/// A connection to either database.
#[derive(diesel::MultiConnection)]
#[expect(missing_docs, reason = "the derive adds undocumented items")]
pub enum Db {
    Sqlite(SqliteConnection),
    Pg(PgConnection),
}

/// One expression, compiled against each real connection.
macro_rules! native {
    ($db:expr, |$conn:ident| $query:expr) => {
        match $db {
            $crate::connection::Db::Sqlite($conn) => $query,
            $crate::connection::Db::Pg($conn) => $query,
        }
    };
}
pub(crate) use native;

/// Inserts any number of rows the way each database takes them in soonest: SQLite by one statement that it keeps prepared,
/// PostgreSQL several by `COPY`, which neither parses nor plans values.
macro_rules! insert_many {
    ($db:expr, $table:expr, $rows:expr) => {{
        let rows: Vec<_> = $rows;
        match $db {
            $crate::connection::Db::Pg(c) if rows.len() > 1 => {
                diesel::copy_from($table).from_insertable(rows).execute(c).map(drop)
            }
            db => rows.into_iter().try_for_each(|row| {
                $crate::connection::native!(&mut *db, |c| diesel::insert_into($table).values(row).execute(c)).map(drop)
            }),
        }
    }};
}
pub(crate) use insert_many;

/// Any query that diesel can write for both real backends, offered to the run-time one:
/// the way around what `MultiConnection` does not forward (`ON CONFLICT`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Both<Q>(pub(crate) Q);

impl<Q> QueryFragment<MultiBackend> for Both<Q>
where
    Q: QueryFragment<Sqlite> + QueryFragment<Pg>,
{
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(&self.0, pass)
    }
}

impl<Q: QueryId> QueryId for Both<Q> {
    type QueryId = Q::QueryId;
    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}

impl<Q: Query> Query for Both<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> RunQueryDsl<Db> for Both<Q> {}

/// Which database, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A file of embedded SQLite.
    Sqlite(std::path::PathBuf),
    /// A libpq URL, handed over untouched: several hosts and options are libpq's own affair.
    Postgres(String),
}

impl Target {
    /// `postgres://…` and `postgresql://…` are PostgreSQL; anything else is a file name (`sqlite://` may stand before it).
    #[must_use]
    pub fn parse(text: &str) -> Self {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Self::Postgres(text.to_owned());
        }
        Self::Sqlite(text.strip_prefix("sqlite://").unwrap_or(text).into())
    }
}

/// Every connection of SQLite: full durability, foreign keys, and a read-only one cannot write. The cache is the writer's,
/// in KiB: what it is about to change.
const SQLITE_SETUP: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON; PRAGMA cache_size = -16384;
    PRAGMA journal_size_limit = 67108864; PRAGMA trusted_schema = OFF;";

/// What reads sorts in memory. The writer does not: there it would keep the journals of savepoints in memory too, which
/// SQLite walks through from the start at every look (an eighth more CPU for 28,000 records). A reader keeps the upper pages
/// of the trees; for the others the system's cache, which all readers share, is near enough.
const SQLITE_READER: &str = "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192; PRAGMA query_only = ON";

/// Every connection of PostgreSQL: nothing waits for ever.
const POSTGRES_SETUP: &str = "SET statement_timeout = '20s'; SET lock_timeout = '5s';
    SET idle_in_transaction_session_timeout = '20s'; SET client_min_messages = warning";

/// What a connection may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

impl Db {
    /// Opens a connection and gives it the settings every connection of ours has.
    pub(crate) fn open(target: &Target, access: Access) -> Result<Self, ConnectionError> {
        match target {
            Target::Sqlite(path) => {
                let mut conn = SqliteConnection::establish(&path.to_string_lossy())?;
                conn.batch_execute(SQLITE_SETUP).map_err(ConnectionError::CouldntSetupConfiguration)?;
                if access == Access::Read {
                    conn.batch_execute(SQLITE_READER).map_err(ConnectionError::CouldntSetupConfiguration)?;
                }
                Ok(Self::Sqlite(conn))
            }
            Target::Postgres(url) => {
                let mut conn = PgConnection::establish(url)?;
                conn.batch_execute(POSTGRES_SETUP).map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(Self::Pg(conn))
            }
        }
    }

    /// Sends statements without parameters and without results.
    pub(crate) fn batch(&mut self, sql: &str) -> QueryResult<()> {
        native!(self, |c| c.batch_execute(sql))
    }

    /// Whether the server still answers. One that does not is noted, so that the pool drops the connection: diesel notes it
    /// by itself only where it runs a statement, not where it prepares one.
    pub(crate) fn is_alive(&mut self) -> bool {
        match self {
            Self::Sqlite(_) => true,
            Self::Pg(c) => c.batch_execute("SELECT 1").is_ok(),
        }
    }
}

/// Makes connections for an r2d2 pool.
#[derive(Debug)]
pub(crate) struct Manager {
    pub(crate) target: Target,
    pub(crate) access: Access,
}

impl r2d2::ManageConnection for Manager {
    type Connection = Db;
    type Error = ConnectionError;

    fn connect(&self) -> Result<Db, ConnectionError> {
        Db::open(&self.target, self.access)
    }

    fn is_valid(&self, db: &mut Db) -> Result<(), ConnectionError> {
        db.batch("SELECT 1").map_err(ConnectionError::CouldntSetupConfiguration)
    }

    fn has_broken(&self, db: &mut Db) -> bool {
        use diesel::r2d2::R2D2Connection as _;
        native!(db, |c| c.is_broken())
    }
}
