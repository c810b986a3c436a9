//! Assignment rules as administrators keep them: made, ordered, tried and refused.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::records_given::id;

const RULES: &str = "/assignment-rules";

/// A rule that gives every lead to one person, with changes.
pub(crate) async fn for_one(app: &TestApp, name: &str, who: &str, changes: Value) -> Value {
    let mut body = json!({"name": name, "strategy": "user", "user_ids": [app.id(who).await]});
    body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    body
}

/// Makes a rule.
pub(crate) async fn rule(app: &TestApp, body: Value) -> Value {
    app.post("admin", RULES, body).await.expect(201)
}

/// The ids of people.
pub(crate) async fn people(app: &TestApp, words: &[&str]) -> Vec<uuid::Uuid> {
    let mut ids = Vec::new();
    for word in words {
        ids.push(app.id(word).await);
    }
    ids
}

async fn named(app: &TestApp) -> Vec<String> {
    crate::records_given::names(&app.get("admin", RULES).await.expect(200))
}

fn place(rule: &Value) -> String {
    format!("{RULES}/{}", id(rule))
}

#[actix_web::test]
async fn rules_are_made_changed_moved_and_removed() {
    TestApp::each(async |app| {
        let condition = json!({"field": "region", "op": "in", "value": ["上海", "江苏"]});
        let body = json!({
            "name": " 华东 ", "strategy": "round_robin", "user_ids": people(app, &["sales2", "sales"]).await,
            "condition": condition, "working_days": [5, 1, 1], "max_open": 40, "max_per_day": 8,
        });
        let made = app.post("admin", RULES, body).await;
        let location = made.header("location").to_owned();
        assert_eq!(made.header("etag"), "\"1\"");
        let made = made.expect(201);
        assert_eq!(location, format!("/api/v1/assignment-rules/{}", id(&made)));
        let told = [&made["name"], &made["condition"], &made["working_days"], &made["max_open"], &made["position"]];
        assert_eq!(told, [&json!("华东"), &condition, &json!([1, 5]), &json!(40), &json!(0)]);
        let users: Vec<_> = made["users"].as_array().unwrap().iter().map(|user| user["name"].clone()).collect();
        assert_eq!(users, ["猪八戒", "孙悟空"]);
        assert_eq!((&made["team"], &made["given_30_days"], &made["is_active"]), (&Value::Null, &json!(0), &json!(true)));

        for name in ["B", "C"] {
            rule(app, for_one(app, name, "sales", json!({})).await).await;
        }
        rule(app, for_one(app, "First", "sales", json!({"position": 0})).await).await;
        assert_eq!(named(app).await, ["First", "华东", "B", "C"]);
        let moved = app.patch("admin", &place(&made), json!({"position": 2})).await.expect(200);
        assert_eq!((&moved["position"], named(app).await.join(" ")), (&json!(2), "First B 华东 C".to_owned()));

        // A condition is one value: nothing of the old one stays. What is left out stays.
        let other = json!({"and": [{"field": "source", "op": "eq", "value": "website"}, {"field": "city", "op": "is_null"}]});
        let changed = json!({"condition": other, "max_open": null, "is_active": false});
        let changed = app.patch("admin", &place(&made), changed).await.expect(200);
        let told = [&changed["condition"], &changed["max_open"], &changed["max_per_day"], &changed["is_active"]];
        assert_eq!(told, [&other, &Value::Null, &json!(8), &json!(false)]);
        let same = app.patch("admin", &place(&made), json!({"is_active": false, "position": 2})).await.expect(200);
        assert_eq!(same["version"], changed["version"]);
        let text = json!({"condition": "region = 上海 AND tags HAS ANY (vip)"});
        let text = app.patch("admin", &place(&made), text).await.expect(200);
        let as_json = json!({"and": [{"field": "region", "op": "eq", "value": "上海"}, {"field": "tags", "op": "has_any", "value": ["vip"]}]});
        assert_eq!(text["condition"], as_json);
        for nothing in [json!(""), json!({}), Value::Null] {
            let every = app.patch("admin", &place(&made), json!({"condition": nothing})).await.expect(200);
            assert_eq!(every["condition"], Value::Null);
        }

        app.delete("admin", &place(&made)).await.expect(204);
        app.get("admin", &place(&made)).await.refused(404, "not_found");
        let list = app.get("admin", RULES).await.expect(200);
        let positions: Vec<_> = list["data"].as_array().unwrap().iter().map(|row| row["position"].clone()).collect();
        assert_eq!((named(app).await.join(" "), positions), ("First B C".to_owned(), vec![json!(0), json!(1), json!(2)]));
    })
    .await;
}

