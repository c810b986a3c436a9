//! Files: sent in pieces, found good, attached, fetched by whoever sees what they are attached to, and gone when nobody does.

use std::time::Duration;

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel::{PgConnection, SqliteConnection};
use futures_util::StreamExt as _;
use futures_util::future::join_all;
use rapport_persistence::Target;
use rapport_persistence::file_contents::PIECE;
use reqwest::{Body, Method};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::harness::{Answer, TestApp, answer};
use crate::records_given::id;

const OCTETS: &str = "application/octet-stream";
pub(crate) const KEPT: TimeDelta = TimeDelta::hours(24);

/// Bytes that look like nothing, the same for the same seed.
pub(crate) fn noise(seed: u64, size: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut bytes = vec![0xFE, 0x00];
    while bytes.len() < size {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        bytes.extend_from_slice(&(state >> 16).to_le_bytes()[..6]);
    }
    bytes.truncate(size);
    bytes
}

fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn named(name: &str) -> String {
    format!("/files?{}", serde_urlencoded::to_string([("name", name)]).unwrap())
}

/// Sends a file.
pub(crate) async fn send(app: &TestApp, who: &str, name: &str, bytes: impl Into<Body>) -> Answer {
    let request = app.request(Method::POST, &named(name)).bearer_auth(app.token(who).await);
    answer(request.header("content-type", OCTETS).body(bytes)).await
}

pub(crate) async fn fetch(app: &TestApp, who: &str, file: &str, headers: &[(&str, &str)]) -> reqwest::Response {
    let request = app.request(Method::GET, &format!("/files/{file}/content")).bearer_auth(app.token(who).await);
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send().await.unwrap()
}

fn head(response: &reqwest::Response, name: &str) -> String {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap()).to_owned()
}

#[derive(diesel::QueryableByName)]
struct Kept {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    contents: i64,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    pieces: i64,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    files: i64,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    bytes: i64,
}

/// How many contents, pieces and files there are, and how many bytes are counted.
pub(crate) async fn kept(app: &TestApp) -> (i64, i64, i64, i64) {
    let query = diesel::sql_query(
        "SELECT (SELECT COUNT(*) FROM file_contents) AS contents, (SELECT COUNT(*) FROM file_pieces) AS pieces,
           (SELECT COUNT(*) FROM files) AS files, (SELECT CAST(COALESCE(SUM(bytes), 0) AS bigint) FROM file_usage) AS bytes",
    );
    let kept: Kept = match &app.database.target {
        Target::Sqlite(path) => query.get_result(&mut SqliteConnection::establish(&path.to_string_lossy()).unwrap()),
        Target::Postgres(url) => query.get_result(&mut PgConnection::establish(url).unwrap()),
    }
    .unwrap();
    (kept.contents, kept.pieces, kept.files, kept.bytes)
}

pub(crate) async fn tidy(app: &TestApp) {
    rapport_api::upkeep::once(&app.app).await.unwrap();
}

