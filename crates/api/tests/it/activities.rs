//! Activities: what they are, what they leave with the records they are about, who sees them.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::records_given::{id, ids};

fn about(kind: &str, record: &Value) -> Value {
    json!({"type": kind, "id": record["id"]})
}

async fn read(app: &TestApp, plural: &str, record: &Value) -> Value {
    app.get("sales", &format!("/{plural}/{}", id(record))).await.expect(200)
}

/// When something last happened with a record, and what comes next.
async fn marks(app: &TestApp, plural: &str, record: &Value) -> (Value, Value) {
    let now = read(app, plural, record).await;
    assert_eq!(now["version"], record["version"], "a mark is no change of the record");
    (now["last_activity_at"].clone(), now["next_activity_at"].clone())
}

#[actix_web::test]
async fn what_is_done_and_planned_is_marked_on_what_it_is_about() {
    TestApp::each(async |app| {
        let deal = app.deal("sales", "Deal").await;
        let customer = read(app, "customers", &json!({"id": deal["customer_id"]})).await;
        let both = json!([about("customer", &customer), about("opportunity", &deal)]);
        let call = json!({"kind": "call", "happened_at": "2026-11-20T08:00:00Z", "about": both});
        let call = app.make("sales", "activities", call).await;
        assert_eq!(
            (&call["status"], &call["direction"], &call["name"]),
            (&json!("done"), &json!("outbound"), &json!("Call"))
        );
        assert_eq!(call["about"][0]["name"], customer["name"]);
        let task = json!({"kind": "task", "name": "Quote", "due_at": "2026-12-01T08:00:00Z", "about": both});
        let task = app.make("sales", "activities", task).await;
        let planned = (json!("2026-11-20T08:00:00Z"), json!("2026-12-01T08:00:00Z"));
        assert_eq!(marks(app, "customers", &customer).await, planned);
        assert_eq!(marks(app, "opportunities", &deal).await, planned);

        let place = format!("/activities/{}", id(&task));
        let done = app.patch("sales", &place, json!({"status": "done"})).await.expect(200);
        assert_eq!(marks(app, "customers", &customer).await, (done["happened_at"].clone(), Value::Null));
        let open = app.patch("sales", &place, json!({"status": "open"})).await.expect(200);
        assert_eq!(open["happened_at"], Value::Null);
        assert_eq!(marks(app, "customers", &customer).await, planned);
        app.delete("sales", &place).await.expect(204);
        assert_eq!(marks(app, "customers", &customer).await, (planned.0.clone(), Value::Null));
        app.post("sales", &format!("{place}/restore"), json!({})).await.expect(200);
        let other = json!({"about": [about("opportunity", &deal)]});
        app.patch("sales", &place, other).await.expect(200);
        assert_eq!(marks(app, "customers", &customer).await, (planned.0.clone(), Value::Null));
        assert_eq!(marks(app, "opportunities", &deal).await, planned);

        // Somebody who edits at the same time is not told of a conflict, and takes nothing back.
        let edit =
            app.patch("sales", &format!("/customers/{}", id(&customer)), json!({"level": "A"})).await.expect(200);
        assert_eq!(edit["last_activity_at"], planned.0);
    })
    .await;
}

#[actix_web::test]
async fn what_is_next_comes_first_and_what_has_no_next_step_last() {
    TestApp::each(async |app| {
        let mut made = Vec::new();
        for (name, due) in
            [("Later", Some("2026-12-09T08:00:00Z")), ("None", None), ("Soon", Some("2026-12-01T08:00:00Z"))]
        {
            let lead = app.make("sales", "leads", json!({"company_name": name})).await;
            if let Some(due) = due {
                app.make(
                    "sales",
                    "activities",
                    json!({"kind": "task", "due_at": due, "about": [about("lead", &lead)]}),
                )
                .await;
            }
            made.push(lead);
        }
        for (sort, order) in [("next_activity_at", [2, 0, 1]), ("-next_activity_at", [0, 2, 1])] {
            let (mut seen, mut cursor) = (Vec::new(), String::new());
            for _ in 0..3 {
                let page = app.get("sales", &format!("/leads?sort={sort}&limit=1{cursor}")).await.expect(200);
                seen.extend(ids(&page));
                cursor = format!("&cursor={}", page["page"]["next_cursor"].as_str().unwrap_or_default());
            }
            assert_eq!(seen, order.map(|n: usize| id(&made[n]).to_owned()), "{sort}");
        }
        app.get("sales", "/activities?sort=next_activity_at").await.refused(400, "sort_invalid");
    })
    .await;
}

