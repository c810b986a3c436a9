//! A lead becomes a customer, a contact and an opportunity, once, and back again.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::records_given::{id, names};

fn wang() -> Value {
    json!({"family_name": "王", "given_name": "小明", "company_name": "上海明德精密机械有限公司", "title": "采购经理",
        "email": "wang@mingde.example", "phone": "138 1234 5678", "city": "上海", "source": "website", "tags": ["展会"],
        "estimated_amount": {"amount": "128000.00", "currency": "CNY"}})
}

fn all_new() -> Value {
    json!({"customer": {"mode": "create"}, "contact": {"mode": "create"}, "opportunity": {"mode": "create", "fields": {"name": "数控机床"}}})
}

async fn convert(app: &TestApp, who: &str, lead: &Value, body: Value) -> crate::harness::Answer {
    app.post(who, &format!("/leads/{}/conversion", id(lead)), body).await
}

async fn undo(app: &TestApp, who: &str, lead: &Value) -> crate::harness::Answer {
    app.post(who, &format!("/leads/{}/conversion/undo", id(lead)), json!({})).await
}

async fn counts(app: &TestApp) -> [i64; 3] {
    [
        app.total("admin", "/customers").await,
        app.total("admin", "/contacts").await,
        app.total("admin", "/opportunities").await,
    ]
}

