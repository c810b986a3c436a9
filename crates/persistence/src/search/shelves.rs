//! On PostgreSQL: the last indexed of the documents that have some words.
//!
//! An index over words knows no order, so that every document with the words would have to be fetched to know which are the
//! newest. Documents stand on shelves, by their numbers, and the index knows their shelf too: a look at the newest shelves
//! fetches what stands there, and the others are looked at where that is too little.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};

use rapport_domain::kind::RecordKind;
use rapport_domain::search::Query;

use super::{COMMON, has_words, needles};
use crate::connection::Db;
use crate::fragment::{Bind, Fragment};
use crate::types::{Id, Uid};

/// The shelf of a document, as the index has it: 65,536 numbers are on one.
const SHELF: &str = "seq >> 16";

/// The first of the newest shelves, on which a 32nd of all documents stands, where `seq` is the last number. A word that `n`
/// documents have costs `n / 32` of them, or a few hundred.
const FIRST_OF_NEWEST: &str = "(seq - seq / 32) >> 16";

#[derive(Debug, QueryableByName)]
struct Document {
    #[diesel(sql_type = Uid)]
    id: Id,
    #[diesel(sql_type = Bool)]
    has_needles: bool,
    #[diesel(sql_type = Bool)]
    is_visible: bool,
    /// How many documents were looked at.
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// The last indexed records that a query finds.
#[derive(Debug)]
pub(super) struct Found {
    /// Those that meet the condition, the last indexed first.
    pub(super) visible: Vec<Id>,
    /// Whether no other record is found.
    pub(super) is_all: bool,
}

/// Of the last indexed records that a query finds, `most` of them, those that meet a condition; `None` when very many have its
/// words.
///
/// # Errors
/// When the database fails.
pub(super) fn newest(
    db: &mut Db,
    kind: RecordKind,
    query: &Query,
    condition: &Fragment,
    most: i64,
) -> QueryResult<Option<Found>> {
    let found: Vec<Document> = statement(kind, query, condition, most).load_rows(db)?;
    if found.first().is_some_and(|document| document.count >= COMMON) {
        return Ok(None);
    }
    let found: Vec<Document> = found.into_iter().filter(|document| document.has_needles).collect();
    let is_all = i64::try_from(found.len()).is_ok_and(|looked| looked < most);
    let visible = found.into_iter().filter(|document| document.is_visible).map(|document| document.id).collect();
    Ok(Some(Found { visible, is_all }))
}

/// What stands on the newest shelves; and, unless that is enough, on the others, which then cost nothing: their condition is known
/// before their first document.
fn statement(kind: RecordKind, query: &Query, condition: &Fragment, most: i64) -> Fragment {
    let on_newest = Fragment::sql("ARRAY[")
        .push(SHELF)
        .push("] && ARRAY(SELECT generate_series(")
        .push(FIRST_OF_NEWEST)
        .push(", ")
        .push(SHELF)
        .push(") FROM last)");
    let is_too_little = Fragment::sql(SHELF)
        .push(" < (SELECT ")
        .push(FIRST_OF_NEWEST)
        .push(" FROM last) AND (SELECT COUNT(*) FROM newest WHERE has_needles) < ")
        .bind(Bind::Integer(most));
    let is_visible = Fragment::sql("(SELECT COUNT(*) FROM ")
        .push(kind.plural())
        .push(" WHERE id = found.id AND ")
        .append(condition.clone())
        .push(") > 0 AS is_visible");
    Fragment::sql("WITH last AS MATERIALIZED (SELECT MAX(seq) AS seq FROM search_docs), newest AS MATERIALIZED (")
        .append(look(kind, query, on_newest))
        .push("), older AS MATERIALIZED (")
        .append(look(kind, query, is_too_little))
        .push(") SELECT id, has_needles, count, ")
        .append(is_visible)
        .push(" FROM (SELECT id, seq, has_needles, COUNT(*) OVER () AS count FROM (SELECT * FROM newest UNION ALL SELECT * FROM older) AS looked")
        .push(" ORDER BY has_needles DESC, seq DESC LIMIT ")
        .bind(Bind::Integer(most))
        .push(") AS found ORDER BY has_needles DESC, seq DESC")
}

/// Any documents of some shelves that have the words, and whether they have the longer texts too.
fn look(kind: RecordKind, query: &Query, place: Fragment) -> Fragment {
    Fragment::sql("SELECT seq, record_id AS id, TRUE")
        .append(needles(query))
        .push(" AS has_needles FROM search_docs WHERE ")
        .append(has_words(kind, query))
        .and(place)
        .push(" LIMIT ")
        .bind(Bind::Integer(COMMON))
}
