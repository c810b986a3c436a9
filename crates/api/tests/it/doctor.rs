//! `rapport doctor` finds nothing in a sound database, and each kind of damage that is planted by hand.

use rapport_persistence::Target;
use rapport_testkit::Database;
use serde_json::Value;

use crate::backup::{demo, program};
use crate::mail_server::MailServer;
use crate::sql::{number, run};

/// The level of each check, by name.
pub(crate) fn levels(target: &Target) -> (bool, std::collections::BTreeMap<String, String>, String) {
    levels_after(&["doctor", "--json"], target)
}

fn levels_after(words: &[&str], target: &Target) -> (bool, std::collections::BTreeMap<String, String>, String) {
    let (ok, text) = program(words, Some(target));
    let json = text.rfind("}\n").map_or(text.as_str(), |end| &text[..=end]);
    let report: Value = serde_json::from_str(json).expect(&text);
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let checks = report["checks"].as_array().unwrap();
    for check in checks {
        assert_eq!(check["level"] == "ok", check["advice"].is_null(), "what is wrong comes with advice: {check}");
    }
    (ok, checks.iter().map(|check| (word(&check["check"]), word(&check["level"]))).collect(), text)
}

/// Damage, the same on both databases: the check that must find it, its level, and the SQL.
const DAMAGE: &[(&str, &str, &str)] = &[
    ("search_documents", "fault", "DELETE FROM search_docs WHERE seq = (SELECT MIN(seq) FROM search_docs)"),
    ("history", "fault", "DELETE FROM changes WHERE record_id = (SELECT id FROM leads WHERE number = 1003)"),
    (
        "orphans",
        "fault",
        "UPDATE record_keys SET record_type = 'lead' WHERE record_id = (SELECT id FROM customers WHERE number = 1004)",
    ),
    ("keys_of_trash", "fault", "UPDATE contacts SET deleted_at = updated_at WHERE number = 1005"),
    (
        "conversions",
        "fault",
        "UPDATE lead_conversions SET reverted_at = converted_at WHERE id = (SELECT id FROM lead_conversions ORDER BY id LIMIT 1)",
    ),
    (
        "converted_records",
        "fault",
        "UPDATE customers SET origin_lead_id = (SELECT id FROM leads WHERE number = 1007) WHERE number = 1008",
    ),
    ("lead_statuses", "fault", "UPDATE lead_statuses SET category = 'open' WHERE category = 'disqualified'"),
    ("board_stages", "fault", "UPDATE stages SET category = 'lost' WHERE category = 'won'"),
    ("board_ranks", "fault", "UPDATE opportunities SET board_rank = 'V0' WHERE number = 1002"),
    ("stale_times", "fault", "UPDATE opportunities SET stale_at = warn_at WHERE stale_at IS NOT NULL"),
    (
        "board_positions",
        "warning",
        "UPDATE opportunities SET board_rank = 'V' WHERE stage_id = (SELECT id FROM stages ORDER BY position LIMIT 1)",
    ),
    (
        "assignment_rules",
        "fault",
        "UPDATE assignment_rules SET user_ids = '[\"01900000-0000-7000-8000-00000000dead\"]' WHERE team_id IS NULL",
    ),
    (
        "notifications",
        "fault",
        "UPDATE notifications SET subject_id = user_id WHERE id = (SELECT id FROM notifications ORDER BY id LIMIT 1)",
    ),
    (
        "handovers",
        "fault",
        "INSERT INTO handovers (id, user_id, switched_off, created_at) SELECT id, id, false, created_at FROM users WHERE email = 'admin@example.com';
         INSERT INTO handover_items (handover_id, kind, record_id, version, left_because)
         SELECT id, 'lead', id, 1, 'gone' FROM users WHERE email = 'admin@example.com'",
    ),
    (
        "at_hand",
        "fault",
        "INSERT INTO favourites (user_id, kind, record_id, created_at) SELECT id, 'lead', id, created_at FROM users WHERE email = 'admin@example.com'",
    ),
    (
        "jobs",
        "fault",
        "INSERT INTO jobs (id, kind, status, request, left_out, total, succeeded, failed, skipped, created_by, language, created_at, turn_at)
         SELECT id, 'convert_leads', 'queued', '{}', '{}', 1, 0, 0, 0, id, 'en', created_at, created_at FROM users WHERE email = 'admin@example.com'",
    ),
    (
        "customer_pools",
        "fault",
        "UPDATE customers SET team_id = (SELECT id FROM teams ORDER BY name LIMIT 1) WHERE pool_id IS NOT NULL",
    ),
    (
        "releases",
        "fault",
        "UPDATE customers SET release_at = NULL WHERE id = (SELECT id FROM customers WHERE release_at IS NOT NULL ORDER BY id LIMIT 1)",
    ),
    ("scores", "fault", "UPDATE leads SET score = score + 1, score_changes_at = NULL"),
    (
        "digests",
        "fault",
        "INSERT INTO digests (user_id, due_at, told_until, attempts) SELECT id, created_at, created_at, 0 FROM users WHERE email = 'admin@example.com'",
    ),
    (
        "attachments",
        "fault",
        "UPDATE files SET activity_id = NULL, loose_since = created_at WHERE id = (SELECT id FROM files ORDER BY id LIMIT 1)",
    ),
    ("file_usage", "fault", "UPDATE file_usage SET bytes = bytes + 1"),
    (
        "file_leftovers",
        "warning",
        "DELETE FROM files WHERE content_id = (SELECT content_id FROM files ORDER BY id LIMIT 1)",
    ),
    (
        "file_sums",
        "fault",
        "UPDATE file_contents SET sha256 = 'another' WHERE id = (SELECT content_id FROM files ORDER BY id LIMIT 1)",
    ),
    (
        "file_pieces",
        "fault",
        "DELETE FROM file_pieces WHERE content_id = (SELECT content_id FROM files ORDER BY id LIMIT 1)",
    ),
    ("file_contents", "fault", "UPDATE file_contents SET sha256 = NULL"),
    ("owners_teams", "fault", "UPDATE opportunities SET team_id = NULL WHERE owner_id IS NOT NULL"),
    ("administrators", "fault", "UPDATE users SET is_active = false WHERE email = 'admin@example.com'"),
];

