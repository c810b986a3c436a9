//! Scoring rules as administrators keep them: made, changed, tried and refused.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::records_given::{id, names};

pub(crate) const RULES: &str = "/scoring-rules";

/// Points for what a lead is.
pub(crate) fn property(name: &str, points: i32, condition: &str) -> Value {
    json!({"name": name, "kind": "property", "points": points, "condition": condition})
}

/// Points for what was done about it.
pub(crate) fn behaviour(name: &str, points: i32, behaviour: Value) -> Value {
    json!({"name": name, "kind": "behaviour", "points": points, "behaviour": behaviour})
}

/// Makes a rule.
pub(crate) async fn rule(app: &TestApp, body: Value) -> Value {
    app.post("admin", RULES, body).await.expect(201)
}

pub(crate) fn place(rule: &Value) -> String {
    format!("{RULES}/{}", id(rule))
}

#[actix_web::test]
async fn rules_are_made_changed_and_removed() {
    TestApp::each(async |app| {
        let made = app.post("admin", RULES, property(" 大公司 ", 20, "employees >= 200")).await;
        let (location, etag) = (made.header("location").to_owned(), made.header("etag").to_owned());
        let made = made.expect(201);
        assert_eq!((location, etag.as_str()), (format!("/api/v1/scoring-rules/{}", id(&made)), "\"1\""));
        let condition = json!({"field": "employees", "op": "ge", "value": 200});
        let told = [&made["name"], &made["kind"], &made["points"], &made["condition"], &made["behaviour"], &made["is_active"]];
        let wanted = [json!("大公司"), json!("property"), json!(20), condition, Value::Null, json!(true)];
        assert_eq!(told, wanted.each_ref());
        let calls = behaviour("Calls", 16, json!({"activity_kinds": ["call", "message"], "direction": "inbound"}));
        let calls = rule(app, calls).await;
        let whole = json!({"activity_kinds": ["call", "message"], "direction": "inbound", "at_most": 1, "halves_after_days": null});
        assert_eq!((&calls["behaviour"], &calls["condition"]), (&whole, &Value::Null));
        assert_eq!(names(&app.get("admin", RULES).await.expect(200)), ["大公司", "Calls"], "in the order they were made");

        // What is not named stays; what is, is replaced as a whole.
        let changed = json!({"points": -3, "behaviour": {"activity_kinds": ["call"], "halves_after_days": 30}});
        let changed = app.patch("admin", &place(&calls), changed).await.expect(200);
        assert_eq!((&changed["points"], &changed["version"]), (&json!(-3), &json!(2)));
        let whole = json!({"activity_kinds": ["call"], "direction": null, "at_most": 1, "halves_after_days": 30});
        assert_eq!(changed["behaviour"], whole);
        let same = app.patch("admin", &place(&calls), json!({"points": -3})).await.expect(200);
        assert_eq!(same, changed);
        let other = json!({"kind": "property", "behaviour": null, "condition": "city = 上海"});
        let other = app.patch("admin", &place(&calls), other).await.expect(200);
        assert_eq!((&other["kind"], &other["behaviour"]), (&json!("property"), &Value::Null));
        assert_eq!(app.get("admin", &place(&calls)).await.expect(200), other);

        app.delete("admin", &place(&made)).await.expect(204);
        app.get("admin", &place(&made)).await.refused(404, "not_found");
        assert_eq!(names(&app.get("admin", RULES).await.expect(200)), ["Calls"]);
    })
    .await;
}

