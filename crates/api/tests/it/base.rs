//! What holds for every request: problem documents, headers, methods, limits.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{TestApp, answer};

#[actix_web::test]
async fn an_unknown_path_is_a_problem_in_the_callers_language() {
    TestApp::each(async |app| {
        let request = app.request(Method::GET, "/nothing/here").header("accept-language", "zh-CN,zh;q=0.9");
        let found = answer(request).await;
        assert_eq!(found.body["title"], "未找到");
        assert_eq!(found.body["instance"], "/api/v1/nothing/here");
        found.refused(404, "not_found");
        app.get("", "/%ff").await.refused(404, "not_found");
        app.get("", "//").await.refused(404, "not_found");
        app.get("admin", "/users/no-uuid").await.refused(404, "not_found");
    })
    .await;
}

#[actix_web::test]
async fn every_answer_has_the_security_headers_and_the_callers_request_id() {
    TestApp::each(async |app| {
        let found = answer(app.request(Method::GET, "/nothing").header("x-request-id", "my-request-1")).await;
        let expected = [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cache-control", "no-store"),
            ("x-request-id", "my-request-1"),
        ];
        for (name, value) in expected {
            assert_eq!(found.header(name), value, "{name}");
        }
        assert_eq!(found.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
        assert_eq!(found.header("server"), "");
    })
    .await;
}

#[actix_web::test]
async fn a_problem_type_is_a_real_page() {
    TestApp::each(async |app| {
        let page = app.get("", "//problems/version-conflict").await;
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
        assert!(page.text.contains("version_conflict"));
        assert!(page.header("content-security-policy").contains("script-src 'self'"));
        app.get("", "//problems/no-such-code").await.refused(404, "not_found");
    })
    .await;
}

#[actix_web::test]
async fn a_wrong_method_names_the_right_ones() {
    TestApp::each(async |app| {
        let found = app.put("admin", "/teams", json!({})).await;
        assert_eq!(found.header("allow"), "GET, POST");
        found.refused(405, "method_not_allowed");
        let found = app.delete("", "/auth/login").await;
        assert_eq!(found.header("allow"), "POST");
        found.refused(405, "method_not_allowed");
    })
    .await;
}

#[actix_web::test]
async fn bodies_that_are_no_json_are_told_apart() {
    TestApp::each(async |app| {
        let token = app.token("admin").await;
        let send = |content_type: &str, body: String| {
            app.request(Method::POST, "/teams").bearer_auth(&token).header("content-type", content_type).body(body)
        };
        let deep = format!("{{\"name\":{}{}}}", "[".repeat(5000), "]".repeat(5000));
        for bad in ["", "{", "nul", "{\"name\":\"\\ud800\"}", "{\"name\":\"a\0\"}", "{\"name\":\"a\"}x", &deep] {
            answer(send("application/json", bad.to_owned())).await.refused(400, "malformed_json");
        }
        let nul = answer(send("application/json", "{\"name\":\"a\\u0000\"}".into())).await;
        assert_eq!(nul.errors(), [("/name".to_owned(), "invalid_value".to_owned())]);
        nul.refused(422, "validation_failed");
        answer(send("text/plain", "{\"name\":\"x\"}".into())).await.refused(415, "unsupported_media_type");
        answer(send("application/merge-patch+json", "{\"name\":\"x\"}".into()))
            .await
            .refused(415, "unsupported_media_type");
        answer(app.request(Method::POST, "/teams").bearer_auth(&token)).await.refused(415, "unsupported_media_type");
        let large = format!("{{\"name\":\"{}\"}}", "x".repeat(10 << 20));
        // The server may close the connection before it has read all of it.
        if let Ok(response) = send("application/json", large).send().await {
            assert_eq!(response.status(), 413);
        }
        let body = app.get("admin", "/teams").await.expect(200);
        assert_eq!(body["data"].as_array().map(Vec::len), Some(3), "nothing was added");
    })
    .await;
}

#[actix_web::test]
async fn wrong_fields_are_pointed_at() {
    TestApp::each(async |app| {
        let refused = app.post("admin", "/teams", json!({"name": 7})).await;
        assert_eq!(refused.errors(), [("/name".into(), "invalid_value".into())]);
        refused.refused(422, "validation_failed");
        let refused = app.post("admin", "/teams", json!({"name": "x", "secret/field": 1})).await;
        assert_eq!(refused.errors(), [("/secret~1field".into(), "unknown_field".into())]);
        let refused = app.post("admin", "/teams", json!({})).await;
        assert_eq!(refused.errors(), [("/name".into(), "required".into())]);
        let refused = app.post("admin", "/teams", json!({"name": "x".repeat(101)})).await;
        assert_eq!(refused.errors(), [("/name".into(), "too_long".into())]);
        let refused = app.post("admin", "/teams", json!([])).await;
        refused.refused(422, "validation_failed");
        let refused = app.get("admin", "/users?lmit=3").await;
        assert_eq!(refused.errors(), [("lmit".into(), "unknown_field".into())]);
        refused.refused(400, "unknown_field");
        app.get("admin", "/users?limit=0").await.refused(400, "limit_invalid");
        app.get("admin", "/users?cursor=%00").await.refused(400, "parameter_invalid");
        app.get("admin", "/customers/by/erp/a%00b").await.refused(404, "not_found");
        app.put("admin", "/customers/by/erp/a%00b", json!({"name": "A"})).await.refused(404, "not_found");
        app.delete("admin", "/lead-statuses/a%00b").await.refused(404, "not_found");
        app.get("admin", "/users?cursor=xyz").await.refused(400, "cursor_invalid");
    })
    .await;
}

#[actix_web::test]
async fn who_takes_no_json_is_told_so() {
    TestApp::each(async |app| {
        let with = |accept: &'static str| answer(app.request(Method::GET, "/setup").header("accept", accept));
        with("text/html").await.refused(406, "not_acceptable");
        with("application/json;q=0").await.refused(406, "not_acceptable");
        for accept in ["*/*", "application/*", "text/html, application/json;q=0.5"] {
            assert_eq!(with(accept).await.status, 200, "{accept}");
        }
    })
    .await;
}

#[actix_web::test]
async fn answers_are_compressed_when_the_caller_likes() {
    TestApp::each(async |app| {
        for coding in ["gzip", "br"] {
            let response =
                app.request(Method::GET, "/openapi.json").header("accept-encoding", coding).send().await.unwrap();
            assert_eq!(response.headers()["content-encoding"], coding);
        }
        let document: Value = app.get("", "/openapi.json").await.expect(200);
        assert_eq!(document["openapi"], "3.1.0");
        let docs = app.get("", "//docs").await;
        assert!(docs.text.contains("/api/v1/auth/token") && !docs.text.contains("<script"));
    })
    .await;
}

#[actix_web::test]
async fn health_readiness_and_figures_need_no_sign_in() {
    TestApp::each(async |app| {
        rapport_api::figures::install();
        app.get("", "//healthz").await.expect(200);
        let ready = app.get("", "//readyz").await.expect(200);
        assert_eq!((&ready["status"], &ready["checks"]["schema"]), (&json!("ready"), &json!("ok")));
        app.get("admin", &format!("/users/{}", app.id("sales").await)).await.expect(200);
        let figures = app.get("", "//metrics").await.text;
        assert!(figures.contains("rapport_http_requests_total"), "{figures}");
        assert!(figures.contains("route=\"/api/v1/users/{id}\""), "routes, never ids: {figures}");
    })
    .await;
}

#[actix_web::test]
async fn too_many_requests_wait() {
    let settings = |config: &mut rapport_api::config::Config| {
        config.rate_limit.enabled = true;
        config.rate_limit.user_per_minute = 3;
    };
    TestApp::each_with(settings, async |app| {
        let first = app.get("sales", "/me").await;
        assert_eq!(first.header("ratelimit-policy"), "\"user\";q=3;w=60");
        assert_eq!(first.header("ratelimit"), "\"user\";r=2;t=60");
        app.get("sales", "/me").await.expect(200);
        app.get("sales", "/me").await.expect(200);
        let refused = app.get("sales", "/me").await;
        assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
        refused.refused(429, "too_many_requests");
        app.get("viewer", "/me").await.expect(200);
    })
    .await;
}

#[actix_web::test]
async fn an_address_is_limited_for_those_who_are_not_signed_in_only() {
    let settings = |config: &mut rapport_api::config::Config| {
        config.rate_limit.enabled = true;
        config.rate_limit.address_per_minute = 4;
    };
    TestApp::each_with(settings, async |app| {
        for _ in 0..6 {
            app.get("sales", "/me").await.expect(200);
        }
        for _ in 0..4 {
            answer(app.request(Method::GET, "/me").header("authorization", "Bearer nonsense"))
                .await
                .refused(401, "unauthenticated");
        }
        answer(app.request(Method::GET, "/me").header("authorization", "Bearer nonsense"))
            .await
            .refused(429, "too_many_requests");
        app.get("", "/setup").await.refused(429, "too_many_requests");
        app.get("sales", "/me").await.expect(200);
    })
    .await;
}

#[actix_web::test]
async fn a_proof_that_nobody_asks_for_does_not_lift_the_limit() {
    let settings = |config: &mut rapport_api::config::Config| {
        config.rate_limit.enabled = true;
        config.rate_limit.address_per_minute = 4;
    };
    TestApp::each_with(settings, async |app| {
        let ask = |path: &str| answer(app.request(Method::GET, path).header("authorization", "Bearer nonsense"));
        for _ in 0..2 {
            ask("/openapi.json").await.expect(200);
            ask("/nothing").await.refused(404, "not_found");
        }
        ask("/openapi.json").await.refused(429, "too_many_requests");
        ask("/nothing").await.refused(429, "too_many_requests");
        app.get("sales", "/me").await.expect(200);
    })
    .await;
}

#[actix_web::test]
async fn only_named_origins_may_call_from_elsewhere() {
    let settings =
        |config: &mut rapport_api::config::Config| config.server.cors_origins = vec!["https://app.example.com".into()];
    TestApp::each_with(settings, async |app| {
        let ask = |origin: &'static str| {
            let request = app.request(Method::OPTIONS, "/me").header("origin", origin);
            request.header("access-control-request-method", "GET").send()
        };
        let allowed = ask("https://app.example.com").await.unwrap();
        assert_eq!(allowed.headers()["access-control-allow-origin"], "https://app.example.com");
        let refused = ask("https://app.example.com.evil.example").await.unwrap();
        assert!(!refused.headers().contains_key("access-control-allow-origin"));
    })
    .await;
    TestApp::each(async |app| {
        let request = app.request(Method::GET, "/setup").header("origin", "https://app.example.com");
        assert_eq!(answer(request).await.header("access-control-allow-origin"), "");
    })
    .await;
}
