//! Templates of activities: everybody's and one's own, in order, filled with what their user may see.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::notifications::NOBODY;
use crate::records_given::{id, names};

const TEMPLATES: &str = "/activity-templates";

async fn template(app: &TestApp, who: &str, body: Value) -> Value {
    app.post(who, TEMPLATES, body).await.expect(201)
}

fn place(template: &Value) -> String {
    format!("{TEMPLATES}/{}", id(template))
}

async fn filled(app: &TestApp, who: &str, template: &Value, about: &[(&str, &Value)]) -> Value {
    let about: Vec<Value> = about.iter().map(|(kind, record)| json!({"type": kind, "id": record["id"]})).collect();
    app.post(who, &format!("{}/preview", place(template)), json!({"about": about})).await.expect(200)
}

#[actix_web::test]
async fn everybodys_are_kept_by_whoever_configures_and_ones_own_by_oneself() {
    TestApp::each(async |app| {
        let shared = |name: &str| json!({"name": name, "kind": "call", "is_shared": true});
        for who in ["sales", "manager"] {
            app.post(who, TEMPLATES, shared("Ours")).await.refused(403, "forbidden");
        }
        let ours = template(app, "admin", shared("Ours")).await;
        let mine = template(app, "sales", json!({"name": "Ours", "kind": "visit"})).await;
        assert_eq!(
            (&ours["is_shared"], &mine["is_shared"], &mine["position"]),
            (&json!(true), &json!(false), &json!(0))
        );
        for (who, expected) in [("sales", vec!["Ours", "Ours"]), ("manager", vec!["Ours"]), ("admin", vec!["Ours"])] {
            assert_eq!(names(&app.get(who, TEMPLATES).await.expect(200)), expected, "{who}");
        }
        for who in ["manager", "admin"] {
            app.get(who, &place(&mine)).await.refused(404, "not_found");
            app.patch(who, &place(&mine), json!({"name": "x"})).await.refused(404, "not_found");
            app.delete(who, &place(&mine)).await.refused(404, "not_found");
            app.post(who, &format!("{}/preview", place(&mine)), json!({})).await.refused(404, "not_found");
        }
        app.patch("sales", &place(&ours), json!({"name": "x"})).await.refused(403, "forbidden");
        app.delete("sales", &place(&ours)).await.refused(403, "forbidden");
        app.get("viewer", TEMPLATES).await.refused(403, "forbidden");
        app.post("viewer", TEMPLATES, json!({"name": "x", "kind": "call"})).await.refused(403, "forbidden");

        let taken = app.post("sales", TEMPLATES, json!({"name": "ＯＵＲＳ", "kind": "note"})).await;
        assert_eq!(taken.errors(), [("/name".into(), "duplicate".into())]);
        assert_eq!(app.post("admin", TEMPLATES, shared("ours")).await.errors(), [("/name".into(), "duplicate".into())]);
        template(app, "manager", json!({"name": "Ours", "kind": "note"})).await;
        let stays = app.patch("sales", &place(&mine), json!({"is_shared": true})).await;
        assert_eq!(stays.errors(), [("/is_shared".into(), "invalid_value".into())]);
    })
    .await;
}

#[actix_web::test]
async fn they_stand_in_order_and_a_stale_change_is_refused() {
    TestApp::each(async |app| {
        let mut made = Vec::new();
        for name in ["a", "b", "c"] {
            made.push(template(app, "sales", json!({"name": name, "kind": "call"})).await);
        }
        let first = template(app, "sales", json!({"name": "d", "kind": "call", "position": 0})).await;
        assert_eq!(names(&app.get("sales", TEMPLATES).await.expect(200)), ["d", "a", "b", "c"]);
        app.patch("sales", &place(&first), json!({"position": 2})).await.expect(200);
        assert_eq!(names(&app.get("sales", TEMPLATES).await.expect(200)), ["a", "b", "d", "c"]);
        app.delete("sales", &place(&made[0])).await.expect(204);
        let left = app.get("sales", TEMPLATES).await.expect(200);
        let positions: Vec<_> = left["data"].as_array().unwrap().iter().map(|row| row["position"].clone()).collect();
        assert_eq!(
            (names(&left), positions),
            (vec!["b".into(), "d".into(), "c".into()], vec![json!(0), json!(1), json!(2)])
        );

        let now = app.get("sales", &place(&made[1])).await;
        let version = now.body["version"].clone();
        assert_eq!(now.header("etag"), format!("\"{version}\""));
        let stale = app
            .send_with(
                "sales",
                Method::PATCH,
                &place(&made[1]),
                &[("if-match", "\"1\"")],
                Some(json!({"kind": "task"})),
            )
            .await
            .refused(412, "version_conflict");
        assert_eq!(stale["current"]["name"], "b");
        let tag = format!("\"{version}\"");
        let headers = [("if-match", tag.as_str())];
        let patch = json!({"follow_up_days": 3, "body": "x", "kind": "task"});
        let changed = app.send_with("sales", Method::PATCH, &place(&made[1]), &headers, Some(patch)).await.expect(200);
        assert_eq!((&changed["kind"], &changed["follow_up_days"]), (&json!("task"), &json!(3)));
        let same = app.patch("sales", &place(&made[1]), json!({"kind": "task"})).await.expect(200);
        assert_eq!(same["version"], changed["version"], "what changes nothing makes no version");
        let cleared = app.patch("sales", &place(&made[1]), json!({"body": null})).await.expect(200);
        assert_eq!(cleared["body"], Value::Null);
    })
    .await;
}

