//! Removing what is kept beside records that are not there, and what only one half of search knows.

use rapport_domain::kind::RecordKind;

use crate::connection::Db;
use crate::fragment::Fragment;
use crate::search::gather;
use crate::store::Tx;

/// What is kept beside records of every kind.
const BESIDE: [&str; 4] = ["record_tags", "record_keys", "external_ids", "search_docs"];
/// Which documents the index of search lacks, on SQLite.
pub(crate) const UNINDEXED: &str = "seq NOT IN (SELECT id FROM search_index_docsize)";
/// Which entries of `search_index_docsize` have no document.
pub(crate) const UNDOCUMENTED: &str = "id NOT IN (SELECT seq FROM search_docs)";

/// Removes it; answers how many rows that were. What records lack afterwards is written by
/// [`crate::records::record_mend`].
///
/// # Errors
/// When the database fails.
pub fn leftovers_remove(tx: &mut Tx<'_>) -> diesel::QueryResult<usize> {
    let lost = BESIDE.iter().flat_map(|table| {
        let delete = move |(_, condition): (String, String)| format!("DELETE FROM {table} WHERE {condition}");
        lost(table).into_iter().map(delete)
    });
    let mut statements: Vec<String> = lost.collect();
    if let Db::Sqlite(_) = &**tx {
        gather(tx)?;
        // Documents that the index lacks go, so that their records are found to have none.
        statements.push(format!("DELETE FROM search_docs WHERE {UNINDEXED}"));
        let entries = format!("SELECT id FROM search_index_docsize WHERE {UNDOCUMENTED}");
        statements.push(format!("DELETE FROM search_index WHERE rowid IN ({entries})"));
    }
    let mut removed = 0;
    for statement in statements {
        removed += Fragment::sql(&statement).ad_hoc().run(tx)?;
    }
    Ok(removed)
}

/// Which rows of a table beside the records belong to a record that is not there: SQL that says of what, and the condition.
pub(crate) fn lost(table: &str) -> Vec<(String, String)> {
    let of = |kind: RecordKind| {
        let (word, records) = (kind.as_str(), kind.plural());
        let condition = format!(
            "record_type = '{word}' AND NOT EXISTS (SELECT 1 FROM {records} WHERE {records}.id = {table}.record_id)"
        );
        (format!("'{table} of a {word}'"), condition)
    };
    let words = RecordKind::OWNED.map(|kind| format!("'{}'", kind.as_str())).join(", ");
    let unknown = (format!("'{table} of ' || record_type"), format!("record_type NOT IN ({words})"));
    RecordKind::OWNED.map(of).into_iter().chain([unknown]).collect()
}
