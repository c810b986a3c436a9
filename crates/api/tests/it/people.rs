//! Users, teams and roles: what one may change, and what acts on the very next request.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, TestApp, answer};

async fn role_id(app: &TestApp, key: &str) -> Value {
    let roles = app.get("admin", "/roles").await.expect(200);
    roles["data"].as_array().unwrap().iter().find(|role| role["key"] == key).unwrap()["id"].clone()
}

async fn team_id(app: &TestApp, name: &str) -> Value {
    let teams = app.get("admin", "/teams").await.expect(200);
    teams["data"].as_array().unwrap().iter().find(|team| team["name"] == name).unwrap()["id"].clone()
}

async fn change(app: &TestApp, by: &str, who: &str, patch: Value) -> Answer {
    app.patch(by, &format!("/users/{}", app.id(who).await), patch).await
}

fn new_user(email: &str, role: &Value) -> Value {
    json!({"name": "沙悟净", "email": email, "password": "lantern-orbit-velvet", "role_ids": [role]})
}

#[actix_web::test]
async fn an_admin_adds_a_user_who_signs_in() {
    TestApp::each(async |app| {
        let sales = role_id(app, "sales").await;
        let made = app.post("admin", "/users", new_user("Sha.Wujing@Example.com", &sales)).await;
        let place = made.header("location").to_owned();
        assert_eq!(made.header("etag"), "\"1\"");
        let view = made.expect(201);
        assert_eq!(place, format!("/api/v1/users/{}", view["id"].as_str().unwrap()));
        assert_eq!((&view["email"], &view["roles"][0]["key"]), (&json!("sha.wujing@example.com"), &json!("sales")));
        assert_eq!((&view["language"], &view["time_zone"]), (&json!("zh-CN"), &json!("Asia/Shanghai")));
        assert!(!view.to_string().contains("argon2"));
        let sign_in =
            json!({"grant_type": "password", "email": "sha.wujing@example.com", "password": "lantern-orbit-velvet"});
        app.post("", "/auth/token", sign_in).await.expect(200);
        let again = app.post("admin", "/users", new_user("sha.wujing@example.com", &sales)).await;
        assert_eq!(again.errors(), [("/email".into(), "duplicate".into())]);
        again.refused(409, "duplicate");
    })
    .await;
}

#[actix_web::test]
async fn a_repeated_request_adds_one_user_and_keeps_no_password() {
    TestApp::each(async |app| {
        let body = new_user("sha@example.com", &role_id(app, "sales").await);
        let token = app.token("admin").await;
        let send = |body: Value| {
            answer(app.request(Method::POST, "/users").bearer_auth(&token).header("idempotency-key", "k-1").json(&body))
        };
        let first = send(body.clone()).await.expect(201);
        let second = send(body.clone()).await;
        assert_eq!(second.header("idempotent-replayed"), "true");
        assert_eq!(second.expect(201)["id"], first["id"]);
        let mut other = body;
        other["name"] = json!("Somebody else");
        send(other).await.refused(422, "idempotency_key_reused");
    })
    .await;
}

#[actix_web::test]
async fn wrong_users_are_refused_field_by_field() {
    TestApp::each(async |app| {
        let nobody = "01890a5d-ac96-774b-bcce-b302099a8057";
        let bad = json!({"name": " ", "email": "no address", "time_zone": "Mars/Base", "team_id": nobody, "manager_id": nobody, "role_ids": [nobody]});
        let refused = app.post("admin", "/users", bad).await;
        let mut pointers: Vec<String> = refused.errors().into_iter().map(|(pointer, _)| pointer).collect();
        pointers.sort();
        assert_eq!(pointers, ["/email", "/manager_id", "/name", "/role_ids/0", "/team_id", "/time_zone"]);
        refused.refused(422, "validation_failed");
        let weak = json!({"name": "X", "email": "x@example.com", "password": "passwordpassword"});
        app.post("admin", "/users", weak).await.refused(422, "weak_password");
        app.post("admin", "/users", json!({"name": "X", "email": "x@example.com", "is_admin": true})).await.refused(422, "validation_failed");
    })
    .await;
}

