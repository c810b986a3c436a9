//! Customer pools: their configuration, whom they serve, and who may see and take what lies in them.

use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::records_given::{id, ids};

/// The default pool, as somebody sees it.
pub(crate) async fn default_pool(app: &TestApp, who: &str) -> Value {
    app.get(who, "/pools").await.expect(200)["data"][0].clone()
}

/// Changes the default pool.
pub(crate) async fn set_default(app: &TestApp, patch: Value) -> Value {
    let pool = default_pool(app, "admin").await;
    app.patch("admin", &format!("/pools/{}", id(&pool)), patch).await.expect(200)
}

/// The id of a team.
pub(crate) async fn team(app: &TestApp, name: &str) -> String {
    let teams = app.get("admin", "/teams").await.expect(200);
    let found = teams["data"].as_array().unwrap().iter().find(|team| team["name"] == name);
    id(found.unwrap()).to_owned()
}

/// Makes a pool for a team.
pub(crate) async fn pool_of(app: &TestApp, name: &str, of: &str, more: Value) -> Value {
    let mut body = json!({"name": name, "team_id": team(app, of).await});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    app.post("admin", "/pools", body).await.expect(201)
}

/// A customer that its owner has given back.
pub(crate) async fn pooled(app: &TestApp, owner: &str, name: &str) -> Value {
    let customer = app.make(owner, "customers", json!({"name": name})).await;
    app.post(owner, &format!("/customers/{}/release", id(&customer)), json!({"reason": "no budget"})).await.expect(200)
}

pub(crate) fn place(customer: &Value, action: &str) -> String {
    format!("/customers/{}/{action}", id(customer))
}

#[actix_web::test]
async fn the_default_pool_is_there_and_called_in_the_language_of_the_reader() {
    TestApp::each(async |app| {
        let pool = default_pool(app, "sales").await;
        assert_eq!(pool["name"], "Customer pool");
        assert_eq!(
            (&pool["is_default"], &pool["is_active"], &pool["team"], &pool["customers"], &pool["warn_days"]),
            (&json!(true), &json!(true), &Value::Null, &json!(0), &json!(3))
        );
        let none = json!({"no_activity_days": null, "no_opportunity_days": null, "not_won_days": null});
        assert_eq!(pool["release"], none, "nobody loses anything until somebody says so");
        let named = set_default(app, json!({"name": "  Common pool "})).await;
        assert_eq!((&named["name"], &named["version"]), (&json!("Common pool"), &json!(2)));
        assert_eq!(set_default(app, json!({"name": null})).await["name"], "Customer pool");
        for (patch, pointer, code) in [
            (json!({"is_active": false}), "/is_active", "invalid_value"),
            (json!({"team_id": team(app, "North").await}), "/team_id", "invalid_value"),
        ] {
            let refused = app.patch("admin", &format!("/pools/{}", id(&pool)), patch).await;
            assert_eq!(refused.errors(), [(pointer.to_owned(), code.to_owned())]);
        }
        app.delete("admin", &format!("/pools/{}", id(&pool))).await.refused(409, "in_use");
    })
    .await;
}

#[actix_web::test]
async fn pools_are_made_changed_and_removed_by_who_may_configure() {
    TestApp::each(async |app| {
        let made = pool_of(app, "North pool", "North", json!({"owned_cap": 5, "release": {"not_won_days": 90}})).await;
        assert_eq!(
            (&made["team"]["name"], &made["owned_cap"], &made["release"]["not_won_days"], &made["is_default"]),
            (&json!("North"), &json!(5), &json!(90), &json!(false))
        );
        let path = format!("/pools/{}", id(&made));
        let read = app.get("viewer", &path).await;
        assert_eq!(read.header("etag"), "\"1\"");
        assert_eq!(read.expect(200), made);
        let patch = json!({"release": {"no_activity_days": 30}, "owned_cap": null});
        let changed = app.patch("admin", &path, patch).await.expect(200);
        assert_eq!(
            (&changed["release"]["not_won_days"], &changed["release"]["no_activity_days"], &changed["owned_cap"]),
            (&json!(90), &json!(30), &Value::Null),
            "rules are merged one by one"
        );
        assert_eq!(app.patch("admin", &path, json!({})).await.expect(200)["version"], 2, "nothing has changed");
        for who in ["manager", "sales", "viewer", "service"] {
            app.post(who, "/pools", json!({"name": "Mine"})).await.refused(403, "forbidden");
            app.patch(who, &path, json!({"name": "Mine"})).await.refused(403, "forbidden");
            app.delete(who, &path).await.refused(403, "forbidden");
        }
        let again =
            app.post("admin", "/pools", json!({"name": "NORTH POOL", "team_id": team(app, "South").await})).await;
        assert_eq!(again.errors(), [("/name".to_owned(), "duplicate".to_owned())]);
        let again = app.post("admin", "/pools", json!({"name": "Another", "team_id": team(app, "North").await})).await;
        assert_eq!(again.errors(), [("/team_id".to_owned(), "duplicate".to_owned())]);
        app.delete("admin", &format!("/teams/{}", team(app, "North 1").await)).await.refused(409, "in_use");
        assert_eq!(app.delete("admin", &path).await.status, 204);
        app.get("admin", &path).await.refused(404, "not_found");
    })
    .await;
}

