//! The points of leads: right in the answer that changes them, told with their reasons, fading with time, and nobody's edit.

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use rapport_api::scoring::sweep;
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::records_given::id;
use crate::scoring::{RULES, behaviour, place, property, rule};

fn days(count: i64) -> TimeDelta {
    TimeDelta::days(count)
}

async fn read(app: &TestApp, lead: &Value) -> Value {
    app.get("admin", &format!("/leads/{}", id(lead))).await.expect(200)
}

async fn why(app: &TestApp, lead: &Value) -> Value {
    app.get("sales", &format!("/leads/{}/score", id(lead))).await.expect(200)
}

async fn patch(app: &TestApp, lead: &Value, changes: Value) -> Value {
    app.patch("sales", &format!("/leads/{}", id(lead)), changes).await.expect(200)
}

async fn lead(app: &TestApp, more: Value) -> Value {
    let mut body = json!({"given_name": "Ada", "company_name": "Works"});
    json_patch::merge(&mut body, &more);
    app.make("sales", "leads", body).await
}

async fn call(app: &TestApp, lead: &Value, more: Value) -> Value {
    let mut body = json!({"kind": "call", "direction": "inbound", "about": [{"type": "lead", "id": lead["id"]}]});
    json_patch::merge(&mut body, &more);
    app.make("sales", "activities", body).await
}

async fn sweep_once(app: &TestApp) -> u64 {
    sweep::once(&app.app).await.unwrap()
}

/// Points, rating and who says so.
fn told(lead: &Value) -> (i64, &str, &str) {
    let word = |name: &str| lead[name].as_str().unwrap_or("");
    (lead["score"].as_i64().unwrap(), word("rating"), word("rating_by"))
}

async fn scored(app: &TestApp, lead: &Value) -> (i64, String, String) {
    let lead = read(app, lead).await;
    let (points, rating, by) = told(&lead);
    (points, rating.to_owned(), by.to_owned())
}

async fn assert_scored(app: &TestApp, lead: &Value, points: i64, rating: &str, by: &str) {
    assert_eq!(scored(app, lead).await, (points, rating.to_owned(), by.to_owned()), "on {}", app.database.backend);
}

/// Whether what is kept of every lead is what its reasons say.
async fn assert_sound(app: &TestApp) {
    let leads = app.get("admin", "/leads?limit=200").await.expect(200);
    for lead in leads["data"].as_array().unwrap() {
        let why = app.get("admin", &format!("/leads/{}/score", id(lead))).await.expect(200);
        assert_eq!(told(&why), told(lead), "{lead} on {}", app.database.backend);
    }
}

/// Calls that they made: at most two, halved every ten days.
async fn inbound(app: &TestApp, points: i32, at_most: i32) -> Value {
    let calls =
        json!({"activity_kinds": ["call"], "direction": "inbound", "at_most": at_most, "halves_after_days": 10});
    rule(app, behaviour("Calls", points, calls)).await
}