#[actix_web::test]
async fn a_stale_version_is_refused_and_a_repeated_request_makes_one() {
    TestApp::each(async |app| {
        for replayed in ["", "true"] {
            let body = property("Rule", 5, "region = 上海");
            let answer = app.send_with("admin", Method::POST, RULES, &[("idempotency-key", "k1")], Some(body)).await;
            assert_eq!((answer.status, answer.header("idempotent-replayed")), (201, replayed));
        }
        let made = app.get("admin", RULES).await.expect(200)["data"][0].clone();
        for method in [Method::PATCH, Method::DELETE] {
            let patch = (method == Method::PATCH).then(|| json!({"name": "Other"}));
            let refused = app.send_with("admin", method, &place(&made), &[("if-match", "\"7\"")], patch).await;
            assert_eq!(refused.refused(412, "version_conflict")["current"]["name"], "Rule");
        }
        let own = [("if-match", "\"1\"")];
        let own = app.send_with("admin", Method::PATCH, &place(&made), &own, Some(json!({"name": "Other"}))).await;
        assert_eq!(own.expect(200)["version"], 2);
    })
    .await;
}

#[actix_web::test]
async fn only_those_who_may_configure_see_rules_and_whoever_sees_a_lead_sees_its_points() {
    TestApp::each(async |app| {
        let made = rule(app, property("Rule", 5, "region = 上海")).await;
        for who in ["sales", "manager", "viewer", "marketing", "service"] {
            app.get(who, RULES).await.refused(403, "forbidden");
            app.get(who, &place(&made)).await.refused(403, "forbidden");
            app.post(who, RULES, json!({})).await.refused(403, "forbidden");
            app.post(who, &format!("{RULES}/dry-run"), json!({"rule": {}})).await.refused(403, "forbidden");
            app.patch(who, &place(&made), json!({})).await.refused(403, "forbidden");
            app.delete(who, &place(&made)).await.refused(403, "forbidden");
        }
        app.get("", RULES).await.refused(401, "unauthenticated");
        let lead = app.make("sales", "leads", json!({"company_name": "Mine", "region": "上海"})).await;
        let why = format!("/leads/{}/score", id(&lead));
        for who in ["sales", "manager", "admin"] {
            assert_eq!(app.get(who, &why).await.expect(200)["score"], 5);
        }
        app.get("sales2", &why).await.refused(404, "not_found");
        app.get("admin", &format!("/leads/{}/score", id(&made))).await.refused(404, "not_found");
        app.get("", &why).await.refused(401, "unauthenticated");
    })
    .await;
}

/// What is changed of a good rule, with the place and the code of its first fault.
fn bad_properties() -> Vec<(Value, &'static str, &'static str)> {
    let condition = |text: &str, code| (json!({"condition": text}), "/condition", code);
    vec![
        condition("", "required"),
        (json!({"condition": null}), "/condition", "required"),
        (json!({"condition": {}}), "/condition", "required"),
        (json!({"condition": 7}), "/condition", "filter_invalid"),
        condition("nmae = x", "unknown_field"),
        condition("region =", "filter_invalid"),
        condition("owner_id IS NULL", "filter_invalid"),
        condition("owner.name = x", "filter_invalid"),
        condition("team_id IS NOT NULL", "filter_invalid"),
        condition("created_at > @today-7d", "filter_invalid"),
        condition("region = x AND NOT (score > 5)", "filter_invalid"),
        condition("rating = hot", "filter_invalid"),
        condition("last_activity_at IS NULL", "filter_invalid"),
        condition("activities ANY (kind = call)", "filter_invalid"),
        condition("status_category = converted", "invalid_value"),
        condition(&(["employees = 1"; 51]).join(" OR "), "filter_too_complex"),
        (json!({"name": " "}), "/name", "required"),
        (json!({"name": "x".repeat(101)}), "/name", "too_long"),
        (json!({"nmae": "x"}), "/nmae", "unknown_field"),
        (json!({"kind": "luck"}), "/kind", "invalid_value"),
        (json!({"points": 0}), "/points", "invalid_value"),
        (json!({"points": 101}), "/points", "invalid_value"),
        (json!({"points": -101}), "/points", "invalid_value"),
        (json!({"points": 1.5}), "/points", "invalid_value"),
        (json!({"behaviour": {"activity_kinds": ["call"]}}), "/behaviour", "invalid_value"),
    ]
}

