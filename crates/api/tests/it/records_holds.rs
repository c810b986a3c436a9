//! What a record comes to stays, and means the same, while it comes: stages, pipelines, statuses, sources and teams that
//! are taken away or replaced at the same moment, and what a record needs when it returns from the trash.
//!
//! SQLite has one writer. On PostgreSQL the other side is played statement by statement by a connection of the test's own.

use std::pin::pin;

use actix_web::rt::time::timeout;
use diesel::PgConnection;
use diesel::connection::SimpleConnection as _;
use futures_util::future::join;
use serde_json::{Value, json};

use crate::harness::{Answer, TestApp};
use crate::records_given::{A_WHILE, beside, id, one_of};

/// How often a race is run: who comes first changes.
const ROUNDS: usize = 4;

/// While `asked` waits for the transaction that `first` begins, `then` goes on in it and ends it.
async fn amid(other: &mut PgConnection, first: &str, then: &str, asked: impl Future<Output = Answer>) -> Answer {
    other.batch_execute(&format!("BEGIN; {first}")).unwrap();
    let mut asked = pin!(asked);
    assert!(timeout(A_WHILE, &mut asked).await.is_err(), "nobody waited for {first}");
    other.batch_execute(&format!("{then}; COMMIT")).unwrap();
    asked.await
}

async fn pipeline(app: &TestApp) -> String {
    id(&app.get("admin", "/pipelines").await.expect(200)["data"][0]).to_owned()
}

/// An open stage at a place of a pipeline.
async fn stage(app: &TestApp, pipeline: &str, position: usize) -> String {
    let body =
        json!({"names": {"en": "Stage"}, "category": "open", "probability": 20, "color": "gray", "position": position});
    id(&app.post("admin", &format!("/pipelines/{pipeline}/stages"), body).await.expect(201)).to_owned()
}

async fn deal(app: &TestApp) -> Value {
    let customer = app.make("sales", "customers", json!({"name": "Customer"})).await;
    json!({"name": "Deal", "customer_id": customer["id"]})
}

/// Where a deal stands, which must be a stage that is there.
async fn stands(app: &TestApp, deal: &Value) -> Value {
    let deal = app.get("sales", &format!("/opportunities/{}", id(deal))).await.expect(200);
    assert!(deal["stage"]["name"].is_string(), "{deal}");
    assert_eq!(deal["stage"]["category"], deal["category"], "{deal}");
    deal["stage_id"].clone()
}

#[actix_web::test]
async fn a_deal_begins_in_a_stage_that_stays() {
    TestApp::each(async |app| {
        let pipeline = pipeline(app).await;
        for round in 0..ROUNDS {
            let second = app.stages().await[0].clone();
            let first = stage(app, &pipeline, 0).await;
            let (body, is_replaced) = (deal(app).await, round % 2 == 0);
            let replacement = if is_replaced { format!("?replacement={second}") } else { String::new() };
            let place = format!("/pipelines/{pipeline}/stages/{first}{replacement}");
            let (made, gone) = join(app.post("sales", "/opportunities", body), app.delete("admin", &place)).await;
            let stays = gone.status != 204;
            if stays {
                gone.refused(409, "in_use");
            }
            assert!(!(stays && is_replaced), "a replaced stage goes");
            assert_eq!(stands(app, &made.expect(201)).await, json!(if stays { &first } else { &second }));
            if stays {
                app.delete("admin", &format!("{place}?replacement={second}")).await.expect(204);
            }
        }
    })
    .await;
}

