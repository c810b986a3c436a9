//! Reminders: what has come to its time is told to its owner once, whoever looks and whenever.

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use rapport_api::notifications::sweep;
use rapport_api::state::App;
use rapport_domain::context::Clock as _;
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::notifications::{inbox, lines};
use crate::records_given::id;

/// A look at the clock.
pub(crate) async fn look(app: &TestApp) -> usize {
    sweep::once(&app.app).await.unwrap()
}

/// The first look, before which nothing is told.
pub(crate) async fn begin(app: &TestApp) {
    assert_eq!(look(app).await, 0);
}

fn after(app: &TestApp, minutes: i64) -> DateTime<Utc> {
    app.clock.now() + TimeDelta::minutes(minutes)
}

async fn task(app: &TestApp, name: &str, more: Value) -> Value {
    let mut body = json!({"kind": "task", "name": name});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    app.make("sales", "activities", body).await
}

async fn names(app: &TestApp) -> Vec<String> {
    let found = inbox(app, "sales", "state=all&kind=task_due&limit=100").await;
    let name = |line: &Value| line["activity"]["name"].as_str().unwrap().to_owned();
    found["data"].as_array().unwrap().iter().map(name).collect()
}

#[actix_web::test]
async fn what_is_due_is_told_once_and_again_when_it_is_put_off() {
    TestApp::each(async |app| {
        begin(app).await;
        let lead = app.make("sales", "leads", json!({"company_name": "Lead"})).await;
        let due = after(app, 30);
        let call = task(app, "Call", json!({"due_at": due, "about": [{"type": "lead", "id": lead["id"]}]})).await;
        let early = task(app, "Early", json!({"due_at": after(app, 600), "reminder_at": after(app, 20)})).await;
        task(app, "Never", json!({})).await;
        app.advance(TimeDelta::minutes(15));
        assert_eq!(look(app).await, 0);
        app.advance(TimeDelta::minutes(10));
        assert_eq!(look(app).await, 1);
        assert_eq!(names(app).await, ["Early"]);
        app.advance(TimeDelta::minutes(10));
        assert_eq!(look(app).await, 1);
        assert_eq!((look(app).await, look(app).await), (0, 0));
        let line = lines(app, "sales").await.remove(0);
        assert_eq!(
            (&line["kind"], &line["actor"], &line["activity"]["id"]),
            (&json!("task_due"), &Value::Null, &call["id"])
        );
        assert_eq!((&line["due_at"], &line["record"]["name"]), (&call["due_at"], &json!("Lead")));

        // Put off, it is due anew; changed otherwise, it is not.
        let place = format!("/activities/{}", id(&call));
        app.patch("sales", &place, json!({"priority": "high"})).await.expect(200);
        assert_eq!(look(app).await, 0);
        app.patch("sales", &place, json!({"due_at": after(app, 60)})).await.expect(200);
        app.advance(TimeDelta::minutes(61));
        assert_eq!((look(app).await, look(app).await), (1, 0));
        assert_eq!(names(app).await, ["Call", "Call", "Early"]);
        // Without a reminder of its own, what was reminded of comes once more when it is due.
        app.patch("sales", &format!("/activities/{}", id(&early)), json!({"reminder_at": null})).await.expect(200);
        app.advance(TimeDelta::hours(10));
        assert_eq!(look(app).await, 1);
    })
    .await;
}

