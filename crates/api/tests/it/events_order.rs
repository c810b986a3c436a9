//! Streams of events when it is hard: numbers that appear late, readers that are slow, events that are no longer kept.

use chrono::TimeDelta;
use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};
use rapport_persistence::Target;
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::event_stream::Stream;
use crate::harness::{TestApp, answer};
use crate::sql::{number, run};

/// Another transaction of the program's kind: it has written before it takes its numbers.
struct Writer(PgConnection);

impl Writer {
    fn begin(app: &TestApp) -> Option<Self> {
        let Target::Postgres(url) = &app.database.target else { return None };
        let mut conn = PgConnection::establish(url).unwrap();
        conn.batch_execute("BEGIN; SELECT pg_current_xact_id()").unwrap();
        Some(Self(conn))
    }

    /// Tells of a version of a lead; nobody sees it yet.
    fn tell(&mut self, lead: &str, version: i64) {
        let sql = format!(
            "INSERT INTO outbox (event, record_type, record_id, version, at) VALUES ('lead.update', 'lead', '{lead}', {version}, now())"
        );
        self.0.batch_execute(&sql).unwrap();
    }

    fn end(mut self, how: &str) {
        self.0.batch_execute(how).unwrap();
    }
}

async fn lead(app: &TestApp) -> String {
    let lead = app.post("sales", "/leads", json!({"company_name": "云杉科技"})).await.expect(201);
    lead["id"].as_str().unwrap().to_owned()
}

fn versions(told: &[(String, String, i64)]) -> Vec<i64> {
    told.iter().map(|(_, _, version)| *version).collect()
}

#[actix_web::test]
async fn a_number_that_appears_after_a_higher_one_is_not_lost() {
    TestApp::each(async |app| {
        let lead = lead(app).await;
        let mut stream = Stream::of(app, "sales").await;
        let Some(mut late) = Writer::begin(app) else { return };
        late.tell(&lead, 102);
        let mut early = Writer::begin(app).unwrap();
        early.tell(&lead, 103);
        early.end("COMMIT");
        let first = stream.change().await;
        assert_eq!(first.told().2, 103);
        let seq: i64 = first.data["id"].as_str().unwrap().parse().unwrap();
        assert_eq!(first.id, seq - 2, "the place is before what is missing");
        // Whoever is cut off now, and whoever comes new, will hear of it as well as who stays.
        let last_id = stream.last_id.clone();
        let (mut cut_off, before) = Stream::after(app, "sales", Some(&last_id)).await;
        assert_eq!(before.iter().map(|message| message.told().2).collect::<Vec<_>>(), [103]);
        let node = app.beside().await;
        let url = format!("{}/api/v1/events?last_event_id={last_id}", node.base);
        let mut elsewhere = Stream::by(app.client.get(url).bearer_auth(app.token("sales").await)).await;
        elsewhere.until_ready().await;
        late.end("COMMIT");
        for stream in [&mut stream, &mut cut_off, &mut elsewhere] {
            assert_eq!(versions(&stream.changes(1).await), [102]);
        }
        // The gap is closed: the next place is the event itself, and nothing comes twice.
        catches_up(app, &mut stream, &lead, 2).await;
        stream.is_quiet().await;
        node.stop().await;
    })
    .await;
}

#[actix_web::test]
async fn a_number_that_was_taken_before_anybody_listened_is_not_lost() {
    TestApp::each(async |app| {
        let lead = lead(app).await;
        let Some(mut late) = Writer::begin(app) else { return };
        late.tell(&lead, 102);
        app.patch("sales", &format!("/leads/{lead}"), json!({"title": "采购"})).await.expect(200);
        // So long ago that a fresh stream does not look back to it.
        app.clock.advance(TimeDelta::minutes(1));
        let mut stream = Stream::of(app, "sales").await;
        stream.is_quiet().await;
        late.end("COMMIT");
        assert_eq!(versions(&stream.changes(1).await), [102]);
    })
    .await;
}

