//! Who sees and changes what: the same answer by every way there is.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::records_given::{TYPES, id, names};

/// One record of each type for sales (North 1), sales2 (South) and manager (North).
async fn records(app: &TestApp, plural: &str) -> [Value; 3] {
    let of = async |who: &str| {
        let mut body = app.any(who, plural, &format!("{who} {plural}")).await;
        body["external_ids"] = json!([{"system": "erp", "external_id": format!("{who}-{plural}")}]);
        app.make(who, plural, body).await
    };
    [of("sales").await, of("sales2").await, of("manager").await]
}

async fn seen(app: &TestApp, who: &str, plural: &str) -> Vec<String> {
    let mut found = names(&app.get(who, &format!("/{plural}")).await.expect(200));
    found.retain(|name| !name.starts_with("Customer of"));
    found.sort();
    found.into_iter().map(|name| name.split(' ').next().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn sales_sees_its_own_the_manager_the_teams_the_admin_all() {
    TestApp::each(async |app| {
        for plural in TYPES {
            records(app, plural).await;
            for (who, whose) in [
                ("sales", vec!["sales"]),
                ("sales2", vec!["sales2"]),
                ("manager", vec!["manager", "sales"]),
                ("admin", vec!["manager", "sales", "sales2"]),
            ] {
                assert_eq!(seen(app, who, plural).await, whose, "{who} {plural}");
                let total = if plural == "customers" {
                    app.total(who, "/customers?filter=name%20!~%20%22Customer%20of%22").await
                } else {
                    app.total(who, &format!("/{plural}")).await
                };
                assert_eq!(total, whose.len() as i64, "count for {who} {plural}");
                let searched =
                    app.post(who, &format!("/{plural}/search"), json!({"q": plural, "limit": 200})).await.expect(200);
                assert_eq!(
                    names(&searched).iter().filter(|name| !name.starts_with("Customer of")).count(),
                    whose.len(),
                    "search for {who}"
                );
            }
        }
    })
    .await;
}

#[actix_web::test]
async fn a_hidden_record_does_not_exist_by_any_way() {
    TestApp::each(async |app| {
        for plural in TYPES {
            let [_, theirs, _] = records(app, plural).await;
            let place = format!("/{plural}/{}", id(&theirs));
            let sales = app.id("sales").await;
            for (method, path, body) in [
                (Method::GET, place.clone(), None),
                (Method::GET, format!("{place}/history"), None),
                (Method::GET, format!("/{plural}/by/erp/sales2-{plural}"), None),
                (Method::PATCH, place.clone(), Some(json!({"tags": ["stolen"]}))),
                (Method::DELETE, place.clone(), None),
                (Method::POST, format!("{place}/restore"), Some(json!({}))),
                (Method::POST, format!("{place}/transfer"), Some(json!({"owner_id": sales}))),
            ] {
                app.send("sales", method.clone(), &path, body).await.refused(404, "not_found");
            }
            let upsert = app.put("sales", &format!("/{plural}/by/erp/sales2-{plural}"), json!({"tags": ["stolen"]})).await;
            assert!(matches!(upsert.status, 404 | 409), "{}", upsert.text);
            let operations = json!([{"action": "update", "id": theirs["id"], "data": {"tags": ["stolen"]}}, {"action": "delete", "id": theirs["id"]}]);
            let batch = app.post("sales", &format!("/{plural}/batch"), json!({"operations": operations})).await.expect(200);
            assert_eq!((&batch["results"][0]["status"], &batch["results"][1]["status"]), (&json!(404), &json!(404)));
            let filtered = app.get("sales", &format!("/{plural}?id={}", id(&theirs))).await.expect(200);
            assert_eq!(filtered["data"], json!([]));
            let still = app.get("sales2", &place).await.expect(200);
            assert_eq!(still, theirs, "nothing changed");
        }
    })
    .await;
}

#[actix_web::test]
async fn counts_sums_boards_and_search_leave_hidden_records_out() {
    TestApp::each(async |app| {
        for who in ["sales", "sales2"] {
            let mut body = app.any(who, "opportunities", "九齿钉耙").await;
            body["amount"] = json!({"amount": "100.00", "currency": "CNY"});
            app.make(who, "opportunities", body).await;
        }
        for (who, count, sum) in [("sales", 1, "100.00"), ("manager", 1, "100.00"), ("admin", 2, "200.00")] {
            let summary = app.get(who, "/opportunities/summary?group_by=category&sum=amount").await.expect(200);
            assert_eq!(
                (&summary["data"][0]["count"], &summary["data"][0]["sums"][0]["amount"]),
                (&json!(count), &json!(sum)),
                "{who}"
            );
            let board = app.get(who, "/opportunities/board").await.expect(200);
            let column = &board["data"][0];
            assert_eq!(
                (&column["count"], &column["sums"][0]["amount"], column["records"].as_array().unwrap().len() as i64),
                (&json!(count), &json!(sum), count),
                "{who}"
            );
            let found = app.get(who, "/search?q=%E9%92%89%E8%80%99&types=opportunities").await.expect(200);
            assert_eq!(found["data"].as_array().unwrap().len() as i64, count, "{who}");
        }
    })
    .await;
}

#[actix_web::test]
async fn a_filter_through_a_reference_tells_nothing_about_hidden_records() {
    TestApp::each(async |app| {
        let theirs = app.make("sales2", "customers", json!({"name": "Secret", "industry": "mining"})).await;
        let deal =
            app.make("sales2", "opportunities", json!({"name": "visible deal", "customer_id": theirs["id"]})).await;
        app.post(
            "admin",
            &format!("/opportunities/{}/transfer", id(&deal)),
            json!({"owner_id": app.id("sales").await}),
        )
        .await
        .expect(200);
        assert_eq!(app.total("admin", "/opportunities?filter=customer.industry%20%3D%20%22mining%22").await, 1);
        assert_eq!(app.total("sales", "/opportunities").await, 1);
        assert_eq!(app.total("sales", "/opportunities?filter=customer.industry%20%3D%20%22mining%22").await, 0);
        let included = app.get("sales", "/opportunities?include=customer").await.expect(200);
        assert!(included["included"]["customers"].as_object().is_none_or(serde_json::Map::is_empty), "{included}");
        assert!(!included["included"].to_string().contains("mining"));
    })
    .await;
}

#[actix_web::test]
async fn a_filter_through_an_owner_tells_no_more_than_the_directory() {
    TestApp::each(async |app| {
        for field in ["owner.email", "owner.password_hash", "owner.manager_id", "created_by.email", "owner.created_at"]
        {
            let filter = format!("/leads?filter={field} IS NOT NULL").replace(' ', "%20");
            app.get("viewer", &filter).await.refused(400, "unknown_field");
        }
        app.get("viewer", "/leads?filter=owner.is_active%20=%20true").await.expect(200);
    })
    .await;
}

#[actix_web::test]
async fn references_to_hidden_records_are_refused() {
    TestApp::each(async |app| {
        let theirs = app.make("sales2", "customers", json!({"name": "Secret"})).await;
        let person = app.make("sales2", "contacts", json!({"given_name": "Secret"})).await;
        let mine = app.make("sales", "customers", json!({"name": "Mine"})).await;
        let deal = app.post("sales", "/opportunities", json!({"name": "x", "customer_id": theirs["id"]})).await;
        assert_eq!(deal.errors(), [("/customer_id".to_owned(), "not_found".to_owned())], "{}", deal.text);
        let link = app
            .post("sales", "/contacts", json!({"given_name": "x", "customers": [{"customer_id": theirs["id"]}]}))
            .await;
        assert_eq!(link.errors(), [("/customers/0/customer_id".to_owned(), "not_found".to_owned())], "{}", link.text);
        let parent = app.patch("sales", &format!("/customers/{}", id(&mine)), json!({"parent_id": theirs["id"]})).await;
        assert_eq!(parent.errors(), [("/parent_id".to_owned(), "not_found".to_owned())], "{}", parent.text);
        let boss = app.post("sales", "/contacts", json!({"given_name": "x", "reports_to_id": person["id"]})).await;
        assert_eq!(boss.errors(), [("/reports_to_id".to_owned(), "not_found".to_owned())], "{}", boss.text);
        assert_eq!((app.total("sales", "/opportunities").await, app.total("sales", "/contacts").await), (0, 0));
    })
    .await;
}

#[actix_web::test]
async fn a_record_goes_to_colleagues_and_is_gone_for_the_giver() {
    TestApp::each(async |app| {
        let (manager, sales2) = (app.id("manager").await, app.id("sales2").await);
        for plural in TYPES {
            let record = app.make_any("sales", plural, "mine").await;
            let place = format!("/{plural}/{}", id(&record));
            app.post("sales", &format!("{place}/transfer"), json!({"owner_id": sales2}))
                .await
                .refused(403, "forbidden");
            app.patch("sales", &place, json!({"owner_id": sales2})).await.refused(403, "forbidden");
            let mut for_others = app.any("sales", plural, "theirs").await;
            for_others["owner_id"] = json!(sales2);
            app.post("sales", &format!("/{plural}"), for_others).await.refused(403, "forbidden");
            assert_eq!(app.get("sales", &place).await.expect(200)["version"], 1);
            let given =
                app.post("manager", &format!("{place}/transfer"), json!({"owner_id": manager})).await.expect(200);
            assert_eq!(
                (&given["owner_id"], &given["owner"]["name"], &given["version"]),
                (&json!(manager), &json!("曼丽"), &json!(2))
            );
            app.get("sales", &place).await.refused(404, "not_found");
            let nobody = app.post("admin", &format!("{place}/transfer"), json!({"owner_id": uuid::Uuid::nil()})).await;
            assert_eq!(nobody.errors(), [("/owner_id".to_owned(), "not_found".to_owned())]);
            let history = app.get("manager", &format!("{place}/history")).await.expect(200);
            assert_eq!(
                (&history["data"][0]["action"], &history["data"][0]["actor"]["name"]),
                (&json!("transfer"), &json!("曼丽"))
            );
        }
    })
    .await;
}

#[actix_web::test]
async fn who_may_only_look_changes_nothing() {
    TestApp::each(async |app| {
        for plural in TYPES {
            let record = app.make_any("sales", plural, "mine").await;
            let place = format!("/{plural}/{}", id(&record));
            assert_eq!(
                app.get("viewer", &place).await.expect(200)["can"],
                json!({"edit": false, "delete": false, "assign": false, "convert": false,
                    "claim": false, "release": false, "allot": false, "lock": false})
            );
            app.patch("viewer", &place, json!({"tags": ["x"]})).await.refused(403, "forbidden");
            app.delete("viewer", &place).await.refused(403, "forbidden");
            app.post("viewer", &format!("{place}/transfer"), json!({"owner_id": app.id("viewer").await}))
                .await
                .refused(403, "forbidden");
            let body = if plural == "opportunities" {
                json!({"name": "x", "customer_id": record["customer_id"]})
            } else {
                app.any("sales", plural, "x").await
            };
            app.post("viewer", &format!("/{plural}"), body).await.refused(403, "forbidden");
            assert_eq!(app.get("sales", &place).await.expect(200), record);
            assert_eq!(app.get("sales", "/trash").await.expect(200)["data"], json!([]));
        }
    })
    .await;
}

#[actix_web::test]
async fn a_new_team_takes_ones_records_along() {
    TestApp::each(async |app| {
        let record = app.make_any("sales2", "leads", "mine").await;
        app.get("manager", &format!("/leads/{}", id(&record))).await.refused(404, "not_found");
        let north = app.get("manager", "/me").await.expect(200)["team_id"].clone();
        app.patch("admin", &format!("/users/{}", app.id("sales2").await), json!({"team_id": north})).await.expect(200);
        let found = app.get("manager", &format!("/leads/{}", id(&record))).await.expect(200);
        assert_eq!(found["team_id"], north);
        assert_eq!(app.total("sales2", "/leads").await, 1);
    })
    .await;
}
