//! The published contract, against what the server does.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{TestApp, answer};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Every operation: method, path, and what the document says.
fn operations(document: &Value) -> Vec<(Method, String, Value)> {
    let paths = document["paths"].as_object().unwrap();
    let all = paths
        .iter()
        .flat_map(|(path, item)| METHODS.iter().filter_map(move |method| Some((*method, path, item.get(method)?))));
    all.map(|(method, path, operation)| (method.to_uppercase().parse().unwrap(), path.clone(), operation.clone()))
        .collect()
}

/// The path with parameters filled in, below `/api/v1`.
fn concrete(path: &str) -> String {
    let filled = path.split('/').map(|part| match part {
        "{id}" | "{stage_id}" => "01890a5d-ac96-774b-bcce-b302099a8057",
        part if part.starts_with('{') => "nothing",
        part => part,
    });
    let path = filled.collect::<Vec<_>>().join("/").replacen("/api/v1", "", 1);
    // A stream that is followed has no end.
    if path == "/events" { path + "?follow=false" } else { path }
}

fn document() -> Value {
    rapport_api::openapi::document()
}

#[test]
fn the_committed_document_is_what_the_handlers_say() {
    let committed = include_str!("../../../../openapi/openapi.json");
    // No assert_eq: nobody wants to read both documents.
    assert!(rapport_api::openapi::pretty(&document()) == committed, "run `make openapi`");
}

#[test]
fn every_operation_is_described_in_full() {
    let document = document();
    let mut ids = std::collections::BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let text = |name: &str| operation[name].as_str().unwrap_or_default().to_owned();
        let id = text("operationId");
        assert!(
            !id.is_empty() && id.chars().all(char::is_alphanumeric) && id.starts_with(char::is_lowercase),
            "{method} {path}: {id}"
        );
        assert!(ids.insert(id), "{method} {path}");
        assert!(!text("summary").is_empty() && !text("description").is_empty(), "{method} {path}");
        assert_eq!(operation["tags"].as_array().map(Vec::len), Some(1), "{method} {path}");
        for (status, response) in operation["responses"].as_object().unwrap() {
            let content = response["content"].as_object();
            let has_examples = content.into_iter().flatten().all(|(_, content)| content.get("example").is_some());
            assert!(has_examples, "{method} {path} {status}");
            let is_error = status.starts_with('4') || status.starts_with('5');
            assert!(
                !is_error
                    || response.get("$ref").is_some()
                    || response["content"].get("application/problem+json").is_some(),
                "{method} {path} {status}"
            );
        }
        let body = operation["requestBody"]["content"].as_object();
        assert!(body.into_iter().flatten().all(|(_, content)| content.get("example").is_some()), "{method} {path}");
    }
    assert!(ids.len() > 60, "{}", ids.len());
}

#[actix_web::test]
async fn nobody_gets_in_without_signing_in() {
    TestApp::each(async |app| {
        for (method, path, operation) in operations(&document()) {
            let is_public = operation["security"] == json!([]);
            let mut request = app.request(method.clone(), &concrete(&path));
            if operation.get("requestBody").is_some() {
                request = request.json(&json!({}));
            }
            let found = answer(request).await;
            if !is_public {
                assert_eq!(found.status, 401, "{method} {path}: {}", found.text);
                assert!(found.header("www-authenticate").starts_with("Bearer"), "{method} {path}");
            }
            assert!(found.status < 500, "{method} {path}: {}", found.text);
        }
    })
    .await;
}

#[actix_web::test]
async fn no_operation_answers_what_the_document_does_not_name() {
    TestApp::each(async |app| {
        for who in ["viewer", "sales", "admin"] {
            for (method, path, operation) in operations(&document())
                .into_iter()
                .filter(|(_, path, _)| !path.contains("/auth/") && !path.contains("/me"))
            {
                let body =
                    operation.get("requestBody").map(|body| body["content"]["application/json"]["example"].clone());
                let found = app.send(who, method.clone(), &concrete(&path), body).await;
                let status = found.status.to_string();
                assert!(
                    operation["responses"].get(&status).is_some(),
                    "{who}: {method} {path} answers {status}: {}",
                    found.text
                );
                assert!(found.status < 500, "{who}: {method} {path}: {}", found.text);
                let is_change = method != Method::GET && !path.ends_with("/search") && !path.ends_with("/preview");
                if who == "viewer" && is_change {
                    assert!(
                        found.status >= 400 || path.ends_with("/batch") || path.ends_with("/api-keys"),
                        "a viewer changed something: {method} {path}: {}",
                        found.text
                    );
                }
            }
        }
    })
    .await;
}
