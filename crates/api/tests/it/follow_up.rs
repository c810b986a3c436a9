//! Deals that stand too long: yellow and red as time passes, whatever happens to them or to their stage.

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::records_given::{id, ids};

/// The usual first stage should take 7 days and warns after 5; the second one 14 and 10.
const FIRST: (i64, i64) = (7, 5);

async fn read(app: &TestApp, deal: &Value) -> Value {
    app.get("sales", &format!("/opportunities/{}", id(deal))).await.expect(200)
}

async fn look(app: &TestApp, deal: &Value) -> String {
    read(app, deal).await["stale"].as_str().unwrap().to_owned()
}

async fn call(app: &TestApp, deal: &Value) -> Value {
    let about = json!([{"type": "opportunity", "id": deal["id"]}]);
    app.make("sales", "activities", json!({"kind": "call", "about": about})).await
}

async fn to_stage(app: &TestApp, deal: &Value, body: Value) -> Value {
    app.post("sales", &format!("/opportunities/{}/move", id(deal)), body).await.expect(200)
}

async fn listed(app: &TestApp, filter: &str) -> Vec<String> {
    let query = serde_urlencoded::to_string([("filter", filter), ("sort", "stale_at")]).unwrap();
    ids(&app.get("sales", &format!("/opportunities?{query}")).await.expect(200))
}

fn at(value: &Value) -> DateTime<Utc> {
    value.as_str().expect("a moment").parse().unwrap()
}

/// The times a deal has are those of its stage's days, from when it came there and when something was last done.
#[track_caller]
fn assert_times(deal: &Value, (expected, warning): (i64, i64)) {
    let entered = at(&deal["stage_entered_at"]);
    let last = if deal["last_activity_at"].is_null() { entered } else { at(&deal["last_activity_at"]).max(entered) };
    let red = (entered + TimeDelta::hours(expected * 36)).min(last + TimeDelta::days(expected));
    assert_eq!((at(&deal["warn_at"]), at(&deal["stale_at"])), (entered + TimeDelta::days(warning), red), "{deal}");
}

#[actix_web::test]
async fn a_deal_is_yellow_then_red_and_a_call_puts_red_off() {
    TestApp::each(async |app| {
        let (deal, other) = (app.deal("sales", "Slow").await, app.deal("sales", "Other").await);
        assert_times(&deal, FIRST);
        assert_eq!(deal["stale"], "none");
        app.advance(TimeDelta::days(5));
        assert_eq!(look(app, &deal).await, "yellow");
        call(app, &deal).await;
        assert_times(&read(app, &deal).await, FIRST);
        assert_eq!((look(app, &deal).await.as_str(), &read(app, &deal).await["version"]), ("yellow", &json!(1)));
        app.advance(TimeDelta::days(2));
        assert_eq!((look(app, &deal).await.as_str(), look(app, &other).await.as_str()), ("yellow", "red"));
        assert_eq!(listed(app, "stale_at <= @now").await, [id(&other)]);
        assert_eq!(listed(app, "warn_at <= @now AND stale_at > @now").await, [id(&deal)]);
        assert_eq!(
            listed(app, "warn_at <= @now").await,
            [id(&other), id(&deal)],
            "the one that is red the longest first"
        );
        // Half as long again as expected is too long, whatever is done.
        call(app, &deal).await;
        app.advance(TimeDelta::hours(84));
        assert_eq!(look(app, &deal).await, "red");
        let board = app.get("sales", "/opportunities/board").await.expect(200);
        assert_eq!(board["data"][0]["records"][0]["stale"], "red");
    })
    .await;
}

