//! When rules take customers from their owners: the day is kept with whatever changes it, owners are warned, and what is due
//! is released once, however many nodes look and however long none did.

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use rapport_api::pools::sweep;
use rapport_api::state::App;
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::pools::{default_pool, place, pool_of, set_default, team};
use crate::records_given::{id, ids};

fn moment(value: &Value) -> DateTime<Utc> {
    value.as_str().expect("a moment").parse().unwrap()
}

fn days(count: i64) -> TimeDelta {
    TimeDelta::days(count)
}

async fn read(app: &TestApp, customer: &Value) -> Value {
    app.get("admin", &format!("/customers/{}", id(customer))).await.expect(200)
}

/// How many days after it was made a customer is released, and by which rule.
async fn due(app: &TestApp, customer: &Value) -> Option<(i64, String)> {
    let now = read(app, customer).await;
    let rule = now["release_rule"].as_str()?.to_owned();
    let after = moment(&now["release_at"]) - moment(&now["created_at"]);
    Some(((after + TimeDelta::hours(12)).num_days(), rule))
}

fn by(days: i64, rule: &str) -> Option<(i64, String)> {
    Some((days, rule.to_owned()))
}

async fn call(app: &TestApp, who: &str, customer: &Value) -> Value {
    let about = json!([{"type": "customer", "id": customer["id"]}]);
    app.make(who, "activities", json!({"kind": "call", "name": "Call", "about": about})).await
}

async fn sweep_once(app: &TestApp) -> u64 {
    sweep::once(&app.app).await.unwrap()
}

/// Whether what is kept is what the rules say, as doctor asks.
#[track_caller]
fn assert_sound(app: &TestApp, report: &(bool, std::collections::BTreeMap<String, String>, String)) {
    for check in ["releases", "customer_pools", "owners_teams", "history"] {
        assert_eq!(report.1[check], "ok", "{check} on {}: {}", app.database.backend, report.2);
    }
}

#[actix_web::test]
async fn the_day_is_kept_with_whatever_changes_it() {
    TestApp::each(async |app| {
        set_default(app, json!({"warn_days": 0, "release": {"no_activity_days": 30, "no_opportunity_days": 60, "not_won_days": 90}})).await;
        let customer = app.make("sales", "customers", json!({"name": "Kept"})).await;
        assert_eq!(due(app, &customer).await, by(30, "no_activity"));
        let made = read(app, &customer).await;
        assert_eq!(made["version"], 1, "what is derived is nobody's edit");
        app.advance(days(20));
        let call = call(app, "sales", &customer).await;
        assert_eq!(due(app, &customer).await, by(50, "no_activity"));
        app.advance(days(25));
        let second = self::call(app, "sales", &customer).await;
        assert_eq!(due(app, &customer).await, by(60, "no_opportunity"));
        let deal = app.make("sales", "opportunities", json!({"name": "Deal", "customer_id": customer["id"]})).await;
        assert_eq!(due(app, &customer).await, by(75, "no_activity"));
        app.delete("sales", &format!("/activities/{}", id(&second))).await;
        assert_eq!(due(app, &customer).await, by(50, "no_activity"), "what lies in the trash was not done");
        app.post("sales", &format!("/activities/{}/restore", id(&second)), json!({})).await.expect(200);
        app.delete("sales", &format!("/opportunities/{}", id(&deal))).await;
        assert_eq!(due(app, &customer).await, by(60, "no_opportunity"));
        app.post("sales", &format!("/opportunities/{}/restore", id(&deal)), json!({})).await.expect(200);
        app.advance(days(30));
        self::call(app, "sales", &customer).await;
        assert_eq!(due(app, &customer).await, by(90, "not_won"));
        let locked = app.post("manager", &place(&customer, "lock"), json!({"until": app.app.now() + days(100)})).await;
        assert_eq!(locked.expect(200)["release_rule"], "not_won");
        assert_eq!(due(app, &customer).await, by(175, "not_won"), "a lock puts it off");
        app.post("manager", &place(&customer, "lock"), json!({"until": null})).await.expect(200);
        assert_eq!(due(app, &customer).await, by(90, "not_won"));
        let won = json!({"stage_id": app.stages().await[4], "fields": {"amount": {"amount": "1.00", "currency": "CNY"}, "expected_close_on": "2027-01-01"}});
        app.post("sales", &format!("/opportunities/{}/move", id(&deal)), won).await.expect(200);
        assert_eq!(due(app, &customer).await, None, "who buys stays");
        let dormant = json!({"lifecycle": "dormant", "reason": "quiet"});
        app.advance(days(100));
        app.post("sales", &place(&customer, "lifecycle"), dormant).await.expect(200);
        assert_eq!(due(app, &customer).await, by(205, "no_activity"), "counted anew from that day");
        app.delete("admin", &format!("/opportunities/{}", id(&deal))).await;
        app.post("admin", &place(&customer, "transfer"), json!({"owner_id": app.id("manager").await})).await.expect(200);
        assert_eq!(due(app, &customer).await, by(205, "no_activity"));
        assert_eq!(read(app, &customer).await["previous_owner"]["name"], "孙悟空");
        assert!(call["id"].is_string());
        assert_sound(app, &crate::doctor::levels(&app.database.target));
    })
    .await;
}