#[actix_web::test]
async fn reasons_add_up_and_points_fade_though_nobody_looks() {
    TestApp::each(async |app| {
        let size = rule(app, property("Size", 20, "employees >= 200")).await;
        rule(app, property("Source", 10, "source = website")).await;
        rule(app, property("Free mail", -15, "email $= \"@qq.com\"")).await;
        inbound(app, 16, 2).await;
        let lead = lead(app, json!({"employees": 300, "source": "website"})).await;
        assert_eq!(told(&lead), (30, "warm", "rules"));
        let version = lead["version"].clone();
        for points in [46, 62, 62] {
            call(app, &lead, json!({})).await;
            let rating = if points < 60 { "warm" } else { "hot" };
            assert_scored(app, &lead, points, rating, "rules").await;
        }
        let now = read(app, &lead).await;
        let reasons = why(app, &lead).await;
        assert_eq!((&reasons["score"], &reasons["rating"], &reasons["rating_by"]), (&json!(62), &json!("hot"), &json!("rules")));
        let listed = reasons["reasons"].as_array().unwrap();
        assert_eq!(listed.iter().map(|reason| reason["points"].as_i64().unwrap()).sum::<i64>(), 62);
        let calls = &listed[0];
        assert_eq!((&calls["rule"]["name"], &calls["kind"], &calls["points"], &calls["times"]), (&json!("Calls"), &json!("behaviour"), &json!(32), &json!(2)));
        let moment = |value: &Value| value.as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
        assert!(moment(&calls["fades_at"]) - moment(&calls["latest_at"]) <= days(10));
        assert_eq!(calls["fades_at"], reasons["next_change_at"]);
        let sized = json!({"rule": {"id": size["id"], "name": "Size"}, "kind": "property", "points": 20, "times": 1, "latest_at": null, "fades_at": null});
        assert_eq!(listed[1], sized);
        let missing = &reasons["not_matched"];
        assert_eq!((&missing[0]["rule"]["name"], &missing[0]["points_possible"], missing.as_array().unwrap().len()), (&json!("Free mail"), &json!(-15), 1));
        assert_eq!((&reasons["warm_from"], &reasons["hot_from"]), (&json!(30), &json!(60)));

        assert_eq!(sweep_once(app).await, 0, "all of this was right at once");
        app.advance(days(10) + TimeDelta::minutes(1));
        assert_scored(app, &lead, 62, "hot", "rules").await;
        assert_eq!(why(app, &lead).await["score"], 46, "reasons are told as of now");
        assert_eq!((sweep_once(app).await, sweep_once(app).await), (1, 0));
        assert_scored(app, &lead, 46, "warm", "rules").await;
        assert_sound(app).await;
        // The server was away for months: what is due is done at once, whatever has been missed.
        app.advance(days(365));
        assert_eq!((sweep_once(app).await, sweep_once(app).await), (1, 0));
        assert_scored(app, &lead, 30, "warm", "rules").await;
        assert_eq!(why(app, &lead).await["next_change_at"], Value::Null);
        let after = read(app, &lead).await;
        assert_eq!((&after["version"], &after["updated_at"]), (&version, &now["updated_at"]), "nobody's edit");
        let history = app.get("admin", &format!("/leads/{}/history", id(&lead))).await.expect(200);
        assert_eq!(history["data"].as_array().unwrap().len(), 1, "{history}");
    })
    .await;
}

#[actix_web::test]
async fn whatever_becomes_of_an_activity_the_points_follow_at_once() {
    TestApp::each(async |app| {
        inbound(app, 40, 2).await;
        let visits = json!({"activity_kinds": ["visit", "meeting"]});
        rule(app, behaviour("Visits", 25, visits)).await;
        let [one, other] = [lead(app, json!({})).await, lead(app, json!({"company_name": "Other"})).await];
        let first = call(app, &one, json!({})).await;
        let path = format!("/activities/{}", id(&first));
        assert_scored(app, &one, 40, "warm", "rules").await;
        app.patch("sales", &path, json!({"direction": "outbound"})).await.expect(200);
        assert_scored(app, &one, 0, "cold", "rules").await;
        app.patch("sales", &path, json!({"direction": "inbound"})).await.expect(200);
        app.patch("sales", &path, json!({"about": [{"type": "lead", "id": other["id"]}]})).await.expect(200);
        assert_scored(app, &one, 0, "cold", "rules").await;
        assert_scored(app, &other, 40, "warm", "rules").await;
        app.delete("sales", &path).await.expect(204);
        assert_scored(app, &other, 0, "cold", "rules").await;
        app.post("sales", &format!("{path}/restore"), json!({})).await.expect(200);
        assert_scored(app, &other, 40, "warm", "rules").await;
        // What is planned says nothing until it is done; what was done long ago has faded.
        let planned =
            json!({"kind": "meeting", "due_at": app.app.now() + days(1), "about": [{"type": "lead", "id": one["id"]}]});
        let planned = app.make("sales", "activities", planned).await;
        assert_scored(app, &one, 0, "cold", "rules").await;
        let meeting = format!("/activities/{}", id(&planned));
        app.patch("sales", &meeting, json!({"status": "done"})).await.expect(200);
        assert_scored(app, &one, 25, "cold", "rules").await;
        app.patch("sales", &meeting, json!({"status": "open"})).await.expect(200);
        assert_scored(app, &one, 0, "cold", "rules").await;
        call(app, &one, json!({"happened_at": app.app.now() - days(25)})).await;
        assert_scored(app, &one, 10, "cold", "rules").await;
        // A call of theirs is no answer, a call of ours is: the lead changes, and is scored once more.
        rule(app, property("Working", 7, "status_category = working")).await;
        call(app, &one, json!({"direction": "outbound"})).await;
        let now = read(app, &one).await;
        assert_eq!((&now["status_category"], told(&now)), (&json!("working"), (17, "cold", "rules")));
        assert_eq!(sweep_once(app).await, 0, "what is kept of the other is right, too");
        assert_sound(app).await;
    })
    .await;
}

