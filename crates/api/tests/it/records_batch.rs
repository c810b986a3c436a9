//! Many operations in one request, and upserts by the ids of other systems.

use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::records_given::{TYPES, id};

fn statuses(answer: &Value) -> Vec<i64> {
    answer["results"].as_array().unwrap().iter().map(|result| result["status"].as_i64().unwrap()).collect()
}

#[actix_web::test]
async fn each_operation_stands_for_itself() {
    TestApp::each(async |app| {
        for plural in TYPES {
            let known = app.make_any("sales", plural, "Known").await;
            let gone = app.make_any("sales", plural, "Gone").await;
            let (fine, mut wrong) = (app.any("sales", plural, "New").await, app.any("sales", plural, "Wrong").await);
            wrong["colour"] = json!("red");
            let operations = json!([
                {"action": "create", "data": fine},
                {"action": "create", "data": wrong},
                {"action": "update", "id": known["id"], "version": 9, "data": {"tags": ["x"]}},
                {"action": "update", "id": known["id"], "version": 1, "data": {"tags": ["x"]}},
                {"action": "delete", "id": gone["id"]},
                {"action": "update", "id": gone["id"], "data": {"tags": ["x"]}},
                {"action": "update", "data": {}},
            ]);
            let answer = app
                .post("sales", &format!("/{plural}/batch"), json!({"atomic": false, "operations": operations}))
                .await
                .expect(200);
            assert_eq!(statuses(&answer), [201, 422, 412, 200, 204, 404, 422], "{plural}");
            let results = answer["results"].as_array().unwrap();
            assert_eq!((&results[3]["version"], &results[3]["index"]), (&json!(2), &json!(3)));
            assert_eq!(results[1]["problem"]["errors"][0]["pointer"], "/data/colour");
            assert_eq!(results[2]["problem"]["code"], "version_conflict");
            let made = app.get("sales", &format!("/{plural}/{}", results[0]["id"].as_str().unwrap())).await.expect(200);
            assert_eq!(made["version"], 1);
            app.get("sales", &format!("/{plural}/{}/history", id(&known))).await.expect(200);
        }
    })
    .await;
}

#[actix_web::test]
async fn all_or_nothing() {
    TestApp::each(async |app| {
        for plural in TYPES {
            let known = app.make_any("sales", plural, "Known").await;
            let (first, second) = (app.any("sales", plural, "One").await, app.any("sales", plural, "Two").await);
            let before = app.total("sales", &format!("/{plural}")).await;
            let operations = json!([
                {"action": "create", "data": first},
                {"action": "update", "id": known["id"], "data": {"tags": ["x"]}},
                {"action": "update", "id": known["id"], "version": 1, "data": {"tags": ["y"]}},
            ]);
            let path = format!("/{plural}/batch");
            let problem = app.post("sales", &path, json!({"atomic": true, "operations": operations})).await.refused(412, "version_conflict");
            assert_eq!(problem["index"], 2);
            assert_eq!(app.total("sales", &format!("/{plural}")).await, before);
            assert_eq!(app.get("sales", &format!("/{plural}/{}", id(&known))).await.expect(200)["version"], 1);
            let operations = json!([{"action": "create", "data": second}, {"action": "update", "id": known["id"], "data": {"tags": ["x"]}}]);
            let done = app.post("sales", &path, json!({"atomic": true, "operations": operations})).await.expect(200);
            assert_eq!(statuses(&done), [201, 200]);
            assert_eq!(app.total("sales", &format!("/{plural}")).await, before + 1);
        }
    })
    .await;
}

#[actix_web::test]
async fn a_batch_has_a_size() {
    TestApp::each(async |app| {
        let many =
            |count: usize| json!({"operations": vec![json!({"action": "create", "data": {"name": "x"}}); count]});
        app.post("sales", "/customers/batch", many(0)).await.refused(422, "validation_failed");
        app.post("sales", "/customers/batch", many(201)).await.refused(422, "validation_failed");
        app.post("sales", "/customers/batch", json!({"operations": [{"action": "burn"}]}))
            .await
            .refused(422, "validation_failed");
        assert_eq!(app.total("sales", "/customers").await, 0);
        app.post("sales", "/customers/batch", many(200)).await.expect(200);
        assert_eq!(app.total("sales", "/customers").await, 200);
    })
    .await;
}

