//! The endpoints of what people keep at hand.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, put};

use super::dto::{CreateStickyNote, FavouriteList, StickyNoteList, StickyNoteView, UpdateStickyNote};
use super::{favourites, sticky_notes};
use crate::auth::Caller;
use crate::extract::{RawBody, parse_body};
use crate::problem::Problem;
use crate::records::mutate::{expected_version, mutate, path_id};
use crate::router::Routes;
use crate::state::App;

type Answer = Result<HttpResponse, Problem>;

/// The endpoints.
pub fn routes(cfg: &mut Routes<'_>) {
    cfg.service(list_favourites).service(add_favourite).service(remove_favourite);
    cfg.service(list_sticky_notes).service(create_sticky_note).service(update_sticky_note).service(delete_sticky_note);
}

/// List one's favourites
///
/// The records that you want at hand, in the order in which they came. Those that you do not see any more keep no name.
#[utoipa::path(tag = "Me", operation_id = "listFavourites", responses((status = 200, description = "The favourites.", body = FavouriteList)))]
#[get("/me/favourites")]
async fn list_favourites(app: Data<App>, caller: Caller, request: HttpRequest) -> Answer {
    caller.session()?;
    let ctx = caller.context();
    Ok(app.store.read("list_favourites", move |db| favourites::list(db, &ctx)).await?.respond(&request))
}

/// Add a favourite
///
/// It stays where it is if it is one already. There are at most 100.
#[utoipa::path(tag = "Me", operation_id = "addFavourite", params(("type" = String, Path, description = "customer, contact, lead or opportunity.", pattern = "^(customer|contact|lead|opportunity)$"), ("id" = Uuid, Path, description = "The record.")), responses((status = 204, description = "It is a favourite.")))]
#[put("/me/favourites/{type}/{id}")]
async fn add_favourite(app: Data<App>, caller: Caller, request: HttpRequest, path: Path<(String, String)>) -> Answer {
    caller.session()?;
    let (kind, id) = (favourites::kind_of(&path.0)?, path_id(&path.1)?);
    mutate(&app, &caller, &request, &[], "add_favourite", move |tx, ctx| favourites::add(tx, ctx, kind, id)).await
}

/// Remove a favourite
///
/// Also when it is none, or a record that you do not see any more.
#[utoipa::path(tag = "Me", operation_id = "removeFavourite", params(("type" = String, Path, description = "customer, contact, lead or opportunity.", pattern = "^(customer|contact|lead|opportunity)$"), ("id" = Uuid, Path, description = "The record.")), responses((status = 204, description = "It is none any more.")))]
#[delete("/me/favourites/{type}/{id}")]
async fn remove_favourite(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    path: Path<(String, String)>,
) -> Answer {
    caller.session()?;
    favourites::kind_of(&path.0)?;
    let id = path_id(&path.1)?;
    mutate(&app, &caller, &request, &[], "remove_favourite", move |tx, ctx| favourites::drop(tx, ctx, id)).await
}

/// List one's sticky notes
///
/// What you have jotted down, the newest first. They are yours alone.
#[utoipa::path(tag = "Me", operation_id = "listStickyNotes", responses((status = 200, description = "The notes.", body = StickyNoteList)))]
#[get("/me/sticky-notes")]
async fn list_sticky_notes(app: Data<App>, caller: Caller, request: HttpRequest) -> Answer {
    caller.session()?;
    let ctx = caller.context();
    Ok(app.store.read("list_sticky_notes", move |db| sticky_notes::list(db, &ctx)).await?.respond(&request))
}

/// Jot something down
///
/// About a record, or about nothing. There are at most 100.
#[utoipa::path(tag = "Me", operation_id = "createStickyNote", request_body = CreateStickyNote, responses((status = 201, description = "The note.", body = StickyNoteView)))]
#[post("/me/sticky-notes")]
async fn create_sticky_note(app: Data<App>, caller: Caller, request: HttpRequest, body: RawBody) -> Answer {
    caller.session()?;
    let input: CreateStickyNote = parse_body(&body.0)?;
    mutate(&app, &caller, &request, &body.0, "create_sticky_note", move |tx, ctx| sticky_notes::create(tx, ctx, &input))
        .await
}

/// Change a sticky note
///
/// What it says, or its colour.
#[utoipa::path(tag = "Me", operation_id = "updateStickyNote", params(("id" = Uuid, Path, description = "The id.")), request_body = UpdateStickyNote, responses((status = 200, description = "The note as it is now.", body = StickyNoteView)))]
#[patch("/me/sticky-notes/{id}")]
async fn update_sticky_note(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<String>,
    body: RawBody,
) -> Answer {
    caller.session()?;
    let which = (path_id(&id)?, expected_version(&request, false)?);
    let patch: UpdateStickyNote = parse_body(&body.0)?;
    mutate(&app, &caller, &request, &body.0, "update_sticky_note", move |tx, ctx| {
        sticky_notes::update(tx, ctx, which, &patch)
    })
    .await
}

/// Throw a sticky note away
///
/// For good.
#[utoipa::path(tag = "Me", operation_id = "deleteStickyNote", params(("id" = Uuid, Path, description = "The id.")), responses((status = 204, description = "It is gone.")))]
#[delete("/me/sticky-notes/{id}")]
async fn delete_sticky_note(app: Data<App>, caller: Caller, request: HttpRequest, id: Path<String>) -> Answer {
    caller.session()?;
    let id = path_id(&id)?;
    mutate(&app, &caller, &request, &[], "delete_sticky_note", move |tx, ctx| sticky_notes::delete(tx, ctx, id)).await
}
