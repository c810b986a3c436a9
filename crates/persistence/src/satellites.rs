//! Small tables around a record: tags, external ids, lookup keys, links, search. With a change of the record those are
//! rewritten, each whole, that say something else than before.

use diesel::prelude::*;
use uuid::Uuid;

use rapport_domain::kind::RecordKind;

use crate::connection::{Db, native};
use crate::record::ExternalId;
use crate::schema::{
    activity_contacts, contact_customers, external_ids, opportunity_contacts, record_keys, record_tags,
};
use crate::search;
use crate::store::Tx;
use crate::types::Id;

/// What is derived from a record and kept beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Satellites {
    /// Its labels.
    pub tags: Vec<String>,
    /// What other systems call it.
    pub external_ids: Vec<ExternalId>,
    /// Normalised e-mails, phones, names …: (kind, value).
    pub keys: Vec<(&'static str, String)>,
    /// Records it is linked with: customers of a contact, contacts of an opportunity or of an activity.
    pub links: Vec<Uuid>,
    /// What search finds it by.
    pub tokens: Vec<String>,
    /// The folded text that long Chinese needles are looked up in.
    pub body: String,
    /// Whether the record lies in the trash, where it is not found and does not match: neither keys nor words are kept.
    pub is_trash: bool,
}

/// What is written and removed by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Tags,
    ExternalIds,
    Keys,
    Links,
    Words,
}

impl Part {
    const ALL: [Self; 5] = [Self::Tags, Self::ExternalIds, Self::Keys, Self::Links, Self::Words];

    fn is_same(self, one: &Satellites, other: &Satellites) -> bool {
        match self {
            Self::Tags => one.tags == other.tags,
            Self::ExternalIds => one.external_ids == other.external_ids,
            Self::Keys => one.keys == other.keys && one.is_trash == other.is_trash,
            Self::Links => one.links == other.links,
            Self::Words => one.tokens == other.tokens && one.body == other.body && one.is_trash == other.is_trash,
        }
    }
}

#[derive(Insertable)]
#[diesel(table_name = record_tags)]
struct TagRow<'a> {
    record_type: &'static str,
    tag: &'a str,
    record_id: Id,
}

#[derive(Insertable)]
#[diesel(table_name = external_ids)]
struct ExternalIdRow<'a> {
    record_type: &'static str,
    system: &'a str,
    external_id: &'a str,
    record_id: Id,
}

#[derive(Insertable)]
#[diesel(table_name = record_keys)]
struct KeyRow<'a> {
    kind: &'static str,
    value: &'a str,
    record_type: &'static str,
    record_id: Id,
}

/// Inserts rows, if there are any: diesel would ask the database for none, too.
macro_rules! insert_rows {
    ($conn:expr, $table:expr, $rows:expr) => {
        if $rows.is_empty() { Ok(()) } else { diesel::insert_into($table).values($rows).execute($conn).map(drop) }
    };
}

/// Writes everything around a record that has nothing yet.
pub(crate) fn satellites_insert(tx: &mut Tx<'_>, kind: RecordKind, id: Id, around: &Satellites) -> QueryResult<()> {
    Part::ALL.into_iter().try_for_each(|part| part_insert(tx, part, kind, id, around))
}

/// Writes what is around a record now, where it is not what was around it before.
pub(crate) fn satellites_update(
    tx: &mut Tx<'_>,
    kind: RecordKind,
    id: Id,
    before: &Satellites,
    now: &Satellites,
) -> QueryResult<()> {
    for part in Part::ALL.into_iter().filter(|part| !part.is_same(before, now)) {
        part_purge(tx, part, kind, id)?;
        part_insert(tx, part, kind, id, now)?;
    }
    Ok(())
}

/// Removes everything around a record.
pub(crate) fn satellites_purge(tx: &mut Tx<'_>, kind: RecordKind, id: Id) -> QueryResult<()> {
    Part::ALL.into_iter().try_for_each(|part| part_purge(tx, part, kind, id))
}

