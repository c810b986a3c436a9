//! What the tests of plans have in common: the statements that were sent, their plans, and what must not stand in them.

use std::collections::BTreeMap;
use std::sync::Mutex;

use diesel::connection::{Instrumentation, InstrumentationEvent, SimpleConnection as _, set_default_instrumentation};
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::{PgConnection, SqliteConnection};
use rapport_api::seed::seed;
use rapport_persistence::Target;
use rapport_testkit::Database;
use reqwest::Method;
use serde_json::Value;

use crate::harness::TestApp;
use crate::records_given::TYPES;

/// Every statement so far, with the database that it was sent to.
pub(crate) static SENT: Mutex<Vec<(String, String)>> = Mutex::new(Vec::new());

/// Tables that grow with the business.
const LARGE: [&str; 13] = [
    "customers",
    "contacts",
    "leads",
    "opportunities",
    "activities",
    "activity_contacts",
    "notifications",
    "digests",
    "search_docs",
    "changes",
    "record_tags",
    "record_keys",
    "lead_assignments",
];

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

pub(crate) fn url_of(database: &Database) -> String {
    match &database.target {
        Target::Sqlite(path) => path.to_string_lossy().into_owned(),
        Target::Postgres(url) => url.clone(),
    }
}

/// The statements a request sends that name a large table.
pub(crate) async fn statements(app: &TestApp, who: &str, path: &str) -> Vec<String> {
    statements_of(app, who, Method::GET, path, None).await
}

pub(crate) async fn statements_of(
    app: &TestApp,
    who: &str,
    method: Method,
    path: &str,
    body: Option<Value>,
) -> Vec<String> {
    app.token(who).await;
    let url = url_of(&app.database);
    SENT.lock().unwrap().retain(|(sent_to, _)| *sent_to != url);
    let answer = app.send(who, method, path, body).await;
    assert_eq!(answer.status, 200, "{path} {}", answer.text);
    sent_to(&url).into_iter().filter(|sql| sql.to_uppercase().starts_with("SELECT")).collect()
}

/// Every statement that a database was sent since they were last let go.
pub(crate) fn sent_to(url: &str) -> Vec<String> {
    let sent = SENT.lock().unwrap();
    sent.iter().filter(|(to, _)| to == url).map(|(_, sql)| sql.clone()).collect()
}

#[derive(Debug, QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// Plans that were asked for before, by database and statement: most requests send what another one sent.
static PLANS: Mutex<BTreeMap<(String, String), Vec<String>>> = Mutex::new(BTreeMap::new());

/// The plan of a statement whose values are not known.
pub(crate) fn plan(database: &Database, sql: &str) -> Vec<String> {
    let known = (url_of(database), sql.to_owned());
    if let Some(plan) = PLANS.lock().unwrap().get(&known) {
        return plan.clone();
    }
    let plan = fresh_plan(database, sql);
    PLANS.lock().unwrap().insert(known, plan.clone());
    plan
}

fn fresh_plan(database: &Database, sql: &str) -> Vec<String> {
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
    let values =
        (1_u32..).take_while(|n| sql.contains(&format!("${n}"))).map(|_| "NULL").collect::<Vec<_>>().join(", ");
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
pub(crate) fn scans(plan: &[String]) -> Vec<&String> {
    let is_scan = |line: &str| {
        // Documents in the order in which they were written, each looked at for the words.
        (line.contains("using search_docs_pkey") && !line.contains("Index Only Scan"))
            || LARGE.iter().any(|table| {
                line.contains(&format!("Seq Scan on {table}"))
                    || (line.starts_with(&format!("SCAN {table}")) && !line.contains(" USING "))
            })
    };
    let mut found: Vec<&String> = plan.iter().filter(|line| is_scan(line)).collect();
    // Some rows that go by the name of their table are read as a whole, after they were gathered.
    for some in plan.iter().filter_map(|line| line.strip_prefix("CO-ROUTINE ")) {
        if let Some(place) = found.iter().rposition(|line| *line == &format!("SCAN {some}")) {
            found.remove(place);
        }
    }
    found
}

pub(crate) fn sorts(plan: &[String]) -> Vec<&String> {
    plan.iter()
        .filter(|line| {
            line.contains("TEMP B-TREE FOR") || line.trim_start_matches([' ', '-', '>']).starts_with("Sort  (")
        })
        .collect()
}

/// Customers in the database, unless the test says otherwise: `make plans` looks at 100,000.
#[expect(clippy::disallowed_methods, reason = "tests have no configuration")]
pub(crate) fn size_of_plans() -> usize {
    std::env::var("RAPPORT_PLAN_SIZE").ok().and_then(|size| size.parse().ok()).unwrap_or(600)
}

/// SQLite plans without statistics, as in everyday use; PostgreSQL gathers its own, here at once.
pub(crate) async fn each_seeded(size: usize, test: impl AsyncFn(&TestApp)) {
    set_default_instrumentation(|| Some(Box::new(Recorder::default()))).unwrap();
    TestApp::each(async |app| {
        seed(&app.app, size, 11).await.unwrap();
        app.deal("sales", "Own").await;
        own_some(app).await;
        if let Target::Postgres(url) = &app.database.target {
            PgConnection::establish(url).unwrap().batch_execute("VACUUM (ANALYZE)").unwrap();
        }
        test(app).await;
    })
    .await;
}

/// Gives the people of the test some of the seeded records, so that every scope has rows: sales a twentieth, which are
/// the manager's too.
async fn own_some(app: &TestApp) {
    let seller = literal(&app.database, app.id("sales").await);
    for table in TYPES {
        let sql = format!(
            "UPDATE {table} SET owner_id = {seller}, team_id = (SELECT team_id FROM users WHERE id = {seller})
             WHERE owner_id = (SELECT id FROM users WHERE email = 'seed05@example.com')"
        );
        match &app.database.target {
            Target::Sqlite(path) => {
                SqliteConnection::establish(&path.to_string_lossy()).unwrap().batch_execute(&sql).unwrap();
            }
            Target::Postgres(url) => PgConnection::establish(url).unwrap().batch_execute(&sql).unwrap(),
        }
    }
}

pub(crate) fn literal(database: &Database, id: uuid::Uuid) -> String {
    match &database.target {
        Target::Sqlite(_) => format!("x'{}'", id.simple()),
        Target::Postgres(_) => format!("'{id}'"),
    }
}

/// Whether the plan of a page may sort.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sorting {
    /// The rows come from an index in the order of the list.
    Never,
    /// A scope or a filter leads to few rows, which are sorted; SQLite goes through the order's index where they are many.
    AFew,
}

