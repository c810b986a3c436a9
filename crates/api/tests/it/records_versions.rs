//! Versions and repeatable requests: nobody's edit is lost, nothing happens twice.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::records_given::{TYPES, id};

#[actix_web::test]
async fn a_version_is_an_etag() {
    TestApp::each(async |app| {
        for plural in TYPES {
            let body = app.any("sales", plural, "Version").await;
            let made = app.post("sales", &format!("/{plural}"), body).await;
            assert_eq!((made.status, made.header("etag")), (201, "\"1\""));
            let place = format!("/{plural}/{}", id(&made.body));
            assert_eq!(made.header("location"), format!("/api/v1{place}"));
            let known = app.send_with("sales", Method::GET, &place, &[("if-none-match", "\"1\"")], None).await;
            assert_eq!((known.status, known.text.as_str(), known.header("etag")), (304, "", "\"1\""));
            let weak = app.send_with("sales", Method::GET, &place, &[("if-none-match", "\"9\", W/\"1\"")], None).await;
            assert_eq!(weak.status, 304);
            let changed = app
                .send_with("sales", Method::PATCH, &place, &[("if-match", "\"1\"")], Some(json!({"tags": ["a"]})))
                .await;
            assert_eq!((changed.status, changed.header("etag")), (200, "\"2\""));
            let other = app.send_with("sales", Method::GET, &place, &[("if-none-match", "\"1\"")], None).await;
            assert_eq!((other.status, other.header("etag")), (200, "\"2\""));
            let same = app.patch("sales", &place, json!({"tags": ["a"]})).await;
            assert_eq!((same.status, same.header("etag")), (200, "\"2\""), "what changes nothing makes no version");
        }
    })
    .await;
}

#[actix_web::test]
async fn a_stale_version_is_told_what_it_missed() {
    TestApp::each(async |app| {
        for plural in TYPES {
            let record = app.make_any("sales", plural, "Stale").await;
            let place = format!("/{plural}/{}", id(&record));
            app.patch("manager", &place, json!({"tags": ["a"]})).await.expect(200);
            app.patch("manager", &place, json!({"source": "event"})).await.expect(200);
            for (method, path, body) in [
                (Method::PATCH, place.clone(), Some(json!({"tags": ["b"]}))),
                (Method::DELETE, place.clone(), None),
                (Method::POST, format!("{place}/transfer"), Some(json!({"owner_id": app.id("sales").await}))),
            ] {
                let problem = app
                    .send_with("sales", method, &path, &[("if-match", "\"1\"")], body)
                    .await
                    .refused(412, "version_conflict");
                assert_eq!(
                    (&problem["changed_fields"], &problem["changed_by"]["name"]),
                    (&json!(["source", "tags"]), &json!("曼丽")),
                    "{plural}"
                );
                assert_eq!((&problem["current"]["version"], &problem["current"]["tags"]), (&json!(3), &json!(["a"])));
            }
            let foreign = app
                .send_with("sales", Method::PATCH, &place, &[("if-match", "W/\"3\"")], Some(json!({"tags": ["b"]})))
                .await;
            foreign.refused(412, "version_conflict");
            let now = app.get("sales", &place).await.expect(200);
            assert_eq!((&now["version"], &now["tags"], &now["source"]), (&json!(3), &json!(["a"]), &json!("event")));
        }
    })
    .await;
}

#[actix_web::test]
async fn of_two_writers_at_once_one_is_refused() {
    TestApp::each(async |app| {
        for plural in TYPES {
            let record = app.make_any("sales", plural, "Race").await;
            let place = format!("/{plural}/{}", id(&record));
            let write = async |who: &str, tag: &str| {
                app.send_with(who, Method::PATCH, &place, &[("if-match", "\"1\"")], Some(json!({"tags": [tag]}))).await
            };
            let answers = [futures_util::future::join(write("sales", "a"), write("manager", "b")).await];
            let mut statuses = [answers[0].0.status, answers[0].1.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 412], "{plural}");
            assert_eq!(app.get("sales", &place).await.expect(200)["version"], 2);
        }
    })
    .await;
}

#[actix_web::test]
async fn writers_without_a_version_all_count() {
    TestApp::each(async |app| {
        let record = app.make_any("sales", "customers", "Busy").await;
        let place = format!("/customers/{}", id(&record));
        let writes = (0..10).map(|n| app.patch("sales", &place, json!({"description": format!("text {n}")})));
        for answer in futures_util::future::join_all(writes.collect::<Vec<_>>()).await {
            assert_eq!(answer.status, 200, "{}", answer.text);
        }
        assert_eq!(app.get("sales", &place).await.expect(200)["version"], 11);
        let history = app.get("sales", &format!("{place}/history")).await.expect(200);
        assert_eq!(history["data"].as_array().unwrap().len(), 11);
    })
    .await;
}

