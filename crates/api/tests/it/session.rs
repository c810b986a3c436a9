//! Signing in and out, and everything that ends a session.

use chrono::TimeDelta;
use rapport_testkit::persona::PASSWORD;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::harness::{Answer, TestApp, answer};

/// The cookies an answer sets, as a browser would send them back.
fn cookies(found: &Answer) -> String {
    let set = found.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    set.map(|cookie| cookie.split(';').next().unwrap().to_owned()).collect::<Vec<_>>().join("; ")
}

fn login(app: &TestApp, email: &str, password: &str) -> RequestBuilder {
    app.request(Method::POST, "/auth/login").json(&json!({"email": email, "password": password}))
}

async fn sign_in(app: &TestApp, who: &str) -> (Answer, String) {
    let found = answer(login(app, &format!("{who}@example.com"), PASSWORD)).await;
    let cookies = cookies(&found);
    (found, cookies)
}

/// A request as a page of our own sends it.
fn same_origin(app: &TestApp, method: Method, path: &str, cookies: &str) -> RequestBuilder {
    app.request(method, path).header("cookie", cookies).header("sec-fetch-site", "same-origin")
}

async fn tokens(app: &TestApp, who: &str) -> Value {
    let body = json!({"grant_type": "password", "email": format!("{who}@example.com"), "password": PASSWORD});
    app.post("", "/auth/token", body).await.expect(200)
}

async fn exchange(app: &TestApp, refresh_token: &Value) -> Answer {
    app.post("", "/auth/token", json!({"grant_type": "refresh_token", "refresh_token": refresh_token})).await
}

async fn me_by(app: &TestApp, token: &Value) -> Answer {
    answer(app.request(Method::GET, "/me").bearer_auth(token.as_str().unwrap())).await
}

#[actix_web::test]
async fn a_browser_gets_cookies_that_scripts_and_other_sites_cannot_use() {
    TestApp::each(async |app| {
        let (found, cookies) = sign_in(app, "sales").await;
        for cookie in found.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
                assert!(cookie.contains(part), "{part} in {cookie}");
            }
        }
        let me = found.expect(200)["user"].clone();
        assert_eq!((&me["email"], &me["roles"][0]["key"]), (&json!("sales@example.com"), &json!("sales")));
        answer(app.request(Method::GET, "/me").header("cookie", &cookies)).await.expect(200);
    })
    .await;
}

#[actix_web::test]
async fn over_https_the_cookies_belong_to_this_host_only() {
    let settings =
        |config: &mut rapport_api::config::Config| config.server.public_url = Some("https://crm.example.com".into());
    TestApp::each_with(settings, async |app| {
        let (found, cookies) = sign_in(app, "sales").await;
        assert!(cookies.contains("__Host-rapport_access=") && cookies.contains("__Host-rapport_refresh="));
        assert!(found.headers.get_all("set-cookie").iter().all(|cookie| cookie.to_str().unwrap().contains("Secure")));
        assert!(found.header("strict-transport-security").starts_with("max-age=63072000"));
        let patch = |origin: &'static str| {
            let request = app.request(Method::PATCH, "/me").header("cookie", &cookies).header("origin", origin);
            answer(request.json(&json!({"theme": "dark"})))
        };
        patch("https://crm.example.com").await.expect(200);
        patch("https://crm.example.com.evil.example").await.refused(403, "cross_site_request");
    })
    .await;
}

#[actix_web::test]
async fn a_page_of_another_site_changes_nothing() {
    TestApp::each(async |app| {
        let (_, cookies) = sign_in(app, "sales").await;
        let patch = |name: &'static str, value: &'static str| {
            let request = app.request(Method::PATCH, "/me").header("cookie", &cookies).header(name, value);
            answer(request.json(&json!({"theme": "dark"})))
        };
        patch("sec-fetch-site", "cross-site").await.refused(403, "cross_site_request");
        patch("sec-fetch-site", "same-site").await.refused(403, "cross_site_request");
        patch("origin", "https://evil.example").await.refused(403, "cross_site_request");
        patch("x-nothing", "said").await.refused(403, "cross_site_request");
        assert_eq!(app.get("sales", "/me").await.expect(200)["theme"], "system");
        patch("sec-fetch-site", "same-origin").await.expect(200);
        let foreign = login(app, "sales@example.com", PASSWORD).header("origin", "https://evil.example");
        answer(foreign).await.refused(403, "cross_site_request");
    })
    .await;
}

