//! The indexes beside keys and uniqueness: what the steps of the schema make, which of them a database lacks, and how an
//! empty database does without them while it is filled.
//!
//! Filling a table and sorting once is several times faster than keeping a dozen trees in order row by row. Nothing depends
//! on their absence being remembered: whatever is missing is made at the next start ([`crate::migrate::run`]), so that a
//! crash in between leaves a database that heals.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::connection::{Db, native};
use crate::migrate::{POSTGRES_SHARE, POSTGRES_TURN, scripts};
use crate::store::Tx;

/// The tables that filling a database fills.
pub(crate) const FILLED: [&str; 15] = [
    "customers",
    "contacts",
    "leads",
    "opportunities",
    "activities",
    "contact_customers",
    "opportunity_contacts",
    "activity_contacts",
    "stage_moves",
    "lifecycle_moves",
    "external_ids",
    "record_tags",
    "record_keys",
    "changes",
    "search_docs",
];

/// The key of a table whose rows come with records that have keys of their own: it keeps nothing out while an empty database is
/// filled with new records, and comes in no order.
const KEY_THAT_WAITS: &str = "record_keys_unique";

/// An index as a step of the schema makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    name: String,
    table: String,
    is_unique: bool,
    /// The statement that makes it, unless it is there.
    statement: String,
}

impl Index {
    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Drops the indexes of the tables that are about to be filled, if these are empty; answers how many.
///
/// # Errors
/// When the database fails.
pub fn indexes_postpone(tx: &mut Tx<'_>) -> QueryResult<usize> {
    for table in FILLED {
        if has_rows(tx, table)? {
            return Ok(0);
        }
    }
    let there = names(tx)?;
    let can_wait =
        |index: &Index| (!index.is_unique || index.name == KEY_THAT_WAITS) && FILLED.contains(&index.table.as_str());
    let postponed: Vec<Index> =
        expected(tx).into_iter().filter(|index| can_wait(index) && there.contains(&index.name)).collect();
    postponed.iter().try_for_each(|index| tx.batch(&format!("DROP INDEX {}", index.name)))?;
    Ok(postponed.len())
}

/// Makes an index, unless it is there. Several connections may make several beside each other.
///
/// # Errors
/// When the database fails.
pub fn index_make(tx: &mut Tx<'_>, index: &Index) -> QueryResult<()> {
    if let Db::Pg(_) = &**tx {
        POSTGRES_SHARE.iter().try_for_each(|statement| tx.batch(statement))?;
        // Of two that make the same one the second finds it there.
        tx.batch(&format!("SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.{}', 0))", index.name))?;
    }
    make(tx, index)
}

/// Those that are missing, the dearest first.
///
/// # Errors
/// When the database fails.
pub fn indexes_missing(db: &mut Db) -> QueryResult<Vec<Index>> {
    let mut missing = missing(db)?;
    missing.sort_by_key(|index| index.table != "search_docs");
    Ok(missing)
}

/// Makes every index that is missing, each in a transaction of its own.
pub(crate) fn make_missing(db: &mut Db) -> QueryResult<()> {
    if missing(db)?.is_empty() {
        return Ok(());
    }
    while db.transaction(make_next)? {}
    Ok(())
}

/// Nodes that start take turns, as with the steps of the schema.
fn make_next(db: &mut Db) -> QueryResult<bool> {
    if let Db::Pg(_) = db {
        POSTGRES_TURN.iter().try_for_each(|statement| db.batch(statement))?;
    }
    let Some(index) = missing(db)?.into_iter().next() else { return Ok(false) };
    make(db, &index)?;
    Ok(true)
}

/// An index of a million rows takes as long as it takes.
fn make(db: &mut Db, index: &Index) -> QueryResult<()> {
    if let Db::Pg(_) = db {
        db.batch("SET LOCAL statement_timeout = 0; SET LOCAL maintenance_work_mem = '256MB'")?;
    }
    db.batch(&index.statement)
}

fn missing(db: &mut Db) -> QueryResult<Vec<Index>> {
    let there = names(db)?;
    Ok(expected(db).into_iter().filter(|index| !there.contains(&index.name)).collect())
}

fn has_rows(db: &mut Db, table: &str) -> QueryResult<bool> {
    let rows: Vec<Word> =
        native!(db, |c| diesel::sql_query(format!("SELECT 'row' AS text FROM {table} LIMIT 1")).load(c))?;
    Ok(!rows.is_empty())
}

fn names(db: &mut Db) -> QueryResult<BTreeSet<String>> {
    let rows: Vec<Word> = match db {
        Db::Sqlite(c) => diesel::sql_query("SELECT name AS text FROM sqlite_master WHERE type = 'index'").load(c)?,
        Db::Pg(c) => {
            diesel::sql_query("SELECT indexname::text AS text FROM pg_indexes WHERE schemaname = current_schema()")
                .load(c)?
        }
    };
    Ok(rows.into_iter().map(|row| row.text).collect())
}

/// What the steps leave behind, in the order of making.
fn expected(db: &Db) -> Vec<Index> {
    let mut found: Vec<Index> = Vec::new();
    for statement in scripts(db) {
        if let Some(index) = read(&statement) {
            found.push(index);
        } else if let Some(gone) = dropped(&statement, "DROP INDEX") {
            found.retain(|index| index.name != gone);
        } else if let Some(gone) = dropped(&statement, "DROP TABLE") {
            found.retain(|index| index.table != gone);
        }
    }
    found
}

fn read(statement: &str) -> Option<Index> {
    let mut words = statement.split_whitespace().skip_while(|word| *word == "CREATE");
    let is_unique = statement.starts_with("CREATE UNIQUE INDEX ");
    if !is_unique && !statement.starts_with("CREATE INDEX ") {
        return None;
    }
    let name = words.find(|word| *word != "UNIQUE" && *word != "INDEX")?;
    let table = words.nth(1)?;
    Some(Index {
        name: name.to_owned(),
        table: table.to_owned(),
        is_unique,
        statement: statement.replacen("INDEX ", "INDEX IF NOT EXISTS ", 1),
    })
}

fn dropped<'a>(statement: &'a str, what: &str) -> Option<&'a str> {
    statement.strip_prefix(what)?.split_whitespace().next()
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(name: &str, table: &str, is_unique: bool, statement: &str) -> Option<Index> {
        Some(Index { name: name.into(), table: table.into(), is_unique, statement: statement.into() })
    }

    #[test]
    fn a_statement_that_makes_an_index_is_read() {
        assert_eq!(
            read("CREATE INDEX leads_by_owner ON leads (owner_id, id)\nWHERE deleted_at IS NULL"),
            index(
                "leads_by_owner",
                "leads",
                false,
                "CREATE INDEX IF NOT EXISTS leads_by_owner ON leads (owner_id, id)\nWHERE deleted_at IS NULL"
            )
        );
        assert_eq!(
            read("CREATE UNIQUE INDEX one_live ON conversions (lead_id)"),
            index(
                "one_live",
                "conversions",
                true,
                "CREATE UNIQUE INDEX IF NOT EXISTS one_live ON conversions (lead_id)"
            )
        );
        assert_eq!(read("CREATE TABLE leads (id BLOB)"), None);
    }

    #[test]
    fn what_a_later_step_drops_is_not_expected() {
        assert_eq!(dropped("DROP INDEX leads_by_owner", "DROP INDEX"), Some("leads_by_owner"));
        assert_eq!(dropped("DROP TABLE leads", "DROP INDEX"), None);
    }
}
