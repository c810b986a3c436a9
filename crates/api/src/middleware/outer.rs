//! The outermost layer: request id, panic guard, deadline, problem documents, headers, log and figures.

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{ACCEPT, ACCESS_CONTROL_REQUEST_METHOD, HeaderMap};
use actix_web::http::{ConnectionType, Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpRequest, web};
use futures_util::FutureExt as _;
use uuid::Uuid;

use super::answer::{Complete, of_error, unify};
use super::headers;
use crate::auth::credential::shows_proof;
use crate::figures;
use crate::limits::Left;
use crate::openapi::Document;
use crate::problem::{Code, Problem};
use crate::request::{Asker, RequestInfo};
use crate::router::template_of;
use crate::state::App;

/// Goes around every request.
///
/// # Errors
/// None that is not a complete problem document.
pub async fn around<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let Some(app) = request.app_data::<web::Data<App>>().cloned() else {
        return Err(Problem::new(Code::Internal).into());
    };
    let started = Instant::now();
    let method = known_method(request.method());
    let mut info = RequestInfo::read(&request, app.ids.next(), &app.config.server.trusted_proxies);
    request.extensions_mut().insert(info.clone());
    match guarded(&app, &info, request, next).await {
        Ok(response) => {
            let asker = response.request().extensions().get::<Asker>().copied();
            info.language = info.language.or(asker.map(|asker| asker.language));
            let mut response = unify(response, &info);
            finish(&mut response, &app, &info);
            let route = template_of(response.request());
            let actor = asker.map(|asker| asker.id);
            report(&info, method, route.as_deref(), response.status(), actor, started.elapsed());
            Ok(response)
        }
        Err(problem) => {
            report(&info, method, None, problem.status(), None, started.elapsed());
            Err(Complete::new(problem, info, app.config.is_https()).into())
        }
    }
}

/// The rest of the way, with a deadline, and without ever falling silent because something panicked.
async fn guarded<B: MessageBody + 'static>(
    app: &App,
    info: &RequestInfo,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Problem> {
    let mut is_counted = true;
    if info.path.starts_with("/api/") {
        check_accept(request.headers(), &info.path)?;
        check_method(&request)?;
        check_path(&info.path)?;
        is_counted = is_counted_by_address(app, info, request.request());
        if is_counted && let Some(left) = app.limits.address(info.address)? {
            request.extensions_mut().insert(left);
        }
    }
    let seconds = app.config.api.handler_seconds + seconds_of_body(app, request.method(), &info.path);
    let work = AssertUnwindSafe(next.call(request)).catch_unwind();
    match tokio::time::timeout(Duration::from_secs(seconds), work).await {
        Ok(Ok(Ok(response))) => {
            // A proof that nobody asked for counts for nobody: such a request is the address's after all.
            let is_known =
                response.request().extensions().contains::<Asker>() || response.status() == StatusCode::UNAUTHORIZED;
            if !is_counted && !is_known {
                app.limits.address(info.address)?;
            }
            Ok(response)
        }
        Ok(Ok(Err(error))) => Err(of_error(&error)),
        Ok(Err(_panic)) => {
            tracing::error!(request_id = info.id, "a request panicked");
            Err(Problem::new(Code::Internal))
        }
        Err(_late) => {
            Err(Problem::new(Code::Unavailable).retry_after(1).because("处理超时", "The answer took too long"))
        }
    }
}

/// A body may take its own time to arrive; the deadline is for both.
fn seconds_of_body(app: &App, method: &Method, path: &str) -> u64 {
    match path {
        _ if method.is_safe() => 0,
        crate::files::PATH => app.config.files.upload_seconds,
        _ => app.config.api.body_seconds,
    }
}

/// Whoever shows a proof of who they are is counted as that user (or, when it proves nothing, where it is refused): an
/// office behind one address is many people. What needs no proof is always counted.
fn is_counted_by_address(app: &App, info: &RequestInfo, request: &HttpRequest) -> bool {
    let is_open = ["/api/v1/auth/", "/api/v1/setup"].iter().any(|open| info.path.starts_with(open));
    is_open || !shows_proof(app, request)
}

/// A method that a path does not have must not reach the neighbour with a placeholder: `PATCH /users/directory` is no user.
///
/// A browser's question before a call from elsewhere (CORS) passes.
fn check_method(request: &ServiceRequest) -> Result<(), Problem> {
    let is_preflight =
        request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let document = request.app_data::<web::Data<Document>>().filter(|_| !is_preflight);
    let Some(document) = document else { return Ok(()) };
    match document.methods_of(request.path()) {
        Some(methods) if !methods.contains(request.method().as_str()) => {
            let allowed = document.allowed(request.path()).unwrap_or_default();
            Err(Problem::new(Code::MethodNotAllowed).header("Allow", allowed))
        }
        _ => Ok(()),
    }
}