#[actix_web::test]
async fn a_stale_version_is_refused_and_a_repeated_request_makes_one() {
    TestApp::each(async |app| {
        let body = for_one(app, "Rule", "sales", json!({})).await;
        for replayed in ["", "true"] {
            let headers = [("idempotency-key", "k1")];
            let answer = app.send_with("admin", Method::POST, RULES, &headers, Some(body.clone())).await;
            assert_eq!((answer.status, answer.header("idempotent-replayed")), (201, replayed));
        }
        let made = app.get("admin", RULES).await.expect(200)["data"][0].clone();
        for method in [Method::PATCH, Method::DELETE] {
            let patch = (method == Method::PATCH).then(|| json!({"name": "Other"}));
            let refused = app.send_with("admin", method, &place(&made), &[("if-match", "\"7\"")], patch).await;
            assert_eq!(refused.refused(412, "version_conflict")["current"]["name"], "Rule");
        }
        let known = app.send_with("admin", Method::GET, &place(&made), &[("if-none-match", "\"1\"")], None).await;
        assert_eq!(known.status, 304);
        let own = app
            .send_with("admin", Method::PATCH, &place(&made), &[("if-match", "\"1\"")], Some(json!({"name": "Other"})))
            .await;
        assert_eq!(own.expect(200)["version"], 2);
    })
    .await;
}

#[actix_web::test]
async fn only_those_who_may_configure_see_rules() {
    TestApp::each(async |app| {
        let made = rule(app, for_one(app, "Rule", "sales", json!({})).await).await;
        let key = app.post("admin", "/api-keys", json!({"name": "K", "scopes": ["*:write"]})).await.expect(201);
        let by_key = app.request(Method::GET, RULES).bearer_auth(key["key"].as_str().unwrap());
        crate::harness::answer(by_key).await.refused(403, "forbidden");
        for who in ["sales", "manager", "viewer", "marketing", "service"] {
            app.get(who, RULES).await.refused(403, "forbidden");
            app.get(who, &place(&made)).await.refused(403, "forbidden");
            app.post(who, RULES, json!({})).await.refused(403, "forbidden");
            app.post(who, &format!("{RULES}/dry-run"), json!({"rule": {}})).await.refused(403, "forbidden");
            app.patch(who, &place(&made), json!({})).await.refused(403, "forbidden");
            app.delete(who, &place(&made)).await.refused(403, "forbidden");
        }
        app.get("", RULES).await.refused(401, "unauthenticated");
    })
    .await;
}

