//! Leads to answer: until when, for whom, and by whose setting.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::assignment_leads::Program;
use crate::harness::TestApp;
use crate::records_given::{id, names};

async fn set_hours(app: &TestApp, hours: Value) -> Value {
    app.patch("admin", "/organisation", json!({"lead_response_hours": hours})).await.expect(200)
}

async fn read(app: &TestApp, lead: &Value) -> Value {
    app.get("admin", &format!("/leads/{}", id(lead))).await.expect(200)
}

fn at(value: &Value) -> DateTime<Utc> {
    value.as_str().expect("a moment").parse().unwrap()
}

async fn overdue(app: &TestApp) -> Vec<String> {
    let filter = "first_response_due_at < @now AND first_responded_at IS NULL AND status_category = \"new\"";
    let query = serde_urlencoded::to_string([("filter", filter), ("sort", "first_response_due_at")]).unwrap();
    names(&app.get("admin", &format!("/leads?{query}")).await.expect(200))
}

#[actix_web::test]
async fn a_lead_is_to_be_answered_from_when_it_first_has_an_owner() {
    TestApp::each(async |app| {
        set_hours(app, json!(24)).await;
        let lead = app.make("sales", "leads", json!({"company_name": "Mine"})).await;
        assert_eq!(at(&lead["first_response_due_at"]) - at(&lead["created_at"]), TimeDelta::hours(24));
        assert_eq!(lead["response"], "due");
        app.advance(TimeDelta::hours(20));
        // Whoever gets it later has no more time, and a shorter time of the organisation is for leads to come.
        set_hours(app, json!(2)).await;
        let place = format!("/leads/{}", id(&lead));
        for owner in [json!(null), json!(app.id("manager").await)] {
            let given = app.post("admin", &format!("{place}/transfer"), json!({"owner_id": owner})).await.expect(200);
            assert_eq!(given["first_response_due_at"], lead["first_response_due_at"]);
        }
        app.advance(TimeDelta::hours(4));
        assert_eq!(read(app, &lead).await["response"], "overdue");
        let next = app.make("sales", "leads", json!({"company_name": "Next"})).await;
        app.advance(TimeDelta::hours(3));
        assert_eq!((overdue(app).await, &next["response"]), (vec!["Mine".into(), "Next".into()], &json!("due")));
        let about = json!([{"type": "lead", "id": lead["id"]}]);
        app.make("admin", "activities", json!({"kind": "call", "about": about})).await;
        let answered = read(app, &lead).await;
        assert_eq!((&answered["response"], &answered["status_category"]), (&json!("none"), &json!("working")));
        assert_eq!(answered["first_response_due_at"], lead["first_response_due_at"], "when it was due stays a fact");
        app.patch(
            "sales",
            &format!("/leads/{}", id(&next)),
            json!({"status": "disqualified", "disqualified_reason": "no_need"}),
        )
        .await
        .expect(200);
        assert_eq!((read(app, &next).await["response"].clone(), overdue(app).await.len()), (json!("none"), 0));
    })
    .await;
}

#[actix_web::test]
async fn nobodys_leads_wait_for_nobody_until_somebody_gets_them() {
    TestApp::each(async |app| {
        set_hours(app, json!(8)).await;
        let condition = "region = \"East\"";
        let rule =
            json!({"name": "East", "condition": condition, "strategy": "user", "user_ids": [app.id("sales").await]});
        app.make("admin", "assignment-rules", rule).await;
        let form = Program::of(app, "admin").await;
        let nobodys = form.lead(json!({})).await;
        assert_eq!([&nobodys["owner_id"], &nobodys["first_response_due_at"]], [&Value::Null, &Value::Null]);
        assert_eq!(nobodys["response"], "none");
        let by_rule = form.lead(json!({"region": "East"})).await;
        assert_eq!(at(&by_rule["first_response_due_at"]) - at(&by_rule["created_at"]), TimeDelta::hours(8));
        app.advance(TimeDelta::hours(1));
        let place = format!("/leads/{}", id(&nobodys));
        let moved = app.patch("admin", &place, json!({"region": "East"})).await.expect(200);
        assert_eq!(moved["first_response_due_at"], Value::Null);
        app.post("admin", &format!("{place}/assignment"), json!({})).await.expect(200);
        let given = read(app, &nobodys).await;
        assert_eq!(given["owner_id"], json!(app.id("sales").await));
        assert_eq!(at(&given["first_response_due_at"]) - at(&given["updated_at"]), TimeDelta::hours(8));
        // Made while somebody works on it already: nothing to answer.
        let working = app.make("sales", "leads", json!({"company_name": "Known", "status": "working"})).await;
        assert_eq!(working["first_response_due_at"], Value::Null);
        set_hours(app, Value::Null).await;
        let off = app.make("sales", "leads", json!({"company_name": "Off"})).await;
        assert_eq!([&off["first_response_due_at"], &off["response"]], [&Value::Null, &json!("none")]);
    })
    .await;
}

