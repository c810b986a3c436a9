//! Converting leads: preview, convert, undo.

mod candidates;
mod convert;
mod detail;
mod dto;
mod many;
mod plan;
mod preview;
mod targets;
mod tasks;
mod undo;

use actix_web::{HttpRequest, HttpResponse, post, web};
use uuid::Uuid;

use rapport_domain::access::{Action, Subject};

pub(crate) use convert::convert;
pub use dto::{ConversionPreview, ConversionRequest, ConversionResult};
pub(crate) use many::ConvertLeads;
pub use plan::{ConversionPlan, ConvertLeadsRequest};

use crate::auth::Caller;
use crate::extract::{RawBody, parse_body, validate};
use crate::jobs::{self, JobView};
use crate::leads::LeadView;
use crate::problem::Problem;
use crate::records::mutate::{expected_version, mutate, path_id};
use crate::records::reply::Reply;
use crate::router::Routes;
use crate::state::App;

/// The endpoints.
pub fn routes(cfg: &mut Routes<'_>) {
    cfg.service(convert_leads);
    cfg.service(preview_lead_conversion);
    cfg.service(convert_lead);
    cfg.service(undo_lead_conversion);
}

/// Preview a conversion
///
/// Who might be here already, what would be created, what is missing, and where linked records say otherwise.
#[utoipa::path(tag = "Conversion", operation_id = "previewLeadConversion", params(("id" = Uuid, Path, description = "The lead's id.")),
    request_body = ConversionRequest, responses((status = 200, description = "What would happen.", body = ConversionPreview)))]
#[post("/leads/{id}/conversion/preview")]
async fn preview_lead_conversion(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: web::Path<String>,
    body: RawBody,
) -> Result<HttpResponse, Problem> {
    let (id, asked): (Uuid, ConversionRequest) = (path_id(&id)?, parse_body(&body.0)?);
    validate(&asked)?;
    let ctx = caller.context();
    let reply =
        app.store.read("preview_conversion", move |db| Reply::ok(&preview::preview(db, &ctx, id, &asked)?)).await?;
    Ok(reply.respond(&request))
}

/// Convert a lead
///
/// Into a customer, a contact and an opportunity, each created, linked or left out; all in one transaction. A lead is
/// converted once, however many requests arrive.
#[utoipa::path(tag = "Conversion", operation_id = "convertLead", params(("id" = Uuid, Path, description = "The lead's id.")),
    request_body = ConversionRequest, responses((status = 201, description = "Converted.", body = ConversionResult)))]
#[post("/leads/{id}/conversion")]
async fn convert_lead(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: web::Path<String>,
    body: RawBody,
) -> Result<HttpResponse, Problem> {
    let (id, asked): (Uuid, ConversionRequest) = (path_id(&id)?, parse_body(&body.0)?);
    validate(&asked)?;
    let expected = expected_version(&request, false)?;
    mutate(&app, &caller, &request, &body.0, "convert_lead", move |tx, ctx| {
        convert::convert(tx, ctx, id, expected, &asked)
    })
    .await
}

/// Convert many leads
///
/// By one plan, one after the other, as a job that goes on after this answer: `GET /jobs/{id}` tells how far it is, and
/// `GET /jobs/{id}/items` what became of each. Each lead is converted as by itself, wholly or not at all, with the rights that
/// you have when its turn comes. Which leads they are is settled now: those of `ids`, or those that `filter` and `q` find, as
/// far as you may convert them; `left_out` counts the others. Each conversion can be undone by itself. At most 3 of your jobs
/// can be under way.
#[utoipa::path(tag = "Conversion", operation_id = "convertLeads", request_body = ConvertLeadsRequest,
    responses((status = 202, description = "The job, which waits for its turn.", body = JobView)))]
#[post("/leads/conversions")]
async fn convert_leads(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    body: RawBody,
) -> Result<HttpResponse, Problem> {
    let asked: ConvertLeadsRequest = parse_body(&body.0)?;
    caller.may(Action::Convert, Subject::Lead)?;
    let ctx = caller.context();
    let read = app.store.read("leads_to_convert", move |db| many::draft(db, &ctx, &asked)).await;
    let draft = match read {
        Err(problem) if problem.status().is_server_error() => return Err(problem),
        // Whoever repeats a request that has been answered gets that answer, also when there is nothing left to convert.
        draft => draft,
    };
    let answer = mutate(&app, &caller, &request, &body.0, "convert_leads", move |tx, ctx| {
        jobs::begin(tx, ctx, draft.as_ref().map_err(Clone::clone)?)
    })
    .await?;
    app.jobs.ring();
    Ok(answer)
}

/// Undo a conversion
///
/// Within 14 days, unless others have changed what was created or something depends on it. Created records go to the trash,
/// linked records get their old values back, the lead reopens.
#[utoipa::path(tag = "Conversion", operation_id = "undoLeadConversion", params(("id" = Uuid, Path, description = "The lead's id.")),
    responses((status = 200, description = "The reopened lead.", body = LeadView)))]
#[post("/leads/{id}/conversion/undo")]
async fn undo_lead_conversion(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = path_id(&id)?;
    mutate(&app, &caller, &request, &[], "undo_conversion", move |tx, ctx| undo::undo(tx, ctx, id)).await
}
