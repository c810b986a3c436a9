//! The extractor that says who asks.

use std::rc::Rc;

use actix_web::dev::Payload;
use actix_web::http::header::{AUTHORIZATION, HeaderMap, ORIGIN};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use chrono::TimeDelta;
use chrono_tz::Tz;
use futures_util::future::LocalBoxFuture;
use rapport_domain::access::{Actor, Grants, KeyScope, Permit, Subject, Via, decide};
use rapport_domain::context::{Context, Locale};
use rapport_domain::team::Tree;
use rapport_persistence::Db;
use rapport_persistence::api_keys::{ApiKeyRow, api_key_load, api_key_touch};
use rapport_persistence::roles::{RoleRow, roles_of_user};
use rapport_persistence::sessions::{SessionRow, session_load};
use rapport_persistence::teams::team_pairs;
use rapport_persistence::types::Instant;
use rapport_persistence::users::UserRow;
use uuid::Uuid;

use super::token::{Refused, verify};
use super::{cookies, key};
use crate::problem::{Code, Problem};
use crate::request::{Asker, RequestInfo};
use crate::state::App;

/// Someone who has proved who he is, with what he may do at this moment. Read anew with every request, so that a
/// changed role or an ended session counts from the next one on.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The user.
    pub user: UserRow,
    /// His roles.
    pub roles: Vec<RoleRow>,
    /// The session, unless an API key was used.
    pub session: Option<SessionRow>,
    context: Context,
}

impl Caller {
    /// The moment of this request: when, who, in which language and zone.
    #[must_use]
    pub fn context(&self) -> Context {
        self.context.clone()
    }

    /// Who asks, for the policy.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.context.actor
    }

    /// The user's id.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.user.id.0
    }

    /// Asks the policy about something that has no owner.
    ///
    /// # Errors
    /// `forbidden`.
    pub fn may(&self, action: rapport_domain::access::Action, subject: Subject) -> Result<Permit, Problem> {
        Ok(decide(self.actor(), action, subject, None)?)
    }

    /// The session; API keys have none and may not do what needs one.
    ///
    /// # Errors
    /// `forbidden`.
    pub fn session(&self) -> Result<&SessionRow, Problem> {
        self.session.as_ref().ok_or_else(|| {
            Problem::new(Code::Forbidden)
                .because("API 密钥不能执行此操作", "An API key cannot do this: sign in instead")
        })
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            if let Some(known) = request.extensions().get::<Rc<Self>>() {
                return Ok(Self::clone(known));
            }
            let app = request.app_data::<web::Data<App>>().cloned().ok_or_else(|| Problem::new(Code::Internal))?;
            let caller = match authenticate(&app, &request).await {
                Ok(caller) => caller,
                Err(problem) => return Err(refused(&app, &request, problem)),
            };
            request.extensions_mut().insert(Asker { id: caller.id(), language: caller.context.locale });
            if let Some(left) = app.limits.user(caller.id())? {
                request.extensions_mut().insert(left);
            }
            request.extensions_mut().insert(Rc::new(caller.clone()));
            Ok(caller)
        })
    }
}

/// A proof that proves nothing counts for the address it came from; without any, the request has been counted already.
fn refused(app: &App, request: &HttpRequest, problem: Problem) -> Problem {
    let counted =
        if shows_proof(app, request) { app.limits.address(RequestInfo::of(request).address) } else { Ok(None) };
    counted.err().unwrap_or(problem)
}

/// Whether a request comes with something that is to prove who sends it.
pub(crate) fn shows_proof(app: &App, request: &HttpRequest) -> bool {
    request.headers().contains_key(AUTHORIZATION) || request.cookie(cookies::access_name(&app.config)).is_some()
}

/// What a request proves itself with.
enum Proof {
    Token { token: String, is_cookie: bool },
    Key(String),
}

