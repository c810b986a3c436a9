//! Full-text search over tokens that the domain made, the same on both databases.
//!
//! SQLite keeps them in an FTS5 table whose rowid is `search_docs.seq`, PostgreSQL in a `tsvector` with a GIN index. In
//! the index a letter before each token tells the kind of record, so that a search in one kind never meets another. SQLite
//! keeps the tokens beside the document as well, because FTS5 is slow to say whether one given document has a word.
//!
//! On SQLite a document is findable once its transaction has ended: its words go into the index with those of every other
//! transaction of the same commit ([`gather`]).

mod common;
mod shelves;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use uuid::Uuid;

use rapport_domain::access::Visibility;
use rapport_domain::kind::RecordKind;
use rapport_domain::search::{Query, Term, keys, tsvector};

use crate::connection::Db;
use crate::fragment::{Bind, Fragment};
use crate::satellites::Satellites;
use crate::scope;
use crate::store::Tx;
use crate::types::{Id, Uid};

#[derive(Debug, QueryableByName)]
struct Seq {
    #[diesel(sql_type = BigInt)]
    seq: i64,
}

/// Makes a record findable.
pub(crate) fn index(tx: &mut Tx<'_>, kind: RecordKind, id: Id, around: &Satellites) -> QueryResult<()> {
    let head = [Bind::Id(id), Bind::Text(kind.as_str().to_owned()), Bind::Text(around.body.clone())];
    let insert =
        Fragment::sql("INSERT INTO search_docs (record_id, record_type, body, tokens) VALUES (").bind_all(head);
    let insert = match &**tx {
        Db::Sqlite(_) => insert.push(", ").bind(Bind::Text(beside(&around.tokens))).push(")"),
        Db::Pg(_) => insert.push(", (").bind(Bind::Text(tsvector(mark(kind), &around.tokens))).push(")::tsvector)"),
    };
    insert.run(tx).map(drop)
}

/// Puts the words of new documents into the index of SQLite: of those behind the last one that it knows, for no number of a
/// document is given twice. At the end of a commit rather than with each document, because FTS5 writes out a segment of
/// what it has gathered at every savepoint, to be merged with others later.
pub(crate) fn gather(db: &mut Db) -> QueryResult<()> {
    let Db::Sqlite(_) = db else { return Ok(()) };
    let marks = RecordKind::OWNED.iter().fold(Fragment::default(), |sql, kind| {
        sql.push(" WHEN ")
            .bind(Bind::Text(kind.as_str().to_owned()))
            .push(" THEN ")
            .bind(Bind::Text(mark(*kind).to_string()))
    });
    // What `keys` of the domain says, in SQL.
    Fragment::sql("INSERT INTO search_index (rowid, tokens) SELECT seq, (SELECT GROUP_CONCAT(DISTINCT CASE record_type")
        .append(marks)
        .push(
            " END || CASE WHEN value GLOB '[0-9][0-9][0-9][0-9]*' THEN SUBSTR(value, 1, 4) ELSE value END)
             FROM json_each('[\"' || REPLACE(TRIM(tokens), ' ', '\",\"') || '\"]'))
             FROM search_docs WHERE seq > (SELECT COALESCE(MAX(id), 0) FROM search_index_docsize) ORDER BY seq",
        )
        .run(db)
        .map(drop)
}

/// The letter before the tokens of a kind.
pub(crate) fn mark(kind: RecordKind) -> char {
    match kind {
        RecordKind::Customer => 'c',
        RecordKind::Contact => 'p',
        RecordKind::Lead => 'l',
        RecordKind::Opportunity => 'o',
        RecordKind::Activity => 'a',
        RecordKind::User | RecordKind::Team | RecordKind::Pipeline | RecordKind::Stage => 'x',
    }
}

/// The words of a document as the index has them.
pub(crate) fn marked(kind: RecordKind, tokens: &[String]) -> Vec<String> {
    keys(tokens).into_iter().map(|key| format!("{}{key}", mark(kind))).collect()
}

