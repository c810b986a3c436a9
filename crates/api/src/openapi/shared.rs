//! What the document says once: the title, the tags, the headers, the ways to sign in.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::complete::set;

const DESCRIPTION: &str = "Everything Rapport's own pages do, they do by this API.\n\n\
    Sign in with `POST /api/v1/auth/token` (apps), `POST /api/v1/auth/login` (browsers) or an API key. \
    Every refusal is a problem document (RFC 9457) whose `code` never changes; its texts follow `Accept-Language` \
    (`zh-CN`, `en`). Lists are read page by page with `cursor`. `POST` can be repeated with an `Idempotency-Key`; \
    changes can be guarded with `If-Match`.";

/// Every tag with its description, in the order of the document.
const TAGS: &[(&str, &str)] = &[
    ("Sign-in", "Proving who one is: passwords, tokens, sessions."),
    ("Me", "Who is signed in, and their sessions."),
    ("Customers", "Companies and persons that business is done with."),
    ("Contacts", "People at customers."),
    ("Leads", "People who might buy, and their conversion."),
    ("Conversion", "Turning a lead into customer, contact and opportunity, and back."),
    ("Assignment", "Rules that give leads to people, and why somebody has a lead."),
    ("Scoring", "Rules that give leads points, and why a lead has its points."),
    ("Customer pools", "Customers that nobody owns: where they lie, who may take them, and when owners lose theirs."),
    ("Opportunities", "Deals on their way through a pipeline."),
    ("Activities", "What was done and is to be done, and templates of it."),
    ("Files", "What people attach to activities."),
    ("Jobs", "Work that goes on behind a request: how far it is, and what became of each item."),
    ("Search", "Finding anything by a few letters."),
    ("Events", "What changes, as it happens."),
    ("Trash", "What was deleted and can come back."),
    ("Configuration", "The organisation, sources, lead statuses, pipelines and their stages."),
    ("Users", "People who sign in."),
    ("Handovers", "What somebody has, and giving all of it to others when they leave."),
    ("Teams", "The tree of the organisation."),
    ("Roles", "Who may do what."),
    ("API keys", "Keys for programs that act in a user's name."),
    ("Setup", "The first run."),
];

pub(super) fn info() -> Value {
    json!({
        "title": "Rapport",
        "version": "1",
        "summary": "The API of the open-source CRM Rapport.",
        "description": DESCRIPTION,
        "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
    })
}

/// The tags that are used, each with its description.
pub(super) fn tags(used: &[String]) -> Value {
    let known = TAGS.iter().filter(|(name, _)| used.iter().any(|tag| tag == name));
    let known = known.map(|(name, description)| json!({ "name": name, "description": description }));
    let others = used.iter().filter(|tag| !TAGS.iter().any(|(name, _)| name == tag));
    let others = others.map(|name| json!({ "name": name, "description": format!("{name}.") }));
    known.chain(others).collect()
}

pub(super) fn add_components(components: &mut Value) {
    set(
        components,
        "securitySchemes",
        json!({
            "bearer": { "type": "http", "scheme": "bearer", "description": "An access token, or an API key (`rap_…`)." },
            "cookie": { "type": "apiKey", "in": "cookie", "name": "rapport_access", "description": "The access cookie of a browser (`__Host-rapport_access` over https). Unsafe methods need `Sec-Fetch-Site: same-origin` or a matching `Origin`." },
        }),
    );
    set(
        components,
        "parameters",
        json!({
            "IfMatch": {
                "name": "If-Match", "in": "header", "required": false,
                "description": "The ETag the record must still have; otherwise 412.",
                "schema": { "type": "string", "pattern": "^(\\*|\"[0-9]{1,18}\")$" }, "example": "\"1\"",
            },
            "IdempotencyKey": {
                "name": "Idempotency-Key", "in": "header", "required": false,
                "description": "Makes the request repeatable for 24 hours: the same key gets the same answer.",
                "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]{1,255}$" }, "example": "7d5f2a10-1c1e-4f0e-9a53-0d6c8b1f2e77",
            },
        }),
    );
    set(
        components,
        "headers",
        json!({
            "XRequestId": { "description": "The id of the request, as in the logs.", "schema": { "type": "string" } },
            "Location": { "description": "Where the new thing is.", "schema": { "type": "string" } },
            "RetryAfter": { "description": "Seconds until another try makes sense.", "schema": { "type": "integer", "minimum": 0 } },
            "WWWAuthenticate": { "description": "How to sign in (RFC 6750).", "schema": { "type": "string" } },
        }),
    );
}

/// Takes out components that nothing refers to, until all that stand are needed.
pub(super) fn drop_unused(document: &mut Value) {
    loop {
        let mut used = BTreeSet::new();
        collect(document, &mut used);
        let mut dropped = false;
        let kinds = document.get_mut("components").and_then(Value::as_object_mut).into_iter().flatten();
        for (kind, entries) in kinds.filter(|(kind, _)| *kind != "securitySchemes") {
            let Some(entries) = entries.as_object_mut() else { continue };
            let before = entries.len();
            entries.retain(|name, _| used.contains(&format!("#/components/{kind}/{name}")));
            dropped |= entries.len() < before;
        }
        if !dropped {
            return;
        }
    }
}

fn collect(value: &Value, used: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get("$ref") {
                used.insert(reference.clone());
            }
            map.values().for_each(|value| collect(value, used));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, used)),
        _ => {}
    }
}