/// First, since most other damage is seen by this check as well.
const AT_FIRST: &[(&str, &str, &str)] =
    &[("belongings", "fault", "UPDATE customers SET name = 'Another name altogether' WHERE number = 1006")];

/// Damage in each database's own way.
const ON_SQLITE: &[(&str, &str, &str)] = &[
    ("search_index", "fault", "DELETE FROM search_index WHERE rowid = (SELECT MAX(seq) FROM search_docs)"),
    ("counters", "fault", "UPDATE number_counters SET next = 1 WHERE record_type = 'leads'"),
    (
        "references",
        "fault",
        "UPDATE contacts SET customer_id = x'00000000000000000000000000000001' WHERE number = 1001",
    ),
    ("clock", "warning", "UPDATE outbox SET at = 9000000000000000 WHERE seq = (SELECT MAX(seq) FROM outbox)"),
];
const ON_POSTGRES: &[(&str, &str, &str)] = &[
    ("counters", "fault", "SELECT setval('leads_number', 1, false)"),
    ("indexes", "fault", "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'leads_by_status'::regclass"),
    (
        "references",
        "fault",
        "ALTER TABLE contacts DROP CONSTRAINT contacts_customer_id_fkey;
         ALTER TABLE contacts ADD CONSTRAINT contacts_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID",
    ),
    ("clock", "warning", "UPDATE outbox SET at = '2255-01-01' WHERE seq = (SELECT MAX(seq) FROM outbox)"),
];
/// Last, since little is asked after it.
const AT_LAST: &[(&str, &str, &str)] = &[
    ("restore", "fault", "CREATE TABLE restore_unfinished (at TEXT)"),
    ("schema", "fault", "INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000000')"),
];

#[actix_web::test]
async fn a_sound_database_is_sound_and_every_damage_is_found() {
    for database in Database::all() {
        eprintln!("on {}", database.backend);
        let app = demo(database).await;
        let target = &app.database.target;
        let (ok, found, text) = levels(target);
        assert!(ok && found.len() > 15, "{text}");
        let faults: Vec<_> = found.iter().filter(|(_, level)| *level == "fault").collect();
        assert_eq!(faults, Vec::<(&String, &String)>::new(), "{text}");
        let own = if app.database.backend == "sqlite" { ON_SQLITE } else { ON_POSTGRES };
        let mut before = found;
        for (check, level, sql) in AT_FIRST.iter().chain(own).chain(DAMAGE).chain(AT_LAST) {
            assert_eq!(before[*check], "ok", "{check} before");
            run(target, sql);
            let (ok, found, text) = levels(target);
            assert!(!ok || *level == "warning", "{text}");
            assert_eq!(found[*check], *level, "{check}: {text}");
            if found.contains_key("belongings") {
                before = found; // with another schema, little is asked
            }
        }
    }
}

/// The checks whose advice is `--mend`.
const MENDED: [&str; 7] =
    ["belongings", "search_documents", "search_index", "orphans", "keys_of_trash", "releases", "scores"];

