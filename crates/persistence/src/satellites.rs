//! Small tables around a record: tags, external ids, lookup keys, links, search. With a change of the record those are
//! rewritten, each whole, that say something else than before.

use diesel::prelude::*;
use uuid::Uuid;

use rapport_domain::kind::RecordKind;

use crate::connection::Db;
use crate::fragment::{Bind, Fragment};
use crate::record::ExternalId;
use crate::schema::record_keys;
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

/// How many rows a statement may have that is kept prepared, one for each number.
const FEW: usize = 8;

/// Inserts rows, if there are any. Written out, because diesel keeps no insert of several rows prepared.
fn rows_insert<const N: usize>(tx: &mut Tx<'_>, into: &str, rows: Vec<[Bind; N]>) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let is_kept = rows.len() <= FEW;
    let rows = rows.into_iter().map(|row| Fragment::default().bind_all(row)).collect();
    let sql = Fragment::sql("INSERT INTO ").push(into).push(" VALUES ").append(Fragment::join(
        rows,
        ", ",
        Fragment::default(),
    ));
    if is_kept { sql } else { sql.ad_hoc() }.run(tx).map(drop)
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
    let text = |text: &str| Bind::Text(text.to_owned());
    let of = || text(kind.as_str());
    match part {
        Part::Tags => {
            let rows = around.tags.iter().map(|tag| [of(), text(tag), id.into()]).collect();
            rows_insert(tx, "record_tags (record_type, tag, record_id)", rows)
        }
        Part::ExternalIds => {
            let row = |known: &ExternalId| [of(), text(&known.system), text(&known.external_id), id.into()];
            let rows = around.external_ids.iter().map(row).collect();
            rows_insert(tx, "external_ids (record_type, system, external_id, record_id)", rows)
        }
        Part::Links => {
            let Some((table, from, to)) = links_of(kind) else { return Ok(()) };
            let rows = around.links.iter().map(|link| [id.into(), (*link).into()]).collect();
            rows_insert(tx, &format!("{table} ({from}, {to})"), rows)
        }
        Part::Keys | Part::Words if around.is_trash => Ok(()),
        Part::Keys => {
            let rows = around.keys.iter().map(|(kind, value)| [text(kind), text(value), of(), id.into()]).collect();
            rows_insert(tx, "record_keys (kind, value, record_type, record_id)", rows)
        }
        Part::Words => search::index(tx, kind, id, around),
    }
}

fn part_purge(tx: &mut Tx<'_>, part: Part, kind: RecordKind, id: Id) -> QueryResult<()> {
    let (table, column) = match part {
        Part::Tags => ("record_tags", "record_id"),
        Part::ExternalIds => ("external_ids", "record_id"),
        Part::Keys => ("record_keys", "record_id"),
        Part::Links => match links_of(kind) {
            Some((table, from, _)) => (table, from),
            None => return Ok(()),
        },
        Part::Words => return search::forget(tx, id),
    };
    let delete = Fragment::sql("DELETE FROM ").push(table).push(" WHERE ").push(column).push(" = ");
    delete.bind(id).run(tx).map(drop)
}

/// Each kind has its links in a table of its own, or none: the table, the column of the record and that of the linked one.
fn links_of(kind: RecordKind) -> Option<(&'static str, &'static str, &'static str)> {
    match kind {
        RecordKind::Contact => Some(("contact_customers", "contact_id", "customer_id")),
        RecordKind::Opportunity => Some(("opportunity_contacts", "opportunity_id", "contact_id")),
        RecordKind::Activity => Some(("activity_contacts", "activity_id", "contact_id")),
        _ => None,
    }
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
