//! Who is told of what, once: whoever is named, and whoever is given something.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::assignment::{for_one, rule};
use crate::harness::{TestApp, answer};
use crate::records_given::{id, ids};

pub(crate) const NOBODY: &str = "01900000-0000-7000-8000-00000000dead";

/// A page of somebody's notifications.
pub(crate) async fn inbox(app: &TestApp, who: &str, query: &str) -> Value {
    app.get(who, &format!("/me/notifications?{query}")).await.expect(200)
}

/// What stands in somebody's inbox.
pub(crate) async fn lines(app: &TestApp, who: &str) -> Vec<Value> {
    inbox(app, who, "limit=100").await["data"].as_array().unwrap().clone()
}

/// Marks one line.
pub(crate) async fn mark(app: &TestApp, who: &str, line: &Value, body: Value) -> Value {
    app.patch(who, &format!("/me/notifications/{}", id(line)), body).await.expect(200)
}

/// A mention as the page writes it.
pub(crate) async fn at(app: &TestApp, who: &str) -> String {
    format!("@[{who}](user:{})", app.id(who).await)
}

/// A customer that a colleague is given.
pub(crate) async fn give(app: &TestApp, by: &str, to: &str, name: &str) -> Value {
    let owner = app.id(to).await;
    app.make(by, "customers", json!({"name": name, "owner_id": owner})).await
}

// ---------------------------------------------------------------- mentions

#[actix_web::test]
async fn whoever_is_named_is_told_once() {
    TestApp::each(async |app| {
        let deal = give(app, "admin", "sales", "Deal").await;
        let about = json!([{"type": "customer", "id": deal["id"]}]);
        let (sales, manager) = (at(app, "sales").await, at(app, "manager").await);
        let body = json!({"kind": "note", "body": format!("{sales} {manager} {sales}"), "about": about});
        let note = app.make("admin", "activities", body).await;
        assert_eq!(note["name"], "@sales @manager @sales", "a name reads aloud");
        let named: Vec<&Value> = note["mentions"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
        assert_eq!(named, ["孙悟空", "曼丽"], "by the names they have now, each once");
        let line = &lines(app, "manager").await[0];
        assert_eq!(
            (&line["kind"], &line["subject"], &line["count"]),
            (&json!("mentioned"), &json!("activity"), &json!(1))
        );
        assert_eq!(line["actor"]["name"], "Ada Admin");
        assert_eq!(line["activity"], json!({"id": note["id"], "name": note["name"]}));
        assert_eq!(line["record"], json!({"type": "customer", "id": deal["id"], "name": "Deal"}));

        // Changed, and named anew: they know. Somebody who is named for the first time is told.
        let place = format!("/activities/{}", id(&note));
        app.patch("admin", &place, json!({"body": "nobody"})).await.expect(200);
        let admin = at(app, "admin").await;
        let again = json!({"body": format!("{manager} {admin} {}", at(app, "sales").await)});
        app.patch("admin", &place, again).await.expect(200);
        assert_eq!(lines(app, "manager").await.len(), 1);
        assert_eq!(lines(app, "admin").await, Vec::<Value>::new(), "nobody is told what they wrote themselves");
        let kinds: Vec<Value> = lines(app, "sales").await.iter().map(|line| line["kind"].clone()).collect();
        assert_eq!(kinds, ["mentioned", "assigned"]);
        // What else is changed of it tells nobody anything.
        app.patch("sales", &place, json!({"tags": ["x"]})).await.refused(403, "forbidden");
        app.patch("admin", &place, json!({"tags": ["x"]})).await.expect(200);
        assert_eq!(lines(app, "sales").await.len(), 2);
    })
    .await;
}

#[actix_web::test]
async fn whoever_is_named_must_be_there_and_see_it() {
    TestApp::each(async |app| {
        let mine = app.make("sales", "leads", json!({"company_name": "Mine"})).await;
        let about = json!([{"type": "lead", "id": mine["id"]}]);
        let (stranger, nobody) = (at(app, "sales2").await, format!("@[Ghost](user:{NOBODY})"));
        let body = json!({"kind": "note", "body": format!("{stranger} {nobody}"), "about": about});
        let refused = app.post("sales", "/activities", body.clone()).await.refused(422, "validation_failed");
        let fault = &refused["errors"][0];
        assert_eq!((&fault["pointer"], &fault["code"]), (&json!("/body"), &json!("mention_unknown")));
        assert_eq!(fault["params"], json!({"user_id": NOBODY, "name": "Ghost"}));
        assert!(fault["detail"].as_str().unwrap().contains("Ghost"), "{fault}");

        let body = json!({"kind": "note", "body": format!("{stranger} {}", at(app, "manager").await), "about": about});
        let refused = app.post("sales", "/activities", body.clone()).await.refused(422, "validation_failed");
        let fault = &refused["errors"][0];
        assert_eq!((&fault["pointer"], &fault["code"]), (&json!("/body"), &json!("mention_not_visible")));
        assert_eq!(fault["params"]["name"], "猪八戒");
        assert_eq!(ids(&app.get("sales", "/activities").await.expect(200)), Vec::<String>::new(), "nothing is written");
        assert_eq!(lines(app, "manager").await, Vec::<Value>::new(), "and nobody is told");

        // One by one in a batch, the others are done.
        let good = json!({"kind": "note", "body": "fine", "about": about});
        let operations = json!([{"action": "create", "data": body}, {"action": "create", "data": good}]);
        let batch = app.post("sales", "/activities/batch", json!({"operations": operations})).await.expect(200);
        assert_eq!((&batch["results"][0]["status"], &batch["results"][1]["status"]), (&json!(422), &json!(201)));
        assert_eq!(batch["results"][0]["problem"]["errors"][0]["pointer"], "/data/body");
        assert_eq!(lines(app, "manager").await, Vec::<Value>::new());

        // Who was named and has been switched off since stays named; they cannot be named anew.
        let user = app.id("manager").await;
        let note = json!({"kind": "note", "body": at(app, "manager").await, "about": about});
        let note = app.make("sales", "activities", note).await;
        app.patch("admin", &format!("/users/{user}"), json!({"is_active": false})).await.expect(200);
        let place = format!("/activities/{}", id(&note));
        let longer = json!({"body": format!("{} more", at(app, "manager").await)});
        assert_eq!(app.patch("sales", &place, longer).await.expect(200)["mentions"][0]["id"], json!(user));
        let other = json!({"kind": "note", "body": at(app, "manager").await, "about": about});
        let refused = app.post("sales", "/activities", other).await.refused(422, "validation_failed");
        assert_eq!(refused["errors"][0]["code"], "mention_unknown");
    })
    .await;
}

#[actix_web::test]
async fn a_text_names_at_most_fifty_and_code_names_nobody() {
    TestApp::each(async |app| {
        let many: String = (0..51_u128).map(|n| format!("@[x](user:{}) ", Uuid::from_u128(n + 1))).collect();
        let refused = app.post("sales", "/activities", json!({"kind": "note", "body": many})).await;
        let refused = refused.refused(422, "validation_failed");
        assert_eq!(
            (&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]),
            (&json!("/body"), &json!("too_long"))
        );
        assert_eq!(refused["errors"][0]["params"], json!({"max": 50}));
        let code = format!("```\n{}\n```\n`@[x](user:{NOBODY})`", at(app, "sales2").await);
        let note = app.make("sales", "activities", json!({"kind": "note", "body": code})).await;
        assert_eq!((&note["mentions"], &note["body"]), (&json!([]), &json!(code)), "the text stays as it was typed");
        assert_eq!(lines(app, "sales2").await, Vec::<Value>::new());
    })
    .await;
}

