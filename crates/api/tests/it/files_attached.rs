//! Attached files: seen through their activity, taken out, coming again, and gone when nobody has them.

use chrono::TimeDelta;
use futures_util::future::join_all;
use rapport_persistence::file_contents::PIECE;
use serde_json::{Value, json};

use crate::files::{KEPT, fetch, kept, noise, send, tidy, until};
use crate::harness::TestApp;
use crate::records_given::id;

/// A note about nothing with these files.
async fn note(app: &TestApp, who: &str, files: &[&Value]) -> Value {
    let files: Vec<&Value> = files.iter().map(|file| &file["id"]).collect();
    app.post(who, "/activities", json!({"kind": "note", "name": "n", "attachments": files})).await.expect(201)
}

#[actix_web::test]
async fn who_sees_the_activity_may_fetch_what_is_attached_and_nobody_else() {
    TestApp::each(async |app| {
        let lead = app.make("sales", "leads", json!({"company_name": "Warm"})).await;
        let file = send(app, "sales", "a.txt", "hello").await.expect(201);
        for who in ["admin", "manager", "sales2"] {
            let place = format!("/files/{}", id(&file));
            app.get(who, &place).await.refused(404, "not_found");
            app.delete(who, &place).await.refused(404, "not_found");
            assert_eq!(fetch(app, who, id(&file), &[]).await.status(), 404, "{who}");
            let taken = json!({"kind": "note", "name": "x", "attachments": [file["id"]]});
            let refused = app.post(who, "/activities", taken).await;
            assert_eq!(refused.errors(), [("/attachments/0".into(), "not_found".into())], "{who}");
        }
        let input = json!({"kind": "note", "name": "n", "about": [{"type": "lead", "id": lead["id"]}], "attachments": [file["id"]]});
        let note = app.post("sales", "/activities", input).await.expect(201);
        let href = format!("/api/v1/files/{}/content", id(&file));
        let shown = json!([{"id": file["id"], "name": "a.txt", "media_type": "text/plain", "size": 5, "href": href}]);
        assert_eq!(note["attachments"], shown);
        for (who, status) in [("admin", 200), ("manager", 200), ("sales", 200), ("sales2", 404)] {
            assert_eq!(fetch(app, who, id(&file), &[]).await.status(), status, "{who}");
            assert_eq!(app.get(who, &format!("/files/{}", id(&file))).await.status, status, "{who}");
        }
        app.delete("sales", &format!("/files/{}", id(&file))).await.refused(409, "in_use");
        let timeline = app.get("manager", &format!("/leads/{}/timeline", id(&lead))).await.expect(200);
        assert!(timeline["data"].as_array().unwrap().iter().any(|entry| entry["activity"]["attachments"] == shown));
        // In the trash it is still there, and who sees it there may fetch it.
        app.delete("sales", &format!("/activities/{}", id(&note))).await.expect(204);
        assert_eq!(fetch(app, "sales", id(&file), &[]).await.status(), 200);
        app.post("admin", &format!("/leads/{}/transfer", id(&lead)), json!({"owner_id": app.id("sales2").await})).await.expect(200);
        app.post("sales", &format!("/activities/{}/restore", id(&note)), json!({})).await.expect(200);
        assert_eq!(fetch(app, "sales2", id(&file), &[]).await.status(), 200);
    })
    .await;
}

#[actix_web::test]
async fn what_is_taken_out_is_its_senders_again_and_the_history_knows_it_by_name() {
    TestApp::each(async |app| {
        let (a, b) =
            (send(app, "sales", "a.txt", "a").await.expect(201), send(app, "sales", "b.txt", "b").await.expect(201));
        let made = note(app, "sales", &[&a, &b]).await;
        let place = format!("/activities/{}", id(&made));
        app.patch("sales", &place, json!({"attachments": [a["id"], a["id"]]})).await.refused(422, "validation_failed");
        app.patch("sales", &place, json!({"name": "same files"})).await.expect(200);
        let left = app.patch("sales", &place, json!({"attachments": [b["id"]]})).await.expect(200);
        assert_eq!(left["attachments"].as_array().unwrap().len(), 1);
        let loose = app.get("sales", &format!("/files/{}", id(&a))).await.expect(200);
        assert_eq!(loose["activity_id"], Value::Null);
        app.get("admin", &format!("/files/{}", id(&a))).await.refused(404, "not_found");
        let history = app.get("sales", &format!("{place}/history")).await.expect(200);
        let change = &history["data"][0]["changes"][0];
        let file = |file: &Value| json!({"id": file["id"], "name": file["name"]});
        assert_eq!(*change, json!({"field": "attachments", "old": [file(&a), file(&b)], "new": [file(&b)]}));
        // One that is attached belongs to one activity.
        let refused =
            app.post("sales", "/activities", json!({"kind": "note", "name": "x", "attachments": [b["id"]]})).await;
        assert_eq!(refused.errors(), [("/attachments/0".into(), "not_found".into())]);
        let back = app.patch("sales", &place, json!({"attachments": [b["id"], a["id"]]})).await.expect(200);
        assert_eq!(back["attachments"][1]["name"], "a.txt");
        let many: Vec<&Value> = std::iter::repeat_n(&a["id"], 21).collect();
        let refused = app.patch("sales", &place, json!({"attachments": many})).await;
        assert_eq!(refused.errors(), [("/attachments".into(), "too_long".into())]);
    })
    .await;
}