#[actix_web::test]
async fn what_is_wrong_with_a_pool_is_told_place_by_place() {
    TestApp::each(async |app| {
        let team_id = team(app, "North").await;
        let good = json!({"name": "Pool", "team_id": team_id});
        for (changes, pointer, code) in [
            (json!({"name": null}), "/name", "required"),
            (json!({"name": " "}), "/name", "required"),
            (json!({"name": "x".repeat(101)}), "/name", "too_long"),
            (json!({"team_id": null}), "/team_id", "required"),
            (json!({"team_id": uuid::Uuid::nil()}), "/team_id", "not_found"),
            (json!({"release": {"no_activity_days": 0}}), "/release/no_activity_days", "invalid_value"),
            (json!({"release": {"no_opportunity_days": 3651}}), "/release/no_opportunity_days", "invalid_value"),
            (json!({"release": {"not_won_days": -1}}), "/release/not_won_days", "invalid_value"),
            (json!({"release": {"never": 1}}), "/release/never", "unknown_field"),
            (json!({"warn_days": 91}), "/warn_days", "invalid_value"),
            (json!({"owned_cap": 0}), "/owned_cap", "invalid_value"),
            (json!({"claims_per_day": 1001}), "/claims_per_day", "invalid_value"),
            (json!({"cooldown_days": 366}), "/cooldown_days", "invalid_value"),
            (json!({"is_default": true}), "/is_default", "unknown_field"),
        ] {
            let mut body = good.clone();
            body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
            let refused = app.post("admin", "/pools", body).await;
            assert_eq!(refused.errors(), [(pointer.to_owned(), code.to_owned())], "{changes}");
        }
        assert_eq!(app.get("admin", "/pools").await.expect(200)["data"].as_array().unwrap().len(), 1);
        let customer = app.make("sales", "customers", json!({"name": "Mine"})).await;
        for (action, body, pointer, code) in [
            ("release", json!({}), "/reason", "required"),
            ("release", json!({"reason": "x".repeat(501)}), "/reason", "too_long"),
            ("release", json!({"reason": "x", "pool_id": uuid::Uuid::nil()}), "/pool_id", "not_found"),
            ("allot", json!({}), "/owner_id", "required"),
            ("lock", json!({}), "/until", "required"),
            ("lock", json!({"until": "2001-01-01T00:00:00Z"}), "/until", "invalid_value"),
            ("lock", json!({"until": "2999-01-01T00:00:00Z"}), "/until", "invalid_value"),
        ] {
            let refused = app.post("admin", &place(&customer, action), body).await;
            assert_eq!(refused.errors(), [(pointer.to_owned(), code.to_owned())], "{action}");
        }
    })
    .await;
}

/// Who sees a customer, as a list and by its id.
async fn seers(app: &TestApp, customer: &Value) -> Vec<&'static str> {
    let mut found = Vec::new();
    for who in ["admin", "manager", "sales", "sales2", "service", "marketing", "viewer"] {
        let listed = ids(&app.get(who, "/customers?limit=200").await.expect(200)).contains(&id(customer).to_owned());
        let read = app.get(who, &format!("/customers/{}", id(customer))).await.status == 200;
        assert_eq!(listed, read, "{who}");
        if read {
            found.push(who);
        }
    }
    found
}

