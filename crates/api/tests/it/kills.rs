//! The program is killed in the middle of conversions, started again, and asked what is there.
//!
//! What would make these tests fail: an answer sent before its commit (an acknowledged conversion would be missing), the
//! four records of a conversion written in more than one transaction (a lead without its customer, or the reverse), or a
//! key claimed apart from its effect (a repeated request would convert again, or find its key taken for nothing). The
//! moments are counted in answers, not in milliseconds, so that every round is cut with conversions under way, however
//! fast the machine is; that some were is asserted. SIGKILL ends a process, not the machine: it says nothing of fsync.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use assert_cmd::cargo::cargo_bin;
use rapport_persistence::Target;
use rapport_testkit::Database;
use rapport_testkit::persona::PASSWORD;
use reqwest::Client;
use serde_json::{Value, json};

/// Leads of one round; each is asked for twice at the same time, under two keys.
const LEADS: usize = 8;
/// After how many answers each round ends.
const MOMENTS: [usize; 3] = [0, 3, 9];
/// Requests under way at once.
const AT_ONCE: usize = 6;

/// The program on a database, and the way to it.
struct Server {
    child: Child,
    base: String,
    client: Client,
    token: String,
}

fn command(word: &str, database: &Database, dir: &Path) -> Command {
    let mut command = Command::new(cargo_bin!("rapport"));
    command.env_remove("RUST_LOG").env("RAPPORT__RATE_LIMIT__ENABLED", "false");
    command.args(word.split(' '));
    match &database.target {
        Target::Sqlite(file) => command.arg("--data").arg(file.parent().unwrap()),
        Target::Postgres(url) => command.args(["--database", url, "--data"]).arg(dir),
    };
    command
}

