//! The routes of configuration.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};
use serde_json::Value;
use uuid::Uuid;

use super::dto::{
    CreateLeadStatus, CreatePipeline, CreateSource, KeyReplacement, LeadStatusList, LeadStatusView, PipelineList,
    PipelineReplacement, PipelineView, SourceList, SourceView, StageInput, StageReplacement, StageView,
    UpdateLeadStatus, UpdatePipeline, UpdateSource,
};
use super::{pipelines, sources, stages, statuses};
use crate::auth::Caller;
use crate::extract::{Params, RawBody, parse_body};
use crate::problem::Problem;
use crate::records::mutate::{expected_version, mutate};
use crate::router::Routes;
use crate::state::App;
use rapport_domain::access::{Action, Subject};

type Answer = Result<HttpResponse, Problem>;

/// The routes of this feature.
pub fn routes(cfg: &mut Routes<'_>) {
    cfg.service(list_sources).service(create_source).service(get_source).service(update_source).service(delete_source);
    cfg.service(list_lead_statuses)
        .service(create_lead_status)
        .service(get_lead_status)
        .service(update_lead_status)
        .service(delete_lead_status);
    cfg.service(list_pipelines)
        .service(create_pipeline)
        .service(get_pipeline)
        .service(update_pipeline)
        .service(delete_pipeline);
    cfg.service(create_stage).service(get_stage).service(update_stage).service(delete_stage);
}

/// 403 before anything is read of the body.
fn may_configure(caller: &Caller) -> Result<(), Problem> {
    caller.may(Action::Configure, Subject::Configuration).map(drop)
}

fn expected(app: &App, request: &HttpRequest) -> Result<Option<i64>, Problem> {
    expected_version(request, app.config.api.require_if_match)
}

// ---------------------------------------------------------------- sources

/// List sources
///
/// Every source, in order; few enough for one answer.
#[utoipa::path(tag = "Configuration", operation_id = "listSources", responses((status = 200, description = "Every source.", body = SourceList)))]
#[get("/sources")]
async fn list_sources(app: Data<App>, caller: Caller, request: HttpRequest) -> Answer {
    let ctx = caller.context();
    Ok(app.store.read("list_sources", move |db| sources::list(db, &ctx)).await?.respond(&request))
}

/// Create a source
///
/// The key never changes. Without a position it goes to the end.
#[utoipa::path(tag = "Configuration", operation_id = "createSource", request_body = CreateSource, responses((status = 201, description = "The new source.", body = SourceView)))]
#[post("/sources")]
async fn create_source(app: Data<App>, caller: Caller, request: HttpRequest, body: RawBody) -> Answer {
    may_configure(&caller)?;
    let input: CreateSource = parse_body(&body.0)?;
    mutate(&app, &caller, &request, &body.0, "create_source", move |tx, ctx| sources::create(tx, ctx, &input)).await
}

/// Read a source
///
/// Its ETag is the version.
#[utoipa::path(tag = "Configuration", operation_id = "getSource", params(("key" = String, Path, description = "The key.", example = "website")), responses((status = 200, description = "The source.", body = SourceView)))]
#[get("/sources/{key}")]
async fn get_source(app: Data<App>, caller: Caller, request: HttpRequest, key: Path<String>) -> Answer {
    let ctx = caller.context();
    Ok(app.store.read("get_source", move |db| sources::get(db, &ctx, &key)).await?.respond(&request))
}

/// Change a source
///
/// A merge patch (RFC 7396). Moving one source moves the others along.
#[utoipa::path(tag = "Configuration", operation_id = "updateSource", params(("key" = String, Path, description = "The key.", example = "website")), request_body = UpdateSource, responses((status = 200, description = "The source as it is now.", body = SourceView)))]
#[patch("/sources/{key}")]
async fn update_source(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    key: Path<String>,
    body: RawBody,
) -> Answer {
    may_configure(&caller)?;
    let (expected, patch) = (expected(&app, &request)?, parse_body::<Value>(&body.0)?);
    mutate(&app, &caller, &request, &body.0, "update_source", move |tx, ctx| {
        sources::update(tx, ctx, &key, expected, &patch)
    })
    .await
}

/// Delete a source
///
/// While records have it, `replacement` names the source they get instead; otherwise it is refused with the counts.
#[utoipa::path(tag = "Configuration", operation_id = "deleteSource", params(("key" = String, Path, description = "The key.", example = "website"), KeyReplacement), responses((status = 204, description = "It is gone.")))]
#[delete("/sources/{key}")]
async fn delete_source(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    key: Path<String>,
    query: Params<KeyReplacement>,
) -> Answer {
    may_configure(&caller)?;
    let expected = expected(&app, &request)?;
    let work = move |tx: &mut rapport_persistence::Tx<'_>, ctx: &rapport_domain::context::Context| {
        sources::delete(tx, ctx, &key, expected, query.0.replacement.as_deref())
    };
    mutate(&app, &caller, &request, &[], "delete_source", work).await
}

// ---------------------------------------------------------------- lead statuses