#[actix_web::test]
async fn a_number_that_was_rolled_back_holds_up_nothing() {
    TestApp::each(async |app| {
        let lead = lead(app).await;
        let mut stream = Stream::of(app, "sales").await;
        let Some(mut undone) = Writer::begin(app) else { return };
        undone.tell(&lead, 102);
        app.patch("sales", &format!("/leads/{lead}"), json!({"title": "采购"})).await.expect(200);
        let first = stream.change().await;
        let seq: i64 = first.data["id"].as_str().unwrap().parse().unwrap();
        assert_eq!((first.told().2, first.id), (2, seq - 2));
        undone.end("ROLLBACK");
        stream.is_quiet().await;
        catches_up(app, &mut stream, &lead, 3).await;
    })
    .await;
}

#[actix_web::test]
async fn numbers_that_were_lost_long_ago_send_nobody_back_to_them() {
    TestApp::each(async |app| {
        let lead = lead(app).await;
        if let Some(mut undone) = Writer::begin(app) {
            undone.tell(&lead, 102);
            undone.end("ROLLBACK");
        }
        app.patch("sales", &format!("/leads/{lead}"), json!({"title": "采购"})).await.expect(200);
        app.clock.advance(TimeDelta::minutes(1));
        for _ in 0..PATIENCE {
            let (mut stream, before) = Stream::after(app, "sales", None).await;
            if before.is_empty() {
                return;
            }
            stream.is_quiet().await;
        }
        unreachable!("a fresh stream goes back to what was rolled back");
    })
    .await;
}

/// How often it is looked again. A number may still come as long as anything is under way that began before it was taken: of
/// other tests, too, which run on the same server.
const PATIENCE: i64 = 60;

/// Changes the lead, which makes `version` of it, until the place of the stream is no longer before a number that is missing.
async fn catches_up(app: &TestApp, stream: &mut Stream, lead: &str, version: i64) {
    for version in version..version + PATIENCE {
        app.patch("sales", &format!("/leads/{lead}"), json!({"title": format!("{version}")})).await.expect(200);
        let next = stream.change().await;
        assert_eq!(next.told().2, version);
        if next.id.to_string() == next.data["id"].as_str().unwrap() {
            return;
        }
        stream.is_quiet().await;
    }
    unreachable!("the place stays before what is missing");
}

/// More than one statement can ask about.
const VERY_MANY: i64 = 70_000;

#[actix_web::test]
async fn a_transaction_of_very_many_that_ends_late_holds_up_nothing() {
    TestApp::each(async |app| {
        let lead = lead(app).await;
        let mut stream = Stream::of(app, "sales").await;
        let Some(mut late) = Writer::begin(app) else { return };
        let others = format!(
            "INSERT INTO outbox (event, record_type, record_id, version, at)
               SELECT 'lead.update', 'lead', gen_random_uuid(), 2, now() FROM generate_series(1, {VERY_MANY})"
        );
        late.0.batch_execute(&others).unwrap();
        late.tell(&lead, 102);
        app.patch("sales", &format!("/leads/{lead}"), json!({"title": "采购"})).await.expect(200);
        assert_eq!(versions(&stream.changes(1).await), [2]);
        late.end("COMMIT");
        assert_eq!(versions(&stream.changes(1).await), [102]);
        // Everything has been read, and the place is at the end of it.
        catches_up(app, &mut stream, &lead, 3).await;
    })
    .await;
}

#[actix_web::test]
async fn many_writers_at_once_lose_nothing_for_anybody() {
    TestApp::each(async |app| {
        let mut stream = Stream::of(app, "sales").await;
        let (mut cut, mut heard) = (Stream::of(app, "sales").await, Vec::new());
        let writes = (0..60).map(|_| lead(app));
        let made = futures_util::future::join_all(writes);
        let listen = async {
            // Cut off after every few events, and always back from where it was.
            while heard.len() < 60 {
                for _ in 0..7.min(60 - heard.len()) {
                    let id = cut.change().await.told().1;
                    if !heard.contains(&id) {
                        heard.push(id);
                    }
                }
                let (again, before) = Stream::after(app, "sales", Some(&cut.last_id.clone())).await;
                for id in before.into_iter().map(|message| message.told().1) {
                    if !heard.contains(&id) {
                        heard.push(id);
                    }
                }
                cut = again;
            }
        };
        let (mut made, ()) = futures_util::future::join(made, listen).await;
        let mut told: Vec<String> = stream.changes(60).await.into_iter().map(|(_, id, _)| id).collect();
        for ids in [&mut made, &mut told, &mut heard] {
            ids.sort();
        }
        assert_eq!(told, made);
        assert_eq!(heard, made);
    })
    .await;
}

