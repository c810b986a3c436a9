//! Sample and seed data: believable, complete, and never twice.

use rapport_api::demo::{DEMO_PASSWORD, fill};
use rapport_api::seed::seed;
use serde_json::{Value, json};

use crate::harness::{TestApp, answer};

async fn sign_in(app: &TestApp, email: &str) -> String {
    let body = json!({"grant_type": "password", "email": email, "password": DEMO_PASSWORD});
    let token = answer(app.request(reqwest::Method::POST, "/auth/token").json(&body)).await.expect(200);
    token["access_token"].as_str().unwrap().to_owned()
}

async fn read(app: &TestApp, token: &str, path: &str) -> Value {
    answer(app.request(reqwest::Method::GET, path).bearer_auth(token)).await.expect(200)
}

async fn total(app: &TestApp, token: &str, path: &str) -> i64 {
    let joint = if path.contains('?') { '&' } else { '?' };
    read(app, token, &format!("{path}{joint}limit=1&count=exact")).await["meta"]["total"].as_i64().unwrap()
}

#[actix_web::test]
async fn the_demonstration_is_complete_and_comes_once() {
    TestApp::each_empty(async |app| {
        assert!(fill(&app.app).await.unwrap());
        assert!(!fill(&app.app).await.unwrap());
        for who in ["admin", "manager", "sales", "sales2", "service", "marketing", "viewer"] {
            sign_in(app, &format!("{who}@example.com")).await;
        }
        let admin = sign_in(app, "admin@example.com").await;
        assert_eq!(total(app, &admin, "/customers").await, 54);
        assert_eq!(total(app, &admin, "/contacts").await, 128);
        assert_eq!(total(app, &admin, "/leads").await, 86);
        assert_eq!(total(app, &admin, "/opportunities").await, 60);
        for status in ["new", "working", "nurturing", "qualified", "converted", "disqualified"] {
            assert!(total(app, &admin, &format!("/leads?status={status}")).await > 5, "{status}");
        }
        let pipelines = read(app, &admin, "/pipelines").await;
        for stage in pipelines["data"][0]["stages"].as_array().unwrap() {
            assert!(
                total(app, &admin, &format!("/opportunities?stage_id={}", stage["id"].as_str().unwrap())).await > 1,
                "{stage}"
            );
        }
        let converted = read(app, &admin, "/leads?status=converted&limit=1").await["data"][0]["conversion"].clone();
        let deal =
            read(app, &admin, &format!("/opportunities/{}", converted["opportunity_id"].as_str().unwrap())).await;
        assert_eq!(deal["customer_id"], converted["customer_id"]);
        for (path, filter) in [
            ("/opportunities", "stale_at <= @now"),
            ("/opportunities", "warn_at <= @now AND stale_at > @now"),
            ("/leads", "first_response_due_at < @now AND first_responded_at IS NULL AND status_category = \"new\""),
            ("/customers", "next_activity_at IS NULL AND (last_activity_at < @today-30d OR last_activity_at IS NULL)"),
        ] {
            let query = serde_urlencoded::to_string([("filter", filter)]).unwrap();
            assert!(total(app, &admin, &format!("{path}?{query}")).await > 2, "{path} where {filter}");
        }
        let rules = read(app, &admin, "/assignment-rules").await;
        let given: i64 =
            rules["data"].as_array().unwrap().iter().map(|rule| rule["given_30_days"].as_i64().unwrap()).sum();
        assert_eq!((rules["data"].as_array().unwrap().len(), given), (3, 6));
        let sales = sign_in(app, "sales@example.com").await;
        let told = read(app, &sales, "/me/notifications").await;
        let kinds: Vec<&str> =
            told["data"].as_array().unwrap().iter().map(|line| line["kind"].as_str().unwrap()).collect();
        assert!(kinds.contains(&"mentioned") && kinds.contains(&"assigned"), "{kinds:?}");
        assert!(kinds.len() < 10, "a few, not a flood: {}", kinds.len());
        assert_eq!(read(app, &admin, "/pools").await["data"][0]["customers"], 6);
        assert_eq!(total(app, &admin, "/customers?pool_rule=no_activity").await, 2);
        let soon = total(app, &admin, "/customers?filter=release_at%20%3C%20%40today%2B8d").await;
        assert!((3..20).contains(&soon), "{soon} customers are released soon");
        assert_eq!(total(app, &admin, "/customers?filter=release_at%20%3C%20%40now").await, 0, "none at once");
        let found = read(app, &admin, "/search?q=hgs&types=customers").await;
        assert_eq!(found["data"][0]["name"], "花果山水帘洞旅游发展有限公司");
    })
    .await;
}

