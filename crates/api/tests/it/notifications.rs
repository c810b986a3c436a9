//! Notifications: who is told of what, once; what a line shows to whom; what is read, put off and chosen.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::assignment::{for_one, rule};
use crate::harness::{TestApp, answer};
use crate::records_given::{id, ids};

const NOBODY: &str = "01900000-0000-7000-8000-00000000dead";

/// A page of somebody's notifications.
pub(crate) async fn inbox(app: &TestApp, who: &str, query: &str) -> Value {
    app.get(who, &format!("/me/notifications?{query}")).await.expect(200)
}

/// What stands in somebody's inbox.
pub(crate) async fn lines(app: &TestApp, who: &str) -> Vec<Value> {
    inbox(app, who, "limit=100").await["data"].as_array().unwrap().clone()
}

async fn unread(app: &TestApp, who: &str) -> i64 {
    app.get(who, "/me/notifications/count").await.expect(200)["unread"].as_i64().unwrap()
}

async fn mark(app: &TestApp, who: &str, line: &Value, body: Value) -> Value {
    app.patch(who, &format!("/me/notifications/{}", id(line)), body).await.expect(200)
}

/// A mention as the page writes it.
async fn at(app: &TestApp, who: &str) -> String {
    format!("@[{who}](user:{})", app.id(who).await)
}

/// A customer that a colleague is given.
async fn give(app: &TestApp, by: &str, to: &str, name: &str) -> Value {
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
        let named: Vec<&Value> = note["mentions"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
        assert_eq!(named, ["孙悟空", "曼丽"], "by the names they have now, each once");
        let line = &lines(app, "manager").await[0];
        assert_eq!((&line["kind"], &line["subject"], &line["count"]), (&json!("mentioned"), &json!("activity"), &json!(1)));
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
        assert_eq!((&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]), (&json!("/body"), &json!("too_long")));
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
        let key = app.post("marketing", "/api-keys", json!({"name": "Form", "scopes": ["leads:write"]})).await.expect(201);
        let key = key["key"].as_str().unwrap();
        let lead = app.request(Method::POST, "/leads").bearer_auth(key).json(&json!({"company_name": "Sent"}));
        let lead = answer(lead).await.expect(201);
        let line = lines(app, "marketing").await.remove(0);
        assert_eq!((&line["kind"], &line["actor"], &line["record"]["id"]), (&json!("assigned"), &Value::Null, &lead["id"]));
        // Asked again by somebody, the rule gives it once more; and what a key keeps for its own user is no news.
        let other = app.make("admin", "leads", json!({"company_name": "Other"})).await;
        app.post("admin", &format!("/leads/{}/assignment", id(&other)), json!({})).await.expect(200);
        assert_eq!((lines(app, "marketing").await.len(), &lines(app, "marketing").await[0]["actor"]), (2, &Value::Null));
        let mine = json!({"company_name": "Mine", "owner_id": app.id("marketing").await});
        let kept = app.request(Method::POST, "/leads").bearer_auth(key).json(&mine);
        answer(kept).await.expect(201);
        assert_eq!(lines(app, "marketing").await.len(), 2);
    })
    .await;
}

// ---------------------------------------------------------------- whose they are