#[actix_web::test]
async fn the_same_upsert_twice_changes_nothing() {
    TestApp::each(async |app| {
        for plural in TYPES {
            let data = app.any("sales", plural, "Same").await;
            let body = json!({"operations": [{"action": "upsert", "external_id": {"system": "erp", "external_id": "1"}, "data": data}]});
            let path = format!("/{plural}/batch");
            let first = app.post("sales", &path, body.clone()).await.expect(200);
            let again = app.post("sales", &path, body).await.expect(200);
            let (first, again) = (&first["results"][0], &again["results"][0]);
            assert_eq!((&first["status"], &again["status"]), (&json!(201), &json!(200)));
            assert_eq!((&again["id"], &again["version"]), (&first["id"], &json!(1)), "{plural}");
            let put = app.put("sales", &format!("/{plural}/by/erp/1"), data.clone()).await;
            assert_eq!((put.status, &put.body["version"], put.header("etag")), (200, &json!(1), "\"1\""));
            let changed = app.put("sales", &format!("/{plural}/by/erp/1"), json!({"tags": ["new"]})).await.expect(200);
            assert_eq!((&changed["version"], &changed["tags"], &changed["name"]), (&json!(2), &json!(["new"]), &json!("Same")));
            let made = app.put("sales", &format!("/{plural}/by/erp/2"), data).await;
            assert_eq!(made.status, 201, "{}", made.text);
            assert_eq!(made.body["external_ids"], json!([{"system": "erp", "external_id": "2"}]));
            let history = app.get("sales", &format!("/{plural}/{}/history", first["id"].as_str().unwrap())).await.expect(200);
            assert_eq!(history["data"].as_array().unwrap().len(), 2);
        }
    })
    .await;
}

#[actix_web::test]
async fn upserts_of_one_record_at_once_make_one() {
    TestApp::each(async |app| {
        let puts = (0..8).map(|n| {
            let body = json!({"name": format!("Name {n}")});
            async move { app.put("sales", "/customers/by/erp/1", body).await }
        });
        let answers = futures_util::future::join_all(puts.collect::<Vec<_>>()).await;
        let made = answers.iter().filter(|answer| answer.status == 201).count();
        assert_eq!(made, 1, "{:?}", answers.iter().map(|answer| (answer.status, &answer.text)).collect::<Vec<_>>());
        assert!(
            answers.iter().all(|answer| matches!(answer.status, 200 | 201)),
            "{:?}",
            answers.iter().map(|answer| (answer.status, &answer.body["code"])).collect::<Vec<_>>()
        );
        assert_eq!(app.total("sales", "/customers").await, 1);
    })
    .await;
}

#[actix_web::test]
async fn what_was_deleted_returns_in_one_request_each_as_far_as_one_may() {
    TestApp::each(async |app| {
        for plural in TYPES {
            let (mine, theirs) =
                (app.make_any("sales", plural, "Mine").await, app.make_any("sales2", plural, "Theirs").await);
            let kept = app.make_any("sales", plural, "Kept").await;
            app.delete("sales", &format!("/{plural}/{}", id(&mine))).await.expect(204);
            app.delete("sales2", &format!("/{plural}/{}", id(&theirs))).await.expect(204);
            let restore = |record: &Value| json!({"action": "restore", "id": record["id"]});
            let stale = json!({"action": "restore", "id": mine["id"], "version": 1});
            let operations = json!([stale, restore(&mine), restore(&kept), restore(&theirs), {"action": "restore"}]);
            let path = format!("/{plural}/batch");
            let answer = app.post("sales", &path, json!({"operations": operations})).await.expect(200);
            assert_eq!(statuses(&answer), [412, 200, 200, 404, 422], "{plural}");
            assert_eq!(
                (&answer["results"][1]["version"], &answer["results"][2]["version"]),
                (&json!(3), &json!(1)),
                "what is not in the trash stays as it is"
            );
            assert_eq!(
                app.get("sales", &format!("/{plural}/{}", id(&mine))).await.expect(200)["deleted_at"],
                Value::Null
            );
            let one = json!({"operations": [restore(&theirs)]});
            let looked = app.post("viewer", &path, one).await.expect(200);
            assert_eq!(statuses(&looked), [403], "{plural}");
        }
    })
    .await;
}
