//! The record types, one after another, for work that goes over all records.

use std::collections::BTreeMap;

use rapport_domain::access::Visibility;
use rapport_domain::kind::RecordKind;
use rapport_persistence::backup::{Document, Documents};
use rapport_persistence::doctor::{Stored, records_after, stored};
use rapport_persistence::records::record_find_many;
use rapport_persistence::{Db, StoreError};
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
    loop {
        let records = records_after::<R::Body>(db, last, PORTION)?;
        let Some(record) = records.last() else { return Ok(()) };
        last = Some(record.head.id.0);
        let ids: Vec<Uuid> = records.iter().map(|record| record.head.id.0).collect();
        let mut kept = stored(db, R::kind(), &ids)?;
        for record in &records {
            all.records += 1;
            let is_trash = record.head.deleted_at.is_some();
            let expected = Stored::expected(db, R::kind(), &R::satellites(record), is_trash);
            let kept = kept.remove(&record.head.id.0).unwrap_or_default();
            for what in expected.differences(&kept) {
                let example = || format!("{} {}", R::kind(), record.head.number);
                all.found.entry(what).or_insert_with(|| (0, example())).0 += 1;
            }
        }
    }
}
