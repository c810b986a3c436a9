//! Starts the program in this process, with personas who are signed in.

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use actix_web::dev::ServerHandle;
use rapport_api::auth::sessions::{self, Device, Kind};
use rapport_api::config::Config;
use rapport_api::problem::Problem;
use rapport_api::state::App;
use rapport_domain::access::{Action, Actor, Subject, decide};
use rapport_domain::context::Context;
use rapport_persistence::Tx;
use rapport_persistence::roles::{role_find_by_key, user_set_roles};
use rapport_persistence::teams::{TeamRow, team_insert};
use rapport_persistence::types::Id;
use rapport_persistence::users::{UserRow, user_find_by_email, user_insert};
use rapport_testkit::persona::{PASSWORD_HASH, PERSONAS, Persona, TEAMS};
use rapport_testkit::{Database, TestClock, TestIds};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;
use uuid::Uuid;

/// A running Rapport with its own database, a clock that stands still, and the personas of the test kit.
pub(crate) struct TestApp {
    /// `http://127.0.0.1:port`.
    pub(crate) base: String,
    /// What the server runs on.
    pub(crate) app: App,
    /// The clock, to move.
    pub(crate) clock: Arc<TestClock>,
    /// The database, on one of the backends.
    pub(crate) database: Database,
    /// Sends requests; keeps no cookies.
    pub(crate) client: Client,
    tokens: Mutex<HashMap<String, String>>,
    handle: ServerHandle,
}

/// Another server on the same database.
pub(crate) struct Node {
    /// `http://127.0.0.1:port`.
    pub(crate) base: String,
    handle: ServerHandle,
}

impl Node {
    /// Serves an application.
    fn start(app: App) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let server = rapport_api::server::start(app, listener).unwrap();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { base, handle }
    }

    /// Ends the server.
    pub(crate) async fn stop(self) {
        self.handle.stop(false).await;
    }
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    /// The body as JSON; null if it is none.
    pub(crate) body: Value,
}

impl TestApp {
    /// Runs a test once on every backend.
    pub(crate) async fn each(test: impl AsyncFn(&Self)) {
        Self::each_with(|_| {}, test).await;
    }

    /// Runs a test once on every backend, with other settings.
    pub(crate) async fn each_with(settings: impl Fn(&mut Config), test: impl AsyncFn(&Self)) {
        for database in Database::all_migrated() {
            eprintln!("on {}", database.backend);
            let app = Self::start(database, &settings).await;
            app.people().await;
            test(&app).await;
            app.handle.stop(false).await;
        }
    }

    /// Runs a test once on every backend, before anybody has been added.
    pub(crate) async fn each_empty(test: impl AsyncFn(&Self)) {
        for database in Database::all_migrated() {
            let app = Self::start(database, &|_: &mut Config| {}).await;
            test(&app).await;
            app.handle.stop(false).await;
        }
    }

    /// A running server on a database, with everyone added; whoever started it stops it.
    pub(crate) async fn on(database: Database) -> Self {
        let app = Self::start(database, &|_: &mut Config| {}).await;
        app.people().await;
        app
    }

    /// Ends the server.
    pub(crate) async fn stop(self) {
        self.handle.stop(false).await;
    }

    /// A second server on this database, with a memory of its own.
    pub(crate) async fn beside(&self) -> Node {
        Node::start(self.another().await)
    }

    /// What a second server runs on.
    pub(crate) async fn another(&self) -> App {
        let (config, ids) = (Config::clone(&self.app.config), self.app.ids.clone());
        let app = App::with(self.database.store(), config, self.clock.clone(), ids);
        app.bootstrap().await.expect("bootstrap");
        app
    }

    /// Starts the program on a database, which may hold data already.
    pub(crate) async fn start(database: Database, settings: &impl Fn(&mut Config)) -> Self {
        database.migrate();
        let clock = Arc::new(TestClock::default());
        let mut config = Config::default();
        config.rate_limit.enabled = false;
        // What is at the same time meets in the database, whose threads are many all the same; every worker makes a router.
        config.server.workers = 1;
        settings(&mut config);
        let ids = Arc::new(TestIds::default());
        let app = App::with(database.store(), config, clock.clone(), ids);
        app.bootstrap().await.expect("bootstrap");
        let Node { base, handle } = Node::start(app.clone());
        let client = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { base, app, clock, database, client, tokens: Mutex::default(), handle }
    }

    async fn people(&self) {
        let context = self.app.context_of(Actor::system());
        self.app.store.write("personas", move |tx| add_people(tx, &context)).await.expect("personas");
    }

    /// A persona's access token (an app's session, begun once).
    pub(crate) async fn token(&self, who: &str) -> String {
        if let Some(token) = self.tokens.lock().unwrap().get(who) {
            return token.clone();
        }
        let token = self.fresh_token(who).await;
        self.tokens.lock().unwrap().insert(who.to_owned(), token.clone());
        token
    }

