//! Undoing a conversion when what it made or linked has gone its own way since.

use serde_json::{Value, json};

use crate::harness::{Answer, TestApp};
use crate::records_given::id;

const CREATE: &str = "create";

fn all_new() -> Value {
    let part = json!({"mode": CREATE});
    json!({"customer": part, "contact": part, "opportunity": part})
}

fn link(record: &Value, fields: Value) -> Value {
    json!({"mode": "link", "id": record["id"], "fields": fields})
}

/// A lead and what it became.
async fn converted(app: &TestApp, body: Value) -> (Value, Value) {
    let lead = json!({"given_name": "Ada", "company_name": "Works", "industry": "Mining"});
    let lead = app.make("sales", "leads", lead).await;
    let made = app.post("sales", &format!("/leads/{}/conversion", id(&lead)), body).await.expect(201);
    (lead, made)
}

async fn undo(app: &TestApp, lead: &Value) -> Answer {
    app.post("sales", &format!("/leads/{}/conversion/undo", id(lead)), json!({})).await
}

async fn read(app: &TestApp, plural: &str, record: &Value) -> Value {
    app.get("admin", &format!("/{plural}/{}", id(record))).await.expect(200)
}

async fn change(app: &TestApp, plural: &str, record: &Value, to: Value) {
    app.patch("sales", &format!("/{plural}/{}", id(record)), to).await.expect(200);
}

/// Type and number of what stands in the way.
fn dependants(refused: Answer) -> Vec<(String, i64)> {
    let problem = refused.refused(409, "undo_refused");
    let reasons = problem["reasons"].as_array().unwrap().iter();
    reasons
        .map(|reason| {
            assert_eq!(reason["reason"], "has_dependants", "{problem}");
            (reason["type"].as_str().unwrap().to_owned(), reason["count"].as_i64().unwrap())
        })
        .collect()
}

#[actix_web::test]
async fn what_others_have_come_to_rely_on_stays_though_the_deal_has_turned_elsewhere() {
    TestApp::each(async |app| {
        let (lead, made) = converted(app, all_new()).await;
        let other = app.deal("sales", "Other").await;
        change(app, "opportunities", &made["opportunity"], json!({"primary_contact_id": null})).await;
        change(app, "opportunities", &other, json!({"primary_contact_id": made["contact"]["id"]})).await;
        assert_eq!(dependants(undo(app, &lead).await), [("contact".to_owned(), 1)]);

        let elsewhere = json!({"customer_id": other["customer_id"]});
        change(app, "opportunities", &made["opportunity"], elsewhere).await;
        change(app, "opportunities", &other, json!({"customer_id": made["customer"]["id"]})).await;
        let told = dependants(undo(app, &lead).await);
        assert_eq!(told, [("customer".to_owned(), 1), ("contact".to_owned(), 1)]);
        assert_eq!(read(app, "contacts", &made["contact"]).await["deleted_at"], Value::Null);

        app.delete("sales", &format!("/opportunities/{}", id(&other))).await.expect(204);
        undo(app, &lead).await.expect(200);
        for (plural, part) in [("customers", "customer"), ("contacts", "contact"), ("opportunities", "opportunity")] {
            assert!(read(app, plural, &made[part]).await["deleted_at"].is_string(), "{part}");
        }
    })
    .await;
}

#[actix_web::test]
async fn a_customer_whose_primary_contact_is_of_the_same_conversion_goes_with_it() {
    TestApp::each(async |app| {
        let (lead, made) = converted(app, all_new()).await;
        change(app, "customers", &made["customer"], json!({"primary_contact_id": made["contact"]["id"]})).await;
        undo(app, &lead).await.expect(200);
        assert_eq!(app.total("admin", "/customers").await, 0);
    })
    .await;
}

#[actix_web::test]
async fn a_linked_contact_that_stays_with_the_new_customer_keeps_it() {
    TestApp::each(async |app| {
        let person = app.make("sales", "contacts", json!({"given_name": "Ada"})).await;
        let body = json!({"customer": {"mode": CREATE}, "contact": link(&person, json!({}))});
        let (lead, made) = converted(app, body).await;
        let employer = json!({"customer_id": made["customer"]["id"], "role": "CTO", "primary": true});
        change(app, "contacts", &person, json!({"customers": [employer]})).await;
        assert_eq!(dependants(undo(app, &lead).await), [("customer".to_owned(), 1)]);
        change(app, "contacts", &person, json!({"customers": []})).await;
        undo(app, &lead).await.expect(200);
        assert!(read(app, "customers", &made["customer"]).await["deleted_at"].is_string());
    })
    .await;
}

#[actix_web::test]
async fn a_linked_record_that_is_hidden_by_now_gets_its_old_values_back_too() {
    TestApp::each(async |app| {
        let known = app.make("sales", "customers", json!({"name": "Known"})).await;
        let (lead, _) = converted(app, json!({"customer": link(&known, json!({"level": "A"}))})).await;
        let (place, other) = (format!("/customers/{}", id(&known)), app.id("sales2").await);
        app.post("admin", &format!("{place}/transfer"), json!({"owner_id": other})).await.expect(200);
        app.get("sales", &place).await.refused(404, "not_found");
        undo(app, &lead).await.expect(200);
        let back = read(app, "customers", &known).await;
        assert_eq!((&back["industry"], &back["level"], &back["owner_id"]), (&Value::Null, &Value::Null, &json!(other)));
        let history = app.get("admin", &format!("{place}/history")).await.expect(200);
        let last = &history["data"][0];
        assert_eq!((&last["action"], &last["actor"]["id"]), (&json!("undo"), &json!(app.id("sales").await)));
    })
    .await;
}

#[actix_web::test]
async fn an_old_value_that_has_gone_meanwhile_is_a_reason_to_refuse() {
    TestApp::each(async |app| {
        let (old, new) =
            (app.make_any("sales", "customers", "Old").await, app.make_any("sales", "customers", "New").await);
        let known = app.make("sales", "customers", json!({"name": "Known", "parent_id": old["id"]})).await;
        let (lead, _) = converted(app, json!({"customer": link(&known, json!({"parent_id": new["id"]}))})).await;
        app.delete("sales", &format!("/customers/{}", id(&old))).await.expect(204);
        let problem = undo(app, &lead).await.refused(409, "undo_refused");
        let reason = json!([{"reason": "old_values_gone", "type": "customer", "id": known["id"]}]);
        assert_eq!(problem["reasons"], reason);
        assert_eq!(read(app, "customers", &known).await["parent_id"], new["id"]);
        assert_eq!(read(app, "leads", &lead).await["status"], "converted");
    })
    .await;
}