#[actix_web::test]
async fn the_demonstration_shows_teams_to_their_own() {
    TestApp::each_empty(async |app| {
        fill(&app.app).await.unwrap();
        let tokens = [
            sign_in(app, "sales@example.com").await,
            sign_in(app, "manager@example.com").await,
            sign_in(app, "admin@example.com").await,
        ];
        let mut counts = Vec::new();
        for token in &tokens {
            counts.push(total(app, token, "/customers").await);
        }
        assert!(0 < counts[0] && counts[0] < counts[1] && counts[1] < counts[2], "{counts:?}");
        let me = read(app, &tokens[0], "/me").await;
        let manager = read(app, &tokens[1], "/me").await;
        assert_eq!((&me["manager_id"], &me["team_id"]), (&manager["id"], &manager["team_id"]));
    })
    .await;
}

#[actix_web::test]
async fn a_seed_makes_what_it_says_and_its_records_are_found() {
    TestApp::each(async |app| {
        let made = seed(&app.app, 650, 7).await.unwrap();
        assert_eq!((made.customers, made.contacts, made.leads, made.opportunities), (650, 780, 325, 65));
        let token = app.token("admin").await;
        for (path, count) in [("/customers", 650), ("/contacts", 780), ("/leads", 325), ("/opportunities", 65)] {
            assert_eq!(total(app, &token, path).await, count, "{path}");
        }
        let newest = read(app, &token, "/customers?limit=1&sort=number").await["data"][0].clone();
        let id = newest["id"].as_str().unwrap();
        let history = read(app, &token, &format!("/customers/{id}/history")).await;
        assert_eq!(history["data"][0]["action"], "create");
        let words: String = newest["name"].as_str().unwrap().chars().take(4).collect();
        let found = read(app, &token, &format!("/customers?q={words}&count=exact&limit=200")).await;
        assert!(found["data"].as_array().unwrap().iter().any(|row| row["id"] == newest["id"]), "{words}");
        let changed = app.patch("admin", &format!("/customers/{id}"), json!({"level": "A"})).await.expect(200);
        assert_eq!(changed["version"], 2);
        let deal = read(app, &token, "/opportunities?limit=1").await["data"][0].clone();
        let stages = read(app, &token, &format!("/opportunities/{}/stages", deal["id"].as_str().unwrap())).await;
        assert_eq!(stages["data"][0]["to_stage"]["id"], deal["stage"]["id"]);
        let again = seed(&app.app, 10, 7).await.unwrap_err().to_string();
        assert!(again.contains("choose another --seed"), "{again}");
        assert_eq!(seed(&app.app, 10, 8).await.unwrap().customers, 10);
    })
    .await;
}

#[actix_web::test]
async fn a_few_owners_have_much() {
    TestApp::each(async |app| {
        seed(&app.app, 400, 3).await.unwrap();
        let token = app.token("admin").await;
        let summary = read(app, &token, "/customers/summary?group_by=owner_id").await;
        let mut counts: Vec<i64> =
            summary["data"].as_array().unwrap().iter().map(|group| group["count"].as_i64().unwrap()).collect();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        assert!(counts.len() > 10 && counts[0] > 100 && counts.iter().sum::<i64>() == 400, "{counts:?}");
    })
    .await;
}