/// Each refused thing with the place and code of its first fault.
async fn bad_rules(app: &TestApp) -> Vec<(Value, &'static str, &'static str)> {
    let [sales, nobody] = [app.id("sales").await.to_string(), "01900000-0000-7000-8000-00000000dead".to_owned()];
    let team = app.get("admin", "/teams").await.expect(200)["data"][0]["id"].clone();
    let conditions = [
        (json!("nmae = x"), "unknown_field"),
        (json!({"field": "password_hash", "op": "eq", "value": "x"}), "unknown_field"),
        (json!("region ="), "filter_invalid"),
        (json!([1]), "filter_invalid"),
        (json!(7), "filter_invalid"),
        (json!("score = many"), "filter_invalid"),
        (json!("owner.name = x"), "filter_invalid"),
        (json!("activities ANY (kind = call)"), "filter_invalid"),
        (json!("customers IS NOT EMPTY"), "filter_invalid"),
        (json!("owner_id = @me"), "filter_invalid"),
        (json!("status_category = converted"), "invalid_value"),
        (json!("region = a AND region = b"), "invalid_value"),
        (json!("score > 2 AND score < 2"), "invalid_value"),
        (json!((["number = 1"; 51]).join(" OR ")), "filter_too_complex"),
        (
            json!({"field": "region", "op": "in", "value": (0..150).map(|n| format!("{n:0>40}")).collect::<Vec<_>>()}),
            "filter_too_complex",
        ),
    ];
    let mut bad: Vec<_> = Vec::new();
    for (condition, code) in conditions {
        bad.push((json!({"condition": condition}), "/condition", code));
    }
    bad.extend([
        (json!({"name": " "}), "/name", "required"),
        (json!({"name": "x".repeat(101)}), "/name", "too_long"),
        (json!({"name": "a\u{7}"}), "/name", "invalid_value"),
        (json!({"nmae": "x"}), "/nmae", "unknown_field"),
        (json!({"strategy": "lottery"}), "/strategy", "invalid_value"),
        (json!({"position": -1}), "/position", "invalid_value"),
        (json!({"max_open": 0}), "/max_open", "invalid_value"),
        (json!({"max_open": 100_001}), "/max_open", "invalid_value"),
        (json!({"max_per_day": 10_001}), "/max_per_day", "invalid_value"),
        (json!({"working_days": [1, 8]}), "/working_days/1", "invalid_value"),
        (json!({"working_days": [1, 2, 3, 4, 5, 6, 7, 1]}), "/working_days", "too_long"),
        (json!({"working_days": "weekdays"}), "/working_days", "invalid_value"),
        (json!({"user_ids": []}), "/user_ids", "required"),
        (json!({"user_ids": [nobody]}), "/user_ids/0", "not_found"),
        (json!({"user_ids": ["me"]}), "/user_ids/0", "invalid_value"),
        (json!({"user_ids": [sales, nobody], "strategy": "user"}), "/user_ids", "invalid_value"),
        (json!({"user_ids": [sales, sales], "strategy": "round_robin"}), "/user_ids/1", "duplicate"),
        (json!({"user_ids": vec![&sales; 10_000], "strategy": "round_robin"}), "/user_ids", "too_long"),
        (json!({"team_id": team}), "/team_id", "invalid_value"),
        (json!({"team_id": team, "strategy": "round_robin"}), "/user_ids", "invalid_value"),
        (json!({"team_id": nobody, "user_ids": [], "strategy": "round_robin"}), "/team_id", "not_found"),
    ]);
    bad
}

#[actix_web::test]
async fn bad_input_is_pointed_at_and_nothing_is_left() {
    TestApp::each(async |app| {
        let good = for_one(app, "Good", "sales", json!({})).await;
        let made = rule(app, good.clone()).await;
        for (changes, pointer, code) in bad_rules(app).await {
            let mut body = good.clone();
            body.as_object_mut().unwrap().insert("name".into(), json!("New"));
            body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
            let shown: String = changes.to_string().chars().take(120).collect();
            let new = app.post("admin", RULES, body.clone()).await;
            let changed = app.patch("admin", &place(&made), changes).await;
            let tried = app.post("admin", &format!("{RULES}/dry-run"), json!({"rule": body})).await;
            for (answer, prefix) in [(new, ""), (changed, ""), (tried, "/rule")] {
                let found = answer.errors();
                assert_eq!(
                    (answer.status, &answer.body["code"]),
                    (422, &json!("validation_failed")),
                    "{shown} {}",
                    answer.text
                );
                assert_eq!(found[0], (format!("{prefix}{pointer}"), code.to_owned()), "{shown}");
            }
        }
        for missing in ["name", "strategy"] {
            let mut body = good.clone();
            body.as_object_mut().unwrap().remove(missing);
            let refused = app.post("admin", RULES, body).await;
            assert_eq!(refused.errors(), [(format!("/{missing}"), "required".to_owned())]);
        }
        app.post("admin", RULES, json!([])).await.refused(422, "validation_failed");
        app.patch("admin", &place(&made), json!([])).await.refused(422, "validation_failed");
        // Names are compared as people read them.
        let same = app.post("admin", RULES, for_one(app, " ＧＯＯＤ ", "sales", json!({})).await).await;
        assert_eq!(same.errors(), [("/name".to_owned(), "duplicate".to_owned())]);
        same.refused(409, "duplicate");
        let list = app.get("admin", RULES).await.expect(200);
        assert_eq!((named(app).await, &list["data"][0]), (vec!["Good".to_owned()], &made));
    })
    .await;
}