/// The tokens as SQLite keeps them beside the document: a blank before and after each.
pub(crate) fn beside(tokens: &[String]) -> String {
    format!(" {} ", tokens.join(" "))
}

/// Makes a record unfindable.
pub(crate) fn forget(tx: &mut Tx<'_>, id: Id) -> QueryResult<()> {
    if let Db::Sqlite(_) = &mut **tx {
        let hits = "DELETE FROM search_index WHERE rowid IN (SELECT seq FROM search_docs WHERE record_id = ";
        Fragment::sql(hits).bind(Bind::Id(id)).push(")").run(tx)?;
    }
    Fragment::sql("DELETE FROM search_docs WHERE record_id = ").bind(Bind::Id(id)).run(tx).map(drop)
}

/// Hits from which on a word counts as common.
const COMMON: i64 = 2000;

/// How a list looks for its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// From the few hits to the rows.
    FromHits,
    /// From the rows, in the order of the list, each tested: for what very many rows have.
    FromRows,
}

/// The newest rows that are tested one by one for words that are in many.
const NEWEST: i64 = 500;

/// Which way is shorter: a look at the first hits tells, unless there is one word only and PostgreSQL knows it well, or a short
/// beginning that is common among the newest rows.
///
/// # Errors
/// When the database fails.
pub(crate) fn way(db: &mut Db, kind: RecordKind, query: &Query) -> QueryResult<Way> {
    // Two common words need not be common together.
    if query.terms.len() == 1 && common::is_in_many(db, kind, query)? {
        return Ok(Way::FromRows);
    }
    // To count what begins with one letter takes the index longer than to try some rows.
    if is_short(db, query) && hits_of_newest(db, kind, query)? * 100 >= NEWEST {
        return Ok(Way::FromRows);
    }
    Ok(if first_hits(db, kind, query)? < COMMON { Way::FromHits } else { Way::FromRows })
}

/// How many hits the index has, as far as it matters: at most [`COMMON`].
fn first_hits(db: &mut Db, kind: RecordKind, query: &Query) -> QueryResult<i64> {
    let sql = Fragment::default()
        .dialect(
            "SELECT COUNT(*) AS seq FROM (SELECT 1 FROM search_index WHERE search_index MATCH ",
            "SELECT COUNT(*) AS seq FROM (SELECT 1 FROM search_docs WHERE ",
        )
        .either(words(kind, query), has_words(kind, query))
        .push(" LIMIT ")
        .bind(Bind::Integer(COMMON))
        .push(") AS hits");
    count(db, sql)
}

/// What a statement counts, as `seq`.
fn count(db: &mut Db, sql: Fragment) -> QueryResult<i64> {
    let counted: Vec<Seq> = sql.load_rows(db)?;
    Ok(counted.first().map_or(0, |counted| counted.seq))
}

/// The condition that a row of `kind` is found by `query`.
pub(crate) fn hits(kind: RecordKind, query: &Query, way: Way) -> Fragment {
    match way {
        Way::FromHits => Fragment::sql("id ").either(
            Fragment::sql("IN (SELECT record_id FROM search_docs WHERE seq IN (SELECT rowid FROM search_index WHERE search_index MATCH ")
                .append(words(kind, query))
                .push(")")
                .append(needles(query))
                .append(in_a_row(query))
                .push(")"),
            Fragment::sql("= ").append(from_index(kind, query)),
        ),
        // A scalar sub-query is asked row by row; neither planner turns it into a join that begins with all the hits.
        Way::FromRows => Fragment::sql("(SELECT COUNT(*) FROM search_docs WHERE record_id = ")
            .push(kind.plural())
            .push(".id AND ")
            .either(in_document(query), Fragment::sql("tokens @@ (").append(words(kind, query)).push(")::tsquery"))
            .append(needles(query))
            .push(") > 0"),
    }
}

