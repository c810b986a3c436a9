//! Timelines of records, and what becomes of what is to be done when a lead is converted.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::records_given::id;

fn about(kind: &str, record: &Value) -> Value {
    json!({"type": kind, "id": record["id"]})
}

async fn timeline(app: &TestApp, place: &str, query: &str) -> Vec<Value> {
    let page = app.get("sales", &format!("{place}/timeline?{query}")).await.expect(200);
    page["data"].as_array().unwrap().clone()
}

#[actix_web::test]
async fn a_timeline_is_everything_once_the_newest_first_page_by_page() {
    TestApp::each(async |app| {
        let customer = app.make("sales", "customers", json!({"name": "Customer"})).await;
        let place = format!("/customers/{}", id(&customer));
        for n in 0..40 {
            let at = format!("2026-11-20T08:00:{:02}Z", n % 3);
            let kind = ["call", "note"][n % 2];
            let body = json!({"kind": kind, "happened_at": at, "about": [about("customer", &customer)]});
            app.make("sales", "activities", body).await;
        }
        app.make("sales", "activities", json!({"kind": "task", "about": [about("customer", &customer)]})).await;
        app.patch("sales", &place, json!({"level": "A"})).await.expect(200);
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = app.get("sales", &format!("{place}/timeline?limit=7{cursor}")).await.expect(200);
            seen.extend(page["data"].as_array().unwrap().clone());
            let Some(next) = page["page"]["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        let keys: Vec<_> = seen.iter().map(|entry| (entry["at"].to_string(), entry["id"].to_string())).collect();
        assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), 42, "40 activities and two changes, each once");
        assert!(keys.is_sorted_by(|a, b| a > b), "{keys:?}");
        assert_eq!(timeline(app, &place, "only=activities&limit=200").await.len(), 40);
        assert_eq!(timeline(app, &place, "only=changes").await.len(), 2);
        let calls = timeline(app, &place, "kind=call&limit=200").await;
        assert!(calls.len() == 20 && calls.iter().all(|entry| entry["activity"]["kind"] == "call"));
        for (query, code) in [
            ("kind=seance", "parameter_invalid"),
            ("only=both", "parameter_invalid"),
            ("limit=0", "limit_invalid"),
            ("sort=at", "parameter_invalid"),
            ("cursor=x", "cursor_invalid"),
        ] {
            app.get("sales", &format!("{place}/timeline?{query}")).await.refused(400, code);
        }
        let other = app.make("sales", "customers", json!({"name": "Other"})).await;
        let foreign = format!("/customers/{}/timeline?limit=7{cursor}", id(&other));
        app.get("sales", &foreign).await.refused(400, "cursor_mismatch");
    })
    .await;
}

#[actix_web::test]
async fn contacts_have_what_they_took_part_in() {
    TestApp::each(async |app| {
        let one = app.make("sales", "contacts", json!({"given_name": "One"})).await;
        let two = app.make("sales", "contacts", json!({"given_name": "Two"})).await;
        let meeting = json!({"kind": "meeting", "about": [about("contact", &one)],
            "participants": [about("contact", &one), about("contact", &two)]});
        let meeting = app.make("sales", "activities", meeting).await;
        for contact in [&one, &two] {
            let done = timeline(app, &format!("/contacts/{}", id(contact)), "only=activities").await;
            assert_eq!((done.len(), &done[0]["id"]), (1, &meeting["id"]));
        }
    })
    .await;
}

/// A lead that was called, with something still to be done.
async fn lead(app: &TestApp) -> (Value, Value) {
    let lead = app.make("sales", "leads", json!({"company_name": "Lead", "given_name": "Ada"})).await;
    let call = json!({"kind": "call", "name": "First call", "about": [about("lead", &lead)]});
    app.make("sales", "activities", call).await;
    let task =
        json!({"kind": "task", "name": "Quote", "due_at": "2026-12-01T08:00:00Z", "about": [about("lead", &lead)]});
    let task = app.make("sales", "activities", task).await;
    (lead, task)
}