#[actix_web::test]
async fn rules_that_are_new_warn_before_they_take_and_count_for_everybody_at_once() {
    TestApp::each(async |app| {
        let customer = app.make("sales", "customers", json!({"name": "Old"})).await;
        let other = app.make("sales2", "customers", json!({"name": "Old too"})).await;
        app.advance(days(400));
        let mine = read(app, &customer).await;
        assert_eq!((&mine["release_at"], &mine["release_soon"]), (&Value::Null, &json!(false)));
        set_default(app, json!({"release": {"no_activity_days": 30}, "warn_days": 5})).await;
        assert_eq!(due(app, &customer).await, by(405, "no_activity"));
        assert_eq!(due(app, &other).await, by(405, "no_activity"));
        assert_eq!(read(app, &customer).await["release_soon"], true);
        assert_eq!(sweep_once(app).await, 0, "nobody loses anything unwarned");
        let soon = app.get("sales", "/me/pools").await.expect(200)["data"][0]["release_soon"].clone();
        assert_eq!(soon, 1);
        let filter =
            "/customers?filter=owner_id%20%3D%20%40me%20AND%20release_at%20%3C%20%40today%2B7d&sort=release_at";
        assert_eq!(ids(&app.get("sales", filter).await.expect(200)), [id(&customer)]);
        let north = pool_of(app, "North pool", "North", json!({"release": {"not_won_days": 500}})).await;
        assert_eq!(due(app, &customer).await, by(500, "not_won"), "the pool of their team");
        assert_eq!(due(app, &other).await, by(405, "no_activity"));
        app.patch("admin", &format!("/pools/{}", id(&north)), json!({"release": {"not_won_days": null}}))
            .await
            .expect(200);
        assert_eq!(due(app, &customer).await, None);
        app.advance(days(2));
        assert_eq!(app.delete("admin", &format!("/pools/{}", id(&north))).await.status, 204);
        assert_eq!(due(app, &customer).await, by(407, "no_activity"), "warned of the rules that count again");
        let sales2 = app.id("sales2").await;
        pool_of(app, "North pool", "North", json!({"release": {"no_activity_days": 10}})).await;
        app.patch("admin", &format!("/users/{sales2}"), json!({"team_id": team(app, "North 1").await}))
            .await
            .expect(200);
        assert_eq!(due(app, &other).await, by(412, "no_activity"), "with a new team it counts from that day");
        set_default(app, json!({"release": {"no_activity_days": null}})).await;
        assert_eq!(default_pool(app, "admin").await["release"]["no_activity_days"], Value::Null);
        assert_sound(app, &crate::doctor::levels(&app.database.target));
    })
    .await;
}

#[actix_web::test]
async fn what_is_due_is_released_once_by_whichever_node_and_after_any_downtime() {
    TestApp::each(async |app| {
        set_default(app, json!({"release": {"no_activity_days": 30}, "warn_days": 3})).await;
        let create = |n: usize| json!({"action": "create", "data": {"name": format!("C{n}")}});
        let operations: Vec<Value> = (0..150).map(create).collect();
        app.post("sales", "/customers/batch", json!({"operations": operations})).await.expect(200);
        let kept = app.make("sales", "customers", json!({"name": "Kept"})).await;
        app.advance(days(29));
        assert_eq!(sweep_once(app).await, 0);
        call(app, "sales", &kept).await;
        app.advance(days(20));
        // Nobody looked for twenty days; then three nodes do at once.
        let nodes: Vec<App> = (0..3)
            .map(|_| {
                App::with(app.database.store(), app.app.config.as_ref().clone(), app.clock.clone(), app.app.ids.clone())
            })
            .collect();
        let released: u64 = join_all(nodes.iter().map(sweep::once)).await.into_iter().map(Result::unwrap).sum();
        assert_eq!(released, 150, "each once");
        assert_eq!(sweep_once(app).await, 0);
        assert_eq!(app.total("sales", "/customers?filter=owner_id%20%3D%20%40me").await, 1);
        let pool = default_pool(app, "sales").await;
        assert_eq!(pool["customers"], 150);
        let page = app.get("sales2", "/customers?limit=1").await.expect(200);
        let one = &page["data"][0];
        assert_eq!(
            (&one["pool_rule"], &one["pool_reason"], &one["version"]),
            (&json!("no_activity"), &Value::Null, &json!(2))
        );
        assert_eq!(one["previous_owner"]["name"], "孙悟空");
        let history = app.get("sales2", &format!("/customers/{}/history", id(one))).await.expect(200);
        let line = &history["data"][0];
        assert_eq!((&line["action"], &line["via"]), (&json!("release"), &json!("system")));
        assert_sound(app, &crate::doctor::levels(&app.database.target));
    })
    .await;
}

