//! Callers who are slow, and handlers that fail.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use crate::harness::TestApp;

/// Sends the head of a request that promises a body, and then a little of it.
fn trickle(address: &str, token: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "POST /api/v1/teams HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{").unwrap();
    let mut answer = String::new();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(10))).unwrap();
    let mut buffer = [0; 4096];
    while let Ok(count) = stream.read(&mut buffer) {
        answer.push_str(&String::from_utf8_lossy(&buffer[..count]));
        if count == 0 || answer.contains("\r\n\r\n") {
            break;
        }
    }
    answer
}

#[actix_web::test]
async fn a_body_that_does_not_arrive_ends_the_request() {
    TestApp::each_with(
        |config| config.api.body_seconds = 1,
        async |app| {
            let (address, token) = (app.base.trim_start_matches("http://").to_owned(), app.token("admin").await);
            let answer = actix_web::web::block(move || trickle(&address, &token)).await.unwrap();
            assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
            assert!(answer.contains("application/problem+json"), "{answer}");
            app.get("admin", "/teams").await.expect(200);
        },
    )
    .await;
}

#[actix_web::test]
async fn a_body_larger_than_allowed_is_refused_without_being_read() {
    TestApp::each_with(
        |config| config.api.max_body = 100,
        async |app| {
            let name = "x".repeat(100);
            app.post("admin", "/teams", serde_json::json!({"name": name})).await.refused(413, "body_too_large");
        },
    )
    .await;
}