#[actix_web::test]
async fn they_are_theirs_alone_and_no_keys() {
    TestApp::each(async |app| {
        give(app, "admin", "sales", "Theirs").await;
        let line = lines(app, "sales").await.remove(0);
        let place = format!("/me/notifications/{}", id(&line));
        for who in ["admin", "manager", "sales2"] {
            assert_eq!(lines(app, who).await, Vec::<Value>::new());
            app.patch(who, &place, json!({"is_read": true})).await.refused(404, "not_found");
            let refused = app.post(who, "/me/notifications/read", json!({"up_to": line["id"]})).await;
            assert_eq!(refused.refused(422, "validation_failed")["errors"][0]["pointer"], "/up_to");
        }
        let key = app.post("sales", "/api-keys", json!({"name": "All", "scopes": ["*:write"]})).await.expect(201);
        let key = key["key"].as_str().unwrap();
        for (method, path, body) in [
            (Method::GET, "/me/notifications", None),
            (Method::GET, "/me/notifications/count", None),
            (Method::PATCH, place.as_str(), Some(json!({"is_read": true}))),
            (Method::POST, "/me/notifications/read", Some(json!({"up_to": line["id"]}))),
            (Method::GET, "/me/notification-settings", None),
            (Method::PUT, "/me/notification-settings", Some(json!({}))),
        ] {
            let request = app.request(method, path).bearer_auth(key);
            let request = if let Some(body) = body { request.json(&body) } else { request };
            answer(request).await.refused(403, "forbidden");
        }
        assert_eq!(lines(app, "sales").await[0]["read_at"], Value::Null);
    })
    .await;
}

#[actix_web::test]
async fn what_is_no_longer_seen_keeps_no_name() {
    TestApp::each(async |app| {
        let lead = app.make("admin", "leads", json!({"company_name": "Secret", "owner_id": app.id("sales").await})).await;
        let about = json!([{"type": "lead", "id": lead["id"]}]);
        let note = json!({"kind": "note", "name": "Secret", "body": at(app, "sales").await, "about": about});
        let note = app.make("admin", "activities", note).await;
        let shown = inbox(app, "sales", "").await;
        assert_eq!(shown.to_string().matches("Secret").count(), 3, "{shown}");
        let to = json!({"owner_id": app.id("sales2").await});
        app.post("admin", &format!("/leads/{}/transfer", id(&lead)), to).await.expect(200);
        let hidden = inbox(app, "sales", "").await;
        assert!(!hidden.to_string().contains("Secret"), "{hidden}");
        let (named, given) = (&hidden["data"][0], &hidden["data"][1]);
        assert_eq!(given["record"], json!({"type": "lead", "id": lead["id"], "name": null}));
        assert_eq!((&named["activity"], &named["record"]), (&json!({"id": note["id"], "name": null}), &Value::Null));
        assert_eq!(given["actor"]["name"], "Ada Admin");

        // What lies in the trash can be seen there; what is purged is no line any more.
        app.post("admin", &format!("/leads/{}/transfer", id(&lead)), json!({"owner_id": app.id("sales").await})).await.expect(200);
        app.delete("admin", &format!("/activities/{}", id(&note))).await.expect(204);
        assert_eq!(inbox(app, "sales", "kind=mentioned").await["data"][0]["activity"]["name"], "Secret");
        app.advance(TimeDelta::days(31));
        rapport_api::upkeep::once(&app.app).await.unwrap();
        assert_eq!(inbox(app, "sales", "kind=mentioned").await["data"], json!([]));
        assert_eq!(lines(app, "sales").await.len(), 2);
    })
    .await;
}

// ---------------------------------------------------------------- the inbox

