//! Lead statuses, sources, pipelines and stages, as administrators see them.

use serde_json::{Value, json};

use crate::harness::{Answer, TestApp};

fn keys(answer: Answer) -> Vec<String> {
    let body = answer.expect(200);
    body["data"].as_array().unwrap().iter().map(|row| row["key"].as_str().unwrap().to_owned()).collect()
}

async fn sales_pipeline(app: &TestApp) -> Value {
    app.get("sales", "/pipelines").await.expect(200)["data"][0].clone()
}

/// The id of the stage with an English name.
fn stage_id(pipeline: &Value, name: &str) -> String {
    let stages = pipeline["stages"].as_array().unwrap();
    stages.iter().find(|stage| stage["names"]["en"] == name).expect("the stage")["id"].as_str().unwrap().to_owned()
}

async fn customer(app: &TestApp) -> Value {
    app.post("admin", "/customers", json!({"name": "花果山", "source": "event"})).await.expect(201)
}

async fn deal(app: &TestApp, customer: &Value, stage: &str) -> Value {
    let body = json!({"name": "Deal", "customer_id": customer["id"], "stage_id": stage, "amount": {"amount": "10.00", "currency": "CNY"}, "expected_close_on": "2026-12-24"});
    app.post("admin", "/opportunities", body).await.expect(201)
}

