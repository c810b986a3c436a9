//! The routes of roles.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};
use rapport_domain::access::{Action, Subject};
use uuid::Uuid;

use super::dto::{CreateRole, RoleList, RoleView, UpdateRole};
use super::service;
use crate::auth::Caller;
use crate::extract::{RawBody, parse_body};
use crate::problem::Problem;
use crate::records::mutate::{expected_version, mutate};
use crate::router::Routes;
use crate::state::App;

type Answer = Result<HttpResponse, Problem>;

/// The routes of this feature.
pub fn routes(cfg: &mut Routes<'_>) {
    cfg.service(list_roles).service(create_role).service(get_role).service(update_role).service(delete_role);
}

/// List roles.
///
/// Every role with what it allows; those that come with Rapport first.
#[utoipa::path(tag = "Roles", operation_id = "listRoles", responses((status = 200, description = "Every role.", body = RoleList)))]
#[get("/roles")]
pub(crate) async fn list_roles(app: Data<App>, caller: Caller, request: HttpRequest) -> Answer {
    caller.may(Action::View, Subject::Role)?;
    let context = caller.context();
    Ok(app.store.read("list_roles", move |db| service::list(db, &context)).await?.respond(&request))
}

/// Create a role.
///
/// It can allow no more than whoever makes it may do.
#[utoipa::path(tag = "Roles", operation_id = "createRole", request_body = CreateRole, responses((status = 201, description = "The new role.", body = RoleView)))]
#[post("/roles")]
pub(crate) async fn create_role(app: Data<App>, caller: Caller, request: HttpRequest, body: RawBody) -> Answer {
    caller.may(Action::Configure, Subject::Role)?;
    let input: CreateRole = parse_body(&body.0)?;
    mutate(&app, &caller, &request, &body.0, "create_role", move |tx, context| service::create(tx, context, &input))
        .await
}

/// Read a role.
///
/// Its ETag is the version.
#[utoipa::path(tag = "Roles", operation_id = "getRole", params(("id" = Uuid, Path, description = "The id.")), responses((status = 200, description = "The role.", body = RoleView)))]
#[get("/roles/{id}")]
pub(crate) async fn get_role(app: Data<App>, caller: Caller, request: HttpRequest, id: Path<Uuid>) -> Answer {
    caller.may(Action::View, Subject::Role)?;
    let context = caller.context();
    Ok(app.store.read("get_role", move |db| service::get(db, &context, *id)).await?.respond(&request))
}

/// Change a role.
///
/// A merge patch (RFC 7396). Roles that come with Rapport cannot be changed.
#[utoipa::path(tag = "Roles", operation_id = "updateRole", params(("id" = Uuid, Path, description = "The id.")), request_body = UpdateRole, responses((status = 200, description = "The role as it is now.", body = RoleView)))]
#[patch("/roles/{id}")]
pub(crate) async fn update_role(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<Uuid>,
    body: RawBody,
) -> Answer {
    caller.may(Action::Configure, Subject::Role)?;
    let patch: UpdateRole = parse_body(&body.0)?;
    let expected = expected_version(&request, app.config.api.require_if_match)?;
    mutate(&app, &caller, &request, &body.0, "update_role", move |tx, context| {
        service::update(tx, context, *id, expected, &patch)
    })
    .await
}

/// Delete a role.
///
/// Refused while users have it, and for roles that come with Rapport.
#[utoipa::path(tag = "Roles", operation_id = "deleteRole", params(("id" = Uuid, Path, description = "The id.")), responses((status = 204, description = "It is gone.")))]
#[delete("/roles/{id}")]
pub(crate) async fn delete_role(app: Data<App>, caller: Caller, request: HttpRequest, id: Path<Uuid>) -> Answer {
    caller.may(Action::Configure, Subject::Role)?;
    let expected = expected_version(&request, app.config.api.require_if_match)?;
    mutate(&app, &caller, &request, &[], "delete_role", move |tx, context| service::delete(tx, context, *id, expected))
        .await
}