#[actix_web::test]
async fn wrong_passwords_and_unknown_people_get_the_same_answer() {
    TestApp::each(async |app| {
        let known = answer(login(app, "sales@example.com", "wrong")).await;
        let unknown = answer(login(app, "nobody@example.com", "wrong")).await;
        assert_eq!(known.header("www-authenticate"), unknown.header("www-authenticate"));
        let without_id = |mut body: Value| {
            body["request_id"] = Value::Null;
            body
        };
        assert_eq!(
            without_id(known.refused(401, "invalid_credentials")),
            without_id(unknown.refused(401, "invalid_credentials"))
        );
        answer(login(app, "SALES@Example.com", PASSWORD)).await.expect(200);
    })
    .await;
}

#[actix_web::test]
async fn after_five_failures_each_further_one_waits_longer() {
    TestApp::each(async |app| {
        for _ in 0..6 {
            answer(login(app, "sales@example.com", "wrong")).await.refused(401, "invalid_credentials");
        }
        let refused = answer(login(app, "sales@example.com", PASSWORD)).await;
        assert_eq!(refused.header("retry-after"), "1");
        refused.refused(429, "too_many_requests");
        app.clock.advance(TimeDelta::seconds(2));
        answer(login(app, "sales@example.com", "wrong")).await.refused(401, "invalid_credentials");
        app.clock.advance(TimeDelta::seconds(1));
        answer(login(app, "sales@example.com", PASSWORD)).await.refused(429, "too_many_requests");
        app.clock.advance(TimeDelta::seconds(2));
        answer(login(app, "sales@example.com", PASSWORD)).await.expect(200);
        answer(login(app, "sales@example.com", "wrong")).await.refused(401, "invalid_credentials");
        answer(login(app, "sales@example.com", PASSWORD)).await.expect(200);
        answer(login(app, "viewer@example.com", PASSWORD)).await.expect(200);
    })
    .await;
}

#[actix_web::test]
async fn guesses_from_elsewhere_do_not_lock_out_a_device_that_is_known() {
    TestApp::each(async |app| {
        let (_, cookies) = sign_in(app, "sales").await;
        let device = cookies.split("; ").find(|cookie| cookie.starts_with("rapport_device=")).unwrap().to_owned();
        let (_, others) = sign_in(app, "sales2").await;
        let foreign = others.split("; ").find(|cookie| cookie.starts_with("rapport_device=")).unwrap().to_owned();
        let from = |cookie: &str, password: &str| {
            answer(login(app, "sales@example.com", password).header("cookie", cookie.to_owned()))
        };
        for _ in 0..6 {
            from("", "wrong").await.refused(401, "invalid_credentials");
        }
        for unknown in ["", &foreign, "rapport_device=", "rapport_device=x.y", &format!("{device}0"), &device[..50]] {
            from(unknown, PASSWORD).await.refused(429, "too_many_requests");
        }
        from(&device, PASSWORD).await.expect(200);
        from("", PASSWORD).await.refused(429, "too_many_requests");
        // Whoever sits at the known device may not guess for ever either.
        for _ in 0..6 {
            from(&device, "wrong").await.refused(401, "invalid_credentials");
        }
        from(&device, PASSWORD).await.refused(429, "too_many_requests");
    })
    .await;
}

