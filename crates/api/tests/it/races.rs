//! Many at once over HTTP: no edit is lost, no rule is broken by two that each keep it, pages and sums stay right.
//!
//! What other files show already is not repeated: two patches under one version, keys and upserts (`records_versions`,
//! `records_batch`), conversions and undos of one lead (`records_conversion`), the last administrator (`people`).
//!
//! Each check has its control here: `counting_without_a_version_loses_some` and `pages_by_number_repeat_and_miss_rows` show
//! that a server without versions or with numbered pages would be caught by the same functions.
#![expect(clippy::panic, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::{join, join_all};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::records_given::{id, ids, one_of};

/// How often a race is run: who comes first changes.
const ROUNDS: usize = 5;

/// Reads a number, adds one, writes it back; with the version it was read at, and again after 412.
async fn count_up(app: &TestApp, place: &str, times: usize, with_version: bool) {
    for _ in 0..times {
        loop {
            let read = app.get("sales", place).await.expect(200);
            let next = json!({"employees": read["employees"].as_i64().unwrap() + 1});
            let version = format!("\"{}\"", read["version"]);
            let headers: &[(&str, &str)] = if with_version { &[("if-match", &version)] } else { &[] };
            let answer = app.send_with("sales", Method::PATCH, place, headers, Some(next)).await;
            match answer.status {
                200 => break,
                412 => {}
                _ => panic!("{}", answer.text),
            }
        }
    }
}

async fn counted(app: &TestApp, with_version: bool) -> (Value, usize) {
    let record = app.make("sales", "customers", json!({"name": "Counter", "employees": 0})).await;
    let place = format!("/customers/{}", id(&record));
    join_all((0..6).map(|_| count_up(app, &place, 4, with_version))).await;
    let history = app.get("sales", &format!("{place}/history?limit=200")).await.expect(200);
    (app.get("sales", &place).await.expect(200), history["data"].as_array().unwrap().len())
}

#[actix_web::test]
async fn nothing_that_was_counted_with_versions_is_lost() {
    TestApp::each(async |app| {
        let (record, lines) = counted(app, true).await;
        assert_eq!((&record["employees"], &record["version"], lines), (&json!(24), &json!(25), 25));
    })
    .await;
}

/// The control: without `If-Match` the same writers overwrite each other.
#[actix_web::test]
async fn counting_without_a_version_loses_some() {
    TestApp::each(async |app| {
        let (record, _) = counted(app, false).await;
        assert!(record["employees"].as_i64().unwrap() < 24, "{record}");
    })
    .await;
}

#[actix_web::test]
async fn of_different_changes_under_one_version_one_wins() {
    TestApp::each(async |app| {
        for round in 0..ROUNDS {
            let deal = app.deal("sales", &format!("Deal {round}")).await;
            let (place, stages) = (format!("/opportunities/{}", id(&deal)), app.stages().await);
            let manager = app.id("manager").await;
            let send = async |method: Method, path: String, body: Option<Value>| {
                app.send_with("manager", method, &path, &[("if-match", "\"1\"")], body).await
            };
            let answers = join_all([
                send(Method::PATCH, place.clone(), Some(json!({"next_step": "call"}))),
                send(Method::POST, format!("{place}/move"), Some(json!({"stage_id": stages[1]}))),
                send(Method::POST, format!("{place}/transfer"), Some(json!({"owner_id": manager}))),
                send(Method::DELETE, place.clone(), None),
            ])
            .await;
            let told: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
            assert_eq!(told.iter().filter(|status| **status < 300).count(), 1, "{told:?}");
            // After the deletion the record is not there any more, before it is at another version.
            assert!(told.iter().all(|status| matches!(status, 200 | 204 | 404 | 412)), "{told:?}");
            assert_eq!(app.get("admin", &place).await.expect(200)["version"], 2);
        }
    })
    .await;
}

