//! What requests cost: how many statements they send, and that none of them reads a whole table.

use std::sync::Mutex;

use diesel::connection::{Instrumentation, InstrumentationEvent, SimpleConnection as _, set_default_instrumentation};
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::{PgConnection, SqliteConnection};
use rapport_api::seed::seed;
use rapport_persistence::Target;
use rapport_testkit::Database;

use crate::harness::TestApp;
use crate::records_given::{TYPES, id};

/// Every statement so far, with the database that it was sent to.
static SENT: Mutex<Vec<(String, String)>> = Mutex::new(Vec::new());

/// Tables that grow with the business.
const LARGE: [&str; 8] =
    ["customers", "contacts", "leads", "opportunities", "search_docs", "changes", "record_tags", "record_keys"];

#[derive(Default)]
struct Recorder {
    url: String,
}

impl Instrumentation for Recorder {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => url.clone_into(&mut self.url),
            InstrumentationEvent::StartQuery { query, .. } => {
                let text = query.to_string();
                let sql = text.rsplit_once(" -- binds:").map_or(text.as_str(), |(sql, _)| sql);
                SENT.lock().unwrap().push((self.url.clone(), sql.to_owned()));
            }
            _ => {}
        }
    }
}

fn url_of(database: &Database) -> String {
    match &database.target {
        Target::Sqlite(path) => path.to_string_lossy().into_owned(),
        Target::Postgres(url) => url.clone(),
    }
}

/// The statements a request sends that name a large table.
async fn statements(app: &TestApp, who: &str, path: &str) -> Vec<String> {
    app.token(who).await;
    let url = url_of(&app.database);
    SENT.lock().unwrap().retain(|(sent_to, _)| *sent_to != url);
    let answer = app.get(who, path).await;
    assert_eq!(answer.status, 200, "{path} {}", answer.text);
    let sent = SENT.lock().unwrap();
    sent.iter()
        .filter(|(sent_to, _)| *sent_to == url)
        .map(|(_, sql)| sql.clone())
        .filter(|sql| sql.to_uppercase().starts_with("SELECT"))
        .collect()
}

#[derive(Debug, QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// The plan of a statement whose values are not known.
fn plan(database: &Database, sql: &str) -> Vec<String> {
    let lines: Vec<Line> = match &database.target {
        Target::Sqlite(path) => {
            let mut conn = SqliteConnection::establish(&path.to_string_lossy()).unwrap();
            diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load(&mut conn).unwrap()
        }
        Target::Postgres(url) => postgres_plan(&mut PgConnection::establish(url).unwrap(), sql),
    };
    lines.into_iter().map(|line| line.detail).collect()
}

fn postgres_plan(conn: &mut PgConnection, sql: &str) -> Vec<Line> {
    let values = (1..100).take_while(|n| sql.contains(&format!("${n}"))).map(|_| "NULL").collect::<Vec<_>>().join(", ");
    conn.batch_execute(
        "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan; SET client_min_messages = warning",
    )
    .unwrap();
    conn.batch_execute("CREATE FUNCTION pg_temp.explained(sql text) RETURNS SETOF text LANGUAGE plpgsql AS $f$ BEGIN RETURN QUERY EXECUTE sql; END $f$").unwrap();
    conn.batch_execute(&format!("PREPARE asked AS {sql}")).unwrap();
    let arguments = if values.is_empty() { String::new() } else { format!("({values})") };
    let explained = format!("SELECT line AS detail FROM pg_temp.explained('EXPLAIN EXECUTE asked{arguments}') AS line");
    diesel::sql_query(explained).load(conn).unwrap()
}

/// The lines of a plan that read a whole large table.
fn scans(plan: &[String]) -> Vec<&String> {
    let is_scan = |line: &str| {
        LARGE.iter().any(|table| {
            line.contains(&format!("Seq Scan on {table}"))
                || (line.starts_with(&format!("SCAN {table}")) && !line.contains(" USING "))
        })
    };
    plan.iter().filter(|line| is_scan(line)).collect()
}

fn sorts(plan: &[String]) -> Vec<&String> {
    plan.iter()
        .filter(|line| {
            line.contains("TEMP B-TREE FOR") || line.trim_start_matches([' ', '-', '>']).starts_with("Sort  (")
        })
        .collect()
}