#[actix_web::test]
async fn what_comes_again_has_the_files_again_and_the_bytes_once() {
    TestApp::each(async |app| {
        let file = send(app, "sales", "form.txt", "abc").await.expect(201);
        let due = app.app.now() + TimeDelta::days(1);
        let task = json!({"kind": "task", "name": "t", "due_at": due, "repeat": {"every": "week"}, "attachments": [file["id"]]});
        let task = app.post("sales", "/activities", task).await.expect(201);
        let done = app.patch("sales", &format!("/activities/{}", id(&task)), json!({"status": "done"})).await.expect(200);
        let next = app.get("sales", &format!("/activities/{}", done["next_id"].as_str().unwrap())).await.expect(200);
        assert_eq!((&next["attachments"][0]["name"], next["attachments"].as_array().unwrap().len()), (&json!("form.txt"), 1));
        assert_ne!(next["attachments"][0]["id"], file["id"]);
        assert_eq!(kept(app).await, (1, 1, 2, 3));
        let got = fetch(app, "sales", next["attachments"][0]["id"].as_str().unwrap(), &[]).await;
        assert_eq!(got.text().await.unwrap(), "abc");
    })
    .await;
}

#[actix_web::test]
async fn what_nobody_attaches_goes_after_a_day_and_what_is_purged_lets_go() {
    TestApp::each(async |app| {
        let shared = noise(3, PIECE + 5);
        let kept_note = note(app, "sales", &[&send(app, "sales", "a.dat", shared.clone()).await.expect(201)]).await;
        let alone = send(app, "sales", "b.dat", noise(4, 20 * PIECE)).await.expect(201);
        let doomed =
            note(app, "sales", &[&alone, &send(app, "sales", "c.dat", shared.clone()).await.expect(201)]).await;
        send(app, "sales", "d.dat", noise(5, 10)).await.expect(201);
        app.delete("sales", &format!("/activities/{}", id(&doomed))).await.expect(204);
        app.advance(KEPT - TimeDelta::minutes(1));
        tidy(app).await;
        assert_eq!(kept(app).await.2, 4, "nothing is a day old");
        app.advance(TimeDelta::minutes(2));
        tidy(app).await;
        assert_eq!(kept(app).await.2, 3, "the one that nobody has attached has gone");
        app.advance(TimeDelta::days(30));
        tidy(app).await;
        until(app, (1, 2, 1, shared.len() as i64)).await;
        let left = kept_note["attachments"][0]["id"].as_str().unwrap();
        assert!(fetch(app, "sales", left, &[]).await.bytes().await.unwrap() == shared);
    })
    .await;
}

#[actix_web::test]
async fn bytes_that_go_while_they_come_again_are_there() {
    TestApp::each(async |app| {
        let bytes = noise(8, 2 * PIECE);
        for round in 0..6 {
            let gone = send(app, "sales", "a.dat", bytes.clone()).await.expect(201);
            let place = format!("/files/{}", id(&gone));
            let delete = app.delete("sales", &place);
            let sends = join_all((0..3).map(|_| send(app, "manager", "b.dat", bytes.clone())));
            let (deleted, sent) = futures_util::future::join(delete, sends).await;
            deleted.expect(204);
            for file in sent {
                let file = file.expect(201);
                assert!(fetch(app, "manager", id(&file), &[]).await.bytes().await.unwrap() == bytes, "round {round}");
                app.delete("manager", &format!("/files/{}", id(&file))).await.expect(204);
            }
            assert_eq!(kept(app).await.3, 0, "round {round}");
            // Likewise when what goes is purged with its activity.
            let doomed = note(app, "sales", &[&send(app, "sales", "c.dat", bytes.clone()).await.expect(201)]).await;
            app.delete("sales", &format!("/activities/{}", id(&doomed))).await.expect(204);
            let purge = rapport_api::trash::empty(&app.app, app.app.now() + TimeDelta::days(31));
            let (purged, sent) = futures_util::future::join(purge, send(app, "manager", "d.dat", bytes.clone())).await;
            purged.unwrap();
            let file = sent.expect(201);
            assert!(fetch(app, "manager", id(&file), &[]).await.bytes().await.unwrap() == bytes, "round {round}");
            app.delete("manager", &format!("/files/{}", id(&file))).await.expect(204);
        }
        app.advance(TimeDelta::hours(2));
        tidy(app).await;
        assert_eq!(kept(app).await, (0, 0, 0, 0));
    })
    .await;
}