#[actix_web::test]
async fn guesses_at_the_same_time_all_count() {
    TestApp::each(async |app| {
        let guesses = (0..20).map(|_| login(app, "sales@example.com", "wrong").send());
        let answers = futures_util::future::join_all(guesses).await;
        let looked_at = answers.iter().filter(|found| found.as_ref().unwrap().status() == 401).count();
        assert!(looked_at <= 6, "{looked_at} guesses were looked at");
    })
    .await;
}

#[actix_web::test]
async fn an_access_token_holds_ten_minutes() {
    TestApp::each(async |app| {
        let pair = tokens(app, "sales").await;
        assert_eq!((&pair["token_type"], &pair["expires_in"]), (&json!("Bearer"), &json!(600)));
        app.clock.advance(TimeDelta::seconds(590));
        me_by(app, &pair["access_token"]).await.expect(200);
        app.clock.advance(TimeDelta::seconds(20));
        let refused = me_by(app, &pair["access_token"]).await;
        assert!(refused.header("www-authenticate").starts_with("Bearer"));
        refused.refused(401, "unauthenticated");
        let next = exchange(app, &pair["refresh_token"]).await.expect(200);
        me_by(app, &next["access_token"]).await.expect(200);
    })
    .await;
}

#[actix_web::test]
async fn a_used_refresh_token_ends_the_session() {
    TestApp::each(async |app| {
        let first = tokens(app, "sales").await;
        let second = exchange(app, &first["refresh_token"]).await.expect(200);
        let third = exchange(app, &second["refresh_token"]).await.expect(200);
        exchange(app, &first["refresh_token"]).await.refused(401, "refresh_reused");
        me_by(app, &third["access_token"]).await.refused(401, "session_revoked");
        exchange(app, &third["refresh_token"]).await.refused(401, "session_revoked");
        exchange(app, &json!("never-handed-out")).await.refused(401, "session_revoked");
    })
    .await;
}

#[actix_web::test]
async fn a_refresh_whose_answer_was_lost_may_be_repeated_at_once_but_not_later() {
    TestApp::each(async |app| {
        let first = tokens(app, "sales").await;
        let lost = exchange(app, &first["refresh_token"]).await.expect(200);
        let again = exchange(app, &first["refresh_token"]).await.expect(200);
        me_by(app, &again["access_token"]).await.expect(200);
        exchange(app, &lost["refresh_token"]).await.refused(401, "session_revoked");
        app.clock.advance(TimeDelta::seconds(11));
        exchange(app, &first["refresh_token"]).await.refused(401, "refresh_reused");
        me_by(app, &again["access_token"]).await.refused(401, "session_revoked");
    })
    .await;
}

#[actix_web::test]
async fn many_refreshes_at_once_never_fork_the_session() {
    TestApp::each(async |app| {
        let first = tokens(app, "sales").await;
        let sent = json!({"grant_type": "refresh_token", "refresh_token": first["refresh_token"]});
        let tries = (0..10).map(|_| app.post("", "/auth/token", sent.clone()));
        let answers = futures_util::future::join_all(tries).await;
        let new: Vec<Value> = answers.into_iter().filter(|found| found.status == 200).map(|found| found.body).collect();
        assert!(!new.is_empty());
        let mut usable = 0;
        for pair in &new {
            usable += usize::from(exchange(app, &pair["refresh_token"]).await.status == 200);
        }
        assert_eq!(usable, 1, "only the newest of {} works", new.len());
    })
    .await;
}

#[actix_web::test]
async fn a_browser_refreshes_by_its_cookie() {
    TestApp::each(async |app| {
        let (_, first) = sign_in(app, "sales").await;
        app.clock.advance(TimeDelta::minutes(11));
        answer(app.request(Method::GET, "/me").header("cookie", &first)).await.refused(401, "unauthenticated");
        answer(app.request(Method::POST, "/auth/refresh").header("cookie", &first))
            .await
            .refused(403, "cross_site_request");
        let renewed = answer(same_origin(app, Method::POST, "/auth/refresh", &first)).await;
        let second = cookies(&renewed);
        assert_eq!(renewed.expect(200)["expires_in"], 600);
        answer(app.request(Method::GET, "/me").header("cookie", &second)).await.expect(200);
        answer(app.request(Method::POST, "/auth/refresh")).await.refused(401, "unauthenticated");
    })
    .await;
}

