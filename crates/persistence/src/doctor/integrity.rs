//! What the database itself says about its files and constraints.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::{Check, Finding, Level};
use crate::connection::{Db, native};
use crate::error::StoreError;

#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = Text)]
    told: String,
}

pub(super) fn examine(db: &mut Db) -> Result<Vec<Finding>, StoreError> {
    match db {
        Db::Sqlite(_) => Ok(vec![sqlite(db)?, sqlite_references().ask(db)]),
        Db::Pg(_) => Ok(vec![checksums(db)?, postgres_indexes().ask(db), postgres_references().ask(db)]),
    }
}

const DAMAGED: &str =
    "stop the server, copy the data folder away, and restore the last backup into a new one; test disk and memory";

/// Walks through every page and every index, the index of search included.
fn sqlite(db: &mut Db) -> Result<Finding, StoreError> {
    const NAME: &str = "integrity";
    let query = diesel::sql_query("SELECT integrity_check AS told FROM pragma_integrity_check LIMIT 20");
    let told: QueryResult<Vec<Told>> = native!(db, |c| query.load(c));
    Ok(match told {
        Ok(told) if told.iter().all(|row| row.told == "ok") => Finding::fine(NAME, "every page and index is whole"),
        Ok(told) => {
            let all: Vec<String> = told.into_iter().map(|row| row.told).collect();
            Finding::bad(NAME, Level::Fault, all.join("; "), DAMAGED)
        }
        Err(error) => Finding::bad(NAME, Level::Fault, error.to_string(), DAMAGED),
    })
}

fn sqlite_references() -> Check {
    Check {
        name: "references",
        rows: "rows that refer to rows that are not there",
        sql: "SELECT \"table\" || ' to ' || parent AS example FROM pragma_foreign_key_check".into(),
        level: Level::Fault,
        advice: "restore the last backup that rapport backup verify finds sound",
    }
}

fn postgres_references() -> Check {
    Check {
        name: "references",
        rows: "foreign keys that are switched off or not checked",
        sql: "SELECT conname::text AS example FROM pg_constraint k
              WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
                AND (NOT convalidated OR EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgconstraint = k.oid AND t.tgenabled = 'D'))"
            .into(),
        level: Level::Fault,
        advice: "ALTER TABLE … VALIDATE CONSTRAINT …, or ALTER TABLE … ENABLE TRIGGER ALL",
    }
}

fn postgres_indexes() -> Check {
    Check {
        name: "indexes",
        rows: "indexes that are not valid",
        sql: "SELECT indexrelid::regclass::text AS example FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
              WHERE c.relnamespace = current_schema()::regnamespace AND NOT (indisvalid AND indisready AND indislive)"
            .into(),
        level: Level::Fault,
        advice: "REINDEX INDEX …",
    }
}

/// What PostgreSQL has noticed about its pages, if it keeps checksums.
fn checksums(db: &mut Db) -> Result<Finding, StoreError> {
    const NAME: &str = "integrity";
    let query = diesel::sql_query(
        "SELECT CASE WHEN checksum_failures IS NULL THEN 'off' ELSE checksum_failures::text END AS told
         FROM pg_stat_database WHERE datname = current_database()",
    );
    let told: Vec<Told> = native!(db, |c| query.load(c))?;
    Ok(match told.first().map(|row| row.told.as_str()) {
        Some("0") => Finding::fine(NAME, "the server has found every page it read whole"),
        Some("off") | None => {
            Finding::fine(NAME, "the server keeps no checksums of its pages (initdb --data-checksums)")
        }
        Some(count) => Finding::bad(
            NAME,
            Level::Fault,
            format!("the server has found {count} damaged pages"),
            "restore the last backup into a new server; test disk and memory",
        ),
    })
}

#[derive(QueryableByName)]
struct Clock {
    #[diesel(sql_type = Nullable<BigInt>)]
    newest: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    server: Option<i64>,
}

/// Microseconds by which two clocks may differ: a minute.
const DRIFT: i64 = 60_000_000;

/// This machine's clock against the newest change, and against the clock of a server.
pub(super) fn clock(db: &mut Db, now: i64) -> Result<Finding, StoreError> {
    const NAME: &str = "clock";
    let found: Clock = match db {
        Db::Sqlite(c) => diesel::sql_query(
            "SELECT (SELECT at FROM outbox ORDER BY seq DESC LIMIT 1) AS newest, NULL AS server",
        )
        .get_result(c)?,
        Db::Pg(c) => diesel::sql_query(
            "SELECT (SELECT (extract(epoch FROM at) * 1000000)::bigint FROM outbox ORDER BY seq DESC LIMIT 1) AS newest,
                    (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS server",
        )
        .get_result(c)?,
    };
    let advice = "set the clock of this machine by NTP: sessions and due dates depend on it";
    Ok(if found.newest.is_some_and(|newest| newest > now + DRIFT) {
        Finding::bad(NAME, Level::Warning, "the newest change is in the future", advice)
    } else if found.server.is_some_and(|server| (server - now).abs() > DRIFT) {
        Finding::bad(NAME, Level::Warning, "the clock of the database's machine differs by more than a minute", advice)
    } else {
        Finding::fine(NAME, "not behind the newest change")
    })
}
