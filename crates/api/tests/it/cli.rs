//! The program itself, started as people start it.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};

use assert_cmd::cargo::cargo_bin;

fn rapport() -> Command {
    let mut command = Command::new(cargo_bin!("rapport"));
    command.env_remove("RUST_LOG");
    command
}

fn run(command: &mut Command) -> (bool, String, String) {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

#[test]
fn unknown_settings_are_named_and_refused() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("rapport.toml");
    std::fs::write(&file, "[server]\nlissten = \"127.0.0.1:1\"\n").unwrap();
    let (ok, _, error) = run(rapport().args(["migrate", "--config"]).arg(&file).arg("--data").arg(dir.path()));
    assert!(!ok && error.contains("lissten"), "{error}");
    let (ok, _, error) =
        run(rapport().arg("migrate").arg("--data").arg(dir.path()).env("RAPPORT__RATE_LIMIT__ENABLD", "false"));
    assert!(!ok && error.contains("enabld"), "{error}");
}

#[test]
fn a_mistyped_database_becomes_no_file() {
    let dir = tempfile::tempdir().unwrap();
    for url in ["postgre://localhost/crm", "crm", ""] {
        let (ok, _, error) =
            run(rapport().args(["migrate", "--database", url, "--data"]).arg(dir.path()).current_dir(dir.path()));
        assert!(!ok && error.contains("database.url must begin with postgres://"), "{error}");
    }
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn a_standby_needs_a_primary() {
    let dir = tempfile::tempdir().unwrap();
    let standby = ("RAPPORT__DATABASE__READ_URL", "postgres://localhost/crm");
    let (ok, _, error) = run(rapport().arg("migrate").arg("--data").arg(dir.path()).env(standby.0, standby.1));
    assert!(!ok && error.contains("database.read_url"), "{error}");
    assert!(!dir.path().join("rapport.db").exists());
}

#[test]
fn the_demo_stays_on_this_machine() {
    let dir = tempfile::tempdir().unwrap();
    let (ok, _, error) = run(rapport().args(["serve", "--demo", "--listen", "0.0.0.0:0", "--data"]).arg(dir.path()));
    assert!(!ok && error.contains("--demo"), "{error}");
}

#[test]
fn users_are_added_and_switched_off() {
    let dir = tempfile::tempdir().unwrap();
    let add = |email: &str, role: &str, password: &str| {
        let mut command = rapport();
        command
            .args(["user", "create", "--name", "Ada", "--email", email, "--role", role, "--data"])
            .arg(dir.path().join("data"));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), format!("{password}\n").as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    let (ok, error) = add("one@example.com", "admin", "lantern-orbit-velvet");
    assert!(ok, "{error}");
    let (ok, error) = add("two@example.com", "wizard", "lantern-orbit-velvet");
    assert!(!ok && error.contains("wizard") && error.contains("admin"), "{error}");
    let (ok, error) = add("two@example.com", "admin", "short");
    assert!(!ok && error.contains("12"), "{error}");
    let disable =
        |email: &str| run(rapport().args(["user", "disable", "--email", email, "--data"]).arg(dir.path().join("data")));
    let (ok, _, error) = disable("one@example.com");
    assert!(!ok && error.contains("last administrator"), "{error}");
    assert!(add("two@example.com", "admin", "lantern-orbit-velvet").0);
    assert!(disable("one@example.com").0);
    assert!(disable("nobody@example.com").2.contains("nobody@example.com"));
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(dir.path().join("data")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn a_server_prints_its_link_answers_health_checks_and_stops_when_told() {
    let dir = tempfile::tempdir().unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("127.0.0.1:{port}");
    let mut command = rapport();
    command
        .args(["serve", "--listen", &address, "--data"])
        .arg(dir.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut server = command.spawn().unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let link = lines.find_map(|line| line.ok().filter(|line| line.contains("/setup?token="))).expect("the link");
    assert!(link.contains(&format!("http://{address}/setup?token=")), "{link}");
    let url = format!("http://{address}");
    let is_ready = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        run(rapport().args(["healthcheck", "--url", &url])).0
    });
    assert!(is_ready);
    let (ok, _, error) = run(rapport().args(["serve", "--listen", &address, "--data"]).arg(dir.path()));
    assert!(!ok && error.contains("--listen"), "{error}");
    assert!(Command::new("kill").args(["-TERM", &server.id().to_string()]).status().unwrap().success());
    assert!(server.wait().unwrap().success());
    let mut log = String::new();
    server.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert!(log.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()), "{log}");
    assert!(!log.contains("token="), "{log}");
    assert!(!run(rapport().args(["healthcheck", "--url", &url])).0);
}