/// On PostgreSQL: the documents of a kind that have every word. Each kind has an index of its own, which is used where the
/// statement names the kind; and is not asked for short beginnings, where there are other words.
fn has_words(kind: RecordKind, query: &Query) -> Fragment {
    // What the planner does not see it plans for once: the plan is the same for all words.
    let has = |query: &Query| Fragment::sql("(tokens @@ (SELECT (").append(words(kind, query)).push(")::tsquery))");
    let sql = Fragment::sql("record_type = '").push(kind.as_str()).push("' AND ");
    let is_short = |term: &Term| term.is_short(SHORT_POSTGRES);
    match (query.only(|term| !is_short(term)), query.only(is_short)) {
        (Some(long), Some(short)) => sql.append(has(&long)).push(" AND ").append(has(&short)).push(" IS TRUE"),
        _ => sql.append(has(query)),
    }
}

fn words(kind: RecordKind, query: &Query) -> Fragment {
    let text = |words| Fragment::default().bind(Bind::Text(words));
    Fragment::default().either(text(query.fts5(mark(kind))), text(query.tsquery(mark(kind))))
}

/// On SQLite: the document that is at hand has every term.
fn in_document(query: &Query) -> Fragment {
    Fragment::join(query.terms.iter().map(in_tokens).collect(), " AND ", Fragment::all())
}

fn in_tokens(term: &Term) -> Fragment {
    let token = format!(" {}{}", term.token, if term.is_prefix { "" } else { " " });
    Fragment::sql("instr(search_docs.tokens, ").bind(Bind::Text(token)).push(") > 0")
}

/// Pairs of letters ignore their order, so a longer needle is looked up in the text of the few that are left.
fn needles(query: &Query) -> Fragment {
    query.needles.iter().fold(Fragment::default(), |sql, needle| {
        sql.dialect(" AND instr(body, ", " AND strpos(body, ").bind(Bind::Text(needle.clone())).push(") > 0")
    })
}

/// On SQLite the index ignores the places of digits as well, so a longer number is looked up in the tokens.
fn in_a_row(query: &Query) -> Fragment {
    query.in_a_row().fold(Fragment::default(), |sql, term| sql.and(in_tokens(term)))
}

/// A record that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Its kind.
    pub kind: RecordKind,
    /// Its id.
    pub id: Uuid,
}

#[derive(Debug, QueryableByName)]
struct HitRow {
    #[diesel(sql_type = Uid)]
    id: Id,
}

/// The ids of the records of one kind that are found, last indexed first; of what is common, the last changed first.
///
/// # Errors
/// When the database fails.
pub fn search(
    db: &mut Db,
    kind: RecordKind,
    visibility: &Visibility,
    query: &Query,
    limit: i64,
) -> QueryResult<Vec<Hit>> {
    let alive = || Fragment::sql("deleted_at IS NULL AND ").append(scope::within(visibility));
    let from_rows = |rows, condition: Fragment| {
        ids(rows, condition.and(hits(kind, query, Way::FromRows)), Fragment::sql(NEWEST_FIRST))
    };
    let (is_sqlite, wanted) = (matches!(db, Db::Sqlite(_)), usize::try_from(limit).unwrap_or_default());
    if is_short(db, query) || common::is_in_many(db, kind, query)? {
        let found = load(db, kind, from_rows(newest_rows(kind, alive()), Fragment::all()), limit)?;
        if found.len() >= wanted {
            return Ok(found);
        }
    }
    // SQLite's index hands hits out newest first and stops when there are enough, unless most of them are hidden.
    if is_sqlite && *visibility == Visibility::Everything {
        return load(db, kind, streamed(kind, query, alive()), limit);
    }
    let table = || Fragment::sql(kind.plural());
    if is_sqlite {
        return match first_hits(db, kind, query)? {
            0 => Ok(Vec::new()),
            COMMON.. => load(db, kind, from_rows(table(), alive()), limit),
            _ => load(db, kind, streamed(kind, query, alive()), limit),
        };
    }
    // All are looked at when most of the first are hidden, which nothing is from whoever sees everything.
    let first_look = if *visibility == Visibility::Everything { limit } else { FIRST_LOOK.max(2 * limit) };
    for most in [first_look, COMMON] {
        let Some(found) = shelves::newest(db, kind, query, &alive(), most)? else { break };
        if found.visible.len() >= wanted || found.is_all {
            return Ok(found.visible.into_iter().take(wanted).map(|id| Hit { kind, id: id.0 }).collect());
        }
    }
    load(db, kind, from_rows(table(), alive()), limit)
}

