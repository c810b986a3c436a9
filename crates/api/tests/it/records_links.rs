//! What records take over from others stays true: the team of their owner, the primary contact of a customer.

use actix_web::rt::time::timeout;
use diesel::connection::SimpleConnection as _;
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::records_given::{A_WHILE, beside, id};

async fn team(app: &TestApp, name: &str) -> Value {
    let teams = app.get("admin", "/teams").await.expect(200);
    teams["data"].as_array().unwrap().iter().find(|team| team["name"] == name).unwrap()["id"].clone()
}

/// SQLite has one writer, so only PostgreSQL can have a change of team and a new record at the same moment.
#[actix_web::test]
async fn a_record_written_while_its_owner_changes_teams_follows() {
    TestApp::each(async |app| {
        let Some(mut other) = beside(app) else { return };
        let (me, south) = (app.id("sales").await, team(app, "South").await);
        let to = south.as_str().unwrap();
        let known = app.make("sales", "leads", json!({"company_name": "Known"})).await;
        other.batch_execute(&format!("BEGIN; UPDATE users SET team_id = '{to}' WHERE id = '{me}'")).unwrap();
        let mut making = Box::pin(app.post("sales", "/leads", json!({"company_name": "New"})));
        assert!(timeout(A_WHILE, &mut making).await.is_err(), "a new record waits for its owner's new team");
        let place = format!("/leads/{}", id(&known));
        let mut changing = Box::pin(app.patch("sales", &place, json!({"title": "changed"})));
        assert!(timeout(A_WHILE, &mut changing).await.is_err(), "so does one that was read with the old team");
        other.batch_execute(&format!("UPDATE leads SET team_id = '{to}' WHERE owner_id = '{me}'; COMMIT")).unwrap();
        assert_eq!(making.await.expect(201)["team_id"], south);
        assert_eq!(changing.await.expect(200)["team_id"], south);
    })
    .await;
}

#[actix_web::test]
async fn a_change_of_team_waits_for_the_records_that_are_being_written() {
    TestApp::each(async |app| {
        let Some(mut writer) = beside(app) else { return };
        let (me, south) = (app.id("sales").await, team(app, "South").await);
        writer.batch_execute(&format!("BEGIN; SELECT team_id FROM users WHERE id = '{me}' FOR SHARE")).unwrap();
        let place = format!("/users/{me}");
        let mut moving = Box::pin(app.patch("admin", &place, json!({"team_id": south})));
        assert!(timeout(A_WHILE, &mut moving).await.is_err());
        writer.batch_execute("COMMIT").unwrap();
        moving.await.expect(200);
    })
    .await;
}

async fn primary_of(app: &TestApp, customer: &Value) -> Value {
    app.get("sales", &format!("/customers/{}", id(customer))).await.expect(200)["primary_contact_id"].clone()
}

#[actix_web::test]
async fn a_contact_that_leaves_a_customer_is_no_longer_its_primary_contact() {
    TestApp::each(async |app| {
        let customer = app.make("sales", "customers", json!({"name": "Acme"})).await;
        let links = json!([{"customer_id": customer["id"], "primary": true}]);
        let contact = app.make("sales", "contacts", json!({"given_name": "Ada", "customers": links})).await;
        let (company, person) = (format!("/customers/{}", id(&customer)), format!("/contacts/{}", id(&contact)));
        let choose = json!({"primary_contact_id": contact["id"]});
        let chosen = app.patch("sales", &company, choose.clone()).await.expect(200);
        app.patch("sales", &person, json!({"job_title": "CTO"})).await.expect(200);
        assert_eq!(primary_of(app, &customer).await, contact["id"], "other changes of the contact are no matter");
        app.delete("sales", &person).await.refused(409, "has_dependants");
        app.patch("sales", &person, json!({"customers": []})).await.expect(200);
        assert_eq!(primary_of(app, &customer).await, Value::Null);
        let history = app.get("sales", &format!("{company}/history")).await.expect(200);
        let told = json!([{"field": "primary_contact_id", "old": contact["id"], "new": null}]);
        assert_eq!(
            (&history["data"][0]["changes"], &history["data"][0]["version"]),
            (&told, &json!(chosen["version"].as_i64().unwrap() + 1))
        );
        app.patch("sales", &company, choose).await.refused(422, "validation_failed");
    })
    .await;
}

#[actix_web::test]
async fn a_customer_comes_back_from_the_trash_without_a_contact_that_went_there_meanwhile() {
    TestApp::each(async |app| {
        let main = app.make("sales", "customers", json!({"name": "Main"})).await;
        let side = app.make("sales", "customers", json!({"name": "Side"})).await;
        let links =
            json!([{"customer_id": main["id"], "primary": true}, {"customer_id": side["id"], "primary": false}]);
        let contact = app.make("sales", "contacts", json!({"given_name": "Ada", "customers": links})).await;
        let company = format!("/customers/{}", id(&side));
        app.patch("sales", &company, json!({"primary_contact_id": contact["id"]})).await.expect(200);
        app.delete("manager", &company).await.expect(204);
        app.delete("manager", &format!("/contacts/{}", id(&contact))).await.expect(204);
        let back = app.post("manager", &format!("{company}/restore"), json!({})).await.expect(200);
        assert_eq!(back["primary_contact_id"], Value::Null);
    })
    .await;
}
