//! The endpoints of templates of activities.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};
use serde_json::Value;

use rapport_domain::access::{Action, Subject};
use rapport_domain::context::Context;
use rapport_persistence::Db;

use super::dto::{
    ActivityTemplateList, ActivityTemplatePreview, ActivityTemplateView, CreateActivityTemplate,
    PreviewActivityTemplate, UpdateActivityTemplate,
};
use super::{preview, templates};
use crate::auth::Caller;
use crate::extract::{JsonBody, RawBody, parse_body};
use crate::problem::Problem;
use crate::records::mutate::{expected_version, mutate, path_id};
use crate::router::Routes;
use crate::state::App;

type Answer = Result<HttpResponse, Problem>;

/// The endpoints.
pub fn routes(cfg: &mut Routes<'_>) {
    cfg.service(list_activity_templates).service(create_activity_template).service(preview_activity_template);
    cfg.service(get_activity_template).service(update_activity_template).service(delete_activity_template);
}

/// Whoever writes activities may have templates of their own, and use everybody's.
fn may_write(caller: &Caller) -> Result<(), Problem> {
    caller.may(Action::Create, Subject::Activity).map(drop)
}

/// Reads in the caller's name.
async fn read(
    app: &App,
    caller: &Caller,
    request: &HttpRequest,
    name: &'static str,
    work: impl Fn(&mut Db, &Context) -> Result<crate::records::reply::Reply, Problem> + Send + 'static,
) -> Answer {
    may_write(caller)?;
    let ctx = caller.context();
    Ok(app.store.read(name, move |db| work(db, &ctx)).await?.respond(request))
}

/// List templates of activities
///
/// Everybody's in their order, and then yours; few enough for one answer.
#[utoipa::path(tag = "Activities", operation_id = "listActivityTemplates", responses((status = 200, description = "The templates.", body = ActivityTemplateList)))]
#[get("/activity-templates")]
async fn list_activity_templates(app: Data<App>, caller: Caller, request: HttpRequest) -> Answer {
    read(&app, &caller, &request, "list_activity_templates", templates::list).await
}

/// Create a template of activities
///
/// For yourself, or for everybody if you may configure. There are at most 100 of yours and 200 of everybody's.
#[utoipa::path(tag = "Activities", operation_id = "createActivityTemplate", request_body = CreateActivityTemplate, responses((status = 201, description = "The new template.", body = ActivityTemplateView)))]
#[post("/activity-templates")]
async fn create_activity_template(app: Data<App>, caller: Caller, request: HttpRequest, body: RawBody) -> Answer {
    may_write(&caller)?;
    let input: CreateActivityTemplate = parse_body(&body.0)?;
    mutate(&app, &caller, &request, &body.0, "create_activity_template", move |tx, ctx| {
        templates::create(tx, ctx, &input)
    })
    .await
}

/// Fill in a template of activities
///
/// What an activity about these records would begin as. Its places are filled with what you may see; nothing is written.
#[utoipa::path(tag = "Activities", operation_id = "previewActivityTemplate", params(("id" = Uuid, Path, description = "The id.")), request_body = PreviewActivityTemplate, responses((status = 200, description = "The template, filled.", body = ActivityTemplatePreview)))]
#[post("/activity-templates/{id}/preview")]
async fn preview_activity_template(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<String>,
    body: JsonBody<PreviewActivityTemplate>,
) -> Answer {
    let (id, asked) = (path_id(&id)?, body.0);
    let work = move |db: &mut Db, ctx: &Context| preview::preview(db, ctx, id, &asked);
    read(&app, &caller, &request, "preview_activity_template", work).await
}

/// Read a template of activities
///
/// Its ETag is the version.
#[utoipa::path(tag = "Activities", operation_id = "getActivityTemplate", params(("id" = Uuid, Path, description = "The id.")), responses((status = 200, description = "The template.", body = ActivityTemplateView)))]
#[get("/activity-templates/{id}")]
async fn get_activity_template(app: Data<App>, caller: Caller, request: HttpRequest, id: Path<String>) -> Answer {
    let id = path_id(&id)?;
    read(&app, &caller, &request, "get_activity_template", move |db, ctx| templates::get(db, ctx, id)).await
}

/// Change a template of activities
///
/// A merge patch (RFC 7396). Moving one template moves the others along.
#[utoipa::path(tag = "Activities", operation_id = "updateActivityTemplate", params(("id" = Uuid, Path, description = "The id.")), request_body = UpdateActivityTemplate, responses((status = 200, description = "The template as it is now.", body = ActivityTemplateView)))]
#[patch("/activity-templates/{id}")]
async fn update_activity_template(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<String>,
    body: RawBody,
) -> Answer {
    may_write(&caller)?;
    let which = (path_id(&id)?, expected_version(&request, app.config.api.require_if_match)?);
    let patch: Value = parse_body(&body.0)?;
    mutate(&app, &caller, &request, &body.0, "update_activity_template", move |tx, ctx| {
        templates::update(tx, ctx, which, &patch)
    })
    .await
}

/// Delete a template of activities
///
/// What was made of it stays.
#[utoipa::path(tag = "Activities", operation_id = "deleteActivityTemplate", params(("id" = Uuid, Path, description = "The id.")), responses((status = 204, description = "It is gone.")))]
#[delete("/activity-templates/{id}")]
async fn delete_activity_template(app: Data<App>, caller: Caller, request: HttpRequest, id: Path<String>) -> Answer {
    may_write(&caller)?;
    let which = (path_id(&id)?, expected_version(&request, app.config.api.require_if_match)?);
    mutate(&app, &caller, &request, &[], "delete_activity_template", move |tx, ctx| templates::delete(tx, ctx, which))
        .await
}
