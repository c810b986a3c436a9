//! Whether a database may be restored into.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::BackupError;
use super::tables::{COUNTERS, LEFT_OUT, tables};
use crate::connection::{Db, native};
use crate::migrate;

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    found: i64,
}

/// Refuses a database in which there is anything.
pub(super) fn check(db: &mut Db) -> Result<(), BackupError> {
    for table in tables().iter().map(|table| table.name).chain(LEFT_OUT) {
        if table == COUNTERS || !migrate::has_table(db, table)? {
            continue;
        }
        let query =
            diesel::sql_query(format!("SELECT COUNT(*) AS found FROM (SELECT 1 FROM {table} LIMIT 1) AS first"));
        let rows: Vec<Found> = native!(db, |c| query.load(c))?;
        if rows.first().is_some_and(|row| row.found > 0) {
            return Err(BackupError::Occupied(format!("there are rows in '{table}'")));
        }
    }
    Ok(())
}