async fn authenticate(app: &App, request: &HttpRequest) -> Result<Caller, Problem> {
    refuse_credential_in_url(request.query_string())?;
    match proof(app, request)? {
        Proof::Token { token, is_cookie } => {
            if is_cookie && !request.method().is_safe() {
                check_same_origin(app, request)?;
            }
            by_token(app, request, &token).await
        }
        Proof::Key(text) => by_key(app, request, text).await,
    }
}

fn proof(app: &App, request: &HttpRequest) -> Result<Proof, Problem> {
    if let Some(header) = request.headers().get(AUTHORIZATION) {
        let text = header.to_str().map_err(|_| unauthenticated())?;
        let (scheme, credential) = text.split_once(' ').ok_or_else(unauthenticated)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(unauthenticated());
        }
        let credential = credential.trim().to_owned();
        let is_key = credential.starts_with(key::PREFIX);
        return Ok(if is_key { Proof::Key(credential) } else { Proof::Token { token: credential, is_cookie: false } });
    }
    let cookie = request.cookie(cookies::access_name(&app.config)).ok_or_else(unauthenticated)?;
    Ok(Proof::Token { token: cookie.value().to_owned(), is_cookie: true })
}

async fn by_token(app: &App, request: &HttpRequest, token: &str) -> Result<Caller, Problem> {
    let now = app.now();
    let claims = match verify(&app.keys, token, now) {
        Err(Refused::UnknownKey) => {
            app.keys.reload(&app.store).await?;
            verify(&app.keys, token, now)
        }
        done => done,
    }
    .map_err(|_| unauthenticated())?;
    let (session, user) = (claims.sid, claims.sub);
    let found = app.store.read("authenticate_session", move |db| load_session(db, session, user)).await?;
    let Some((session, person)) = found else { return Err(session_ended()) };
    if !session.is_live(now.into()) || !person.user.is_active {
        return Err(session_ended());
    }
    let via = Via::Session(session.id.0);
    Ok(person.into_caller(app, request, via, Some(session)))
}

async fn by_key(app: &App, request: &HttpRequest, text: String) -> Result<Caller, Problem> {
    let public = key::parse(&text).map(|sent| sent.public.to_owned()).ok_or_else(unauthenticated)?;
    let found = app.store.read("authenticate_key", move |db| load_key(db, &public)).await?;
    let (row, person) = found.ok_or_else(unauthenticated)?;
    let now = Instant(app.now());
    let is_right = key::parse(&text).is_some_and(|sent| sent.matches(&row.secret_hash));
    if !is_right || !person.user.is_active || now >= row.expires_at {
        return Err(unauthenticated());
    }
    note_use(app, &row, now).await?;
    let scopes = row.scopes.0.iter().filter_map(|scope| KeyScope::parse(scope)).collect();
    Ok(person.into_caller(app, request, Via::ApiKey { id: row.id.0, scopes }, None))
}

/// At most once a minute: a key in heavy use must not write with every read.
async fn note_use(app: &App, row: &ApiKeyRow, now: Instant) -> Result<(), Problem> {
    let id = row.id.0;
    match row.last_used_at {
        Some(last) if now.0 - last.0 < TimeDelta::minutes(1) => Ok(()),
        _ => app.store.write("api_key_touch", move |tx| Ok(api_key_touch(tx, id, now)?)).await,
    }
}

/// A user with everything the policy asks about.
struct Person {
    user: UserRow,
    roles: Vec<RoleRow>,
    team_and_below: Vec<Uuid>,
}

fn load_session(db: &mut Db, session: Uuid, user: Uuid) -> Result<Option<(SessionRow, Person)>, Problem> {
    match session_load(db, session)? {
        Some((session, row)) if row.id.0 == user => Ok(Some((session, load_person(db, row)?))),
        _ => Ok(None),
    }
}

fn load_key(db: &mut Db, public: &str) -> Result<Option<(ApiKeyRow, Person)>, Problem> {
    match api_key_load(db, public)? {
        Some((key, row)) => Ok(Some((key, load_person(db, row)?))),
        None => Ok(None),
    }
}