#[actix_web::test]
async fn what_is_done_and_undone_counts_and_what_only_is_planned_does_not() {
    TestApp::each(async |app| {
        let deal = app.deal("sales", "Slow").await;
        let about = json!([{"type": "opportunity", "id": deal["id"]}]);
        app.advance(TimeDelta::days(3));
        let task = json!({"kind": "task", "name": "Ask", "about": about, "due_at": "2026-12-30T08:00:00Z"});
        let task = app.make("sales", "activities", task).await;
        let planned = read(app, &deal).await;
        assert_eq!((&planned["stale_at"], &planned["next_activity_at"]), (&deal["stale_at"], &task["due_at"]));
        let place = format!("/activities/{}", id(&task));
        app.patch("sales", &place, json!({"status": "done"})).await.expect(200);
        let done = read(app, &deal).await;
        assert_times(&done, FIRST);
        assert!(at(&done["stale_at"]) > at(&deal["stale_at"]));
        app.delete("sales", &place).await.expect(204);
        assert_eq!(read(app, &deal).await["stale_at"], deal["stale_at"]);
        // About another deal now: both are as if it had always been so.
        let other = app.deal("sales", "Other").await;
        app.post("sales", &format!("{place}/restore"), json!({})).await.expect(200);
        app.patch("sales", &place, json!({"about": [{"type": "opportunity", "id": other["id"]}]})).await.expect(200);
        assert_eq!(read(app, &deal).await["stale_at"], deal["stale_at"]);
        assert_times(&read(app, &other).await, FIRST);
    })
    .await;
}

#[actix_web::test]
async fn moving_begins_anew_closing_ends_it_and_reopening_begins_again() {
    TestApp::each(async |app| {
        let (deal, stages) = (app.deal("sales", "Slow").await, app.stages().await);
        app.advance(TimeDelta::days(30));
        assert_eq!(look(app, &deal).await, "red");
        let moved = to_stage(app, &deal, json!({"stage_id": stages[1]})).await;
        assert_times(&moved, (14, 10));
        assert_eq!((&moved["stale"], read(app, &deal).await), (&json!("none"), moved.clone()));
        let won = to_stage(app, &deal, json!({"stage_id": stages[4]})).await;
        assert_eq!([&won["warn_at"], &won["stale_at"], &won["stale"]], [&Value::Null, &Value::Null, &json!("none")]);
        app.advance(TimeDelta::days(300));
        call(app, &deal).await;
        assert_eq!(read(app, &deal).await["stale_at"], Value::Null, "what is done about an ended deal wakes nothing");
        let back = to_stage(app, &deal, json!({"stage_id": stages[0], "reason": "again"})).await;
        assert_times(&back, FIRST);
        assert_eq!(read(app, &deal).await["stale_at"], back["stale_at"]);
        // Another place in its column, an edit, another owner, the trash and back: nothing of it moves the deal.
        let place = format!("/opportunities/{}", id(&deal));
        to_stage(app, &deal, json!({"stage_id": stages[0]})).await;
        app.patch("sales", &place, json!({"next_step": "Ask"})).await.expect(200);
        app.post("admin", &format!("{place}/transfer"), json!({"owner_id": app.id("manager").await})).await.expect(200);
        app.delete("admin", &place).await.expect(204);
        app.post("admin", &format!("{place}/restore"), json!({})).await.expect(200);
        let after = app.get("admin", &place).await.expect(200);
        assert_eq!([&after["warn_at"], &after["stale_at"]], [&back["warn_at"], &back["stale_at"]]);
    })
    .await;
}

#[actix_web::test]
async fn deals_that_are_made_in_other_ways_have_their_times_too() {
    TestApp::each(async |app| {
        let (stages, customer) = (app.stages().await, app.make("sales", "customers", json!({"name": "Buyer"})).await);
        let data = |stage: usize| {
            json!({"name": "Deal", "customer_id": customer["id"], "stage_id": stages[stage], "closed_on": "2026-11-01"})
        };
        let operations = [1, 4].map(|stage| json!({"action": "create", "data": data(stage)}));
        let made = app.post("sales", "/opportunities/batch", json!({"operations": operations})).await.expect(200);
        let made = [0, 1].map(|n| made["results"][n].clone());
        assert_times(&read(app, &made[0]).await, (14, 10));
        assert_eq!(read(app, &made[1]).await["stale_at"], Value::Null);
        let path = "/opportunities/by/erp/1";
        let upserted = app.put("sales", path, json!({"name": "Deal", "customer_id": customer["id"]})).await.expect(201);
        assert_times(&upserted, FIRST);
        let lead = app.make("sales", "leads", json!({"company_name": "明德精密"})).await;
        let asked = json!({"customer": {"mode": "create"}, "opportunity": {"mode": "create"}});
        let converted = app.post("sales", &format!("/leads/{}/conversion", id(&lead)), asked).await.expect(201);
        assert_times(&converted["opportunity"], FIRST);
    })
    .await;
}

