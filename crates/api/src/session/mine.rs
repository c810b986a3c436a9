//! One's own sessions.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, get};
use rapport_persistence::sessions::{session_list, session_revoke, session_revoke_all};
use uuid::Uuid;

use super::dto::{SessionList, SessionView};
use crate::auth::Caller;
use crate::problem::{Code, Problem};
use crate::state::App;

type Answer = Result<HttpResponse, Problem>;

/// List one's sessions.
///
/// Every browser and app that is signed in, newest first.
#[utoipa::path(tag = "Me", operation_id = "listMySessions", responses((status = 200, description = "The sessions.", body = SessionList)))]
#[get("/me/sessions")]
pub(crate) async fn list_my_sessions(app: Data<App>, caller: Caller) -> Answer {
    let (user, current, now) = (caller.id(), caller.session()?.id.0, app.now().into());
    let rows = app.store.read("list_my_sessions", move |db| Ok::<_, Problem>(session_list(db, user, now)?)).await?;
    let data = rows.into_iter().map(|row| SessionView::of(row, Some(current))).collect();
    Ok(HttpResponse::Ok().json(SessionList { data }))
}

/// End one of one's sessions.
///
/// The browser or app is signed out with its next request.
#[utoipa::path(tag = "Me", operation_id = "endMySession", params(("id" = Uuid, Path, description = "The id of the session.")),
    responses((status = 204, description = "The session has ended.")))]
#[delete("/me/sessions/{id}")]
pub(crate) async fn end_my_session(app: Data<App>, caller: Caller, id: Path<Uuid>) -> Answer {
    caller.session()?;
    let (user, id, now) = (caller.id(), *id, app.now().into());
    let ended = app
        .store
        .write("end_my_session", move |tx| Ok::<_, Problem>(session_revoke(tx, user, id, "revoked", now)?))
        .await?;
    if ended { Ok(HttpResponse::NoContent().finish()) } else { Err(Problem::new(Code::NotFound)) }
}

/// End all of one's other sessions.
///
/// The one that asks goes on.
#[utoipa::path(tag = "Me", operation_id = "endMyOtherSessions", responses((status = 204, description = "The other sessions have ended.")))]
#[delete("/me/sessions")]
pub(crate) async fn end_my_other_sessions(app: Data<App>, caller: Caller) -> Answer {
    let (user, current, now) = (caller.id(), caller.session()?.id.0, app.now().into());
    app.store
        .write("end_my_other_sessions", move |tx| {
            Ok::<_, Problem>(session_revoke_all(tx, user, Some(current), "revoked", now)?)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
