//! Backups made while people work, restored into the other kind of database, and compared through the public API.
//!
//! What would make these tests fail: a backup that is not one snapshot (a conversion would be there in half), one that
//! leaves out a table or column, a restore that changes a value, loses the order of search or board, or passwords and keys.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use assert_cmd::cargo::cargo_bin;
use rapport_api::config::Config;
use rapport_api::demo::{DEMO_PASSWORD, fill};
use rapport_persistence::Target;
use rapport_testkit::Database;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{TestApp, answer};

/// Runs the program with these words on a database: whether it went well, and what it said.
pub(crate) fn program(words: &[&str], target: Option<&Target>) -> (bool, String) {
    let mut command = Command::new(cargo_bin!("rapport"));
    command.env_remove("RUST_LOG").env("RAPPORT__LOG__LEVEL", "warn").args(words);
    match target {
        Some(Target::Sqlite(file)) => command.arg("--data").arg(file.parent().unwrap()),
        Some(Target::Postgres(url)) => command.args(["--database", url]),
        None => &mut command,
    };
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (output.status.success(), text)
}

/// [`program`] beside this thread, whose connections to a server would grow old meanwhile.
async fn aside(words: &[&str], target: Option<&Target>) -> (bool, String) {
    let (words, target) = (words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>(), target.cloned());
    let run = move || program(&words.iter().map(String::as_str).collect::<Vec<_>>(), target.as_ref());
    actix_web::rt::task::spawn_blocking(run).await.unwrap()
}

async fn restore(file: &Path, target: &Target) {
    let (ok, text) = aside(&["restore", file.to_str().unwrap()], Some(target)).await;
    assert!(ok && text.contains("Everybody signs in again"), "{text}");
}

async fn is_healthy(target: &Target) {
    let (ok, text) = aside(&["doctor"], Some(target)).await;
    assert!(ok, "{text}");
}

/// Makes a backup of a database.
pub(crate) fn back_up(target: &Target, file: &Path) {
    let (ok, text) = program(&["backup", "--to", file.to_str().unwrap()], Some(target));
    assert!(ok, "{text}");
}

/// An empty database of the other kind, or of the same where there is only one.
pub(crate) fn other(database: &Database) -> Database {
    match database.backend {
        "sqlite" => Database::postgres().unwrap_or_else(Database::sqlite),
        _ => Database::sqlite(),
    }
}

/// The program on a database with the demonstration in it.
pub(crate) async fn demo(database: Database) -> TestApp {
    let app = TestApp::start(database, &|_: &mut Config| {}).await;
    fill(&app.app).await.unwrap();
    app
}

/// Somebody at the program: a token, and how to ask with it.
struct Person<'a> {
    app: &'a TestApp,
    token: String,
}

impl<'a> Person<'a> {
    async fn sign_in(app: &'a TestApp, word: &str) -> Self {
        let body = json!({"grant_type": "password", "email": format!("{word}@example.com"), "password": DEMO_PASSWORD});
        let tokens = answer(app.request(Method::POST, "/auth/token").json(&body)).await.expect(200);
        Self { app, token: tokens["access_token"].as_str().unwrap().to_owned() }
    }

    async fn get(&self, path: &str) -> Value {
        answer(self.app.request(Method::GET, path).bearer_auth(&self.token)).await.expect(200)
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let answer = answer(self.app.request(Method::POST, path).bearer_auth(&self.token).json(&body)).await;
        assert!(answer.status < 300, "{path}: {}", answer.text);
        answer.body
    }

    /// Every row of a list, in its order.
    async fn all(&self, path: &str) -> Vec<Value> {
        let (mut rows, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let next = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
            let page = self.get(&format!("{path}{next}")).await;
            rows.extend(page["data"].as_array().unwrap().iter().cloned());
            cursor = page["meta"]["next_cursor"].as_str().map(str::to_owned);
            if cursor.is_none() {
                return rows;
            }
        }
    }

    /// Makes a lead and converts it: answers the lead's id.
    async fn convert(&self, name: &str) -> String {
        let lead = self.post("/leads", json!({"company_name": name, "given_name": name, "tags": ["storm"]})).await;
        let id = lead["id"].as_str().unwrap().to_owned();
        let call = json!({"kind": "call", "about": [{"type": "lead", "id": id}], "follow_up": {"due_at": "2026-12-01T08:00:00Z"}});
        self.post("/activities", call).await;
        let body = json!({"customer": {"mode": "create"}, "contact": {"mode": "create"}, "on_duplicate": "force",
            "duplicate_reason": "a test", "opportunity": {"mode": "create", "fields": {"name": name}}});
        self.post(&format!("/leads/{id}/conversion"), body).await;
        id
    }
}

const TYPES: [&str; 5] = ["customers", "contacts", "leads", "opportunities", "activities"];

