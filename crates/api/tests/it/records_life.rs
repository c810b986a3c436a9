//! The life of a record of every type: made, read, changed, deleted, restored, looked back upon.

use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::records_given::{TYPES, id};

/// Everything that can be written of a record, but for what refers to others.
fn full(plural: &str) -> Value {
    match plural {
        "customers" => {
            json!({"name": "花果山", "kind": "company", "relation": "partner", "level": "B", "industry": "旅游", "employees": 72,
            "annual_revenue": {"amount": "1280.50", "currency": "CNY"}, "website": "https://hgs.example/", "tax_id": "91310000X", "phone": "021-5888 1234",
            "email": "info@hgs.example", "address": {"country": "CN", "region": "江苏", "city": "连云港", "district": "海州", "line": "水帘洞 1", "postcode": "222000"},
            "description": "第一行\n第二行"})
        }
        "contacts" => {
            json!({"family_name": "孙", "given_name": "悟空", "salutation": "先生", "job_title": "大圣", "department": "天庭", "decision_role": "decision_maker",
            "emails": [{"kind": "work", "value": "wukong@hgs.example", "primary": true, "opted_out": false, "invalid": false}],
            "phones": [{"kind": "mobile", "value": "138 1234 5678", "primary": true}], "wechat": "dasheng", "birthday": {"month": 2, "day": 29, "year": null},
            "preferred_channel": "wechat", "preferred_language": "zh-CN", "time_zone": "Asia/Shanghai", "do_not_call": true, "do_not_email": false, "notes": "爱吃桃"})
        }
        "leads" => {
            json!({"family_name": "沙", "given_name": "悟净", "company_name": "流沙河", "title": "将军", "email": "sha@river.example", "phone": "+86 138 1234 5678",
            "website": "https://river.example/", "industry": "航运", "employees": 3, "region": "青海", "city": "西宁", "address_line": "河边 1",
            "estimated_amount": {"amount": "99.90", "currency": "USD"}, "interest": "渡船", "source_detail": "展台", "rating": "hot",
            "utm": {"source": "wx", "medium": "qr", "campaign": "c", "term": "t", "content": "x"}})
        }
        "activities" => {
            json!({"kind": "call", "name": "借芭蕉扇", "body": "**铁扇公主** 不肯借", "direction": "outbound", "outcome": "not_interested",
            "status": "done", "priority": "high", "happened_at": "2026-11-20T08:00:00Z", "due_at": "2026-11-19T08:00:00Z", "duration_minutes": 12,
            "about": [], "participants": [], "repeat": null})
        }
        _ => {
            json!({"name": "取经", "amount": {"amount": "1000", "currency": "JPY"}, "probability": 35, "expected_close_on": "2027-01-31", "forecast_category": "commit",
            "competitor": "牛魔王", "next_step": "借扇", "description": "十四年", "engaged_on": "2026-01-01"})
        }
    }
}

/// A field of each type that may be empty, with another value for it.
fn optional(plural: &str) -> (&'static str, Value) {
    match plural {
        "customers" => ("industry", json!("餐饮")),
        "contacts" => ("job_title", json!("弼马温")),
        "leads" => ("city", json!("格尔木")),
        "activities" => ("body", json!("再去一次")),
        _ => ("next_step", json!("还扇")),
    }
}

async fn make_full(app: &TestApp, plural: &str) -> (Value, Value) {
    let mut body = full(plural);
    body["tags"] = json!(["vip", "西游"]);
    body["source"] = json!("event");
    body["external_ids"] = json!([{"system": "erp", "external_id": "1"}]);
    if plural == "opportunities" {
        body["customer_id"] = app.make("sales", "customers", json!({"name": "Customer"})).await["id"].clone();
    }
    let made = app.make("sales", plural, body.clone()).await;
    (body, made)
}

#[actix_web::test]
async fn what_is_written_is_read() {
    TestApp::each(async |app| {
        for plural in TYPES {
            let (body, made) = make_full(app, plural).await;
            let read = app.get("sales", &format!("/{plural}/{}", id(&made))).await.expect(200);
            assert_eq!(read, made, "{plural}");
            for (field, value) in body.as_object().unwrap() {
                let same = match (&read[field], value) {
                    (Value::Array(is), Value::Array(was)) if is.len() == was.len() => {
                        is.iter().zip(was).all(|(is, was)| {
                            was.as_object().is_none_or(|was| was.iter().all(|(name, value)| is[name] == *value))
                        })
                    }
                    (is, was) => is == was,
                };
                assert!(same, "{plural} {field}: {} for {value}", read[field]);
            }
            assert_eq!(
                (&read["version"], &read["owner"]["name"], &read["created_by"], &read["deleted_at"]),
                (&json!(1), &json!("孙悟空"), &read["owner_id"], &Value::Null)
            );
            assert!(read["number"].as_i64().unwrap() > 0);
        }
    })
    .await;
}