#[actix_web::test]
async fn a_stage_with_other_days_changes_its_deals_at_once() {
    TestApp::each(async |app| {
        let (deal, stages) = (app.deal("sales", "Slow").await, app.stages().await);
        let pipeline = app.get("admin", "/pipelines").await.expect(200)["data"][0].clone();
        let place = format!("/pipelines/{}/stages/{}", id(&pipeline), stages[0]);
        app.advance(TimeDelta::days(6));
        assert_eq!(look(app, &deal).await, "yellow");
        app.patch("admin", &place, json!({"expected_days": 4, "warning_days": 3})).await.expect(200);
        assert_times(&read(app, &deal).await, (4, 3));
        assert_eq!(look(app, &deal).await, "red");
        app.patch("admin", &place, json!({"expected_days": null})).await.expect(200);
        let yellow = read(app, &deal).await;
        assert_eq!(
            (&yellow["stale_at"], &yellow["stale"], &yellow["version"]),
            (&Value::Null, &json!("yellow"), &json!(1))
        );
        app.patch("admin", &place, json!({"warning_days": null})).await.expect(200);
        assert_eq!((look(app, &deal).await.as_str(), listed(app, "warn_at IS NOT NULL").await.len()), ("none", 0));
        // A stage that takes the place of another one gives its deals its own days, from now on.
        app.delete("admin", &format!("{place}?replacement={}", stages[1])).await.expect(204);
        assert_times(&read(app, &deal).await, (14, 10));
    })
    .await;
}

/// On PostgreSQL two write at once: neither a call nor a move nor a change of the stage leaves what was true before the other.
#[actix_web::test]
async fn whoever_writes_at_once_the_times_are_those_of_both() {
    TestApp::each(async |app| {
        let stages = app.stages().await;
        let pipeline = app.get("admin", "/pipelines").await.expect(200)["data"][0].clone();
        let stage = format!("/pipelines/{}/stages/{}", id(&pipeline), stages[1]);
        for round in 0..8 {
            let deal = app.deal("sales", &format!("Deal {round}")).await;
            app.advance(TimeDelta::days(2));
            let days = json!({"expected_days": 14 + round % 2, "warning_days": 10 + round % 2});
            let (_, (moved, changed)) = join(
                call(app, &deal),
                join(
                    to_stage(app, &deal, json!({"stage_id": stages[1]})),
                    app.send("admin", Method::PATCH, &stage, Some(days)),
                ),
            )
            .await;
            changed.expect(200);
            let after = read(app, &deal).await;
            assert!(after["last_activity_at"].is_string(), "{moved}");
            assert_times(&after, (14 + round % 2, 10 + round % 2));
        }
    })
    .await;
}

#[actix_web::test]
async fn times_are_nobodys_to_write_and_words_that_are_no_times_are_refused() {
    TestApp::each(async |app| {
        let deal = app.deal("sales", "Deal").await;
        for field in ["warn_at", "stale_at", "stale"] {
            let answer = app.patch("sales", &format!("/opportunities/{}", id(&deal)), json!({ field: null })).await;
            answer.refused(422, "validation_failed");
        }
        for query in ["filter=stale_at+%3D+red", "filter=stale+%3D+red", "sort=stale"] {
            assert_eq!(app.get("sales", &format!("/opportunities?{query}")).await.status, 400, "{query}");
        }
    })
    .await;
}