#[actix_web::test]
async fn places_are_filled_with_what_their_user_may_see_and_letters_stay_letters() {
    TestApp::each(async |app| {
        let customer = app.make("sales", "customers", json!({"name": "*Ming* [De]"})).await;
        let contact = app.make("sales", "contacts", json!({"family_name": "Lin", "given_name": "Ada", "customers": [{"customer_id": customer["id"], "primary": true}]})).await;
        let input = json!({"name": "Robots", "customer_id": customer["id"], "primary_contact_id": contact["id"]});
        let deal = app.make("sales", "opportunities", input).await;
        let lead = app.make("sales", "leads", json!({"company_name": "Warm", "family_name": "Chen"})).await;
        let body = json!({
            "name": "t", "kind": "call", "direction": "outbound", "duration_minutes": 15, "follow_up_days": 7,
            "subject": "{{customer.name}} / {{ contact.name }}", "follow_up_name": "Again {{opportunity.name}}",
            "body": "**{{customer.name}}** {{today}} {{user.name}} {{lead.company_name}}{{lead.name}}",
        });
        let template = template(app, "sales", body).await;
        let of_deal = filled(app, "sales", &template, &[("opportunity", &deal)]).await;
        let who = app.get("sales", "/me").await.expect(200);
        let today = app.app.now().format("%-d %B %Y").to_string();
        assert_eq!(of_deal["name"], format!("*Ming* [De] / {}", contact["name"].as_str().unwrap()));
        assert_eq!(of_deal["body"], format!("**\\*Ming\\* \\[De\\]** {today} {} ", who["name"].as_str().unwrap()));
        assert_eq!(of_deal["missing"], json!(["lead.name", "lead.company_name"]));
        assert_eq!((&of_deal["kind"], &of_deal["direction"], &of_deal["duration_minutes"]), (&json!("call"), &json!("outbound"), &json!(15)));
        let due = app.app.now().date_naive() + chrono::TimeDelta::days(7);
        assert_eq!(of_deal["follow_up"], json!({"due_at": format!("{due}T09:00:00Z"), "name": "Again Robots"}));
        let of_contact = filled(app, "sales", &template, &[("contact", &contact), ("lead", &lead)]).await;
        assert_eq!(of_contact["missing"], json!(["opportunity.name"]));
        assert!(of_contact["body"].as_str().unwrap().ends_with("Warm Chen") || of_contact["body"].as_str().unwrap().contains("Warm"));
        // What is made of it is as any other activity.
        let made = json!({"kind": of_deal["kind"], "name": of_deal["name"], "body": of_deal["body"], "follow_up": of_deal["follow_up"]});
        app.make("sales", "activities", made).await;

        let shared = json!({"name": "s", "kind": "note", "is_shared": true, "body": "{{customer.name}}{{contact.name}}"});
        let shared = self::template(app, "admin", shared).await;
        for (kind, record) in [("customer", &customer), ("contact", &contact), ("opportunity", &deal), ("lead", &lead)] {
            let body = json!({"about": [{"type": kind, "id": record["id"]}]});
            let refused = app.post("sales2", &format!("{}/preview", place(&shared)), body).await;
            assert_eq!(refused.errors(), [("/about/0/id".into(), "not_found".into())], "{kind}");
        }
        let none = filled(app, "sales2", &shared, &[]).await;
        assert_eq!((&none["body"], &none["missing"]), (&json!(""), &json!(["customer.name", "contact.name"])));
    })
    .await;
}

#[actix_web::test]
async fn what_is_seen_of_a_record_but_not_what_it_belongs_to_fills_nothing() {
    TestApp::each(async |app| {
        let customer = app.make("sales2", "customers", json!({"name": "Theirs"})).await;
        let contact = app
            .make(
                "sales2",
                "contacts",
                json!({"family_name": "Lin", "customers": [{"customer_id": customer["id"], "primary": true}]}),
            )
            .await;
        let to = json!({"owner_id": app.id("sales").await});
        app.post("admin", &format!("/contacts/{}/transfer", id(&contact)), to).await.expect(200);
        app.get("sales", &format!("/customers/{}", id(&customer))).await.refused(404, "not_found");
        let template =
            template(app, "sales", json!({"name": "t", "kind": "note", "body": "{{contact.name}}/{{customer.name}}"}))
                .await;
        let filled = filled(app, "sales", &template, &[("contact", &contact)]).await;
        assert_eq!((&filled["body"], &filled["missing"]), (&json!("Lin/"), &json!(["customer.name"])));
        let twice =
            json!({"about": [{"type": "contact", "id": contact["id"]}, {"type": "contact", "id": contact["id"]}]});
        let refused = app.post("sales", &format!("{}/preview", place(&template)), twice).await;
        assert_eq!(refused.errors(), [("/about/1/type".into(), "duplicate".into())]);
        app.post("sales", &format!("{TEMPLATES}/{NOBODY}/preview"), json!({})).await.refused(404, "not_found");
    })
    .await;
}

#[actix_web::test]
async fn there_are_so_many_and_no_more() {
    TestApp::each(async |app| {
        for n in 0..100 {
            template(app, "sales", json!({"name": format!("t{n}"), "kind": "note"})).await;
        }
        app.post("sales", TEMPLATES, json!({"name": "one more", "kind": "note"}))
            .await
            .refused(422, "validation_failed");
        assert_eq!(app.get("sales", TEMPLATES).await.expect(200)["data"].as_array().unwrap().len(), 100);
    })
    .await;
}
