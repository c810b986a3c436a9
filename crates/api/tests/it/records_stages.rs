//! States: leads and their statuses, customers and their lifecycle and tree, deals and their stages and board.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{Answer, TestApp};
use crate::records_given::{id, names};

async fn shift(app: &TestApp, deal: &Value, body: Value) -> Answer {
    app.post("sales", &format!("/opportunities/{}/move", id(deal)), body).await
}

async fn column(app: &TestApp, stage: usize) -> Vec<String> {
    let board = app.get("sales", "/opportunities/board").await.expect(200);
    board["data"][stage]["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|card| card["name"].as_str().unwrap().to_owned())
        .collect()
}

#[actix_web::test]
async fn a_lead_is_disqualified_and_nurtured_with_what_that_needs() {
    TestApp::each(async |app| {
        let lead = app.make("sales", "leads", json!({"company_name": "Lead"})).await;
        assert_eq!((&lead["status"], &lead["status_category"]), (&json!("new"), &json!("new")));
        let place = format!("/leads/{}", id(&lead));
        for (body, pointer) in [
            (json!({"status": "disqualified"}), "/disqualified_reason"),
            (json!({"status": "disqualified", "disqualified_reason": "other"}), "/disqualified_note"),
            (json!({"status": "disqualified", "disqualified_reason": "moon"}), "/disqualified_reason"),
            (json!({"status": "nurturing"}), "/revisit_on"),
            (json!({"status": "nurturing", "revisit_on": "2020-01-01"}), "/revisit_on"),
            (json!({"status": "moon"}), "/status"),
        ] {
            let answer = app.patch("sales", &place, body.clone()).await;
            assert!(
                answer.status == 422 && answer.errors().iter().any(|(at, _)| at == pointer),
                "{body} {}",
                answer.text
            );
        }
        assert_eq!(app.get("sales", &place).await.expect(200)["version"], 1);
        app.patch("sales", &place, json!({"status": "nurturing", "revisit_on": "2027-01-01"})).await.expect(200);
        let out = app
            .patch(
                "sales",
                &place,
                json!({"status": "disqualified", "disqualified_reason": "other", "disqualified_note": "搬家"}),
            )
            .await
            .expect(200);
        assert_eq!((&out["status_category"], &out["disqualified_note"]), (&json!("disqualified"), &json!("搬家")));
        let back = app.patch("sales", &place, json!({"status": "new"})).await.expect(200);
        assert_eq!((&back["recycle_count"], &back["disqualified_reason"]), (&json!(1), &Value::Null));
    })
    .await;
}

#[actix_web::test]
async fn the_customer_tree_has_no_circle() {
    TestApp::each(async |app| {
        let mut chain = vec![app.make("sales", "customers", json!({"name": "top"})).await];
        for n in 1..10 {
            let parent = chain[n - 1]["id"].clone();
            chain.push(app.make("sales", "customers", json!({"name": format!("{n}"), "parent_id": parent})).await);
        }
        let place = |record: &Value| format!("/customers/{}", id(record));
        app.patch("sales", &place(&chain[0]), json!({"parent_id": chain[0]["id"]})).await.refused(409, "cycle");
        app.patch("sales", &place(&chain[0]), json!({"parent_id": chain[3]["id"]})).await.refused(409, "cycle");
        app.post("sales", "/customers", json!({"name": "too deep", "parent_id": chain[9]["id"]}))
            .await
            .refused(409, "cycle");
        let read = app.get("sales", &place(&chain[1])).await.expect(200);
        assert_eq!(read["parent"], json!({"id": chain[0]["id"], "name": "top"}));
        assert_eq!(app.get("sales", &place(&chain[0])).await.expect(200)["parent_id"], Value::Null);
    })
    .await;
}

#[actix_web::test]
async fn two_moves_at_once_close_no_circle() {
    TestApp::each(async |app| {
        for _ in 0..3 {
            let (one, two) = (
                app.make("sales", "customers", json!({"name": "a"})).await,
                app.make("sales", "customers", json!({"name": "b"})).await,
            );
            let under = async |child: &Value, parent: &Value| {
                app.patch("sales", &format!("/customers/{}", id(child)), json!({"parent_id": parent["id"]})).await
            };
            let (first, second) = futures_util::future::join(under(&one, &two), under(&two, &one)).await;
            let mut statuses = [first.status, second.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 409]);
        }
    })
    .await;
}

