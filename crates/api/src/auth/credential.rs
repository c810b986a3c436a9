//! What a request shows to prove who sends it, and reading in the name of whoever that is.

use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::LocalBoxFuture;
use rapport_domain::access::Actor;
use rapport_domain::context::Context;
use rapport_persistence::Db;
use rapport_persistence::access::access_epoch;
use rapport_persistence::api_keys::{ApiKeyRow, api_key_touch};
use rapport_persistence::types::Instant;
use uuid::Uuid;

use super::origin::check_same_origin;
use super::people::{Entrance, Person, Proof, Secret, unauthenticated};
use super::token::{Claims, Refused};
use super::{cookies, key};
use crate::limits::Left;
use crate::problem::{Code, Problem};
use crate::request::{Asker, RequestInfo};
use crate::state::App;

/// A proof, believed as far as that goes without the database.
///
/// Who it stands for, and what he may do at this moment, is found in the same read as what he asks for: so a changed
/// role or an ended session counts from the very next request on, and nobody waits for the database twice.
#[derive(Clone, Debug)]
pub struct Credential {
    proof: Proof,
    info: RequestInfo,
}

impl FromRequest for Credential {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let app = request.app_data::<web::Data<App>>().ok_or_else(|| Problem::new(Code::Internal))?;
            match proof(app, &request).await {
                Ok(proof) => Ok(Self { proof, info: RequestInfo::of(&request) }),
                Err(problem) => Err(refused(app, &request, problem)),
            }
        })
    }
}

impl Credential {
    /// Reads in the name of whoever shows this. `name` stands in logs.
    ///
    /// # Errors
    /// 401 when it proves nothing any more, 429, and what `work` answers.
    pub async fn read<T: Send + 'static>(
        &self,
        app: &App,
        request: &HttpRequest,
        name: &'static str,
        work: impl Fn(&mut Db, &Context) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.read_as(app, request, name, move |db, _, context| work(db, context)).await
    }

    /// The same for work that looks at the person as well.
    pub(super) async fn read_as<T: Send + 'static>(
        &self,
        app: &App,
        request: &HttpRequest,
        name: &'static str,
        work: impl Fn(&mut Db, &Person, &Context) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let (credential, shared, now) = (self.clone(), app.clone(), app.now());
        let told = move |db: &mut Db| {
            let asking = match credential.ask(&shared, db, now)? {
                Ok(asking) => asking,
                Err(problem) => return Ok(Told::Refused(problem)),
            };
            match asking.counted.and_then(|()| work(db, &asking.person, &asking.context)) {
                Err(problem) if problem.status().is_server_error() => Err(problem),
                answer => Ok(Told::Heard(asking.seen, answer)),
            }
        };
        match app.store.read(name, told).await? {
            Told::Refused(problem) => Err(refused(app, request, problem)),
            Told::Heard(seen, answer) => {
                self.note(app, request, seen).await?;
                answer
            }
        }
    }

    /// Who asks, counted; or why this proves nothing. A fault of the database is the store's to deal with, and nobody's wrong
    /// proof.
    fn ask(&self, app: &App, db: &mut Db, now: DateTime<Utc>) -> Result<Result<Asking, Problem>, Problem> {
        let person = match app.people.find(db, &self.proof, now.into()) {
            Ok(person) => person,
            Err(problem) if problem.status().is_server_error() => return Err(problem),
            Err(problem) => return Ok(Err(problem)),
        };
        let context = Context {
            now,
            actor: person.actor.clone(),
            locale: self.info.language.or(person.locale).unwrap_or_default(),
            zone: person.zone,
            request_id: Some(self.info.id.clone()),
            ids: Arc::clone(&app.ids),
            is_one_of_many: false,
        };
        let counted = app.limits.user(person.user.id.0);
        let seen = Seen {
            asker: Asker { id: person.user.id.0, language: context.locale },
            left: counted.as_ref().ok().copied().flatten(),
            rested: person.rested(now.into()),
        };
        Ok(Ok(Asking { person, context, seen, counted: counted.map(drop) }))
    }

    /// Who this stands for at this moment, for work that goes on after the request.
    ///
    /// # Errors
    /// 401 when it proves nothing any more.
    pub(crate) fn standing(&self, app: &App, db: &mut Db) -> Result<Standing, Problem> {
        let epoch = access_epoch(db)?;
        let person = app.people.find(db, &self.proof, app.now().into())?;
        Ok(Standing { epoch, actor: person.actor.clone() })
    }

    /// Leaves what the answer and the log are to say of whoever asked.
    async fn note(&self, app: &App, request: &HttpRequest, seen: Seen) -> Result<(), Problem> {
        request.extensions_mut().insert(seen.asker);
        if let Some(left) = seen.left {
            request.extensions_mut().insert(left);
        }
        if let Some(key) = seen.rested {
            let now = app.now().into();
            app.store.write("api_key_touch", move |tx| Ok::<_, Problem>(api_key_touch(tx, key, now)?)).await?;
            app.people.forget(&self.proof);
        }
        Ok(())
    }
}

/// Somebody, for as long as an epoch of access lasts.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    /// The epoch, or one that had begun before.
    pub(crate) epoch: i64,
    /// Who, with what they may do.
    pub(crate) actor: Actor,
}

/// Somebody who asks for something.
struct Asking {
    person: Arc<Person>,
    context: Context,
    seen: Seen,
    /// Whether it may be asked for once more.
    counted: Result<(), Problem>,
}

/// What became of a proof.
enum Told<T> {
    /// It stands for nobody.
    Refused(Problem),
    /// It stands for somebody, whose request was answered.
    Heard(Seen, Result<T, Problem>),
}

/// What is to be noted of whoever asked.
struct Seen {
    asker: Asker,
    left: Option<Left>,
    /// An API key whose last use is to be written down.
    rested: Option<Uuid>,
}

impl Person {
    /// The API key by which this person comes, once a minute: a key in heavy use must not write with every read.
    fn rested(&self, now: Instant) -> Option<Uuid> {
        let Entrance::Key(ApiKeyRow { id, last_used_at, .. }) = &self.entrance else { return None };
        let is_noted = last_used_at.is_some_and(|last| now.0 - last.0 < TimeDelta::minutes(1));
        (!is_noted).then_some(id.0)
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

async fn proof(app: &App, request: &HttpRequest) -> Result<Proof, Problem> {
    refuse_credential_in_url(request.query_string())?;
    if let Some(header) = request.headers().get(AUTHORIZATION) {
        let text = header.to_str().map_err(|_| unauthenticated())?;
        let (scheme, credential) = text.split_once(' ').ok_or_else(unauthenticated)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(unauthenticated());
        }
        let credential = credential.trim();
        return match credential.starts_with(key::PREFIX) {
            true => Ok(Proof::Key(Secret(credential.to_owned()))),
            false => session_of(app, credential).await,
        };
    }
    let cookie = request.cookie(cookies::access_name(&app.config)).ok_or_else(unauthenticated)?;
    if !request.method().is_safe() {
        check_same_origin(app, request)?;
    }
    session_of(app, cookie.value()).await
}

/// The session that a token of ours names.
async fn session_of(app: &App, token: &str) -> Result<Proof, Problem> {
    let now = app.now();
    let claims = match app.verified.read(&app.keys, token, now) {
        Err(Refused::UnknownKey) => {
            app.keys.reload(&app.store).await?;
            app.verified.read(&app.keys, token, now)
        }
        done => done,
    };
    let Claims { sub: user, sid: session, .. } = claims.map_err(|_| unauthenticated())?;
    Ok(Proof::Session { session, user })
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
