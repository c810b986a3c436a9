//! The endpoints of jobs.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::dto::{JobItemPage, JobItemParams, JobPage, JobParams, JobView};
use super::service::{self, AskedItems, AskedJobs};
use crate::auth::{Caller, Credential};
use crate::extract::Params;
use crate::problem::Problem;
use crate::records::mutate::{mutate, path_id};
use crate::router::Routes;
use crate::state::App;

type Answer = Result<HttpResponse, Problem>;

/// The endpoints.
pub fn routes(cfg: &mut Routes<'_>) {
    cfg.service(list_jobs).service(get_job).service(list_job_items).service(cancel_job);
}

/// List jobs
///
/// Yours, or everybody's with `all=true`, newest first. With an API key: those that were begun with it. They are kept for 30 days
/// after their end.
#[utoipa::path(tag = "Jobs", operation_id = "listJobs", params(JobParams), responses((status = 200, description = "A page of jobs.", body = JobPage)))]
#[get("/jobs")]
async fn list_jobs(app: Data<App>, credential: Credential, request: HttpRequest, params: Params<JobParams>) -> Answer {
    let asked = AskedJobs::read(&params.0, app.keys.mac("cursor", b"").to_vec())?;
    let work =
        move |db: &mut rapport_persistence::Db, ctx: &rapport_domain::context::Context| service::list(db, ctx, &asked);
    Ok(credential.read(&app, &request, "list_jobs", work).await?.respond(&request))
}

/// Read a job
///
/// How far it is, and how it ended.
#[utoipa::path(tag = "Jobs", operation_id = "getJob", params(("id" = Uuid, Path, description = "The id.")), responses((status = 200, description = "The job.", body = JobView)))]
#[get("/jobs/{id}")]
async fn get_job(app: Data<App>, credential: Credential, request: HttpRequest, id: Path<String>) -> Answer {
    let id = path_id(&id)?;
    Ok(credential.read(&app, &request, "get_job", move |db, ctx| service::get(db, ctx, id)).await?.respond(&request))
}

/// List what a job does
///
/// Item by item, in their order, with what became of each. Records that you do not see keep no name.
#[utoipa::path(tag = "Jobs", operation_id = "listJobItems", params(("id" = Uuid, Path, description = "The job."), JobItemParams), responses((status = 200, description = "A page of items.", body = JobItemPage)))]
#[get("/jobs/{id}/items")]
async fn list_job_items(
    app: Data<App>,
    credential: Credential,
    request: HttpRequest,
    id: Path<String>,
    params: Params<JobItemParams>,
) -> Answer {
    let id = path_id(&id)?;
    let asked = AskedItems::read(id, &params.0, app.keys.mac("cursor", b"").to_vec())?;
    let items = credential.read(&app, &request, "list_job_items", move |db, ctx| service::items(db, ctx, &asked));
    Ok(items.await?.respond(&request))
}

/// End a job
///
/// Before its next item: what has been done stays done. Whoever manages users can end everybody's. One that has ended stays as
/// it is.
#[utoipa::path(tag = "Jobs", operation_id = "cancelJob", params(("id" = Uuid, Path, description = "The id.")), responses((status = 200, description = "The job as it is now.", body = JobView)))]
#[post("/jobs/{id}/cancel")]
async fn cancel_job(app: Data<App>, caller: Caller, request: HttpRequest, id: Path<String>) -> Answer {
    let id = path_id(&id)?;
    mutate(&app, &caller, &request, &[], "cancel_job", move |tx, ctx| service::cancel(tx, ctx, id)).await
}