fn add_admin(database: &Database, dir: &Path) {
    let mut add = command("user create --name Ada --email admin@example.com --role admin", database, dir);
    let mut child = add.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(format!("{PASSWORD}\n").as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}

impl Server {
    /// Starts the program; a token of an earlier run is still good.
    async fn start(database: &Database, dir: &Path, token: &str) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut serve = command(&format!("serve --listen 127.0.0.1:{port}"), database, dir);
        let child = serve.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let client = Client::builder().no_proxy().build().unwrap();
        let mut server = Self { child, base: format!("http://127.0.0.1:{port}"), client, token: token.to_owned() };
        let is_ready = async || {
            let answer = server.client.get(format!("{}/readyz", server.base)).send().await;
            answer.is_ok_and(|answer| answer.status() == 200)
        };
        let mut tries = 0..1200;
        while !is_ready().await {
            assert!(tries.next().is_some(), "the server does not start");
            actix_web::rt::time::sleep(Duration::from_millis(25)).await;
        }
        if server.token.is_empty() {
            let sign_in = json!({"grant_type": "password", "email": "admin@example.com", "password": PASSWORD});
            let (_, tokens) = server.post("/auth/token", "", &sign_in).await.unwrap();
            tokens["access_token"].as_str().unwrap().clone_into(&mut server.token);
        }
        server
    }

    /// The answer to a request, if one comes.
    async fn post(&self, path: &str, key: &str, body: &Value) -> Option<(u16, Value)> {
        let request = self.client.post(format!("{}/api/v1{path}", self.base)).bearer_auth(&self.token).json(body);
        let request = if key.is_empty() { request } else { request.header("Idempotency-Key", key) };
        let answer = request.send().await.ok()?;
        let status = answer.status().as_u16();
        Some((status, answer.json().await.ok()?))
    }

    async fn get(&self, path: &str) -> Value {
        let request = self.client.get(format!("{}/api/v1{path}", self.base)).bearer_auth(&self.token);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap()
    }

    async fn add_leads(&self, round: usize) -> Vec<String> {
        let lead = |n: usize| json!({"action": "create", "data": {"company_name": format!("Works {round} {n}"), "given_name": format!("Person {round} {n}")}});
        let body = json!({"atomic": true, "operations": (0..LEADS).map(lead).collect::<Vec<_>>()});
        let (status, made) = self.post("/leads/batch", "", &body).await.unwrap();
        assert_eq!(status, 200, "{made}");
        made["results"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    }

    /// Asks for the conversion of a lead.
    async fn convert(&self, lead: &str, key: &str) -> Option<(u16, Value)> {
        let body = json!({"customer": {"mode": "create"}, "contact": {"mode": "create"}, "on_duplicate": "force",
            "duplicate_reason": "a test", "opportunity": {"mode": "create", "fields": {"name": "Machine"}}});
        self.post(&format!("/leads/{lead}/conversion"), key, &body).await
    }

    /// The records of a type that came out of a lead.
    async fn made_of(&self, plural: &str, lead: &str) -> Vec<Value> {
        let filter = serde_urlencoded::to_string([("filter", format!("origin_lead_id = \"{lead}\""))]).unwrap();
        self.get(&format!("/{plural}?{filter}")).await["data"].as_array().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Converts all leads, twice each at once, and kills the server after so many answers: the answers by lead and key.
async fn cut(server: Server, leads: &[String], after: usize) -> HashMap<(String, String), (u16, Value)> {
    let (count, answers) = (Arc::new(AtomicUsize::new(0)), Mutex::new(HashMap::new()));
    let requests = leads.iter().flat_map(|lead| ["one", "two"].map(|key| (lead.clone(), format!("{lead}-{key}"))));
    let send = async |(lead, key): (String, String)| {
        if let Some(answer) = server.convert(&lead, &key).await {
            count.fetch_add(1, Ordering::SeqCst);
            answers.lock().unwrap().insert((lead, key), answer);
        }
    };
    let sending = async {
        use futures_util::StreamExt as _;
        futures_util::stream::iter(requests).map(send).buffer_unordered(AT_ONCE).collect::<Vec<()>>().await;
    };
    let pid = server.child.id().to_string();
    let watching = async {
        // The first moment is "as soon as work is under way".
        actix_web::rt::time::sleep(Duration::from_millis(8)).await;
        while count.load(Ordering::SeqCst) < after {
            actix_web::rt::time::sleep(Duration::from_millis(1)).await;
        }
        assert!(Command::new("kill").args(["-KILL", &pid]).status().unwrap().success());
    };
    futures_util::future::join(sending, watching).await;
    drop(server);
    answers.into_inner().unwrap()
}

/// A conversion is whole or not there at all: whether this one is.
async fn is_whole(server: &Server, lead: &str) -> bool {
    let view = server.get(&format!("/leads/{lead}")).await;
    let history = server.get(&format!("/leads/{lead}/history")).await;
    let told = history["data"].as_array().unwrap().iter().filter(|change| change["action"] == "convert").count();
    let is_converted = !view["conversion"].is_null();
    assert_eq!((view["status_category"] == "converted", told), (is_converted, usize::from(is_converted)), "{view}");
    for (plural, field) in
        [("customers", "customer_id"), ("contacts", "contact_id"), ("opportunities", "opportunity_id")]
    {
        let made = server.made_of(plural, lead).await;
        assert_eq!(made.len(), usize::from(is_converted), "{plural} of {view}");
        if let Some(made) = made.first() {
            assert_eq!(made["id"], view["conversion"][field], "{plural}");
            let history = server.get(&format!("/{plural}/{}/history", made["id"].as_str().unwrap())).await;
            assert_eq!(history["data"].as_array().unwrap().len(), 1, "{plural}");
        }
    }
    is_converted
}

/// What a round saw: how many conversions were acknowledged, and how many requests got no answer.
type Seen = (usize, usize);

async fn round(server: Server, place: (&Database, &Path), round: usize, after: usize) -> (Server, Seen) {
    let token = server.token.clone();
    let leads = server.add_leads(round).await;
    let answers = cut(server, &leads, after).await;
    // PostgreSQL ends the transactions of a client that is gone by itself.
    actix_web::rt::time::sleep(Duration::from_millis(200)).await;
    let server = Server::start(place.0, place.1, &token).await;
    let mut acknowledged = 0;
    for lead in &leads {
        let before = is_whole(&server, lead).await;
        let mut statuses = Vec::new();
        for key in ["one", "two"].map(|key| format!("{lead}-{key}")) {
            let (status, again) = server.convert(lead, &key).await.unwrap();
            statuses.push(status);
            match answers.get(&(lead.clone(), key)) {
                Some((201, told)) => {
                    assert!(before, "an acknowledged conversion is there");
                    assert_eq!((status, &again), (201, told), "and its answer is given again");
                    acknowledged += 1;
                }
                Some((told, _)) => assert_eq!((*told, status), (409, 409), "{again}"),
                None => {}
            }
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409], "one of the two keys has the conversion, now and for ever");
        assert!(is_whole(&server, lead).await, "once, however often it was asked for");
    }
    (server, (acknowledged, leads.len() * 2 - answers.len()))
}

/// Leads of a job, and after how many of them the server is killed.
const MANY: usize = 80;
const CUT: i64 = 7;

/// A job once it has done so much.
async fn job_after(server: &Server, job: &str, is_enough: impl Fn(&Value) -> bool) -> Value {
    let mut tries = 0..2400;
    loop {
        let now = server.get(&format!("/jobs/{job}")).await;
        if is_enough(&now) {
            return now;
        }
        assert!(tries.next().is_some(), "the job does not go on: {now}");
        actix_web::rt::time::sleep(Duration::from_millis(25)).await;
    }
}

#[actix_web::test]
async fn a_job_whose_server_is_killed_goes_on_and_converts_each_lead_once() {
    for database in Database::all() {
        let dir = tempfile::tempdir().unwrap();
        add_admin(&database, dir.path());
        let server = Server::start(&database, dir.path(), "").await;
        let mut leads = Vec::new();
        for round in 0..MANY / LEADS {
            leads.extend(server.add_leads(round).await);
        }
        let body = json!({"ids": leads, "plan": {"customer": "create", "contact": "create", "opportunity": "create",
            "on_duplicate": "force", "duplicate_reason": "a test"}});
        let (status, job) = server.post("/leads/conversions", "", &body).await.unwrap();
        assert_eq!(status, 202, "{job}");
        let job = job["id"].as_str().unwrap();
        job_after(&server, job, |now| now["progress"]["done"].as_i64().unwrap() >= CUT).await;
        let (token, pid) = (server.token.clone(), server.child.id().to_string());
        assert!(Command::new("kill").args(["-KILL", &pid]).status().unwrap().success());
        drop(server);
        let server = Server::start(&database, dir.path(), &token).await;
        let cut = server.get(&format!("/jobs/{job}")).await;
        assert_eq!(cut["status"], "running", "it was cut amid its work: {cut}");
        let whole = job_after(&server, job, |now| now["finished_at"].is_string()).await;
        assert_eq!(whole["counts"], json!({"succeeded": MANY, "failed": 0, "skipped": 0}), "{}", database.backend);
        for lead in &leads {
            assert!(is_whole(&server, lead).await);
        }
    }
}

#[actix_web::test]
async fn a_killed_server_leaves_whole_conversions_or_none() {
    for database in Database::all() {
        let dir = tempfile::tempdir().unwrap();
        add_admin(&database, dir.path());
        let mut server = Server::start(&database, dir.path(), "").await;
        let (mut acknowledged, mut unanswered) = (0, 0);
        for (number, after) in MOMENTS.into_iter().enumerate() {
            let (restarted, (done, open)) = round(server, (&database, dir.path()), number, after).await;
            server = restarted;
            acknowledged += done;
            unanswered += open;
        }
        assert!(acknowledged > 2 && unanswered > 5, "{acknowledged} were told, {unanswered} were cut off");
    }
}