#[actix_web::test]
async fn a_customer_moves_through_its_lifecycle_for_reasons() {
    TestApp::each(async |app| {
        let customer = app.make("sales", "customers", json!({"name": "Cycle"})).await;
        let place = format!("/customers/{}", id(&customer));
        let to = async |lifecycle: &str, reason: &str| {
            app.post("sales", &format!("{place}/lifecycle"), json!({"lifecycle": lifecycle, "reason": reason})).await
        };
        to("active", "").await.refused(422, "validation_failed");
        to("active", "  ").await.refused(422, "validation_failed");
        to("dormant", "no").await.refused(422, "validation_failed");
        to("moon", "no").await.refused(422, "validation_failed");
        app.patch("sales", &place, json!({"lifecycle": "active"})).await.refused(422, "validation_failed");
        assert_eq!(to("active", "first order").await.expect(200)["lifecycle"], "active");
        assert_eq!(to("deregistered", "closed down").await.expect(200)["version"], 3);
        to("active", "back").await.refused(422, "validation_failed");
        let moves = app.get("sales", &format!("{place}/lifecycle")).await.expect(200);
        let told: Vec<_> = moves["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (row["from"].as_str().unwrap(), row["to"].as_str().unwrap(), row["reason"].as_str().unwrap()))
            .collect();
        assert_eq!(told, [("active", "deregistered", "closed down"), ("prospect", "active", "first order")]);
        assert_eq!(moves["data"][0]["by"]["name"], "孙悟空");
        app.post("sales2", &format!("{place}/lifecycle"), json!({"lifecycle": "lost", "reason": "x"}))
            .await
            .refused(404, "not_found");
    })
    .await;
}

#[actix_web::test]
async fn a_stage_demands_its_fields() {
    TestApp::each(async |app| {
        let (deal, stages) = (app.deal("sales", "Deal").await, app.stages().await);
        assert_eq!((&deal["stage"]["id"], &deal["category"]), (&json!(stages[0]), &json!("open")));
        let refused = shift(app, &deal, json!({"stage_id": stages[3]})).await;
        let required = |name: &str| (format!("/fields/{name}"), "required".to_owned());
        assert_eq!(refused.errors(), [required("amount"), required("expected_close_on")]);
        refused.refused(422, "stage_requirements");
        assert_eq!(app.get("sales", &format!("/opportunities/{}", id(&deal))).await.expect(200)["version"], 1);
        let fields = json!({"amount": {"amount": "10.00", "currency": "CNY"}, "expected_close_on": "2027-01-01"});
        let moved = shift(app, &deal, json!({"stage_id": stages[3], "fields": fields})).await.expect(200);
        assert_eq!(
            (&moved["stage"]["id"], &moved["amount"]["amount"], &moved["probability"]),
            (&json!(stages[3]), &json!("10.00"), &json!(80))
        );
        assert_eq!(moved["weighted_amount"], json!({"amount": "8.00", "currency": "CNY"}));
        let wrong =
            shift(app, &deal, json!({"stage_id": stages[2], "fields": {"amount": {"amount": "x", "currency": "CNY"}}}))
                .await;
        assert!(wrong.errors()[0].0.starts_with("/fields/amount"), "{}", wrong.text);
        let customer = deal["customer_id"].clone();
        let direct = app
            .post("sales", "/opportunities", json!({"name": "x", "customer_id": customer, "stage_id": stages[2]}))
            .await;
        direct.refused(422, "stage_requirements");
    })
    .await;
}

#[actix_web::test]
async fn a_deal_is_lost_won_and_reopened_with_reasons() {
    TestApp::each(async |app| {
        let (deal, stages) = (app.deal("sales", "Deal").await, app.stages().await);
        let place = format!("/opportunities/{}", id(&deal));
        app.patch("sales", &place, json!({"stage_id": stages[4]})).await.refused(422, "use_move");
        let lost = shift(app, &deal, json!({"stage_id": stages[5]})).await;
        assert_eq!(lost.errors(), [("/lost_reason".to_owned(), "required".to_owned())]);
        app.clock.advance(TimeDelta::seconds(90));
        let lost = shift(app, &deal, json!({"stage_id": stages[5], "lost_reason": "price", "lost_note": "太贵"}))
            .await
            .expect(200);
        assert_eq!(
            (&lost["category"], &lost["probability"], &lost["lost_reason"], &lost["last_open_stage_id"]),
            (&json!("lost"), &json!(0), &json!("price"), &json!(stages[0]))
        );
        assert!(lost["closed_at"].is_string());
        let reopened = shift(app, &deal, json!({"stage_id": stages[0]})).await;
        assert_eq!(reopened.errors(), [("/reason".to_owned(), "required".to_owned())]);
        let reopened = shift(app, &deal, json!({"stage_id": stages[0], "reason": "又来了"})).await.expect(200);
        assert_eq!(
            (&reopened["category"], &reopened["closed_at"], &reopened["lost_reason"]),
            (&json!("open"), &Value::Null, &Value::Null)
        );
        let customer = format!("/customers/{}", deal["customer_id"].as_str().unwrap());
        assert_eq!(app.get("sales", &customer).await.expect(200)["lifecycle"], "prospect");
        let won = shift(app, &deal, json!({"stage_id": stages[4]})).await.expect(200);
        assert_eq!((&won["category"], &won["probability"]), (&json!("won"), &json!(100)));
        assert_eq!(app.get("sales", &customer).await.expect(200)["lifecycle"], "active");
        let moves = app.get("sales", &format!("{place}/stages")).await.expect(200);
        let told: Vec<&Value> = moves["data"].as_array().unwrap().iter().map(|row| &row["to_stage"]["id"]).collect();
        assert_eq!(told, [&json!(stages[4]), &json!(stages[0]), &json!(stages[5]), &json!(stages[0])]);
        assert_eq!(
            (&moves["data"][1]["reason"], &moves["data"][1]["by"]["name"]),
            (&json!("又来了"), &json!("孙悟空"))
        );
        let seconds = moves["data"][2]["seconds_in_from"].as_i64().unwrap();
        assert!((90..120).contains(&seconds), "{seconds}");
        assert_eq!(moves["data"][3]["from_stage"], Value::Null);
    })
    .await;
}

#[actix_web::test]
async fn a_deal_may_arrive_closed() {
    TestApp::each(async |app| {
        let stages = app.stages().await;
        let customer = app.make("sales", "customers", json!({"name": "Import"})).await;
        let deal = |stage: usize| json!({"name": "Import", "customer_id": customer["id"], "stage_id": stages[stage], "closed_on": "2017-03-01"});
        let answer = app.post("sales", "/opportunities", deal(5)).await;
        assert_eq!(answer.errors(), [("/lost_reason".to_owned(), "required".to_owned())]);
        let won = app.make("sales", "opportunities", deal(4)).await;
        assert_eq!((&won["category"], &won["closed_on"]), (&json!("won"), &json!("2017-03-01")));
        assert!(won["closed_at"].as_str().unwrap().starts_with("2017-03-01"));
        assert_eq!(app.get("sales", &format!("/customers/{}", id(&customer))).await.expect(200)["lifecycle"], "active");
    })
    .await;
}

#[actix_web::test]
async fn cards_keep_the_place_they_are_given() {
    TestApp::each(async |app| {
        let stages = app.stages().await;
        let mut cards = Vec::new();
        for name in ["a", "b", "c", "d"] {
            cards.push(app.deal("sales", name).await);
        }
        assert_eq!(column(app, 0).await, ["d", "c", "b", "a"], "new ones on top");
        shift(app, &cards[0], json!({"stage_id": stages[0], "before_id": cards[2]["id"]})).await.expect(200);
        assert_eq!(column(app, 0).await, ["d", "a", "c", "b"]);
        shift(app, &cards[3], json!({"stage_id": stages[0], "after_id": cards[1]["id"]})).await.expect(200);
        assert_eq!(column(app, 0).await, ["a", "c", "b", "d"]);
        for _ in 0..12 {
            shift(app, &cards[1], json!({"stage_id": stages[0], "after_id": cards[0]["id"]})).await.expect(200);
            shift(app, &cards[2], json!({"stage_id": stages[0], "after_id": cards[0]["id"]})).await.expect(200);
        }
        assert_eq!(column(app, 0).await, ["a", "c", "b", "d"], "there is always room between two");
        shift(app, &cards[0], json!({"stage_id": stages[1]})).await.expect(200);
        shift(app, &cards[1], json!({"stage_id": stages[1], "after_id": cards[0]["id"]})).await.expect(200);
        assert_eq!(
            (column(app, 0).await, column(app, 1).await),
            (vec!["c".to_owned(), "d".to_owned()], vec!["a".to_owned(), "b".to_owned()])
        );
        let away = shift(app, &cards[0], json!({"stage_id": stages[1], "after_id": cards[2]["id"]})).await;
        assert_eq!(away.errors(), [("/after_id".to_owned(), "not_found".to_owned())], "not in that column");
        let theirs = app.deal("sales2", "theirs").await;
        let hidden = shift(app, &cards[2], json!({"stage_id": stages[0], "after_id": theirs["id"]})).await;
        assert_eq!(hidden.errors(), [("/after_id".to_owned(), "not_found".to_owned())]);
        let listed =
            app.get("sales", &format!("/opportunities?stage_id={}&sort=board_rank", stages[1])).await.expect(200);
        assert_eq!(names(&listed), ["a", "b"]);
    })
    .await;
}

#[actix_web::test]
async fn a_column_goes_on_by_its_cursor() {
    TestApp::each(async |app| {
        for n in 0..5 {
            app.deal("sales", &format!("card {n}")).await;
        }
        let stages = app.stages().await;
        let board = app.get("sales", "/opportunities/board?limit_per_stage=2").await.expect(200);
        let first = &board["data"][0];
        assert_eq!((&first["count"], first["records"].as_array().unwrap().len()), (&json!(5), 2));
        let cursor = first["next_cursor"].as_str().unwrap();
        let rest = app
            .get("sales", &format!("/opportunities?stage_id={}&sort=board_rank&cursor={cursor}", stages[0]))
            .await
            .expect(200);
        assert_eq!(names(&rest), ["card 2", "card 1", "card 0"]);
    })
    .await;
}

#[actix_web::test]
async fn moves_of_one_column_at_once_are_all_kept() {
    TestApp::each(async |app| {
        let stages = app.stages().await;
        let mut cards = Vec::new();
        for n in 0..6 {
            cards.push(app.deal("sales", &format!("{n}")).await);
        }
        let moves = cards.iter().map(|card| shift(app, card, json!({"stage_id": stages[1]})));
        for answer in futures_util::future::join_all(moves.collect::<Vec<_>>()).await {
            assert_eq!(answer.status, 200, "{}", answer.text);
        }
        let mut there = column(app, 1).await;
        there.sort();
        assert_eq!(there, ["0", "1", "2", "3", "4", "5"]);
    })
    .await;
}