#[actix_web::test]
async fn what_is_read_is_counted_no_more_and_what_came_since_stays_unread() {
    TestApp::each(async |app| {
        for n in 0..5 {
            give(app, "admin", "sales", &format!("Customer {n}")).await;
        }
        let found = lines(app, "sales").await;
        assert_eq!((unread(app, "sales").await, inbox(app, "sales", "").await["unread"].as_i64()), (5, Some(5)));
        let read = mark(app, "sales", &found[0], json!({"is_read": true})).await;
        assert!(read["read_at"].is_string());
        let again = mark(app, "sales", &found[0], json!({"is_read": true})).await;
        assert_eq!(again["read_at"], read["read_at"], "read once");
        assert_eq!(mark(app, "sales", &found[0], json!({"is_read": false})).await["read_at"], Value::Null);
        assert_eq!(unread(app, "sales").await, 5);

        // Everything up to the third: what came later than one has looked stays.
        let done = app.post("sales", "/me/notifications/read", json!({"up_to": found[2]["id"]})).await.expect(200);
        assert_eq!((done, unread(app, "sales").await), (json!({"changed": 3}), 2));
        let ids_of = |page: Value| ids(&page);
        assert_eq!(ids_of(inbox(app, "sales", "unread=true").await), [id(&found[0]), id(&found[1])]);
        assert_eq!(ids_of(inbox(app, "sales", "unread=false").await).len(), 3);
        assert_eq!(ids_of(inbox(app, "sales", "kind=mentioned").await), Vec::<String>::new());

        // Page by page, and never another list's cursor.
        let first = inbox(app, "sales", "limit=2").await;
        let next = first["page"]["next_cursor"].as_str().unwrap();
        let second = inbox(app, "sales", &format!("limit=2&cursor={next}")).await;
        let third = second["page"]["next_cursor"].as_str().unwrap();
        let third = inbox(app, "sales", &format!("limit=2&cursor={third}")).await;
        let all: Vec<String> = [first.clone(), second, third.clone()].iter().flat_map(ids).collect();
        assert_eq!(all, found.iter().map(id).collect::<Vec<_>>());
        assert_eq!((&third["page"]["has_more"], &third["page"]["next_cursor"]), (&json!(false), &Value::Null));
        let wrong = app.get("sales", &format!("/me/notifications?state=all&cursor={next}")).await;
        wrong.refused(400, "cursor_mismatch");
        app.get("sales2", &format!("/me/notifications?limit=2&cursor={next}")).await.refused(400, "cursor_mismatch");
    })
    .await;
}

#[actix_web::test]
async fn what_is_put_off_comes_back_unread_above_the_others() {
    TestApp::each(async |app| {
        give(app, "admin", "sales", "First").await;
        give(app, "admin", "sales", "Second").await;
        let first = lines(app, "sales").await.remove(1);
        mark(app, "sales", &first, json!({"is_read": true})).await;
        let until = "2026-11-21T10:00:00Z";
        let put_off = mark(app, "sales", &first, json!({"snoozed_until": until})).await;
        assert_eq!((&put_off["snoozed_until"], &put_off["read_at"]), (&json!(until), &Value::Null));
        assert_eq!((lines(app, "sales").await.len(), unread(app, "sales").await), (1, 1));
        assert_eq!(ids(&inbox(app, "sales", "state=snoozed").await), [id(&first)]);
        assert_eq!(ids(&inbox(app, "sales", "state=all").await)[0], id(&first));
        // Whoever reads everything does not read what is put off.
        let second = lines(app, "sales").await.remove(0);
        app.post("sales", "/me/notifications/read", json!({"up_to": second["id"]})).await.expect(200);
        assert_eq!(unread(app, "sales").await, 0);
        app.advance(TimeDelta::hours(3));
        let back = lines(app, "sales").await.remove(0);
        assert_eq!((&back["id"], &back["snoozed_until"], unread(app, "sales").await), (&first["id"], &Value::Null, 1));
        assert_eq!(back["created_at"], first["created_at"]);

        mark(app, "sales", &second, json!({"snoozed_until": "2026-11-25T10:00:00Z"})).await;
        let now = mark(app, "sales", &second, json!({"snoozed_until": null, "is_read": true})).await;
        assert!(now["snoozed_until"].is_null() && now["read_at"].is_string());
        assert_eq!(ids(&inbox(app, "sales", "").await), [id(&first), id(&second)]);
        let place = format!("/me/notifications/{}", id(&second));
        for wrong in ["2026-11-21T09:00:00Z", "2027-12-01T00:00:00Z", "9999-12-31T00:00:00Z"] {
            let refused = app.patch("sales", &place, json!({"snoozed_until": wrong})).await;
            assert_eq!(refused.errors(), [("/snoozed_until".to_owned(), "invalid_value".to_owned())], "{wrong}");
        }
        for wrong in [json!({"snoozed_until": "soon"}), json!({"is_read": null}), json!({"is_read": 1}), json!({"kind": "x"}), json!([])] {
            app.patch("sales", &place, wrong).await.refused(422, "validation_failed");
        }
        app.patch("sales", "/me/notifications/no-id", json!({})).await.refused(404, "not_found");
        app.patch("sales", &format!("/me/notifications/{NOBODY}"), json!({})).await.refused(404, "not_found");
        for (query, code) in [
            ("state=gone", "parameter_invalid"),
            ("kind=stale", "parameter_invalid"),
            ("unread=maybe", "parameter_invalid"),
            ("limit=0", "limit_invalid"),
            ("limit=101", "limit_invalid"),
            ("cursor=x", "cursor_invalid"),
            ("colour=red", "unknown_field"),
        ] {
            app.get("sales", &format!("/me/notifications?{query}")).await.refused(400, code);
        }
    })
    .await;
}