#[actix_web::test]
async fn there_are_a_hundred_rules_and_no_more_than_one_statement_holds() {
    TestApp::each(async |app| {
        // As many values as fit into the text of one condition.
        let values: Vec<String> = (0..200).map(|n| format!("{n:0>10}")).collect();
        let long = json!({"condition": {"field": "region", "op": "in", "value": values}});
        for n in 0..50 {
            rule(app, for_one(app, &format!("R{n}"), "sales", long.clone()).await).await;
        }
        let refused = app.post("admin", RULES, for_one(app, "More", "sales", long.clone()).await).await;
        assert_eq!(refused.errors(), [("/condition".to_owned(), "filter_too_complex".to_owned())]);
        for n in 50..100 {
            rule(app, for_one(app, &format!("R{n}"), "sales", json!({"position": n / 2})).await).await;
        }
        app.post("admin", RULES, for_one(app, "More", "sales", json!({})).await)
            .await
            .refused(422, "validation_failed");
        // All of them are tried at once.
        let last = app.get("admin", RULES).await.expect(200)["data"][99].clone();
        let tried = for_one(app, "R49", "sales2", json!({"id": last["id"], "condition": "region = x"})).await;
        let tried = app.post("admin", &format!("{RULES}/dry-run"), json!({"rule": tried})).await.expect(200);
        assert_eq!(tried["by_rule"].as_array().unwrap().len(), 101);
    })
    .await;
}

#[actix_web::test]
async fn a_team_that_gets_leads_stays() {
    TestApp::each(async |app| {
        let team = app.post("admin", "/teams", json!({"name": "Night"})).await.expect(201);
        let body = json!({"name": "Night", "strategy": "least_loaded", "team_id": team["id"], "with_subteams": true});
        let made = rule(app, body).await;
        assert_eq!(
            (&made["team"]["name"], &made["with_subteams"], &made["users"]),
            (&json!("Night"), &json!(true), &json!([]))
        );
        let team = format!("/teams/{}", id(&team));
        let refused = app.delete("admin", &team).await.refused(409, "in_use");
        assert_eq!(refused["counts"], json!({"users": 0, "teams": 0, "assignment_rules": 1, "customer_pools": 0}));
        let people = json!({"team_id": null, "user_ids": [app.id("sales").await]});
        let changed = app.patch("admin", &place(&made), people).await.expect(200);
        assert_eq!((&changed["team"], &changed["with_subteams"]), (&Value::Null, &json!(false)));
        app.delete("admin", &team).await.expect(204);
    })
    .await;
}

async fn lead(app: &TestApp, who: &str, region: &str, rating: &str) -> Value {
    let body = json!({"company_name": format!("{region} {rating}"), "region": region, "rating": rating});
    app.make(who, "leads", body).await
}

fn counts(tried: &Value) -> Vec<(&str, i64, i64)> {
    let rows = tried["by_rule"].as_array().unwrap().iter();
    rows.map(|row| {
        (row["rule_name"].as_str().unwrap_or(""), row["before"].as_i64().unwrap(), row["after"].as_i64().unwrap())
    })
    .collect()
}

