//! Reads a stream of events as a browser does.

use std::collections::VecDeque;
use std::time::Duration;

use actix_web::rt::time::{sleep, timeout};
use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;

use crate::harness::TestApp;

/// How long something that must come may take; what is promised is less.
const PATIENCE: Duration = Duration::from_secs(60);

/// An open stream.
pub(crate) struct Stream {
    response: Response,
    text: Vec<u8>,
    read: VecDeque<Message>,
    /// Messages about the reader's notifications that came before what was waited for, and the others that did.
    notifications: VecDeque<Message>,
    passed: VecDeque<Message>,
    /// The place to go on from.
    pub(crate) last_id: String,
}

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Message {
    /// The place after it.
    pub(crate) id: i64,
    /// `ready`, `reset`, `ping`, or `message` for a change.
    pub(crate) name: String,
    pub(crate) data: Value,
}

impl Message {
    fn parse(text: &str) -> Option<Self> {
        let field = |name: &str| {
            let prefix = format!("{name}: ");
            text.lines().find_map(|line| line.strip_prefix(&prefix))
        };
        Some(Self {
            id: field("id")?.parse().expect("a number"),
            name: field("event").unwrap_or("message").to_owned(),
            data: serde_json::from_str(field("data")?).expect("JSON"),
        })
    }

    fn is_notification(&self) -> bool {
        self.data["record_type"] == "notification"
    }

    /// What happened, to which record, which version that made.
    pub(crate) fn told(&self) -> (String, String, i64) {
        let word = |name: &str| self.data[name].as_str().unwrap_or_default().to_owned();
        (word("type"), word("record_id"), self.data["version"].as_i64().unwrap_or_default())
    }
}

impl Stream {
    /// Opens a stream by any request.
    pub(crate) async fn by(request: RequestBuilder) -> Self {
        let response = request.header("Accept", "text/event-stream").send().await.expect("an answer");
        assert_eq!(response.status().as_u16(), 200, "{}", response.text().await.unwrap());
        Self {
            response,
            text: Vec::new(),
            read: VecDeque::new(),
            notifications: VecDeque::new(),
            passed: VecDeque::new(),
            last_id: String::new(),
        }
    }

    /// A persona's stream, after everything from before has come; answers with that, too.
    pub(crate) async fn after(app: &TestApp, who: &str, last_id: Option<&str>) -> (Self, Vec<Message>) {
        let mut request = app.request(Method::GET, "/events").bearer_auth(app.token(who).await);
        if let Some(id) = last_id {
            request = request.header("Last-Event-ID", id);
        }
        let mut stream = Self::by(request).await;
        let before = stream.until_ready().await;
        (stream, before)
    }

    /// A persona's stream that begins now.
    pub(crate) async fn of(app: &TestApp, who: &str) -> Self {
        Self::after(app, who, None).await.0
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// The next message of any kind; `None` when the stream has ended.
    async fn next_of_all(&mut self) -> Option<Message> {
        loop {
            if let Some(message) = self.read.pop_front() {
                self.last_id = message.id.to_string();
                return Some(message);
            }
            let bytes = timeout(PATIENCE, self.response.chunk()).await.expect("something within a minute").ok()??;
            self.text.extend_from_slice(&bytes);
            while let Some(end) = self.text.windows(2).position(|pair| pair == b"\n\n") {
                let rest = self.text.split_off(end + 2);
                let message = String::from_utf8(std::mem::replace(&mut self.text, rest)).unwrap();
                self.read.extend(Message::parse(&message));
            }
        }
    }

    /// The next message that is not about the reader's notifications; `None` when the stream has ended.
    pub(crate) async fn next(&mut self) -> Option<Message> {
        if let Some(passed) = self.passed.pop_front() {
            return Some(passed);
        }
        loop {
            let message = self.next_of_all().await?;
            if !message.is_notification() {
                return Some(message);
            }
            self.notifications.push_back(message);
        }
    }

    /// The next message about a notification of the reader's.
    pub(crate) async fn notification(&mut self) -> Message {
        if let Some(passed) = self.notifications.pop_front() {
            return passed;
        }
        loop {
            let message = self.next_of_all().await.expect("a notification");
            if message.is_notification() {
                return message;
            }
            self.passed.push_back(message);
        }
    }

    /// Whether a message about a notification has been passed over.
    pub(crate) fn has_notifications(&self) -> bool {
        !self.notifications.is_empty()
    }

    /// What comes before `ready`.
    pub(crate) async fn until_ready(&mut self) -> Vec<Message> {
        let mut before = Vec::new();
        loop {
            let message = self.next().await.expect("the stream to begin");
            if message.name == "ready" {
                return before;
            }
            before.push(message);
        }
    }

    /// The next change.
    pub(crate) async fn change(&mut self) -> Message {
        let message = self.next().await.expect("a change");
        assert_eq!(message.name, "message", "{message:?}");
        message
    }

    /// What the next changes are, in short.
    pub(crate) async fn changes(&mut self, count: usize) -> Vec<(String, String, i64)> {
        let mut told = Vec::new();
        for _ in 0..count {
            told.push(self.change().await.told());
        }
        told
    }

    /// That the stream ends, whatever came before.
    pub(crate) async fn ends(mut self) {
        while self.next().await.is_some() {}
    }

    /// That nothing comes for a while, which is longer than anything takes.
    pub(crate) async fn is_quiet(&mut self) {
        let quiet = sleep(Duration::from_millis(700));
        tokio::select! {
            message = self.next() => assert!(false, "nothing was to come: {message:?}"),
            () = quiet => {}
        }
    }
}