#[actix_web::test]
async fn what_is_kept_beside_records_is_mended() {
    for database in Database::all() {
        eprintln!("on {}", database.backend);
        let app = demo(database).await;
        let target = &app.database.target;
        let own = if app.database.backend == "sqlite" { ON_SQLITE } else { ON_POSTGRES };
        let is_mended = |(check, ..): &&(&str, &str, &str)| MENDED.contains(check);
        let (_, sound, text) = levels_after(&["doctor", "--json", "--mend"], target);
        assert!(text.contains("what belongs to 0 records was written anew\""), "nothing to be done: {text}");
        for (check, level, sql) in AT_FIRST.iter().chain(own).chain(DAMAGE).filter(is_mended) {
            run(target, sql);
            let (_, found, text) = levels(target);
            assert_eq!(found[*check], *level, "{check}: {text}");
        }
        let (ok, found, text) = levels_after(&["doctor", "--json", "--mend"], target);
        assert!(ok && text.contains("; all releases; all scores"), "{text}");
        assert_eq!(found, sound, "{text}");
        assert!(levels(target).0, "and it stays so");
    }
}

#[actix_web::test]
async fn nothing_of_another_version_is_mended() {
    for database in Database::all() {
        let app = demo(database).await;
        let target = &app.database.target;
        for sql in
            ["DELETE FROM search_docs", "INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000000')"]
        {
            run(target, sql);
        }
        let (ok, found, text) = levels_after(&["doctor", "--json", "--mend"], target);
        assert!(!ok && found["schema"] == "fault" && !found.contains_key("mend"), "{text}");
        assert_eq!(number(target, "SELECT COUNT(*) AS n FROM search_docs"), 0);
    }
}

#[test]
fn damaged_pages_are_found() {
    let database = Database::sqlite();
    database.migrate();
    run(
        &database.target,
        "INSERT INTO guards (name, passes) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) SELECT 'guard ' || i, i FROM n; PRAGMA wal_checkpoint(TRUNCATE)",
    );
    let (ok, found, text) = levels(&database.target);
    assert!(ok && found["integrity"] == "ok", "{text}");
    let Target::Sqlite(path) = &database.target else { unreachable!() };
    let mut bytes = std::fs::read(path).unwrap();
    let length = bytes.len();
    bytes[length - 3 * 4096..].fill(0x5a);
    std::fs::write(path, bytes).unwrap();
    let (ok, found, text) = levels(&database.target);
    assert!(!ok && found["integrity"] == "fault", "{text}");
}

#[test]
fn what_surrounds_the_database_is_looked_at_too() {
    let dir = tempfile::tempdir().unwrap();
    let nowhere = Target::Sqlite(dir.path().join("rapport.db"));
    let (ok, found, text) = levels(&nowhere);
    assert!(!ok && found["database"] == "fault" && text.contains("check --database, or --data"), "{text}");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "looking makes no database");
    let file = dir.path().join("rapport.toml");
    std::fs::write(&file, "[server]\nlissten = \"127.0.0.1:1\"\n").unwrap();
    let (ok, text) = program(&["doctor", "--config", file.to_str().unwrap()], Some(&nowhere));
    assert!(!ok && text.contains("fault    settings") && text.contains("lissten"), "{text}");
    std::fs::write(&file, "[server]\nlisten = \"0.0.0.0:80\"\n").unwrap();
    let (_, text) = program(&["doctor", "--config", file.to_str().unwrap()], Some(&nowhere));
    assert!(text.contains("warning  address"), "{text}");
}

#[test]
fn the_mail_server_is_asked_whether_it_lets_us_in_and_no_password_is_shown() {
    let dir = tempfile::tempdir().unwrap();
    let (nowhere, file) = (Target::Sqlite(dir.path().join("rapport.db")), dir.path().join("rapport.toml"));
    let doctor = |server: &MailServer, query: &str| {
        let url = server.url.replace("smtp://", "smtp://crm:hunter2@");
        let url = if query.is_empty() { server.url.clone() } else { format!("{url}{query}") };
        let settings =
            "[server]\npublic_url = \"http://crm.example.com\"\n[mail]\nfrom = \"crm@example.com\"\nseconds = 2";
        std::fs::write(&file, format!("{settings}\nurl = \"{url}\"\n")).unwrap();
        let (_, text) = program(&["doctor", "--config", file.to_str().unwrap()], Some(&nowhere));
        assert!(!text.contains("hunter2"), "{text}");
        text
    };
    let server = MailServer::start();
    assert!(doctor(&server, "").contains("ok       mail               the server answers"));
    let text = doctor(&server, "?tls=required");
    assert!(text.contains("warning  mail") && text.contains("check mail.url"), "{text}");
    let text = doctor(&server, "?tls=hunter2");
    assert!(text.contains("fault    settings") && text.contains("mail.url is no mail server"), "{text}");
    assert_eq!(server.taken().len(), 0);
}

#[actix_web::test]
async fn whoever_can_read_the_data_is_said() {
    use std::os::unix::fs::PermissionsExt as _;
    let app = demo(Database::sqlite()).await;
    let Target::Sqlite(path) = &app.database.target else { unreachable!() };
    let folder = path.parent().unwrap();
    for (mode, level) in [(0o700, "ok"), (0o755, "warning")] {
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(mode)).unwrap();
        let (ok, found, text) = levels(&app.database.target);
        assert!(ok && found["rights"] == level, "{text}");
    }
}