/// Everything the API shows of a database, in one value.
async fn everything(app: &TestApp) -> Value {
    let admin = Person::sign_in(app, "admin").await;
    let mut seen = serde_json::Map::new();
    for plural in TYPES {
        let rows = admin.all(&format!("/{plural}?limit=100&count=exact")).await;
        assert!(rows.len() > 40, "{plural}");
        for row in &rows {
            let path = format!("/{plural}/{}", row["id"].as_str().unwrap());
            let history = admin.get(&format!("{path}/history")).await;
            if plural == "leads" {
                seen.insert(format!("why {path}"), admin.get(&format!("{path}/assignment")).await);
            }
            seen.insert(path, json!({"row": row, "history": history["data"]}));
        }
        let sorted = admin.all(&format!("/{plural}?limit=100&sort=name")).await;
        let ids = |rows: &[Value]| rows.iter().map(|row| row["id"].clone()).collect::<Vec<_>>();
        seen.insert(plural.to_owned(), json!([ids(&rows), ids(&sorted)]));
        seen.insert(format!("summary of {plural}"), admin.get(&format!("/{plural}/summary")).await["data"].clone());
    }
    for words in ["hgs", "科技", "storm", "lan", "wang"] {
        let found = admin.get(&format!("/search?q={}", urlencode(words))).await;
        seen.insert(format!("search {words}"), found["data"].clone());
    }
    for path in [
        "/trash",
        "/pipelines",
        "/sources",
        "/lead-statuses",
        "/assignment-rules",
        "/teams",
        "/roles",
        "/opportunities/board",
    ] {
        seen.insert(path.to_owned(), admin.get(path).await["data"].clone());
    }
    let people: Vec<Value> = admin.all("/users?limit=100").await.into_iter().map(without_visits).collect();
    seen.insert("users".to_owned(), people.into());
    Value::Object(seen)
}

fn urlencode(word: &str) -> String {
    serde_urlencoded::to_string([("q", word)]).unwrap().split_off(2)
}

/// Comparing signs in, which shows.
fn without_visits(mut user: Value) -> Value {
    user.as_object_mut().unwrap().remove("last_sign_in_at");
    user
}

fn assert_same(before: &Value, after: &Value) {
    let (before, after) = (before.as_object().unwrap(), after.as_object().unwrap());
    for (what, value) in before {
        assert_eq!(Some(value), after.get(what), "{what}");
    }
    assert_eq!(before.len(), after.len());
}

/// The storm of one person, until it is told to stop: the leads whose conversion was acknowledged.
async fn storm(person: &Person<'_>, of: usize, is_over: &AtomicBool, count: &AtomicUsize) -> Vec<String> {
    let mut made = Vec::new();
    while !is_over.load(Ordering::SeqCst) {
        made.push(person.convert(&format!("Storm {of} {}", made.len())).await);
        count.fetch_add(1, Ordering::SeqCst);
    }
    made
}

