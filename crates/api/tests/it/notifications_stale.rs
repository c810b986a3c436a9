//! Deals that stand still: their owner is told when they become yellow and red, their owner's manager after a time of grace; once
//! each, whoever looks and whenever.

use chrono::TimeDelta;
use futures_util::future::join_all;
use rapport_api::notifications::sweep;
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::notifications::lines;
use crate::notifications_due::{begin, look, node};
use crate::records_given::id;

/// The usual first stage warns after 5 days and should take 7.
const RED: TimeDelta = TimeDelta::days(7);

async fn grace(app: &TestApp, days: Value) {
    app.patch("admin", "/organisation", json!({"stale_grace_days": days})).await.expect(200);
}

/// What somebody has been told, the newest first.
async fn told(app: &TestApp, who: &str) -> Vec<String> {
    lines(app, who).await.iter().map(|line| line["kind"].as_str().unwrap().to_owned()).collect()
}

/// Lets time pass; answers how many were told then, and that nobody is told twice.
async fn pass(app: &TestApp, time: TimeDelta) -> usize {
    app.advance(time);
    let told = look(app).await;
    assert_eq!(look(app).await, 0, "everybody is told once");
    told
}

#[actix_web::test]
async fn the_owner_is_told_of_yellow_and_red_and_the_manager_after_a_grace() {
    TestApp::each(async |app| {
        grace(app, json!(2)).await;
        begin(app).await;
        let deal = app.deal("sales", "Slow").await;
        assert_eq!((pass(app, TimeDelta::days(4)).await, pass(app, TimeDelta::days(1)).await), (0, 1));
        let yellow = lines(app, "sales").await.remove(0);
        assert_eq!((&yellow["kind"], &yellow["subject"]), (&json!("opportunity_slow"), &json!("opportunity")));
        assert_eq!(yellow["record"], json!({"type": "opportunity", "id": deal["id"], "name": "Slow"}));
        assert_eq!((&yellow["due_at"], &yellow["actor"]), (&deal["warn_at"], &Value::Null));
        assert_eq!(pass(app, TimeDelta::days(2)).await, 1);
        assert_eq!(told(app, "sales").await, ["opportunity_stale", "opportunity_slow"]);
        assert_eq!((pass(app, TimeDelta::days(1)).await, lines(app, "manager").await.len()), (0, 0));
        assert_eq!(pass(app, TimeDelta::days(1)).await, 1);
        let line = lines(app, "manager").await.remove(0);
        assert_eq!((&line["kind"], &line["record"]["name"]), (&json!("opportunity_escalated"), &json!("Slow")));
        assert_eq!((&line["actor"]["name"], &line["due_at"]), (&json!("孙悟空"), &deal["stale_at"]));

        // Something is done: red is put off, and when it comes it is news again, for both.
        let about = json!([{"type": "opportunity", "id": deal["id"]}]);
        app.make("sales", "activities", json!({"kind": "call", "about": about})).await;
        assert_eq!((pass(app, TimeDelta::hours(35)).await, pass(app, TimeDelta::hours(2)).await), (0, 1));
        assert_eq!(pass(app, TimeDelta::days(2)).await, 1);
        assert_eq!(told(app, "manager").await, ["opportunity_escalated", "opportunity_escalated"]);
    })
    .await;
}

#[actix_web::test]
async fn after_a_pause_what_is_red_is_told_as_red_and_what_is_over_is_not_told() {
    TestApp::each(async |app| {
        grace(app, json!(0)).await;
        begin(app).await;
        let stages = app.stages().await;
        app.deal("sales", "Stale").await;
        for name in ["Won", "Trashed", "Moved", "Owned by nobody"] {
            let deal = app.deal("sales", name).await;
            let place = format!("/opportunities/{}", id(&deal));
            let answer = match name {
                "Won" => app.post("sales", &format!("{place}/move"), json!({"stage_id": stages[4]})).await,
                "Moved" => app.post("sales", &format!("{place}/move"), json!({"stage_id": stages[1]})).await,
                "Trashed" => app.delete("admin", &place).await,
                _ => app.post("admin", &format!("{place}/transfer"), json!({"owner_id": null})).await,
            };
            assert!(answer.status < 300, "{name} {}", answer.text);
        }
        assert_eq!(pass(app, TimeDelta::days(9)).await, 2);
        assert_eq!(told(app, "sales").await, ["opportunity_stale"], "it is yellow no more");
        assert_eq!(told(app, "manager").await, ["opportunity_escalated"]);
    })
    .await;
}

