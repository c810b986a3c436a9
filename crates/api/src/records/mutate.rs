//! Requests that change something: one transaction, and an answer kept for retries of a `POST`.

use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use rapport_domain::access::Via;
use rapport_domain::context::Context;
use rapport_persistence::Tx;
use rapport_persistence::idempotency::{KeptAnswer, key_claim, key_keep};
use rapport_persistence::types::{Id, Instant, Json};

use super::reply::Reply;
use crate::auth::Caller;
use crate::problem::{Code, Problem};
use crate::state::App;

/// The longest key a caller may choose.
const MAX_KEY: usize = 255;

/// A key that makes a request repeatable.
#[derive(Clone, Debug)]
struct Key {
    text: String,
    request_hash: String,
}

/// Runs `work` in one transaction and sends its answer.
///
/// With an `Idempotency-Key` the answer of a success is kept in the same transaction, and the same request with the same
/// key gets it again, marked `Idempotent-Replayed: true`. A refused request leaves nothing behind and may be repeated.
///
/// # Errors
/// What `work` answers, `idempotency_key_reused` for another request under the same key.
pub fn mutate(
    app: &App,
    caller: &Caller,
    request: &HttpRequest,
    body: &[u8],
    name: &'static str,
    work: impl Fn(&mut Tx<'_>, &Context) -> Result<Reply, Problem> + Send + 'static,
) -> impl Future<Output = Result<HttpResponse, Problem>> {
    run(app, caller, request, body, name, Box::new(work))
}

/// What one request does. What is around it is there once and not for every request anew.
type Work = Box<dyn Fn(&mut Tx<'_>, &Context) -> Result<Reply, Problem> + Send>;

async fn run(
    app: &App,
    caller: &Caller,
    request: &HttpRequest,
    body: &[u8],
    name: &'static str,
    work: Work,
) -> Result<HttpResponse, Problem> {
    let ctx = caller.context();
    let key = key_of(request, &ctx.actor.via, body)?;
    let (reply, is_replay) = app.store.write(name, move |tx| keyed(tx, &ctx, key.as_ref(), &work)).await?;
    app.events.hint();
    let mut response = reply.respond(request);
    if is_replay {
        let marker = actix_web::http::header::HeaderName::from_static("idempotent-replayed");
        response.headers_mut().insert(marker, actix_web::http::header::HeaderValue::from_static("true"));
    }
    Ok(response)
}

fn keyed(tx: &mut Tx<'_>, ctx: &Context, key: Option<&Key>, work: &Work) -> Result<(Reply, bool), Problem> {
    let Some(key) = key else { return Ok((work(tx, ctx)?, false)) };
    let mut claim = KeptAnswer {
        caller_id: Id(ctx.actor.user_id),
        key: key.text.clone(),
        request_hash: key.request_hash.clone(),
        status: 0,
        headers: Json(json!({})),
        body: String::new(),
        created_at: Instant(ctx.now),
    };
    if let Some(kept) = key_claim(tx, &claim)? {
        return replay(&kept, key).map(|reply| (reply, true));
    }
    let reply = work(tx, ctx)?;
    claim.status = i32::from(reply.status);
    claim.headers = Json(json!({ "version": reply.version, "location": reply.location }));
    claim.body = String::from_utf8_lossy(&reply.body).into_owned();
    key_keep(tx, &claim)?;
    Ok((reply, false))
}

fn replay(kept: &KeptAnswer, key: &Key) -> Result<Reply, Problem> {
    if kept.request_hash != key.request_hash {
        return Err(Problem::new(Code::IdempotencyKeyReused));
    }
    let status = u16::try_from(kept.status).ok().filter(|status| *status > 0);
    let status = status.ok_or_else(|| Problem::new(Code::IdempotencyInProgress).retry_after(1))?;
    let headers = &kept.headers.0;
    Ok(Reply {
        status,
        id: None,
        version: headers.get("version").and_then(serde_json::Value::as_i64),
        location: headers.get("location").and_then(serde_json::Value::as_str).map(str::to_owned),
        link: None,
        body: kept.body.clone().into_bytes(),
    })
}

/// The key of a `POST`; other methods are repeatable by themselves.
///
/// What one API key was answered is no answer for another one, nor for its user: each has rights of its own. A session is
/// not told apart from the next one, since signing in again between two tries changes nothing.
fn key_of(request: &HttpRequest, via: &Via, body: &[u8]) -> Result<Option<Key>, Problem> {
    let Some(header) = request.headers().get("idempotency-key").filter(|_| request.method() == Method::POST) else {
        return Ok(None);
    };
    let is_key = |text: &&str| (1..=MAX_KEY).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    let text = header.to_str().ok().map(str::trim).filter(is_key);
    let text =
        text.ok_or_else(|| Problem::new(Code::ParameterInvalid).parameter("Idempotency-Key", Code::InvalidValue))?;
    let mut digest = Sha256::new();
    for part in [request.method().as_str().as_bytes(), request.uri().to_string().as_bytes(), body] {
        digest.update(part.len().to_be_bytes());
        digest.update(part);
    }
    if let Via::ApiKey { id, .. } = via {
        digest.update(id.as_bytes());
    }
    Ok(Some(Key { text: text.to_owned(), request_hash: URL_SAFE_NO_PAD.encode(digest.finalize()) }))
}

/// The version a caller expects, from `If-Match`; `None` for "any".
///
/// # Errors
/// 400 when the header is not an ETag of ours, 428 when the organisation demands one.
pub fn expected_version(request: &HttpRequest, is_required: bool) -> Result<Option<i64>, Problem> {
    let Some(header) = request.headers().get(actix_web::http::header::IF_MATCH) else {
        return if is_required { Err(Problem::new(Code::PreconditionRequired)) } else { Ok(None) };
    };
    let text = header.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let version = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).and_then(|text| text.parse().ok());
    // A weak or foreign tag can never be the strong one of the record: the precondition fails.
    Ok(Some(version.unwrap_or(-1)))
}

/// A record id from a path; what is no id is no record.
///
/// # Errors
/// 404.
pub fn path_id(text: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(text).map_err(|_| Problem::new(Code::NotFound))
}