#[actix_web::test]
async fn more_than_ninety_nine_are_counted_as_a_hundred_and_what_is_old_goes() {
    TestApp::each(async |app| {
        let sales = app.id("sales").await;
        let operation = |n: usize| {
            let data = json!({"kind": "note", "body": format!("@[x](user:{sales})"), "name": format!("{n}"), "about": []});
            json!({"action": "create", "data": data})
        };
        let seen = app.make("admin", "leads", json!({"company_name": "Seen", "owner_id": sales})).await;
        let operations: Vec<Value> = (0..104)
            .map(|n| {
                let mut one = operation(n);
                one["data"]["about"] = json!([{"type": "lead", "id": seen["id"]}]);
                one
            })
            .collect();
        app.post("admin", "/activities/batch", json!({"atomic": true, "operations": operations})).await.expect(200);
        assert_eq!((unread(app, "sales").await, inbox(app, "sales", "").await["unread"].as_i64()), (100, Some(100)));
        let found = lines(app, "sales").await;
        app.post("sales", "/me/notifications/read", json!({"up_to": found[50]["id"]})).await.expect(200);
        assert_eq!(unread(app, "sales").await, 50);
        app.advance(TimeDelta::days(89));
        rapport_api::upkeep::once(&app.app).await.unwrap();
        assert_eq!(inbox(app, "sales", "limit=100").await["page"]["has_more"], true);
        app.advance(TimeDelta::days(2));
        rapport_api::upkeep::once(&app.app).await.unwrap();
        assert_eq!(lines(app, "sales").await.len(), 50, "what was read three months ago has gone");
        app.advance(TimeDelta::days(275));
        rapport_api::upkeep::once(&app.app).await.unwrap();
        assert_eq!(lines(app, "sales").await, Vec::<Value>::new(), "and after a year the rest");
    })
    .await;
}

// ---------------------------------------------------------------- what somebody wants to know

