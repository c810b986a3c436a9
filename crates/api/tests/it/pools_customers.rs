//! Customers and their pools: claim, release, allot and lock; who may, what follows, and that limits are exact however many
//! ask at once.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::assignment_leads::insist;
use crate::harness::{Answer, TestApp, answer};
use crate::pools::{place, pool_of, pooled, set_default, team};
use crate::records_given::{id, ids};

async fn read(app: &TestApp, customer: &Value) -> Value {
    app.get("admin", &format!("/customers/{}", id(customer))).await.expect(200)
}

async fn claim(app: &TestApp, who: &str, customer: &Value) -> Answer {
    app.post(who, &place(customer, "claim"), json!({})).await
}

#[actix_web::test]
async fn released_it_lies_in_the_pool_and_claimed_it_has_an_owner() {
    TestApp::each(async |app| {
        let customer = app.make("sales", "customers", json!({"name": "Round"})).await;
        assert_eq!((&customer["can"]["release"], &customer["can"]["claim"]), (&json!(true), &json!(false)));
        let released =
            app.post("sales", &place(&customer, "release"), json!({"reason": "  no budget "})).await.expect(200);
        for (field, value) in [
            ("owner", Value::Null),
            ("owner_id", Value::Null),
            ("team_id", Value::Null),
            ("pool_reason", json!("no budget")),
            ("pool_rule", Value::Null),
            ("release_at", Value::Null),
            ("version", json!(2)),
        ] {
            assert_eq!(released[field], value, "{field}");
        }
        assert_eq!(
            (&released["pool"]["name"], &released["previous_owner"]["name"]),
            (&json!("Customer pool"), &json!("孙悟空"))
        );
        assert!(released["pooled_at"].is_string());
        let can = &released["can"];
        assert_eq!((&can["claim"], &can["edit"], &can["release"]), (&json!(true), &json!(false), &json!(false)));
        app.patch("sales", &format!("/customers/{}", id(&customer)), json!({"name": "Mine again"}))
            .await
            .refused(403, "forbidden");
        app.post("sales", &place(&customer, "release"), json!({"reason": "again"})).await.refused(409, "in_pool");
        app.post("admin", &place(&customer, "lock"), json!({"until": null})).await.refused(409, "in_pool");
        let filter = format!("/customers?filter=pool_id%20%3D%20%22{}%22&sort=-pooled_at", id(&released["pool"]));
        assert_eq!(ids(&app.get("sales2", &filter).await.expect(200)), [id(&customer)]);

        let claimed = claim(app, "sales2", &customer).await.expect(200);
        assert_eq!((&claimed["owner"]["name"], &claimed["pool"]), (&json!("猪八戒"), &Value::Null));
        assert_eq!((&claimed["pooled_at"], &claimed["pool_reason"]), (&Value::Null, &Value::Null));
        assert_eq!(claimed["previous_owner"]["name"], "孙悟空");
        assert_eq!(claimed["can"]["edit"], true);
        let told = claim(app, "admin", &customer).await.refused(409, "already_owned");
        assert_eq!(told["owner"]["name"], "猪八戒");
        let told = claim(app, "sales", &customer).await.refused(409, "already_owned");
        assert_eq!(told["owner"], Value::Null, "who does not see it any more is not told who has it");
        app.advance(TimeDelta::days(2));
        claim(app, "sales", &customer).await.refused(404, "not_found");
        let history = app.get("admin", &format!("/customers/{}/history", id(&customer))).await.expect(200);
        let actions: Vec<&str> =
            history["data"].as_array().unwrap().iter().map(|line| line["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["claim", "release", "create"]);
        let timeline = app.get("sales2", &format!("/customers/{}/timeline", id(&customer))).await.expect(200);
        assert_eq!(timeline["data"][0]["change"]["action"], "claim");
    })
    .await;
}

#[actix_web::test]
async fn who_may_not_is_refused_and_what_is_hidden_is_not_there() {
    TestApp::each(async |app| {
        let north = pool_of(app, "North pool", "North", json!({})).await;
        let theirs = pooled(app, "sales", "Of the North").await;
        let owned = app.make("sales", "customers", json!({"name": "Owned"})).await;
        for action in ["claim", "release", "allot", "lock"] {
            let body = json!({"reason": "x"});
            let body = match action {
                "allot" => json!({"owner_id": app.id("sales2").await}),
                "lock" => json!({"until": null}),
                _ => body,
            };
            app.post("sales2", &place(&theirs, action), body.clone()).await.refused(404, "not_found");
            app.post("sales2", &place(&owned, action), body.clone()).await.refused(404, "not_found");
            app.post(
                "viewer",
                &place(if action == "claim" || action == "allot" { &theirs } else { &owned }, action),
                body,
            )
            .await
            .refused(403, "forbidden");
        }
        claim(app, "admin", &theirs).await.refused(403, "forbidden");
        claim(app, "service", &theirs).await.refused(403, "forbidden");
        let to = async |who: &str| json!({"owner_id": app.id(who).await});
        app.post("sales", &place(&theirs, "allot"), to("sales").await).await.refused(403, "forbidden");
        app.post("manager", &place(&theirs, "allot"), to("sales2").await).await.refused(403, "forbidden");
        app.post("sales", &place(&owned, "lock"), json!({"until": null})).await.refused(403, "forbidden");
        let before = read(app, &theirs).await;
        assert_eq!((&before["version"], &before["pool"]["id"]), (&json!(2), &north["id"]), "nothing has changed");
        let allotted = app.post("manager", &place(&theirs, "allot"), to("sales").await).await.expect(200);
        assert_eq!(allotted["owner"]["name"], "孙悟空");
        let told = app.post("admin", &place(&theirs, "allot"), to("sales2").await).await.refused(409, "already_owned");
        assert_eq!(told["owner"]["name"], "孙悟空");
        let another = pooled(app, "sales2", "Any").await;
        let nobody = app.post("admin", &place(&another, "allot"), json!({"owner_id": uuid::Uuid::nil()})).await;
        assert_eq!(nobody.errors(), [("/owner_id".to_owned(), "not_found".to_owned())]);
    })
    .await;
}

#[actix_web::test]
async fn contacts_and_open_deals_follow_whoever_takes_the_customer() {
    TestApp::each(async |app| {
        let customer = app.make("sales", "customers", json!({"name": "With people"})).await;
        let of = json!([{"customer_id": customer["id"], "primary": true}]);
        let contact = app.make("sales", "contacts", json!({"given_name": "Ada", "customers": of})).await;
        let foreign = app.make("admin", "contacts", json!({"given_name": "Bob", "customers": of})).await;
        let deal = app.make("sales", "opportunities", json!({"name": "Open", "customer_id": customer["id"]})).await;
        let lost = app.make("sales", "opportunities", json!({"name": "Lost", "customer_id": customer["id"]})).await;
        let stages = app.stages().await;
        let end = json!({"stage_id": stages[5], "lost_reason": "price"});
        app.post("sales", &format!("/opportunities/{}/move", id(&lost)), end).await.expect(200);
        app.post("sales", &place(&customer, "release"), json!({"reason": "moving away"})).await.expect(200);
        let owner = async |plural: &str, record: &Value| {
            app.get("admin", &format!("/{plural}/{}", id(record))).await.expect(200)["owner"]["name"].clone()
        };
        assert_eq!(owner("contacts", &contact).await, "孙悟空", "released, they stay");
        claim(app, "sales2", &customer).await.expect(200);
        assert_eq!(owner("contacts", &contact).await, "猪八戒");
        assert_eq!(owner("contacts", &foreign).await, "Ada Admin", "somebody else's stay");
        assert_eq!(owner("opportunities", &deal).await, "猪八戒");
        assert_eq!(owner("opportunities", &lost).await, "孙悟空", "what has ended is whose it was");
        let history = app.get("sales2", &format!("/contacts/{}/history", id(&contact))).await.expect(200);
        assert_eq!(history["data"][0]["action"], "claim");
    })
    .await;
}

#[actix_web::test]
async fn transfers_and_patches_move_customers_in_and_out_too() {
    TestApp::each(async |app| {
        let (sales2, path) = (app.id("sales2").await, |customer: &Value| format!("/customers/{}", id(customer)));
        let customer = app.make("sales", "customers", json!({"name": "By hand"})).await;
        let nobodys = app.post("admin", &place(&customer, "transfer"), json!({"owner_id": null})).await.expect(200);
        assert_eq!(
            (&nobodys["pool"]["name"], &nobodys["previous_owner"]["name"]),
            (&json!("Customer pool"), &json!("孙悟空"))
        );
        let given = app.patch("admin", &path(&customer), json!({"owner_id": sales2})).await.expect(200);
        assert_eq!((&given["owner"]["name"], &given["pool"]), (&json!("猪八戒"), &Value::Null));
        let again = app.patch("admin", &path(&customer), json!({"owner_id": null})).await.expect(200);
        assert_eq!(again["pool"]["name"], "Customer pool");
        let renamed = app.patch("admin", &path(&customer), json!({"name": "Still there"})).await.expect(200);
        assert_eq!(
            (&renamed["pooled_at"], &renamed["previous_owner"]),
            (&again["pooled_at"], &again["previous_owner"])
        );
        app.delete("admin", &path(&customer)).await;
        claim(app, "sales", &customer).await.refused(404, "not_found");
        let restored = app.post("admin", &place(&customer, "restore"), json!({})).await.expect(200);
        assert_eq!(restored["pool"]["name"], "Customer pool");
        claim(app, "sales", &customer).await.expect(200);
        set_default(app, json!({"owned_cap": 1})).await;
        let other = app.make("sales2", "customers", json!({"name": "Second"})).await;
        let full = app.post("admin", &place(&other, "transfer"), json!({"owner_id": app.id("sales").await})).await;
        assert_eq!(full.refused(409, "claim_refused")["reason"], "owned_cap");
    })
    .await;
}

#[actix_web::test]
async fn limits_say_which_how_much_and_until_when() {
    TestApp::each(async |app| {
        set_default(app, json!({"owned_cap": 3, "claims_per_day": 2, "cooldown_days": 7})).await;
        let mut pool = Vec::new();
        for n in 0..5 {
            pool.push(pooled(app, "sales2", &format!("Pooled {n}")).await);
        }
        let back = claim(app, "sales2", &pool[0]).await.refused(409, "claim_refused");
        assert_eq!((&back["reason"], &back["limit"]), (&json!("cooldown"), &json!(7)));
        let pooled_at: chrono::DateTime<chrono::Utc> = pool[0]["pooled_at"].as_str().unwrap().parse().unwrap();
        let until: chrono::DateTime<chrono::Utc> = back["until"].as_str().unwrap().parse().unwrap();
        assert_eq!(until, pooled_at + TimeDelta::days(7));
        claim(app, "sales", &pool[0]).await.expect(200);
        claim(app, "sales", &pool[1]).await.expect(200);
        let enough = claim(app, "sales", &pool[2]).await.refused(409, "claim_refused");
        assert_eq!((&enough["reason"], &enough["limit"]), (&json!("daily_limit"), &json!(2)));
        assert!(
            enough["until"].as_str().unwrap().ends_with("T00:00:00Z"),
            "the next midnight where they are: {enough}"
        );
        app.advance(TimeDelta::days(1));
        claim(app, "sales", &pool[2]).await.expect(200);
        let full = claim(app, "sales", &pool[3]).await.refused(409, "claim_refused");
        assert_eq!((&full["reason"], &full["limit"], &full["until"]), (&json!("owned_cap"), &json!(3), &Value::Null));
        let to = json!({"owner_id": app.id("sales").await});
        let full = app.post("admin", &place(&pool[3], "allot"), to.clone()).await.refused(409, "claim_refused");
        assert_eq!(full["reason"], "owned_cap", "an allotment minds the cap");
        app.post("sales", &place(&pool[0], "release"), json!({"reason": "room"})).await.expect(200);
        app.post("admin", &place(&pool[3], "allot"), to.clone()).await.expect(200);
        app.post("sales", &place(&pool[1], "release"), json!({"reason": "room"})).await.expect(200);
        app.post("admin", &place(&pool[1], "allot"), to).await.expect(200);
        app.advance(TimeDelta::days(7));
        claim(app, "sales2", &pool[4]).await.expect(200);
    })
    .await;
}

/// The day of a daily limit is the claimer's, also when the clocks change: in Berlin 2027-10-31 has 25 hours.
#[actix_web::test]
async fn a_day_begins_at_midnight_where_the_claimer_is() {
    TestApp::each(async |app| {
        set_default(app, json!({"claims_per_day": 1})).await;
        let path = format!("/users/{}", app.id("sales").await);
        app.patch("admin", &path, json!({"time_zone": "Europe/Berlin"})).await.expect(200);
        let at = |text: &str| text.parse::<chrono::DateTime<chrono::Utc>>().unwrap();
        let go = |to: chrono::DateTime<chrono::Utc>| app.advance(to - app.app.now());
        let mut pool = Vec::new();
        for n in 0..3 {
            pool.push(pooled(app, "sales2", &format!("Pooled {n}")).await);
        }
        // That day begins at 22:00 UTC, the next one at 23:00 UTC.
        go(at("2027-10-30T22:30:00Z"));
        claim(app, "sales", &pool[0]).await.expect(200);
        go(at("2027-10-31T22:30:00Z"));
        let late = claim(app, "sales", &pool[1]).await.refused(409, "claim_refused");
        assert_eq!((&late["reason"], &late["until"]), (&json!("daily_limit"), &json!("2027-10-31T23:00:00Z")));
        go(at("2027-10-31T23:00:00Z"));
        claim(app, "sales", &pool[1]).await.expect(200);
    })
    .await;
}

#[actix_web::test]
async fn a_batch_claims_releases_and_allots() {
    TestApp::each(async |app| {
        let (one, other) = (pooled(app, "sales2", "One").await, pooled(app, "sales2", "Other").await);
        let own = app.make("sales", "customers", json!({"name": "Own"})).await;
        let operations = json!({"operations": [
            {"action": "claim", "id": one["id"]}, {"action": "claim", "id": own["id"]},
            {"action": "release", "id": own["id"], "data": {"reason": "done"}}, {"action": "release", "id": one["id"], "data": {}},
            {"action": "allot", "id": other["id"], "data": {"owner_id": app.id("sales").await}},
        ]});
        let results = app.post("sales", "/customers/batch", operations).await.expect(200)["results"].clone();
        let statuses: Vec<i64> = results.as_array().unwrap().iter().map(|done| done["status"].as_i64().unwrap()).collect();
        assert_eq!(statuses, [200, 409, 200, 422, 403], "{results}");
        assert_eq!(results[3]["problem"]["errors"][0]["pointer"], "/data/reason");
        let lead = app.make("sales", "leads", json!({"company_name": "Lead"})).await;
        let none = app.post("sales", "/leads/batch", json!({"operations": [{"action": "claim", "id": lead["id"]}]})).await;
        assert_eq!(none.expect(200)["results"][0]["status"], 422);
    })
    .await;
}

#[actix_web::test]
async fn of_twenty_who_claim_one_customer_one_gets_it() {
    TestApp::each(async |app| {
        let customer = pooled(app, "sales2", "Wanted").await;
        let (people, other) = (["sales", "manager"], app.beside().await);
        let bases = [app.base.clone(), other.base.clone()];
        for who in people {
            app.token(who).await;
        }
        let ask = |n: usize| {
            let (who, url) = (people[n % 2], format!("{}/api/v1{}", bases[n / 2 % 2], place(&customer, "claim")));
            async move { insist(app.client.post(url).bearer_auth(app.token(who).await), format!("once-{n}")).await }
        };
        let answers = join_all((0..20).map(ask)).await;
        let won: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 200).collect();
        assert_eq!(won.len(), 1);
        assert!(answers.iter().all(|answer| answer.status == 200 || answer.body["code"] == "already_owned"));
        let now = read(app, &customer).await;
        assert_eq!((&now["owner"], &now["version"]), (&won[0].body["owner"], &json!(3)));
        let history = app.get("admin", &format!("/customers/{}/history", id(&customer))).await.expect(200);
        assert_eq!(history["data"].as_array().unwrap().len(), 3, "one claim only");
        other.stop().await;
    })
    .await;
}

/// Ten people, each with five clients at once, on two servers.
#[actix_web::test]
async fn many_clients_claim_a_thousand_customers_and_nobody_gets_more_than_their_limits() {
    const PEOPLE: usize = 10;
    const CLIENTS: usize = 50;
    const CUSTOMERS: usize = 1000;
    const CAP: i64 = 130;
    const DAILY: i64 = 95;
    TestApp::each(async |app| {
        let names: Vec<Value> =
            (0..CUSTOMERS).map(|n| json!({"action": "create", "data": {"name": format!("C{n}")}})).collect();
        let mut pool = Vec::new();
        for portion in names.chunks(200) {
            let made = app.post("sales2", "/customers/batch", json!({"operations": portion})).await.expect(200);
            pool.extend(made["results"].as_array().unwrap().iter().map(|done| done["id"].as_str().unwrap().to_owned()));
        }
        for portion in pool.chunks(200) {
            let release = |id: &String| json!({"action": "release", "id": id, "data": {"reason": "all"}});
            let operations: Vec<Value> = portion.iter().map(release).collect();
            app.post("sales2", "/customers/batch", json!({"operations": operations})).await.expect(200);
        }
        set_default(app, json!({"owned_cap": CAP, "claims_per_day": DAILY, "cooldown_days": 30})).await;
        let people = claimers(app, PEOPLE).await;
        let other = app.beside().await;
        let bases = [app.base.clone(), other.base.clone()];
        let client = |n: usize| {
            let (token, base, pool) = (&people[n % PEOPLE].1, &bases[n % 2], &pool);
            async move {
                let mut codes: BTreeMap<String, usize> = BTreeMap::new();
                for step in 0..CUSTOMERS / CLIENTS * 2 {
                    // Neighbours want the same customers at the same time.
                    let wanted = &pool[(step * CLIENTS / 2 + n / 2) % CUSTOMERS];
                    let url = format!("{base}/api/v1/customers/{wanted}/claim");
                    let told = insist(app.client.post(url).bearer_auth(token), format!("{n}-{step}")).await;
                    let word = if told.status == 200 { "won" } else { told.body["reason"].as_str().unwrap_or("late") };
                    assert!(matches!(told.status, 200 | 409), "{}", told.text);
                    *codes.entry(word.to_owned()).or_default() += 1;
                }
                codes
            }
        };
        let told = join_all((0..CLIENTS).map(client)).await;
        let won: usize = told.iter().filter_map(|codes| codes.get("won")).sum();
        let mut owned = 0;
        for (person, token) in &people {
            let mine = app.request(Method::GET, "/me/pools").bearer_auth(token);
            let mine = answer(mine).await.expect(200)["data"][0].clone();
            assert_eq!(mine["claimed_today"], json!(DAILY), "{person}");
            assert_eq!(mine["owned"], mine["claimed_today"], "{person}");
            owned += mine["owned"].as_i64().unwrap();
        }
        assert_eq!(usize::try_from(owned).unwrap(), won, "every claim that was told is there, and no other");
        let left = app.get("admin", "/pools").await.expect(200)["data"][0]["customers"].as_i64().unwrap();
        assert_eq!(usize::try_from(left + owned).unwrap(), CUSTOMERS);
        // Two people reach for each fifth of the customers, so that everybody comes to their limit.
        assert_eq!(won, PEOPLE * usize::try_from(DAILY).unwrap(), "{told:?}");
        other.stop().await;
    })
    .await;
}

/// People of no team who sell, each with a token.
async fn claimers(app: &TestApp, count: usize) -> Vec<(String, String)> {
    let roles = app.get("admin", "/roles").await.expect(200);
    let sales = roles["data"].as_array().unwrap().iter().find(|role| role["key"] == "sales").unwrap()["id"].clone();
    let mut people = Vec::new();
    for n in 0..count {
        let email = format!("claimer{n}@example.com");
        let body = json!({"name": format!("Claimer {n}"), "email": email, "role_ids": [sales], "password": "lantern-orbit-velvet"});
        app.post("admin", "/users", body).await.expect(201);
        let signed = app
            .post(
                "",
                "/auth/token",
                json!({"grant_type": "password", "email": email, "password": "lantern-orbit-velvet"}),
            )
            .await;
        people.push((email, signed.expect(200)["access_token"].as_str().unwrap().to_owned()));
    }
    people
}

/// One person with many clients never gets more than the cap, however many customers they reach for at once.
#[actix_web::test]
async fn a_cap_is_exact_for_one_person_on_two_servers_beside_allotments() {
    TestApp::each(async |app| {
        set_default(app, json!({"owned_cap": 5})).await;
        pool_of(app, "Elsewhere", "South", json!({})).await;
        let mut pool = Vec::new();
        for n in 0..24 {
            let customer = app.make("admin", "customers", json!({"name": format!("C{n}")})).await;
            pool.push(app.post("admin", &place(&customer, "release"), json!({"reason": "all"})).await.expect(200));
        }
        let (other, to) = (app.beside().await, json!({"owner_id": app.id("sales").await}));
        let bases = [app.base.clone(), other.base.clone()];
        let (own, admin) = (app.token("sales").await, app.token("admin").await);
        let ask = |n: usize| {
            let (base, customer) = (&bases[n % 2], &pool[n]);
            let (action, token) = if n.is_multiple_of(3) { ("allot", &admin) } else { ("claim", &own) };
            let url = format!("{base}/api/v1{}", place(customer, action));
            insist(app.client.post(url).bearer_auth(token).json(&to), format!("cap-{n}"))
        };
        let answers = join_all((0..24).map(ask)).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 5);
        let refused = answers.iter().filter(|answer| answer.status != 200);
        for answer in refused {
            assert_eq!((answer.status, &answer.body["reason"]), (409, &json!("owned_cap")), "{}", answer.text);
        }
        assert_eq!(app.total("sales", "/customers?filter=owner_id%20%3D%20%40me").await, 5);
        assert!(!team(app, "South").await.is_empty());
        other.stop().await;
    })
    .await;
}