/// So many that neither what the tail keeps nor what the sockets hold is enough for them.
const FLOOD: i64 = 60_000;

#[actix_web::test]
async fn a_reader_that_is_slow_gets_everything_all_the_same() {
    TestApp::each(async |app| {
        let lead = lead(app).await;
        let mut slow = Stream::of(app, "sales").await;
        flood(app, &lead).await;
        // Somebody who reads has had it all before the slow one begins to.
        let mut quick = Stream::of(app, "sales").await;
        app.patch("sales", &format!("/leads/{lead}"), json!({"title": "采购"})).await.expect(200);
        while quick.change().await.told().2 != 2 {}
        let told = versions(&slow.changes(usize::try_from(FLOOD).unwrap() + 1).await);
        let expected: Vec<i64> = (1001..=1000 + FLOOD).chain([2]).collect();
        assert_eq!(told.len(), expected.len());
        assert!(told == expected, "in order, none missing, none twice");
    })
    .await;
}

async fn flood(app: &TestApp, lead: &str) {
    let (id, at) = (Uuid::parse_str(lead).unwrap(), app.app.now());
    let sql = match &app.database.target {
        Target::Sqlite(_) => format!(
            "INSERT INTO outbox (event, record_type, record_id, version, at)
               WITH RECURSIVE n(v) AS (SELECT 1001 UNION ALL SELECT v + 1 FROM n WHERE v < {})
               SELECT 'lead.update', 'lead', x'{}', v, {} FROM n",
            1000 + FLOOD,
            id.simple(),
            at.timestamp_micros()
        ),
        Target::Postgres(_) => format!(
            "INSERT INTO outbox (event, record_type, record_id, version, at)
               SELECT 'lead.update', 'lead', '{id}', v, '{at}' FROM generate_series(1001, {}) AS v",
            1000 + FLOOD
        ),
    };
    run(&app.database.target, &sql);
}

#[actix_web::test]
async fn events_are_kept_for_a_week_and_who_comes_later_begins_anew() {
    TestApp::each(async |app| {
        let lead = lead(app).await;
        let path = format!("/leads/{lead}");
        let mut stream = Stream::of(app, "sales").await;
        app.patch("sales", &path, json!({"title": "采购"})).await.expect(200);
        stream.change().await;
        let last_id = stream.last_id.clone();
        drop(stream);
        app.clock.advance(TimeDelta::days(6));
        assert_eq!(kept(app), 2);
        let patch = app.request(Method::PATCH, &path).bearer_auth(app.fresh_token("sales").await);
        answer(patch.json(&json!({"title": "主管"}))).await.expect(200);
        rapport_api::upkeep::once(&app.app).await.unwrap();
        assert_eq!(kept(app), 3, "nothing is older than a week");
        assert_eq!(first_of(app, &last_id).await, "message");
        app.clock.advance(TimeDelta::days(2));
        rapport_api::upkeep::once(&app.app).await.unwrap();
        assert_eq!(kept(app), 1);
        // What came after the second event is still there; what came after the first is not.
        assert_eq!(first_of(app, &last_id).await, "message");
        let before: i64 = last_id.parse::<i64>().unwrap() - 1;
        assert_eq!(first_of(app, &before.to_string()).await, "reset");
        // Nor is what this database has never given.
        assert_eq!(first_of(app, "123456789").await, "reset");
        app.clock.advance(TimeDelta::days(9));
        rapport_api::upkeep::once(&app.app).await.unwrap();
        assert_eq!(kept(app), 1, "the newest stays, so that it is known how far others have come");
    })
    .await;
}

/// The name of the first message of a stream that goes on from a place.
async fn first_of(app: &TestApp, last_id: &str) -> String {
    let token = app.fresh_token("sales").await;
    let request = app.request(Method::GET, "/events").bearer_auth(token).header("Last-Event-ID", last_id);
    Stream::by(request).await.next().await.unwrap().name
}

fn kept(app: &TestApp) -> i64 {
    number(&app.database.target, "SELECT COUNT(*) AS n FROM outbox")
}
