//! What a handover costs: ranges of indexes, however much others have.

use serde_json::json;

use crate::handovers::{everything, hand_over, holdings};
use crate::harness::TestApp;
use crate::plans::{SENT, each_seeded, plan, scans, sent_to, size_of_plans, url_of};
use crate::records_given::id;

/// No statement that was sent since the last look reads a whole table; answers how many there were.
fn assert_no_scan(app: &TestApp) -> usize {
    let is_read = |sql: &String| ["SELECT", "UPDATE"].iter().any(|verb| sql.starts_with(verb));
    let sent: Vec<String> = sent_to(&url_of(&app.database)).into_iter().filter(is_read).collect();
    SENT.lock().unwrap().clear();
    for sql in &sent {
        let plan = plan(&app.database, sql);
        assert!(scans(&plan).is_empty(), "on {}\n{sql}\n{}", app.database.backend, plan.join("\n"));
    }
    sent.len()
}

#[actix_web::test]
async fn a_handover_reads_what_is_handed_over_and_no_more() {
    each_seeded(size_of_plans(), async |app| {
        app.token("admin").await;
        let heirs = [app.id("sales2").await, app.id("manager").await];
        let of_sales = format!("/customers?owner_id={}&limit=1", app.id("sales").await);
        let theirs = app.get("admin", &of_sales).await.expect(200);
        SENT.lock().unwrap().clear();
        let has = holdings(app, "sales").await;
        assert!(has["customers"].as_i64().unwrap() > 0, "{has}");
        app.get("admin", &format!("/customers/{}/transfer/preview", id(&theirs["data"][0]))).await.expect(200);
        assert!(assert_no_scan(app) >= 4);
        let handover = hand_over(app, "sales", everything(&heirs)).await.expect(201);
        assert_eq!(handover["counts"]["customers"], has["customers"]);
        assert!(assert_no_scan(app) >= 10);
        let place = format!("/handovers/{}", id(&handover));
        app.get("admin", &format!("{place}/items?limit=200")).await.expect(200);
        app.post("admin", &format!("{place}/undo"), json!({})).await.expect(200);
        assert!(assert_no_scan(app) >= 10);
    })
    .await;
}
