//! Handovers while others give and take: whoever leaves keeps nothing that is open, and nothing is done twice.

use futures_util::future::{join, join_all};
use rapport_persistence::outbox::outbox_after;
use rapport_persistence::{Db, StoreError};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::assignment::rule;
use crate::assignment_leads::Program;
use crate::doctor::levels;
use crate::handovers::{everything, hand_over, holdings};
use crate::harness::TestApp;
use crate::records_given::{id, one_of};
use crate::transfers::owner;

fn leaving(mut body: Value) -> Value {
    body["deactivate"] = json!(true);
    body
}

fn is_empty(holdings: &Value) {
    assert_eq!(holdings["is_any_open"], false, "{holdings}");
}

#[actix_web::test]
async fn of_two_who_hand_over_at_once_one_does_and_of_two_who_undo_it() {
    TestApp::each(async |app| {
        for n in 0..20 {
            app.make("sales", "customers", json!({"name": format!("Customer {n}")})).await;
        }
        let beside = app.beside().await;
        let (sales2, manager) = (app.id("sales2").await, app.id("manager").await);
        let one = hand_over(app, "sales", leaving(everything(&[sales2])));
        let other = hand_over(app, "sales", leaving(everything(&[manager])));
        let (one, other) = join(one, other).await;
        let is_first = one_of(&one, &other);
        let handover = if is_first { one.body } else { other.body };
        let heir = if is_first { "sales2" } else { "manager" };
        assert_eq!(holdings(app, heir).await["customers"], 20);
        is_empty(&holdings(app, "sales").await);
        let place = format!("/handovers/{}/undo", id(&handover));
        let undo = async || app.post("admin", &place, json!({})).await;
        let (one, other) = join(undo(), undo()).await;
        one_of(&one, &other);
        assert_eq!(holdings(app, "sales").await["customers"], 20);
        beside.stop().await;
    })
    .await;
}

#[actix_web::test]
async fn what_a_colleague_gives_away_at_that_moment_is_theirs_or_the_heirs() {
    TestApp::each(async |app| {
        let mut customers = Vec::new();
        for n in 0..12 {
            customers.push(app.make("sales", "customers", json!({"name": format!("Customer {n}")})).await);
        }
        let (manager, sales) = (app.id("manager").await, app.id("sales").await);
        let heir = app.id("sales2").await;
        let give = async |customer: &Value, to: Uuid| {
            app.post("admin", &format!("/customers/{}/transfer", id(customer)), json!({"owner_id": to})).await
        };
        // And somebody gives whoever leaves even more.
        let mut more = Vec::new();
        for n in 0..6 {
            more.push(app.make("manager", "customers", json!({"name": format!("More {n}")})).await);
        }
        let away = customers.iter().take(6).map(|customer| (customer, manager));
        let all = away.chain(more.iter().map(|customer| (customer, sales)));
        let given = join_all(all.map(|(customer, to)| give(customer, to)));
        let handing = hand_over(app, "sales", leaving(everything(&[heir])));
        let (answers, handover) = join(given, handing).await;
        let handover = handover.expect(201);
        for answer in answers {
            assert!(matches!(answer.status, 200 | 422), "{}", answer.text);
        }
        is_empty(&holdings(app, "sales").await);
        let heirs = holdings(app, "sales2").await["customers"].as_i64().unwrap();
        assert!(heirs >= handover["counts"]["customers"].as_i64().unwrap() - 6, "{heirs} {handover}");
        for customer in customers.iter().chain(&more) {
            let name = owner(app, &("customers", customer.clone())).await;
            assert!(name == "曼丽" || name == "猪八戒", "{name}");
        }
        let (_, levels, text) = levels(&app.database.target);
        assert!(levels.values().all(|level| level != "fault"), "{text}");
    })
    .await;
}

#[actix_web::test]
async fn no_lead_that_a_rule_gives_at_that_moment_is_left_behind() {
    TestApp::each(async |app| {
        let (sales, heir) = (app.id("sales").await, app.id("sales2").await);
        rule(app, json!({"name": "Turns", "strategy": "round_robin", "user_ids": [sales, app.id("manager").await]}))
            .await;
        let form = Program::of(app, "marketing").await;
        form.lead(json!({})).await;
        let leads = join_all((0..24).map(|_| form.lead(json!({}))));
        let mut body = leaving(everything(&[heir]));
        body["assignment_rules_to"] = json!(heir);
        let (leads, handover) = join(leads, hand_over(app, "sales", body)).await;
        handover.expect(201);
        is_empty(&holdings(app, "sales").await);
        for lead in leads {
            let name = owner(app, &("leads", lead)).await;
            assert!(name == "曼丽" || name == "猪八戒", "{name}");
        }
    })
    .await;
}

#[actix_web::test]
async fn whoever_had_something_hears_that_it_has_gone() {
    TestApp::each(async |app| {
        let customer = app.make("sales", "customers", json!({"name": "Gone"})).await;
        let (sales, heir) = (app.id("sales").await, app.id("sales2").await);
        let team = customer["team_id"].as_str().map(|team| team.parse().unwrap());
        hand_over(app, "sales", everything(&[heir])).await.expect(201);
        let work = |db: &mut Db| outbox_after(db, 0, 1000);
        let rows = app.app.store.read::<_, StoreError>("outbox", work).await.unwrap();
        let row = rows.iter().find(|row| row.event == "customer.handover").unwrap();
        let from = row.from().unwrap();
        assert_eq!((from.owner_id, from.team_id), (Some(sales), team));
        assert_eq!((row.record_id.0.to_string(), row.version), (id(&customer).to_owned(), 2));
    })
    .await;
}