#[actix_web::test]
async fn being_in_touch_with_a_new_lead_answers_it() {
    TestApp::each(async |app| {
        for (kind, direction, works) in [
            ("note", None, false),
            ("call", Some("inbound"), false),
            ("task", None, false),
            ("email", Some("outbound"), true),
            ("visit", None, true),
        ] {
            let lead = app.make("sales", "leads", json!({"company_name": "Lead"})).await;
            let body = json!({"kind": kind, "direction": direction, "about": [about("lead", &lead)]});
            app.make("sales", "activities", body).await;
            let now = read(app, "leads", &lead).await;
            let expected = if works { "working" } else { "new" };
            assert_eq!(now["status_category"], expected, "{kind}");
            assert_eq!(now["first_responded_at"].is_string(), works, "{kind}");
        }
        let lead = app.make("sales", "leads", json!({"company_name": "Planned"})).await;
        let call = json!({"kind": "call", "due_at": "2026-12-01T08:00:00Z", "about": [about("lead", &lead)]});
        let call = app.make("sales", "activities", call).await;
        assert_eq!(read(app, "leads", &lead).await["status_category"], "new");
        app.patch("sales", &format!("/activities/{}", id(&call)), json!({"status": "done"})).await.expect(200);
        let answered = read(app, "leads", &lead).await;
        assert_eq!(answered["status_category"], "working");
        let history = app.get("sales", &format!("/leads/{}/history", id(&lead))).await.expect(200);
        assert_eq!(history["data"][0]["action"], "respond");

        // New once more, it waits for another answer: a word added to the old one is none.
        app.patch("sales", &format!("/leads/{}", id(&lead)), json!({"status": "new"})).await.expect(200);
        app.patch("sales", &format!("/activities/{}", id(&call)), json!({"body": "More"})).await.expect(200);
        assert_eq!(read(app, "leads", &lead).await["status_category"], "new");
    })
    .await;
}

#[actix_web::test]
async fn who_sees_a_record_sees_what_was_done_about_it_and_changes_only_their_own() {
    TestApp::each(async |app| {
        let customer = app.make("sales", "customers", json!({"name": "Customer"})).await;
        let call = json!({"kind": "call", "body": "Quarterly lanterns", "about": [about("customer", &customer)]});
        let call = app.make("manager", "activities", call).await;
        let own = app.make("manager", "activities", json!({"kind": "note", "body": "Nobody else"})).await;
        let place = format!("/activities/{}", id(&call));
        assert_eq!(app.get("sales", &place).await.expect(200)["can"]["edit"], json!(false));
        let listed = ids(&app.get("sales", "/activities").await.expect(200));
        assert!(listed.contains(&id(&call).to_owned()) && !listed.contains(&id(&own).to_owned()));
        for q in ["lanterns", "quart"] {
            let found = ids(&app.get("sales", &format!("/activities?q={q}")).await.expect(200));
            assert_eq!(found, [id(&call)]);
            assert_eq!(app.get("sales", &format!("/search?q={q}")).await.expect(200)["data"][0]["id"], call["id"]);
        }
        let of_customer = format!("/activities?customer_id={}&count=exact", id(&customer));
        assert_eq!(app.get("sales", &of_customer).await.expect(200)["meta"]["total"], 1);
        app.patch("sales", &place, json!({"body": "Mine"})).await.refused(403, "forbidden");
        app.delete("sales", &place).await.refused(403, "forbidden");
        assert_eq!(app.get("manager", &place).await.expect(200), call);

        app.get("sales", &format!("/activities/{}", id(&own))).await.refused(404, "not_found");
        app.get("sales2", &place).await.refused(404, "not_found");
        app.patch("sales2", &place, json!({"body": "Mine"})).await.refused(404, "not_found");
        assert!(!ids(&app.get("sales2", "/activities").await.expect(200)).contains(&id(&call).to_owned()));
        assert_eq!(app.get("sales2", "/search?q=lanterns").await.expect(200)["data"], json!([]));
        app.get("sales2", &format!("/customers/{}/timeline", id(&customer))).await.refused(404, "not_found");
    })
    .await;
}

