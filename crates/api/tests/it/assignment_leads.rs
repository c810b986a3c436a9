//! Leads and the assignment rules: who gets one, in turn, by load, by day and by cap, why, and that it is even however many ask.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use futures_util::future::join_all;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::assignment::{for_one, people, rule};
use crate::harness::{Answer, Node, TestApp, answer};
use crate::records_given::{id, ids};

/// A program with a key of the administrator.
pub(crate) struct Program<'a> {
    app: &'a TestApp,
    key: String,
}

impl<'a> Program<'a> {
    pub(crate) async fn of(app: &'a TestApp, who: &str) -> Self {
        let made = app.post(who, "/api-keys", json!({"name": "Form", "scopes": ["leads:write"]})).await.expect(201);
        Self { app, key: made["key"].as_str().unwrap().to_owned() }
    }

    async fn send(&self, method: Method, path: &str, body: Value) -> Answer {
        answer(self.app.request(method, path).bearer_auth(&self.key).json(&body)).await
    }

    /// Sends a lead without an owner; answers it.
    pub(crate) async fn lead(&self, more: Value) -> Value {
        let mut body = json!({"company_name": "Lead"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.send(Method::POST, "/leads", body).await.expect(201)
    }

    /// Sends a lead; answers the name of whoever got it.
    async fn owner(&self, more: Value) -> String {
        self.lead(more).await["owner"]["name"].as_str().unwrap_or("nobody").to_owned()
    }

    async fn owners(&self, count: usize) -> Vec<String> {
        let mut owners = Vec::new();
        for _ in 0..count {
            owners.push(self.owner(json!({})).await);
        }
        owners
    }
}

/// Why a lead has its owner, as the administrator sees it.
async fn why(app: &TestApp, lead: &Value) -> Value {
    app.get("admin", &format!("/leads/{}/assignment", id(lead))).await.expect(200)["data"].clone()
}

/// What became of each rule.
fn results(why: &Value) -> Vec<(String, String)> {
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    why["trace"].as_array().unwrap().iter().map(|step| (word(&step["rule_name"]), word(&step["result"]))).collect()
}

fn obstacles(step: &Value) -> Vec<(&str, &str)> {
    let passed = step["passed_over"].as_array().unwrap().iter();
    passed.map(|one| (one["name"].as_str().unwrap(), one["reason"].as_str().unwrap())).collect()
}

async fn turns(app: &TestApp, name: &str, words: &[&str], changes: Value) -> Value {
    let mut body = json!({"name": name, "strategy": "round_robin", "user_ids": people(app, words).await});
    body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    rule(app, body).await
}

#[actix_web::test]
async fn a_program_without_rules_keeps_what_it_makes_and_so_does_a_person_with_them() {
    TestApp::each(async |app| {
        let form = Program::of(app, "marketing").await;
        let alone = form.lead(json!({})).await;
        assert_eq!(alone["owner"]["name"], "Mark Marketing");
        assert_eq!(
            app.get("admin", &format!("/leads/{}/assignment", id(&alone))).await.expect(200),
            json!({"data": null, "earlier": 0})
        );
        rule(app, for_one(app, "Off", "sales2", json!({"is_active": false})).await).await;
        assert_eq!(form.owner(json!({})).await, "Mark Marketing");

        rule(app, for_one(app, "All", "sales2", json!({})).await).await;
        assert_eq!(app.make("sales", "leads", json!({"company_name": "Mine"})).await["owner"]["name"], "孙悟空");
        assert_eq!(form.owner(json!({"owner_id": app.id("sales").await})).await, "孙悟空");
        assert_eq!(form.owner(json!({})).await, "猪八戒");
        assert_eq!(form.owner(json!({"owner_id": null})).await, "猪八戒");
        // Whoever may only make leads of their own makes one for somebody else by rule, and does not see it afterwards.
        let narrow = Program::of(app, "sales").await;
        let given = narrow.lead(json!({})).await;
        assert_eq!(given["owner"]["name"], "猪八戒");
        narrow.send(Method::GET, &format!("/leads/{}", id(&given)), json!({})).await.refused(404, "not_found");
    })
    .await;
}

#[actix_web::test]
async fn the_first_rule_that_fits_gives_the_lead_and_tells_why() {
    TestApp::each(async |app| {
        rule(
            app,
            for_one(app, "VIP", "manager", json!({"condition": "tags HAS ANY (vip) AND owner_id IS NULL"})).await,
        )
        .await;
        let east = rule(
            app,
            for_one(app, "East", "sales", json!({"condition": {"field": "region", "op": "eq", "value": "East"}})).await,
        )
        .await;
        rule(app, for_one(app, "Big", "sales2", json!({"condition": "estimated_amount >= 1000"})).await).await;
        let form = Program::of(app, "marketing").await;
        let lead =
            form.lead(json!({"region": "East", "estimated_amount": {"amount": "5000.00", "currency": "CNY"}})).await;
        assert_eq!((&lead["owner"]["name"], &lead["version"]), (&json!("孙悟空"), &json!(1)));
        let told = why(app, &lead).await;
        assert_eq!(told["rule"], json!({"id": east["id"], "name": "East", "version": 1}));
        assert_eq!(told["owner"]["name"], "孙悟空");
        assert_eq!(results(&told), [("VIP".into(), "not_matched".into()), ("East".into(), "assigned".into())]);
        assert_eq!(form.owner(json!({"tags": ["vip"]})).await, "曼丽");
        assert_eq!(form.owner(json!({"estimated_amount": {"amount": "1000.00", "currency": "CNY"}})).await, "猪八戒");
        // The record's team is its new owner's, and the history has one line, with the owner.
        let history = app.get("admin", &format!("/leads/{}/history", id(&lead))).await.expect(200);
        let created = &history["data"][0];
        assert_eq!((&created["action"], history["data"].as_array().unwrap().len()), (&json!("create"), 1));
        let owner = created["changes"].as_array().unwrap().iter().find(|change| change["field"] == "owner_id").unwrap();
        assert_eq!(owner["new"], json!(app.id("sales").await));
        assert!(
            ids(&app.get("manager", "/leads").await.expect(200)).contains(&id(&lead).to_owned()),
            "seen by its team"
        );
        // Whoever sees the lead sees why; whoever does not, does not.
        let path = format!("/leads/{}/assignment", id(&lead));
        assert_eq!(app.get("sales", &path).await.expect(200)["data"], told);
        app.get("sales2", &path).await.refused(404, "not_found");
        app.get("service", &path).await.refused(404, "not_found");
        assert_eq!(app.get("admin", &format!("/assignment-rules/{}", id(&east))).await.expect(200)["given_30_days"], 1);

        // What no rule fits is nobody's: a queue.
        let queued = form.lead(json!({"region": "West"})).await;
        assert_eq!((&queued["owner"], &queued["team_id"]), (&Value::Null, &Value::Null));
        let told = why(app, &queued).await;
        assert_eq!((&told["rule"], &told["owner"], results(&told).len()), (&Value::Null, &Value::Null, 3));
        assert_eq!(ids(&app.get("admin", "/leads?owner_id=null").await.expect(200)), [id(&queued)]);
    })
    .await;
}

#[actix_web::test]
async fn everybody_has_a_turn_also_in_a_batch_and_by_upsert() {
    TestApp::each(async |app| {
        let made = turns(app, "Turns", &["sales2", "manager", "sales"], json!({})).await;
        let form = Program::of(app, "marketing").await;
        assert_eq!(form.owners(4).await, ["猪八戒", "曼丽", "孙悟空", "猪八戒"]);
        let create = json!({"action": "create", "data": {"company_name": "B"}});
        let bad = json!({"action": "create", "data": {"company_name": "B", "status": "none"}});
        let known = json!({"system": "crm", "external_id": "1"});
        let upsert = json!({"action": "upsert", "external_id": known, "data": {"company_name": "U"}});
        let batch = json!({"operations": [create, bad, create, upsert, upsert]});
        let batch = form.send(Method::POST, "/leads/batch", batch).await.expect(200);
        let mut owners = Vec::new();
        for result in batch["results"].as_array().unwrap().iter().filter(|result| result["status"] == 201) {
            owners.push(app.get("admin", &format!("/leads/{}", id(result))).await.expect(200)["owner"]["name"].clone());
        }
        assert_eq!(owners, ["曼丽", "孙悟空", "猪八戒"]);
        // A batch that is undone leaves turns where they were.
        let undone = json!({"atomic": true, "operations": [create, create, bad]});
        form.send(Method::POST, "/leads/batch", undone).await.refused(422, "validation_failed");
        let put = form.send(Method::PUT, "/leads/by/crm/2", json!({"company_name": "P"})).await.expect(201);
        assert_eq!(put["owner"]["name"], "曼丽");
        let again = form.send(Method::PUT, "/leads/by/crm/2", json!({"company_name": "Q"})).await.expect(200);
        assert_eq!(again["owner"]["name"], "曼丽");

        // Turns are no change of the rule, and go on when it is changed or somebody leaves the list.
        let path = format!("/assignment-rules/{}", id(&made));
        assert_eq!(app.get("admin", &path).await.expect(200)["version"], 1);
        app.patch("admin", &path, json!({"name": "Others"})).await.expect(200);
        assert_eq!(form.owners(1).await, ["孙悟空"]);
        app.patch("admin", &path, json!({"user_ids": people(app, &["sales2", "manager"]).await})).await.expect(200);
        assert_eq!(form.owners(3).await, ["猪八戒", "曼丽", "猪八戒"]);
    })
    .await;
}

#[actix_web::test]
async fn the_least_loaded_gets_it_and_caps_hold_until_the_day_ends() {
    TestApp::each(async |app| {
        let own = app.make("sales", "leads", json!({"company_name": "Own"})).await;
        app.make("sales", "leads", json!({"company_name": "Other"})).await;
        let body = json!({"name": "Loads", "strategy": "least_loaded", "user_ids": people(app, &["sales", "sales2", "manager"]).await, "max_open": 3});
        let made = rule(app, body).await;
        let form = Program::of(app, "marketing").await;
        assert_eq!(form.owners(4).await, ["猪八戒", "曼丽", "猪八戒", "曼丽"]);
        // All have two: who was never given one waits longest.
        assert_eq!(form.owners(3).await, ["孙悟空", "猪八戒", "曼丽"]);
        let full = form.lead(json!({})).await;
        assert_eq!(full["owner"], Value::Null);
        let told = why(app, &full).await;
        assert_eq!(told["trace"][0]["result"], "nobody_available");
        assert_eq!(obstacles(&told["trace"][0]), [("孙悟空", "max_open"), ("猪八戒", "max_open"), ("曼丽", "max_open")]);
        assert_eq!(told["trace"][0]["passed_over_count"], 3);
        // What is no longer open makes room.
        let done = json!({"status": "disqualified", "disqualified_reason": "no_need"});
        app.patch("sales", &format!("/leads/{}", id(&own)), done).await.expect(200);
        assert_eq!(form.owners(2).await, ["孙悟空", "nobody"]);

        let path = format!("/assignment-rules/{}", id(&made));
        let daily = json!({"strategy": "round_robin", "max_open": null, "max_per_day": 4});
        app.patch("admin", &path, daily).await.expect(200);
        // Given today: two, three and three.
        let owners = form.owners(5).await;
        assert_eq!((owners[..4].iter().filter(|name| *name == "孙悟空").count(), owners[4].as_str()), (2, "nobody"));
        assert_eq!(obstacles(&why(app, &form.lead(json!({})).await).await["trace"][0])[0], ("孙悟空", "max_per_day"));
        // 08:00 in London is 20:00 in Auckland: there the day ends first.
        app.patch("admin", &format!("/users/{}", app.id("sales2").await), json!({"time_zone": "Pacific/Auckland"})).await.expect(200);
        app.advance(TimeDelta::hours(5));
        assert_eq!(form.owners(2).await, ["猪八戒", "猪八戒"]);
        app.advance(TimeDelta::hours(12));
        let owners = form.owners(11).await;
        assert_eq!((owners.iter().filter(|name| *name == "猪八戒").count(), owners[10].as_str()), (2, "nobody"));
    })
    .await;
}

#[actix_web::test]
async fn nobody_is_given_a_lead_on_a_day_off_where_they_are() {
    TestApp::each(async |app| {
        // A Saturday morning in London; in Auckland it is evening.
        turns(app, "Week", &["sales", "sales2"], json!({"working_days": [1, 2, 3, 4, 5]})).await;
        rule(app, for_one(app, "Weekend", "manager", json!({})).await).await;
        app.patch("admin", &format!("/users/{}", app.id("sales2").await), json!({"time_zone": "Pacific/Auckland"}))
            .await
            .expect(200);
        let form = Program::of(app, "marketing").await;
        let saturday = form.lead(json!({})).await;
        assert_eq!(saturday["owner"]["name"], "曼丽");
        let told = why(app, &saturday).await;
        assert_eq!(results(&told), [("Week".into(), "nobody_available".into()), ("Weekend".into(), "assigned".into())]);
        assert_eq!(obstacles(&told["trace"][0]), [("孙悟空", "day_off"), ("猪八戒", "day_off")]);
        // Sunday noon in London is Monday there.
        app.advance(TimeDelta::hours(28));
        let sunday = form.lead(json!({})).await;
        assert_eq!(sunday["owner"]["name"], "猪八戒");
        assert_eq!(obstacles(&why(app, &sunday).await["trace"][0]), [("孙悟空", "day_off")]);
        app.advance(TimeDelta::hours(24));
        assert_eq!(form.owners(2).await, ["孙悟空", "猪八戒"]);
    })
    .await;
}

#[actix_web::test]
async fn who_is_switched_off_or_may_not_see_leads_is_passed_over() {
    TestApp::each(async |app| {
        turns(app, "Turns", &["service", "sales", "sales2"], json!({})).await;
        let form = Program::of(app, "marketing").await;
        app.patch("admin", &format!("/users/{}", app.id("sales").await), json!({"is_active": false})).await.expect(200);
        let lead = form.lead(json!({})).await;
        assert_eq!(lead["owner"]["name"], "猪八戒");
        let expected = [("Sera Service", "not_permitted"), ("孙悟空", "inactive")];
        assert_eq!(obstacles(&why(app, &lead).await["trace"][0]), expected);
        app.patch("admin", &format!("/users/{}", app.id("sales").await), json!({"is_active": true})).await.expect(200);
        assert_eq!(form.owners(3).await, ["孙悟空", "猪八戒", "孙悟空"]);
    })
    .await;
}

#[actix_web::test]
async fn a_team_gives_to_its_active_members_and_to_those_below() {
    TestApp::each(async |app| {
        let teams = app.get("admin", "/teams").await.expect(200);
        let north =
            teams["data"].as_array().unwrap().iter().find(|team| team["name"] == "North").unwrap()["id"].clone();
        let body = json!({"name": "North", "strategy": "round_robin", "team_id": north, "with_subteams": true});
        let made = rule(app, body).await;
        let form = Program::of(app, "marketing").await;
        // By their ids: the manager was added first.
        assert_eq!(form.owners(3).await, ["曼丽", "孙悟空", "曼丽"]);
        app.patch("admin", &format!("/assignment-rules/{}", id(&made)), json!({"with_subteams": false}))
            .await
            .expect(200);
        assert_eq!(form.owners(2).await, ["曼丽", "曼丽"]);
        app.patch("admin", &format!("/users/{}", app.id("manager").await), json!({"is_active": false}))
            .await
            .expect(200);
        let nobody = form.lead(json!({})).await;
        // Who is switched off is no longer one of those whom a team stands for.
        let told = why(app, &nobody).await;
        assert_eq!((&told["trace"][0]["result"], obstacles(&told["trace"][0])), (&json!("nobody_available"), vec![]));
    })
    .await;
}

#[actix_web::test]
async fn a_lead_that_is_there_is_given_by_whoever_may_give_it_away() {
    TestApp::each(async |app| {
        let lead = app.make("sales", "leads", json!({"company_name": "Lead", "region": "East"})).await;
        let (path, place) = (format!("/leads/{}/assignment", id(&lead)), format!("/leads/{}", id(&lead)));
        let none = app.post("sales", &path, json!({})).await.expect(200);
        assert_eq!((&none["rule"], &none["owner"], &none["trace"]), (&Value::Null, &Value::Null, &json!([])));
        turns(app, "Turns", &["sales2", "sales"], json!({"condition": "region = East"})).await;
        for (who, status, code) in
            [("viewer", 403, "forbidden"), ("sales2", 404, "not_found"), ("", 401, "unauthenticated")]
        {
            app.post(who, &path, json!({})).await.refused(status, code);
        }
        let stale = app.send_with("sales", Method::POST, &path, &[("if-match", "\"7\"")], None).await;
        stale.refused(412, "version_conflict");
        // Somebody of another team gets it, whom they could not have given it to themselves.
        for replayed in ["", "true"] {
            let headers = [("if-match", "\"1\""), ("idempotency-key", "once")];
            let done = app.send_with("sales", Method::POST, &path, &headers, None).await;
            assert_eq!((done.header("etag"), done.header("idempotent-replayed")), ("\"2\"", replayed));
            let done = done.expect(200);
            assert_eq!((&done["rule"]["name"], &done["owner"]["name"]), (&json!("Turns"), &json!("猪八戒")));
        }
        app.post("sales", &path, json!({})).await.refused(404, "not_found");
        assert_eq!(app.post("sales2", &path, json!({})).await.expect(200)["owner"]["name"], "孙悟空");
        let history = app.get("admin", &format!("{place}/history")).await.expect(200);
        let lines: Vec<_> =
            history["data"].as_array().unwrap().iter().map(|line| line["action"].as_str().unwrap()).collect();
        assert_eq!(lines, ["assign_by_rule", "assign_by_rule", "create"]);
        assert_eq!(history["data"][0]["actor"]["name"], "猪八戒");
        // Nobody else for it: it is given once more to whom it has, which is no change.
        let only = for_one(app, "Only", "sales", json!({"position": 0})).await;
        rule(app, only).await;
        assert_eq!(app.post("sales", &path, json!({})).await.expect(200)["rule"]["name"], "Only");
        assert_eq!(app.get("sales", &place).await.expect(200)["version"], 3);
        let told = app.get("sales", &path).await.expect(200);
        assert_eq!((&told["data"]["rule"]["name"], &told["earlier"]), (&json!("Only"), &json!(3)));

        let rules = app.get("admin", "/assignment-rules").await.expect(200);
        let first = format!("/assignment-rules/{}", id(&rules["data"][0]));
        app.patch("admin", &first, json!({"condition": "region = West"})).await.expect(200);
        app.patch("sales", &place, json!({"region": "South"})).await.expect(200);
        let none = app.post("sales", &path, json!({})).await.expect(200);
        assert_eq!((&none["owner"], results(&none).len()), (&Value::Null, 2));
        assert_eq!(app.get("sales", &place).await.expect(200)["owner"]["name"], "孙悟空", "its owner stays");

        app.post("sales", &format!("{place}/conversion"), json!({"customer": {"mode": "create"}})).await.expect(201);
        app.post("sales", &path, json!({})).await.refused(409, "lead_converted");
    })
    .await;
}

#[actix_web::test]
async fn what_a_rule_gave_stays_told_when_the_rule_is_gone() {
    TestApp::each(async |app| {
        let made = rule(app, for_one(app, "Gone", "sales", json!({})).await).await;
        let form = Program::of(app, "marketing").await;
        let lead = form.lead(json!({})).await;
        let path = format!("/assignment-rules/{}", id(&made));
        app.patch("admin", &path, json!({"name": "Gone soon"})).await.expect(200);
        app.delete("admin", &path).await.expect(204);
        let told = why(app, &lead).await;
        assert_eq!(told["rule"], json!({"id": null, "name": "Gone", "version": 1}));
        assert_eq!((&told["trace"][0]["rule_id"], &told["owner"]["name"]), (&made["id"], &json!("孙悟空")));
        app.delete("admin", &format!("/leads/{}", id(&lead))).await.expect(204);
        assert_eq!(why(app, &lead).await, told);
        rapport_api::trash::empty(&app.app, app.app.now() + TimeDelta::days(31)).await.unwrap();
        app.get("admin", &format!("/leads/{}/assignment", id(&lead))).await.refused(404, "not_found");
    })
    .await;
}

/// How many leads everybody has, by name.
async fn shares(app: &TestApp) -> BTreeMap<String, i64> {
    let summary = app.get("admin", "/leads/summary?group_by=owner_id").await.expect(200);
    let mut shares = BTreeMap::new();
    for group in summary["data"].as_array().unwrap() {
        let owner = group["key"]["owner_id"].as_str().unwrap_or("nobody").to_owned();
        shares.insert(owner, group["count"].as_i64().unwrap());
    }
    shares
}

/// Sends a request under a key until it is taken, as programs are told to when too many are waiting.
pub(crate) async fn insist(request: RequestBuilder, key: String) -> Answer {
    let request = request.header("idempotency-key", key);
    loop {
        let answer = answer(request.try_clone().unwrap()).await;
        let Ok(seconds) = answer.header("retry-after").parse() else { return answer };
        tokio::time::sleep(std::time::Duration::from_secs(seconds)).await;
    }
}

/// Sixteen clients send leads at once, by turns to two servers on one database.
async fn sixteen(app: &TestApp, node: &Node, form: &Program<'_>, each: usize) {
    let client = async |n: usize| {
        for round in 0..each {
            let base = if (n + round).is_multiple_of(2) { &app.base } else { &node.base };
            let request = app.client.post(format!("{base}/api/v1/leads")).bearer_auth(&form.key);
            let request = request.json(&json!({"company_name": format!("Lead {n} {round}")}));
            insist(request, format!("lead-{n}-{round}")).await.expect(201);
        }
    };
    join_all((0..16).map(client)).await;
}

#[actix_web::test]
async fn turns_are_exactly_even_however_many_ask_at_once_and_wherever() {
    TestApp::each(async |app| {
        turns(app, "Turns", &["sales", "sales2", "manager", "admin"], json!({})).await;
        let (form, node) = (Program::of(app, "marketing").await, app.beside().await);
        sixteen(app, &node, &form, 10).await;
        assert_eq!(shares(app).await.into_values().collect::<Vec<_>>(), [40, 40, 40, 40]);
        node.stop().await;
    })
    .await;
}

#[actix_web::test]
async fn caps_are_exact_however_many_ask_at_once_and_through_two_rules() {
    TestApp::each(async |app| {
        turns(app, "Seven", &["sales", "sales2"], json!({"max_open": 7, "condition": "company_name $= '1' OR company_name $= '3'"})).await;
        let both = json!({"name": "Nine", "strategy": "least_loaded", "user_ids": people(app, &["sales", "sales2"]).await, "max_per_day": 9});
        rule(app, both).await;
        let (form, node) = (Program::of(app, "marketing").await, app.beside().await);
        sixteen(app, &node, &form, 4).await;
        assert_eq!(shares(app).await.into_values().collect::<Vec<_>>(), [9, 9, 46]);
        node.stop().await;
    })
    .await;
}

#[actix_web::test]
async fn batches_that_meet_in_different_orders_all_come_through() {
    TestApp::each(async |app| {
        turns(app, "A", &["sales", "sales2"], json!({"condition": "region = A"})).await;
        turns(app, "B", &["sales", "sales2"], json!({"condition": "region = B"})).await;
        let form = Program::of(app, "marketing").await;
        let batch = |n: usize| {
            let of = |region: &str| json!({"action": "create", "data": {"company_name": "L", "region": region}});
            let regions = if n.is_multiple_of(2) { ["A", "B"] } else { ["B", "A"] };
            let body =
                json!({"atomic": true, "operations": [of(regions[0]), of(regions[1]), of(regions[0]), of(regions[1])]});
            insist(app.request(Method::POST, "/leads/batch").bearer_auth(&form.key).json(&body), format!("batch-{n}"))
        };
        for answer in join_all((0..16).map(batch)).await {
            answer.expect(200);
        }
        assert_eq!(shares(app).await.into_values().collect::<Vec<_>>(), [32, 32]);
    })
    .await;
}

#[actix_web::test]
async fn a_trial_of_what_is_there_says_what_was_given() {
    TestApp::each(async |app| {
        let conditions = [
            ("Amount", "estimated_amount > 1200 AND estimated_amount.currency = CNY"),
            ("Text", "company_name ~ 'alp' OR city ^= 上 OR interest IS NOT EMPTY"),
            ("Tags", "tags HAS ALL (vip, fair) OR NOT tags IS EMPTY AND rating IN (hot, warm)"),
            ("Number", "employees BETWEEN 10 AND 50 OR score < 0"),
            ("Time", "created_at >= @today AND email $= 'example' AND NOT phone IS NULL"),
            ("Rest", "source != website AND status_category = new"),
        ];
        for (name, condition) in conditions {
            rule(app, for_one(app, name, "sales", json!({"condition": condition})).await).await;
        }
        let form = Program::of(app, "marketing").await;
        let mut given: BTreeMap<String, i64> = BTreeMap::new();
        for n in 0_usize..72 {
            let pick = |words: &[Value], by: usize| words[n / by % words.len()].clone();
            let lead = form
                .lead(json!({
                    "company_name": pick(&[json!("Alpha"), json!("Beta")], 1), "city": pick(&[Value::Null, json!("北京"), json!("海口"), json!("上海")], 3),
                    "estimated_amount": pick(&[Value::Null, json!({"amount": "1200.01", "currency": "USD"}), json!({"amount": "1300", "currency": "CNY"})], 24),
                    "tags": pick(&[json!([]), json!(["vip"]), json!(["fair", "vip"])], 5), "rating": pick(&[json!("cold"), json!("hot")], 7),
                    "employees": pick(&[Value::Null, json!(10), json!(51)], 2), "email": pick(&[Value::Null, json!("a@b.example")], 4),
                    "phone": pick(&[json!("138 1234 5678"), Value::Null], 9), "source": pick(&[json!("website"), json!("ad"), Value::Null], 11),
                }))
                .await;
            let rule = why(app, &lead).await["rule"]["name"].as_str().unwrap_or("").to_owned();
            *given.entry(rule).or_default() += 1;
        }
        let last = app.get("admin", "/assignment-rules").await.expect(200)["data"][5].clone();
        let same = for_one(app, "Rest", "sales", json!({"id": last["id"], "condition": last["condition"]})).await;
        let tried = app.post("admin", "/assignment-rules/dry-run", json!({"rule": same})).await.expect(200);
        assert_eq!((&tried["examined"], &tried["moved"]), (&json!(72), &json!(0)));
        let told: BTreeMap<String, i64> = tried["by_rule"].as_array().unwrap().iter()
            .map(|row| (row["rule_name"].as_str().unwrap_or("").to_owned(), row["after"].as_i64().unwrap()))
            .filter(|(_, count)| *count > 0)
            .collect();
        assert_eq!(told, given);
        assert!(given.len() > 5, "{given:?}");
    })
    .await;
}