#[actix_web::test]
async fn a_deal_comes_to_a_pipeline_that_goes_and_goes_on_in_its_heir() {
    TestApp::each(async |app| {
        let (heir, stages) = (pipeline(app).await, app.stages().await);
        for _ in 0..ROUNDS {
            let body = json!({"names": {"en": "Second"}, "is_default": true});
            let second = app.post("admin", "/pipelines", body).await.expect(201);
            let pairs = second["stages"].as_array().unwrap().iter().zip(&stages);
            let mapping = pairs.map(|(old, new)| format!("{}:{new}", id(old))).collect::<Vec<_>>().join(",");
            let place = format!("/pipelines/{}?replacement={heir}&stages={mapping}", id(&second));
            let body = deal(app).await;
            let (gone, made) = join(app.delete("admin", &place), app.post("sales", "/opportunities", body)).await;
            gone.expect(204);
            let made = made.expect(201);
            assert_eq!(stands(app, &made).await, json!(stages[0]));
        }
    })
    .await;
}

#[actix_web::test]
async fn a_deal_moves_while_its_stages_are_replaced() {
    TestApp::each(async |app| {
        let (pipeline, stages) = (pipeline(app).await, app.stages().await);
        for round in 0..ROUNDS {
            let old = stage(app, &pipeline, 1).await;
            let body = deal(app).await;
            let deal = app.make("sales", "opportunities", body).await;
            let way = format!("/opportunities/{}/move", id(&deal));
            let place = format!("/pipelines/{pipeline}/stages/{old}?replacement={}", stages[1]);
            if round % 2 == 0 {
                let come = app.post("sales", &way, json!({"stage_id": old}));
                let (come, gone) = join(come, app.delete("admin", &place)).await;
                gone.expect(204);
                let reached = if come.status == 200 { &stages[1] } else { &stages[0] };
                assert_eq!(stands(app, &deal).await, json!(reached), "{}", come.text);
            } else {
                app.post("sales", &way, json!({"stage_id": old})).await.expect(200);
                let leave = app.post("sales", &way, json!({"stage_id": stages[4]}));
                let (gone, left) = join(app.delete("admin", &place), leave).await;
                gone.expect(204);
                left.expect(200);
                assert_eq!(stands(app, &deal).await, json!(stages[4]));
                // The stage to return to is not the one that has gone.
                app.post("sales", &way, json!({"stage_id": stages[1], "reason": "again"})).await.expect(200);
            }
        }
    })
    .await;
}

#[actix_web::test]
async fn the_first_stage_is_held_before_a_deal_begins_in_it() {
    TestApp::each(async |app| {
        let Some(mut other) = beside(app) else { return };
        let first = stage(app, &pipeline(app).await, 0).await;
        let body = deal(app).await;
        let gone = format!("DELETE FROM stages WHERE id = '{first}'");
        let made = amid(&mut other, &gone, "SELECT 1", app.post("sales", "/opportunities", body)).await;
        assert_eq!(made.expect(201)["stage_id"], json!(app.stages().await[0]));
    })
    .await;
}

#[actix_web::test]
async fn a_deal_is_changed_in_the_stage_that_has_taken_the_place_of_its_own() {
    TestApp::each(async |app| {
        let Some(mut other) = beside(app) else { return };
        let (old, new) = (stage(app, &pipeline(app).await, 0).await, app.stages().await[1].clone());
        let made = deal(app).await;
        let made = app.make("sales", "opportunities", made).await;
        let place = format!("/opportunities/{}", id(&made));
        let replace = format!(
            "UPDATE opportunities SET stage_id = '{new}', version = version + 1 WHERE id = '{}';
             DELETE FROM stages WHERE id = '{old}'",
            id(&made)
        );
        let close = format!("SELECT 1 FROM stages WHERE id = '{old}' FOR UPDATE");
        let change = app.patch("sales", &place, json!({"next_step": "call"}));
        let changed = amid(&mut other, &close, &replace, change).await.expect(200);
        assert_eq!((&changed["stage_id"], &changed["version"]), (&json!(new), &json!(3)));
    })
    .await;
}

