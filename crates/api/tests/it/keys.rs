//! API keys.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, TestApp, answer};

/// A new key: what is shown once, and its id.
pub(crate) async fn make(app: &TestApp, who: &str, scopes: Value) -> (String, String) {
    let made = app.post(who, "/api-keys", json!({"name": "Test", "scopes": scopes})).await.expect(201);
    (made["key"].as_str().unwrap().to_owned(), made["api_key"]["id"].as_str().unwrap().to_owned())
}

/// What a key is answered.
pub(crate) async fn by_key(app: &TestApp, key: &str, method: Method, path: &str, body: Option<Value>) -> Answer {
    let request = app.request(method, path).bearer_auth(key);
    answer(match body {
        Some(body) => request.json(&body),
        None => request,
    })
    .await
}

#[actix_web::test]
async fn a_key_is_shown_once_and_does_what_its_scopes_allow() {
    TestApp::each(async |app| {
        let (key, id) = make(app, "sales", json!(["leads:read"])).await;
        by_key(app, &key, Method::GET, "/leads", None).await.expect(200);
        let lead = json!({"family_name": "王"});
        by_key(app, &key, Method::POST, "/leads", Some(lead.clone())).await.refused(403, "forbidden");
        by_key(app, &key, Method::GET, "/sources", None).await.expect(200);
        by_key(app, &key, Method::GET, "/users", None).await.refused(403, "forbidden");
        let (writer, _) = make(app, "sales", json!(["leads:write"])).await;
        by_key(app, &writer, Method::POST, "/leads", Some(lead)).await.expect(201);
        let list = app.get("sales", "/api-keys").await.expect(200);
        let mine = list["data"].as_array().unwrap().iter().find(|key| key["id"] == id.as_str()).unwrap();
        assert!(key.starts_with(mine["prefix"].as_str().unwrap()));
        assert!(mine["last_used_at"].is_string());
        assert!(!list.to_string().contains(&key));
    })
    .await;
}

#[actix_web::test]
async fn what_one_key_was_answered_is_kept_for_no_other() {
    TestApp::each(async |app| {
        let (writer, _) = make(app, "sales", json!(["leads:write"])).await;
        let (reader, _) = make(app, "sales", json!(["leads:read"])).await;
        let send = |proof: String| {
            let request = app.request(Method::POST, "/leads").header("idempotency-key", "one-and-the-same");
            answer(request.bearer_auth(proof).json(&json!({"family_name": "王"})))
        };
        let first = send(writer.clone()).await.expect(201);
        assert_eq!(send(writer).await.expect(201)["id"], first["id"]);
        send(reader).await.refused(422, "idempotency_key_reused");
        send(app.token("sales").await).await.refused(422, "idempotency_key_reused");
    })
    .await;
}

#[actix_web::test]
async fn a_key_never_touches_people_sessions_or_keys() {
    TestApp::each(async |app| {
        let (key, _) = make(app, "admin", json!(["*:read", "*:write"])).await;
        by_key(app, &key, Method::GET, "/users", None).await.expect(200);
        let body = json!({"name": "X", "email": "x@example.com"});
        by_key(app, &key, Method::POST, "/users", Some(body)).await.refused(403, "forbidden");
        by_key(app, &key, Method::GET, "/api-keys", None).await.refused(403, "forbidden");
        by_key(app, &key, Method::POST, "/api-keys", Some(json!({"name": "X", "scopes": ["*:write"]})))
            .await
            .refused(403, "forbidden");
        by_key(app, &key, Method::GET, "/me/sessions", None).await.refused(403, "forbidden");
        by_key(app, &key, Method::PATCH, "/me", Some(json!({"theme": "dark"}))).await.refused(403, "forbidden");
        let password = json!({"current_password": "x", "new_password": "velvet-orbit-lantern"});
        by_key(app, &key, Method::POST, "/auth/password", Some(password)).await.refused(403, "forbidden");
    })
    .await;
}

#[actix_web::test]
async fn a_key_ends_with_its_time_its_owner_and_its_withdrawal() {
    TestApp::each(async |app| {
        let (key, id) = make(app, "sales", json!(["leads:read"])).await;
        app.delete("sales2", &format!("/api-keys/{id}")).await.refused(404, "not_found");
        assert_eq!(app.delete("sales", &format!("/api-keys/{id}")).await.status, 204);
        by_key(app, &key, Method::GET, "/leads", None).await.refused(401, "unauthenticated");
        let (key, _) = make(app, "sales2", json!(["leads:read"])).await;
        let path = format!("/users/{}", app.id("sales2").await);
        app.patch("admin", &path, json!({"is_active": false})).await.expect(200);
        by_key(app, &key, Method::GET, "/leads", None).await.refused(401, "unauthenticated");
        let (key, _) = make(app, "viewer", json!(["leads:read"])).await;
        app.clock.advance(TimeDelta::days(91));
        by_key(app, &key, Method::GET, "/leads", None).await.refused(401, "unauthenticated");
    })
    .await;
}

#[actix_web::test]
async fn keys_of_everybody_are_for_admins() {
    TestApp::each(async |app| {
        let (key, id) = make(app, "sales", json!(["*:read"])).await;
        app.get("sales", "/api-keys?all=true").await.refused(403, "forbidden");
        let all = app.get("admin", "/api-keys?all=true").await.expect(200);
        assert_eq!(all["data"][0]["user"]["name"], "孙悟空");
        assert_eq!(app.get("admin", "/api-keys").await.expect(200)["data"], json!([]));
        assert_eq!(app.delete("admin", &format!("/api-keys/{id}")).await.status, 204);
        by_key(app, &key, Method::GET, "/leads", None).await.refused(401, "unauthenticated");
    })
    .await;
}

#[actix_web::test]
async fn wrong_keys_are_refused() {
    TestApp::each(async |app| {
        for (body, pointer) in [
            (json!({"name": "", "scopes": ["leads:read"]}), "/name"),
            (json!({"name": "X", "scopes": []}), "/scopes"),
            (json!({"name": "X", "scopes": ["leads:delete"]}), "/scopes/0"),
            (json!({"name": "X", "scopes": ["leads:read"], "expires_at": "2020-01-01T00:00:00Z"}), "/expires_at"),
            (json!({"name": "X", "scopes": ["leads:read"], "expires_at": "2031-01-01T00:00:00Z"}), "/expires_at"),
        ] {
            let refused = app.post("sales", "/api-keys", body).await;
            assert_eq!(refused.errors()[0].0, pointer);
            refused.refused(422, "validation_failed");
        }
        let (key, _) = make(app, "sales", json!(["leads:read"])).await;
        answer(app.request(Method::GET, &format!("/leads?q={key}"))).await.refused(400, "credential_in_url");
        let (start, end) = key.split_at(key.len() - 20);
        let forged = format!("{start}{}", end.chars().rev().collect::<String>());
        by_key(app, &forged, Method::GET, "/leads", None).await.refused(401, "unauthenticated");
    })
    .await;
}