#[actix_web::test]
async fn only_those_who_configure_people_change_them() {
    TestApp::each(async |app| {
        let sales = role_id(app, "sales").await;
        for who in ["manager", "sales", "service", "marketing", "viewer"] {
            app.post(who, "/users", new_user("x@example.com", &sales)).await.refused(403, "forbidden");
            change(app, who, "sales2", json!({"name": "X"})).await.refused(403, "forbidden");
            app.post(who, "/teams", json!({"name": "X"})).await.refused(403, "forbidden");
            app.post(who, "/roles", json!({"key": "x", "names": {"en": "X"}})).await.refused(403, "forbidden");
            app.get(who, "/access/matrix").await.refused(403, "forbidden");
        }
        app.get("sales", "/users").await.refused(403, "forbidden");
        app.get("manager", "/users").await.expect(200);
        let names = app.get("sales", "/users/directory?q=WUKONG").await.expect(200);
        assert_eq!(names["data"].as_array().unwrap().len(), 1);
        assert_eq!(names["data"][0], json!({"id": app.id("sales").await, "name": "孙悟空", "is_active": true}));
        assert_eq!(app.get("admin", &format!("/users/{}", app.id("sales2").await)).await.expect(200)["name"], "猪八戒");
    })
    .await;
}

#[actix_web::test]
async fn a_changed_role_acts_on_the_next_request() {
    TestApp::each(async |app| {
        app.get("sales", "/users").await.refused(403, "forbidden");
        let manager = role_id(app, "manager").await;
        change(app, "admin", "sales", json!({"role_ids": [manager]})).await.expect(200);
        app.get("sales", "/users").await.expect(200);
        change(app, "admin", "sales", json!({"role_ids": []})).await.expect(200);
        app.get("sales", "/users").await.refused(403, "forbidden");
        assert_eq!(app.get("sales", "/me").await.expect(200)["permissions"], json!([]));
    })
    .await;
}

#[actix_web::test]
async fn who_is_switched_off_is_out_at_once() {
    TestApp::each(async |app| {
        app.get("sales", "/me").await.expect(200);
        change(app, "admin", "sales", json!({"is_active": false})).await.expect(200);
        app.get("sales", "/me").await.refused(401, "session_revoked");
        let sign_in = json!({"grant_type": "password", "email": "sales@example.com", "password": rapport_testkit::persona::PASSWORD});
        app.post("", "/auth/token", sign_in.clone()).await.refused(401, "invalid_credentials");
        change(app, "admin", "sales", json!({"is_active": true})).await.expect(200);
        app.post("", "/auth/token", sign_in).await.expect(200);
        app.get("sales", "/me").await.refused(401, "session_revoked");
    })
    .await;
}

#[actix_web::test]
async fn a_password_set_by_an_admin_ends_every_session() {
    TestApp::each(async |app| {
        app.get("sales", "/me").await.expect(200);
        change(app, "admin", "sales", json!({"password": "velvet-orbit-lantern"})).await.expect(200);
        app.get("sales", "/me").await.refused(401, "session_revoked");
        let sign_in =
            json!({"grant_type": "password", "email": "sales@example.com", "password": "velvet-orbit-lantern"});
        app.post("", "/auth/token", sign_in).await.expect(200);
        app.get("viewer", "/me").await.expect(200);
        assert_eq!(app.delete("admin", &format!("/users/{}/sessions", app.id("viewer").await)).await.status, 204);
        app.get("viewer", "/me").await.refused(401, "session_revoked");
    })
    .await;
}

#[actix_web::test]
async fn a_password_is_made_neither_of_the_name_so_far_nor_of_the_new_one() {
    TestApp::each(async |app| {
        change(app, "admin", "sales", json!({"name": "Long Enough"})).await.expect(200);
        for (patch, is_right) in [
            (json!({"password": "7-enough-velvet-lantern"}), false),
            (json!({"password": "7-otherwise-lantern", "name": "Otherwise Called"}), false),
            (json!({"password": "7-velvet-orbit-lantern"}), true),
        ] {
            let found = change(app, "admin", "sales", patch.clone()).await;
            assert_eq!(found.status == 200, is_right, "{patch}: {}", found.body);
        }
        let nobody = format!("/users/{}", uuid::Uuid::nil());
        app.patch("admin", &nobody, json!({"password": "velvet-orbit-lantern"})).await.refused(404, "not_found");
    })
    .await;
}

#[actix_web::test]
async fn the_last_admin_stays() {
    TestApp::each(async |app| {
        let sales = role_id(app, "sales").await;
        for patch in [json!({"is_active": false}), json!({"role_ids": [sales]}), json!({"role_ids": []})] {
            change(app, "admin", "admin", patch).await.refused(409, "last_admin");
        }
        app.get("admin", "/users").await.expect(200);
        let admin = role_id(app, "admin").await;
        change(app, "admin", "viewer", json!({"role_ids": [admin]})).await.expect(200);
        change(app, "admin", "admin", json!({"role_ids": [sales]})).await.expect(200);
        change(app, "viewer", "viewer", json!({"is_active": false})).await.refused(409, "last_admin");
    })
    .await;
}

