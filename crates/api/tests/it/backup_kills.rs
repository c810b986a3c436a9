//! A restore is killed in the middle: what is left is not served, says why, and is restored when asked again.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use assert_cmd::cargo::cargo_bin;
use rapport_api::config::Config;
use rapport_persistence::{Target, backup};
use rapport_testkit::Database;

use crate::backup::{back_up, demo, program};
use crate::harness::TestApp;

/// How long after the mark each round is cut.
const MOMENTS: [u64; 2] = [0, 120];

fn start(file: &str, target: &Target) -> Child {
    let mut command = Command::new(cargo_bin!("rapport"));
    command.args(["restore", file]).stdout(Stdio::null()).stderr(Stdio::null());
    match target {
        Target::Sqlite(path) => command.arg("--data").arg(path.parent().unwrap()),
        Target::Postgres(url) => command.args(["--database", url]),
    };
    command.spawn().unwrap()
}

/// Whether the schema is there, so that the rows are next. An embedded database cannot be asked meanwhile: its size tells.
fn has_begun(target: &Target, size: u64) -> bool {
    match target {
        Target::Sqlite(path) => std::fs::metadata(path).is_ok_and(|found| found.len() >= size),
        Target::Postgres(_) => backup::unfinished(target).unwrap(),
    }
}

fn size_of_a_schema() -> u64 {
    let database = Database::sqlite();
    database.migrate();
    // What is in the log counts when the file is closed.
    drop(database.store());
    let Target::Sqlite(path) = &database.target else { unreachable!() };
    std::fs::metadata(path).unwrap().len()
}

#[actix_web::test]
async fn what_a_killed_restore_leaves_is_not_served() {
    let size = size_of_a_schema();
    for (database, place) in Database::all().into_iter().zip(Database::all()) {
        eprintln!("on {}", database.backend);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("all.rapport");
        let app = demo(database).await;
        back_up(&app.database.target, &file);
        for moment in MOMENTS {
            cut(file.to_str().unwrap(), &place.target, (size, moment));
        }
        let (ok, text) = program(&["restore", file.to_str().unwrap()], Some(&place.target));
        assert!(ok, "{text}");
        let (ok, text) = program(&["doctor"], Some(&place.target));
        assert!(ok, "{text}");
        TestApp::start(place, &|_: &mut Config| {}).await;
    }
}

/// Starts a restore, kills it when its rows are on their way, and looks at what is left.
fn cut(file: &str, target: &Target, (size, moment): (u64, u64)) {
    let (mut child, began) = (start(file, target), Instant::now());
    while !has_begun(target, size) {
        assert!(began.elapsed() < Duration::from_secs(60), "the restore does not begin");
        std::thread::sleep(Duration::from_millis(2));
    }
    std::thread::sleep(Duration::from_millis(moment));
    child.kill().unwrap();
    assert!(!child.wait().unwrap().success(), "it was killed before its end");
    // PostgreSQL notices by itself that a client is gone.
    std::thread::sleep(Duration::from_millis(300));
    assert!(backup::unfinished(target).unwrap());
    for words in [&["serve", "--listen", "127.0.0.1:0"][..], &["migrate"], &["backup", "--to", "never.rapport"]] {
        let (ok, text) = program(words, Some(target));
        assert!(!ok && text.contains("has not been finished"), "{words:?}: {text}");
    }
    let (ok, text) = program(&["doctor"], Some(target));
    assert!(!ok && text.contains("rapport restore again"), "{text}");
}