fn load_person(db: &mut Db, user: UserRow) -> Result<Person, Problem> {
    let roles = roles_of_user(db, user.id.0)?;
    let team_and_below = match user.team_id {
        Some(team) => Tree::from_pairs(team_pairs(db)?).subtree(team.0),
        None => Vec::new(),
    };
    Ok(Person { user, roles, team_and_below })
}

impl Person {
    fn into_caller(self, app: &App, request: &HttpRequest, via: Via, session: Option<SessionRow>) -> Caller {
        let info = RequestInfo::of(request);
        let actor = self.actor(via);
        let context = Context {
            now: app.now(),
            actor,
            locale: info.language.or_else(|| Locale::parse(&self.user.language)).unwrap_or_default(),
            zone: self.user.time_zone.parse().unwrap_or(Tz::UTC),
            request_id: Some(info.id),
            ids: std::sync::Arc::clone(&app.ids),
        };
        Caller { user: self.user, roles: self.roles, session, context }
    }

    fn actor(&self, via: Via) -> Actor {
        let grants: Vec<Grants> = self.roles.iter().map(RoleRow::grants).collect();
        Actor {
            user_id: self.user.id.0,
            name: self.user.name.clone(),
            team_id: self.user.team_id.map(|team| team.0),
            team_and_below: self.team_and_below.clone(),
            grants: Grants::merge(&grants),
            via,
        }
    }
}

/// The actor a user is when Rapport acts in his name: for sample data and tests of rules.
///
/// # Errors
/// When the database fails.
pub fn actor_of(db: &mut Db, user: UserRow, via: Via) -> Result<Actor, Problem> {
    Ok(load_person(db, user)?.actor(via))
}

fn unauthenticated() -> Problem {
    Problem::new(Code::Unauthenticated).header("WWW-Authenticate", "Bearer realm=\"rapport\"")
}

fn session_ended() -> Problem {
    Problem::new(Code::SessionRevoked).header("WWW-Authenticate", "Bearer realm=\"rapport\", error=\"invalid_token\"")
}

/// Addresses end up in logs and histories, so a credential in one is refused, and should be replaced.
fn refuse_credential_in_url(query: &str) -> Result<(), Problem> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
    let is_credential = |(name, value): &(String, String)| {
        let names = ["access_token", "api_key", "apikey", "authorization"];
        names.contains(&name.to_ascii_lowercase().as_str()) || key::parse(value).is_some()
    };
    match pairs.iter().find(|pair| is_credential(pair)) {
        Some((name, _)) => Err(Problem::new(Code::CredentialInUrl).parameter(name.clone(), Code::CredentialInUrl)),
        None => Ok(()),
    }
}

/// A page of another site must not act with the cookies of this one.
///
/// # Errors
/// `cross_site_request`.
pub(crate) fn check_same_origin(app: &App, request: &HttpRequest) -> Result<(), Problem> {
    let header = |name: &str| text(request.headers(), name);
    let is_same = match header("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => header(ORIGIN.as_str()).is_some_and(|origin| is_own_origin(app, request, origin)),
    };
    if is_same { Ok(()) } else { Err(Problem::new(Code::CrossSiteRequest)) }
}

/// Signing in is no cookie-authenticated request, but a page of another site must not sign anyone in either.
///
/// # Errors
/// `cross_site_request` when the browser says that another site asks.
pub(crate) fn refuse_foreign(app: &App, request: &HttpRequest) -> Result<(), Problem> {
    let headers = request.headers();
    let says = headers.contains_key("sec-fetch-site") || headers.contains_key(ORIGIN);
    if says { check_same_origin(app, request) } else { Ok(()) }
}

fn is_own_origin(app: &App, request: &HttpRequest, origin: &str) -> bool {
    if let Some(public) = app.config.public_origin() {
        return origin == public;
    }
    text(request.headers(), "host").is_some_and(|host| origin == format!("http://{host}"))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
