//! The router, and the server around it.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_cors::Cors;
use actix_web::dev::{Server, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::{Compress, Condition, from_fn};
use actix_web::{Error, HttpRequest, HttpResponse, HttpServer, web};

use crate::extract::path_config;
use crate::middleware::around;
use crate::openapi::Document;
use crate::problem::{Code, Problem, problem_page};
use crate::router::{self, Routes};
use crate::site::Site;
use crate::state::App;

/// Every feature, one line each. What stands first wins, so fixed words come before `{id}`.
fn routes(cfg: &mut Routes<'_>) {
    cfg.configure(crate::customers::routes);
    cfg.configure(crate::contacts::routes);
    cfg.configure(crate::conversion::routes);
    cfg.configure(crate::assignment::lead_routes).configure(crate::scoring::lead_routes);
    cfg.configure(crate::leads::routes);
    cfg.configure(crate::opportunities::routes);
    cfg.configure(crate::activities::routes);
    cfg.configure(crate::search::routes).configure(crate::events::routes);
    cfg.configure(crate::setup::routes).configure(crate::session::routes);
    cfg.configure(crate::users::routes).configure(crate::teams::routes).configure(crate::roles::routes);
    cfg.configure(crate::api_keys::routes).configure(crate::access::routes).configure(crate::calendar::routes);
    cfg.configure(crate::notifications::routes).configure(crate::organisation::routes);
    cfg.configure(crate::at_hand::routes).configure(crate::jobs::routes).configure(crate::handover::routes);
    cfg.configure(crate::files::routes).configure(crate::activity_templates::routes);
    cfg.configure(crate::configuration::routes).configure(crate::assignment::routes).configure(crate::pools::routes);
    cfg.configure(crate::scoring::routes).configure(crate::trash::routes);
}

/// The application of one worker.
fn application(
    app: web::Data<App>,
    document: web::Data<Document>,
    site: web::Data<Site>,
) -> actix_web::App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl actix_web::body::MessageBody>,
        Error = Error,
        InitError = (),
    >,
> {
    let has_origins = !app.config.server.cors_origins.is_empty();
    let cors = cors(&app.config.server.cors_origins);
    actix_web::App::new()
        .configure(plain_routes)
        .service(router::scope(routes))
        .app_data(app)
        .app_data(document)
        .app_data(site)
        .app_data(path_config())
        .default_service(web::to(fallback))
        .wrap(Compress::default())
        .wrap(Condition::new(has_origins, cors))
        .wrap(from_fn(around))
}

/// Pages of exactly these origins may call the API, with tokens but never with cookies.
fn cors(origins: &[String]) -> Cors {
    let cors = Cors::default().allow_any_method().allow_any_header().max_age(600);
    let cors = cors.expose_headers([
        "ETag",
        "Location",
        "Link",
        "Retry-After",
        "X-Request-Id",
        "Idempotent-Replayed",
        "RateLimit",
        "RateLimit-Policy",
    ]);
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}

/// The paths of the router as an OpenAPI document, before it is completed.
pub(crate) fn router_document() -> utoipa::openapi::OpenApi {
    router::document(routes)
}

/// Goes through the paths of the router.
pub(crate) fn each_path(visit: &mut dyn FnMut(String, &utoipa::openapi::PathItem)) {
    router::each_path(routes, visit);
}

/// What is no part of the contract.
fn plain_routes(cfg: &mut web::ServiceConfig) {
    cfg.configure(crate::openapi::routes).configure(crate::health::routes).configure(crate::figures::routes);
    cfg.configure(crate::calendar::plain_routes);
    cfg.service(web::resource("/problems/{code}").route(web::get().to(problem_page)));
}

/// No route has taken the request: either nothing is there, or the method is wrong.
async fn fallback(
    request: HttpRequest,
    document: web::Data<Document>,
    site: web::Data<Site>,
) -> Result<HttpResponse, Problem> {
    let is_read = request.method() == Method::GET || request.method() == Method::HEAD;
    if is_read
        && !request.path().starts_with("/api/")
        && let Some(page) = site.answer(&request)
    {
        return Ok(page);
    }
    match document.allowed(request.path()) {
        Some(allowed) => Err(Problem::new(Code::MethodNotAllowed).header("Allow", allowed)),
        None => Err(Problem::new(Code::NotFound)),
    }
}

/// How long a connection may rest between two requests: longer than the proxies before it keep theirs (two minutes), who
/// otherwise send a request into one that is just being closed, and cannot know whether it may be sent again.
const KEPT: Duration = Duration::from_secs(130);

/// Starts to serve on a socket that is already bound. Signals are the caller's affair.
///
/// # Errors
/// When the socket cannot be used, or the folder with the pages cannot be read.
pub fn start(app: App, listener: TcpListener) -> anyhow::Result<Server> {
    let site = app.config.server.web.as_deref().map(Site::load).transpose()?.unwrap_or_default();
    let site = web::Data::new(site);
    let workers = app.config.server.workers.max(1);
    let app = web::Data::new(app);
    let document = web::Data::from(Arc::new(Document::default()));
    let server = HttpServer::new(move || application(app.clone(), document.clone(), site.clone()))
        .workers(workers)
        .client_request_timeout(Duration::from_secs(5))
        .keep_alive(KEPT)
        // Who has closed the connection is gone: a stream of events ends with it, not only when nobody takes the next one.
        .h1_allow_half_closed(false)
        .shutdown_timeout(15)
        .disable_signals()
        .listen(listener)?;
    Ok(server.run())
}