/// List lead statuses
///
/// Every status, in order; few enough for one answer.
#[utoipa::path(tag = "Configuration", operation_id = "listLeadStatuses", responses((status = 200, description = "Every status.", body = LeadStatusList)))]
#[get("/lead-statuses")]
async fn list_lead_statuses(app: Data<App>, caller: Caller, request: HttpRequest) -> Answer {
    let ctx = caller.context();
    Ok(app.store.read("list_lead_statuses", move |db| statuses::list(db, &ctx)).await?.respond(&request))
}

/// Create a lead status
///
/// The logic goes by the category, whatever the status is called. The key never changes.
#[utoipa::path(tag = "Configuration", operation_id = "createLeadStatus", request_body = CreateLeadStatus, responses((status = 201, description = "The new status.", body = LeadStatusView)))]
#[post("/lead-statuses")]
async fn create_lead_status(app: Data<App>, caller: Caller, request: HttpRequest, body: RawBody) -> Answer {
    may_configure(&caller)?;
    let input: CreateLeadStatus = parse_body(&body.0)?;
    mutate(&app, &caller, &request, &body.0, "create_lead_status", move |tx, ctx| statuses::create(tx, ctx, &input))
        .await
}

/// Read a lead status
///
/// Its ETag is the version.
#[utoipa::path(tag = "Configuration", operation_id = "getLeadStatus", params(("key" = String, Path, description = "The key.", example = "working")), responses((status = 200, description = "The status.", body = LeadStatusView)))]
#[get("/lead-statuses/{key}")]
async fn get_lead_status(app: Data<App>, caller: Caller, request: HttpRequest, key: Path<String>) -> Answer {
    let ctx = caller.context();
    Ok(app.store.read("get_lead_status", move |db| statuses::get(db, &ctx, &key)).await?.respond(&request))
}

/// Change a lead status
///
/// A merge patch (RFC 7396). The category changes only while no lead has the status.
#[utoipa::path(tag = "Configuration", operation_id = "updateLeadStatus", params(("key" = String, Path, description = "The key.", example = "working")), request_body = UpdateLeadStatus, responses((status = 200, description = "The status as it is now.", body = LeadStatusView)))]
#[patch("/lead-statuses/{key}")]
async fn update_lead_status(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    key: Path<String>,
    body: RawBody,
) -> Answer {
    may_configure(&caller)?;
    let (expected, patch) = (expected(&app, &request)?, parse_body::<Value>(&body.0)?);
    mutate(&app, &caller, &request, &body.0, "update_lead_status", move |tx, ctx| {
        statuses::update(tx, ctx, &key, expected, &patch)
    })
    .await
}

/// Delete a lead status
///
/// While leads have it, `replacement` names the status of the same category that they get instead.
#[utoipa::path(tag = "Configuration", operation_id = "deleteLeadStatus", params(("key" = String, Path, description = "The key.", example = "working"), KeyReplacement), responses((status = 204, description = "It is gone.")))]
#[delete("/lead-statuses/{key}")]
async fn delete_lead_status(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    key: Path<String>,
    query: Params<KeyReplacement>,
) -> Answer {
    may_configure(&caller)?;
    let expected = expected(&app, &request)?;
    let work = move |tx: &mut rapport_persistence::Tx<'_>, ctx: &rapport_domain::context::Context| {
        statuses::delete(tx, ctx, &key, expected, query.0.replacement.as_deref())
    };
    mutate(&app, &caller, &request, &[], "delete_lead_status", work).await
}

// ---------------------------------------------------------------- pipelines

/// List pipelines
///
/// Every pipeline with its stages, in order; few enough for one answer.
#[utoipa::path(tag = "Configuration", operation_id = "listPipelines", responses((status = 200, description = "Every pipeline.", body = PipelineList)))]
#[get("/pipelines")]
async fn list_pipelines(app: Data<App>, caller: Caller, request: HttpRequest) -> Answer {
    let ctx = caller.context();
    Ok(app.store.read("list_pipelines", move |db| pipelines::list(db, &ctx)).await?.respond(&request))
}

/// Create a pipeline
///
/// With the stages told, among them an open, a won and a lost one, or else with the usual ones.
#[utoipa::path(tag = "Configuration", operation_id = "createPipeline", request_body = CreatePipeline, responses((status = 201, description = "The new pipeline.", body = PipelineView)))]
#[post("/pipelines")]
async fn create_pipeline(app: Data<App>, caller: Caller, request: HttpRequest, body: RawBody) -> Answer {
    may_configure(&caller)?;
    let input: CreatePipeline = parse_body(&body.0)?;
    mutate(&app, &caller, &request, &body.0, "create_pipeline", move |tx, ctx| pipelines::create(tx, ctx, &input)).await
}

/// Read a pipeline
///
/// With its stages. Its ETag is the version, which changes with every change of a stage too.
#[utoipa::path(tag = "Configuration", operation_id = "getPipeline", params(("id" = Uuid, Path, description = "The id.")), responses((status = 200, description = "The pipeline.", body = PipelineView)))]
#[get("/pipelines/{id}")]
async fn get_pipeline(app: Data<App>, caller: Caller, request: HttpRequest, id: Path<Uuid>) -> Answer {
    let ctx = caller.context();
    Ok(app.store.read("get_pipeline", move |db| pipelines::get(db, &ctx, *id)).await?.respond(&request))
}

