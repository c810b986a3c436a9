//! The schemas of a record type: what is written, what is read, whole or in part, and the pages of it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value, json};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use super::schema_ref;
use crate::activities::timeline::TimelinePage;
use crate::records::RecordType;
use crate::records::batch::{BatchAnswer, BatchRequest};
use crate::records::history::HistoryPage;
use crate::records::list::{ListMeta, PageInfo, SearchRequest};
use crate::records::routes::TransferRequest;
use crate::records::summary::Summary;
use crate::records::view::HeadView;

type Schemas = Vec<(String, RefOr<Schema>)>;

fn example_head() -> Value {
    json!({
        "id": "01936f1e-7a54-7c1b-9a52-3f1f6f0a1b2c", "number": 1042, "name": "上海明德精密机械有限公司",
        "owner_id": null, "owner": null, "team_id": null, "tags": [], "custom": {}, "external_ids": [], "source": "website",
        "version": 1, "created_at": "2026-11-21T08:00:00Z", "created_by": null, "updated_at": "2026-11-21T08:00:00Z",
        "updated_by": null, "last_activity_at": null, "next_activity_at": null, "deleted_at": null,
        "can": { "edit": true, "delete": true, "assign": true, "convert": false, "claim": false, "release": false, "allot": false, "lock": false }
    })
}

/// The schemas of a record type and those all types share.
pub fn schemas<R: RecordType>(schemas: &mut Schemas) {
    let name = R::NAME;
    let mut found: Schemas = Vec::new();
    R::Input::schemas(&mut found);
    R::View::schemas(&mut found);
    shared(&mut found);
    let (input, view, head) = (json_of::<R::Input>(), complete(json_of::<R::View>()), complete(json_of::<HeadView>()));
    let sparse = sparse(&[&head, &view], name);
    let page = json!({
        "type": "object", "description": format!("A page of {}.", R::kind().plural()), "required": ["data", "page", "meta"],
        "properties": {
            "data": { "type": "array", "items": schema_ref(&format!("{name}OrSparse")) },
            "page": schema_ref("PageInfo"), "meta": schema_ref("ListMeta"),
            "included": { "type": "object", "description": "The records asked for by `include`, by kind and id.", "additionalProperties": { "type": "object" } }
        }
    });
    let either = json!({ "description": "The whole record, or only the fields asked for by `fields`.", "anyOf": [schema_ref(name), schema_ref(&format!("{name}Sparse"))] });
    found.retain(|(known, _)| known != "RecordHead");
    let own = [
        (name.to_owned(), view),
        ("RecordHead".to_owned(), with_example(head, example_head())),
        (format!("{name}Sparse"), sparse),
        (format!("{name}OrSparse"), either),
        (format!("{name}Page"), page),
        (format!("Create{name}"), input.clone()),
        (format!("Update{name}"), optional(input)),
    ];
    found.extend(own.into_iter().filter_map(|(name, json)| Some((name, serde_json::from_value(json).ok()?))));
    schemas.extend(found);
}

fn shared(found: &mut Schemas) {
    fn add<T: ToSchema>(found: &mut Schemas) {
        T::schemas(found);
        found.push((T::name().into_owned(), T::schema()));
    }
    add::<PageInfo>(found);
    add::<ListMeta>(found);
    add::<HistoryPage>(found);
    add::<TimelinePage>(found);
    add::<Summary>(found);
    add::<BatchRequest>(found);
    add::<BatchAnswer>(found);
    add::<SearchRequest>(found);
    add::<TransferRequest>(found);
}

fn json_of<T: PartialSchema>() -> Value {
    serde_json::to_value(T::schema()).unwrap_or_default()
}

fn with_example(mut schema: Value, example: Value) -> Value {
    if let Some(members) = schema.as_object_mut() {
        members.insert("example".into(), example);
    }
    schema
}

/// Views send every member, null or not.
fn complete(mut schema: Value) -> Value {
    visit_objects(&mut schema, &|object| {
        let names: Vec<Value> = properties(object).map(|(name, _)| name.clone().into()).collect();
        object.insert("required".into(), names.into());
    });
    schema
}

/// A patch may leave out everything and clear what may be empty; ids never change.
fn optional(mut schema: Value) -> Value {
    visit_objects(&mut schema, &|object| {
        object.remove("required");
        object.insert("description".into(), "The fields to change; see the schema for creating.".into());
        if let Some(Value::Object(members)) = object.get_mut("properties") {
            members.remove("id");
        }
    });
    schema
}

/// Some of the members of a record.
fn sparse(parts: &[&Value], name: &str) -> Value {
    let mut members = Map::new();
    for part in parts {
        let mut part = (*part).clone();
        let found = std::cell::RefCell::new(Map::new());
        visit_objects(&mut part, &|object| {
            found.borrow_mut().extend(properties(object).map(|(n, v)| (n.clone(), v.clone())));
        });
        members.extend(found.into_inner());
    }
    json!({ "type": "object", "description": format!("Some fields of a {name}."), "required": ["id", "version"], "properties": members, "additionalProperties": false })
}

fn properties(object: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    object.get("properties").and_then(Value::as_object).into_iter().flatten()
}

/// Applies `change` to an object schema, or to the object parts of an `allOf`.
fn visit_objects(schema: &mut Value, change: &dyn Fn(&mut Map<String, Value>)) {
    let Some(object) = schema.as_object_mut() else { return };
    if object.contains_key("properties") {
        change(object);
    }
    if let Some(Value::Array(parts)) = object.get_mut("allOf") {
        parts.iter_mut().for_each(|part| visit_objects(part, change));
    }
}

/// The names of the fields a record is sent with; found once for each type.
pub(crate) fn property_names<R: RecordType>() -> Arc<[String]> {
    static KNOWN: Mutex<BTreeMap<&str, Arc<[String]>>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(known.entry(R::NAME).or_insert_with(|| names_in_schemas::<R>().into()))
}

fn names_in_schemas<R: RecordType>() -> Vec<String> {
    let names = std::cell::RefCell::new(Vec::new());
    for mut schema in [json_of::<HeadView>(), json_of::<R::View>()] {
        visit_objects(&mut schema, &|object| {
            names.borrow_mut().extend(properties(object).map(|(name, _)| name.clone()));
        });
    }
    names.into_inner()
}
