//! One pass over the router's document: what all operations have in common is said here and nowhere else.

use serde_json::{Map, Value, json};

use super::example::Examples;
use super::{errors, shared, stream};

/// The methods a path can have, as the document spells them.
pub(super) const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The contract as JSON.
#[must_use]
pub fn document() -> Value {
    let mut document = serde_json::to_value(crate::server::router_document()).unwrap_or_default();
    set(&mut document, "openapi", json!("3.1.0"));
    set(&mut document, "info", shared::info());
    set(&mut document, "servers", json!([{ "url": "/", "description": "This Rapport." }]));
    set(&mut document, "security", json!([{ "bearer": [] }, { "cookie": [] }]));
    let components = document.as_object_mut().map(|root| root.entry("components").or_insert_with(|| json!({})));
    if let Some(components) = components {
        shared::add_components(components);
        errors::add_components(components);
        stream::add_components(components);
    }
    drop_null_defaults(&mut document);
    refuse_nul(&mut document);
    let examples = Examples::of(&document);
    for operation in operations(&mut document) {
        complete(operation, &examples);
    }
    let used = tags_of(&mut document);
    set(&mut document, "tags", shared::tags(&used));
    shared::drop_unused(&mut document);
    document
}

/// A field that may be left out has no default that is null: that would say what it is not.
fn drop_null_defaults(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if map.get("default").is_some_and(Value::is_null) {
                map.remove("default");
            }
            map.values_mut().for_each(drop_null_defaults);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_null_defaults),
        _ => {}
    }
}

/// No text holds U+0000, which no database keeps; a text with a form of its own has its own pattern.
fn refuse_nul(value: &mut Value) {
    match value {
        Value::Object(map) => {
            let is_secret = map.get("format").is_some_and(|format| format == "password");
            let has_form =
                !is_secret && ["pattern", "enum", "const", "format"].iter().any(|word| map.contains_key(*word));
            let is_text = map.get("type").is_some_and(|kind| kind == "string" || *kind == json!(["string", "null"]));
            if is_text && !has_form {
                map.insert("pattern".into(), json!("^[^\\u0000]*$"));
            }
            map.iter_mut().filter(|(name, _)| *name != "example").for_each(|(_, value)| refuse_nul(value));
        }
        Value::Array(items) => items.iter_mut().for_each(refuse_nul),
        _ => {}
    }
}

/// An operation and where it stands.
struct Operation<'a> {
    path: String,
    method: String,
    map: &'a mut Map<String, Value>,
}

fn operations(document: &mut Value) -> Vec<Operation<'_>> {
    let mut found = Vec::new();
    let paths = document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten();
    for (path, item) in paths {
        for (method, operation) in
            item.as_object_mut().into_iter().flatten().filter(|(name, _)| METHODS.contains(&name.as_str()))
        {
            if let Some(map) = operation.as_object_mut() {
                found.push(Operation { path: path.clone(), method: method.clone(), map });
            }
        }
    }
    found
}

fn complete(mut operation: Operation<'_>, examples: &Examples) {
    describe(&mut operation);
    add_parameters(&mut operation);
    let is_public = make_public(&mut operation);
    add_examples(&mut operation, examples);
    let facts = Facts::of(&operation, is_public);
    let responses = operation.map.entry("responses").or_insert_with(|| json!({}));
    add_headers(responses, &facts);
    errors::add(responses, &facts);
}

/// What decides which errors an operation can have.
pub(super) struct Facts {
    pub(super) is_public: bool,
    pub(super) is_read: bool,
    pub(super) has_body: bool,
    pub(super) has_path_parameter: bool,
    pub(super) has_if_match: bool,
    pub(super) is_created: bool,
}

impl Facts {
    fn of(operation: &Operation<'_>, is_public: bool) -> Self {
        let responses = operation.map.get("responses");
        Self {
            is_public,
            is_read: operation.method == "get",
            has_body: operation.map.contains_key("requestBody"),
            has_path_parameter: operation.path.contains('{'),
            has_if_match: has_parameter(operation.map, "If-Match"),
            is_created: responses.is_some_and(|responses| responses.get("201").is_some()),
        }
    }
}

/// A summary without its full stop, and a description in any case.
fn describe(operation: &mut Operation<'_>) {
    let text = |operation: &Operation<'_>, name: &str| {
        operation.map.get(name).and_then(Value::as_str).map(|text| text.trim().to_owned())
    };
    let summary = text(operation, "summary").unwrap_or_default().trim_end_matches('.').to_owned();
    let description =
        text(operation, "description").filter(|text| !text.is_empty()).unwrap_or_else(|| format!("{summary}."));
    operation.map.insert("summary".into(), json!(summary));
    operation.map.insert("description".into(), json!(description));
}