/// What is removed beside the answers is gone in a moment.
pub(crate) async fn until(app: &TestApp, expected: (i64, i64, i64, i64)) {
    for _ in 0..100 {
        if kept(app).await == expected {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(kept(app).await, expected);
}

// ---------------------------------------------------------------- there and back

#[actix_web::test]
async fn a_file_comes_back_as_it_was_sent() {
    TestApp::each(async |app| {
        for size in [2, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 77] {
            let bytes = noise(size as u64, size);
            let answer = send(app, "sales", "数据 1.dat", bytes.clone()).await;
            let place = answer.header("location").to_owned();
            let file = answer.expect(201);
            assert_eq!(
                (file["size"].as_u64().unwrap() as usize, file["sha256"].as_str().unwrap()),
                (size, sum(&bytes).as_str())
            );
            assert_eq!((file["name"].as_str(), file["media_type"].as_str()), (Some("数据 1.dat"), Some(OCTETS)));
            assert_eq!(app.get("sales", place.trim_start_matches("/api/v1")).await.expect(200), file);
            let response = fetch(app, "sales", id(&file), &[]).await;
            assert_eq!((response.status().as_u16(), head(&response, "content-length")), (200, size.to_string()));
            assert!(response.bytes().await.unwrap() == bytes, "{size} bytes");
        }
    })
    .await;
}

#[actix_web::test]
async fn a_file_is_served_as_something_to_keep() {
    TestApp::each(async |app| {
        let page = b"<!DOCTYPE html><script>alert(1)</script>".to_vec();
        for (name, bytes, shown) in [
            ("a\"b;\\ 报价\u{202E}.html", page, OCTETS),
            ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec(), OCTETS),
            ("报价.pdf", b"%PDF-1.7\n%\xE2\xE3\xCF\xD3".to_vec(), "application/pdf"),
        ] {
            let file = send(app, "sales", name, bytes).await.expect(201);
            let response = fetch(app, "sales", id(&file), &[("accept", "text/html")]).await;
            assert_eq!((response.status().as_u16(), head(&response, "content-type").as_str()), (200, shown), "{name}");
            assert_eq!(head(&response, "x-content-type-options"), "nosniff");
            assert_eq!(
                head(&response, "content-security-policy"),
                "default-src 'none'; frame-ancestors 'none'; sandbox"
            );
            assert_eq!(head(&response, "cache-control"), "no-store");
            let disposition = head(&response, "content-disposition");
            assert!(disposition.starts_with("attachment; filename=\""), "{disposition}");
            assert!(disposition.bytes().all(|byte| (0x20..0x7F).contains(&byte)), "{disposition}");
        }
        let file = send(app, "sales", "../../a\r\nb\u{200B}\"c 报.txt", "x").await.expect(201);
        assert_eq!(file["name"], "a b\"c 报.txt");
        let response = fetch(app, "sales", id(&file), &[]).await;
        let expected = "attachment; filename=\"a b_c _.txt\"; filename*=UTF-8''a%20b%22c%20%E6%8A%A5.txt";
        assert_eq!(head(&response, "content-disposition"), expected);
    })
    .await;
}

#[actix_web::test]
async fn parts_and_known_bytes_are_not_sent_whole() {
    TestApp::each(async |app| {
        let bytes = noise(9, 2 * PIECE + 100);
        let file = send(app, "sales", "a.dat", bytes.clone()).await.expect(201);
        let etag = format!("\"{}\"", sum(&bytes));
        let size = bytes.len();
        for (range, from, until) in [
            ("bytes=0-0".to_owned(), 0, 1),
            (format!("bytes={}-{}", PIECE - 1, PIECE), PIECE - 1, PIECE + 1),
            (format!("bytes={}-", size - 5), size - 5, size),
            ("bytes=-7".to_owned(), size - 7, size),
            ("bytes=10-99999999999".to_owned(), 10, size),
        ] {
            let response = fetch(app, "sales", id(&file), &[("range", &range), ("accept-encoding", "gzip")]).await;
            assert_eq!(response.status(), 206, "{range}");
            assert_eq!(head(&response, "content-range"), format!("bytes {from}-{}/{size}", until - 1));
            assert!(response.bytes().await.unwrap() == bytes[from..until], "{range}");
        }
        for odd in ["bytes=5-2", "bytes=a-b", "lines=1-2", "bytes=0-1,5-6", "bytes=-"] {
            assert_eq!(fetch(app, "sales", id(&file), &[("range", odd)]).await.status(), 200, "{odd}");
        }
        let response = fetch(app, "sales", id(&file), &[("range", &format!("bytes={size}-"))]).await;
        assert_eq!((response.status().as_u16(), head(&response, "content-range")), (416, format!("bytes */{size}")));
        let response = fetch(app, "sales", id(&file), &[("range", "bytes=0-1"), ("if-range", "\"other\"")]).await;
        assert_eq!(response.status(), 200);
        let response = fetch(app, "sales", id(&file), &[("if-none-match", &etag)]).await;
        assert_eq!((response.status().as_u16(), head(&response, "etag")), (304, etag));
        let response = fetch(app, "sales2", id(&file), &[("if-none-match", "*")]).await;
        assert_eq!(response.status(), 404, "whoever may not see it is told nothing");
    })
    .await;
}

// ---------------------------------------------------------------- what is refused

#[actix_web::test]
async fn what_lies_runs_or_is_too_much_is_refused_and_leaves_nothing() {
    TestApp::each_with(
        |config| config.files.max_bytes = 2 * PIECE,
        async |app| {
            let html = "<!doctype html><script>alert(1)</script>";
            send(app, "sales", "a.png", html).await.refused(422, "file_type_mismatch");
            send(app, "sales", "a.pdf", noise(1, 9000)).await.refused(422, "file_type_mismatch");
            let mut program = noise(2, 2 * PIECE);
            program[..4].copy_from_slice(b"MZ\x90\0");
            send(app, "sales", "报价.pdf", program.clone()).await.refused(422, "file_type_refused");
            send(app, "sales", "a", program).await.refused(422, "file_type_refused");
            send(app, "sales", "run.BAT", "echo").await.refused(422, "file_type_refused");
            send(app, "sales", "a.txt", "").await.refused(422, "file_empty");
            let refused = send(app, "sales", "a.dat", noise(3, 2 * PIECE + 1)).await.refused(413, "body_too_large");
            assert_eq!(refused["max_bytes"], 2 * PIECE);
            // Who does not say how much comes is told when it has been too much.
            let chunks = futures_util::stream::iter((0..9).map(|n| Ok::<_, std::io::Error>(noise(n, PIECE))));
            send(app, "sales", "a.dat", Body::wrap_stream(chunks)).await.refused(413, "body_too_large");
            send(app, "sales", "a.dat", noise(3, 2 * PIECE)).await.expect(201);
            until(app, (1, 2, 1, 2 * PIECE as i64)).await;
        },
    )
    .await;
}

#[actix_web::test]
async fn what_is_said_of_a_file_is_read_strictly() {
    TestApp::each(async |app| {
        let token = app.token("sales").await;
        let request = |path: &str| app.request(Method::POST, path).bearer_auth(&token);
        let octets = |path: &str| request(path).header("content-type", OCTETS).body("x");
        for (path, code) in [
            ("/files", "parameter_invalid"),
            ("/files?name=a%00b", "parameter_invalid"),
            ("/files?name=a&name=b", "parameter_invalid"),
            ("/files?name=a&size=1", "unknown_field"),
        ] {
            answer(octets(path)).await.refused(400, code);
        }
        answer(octets(&named(&"字".repeat(1001)))).await.refused(400, "parameter_invalid");
        answer(octets(&format!("/files?name=a&type={}", "x".repeat(201)))).await.refused(400, "parameter_invalid");
        for nameless in ["", "..%2F..", "%E2%80%AE"] {
            assert_eq!(answer(octets(&format!("/files?name={nameless}"))).await.expect(201)["name"], "file");
        }
        answer(octets("/files?name=a&type=image/png")).await.refused(422, "file_type_mismatch");
        answer(octets("/files?name=a&type=text/csv")).await.expect(201);
        for kind in ["application/json", "text/plain", "multipart/form-data; boundary=x"] {
            let refused = answer(request("/files?name=a").header("content-type", kind).body("x")).await;
            assert_eq!(refused.header("accept"), OCTETS);
            refused.refused(415, "unsupported_media_type");
        }
        answer(octets("/files?name=a").header("content-encoding", "gzip")).await.refused(415, "unsupported_media_type");
        answer(app.request(Method::POST, "/files?name=a").header("content-type", OCTETS).body("x"))
            .await
            .refused(401, "unauthenticated");
        send(app, "viewer", "a.txt", "x").await.refused(403, "forbidden");
    })
    .await;
}

#[actix_web::test]
async fn what_is_cut_off_leaves_nothing_and_is_no_file() {
    TestApp::each(async |app| {
        let begun = futures_util::stream::iter([Ok(noise(1, PIECE)), Ok(noise(2, PIECE))]);
        let broken = begun.chain(futures_util::stream::once(async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            Err(std::io::Error::other("the train is in a tunnel"))
        }));
        let request = app.request(Method::POST, &named("a.dat")).bearer_auth(app.token("sales").await);
        let sent = request.header("content-type", OCTETS).body(Body::wrap_stream(broken)).send().await;
        assert!(sent.is_err(), "{sent:?}");
        until(app, (0, 0, 0, 0)).await;
    })
    .await;
}