#[actix_web::test]
async fn a_patch_changes_clears_and_leaves_alone() {
    TestApp::each(async |app| {
        for plural in TYPES {
            let (_, made) = make_full(app, plural).await;
            let (place, (field, other)) = (format!("/{plural}/{}", id(&made)), optional(plural));
            let changed = app.patch("sales", &place, json!({field: other})).await.expect(200);
            assert_eq!((&changed[field], &changed["version"], &changed["tags"]), (&other, &json!(2), &made["tags"]));
            let cleared = app.patch("sales", &place, json!({field: null, "tags": null})).await.expect(200);
            assert_eq!(
                (&cleared[field], &cleared["tags"], &cleared["source"]),
                (&Value::Null, &json!([]), &json!("event"))
            );
            let mut rest = (made.clone(), cleared.clone());
            for record in [&mut rest.0, &mut rest.1] {
                for gone in [field, "tags", "version", "updated_at"] {
                    record.as_object_mut().unwrap().remove(gone);
                }
            }
            assert_eq!(rest.0, rest.1, "{plural}");
        }
        let customer = app.make("sales", "customers", full("customers")).await;
        let nested = app
            .patch(
                "sales",
                &format!("/customers/{}", id(&customer)),
                json!({"address": {"city": null, "line": "东海 2"}}),
            )
            .await
            .expect(200);
        assert_eq!(
            (&nested["address"]["city"], &nested["address"]["line"], &nested["address"]["region"]),
            (&Value::Null, &json!("东海 2"), &json!("江苏"))
        );
    })
    .await;
}

#[actix_web::test]
async fn unknown_and_read_only_fields_are_refused_with_their_place() {
    TestApp::each(async |app| {
        for plural in TYPES {
            let record = app.make_any("sales", plural, "Strict").await;
            let place = format!("/{plural}/{}", id(&record));
            for (field, value) in [
                ("colour", json!("red")),
                ("version", json!(7)),
                ("number", json!(1)),
                ("created_at", json!("2026-01-01T00:00:00Z")),
                ("deleted_at", Value::Null),
                ("moon", Value::Null),
                ("id", record["id"].clone()),
            ] {
                let answer = app.patch("sales", &place, json!({field: value, "tags": ["x"]})).await;
                assert_eq!(
                    (answer.status, answer.errors()),
                    (422, vec![(format!("/{field}"), "unknown_field".to_owned())]),
                    "{plural} {}",
                    answer.text
                );
            }
            let mut body = app.any("sales", plural, "Strict").await;
            body["colour"] = json!("red");
            let answer = app.post("sales", &format!("/{plural}"), body).await;
            assert_eq!(
                (answer.status, answer.errors()),
                (422, vec![("/colour".to_owned(), "unknown_field".to_owned())])
            );
            let source = app.patch("sales", &place, json!({"source": "moon"})).await;
            assert_eq!(source.errors(), [("/source".to_owned(), "not_found".to_owned())]);
            for body in [json!([]), json!("text"), json!(7), Value::Null] {
                let answer = app.patch("sales", &place, body).await;
                assert!(matches!(answer.status, 400 | 422), "{}", answer.text);
            }
            assert_eq!(app.get("sales", &place).await.expect(200)["version"], 1);
        }
    })
    .await;
}

#[actix_web::test]
async fn an_id_of_ones_own_is_kept_and_taken_once() {
    TestApp::each(async |app| {
        for (n, plural) in TYPES.into_iter().enumerate() {
            let mut body = app.any("sales", plural, "Offline").await;
            let own = uuid::Uuid::from_u128(0x0193_6f1e_7a54_7c1b_9a52_3f1f_6f0a_1b2c + n as u128);
            body["id"] = json!(own);
            assert_eq!(app.make("sales", plural, body.clone()).await["id"], json!(own));
            // Nor does a record of another type take it, even from the trash: each keeps what it is found by.
            for trashed in [false, true] {
                for other in TYPES {
                    let mut body = app.any("sales", other, "Offline").await;
                    body["id"] = json!(own);
                    let refused = app.post("sales", &format!("/{other}"), body).await;
                    assert_eq!(refused.errors(), [("/id".to_owned(), "duplicate".to_owned())]);
                    refused.refused(409, "duplicate");
                }
                if !trashed {
                    let found = app.get("sales", &format!("/{plural}?q=Offline")).await.expect(200);
                    assert!(crate::records_given::ids(&found).contains(&own.to_string()));
                    assert_eq!(app.delete("sales", &format!("/{plural}/{own}")).await.status, 204);
                }
            }
            app.post("sales2", &format!("/{plural}"), json!({"id": "7"})).await.refused(422, "validation_failed");
        }
    })
    .await;
}