#[actix_web::test]
async fn a_rule_is_tried_on_the_leads_of_the_last_days_and_nothing_is_written() {
    TestApp::each(async |app| {
        lead(app, "sales", "East", "hot").await;
        app.advance(chrono::TimeDelta::days(60));
        for (region, rating) in [("East", "hot"), ("East", "cold"), ("North", "hot"), ("South", "cold")] {
            lead(app, "sales2", region, rating).await;
        }
        let gone = lead(app, "sales", "East", "hot").await;
        app.delete("sales", &format!("/leads/{}", id(&gone))).await.expect(204);
        let east = rule(app, for_one(app, "East", "sales", json!({"condition": "region = East"})).await).await;
        rule(app, for_one(app, "Off", "sales", json!({"is_active": false})).await).await;
        rule(app, for_one(app, "North", "sales", json!({"condition": "region = North"})).await).await;
        let before = (app.get("admin", RULES).await.expect(200), app.get("admin", "/leads").await.expect(200));
        let dry = async |rule: Value, days: i64| {
            let body = json!({"rule": rule, "days": days});
            app.post("admin", &format!("{RULES}/dry-run"), body).await.expect(200)
        };

        let hot = for_one(app, "Hot", "sales", json!({"condition": "rating = hot", "position": 0})).await;
        let tried = dry(hot.clone(), 90).await;
        let told = ["examined", "matched", "moved", "is_truncated"].map(|name| tried[name].clone());
        assert_eq!(told, [json!(5), json!(3), json!(3), json!(false)]);
        assert_eq!(counts(&tried), [("Hot", 0, 3), ("East", 3, 1), ("North", 1, 0), ("", 1, 1)]);
        let samples: Vec<_> = tried["samples"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                (
                    one["name"].as_str().unwrap(),
                    one["owner"]["name"].as_str().unwrap(),
                    one["before"].as_str(),
                    one["after"].as_str(),
                )
            })
            .collect();
        let expected = [
            ("North hot", "猪八戒", Some("North"), Some("Hot")),
            ("East hot", "猪八戒", Some("East"), Some("Hot")),
            ("East hot", "孙悟空", Some("East"), Some("Hot")),
        ];
        assert_eq!(samples, expected);
        assert_eq!(dry(hot.clone(), 30).await["examined"], 4);

        // Behind the others it gets what they leave; in the place of one of them that one is gone.
        let last = for_one(app, "Hot", "sales", json!({"condition": "rating = hot"})).await;
        assert_eq!(counts(&dry(last, 90).await), [("East", 3, 3), ("North", 1, 1), ("Hot", 0, 0), ("", 1, 1)]);
        let replaced = for_one(app, "Cold", "sales", json!({"id": east["id"], "condition": "rating = cold"})).await;
        let tried = dry(replaced, 90).await;
        assert_eq!(counts(&tried), [("Cold", 3, 2), ("North", 1, 1), ("", 1, 2)]);
        assert_eq!(
            (&tried["matched"], &tried["moved"], &tried["by_rule"][0]["rule_id"]),
            (&json!(2), &json!(3), &east["id"])
        );
        let off =
            for_one(app, "East", "sales", json!({"id": east["id"], "condition": "region = East", "is_active": false}))
                .await;
        assert_eq!(counts(&dry(off, 90).await), [("North", 1, 1), ("East", 3, 0), ("", 1, 4)]);
        let nothing = dry(for_one(app, "Never", "sales", json!({"condition": "region = Nowhere"})).await, 90).await;
        assert_eq!((&nothing["matched"], &nothing["moved"], &nothing["samples"]), (&json!(0), &json!(0), &json!([])));

        let now = (app.get("admin", RULES).await.expect(200), app.get("admin", "/leads").await.expect(200));
        assert_eq!(now, before);
        for (body, pointer) in [
            (json!({"rule": hot, "days": 91}), "/days"),
            (json!({"rule": for_one(app, "X", "sales", json!({"id": "none"})).await}), "/rule/id"),
            (json!({"rule": for_one(app, "X", "sales", json!({"id": app.id("sales").await})).await}), "/rule/id"),
            (json!({"rule": []}), "/rule"),
            (json!({}), "/rule"),
        ] {
            let refused = app.post("admin", &format!("{RULES}/dry-run"), body).await;
            assert_eq!(refused.errors()[0].0, pointer, "{}", refused.text);
            refused.refused(422, "validation_failed");
        }
    })
    .await;
}