#[actix_web::test]
async fn what_makes_no_sense_is_refused_and_nothing_is_left() {
    TestApp::each(async |app| {
        let lead = app.make("sales", "leads", json!({"company_name": "Lead"})).await;
        let hidden = app.make("sales2", "leads", json!({"company_name": "Hidden"})).await;
        let (mine, theirs) = (about("lead", &lead), about("lead", &hidden));
        let far = "9999-12-31T00:00:00Z";
        let me = json!({"type": "user", "id": app.id("sales").await});
        for (body, pointer, code) in [
            (json!({}), "/kind", "required"),
            (json!({"kind": "seance"}), "/kind", "invalid_value"),
            (json!({"kind": "call", "about": [theirs]}), "/about/0/id", "not_found"),
            (json!({"kind": "call", "about": [mine, mine]}), "/about/1/type", "duplicate"),
            (json!({"kind": "call", "about": [{"type": "user", "id": lead["id"]}]}), "/about/0/type", "invalid_value"),
            (json!({"kind": "task", "due_at": far}), "/due_at", "invalid_value"),
            (json!({"kind": "call", "happened_at": "2027-06-01T00:00:00Z"}), "/happened_at", "invalid_value"),
            (json!({"kind": "note", "status": "open"}), "/status", "invalid_value"),
            (json!({"kind": "visit", "direction": "inbound"}), "/direction", "invalid_value"),
            (json!({"kind": "call", "duration_minutes": 44_641}), "/duration_minutes", "invalid_value"),
            (json!({"kind": "call", "participants": [me, me]}), "/participants/1/id", "duplicate"),
            (
                json!({"kind": "call", "participants": [{"type": "contact", "id": lead["id"]}]}),
                "/participants/0/id",
                "not_found",
            ),
            (
                json!({"kind": "call", "about": [mine], "follow_up": {"due_at": far}}),
                "/follow_up/due_at",
                "invalid_value",
            ),
        ] {
            let refused = app.post("sales", "/activities", body.clone()).await.refused(422, "validation_failed");
            let error = &refused["errors"][0];
            assert_eq!((&error["pointer"], &error["code"]), (&json!(pointer), &json!(code)), "{body}");
        }
        let many: Vec<Value> = (0..10_000).map(|_| me.clone()).collect();
        let answer = app.post("sales", "/activities", json!({"kind": "call", "participants": many})).await;
        assert!(answer.status == 422 || answer.status == 413, "{}", answer.text);
        assert_eq!(ids(&app.get("sales", "/activities").await.expect(200)), Vec::<String>::new());
        assert_eq!(read(app, "leads", &lead).await, lead);

        let note = app.make("sales", "activities", json!({"kind": "note", "body": "Text"})).await;
        let refused = app.patch("sales", &format!("/activities/{}", id(&note)), json!({"kind": "call"})).await;
        assert_eq!(refused.refused(422, "validation_failed")["errors"][0]["pointer"], "/kind");
    })
    .await;
}

#[actix_web::test]
async fn the_next_step_is_made_along_with_what_was_done() {
    TestApp::each(async |app| {
        let lead = app.make("sales", "leads", json!({"company_name": "Lead"})).await;
        let next = json!({"due_at": "2026-12-01T08:00:00Z", "name": "Send the quote"});
        let call = json!({"kind": "call", "about": [about("lead", &lead)], "follow_up": next});
        let call = app.make("sales", "activities", call).await;
        let open = format!("/activities?status=open&lead_id={}", id(&lead));
        let task = app.get("sales", &open).await.expect(200)["data"][0].clone();
        assert_eq!((&task["kind"], &task["name"], &task["due_at"]), (&json!("task"), &next["name"], &next["due_at"]));
        // Done, and the one after it: in one step.
        let after = json!({"status": "done", "follow_up": {"due_at": "2026-12-08T08:00:00Z"}});
        app.patch("sales", &format!("/activities/{}", id(&task)), after).await.expect(200);
        let rest = app.get("sales", &open).await.expect(200);
        assert_eq!((ids(&rest).len(), &rest["data"][0]["name"]), (1, &next["name"]));
        assert_eq!(read(app, "leads", &lead).await["next_activity_at"], "2026-12-08T08:00:00Z");
        assert_eq!(app.get("sales", &format!("/activities/{}", id(&call))).await.expect(200)["version"], 1);
    })
    .await;
}