// ---------------------------------------------------------------- what comes to be somebody's

#[actix_web::test]
async fn whoever_is_given_a_record_by_somebody_else_is_told() {
    TestApp::each(async |app| {
        let sales = app.id("sales").await;
        let made = give(app, "admin", "sales", "Made").await;
        let moved = app.make("admin", "leads", json!({"company_name": "Moved"})).await;
        app.post("admin", &format!("/leads/{}/transfer", id(&moved)), json!({"owner_id": sales})).await.expect(200);
        let edited = app.make("admin", "contacts", json!({"given_name": "Edited"})).await;
        app.patch("admin", &format!("/contacts/{}", id(&edited)), json!({"owner_id": sales})).await.expect(200);
        let task = json!({"kind": "task", "name": "Task", "owner_id": sales, "about": [{"type": "customer", "id": made["id"]}]});
        let task = app.make("admin", "activities", task).await;
        let call = json!({"kind": "call", "owner_id": sales, "about": [{"type": "customer", "id": made["id"]}]});
        app.make("admin", "activities", call).await;
        app.make("sales", "customers", json!({"name": "Own"})).await;

        let found = lines(app, "sales").await;
        let shown: Vec<(&str, &Value, &Value)> = found
            .iter()
            .map(|line| (line["subject"].as_str().unwrap(), &line["record"]["name"], &line["activity"]["name"]))
            .collect();
        let (name, none) = (|name: &str| json!(name), Value::Null);
        assert_eq!(
            shown,
            [
                ("activity", &name("Made"), &name("Task")),
                ("contact", &name("Edited"), &none),
                ("lead", &name("Moved"), &none),
                ("customer", &name("Made"), &none),
            ],
            "newest first; neither what is done already nor what is one's own"
        );
        assert!(found.iter().all(|line| line["kind"] == "assigned" && line["actor"]["name"] == "Ada Admin"));
        assert_eq!(found[0]["activity"]["id"], task["id"]);
        // Given to nobody, and changed by others: no news. Given again: news again.
        let place = format!("/leads/{}", id(&moved));
        app.patch("admin", &place, json!({"tags": ["x"]})).await.expect(200);
        app.post("admin", &format!("{place}/transfer"), json!({"owner_id": null})).await.expect(200);
        assert_eq!(lines(app, "sales").await.len(), 4);
        app.post("admin", &format!("{place}/transfer"), json!({"owner_id": sales})).await.expect(200);
        assert_eq!(lines(app, "sales").await.len(), 5);
        assert_eq!(lines(app, "admin").await, Vec::<Value>::new());
    })
    .await;
}