async fn each_seeded(size: usize, test: impl AsyncFn(&TestApp)) {
    set_default_instrumentation(|| Some(Box::new(Recorder::default()))).unwrap();
    TestApp::each(async |app| {
        seed(&app.app, size, 11).await.unwrap();
        app.deal("sales", "Own").await;
        match &app.database.target {
            Target::Sqlite(path) => {
                SqliteConnection::establish(&path.to_string_lossy()).unwrap().batch_execute("ANALYZE").unwrap();
            }
            Target::Postgres(url) => PgConnection::establish(url).unwrap().batch_execute("ANALYZE").unwrap(),
        }
        test(app).await;
    })
    .await;
}

fn assert_no_scan(app: &TestApp, path: &str, sent: &[String], may_sort: bool) {
    for sql in sent {
        let plan = plan(&app.database, sql);
        assert!(scans(&plan).is_empty(), "{path} on {}\n{sql}\n{}", app.database.backend, plan.join("\n"));
        let is_page = TYPES
            .iter()
            .any(|table| sql.contains(&format!("FROM \"{table}\"")) || sql.contains(&format!("FROM `{table}`")));
        if is_page && !may_sort {
            assert!(sorts(&plan).is_empty(), "{path} sorts on {}\n{sql}\n{}", app.database.backend, plan.join("\n"));
        }
    }
}

#[actix_web::test]
async fn no_request_reads_a_whole_table() {
    each_seeded(600, async |app| {
        for plural in TYPES {
            let mut sorts = vec!["-updated_at", "updated_at", "-created_at", "name", "-name", "number"];
            sorts.extend(match plural {
                "opportunities" => vec!["-amount", "expected_close_on", "-closed_at"],
                "leads" => vec!["-score"],
                _ => vec![],
            });
            for sort in sorts {
                let path = format!("/{plural}?sort={sort}&limit=20");
                assert_no_scan(app, &path, &statements(app, "admin", &path).await, false);
                let page = app.get("admin", &path).await.expect(200);
                let next = format!("{path}&cursor={}", page["page"]["next_cursor"].as_str().unwrap_or_default());
                if !next.ends_with('=') {
                    assert_no_scan(app, &next, &statements(app, "admin", &next).await, false);
                }
                for who in ["sales", "manager"] {
                    assert_no_scan(app, &path, &statements(app, who, &path).await, true);
                }
            }
            let owner = app.id("sales").await;
            let record = id(&app.get("admin", &format!("/{plural}?limit=1")).await.expect(200)["data"][0]).to_owned();
            for path in [
                format!("/{plural}?owner_id={owner}"),
                format!("/{plural}?q=%E4%B8%8A%E6%B5%B7"),
                format!("/{plural}/{record}"),
                format!("/{plural}/{record}/history"),
                format!("/search?q=%E4%B8%8A%E6%B5%B7&types={plural}"),
            ] {
                for who in ["admin", "sales"] {
                    if who == "sales" && path.contains(&record) {
                        continue;
                    }
                    assert_no_scan(app, &path, &statements(app, who, &path).await, true);
                }
            }
        }
        for who in ["admin", "manager", "sales"] {
            let path = "/opportunities/board?limit_per_stage=5";
            assert_no_scan(app, path, &statements(app, who, path).await, true);
        }
    })
    .await;
}

#[actix_web::test]
async fn the_number_of_statements_does_not_grow_with_the_rows() {
    each_seeded(400, async |app| {
        for plural in TYPES {
            let few = statements(app, "admin", &format!("/{plural}?limit=1&include=owner")).await.len();
            let many = statements(app, "admin", &format!("/{plural}?limit=40&include=owner")).await.len();
            // A single row may have nothing to look up; forty rows look everything up once.
            assert!(many <= few + 2 && many < 14, "{plural}: {few} for one row, {many} for forty");
        }
        let few = statements(app, "admin", "/opportunities/board?limit_per_stage=1").await.len();
        let many = statements(app, "admin", "/opportunities/board?limit_per_stage=40").await.len();
        assert!(many <= few + 7 && many < 60, "{few}, {many}");
    })
    .await;
}