#[actix_web::test]
async fn what_somebody_says_of_a_lead_holds_until_they_take_it_back() {
    TestApp::each(async |app| {
        let said = lead(app, json!({"rating": "hot"})).await;
        assert_eq!(told(&said), (0, "hot", "person"), "without rules as well");
        let unsaid = lead(app, json!({})).await;
        assert_eq!(told(&unsaid), (0, "", ""));
        let made = rule(app, property("City", 35, "city = 上海")).await;
        assert_eq!(sweep_once(app).await, 1, "one is cold now, and the other what it was");
        assert_scored(app, &unsaid, 0, "cold", "rules").await;
        assert_eq!(told(&patch(app, &said, json!({"city": "上海"})).await), (35, "hot", "person"));
        let taken_back = patch(app, &said, json!({"rating": null})).await;
        assert_eq!(told(&taken_back), (35, "warm", "rules"));
        // A change of something else never makes the rules' word somebody's.
        let changed = patch(app, &said, json!({"title": "CTO"})).await;
        assert_eq!(told(&changed), (35, "warm", "rules"));
        let again = patch(app, &said, json!({"rating": null, "title": "CTO"})).await;
        assert_eq!(
            (&again["version"], told(&again)),
            (&changed["version"], (35, "warm", "rules")),
            "nothing has changed"
        );
        assert_eq!(told(&patch(app, &said, json!({"city": null})).await), (0, "cold", "rules"));
        let history = app.get("admin", &format!("/leads/{}/history", id(&said))).await.expect(200);
        let fields: Vec<Vec<&str>> = history["data"]
            .as_array()
            .unwrap()
            .iter()
            .take(3)
            .map(|change| {
                change["changes"].as_array().unwrap().iter().map(|field| field["field"].as_str().unwrap()).collect()
            })
            .collect();
        assert_eq!(fields, [vec!["city"], vec!["title"], vec!["rating"]]);
        assert_eq!(told(&patch(app, &said, json!({"rating": "cold"})).await), (0, "cold", "person"));
        assert_eq!(told(&patch(app, &unsaid, json!({"city": "上海"})).await), (35, "warm", "rules"));
        app.patch("admin", "/organisation", json!({"lead_warm_from": 36})).await.expect(200);
        assert_eq!(sweep_once(app).await, 1);
        assert_scored(app, &unsaid, 35, "cold", "rules").await;
        app.delete("admin", &place(&made)).await.expect(204);
        sweep_once(app).await;
        assert_scored(app, &unsaid, 0, "", "").await;
        assert_scored(app, &said, 0, "cold", "person").await;
        assert_sound(app).await;
    })
    .await;
}

#[actix_web::test]
async fn converted_leads_stay_what_they_were_and_the_trash_waits() {
    TestApp::each(async |app| {
        inbound(app, 40, 2).await;
        let qualified = rule(app, property("Open", 30, "status_category IN (new, working)")).await;
        let [one, gone] = [lead(app, json!({})).await, lead(app, json!({"company_name": "Gone"})).await];
        call(app, &one, json!({})).await;
        assert_scored(app, &one, 70, "hot", "rules").await;
        let part = json!({"mode": "create"});
        let into = json!({"customer": part, "contact": part, "opportunity": part});
        app.post("sales", &format!("/leads/{}/conversion", id(&one)), into).await.expect(201);
        app.delete("sales", &format!("/leads/{}", id(&gone))).await.expect(204);
        assert_scored(app, &one, 70, "hot", "rules").await;
        call(app, &one, json!({})).await;
        app.advance(days(12));
        app.patch("admin", &place(&qualified), json!({"points": 5})).await.expect(200);
        assert_eq!(sweep_once(app).await, 0);
        assert_scored(app, &one, 70, "hot", "rules").await;
        let told = why(app, &one).await;
        assert_eq!(
            (&told["score"], &told["rating"], &told["reasons"], &told["next_change_at"]),
            (&json!(70), &json!("hot"), &json!([]), &Value::Null)
        );
        assert_scored(app, &gone, 30, "warm", "rules").await;
        let back = app.post("sales", &format!("/leads/{}/restore", id(&gone)), json!({})).await.expect(200);
        assert_eq!(back["score"], 5);
        app.post("sales", &format!("/leads/{}/conversion/undo", id(&one)), json!({})).await.expect(200);
        assert_scored(app, &one, 5 + 20 + 20, "warm", "rules").await;
        assert_sound(app).await;
    })
    .await;
}