/// Who leaves at the same moment is waited for, and not fetched back.
#[actix_web::test]
async fn what_has_left_is_not_replaced() {
    TestApp::each(async |app| {
        let Some(mut other) = beside(app) else { return };
        let (pipeline, stages) = (pipeline(app).await, app.stages().await);
        let old = stage(app, &pipeline, 0).await;
        let body = deal(app).await;
        let deal = app.make("sales", "opportunities", body).await;
        let leave = format!(
            "UPDATE opportunities SET stage_id = '{}', category = 'won', closed_at = now(), version = version + 1 WHERE id = '{}'",
            stages[4],
            id(&deal)
        );
        let place = format!("/pipelines/{pipeline}/stages/{old}?replacement={}", stages[0]);
        amid(&mut other, &leave, "SELECT 1", app.delete("admin", &place)).await.expect(204);
        assert_eq!(stands(app, &deal).await, json!(stages[4]));

        let status = json!({"key": "calling", "names": {"en": "Calling"}, "category": "working"});
        app.post("admin", "/lead-statuses", status).await.expect(201);
        let body = json!({"company_name": "Lead", "status": "calling", "source": "ad"});
        let lead = app.make("sales", "leads", body).await;
        let leave = format!(
            "UPDATE leads SET status = 'qualified', status_category = 'qualified', source = 'event', version = version + 1
             WHERE id = '{}'",
            id(&lead)
        );
        let place = "/lead-statuses/calling?replacement=working";
        amid(&mut other, &leave, "SELECT 1", app.delete("admin", place)).await.expect(204);
        let back = format!("UPDATE leads SET source = 'ad' WHERE id = '{}'", id(&lead));
        other.batch_execute(&back).unwrap();
        amid(&mut other, &leave, "SELECT 1", app.delete("admin", "/sources/ad?replacement=website")).await.expect(204);
        let lead = app.get("sales", &format!("/leads/{}", id(&lead))).await.expect(200);
        assert_eq!((&lead["status"], &lead["source"]), (&json!("qualified"), &json!("event")));
    })
    .await;
}

#[actix_web::test]
async fn a_status_means_the_same_while_a_lead_comes_to_it() {
    TestApp::each(async |app| {
        let Some(mut other) = beside(app) else { return };
        let status = json!({"key": "calling", "names": {"en": "Calling"}, "category": "working"});
        app.post("admin", "/lead-statuses", status).await.expect(201);
        let close = "SELECT 1 FROM lead_statuses WHERE key = 'calling' FOR UPDATE";
        let turn = "UPDATE lead_statuses SET category = 'qualified' WHERE key = 'calling'";
        let come = app.post("sales", "/leads", json!({"company_name": "Lead", "status": "calling"}));
        let lead = amid(&mut other, close, turn, come).await.expect(201);
        assert_eq!(lead["status_category"], "qualified");
        let place = format!("/leads/{}", id(&lead));
        app.patch("sales", &place, json!({"status": "new"})).await.expect(200);
        let come = "SELECT 1 FROM lead_statuses WHERE key = 'calling' FOR KEY SHARE";
        let turn = app.patch("admin", "/lead-statuses/calling", json!({"category": "working"}));
        amid(&mut other, come, "SELECT 1", turn).await.expect(200);
    })
    .await;
}

