//! What scoring costs: ranges of indexes, however many leads there are, and one read where there are no rules.

use chrono::TimeDelta;
use rapport_api::scoring::sweep;
use serde_json::json;

use crate::plans::{SENT, assert_index, each_seeded, sent_with, size_of_plans};
use crate::records_given::id;
use crate::scoring::{behaviour, place, property, rule};

const LEADS: [&str; 2] = ["leads_pkey", "sqlite_autoindex_leads"];

#[actix_web::test]
async fn neither_the_sweep_nor_a_write_reads_a_whole_table_and_every_lead_is_gone_through() {
    each_seeded(size_of_plans(), async |app| {
        SENT.lock().unwrap().clear();
        let lead = app.make("sales", "leads", json!({"company_name": "Works"})).await;
        assert_eq!(sent_with(app, "scoring_rules").len(), 0, "without a rule nobody asks for them");
        let open = app.total("admin", "/leads?filter=status_category%20!%3D%20converted").await;
        let everybody = rule(app, property("Everybody", 5, "name IS NOT NULL")).await;
        let calls = json!({"activity_kinds": ["call", "note"], "at_most": 20, "halves_after_days": 1});
        rule(app, behaviour("Calls", 3, calls)).await;

        SENT.lock().unwrap().clear();
        let changed = sweep::once(&app.app).await.unwrap();
        assert_eq!(i64::try_from(changed).unwrap(), open, "all of them, beyond one portion");
        assert!(changed > 200, "{changed}");
        assert_index(app, "SELECT id FROM leads WHERE id > ", &LEADS);
        assert_index(app, "UPDATE leads SET", &LEADS);

        let about = json!([{"type": "lead", "id": lead["id"]}]);
        app.make("sales", "activities", json!({"kind": "call", "about": about})).await;
        app.advance(TimeDelta::days(2));
        SENT.lock().unwrap().clear();
        assert!(sweep::once(&app.app).await.unwrap() > 0);
        assert_index(app, "score_changes_at <= ", &["leads_by_score_change"]);
        SENT.lock().unwrap().clear();
        let tried = json!({"rule": property("New", 5, "name IS NOT NULL")});
        let tried = app.post("admin", "/scoring-rules/dry-run", tried).await.expect(200);
        assert!(tried["examined"].as_i64().unwrap() > 200, "{tried}");
        assert_index(app, "ORDER BY created_at DESC", &["leads_by_created"]);

        SENT.lock().unwrap().clear();
        app.patch("sales", &format!("/leads/{}", id(&lead)), json!({"city": "上海"})).await.expect(200);
        assert_index(
            app,
            "FROM activities WHERE deleted_at IS NULL AND status = 'done' AND lead_id",
            &["activities_of_lead"],
        );
        app.delete("admin", &place(&everybody)).await.expect(204);
        let changed = sweep::once(&app.app).await.unwrap();
        assert_eq!(i64::try_from(changed).unwrap(), open, "all of them have lost those points");
    })
    .await;
}
