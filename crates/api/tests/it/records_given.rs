//! Records for tests, and requests with headers.

use std::time::Duration;

use diesel::PgConnection;
use diesel::prelude::*;
use rapport_persistence::Target;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, TestApp, answer};

/// The record types by their plural names, each with the least it can be made of; opportunities need a customer more.
pub(crate) const TYPES: [&str; 5] = ["customers", "contacts", "leads", "opportunities", "activities"];

/// Long enough for a request that does not wait.
pub(crate) const A_WHILE: Duration = Duration::from_millis(500);

/// A connection beside the server's; only on PostgreSQL, where two can write at the same moment.
pub(crate) fn beside(app: &TestApp) -> Option<PgConnection> {
    let Target::Postgres(url) = &app.database.target else { return None };
    Some(PgConnection::establish(url).unwrap())
}

/// Of two that exclude each other exactly one is done; answers which.
#[track_caller]
pub(crate) fn one_of(one: &Answer, other: &Answer) -> bool {
    let done = [one, other].map(|answer| answer.status < 300);
    assert!(done[0] != done[1], "{} {}\n{} {}", one.status, one.text, other.status, other.text);
    assert!(matches!(if done[0] { other } else { one }.status, 404 | 409 | 422), "{} {}", one.text, other.text);
    done[0]
}

/// The id of a record.
pub(crate) fn id(record: &Value) -> &str {
    record["id"].as_str().expect("an id")
}

/// The ids of a list.
pub(crate) fn ids(page: &Value) -> Vec<String> {
    page["data"].as_array().expect("a list").iter().map(|row| id(row).to_owned()).collect()
}

/// The names of a list.
pub(crate) fn names(page: &Value) -> Vec<String> {
    page["data"].as_array().expect("a list").iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

impl TestApp {
    /// Makes a record.
    pub(crate) async fn make(&self, who: &str, plural: &str, body: Value) -> Value {
        self.post(who, &format!("/{plural}"), body).await.expect(201)
    }

    /// Makes a record of any type with a name.
    pub(crate) async fn make_any(&self, who: &str, plural: &str, name: &str) -> Value {
        let body = self.any(who, plural, name).await;
        self.make(who, plural, body).await
    }

    /// The least that a record of a type with this name is made of.
    pub(crate) async fn any(&self, who: &str, plural: &str, name: &str) -> Value {
        match plural {
            "customers" => json!({"name": name}),
            "contacts" => json!({"given_name": name}),
            "leads" => json!({"company_name": name}),
            "activities" => json!({"kind": "task", "name": name}),
            _ => {
                let customer = self.make(who, "customers", json!({"name": format!("Customer of {name}")})).await;
                json!({"name": name, "customer_id": customer["id"]})
            }
        }
    }

    /// A deal of a new customer.
    pub(crate) async fn deal(&self, who: &str, name: &str) -> Value {
        self.make_any(who, "opportunities", name).await
    }

    /// The ids of the default pipeline's stages: four open ones, won, lost, void.
    pub(crate) async fn stages(&self) -> Vec<String> {
        let pipelines = self.get("admin", "/pipelines").await.expect(200);
        let stages = pipelines["data"][0]["stages"].as_array().unwrap();
        stages.iter().map(|stage| id(stage).to_owned()).collect()
    }

    /// Sends a request with headers.
    pub(crate) async fn send_with(
        &self,
        who: &str,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answer {
        let mut request = self.request(method, path).bearer_auth(self.token(who).await);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        answer(request).await
    }

    /// How many records of a list there are.
    pub(crate) async fn total(&self, who: &str, path: &str) -> i64 {
        let joint = if path.contains('?') { '&' } else { '?' };
        let page = self.get(who, &format!("{path}{joint}limit=1&count=exact")).await.expect(200);
        page["meta"]["total"].as_i64().unwrap()
    }
}