async fn convert(app: &TestApp, lead: &Value, open_tasks: &str) -> Value {
    let part = json!({"mode": "create"});
    let asked = json!({"customer": part, "contact": part, "opportunity": part, "open_tasks": open_tasks,
        "on_duplicate": "force", "duplicate_reason": "test"});
    app.post("sales", &format!("/leads/{}/conversion", id(lead)), asked).await.expect(201)
}

#[actix_web::test]
async fn what_is_to_be_done_follows_the_lead_as_asked_and_comes_back() {
    TestApp::each(async |app| {
        for how in ["move", "keep", "close"] {
            let (lead, task) = lead(app).await;
            let made = convert(app, &lead, how).await;
            let place = format!("/activities/{}", id(&task));
            let now = app.get("sales", &place).await.expect(200);
            let parties: Vec<&Value> = now["about"].as_array().unwrap().iter().map(|party| &party["id"]).collect();
            let heirs = [&made["customer"]["id"], &made["contact"]["id"], &made["opportunity"]["id"]];
            match how {
                "move" => assert_eq!((parties.as_slice(), &now["status"]), (heirs.as_slice(), &json!("open"))),
                "keep" => assert_eq!(now, task),
                _ => assert_eq!((parties.as_slice(), &now["status"]), ([&lead["id"]].as_slice(), &json!("cancelled"))),
            }
            let deal = app.get("sales", &format!("/opportunities/{}", id(&made["opportunity"]))).await.expect(200);
            let next = if how == "move" { task["due_at"].clone() } else { Value::Null };
            assert_eq!(deal["next_activity_at"], next, "{how}");

            let done = timeline(app, &format!("/opportunities/{}", id(&deal)), "only=activities").await;
            assert_eq!((&done[0]["activity"]["name"], &done[0]["from"]["id"]), (&json!("First call"), &lead["id"]));

            app.post("sales", &format!("/leads/{}/conversion/undo", id(&lead)), json!({})).await.expect(200);
            let back = app.get("sales", &place).await.expect(200);
            assert_eq!((&back["about"], &back["status"]), (&task["about"], &task["status"]), "{how}");
            let lead = app.get("sales", &format!("/leads/{}", id(&lead))).await.expect(200);
            assert_eq!(lead["next_activity_at"], task["due_at"]);
        }
    })
    .await;
}

#[actix_web::test]
async fn a_task_that_went_on_since_is_left_alone_by_undo() {
    TestApp::each(async |app| {
        let (lead, task) = lead(app).await;
        convert(app, &lead, "move").await;
        let place = format!("/activities/{}", id(&task));
        let done = app.patch("sales", &place, json!({"status": "done"})).await.expect(200);
        app.post("sales", &format!("/leads/{}/conversion/undo", id(&lead)), json!({})).await.expect(200);
        assert_eq!(app.get("sales", &place).await.expect(200)["version"], done["version"]);
    })
    .await;
}

#[actix_web::test]
async fn what_was_done_outlives_what_it_was_about() {
    TestApp::each(async |app| {
        let customer = app.make("sales", "customers", json!({"name": "Customer"})).await;
        let contact = app.make("sales", "contacts", json!({"given_name": "One"})).await;
        let call = json!({"kind": "call", "about": [about("customer", &customer)], "participants": [about("contact", &contact)]});
        let call = app.make("sales", "activities", call).await;
        for (plural, record) in [("customers", &customer), ("contacts", &contact)] {
            app.delete("sales", &format!("/{plural}/{}", id(record))).await.expect(204);
        }
        app.clock.advance(chrono::TimeDelta::days(31));
        rapport_api::trash::empty(&app.app, app.app.now()).await.unwrap();
        app.get("admin", &format!("/customers/{}", id(&customer))).await.refused(404, "not_found");
        let left = app.get("manager", &format!("/activities/{}", id(&call))).await.expect(200);
        assert_eq!(left["about"], json!([]));
    })
    .await;
}
