//! SQL past the program: what a test plants, and what it counts.

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection, RunQueryDsl as _, SqliteConnection};
use rapport_persistence::Target;

/// Runs statements; references are not checked on SQLite.
pub(crate) fn run(target: &Target, sql: &str) {
    let done = match target {
        Target::Sqlite(path) => {
            let mut conn = SqliteConnection::establish(&path.to_string_lossy()).unwrap();
            conn.batch_execute("PRAGMA foreign_keys = OFF; PRAGMA busy_timeout = 5000").unwrap();
            conn.batch_execute(sql)
        }
        Target::Postgres(url) => PgConnection::establish(url).unwrap().batch_execute(sql),
    };
    done.expect(sql);
}

/// A number, selected as `n`.
pub(crate) fn number(target: &Target, sql: &str) -> i64 {
    #[derive(diesel::QueryableByName)]
    struct Number {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        n: i64,
    }
    let query = diesel::sql_query(sql);
    let found: Number = match target {
        Target::Sqlite(path) => {
            query.get_result(&mut SqliteConnection::establish(&path.to_string_lossy()).unwrap()).unwrap()
        }
        Target::Postgres(url) => query.get_result(&mut PgConnection::establish(url).unwrap()).unwrap(),
    };
    found.n
}