#[actix_web::test]
async fn changed_rules_reach_every_lead_and_new_ones_at_once() {
    TestApp::each(async |app| {
        let old = lead(app, json!({"source": "event"})).await;
        let made = rule(app, property("Fair", 35, "source = event")).await;
        assert_scored(app, &old, 0, "", "").await;
        let new = lead(app, json!({"company_name": "New", "source": "event"})).await;
        assert_eq!(told(&new), (35, "warm", "rules"), "whatever is written is scored at once");
        let other = app.another().await;
        let looked = join_all([sweep::once(&app.app), sweep::once(&other)]).await;
        assert_eq!(looked.into_iter().map(Result::unwrap).sum::<u64>(), 1, "by one of all nodes");
        assert_scored(app, &old, 35, "warm", "rules").await;
        app.patch("admin", &place(&made), json!({"name": "Fairs"})).await.expect(200);
        assert_eq!(sweep_once(app).await, 0, "a name is not worth a point");
        for (change, points, rating, by) in [
            (json!({"points": 90}), 90, "hot", "rules"),
            (json!({"is_active": false}), 0, "", ""),
            (json!({"is_active": true, "condition": "source = referral"}), 0, "cold", "rules"),
            (json!({"condition": "source = event"}), 90, "hot", "rules"),
        ] {
            app.patch("admin", &place(&made), change).await.expect(200);
            assert_eq!(sweep_once(app).await, 2);
            assert_scored(app, &old, points, rating, by).await;
        }
        // What is replaced for many at once is scored after it.
        app.delete("admin", "/sources/event?replacement=other").await.expect(204);
        assert_eq!(sweep_once(app).await, 2);
        assert_scored(app, &new, 0, "cold", "rules").await;
        assert_eq!(read(app, &old).await["version"], 2, "the replacement is an edit, its points are not");
        assert_sound(app).await;
    })
    .await;
}

#[actix_web::test]
async fn of_many_activities_at_once_none_loses_its_points() {
    TestApp::each(async |app| {
        inbound(app, 5, 20).await;
        let rule = rule(app, property("Size", 3, "employees > 10")).await;
        let lead = lead(app, json!({})).await;
        let other = app.another().await;
        let calls = (0..16).map(|_| call(app, &lead, json!({})));
        let sizes = async {
            for employees in [5, 20, 7, 30] {
                patch(app, &lead, json!({"employees": employees})).await;
            }
        };
        let rules = async {
            for points in [4, 6, 9] {
                app.patch("admin", &place(&rule), json!({"points": points})).await.expect(200);
                sweep::once(&other).await.unwrap();
            }
        };
        futures_util::join!(join_all(calls), sizes, rules);
        sweep_once(app).await;
        assert_scored(app, &lead, 16 * 5 + 9, "hot", "rules").await;
        let told = why(app, &lead).await;
        assert_eq!((&told["score"], &told["reasons"][0]["times"]), (&json!(89), &json!(16)));
        assert_sound(app).await;
        assert_eq!(app.get("admin", RULES).await.expect(200)["data"].as_array().unwrap().len(), 2);
    })
    .await;
}

#[actix_web::test]
async fn a_lead_that_a_program_sends_is_given_by_its_points() {
    TestApp::each(async |app| {
        rule(app, property("Big", 80, "employees >= 1000")).await;
        let given = json!({"name": "Hot ones", "strategy": "user", "user_ids": [app.id("sales2").await], "condition": "rating = hot AND score >= 80"});
        app.post("admin", "/assignment-rules", given).await.expect(201);
        let key = app.post("admin", "/api-keys", json!({"name": "K", "scopes": ["*:write"]})).await.expect(201);
        for (employees, owner) in [(5000, json!("猪八戒")), (5, Value::Null)] {
            let request = app.request(reqwest::Method::POST, "/leads").bearer_auth(key["key"].as_str().unwrap());
            let sent = request.json(&json!({"company_name": "Sent", "employees": employees}));
            let made = crate::harness::answer(sent).await.expect(201);
            assert_eq!(made["owner"]["name"], owner, "{made}");
        }
    })
    .await;
}
