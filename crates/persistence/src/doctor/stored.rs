//! What is kept beside records, read back to be compared with what the records say.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_types::{Array, Text};
use uuid::Uuid;

use rapport_domain::kind::RecordKind;

use crate::connection::Db;
use crate::fragment::{Bind, Fragment};
use crate::record::{Body, Record};
use crate::satellites::Satellites;
use crate::schema::{
    activity_contacts, contact_customers, external_ids, opportunity_contacts, record_keys, record_tags,
};
use crate::search::{beside, marked};
use crate::types::{Id, Uid};

/// What is kept beside one record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    /// Labels.
    pub tags: BTreeSet<String>,
    /// (system, id there).
    pub external_ids: BTreeSet<(String, String)>,
    /// (kind, value).
    pub keys: BTreeSet<(String, String)>,
    /// Linked records.
    pub links: BTreeSet<Uuid>,
    /// The words of search, as this database keeps them.
    pub words: BTreeSet<String>,
    /// The text of search.
    pub body: String,
}

impl Stored {
    /// What should be kept beside a record of `kind`. What is in the trash is neither found nor matched.
    #[must_use]
    pub fn expected(db: &Db, kind: RecordKind, around: &Satellites) -> Self {
        let mut stored = Self {
            tags: around.tags.iter().cloned().collect(),
            external_ids: around
                .external_ids
                .iter()
                .map(|known| (known.system.clone(), known.external_id.clone()))
                .collect(),
            links: around.links.iter().copied().collect(),
            ..Self::default()
        };
        if !around.is_trash {
            stored.keys = around.keys.iter().map(|(kind, value)| ((*kind).to_owned(), value.clone())).collect();
            stored.body.clone_from(&around.body);
            stored.words = match db {
                Db::Sqlite(_) => split(&beside(&around.tokens)),
                Db::Pg(_) => marked(kind, &around.tokens).into_iter().collect(),
            };
        }
        stored
    }

    /// The names of what differs.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        [
            ("tags", self.tags == other.tags),
            ("external ids", self.external_ids == other.external_ids),
            ("keys", self.keys == other.keys),
            ("links", self.links == other.links),
            ("search", self.words == other.words && self.body == other.body),
        ]
        .into_iter()
        .filter(|(_, is_same)| !is_same)
        .map(|(name, _)| name)
        .collect()
    }
}

fn split(words: &str) -> BTreeSet<String> {
    words.split_ascii_whitespace().map(str::to_owned).collect()
}

/// Records of a kind in the order of their ids, dead or alive, after one of them.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub fn records_after<B: Body>(db: &mut Db, after: Option<Uuid>, limit: i64) -> QueryResult<Vec<Record<B>>> {
    let condition = after.map_or_else(Fragment::all, |id| Fragment::sql("id > ").bind(Bind::Id(Id(id))));
    B::load(db, condition, Fragment::sql("id"), limit)
}

#[derive(QueryableByName)]
struct Words {
    #[diesel(sql_type = Uid)]
    id: Id,
    #[diesel(sql_type = Text)]
    body: String,
    #[diesel(sql_type = Array<Text>)]
    words: Vec<String>,
}

/// What is kept beside these records.
///
/// # Errors
/// When the database fails.
pub fn stored(db: &mut Db, kind: RecordKind, ids: &[Uuid]) -> QueryResult<BTreeMap<Uuid, Stored>> {
    let mut all: BTreeMap<Uuid, Stored> = ids.iter().map(|id| (*id, Stored::default())).collect();
    let ids: Vec<Id> = ids.iter().map(|id| Id(*id)).collect();
    let tags: Vec<(Id, String)> = record_tags::table
        .filter(record_tags::record_id.eq_any(&ids))
        .select((record_tags::record_id, record_tags::tag))
        .load(db)?;
    for (id, tag) in tags {
        all.entry(id.0).or_default().tags.insert(tag);
    }
    let known: Vec<(Id, String, String)> = external_ids::table
        .filter(external_ids::record_id.eq_any(&ids))
        .select((external_ids::record_id, external_ids::system, external_ids::external_id))
        .load(db)?;
    for (id, system, there) in known {
        all.entry(id.0).or_default().external_ids.insert((system, there));
    }
    let keys: Vec<(Id, String, String)> = record_keys::table
        .filter(record_keys::record_id.eq_any(&ids))
        .select((record_keys::record_id, record_keys::kind, record_keys::value))
        .load(db)?;
    for (id, kind, value) in keys {
        all.entry(id.0).or_default().keys.insert((kind, value));
    }
    for (from, to) in links(db, kind, &ids)? {
        all.entry(from.0).or_default().links.insert(to.0);
    }
    for (id, body, words) in documents(db, &ids)? {
        let stored = all.entry(id.0).or_default();
        (stored.body, stored.words) = (body, words);
    }
    Ok(all)
}

fn links(db: &mut Db, kind: RecordKind, ids: &[Id]) -> QueryResult<Vec<(Id, Id)>> {
    match kind {
        RecordKind::Contact => contact_customers::table
            .filter(contact_customers::contact_id.eq_any(ids))
            .select((contact_customers::contact_id, contact_customers::customer_id))
            .load(db),
        RecordKind::Opportunity => opportunity_contacts::table
            .filter(opportunity_contacts::opportunity_id.eq_any(ids))
            .select((opportunity_contacts::opportunity_id, opportunity_contacts::contact_id))
            .load(db),
        RecordKind::Activity => activity_contacts::table
            .filter(activity_contacts::activity_id.eq_any(ids))
            .select((activity_contacts::activity_id, activity_contacts::contact_id))
            .load(db),
        _ => Ok(Vec::new()),
    }
}

fn documents(db: &mut Db, ids: &[Id]) -> QueryResult<Vec<(Id, String, BTreeSet<String>)>> {
    use crate::schema::search_docs;
    match db {
        Db::Sqlite(c) => {
            let rows: Vec<(Id, String, String)> = search_docs::table
                .filter(search_docs::record_id.eq_any(ids))
                .select((search_docs::record_id, search_docs::body, search_docs::tokens))
                .load(c)?;
            Ok(rows.into_iter().map(|(id, body, words)| (id, body, split(&words))).collect())
        }
        Db::Pg(c) => {
            let rows: Vec<Words> = diesel::sql_query(
                "SELECT record_id AS id, body, tsvector_to_array(tokens) AS words FROM search_docs WHERE record_id = ANY ($1)",
            )
            .bind::<Array<Uid>, _>(ids)
            .load(c)?;
            Ok(rows.into_iter().map(|row| (row.id, row.body, row.words.into_iter().collect())).collect())
        }
    }
}
