//! Removing what is kept beside records that are not there, and what only one half of search knows.

use rapport_domain::kind::RecordKind;

use crate::connection::Db;
use crate::fragment::Fragment;
use crate::store::Tx;

/// What is kept beside records of every kind.
const BESIDE: [&str; 4] = ["record_tags", "record_keys", "external_ids", "search_docs"];
/// Documents that the index of search lacks go, so that their records are found to have none.
const UNINDEXED: &str = "DELETE FROM search_docs WHERE seq NOT IN (SELECT id FROM search_index_docsize)";
const UNDOCUMENTED: &str = "DELETE FROM search_index WHERE rowid IN
    (SELECT id FROM search_index_docsize WHERE id NOT IN (SELECT seq FROM search_docs))";

/// Removes it; answers how many rows that were. What records lack afterwards is written by
/// [`crate::records::record_mend`].
///
/// # Errors
/// When the database fails.
pub fn leftovers_remove(tx: &mut Tx<'_>) -> diesel::QueryResult<usize> {
    let mut statements: Vec<String> = BESIDE.iter().flat_map(|table| lost(table)).collect();
    if let Db::Sqlite(_) = &**tx {
        statements.extend([UNINDEXED, UNDOCUMENTED].map(str::to_owned));
    }
    let mut removed = 0;
    for statement in statements {
        removed += Fragment::sql(&statement).ad_hoc().run(tx)?;
    }
    Ok(removed)
}

/// Rows of a table whose record is not there.
fn lost(table: &str) -> Vec<String> {
    let of = |kind: RecordKind| {
        let (word, records) = (kind.as_str(), kind.plural());
        format!(
            "DELETE FROM {table} WHERE record_type = '{word}'
             AND NOT EXISTS (SELECT 1 FROM {records} WHERE {records}.id = {table}.record_id)"
        )
    };
    let words = RecordKind::OWNED.map(|kind| format!("'{}'", kind.as_str())).join(", ");
    let unknown = format!("DELETE FROM {table} WHERE record_type NOT IN ({words})");
    RecordKind::OWNED.map(of).into_iter().chain([unknown]).collect()
}