#[actix_web::test]
async fn who_does_not_want_to_know_may_not_see_it_or_is_gone_is_not_told() {
    TestApp::each(async |app| {
        grace(app, json!(0)).await;
        begin(app).await;
        let (sales, service) = (format!("/users/{}", app.id("sales").await), app.id("service").await);
        let quiet = json!({"kinds": {"opportunity_stale": {"inbox": false, "digest": false}}});
        app.put("sales", "/me/notification-settings", quiet).await.expect(200);
        app.deal("sales", "Unwanted").await;
        assert_eq!(pass(app, RED).await, 1);
        assert_eq!((told(app, "sales").await.len(), told(app, "manager").await.len()), (0, 1));

        // A manager who sees only their own.
        app.patch("admin", &sales, json!({"manager_id": app.id("sales2").await})).await.expect(200);
        app.deal("sales", "Kept from them").await;
        assert_eq!((pass(app, RED).await, told(app, "sales2").await.len()), (0, 0));
        app.patch("admin", &sales, json!({"manager_id": service})).await.expect(200);
        app.patch("admin", &format!("/users/{service}"), json!({"is_active": false})).await.expect(200);
        app.deal("sales", "Of somebody whose manager is gone").await;
        assert_eq!(pass(app, RED).await, 0);
        app.patch("admin", &sales, json!({"manager_id": null})).await.expect(200);
        app.deal("sales", "Of somebody without a manager").await;
        assert_eq!(pass(app, RED).await, 0);
    })
    .await;
}

#[actix_web::test]
async fn another_grace_loses_nothing_and_repeats_nothing() {
    TestApp::each(async |app| {
        grace(app, json!(20)).await;
        begin(app).await;
        app.deal("sales", "First").await;
        assert_eq!(pass(app, RED + TimeDelta::days(4)).await, 1);
        assert_eq!(told(app, "manager").await.len(), 0);
        // Shorter: what has been red for longer already is told at once. Longer, and shorter again: it is not told again.
        grace(app, json!(3)).await;
        assert_eq!((look(app).await, look(app).await), (1, 0));
        grace(app, json!(10)).await;
        assert_eq!(look(app).await, 0);
        grace(app, json!(3)).await;
        assert_eq!((look(app).await, told(app, "manager").await.len()), (0, 1));

        // Where managers are not told, what becomes red meanwhile is not told later either.
        grace(app, Value::Null).await;
        app.deal("sales", "Meanwhile").await;
        assert_eq!(pass(app, RED + TimeDelta::days(5)).await, 1);
        grace(app, json!(0)).await;
        assert_eq!((look(app).await, told(app, "manager").await.len()), (0, 1));
        app.deal("sales", "Later").await;
        assert_eq!((pass(app, RED).await, told(app, "manager").await.len()), (2, 2));
    })
    .await;
}

#[actix_web::test]
async fn several_nodes_that_look_at_once_tell_everybody_once() {
    TestApp::each(async |app| {
        grace(app, json!(0)).await;
        begin(app).await;
        let customer = app.make("sales", "customers", json!({"name": "Buyer"})).await;
        let deal =
            |n: usize| json!({"action": "create", "data": {"name": format!("{n}"), "customer_id": customer["id"]}});
        let deals: Vec<Value> = (0..60).map(deal).collect();
        app.post("sales", "/opportunities/batch", json!({"operations": deals})).await.expect(200);
        app.advance(RED);
        let nodes = [node(app), node(app), node(app)];
        let looks = nodes.iter().flat_map(|node| [sweep::once(node), sweep::once(node)]);
        let found: usize = join_all(looks).await.into_iter().map(|found| found.unwrap()).sum();
        assert_eq!((found, told(app, "sales").await.len(), told(app, "manager").await.len()), (120, 60, 60));
    })
    .await;
}
