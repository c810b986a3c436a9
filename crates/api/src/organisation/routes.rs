//! What an administrator sets for the whole organisation.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, patch};
use serde_json::Value;

use rapport_domain::access::{Action, Subject};
use rapport_domain::context::Context;
use rapport_persistence::Tx;
use rapport_persistence::settings::setting_put;

use super::dto::UpdateOrganisation;
use super::{ORGANISATION, Organisation, organisation};
use crate::auth::Caller;
use crate::configuration::{check_version, enter, merged};
use crate::extract::{RawBody, parse_body};
use crate::problem::Problem;
use crate::records::mutate::{expected_version, mutate};
use crate::records::reply::Reply;
use crate::router::Routes;
use crate::scoring::thresholds_changed;
use crate::state::App;

type Answer = Result<HttpResponse, Problem>;

/// The routes of this feature.
pub fn routes(cfg: &mut Routes<'_>) {
    cfg.service(get_organisation).service(update_organisation);
}

/// Read the organisation
///
/// Its name, its usual currency, language and time zone, and how soon new leads are to be answered. Its ETag is the version.
#[utoipa::path(tag = "Configuration", operation_id = "getOrganisation", responses((status = 200, description = "The organisation.", body = Organisation)))]
#[get("/organisation")]
async fn get_organisation(app: Data<App>, _caller: Caller, request: HttpRequest) -> Answer {
    Ok(app.store.read("get_organisation", |db| reply(&organisation(db)?)).await?.respond(&request))
}

/// Change the organisation
///
/// A merge patch (RFC 7396). Another `lead_response_hours` holds for leads that get their first owner from now on; by other
/// `lead_warm_from` and `lead_hot_from` all leads are rated anew in the background.
#[utoipa::path(tag = "Configuration", operation_id = "updateOrganisation", request_body = UpdateOrganisation, responses((status = 200, description = "The organisation as it is now.", body = Organisation)))]
#[patch("/organisation")]
async fn update_organisation(app: Data<App>, caller: Caller, request: HttpRequest, body: RawBody) -> Answer {
    caller.may(Action::Configure, Subject::Configuration)?;
    let expected = expected_version(&request, app.config.api.require_if_match)?;
    let patch: Value = parse_body(&body.0)?;
    mutate(&app, &caller, &request, &body.0, "update_organisation", move |tx, ctx| update(tx, ctx, expected, &patch))
        .await
}

fn update(tx: &mut Tx<'_>, ctx: &Context, expected: Option<i64>, patch: &Value) -> Result<Reply, Problem> {
    enter(tx, ctx)?;
    let before = organisation(tx)?;
    check_version(expected, before.version, &before)?;
    let fields = merged(&UpdateOrganisation::of(&before), patch)?;
    let mut after = Organisation { version: before.version, ..fields.read("/name", Some(&before.name))? };
    if after != before {
        after.version += 1;
        if (after.lead_warm_from, after.lead_hot_from) != (before.lead_warm_from, before.lead_hot_from) {
            thresholds_changed(tx)?;
        }
        setting_put(tx, ORGANISATION, &after)?;
    }
    reply(&after)
}

fn reply(organisation: &Organisation) -> Result<Reply, Problem> {
    Ok(Reply { version: Some(organisation.version), ..Reply::ok(organisation)? })
}