#[actix_web::test]
async fn what_is_deleted_is_not_relied_on_at_the_same_moment() {
    TestApp::each(async |app| {
        for (plural, relies, field) in [
            ("customers", "opportunities", "customer_id"),
            ("customers", "customers", "parent_id"),
            ("customers", "contacts", "customers"),
            ("contacts", "opportunities", "primary_contact_id"),
            ("contacts", "contacts", "reports_to_id"),
        ] {
            for round in 0..ROUNDS {
                let name = format!("{relies} {round}");
                let record = app.make_any("sales", plural, &name).await;
                let mut body = app.any("sales", relies, &name).await;
                body[field] = match field {
                    "customers" => json!([{"customer_id": record["id"], "primary": true}]),
                    _ => record["id"].clone(),
                };
                let (place, list) = (format!("/{plural}/{}", id(&record)), format!("/{relies}"));
                let (gone, made) = if round % 2 == 0 {
                    join(app.delete("sales", &place), app.post("sales", &list, body)).await
                } else {
                    let (made, gone) = join(app.post("sales", &list, body), app.delete("sales", &place)).await;
                    (gone, made)
                };
                let is_gone = one_of(&gone, &made);
                let is_deleted = !app.get("sales", &place).await.expect(200)["deleted_at"].is_null();
                assert_eq!(is_deleted, is_gone, "{plural} of {relies}");
            }
        }
    })
    .await;
}

#[actix_web::test]
async fn a_stage_does_not_go_while_a_deal_comes() {
    TestApp::each(async |app| {
        let pipeline = app.get("admin", "/pipelines").await.expect(200)["data"][0]["id"].clone();
        let stages = format!("/pipelines/{}/stages", pipeline.as_str().unwrap());
        for round in 0..ROUNDS {
            let body = json!({"names": {"en": format!("Stage {round}")}, "category": "open", "probability": 20, "color": "gray", "position": 1});
            let stage = app.post("admin", &stages, body).await.expect(201);
            let (place, to) = (format!("{stages}/{}", id(&stage)), json!({"stage_id": stage["id"]}));
            let deal = app.deal("sales", &format!("Deal {round}")).await;
            let way = format!("/opportunities/{}/move", id(&deal));
            let (come, gone) = join(app.post("sales", &way, to), app.delete("admin", &place)).await;
            let has_come = one_of(&come, &gone);
            let stands = app.get("sales", &format!("/opportunities/{}", id(&deal))).await.expect(200);
            assert_eq!(stands["stage_id"] == stage["id"], has_come);
            assert!(stands["stage"]["name"].is_string(), "{stands}");
        }
    })
    .await;
}

#[actix_web::test]
async fn a_conversion_is_not_undone_while_others_rely_on_what_it_made() {
    TestApp::each(async |app| {
        for round in 0..ROUNDS * 2 {
            let lead = app.make("sales", "leads", json!({"company_name": format!("Works {round}")})).await;
            let convert = json!({"customer": {"mode": "create"}, "on_duplicate": "force", "duplicate_reason": "test"});
            let made = app.post("sales", &format!("/leads/{}/conversion", id(&lead)), convert).await.expect(201);
            let customer = &made["customer"];
            let way = format!("/leads/{}/conversion/undo", id(&lead));
            let undo = app.post("sales", &way, json!({}));
            let (undone, other) = if round % 2 == 0 {
                let deal = json!({"name": "Deal", "customer_id": customer["id"]});
                join(undo, app.post("sales", "/opportunities", deal)).await
            } else {
                let place = format!("/customers/{}", id(customer));
                join(undo, app.patch("manager", &place, json!({"industry": "changed"}))).await
            };
            one_of(&undone, &other);
        }
    })
    .await;
}

#[actix_web::test]
async fn an_external_id_is_given_once_by_whatever_way() {
    TestApp::each(async |app| {
        for round in 0..ROUNDS {
            let known = json!([{"system": "erp", "external_id": format!("E-{round}")}]);
            let other = app.make("sales", "customers", json!({"name": "Other"})).await;
            let body = json!({"name": "New", "external_ids": known});
            let place = format!("/customers/{}", id(&other));
            let operations = json!({"operations": [{"action": "create", "data": body}]});
            let (made, changed, batch) = tokio::join!(
                app.post("sales", "/customers", body.clone()),
                app.patch("sales", &place, json!({"external_ids": known})),
                app.post("sales", "/customers/batch", operations),
            );
            let in_batch = batch.expect(200)["results"][0]["status"].as_u64().unwrap();
            let mut told = [u64::from(made.status), u64::from(changed.status), in_batch];
            told.sort_unstable();
            assert!(told[0] < 300 && told[1..] == [409, 409], "{told:?}");
            app.get("sales", &format!("/customers/by/erp/E-{round}")).await.expect(200);
        }
    })
    .await;
}