#[actix_web::test]
async fn who_sends_too_slowly_or_too_much_at_once_is_told() {
    let settings = |config: &mut rapport_api::config::Config| {
        config.api.body_seconds = 1;
        config.files.uploads_per_user = 1;
    };
    TestApp::each_with(settings, async |app| {
        let slow = futures_util::stream::iter([Ok::<_, std::io::Error>(noise(1, 10))]);
        let slow = slow.chain(futures_util::stream::pending());
        let slow = send(app, "sales", "a.dat", Body::wrap_stream(slow));
        let second = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            send(app, "sales", "b.dat", "x").await.refused(429, "too_many_requests");
            send(app, "manager", "b.dat", "x").await.expect(201);
        };
        let (slow, ()) = futures_util::future::join(slow, second).await;
        slow.refused(408, "timeout");
        send(app, "sales", "b.dat", "x").await.expect(201);
    })
    .await;
}

// ---------------------------------------------------------------- once, and exactly as much as there may be

#[actix_web::test]
async fn the_same_bytes_are_kept_once_whoever_sends_them_at_once_and_wherever() {
    TestApp::each(async |app| {
        let node = app.beside().await;
        let bytes = noise(5, PIECE + 10);
        let url = |base: &str, n: usize| format!("{base}/api/v1/files?name={n}.dat");
        let token = app.token("sales").await;
        let manager = app.token("manager").await;
        let one = |n: usize| {
            let (base, token) = if n.is_multiple_of(2) { (&app.base, &token) } else { (&node.base, &manager) };
            let request = app.client.post(url(base, n)).bearer_auth(token).header("content-type", OCTETS);
            answer(request.body(bytes.clone()))
        };
        let files: Vec<Value> = join_all((0..8).map(one)).await.into_iter().map(|sent| sent.expect(201)).collect();
        until(app, (1, 2, 8, bytes.len() as i64)).await;
        for (n, file) in files.iter().enumerate() {
            let who = if n % 2 == 0 { "sales" } else { "manager" };
            assert!(fetch(app, who, id(file), &[]).await.bytes().await.unwrap() == bytes);
        }
        node.stop().await;
    })
    .await;
}

