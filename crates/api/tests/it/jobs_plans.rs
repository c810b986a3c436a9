//! What jobs cost: ranges of their indexes, however many there have been and however much each does.

use chrono::TimeDelta;
use rapport_api::jobs::{self, run};
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::jobs::{begin, leads};
use crate::plans::{SENT, assert_index, each_seeded, literal, size_of_plans};
use crate::records_given::id;
use crate::sql::run;

/// Two hundred jobs of one person among many of another, all over, of which one has six thousand items.
fn do_much(app: &TestApp, mine: uuid::Uuid, other: uuid::Uuid) {
    let is_sqlite = app.database.backend == "sqlite";
    let [mine, other] = [mine, other].map(|id| literal(&app.database, id) + if is_sqlite { "" } else { "::uuid" });
    let (new, at) = if is_sqlite {
        ("randomblob(16)", "(1700000000000000 + i * 1000000)")
    } else {
        ("gen_random_uuid()", "(timestamptz '2023-11-20' + i * interval '1 second')")
    };
    let jobs = format!(
        "INSERT INTO jobs (id, kind, status, request, left_out, total, succeeded, failed, skipped, created_by, language, created_at, finished_at, turn_at)
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
         SELECT {new}, 'convert_leads', 'succeeded', '{{}}', '{{}}', 1, 1, 0, 0, CASE i % 20 WHEN 0 THEN {mine} ELSE {other} END, 'en', {at}, {at}, {at} FROM n;
         INSERT INTO job_items (job_id, position, record_id, state, done_at)
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)
         SELECT (SELECT id FROM jobs ORDER BY created_at LIMIT 1), i, {new}, 'succeeded', {at} FROM n"
    );
    let gathered = if is_sqlite { "" } else { "; ANALYZE jobs; ANALYZE job_items" };
    run(&app.database.target, &format!("{jobs}{gathered}"));
}

async fn asked(app: &TestApp, who: &str, path: &str) -> Value {
    app.token(who).await;
    SENT.lock().unwrap().clear();
    app.get(who, path).await.expect(200)
}

#[actix_web::test]
async fn neither_lists_nor_turns_read_a_whole_table() {
    each_seeded(size_of_plans(), async |app| {
        do_much(app, app.id("sales").await, app.id("sales2").await);
        let items = if app.database.backend == "sqlite" {
            ["PRIMARY KEY", "job_items_by_state"]
        } else {
            ["job_items_pkey", "job_items_by_state"]
        };
        for (who, all, index) in [("sales", "", "jobs_of_user"), ("admin", "all=true&", "jobs_by_created")] {
            let page = asked(app, who, &format!("/jobs?{all}limit=50")).await;
            assert_index(app, "ORDER BY jobs.created_at", &[index]);
            let next = page["page"]["next_cursor"].as_str().unwrap();
            asked(app, who, &format!("/jobs?{all}limit=50&cursor={next}")).await;
            assert_index(app, "ORDER BY jobs.created_at", &[index]);
        }
        let long = asked(app, "admin", "/jobs?all=true&limit=1").await["data"][0].clone();
        for query in ["limit=50", "state=failed", "state=succeeded&limit=20"] {
            asked(app, "admin", &format!("/jobs/{}/items?{query}", id(&long))).await;
            assert_index(app, "FROM job_items", &items);
        }
        let given = leads(app, "sales", 3).await;
        SENT.lock().unwrap().clear();
        let job = begin(app, "sales", &given, json!({"customer": "create"})).await;
        assert_index(
            app,
            "SELECT id, owner_id, team_id, status_category FROM leads",
            &["leads_pkey", "sqlite_autoindex_leads"],
        );
        assert_index(app, "SELECT COUNT(*) FROM jobs", &["jobs_open", "jobs_of_user"]);
        assert_index(app, "SELECT jobs.id FROM jobs", &["jobs_open"]);
        SENT.lock().unwrap().clear();
        assert_eq!(run::once(&app.app).await.unwrap(), 3);
        assert_index(app, "ORDER BY jobs.turn_at", &["jobs_open"]);
        assert_index(app, "FROM job_items", &items);
        assert_index(app, "UPDATE job_items", &items);
        assert_index(app, "UPDATE jobs", &["jobs_pkey", "sqlite_autoindex_jobs", "jobs_open"]);
        app.get("sales", &format!("/jobs/{}", id(&job))).await.expect(200);
        SENT.lock().unwrap().clear();
        jobs::tidy(&app.app, app.app.now() + TimeDelta::days(1)).await.unwrap();
        assert_index(app, "ORDER BY jobs.finished_at", &["jobs_by_finished"]);
        assert_index(app, "DELETE FROM job_items", &items);
    })
    .await;
}
