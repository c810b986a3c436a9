//! Bodies of requests, read strictly.

use rapport_api::contacts::CreateContact;
use rapport_api::customers::CreateCustomer;
use rapport_api::extract::{parse_body, validate};
use rapport_api::leads::CreateLead;
use rapport_api::opportunities::CreateOpportunity;
use rapport_api::problem::Problem;
use rapport_api::records::batch::BatchRequest;
use rapport_api::records::list::SearchRequest;
use rapport_domain::context::Locale;
use serde_json::Value;

pub(crate) const WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "null",
    "true",
    "-0",
    "1e5",
    "1e400",
    "9223372036854775808",
    "0.1",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"name\":",
    "\"tags\":[",
    "\"emails\":[{",
    "\"amount\":{\"amount\":\"1.00\",\"currency\":\"CNY\"}",
    "\"operations\":[{",
    "\"action\":\"create\"",
    "\"data\":{",
    "\"external_ids\":[{\"system\":\"a\",\"external_id\":\"b\"}]",
    "\"owner_id\":\"01890a5d-ac96-774b-bcce-b302099a8057\"",
    "\"filter\":{",
    "[[[[[[[[[[[[[[[[",
    "{\"a\":{\"a\":{\"a\":",
    "\u{feff}",
];

/// Every kind of body reads the same bytes: each refuses them as a whole document or takes them, and none takes two
/// members of one name or a NUL.
pub(crate) fn body(bytes: &[u8]) {
    refused(parse_body::<CreateContact>(bytes).and_then(|body| validate(&body)), bytes);
    refused(parse_body::<CreateCustomer>(bytes).and_then(|body| validate(&body)), bytes);
    refused(parse_body::<CreateLead>(bytes).and_then(|body| validate(&body)), bytes);
    refused(parse_body::<CreateOpportunity>(bytes).and_then(|body| validate(&body)), bytes);
    refused(parse_body::<BatchRequest>(bytes).and_then(|body| validate(&body)), bytes);
    refused(parse_body::<SearchRequest>(bytes).and_then(|body| validate(&body)), bytes);
    refused(parse_body::<Value>(bytes).map(drop), bytes);
}

fn refused(read: Result<(), Problem>, bytes: &[u8]) {
    match read {
        Ok(()) => {
            let value: Option<Value> = serde_json::from_slice(bytes).ok();
            assert!(value.is_some_and(|value| value.is_object()), "something that is no object is taken");
        }
        Err(problem) => {
            let status = problem.status().as_u16();
            assert!(matches!(status, 400 | 422), "a body is refused with {status}");
            for locale in [Locale::En, Locale::ZhCn] {
                let json = problem.to_json(locale, "/", "r").to_string();
                let tells = ["rapport_", "::", "expected struct", "Option<"].iter().find(|word| json.contains(**word));
                let is_echo = tells.is_some_and(|word| String::from_utf8_lossy(bytes).contains(word));
                assert!(tells.is_none() || is_echo, "a refusal tells of the inside: {json}");
            }
        }
    }
}