    /// A new session of a persona: its access token.
    pub(crate) async fn fresh_token(&self, who: &str) -> String {
        let (context, keys) = (self.app.context_of(Actor::system()), self.app.keys.clone());
        let email = Persona::named(who).email();
        let device = Device { user_agent: "test".into(), ip: "127.0.0.1".into() };
        let begin = move |tx: &mut Tx<'_>| {
            let user = user_find_by_email(tx, &email)?.expect("the persona's row");
            sessions::begin(tx, &context, &keys, user.id.0, Kind::App, &device)
        };
        self.app.store.write("test_session", begin).await.unwrap().access
    }

    /// Lets time pass in which tokens end: everybody signs in anew.
    pub(crate) fn advance(&self, by: chrono::TimeDelta) {
        self.clock.advance(by);
        self.tokens.lock().unwrap().clear();
    }

    /// A persona's id.
    pub(crate) async fn id(&self, who: &str) -> Uuid {
        let email = Persona::named(who).email();
        let find = move |db: &mut rapport_persistence::Db| {
            Ok::<_, Problem>(user_find_by_email(db, &email)?.expect("the persona's row").id.0)
        };
        self.app.store.read("test_user", find).await.unwrap()
    }

    /// A request to `path` (`/api/v1` is put before it unless it starts with `//`, which stands for the root).
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = match path.strip_prefix("//") {
            Some(rest) => format!("{}/{rest}", self.base),
            None => format!("{}/api/v1{path}", self.base),
        };
        self.client.request(method, url)
    }

    /// Sends a request as a persona (`""` is nobody).
    pub(crate) async fn send(&self, who: &str, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mut request = self.request(method, path);
        if !who.is_empty() {
            request = request.bearer_auth(self.token(who).await);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        answer(request).await
    }

    pub(crate) async fn get(&self, who: &str, path: &str) -> Answer {
        self.send(who, Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, who: &str, path: &str, body: Value) -> Answer {
        self.send(who, Method::POST, path, Some(body)).await
    }

    pub(crate) async fn put(&self, who: &str, path: &str, body: Value) -> Answer {
        self.send(who, Method::PUT, path, Some(body)).await
    }

    pub(crate) async fn patch(&self, who: &str, path: &str, body: Value) -> Answer {
        self.send(who, Method::PATCH, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, who: &str, path: &str) -> Answer {
        self.send(who, Method::DELETE, path, None).await
    }
}

/// Sends a request and reads its answer. Every error must be a complete problem document.
pub(crate) async fn answer(request: RequestBuilder) -> Answer {
    let response = request.send().await.expect("an answer");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.expect("a body");
    let body = serde_json::from_str(&text).unwrap_or(Value::Null);
    let answer = Answer { status, headers, text, body };
    if status >= 400 {
        answer.check_problem();
    }
    answer
}

impl Answer {
    /// The body, after checking the status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.body
    }

    /// Checks status and code of a refusal, and answers the body.
    #[track_caller]
    pub(crate) fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!((self.status, self.body["code"].as_str()), (status, Some(code)), "{}", self.text);
        self.body
    }

    /// A header, empty if it is missing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap_or(""))
    }

    /// The pointers (or parameters) of the errors with their codes.
    pub(crate) fn errors(&self) -> Vec<(String, String)> {
        let errors = self.body["errors"].as_array().cloned().unwrap_or_default();
        let word = |value: &Value| value.as_str().unwrap_or("").to_owned();
        errors
            .iter()
            .map(|error| (word(error.get("pointer").unwrap_or(&error["parameter"])), word(&error["code"])))
            .collect()
    }

    #[track_caller]
    fn check_problem(&self) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{} {}", self.status, self.text);
        assert_eq!(self.body["status"], self.status, "{}", self.text);
        for member in ["type", "title", "detail", "instance", "code", "request_id"] {
            assert!(self.body[member].as_str().is_some_and(|text| !text.is_empty()), "{member} in {}", self.text);
        }
        assert!(self.body["errors"].is_array(), "{}", self.text);
        assert_eq!(self.body["request_id"], self.header("x-request-id"));
    }
}

fn add_people(tx: &mut Tx<'_>, context: &Context) -> Result<(), Problem> {
    let may = |subject| decide(&context.actor, Action::Configure, subject, None).unwrap();
    let now = context.now.into();
    let mut teams = HashMap::new();
    for (name, parent) in TEAMS {
        let id = Id(context.next_id());
        let parent_id = parent.map(|parent| teams[parent]);
        team_insert(
            tx,
            &may(Subject::Team),
            &TeamRow { id, name: name.to_owned(), parent_id, version: 1, created_at: now, updated_at: now },
        )?;
        teams.insert(name, id);
    }
    let mut users: HashMap<&str, Id> = HashMap::new();
    for persona in PERSONAS {
        let row = user_row(
            persona,
            context,
            persona.team.map(|team| teams[team]),
            persona.manager.map(|manager| users[manager]),
        );
        user_insert(tx, &may(Subject::User), &row)?;
        let role = role_find_by_key(tx, persona.role)?.expect("the persona's role");
        user_set_roles(tx, &may(Subject::User), row.id.0, &[role.id.0])?;
        users.insert(persona.word, row.id);
    }
    Ok(())
}

fn user_row(persona: Persona, context: &Context, team_id: Option<Id>, manager_id: Option<Id>) -> UserRow {
    UserRow {
        id: Id(context.next_id()),
        name: persona.name.to_owned(),
        name_sort: rapport_domain::text::sort_key(persona.name),
        email: persona.email(),
        password_hash: Some(PASSWORD_HASH.to_owned()),
        language: "en".to_owned(),
        time_zone: "UTC".to_owned(),
        theme: "system".to_owned(),
        team_id,
        manager_id,
        is_active: true,
        last_sign_in_at: None,
        version: 1,
        created_at: context.now.into(),
        updated_at: context.now.into(),
    }
}
