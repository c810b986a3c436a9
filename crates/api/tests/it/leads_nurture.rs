//! Leads that are put off: a task brings them back on the day.

use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::records_given::id;

async fn put_off(app: &TestApp, lead: &Value, day: &str) -> Value {
    let body = json!({"status": "nurturing", "revisit_on": day});
    app.patch("sales", &format!("/leads/{}", id(lead)), body).await.expect(200)
}

/// The tasks about the lead, the earliest first: status, when they are due, and whose they are.
async fn tasks(app: &TestApp, lead: &Value) -> Vec<Value> {
    let filter = format!("lead_id = \"{}\" AND kind = \"task\"", id(lead));
    let query = serde_urlencoded::to_string([("filter", filter.as_str()), ("sort", "created_at")]).unwrap();
    let found = app.get("admin", &format!("/activities?{query}")).await.expect(200);
    let told = |task: &Value| json!([task["status"], task["due_at"], task["owner_id"]]);
    found["data"].as_array().unwrap().iter().map(told).collect()
}

/// Everybody in the tests lives in Shanghai, where nine o'clock is one of UTC.
async fn lead_of_sales(app: &TestApp) -> (Value, Value) {
    app.patch("sales", "/me", json!({"time_zone": "Asia/Shanghai"})).await.expect(200);
    (app.make("sales", "leads", json!({"company_name": "Later"})).await, json!(app.id("sales").await))
}

#[actix_web::test]
async fn a_lead_that_is_put_off_comes_back_as_a_task_which_moves_with_its_day() {
    TestApp::each(async |app| {
        let (lead, sales) = lead_of_sales(app).await;
        let put = put_off(app, &lead, "2027-03-01").await;
        assert_eq!(tasks(app, &lead).await, [json!(["open", "2027-03-01T01:00:00Z", sales])]);
        assert_eq!(
            app.get("sales", &format!("/leads/{}", id(&lead))).await.expect(200)["next_activity_at"],
            "2027-03-01T01:00:00Z"
        );
        put_off(app, &lead, "2027-04-01").await;
        put_off(app, &lead, "2027-04-01").await;
        app.patch("sales", &format!("/leads/{}", id(&lead)), json!({"title": "CFO"})).await.expect(200);
        assert_eq!(tasks(app, &lead).await, [json!(["open", "2027-04-01T01:00:00Z", sales])]);
        assert_eq!(put["status_category"], "nurturing");
    })
    .await;
}

#[actix_web::test]
async fn whoever_has_come_back_and_puts_it_off_again_gets_another_task() {
    TestApp::each(async |app| {
        let (lead, sales) = lead_of_sales(app).await;
        put_off(app, &lead, "2027-03-01").await;
        let filter = serde_urlencoded::to_string([("filter", format!("lead_id = \"{}\"", id(&lead)))]).unwrap();
        let found = app.get("sales", &format!("/activities?{filter}")).await.expect(200);
        let task = format!("/activities/{}", id(&found["data"][0]));
        app.patch("sales", &task, json!({"status": "done"})).await.expect(200);
        put_off(app, &lead, "2027-06-01").await;
        let told = tasks(app, &lead).await;
        let open = json!(["open", "2027-06-01T01:00:00Z", sales]);
        assert_eq!((told.len(), told.last()), (2, Some(&open)));
        // What has been moved into the trash is not brought back by moving the day.
        let found = app.get("sales", &format!("/activities?{filter}&sort=-due_at")).await.expect(200);
        app.delete("sales", &format!("/activities/{}", id(&found["data"][0]))).await.expect(204);
        put_off(app, &lead, "2027-07-01").await;
        assert_eq!(tasks(app, &lead).await.last(), Some(&json!(["open", "2027-07-01T01:00:00Z", sales])));
    })
    .await;
}

#[actix_web::test]
async fn a_colleague_puts_off_what_somebody_else_owns_and_nothing_is_planned_for_the_year_9999() {
    TestApp::each(async |app| {
        let (lead, sales) = lead_of_sales(app).await;
        let place = format!("/leads/{}", id(&lead));
        let far = json!({"status": "nurturing", "revisit_on": "9999-01-01"});
        let refused = app.patch("sales", &place, far).await.expect(422);
        assert_eq!(refused["errors"][0]["pointer"], "/revisit_on");
        assert_eq!(tasks(app, &lead).await, Vec::<Value>::new());
        let day = json!({"status": "nurturing", "revisit_on": "2027-03-01"});
        app.patch("manager", &place, day).await.expect(200);
        assert_eq!(tasks(app, &lead).await, [json!(["open", "2027-03-01T01:00:00Z", sales])]);
    })
    .await;
}

#[actix_web::test]
async fn an_undone_conversion_finds_its_task_again() {
    TestApp::each(async |app| {
        let (lead, sales) = lead_of_sales(app).await;
        put_off(app, &lead, "2027-03-01").await;
        let place = format!("/leads/{}/conversion", id(&lead));
        let plan = json!({"customer": {"mode": "create"}, "open_tasks": "move"});
        app.post("sales", &place, plan).await.expect(201);
        app.post("sales", &format!("{place}/undo"), json!({})).await.expect(200);
        assert_eq!(tasks(app, &lead).await, [json!(["open", "2027-03-01T01:00:00Z", sales])]);
    })
    .await;
}

#[actix_web::test]
async fn a_lead_of_somebody_who_has_left_is_put_off_by_a_colleague_who_gets_the_task() {
    TestApp::each(async |app| {
        let (lead, sales) = lead_of_sales(app).await;
        let left = format!("/users/{}", sales.as_str().unwrap());
        app.patch("admin", &left, json!({"is_active": false})).await.expect(200);
        let day = json!({"status": "nurturing", "revisit_on": "2027-03-01"});
        app.patch("manager", &format!("/leads/{}", id(&lead)), day).await.expect(200);
        let manager = json!(app.id("manager").await);
        assert_eq!(tasks(app, &lead).await, [json!(["open", "2027-03-01T01:00:00Z", manager])]);
    })
    .await;
}