#[actix_web::test]
async fn an_external_id_belongs_to_one_record() {
    TestApp::each(async |app| {
        for plural in TYPES {
            let known = json!([{"system": "erp", "external_id": "C-1"}]);
            let mut body = app.any("sales", plural, "First").await;
            body["external_ids"] = known.clone();
            let first = app.make("sales", plural, body).await;
            let mut second = app.any("sales", plural, "Second").await;
            second["external_ids"] = known.clone();
            app.post("sales", &format!("/{plural}"), second).await.refused(409, "duplicate");
            let found = app.get("sales", &format!("/{plural}/by/erp/C-1")).await.expect(200);
            assert_eq!(found["id"], first["id"]);
            app.get("sales", &format!("/{plural}/by/crm/C-1")).await.refused(404, "not_found");
        }
    })
    .await;
}

#[actix_web::test]
async fn deleted_records_lie_in_the_trash_until_restored() {
    TestApp::each(async |app| {
        for plural in TYPES {
            let record = app.make_any("sales", plural, "Gone").await;
            let place = format!("/{plural}/{}", id(&record));
            let before = app.total("sales", &format!("/{plural}")).await;
            let deleted = app.delete("sales", &place).await;
            assert_eq!((deleted.status, deleted.text.as_str()), (204, ""));
            assert_eq!(app.total("sales", &format!("/{plural}")).await, before - 1);
            app.patch("sales", &place, json!({"tags": ["x"]})).await.refused(404, "not_found");
            app.delete("sales", &place).await.refused(404, "not_found");
            let trash = app.get("sales", &format!("/trash?types={plural}")).await.expect(200);
            let row = &trash["data"][0];
            assert_eq!(
                (&row["id"], &row["name"], &row["deleted_by"]["name"]),
                (&record["id"], &json!("Gone"), &json!("孙悟空"))
            );
            assert_eq!(app.get("sales2", &format!("/trash?types={plural}")).await.expect(200)["data"], json!([]));
            let hits = app.get("sales", &format!("/search?q=Gone&types={plural}")).await.expect(200);
            assert_eq!(hits["data"], json!([]));
            let back = app.post("sales", &format!("{place}/restore"), json!({})).await.expect(200);
            assert_eq!((&back["version"], &back["deleted_at"]), (&json!(3), &Value::Null));
            assert_eq!(app.get("sales", &format!("/trash?types={plural}")).await.expect(200)["data"], json!([]));
            assert_eq!(app.total("sales", &format!("/{plural}")).await, before);
            let hits = app.get("sales", &format!("/search?q=Gone&types={plural}")).await.expect(200);
            assert_eq!(hits["data"][0]["id"], record["id"], "found again");
            let again = app.post("sales", &format!("{place}/restore"), json!({})).await.expect(200);
            assert_eq!(again["version"], 3);
        }
        app.get("sales", "/trash?types=users").await.refused(400, "parameter_invalid");
    })
    .await;
}

#[actix_web::test]
async fn what_others_depend_on_stays() {
    TestApp::each(async |app| {
        let customer = app.make("sales", "customers", json!({"name": "Parent"})).await;
        let contact = app
            .make(
                "sales",
                "contacts",
                json!({"given_name": "x", "customers": [{"customer_id": customer["id"], "primary": true}]}),
            )
            .await;
        let deal = app
            .make(
                "sales",
                "opportunities",
                json!({"name": "x", "customer_id": customer["id"], "primary_contact_id": contact["id"]}),
            )
            .await;
        app.make("sales", "customers", json!({"name": "Child", "parent_id": customer["id"]})).await;
        let place = format!("/customers/{}", id(&customer));
        let problem = app.delete("sales", &place).await.refused(409, "has_dependants");
        assert_eq!(problem["dependants"], json!({"contacts": 1, "opportunities": 1, "customers": 1}));
        app.delete("sales", &format!("/contacts/{}", id(&contact))).await.refused(409, "has_dependants");
        app.delete("sales", &format!("/opportunities/{}", id(&deal))).await.expect(204);
        app.delete("sales", &format!("/contacts/{}", id(&contact))).await.expect(204);
        let problem = app.delete("sales", &place).await.refused(409, "has_dependants");
        assert_eq!(problem["dependants"], json!({"customers": 1}));
    })
    .await;
}