#[actix_web::test]
async fn of_two_admins_who_remove_each_other_one_stays() {
    TestApp::each(async |app| {
        let admin = role_id(app, "admin").await;
        change(app, "admin", "viewer", json!({"role_ids": [admin]})).await.expect(200);
        app.token("viewer").await;
        let (one, two) = tokio::join!(
            change(app, "admin", "viewer", json!({"is_active": false})),
            change(app, "viewer", "admin", json!({"is_active": false})),
        );
        let won = [&one, &two].iter().filter(|found| found.status == 200).count();
        assert_eq!(won, 1, "{} {}", one.text, two.text);
        let working = [app.get("admin", "/users").await.status, app.get("viewer", "/users").await.status];
        assert_eq!(working.iter().filter(|status| **status == 200).count(), 1);
    })
    .await;
}

#[actix_web::test]
async fn nobody_grants_more_than_he_has_or_takes_over_who_has_more() {
    TestApp::each(async |app| {
        let people = json!({"key": "people", "names": {"en": "People"}, "grants": [
            {"type": "user", "action": "configure", "scope": "all"}, {"type": "user", "action": "view", "scope": "all"},
            {"type": "role", "action": "configure", "scope": "all"}, {"type": "role", "action": "view", "scope": "all"},
            {"type": "configuration", "action": "view", "scope": "all"},
        ]});
        let role = app.post("admin", "/roles", people).await.expect(201)["id"].clone();
        change(app, "admin", "service", json!({"role_ids": [role]})).await.expect(200);
        let admin = role_id(app, "admin").await;
        change(app, "service", "service", json!({"role_ids": [admin]})).await.refused(403, "forbidden");
        change(app, "service", "admin", json!({"password": "velvet-orbit-lantern"})).await.refused(403, "forbidden");
        change(app, "service", "sales", json!({"email": "mine@example.com"})).await.refused(403, "forbidden");
        app.post("service", "/users", new_user("x@example.com", &admin)).await.refused(403, "forbidden");
        let greedy = json!({"key": "greedy", "names": {"en": "G"}, "grants": [{"type": "lead", "action": "view", "scope": "own"}]});
        app.post("service", "/roles", greedy).await.refused(403, "forbidden");
        app.delete("service", &format!("/users/{}/sessions", app.id("admin").await)).await.refused(403, "forbidden");
        app.post("service", "/users", new_user("x@example.com", &role)).await.expect(201);
    })
    .await;
}

#[actix_web::test]
async fn a_stale_change_gets_the_user_as_he_is_now() {
    TestApp::each(async |app| {
        let path = format!("/users/{}", app.id("sales").await);
        let token = app.token("admin").await;
        let patch = |version: &'static str, name: &'static str| {
            answer(
                app.request(Method::PATCH, &path)
                    .bearer_auth(&token)
                    .header("if-match", version)
                    .json(&json!({"name": name})),
            )
        };
        patch("\"1\"", "First").await.expect(200);
        let conflict = patch("\"1\"", "Second").await.refused(412, "version_conflict");
        assert_eq!((&conflict["current"]["name"], &conflict["current"]["version"]), (&json!("First"), &json!(2)));
        let same = patch("\"2\"", "First").await;
        assert_eq!(same.header("etag"), "\"2\"", "what changes nothing makes no new version");
        let known = answer(app.request(Method::GET, &path).bearer_auth(&token).header("if-none-match", "\"2\"")).await;
        assert_eq!((known.status, known.text.as_str()), (304, ""));
    })
    .await;
}

#[actix_web::test]
async fn people_and_teams_form_no_circles() {
    TestApp::each(async |app| {
        let (north, north1) = (team_id(app, "North").await, team_id(app, "North 1").await);
        let path = format!("/teams/{}", north.as_str().unwrap());
        app.patch("admin", &path, json!({"parent_id": north1})).await.refused(409, "cycle");
        app.patch("admin", &path, json!({"parent_id": north})).await.refused(409, "cycle");
        let sales = app.id("sales").await;
        change(app, "admin", "manager", json!({"manager_id": sales})).await.refused(409, "cycle");
        change(app, "admin", "sales", json!({"manager_id": sales})).await.refused(409, "cycle");
        change(app, "admin", "sales", json!({"manager_id": null})).await.expect(200);
        change(app, "admin", "manager", json!({"manager_id": sales})).await.expect(200);
    })
    .await;
}

