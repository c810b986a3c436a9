//! Owners hear of the customers that rules take: ahead, once for each day of release, and when it has happened.

use chrono::TimeDelta;
use futures_util::future::join_all;
use rapport_api::pools::sweep;
use rapport_api::state::App;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::notifications::lines;
use crate::pools::{place, set_default};
use crate::records_given::id;

fn days(count: i64) -> TimeDelta {
    TimeDelta::days(count)
}

async fn warn(app: &TestApp) -> u64 {
    sweep::warn(&app.app).await.unwrap()
}

async fn kinds(app: &TestApp, who: &str) -> Vec<String> {
    lines(app, who).await.iter().map(|line| line["kind"].as_str().unwrap().to_owned()).collect()
}

/// So many customers of a salesperson.
async fn many(app: &TestApp, who: &str, count: usize) {
    let create = |n: usize| json!({"action": "create", "data": {"name": format!("C{n}")}});
    let operations: Vec<Value> = (0..count).map(create).collect();
    app.post(who, "/customers/batch", json!({ "operations": operations })).await.expect(200);
}

#[actix_web::test]
async fn an_owner_is_warned_once_for_each_day_and_told_when_it_has_happened() {
    TestApp::each(async |app| {
        assert_eq!(warn(app).await, 0, "without a rule nobody loses anything");
        set_default(app, json!({"release": {"no_activity_days": 30}, "warn_days": 5})).await;
        let customer = app.make("sales", "customers", json!({"name": "Quiet"})).await;
        app.advance(days(25) - TimeDelta::seconds(1));
        assert_eq!(warn(app).await, 0);
        app.advance(TimeDelta::seconds(1));
        assert_eq!((warn(app).await, warn(app).await), (1, 0));
        let line = lines(app, "sales").await.remove(0);
        assert_eq!(
            (&line["kind"], &line["actor"], &line["count"]),
            (&json!("customer_release_soon"), &Value::Null, &json!(1))
        );
        assert_eq!(line["record"], json!({"type": "customer", "id": customer["id"], "name": "Quiet"}));
        let now = app.get("sales", &format!("/customers/{}", id(&customer))).await.expect(200);
        assert_eq!((&line["due_at"], &now["version"]), (&now["release_at"], &json!(1)));

        // A follow-up puts it off, of which the owner hears anew when it comes near; an edit does not.
        let about = json!([{"type": "customer", "id": customer["id"]}]);
        app.make("sales", "activities", json!({"kind": "call", "name": "Call", "about": about})).await;
        assert_eq!(warn(app).await, 0);
        app.advance(days(25));
        assert_eq!(warn(app).await, 1);
        app.patch("sales", &format!("/customers/{}", id(&customer)), json!({"industry": "X"})).await.expect(200);
        assert_eq!(warn(app).await, 0);
        app.advance(days(5));
        assert_eq!((sweep::once(&app.app).await.unwrap(), warn(app).await), (1, 0));
        assert_eq!(kinds(app, "sales").await, ["customer_released", "customer_release_soon", "customer_release_soon"]);
        assert_eq!(lines(app, "sales").await[0]["record"]["name"], "Quiet", "whom the pool serves sees it still");
        for who in ["sales2", "manager", "admin"] {
            assert_eq!(kinds(app, who).await, [""; 0], "{who}");
        }
    })
    .await;
}

#[actix_web::test]
async fn many_at_once_are_one_line_whoever_looks_and_after_any_downtime() {
    TestApp::each(async |app| {
        set_default(app, json!({"release": {"no_activity_days": 30}, "warn_days": 3})).await;
        many(app, "sales", 150).await;
        many(app, "sales2", 70).await;
        let unwanted = json!({"kinds": {"customer_release_soon": {"inbox": false, "digest": false}}});
        app.send("sales2", Method::PUT, "/me/notification-settings", Some(unwanted)).await.expect(200);
        app.advance(days(28));
        let node =
            || App::with(app.database.store(), app.app.config.as_ref().clone(), app.clock.clone(), app.app.ids.clone());
        let nodes = [node(), node(), node()];
        let told: u64 = join_all(nodes.iter().map(sweep::warn)).await.into_iter().map(Result::unwrap).sum();
        assert_eq!(told, 220, "each once");
        let soon = lines(app, "sales").await;
        assert_eq!((soon.len(), &soon[0]["count"]), (1, &json!(150)));
        assert_eq!(kinds(app, "sales2").await, [""; 0], "who does not want to know");
        // Nobody looked for twenty days: what has gone is not announced any more.
        app.advance(days(20));
        let released: u64 = join_all(nodes.iter().map(sweep::once)).await.into_iter().map(Result::unwrap).sum();
        assert_eq!((released, warn(app).await), (220, 0));
        for (who, count) in [("sales", 150), ("sales2", 70)] {
            let line = lines(app, who).await.remove(0);
            assert_eq!((&line["kind"], &line["count"]), (&json!("customer_released"), &json!(count)), "{who}");
        }
    })
    .await;
}

#[actix_web::test]
async fn what_is_given_back_kept_or_of_a_pool_that_warns_later_is_not_announced() {
    TestApp::each(async |app| {
        set_default(app, json!({"release": {"no_activity_days": 30}, "warn_days": 10})).await;
        let north = json!({"release": {"no_activity_days": 30}, "warn_days": 2});
        crate::pools::pool_of(app, "North pool", "North", north).await;
        let mut theirs = Vec::new();
        for name in ["Given back", "Kept", "Trashed", "Of the north"] {
            theirs.push(app.make("sales", "customers", json!({ "name": name })).await);
        }
        app.make("sales2", "customers", json!({"name": "Of the others"})).await;
        app.advance(days(21));
        app.post("sales", &place(&theirs[0], "release"), json!({"reason": "no budget"})).await.expect(200);
        let until = app.app.now() + days(60);
        app.post("manager", &place(&theirs[1], "lock"), json!({ "until": until })).await.expect(200);
        app.delete("sales", &format!("/customers/{}", id(&theirs[2]))).await.expect(204);
        assert_eq!(warn(app).await, 1);
        assert_eq!(lines(app, "sales2").await[0]["record"]["name"], "Of the others");
        app.advance(days(7));
        assert_eq!(warn(app).await, 1);
        assert_eq!(lines(app, "sales").await[0]["record"]["name"], "Of the north");
    })
    .await;
}
