//! Callers are remembered, and every change of what they may do acts on the very next request all the same: on the node
//! that made it and on any other.
//!
//! Each caller has just read when the change comes, so that both nodes remember them. What would make these tests fail: a
//! mutator that begins no new epoch, or a node that believes its memory without looking at the epoch.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Node, TestApp, answer};

/// The statuses (or counts) of one request to both nodes.
async fn both(app: &TestApp, node: &Node, proof: &str, path: &str) -> [Answer; 2] {
    let here = answer(app.request(Method::GET, path).bearer_auth(proof)).await;
    [here, answer(app.client.get(format!("{}/api/v1{path}", node.base)).bearer_auth(proof)).await]
}

async fn statuses(app: &TestApp, node: &Node, proof: &str, path: &str) -> [u16; 2] {
    both(app, node, proof, path).await.map(|answer| answer.status)
}

/// How many customers a persona sees.
async fn seen(app: &TestApp, node: &Node, who: &str) -> [usize; 2] {
    let token = app.token(who).await;
    both(app, node, &token, "/customers").await.map(|answer| answer.expect(200)["data"].as_array().unwrap().len())
}

async fn id_of(app: &TestApp, path: &str, member: &str, word: &str) -> Value {
    let page = app.get("admin", path).await.expect(200);
    let found = page["data"].as_array().unwrap().iter().find(|row| row[member] == word);
    found.unwrap()["id"].clone()
}

async fn patch(app: &TestApp, path: String, patch: Value) {
    app.patch("admin", &path, patch).await.expect(200);
}

#[actix_web::test]
async fn a_changed_role_team_or_tree_acts_on_both_nodes_at_once() {
    TestApp::each(async |app| {
        let node = app.beside().await;
        app.post("sales", "/customers", json!({"name": "云杉科技"})).await.expect(201);
        assert_eq!((seen(app, &node, "manager").await, seen(app, &node, "sales2").await), ([1, 1], [0, 0]));
        // The tree: the team of sales leaves the one of the manager, and comes back.
        let (north, inner) = (id_of(app, "/teams", "name", "North").await, id_of(app, "/teams", "name", "North 1").await);
        let inner = format!("/teams/{}", inner.as_str().unwrap());
        patch(app, inner.clone(), json!({"parent_id": null})).await;
        assert_eq!(seen(app, &node, "manager").await, [0, 0]);
        patch(app, inner, json!({"parent_id": north})).await;
        assert_eq!(seen(app, &node, "manager").await, [1, 1]);
        // The team of a user.
        let manager = format!("/users/{}", app.id("manager").await);
        patch(app, manager.clone(), json!({"team_id": id_of(app, "/teams", "name", "South").await})).await;
        assert_eq!(seen(app, &node, "manager").await, [0, 0]);
        // The roles of a user, and what a role grants.
        let every = json!({"key": "every", "names": {"en": "Everything"}, "grants": [{"type": "customer", "action": "view", "scope": "all"}]});
        let role = app.post("admin", "/roles", every).await.expect(201)["id"].clone();
        patch(app, format!("/users/{}", app.id("sales2").await), json!({"role_ids": [role]})).await;
        assert_eq!(seen(app, &node, "sales2").await, [1, 1]);
        let own = json!({"grants": [{"type": "customer", "action": "view", "scope": "own"}]});
        patch(app, format!("/roles/{}", role.as_str().unwrap()), own).await;
        assert_eq!(seen(app, &node, "sales2").await, [0, 0]);
        node.stop().await;
    })
    .await;
}

#[actix_web::test]
async fn who_is_out_is_out_on_both_nodes_at_once() {
    TestApp::each(async |app| {
        let node = app.beside().await;
        // A session that its owner ends.
        let (mine, other) = (app.token("sales").await, app.fresh_token("sales").await);
        assert_eq!(statuses(app, &node, &other, "/customers").await, [200, 200]);
        let sessions = app.get("sales", "/me/sessions").await.expect(200);
        let ended = sessions["data"].as_array().unwrap().iter().find(|session| session["is_current"] == false).unwrap();
        app.delete("sales", &format!("/me/sessions/{}", ended["id"].as_str().unwrap())).await;
        assert_eq!(statuses(app, &node, &other, "/customers").await, [401, 401]);
        assert_eq!(statuses(app, &node, &mine, "/customers").await, [200, 200]);
        // A key that is withdrawn.
        let made =
            app.post("sales", "/api-keys", json!({"name": "Test", "scopes": ["customers:read"]})).await.expect(201);
        let (key, id) = (made["key"].as_str().unwrap(), made["api_key"]["id"].as_str().unwrap());
        assert_eq!(statuses(app, &node, key, "/customers").await, [200, 200]);
        app.delete("sales", &format!("/api-keys/{id}")).await;
        assert_eq!(statuses(app, &node, key, "/customers").await, [401, 401]);
        // A user who is switched off.
        patch(app, format!("/users/{}", app.id("sales").await), json!({"is_active": false})).await;
        assert_eq!(statuses(app, &node, &mine, "/customers").await, [401, 401]);
        node.stop().await;
    })
    .await;
}

#[actix_web::test]
async fn a_remembered_session_goes_on_when_it_was_used_elsewhere_and_ends_when_it_has_rested() {
    TestApp::each(async |app| {
        let sign_in = json!({"grant_type": "password", "email": "sales@example.com", "password": rapport_testkit::persona::PASSWORD});
        let tokens = app.post("", "/auth/token", sign_in).await.expect(200);
        let refresh = json!({"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]});
        let access = |tokens: &Value| tokens["access_token"].as_str().unwrap().to_owned();
        answer(app.request(Method::GET, "/leads").bearer_auth(access(&tokens))).await.expect(200);
        // Remembered as last used at the beginning; used once more on the 29th day of its 30 days of rest.
        app.clock.advance(chrono::TimeDelta::days(29));
        let tokens = app.post("", "/auth/token", refresh).await.expect(200);
        app.clock.advance(chrono::TimeDelta::minutes(5));
        answer(app.request(Method::GET, "/leads").bearer_auth(access(&tokens))).await.expect(200);
        let refresh = json!({"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]});
        app.clock.advance(chrono::TimeDelta::days(29));
        let tokens = app.post("", "/auth/token", refresh).await.expect(200);
        answer(app.request(Method::GET, "/leads").bearer_auth(access(&tokens))).await.expect(200);
        let refresh = json!({"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]});
        app.clock.advance(chrono::TimeDelta::days(31));
        app.post("", "/auth/token", refresh).await.refused(401, "session_revoked");
    })
    .await;
}