#[actix_web::test]
async fn a_session_that_rests_too_long_is_over() {
    TestApp::each(async |app| {
        let (_, resting) = sign_in(app, "sales").await;
        let remembered = login(app, "sales@example.com", PASSWORD)
            .json(&json!({"email": "sales@example.com", "password": PASSWORD, "remember": true}));
        let remembered = cookies(&answer(remembered).await);
        app.clock.advance(TimeDelta::hours(13));
        answer(same_origin(app, Method::POST, "/auth/refresh", &resting)).await.refused(401, "session_revoked");
        answer(same_origin(app, Method::POST, "/auth/refresh", &remembered)).await.expect(200);
    })
    .await;
}

#[actix_web::test]
async fn signing_out_ends_the_session_and_takes_the_cookies() {
    TestApp::each(async |app| {
        let (_, cookies) = sign_in(app, "sales").await;
        let gone = answer(same_origin(app, Method::POST, "/auth/logout", &cookies)).await;
        assert_eq!((gone.status, gone.header("clear-site-data")), (204, "\"cache\", \"storage\""));
        assert!(gone.headers.get_all("set-cookie").iter().all(|cookie| cookie.to_str().unwrap().contains("Max-Age=0")));
        answer(app.request(Method::GET, "/me").header("cookie", &cookies)).await.refused(401, "session_revoked");
        let pair = tokens(app, "sales").await;
        let token = pair["access_token"].as_str().unwrap();
        assert_eq!(answer(app.request(Method::POST, "/auth/logout").bearer_auth(token)).await.status, 204);
        me_by(app, &pair["access_token"]).await.refused(401, "session_revoked");
        app.post("", "/auth/logout", json!({})).await.refused(401, "unauthenticated");
    })
    .await;
}

#[actix_web::test]
async fn one_sees_and_ends_ones_own_sessions_only() {
    TestApp::each(async |app| {
        let (mine, other) = (tokens(app, "sales").await, tokens(app, "sales").await);
        let of = |pair: &Value| pair["access_token"].as_str().unwrap().to_owned();
        let list = answer(app.request(Method::GET, "/me/sessions").bearer_auth(of(&mine))).await.expect(200);
        let sessions = list["data"].as_array().unwrap();
        assert_eq!(sessions.len(), 2);
        let elsewhere =
            sessions.iter().find(|session| session["is_current"] == false).unwrap()["id"].as_str().unwrap().to_owned();
        app.delete("viewer", &format!("/me/sessions/{elsewhere}")).await.refused(404, "not_found");
        assert_eq!(
            answer(app.request(Method::DELETE, &format!("/me/sessions/{elsewhere}")).bearer_auth(of(&mine)))
                .await
                .status,
            204
        );
        me_by(app, &other["access_token"]).await.refused(401, "session_revoked");
        let third = tokens(app, "sales").await;
        assert_eq!(answer(app.request(Method::DELETE, "/me/sessions").bearer_auth(of(&mine))).await.status, 204);
        me_by(app, &third["access_token"]).await.refused(401, "session_revoked");
        me_by(app, &mine["access_token"]).await.expect(200);
    })
    .await;
}

#[actix_web::test]
async fn signing_in_again_ends_the_session_before_it_in_the_same_browser() {
    TestApp::each(async |app| {
        let (_, first) = sign_in(app, "sales").await;
        let again = answer(login(app, "sales2@example.com", PASSWORD).header("cookie", &first)).await;
        let second = cookies(&again);
        again.expect(200);
        answer(app.request(Method::GET, "/me").header("cookie", &first)).await.refused(401, "session_revoked");
        answer(app.request(Method::GET, "/me").header("cookie", &second)).await.expect(200);
    })
    .await;
}

