//! The routes of teams.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};
use rapport_domain::access::{Action, Subject};
use uuid::Uuid;

use super::dto::{CreateTeam, TeamList, TeamView, UpdateTeam};
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
    cfg.service(list_teams).service(create_team).service(get_team).service(update_team).service(delete_team);
}

/// List teams.
///
/// Every team, by name; the tree stands in `parent_id`.
#[utoipa::path(tag = "Teams", operation_id = "listTeams", responses((status = 200, description = "Every team.", body = TeamList)))]
#[get("/teams")]
pub(crate) async fn list_teams(app: Data<App>, caller: Caller, request: HttpRequest) -> Answer {
    caller.may(Action::View, Subject::Team)?;
    Ok(app.store.read("list_teams", service::list).await?.respond(&request))
}

/// Create a team.
///
/// On its own or below another one.
#[utoipa::path(tag = "Teams", operation_id = "createTeam", request_body = CreateTeam, responses((status = 201, description = "The new team.", body = TeamView)))]
#[post("/teams")]
pub(crate) async fn create_team(app: Data<App>, caller: Caller, request: HttpRequest, body: RawBody) -> Answer {
    caller.may(Action::Configure, Subject::Team)?;
    let input: CreateTeam = parse_body(&body.0)?;
    mutate(&app, &caller, &request, &body.0, "create_team", move |tx, context| service::create(tx, context, &input))
        .await
}

/// Read a team.
///
/// Its ETag is the version.
#[utoipa::path(tag = "Teams", operation_id = "getTeam", params(("id" = Uuid, Path, description = "The id.")), responses((status = 200, description = "The team.", body = TeamView)))]
#[get("/teams/{id}")]
pub(crate) async fn get_team(app: Data<App>, caller: Caller, request: HttpRequest, id: Path<Uuid>) -> Answer {
    caller.may(Action::View, Subject::Team)?;
    Ok(app.store.read("get_team", move |db| service::get(db, *id)).await?.respond(&request))
}

/// Change a team.
///
/// A merge patch (RFC 7396). A team cannot hang below itself.
#[utoipa::path(tag = "Teams", operation_id = "updateTeam", params(("id" = Uuid, Path, description = "The id.")), request_body = UpdateTeam, responses((status = 200, description = "The team as it is now.", body = TeamView)))]
#[patch("/teams/{id}")]
pub(crate) async fn update_team(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<Uuid>,
    body: RawBody,
) -> Answer {
    caller.may(Action::Configure, Subject::Team)?;
    let patch: UpdateTeam = parse_body(&body.0)?;
    let expected = expected_version(&request, app.config.api.require_if_match)?;
    mutate(&app, &caller, &request, &body.0, "update_team", move |tx, context| {
        service::update(tx, context, *id, expected, &patch)
    })
    .await
}

/// Delete a team.
///
/// Refused while users or other teams belong to it.
#[utoipa::path(tag = "Teams", operation_id = "deleteTeam", params(("id" = Uuid, Path, description = "The id.")), responses((status = 204, description = "It is gone.")))]
#[delete("/teams/{id}")]
pub(crate) async fn delete_team(app: Data<App>, caller: Caller, request: HttpRequest, id: Path<Uuid>) -> Answer {
    caller.may(Action::Configure, Subject::Team)?;
    let expected = expected_version(&request, app.config.api.require_if_match)?;
    mutate(&app, &caller, &request, &[], "delete_team", move |tx, context| service::delete(tx, context, *id, expected))
        .await
}
