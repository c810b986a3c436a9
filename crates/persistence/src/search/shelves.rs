//! On PostgreSQL: the last indexed of the documents that have some words.
//!
//! An index over words knows no order, so that every document with the words would have to be fetched to know which are the
//! newest. Documents stand on shelves, by their numbers, and the index knows their shelf too: a look at the newest shelves
//! fetches what stands there, and the others are looked at where that is too little.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};

use rapport_domain::kind::RecordKind;
use rapport_domain::search::{Query, Term};

use super::{COMMON, has_words, needles};
use crate::connection::Db;
use crate::fragment::{Bind, Fragment};
use crate::types::{Id, Uid};

/// The shelf of a document, as the index has it: 65,536 numbers are on one.
const SHELF: &str = "seq >> 16";

/// The part of all documents, as `1 / n`, that is looked at first. A word that `m` documents have costs `m / n` of them, or a few
/// hundred where that is too few; so digits that one of a hundred phone numbers has can do with less than other words.
fn part(query: &Query) -> i64 {
    if query.terms.iter().all(Term::is_in_many_numbers) { 64 } else { 32 }
}

/// The first of the newest shelves, where `seq` is the last number. One of them is full: what comes in by thousands of one kind
/// would else leave nothing of another on a shelf that has just begun.
fn first_of_newest(query: &Query) -> Fragment {
    Fragment::sql("LEAST(seq - seq / ").bind(Bind::Integer(part(query))).push(", seq - 65536) >> 16")
}

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
        .append(first_of_newest(query))
        .push(", ")
        .push(SHELF)
        .push(") FROM last)");
    let is_too_little = Fragment::sql(SHELF)
        .push(" < (SELECT ")
        .append(first_of_newest(query))
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
