//! The refusals an operation can answer with.

use actix_web::http::StatusCode;
use rapport_domain::context::Locale;
use serde_json::{Value, json};

use super::complete::{Facts, set};
use crate::problem::{Code, FieldError, PROBLEM_JSON, Problem};

/// A refusal as a component: its name, its code, and when it happens.
const REFUSALS: &[(&str, Code, &str)] = &[
    (
        "BadRequest",
        Code::ParameterInvalid,
        "The request cannot be read: malformed JSON, an unknown or wrong parameter, a filter or cursor that is not valid.",
    ),
    ("Unauthorized", Code::Unauthenticated, "Nobody is signed in, or the session or key has ended."),
    ("Forbidden", Code::Forbidden, "The caller may not do this."),
    ("NotFound", Code::NotFound, "There is no such thing, or it is hidden from the caller."),
    ("NotAcceptable", Code::NotAcceptable, "The caller accepts no form this can be answered in."),
    ("RequestTimeout", Code::Timeout, "The body did not arrive in time."),
    ("Conflict", Code::Duplicate, "The state of things does not allow it."),
    (
        "PreconditionFailed",
        Code::VersionConflict,
        "The record is no longer the one named by If-Match; `current` is what it is now.",
    ),
    ("ContentTooLarge", Code::BodyTooLarge, "The body is too large."),
    (
        "UnsupportedMediaType",
        Code::UnsupportedMediaType,
        "The body is not of the type that is documented, as it stands.",
    ),
    ("UnprocessableContent", Code::ValidationFailed, "Some fields are unknown or not valid; `errors` says which."),
    ("PreconditionRequired", Code::PreconditionRequired, "The organisation demands If-Match."),
    ("TooManyRequests", Code::TooManyRequests, "Too many requests; Retry-After says when to try again."),
    ("InternalServerError", Code::Internal, "Something went wrong in Rapport."),
    ("ServiceUnavailable", Code::Unavailable, "Temporarily unavailable; Retry-After says when to try again."),
    ("InsufficientStorage", Code::StorageFull, "The disk is full."),
];

/// Adds the refusals to the components.
pub(super) fn add_components(components: &mut Value) {
    use utoipa::ToSchema as _;
    let mut schemas = vec![(
        crate::problem::ProblemView::name().into_owned(),
        <crate::problem::ProblemView as utoipa::PartialSchema>::schema(),
    )];
    crate::problem::ProblemView::schemas(&mut schemas);
    let known = components.as_object_mut().map(|map| map.entry("schemas").or_insert_with(|| json!({})));
    if let Some(known) = known {
        for (name, schema) in schemas {
            set(known, &name, serde_json::to_value(schema).unwrap_or_default());
        }
    }
    let mut responses = json!({});
    for (name, code, description) in REFUSALS {
        set(&mut responses, name, response(*code, description));
    }
    set(components, "responses", responses);
}

fn response(code: Code, description: &str) -> Value {
    let mut problem = Problem::new(code);
    if code == Code::ValidationFailed {
        problem = problem.error(FieldError::at("/name", Code::Required));
    }
    let example = problem.to_json(Locale::En, "/api/v1/leads", "01890a5d-ac96-774b-bcce-b302099a8057");
    let mut headers = json!({ "X-Request-Id": { "$ref": "#/components/headers/XRequestId" } });
    match code {
        Code::TooManyRequests | Code::Unavailable | Code::StorageFull => {
            set(&mut headers, "Retry-After", json!({ "$ref": "#/components/headers/RetryAfter" }));
        }
        Code::Unauthenticated => {
            set(&mut headers, "WWW-Authenticate", json!({ "$ref": "#/components/headers/WWWAuthenticate" }));
        }
        _ => {}
    }
    let content = json!({ PROBLEM_JSON: { "schema": { "$ref": "#/components/schemas/Problem" }, "example": example } });
    json!({ "description": description, "headers": headers, "content": content })
}

/// Adds the refusals an operation can reach; those it declares itself stay.
pub(super) fn add(responses: &mut Value, facts: &Facts) {
    for (name, code, _) in REFUSALS {
        let status = code.status().as_u16().to_string();
        if is_reachable(code.status(), facts) && responses.get(&status).is_none() {
            set(responses, &status, json!({ "$ref": format!("#/components/responses/{name}") }));
        }
    }
}

fn is_reachable(status: StatusCode, facts: &Facts) -> bool {
    match status.as_u16() {
        401 | 403 => !facts.is_public || !facts.is_read,
        404 => facts.has_path_parameter,
        408 | 413 | 415 => facts.has_body,
        422 => facts.has_body || !facts.is_read,
        409 | 507 => !facts.is_read,
        412 | 428 => facts.has_if_match,
        _ => true,
    }
}
