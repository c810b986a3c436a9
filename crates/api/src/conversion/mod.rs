//! Converting leads: preview, convert, undo.

mod candidates;
mod convert;
mod detail;
mod dto;
mod preview;
mod targets;
mod tasks;
mod undo;

use actix_web::{HttpRequest, HttpResponse, post, web};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

pub(crate) use convert::convert;
pub use dto::{ConversionPreview, ConversionRequest, ConversionResult};

use crate::auth::Caller;
use crate::extract::{RawBody, parse_body, validate};
use crate::leads::LeadView;
use crate::problem::Problem;
use crate::records::mutate::{expected_version, mutate, path_id};
use crate::records::reply::Reply;
use crate::state::App;

/// The endpoints.
pub fn routes(cfg: &mut ServiceConfig) {
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