/// A backup in the middle of a storm: the conversions that were acknowledged before it began, while it was made, and all.
async fn in_a_storm(app: &TestApp, file: &Path) -> (usize, usize, usize) {
    let (is_over, count) = (AtomicBool::new(false), Arc::new(AtomicUsize::new(0)));
    let person = Person::sign_in(app, "sales").await;
    let backing_up = async {
        while count.load(Ordering::SeqCst) < 5 {
            actix_web::rt::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        let (target, file, counting) = (app.database.target.clone(), file.to_owned(), Arc::clone(&count));
        let span = actix_web::rt::task::spawn_blocking(move || {
            let before = counting.load(Ordering::SeqCst);
            back_up(&target, &file);
            (before, counting.load(Ordering::SeqCst))
        });
        let span = span.await.unwrap();
        is_over.store(true, Ordering::SeqCst);
        span
    };
    let (span, a, b, c) = futures_util::join!(
        backing_up,
        storm(&person, 1, &is_over, &count),
        storm(&person, 2, &is_over, &count),
        storm(&person, 3, &is_over, &count),
    );
    (span.0, span.1, a.len() + b.len() + c.len())
}

#[actix_web::test]
async fn a_backup_in_a_storm_of_writes_is_one_moment() {
    for database in Database::all() {
        eprintln!("on {}", database.backend);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("storm.rapport");
        let app = demo(database).await;
        let (before, after, all) = in_a_storm(&app, &file).await;
        assert!(before >= 5 && after > before && all >= after, "writing went on: {before}, {after}, {all}");
        let (ok, text) = aside(&["backup", "verify", file.to_str().unwrap()], None).await;
        assert!(ok, "{text}");
        let place = other(&app.database);
        restore(&file, &place.target).await;
        is_healthy(&place.target).await;
        let app = TestApp::start(place, &|_: &mut Config| {}).await;
        let admin = Person::sign_in(&app, "admin").await;
        let converted = |rows: Vec<Value>| rows.iter().filter(|lead| !lead["conversion"].is_null()).count();
        let found = converted(admin.all("/leads?limit=100&tags=storm").await);
        assert!((before..=all).contains(&found), "{before} ≤ {found} ≤ {all}");
        for plural in ["customers", "contacts", "opportunities"] {
            let rows = admin.all(&format!("/{plural}?limit=100&q=Storm")).await;
            assert_eq!(rows.len(), found, "{plural}");
        }
    }
}

#[actix_web::test]
async fn the_other_database_shows_the_same_after_a_restore() {
    for database in Database::all() {
        eprintln!("on {}", database.backend);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("all.rapport");
        let app = demo(database).await;
        let key = change_things(&app).await;
        let once = once(&app).await;
        let before = everything(&app).await;
        let (ok, text) = aside(&["backup", "--to", file.to_str().unwrap()], Some(&app.database.target)).await;
        assert!(ok, "{text}");
        let place = other(&app.database);
        restore(&file, &place.target).await;
        let old = Person::sign_in(&app, "sales").await;
        let restored = TestApp::start(place, &|_: &mut Config| {}).await;
        assert_same(&before, &everything(&restored).await);
        // Sessions have ended; passwords and keys work.
        let stale = answer(restored.request(Method::GET, "/leads").bearer_auth(&old.token)).await;
        assert_eq!(stale.status, 401, "{}", stale.text);
        answer(restored.request(Method::GET, "/leads").bearer_auth(&key)).await.expect(200);
        assert_eq!(once, self::once(&restored).await, "a request that was answered before is known");
        goes_on(&restored).await;
    }
}

/// Beside the demonstration: an API key, a record in the trash, an undone conversion, an external id, tags. Answers the key.
async fn change_things(app: &TestApp) -> String {
    let sales = Person::sign_in(app, "sales").await;
    let made = sales.post("/api-keys", json!({"name": "Old", "scopes": ["leads:read"]})).await;
    let lead = sales.convert("Undone").await;
    sales.post(&format!("/leads/{lead}/conversion/undo"), json!({})).await;
    let known = json!({"company_name": "Known", "given_name": "Known", "external_ids": [{"system": "erp", "external_id": "1"}]});
    sales.post("/leads", known).await;
    let gone = sales.post("/leads", json!({"company_name": "Gone", "given_name": "Gone"})).await;
    let path = format!("/leads/{}", gone["id"].as_str().unwrap());
    answer(app.request(Method::DELETE, &path).bearer_auth(&sales.token)).await.expect(204);
    made["key"].as_str().unwrap().to_owned()
}

/// A request under a key of its own, and its answer.
async fn once(app: &TestApp) -> Value {
    let sales = Person::sign_in(app, "sales").await;
    let request = app.request(Method::POST, "/leads").bearer_auth(&sales.token).header("Idempotency-Key", "once");
    answer(request.json(&json!({"company_name": "Once", "given_name": "Once"}))).await.expect(201)
}

/// Numbers, search and the board go on where they were.
async fn goes_on(app: &TestApp) {
    let sales = Person::sign_in(app, "sales").await;
    let highest = |rows: &[Value]| rows.iter().filter_map(|row| row["number"].as_i64()).max().unwrap();
    let admin = Person::sign_in(app, "admin").await;
    let before = highest(&admin.all("/leads?limit=100").await);
    let id = sales.convert("Afterwards").await;
    let lead = sales.get(&format!("/leads/{id}")).await;
    assert!(lead["number"].as_i64().unwrap() > before, "{lead}");
    assert_eq!(sales.get("/search?q=Afterwards&types=leads").await["data"][0]["id"], id.as_str());
    is_healthy(&app.database.target).await;
}

#[actix_web::test]
async fn nothing_is_restored_over_data_and_no_file_is_overwritten() {
    for database in Database::all() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("all.rapport");
        let name = file.to_str().unwrap();
        let app = demo(database).await;
        let target = &app.database.target;
        let (ok, text) = aside(&["backup", "--to", name], Some(target)).await;
        assert!(ok, "{text}");
        let bytes = std::fs::read(&file).unwrap();
        let (ok, text) = aside(&["backup", "--to", name], Some(target)).await;
        assert!(!ok && text.contains("never overwrites"), "{text}");
        assert_eq!(std::fs::read(&file).unwrap(), bytes);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no part of a file is left");
        let admin = Person::sign_in(&app, "admin").await;
        let before = admin.all("/leads?limit=100").await;
        let (ok, text) = aside(&["restore", name], Some(target)).await;
        // An embedded database that a server has open is refused for that; one that is at rest, for its rows.
        assert!(!ok && (text.contains("is not empty") || text.contains("stop the server")), "{text}");
        assert_eq!(before, admin.all("/leads?limit=100").await);
        is_healthy(target).await;
        // A database that was only migrated is as good as none.
        let place = other(&app.database);
        place.migrate();
        restore(&file, &place.target).await;
        let (ok, text) = aside(&["restore", name], Some(&place.target)).await;
        assert!(!ok && text.contains("is not empty") && text.contains("new data folder"), "{text}");
    }
}