/// Answers how many pages of records were asked for.
pub(crate) async fn assert_plans(app: &TestApp, who: &str, path: &str, sorting: Sorting) -> usize {
    let mut pages = 0;
    let sent = statements(app, who, path).await;
    assert!(!sent.is_empty(), "{path}");
    let is_few = sorting == Sorting::AFew && (app.database.backend == "postgres" || total(app, who, path).await < 2000);
    for sql in sent {
        let plan = plan(&app.database, &sql);
        let told = || format!("{who} {path} on {}\n{sql}\n{}", app.database.backend, plan.join("\n"));
        assert!(scans(&plan).is_empty(), "{}", told());
        // A page of records; what is looked up by ids is few.
        let is_page = sql.starts_with("SELECT id, number, ") && !sql.contains("WHERE id ");
        pages += usize::from(is_page);
        if is_page && !is_few {
            assert!(sorts(&plan).is_empty(), "sorts: {}", told());
        }
    }
    pages
}

/// Checks a list, and that the check has looked at its page.
pub(crate) async fn assert_list(app: &TestApp, who: &str, path: &str, sorting: Sorting) {
    assert_ne!(assert_plans(app, who, path, sorting).await, 0, "no page was read: {who} {path}");
}

/// How many rows a list has.
async fn total(app: &TestApp, who: &str, path: &str) -> i64 {
    let joint = if path.contains('?') { '&' } else { '?' };
    let page = app.get(who, &format!("{path}{joint}count=exact&fields=id")).await;
    page.body["meta"]["total"].as_i64().unwrap_or(0)
}

pub(crate) fn encoded(filter: &str) -> String {
    serde_urlencoded::to_string([("filter", filter)]).unwrap()
}

/// The statements that were sent and, without their quotes, contain a text.
pub(crate) fn sent_with(app: &TestApp, text: &str) -> Vec<String> {
    let fits = |sql: &String| sql.replace(['`', '"'], "").contains(text);
    sent_to(&url_of(&app.database)).into_iter().filter(fits).collect()
}

/// Every such statement goes through one of the indexes, in its order, and reads no whole table.
pub(crate) fn assert_index(app: &TestApp, text: &str, indexes: &[&str]) {
    let is_whole = |line: &String| line.contains("Seq Scan") || (line.starts_with("SCAN") && !line.contains(" USING "));
    for (plan, told) in plans_of(app, text) {
        let is_by_index = plan.iter().any(|line| names_one(line, indexes));
        assert!(is_by_index && !plan.iter().any(is_whole) && sorts(&plan).is_empty(), "{indexes:?}: {told}");
    }
}

/// Every such statement reads a range of one of the indexes, of which there is little, so that it may be sorted.
pub(crate) fn assert_range(app: &TestApp, text: &str, indexes: &[&str]) {
    for (plan, told) in plans_of(app, text) {
        let is_by_range = plan.iter().any(|line| names_one(line, indexes) && !line.starts_with("SCAN"));
        assert!(is_by_range && scans(&plan).is_empty(), "{indexes:?}: {told}");
    }
}

fn names_one(line: &str, indexes: &[&str]) -> bool {
    indexes.iter().any(|index| line.contains(index))
}

/// The plans of the statements that were sent and contain a text, each with what to say when it is wrong.
fn plans_of(app: &TestApp, text: &str) -> Vec<(Vec<String>, String)> {
    let sent = sent_with(app, text);
    assert!(!sent.is_empty(), "{text}");
    let planned = |sql: String| {
        let plan = plan(&app.database, &sql);
        let told = format!("on {}\n{sql}\n{}", app.database.backend, plan.join("\n"));
        (plan, told)
    };
    sent.into_iter().map(planned).collect()
}