#[actix_web::test]
async fn whom_a_pool_serves_see_what_lies_in_it_and_nobody_else_who_does_not_see_it_anyway() {
    TestApp::each(async |app| {
        let all = ["admin", "manager", "sales", "sales2", "service", "marketing", "viewer"];
        let owned = app.make("sales2", "customers", json!({"name": "Hidden"})).await;
        assert_eq!(seers(app, &owned).await, ["admin", "sales2", "service", "marketing", "viewer"]);
        let common = pooled(app, "sales2", "Common").await;
        assert_eq!(seers(app, &common).await, all, "the default pool serves everybody");
        let north = pool_of(app, "North pool", "North", json!({})).await;
        assert_eq!(seers(app, &common).await, ["admin", "sales2", "service", "marketing", "viewer"], "at once");
        let theirs = pooled(app, "sales", "Of the North").await;
        assert_eq!(theirs["pool"]["name"], "North pool");
        assert_eq!(theirs["team_id"], north["team"]["id"], "it belongs to the team of its pool");
        assert_eq!(seers(app, &theirs).await, ["admin", "manager", "sales", "service", "marketing", "viewer"]);
        app.patch("admin", &format!("/pools/{}", id(&north)), json!({"is_active": false})).await.expect(200);
        assert_eq!(seers(app, &theirs).await, ["admin", "manager", "service", "marketing", "viewer"], "serves nobody");
        assert_eq!(seers(app, &common).await, all);
        let path = format!("/pools/{}", id(&north));
        app.delete("admin", &path).await.refused(409, "in_use");
        let common_pool = default_pool(app, "admin").await;
        assert_eq!(app.delete("admin", &format!("{path}?replacement={}", id(&common_pool))).await.status, 204);
        assert_eq!(seers(app, &theirs).await, all, "it has moved to the pool that was named");
        let history = app.get("admin", &format!("/customers/{}/history", id(&theirs))).await.expect(200);
        assert_eq!(history["data"][0]["changes"][0]["field"], "pool_id");
    })
    .await;
}

#[actix_web::test]
async fn a_pool_follows_its_team_and_people_theirs() {
    TestApp::each(async |app| {
        let north = pool_of(app, "Pool", "North 1", json!({})).await;
        let customer = pooled(app, "sales", "Moving").await;
        assert!(!seers(app, &customer).await.contains(&"sales2"));
        let south = team(app, "South").await;
        app.patch("admin", &format!("/pools/{}", id(&north)), json!({"team_id": south})).await.expect(200);
        let now = app.get("admin", &format!("/customers/{}", id(&customer))).await.expect(200);
        assert_eq!(now["team_id"], json!(south));
        let seen = seers(app, &customer).await;
        assert!(seen.contains(&"sales2") && !seen.contains(&"sales") && !seen.contains(&"manager"), "{seen:?}");
        let sales = app.id("sales").await;
        app.patch("admin", &format!("/users/{sales}"), json!({"team_id": south})).await.expect(200);
        assert!(seers(app, &customer).await.contains(&"sales"));
        app.patch("admin", &format!("/teams/{south}"), json!({"parent_id": team(app, "North").await}))
            .await
            .expect(200);
        assert!(seers(app, &customer).await.contains(&"manager"), "the team of its pool is below theirs now");
        app.delete("admin", &format!("/teams/{south}")).await.refused(409, "in_use");
    })
    .await;
}

#[actix_web::test]
async fn my_pool_tells_what_i_have_and_may_have() {
    TestApp::each(async |app| {
        let mine = async |who| app.get(who, "/me/pools").await.expect(200)["data"].clone();
        set_default(app, json!({"owned_cap": 10, "claims_per_day": 2, "cooldown_days": 5})).await;
        let customer = pooled(app, "sales2", "One").await;
        pooled(app, "sales2", "Two").await;
        app.make("sales", "customers", json!({"name": "Own"})).await;
        app.post("sales", &place(&customer, "claim"), json!({})).await.expect(200);
        let pool = mine("sales").await[0].clone();
        for (field, value) in [
            ("name", json!("Customer pool")),
            ("customers", json!(1)),
            ("owned", json!(2)),
            ("owned_cap", json!(10)),
            ("claimed_today", json!(1)),
            ("claims_per_day", json!(2)),
            ("cooldown_days", json!(5)),
            ("release_soon", json!(0)),
        ] {
            assert_eq!(pool[field], value, "{field}");
        }
        for who in ["viewer", "service", "marketing"] {
            assert_eq!(mine(who).await, json!([]), "{who} takes no customers");
        }
        let key = app.post("sales", "/api-keys", json!({"name": "k", "scopes": ["customers:read"]})).await.expect(201);
        let asked = app.request(reqwest::Method::GET, "/me/pools").bearer_auth(key["key"].as_str().unwrap());
        assert_eq!(crate::harness::answer(asked).await.expect(200)["data"], json!([]), "a key that only reads");
    })
    .await;
}