#[actix_web::test]
async fn the_organisation_is_read_by_everyone_and_changed_by_who_may() {
    TestApp::each(async |app| {
        let before = app.get("viewer", "/organisation").await.expect(200);
        assert_eq!((&before["lead_response_hours"], &before["version"]), (&Value::Null, &json!(1)));
        for who in ["sales", "manager", "viewer"] {
            app.patch(who, "/organisation", json!({"lead_response_hours": 1})).await.refused(403, "forbidden");
        }
        app.get("", "/organisation").await.refused(401, "unauthenticated");
        for (body, pointer) in [
            (json!({"lead_response_hours": 0}), "/lead_response_hours"),
            (json!({"lead_response_hours": 721}), "/lead_response_hours"),
            (json!({"stale_grace_days": -1}), "/stale_grace_days"),
            (json!({"stale_grace_days": 366}), "/stale_grace_days"),
            (json!({"lead_response_hours": -1, "name": " "}), "/name"),
            (json!({"currency": "YUAN"}), "/currency"),
            (json!({"time_zone": "Mars/Olympus"}), "/time_zone"),
            (json!({"lead_response_days": 3}), "/lead_response_days"),
            (json!({"version": 9}), "/version"),
            (json!({"lead_response_hours": "24"}), "/lead_response_hours"),
            (json!({"language": "fr"}), "/language"),
        ] {
            let answer = app.patch("admin", "/organisation", body.clone()).await;
            let is_told = answer.errors().iter().any(|(at, _)| at == pointer);
            assert!(answer.status == 422 && is_told, "{body} {}", answer.text);
        }
        assert_eq!(app.get("admin", "/organisation").await.expect(200), before, "what is refused changes nothing");
        // An organisation that nobody has named yet has no name to be refused.
        let unnamed = app.patch("admin", "/organisation", json!({"currency": "EUR"})).await.expect(200);
        assert_eq!(
            [&unnamed["name"], &unnamed["currency"], &unnamed["version"]],
            [&json!(""), &json!("EUR"), &json!(2)]
        );
        let body = json!({"name": "  花果山科技 ", "lead_response_hours": 8, "time_zone": "Europe/Berlin"});
        let changed = app.patch("admin", "/organisation", body.clone()).await.expect(200);
        assert_eq!(
            [&changed["name"], &changed["lead_response_hours"], &changed["currency"], &changed["version"]],
            [&json!("花果山科技"), &json!(8), &json!("EUR"), &json!(3)]
        );
        let same = app.patch("admin", "/organisation", body).await;
        assert_eq!((same.header("etag"), same.status), ("\"3\"", 200), "what changes nothing has no new version");
        let late = [("if-match", "\"2\"")];
        let sent =
            app.send_with("admin", reqwest::Method::PATCH, "/organisation", &late, Some(json!({"name": "Mine"}))).await;
        assert_eq!(sent.refused(412, "version_conflict")["current"]["version"], 3);
        assert_eq!(app.get("sales", "/me").await.expect(200)["organisation"], changed);
    })
    .await;
}
