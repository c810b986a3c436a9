//! What the bell and the look at the clock cost: ranges of their indexes, however much there is.

use chrono::TimeDelta;
use rapport_api::config::Config;
use rapport_api::mail::Mailer;
use rapport_api::notifications::{digest, sweep};
use rapport_api::pools;
use rapport_persistence::Target;
use serde_json::json;
use uuid::Uuid;

use crate::harness::TestApp;
use crate::mail_server::MailServer;
use crate::plans::{SENT, assert_index, assert_range, each_seeded, literal, size_of_plans};
use crate::pools::set_default;
use crate::sql::run;

/// Six thousand lines of one person among as many of another, a few of them unread, of those half for the mail only.
fn tell_much(app: &TestApp, user: Uuid) {
    let (me, other) = (literal(&app.database, user), "(SELECT id FROM users WHERE email = 'seed05@example.com')");
    let rows = |id: &str, at: &str| {
        format!(
            "INSERT INTO notifications (id, user_id, kind, dedupe_key, subject, stands_for, in_inbox, created_at, shows_at, read_at)
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
             SELECT {id}, CASE i % 2 WHEN 0 THEN {me} ELSE {other} END, 'assigned', 'k' || i, 'lead', 1, i % 200 <> 0, {at}, {at},
               CASE i % 100 WHEN 0 THEN NULL ELSE {at} END FROM n"
        )
    };
    let sql = match &app.database.target {
        Target::Sqlite(_) => rows("randomblob(16)", "(1795000000000000 + i * 1000000)"),
        Target::Postgres(_) => {
            let sql = rows("gen_random_uuid()", "(timestamptz '2026-11-20' + i * interval '1 second')");
            format!("{sql}; ANALYZE notifications")
        }
    };
    run(&app.database.target, &sql);
}

/// Three thousand people who get digests some day.
fn promise_much(app: &TestApp) {
    let rows = |id: &str, later: &str| {
        format!(
            "INSERT INTO users (id, name, name_sort, email, language, time_zone, theme, is_active, version, created_at, updated_at)
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
             SELECT {id}, name, name_sort, 'n' || i || email, language, time_zone, theme, is_active, 1, created_at, updated_at
             FROM n JOIN users ON users.email = 'viewer@example.com';
             INSERT INTO digests (user_id, due_at, told_until, attempts)
             SELECT id, {later}, created_at, 0 FROM users WHERE email LIKE 'n%viewer@example.com'"
        )
    };
    let sql = match &app.database.target {
        Target::Sqlite(_) => rows("randomblob(16)", "(created_at + 90000000000000)"),
        Target::Postgres(_) => {
            let sql = rows("gen_random_uuid()", "(created_at + interval '900 days')");
            format!("{sql}; ANALYZE users; ANALYZE digests")
        }
    };
    run(&app.database.target, &sql);
}

#[actix_web::test]
async fn neither_the_bell_nor_the_look_at_the_clock_reads_a_whole_table() {
    each_seeded(size_of_plans(), async |app| {
        tell_much(app, app.id("sales").await);
        for (query, index) in [
            ("", "notifications_of_user"),
            ("?state=snoozed", "notifications_of_user"),
            ("?state=all", "notifications_of_user"),
            ("?unread=true", "notifications_unread"),
        ] {
            SENT.lock().unwrap().clear();
            let page = app.get("sales", &format!("/me/notifications{query}")).await.expect(200);
            assert_index(app, "ORDER BY shows_at", &[index]);
            assert_range(app, "SELECT COUNT(*) AS n FROM (SELECT 1 FROM notifications", &["notifications_unread"]);
            if let Some(next) = page["page"]["next_cursor"].as_str() {
                SENT.lock().unwrap().clear();
                let joint = if query.is_empty() { "?" } else { "&" };
                app.get("sales", &format!("/me/notifications{query}{joint}cursor={next}")).await.expect(200);
                assert_index(app, "ORDER BY shows_at", &[index]);
            }
        }
        let newest = app.get("sales", "/me/notifications").await.expect(200)["data"][0].clone();
        SENT.lock().unwrap().clear();
        let done = app.post("sales", "/me/notifications/read", json!({"up_to": newest["id"]})).await.expect(200);
        assert!(done["changed"].as_i64().unwrap() > 0, "{done}");
        assert_range(app, "UPDATE notifications", &["notifications_unread"]);

        app.patch("admin", "/organisation", json!({"stale_grace_days": 2})).await.expect(200);
        SENT.lock().unwrap().clear();
        sweep::once(&app.app).await.unwrap();
        assert_range(app, "COALESCE(due.reminder_at, due.due_at) AS at", &["activities_to_remind"]);
        assert_range(app, "due.warn_at AS at", &["opportunities_by_warn"]);
        assert_range(app, "due.stale_at AS at", &["opportunities_by_stale"]);
        SENT.lock().unwrap().clear();
        sweep::tidy(&app.app, app.app.now()).await.unwrap();
        assert_range(app, "notifications WHERE read_at <", &["notifications_by_read"]);
        assert_range(app, "notifications WHERE created_at <", &["notifications_by_created"]);

        set_default(app, json!({"release": {"no_activity_days": 3650}})).await;
        SENT.lock().unwrap().clear();
        pools::sweep::warn(&app.app).await.unwrap();
        assert_range(app, "release_at IS DISTINCT FROM warned_for", &["customers_to_warn"]);
    })
    .await;
}

#[actix_web::test]
async fn the_look_for_digests_reads_who_is_due_and_what_they_have_not_read() {
    each_seeded(size_of_plans(), async |app| {
        app.put("sales", "/me/notification-settings", json!({"digest": "hourly"})).await.expect(200);
        tell_much(app, app.id("sales").await);
        promise_much(app);
        let server = MailServer::start();
        let mut config = Config::default();
        config.server.public_url = Some("https://crm.example.com".to_owned());
        config.mail.url = Some(server.url.clone());
        config.mail.from = Some("crm@example.com".to_owned());
        let mailer = Mailer::of(&config).unwrap().unwrap();
        app.advance(TimeDelta::hours(2));
        SENT.lock().unwrap().clear();
        digest::once(&app.app, &mailer).await.unwrap();
        assert_range(app, "FROM digests WHERE (digests.due_at", &["digests_by_due"]);
        let (inbox, others) = if app.database.backend == "sqlite" {
            ("in_inbox = 1", "in_inbox = 0")
        } else {
            ("WHERE in_inbox", "NOT in_inbox")
        };
        assert_range(app, &format!("{inbox} AND read_at IS NULL AND user_id = "), &["notifications_unread"]);
        assert_range(app, &format!("{others} AND read_at IS NULL AND user_id = "), &["notifications_by_mail"]);
    })
    .await;
}