/// Rows that come twice, and rows that were there all the time and do not come.
fn faults(seen: &[String], throughout: &BTreeSet<String>) -> (usize, usize) {
    let once: BTreeSet<&String> = seen.iter().collect();
    (seen.len() - once.len(), throughout.iter().filter(|id| !once.contains(id)).count())
}

async fn walk(app: &TestApp, sort: &str) -> Vec<String> {
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = app.get("sales", &format!("/customers?sort={sort}&limit=7{cursor}")).await.expect(200);
        seen.extend(ids(&page));
        match page["page"]["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return seen,
        }
    }
}

/// Forty customers that stay, of which twenty share their level and name with others.
async fn those_who_stay(app: &TestApp) -> BTreeSet<String> {
    let data = |n: usize| json!({"action": "create", "data": {"name": format!("Name {}", n / 2), "level": (["A", "B"][n / 20])}});
    let operations = json!({"operations": (0..40).map(data).collect::<Vec<_>>()});
    let made = app.post("sales", "/customers/batch", operations).await.expect(200);
    made["results"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

/// Records come, change in every field that is sorted by, and go.
async fn come_and_go(app: &TestApp, n: usize) {
    for round in 0..8 {
        let body = json!({"name": format!("Name {}", (n * 7 + round * 3) % 20), "level": "A"});
        let place = format!("/customers/{}", id(&app.make("sales", "customers", body).await));
        let change = json!({"name": format!("Name {}", (n + round * 5) % 20), "level": "B"});
        app.patch("sales", &place, change).await.expect(200);
        if round % 2 == 0 {
            app.delete("sales", &place).await.expect(204);
        }
    }
}

#[actix_web::test]
async fn pages_repeat_and_miss_nothing_while_others_write() {
    TestApp::each(async |app| {
        let throughout = those_who_stay(app).await;
        let walks = async {
            for sort in ["name", "-name", "number", "-created_at", "level,name"] {
                let seen = walk(app, sort).await;
                // A record that changes its place while it is walked past may come twice; those that stay may not.
                let stayed: Vec<String> = seen.into_iter().filter(|id| throughout.contains(id)).collect();
                assert_eq!(faults(&stayed, &throughout), (0, 0), "{sort}");
            }
        };
        join(walks, join_all((0..3).map(|n| come_and_go(app, n)))).await;
        assert_eq!(faults(&walk(app, "name").await, &throughout), (0, 0));
    })
    .await;
}

/// The control: pages by number, as other systems have them, repeat rows when others come and miss some when others go.
#[actix_web::test]
async fn pages_by_number_repeat_and_miss_rows() {
    TestApp::each(async |app| {
        let throughout = those_who_stay(app).await;
        let page = async |first: usize| {
            let all = ids(&app.get("sales", "/customers?sort=-number&limit=200").await.expect(200));
            all.into_iter().skip(first).take(7).collect::<Vec<_>>()
        };
        let (mut seen, mut extra) = (Vec::new(), Vec::new());
        for n in 0..9 {
            seen.extend(page(n * 7).await);
            match n {
                0..=2 => extra.push(app.make("sales", "customers", json!({"name": "front"})).await),
                3..=5 => {
                    drop(app.delete("sales", &format!("/customers/{}", id(&extra.pop().unwrap()))).await.expect(204));
                }
                _ => {}
            }
        }
        let (twice, missing) = faults(&seen, &throughout);
        assert!(twice > 0 && missing > 0, "{twice} {missing}");
    })
    .await;
}

/// Minor units by currency.
type Sums = BTreeMap<String, i64>;

fn add(sums: &mut Sums, amount: &Value) {
    if let (Some(currency), Some(text)) = (amount["currency"].as_str(), amount["amount"].as_str()) {
        *sums.entry(currency.to_owned()).or_default() += text.replace('.', "").parse::<i64>().unwrap();
    }
}

/// Count and sums of each group.
type Groups = BTreeMap<String, (i64, Sums)>;

fn groups_of<'a>(rows: impl Iterator<Item = &'a Value>, field: &str) -> Groups {
    let mut groups = Groups::new();
    for row in rows {
        let (count, sums) = groups.entry(row[field].to_string()).or_default();
        *count += 1;
        add(sums, &row["amount"]);
    }
    groups
}

fn told(group: &Value) -> (i64, Sums) {
    let mut sums = Sums::new();
    group["sums"].as_array().unwrap().iter().for_each(|sum| add(&mut sums, sum));
    (group["count"].as_i64().unwrap(), sums)
}

/// One of a storm: makes, moves, changes, hands over, deletes and restores deals.
async fn storm(app: &TestApp, who: &str, customer: &Value, stages: &[String]) {
    let manager = app.id("manager").await;
    for n in 0..8 {
        let amount = json!({"amount": format!("{}.50", n * 10 + 1), "currency": (["CNY", "USD"][n % 2])});
        let made = app
            .make(who, "opportunities", json!({"name": "Storm", "customer_id": customer["id"], "amount": amount}))
            .await;
        let place = format!("/opportunities/{}", id(&made));
        let to =
            json!({"stage_id": stages[n % 6], "lost_reason": "price", "fields": {"expected_close_on": "2027-01-31"}});
        app.post(who, &format!("{place}/move"), to).await.expect(200);
        match n % 4 {
            0 => {
                drop(
                    app.patch(who, &place, json!({"amount": {"amount": "7.25", "currency": "CNY"}})).await.expect(200),
                );
            }
            1 => drop(app.delete(who, &place).await.expect(204)),
            2 => {
                app.delete(who, &place).await.expect(204);
                app.post(who, &format!("{place}/restore"), json!({})).await.expect(200);
            }
            _ => drop(app.post("admin", &format!("{place}/transfer"), json!({"owner_id": manager})).await.expect(200)),
        }
    }
}

#[actix_web::test]
async fn after_a_storm_sums_and_counts_are_those_of_the_records() {
    TestApp::each(async |app| {
        let stages = app.stages().await;
        let mut customers = Vec::new();
        for who in ["sales", "sales2", "manager"] {
            customers.push((who, app.make(who, "customers", json!({"name": who})).await));
        }
        let work = customers
            .iter()
            .flat_map(|(who, customer)| [storm(app, who, customer, &stages), storm(app, who, customer, &stages)]);
        join_all(work.collect::<Vec<_>>()).await;
        for who in ["admin", "manager", "sales", "sales2", "viewer"] {
            let list = app.get(who, "/opportunities?limit=200&count=exact").await.expect(200);
            let rows = list["data"].as_array().unwrap();
            assert_eq!(list["meta"]["total"], json!(rows.len()), "{who}");
            for field in ["stage_id", "owner_id", "category", "customer_id"] {
                let path = format!("/opportunities/summary?group_by={field}&sum=amount");
                let summary = app.get(who, &path).await.expect(200);
                let summary = summary["data"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|group| (group["key"][field].to_string(), told(group)));
                assert_eq!(summary.collect::<Groups>(), groups_of(rows.iter(), field), "{who} {field}");
            }
            let board = app.get(who, "/opportunities/board?limit_per_stage=50").await.expect(200);
            for column in board["data"].as_array().unwrap() {
                let here = rows.iter().filter(|row| row["stage_id"] == column["stage"]["id"]);
                let sums = groups_of(here, "category").into_values().next().unwrap_or_default();
                assert_eq!(told(column), sums, "{who} {}", column["stage"]["name"]);
                assert_eq!(column["records"].as_array().unwrap().len() as i64, sums.0);
            }
        }
        // The control: with one record less the sums are others.
        let list = app.get("admin", "/opportunities?limit=200").await.expect(200);
        let rows = list["data"].as_array().unwrap();
        assert_ne!(groups_of(rows.iter().skip(1), "category"), groups_of(rows.iter(), "category"));
    })
    .await;
}