#[actix_web::test]
async fn everybody_chooses_what_they_are_told_of() {
    TestApp::each(async |app| {
        let place = "/me/notification-settings";
        let found = app.get("sales", place).await;
        assert_eq!(found.header("etag"), "\"1\"");
        let both = json!({"inbox": true, "digest": true});
        let expected = json!({"kinds": {"mentioned": both, "assigned": both, "task_due": both}, "quiet_hours": null,
            "digest": "off", "digest_at": "08:00", "has_mail": false, "version": 1});
        assert_eq!(found.expect(200), expected);

        let chosen = json!({"kinds": {"assigned": {"inbox": false, "digest": false}}, "quiet_hours": {"start": "22:00", "end": "07:30"},
            "digest": "daily", "digest_at": "07:45"});
        let send = async |tag: &str, body: &Value| {
            app.send_with("sales", Method::PUT, place, &[("if-match", tag)], Some(body.clone())).await
        };
        let put = send("\"1\"", &chosen).await;
        assert_eq!(put.header("etag"), "\"2\"");
        let put = put.expect(200);
        assert_eq!((&put["kinds"]["assigned"], &put["kinds"]["task_due"]), (&json!({"inbox": false, "digest": false}), &both));
        assert_eq!((&put["quiet_hours"], &put["digest_at"]), (&chosen["quiet_hours"], &json!("07:45")));
        let stale = send("\"1\"", &chosen).await.refused(412, "version_conflict");
        assert_eq!(stale["current"], put);
        assert_eq!(app.get("sales", place).await.expect(200), put);
        assert_eq!(app.get("admin", place).await.expect(200)["version"], 1, "everybody their own");

        give(app, "admin", "sales", "Quietly").await;
        assert_eq!(lines(app, "sales").await, Vec::<Value>::new());
        assert_eq!(send("\"2\"", &json!({})).await.expect(200)["kinds"]["assigned"], both, "what is left out is as it comes");
        give(app, "admin", "sales", "Aloud").await;
        assert_eq!(lines(app, "sales").await.len(), 1, "what came before does not come after all");
        // Only by e-mail: no line in the inbox.
        let by_mail = json!({"kinds": {"assigned": {"inbox": false}}, "digest": "hourly"});
        app.put("sales", place, by_mail).await.expect(200);
        give(app, "admin", "sales", "By mail").await;
        assert_eq!((lines(app, "sales").await.len(), unread(app, "sales").await), (1, 1));

        for (wrong, pointer) in [
            (json!({"digest": "weekly"}), "/digest"),
            (json!({"digest_at": "8:00"}), "/digest_at"),
            (json!({"digest_at": "24:00"}), "/digest_at"),
            (json!({"quiet_hours": {"start": "22", "end": "07:00"}}), "/quiet_hours/start"),
            (json!({"quiet_hours": {"start": "22:00", "end": "22:00"}}), "/quiet_hours/end"),
            (json!({"quiet_hours": {"start": "22:00"}}), "/quiet_hours/end"),
            (json!({"kinds": {"stale": {}}}), "/kinds/stale"),
            (json!({"kinds": {"assigned": {"sms": true}}}), "/kinds/assigned/sms"),
            (json!({"has_mail": true}), "/has_mail"),
        ] {
            let refused = app.put("sales", place, wrong.clone()).await.refused(422, "validation_failed");
            assert_eq!(refused["errors"][0]["pointer"], pointer, "{wrong}");
        }
    })
    .await;
}

#[actix_web::test]
async fn quiet_hours_are_those_of_ones_own_clock() {
    TestApp::each(async |app| {
        let hours = json!({"quiet_hours": {"start": "22:00", "end": "08:00"}});
        app.put("sales", "/me/notification-settings", hours).await.expect(200);
        let is_quiet = async || app.get("sales", "/me/notifications/count").await.expect(200)["is_quiet"].clone();
        // Eight in the morning in UTC is four in the afternoon in Shanghai and three at night in New York.
        for (zone, expected) in [("UTC", false), ("Asia/Shanghai", false), ("America/New_York", true)] {
            app.patch("sales", "/me", json!({"time_zone": zone})).await.expect(200);
            assert_eq!(is_quiet().await, expected, "{zone}");
        }
        app.put("sales", "/me/notification-settings", json!({})).await.expect(200);
        assert_eq!(is_quiet().await, false);
    })
    .await;
}

#[actix_web::test]
async fn first_choices_at_the_same_time_do_not_meet() {
    TestApp::each(async |app| {
        app.token("sales").await;
        let put = || app.put("sales", "/me/notification-settings", json!({"digest": "hourly"}));
        let done = futures_util::future::join_all((0..8).map(|_| put())).await;
        let mut versions: Vec<i64> = done.into_iter().map(|one| one.expect(200)["version"].as_i64().unwrap()).collect();
        versions.sort_unstable();
        assert_eq!(versions, [2, 3, 4, 5, 6, 7, 8, 9]);
    })
    .await;
}
