//! Everything of somebody who leaves goes to others in one operation, which can be undone.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::assignment::{for_one, rule};
use crate::doctor::levels;
use crate::harness::{Answer, TestApp, answer};
use crate::notifications::lines;
use crate::pools::{default_pool, set_default};
use crate::records_given::{id, ids};
use crate::transfers::{Company, company, owner};

/// What is handed over when everything goes to the same people.
pub(crate) fn everything(users: &[Uuid]) -> Value {
    let to = json!({"user_ids": users});
    json!({"customers": to, "contacts": to, "leads": to, "opportunities": to, "tasks": to})
}

/// The same with more.
fn with(mut body: Value, more: Value) -> Value {
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

/// Hands over what somebody has.
pub(crate) async fn hand_over(app: &TestApp, who: &str, body: Value) -> Answer {
    let user = app.id(who).await;
    app.post("admin", &format!("/users/{user}/handovers"), body).await
}

async fn undo(app: &TestApp, handover: &Value) -> Answer {
    app.post("admin", &format!("/handovers/{}/undo", id(handover)), json!({})).await
}

pub(crate) async fn holdings(app: &TestApp, who: &str) -> Value {
    app.get("admin", &format!("/users/{}/holdings", app.id(who).await)).await.expect(200)
}

async fn user(app: &TestApp, who: &str) -> Value {
    app.get("admin", &format!("/users/{}", app.id(who).await)).await.expect(200)
}

async fn owner_of(app: &TestApp, plural: &'static str, record: &Value) -> Value {
    owner(app, &(plural, record.clone())).await
}

fn counts(all: &Value, kinds: [i64; 5]) {
    let names = ["customers", "contacts", "leads", "opportunities", "tasks"];
    assert_eq!(names.map(|name| all[name].as_i64().unwrap()), kinds, "{all}");
}

/// Nothing that is kept beside records has become untrue.
fn is_sound(app: &TestApp) {
    let (_, levels, text) = levels(&app.database.target);
    assert!(levels.values().all(|level| level != "fault"), "{text}");
}

#[actix_web::test]
async fn everything_of_whoever_leaves_goes_to_somebody_and_they_are_switched_off() {
    TestApp::each(async |app| {
        let Company { own, foreign, customer } = company(app).await;
        let lead = app.make_any("sales", "leads", "Lead").await;
        let has = holdings(app, "sales").await;
        counts(&has, [1, 1, 1, 1, 2]);
        let named = [&has["is_any_open"], &has["reports"], &has["assignment_rules"], &has["api_keys"]];
        assert_eq!(named, [&json!(true), &json!(0), &json!(0), &json!(0)]);
        let token = app.token("sales").await;
        let heir = app.id("sales2").await;
        let body = with(everything(&[heir]), json!({"deactivate": true, "reason": "  Leaves us "}));
        let made = hand_over(app, "sales", body).await;
        let place = made.header("location").to_owned();
        let handover = made.expect(201);
        assert_eq!(place, format!("/api/v1/handovers/{}", id(&handover)));
        counts(&handover["counts"], [1, 1, 1, 1, 2]);
        assert_eq!((&handover["switched_off"], &handover["reason"]), (&json!(true), &json!("Leaves us")));
        assert_eq!(
            (&handover["user"]["name"], &handover["created_by"]["name"]),
            (&json!("孙悟空"), &json!("Ada Admin"))
        );
        assert_eq!(handover["shares"].as_array().unwrap().len(), 1);
        assert_eq!(handover["shares"][0]["user"]["name"], "猪八戒");
        assert_eq!((&handover["can_undo"], &handover["returned"]), (&json!(true), &Value::Null));

        for record in &own {
            assert_eq!(owner(app, record).await, "猪八戒", "{record:?}");
        }
        assert_eq!(owner_of(app, "customers", &customer).await, "猪八戒");
        assert_eq!(owner_of(app, "leads", &lead).await, "猪八戒");
        for record in &foreign {
            assert_eq!(owner(app, record).await, "Ada Admin", "somebody else's stays");
        }
        let theirs = user(app, "sales2").await["team_id"].clone();
        let now = app.get("sales2", &format!("/customers/{}", id(&customer))).await.expect(200);
        assert_eq!((&now["team_id"], &now["version"]), (&theirs, &json!(2)), "in the team of whoever has it");
        assert_eq!(now["previous_owner"]["name"], "孙悟空");
        let history = app.get("admin", &format!("/customers/{}/history", id(&customer))).await.expect(200);
        assert_eq!(history["data"][0]["action"], "handover");
        let fields = history["data"][0]["changes"].clone();
        assert_eq!(fields, json!([{"field": "owner_id", "old": app.id("sales").await, "new": heir}]));

        assert_eq!(user(app, "sales").await["is_active"], false);
        answer(app.request(Method::GET, "/me").bearer_auth(token)).await.refused(401, "session_revoked");
        let told = lines(app, "sales2").await;
        assert_eq!(told.len(), 1, "told once: {told:?}");
        assert_eq!(
            (&told[0]["kind"], &told[0]["subject"], &told[0]["count"]),
            (&json!("handed_over"), &json!("handover"), &json!(6))
        );
        let got = &told[0]["handover"];
        assert_eq!(
            (&got["id"], &got["from"]["name"], &got["is_undone"]),
            (&handover["id"], &json!("孙悟空"), &json!(false))
        );
        counts(&got["counts"], [1, 1, 1, 1, 2]);
        counts(&holdings(app, "sales").await, [0, 0, 0, 0, 0]);
        let listed = app.get("admin", &format!("/users/{}/handovers", app.id("sales").await)).await.expect(200);
        assert_eq!(listed["data"], json!([handover]));
        hand_over(app, "sales", everything(&[heir])).await.refused(409, "nothing_to_hand_over");
        is_sound(app);
    })
    .await;
}

#[actix_web::test]
async fn undone_everything_is_back_once_and_can_be_handed_over_anew() {
    TestApp::each(async |app| {
        let Company { own, customer, .. } = company(app).await;
        let heir = app.id("sales2").await;
        let body = with(everything(&[heir]), json!({"deactivate": true}));
        let handover = hand_over(app, "sales", body.clone()).await.expect(201);
        let back = undo(app, &handover).await.expect(200);
        counts(&back["returned"], [1, 1, 0, 1, 2]);
        assert_eq!((&back["left"], &back["can_undo"]), (&json!([]), &json!(false)));
        assert_eq!(back["undone_by"]["name"], "Ada Admin");
        for record in &own {
            assert_eq!(owner(app, record).await, "孙悟空");
        }
        let now = app.get("admin", &format!("/customers/{}", id(&customer))).await.expect(200);
        assert_eq!((&now["owner"]["name"], &now["version"]), (&json!("孙悟空"), &json!(3)));
        assert_eq!(now["team_id"], user(app, "sales").await["team_id"]);
        assert_eq!(user(app, "sales").await["is_active"], true);
        app.get("sales", "/me").await.refused(401, "session_revoked");
        let told = lines(app, "sales2").await;
        assert_eq!((told.len(), &told[0]["handover"]["is_undone"]), (1, &json!(true)));
        let told = undo(app, &handover).await.refused(409, "undo_refused");
        assert_eq!(told["reasons"][0]["reason"], "undone");

        let again = hand_over(app, "sales", body).await.expect(201);
        counts(&again["counts"], [1, 1, 0, 1, 2]);
        assert_ne!(id(&again), id(&handover));
        assert_eq!(owner_of(app, "customers", &customer).await, "猪八戒");
        counts(&undo(app, &again).await.expect(200)["returned"], [1, 1, 0, 1, 2]);
        is_sound(app);
    })
    .await;
}

#[actix_web::test]
async fn an_undo_leaves_what_others_have_changed_since_and_says_why() {
    TestApp::each(async |app| {
        let customers: Vec<Value> = {
            let mut made = Vec::new();
            for name in ["Stays", "Given on", "Thrown away", "Gone"] {
                made.push(app.make("sales", "customers", json!({"name": name})).await);
            }
            made
        };
        let task = app.make_any("sales", "activities", "Done since").await;
        let deal = json!({"name": "Won since", "customer_id": customers[0]["id"]});
        let deal = app.make("sales", "opportunities", deal).await;
        let heir = app.id("sales2").await;
        let handover = hand_over(app, "sales", everything(&[heir])).await.expect(201);
        let at = |n: usize| format!("/customers/{}", id(&customers[n]));
        app.patch("admin", &at(0), json!({"name": "Renamed, but still theirs"})).await.expect(200);
        app.post("admin", &format!("{}/transfer", at(1)), json!({"owner_id": app.id("manager").await}))
            .await
            .expect(200);
        app.delete("admin", &at(2)).await.expect(204);
        app.delete("admin", &at(3)).await.expect(204);
        app.advance(TimeDelta::days(29));
        let stages = app.stages().await;
        app.patch("sales2", &format!("/activities/{}", id(&task)), json!({"status": "done"})).await.expect(200);
        let won = json!({"stage_id": stages[4]});
        app.post("sales2", &format!("/opportunities/{}/move", id(&deal)), won).await.expect(200);

        let back = undo(app, &handover).await.expect(200);
        counts(&back["returned"], [1, 0, 0, 0, 0]);
        let left = |kind: &str, reason: &str, count: i64| json!({"kind": kind, "reason": reason, "count": count});
        let expected = [
            left("customer", "deleted", 2),
            left("customer", "reassigned", 1),
            left("opportunity", "closed", 1),
            left("task", "closed", 1),
        ];
        assert_eq!(back["left"], json!(expected));
        assert_eq!(owner_of(app, "customers", &customers[0]).await, "孙悟空");
        assert_eq!(owner_of(app, "customers", &customers[1]).await, "曼丽");
        assert_eq!(owner_of(app, "opportunities", &deal).await, "猪八戒", "who won it has won it");

        let items =
            app.get("admin", &format!("/handovers/{}/items?kind=customer&limit=3", id(&handover))).await.expect(200);
        assert_eq!(items["data"].as_array().unwrap().len(), 3);
        let cursor = items["page"]["next_cursor"].as_str().unwrap();
        let place = format!("/handovers/{}/items?kind=customer&limit=3&cursor={cursor}", id(&handover));
        let rest = app.get("admin", &place).await.expect(200);
        let all = [items["data"].as_array().unwrap().as_slice(), rest["data"].as_array().unwrap()].concat();
        let given = all.iter().find(|item| item["id"] == customers[1]["id"]).unwrap();
        let expected = json!({"kind": "customer", "id": customers[1]["id"], "name": "Given on",
            "to": {"id": heir, "name": "猪八戒"}, "pool": null, "left_because": "reassigned"});
        assert_eq!(given, &expected);
        assert_eq!(all.len(), 4);
        let every = app.get("admin", &format!("/handovers/{}/items", id(&handover))).await.expect(200);
        assert_eq!(every["data"].as_array().unwrap().len(), 6);
        is_sound(app);
    })
    .await;
}

#[actix_web::test]
async fn several_share_evenly_and_a_customer_stays_whole() {
    TestApp::each(async |app| {
        for n in 0..5 {
            let customer = app.make("sales", "customers", json!({"name": format!("Customer {n}")})).await;
            let of = json!([{"customer_id": customer["id"], "primary": true}]);
            app.make("sales", "contacts", json!({"given_name": format!("Of {n}"), "customers": of})).await;
            let deal = json!({"name": format!("Of {n}"), "customer_id": customer["id"]});
            let deal = app.make("sales", "opportunities", deal).await;
            let about = json!([{"type": "opportunity", "id": deal["id"]}]);
            app.make("sales", "activities", json!({"kind": "task", "name": format!("Of {n}"), "about": about})).await;
        }
        let heirs = [app.id("sales2").await, app.id("manager").await];
        let handover = hand_over(app, "sales", everything(&heirs)).await.expect(201);
        counts(&handover["counts"], [5, 5, 0, 5, 5]);
        let mut shares: Vec<i64> = Vec::new();
        for share in handover["shares"].as_array().unwrap() {
            let n = share["counts"]["customers"].as_i64().unwrap();
            counts(&share["counts"], [n, n, 0, n, n]);
            shares.push(n);
        }
        shares.sort_unstable();
        assert_eq!(shares, [2, 3]);
        for customer in app.get("admin", "/customers?limit=100").await.expect(200)["data"].as_array().unwrap() {
            for plural in ["contacts", "opportunities"] {
                let place = format!("/{plural}?customer_id={}", id(customer));
                let theirs = app.get("admin", &place).await.expect(200);
                assert_eq!(theirs["data"][0]["owner"], customer["owner"], "{plural}");
            }
        }
        assert_eq!(user(app, "sales").await["is_active"], true, "nobody said that they leave");
    })
    .await;
}

#[actix_web::test]
async fn customers_go_to_a_pool_and_leads_to_nobody_and_come_back() {
    TestApp::each(async |app| {
        set_default(app, json!({"release": {"no_activity_days": 30}})).await;
        let kept = app.make("sales", "customers", json!({"name": "Into the pool"})).await;
        let taken = app.make("sales", "customers", json!({"name": "Taken out"})).await;
        let until = "2036-01-01T00:00:00Z";
        app.post("admin", &format!("/customers/{}/lock", id(&kept)), json!({"until": until})).await.expect(200);
        let lead = app.make_any("sales", "leads", "Nobody's").await;
        let pool = default_pool(app, "admin").await;
        let body = json!({"customers": {"pool_id": pool["id"]}, "leads": {"nobody": true}, "deactivate": true, "reason": "Leaves"});
        let handover = hand_over(app, "sales", body).await.expect(201);
        assert_eq!(handover["shares"][1]["pool"]["id"], pool["id"]);
        let place = format!("/customers/{}", id(&kept));
        let now = app.get("sales2", &place).await.expect(200);
        assert_eq!((&now["owner"], &now["pool"]["id"], &now["pool_reason"]), (&Value::Null, &pool["id"], &json!("Leaves")));
        assert_eq!((&now["previous_owner"]["name"], &now["locked_until"]), (&json!("孙悟空"), &Value::Null));
        assert_eq!((&now["release_at"], &now["release_rule"]), (&Value::Null, &Value::Null));
        let history = app.get("admin", &format!("{place}/history")).await.expect(200);
        let fields: Vec<&Value> = history["data"][0]["changes"].as_array().unwrap().iter().map(|field| &field["field"]).collect();
        assert_eq!(fields, ["owner_id", "pool_id", "pool_reason", "locked_until"]);
        assert_eq!(owner_of(app, "leads", &lead).await, Value::Null);
        app.advance(TimeDelta::days(1));
        app.post("sales2", &format!("/customers/{}/claim", id(&taken)), json!({})).await.expect(200);

        let back = undo(app, &handover).await.expect(200);
        counts(&back["returned"], [1, 0, 1, 0, 0]);
        assert_eq!(back["left"], json!([{"kind": "customer", "reason": "reassigned", "count": 1}]));
        let now = app.get("admin", &place).await.expect(200);
        assert_eq!((&now["owner"]["name"], &now["pool"], &now["pool_reason"]), (&json!("孙悟空"), &Value::Null, &Value::Null));
        assert_eq!((&now["previous_owner"], &now["release_rule"]), (&Value::Null, &json!("no_activity")));
        assert_eq!(owner_of(app, "leads", &lead).await, "孙悟空");
        is_sound(app);
    })
    .await;
}

#[actix_web::test]
async fn rules_name_somebody_else_and_reports_have_another_manager() {
    TestApp::each(async |app| {
        let (manager, sales) = (app.id("manager").await, app.id("sales").await);
        let (sales2, marketing) = (app.id("sales2").await, app.id("marketing").await);
        let report = async |who: &str, to: Uuid| {
            let place = format!("/users/{}", app.id(who).await);
            app.patch("admin", &place, json!({"manager_id": to})).await.expect(200);
        };
        report("sales2", manager).await;
        report("manager", app.id("admin").await).await;
        rule(app, for_one(app, "Alone", "manager", json!({})).await).await;
        let turns = json!({"name": "Turns", "strategy": "round_robin", "user_ids": [manager, sales2, marketing]});
        let turns = rule(app, turns).await;
        let has = holdings(app, "manager").await;
        assert_eq!(
            (&has["assignment_rules"], &has["reports"], &has["is_any_open"]),
            (&json!(2), &json!(2), &json!(false))
        );

        let body = json!({"assignment_rules_to": sales2, "reports_to": sales2, "deactivate": true});
        let handover = hand_over(app, "manager", body).await.expect(201);
        assert_eq!((&handover["counts"]["assignment_rules"], &handover["counts"]["reports"]), (&json!(2), &json!(2)));
        let people = async |rule: &Value| {
            let found = app.get("admin", &format!("/assignment-rules/{}", id(rule))).await.expect(200);
            found["users"].as_array().unwrap().iter().map(|user| user["name"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(people(&turns).await, ["猪八戒", "Mark Marketing"], "nobody has two turns");
        assert_eq!(user(app, "sales").await["manager"]["name"], "猪八戒");
        assert_eq!(user(app, "sales2").await["manager"]["name"], "Ada Admin", "whoever takes over moves up");

        let rename = json!({"name": "Turns, changed since"});
        app.patch("admin", &format!("/assignment-rules/{}", id(&turns)), rename).await.expect(200);
        let back = undo(app, &handover).await.expect(200);
        assert_eq!(back["left"], json!([{"kind": "assignment_rule", "reason": "changed", "count": 1}]));
        assert_eq!((&back["returned"]["assignment_rules"], &back["returned"]["reports"]), (&json!(1), &json!(2)));
        assert_eq!(user(app, "sales").await["manager"]["name"], "曼丽");
        assert_eq!(user(app, "sales2").await["manager"]["name"], "曼丽");

        // A circle: sales comes to report to somebody who reports to sales.
        report("marketing", sales).await;
        let told = hand_over(app, "manager", json!({"reports_to": marketing})).await.refused(409, "cycle");
        assert_eq!(told["errors"][0]["pointer"], "/reports_to");
        let nobody = hand_over(app, "manager", json!({"reports_to": null})).await.expect(201);
        assert_eq!(nobody["counts"]["reports"], 2);
        assert_eq!(user(app, "sales").await["manager"], Value::Null);
    })
    .await;
}

#[actix_web::test]
async fn bad_input_is_pointed_at_and_nothing_is_left() {
    TestApp::each(async |app| {
        company(app).await;
        let (sales, sales2) = (app.id("sales").await, app.id("sales2").await);
        let off = app.id("service").await;
        app.patch("admin", &format!("/users/{off}"), json!({"is_active": false})).await.expect(200);
        let pool = default_pool(app, "admin").await;
        for (body, place, code) in [
            (json!({"customers": {}}), "/customers/user_ids", "required"),
            (json!({"customers": {"user_ids": [sales]}}), "/customers/user_ids/0", "invalid_value"),
            (json!({"customers": {"user_ids": [off]}}), "/customers/user_ids/0", "not_found"),
            (json!({"customers": {"user_ids": [sales2, sales2]}}), "/customers/user_ids/1", "duplicate"),
            (json!({"customers": {"user_ids": vec![sales2; 51]}}), "/customers/user_ids", "too_long"),
            (json!({"customers": {"user_ids": [sales2], "nobody": true}}), "/customers", "invalid_value"),
            (json!({"customers": {"nobody": true}}), "/customers/nobody", "invalid_value"),
            (json!({"customers": {"pool_id": sales}}), "/customers/pool_id", "not_found"),
            (json!({"contacts": {"pool_id": pool["id"]}}), "/contacts/pool_id", "invalid_value"),
            (json!({"assignment_rules_to": off}), "/assignment_rules_to", "not_found"),
            (json!({"reports_to": sales}), "/reports_to", "invalid_value"),
            (json!({"reason": "x".repeat(501)}), "/reason", "too_long"),
            (json!({"everything": true}), "/everything", "unknown_field"),
        ] {
            let answer = hand_over(app, "sales", body.clone()).await;
            assert!(answer.errors().contains(&(place.to_owned(), code.to_owned())), "{body} {}", answer.text);
        }
        let leaves = json!({"customers": {"user_ids": [sales2]}, "deactivate": true});
        let missing = hand_over(app, "sales", leaves).await.errors();
        let required = ["/contacts", "/opportunities", "/tasks"].map(|place| (place.to_owned(), "required".to_owned()));
        assert_eq!(missing, required);
        hand_over(app, "sales", json!({})).await.refused(409, "nothing_to_hand_over");
        app.post("admin", &format!("/users/{}/handovers", Uuid::nil()), json!({})).await.refused(404, "not_found");
        app.post("manager", &format!("/users/{sales}/handovers"), everything(&[sales2])).await.refused(403, "forbidden");
        app.get("manager", &format!("/users/{sales}/holdings")).await.refused(403, "forbidden");
        let admin = app.id("admin").await;
        app.post("admin", &format!("/users/{admin}/handovers"), json!({"deactivate": true, "customers": {"user_ids": [sales2]}, "contacts": {"user_ids": [sales2]}, "opportunities": {"user_ids": [sales2]}}))
            .await
            .refused(409, "last_admin");
        counts(&holdings(app, "sales").await, [1, 1, 0, 1, 2]);
        counts(&holdings(app, "admin").await, [0, 1, 0, 1, 0]);
        let listed = app.get("admin", &format!("/users/{sales}/handovers")).await.expect(200);
        assert_eq!(listed["data"], json!([]));
    })
    .await;
}

#[actix_web::test]
async fn caps_are_kept_unless_whoever_sets_them_says_otherwise() {
    TestApp::each(async |app| {
        for n in 0..3 {
            app.make("sales", "customers", json!({"name": format!("Customer {n}")})).await;
        }
        app.make("sales2", "customers", json!({"name": "Theirs"})).await;
        set_default(app, json!({"owned_cap": 3})).await;
        let (sales2, manager) = (app.id("sales2").await, app.id("manager").await);
        let body = |users: &[Uuid]| json!({"customers": {"user_ids": users}});
        let told = hand_over(app, "sales", body(&[sales2])).await.refused(409, "claim_refused");
        let over = json!([{"user": {"id": sales2, "name": "猪八戒"}, "limit": 3, "owned": 1, "given": 3}]);
        assert_eq!((&told["reason"], &told["over"]), (&json!("owned_cap"), &over));
        counts(&holdings(app, "sales").await, [3, 0, 0, 0, 0]);
        let handover = hand_over(app, "sales", body(&[sales2, manager])).await.expect(201);
        counts(&handover["counts"], [3, 0, 0, 0, 0]);
        undo(app, &handover).await.expect(200);
        hand_over(app, "sales", with(body(&[sales2]), json!({"exceed_caps": true}))).await.expect(201);
        counts(&holdings(app, "sales2").await, [4, 0, 0, 0, 0]);
    })
    .await;
}

#[actix_web::test]
async fn closed_deals_and_converted_leads_stay_unless_it_is_said() {
    TestApp::each(async |app| {
        let deal = app.deal("sales", "Lost").await;
        let stages = app.stages().await;
        let end = json!({"stage_id": stages[5], "lost_reason": "price"});
        app.post("sales", &format!("/opportunities/{}/move", id(&deal)), end).await.expect(200);
        let lead = app.make_any("sales", "leads", "Converted").await;
        let made =
            json!({"customer": {"mode": "create"}, "contact": {"mode": "none"}, "opportunity": {"mode": "none"}});
        app.post("sales", &format!("/leads/{}/conversion", id(&lead)), made).await.expect(201);
        let done = json!({"kind": "call", "body": "Talked"});
        let call = app.make("sales", "activities", done).await;
        let heir = app.id("sales2").await;
        let has = holdings(app, "sales").await;
        assert_eq!(
            (&has["opportunities"], &has["closed_opportunities"], &has["leads"]),
            (&json!(0), &json!(1), &json!(0))
        );
        let body = with(everything(&[heir]), json!({"deactivate": true}));
        hand_over(app, "sales", body.clone()).await.expect(201);
        assert_eq!(owner_of(app, "opportunities", &deal).await, "孙悟空", "what they did stays theirs");
        assert_eq!(owner_of(app, "leads", &lead).await, "孙悟空");
        assert_eq!(owner_of(app, "activities", &call).await, "孙悟空");
        // Whoever has left already may be asked about once more.
        let rest = with(everything(&[heir]), json!({"with_closed_opportunities": true}));
        let handover = hand_over(app, "sales", rest).await.expect(201);
        counts(&handover["counts"], [0, 0, 0, 1, 0]);
        assert_eq!(handover["switched_off"], false);
        assert_eq!(owner_of(app, "opportunities", &deal).await, "猪八戒");
        let told = undo(app, &handover).await.refused(409, "undo_refused");
        assert_eq!(told["reasons"][0]["reason"], "inactive");
        app.patch("admin", &format!("/users/{}", app.id("sales").await), json!({"is_active": true})).await.expect(200);
        counts(&undo(app, &handover).await.expect(200)["returned"], [0, 0, 0, 1, 0]);
        assert_eq!(owner_of(app, "opportunities", &deal).await, "孙悟空");
    })
    .await;
}

#[actix_web::test]
async fn after_thirty_days_it_stays() {
    TestApp::each(async |app| {
        app.make("sales", "customers", json!({"name": "Too late"})).await;
        let handover = hand_over(app, "sales", everything(&[app.id("sales2").await])).await.expect(201);
        app.advance(TimeDelta::days(30) + TimeDelta::seconds(1));
        let told = undo(app, &handover).await.refused(409, "undo_refused");
        assert_eq!(
            (&told["reasons"][0]["reason"], &told["reasons"][0]["until"]),
            (&json!("too_late"), &handover["undo_until"])
        );
        let now = app.get("admin", &format!("/handovers/{}", id(&handover))).await.expect(200);
        assert_eq!((&now["can_undo"], &now["undone_at"]), (&json!(false), &Value::Null));
        app.post("admin", &format!("/handovers/{}/undo", Uuid::nil()), json!({})).await.refused(404, "not_found");
        app.get("sales", &format!("/handovers/{}/items", id(&handover))).await.refused(403, "forbidden");
        assert_eq!(ids(&app.get("sales2", "/customers").await.expect(200)).len(), 1);
    })
    .await;
}
