//! Writing many new records at once, with everything around them: for sample and seed data.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};

use rapport_domain::access::Permit;
use rapport_domain::kind::RecordKind;
use rapport_domain::search::tsvector;

use crate::changes::{Change, changes_insert};
use crate::connection::{Db, insert_many};
use crate::error::StoreError;
use crate::indexes::FILLED;
use crate::opportunities::StageMoveRow;
use crate::record::{Body, Record};
use crate::records::Written;
use crate::schema::{
    activity_contacts, contact_customers, external_ids, opportunity_contacts, record_keys, record_tags, search_docs,
    search_index, stage_moves,
};
use crate::search::{beside, gather, mark, marked};
use crate::store::Tx;
use crate::types::{Id, Uid};

/// How many records one statement of indexing is about.
const PORTION: usize = 1000;

/// Whether the writing connection is to be made ready for many records, or for everyday work again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gear {
    /// SQLite keeps much in memory and tidies its log up rarely.
    Bulk,
    /// As every connection begins; PostgreSQL counts what it has been given.
    Everyday,
}

/// Pages in memory, pages of the log before it is tidied up (2 GiB: what many transactions change goes to its place once),
/// helpers that sort, bytes of words gathered before they are written out as one piece of the index, and pieces that may wait
/// to be joined (FTS5 would join them again and again on the way).
const BULK: &str = "PRAGMA cache_size = -524288; PRAGMA wal_autocheckpoint = 524288; PRAGMA threads = 2;
    INSERT INTO search_index (search_index, rank) VALUES ('hashsize', 268435456);
    INSERT INTO search_index (search_index, rank) VALUES ('automerge', 64);
    INSERT INTO search_index (search_index, rank) VALUES ('crisismerge', 1999)";
/// Joins the pieces, once; then the settings of every connection, and those of the index (`automerge` is that of the
/// migrations). Left as they are, large pieces would be joined with the small ones of the first hundred records after, while
/// whoever writes those waits.
const EVERYDAY: &str = "INSERT INTO search_index (search_index) VALUES ('optimize');
    PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 1000; PRAGMA threads = 0;
    INSERT INTO search_index (search_index, rank) VALUES ('hashsize', 1048576);
    INSERT INTO search_index (search_index, rank) VALUES ('automerge', 8);
    INSERT INTO search_index (search_index, rank) VALUES ('crisismerge', 16)";

/// Makes the connection of a transaction ready; nothing is less durable in either gear.
///
/// # Errors
/// When the database fails.
pub fn shift(tx: &mut Tx<'_>, gear: Gear) -> QueryResult<()> {
    match (&**tx, gear) {
        (Db::Pg(_), Gear::Bulk) => Ok(()),
        // It would come to it by itself in a minute or so; until then it would plan as if the tables were small.
        (Db::Pg(_), Gear::Everyday) => {
            tx.batch(&format!("SET LOCAL statement_timeout = 0; ANALYZE {}", FILLED.join(", ")))
        }
        (Db::Sqlite(_), Gear::Bulk) => tx.batch(BULK),
        (Db::Sqlite(_), Gear::Everyday) => tx.batch(EVERYDAY),
    }
}

/// A new record with everything that is written with it, made ready on any thread so that the one that writes only writes.
#[derive(Debug)]
pub struct Ready<B> {
    record: Record<B>,
    written: Written,
    /// Its words as the index of SQLite has them.
    words: String,
    /// Its words as PostgreSQL has them.
    tsvector: String,
    /// Its tokens as SQLite keeps them beside the document.
    beside: String,
}

impl<B: Body> Ready<B> {
    /// Makes a record ready that is alive and nowhere written yet.
    #[must_use]
    pub fn new(record: Record<B>, mut written: Written) -> Self {
        let tokens = std::mem::take(&mut written.satellites.tokens);
        Self {
            words: marked(B::KIND, &tokens).join(" "),
            tsvector: tsvector(mark(B::KIND), &tokens),
            beside: beside(&tokens),
            record,
            written,
        }
    }
}

/// Inserts new records, each with what [`Written`] says about it.
///
/// # Errors
/// When a constraint refuses or the database fails.
pub fn records_insert<B: Body>(tx: &mut Tx<'_>, _permit: &Permit, records: &[Ready<B>]) -> Result<(), StoreError> {
    B::insert_all(tx, records.iter().map(|ready| &ready.record))?;
    names_insert(tx, records)?;
    links_insert(tx, records)?;
    // Words that are ready go in at once. Those of documents before them come first, for they are known by being behind the index.
    gather(tx)?;
    for portion in records.chunks(PORTION) {
        index(tx, portion)?;
    }
    let changes: Vec<&Change> = records.iter().map(|ready| &ready.written.change).collect();
    Ok(changes_insert(tx, &changes)?)
}

/// Appends many lines to the histories of stages.
///
/// # Errors
/// When the database refuses.
pub fn stage_moves_insert(tx: &mut Tx<'_>, rows: &[StageMoveRow]) -> QueryResult<()> {
    insert_many!(&mut **tx, stage_moves::table, rows.iter().collect())
}