/// A sweep that was cut off has released some, each whole; the next one goes on.
#[actix_web::test]
async fn a_sweep_that_is_cut_off_leaves_whole_customers_and_is_gone_on_with() {
    TestApp::each(async |app| {
        set_default(app, json!({"release": {"no_activity_days": 1}, "warn_days": 0})).await;
        let create = |n: usize| json!({"action": "create", "data": {"name": format!("C{n}")}});
        let operations: Vec<Value> = (0..60).map(create).collect();
        app.post("sales", "/customers/batch", json!({"operations": operations})).await.expect(200);
        app.advance(days(2));
        let cut = actix_web::rt::time::timeout(std::time::Duration::from_millis(25), sweep::once(&app.app)).await;
        let before = default_pool(app, "admin").await["customers"].as_u64().unwrap();
        assert!(before <= 60, "{cut:?}");
        // What had begun when it was cut off still ends; the rest is done now, and nothing twice.
        while sweep_once(app).await > 0 {}
        assert_eq!(default_pool(app, "admin").await["customers"], 60);
        let listed = app.get("admin", "/customers?limit=200").await.expect(200);
        for customer in listed["data"].as_array().unwrap() {
            assert_eq!((&customer["version"], &customer["pool_rule"]), (&json!(2), &json!("no_activity")));
        }
        assert_sound(app, &crate::doctor::levels(&app.database.target));
    })
    .await;
}

/// What happens while a sweep looks counts: a call that is made, a claim back, a rule that goes.
#[actix_web::test]
async fn what_is_done_at_the_same_moment_counts() {
    TestApp::each(async |app| {
        set_default(app, json!({"release": {"no_activity_days": 10}, "warn_days": 0})).await;
        let mut customers = Vec::new();
        for n in 0..30 {
            customers.push(app.make("sales", "customers", json!({"name": format!("C{n}")})).await);
        }
        app.advance(days(11));
        app.token("sales").await;
        let calls = join_all(customers.iter().map(|customer| call(app, "sales", customer)));
        let (released, _) = futures_util::future::join(sweep_once(app), calls).await;
        let mut pooled = 0;
        for customer in &customers {
            let now = read(app, customer).await;
            if now["owner"].is_null() {
                pooled += 1;
            } else {
                assert!(moment(&now["release_at"]) > app.app.now() + days(9), "{now}");
            }
        }
        assert_eq!(released, pooled);
        assert_sound(app, &crate::doctor::levels(&app.database.target));
    })
    .await;
}

/// Many write what a day depends on while the rules change: in the end every day is what the rules say.
#[actix_web::test]
async fn days_are_right_whoever_writes_while_rules_change() {
    TestApp::each(async |app| {
        set_default(app, json!({"release": {"no_activity_days": 10, "no_opportunity_days": 20}})).await;
        let other = app.beside().await;
        let mut customers = Vec::new();
        for n in 0..12 {
            customers.push(app.make("sales", "customers", json!({"name": format!("C{n}")})).await);
        }
        let write = |n: usize| {
            let customer = &customers[n % customers.len()];
            async move {
                match n % 4 {
                    0 => drop(call(app, "sales", customer).await),
                    1 => drop(
                        app.make("sales", "opportunities", json!({"name": "D", "customer_id": customer["id"]})).await,
                    ),
                    2 => drop(set_default(app, json!({"release": {"no_activity_days": 10 + n}})).await),
                    _ => drop(
                        app.patch(
                            "sales",
                            &format!("/customers/{}", id(customer)),
                            json!({"industry": format!("I{n}")}),
                        )
                        .await
                        .expect(200),
                    ),
                }
            }
        };
        join_all((0..60).map(write)).await;
        assert_sound(app, &crate::doctor::levels(&app.database.target));
        other.stop().await;
    })
    .await;
}
