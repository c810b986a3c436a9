//! What the published document says of every record type: written once, in the words of the type.

mod schemas;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use utoipa::openapi::path::{PathItem, Paths, PathsBuilder};

use rapport_domain::activity::ActivityKind;
use rapport_domain::filter::{Field, FieldKind};
use rapport_domain::kind::RecordKind;
use rapport_persistence::catalogue::catalogue;

use super::RecordType;
use super::routes::{MAX_SHORT, MAX_WORDS};

pub(crate) use schemas::property_names;
pub use schemas::schemas;

/// What is said of a type of record.
struct Type {
    kind: RecordKind,
    name: &'static str,
    tag: &'static str,
    /// What a request to create one may say.
    example: Value,
}

/// A name of the document: `#/components/schemas/{name}`.
fn schema_ref(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// An answer with a body of this schema.
fn answer(status: &str, description: &str, schema: &Value, example: Option<Value>) -> Value {
    let mut content = json!({ "schema": schema });
    if let (Some(example), Some(content)) = (example, content.as_object_mut()) {
        content.insert("example".into(), example);
    }
    json!({ status: { "description": description, "content": { "application/json": content } } })
}

fn body(schema: &str, example: Value, is_patch: bool) -> Value {
    let content = json!({ "schema": schema_ref(schema), "example": example });
    let mut kinds = Map::new();
    kinds.insert("application/json".into(), content.clone());
    if is_patch {
        kinds.insert("application/merge-patch+json".into(), content);
    }
    json!({ "required": true, "content": kinds })
}

fn parameter(name: &str, place: &str, description: &str, schema: Value) -> Value {
    json!({ "name": name, "in": place, "description": description, "required": place == "path", "schema": schema })
}

fn id_parameter() -> Value {
    parameter("id", "path", "The record's id.", json!({ "type": "string", "format": "uuid" }))
}

fn external_parameters() -> Vec<Value> {
    let key = || json!({ "type": "string", "minLength": 1, "maxLength": 200, "pattern": r"^[^\u0000-\u001F\u007F-\u009F]+$" });
    vec![
        parameter("system", "path", "The other system.", key()),
        parameter("external_id", "path", "What it calls the record.", key()),
    ]
}

fn if_match() -> Value {
    parameter(
        "If-Match",
        "header",
        "The ETag the record must still have; otherwise 412.",
        json!({ "type": "string", "pattern": "^(\\*|\"[0-9]{1,18}\")$" }),
    )
}

fn idempotency_key() -> Value {
    let schema = json!({ "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]{1,255}$" });
    parameter(
        "Idempotency-Key",
        "header",
        "Makes the request repeatable for 24 hours: the same key gets the same answer.",
        schema,
    )
}

fn text(max: usize) -> Value {
    json!({ "type": "string", "maxLength": max })
}

fn filter_parameters(of: &Type) -> Vec<Value> {
    let mut parameters = vec![
        parameter(
            "filter",
            "query",
            "A filter, such as `tags HAS ANY ('vip') AND created_at >= @today-30d`. See the guide.",
            text(4096),
        ),
        parameter(
            "q",
            "query",
            "Words to find: Chinese characters, pinyin or its initials, words, parts of numbers and e-mails.",
            text(MAX_WORDS),
        ),
    ];
    let short = |kind: FieldKind| matches!(kind, FieldKind::Key { .. } | FieldKind::Ref { .. } | FieldKind::Bool);
    for field in catalogue(of.kind).iter().filter(|field| field.is_filterable && short(field.kind)) {
        parameters.push(parameter(
            field.name,
            "query",
            "Equal to this value, or to one of several separated by commas.",
            short_values(field.kind),
        ));
    }
    parameters
}

/// The values of a short filter, between commas; `null` alone means "empty".
fn short_values(kind: FieldKind) -> Value {
    let value = match kind {
        FieldKind::Key { allowed: Some(allowed) } => format!("({})", allowed.join("|")),
        FieldKind::Ref { .. } => "(@me|@my_team|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})".to_owned(),
        FieldKind::Bool => "(true|false)".to_owned(),
        _ => r"[^,\u0000]+".to_owned(),
    };
    json!({ "type": "string", "minLength": 1, "maxLength": MAX_SHORT, "pattern": format!("^(null|{value}(,{value})*)$") })
}

fn list_parameters(of: &Type) -> Vec<Value> {
    let sortable: Vec<&str> =
        catalogue(of.kind).iter().filter(|field| field.is_sortable).map(|field| field.name).collect();
    let word = format!("-?({})", sortable.join("|"));
    let mut parameters = filter_parameters(of);
    parameters.extend([
        parameter(
            "sort",
            "query",
            "Fields to sort by, `-` before a field for descending; nulls come last.",
            json!({ "type": "string", "pattern": format!("^({word}(,{word}){{0,2}})?$"), "default": "-updated_at" }),
        ),
        limit_parameter("Rows on a page."),
        cursor_parameter("Where the page begins: `next_cursor` of the page before."),
        parameter(
            "count",
            "query",
            "Whether to count: not at all, up to 10,000, or exactly.",
            json!({ "type": "string", "enum": ["none", "capped", "exact"], "default": "none" }),
        ),
        fields_parameter(),
        parameter("include", "query", "Whole records to send along, separated by commas: `owner,customer`.", text(200)),
    ]);
    parameters
}

fn limit_parameter(description: &str) -> Value {
    parameter("limit", "query", description, json!({ "type": "integer", "minimum": 1, "maximum": 200, "default": 50 }))
}

fn cursor_parameter(description: &str) -> Value {
    parameter("cursor", "query", description, text(2048))
}

fn fields_parameter() -> Value {
    parameter("fields", "query", "Only these fields, separated by commas; id and version always come.", text(1000))
}

/// One operation, with what all of them have.
fn operation(of: &Type, id: &str, summary: &str, description: &str, rest: &[(&str, Value)]) -> Value {
    let mut operation = json!({ "operationId": id, "tags": [of.tag], "summary": summary, "description": description });
    if let Some(members) = operation.as_object_mut() {
        members.extend(rest.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    }
    operation
}

/// The paths of a record type.
pub fn paths<R: RecordType>() -> Paths {
    paths_of(&Type { kind: R::kind(), name: R::NAME, tag: R::TAG, example: R::example() })
}

fn paths_of(of: &Type) -> Paths {
    let (many, plural) = (of.kind.plural(), plural_name(of));
    let (one, name) = (of.name, of.kind.as_str());
    let mut items: BTreeMap<String, Value> = BTreeMap::new();
    items.insert(format!("/{many}"), json!({
        "get": operation(of, &format!("list{plural}"), &format!("List {many}"), "One page of what the caller may see.", &[
            ("parameters", list_parameters(of).into()),
            ("responses", page_answer(of)),
        ]),
        "post": operation(of, &format!("create{one}"), &format!("Create a {name}"), "The caller becomes the owner unless the request names one.", &[
            ("parameters", vec![idempotency_key()].into()),
            ("requestBody", body(&format!("Create{one}"), of.example.clone(), false)),
            ("responses", answer("201", "Created.", &schema_ref(one), None)),
        ]),
    }));
    items.insert(format!("/{many}/search"), json!({
        "post": operation(of, &format!("search{plural}"), &format!("Search {many}"), "A list whose filter is JSON, for filters too long for a URL.", &[
            ("requestBody", body("SearchRequest", json!({ "filter": { "field": "source", "op": "eq", "value": "website" }, "limit": 20 }), false)),
            ("responses", page_answer(of)),
        ]),
    }));
    items.insert(format!("/{many}/summary"), json!({ "get": summary_operation(of, &plural) }));
    items.insert(format!("/{many}/batch"), json!({ "post": batch_operation(of, &plural) }));
    items.insert(format!("/{many}/by/{{system}}/{{external_id}}"), by_operations(of));
    items.insert(format!("/{many}/{{id}}"), one_operations(of));
    items.insert(format!("/{many}/{{id}}/restore"), json!({
        "post": operation(of, &format!("restore{one}"), &format!("Restore a {name}"), "Takes it out of the trash.", &[
            ("parameters", vec![id_parameter(), if_match(), idempotency_key()].into()),
            ("responses", answer("200", "Restored, or never deleted.", &schema_ref(one), None)),
        ]),
    }));
    if of.kind != RecordKind::Customer {
        items.insert(format!("/{many}/{{id}}/transfer"), json!({
            "post": operation(of, &format!("transfer{one}"), &format!("Hand over a {name}"), "Gives it to another owner; needs the right to assign.", &[
                ("parameters", vec![id_parameter(), if_match(), idempotency_key()].into()),
                ("requestBody", body("TransferRequest", json!({ "owner_id": "01936f1e-7a54-7c1b-9a52-3f1f6f0a1b2c" }), false)),
                ("responses", answer("200", "Handed over.", &schema_ref(one), None)),
            ]),
        }));
    }
    items.insert(format!("/{many}/{{id}}/history"), json!({
        "get": operation(of, &format!("list{one}History"), &format!("History of a {name}"), "Every change of every field, newest first.", &[
            ("parameters", vec![id_parameter(),
                limit_parameter("Changes on a page."), cursor_parameter("Where the page begins.")].into()),
            ("responses", answer("200", "The changes.", &schema_ref("HistoryPage"), None)),
        ]),
    }));
    if RecordKind::ABOUT.contains(&of.kind) {
        items.insert(format!("/{many}/{{id}}/timeline"), json!({ "get": timeline_operation(of) }));
    }
    let builder = items.into_iter().fold(PathsBuilder::new(), |paths, (path, item)| {
        match serde_json::from_value::<PathItem>(item) {
            Ok(item) => paths.path(path, item),
            Err(error) => {
                tracing::error!(%error, path, "a path of the document cannot be read");
                paths
            }
        }
    });
    builder.build()
}

fn timeline_operation(of: &Type) -> Value {
    let (one, name) = (of.name, of.kind.as_str());
    let kinds = ActivityKind::NAMES.join("|");
    operation(
        of,
        &format!("get{one}Timeline"),
        &format!("Timeline of a {name}"),
        "What was done about it and what changed, newest first; with what was done about the lead it came from. What is still \
         to be done is in `/activities`.",
        &[
            (
                "parameters",
                vec![
                    id_parameter(),
                    parameter(
                        "only",
                        "query",
                        "Only what was done, or only what changed.",
                        json!({ "type": "string", "enum": ["activities", "changes"] }),
                    ),
                    parameter(
                        "kind",
                        "query",
                        "Only activities of these kinds, separated by commas.",
                        json!({ "type": "string", "pattern": format!("^(({kinds})(,({kinds})){{0,6}})?$") }),
                    ),
                    limit_parameter("Entries on a page."),
                    cursor_parameter("Where the page begins."),
                ]
                .into(),
            ),
            ("responses", answer("200", "The entries.", &schema_ref("TimelinePage"), None)),
        ],
    )
}

fn page_answer(of: &Type) -> Value {
    let example = json!({ "data": [], "page": { "limit": 50, "has_more": false, "next_cursor": null }, "meta": {} });
    answer("200", "A page.", &schema_ref(&format!("{}Page", of.name)), Some(example))
}

fn summary_operation(of: &Type, plural: &str) -> Value {
    let names = |accepts: fn(&Field) -> bool| {
        let listed: Vec<&str> = catalogue(of.kind).iter().filter(|f| accepts(f)).map(|f| f.name).collect();
        listed.join("|")
    };
    let group = names(crate::records::summary::is_groupable);
    let sums = names(|field| matches!(field.kind, FieldKind::Money { .. }));
    let mut parameters = vec![parameter(
        "group_by",
        "query",
        "One or two fields. A record counts once for each of its tags, and under null where the field is empty.",
        json!({ "type": "string", "pattern": format!("^(({group})(,({group}))?)?$") }),
    )];
    if !sums.is_empty() {
        parameters.push(parameter(
            "sum",
            "query",
            "An amount to add up, for each currency.",
            json!({ "type": "string", "pattern": format!("^({sums})$") }),
        ));
    }
    parameters.extend(filter_parameters(of));
    operation(
        of,
        &format!("summarise{plural}"),
        "Counts and sums by fields",
        "Facets, board columns, totals and reports; only of what the caller may see.",
        &[
            ("parameters", parameters.into()),
            (
                "responses",
                answer(
                    "200",
                    "The groups, most populous first, at most 500.",
                    &schema_ref("Summary"),
                    Some(json!({ "data": [{ "key": { "source": "website" }, "count": 12, "sums": [] }] })),
                ),
            ),
        ],
    )
}

fn batch_operation(of: &Type, plural: &str) -> Value {
    let example = json!({ "atomic": false, "operations": [{ "action": "create", "data": of.example.clone() }] });
    operation(
        of,
        &format!("batch{plural}"),
        "Several operations at once",
        "At most 200; atomic, or each for itself with a result of its own.",
        &[
            ("parameters", vec![idempotency_key()].into()),
            ("requestBody", body("BatchRequest", example, false)),
            (
                "responses",
                answer(
                    "200",
                    "A result for each operation.",
                    &schema_ref("BatchAnswer"),
                    Some(
                        json!({ "results": [{ "index": 0, "status": 201, "id": "01936f1e-7a54-7c1b-9a52-3f1f6f0a1b2c", "version": 1 }] }),
                    ),
                ),
            ),
        ],
    )
}

fn by_operations(of: &Type) -> Value {
    let (one, name) = (of.name, of.kind.as_str());
    let mut writing = external_parameters();
    writing.push(if_match());
    let mut upserted = answer("200", "Updated, or unchanged.", &schema_ref(one), None);
    if let (Some(all), Value::Object(created)) =
        (upserted.as_object_mut(), answer("201", "Created.", &schema_ref(one), None))
    {
        all.extend(created);
    }
    json!({
        "get": operation(of, &format!("get{one}ByExternalId"), &format!("Get a {name} by external id"), "The record that another system knows under this id.", &[
            ("parameters", external_parameters().into()),
            ("responses", answer("200", "The record.", &schema_ref(one), None)),
        ]),
        "put": operation(of, &format!("upsert{one}"), &format!("Create or update a {name} by external id"), "Fields that the body leaves out stay as they are. Doing it twice changes nothing.", &[
            ("parameters", writing.into()),
            ("requestBody", body(&format!("Create{one}"), of.example.clone(), false)),
            ("responses", upserted),
        ]),
    })
}

fn one_operations(of: &Type) -> Value {
    let (one, name) = (of.name, of.kind.as_str());
    let none_match = parameter(
        "If-None-Match",
        "header",
        "ETags the caller has; answered with 304.",
        json!({ "type": "string", "maxLength": 200 }),
    );
    let mut read = answer("200", "The record.", &schema_ref(&format!("{one}OrSparse")), None);
    if let Some(all) = read.as_object_mut() {
        all.insert("304".into(), json!({ "description": "The caller has this version." }));
    }
    json!({
        "get": operation(of, &format!("get{one}"), &format!("Get a {name}"), "Also from the trash, while it is there.", &[
            ("parameters", vec![id_parameter(), fields_parameter(), none_match].into()),
            ("responses", read),
        ]),
        "patch": operation(of, &format!("update{one}"), &format!("Change a {name}"), "A merge patch (RFC 7396): null clears, arrays replace.", &[
            ("parameters", vec![id_parameter(), if_match()].into()),
            ("requestBody", body(&format!("Update{one}"), json!({ "tags": ["vip"] }), true)),
            ("responses", answer("200", "Changed; unchanged if nothing differs.", &schema_ref(one), None)),
        ]),
        "delete": operation(of, &format!("delete{one}"), &format!("Delete a {name}"), "Into the trash, from where it can be restored for 30 days.", &[
            ("parameters", vec![id_parameter(), if_match()].into()),
            ("responses", json!({ "204": { "description": "In the trash." } })),
        ]),
    })
}

fn plural_name(of: &Type) -> String {
    let plural = of.kind.plural();
    plural.chars().take(1).flat_map(char::to_uppercase).chain(plural.chars().skip(1)).collect()
}