fn part_insert(tx: &mut Tx<'_>, part: Part, kind: RecordKind, id: Id, around: &Satellites) -> QueryResult<()> {
    let record_type = kind.as_str();
    match part {
        Part::Tags => {
            let rows: Vec<_> = around.tags.iter().map(|tag| TagRow { record_type, tag, record_id: id }).collect();
            native!(&mut **tx, |c| insert_rows!(c, record_tags::table, rows))
        }
        Part::ExternalIds => {
            let rows: Vec<_> = around
                .external_ids
                .iter()
                .map(|ExternalId { system, external_id }| ExternalIdRow {
                    record_type,
                    system,
                    external_id,
                    record_id: id,
                })
                .collect();
            native!(&mut **tx, |c| insert_rows!(c, external_ids::table, rows))
        }
        Part::Links => links_insert(tx, kind, id, &around.links),
        Part::Keys | Part::Words if around.is_trash => Ok(()),
        Part::Keys => {
            let rows: Vec<_> =
                around.keys.iter().map(|(kind, value)| KeyRow { kind, value, record_type, record_id: id }).collect();
            native!(&mut **tx, |c| insert_rows!(c, record_keys::table, rows))
        }
        Part::Words => search::index(tx, kind, id, around),
    }
}

fn part_purge(tx: &mut Tx<'_>, part: Part, kind: RecordKind, id: Id) -> QueryResult<()> {
    match part {
        Part::Tags => native!(&mut **tx, |c| {
            diesel::delete(record_tags::table.filter(record_tags::record_id.eq(id))).execute(c).map(drop)
        }),
        Part::ExternalIds => native!(&mut **tx, |c| {
            diesel::delete(external_ids::table.filter(external_ids::record_id.eq(id))).execute(c).map(drop)
        }),
        Part::Keys => native!(&mut **tx, |c| {
            diesel::delete(record_keys::table.filter(record_keys::record_id.eq(id))).execute(c).map(drop)
        }),
        Part::Links => links_purge(tx, kind, id),
        Part::Words => search::forget(tx, id),
    }
}

fn links_insert(tx: &mut Tx<'_>, kind: RecordKind, id: Id, links: &[Uuid]) -> QueryResult<()> {
    match kind {
        RecordKind::Contact => {
            let rows: Vec<_> = links
                .iter()
                .map(|to| (contact_customers::contact_id.eq(id), contact_customers::customer_id.eq(Id(*to))))
                .collect();
            native!(&mut **tx, |c| insert_rows!(c, contact_customers::table, rows))
        }
        RecordKind::Opportunity => {
            let rows: Vec<_> = links
                .iter()
                .map(|to| (opportunity_contacts::opportunity_id.eq(id), opportunity_contacts::contact_id.eq(Id(*to))))
                .collect();
            native!(&mut **tx, |c| insert_rows!(c, opportunity_contacts::table, rows))
        }
        RecordKind::Activity => {
            let rows: Vec<_> = links
                .iter()
                .map(|to| (activity_contacts::activity_id.eq(id), activity_contacts::contact_id.eq(Id(*to))))
                .collect();
            native!(&mut **tx, |c| insert_rows!(c, activity_contacts::table, rows))
        }
        _ => Ok(()),
    }
}

/// Each kind has its links in a table of its own, or none.
fn links_purge(tx: &mut Tx<'_>, kind: RecordKind, id: Id) -> QueryResult<()> {
    native!(&mut **tx, |c| match kind {
        RecordKind::Contact => {
            diesel::delete(contact_customers::table.filter(contact_customers::contact_id.eq(id))).execute(c)
        }
        RecordKind::Opportunity => {
            diesel::delete(opportunity_contacts::table.filter(opportunity_contacts::opportunity_id.eq(id))).execute(c)
        }
        RecordKind::Activity => {
            diesel::delete(activity_contacts::table.filter(activity_contacts::activity_id.eq(id))).execute(c)
        }
        _ => Ok(0),
    })
    .map(drop)
}

/// The living records of a kind that share one of these (kind, value) pairs: which record by which pair.
///
/// # Errors
/// When the database fails.
pub fn records_with_keys(
    db: &mut Db,
    kind: RecordKind,
    keys: &[(&'static str, String)],
) -> QueryResult<Vec<(Uuid, String, String)>> {
    let mut found: Vec<(Uuid, String, String)> = Vec::new();
    for (key, value) in keys {
        let rows: Vec<Id> = record_keys::table
            .filter(record_keys::kind.eq(*key))
            .filter(record_keys::value.eq(value))
            .filter(record_keys::record_type.eq(kind.as_str()))
            .select(record_keys::record_id)
            .limit(20)
            .load(db)?;
        found.extend(rows.into_iter().map(|id| (id.0, (*key).to_owned(), value.clone())));
    }
    Ok(found)
}