fn bad_behaviours() -> Vec<(Value, &'static str, &'static str)> {
    let with = |changes: Value, pointer, code| {
        let mut behaviour = json!({"activity_kinds": ["call"]});
        json_patch::merge(&mut behaviour, &changes);
        (json!({"behaviour": behaviour}), pointer, code)
    };
    vec![
        (json!({"behaviour": null}), "/behaviour", "required"),
        (json!({"condition": "region = x"}), "/condition", "invalid_value"),
        with(json!({"activity_kinds": []}), "/behaviour/activity_kinds", "required"),
        with(json!({"activity_kinds": ["task"]}), "/behaviour/activity_kinds/0", "invalid_value"),
        with(json!({"activity_kinds": ["call", "call"]}), "/behaviour/activity_kinds/1", "duplicate"),
        with(json!({"activity_kinds": vec!["call"; 1000]}), "/behaviour/activity_kinds", "too_long"),
        with(json!({"direction": "sideways"}), "/behaviour/direction", "invalid_value"),
        with(json!({"activity_kinds": ["visit"], "direction": "inbound"}), "/behaviour/direction", "invalid_value"),
        with(json!({"at_most": 0}), "/behaviour/at_most", "invalid_value"),
        with(json!({"at_most": 21}), "/behaviour/at_most", "invalid_value"),
        with(json!({"halves_after_days": 0}), "/behaviour/halves_after_days", "invalid_value"),
        with(json!({"halves_after_days": 366}), "/behaviour/halves_after_days", "invalid_value"),
        with(json!({"halves": 3}), "/behaviour/halves", "unknown_field"),
    ]
}

#[actix_web::test]
async fn bad_input_is_pointed_at_and_nothing_is_left() {
    TestApp::each(async |app| {
        let good = [property("Good", 5, "region = 上海"), behaviour("Fine", 5, json!({"activity_kinds": ["call"]}))];
        for (good, bad) in good.into_iter().zip([bad_properties(), bad_behaviours()]) {
            let made = rule(app, good.clone()).await;
            for (changes, pointer, code) in bad {
                let mut body = good.clone();
                json_patch::merge(&mut body, &changes);
                if changes.get("condition").is_some() {
                    body["condition"] = changes["condition"].clone();
                }
                let changed = app.patch("admin", &place(&made), changes.clone()).await;
                body["name"] = changes.get("name").cloned().unwrap_or(json!("New"));
                let new = app.post("admin", RULES, body.clone()).await;
                let tried = app.post("admin", &format!("{RULES}/dry-run"), json!({"rule": body})).await;
                for (answer, prefix) in [(new, ""), (changed, ""), (tried, "/rule")] {
                    let shown: String = changes.to_string().chars().take(120).collect();
                    assert_eq!(answer.status, 422, "{shown} {}", answer.text);
                    assert_eq!(answer.errors()[0], (format!("{prefix}{pointer}"), code.to_owned()), "{shown}");
                }
            }
            assert_eq!(app.get("admin", &place(&made)).await.expect(200), made);
        }
        let same = app.post("admin", RULES, property(" ＧＯＯＤ ", 5, "region = x")).await;
        assert_eq!(same.errors(), [("/name".to_owned(), "duplicate".to_owned())]);
        same.refused(409, "duplicate");
        assert_eq!(names(&app.get("admin", RULES).await.expect(200)), ["Good", "Fine"]);
        for (changes, pointer) in [
            (json!({"lead_warm_from": 60}), "/lead_hot_from"),
            (json!({"lead_hot_from": 30}), "/lead_hot_from"),
            (json!({"lead_hot_from": 10_001}), "/lead_hot_from"),
            (json!({"lead_warm_from": -10_001}), "/lead_warm_from"),
        ] {
            let refused = app.patch("admin", "/organisation", changes).await;
            assert_eq!(refused.errors()[0], (pointer.to_owned(), "invalid_value".to_owned()));
        }
    })
    .await;
}