/// The newest rows that meet a condition, in the place of all.
fn newest_rows(kind: RecordKind, condition: Fragment) -> Fragment {
    let rows = Fragment::sql("(SELECT id, updated_at FROM ").push(kind.plural()).push(" WHERE ").append(condition);
    rows.push(NEWEST_FIRST).push(" LIMIT ").bind(Bind::Integer(NEWEST)).push(") AS ").push(kind.plural())
}

/// How many of the newest rows are found.
fn hits_of_newest(db: &mut Db, kind: RecordKind, query: &Query) -> QueryResult<i64> {
    let sql =
        Fragment::sql("SELECT COUNT(*) AS seq FROM ").append(newest_rows(kind, Fragment::sql("deleted_at IS NULL")));
    count(db, sql.push(" WHERE ").append(hits(kind, query, Way::FromRows)))
}

/// Whether the query says beginnings only that are so short that very many documents may have them.
fn is_short(db: &Db, query: &Query) -> bool {
    let letters = if matches!(db, Db::Sqlite(_)) { SHORT_SQLITE } else { SHORT_POSTGRES };
    query.terms.iter().all(|term| term.is_short(letters))
}

/// Letters of a beginning up to which an index gathers very many words before it hands out the first document: FTS5 keeps what begins
/// with two letters by itself.
const SHORT_SQLITE: usize = 1;
const SHORT_POSTGRES: usize = 2;

const NEWEST_FIRST: &str = " ORDER BY updated_at DESC, id DESC";

/// The ids of the rows that meet a condition, in an order.
fn ids(rows: Fragment, condition: Fragment, order: Fragment) -> Fragment {
    Fragment::sql("SELECT id FROM ").append(rows).push(" WHERE ").append(condition).append(order)
}

/// How many records are looked at to begin with where many may be hidden: most often enough, of up to [`COMMON`].
const FIRST_LOOK: i64 = 64;

/// On SQLite: the hits that meet a condition, in the order of the index, backwards.
fn streamed(kind: RecordKind, query: &Query, condition: Fragment) -> Fragment {
    Fragment::sql(
        "SELECT id FROM search_index CROSS JOIN search_docs ON search_docs.seq = search_index.rowid CROSS JOIN ",
    )
    .push(kind.plural())
    .push(" ON id = search_docs.record_id WHERE search_index MATCH ")
    .append(words(kind, query))
    .append(needles(query))
    .append(in_a_row(query))
    .and(condition)
    .push(" ORDER BY search_index.rowid DESC")
}

fn load(db: &mut Db, kind: RecordKind, sql: Fragment, limit: i64) -> QueryResult<Vec<Hit>> {
    let rows: Vec<HitRow> = sql.push(" LIMIT ").bind(Bind::Integer(limit)).load_rows(db)?;
    Ok(rows.into_iter().map(|row| Hit { kind, id: row.id.0 }).collect())
}

/// On PostgreSQL: any of the records that the index of the words names. The planner does not know how few these are, and would
/// rather walk through all rows in their order; an array is made first.
fn from_index(kind: RecordKind, query: &Query) -> Fragment {
    Fragment::sql("ANY(ARRAY(SELECT record_id FROM search_docs WHERE ")
        .append(has_words(kind, query))
        .append(needles(query))
        .push("))")
}