/// No id, key or name has a U+0000 in it, and PostgreSQL cannot even be asked for one.
fn check_path(path: &str) -> Result<(), Problem> {
    if path.contains("%00") { Err(Problem::new(Code::NotFound)) } else { Ok(()) }
}

/// Everything below `/api` is answered in JSON, but for the stream of events and the bytes of files, whose type nobody knows
/// before; whoever takes none of it is told so.
fn check_accept(headers: &HeaderMap, path: &str) -> Result<(), Problem> {
    if crate::files::is_content(path) {
        return Ok(());
    }
    let ranges: Vec<&str> = headers
        .get_all(ACCEPT)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    let own = if path == crate::events::PATH { "text/event-stream" } else { "application/json" };
    let is_ours = |range: &&str| {
        let (media_type, parameters) = range.split_once(';').unwrap_or((range, ""));
        let is_refused =
            parameters.split(';').any(|part| matches!(part.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
        let media_type = media_type.trim().to_ascii_lowercase();
        !is_refused
            && ["*/*", "application/*", "application/json", "application/problem+json", own]
                .contains(&media_type.as_str())
    };
    if ranges.iter().all(|range| range.is_empty()) || ranges.iter().any(is_ours) {
        return Ok(());
    }
    Err(Problem::new(Code::NotAcceptable))
}

fn finish<B>(response: &mut ServiceResponse<B>, app: &App, info: &RequestInfo) {
    let left = response.request().extensions().get::<Left>().copied();
    if app.farewell.has_begun() {
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    let headers = response.headers_mut();
    if let Some(left) = left {
        let policy = format!("\"{}\";q={};w=60", left.name, left.per_minute);
        let state = format!("\"{}\";r={};t=60", left.name, left.remaining);
        for (name, value) in [("ratelimit-policy", policy), ("ratelimit", state)] {
            if let Ok(value) = value.parse() {
                headers.insert(actix_web::http::header::HeaderName::from_static(name), value);
            }
        }
    }
    headers::add(headers, info, app.config.is_https());
}

/// The word for a method in the log and in the figures. Callers may make up methods, and every new word would be kept.
fn known_method(method: &Method) -> &'static str {
    let known = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];
    known.into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}

/// One line in the log and one step in the figures; never a body, a query or a path with ids in it.
fn report(
    info: &RequestInfo,
    method: &'static str,
    route: Option<&str>,
    status: StatusCode,
    actor: Option<Uuid>,
    took: Duration,
) {
    let route = route.unwrap_or("(none)");
    let ms = took.as_millis() as u64;
    let actor = actor.map(|id| id.to_string());
    tracing::info!(
        request_id = info.id,
        trace_id = info.trace,
        method,
        route,
        status = status.as_u16(),
        ms,
        actor,
        "request"
    );
    figures::answered(method, route, status, took);
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, init_service};
    use actix_web::{App as Router, HttpResponse};
    use rapport_testkit::Database;

    use super::*;
    use crate::config::Config;

    async fn fails() -> HttpResponse {
        panic!("a secret of the handler")
    }

    async fn dawdles() -> HttpResponse {
        actix_web::rt::time::sleep(Duration::from_secs(30)).await;
        HttpResponse::Ok().finish()
    }

    async fn answer(path: &str) -> (u16, String) {
        let database = Database::sqlite();
        let mut config = Config::default();
        config.api.handler_seconds = 1;
        let app = web::Data::new(App::new(database.store(), config));
        let router = Router::new()
            .app_data(app)
            .service(web::resource("/fails").route(web::get().to(fails)))
            .service(web::resource("/dawdles").route(web::get().to(dawdles)))
            .wrap(from_fn(around));
        let service = init_service(router).await;
        let request = TestRequest::with_uri(path).to_request();
        let response = match actix_web::dev::Service::call(&service, request).await {
            Ok(response) => response.into_parts().1.map_into_boxed_body(),
            Err(error) => error.error_response(),
        };
        assert_eq!(response.headers().get("content-type").unwrap(), "application/problem+json");
        let status = response.status().as_u16();
        let body = actix_web::body::to_bytes(response.into_body()).await.unwrap_or_default();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[test]
    fn made_up_methods_are_one_word() {
        assert_eq!(known_method(&Method::PATCH), "PATCH");
        for made_up in ["get", "PROPFIND", "X-1"] {
            assert_eq!(known_method(&Method::from_bytes(made_up.as_bytes()).unwrap()), "other");
        }
    }

    #[actix_web::test]
    async fn a_handler_that_panics_is_answered_for() {
        let (status, body) = answer("/fails").await;
        assert_eq!(status, 500);
        assert!(body.contains("\"internal\"") && !body.contains("secret"), "{body}");
    }

    #[actix_web::test]
    async fn a_handler_that_takes_too_long_is_answered_for() {
        let (status, body) = answer("/dawdles").await;
        assert_eq!(status, 503);
        assert!(body.contains("\"unavailable\""), "{body}");
    }
}
