//! Whether the program runs, and whether it can work.

use std::time::Duration;

use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse};
use rapport_persistence::room::{Room, room};
use rapport_persistence::{Target, migrate};
use serde_json::json;

use crate::problem::{Code, Problem};
use crate::state::App;

/// With less room on its disk an embedded database is about to stop taking writes: 64 MiB.
const LEAST_ROOM: u64 = 64 << 20;
/// How long the database may take to say that it works: a disk that hangs must not look healthy.
const PATIENCE: Duration = Duration::from_secs(2);

/// The routes of this feature.
pub(crate) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/healthz").route(web::get().to(is_alive)))
        .service(web::resource("/readyz").route(web::get().to(is_ready)));
}

/// The process answers. Touches nothing, so that a slow disk does not get it restarted.
async fn is_alive() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "alive" }))
}

/// The database answers, for reading and for writing, its schema is this program's and its disk has room.
async fn is_ready(app: Data<App>, _request: HttpRequest) -> Result<HttpResponse, Problem> {
    if app.farewell.has_begun() {
        let (zh, en) = ("服务正在停止", "The program is about to end");
        return Err(Problem::new(Code::Unavailable).retry_after(5).because(zh, en));
    }
    let (schema, found) = tokio::time::timeout(PATIENCE, probe(&app)).await.map_err(|_| silent())??;
    if !schema.is_current() {
        let (zh, en) = ("数据库结构与程序版本不一致", "The schema of the database is not that of this program");
        return Err(Problem::new(Code::Unavailable).retry_after(5).because(zh, en));
    }
    check_room(found)?;
    let checks = json!({ "database": "ok", "schema": "ok", "disk": found.map(|_| "ok") });
    Ok(HttpResponse::Ok().json(json!({ "status": "ready", "checks": checks })))
}

/// Reads and writes. The disk is asked on a thread that may block.
async fn probe(app: &App) -> Result<(migrate::SchemaState, Option<Room>), Problem> {
    let target = app.store.target().clone();
    let found =
        app.store.read("readiness", move |db| Ok::<_, Problem>((migrate::state(db)?, room_of(&target)?))).await?;
    app.store.write("readiness", |_tx| Ok::<_, Problem>(())).await?;
    Ok(found)
}

fn silent() -> Problem {
    tracing::error!("the database does not answer in time");
    let (zh, en) = ("数据库没有及时响应", "The database does not answer in time");
    Problem::new(Code::Unavailable).retry_after(1).because(zh, en)
}

fn room_of(target: &Target) -> Result<Option<Room>, Problem> {
    room(target).map_err(|error| {
        tracing::error!(%error, "the disk of the database does not answer");
        Problem::new(Code::Unavailable).retry_after(5)
    })
}

fn check_room(found: Option<Room>) -> Result<(), Problem> {
    let Some(found) = found.filter(|found| found.free < LEAST_ROOM) else { return Ok(()) };
    tracing::error!(free = found.free, "the disk of the database is nearly full");
    let (zh, en) = ("数据库所在磁盘空间不足", "The disk of the database is nearly full");
    Err(Problem::new(Code::Unavailable).retry_after(60).because(zh, en))
}

/// Tells the figures how much room the database has; called now and then.
pub(crate) async fn measure(app: &App) {
    let target = app.store.target().clone();
    let found = app.store.read("room", move |_| room_of(&target)).await;
    let Ok(Some(found)) = found else { return };
    for (what, bytes) in [
        ("rapport_disk_free_bytes", found.free),
        ("rapport_database_bytes", found.used),
        ("rapport_write_ahead_log_bytes", found.log),
    ] {
        metrics::gauge!(what).set(bytes as f64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_is_nearly_full_is_said_before_it_is_full() {
        let room = |free| Some(Room { free, used: 1, log: 0 });
        assert!(check_room(None).is_ok());
        assert!(check_room(room(LEAST_ROOM)).is_ok());
        assert!(check_room(room(LEAST_ROOM - 1)).is_err_and(|problem| problem.code() == Code::Unavailable));
    }
}
