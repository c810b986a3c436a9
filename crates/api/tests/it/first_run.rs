//! The first run.

use rapport_api::setup::setup_link;
use serde_json::{Value, json};

use crate::harness::TestApp;

fn setup(token: &str) -> Value {
    json!({
        "token": token, "organisation_name": "花果山科技", "language": "zh-CN", "currency": "CNY", "time_zone": "Asia/Shanghai",
        "admin": {"name": "Ada Admin", "email": "ada@example.com", "password": "lantern-orbit-velvet"}, "sample_data": false,
    })
}

async fn token(app: &TestApp) -> String {
    let link = setup_link(&app.app, "http://127.0.0.1").await.unwrap().expect("a link");
    link.rsplit_once("token=").unwrap().1.to_owned()
}

#[actix_web::test]
async fn the_first_admin_is_made_once_by_whoever_has_the_link() {
    TestApp::each_empty(async |app| {
        assert_eq!(app.get("", "/setup").await.expect(200)["required"], true);
        let old = token(app).await;
        let token = token(app).await;
        app.post("", "/setup", setup("guess")).await.refused(403, "setup_token_invalid");
        app.post("", "/setup", setup(&old)).await.refused(403, "setup_token_invalid");
        let done = app.post("", "/setup", setup(&token)).await;
        assert_eq!(done.headers.get_all("set-cookie").iter().count(), 2);
        let me = done.expect(201)["user"].clone();
        assert_eq!((&me["roles"][0]["key"], &me["organisation"]["name"]), (&json!("admin"), &json!("花果山科技")));
        assert_eq!(me["organisation"]["stale_grace_days"], 2, "and its managers hear of what stays stale");
        assert_eq!(me["organisation"]["lead_response_hours"], 24, "a new installation answers its leads within a day");
        app.post("", "/setup", setup(&token)).await.refused(409, "setup_done");
        assert_eq!(app.get("", "/setup").await.expect(200)["required"], false);
        assert!(setup_link(&app.app, "").await.unwrap().is_none());
    })
    .await;
}

#[actix_web::test]
async fn of_two_who_set_up_at_once_one_wins() {
    TestApp::each_empty(async |app| {
        let token = token(app).await;
        let tries = (0..4).map(|n| {
            let mut body = setup(&token);
            body["admin"]["email"] = json!(format!("ada{n}@example.com"));
            app.post("", "/setup", body)
        });
        let mut statuses: Vec<u16> =
            futures_util::future::join_all(tries).await.iter().map(|found| found.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409]);
    })
    .await;
}

#[actix_web::test]
async fn a_wrong_setup_is_refused_and_may_be_tried_again() {
    TestApp::each_empty(async |app| {
        let token = token(app).await;
        for (change, pointer) in [
            (json!({"currency": "XYZ"}), "/currency"),
            (json!({"time_zone": "Moon"}), "/time_zone"),
            (json!({"admin": {"name": "A", "email": "no", "password": "lantern-orbit-velvet"}}), "/admin/email"),
            (json!({"admin": {"name": "A", "email": "a@example.com", "password": "short"}}), "/admin/password"),
        ] {
            let mut body = setup(&token);
            body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            let refused = app.post("", "/setup", body).await;
            assert_eq!((refused.status, refused.errors()[0].0.as_str()), (422, pointer));
        }
        app.post("", "/setup", setup(&token)).await.expect(201);
    })
    .await;
}

#[actix_web::test]
async fn sample_data_can_come_along() {
    TestApp::each_empty(async |app| {
        let mut body = setup(&token(app).await);
        body["sample_data"] = json!(true);
        let done = app.post("", "/setup", body).await;
        assert_eq!(done.status, 201, "{}", done.text);
        let sign_in = json!({"grant_type": "password", "email": "ada@example.com", "password": "lantern-orbit-velvet"});
        let pair = app.post("", "/auth/token", sign_in).await.expect(200);
        let leads = app.request(reqwest::Method::GET, "/leads").bearer_auth(pair["access_token"].as_str().unwrap());
        assert!(!crate::harness::answer(leads).await.expect(200)["data"].as_array().unwrap().is_empty());
    })
    .await;
}