fn reasons(problem: &Value) -> Vec<String> {
    problem["reasons"].as_array().unwrap().iter().map(|reason| reason["reason"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn a_lead_becomes_three_linked_records() {
    TestApp::each(async |app| {
        let lead = app.make("sales", "leads", wang()).await;
        let preview =
            app.post("sales", &format!("/leads/{}/conversion/preview", id(&lead)), json!({})).await.expect(200);
        assert_eq!(preview["proposed"]["customer"]["name"], "上海明德精密机械有限公司");
        assert_eq!(preview["proposed"]["contact"]["family_name"], "王");
        assert_eq!(
            (&preview["candidates"]["customers"], &preview["forbidden"], &preview["missing"]),
            (&json!([]), &json!([]), &json!([]))
        );
        assert_eq!(preview["carried_over"], json!({"tags": ["展会"], "source": "website"}));
        assert_eq!(counts(app).await, [0, 0, 0], "looking changes nothing");
        let made = convert(app, "sales", &lead, all_new()).await.expect(201);
        let (customer, contact, deal) = (&made["customer"], &made["contact"], &made["opportunity"]);
        assert_eq!((&customer["name"], &contact["customer_id"]), (&json!("上海明德精密机械有限公司"), &customer["id"]));
        assert_eq!(
            (&deal["name"], &deal["customer_id"], &deal["primary_contact_id"]),
            (&json!("数控机床"), &customer["id"], &contact["id"])
        );
        assert_eq!(deal["amount"], json!({"amount": "128000.00", "currency": "CNY"}));
        for record in [customer, contact, deal] {
            assert_eq!(
                (&record["origin_lead_id"], &record["source"], &record["tags"]),
                (&lead["id"], &json!("website"), &json!(["展会"]))
            );
            assert_eq!(record["owner_id"], lead["owner_id"]);
        }
        let conversion = &made["lead"]["conversion"];
        assert_eq!(
            (&conversion["customer_id"], &conversion["contact_id"], &conversion["opportunity_id"]),
            (&customer["id"], &contact["id"], &deal["id"])
        );
        let history = app.get("sales", &format!("/leads/{}/history", id(&lead))).await.expect(200);
        assert_eq!(history["data"][0]["action"], "convert");
    })
    .await;
}

#[actix_web::test]
async fn a_converted_lead_is_closed_but_for_tags_and_interest() {
    TestApp::each(async |app| {
        let lead = app.make("sales", "leads", wang()).await;
        convert(app, "sales", &lead, all_new()).await.expect(201);
        let place = format!("/leads/{}", id(&lead));
        for change in [json!({"title": "总监"}), json!({"status": "working"}), json!({"email": null})] {
            app.patch("sales", &place, change).await.refused(409, "lead_converted");
        }
        let changed = app.patch("sales", &place, json!({"tags": ["老客户"], "interest": "备件"})).await.expect(200);
        assert_eq!(
            (&changed["tags"], &changed["interest"], &changed["title"]),
            (&json!(["老客户"]), &json!("备件"), &json!("采购经理"))
        );
        assert_eq!(changed["status_category"], "converted");
        let other = app.make("sales", "leads", json!({"company_name": "Other"})).await;
        app.patch("sales", &format!("/leads/{}", id(&other)), json!({"status": "converted"}))
            .await
            .refused(422, "use_conversion");
    })
    .await;
}

#[actix_web::test]
async fn twenty_conversions_at_once_make_one() {
    TestApp::each(async |app| {
        let lead = app.make("sales", "leads", wang()).await;
        let tries = (0..20).map(|_| convert(app, "sales", &lead, all_new()));
        let answers = futures_util::future::join_all(tries).await;
        let (done, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
        assert_eq!((done.len(), refused.len()), (1, 19));
        let made = &done[0].body;
        for answer in refused {
            let problem = answer.refused(409, "already_converted");
            for part in ["customer", "contact", "opportunity"] {
                assert_eq!(problem["conversion"][format!("{part}_id")], made[part]["id"], "{part}");
            }
        }
        assert_eq!(counts(app).await, [1, 1, 1]);
    })
    .await;
}

#[actix_web::test]
async fn a_refused_conversion_changes_nothing() {
    TestApp::each(async |app| {
        let lead = app.make("sales", "leads", wang()).await;
        let wrong = json!({"customer": {"mode": "create"}, "contact": {"mode": "create"},
            "opportunity": {"mode": "create", "fields": {"amount": {"amount": "1.001", "currency": "CNY"}}}});
        let answer = convert(app, "sales", &lead, wrong).await;
        assert_eq!(answer.errors()[0].0, "/opportunity/fields/amount/amount", "{}", answer.text);
        answer.refused(422, "validation_failed");
        convert(app, "sales", &lead, json!({})).await.refused(422, "validation_failed");
        let orphan = convert(app, "sales", &lead, json!({"opportunity": {"mode": "create"}})).await;
        assert_eq!(orphan.errors(), [("/customer/mode".to_owned(), "required".to_owned())]);
        let unknown = convert(app, "sales", &lead, json!({"customer": {"mode": "link", "id": id(&lead)}})).await;
        assert_eq!(unknown.errors(), [("/customer/id".to_owned(), "not_found".to_owned())]);
        let stale = app
            .send_with(
                "sales",
                reqwest::Method::POST,
                &format!("/leads/{}/conversion", id(&lead)),
                &[("if-match", "\"7\"")],
                Some(all_new()),
            )
            .await;
        stale.refused(412, "version_conflict");
        convert(app, "sales2", &lead, all_new()).await.refused(404, "not_found");
        convert(app, "viewer", &lead, all_new()).await.refused(403, "forbidden");
        assert_eq!(counts(app).await, [0, 0, 0]);
        let still = app.get("sales", &format!("/leads/{}", id(&lead))).await.expect(200);
        assert_eq!(
            (&still["status"], &still["version"], &still["conversion"]),
            (&json!("new"), &json!(1), &Value::Null)
        );
        convert(app, "sales", &lead, all_new()).await.expect(201);
    })
    .await;
}

#[actix_web::test]
async fn duplicates_are_refused_unless_forced_for_a_reason() {
    TestApp::each(async |app| {
        let known = app.make("sales", "customers", json!({"name": "上海明德精密机械有限公司"})).await;
        let person = app.make("sales", "contacts", json!({"family_name": "王", "emails": [{"kind": "work", "value": "WANG@mingde.example", "primary": true}]})).await;
        let lead = app.make("sales", "leads", wang()).await;
        let problem = convert(app, "sales", &lead, all_new()).await.refused(409, "duplicate_candidates");
        assert_eq!(problem["candidates"]["customers"][0]["id"], known["id"]);
        assert_eq!(problem["candidates"]["contacts"][0]["matched"], json!(["email"]));
        assert_eq!(problem["candidates"]["contacts"][0]["id"], person["id"]);
        let mut forced = all_new();
        forced["on_duplicate"] = json!("force");
        let answer = convert(app, "sales", &lead, forced.clone()).await;
        assert_eq!(answer.errors(), [("/duplicate_reason".to_owned(), "required".to_owned())]);
        assert_eq!(counts(app).await, [1, 1, 0]);
        forced["duplicate_reason"] = json!("分公司");
        convert(app, "sales", &lead, forced).await.expect(201);
        assert_eq!(counts(app).await, [2, 2, 1]);
    })
    .await;
}

#[actix_web::test]
async fn a_duplicate_that_is_hidden_is_only_counted() {
    TestApp::each(async |app| {
        app.make("sales2", "customers", json!({"name": "上海明德精密机械有限公司"})).await;
        let lead = app.make("sales", "leads", wang()).await;
        let preview =
            app.post("sales", &format!("/leads/{}/conversion/preview", id(&lead)), json!({})).await.expect(200);
        assert_eq!((&preview["candidates"]["customers"], &preview["candidates"]["hidden"]), (&json!([]), &json!(1)));
    })
    .await;
}

#[actix_web::test]
async fn linking_fills_blanks_or_lets_the_lead_win() {
    TestApp::each(async |app| {
        for (fill, industry) in [("blank_only", "制造业"), ("lead_wins", "机械")] {
            let known = app.make("sales", "customers", json!({"name": "明德", "industry": "制造业"})).await;
            let mut lead = wang();
            lead["industry"] = json!("机械");
            let lead = app.make("sales", "leads", lead).await;
            let link = json!({"customer": {"mode": "link", "id": known["id"]}, "fill": fill});
            let preview =
                app.post("sales", &format!("/leads/{}/conversion/preview", id(&lead)), link.clone()).await.expect(200);
            let conflict = &preview["conflicts"][0];
            assert_eq!(
                (&conflict["field"], &conflict["current"], &conflict["lead"]),
                (&json!("industry"), &json!("制造业"), &json!("机械"))
            );
            let made = convert(app, "sales", &lead, link).await.expect(201);
            let customer = &made["customer"];
            assert_eq!((&customer["name"], &customer["industry"]), (&json!("明德"), &json!(industry)), "{fill}");
            assert_eq!((&customer["address"]["city"], &made["notes"]), (&json!("上海"), &json!([])));
            assert_eq!((&made["contact"], &made["opportunity"]), (&Value::Null, &Value::Null));
            undo(app, "sales", &lead).await.expect(200);
            let back = app.get("sales", &format!("/customers/{}", id(&known))).await.expect(200);
            assert_eq!((&back["industry"], &back["address"]), (&json!("制造业"), &Value::Null), "{fill}");
            app.delete("sales", &format!("/customers/{}", id(&known))).await.expect(204);
        }
    })
    .await;
}

#[actix_web::test]
async fn what_the_request_asks_for_is_written_to_a_linked_record_whatever_was_there() {
    TestApp::each(async |app| {
        let known = app
            .make("sales", "customers", json!({"name": "明德", "industry": "制造业", "website": "https://a.example"}))
            .await;
        let lead = app.make("sales", "leads", wang()).await;
        let link = |fields: Value| json!({"customer": {"mode": "link", "id": known["id"], "fields": fields}});
        for (fields, place) in [
            (json!({"employees": -1}), "/customer/fields/employees"),
            (json!({"nonsense": 1}), "/customer/fields/nonsense"),
            (json!({"industry": 7}), "/customer/fields/industry"),
        ] {
            let refused = convert(app, "sales", &lead, link(fields)).await;
            assert_eq!(refused.errors().first().map(|error| error.0.as_str()), Some(place), "{}", refused.text);
            refused.refused(422, "validation_failed");
        }
        let made = convert(app, "sales", &lead, link(json!({"industry": "精密仪器", "employees": 120}))).await;
        let customer = made.expect(201)["customer"].clone();
        assert_eq!(
            (&customer["name"], &customer["industry"], &customer["employees"], &customer["website"]),
            (&json!("明德"), &json!("精密仪器"), &json!(120), &json!("https://a.example/"))
        );
        assert_eq!(customer["version"], 2);
        undo(app, "sales", &lead).await.expect(200);
        let back = app.get("sales", &format!("/customers/{}", id(&known))).await.expect(200);
        assert_eq!((&back["industry"], &back["employees"]), (&json!("制造业"), &Value::Null));
    })
    .await;
}

#[actix_web::test]
async fn a_record_one_may_only_see_is_linked_and_not_written() {
    TestApp::each(async |app| {
        // Marketing sees every customer and changes leads only; with the right to convert it may link, not write.
        let roles = app.get("admin", "/roles").await.expect(200);
        let marketing =
            roles["data"].as_array().unwrap().iter().find(|role| role["key"] == "marketing").unwrap().clone();
        let grants = json!([{"type": "lead", "action": "convert", "scope": "all"}]);
        let converter = app
            .make(
                "admin",
                "roles",
                json!({"key": "converter", "names": {"zh-CN": "转化", "en": "Converter"}, "grants": grants}),
            )
            .await;
        let user = format!("/users/{}", app.id("marketing").await);
        app.patch("admin", &user, json!({"role_ids": [marketing["id"], converter["id"]]})).await.expect(200);
        let known = app.make("sales", "customers", json!({"name": "明德"})).await;
        let lead = app.make("marketing", "leads", wang()).await;
        let made = convert(app, "marketing", &lead, json!({"customer": {"mode": "link", "id": known["id"]}}))
            .await
            .expect(201);
        assert_eq!(made["notes"], json!(["customer_linked_without_writing"]));
        assert_eq!((&made["customer"]["version"], &made["customer"]["phone"]), (&json!(1), &Value::Null));
        let other = app.make("marketing", "leads", json!({"company_name": "Other"})).await;
        convert(app, "marketing", &other, json!({"customer": {"mode": "create"}})).await.refused(403, "forbidden");
        assert_eq!(app.get("marketing", &format!("/leads/{}", id(&other))).await.expect(200)["version"], 1);
    })
    .await;
}

#[actix_web::test]
async fn undoing_takes_everything_back() {
    TestApp::each(async |app| {
        let lead = app.make("sales", "leads", wang()).await;
        app.patch("sales", &format!("/leads/{}", id(&lead)), json!({"status": "qualified"})).await.expect(200);
        let made = convert(app, "sales", &lead, all_new()).await.expect(201);
        app.patch("sales", &format!("/customers/{}", id(&made["customer"])), json!({"level": "A"})).await.expect(200);
        let back = undo(app, "sales", &lead).await.expect(200);
        assert_eq!((&back["status"], &back["conversion"]), (&json!("qualified"), &Value::Null));
        assert_eq!(counts(app).await, [0, 0, 0]);
        let trash = app.get("sales", "/trash").await.expect(200);
        assert_eq!(trash["data"].as_array().unwrap().len(), 3, "{trash}");
        assert_eq!(reasons(&undo(app, "sales", &lead).await.refused(409, "undo_refused")), ["not_converted"]);
        let again = convert(app, "sales", &lead, all_new()).await.expect(201);
        assert_ne!(again["customer"]["id"], made["customer"]["id"]);
    })
    .await;
}

#[actix_web::test]
async fn undoing_is_refused_with_every_reason() {
    TestApp::each(async |app| {
        let lead = app.make("sales", "leads", wang()).await;
        let made = convert(app, "sales", &lead, all_new()).await.expect(201);
        app.patch("manager", &format!("/customers/{}", id(&made["customer"])), json!({"level": "A"})).await.expect(200);
        app.make("sales", "opportunities", json!({"name": "second", "customer_id": made["customer"]["id"]})).await;
        let problem = undo(app, "sales", &lead).await.refused(409, "undo_refused");
        assert_eq!(reasons(&problem), ["changed_by_others", "has_dependants"], "{problem}");
        assert_eq!((&problem["reasons"][1]["type"], &problem["reasons"][1]["count"]), (&json!("customer"), &json!(1)));
        undo(app, "sales2", &lead).await.refused(404, "not_found");
        assert_eq!(counts(app).await, [1, 1, 2]);
        assert_eq!(app.get("sales", &format!("/leads/{}", id(&lead))).await.expect(200)["status"], "converted");

        let late = app.make("sales", "leads", json!({"company_name": "Late"})).await;
        convert(app, "sales", &late, json!({"customer": {"mode": "create"}})).await.expect(201);
        app.clock.advance(TimeDelta::days(14) + TimeDelta::minutes(1));
        let token = app.fresh_token("sales").await;
        let request = app
            .request(reqwest::Method::POST, &format!("/leads/{}/conversion/undo", id(&late)))
            .bearer_auth(token)
            .json(&json!({}));
        assert_eq!(reasons(&crate::harness::answer(request).await.refused(409, "undo_refused")), ["too_late"]);
    })
    .await;
}

#[actix_web::test]
async fn undoing_at_once_happens_once() {
    TestApp::each(async |app| {
        let lead = app.make("sales", "leads", wang()).await;
        convert(app, "sales", &lead, all_new()).await.expect(201);
        let answers = futures_util::future::join_all((0..8).map(|_| undo(app, "sales", &lead))).await;
        let done = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(done, 1, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
        for answer in answers.into_iter().filter(|answer| answer.status != 200) {
            assert_eq!(reasons(&answer.refused(409, "undo_refused")), ["not_converted"]);
        }
        assert_eq!(counts(app).await, [0, 0, 0]);
    })
    .await;
}

#[actix_web::test]
async fn linked_records_keep_what_was_changed_after_the_conversion() {
    TestApp::each(async |app| {
        let known = app.make("sales", "customers", json!({"name": "明德"})).await;
        let mut lead = wang();
        lead["industry"] = json!("机械");
        let lead = app.make("sales", "leads", lead).await;
        let made =
            convert(app, "sales", &lead, json!({"customer": {"mode": "link", "id": known["id"]}})).await.expect(201);
        assert_eq!(
            (&made["customer"]["industry"], &made["customer"]["address"]["city"]),
            (&json!("机械"), &json!("上海"))
        );
        let place = format!("/customers/{}", id(&known));
        app.patch("sales", &place, json!({"industry": "制造业"})).await.expect(200);
        undo(app, "sales", &lead).await.expect(200);
        let back = app.get("sales", &place).await.expect(200);
        assert_eq!((&back["industry"], &back["address"]), (&json!("制造业"), &Value::Null));
        assert_eq!(names(&app.get("sales", "/customers").await.expect(200)), ["明德"]);
    })
    .await;
}
