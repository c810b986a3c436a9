//! The routes of users.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};
use rapport_domain::access::{Action, Subject};
use rapport_persistence::sessions::session_revoke_all;
use serde_json::{Value, json};
use uuid::Uuid;

use super::dto::{CreateUser, Directory, DirectoryParams, UpdateUser, UserList, UserListParams, UserView};
use super::service::{self, NewUser, check_outranks, find};
use super::view::{self, view};
use super::write::{self, Change};
use crate::auth::Caller;
use crate::auth::password::check_new;
use crate::extract::{Params, RawBody, at_most, parse_body};
use crate::problem::Problem;
use crate::records::mutate::{expected_version, mutate};
use crate::records::reply::Reply;
use crate::records::routes::MAX_WORDS;
use crate::router::Routes;
use crate::state::App;

type Answer = Result<HttpResponse, Problem>;

/// The routes of this feature.
pub fn routes(cfg: &mut Routes<'_>) {
    cfg.service(list_users).service(create_user).service(list_directory);
    cfg.service(get_user).service(update_user).service(end_user_sessions);
}

/// List users.
///
/// By name, page by page.
#[utoipa::path(tag = "Users", operation_id = "listUsers", params(UserListParams), responses((status = 200, description = "A page of users.", body = UserList)))]
#[get("/users")]
pub(crate) async fn list_users(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    asked: Params<UserListParams>,
) -> Answer {
    caller.may(Action::View, Subject::User)?;
    let (context, key) = (caller.context(), app.keys.mac("cursor", b""));
    Ok(app.store.read("list_users", move |db| view::list(db, &context, &asked.0, &key)).await?.respond(&request))
}

/// List users for pickers.
///
/// Names only; open to everyone who is signed in.
#[utoipa::path(tag = "Users", operation_id = "listUserDirectory", params(DirectoryParams), responses((status = 200, description = "Users by name.", body = Directory)))]
#[get("/users/directory")]
pub(crate) async fn list_directory(app: Data<App>, _caller: Caller, asked: Params<DirectoryParams>) -> Answer {
    at_most("q", asked.0.q.as_deref().unwrap_or_default(), MAX_WORDS)?;
    let directory = app.store.read("list_directory", move |db| view::directory(db, asked.0.q.as_deref())).await?;
    Ok(HttpResponse::Ok().json(directory))
}

/// Create a user.
///
/// With a first password or without one. The roles can allow no more than whoever adds the user may do.
#[utoipa::path(tag = "Users", operation_id = "createUser", request_body = CreateUser, responses((status = 201, description = "The new user.", body = UserView)))]
#[post("/users")]
pub(crate) async fn create_user(app: Data<App>, caller: Caller, request: HttpRequest, body: RawBody) -> Answer {
    caller.may(Action::Configure, Subject::User)?;
    let input: CreateUser = parse_body(&body.0)?;
    let password_hash = hash(&app, input.password.as_deref(), &[&input.email, &input.name]).await?;
    let new = NewUser { input, password_hash };
    mutate(&app, &caller, &request, &without_password(&body.0), "create_user", move |tx, context| {
        let row = service::add(tx, context, &new)?;
        let (id, version) = (row.id.0, row.version);
        let view = view(tx, row, context.locale)?;
        Ok(Reply::json(201, &view)?.record(id, version).location(format!("/api/v1/users/{id}")))
    })
    .await
}

/// Read a user.
///
/// Its ETag is the version.
#[utoipa::path(tag = "Users", operation_id = "getUser", params(("id" = Uuid, Path, description = "The id.")), responses((status = 200, description = "The user.", body = UserView)))]
#[get("/users/{id}")]
pub(crate) async fn get_user(app: Data<App>, caller: Caller, request: HttpRequest, id: Path<Uuid>) -> Answer {
    caller.may(Action::View, Subject::User)?;
    let (context, id) = (caller.context(), *id);
    let read = move |db: &mut rapport_persistence::Db| {
        let row = find(db, id)?;
        let version = row.version;
        Ok::<_, Problem>(Reply::ok(&view(db, row, context.locale)?)?.record(id, version))
    };
    Ok(app.store.read("get_user", read).await?.respond(&request))
}

/// Change a user.
///
/// A merge patch (RFC 7396). A new password and `is_active: false` end every session of the user; a new team takes the
/// user's records along. The last active administrator stays one. Whoever is switched off keeps what they have: `holdings`
/// counts it, and a handover gives it to others.
#[utoipa::path(tag = "Users", operation_id = "updateUser", params(("id" = Uuid, Path, description = "The id.")), request_body = UpdateUser, responses((status = 200, description = "The user as it is now.", body = UserView)))]
#[patch("/users/{id}")]
pub(crate) async fn update_user(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<Uuid>,
    body: RawBody,
) -> Answer {
    caller.may(Action::Configure, Subject::User)?;
    let patch: UpdateUser = parse_body(&body.0)?;
    let expected = expected_version(&request, app.config.api.require_if_match)?;
    let id = *id;
    let password_hash = new_hash(&app, id, &patch).await?;
    let change = Change { id, expected, patch, password_hash };
    mutate(&app, &caller, &request, &without_password(&body.0), "update_user", move |tx, context| {
        write::update(tx, context, &change)
    })
    .await
}

/// End the sessions of a user.
///
/// Every browser and app of the user is signed out with its next request.
#[utoipa::path(tag = "Users", operation_id = "endUserSessions", params(("id" = Uuid, Path, description = "The id of the user.")), responses((status = 204, description = "The sessions have ended.")))]
#[delete("/users/{id}/sessions")]
pub(crate) async fn end_user_sessions(app: Data<App>, caller: Caller, request: HttpRequest, id: Path<Uuid>) -> Answer {
    caller.may(Action::Configure, Subject::User)?;
    mutate(&app, &caller, &request, &[], "end_user_sessions", move |tx, context| {
        find(tx, *id)?;
        check_outranks(tx, context, *id)?;
        session_revoke_all(tx, *id, None, "revoked", context.now.into())?;
        Ok(Reply::empty())
    })
    .await
}

/// Hashes a new password before any transaction begins.
/// The hash of a new password, which is made neither of what the user is called now nor of what they are to be called.
async fn new_hash(app: &App, id: Uuid, patch: &UpdateUser) -> Result<Option<String>, Problem> {
    let Some(password) = patch.password.as_deref() else { return Ok(None) };
    let user = app.store.read("user_for_password", move |db| find(db, id)).await?;
    let (email, name) = (patch.email.as_deref().unwrap_or_default(), patch.name.as_deref().unwrap_or_default());
    hash(app, Some(password), &[&user.email, &user.name, email, name]).await
}

async fn hash(app: &App, password: Option<&str>, about: &[&str]) -> Result<Option<String>, Problem> {
    let Some(password) = password else { return Ok(None) };
    check_new(password, "/password", about)?;
    app.hasher.hash(password.to_owned()).await.map(Some)
}

/// What is remembered of a request for retries says nothing about its password.
fn without_password(body: &[u8]) -> Vec<u8> {
    let mut json: Value = serde_json::from_slice(body).unwrap_or_default();
    if let Some(password) = json.get_mut("password") {
        *password = json!("");
    }
    json.to_string().into_bytes()
}
