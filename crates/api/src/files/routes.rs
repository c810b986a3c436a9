//! The endpoints of files.

use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse, delete, get, post};

use rapport_domain::access::{Action, Subject};

use super::dto::{FileBytes, FileView, UploadParams};
use super::upload::Upload;
use super::{download, service};
use crate::auth::{Caller, Credential};
use crate::extract::Params;
use crate::problem::Problem;
use crate::records::mutate::{mutate, path_id};
use crate::router::Routes;
use crate::state::App;

type Answer = Result<HttpResponse, Problem>;

/// The endpoints.
pub fn routes(cfg: &mut Routes<'_>) {
    cfg.service(upload_file).service(get_file_content).service(get_file).service(delete_file);
}

/// Send a file
///
/// Its bytes are the body, as they are. It is yours alone until you attach it to an activity, and gone after 24 hours
/// otherwise. What it is, its bytes say: programs are refused, and so is what is something else than its name or you say. A file
/// has at most 25 MiB, and all files of the organisation together 5 GiB, unless it is configured otherwise.
#[utoipa::path(tag = "Files", operation_id = "uploadFile", params(UploadParams),
    request_body(content = FileBytes, content_type = "application/octet-stream", description = "The bytes of the file."),
    responses((status = 201, description = "The file.", body = FileView)))]
#[post("/files")]
async fn upload_file(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    said: Params<UploadParams>,
    payload: Payload,
) -> Answer {
    caller.may(Action::Create, Subject::Activity)?;
    let _seat = app.uploads.take(caller.id())?;
    let mut upload = Upload::begin(&app, &request, said.0)?;
    let good = upload.receive(payload).await?;
    let quota = app.config.files.quota_bytes;
    let sum = good.arrived.sha256.clone();
    mutate(&app, &caller, &request, sum.as_bytes(), "upload_file", move |tx, ctx| service::keep(tx, ctx, &good, quota))
        .await
}

/// Read what is known of a file
///
/// Of one of an activity that you may see, or of one that you have sent and not attached yet.
#[utoipa::path(tag = "Files", operation_id = "getFile", params(("id" = Uuid, Path, description = "The id.")), responses((status = 200, description = "The file.", body = FileView)))]
#[get("/files/{id}")]
async fn get_file(app: Data<App>, credential: Credential, request: HttpRequest, id: Path<String>) -> Answer {
    let id = path_id(&id)?;
    let work =
        move |db: &mut rapport_persistence::Db, ctx: &rapport_domain::context::Context| service::get(db, ctx, id);
    Ok(credential.read(&app, &request, "get_file", work).await?.respond(&request))
}

/// Fetch a file
///
/// Its bytes, to be kept and not to be shown (`Content-Disposition: attachment`). A part of them is answered to `Range`; the
/// ETag is their SHA-256.
#[utoipa::path(tag = "Files", operation_id = "getFileContent", params(
    ("id" = Uuid, Path, description = "The id."),
    ("Range" = Option<String>, Header, description = "The bytes that are wanted: `bytes=0-1023`. Anything that is not one range of bytes is answered with all of them.")),
    responses(
        (status = 200, description = "The bytes, of the type that they have.", content_type = "*/*", body = FileBytes),
        (status = 206, description = "Those that are wanted.", content_type = "*/*", body = FileBytes),
        (status = 304, description = "They are those that the caller has."),
        (status = 416, description = "It does not have these bytes; `Content-Range` says how many it has.", content_type = "application/problem+json", body = crate::problem::ProblemView)))]
#[get("/files/{id}/content")]
async fn get_file_content(app: Data<App>, credential: Credential, request: HttpRequest, id: Path<String>) -> Answer {
    let id = path_id(&id)?;
    let work =
        move |db: &mut rapport_persistence::Db, ctx: &rapport_domain::context::Context| service::find(db, ctx, id);
    let file = credential.read(&app, &request, "get_file_content", work).await?;
    download::answer(&request, &app.store, &file)
}

/// Throw a file away
///
/// One that you have sent and not attached. What is attached is taken out of its activity.
#[utoipa::path(tag = "Files", operation_id = "deleteFile", params(("id" = Uuid, Path, description = "The id.")), responses((status = 204, description = "It is gone.")))]
#[delete("/files/{id}")]
async fn delete_file(app: Data<App>, caller: Caller, request: HttpRequest, id: Path<String>) -> Answer {
    caller.may(Action::Create, Subject::Activity)?;
    let id = path_id(&id)?;
    mutate(&app, &caller, &request, &[], "delete_file", move |tx, ctx| service::delete(tx, ctx, id)).await
}