/// The headers that operations of a kind read.
fn add_parameters(operation: &mut Operation<'_>) {
    let is_sign_in = operation
        .map
        .get("tags")
        .and_then(|tags| tags.get(0))
        .and_then(Value::as_str)
        .is_some_and(|tag| ["Sign-in", "Setup", "API keys"].contains(&tag));
    let is_question = ["/search", "/preview", "/dry-run"].iter().any(|question| operation.path.ends_with(question));
    // What is shown once is not kept for a retry.
    let shows_secret = operation.path.ends_with("/calendar-feed");
    let is_guarded_action =
        ["/move", "/conversion", "/lifecycle", "/assignment", "/claim", "/release", "/allot", "/lock", "/transfer"]
            .iter()
            .any(|action| operation.path.ends_with(action));
    let wanted: &[&str] = match operation.method.as_str() {
        "post" if is_guarded_action => &["Idempotency-Key", "If-Match"],
        "post" if !is_sign_in && !is_question && !shows_secret => &["Idempotency-Key"],
        // Whoever marks what they have read overwrites nobody's work.
        "patch" if operation.path.ends_with("/notifications/{id}") => &[],
        "patch" => &["If-Match"],
        "put" if operation.path.ends_with("/notification-settings") => &["If-Match"],
        // A file never changes.
        "delete" if operation.path.ends_with("/files/{id}") => &[],
        "delete" if operation.path.ends_with('}') && !operation.path.contains("/me/") && !is_sign_in => &["If-Match"],
        _ => &[],
    };
    for name in wanted {
        if has_parameter(operation.map, name) {
            continue;
        }
        let component = name.replace('-', "");
        let parameters = operation.map.entry("parameters").or_insert_with(|| json!([]));
        if let Some(list) = parameters.as_array_mut() {
            list.push(json!({ "$ref": format!("#/components/parameters/{component}") }));
        }
    }
}

fn has_parameter(operation: &Map<String, Value>, name: &str) -> bool {
    let component = format!("#/components/parameters/{}", name.replace('-', ""));
    let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    parameters.into_iter().any(|parameter| {
        parameter.get("name").is_some_and(|found| found == name)
            || parameter.get("$ref").is_some_and(|found| *found == json!(component))
    })
}

/// `security(())` on a handler stands for "open to everyone".
fn make_public(operation: &mut Operation<'_>) -> bool {
    let is_public = operation
        .map
        .get("security")
        .and_then(Value::as_array)
        .is_some_and(|list| list.iter().all(|entry| *entry == json!({})));
    if is_public {
        operation.map.insert("security".into(), json!([]));
    }
    is_public
}

/// An example for every body, made from the examples of its fields unless it has one.
fn add_examples(operation: &mut Operation<'_>, examples: &Examples) {
    if let Some(contents) = operation.map.get_mut("requestBody").and_then(|body| body.get_mut("content")) {
        if operation.method == "patch" && contents.get("application/merge-patch+json").is_none() {
            let json = contents.get("application/json").cloned().unwrap_or_default();
            set(contents, "application/merge-patch+json", json);
        }
        examples.fill(contents);
    }
    let responses = operation.map.get_mut("responses").and_then(Value::as_object_mut).into_iter().flatten();
    for (_, response) in responses {
        if let Some(contents) = response.get_mut("content") {
            examples.fill(contents);
        }
    }
}

fn add_headers(responses: &mut Value, facts: &Facts) {
    for (status, response) in responses.as_object_mut().into_iter().flatten() {
        let Some(response) = response.as_object_mut().filter(|response| !response.contains_key("$ref")) else {
            continue;
        };
        let headers = response.entry("headers").or_insert_with(|| json!({}));
        set(headers, "X-Request-Id", json!({ "$ref": "#/components/headers/XRequestId" }));
        let is_made = (status == "201" && facts.is_created) || status == "202";
        if is_made && headers.get("Location").is_none() {
            set(headers, "Location", json!({ "$ref": "#/components/headers/Location" }));
        }
    }
}

fn tags_of(document: &mut Value) -> Vec<String> {
    let tags = operations(document)
        .into_iter()
        .filter_map(|operation| Some(operation.map.get("tags")?.get(0)?.as_str()?.to_owned()));
    let mut tags: Vec<String> = tags.collect();
    tags.sort();
    tags.dedup();
    tags
}

pub(super) fn set(object: &mut Value, name: &str, value: Value) {
    if let Some(map) = object.as_object_mut() {
        map.insert(name.to_owned(), value);
    }
}