#[actix_web::test]
async fn teams_are_made_renamed_and_deleted() {
    TestApp::each(async |app| {
        let made = app.post("admin", "/teams", json!({"name": " 华东一组 "})).await;
        let place = made.header("location").to_owned();
        let team = made.expect(201);
        assert_eq!(team["name"], "华东一组");
        let place = place.strip_prefix("/api/v1").unwrap();
        app.post("admin", "/teams", json!({"name": "华东一组"})).await.refused(409, "duplicate");
        let child = app.post("admin", "/teams", json!({"name": "Below", "parent_id": team["id"]})).await.expect(201);
        let in_use = app.delete("admin", place).await.refused(409, "in_use");
        assert_eq!(in_use["counts"], json!({"users": 0, "teams": 1, "assignment_rules": 0, "customer_pools": 0}));
        let child_path = format!("/teams/{}", child["id"].as_str().unwrap());
        assert_eq!(
            app.patch("admin", &child_path, json!({"parent_id": null})).await.expect(200)["parent_id"],
            Value::Null
        );
        assert_eq!(app.delete("admin", place).await.status, 204);
        app.get("admin", place).await.refused(404, "not_found");
        let south = format!("/teams/{}", team_id(app, "South").await.as_str().unwrap());
        app.delete("admin", &south).await.refused(409, "in_use");
    })
    .await;
}

#[actix_web::test]
async fn roles_are_made_changed_and_deleted_but_not_the_built_in_ones() {
    TestApp::each(async |app| {
        let grants = json!([{"type": "lead", "action": "view", "scope": "own"}]);
        let role = app
            .post("admin", "/roles", json!({"key": "inside", "names": {"zh-CN": "内勤"}, "grants": grants}))
            .await
            .expect(201);
        assert_eq!((&role["name"], &role["is_builtin"], &role["grants"]), (&json!("内勤"), &json!(false), &grants));
        let path = format!("/roles/{}", role["id"].as_str().unwrap());
        let none = app.patch("admin", &path, json!({"grants": []})).await.expect(200);
        assert_eq!((&none["grants"], &none["version"]), (&json!([]), &json!(2)));
        let refused = app
            .patch("admin", &path, json!({"grants": [{"type": "lead", "action": "configure", "scope": "all"}]}))
            .await;
        assert_eq!(refused.errors(), [("/grants/0/action".into(), "invalid_value".into())]);
        let refused =
            app.patch("admin", &path, json!({"grants": [{"type": "user", "action": "view", "scope": "own"}]})).await;
        assert_eq!(refused.errors(), [("/grants/0/scope".into(), "invalid_value".into())]);
        change(app, "admin", "viewer", json!({"role_ids": [role["id"]]})).await.expect(200);
        app.delete("admin", &path).await.refused(409, "in_use");
        change(app, "admin", "viewer", json!({"role_ids": []})).await.expect(200);
        assert_eq!(app.delete("admin", &path).await.status, 204);
        let admin = format!("/roles/{}", role_id(app, "admin").await.as_str().unwrap());
        app.patch("admin", &admin, json!({"grants": []})).await.refused(403, "forbidden");
        app.delete("admin", &admin).await.refused(403, "forbidden");
        let matrix = app.get("admin", "/access/matrix").await.expect(200);
        assert!(matrix["text"].as_str().unwrap().contains("opportunity"));
    })
    .await;
}

#[actix_web::test]
async fn users_come_page_by_page() {
    TestApp::each(async |app| {
        let mut names = Vec::new();
        let mut path = "/users?limit=3".to_owned();
        loop {
            let page = app.get("admin", &path).await.expect(200);
            names.extend(page["data"].as_array().unwrap().iter().map(|user| user["name"].as_str().unwrap().to_owned()));
            let Some(cursor) = page["page"]["next_cursor"].as_str() else { break };
            path = format!("/users?limit=3&cursor={cursor}");
        }
        assert_eq!(names, ["Ada Admin", "曼丽", "Mark Marketing", "Sera Service", "孙悟空", "Vera Viewer", "猪八戒"]);
        let leads = app.get("admin", "/leads?limit=1").await;
        assert_eq!(leads.status, 200);
    })
    .await;
}

#[actix_web::test]
async fn records_follow_their_owner_into_another_team() {
    TestApp::each(async |app| {
        let lead = app.post("sales2", "/leads", json!({"family_name": "唐", "given_name": "三藏"})).await.expect(201);
        let path = format!("/leads/{}", lead["id"].as_str().unwrap());
        app.get("manager", &path).await.refused(404, "not_found");
        let north1 = team_id(app, "North 1").await;
        change(app, "admin", "sales2", json!({"team_id": north1})).await.expect(200);
        assert_eq!(app.get("manager", &path).await.expect(200)["team_id"], north1);
        change(app, "admin", "sales2", json!({"team_id": null})).await.expect(200);
        app.get("manager", &path).await.refused(404, "not_found");
        app.get("sales2", &path).await.expect(200);
    })
    .await;
}