#[actix_web::test]
async fn of_more_than_twenty_sessions_the_oldest_ends() {
    TestApp::each(async |app| {
        let mut all = Vec::new();
        for _ in 0..21 {
            app.clock.advance(TimeDelta::seconds(1));
            all.push(app.fresh_token("sales").await);
        }
        let me = |token: &str| answer(app.request(Method::GET, "/me").bearer_auth(token));
        me(&all[0]).await.refused(401, "session_revoked");
        me(&all[1]).await.expect(200);
        me(&all[20]).await.expect(200);
    })
    .await;
}

#[actix_web::test]
async fn a_new_password_needs_the_old_one_and_ends_the_other_sessions() {
    TestApp::each(async |app| {
        let other = tokens(app, "sales").await;
        let change = |current: &str, new: &str| {
            app.post("sales", "/auth/password", json!({"current_password": current, "new_password": new}))
        };
        let wrong = change("not it", "velvet-orbit-lantern").await;
        assert_eq!(wrong.errors(), [("/current_password".into(), "invalid_credentials".into())]);
        for weak in ["short", "passwordpassword", "sales@example.com"] {
            change(PASSWORD, weak).await.refused(422, "weak_password");
        }
        me_by(app, &other["access_token"]).await.expect(200);
        assert_eq!(change(PASSWORD, "velvet-orbit-lantern").await.status, 204);
        me_by(app, &other["access_token"]).await.refused(401, "session_revoked");
        app.get("sales", "/me").await.expect(200);
        answer(login(app, "sales@example.com", PASSWORD)).await.refused(401, "invalid_credentials");
        answer(login(app, "sales@example.com", "velvet-orbit-lantern")).await.expect(200);
    })
    .await;
}

#[actix_web::test]
async fn one_changes_ones_own_preferences_with_a_version() {
    TestApp::each(async |app| {
        let me = app.get("sales", "/me").await;
        assert_eq!(me.header("etag"), "\"1\"");
        let patched = app
            .patch("sales", "/me", json!({"language": "zh-CN", "time_zone": "Asia/Shanghai", "theme": "dark"}))
            .await;
        assert_eq!(patched.header("etag"), "\"2\"");
        assert_eq!(patched.expect(200)["time_zone"], "Asia/Shanghai");
        let token = app.token("sales").await;
        let stale = app
            .request(Method::PATCH, "/me")
            .bearer_auth(token)
            .header("if-match", "\"1\"")
            .json(&json!({"theme": "light"}));
        let conflict = answer(stale).await.refused(412, "version_conflict");
        assert_eq!(conflict["current"]["theme"], "dark");
        let refused = app.patch("sales", "/me", json!({"time_zone": "Middle/Earth"})).await;
        assert_eq!(refused.errors(), [("/time_zone".into(), "invalid_value".into())]);
        let refused = app.patch("sales", "/me", json!({"role_ids": []})).await;
        assert_eq!(refused.errors(), [("/role_ids".into(), "unknown_field".into())]);
        let refused = app.patch("sales", "/me", json!({"name": null})).await;
        assert_eq!(refused.errors(), [("/name".into(), "invalid_value".into())]);
    })
    .await;
}

#[actix_web::test]
async fn requests_for_tokens_are_read_strictly() {
    TestApp::each(async |app| {
        for (body, pointer) in [
            (json!({}), "/grant_type"),
            (json!({"grant_type": "magic"}), "/grant_type"),
            (json!({"grant_type": "password", "email": "a@b.example"}), "/password"),
            (json!({"grant_type": "password", "email": "a@b.example", "password": "x", "scope": "*"}), "/scope"),
            (json!({"grant_type": "refresh_token", "refresh_token": ""}), "/refresh_token"),
        ] {
            let refused = app.post("", "/auth/token", body).await;
            assert_eq!(refused.errors()[0].0, pointer);
            refused.refused(422, "validation_failed");
        }
    })
    .await;
}
