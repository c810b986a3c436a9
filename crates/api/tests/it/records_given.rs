//! Records for tests, and requests with headers.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, TestApp, answer};

/// The four record types by their plural names, each with the least it can be made of; opportunities need a customer more.
pub(crate) const TYPES: [&str; 4] = ["customers", "contacts", "leads", "opportunities"];

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