#[actix_web::test]
async fn there_are_a_hundred_rules_and_no_more() {
    TestApp::each(async |app| {
        for n in 0..100 {
            rule(app, property(&format!("R{n}"), 1, "region = 上海")).await;
        }
        app.post("admin", RULES, property("More", 1, "region = x")).await.refused(422, "validation_failed");
        let lead = app.make("sales", "leads", json!({"company_name": "All", "region": "上海"})).await;
        assert_eq!((&lead["score"], &lead["rating"]), (&json!(100), &json!("hot")));
    })
    .await;
}

#[actix_web::test]
async fn a_rule_is_tried_on_the_newest_leads_and_nothing_is_written() {
    TestApp::each(async |app| {
        let made = rule(app, property("Region", 40, "region = 上海")).await;
        let mut leads = Vec::new();
        for (name, region) in [("A", "上海"), ("B", "上海"), ("C", "北京")] {
            leads.push(app.make("sales", "leads", json!({"company_name": name, "region": region})).await);
        }
        let about = json!([{"type": "lead", "id": leads[0]["id"]}]);
        app.make("sales", "activities", json!({"kind": "call", "direction": "inbound", "about": about})).await;
        app.patch("sales", &format!("/leads/{}", id(&leads[2])), json!({"rating": "warm"})).await.expect(200);
        let written = app.get("admin", "/leads?sort=number").await.expect(200)["data"].clone();

        let dry = |body: Value| app.post("admin", "/scoring-rules/dry-run", body);
        let calls = behaviour("Calls", 25, json!({"activity_kinds": ["call"], "direction": "inbound"}));
        let tried = dry(json!({"rule": calls})).await.expect(200);
        assert_eq!((&tried["examined"], &tried["is_truncated"], &tried["matched"]), (&json!(3), &json!(false), &json!(1)));
        let row = |rating: &str, now: i32, then: i32| json!({"rating": rating, "now": now, "then": then});
        assert_eq!(tried["ratings"], json!([row("hot", 0, 1), row("warm", 3, 2), row("cold", 0, 0)]));
        let sample = json!([{
            "lead": {"id": leads[0]["id"], "name": "A"}, "score_now": 40, "score_then": 65, "rating_now": "warm", "rating_then": "hot"
        }]);
        assert_eq!(tried["samples"], sample);

        // Another form of one that is there, with other thresholds; what somebody said of a lead stays.
        let mut other = property("Region", 10, "region = 北京");
        other["id"] = made["id"].clone();
        let tried = dry(json!({"rule": other, "warm_from": 5, "hot_from": 10})).await.expect(200);
        assert_eq!(tried["matched"], 1);
        assert_eq!(tried["ratings"], json!([row("hot", 0, 0), row("warm", 3, 1), row("cold", 0, 2)]));
        let changes: Vec<_> = tried["samples"].as_array().unwrap().iter().map(|row| (row["score_now"].clone(), row["score_then"].clone())).collect();
        assert_eq!(changes, [(json!(40), json!(0)), (json!(40), json!(0)), (json!(0), json!(10))]);

        other["is_active"] = json!(false);
        let off = dry(json!({"rule": other})).await.expect(200);
        assert_eq!((&off["matched"], &off["ratings"][1]), (&json!(1), &row("warm", 3, 1)), "without any rule nothing is rated");
        other["id"] = json!("01900000-0000-7000-8000-00000000dead");
        for (body, pointer, code) in [
            (json!({"rule": other}), "/rule/id", "not_found"),
            (json!({"rule": {"id": "x"}}), "/rule/id", "invalid_value"),
            (json!({"rule": calls, "warm_from": 60}), "/hot_from", "invalid_value"),
            (json!({"rule": calls, "hot_from": 10_001}), "/hot_from", "invalid_value"),
            (json!({"rule": calls, "days": 3}), "/days", "unknown_field"),
            (json!({}), "/rule", "required"),
        ] {
            assert_eq!(dry(body).await.errors()[0], (pointer.to_owned(), code.to_owned()));
        }
        assert_eq!(app.get("admin", "/leads?sort=number").await.expect(200)["data"], written);
        assert_eq!(names(&app.get("admin", RULES).await.expect(200)), ["Region"]);
    })
    .await;
}
