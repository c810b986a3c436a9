//! The record types, one after another, for work that goes over all records.

use std::collections::BTreeMap;

use rapport_domain::access::Visibility;
use rapport_domain::kind::RecordKind;
use rapport_persistence::backup::{Document, Documents};
use rapport_persistence::doctor::{Stored, records_after, stored};
use rapport_persistence::mend::leftovers_remove;
use rapport_persistence::record::Record;
use rapport_persistence::records::{record_find, record_find_many, record_mend, record_take};
use rapport_persistence::{Db, Store, StoreError, Tx};
use uuid::Uuid;

use crate::activities::Activities;
use crate::contacts::Contacts;
use crate::customers::Customers;
use crate::leads::Leads;
use crate::opportunities::Opportunities;
use crate::records::RecordType;

/// Knows what belongs to a record of any kind.
#[derive(Clone, Copy, Debug)]
pub struct Engine;

/// How many records at once.
const PORTION: i64 = 300;

impl Documents for Engine {
    fn documents(&self, db: &mut Db, kind: RecordKind, ids: &[Uuid]) -> Result<Vec<Document>, StoreError> {
        match kind {
            RecordKind::Customer => documents::<Customers>(db, ids),
            RecordKind::Contact => documents::<Contacts>(db, ids),
            RecordKind::Lead => documents::<Leads>(db, ids),
            RecordKind::Opportunity => documents::<Opportunities>(db, ids),
            RecordKind::Activity => documents::<Activities>(db, ids),
            RecordKind::User | RecordKind::Team | RecordKind::Pipeline | RecordKind::Stage => Ok(Vec::new()),
        }
    }
}

fn documents<R: RecordType>(db: &mut Db, ids: &[Uuid]) -> Result<Vec<Document>, StoreError> {
    let records = record_find_many::<R::Body>(db, &Visibility::Everything, ids)?;
    let document = |record| {
        let around = R::satellites(record);
        Document { id: record.head.id.0, tokens: around.tokens, body: around.body }
    };
    Ok(records.iter().map(document).collect())
}

/// Records beside which something else is kept than they say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// Records looked at.
    pub records: u64,
    /// How many differ in what, each with one of them.
    pub found: BTreeMap<&'static str, (u64, String)>,
}

/// Compares what is kept beside every record with what the record says.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub fn differences(db: &mut Db) -> Result<Differences, StoreError> {
    let mut all = Differences::default();
    compare::<Customers>(db, &mut all)?;
    compare::<Contacts>(db, &mut all)?;
    compare::<Leads>(db, &mut all)?;
    compare::<Opportunities>(db, &mut all)?;
    compare::<Activities>(db, &mut all)?;
    Ok(all)
}

fn compare<R: RecordType>(db: &mut Db, all: &mut Differences) -> Result<(), StoreError> {
    let mut last = None;
    while let Some(portion) = portion::<R>(db, last)? {
        last = Some(portion.last);
        all.records += portion.records;
        for (record, what) in portion.differing {
            let example = || format!("{} {}", R::kind(), record.head.number);
            for what in what {
                all.found.entry(what).or_insert_with(|| (0, example())).0 += 1;
            }
        }
    }
    Ok(())
}

/// Some records in the order of their ids, looked at together.
struct Portion<B> {
    last: Uuid,
    records: u64,
    /// Those beside which something else is kept than they say, and what.
    differing: Vec<(Record<B>, Vec<&'static str>)>,
}

fn portion<R: RecordType>(db: &mut Db, after: Option<Uuid>) -> Result<Option<Portion<R::Body>>, StoreError> {
    let records = records_after::<R::Body>(db, after, PORTION)?;
    let Some(last) = records.last().map(|record| record.head.id.0) else { return Ok(None) };
    let ids: Vec<Uuid> = records.iter().map(|record| record.head.id.0).collect();
    let mut kept = stored(db, R::kind(), &ids)?;
    let mut found = Portion { last, records: 0, differing: Vec::new() };
    for record in records {
        found.records += 1;
        let expected = Stored::expected(db, R::kind(), &R::satellites(&record));
        let what = expected.differences(&kept.remove(&record.head.id.0).unwrap_or_default());
        if !what.is_empty() {
            found.differing.push((record, what));
        }
    }
    Ok(Some(found))
}

/// Writes what is kept beside records anew where it is not what they say; answers how many records that were. May be
/// broken off at any moment, and goes on while others write.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn mend(store: &Store) -> Result<u64, StoreError> {
    store.write("mend_leftovers", |tx| Ok::<_, StoreError>(leftovers_remove(tx)?)).await?;
    let mut mended = 0;
    for Mender { look, rewrite } in MENDERS {
        let mut last = None;
        while let Some((end, is_differing)) = store.read("mend_look", move |db| look(db, last)).await? {
            if is_differing {
                mended += store.write("mend", move |tx| rewrite(tx, last)).await?;
            }
            last = Some(end);
        }
    }
    Ok(mended)
}

/// Where a portion ends, and whether anything in it differs; `None` after the last one.
type Looked = Option<(Uuid, bool)>;

/// What mending does with the records of one kind after one of them.
#[derive(Clone, Copy)]
struct Mender {
    look: fn(&mut Db, Option<Uuid>) -> Result<Looked, StoreError>,
    rewrite: fn(&mut Tx<'_>, Option<Uuid>) -> Result<u64, StoreError>,
}

const MENDERS: [Mender; 5] =
    [mender::<Customers>(), mender::<Contacts>(), mender::<Leads>(), mender::<Opportunities>(), mender::<Activities>()];

const fn mender<R: RecordType>() -> Mender {
    Mender { look: look::<R>, rewrite: rewrite::<R> }
}

fn look<R: RecordType>(db: &mut Db, after: Option<Uuid>) -> Result<Looked, StoreError> {
    Ok(portion::<R>(db, after)?.map(|found| (found.last, !found.differing.is_empty())))
}

/// A record is held before it is read, so that nobody changes it meanwhile.
fn rewrite<R: RecordType>(tx: &mut Tx<'_>, after: Option<Uuid>) -> Result<u64, StoreError> {
    let mut mended = 0;
    for (differing, _) in portion::<R>(tx, after)?.map(|found| found.differing).unwrap_or_default() {
        let id = differing.head.id.0;
        record_take(tx, R::kind(), id)?;
        if let Some(record) = record_find::<R::Body>(tx, &Visibility::Everything, id)? {
            record_mend(tx, R::kind(), id, &R::satellites(&record))?;
            mended += 1;
        }
    }
    Ok(mended)
}
