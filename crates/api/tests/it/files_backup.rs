//! Files in backups: with their bytes, the same in both databases, and without what is nobody's.

use rapport_testkit::Database;
use serde_json::{Value, json};

use crate::backup::{back_up, other, program};
use crate::doctor::levels;
use crate::files::{noise, send};
use crate::harness::TestApp;
use crate::records_given::id;

const PIECE: usize = rapport_persistence::file_contents::PIECE;

async fn fetched(app: &TestApp, file: &Value) -> Vec<u8> {
    let request = app.request(reqwest::Method::GET, &format!("/files/{}/content", id(file)));
    let response = request.bearer_auth(app.token("sales").await).send().await.unwrap();
    assert_eq!(response.status(), 200);
    response.bytes().await.unwrap().to_vec()
}

/// A sender who stops in the middle and does not go away.
async fn begin(app: &TestApp) {
    let store = app.app.store.clone();
    let arriving = uuid::Uuid::from_u128(77);
    store
        .write("test", move |tx| {
            rapport_persistence::file_contents::content_begin(tx, arriving, chrono::DateTime::UNIX_EPOCH.into())?;
            rapport_persistence::file_contents::piece_insert(tx, arriving, 0, b"not whole")
        })
        .await
        .unwrap();
}

#[actix_web::test]
async fn files_come_back_from_a_backup_in_either_database() {
    for database in Database::all() {
        eprintln!("from {}", database.backend);
        let app = TestApp::on(database).await;
        let contents = [noise(1, 3 * PIECE + 5), noise(2, PIECE), b"\x00\xFF plain".to_vec()];
        let mut files = Vec::new();
        for (n, bytes) in contents.iter().enumerate() {
            files.push(send(&app, "sales", &format!("{n}.dat"), bytes.clone()).await.expect(201));
        }
        let ids: Vec<&Value> = files.iter().map(|file| &file["id"]).collect();
        let note = json!({"kind": "note", "name": "n", "attachments": ids});
        let note = app.post("sales", "/activities", note).await.expect(201);
        app.post("sales", "/activity-templates", json!({"name": "mine", "kind": "call"})).await.expect(201);
        begin(&app).await;

        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("files.rapport");
        let (path, target) = (file.clone(), app.database.target.clone());
        actix_web::rt::task::spawn_blocking(move || back_up(&target, &path)).await.unwrap();
        let restored = other(&app.database);
        let (path, target) = (file.to_str().unwrap().to_owned(), restored.target.clone());
        let done = actix_web::rt::task::spawn_blocking(move || {
            let (ok, text) = program(&["backup", "verify", &path], None);
            assert!(ok, "{text}");
            let (ok, text) = program(&["restore", &path], Some(&target));
            assert!(ok, "{text}");
            levels(&target)
        });
        let (_, found, text) = done.await.unwrap();
        for check in ["file_pieces", "file_contents", "file_leftovers", "file_usage", "file_sums", "attachments"] {
            assert_eq!(found[check], "ok", "{check}: {text}");
        }
        assert!(text.contains("3 contents of files are what was sent"), "what still arrived is not in it: {text}");

        let there = TestApp::start(restored, &|_: &mut rapport_api::config::Config| {}).await;
        for (file, bytes) in files.iter().zip(&contents) {
            assert!(fetched(&there, file).await == *bytes, "{file}");
        }
        let shown = there.get("sales", &format!("/activities/{}", id(&note))).await.expect(200);
        assert_eq!(shown, note);
        assert_eq!(there.get("sales", "/activity-templates").await.expect(200)["data"][0]["name"], "mine");
        // And goes on: the same bytes are known there, too.
        let again = send(&there, "sales", "again.dat", contents[0].clone()).await.expect(201);
        assert_eq!(again["sha256"], files[0]["sha256"]);
        there.stop().await;
        app.stop().await;
    }
}