#[actix_web::test]
async fn a_request_that_is_repeated_makes_one_file() {
    TestApp::each(async |app| {
        let token = app.token("sales").await;
        let request = |bytes: &'static str| {
            let request = app.request(Method::POST, "/files?name=a.txt").bearer_auth(&token);
            answer(request.header("content-type", OCTETS).header("idempotency-key", "one-file-only").body(bytes))
        };
        let first = request("abc").await.expect(201);
        let again = request("abc").await;
        assert_eq!(again.header("idempotent-replayed"), "true");
        assert_eq!(again.expect(201), first);
        request("abd").await.refused(422, "idempotency_key_reused");
        until(app, (1, 1, 1, 3)).await;
    })
    .await;
}

#[actix_web::test]
async fn the_room_for_files_is_exact_whoever_sends_at_once() {
    TestApp::each_with(
        |config| config.files.quota_bytes = 10_000,
        async |app| {
            let node = app.beside().await;
            let token = app.token("sales").await;
            let manager = app.token("manager").await;
            let one = |n: usize| {
                let (base, token) = if n.is_multiple_of(2) { (&app.base, &token) } else { (&node.base, &manager) };
                let request = app.client.post(format!("{base}/api/v1/files?name=a")).bearer_auth(token);
                answer(request.header("content-type", OCTETS).body(noise(n as u64, 1500)))
            };
            let answers = join_all((0..10).map(one)).await;
            assert_eq!(answers.iter().filter(|sent| sent.status == 201).count(), 6);
            for refused in answers.into_iter().filter(|sent| sent.status != 201) {
                assert_eq!(refused.refused(409, "limit_reached")["max_bytes"], 10_000);
            }
            until(app, (6, 6, 6, 9000)).await;
            send(app, "sales", "a", noise(77, 1001)).await.refused(409, "limit_reached");
            send(app, "sales", "a", noise(78, 1000)).await.expect(201);
            // What goes makes room again, but only once nobody has it any more.
            let last = send(app, "sales", "b", noise(78, 1000)).await.expect(201);
            app.delete("sales", &format!("/files/{}", id(&last))).await.expect(204);
            send(app, "sales", "a", noise(79, 1)).await.refused(409, "limit_reached");
            app.advance(KEPT + TimeDelta::minutes(1));
            tidy(app).await;
            until(app, (0, 0, 0, 0)).await;
            send(app, "sales", "a", noise(80, 10_000)).await.expect(201);
            node.stop().await;
        },
    )
    .await;
}