#[actix_web::test]
async fn what_is_given_at_once_is_one_line() {
    TestApp::each(async |app| {
        let (sales, sales2) = (app.id("sales").await, app.id("sales2").await);
        let mut made = Vec::new();
        for n in 0..23 {
            made.push(app.make("admin", "customers", json!({"name": format!("Customer {n}")})).await);
        }
        let to = |owner: Uuid| move |record: &Value| json!({"action": "update", "id": record["id"], "data": {"owner_id": owner}});
        let operations: Vec<Value> = made.iter().map(to(sales)).collect();
        app.post("admin", "/customers/batch", json!({"operations": operations})).await.expect(200);
        let line = lines(app, "sales").await.remove(0);
        assert_eq!((&line["count"], &line["subject"]), (&json!(23), &json!("customer")));
        assert_eq!(line["record"]["name"], "Customer 0");
        mark(app, "sales", &line, json!({"is_read": true})).await;

        // The next portion of the same run is news in the same line; another person's, and another day's, is another.
        let operations: Vec<Value> = made[..5].iter().map(to(sales2)).chain(made[..2].iter().map(to(sales))).collect();
        app.post("admin", "/customers/batch", json!({"operations": operations})).await.expect(200);
        let found = lines(app, "sales").await;
        assert_eq!((found.len(), &found[0]["count"], &found[0]["read_at"]), (1, &json!(25), &Value::Null));
        assert_eq!(lines(app, "sales2").await[0]["count"], 5);
        app.advance(TimeDelta::days(1));
        let operations: Vec<Value> = made[2..4].iter().map(to(sales)).collect();
        app.post("admin", "/customers/batch", json!({"operations": operations})).await.expect(200);
        let counts: Vec<Value> = lines(app, "sales").await.iter().map(|line| line["count"].clone()).collect();
        assert_eq!(counts, [2, 25]);
    })
    .await;
}

#[actix_web::test]
async fn whoever_a_rule_gives_a_lead_is_told_by_nobody() {
    TestApp::each(async |app| {
        rule(app, for_one(app, "All", "marketing", json!({})).await).await;
        let key =
            app.post("marketing", "/api-keys", json!({"name": "Form", "scopes": ["leads:write"]})).await.expect(201);
        let key = key["key"].as_str().unwrap();
        let lead = app.request(Method::POST, "/leads").bearer_auth(key).json(&json!({"company_name": "Sent"}));
        let lead = answer(lead).await.expect(201);
        let line = lines(app, "marketing").await.remove(0);
        assert_eq!(
            (&line["kind"], &line["actor"], &line["record"]["id"]),
            (&json!("assigned"), &Value::Null, &lead["id"])
        );
        // What a program sends by the dozen is one line.
        for _ in 0..3 {
            let more = app.request(Method::POST, "/leads").bearer_auth(key).json(&json!({"company_name": "More"}));
            answer(more).await.expect(201);
        }
        let line = lines(app, "marketing").await.remove(0);
        assert_eq!((&line["count"], &line["record"]["id"]), (&json!(4), &lead["id"]));
        // Asked again by somebody, the rule gives it once more; and what a key keeps for its own user is no news.
        let other = app.make("admin", "leads", json!({"company_name": "Other"})).await;
        app.post("admin", &format!("/leads/{}/assignment", id(&other)), json!({})).await.expect(200);
        assert_eq!(
            (lines(app, "marketing").await.len(), &lines(app, "marketing").await[0]["actor"]),
            (2, &Value::Null)
        );
        let mine = json!({"company_name": "Mine", "owner_id": app.id("marketing").await});
        let kept = app.request(Method::POST, "/leads").bearer_auth(key).json(&mine);
        answer(kept).await.expect(201);
        assert_eq!(lines(app, "marketing").await.len(), 2);
    })
    .await;
}
