//! Whole records sent along with a list: `include=owner,customer`.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use rapport_domain::access::{Action, Subject, visibility};
use rapport_domain::context::Context;
use rapport_domain::filter::{Field, FieldKind};
use rapport_domain::kind::RecordKind;
use rapport_persistence::names::names_of;
use rapport_persistence::record::Record;
use rapport_persistence::records::record_find_many;
use rapport_persistence::{Db, StoreError};

use super::{RecordType, list};
use crate::activities::Activities;
use crate::contacts::Contacts;
use crate::customers::Customers;
use crate::leads::Leads;
use crate::opportunities::Opportunities;
use crate::problem::Problem;
use crate::records::patch::facts;

/// Whether records of this kind can be sent along.
pub(crate) fn is_includable(kind: RecordKind) -> bool {
    matches!(kind, RecordKind::User | RecordKind::Team) || RecordKind::OWNED.contains(&kind)
}

/// The records that the rows refer to through these fields, by kind and id; only what the caller may see.
pub(crate) fn load<R: RecordType>(
    db: &mut Db,
    rows: &[Record<R::Body>],
    through: &[&'static Field],
    ctx: &Context,
) -> Result<Option<Map<String, Value>>, Problem> {
    if through.is_empty() {
        return Ok(None);
    }
    let mut found: Map<String, Value> = Map::new();
    for field in through {
        let FieldKind::Ref { target } = field.kind else { continue };
        let ids: BTreeSet<Uuid> = rows.iter().filter_map(|row| reference::<R>(row, field.name)).collect();
        let ids: Vec<Uuid> = ids.into_iter().collect();
        let records = of_kind(db, target, &ids, ctx)?;
        if let Value::Object(known) = found.entry(target.plural()).or_insert_with(|| json!({})) {
            known.extend(records);
        }
    }
    Ok(Some(found))
}

fn reference<R: RecordType>(row: &Record<R::Body>, field: &str) -> Option<Uuid> {
    match field {
        "owner_id" => row.head.owner_id.map(Into::into),
        "team_id" => row.head.team_id.map(Into::into),
        "created_by_id" => row.head.created_by.map(Into::into),
        "updated_by_id" => row.head.updated_by.map(Into::into),
        other => facts::<R>(row).get(other)?.as_str()?.parse().ok(),
    }
}

fn of_kind(db: &mut Db, kind: RecordKind, ids: &[Uuid], ctx: &Context) -> Result<Map<String, Value>, Problem> {
    match kind {
        RecordKind::Customer => views::<Customers>(db, ids, ctx),
        RecordKind::Contact => views::<Contacts>(db, ids, ctx),
        RecordKind::Lead => views::<Leads>(db, ids, ctx),
        RecordKind::Opportunity => views::<Opportunities>(db, ids, ctx),
        RecordKind::Activity => views::<Activities>(db, ids, ctx),
        named => {
            let names = names_of(db, named, ids).map_err(StoreError::from)?;
            Ok(names.into_iter().map(|(id, name)| (id.to_string(), json!({ "id": id, "name": name }))).collect())
        }
    }
}

fn views<R: RecordType>(db: &mut Db, ids: &[Uuid], ctx: &Context) -> Result<Map<String, Value>, Problem> {
    let seen = visibility(&ctx.actor, Subject::from(R::kind()), Action::View);
    let records: Vec<Record<R::Body>> = record_find_many(db, &seen, ids).map_err(StoreError::from)?;
    let views = list::views::<R>(db, &records, ctx)?;
    let written =
        records.iter().zip(views).map(|(record, view)| Ok((record.head.id.0.to_string(), serde_json::to_value(view)?)));
    written.collect::<Result<_, serde_json::Error>>().map_err(|error| Problem::internal(error.to_string()))
}
