//! What somebody with very much to do asks for all day: a page takes as long as among little.

use serde_json::Value;

use crate::harness::TestApp;
use crate::plans::{SENT, assert_index, each_seeded, encoded, literal, sent_with, size_of_plans};
use crate::sql::run;

/// So that more than 2,000 activities are made, from which on SQLite goes through the order of a list rather than sort.
const CUSTOMERS: usize = 1000;
const PAGE: &str = "SELECT id, number, ";

/// Everything is to be done by one person, who works in one team.
fn load_upon(app: &TestApp, owner: uuid::Uuid) {
    let owner = literal(&app.database, owner);
    run(
        &app.database.target,
        &format!(
            "UPDATE activities SET status = 'open', due_at = at, happened_at = NULL, owner_id = {owner},
             team_id = (SELECT team_id FROM users WHERE id = {owner})"
        ),
    );
}

async fn asked(app: &TestApp, filter: &str, sort: &str) -> Vec<Value> {
    app.token("admin").await;
    SENT.lock().unwrap().clear();
    let path = format!("/activities?{}&sort={sort}", encoded(filter));
    app.get("admin", &path).await.expect(200)["data"].as_array().unwrap().clone()
}

#[actix_web::test]
async fn who_has_much_to_do_sees_the_next_of_it_as_soon_as_who_has_little() {
    each_seeded(size_of_plans().max(CUSTOMERS), async |app| {
        load_upon(app, app.id("sales").await);
        let (owner, team) = (app.id("sales").await, app.get("sales", "/me").await.expect(200)["team_id"].clone());
        let much = app.total("admin", &format!("/activities?{}", encoded(&format!("owner_id = \"{owner}\"")))).await;
        assert!(much > 2000, "{much}");

        let mine = format!("owner_id = \"{owner}\" AND status = \"open\" AND due_at >= @today+1d");
        for sort in ["due_at", "-due_at"] {
            assert!(!asked(app, &mine, sort).await.is_empty());
            assert_index(app, PAGE, &["activities_to_do"]);
            let counts = sent_with(app, "SELECT COUNT(*)").len();
            assert_eq!(counts, 0, "nobody counts what an index has in the order of the list");
        }

        // No index has a team's in this order: SQLite goes through all that are due, but only from where the filter begins.
        let theirs = format!("team_id = {team} AND due_at < @today");
        assert!(!asked(app, &theirs, "-due_at").await.is_empty());
        if app.database.backend == "sqlite" {
            assert_index(app, PAGE, &["activities_by_due (due_at>? AND due_at<?)", "activities_by_due (due_at<?)"]);
        }
    })
    .await;
}