#[actix_web::test]
async fn everyone_reads_the_defaults_in_his_language() {
    TestApp::each(async |app| {
        let statuses = keys(app.get("viewer", "/lead-statuses").await);
        assert_eq!(statuses, ["new", "working", "nurturing", "qualified", "converted", "disqualified"]);
        assert_eq!(keys(app.get("sales", "/sources").await).len(), 12);
        let chinese = app
            .request(reqwest::Method::GET, "/sources/website")
            .bearer_auth(app.token("sales").await)
            .header("accept-language", "zh-CN");
        let source = crate::harness::answer(chinese).await.expect(200);
        assert_eq!((&source["name"], &source["names"]["en"]), (&json!("官网"), &json!("Website")));
        let pipeline = sales_pipeline(app).await;
        assert_eq!(
            (&pipeline["is_default"], &pipeline["id"]),
            (&json!(true), &json!("01900000-0000-7000-8000-000000000100"))
        );
        let stages: Vec<_> = pipeline["stages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|s| (s["category"].clone(), s["probability"].clone()))
            .collect();
        let expected = [("open", 10), ("open", 30), ("open", 60), ("open", 80), ("won", 100), ("lost", 0), ("void", 0)];
        assert_eq!(stages, expected.map(|(category, probability)| (json!(category), json!(probability))));
        assert_eq!(pipeline["stages"][3]["required_fields"], json!(["amount", "expected_close_on"]));
        app.get("", "/pipelines").await.refused(401, "unauthenticated");
    })
    .await;
}

#[actix_web::test]
async fn only_those_who_may_configure_change_anything() {
    TestApp::each(async |app| {
        let pipeline = sales_pipeline(app).await;
        let (pipeline, stage) = (pipeline["id"].as_str().unwrap(), stage_id(&pipeline, "Won"));
        for who in ["sales", "viewer", "service", "marketing"] {
            for path in ["/sources", "/lead-statuses", "/pipelines", &format!("/pipelines/{pipeline}/stages")] {
                app.post(who, path, json!({})).await.refused(403, "forbidden");
            }
            for path in [
                "/sources/ad",
                "/lead-statuses/new",
                &format!("/pipelines/{pipeline}"),
                &format!("/pipelines/{pipeline}/stages/{stage}"),
            ] {
                app.patch(who, path, json!({})).await.refused(403, "forbidden");
                app.delete(who, path).await.refused(403, "forbidden");
            }
        }
    })
    .await;
}

#[actix_web::test]
async fn sources_are_added_changed_moved_and_removed() {
    TestApp::each(async |app| {
        let made = app
            .post("admin", "/sources", json!({"key": "trade_press", "names": {"zh-CN": " 行业媒体 "}, "position": 1}))
            .await;
        assert_eq!((made.header("location"), made.header("etag")), ("/api/v1/sources/trade_press", "\"1\""));
        let made = made.expect(201);
        assert_eq!(
            (&made["name"], &made["position"], &made["is_active"]),
            (&json!("行业媒体"), &json!(1), &json!(true))
        );
        assert_eq!(keys(app.get("admin", "/sources").await)[..3], ["website", "trade_press", "ad"]);

        let changed = app
            .patch(
                "admin",
                "/sources/trade_press",
                json!({"names": {"en": "Trade press", "zh-CN": null}, "position": 0}),
            )
            .await
            .expect(200);
        assert_eq!((&changed["names"], &changed["version"]), (&json!({"en": "Trade press"}), &json!(2)));
        assert_eq!(keys(app.get("admin", "/sources").await)[..3], ["trade_press", "website", "ad"]);
        let same =
            app.patch("admin", "/sources/trade_press", json!({"position": 0, "is_active": true})).await.expect(200);
        assert_eq!(same["version"], 2);

        app.delete("admin", "/sources/trade_press").await.expect(204);
        let list = app.get("admin", "/sources").await.expect(200);
        let positions: Vec<_> =
            list["data"].as_array().unwrap().iter().map(|row| row["position"].as_i64().unwrap()).collect();
        assert_eq!(positions, (0..12).collect::<Vec<_>>());
        app.get("admin", "/sources/trade_press").await.refused(404, "not_found");
    })
    .await;
}

#[actix_web::test]
async fn bad_input_is_pointed_at_and_changes_nothing() {
    TestApp::each(async |app| {
        let cases = [
            (
                "/sources",
                json!({"key": "Bad-Key", "names": {}}),
                vec![("/key", "invalid_value"), ("/names", "required")],
            ),
            (
                "/sources",
                json!({"key": "a", "names": {"en": "x".repeat(101)}, "position": -1}),
                vec![("/position", "invalid_value"), ("/names/en", "too_long")],
            ),
            ("/sources", json!({"key": "a", "names": {"fr": "x"}}), vec![("/names/fr", "unknown_field")]),
            ("/sources", json!({"key": "a", "names": {"en": "x"}, "color": "red"}), vec![("/color", "unknown_field")]),
            ("/lead-statuses", json!({"key": "a", "names": {"en": "x"}}), vec![("/category", "required")]),
            (
                "/lead-statuses",
                json!({"key": "a", "names": {"en": "x"}, "category": "lukewarm"}),
                vec![("/category", "invalid_value")],
            ),
            (
                "/lead-statuses",
                json!({"key": "a", "names": {"en": "x"}, "category": "new", "color": "mauve"}),
                vec![("/color", "invalid_value")],
            ),
            ("/pipelines", json!({"names": {"en": "x"}, "stages": []}), vec![("/stages", "required")]),
            (
                "/pipelines",
                json!({"names": {"en": "x"}, "stages": [{"names": {"en": "y"}}]}),
                vec![("/stages/0/probability", "required")],
            ),
        ];
        for (path, body, expected) in cases {
            let answer = app.post("admin", path, body.clone()).await;
            let found = answer.errors();
            answer.refused(422, "validation_failed");
            assert_eq!(
                found,
                expected.iter().map(|(at, code)| ((*at).to_owned(), (*code).to_owned())).collect::<Vec<_>>(),
                "{path} {body}"
            );
        }
        let taken = app.post("admin", "/sources", json!({"key": "ad", "names": {"en": "x"}})).await;
        assert_eq!(taken.errors(), [("/key".to_owned(), "duplicate".to_owned())]);
        taken.refused(409, "duplicate");
        let key = app.patch("admin", "/sources/ad", json!({"key": "advert"})).await;
        assert_eq!(key.errors(), [("/key".to_owned(), "unknown_field".to_owned())]);
        app.patch("admin", "/sources/ad", json!([])).await.refused(422, "validation_failed");
        assert_eq!(keys(app.get("admin", "/sources").await).len(), 12);
    })
    .await;
}

#[actix_web::test]
async fn a_stale_version_is_refused_with_what_stands() {
    TestApp::each(async |app| {
        let patch = app.request(reqwest::Method::PATCH, "/lead-statuses/new").bearer_auth(app.token("admin").await);
        let answer = crate::harness::answer(patch.header("if-match", "\"7\"").json(&json!({"color": "red"}))).await;
        let body = answer.refused(412, "version_conflict");
        assert_eq!((&body["current"]["color"], &body["current"]["version"]), (&json!("blue"), &json!(1)));
        let known = app.request(reqwest::Method::GET, "/lead-statuses/new").bearer_auth(app.token("sales").await);
        assert_eq!(crate::harness::answer(known.header("if-none-match", "\"1\"")).await.status, 304);
    })
    .await;
}

#[actix_web::test]
async fn a_repeated_request_makes_one_source() {
    TestApp::each(async |app| {
        let body = json!({"key": "radio", "names": {"en": "Radio"}});
        for replayed in ["", "true"] {
            let request = app.request(reqwest::Method::POST, "/sources").bearer_auth(app.token("admin").await);
            let answer = crate::harness::answer(request.header("idempotency-key", "k1").json(&body)).await;
            assert_eq!((answer.status, answer.header("idempotent-replayed")), (201, replayed));
        }
    })
    .await;
}

#[actix_web::test]
async fn a_source_in_use_goes_when_another_takes_its_place() {
    TestApp::each(async |app| {
        let record = customer(app).await;
        let refused = app.delete("admin", "/sources/event").await.refused(409, "in_use");
        assert_eq!(refused["in_use"], json!({"customers": 1}));
        for nonsense in ["event", "nowhere"] {
            let answer = app.delete("admin", &format!("/sources/event?replacement={nonsense}")).await;
            assert_eq!(answer.errors(), [("replacement".to_owned(), "invalid_value".to_owned())]);
        }
        app.delete("admin", "/sources/event?replacment=other").await.refused(400, "unknown_field");
        app.delete("admin", "/sources/event?replacement=other").await.expect(204);
        let now = app.get("admin", &format!("/customers/{}", record["id"].as_str().unwrap())).await.expect(200);
        assert_eq!((&now["source"], &now["version"]), (&json!("other"), &json!(2)));
    })
    .await;
}

#[actix_web::test]
async fn statuses_keep_their_meaning_while_leads_have_them() {
    TestApp::each(async |app| {
        app.post(
            "admin",
            "/lead-statuses",
            json!({"key": "calling", "names": {"en": "Calling"}, "category": "working", "color": "pink"}),
        )
        .await
        .expect(201);
        let lead = app.post("admin", "/leads", json!({"family_name": "孙", "status": "calling"})).await.expect(201);
        let refused =
            app.patch("admin", "/lead-statuses/calling", json!({"category": "qualified"})).await.refused(409, "in_use");
        assert_eq!(refused["in_use"], json!({"leads": 1}));
        app.delete("admin", "/lead-statuses/calling").await.refused(409, "in_use");
        app.delete("admin", "/lead-statuses/calling?replacement=new").await.refused(422, "validation_failed");
        app.delete("admin", "/lead-statuses/calling?replacement=working").await.expect(204);
        let lead = app.get("admin", &format!("/leads/{}", lead["id"].as_str().unwrap())).await.expect(200);
        assert_eq!((&lead["status"], &lead["status_category"]), (&json!("working"), &json!("working")));
    })
    .await;
}

#[actix_web::test]
async fn the_last_status_the_logic_needs_stays() {
    TestApp::each(async |app| {
        for key in ["new", "working", "converted"] {
            assert_eq!(
                app.delete("admin", &format!("/lead-statuses/{key}")).await.refused(409, "in_use")["category"],
                key
            );
            app.patch("admin", &format!("/lead-statuses/{key}"), json!({"is_active": false}))
                .await
                .refused(409, "in_use");
        }
        app.delete("admin", "/lead-statuses/nurturing").await.expect(204);
    })
    .await;
}

#[actix_web::test]
async fn a_new_pipeline_takes_the_default_over() {
    TestApp::each(async |app| {
        let old = sales_pipeline(app).await;
        let made = app
            .post("admin", "/pipelines", json!({"names": {"en": "Channel"}, "is_default": true, "position": 0}))
            .await
            .expect(201);
        assert_eq!((made["stages"].as_array().unwrap().len(), &made["is_default"]), (7, &json!(true)));
        let list = app.get("admin", "/pipelines").await.expect(200);
        let marks: Vec<_> =
            list["data"].as_array().unwrap().iter().map(|row| (row["id"].clone(), row["is_default"].clone())).collect();
        assert_eq!(marks, [(made["id"].clone(), json!(true)), (old["id"].clone(), json!(false))]);

        let path = format!("/pipelines/{}", old["id"].as_str().unwrap());
        app.patch("admin", &path, json!({"is_default": true})).await.expect(200);
        let unmark = app.patch("admin", &path, json!({"is_default": false})).await;
        assert_eq!(unmark.errors(), [("/is_default".to_owned(), "invalid_value".to_owned())]);
        let asleep = app.patch("admin", &path, json!({"is_active": false})).await;
        assert_eq!(asleep.errors(), [("/is_active".to_owned(), "invalid_value".to_owned())]);
        app.delete("admin", &path).await.refused(409, "in_use");
        app.delete("admin", &format!("{path}?replacement={}", made["id"].as_str().unwrap())).await.expect(204);
        assert_eq!(sales_pipeline(app).await["is_default"], true);
    })
    .await;
}

#[actix_web::test]
async fn ten_at_once_leave_one_default_pipeline() {
    TestApp::each(async |app| {
        app.token("admin").await;
        let make =
            |n: usize| app.post("admin", "/pipelines", json!({"names": {"en": format!("P{n}")}, "is_default": true}));
        let made = futures_util::future::join_all((0..10).map(make)).await;
        assert!(made.iter().all(|answer| answer.status == 201), "{made:?}");
        let list = app.get("admin", "/pipelines").await.expect(200);
        let rows = list["data"].as_array().unwrap();
        assert_eq!(rows.iter().filter(|row| row["is_default"] == true).count(), 1);
        assert_eq!(
            rows.iter().map(|row| row["position"].as_i64().unwrap()).collect::<Vec<_>>(),
            (0..11).collect::<Vec<_>>()
        );
    })
    .await;
}

#[actix_web::test]
async fn stages_are_added_changed_and_removed() {
    TestApp::each(async |app| {
        let before = sales_pipeline(app).await;
        let path = format!("/pipelines/{}/stages", before["id"].as_str().unwrap());
        let stage = json!({"names": {"en": "Evaluation"}, "probability": 45, "position": 2, "required_fields": ["amount", "amount"], "warning_days": 3});
        let made = app.post("admin", &path, stage).await.expect(201);
        assert_eq!((&made["position"], &made["required_fields"]), (&json!(2), &json!(["amount"])));
        let after = sales_pipeline(app).await;
        assert_eq!((after["stages"].as_array().unwrap().len(), after["version"].as_i64()), (8, before["version"].as_i64().map(|version| version + 1)));
        assert_eq!(after["stages"][2]["id"], made["id"]);

        let own = format!("{path}/{}", made["id"].as_str().unwrap());
        for (patch, pointer) in [(json!({"probability": 101}), "/probability"), (json!({"probability": null}), "/probability"), (json!({"warning_days": 0}), "/warning_days"), (json!({"required_fields": ["owner_id"]}), "/required_fields/0"), (json!({"category": "won"}), "/probability")] {
            assert_eq!(app.patch("admin", &own, patch.clone()).await.errors()[0].0, pointer, "{patch}");
        }
        let changed = app.patch("admin", &own, json!({"category": "won", "probability": null})).await.expect(200);
        assert_eq!((&changed["probability"], &changed["version"]), (&json!(100), &json!(2)));
        app.delete("admin", &own).await.expect(204);
        app.get("admin", &own).await.refused(404, "not_found");
        let won = format!("{path}/{}", stage_id(&before, "Won"));
        assert_eq!(app.delete("admin", &won).await.refused(409, "in_use")["category"], "won");
    })
    .await;
}

#[actix_web::test]
async fn a_stage_in_use_goes_when_another_takes_its_place() {
    TestApp::each(async |app| {
        let pipeline = sales_pipeline(app).await;
        let path = format!("/pipelines/{}/stages", pipeline["id"].as_str().unwrap());
        let (proposal, negotiation) = (stage_id(&pipeline, "Proposal"), stage_id(&pipeline, "Negotiation"));
        let deal = deal(app, &customer(app).await, &proposal).await;
        assert_eq!(
            app.delete("admin", &format!("{path}/{proposal}")).await.refused(409, "in_use")["in_use"],
            json!({"opportunities": 1})
        );
        app.patch("admin", &format!("{path}/{proposal}"), json!({"category": "void", "probability": 0}))
            .await
            .refused(409, "in_use");
        let won = stage_id(&pipeline, "Won");
        app.delete("admin", &format!("{path}/{proposal}?replacement={won}")).await.refused(422, "validation_failed");
        app.delete("admin", &format!("{path}/{proposal}?replacement={negotiation}")).await.expect(204);
        let id = deal["id"].as_str().unwrap();
        let deal = app.get("admin", &format!("/opportunities/{id}")).await.expect(200);
        assert_eq!(
            (&deal["stage"]["id"], &deal["probability"], &deal["version"]),
            (&json!(negotiation), &json!(80), &json!(2))
        );
        let history = app.get("admin", &format!("/opportunities/{id}/history")).await.expect(200);
        assert_eq!(history["data"][0]["action"], "move");
    })
    .await;
}

#[actix_web::test]
async fn a_pipeline_in_use_needs_a_place_for_each_deal() {
    TestApp::each(async |app| {
        let old = sales_pipeline(app).await;
        let new = app.post("admin", "/pipelines", json!({"names": {"en": "New"}})).await.expect(201);
        let from = stage_id(&old, "Discovery");
        let deal = deal(app, &customer(app).await, &from).await;
        let path = format!("/pipelines/{}", old["id"].as_str().unwrap());
        let refused = app.delete("admin", &path).await.refused(409, "in_use");
        assert_eq!((&refused["in_use"], &refused["stages"][&from]), (&json!({"opportunities": 1}), &json!(1)));
        let path = format!("{path}?replacement={}", new["id"].as_str().unwrap());
        assert_eq!(app.delete("admin", &path).await.errors(), [("stages".to_owned(), "required".to_owned())]);
        for nonsense in ["x", &format!("{from}:{from}"), &format!("{from}:{}", stage_id(&new, "Won"))] {
            assert_eq!(
                app.delete("admin", &format!("{path}&stages={nonsense}")).await.errors(),
                [("stages".to_owned(), "invalid_value".to_owned())]
            );
        }
        let to = stage_id(&new, "Contacted");
        app.delete("admin", &format!("{path}&stages={from}:{to}")).await.expect(204);
        let deal = app.get("admin", &format!("/opportunities/{}", deal["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(
            (&deal["pipeline_id"], &deal["stage"]["id"], &deal["probability"]),
            (&new["id"], &json!(to), &json!(10))
        );
        assert_eq!(sales_pipeline(app).await["is_default"], true);
    })
    .await;
}

#[actix_web::test]
async fn what_was_deleted_does_not_come_back_with_a_restart() {
    TestApp::each(async |app| {
        app.delete("admin", "/sources/walk_in").await.expect(204);
        app.app.bootstrap().await.expect("bootstrap");
        assert_eq!(keys(app.get("admin", "/sources").await).len(), 11);
    })
    .await;
}