#[actix_web::test]
async fn history_tells_every_change() {
    TestApp::each(async |app| {
        for plural in TYPES {
            let record = app.make_any("sales", plural, "History").await;
            let (place, (field, value)) = (format!("/{plural}/{}", id(&record)), optional(plural));
            app.patch("manager", &place, json!({field: value})).await.expect(200);
            app.patch("manager", &place, json!({field: value})).await.expect(200);
            app.delete("sales", &place).await.expect(204);
            app.post("sales", &format!("{place}/restore"), json!({})).await.expect(200);
            let history = app.get("sales", &format!("{place}/history")).await.expect(200);
            let lines = history["data"].as_array().unwrap();
            let told: Vec<_> = lines
                .iter()
                .map(|line| (line["action"].as_str().unwrap(), line["version"].as_i64().unwrap()))
                .collect();
            assert_eq!(told, [("restore", 4), ("delete", 3), ("update", 2), ("create", 1)], "{plural}");
            assert_eq!(lines[2]["changes"], json!([{"field": field, "old": null, "new": value}]));
            assert_eq!((&lines[2]["actor"]["name"], &lines[2]["via"]), (&json!("曼丽"), &json!("session")));
            let first = app.get("sales", &format!("{place}/history?limit=3")).await.expect(200);
            let cursor = first["page"]["next_cursor"].as_str().unwrap();
            let rest = app.get("sales", &format!("{place}/history?limit=3&cursor={cursor}")).await.expect(200);
            assert_eq!((&rest["data"][0], &rest["page"]["has_more"]), (&lines[3], &json!(false)));
        }
    })
    .await;
}

#[actix_web::test]
async fn amounts_and_dates_have_limits() {
    TestApp::each(async |app| {
        let deal = app.deal("sales", "Limits").await;
        let place = format!("/opportunities/{}", id(&deal));
        for (amount, currency) in [
            ("1.001", "CNY"),
            ("1.5", "JPY"),
            ("10000000000000", "CNY"),
            ("1e3", "CNY"),
            ("", "CNY"),
            ("1", "XXX"),
            ("1", "cny"),
            ("NaN", "CNY"),
            ("01", "CNY"),
        ] {
            let answer = app.patch("sales", &place, json!({"amount": {"amount": amount, "currency": currency}})).await;
            assert_eq!(answer.status, 422, "{amount} {currency} {}", answer.text);
            assert!(answer.errors()[0].0.starts_with("/amount"), "{}", answer.text);
        }
        for date in ["2026-02-30", "2026-13-01", "2026-01-01T00:00:00Z", "26-01-01", "10000-01-01", "2026-1-1", ""] {
            let answer = app.patch("sales", &place, json!({"expected_close_on": date})).await;
            assert_eq!(
                (answer.status, answer.errors()[0].0.as_str()),
                (422, "/expected_close_on"),
                "{date} {}",
                answer.text
            );
        }
        for probability in [json!(-1), json!(101), json!(1.5), json!("50")] {
            let answer = app.patch("sales", &place, json!({"probability": probability})).await;
            assert_eq!((answer.status, answer.errors()[0].0.as_str()), (422, "/probability"), "{}", answer.text);
        }
        let most = app
            .patch(
                "sales",
                &place,
                json!({"amount": {"amount": "9999999999999.99", "currency": "CNY"}, "expected_close_on": "2028-02-29"}),
            )
            .await
            .expect(200);
        assert_eq!(
            (&most["amount"]["amount"], &most["expected_close_on"], &most["version"]),
            (&json!("9999999999999.99"), &json!("2028-02-29"), &json!(2))
        );
        for (plural, field, length) in
            [("customers", "name", 200), ("leads", "company_name", 200), ("contacts", "given_name", 100)]
        {
            let answer = app.post("sales", &format!("/{plural}"), json!({field: "好".repeat(length + 1)})).await;
            assert_eq!(answer.errors(), [(format!("/{field}"), "too_long".to_owned())], "{}", answer.text);
            app.make("sales", plural, json!({field: "好".repeat(length)})).await;
            let blank = app.post("sales", &format!("/{plural}"), json!({field: " \u{3000} "})).await;
            assert_eq!(blank.status, 422, "{}", blank.text);
        }
    })
    .await;
}