#[actix_web::test]
async fn nobody_is_reminded_of_what_is_not_to_be_done() {
    TestApp::each(async |app| {
        begin(app).await;
        let due = json!({"due_at": after(app, 30)});
        for (name, change) in [("Done", json!({"status": "done"})), ("Cancelled", json!({"status": "cancelled"}))] {
            let task = task(app, name, due.clone()).await;
            app.patch("sales", &format!("/activities/{}", id(&task)), change).await.expect(200);
        }
        let trashed = task(app, "Trashed", due.clone()).await;
        app.delete("sales", &format!("/activities/{}", id(&trashed))).await.expect(204);
        let nobodys = task(app, "Nobody's", due.clone()).await;
        let place = format!("/activities/{}/transfer", id(&nobodys));
        app.post("admin", &place, json!({"owner_id": null})).await.expect(200);
        // Planned meetings are to be done as well, and colleagues are reminded of what is theirs.
        app.make("sales", "activities", json!({"kind": "meeting", "name": "Meeting", "due_at": after(app, 30)})).await;
        let theirs = task(app, "Theirs", due.clone()).await;
        let place = format!("/activities/{}/transfer", id(&theirs));
        app.post("admin", &place, json!({"owner_id": app.id("sales2").await})).await.expect(200);
        app.advance(TimeDelta::minutes(31));
        assert_eq!(look(app).await, 2);
        assert_eq!(names(app).await, ["Meeting"]);
        assert_eq!(inbox(app, "sales2", "kind=task_due").await["data"][0]["activity"]["name"], "Theirs");

        // Who does not want to know is not told, nor is who has been switched off.
        let quiet = json!({"kinds": {"task_due": {"inbox": false, "digest": false}}});
        app.put("sales", "/me/notification-settings", quiet).await.expect(200);
        task(app, "Unwanted", json!({"due_at": after(app, 30)})).await;
        let off = task(app, "Off", json!({"due_at": after(app, 30)})).await;
        let place = format!("/activities/{}/transfer", id(&off));
        app.post("admin", &place, json!({"owner_id": app.id("service").await})).await.expect(200);
        app.patch("admin", &format!("/users/{}", app.id("service").await), json!({"is_active": false}))
            .await
            .expect(200);
        app.advance(TimeDelta::minutes(31));
        assert_eq!(look(app).await, 0);
    })
    .await;
}

#[actix_web::test]
async fn a_reminder_is_where_it_makes_sense_and_goes_along_with_what_comes_again() {
    TestApp::each(async |app| {
        for (body, pointer) in [
            (json!({"kind": "note", "reminder_at": after(app, 5)}), "/reminder_at"),
            (json!({"kind": "task", "reminder_at": "9999-12-31T23:59:59Z"}), "/reminder_at"),
            (json!({"kind": "task", "reminder_at": "tomorrow"}), "/reminder_at"),
        ] {
            let refused = app.post("sales", "/activities", body).await.refused(422, "validation_failed");
            assert_eq!(refused["errors"][0]["pointer"], pointer);
        }
        // One day before, by the clock in Berlin, over the night that is an hour shorter.
        app.patch("sales", "/me", json!({"time_zone": "Europe/Berlin"})).await.expect(200);
        let weekly = json!({"due_at": "2027-03-21T09:00:00Z", "reminder_at": "2027-03-20T09:00:00Z", "repeat": {"every": "week"}});
        let weekly = task(app, "Weekly", weekly).await;
        let history = app.get("sales", &format!("/activities/{}/history", id(&weekly))).await.expect(200);
        assert!(history.to_string().contains("reminder_at"), "{history}");
        let done = app.patch("sales", &format!("/activities/{}", id(&weekly)), json!({"status": "done"})).await.expect(200);
        let next = format!("/activities/{}", done["next_id"].as_str().unwrap());
        let next = app.get("sales", &next).await.expect(200);
        assert_eq!((&next["due_at"], &next["reminder_at"]), (&json!("2027-03-28T08:00:00Z"), &json!("2027-03-27T09:00:00Z")));
        assert_eq!(lines(app, "sales").await, Vec::<Value>::new());
    })
    .await;
}

