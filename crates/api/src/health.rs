//! Whether the program runs, and whether it can work.

use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse};
use rapport_persistence::migrate;
use serde_json::json;

use crate::problem::{Code, Problem};
use crate::state::App;

/// The routes of this feature.
pub(crate) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/healthz").route(web::get().to(is_alive)))
        .service(web::resource("/readyz").route(web::get().to(is_ready)));
}

/// The process answers. Touches nothing, so that a slow disk does not get it restarted.
async fn is_alive() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "alive" }))
}

/// The database answers, for reading and for writing, and its schema is this program's.
async fn is_ready(app: Data<App>, _request: HttpRequest) -> Result<HttpResponse, Problem> {
    let schema = app.store.read("readiness", |db| Ok::<_, Problem>(migrate::state(db)?)).await?;
    app.store.write("readiness", |_tx| Ok::<_, Problem>(())).await?;
    if schema.pending.is_empty() && schema.unknown.is_empty() {
        return Ok(HttpResponse::Ok().json(json!({ "status": "ready" })));
    }
    Err(Problem::new(Code::Unavailable)
        .retry_after(5)
        .because("数据库结构与程序版本不一致", "The schema of the database is not that of this program"))
}