#[actix_web::test]
async fn a_version_can_be_demanded() {
    TestApp::each_with(
        |config| config.api.require_if_match = true,
        async |app| {
            let record = app.make_any("sales", "customers", "Strict").await;
            let place = format!("/customers/{}", id(&record));
            app.patch("sales", &place, json!({"level": "A"})).await.refused(428, "precondition_required");
            app.delete("sales", &place).await.refused(428, "precondition_required");
            app.send_with("sales", Method::PATCH, &place, &[("if-match", "\"1\"")], Some(json!({"level": "A"})))
                .await
                .expect(200);
        },
    )
    .await;
}

async fn with_key(app: &TestApp, who: &str, path: &str, key: &str, body: &Value) -> crate::harness::Answer {
    app.send_with(who, Method::POST, path, &[("idempotency-key", key)], Some(body.clone())).await
}

#[actix_web::test]
async fn a_repeated_request_gets_the_first_answer() {
    TestApp::each(async |app| {
        for plural in TYPES {
            let (path, body) = (format!("/{plural}"), app.any("sales", plural, "Once").await);
            let before = app.total("sales", &path).await;
            let first = with_key(app, "sales", &path, &format!("key-{plural}"), &body).await;
            assert_eq!((first.status, first.header("idempotent-replayed")), (201, ""));
            app.patch("sales", &format!("{path}/{}", id(&first.body)), json!({"tags": ["later"]})).await.expect(200);
            let again = with_key(app, "sales", &path, &format!("key-{plural}"), &body).await;
            assert_eq!((again.status, again.header("idempotent-replayed"), &again.text), (201, "true", &first.text));
            assert_eq!(
                (again.header("etag"), again.header("location")),
                (first.header("etag"), first.header("location"))
            );
            let mut other = body.clone();
            other["tags"] = json!(["other"]);
            with_key(app, "sales", &path, &format!("key-{plural}"), &other)
                .await
                .refused(422, "idempotency_key_reused");
            assert_eq!(app.total("sales", &path).await, before + 1);
        }
        let (path, body) = ("/customers", json!({"name": "Others"}));
        with_key(app, "sales", path, "mine", &body).await.expect(201);
        let theirs = with_key(app, "sales2", path, "mine", &body).await;
        assert_eq!((theirs.status, theirs.header("idempotent-replayed")), (201, ""), "a key is its caller's own");
    })
    .await;
}

#[actix_web::test]
async fn a_refused_request_may_be_repeated_with_its_key() {
    TestApp::each(async |app| {
        let body = json!({"name": "Child", "external_ids": [{"system": "erp", "external_id": "1"}]});
        let holder = app
            .make(
                "sales",
                "customers",
                json!({"name": "Holder", "external_ids": [{"system": "erp", "external_id": "1"}]}),
            )
            .await;
        with_key(app, "sales", "/customers", "k", &body).await.refused(409, "duplicate");
        app.patch("sales", &format!("/customers/{}", id(&holder)), json!({"external_ids": []})).await.expect(200);
        let done = with_key(app, "sales", "/customers", "k", &body).await;
        assert_eq!((done.status, done.header("idempotent-replayed")), (201, ""), "{}", done.text);
    })
    .await;
}

#[actix_web::test]
async fn the_same_request_at_once_has_one_effect() {
    TestApp::each(async |app| {
        let body = json!({"company_name": "Once"});
        let answers =
            futures_util::future::join_all((0..10).map(|_| with_key(app, "sales", "/leads", "same", &body))).await;
        let fresh = answers
            .iter()
            .filter(|answer| answer.status == 201 && answer.header("idempotent-replayed").is_empty())
            .count();
        assert_eq!(fresh, 1);
        let number = &answers.iter().find(|answer| answer.status == 201).unwrap().body["number"];
        for answer in &answers {
            match answer.status {
                201 => assert_eq!(&answer.body["number"], number),
                _ => assert_eq!((answer.status, answer.body["code"].as_str()), (409, Some("idempotency_in_progress"))),
            }
        }
        assert_eq!(app.total("sales", "/leads").await, 1);
    })
    .await;
}