/// The next `count` human numbers of a kind.
///
/// # Errors
/// When the database fails.
pub fn numbers_take(tx: &mut Tx<'_>, kind: RecordKind, count: i64) -> QueryResult<Vec<i64>> {
    let taken: Vec<Number> = match &mut **tx {
        Db::Sqlite(c) => {
            let first: Number = diesel::sql_query(
                "UPDATE number_counters SET next = next + ? WHERE record_type = ? RETURNING next - ? AS n",
            )
            .bind::<BigInt, _>(count)
            .bind::<Text, _>(kind.plural())
            .bind::<BigInt, _>(count)
            .get_result(c)?;
            return Ok((first.n..first.n + count).collect());
        }
        Db::Pg(c) => {
            diesel::sql_query(format!("SELECT nextval('{}_number') AS n FROM generate_series(1, $1)", kind.plural()))
                .bind::<BigInt, _>(count)
                .load(c)?
        }
    };
    Ok(taken.into_iter().map(|number| number.n).collect())
}

#[derive(Debug, QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

fn names_insert<B: Body>(tx: &mut Tx<'_>, records: &[Ready<B>]) -> QueryResult<()> {
    let of = B::KIND.as_str();
    let around = || records.iter().map(|ready| (ready.record.head.id, &ready.written.satellites));
    let tags: Vec<_> = around()
        .flat_map(|(id, around)| {
            around.tags.iter().map(move |tag| {
                (record_tags::record_type.eq(of), record_tags::tag.eq(tag), record_tags::record_id.eq(id))
            })
        })
        .collect();
    let keys: Vec<_> = around()
        .flat_map(|(id, around)| {
            around.keys.iter().map(move |(kind, value)| {
                (
                    record_keys::kind.eq(*kind),
                    record_keys::value.eq(value),
                    record_keys::record_type.eq(of),
                    record_keys::record_id.eq(id),
                )
            })
        })
        .collect();
    let known: Vec<_> = around()
        .flat_map(|(id, around)| {
            around.external_ids.iter().map(move |known| {
                (
                    external_ids::record_type.eq(of),
                    external_ids::system.eq(&known.system),
                    external_ids::external_id.eq(&known.external_id),
                    external_ids::record_id.eq(id),
                )
            })
        })
        .collect();
    insert_many!(&mut **tx, record_tags::table, tags)?;
    insert_many!(&mut **tx, record_keys::table, keys)?;
    insert_many!(&mut **tx, external_ids::table, known)
}

fn links_insert<B: Body>(tx: &mut Tx<'_>, records: &[Ready<B>]) -> QueryResult<()> {
    let pairs = records
        .iter()
        .flat_map(|ready| ready.written.satellites.links.iter().map(move |to| (ready.record.head.id, Id(*to))));
    match B::KIND {
        RecordKind::Contact => {
            use contact_customers::{contact_id, customer_id, table};
            insert_many!(&mut **tx, table, pairs.map(|(id, to)| (contact_id.eq(id), customer_id.eq(to))).collect())
        }
        RecordKind::Opportunity => {
            use opportunity_contacts::{contact_id, opportunity_id, table};
            insert_many!(&mut **tx, table, pairs.map(|(id, to)| (opportunity_id.eq(id), contact_id.eq(to))).collect())
        }
        RecordKind::Activity => {
            use activity_contacts::{activity_id, contact_id, table};
            insert_many!(&mut **tx, table, pairs.map(|(id, to)| (activity_id.eq(id), contact_id.eq(to))).collect())
        }
        _ => Ok(()),
    }
}

// ---------------------------------------------------------------- search

fn index<B: Body>(tx: &mut Tx<'_>, records: &[Ready<B>]) -> QueryResult<()> {
    match &mut **tx {
        Db::Pg(c) => index_postgres(c, records),
        Db::Sqlite(c) => index_sqlite(c, records),
    }
}

/// The numbers of documents are given here rather than asked back: a statement that answers rows opens a savepoint of
/// its own, and the words go in by one statement because FTS5 writes out what it has gathered at every savepoint.
fn index_sqlite<B: Body>(c: &mut SqliteConnection, records: &[Ready<B>]) -> QueryResult<()> {
    let last: Option<i64> = search_docs::table.select(diesel::dsl::max(search_docs::seq)).get_result(c)?;
    let mut words = Vec::with_capacity(records.len());
    for (seq, ready) in (last.unwrap_or(0) + 1..).zip(records) {
        let doc = (
            search_docs::seq.eq(seq),
            search_docs::record_id.eq(ready.record.head.id),
            search_docs::record_type.eq(B::KIND.as_str()),
            search_docs::body.eq(&ready.written.satellites.body),
            search_docs::tokens.eq(&ready.beside),
        );
        diesel::insert_into(search_docs::table).values(doc).execute(c)?;
        words.push((search_index::rowid.eq(seq), search_index::tokens.eq(&ready.words)));
    }
    diesel::insert_into(search_index::table).values(words).execute(c).map(drop)
}

fn index_postgres<B: Body>(c: &mut PgConnection, records: &[Ready<B>]) -> QueryResult<()> {
    let ids: Vec<Id> = records.iter().map(|ready| ready.record.head.id).collect();
    let bodies: Vec<&str> = records.iter().map(|ready| ready.written.satellites.body.as_str()).collect();
    let words: Vec<&str> = records.iter().map(|ready| ready.tsvector.as_str()).collect();
    diesel::sql_query(
        "INSERT INTO search_docs (record_id, record_type, body, tokens)
         SELECT id, $1, body, words::tsvector FROM unnest($2, $3, $4) AS doc (id, body, words)",
    )
    .bind::<Text, _>(B::KIND.as_str())
    .bind::<Array<Uid>, _>(ids)
    .bind::<Array<Text>, _>(bodies)
    .bind::<Array<Text>, _>(words)
    .execute(c)
    .map(drop)
}