/// Change a pipeline
///
/// A merge patch (RFC 7396). `"is_default": true` takes the mark from the pipeline that had it.
#[utoipa::path(tag = "Configuration", operation_id = "updatePipeline", params(("id" = Uuid, Path, description = "The id.")), request_body = UpdatePipeline, responses((status = 200, description = "The pipeline as it is now.", body = PipelineView)))]
#[patch("/pipelines/{id}")]
async fn update_pipeline(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<Uuid>,
    body: RawBody,
) -> Answer {
    may_configure(&caller)?;
    let (expected, patch) = (expected(&app, &request)?, parse_body::<Value>(&body.0)?);
    mutate(&app, &caller, &request, &body.0, "update_pipeline", move |tx, ctx| {
        pipelines::update(tx, ctx, *id, expected, &patch)
    })
    .await
}

/// Delete a pipeline
///
/// While opportunities stand in it, `replacement` and `stages` say where each of them goes. Who replaces the default
/// pipeline becomes the default.
#[utoipa::path(tag = "Configuration", operation_id = "deletePipeline", params(("id" = Uuid, Path, description = "The id."), PipelineReplacement), responses((status = 204, description = "It is gone.")))]
#[delete("/pipelines/{id}")]
async fn delete_pipeline(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<Uuid>,
    query: Params<PipelineReplacement>,
) -> Answer {
    may_configure(&caller)?;
    let expected = expected(&app, &request)?;
    mutate(&app, &caller, &request, &[], "delete_pipeline", move |tx, ctx| {
        pipelines::delete(tx, ctx, *id, expected, &query.0)
    })
    .await
}

// ---------------------------------------------------------------- stages

/// Create a stage
///
/// Without a position it goes to the end of its pipeline.
#[utoipa::path(tag = "Configuration", operation_id = "createStage", params(("id" = Uuid, Path, description = "The id of the pipeline.")), request_body = StageInput, responses((status = 201, description = "The new stage.", body = StageView)))]
#[post("/pipelines/{id}/stages")]
async fn create_stage(app: Data<App>, caller: Caller, request: HttpRequest, id: Path<Uuid>, body: RawBody) -> Answer {
    may_configure(&caller)?;
    let input: StageInput = parse_body(&body.0)?;
    mutate(&app, &caller, &request, &body.0, "create_stage", move |tx, ctx| stages::create(tx, ctx, *id, &input)).await
}

/// Read a stage
///
/// Its ETag is the version.
#[utoipa::path(tag = "Configuration", operation_id = "getStage", params(("id" = Uuid, Path, description = "The id of the pipeline."), ("stage_id" = Uuid, Path, description = "The id of the stage.")), responses((status = 200, description = "The stage.", body = StageView)))]
#[get("/pipelines/{id}/stages/{stage_id}")]
async fn get_stage(app: Data<App>, caller: Caller, request: HttpRequest, path: Path<(Uuid, Uuid)>) -> Answer {
    let ctx = caller.context();
    Ok(app.store.read("get_stage", move |db| stages::get(db, &ctx, path.0, path.1)).await?.respond(&request))
}

/// Change a stage
///
/// A merge patch (RFC 7396). The category changes only while no opportunity stands in the stage.
#[utoipa::path(tag = "Configuration", operation_id = "updateStage", params(("id" = Uuid, Path, description = "The id of the pipeline."), ("stage_id" = Uuid, Path, description = "The id of the stage.")), request_body = StageInput, responses((status = 200, description = "The stage as it is now.", body = StageView)))]
#[patch("/pipelines/{id}/stages/{stage_id}")]
async fn update_stage(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    path: Path<(Uuid, Uuid)>,
    body: RawBody,
) -> Answer {
    may_configure(&caller)?;
    let (expected, patch) = (expected(&app, &request)?, parse_body::<Value>(&body.0)?);
    mutate(&app, &caller, &request, &body.0, "update_stage", move |tx, ctx| {
        stages::update(tx, ctx, *path, expected, &patch)
    })
    .await
}

/// Delete a stage
///
/// While opportunities stand in it, `replacement` names the stage of the same category that they move to.
#[utoipa::path(tag = "Configuration", operation_id = "deleteStage", params(("id" = Uuid, Path, description = "The id of the pipeline."), ("stage_id" = Uuid, Path, description = "The id of the stage."), StageReplacement), responses((status = 204, description = "It is gone.")))]
#[delete("/pipelines/{id}/stages/{stage_id}")]
async fn delete_stage(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    path: Path<(Uuid, Uuid)>,
    query: Params<StageReplacement>,
) -> Answer {
    may_configure(&caller)?;
    let expected = expected(&app, &request)?;
    mutate(&app, &caller, &request, &[], "delete_stage", move |tx, ctx| {
        stages::delete(tx, ctx, *path, expected, query.0.replacement)
    })
    .await
}
