//! The endpoints of handovers.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get, post};
use uuid::Uuid;

use rapport_domain::access::{Action, Subject};

use super::dto::{CreateHandover, HandoverItemPage, HandoverItemParams, HandoverList, HandoverView, HoldingsView};
use super::{give, holdings, undo, views};
use crate::auth::Caller;
use crate::extract::{Params, RawBody, parse_body};
use crate::problem::Problem;
use crate::records::mutate::{mutate, path_id};
use crate::router::Routes;
use crate::state::App;

type Answer = Result<HttpResponse, Problem>;

/// The endpoints.
pub fn routes(cfg: &mut Routes<'_>) {
    cfg.service(get_user_holdings).service(list_user_handovers).service(create_handover);
    cfg.service(get_handover).service(list_handover_items).service(undo_handover);
}

/// Who may change people may see what they have and hand it over.
fn may_hand_over(caller: &Caller) -> Result<(), Problem> {
    caller.may(Action::Configure, Subject::User).map(drop)
}

/// Count what a user has
///
/// Everything that could be handed over, and what else names them; also of users who are switched off.
#[utoipa::path(tag = "Handovers", operation_id = "getUserHoldings", params(("id" = Uuid, Path, description = "The user's id.")), responses((status = 200, description = "What they have.", body = HoldingsView)))]
#[get("/users/{id}/holdings")]
async fn get_user_holdings(app: Data<App>, caller: Caller, request: HttpRequest, id: Path<String>) -> Answer {
    may_hand_over(&caller)?;
    let (ctx, id) = (caller.context(), path_id(&id)?);
    Ok(app.store.read("get_user_holdings", move |db| holdings::read(db, &ctx, id)).await?.respond(&request))
}

/// List the handovers of a user
///
/// What was handed over of theirs, and to whom.
#[utoipa::path(tag = "Handovers", operation_id = "listUserHandovers", params(("id" = Uuid, Path, description = "The user's id.")), responses((status = 200, description = "The handovers.", body = HandoverList)))]
#[get("/users/{id}/handovers")]
async fn list_user_handovers(app: Data<App>, caller: Caller, request: HttpRequest, id: Path<String>) -> Answer {
    may_hand_over(&caller)?;
    let (ctx, id) = (caller.context(), path_id(&id)?);
    Ok(app.store.read("list_user_handovers", move |db| views::list(db, &ctx, id)).await?.respond(&request))
}

/// Hand over what a user has
///
/// In one operation, all or nothing: to somebody, to several in turn, or customers to a pool and leads to nobody; with their
/// places in assignment rules, those who report to them, and, with `deactivate`, their switching off. What is left out stays
/// where it is, but whoever is switched off keeps nothing that is open. Each new owner is told once. Nobody comes to own more
/// customers than their pool allows (`claim_refused`, with `over`) unless `exceed_caps` says so. It can be undone for 30 days.
#[utoipa::path(tag = "Handovers", operation_id = "createHandover", params(("id" = Uuid, Path, description = "The user's id.")), request_body = CreateHandover, responses((status = 201, description = "It is handed over.", body = HandoverView)))]
#[post("/users/{id}/handovers")]
async fn create_handover(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<String>,
    body: RawBody,
) -> Answer {
    may_hand_over(&caller)?;
    let (id, asked): (Uuid, CreateHandover) = (path_id(&id)?, parse_body(&body.0)?);
    mutate(&app, &caller, &request, &body.0, "create_handover", move |tx, ctx| give::create(tx, ctx, id, &asked)).await
}

/// Read a handover
///
/// How much went to whom, and what became of it when it was undone.
#[utoipa::path(tag = "Handovers", operation_id = "getHandover", params(("id" = Uuid, Path, description = "The id.")), responses((status = 200, description = "The handover.", body = HandoverView)))]
#[get("/handovers/{id}")]
async fn get_handover(app: Data<App>, caller: Caller, request: HttpRequest, id: Path<String>) -> Answer {
    may_hand_over(&caller)?;
    let (ctx, id) = (caller.context(), path_id(&id)?);
    Ok(app.store.read("get_handover", move |db| views::get(db, &ctx, id)).await?.respond(&request))
}

/// List what was handed over
///
/// One by one, of one kind or of all, page by page.
#[utoipa::path(tag = "Handovers", operation_id = "listHandoverItems", params(("id" = Uuid, Path, description = "The id."), HandoverItemParams), responses((status = 200, description = "A page.", body = HandoverItemPage)))]
#[get("/handovers/{id}/items")]
async fn list_handover_items(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<String>,
    asked: Params<HandoverItemParams>,
) -> Answer {
    may_hand_over(&caller)?;
    let (ctx, id, key) = (caller.context(), path_id(&id)?, app.keys.mac("cursor", b""));
    let work = move |db: &mut rapport_persistence::Db| views::items(db, &ctx, id, &asked.0, &key);
    Ok(app.store.read("list_handover_items", work).await?.respond(&request))
}

/// Undo a handover
///
/// Once, within 30 days: everything that is still with whoever got it goes back, and whoever it switched off is active again,
/// signed out everywhere. What somebody has changed since stays, and is told in `left`; no limit of a pool is asked. To hand
/// it over again is a new handover. `undo_refused` tells by `reasons` why not: undone, too_late, or inactive (they were
/// switched off by something else: switch them on first).
#[utoipa::path(tag = "Handovers", operation_id = "undoHandover", params(("id" = Uuid, Path, description = "The id.")), responses((status = 200, description = "The handover as it is now.", body = HandoverView)))]
#[post("/handovers/{id}/undo")]
async fn undo_handover(app: Data<App>, caller: Caller, request: HttpRequest, id: Path<String>) -> Answer {
    may_hand_over(&caller)?;
    let id = path_id(&id)?;
    mutate(&app, &caller, &request, &[], "undo_handover", move |tx, ctx| undo::undo(tx, ctx, id)).await
}
