//! The router, and the server around it.

use std::net::TcpListener;
use std::sync::Arc;

use actix_web::dev::{Server, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{Error, HttpRequest, HttpResponse, HttpServer, web};
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{AppExt as _, UtoipaApp, scope};

use crate::extract::path_config;
use crate::middleware::around;
use crate::openapi::Document;
use crate::problem::{Code, Problem, problem_page};
use crate::state::App;

/// Every feature, one line each. What stands first wins, so fixed words come before `{id}`.
fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(crate::session::routes);
}

/// The application of one worker.
fn application(app: web::Data<App>, document: web::Data<Document>) -> actix_web::App<impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<impl actix_web::body::MessageBody>, Error = Error, InitError = ()>> {
    let router = routed(actix_web::App::new()).into_app();
    router
        .app_data(app)
        .app_data(document)
        .app_data(path_config())
        .configure(plain_routes)
        .default_service(web::to(fallback))
        .wrap(Compress::default())
        .wrap(from_fn(around))
}

fn routed<T>(app: actix_web::App<T>) -> UtoipaApp<T>
where
    T: ServiceFactory<ServiceRequest, Config = (), Error = Error, InitError = ()>,
{
    app.into_utoipa_app().service(scope("/api/v1").configure(routes))
}

/// The paths of the router as an OpenAPI document, before it is completed.
pub(crate) fn router_document() -> utoipa::openapi::OpenApi {
    routed(actix_web::App::new()).split_for_parts().1
}

/// What is no part of the contract.
fn plain_routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/problems/{code}").route(web::get().to(problem_page)));
}

/// No route has taken the request: either nothing is there, or the method is wrong.
async fn fallback(request: HttpRequest, document: web::Data<Document>) -> Result<HttpResponse, Problem> {
    match document.allowed(request.path()) {
        Some(allowed) => Err(Problem::new(Code::MethodNotAllowed).header("Allow", allowed)),
        None => Err(Problem::new(Code::NotFound)),
    }
}

/// Starts to serve on a socket that is already bound. Signals are the caller's affair.
///
/// # Errors
/// When the socket cannot be used.
pub fn start(app: App, listener: TcpListener) -> std::io::Result<Server> {
    let workers = app.config.server.workers.max(1);
    let app = web::Data::new(app);
    let document = web::Data::from(Arc::new(Document::new()));
    let server = HttpServer::new(move || application(app.clone(), document.clone()))
        .workers(workers)
        .client_request_timeout(std::time::Duration::from_secs(5))
        .shutdown_timeout(15)
        .disable_signals()
        .listen(listener)?;
    Ok(server.run())
}