#[actix_web::test]
async fn what_comes_again_names_nobody_anew() {
    TestApp::each(async |app| {
        let lead = app.make("admin", "leads", json!({"company_name": "Lead", "owner_id": app.id("sales").await})).await;
        let body = format!("@[x](user:{})", app.id("manager").await);
        let daily = json!({"body": body, "due_at": after(app, 60), "repeat": {"every": "day"}, "about": [{"type": "lead", "id": lead["id"]}]});
        let daily = task(app, "Daily", daily).await;
        assert_eq!(lines(app, "manager").await.len(), 1);
        let done = app.patch("sales", &format!("/activities/{}", id(&daily)), json!({"status": "done"})).await.expect(200);
        let next = format!("/activities/{}", done["next_id"].as_str().unwrap());
        let next_task = app.get("sales", &next).await.expect(200);
        assert_eq!(next_task["mentions"], daily["mentions"]);
        app.patch("sales", &next, json!({"priority": "high"})).await.expect(200);
        assert_eq!(lines(app, "manager").await.len(), 1);
    })
    .await;
}

/// Another node on the same database.
pub(crate) fn node(app: &TestApp) -> App {
    let (config, ids) = (rapport_api::config::Config::clone(&app.app.config), app.app.ids.clone());
    App::with(app.database.store(), config, app.clock.clone(), ids)
}

#[actix_web::test]
async fn two_nodes_that_look_at_once_tell_everybody_once() {
    TestApp::each(async |app| {
        begin(app).await;
        let due = after(app, 10);
        let tasks: Vec<Value> = (0..200)
            .map(|n| json!({"action": "create", "data": {"kind": "task", "name": format!("{n}"), "due_at": due}}))
            .collect();
        app.post("sales", "/activities/batch", json!({"atomic": true, "operations": tasks})).await.expect(200);
        let nodes: Vec<App> = (0..3).map(|_| node(app)).collect();
        app.advance(TimeDelta::minutes(11));
        let looks = nodes.iter().chain([&app.app]).flat_map(|node| [sweep::once(node), sweep::once(node)]);
        let told: usize = join_all(looks).await.into_iter().map(|told| told.unwrap()).sum();
        assert_eq!(told, 200);
        assert_eq!(inbox(app, "sales", "limit=1").await["unread"], 100);
        let mut all = 0;
        let mut cursor = String::new();
        loop {
            let page = inbox(app, "sales", &format!("limit=100{cursor}")).await;
            all += page["data"].as_array().unwrap().len();
            let Some(next) = page["page"]["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(all, 200);
    })
    .await;
}

#[actix_web::test]
async fn after_a_pause_of_days_everything_is_told_also_more_than_fits_at_once() {
    TestApp::each(async |app| {
        begin(app).await;
        for portion in 0..6 {
            let tasks: Vec<Value> = (0..200)
                .map(|n| json!({"action": "create", "data": {"kind": "task", "name": format!("{portion} {n}"), "due_at": after(app, 60 + n / 100)}}))
                .collect();
            app.post("sales", "/activities/batch", json!({"atomic": true, "operations": tasks})).await.expect(200);
        }
        app.advance(TimeDelta::days(3));
        assert_eq!(look(app).await, 1200);
        assert_eq!(look(app).await, 0);
    })
    .await;
}

#[actix_web::test]
async fn a_clock_that_jumps_neither_repeats_nor_loses_anything() {
    TestApp::each(async |app| {
        begin(app).await;
        task(app, "Hour", json!({"due_at": after(app, 60)})).await;
        // Two hours ahead by mistake: what is due then is told early, once.
        app.advance(TimeDelta::hours(2));
        assert_eq!(look(app).await, 1);
        app.advance(TimeDelta::hours(-2));
        assert_eq!(look(app).await, 0);
        task(app, "Half", json!({"due_at": after(app, 30)})).await;
        app.advance(TimeDelta::minutes(31));
        assert_eq!(look(app).await, 1, "what was added for the hours that come again is told");
        app.advance(TimeDelta::minutes(45));
        assert_eq!(look(app).await, 0);
        assert_eq!(names(app).await.len(), 2);
        // Written a moment late, for a time that was looked at already.
        task(app, "Late", json!({"due_at": after(app, -1)})).await;
        assert_eq!((look(app).await, look(app).await), (1, 0));
        // What was overdue when it was written is seen by whoever wrote it.
        task(app, "Overdue", json!({"due_at": after(app, -60 * 24)})).await;
        assert_eq!(look(app).await, 0);
    })
    .await;
}
