//! The calendar feed: who sees what through it, and when it ends.

use serde_json::{Value, json};

use crate::harness::{Answer, TestApp};
use crate::records_given::id;

/// The path of a feed, as it would be asked for without signing in.
async fn link(app: &TestApp, who: &str) -> String {
    let made = app.post(who, "/me/calendar-feed", json!({})).await.expect(201);
    let url = made["url"].as_str().unwrap().to_owned();
    assert!(url.starts_with(&app.base), "{url}");
    url.replace(&app.base, "/")
}

async fn open(app: &TestApp, link: &str) -> Answer {
    app.get("", link).await
}

#[actix_web::test]
async fn a_feed_shows_what_its_user_has_to_do_and_nothing_else() {
    TestApp::each(async |app| {
        let lead = app.make("sales", "leads", json!({"company_name": "花果山; 水帘洞"})).await;
        let about = json!([{"type": "lead", "id": lead["id"]}]);
        let task = json!({"kind": "task", "name": "报价, 二期", "due_at": "2026-12-01T08:00:00Z", "about": about, "duration_minutes": 45});
        let task = app.make("sales", "activities", task).await;
        app.make("sales", "activities", json!({"kind": "task", "name": "Some day"})).await;
        app.make("sales", "activities", json!({"kind": "call", "name": "Done"})).await;
        app.make("manager", "activities", json!({"kind": "task", "name": "Mine", "due_at": "2026-12-01T08:00:00Z"})).await;
        assert_eq!(app.get("sales", "/me/calendar-feed").await.expect(200)["created_at"], Value::Null);

        let link = link(app, "sales").await;
        let feed = open(app, &link).await;
        assert_eq!((feed.status, feed.headers["content-type"].to_str().unwrap()), (200, "text/calendar; charset=utf-8"));
        let text = feed.text.replace("\r\n ", "");
        assert_eq!(text.matches("BEGIN:VEVENT").count(), 1, "{text}");
        for line in [
            format!("UID:{}@rapport", id(&task)),
            "SUMMARY:报价\\, 二期".to_owned(),
            "DTSTART:20261201T080000Z".to_owned(),
            "DTEND:20261201T084500Z".to_owned(),
            "DESCRIPTION:花果山\\; 水帘洞".to_owned(),
            format!("URL:{}/leads/{}", app.base, id(&lead)),
        ] {
            assert!(text.contains(&line), "{line}\n{text}");
        }
        assert!(app.get("sales", "/me/calendar-feed").await.expect(200)["last_used_at"].is_string());
        app.patch("sales", &format!("/activities/{}", id(&task)), json!({"status": "done"})).await.expect(200);
        assert!(!open(app, &link).await.text.contains("BEGIN:VEVENT"));
    })
    .await;
}

#[actix_web::test]
async fn a_feed_ends_with_its_link_its_users_sessions_and_its_user() {
    TestApp::each(async |app| {
        let first = link(app, "sales").await;
        let second = link(app, "sales").await;
        open(app, &first).await.refused(404, "not_found");
        assert_eq!(open(app, &second).await.status, 200);
        for forged in ["//calendar/x.ics", "//calendar/.ics", &format!("{}x.ics", second.trim_end_matches(".ics"))] {
            open(app, forged).await.refused(404, "not_found");
        }
        app.delete("sales", "/me/calendar-feed").await.expect(204);
        open(app, &second).await.refused(404, "not_found");
        app.delete("sales", "/me/calendar-feed").await.expect(204);

        let third = link(app, "sales").await;
        app.delete("admin", &format!("/users/{}/sessions", app.id("sales").await)).await.expect(204);
        open(app, &third).await.refused(404, "not_found");

        let theirs = link(app, "sales2").await;
        let off: Value = json!({"is_active": false});
        app.patch("admin", &format!("/users/{}", app.id("sales2").await), off).await.expect(200);
        open(app, &theirs).await.refused(404, "not_found");
    })
    .await;
}