#[actix_web::test]
async fn what_many_do_at_once_leaves_the_latest_mark() {
    TestApp::each(async |app| {
        let customer = app.make("sales", "customers", json!({"name": "Customer"})).await;
        app.token("sales").await;
        let log = |n: u32| {
            let at = format!("2026-11-20T08:{:02}:00Z", n * 7 % 32);
            let due = format!("2026-12-{:02}T08:00:00Z", 1 + n * 5 % 28);
            let body = json!({"kind": "call", "happened_at": at, "about": [about("customer", &customer)], "follow_up": {"due_at": due}});
            async move { app.post("sales", "/activities", body).await.expect(201) }
        };
        join_all((0..32).map(log)).await;
        let latest = json!("2026-11-20T08:31:00Z");
        assert_eq!(marks(app, "customers", &customer).await, (latest, json!("2026-12-01T08:00:00Z")));
    })
    .await;
}

#[actix_web::test]
async fn a_task_that_comes_again_is_there_when_it_is_done_and_gone_when_it_is_not() {
    TestApp::each(async |app| {
        let lead = app.make("sales", "leads", json!({"company_name": "Lead"})).await;
        let weekly = json!({"every": "week", "interval": 2, "until": null});
        let task = json!({"kind": "task", "name": "Stock", "body": "Count it", "due_at": "2026-11-23T01:00:00Z", "repeat": weekly,
            "about": [about("lead", &lead)]});
        let task = app.make("sales", "activities", task).await;
        assert_eq!((&task["repeat"], &task["next_id"]), (&weekly, &Value::Null));
        let place = format!("/activities/{}", id(&task));
        let done = app.patch("sales", &place, json!({"status": "done"})).await.expect(200);
        let next_place = format!("/activities/{}", done["next_id"].as_str().unwrap());
        let next = app.get("sales", &next_place).await.expect(200);
        for field in ["name", "body", "about", "repeat", "priority", "owner_id"] {
            assert_eq!(next[field], task[field], "{field}");
        }
        assert_eq!((&next["status"], &next["due_at"]), (&json!("open"), &json!("2026-12-07T01:00:00Z")));
        assert_eq!(read(app, "leads", &lead).await["next_activity_at"], next["due_at"]);

        let open = app.patch("sales", &place, json!({"status": "open"})).await.expect(200);
        assert_eq!(open["next_id"], Value::Null);
        assert!(app.get("sales", &next_place).await.expect(200)["deleted_at"].is_string());
        assert_eq!(read(app, "leads", &lead).await["next_activity_at"], task["due_at"]);

        // Put off once, it comes again when it would have; done weeks late, what was missed is not made up for.
        app.patch("sales", &place, json!({"due_at": "2026-11-25T01:00:00Z"})).await.expect(200);
        app.clock.advance(chrono::TimeDelta::minutes(5));
        let done = app.patch("sales", &place, json!({"status": "done"})).await.expect(200);
        let next_place = format!("/activities/{}", done["next_id"].as_str().unwrap());
        assert_eq!(app.get("sales", &next_place).await.expect(200)["due_at"], "2026-12-07T01:00:00Z");
        // Touched since, it stays.
        app.patch("sales", &next_place, json!({"priority": "high"})).await.expect(200);
        app.patch("sales", &place, json!({"status": "open"})).await.expect(200);
        assert_eq!(app.get("sales", &next_place).await.expect(200)["deleted_at"], Value::Null);
    })
    .await;
}

#[actix_web::test]
async fn a_repetition_ends_and_makes_sense() {
    TestApp::each(async |app| {
        let last = json!({"kind": "task", "due_at": "2026-11-23T01:00:00Z", "repeat": {"every": "day", "until": "2026-11-23"}});
        let last = app.make("sales", "activities", last).await;
        let done = app.patch("sales", &format!("/activities/{}", id(&last)), json!({"status": "done"})).await.expect(200);
        assert_eq!(done["next_id"], Value::Null);
        for (repeat, pointer) in [
            (json!({"every": "fortnight"}), "/repeat/every"),
            (json!({"every": "day", "interval": 0}), "/repeat/interval"),
            (json!({"every": "day", "interval": 100}), "/repeat/interval"),
        ] {
            let body = json!({"kind": "task", "due_at": "2026-12-01T08:00:00Z", "repeat": repeat});
            let refused = app.post("sales", "/activities", body).await.refused(422, "validation_failed");
            assert_eq!(refused["errors"][0]["pointer"], pointer);
        }
        let never = json!({"kind": "task", "repeat": {"every": "day"}});
        let refused = app.post("sales", "/activities", never).await.refused(422, "validation_failed");
        assert_eq!(refused["errors"][0]["pointer"], "/due_at");
    })
    .await;
}