#[actix_web::test]
async fn what_has_gone_is_pointed_at() {
    TestApp::each(async |app| {
        let Some(mut other) = beside(app) else { return };
        let lead = json!({"company_name": "Lead", "source": "ad"});
        let gone = "DELETE FROM sources WHERE key = 'ad'";
        let answer = amid(&mut other, gone, "SELECT 1", app.post("sales", "/leads", lead)).await;
        assert_eq!(answer.errors(), [("/source".to_owned(), "not_found".to_owned())]);

        let team = app.post("admin", "/teams", json!({"name": "East"})).await.expect(201);
        let user = format!("/users/{}", app.id("sales").await);
        let gone = format!("DELETE FROM teams WHERE id = '{}'", id(&team));
        let join = app.patch("admin", &user, json!({"team_id": team["id"]}));
        let answer = amid(&mut other, &gone, "SELECT 1", join).await;
        assert_eq!(answer.errors(), [("/team_id".to_owned(), "invalid_value".to_owned())]);

        let team = app.post("admin", "/teams", json!({"name": "West"})).await.expect(201);
        let place = format!("/teams/{}", id(&team));
        let come = format!("UPDATE users SET team_id = '{}' WHERE id = '{}'", id(&team), app.id("viewer").await);
        let refused = amid(&mut other, &come, "SELECT 1", app.delete("admin", &place)).await.refused(409, "in_use");
        assert_eq!(refused["counts"], json!({"users": 1, "teams": 0, "assignment_rules": 0, "customer_pools": 0}));

        let team = app.post("admin", "/teams", json!({"name": "Night"})).await.expect(201);
        let gone = format!("DELETE FROM teams WHERE id = '{}'", id(&team));
        let rule = json!({"name": "Night", "strategy": "round_robin", "team_id": team["id"]});
        let answer = amid(&mut other, &gone, "SELECT 1", app.post("admin", "/assignment-rules", rule)).await;
        assert_eq!(answer.errors(), [("/team_id".to_owned(), "not_found".to_owned())]);
    })
    .await;
}

/// What a record relies on: the type relied on, the type that relies, and by which field.
const RELIANCES: [(&str, &str, &str); 5] = [
    ("customers", "opportunities", "customer_id"),
    ("customers", "customers", "parent_id"),
    ("customers", "contacts", "customers"),
    ("contacts", "opportunities", "primary_contact_id"),
    ("contacts", "contacts", "reports_to_id"),
];

/// A record, and another one in the trash that relies on it: their places.
async fn reliance(app: &TestApp, (plural, relies, field): (&str, &str, &str)) -> (String, String) {
    let record = app.make_any("sales", plural, "Relied on").await;
    let mut body = app.any("sales", relies, "Relies").await;
    body[field] = match field {
        "customers" => json!([{"customer_id": record["id"], "primary": true}]),
        _ => record["id"].clone(),
    };
    let other = app.make("sales", relies, body).await;
    let other = format!("/{relies}/{}", id(&other));
    app.delete("sales", &other).await.expect(204);
    (format!("/{plural}/{}", id(&record)), other)
}

#[actix_web::test]
async fn a_record_does_not_return_to_what_goes_at_the_same_moment() {
    TestApp::each(async |app| {
        for kinds in RELIANCES {
            for round in 0..ROUNDS {
                let (place, other) = reliance(app, kinds).await;
                let way = format!("{other}/restore");
                let back = app.post("sales", &way, json!({}));
                let gone = app.delete("sales", &place);
                let (gone, back) = if round % 2 == 0 {
                    join(gone, back).await
                } else {
                    let (back, gone) = join(back, gone).await;
                    (gone, back)
                };
                one_of(&gone, &back);
            }
            let (place, other) = reliance(app, kinds).await;
            app.delete("sales", &place).await.expect(204);
            app.post("sales", &format!("{other}/restore"), json!({})).await.refused(409, "has_dependants");
        }
    })
    .await;
}

#[actix_web::test]
async fn what_a_record_needs_is_held_while_it_returns() {
    TestApp::each(async |app| {
        let Some(mut other) = beside(app) else { return };
        for kinds in RELIANCES {
            let (place, relies) = reliance(app, kinds).await;
            let (table, record) = place.trim_start_matches('/').split_once('/').unwrap();
            let close = format!("SELECT 1 FROM {table} WHERE id = '{record}' FOR UPDATE");
            let delete = format!("UPDATE {table} SET deleted_at = now() WHERE id = '{record}'");
            let way = format!("{relies}/restore");
            let back = app.post("sales", &way, json!({}));
            amid(&mut other, &close, &delete, back).await.refused(409, "has_dependants");
        }
    })
    .await;
}
