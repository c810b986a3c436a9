//! The endpoints of scoring rules, and of the points of leads.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};
use serde_json::Value;
use uuid::Uuid;

use rapport_domain::access::{Action, Subject};

use super::dry_run::{self, Asked};
use super::dto::{
    CreateScoringRule, LeadScore, ScoringDryRun, ScoringDryRunRequest, ScoringRuleList, ScoringRuleView,
    UpdateScoringRule,
};
use super::{rules, why};
use crate::auth::{Caller, Credential};
use crate::extract::{JsonBody, RawBody, parse_body};
use crate::problem::Problem;
use crate::records::mutate::{expected_version, mutate, path_id};
use crate::router::Routes;
use crate::state::App;

type Answer = Result<HttpResponse, Problem>;

/// The routes of rules.
pub fn routes(cfg: &mut Routes<'_>) {
    cfg.service(list_scoring_rules).service(create_scoring_rule).service(dry_run_scoring_rule);
    cfg.service(get_scoring_rule).service(update_scoring_rule).service(delete_scoring_rule);
}

/// The route of a lead's points, below those of leads.
pub fn lead_routes(cfg: &mut Routes<'_>) {
    cfg.service(get_lead_score);
}

/// Whoever sees a lead sees what its points are for; all rules are for those who may change them.
fn may_configure(caller: &Caller) -> Result<(), Problem> {
    caller.may(Action::Configure, Subject::Configuration).map(drop)
}

// ---------------------------------------------------------------- rules

/// List scoring rules
///
/// Every rule, in the order they were made; few enough for one answer.
#[utoipa::path(tag = "Scoring", operation_id = "listScoringRules", responses((status = 200, description = "Every rule.", body = ScoringRuleList)))]
#[get("/scoring-rules")]
async fn list_scoring_rules(app: Data<App>, caller: Caller, request: HttpRequest) -> Answer {
    may_configure(&caller)?;
    Ok(app.store.read("list_scoring_rules", rules::list).await?.respond(&request))
}

/// Create a scoring rule
///
/// Leads that are neither converted nor in the trash are scored by it: whatever is written from now on in the same moment, all
/// others in the background. At most 100 rules are possible.
#[utoipa::path(tag = "Scoring", operation_id = "createScoringRule", request_body = CreateScoringRule, responses((status = 201, description = "The new rule.", body = ScoringRuleView)))]
#[post("/scoring-rules")]
async fn create_scoring_rule(app: Data<App>, caller: Caller, request: HttpRequest, body: RawBody) -> Answer {
    may_configure(&caller)?;
    let input: CreateScoringRule = parse_body(&body.0)?;
    mutate(&app, &caller, &request, &body.0, "create_scoring_rule", move |tx, ctx| rules::create(tx, ctx, &input)).await
}

/// Try a scoring rule
///
/// How many points the newest leads would have, and how warm they would be, with the rules as they are and with this one among
/// them. Nothing is written.
#[utoipa::path(tag = "Scoring", operation_id = "dryRunScoringRule", request_body = ScoringDryRunRequest,
    responses((status = 200, description = "What would be otherwise.", body = ScoringDryRun)))]
#[post("/scoring-rules/dry-run")]
async fn dry_run_scoring_rule(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    body: JsonBody<ScoringDryRunRequest>,
) -> Answer {
    may_configure(&caller)?;
    let (ctx, asked) = (caller.context(), Asked::read(body.0)?);
    let work = move |db: &mut rapport_persistence::Db| dry_run::dry_run(db, &ctx, &asked);
    Ok(app.store.read("dry_run_scoring_rule", work).await?.respond(&request))
}

/// Read a scoring rule
///
/// Its ETag is the version.
#[utoipa::path(tag = "Scoring", operation_id = "getScoringRule", params(("id" = Uuid, Path, description = "The id.")), responses((status = 200, description = "The rule.", body = ScoringRuleView)))]
#[get("/scoring-rules/{id}")]
async fn get_scoring_rule(app: Data<App>, caller: Caller, request: HttpRequest, id: Path<Uuid>) -> Answer {
    may_configure(&caller)?;
    Ok(app.store.read("get_scoring_rule", move |db| rules::get(db, *id)).await?.respond(&request))
}

/// Change a scoring rule
///
/// A merge patch (RFC 7396); a condition or a behaviour is replaced as a whole. All leads are scored anew in the background.
#[utoipa::path(tag = "Scoring", operation_id = "updateScoringRule", params(("id" = Uuid, Path, description = "The id.")), request_body = UpdateScoringRule, responses((status = 200, description = "The rule as it is now.", body = ScoringRuleView)))]
#[patch("/scoring-rules/{id}")]
async fn update_scoring_rule(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<Uuid>,
    body: RawBody,
) -> Answer {
    may_configure(&caller)?;
    let expected = expected_version(&request, app.config.api.require_if_match)?;
    let patch: Value = parse_body(&body.0)?;
    mutate(&app, &caller, &request, &body.0, "update_scoring_rule", move |tx, ctx| {
        rules::update(tx, ctx, *id, expected, &patch)
    })
    .await
}

/// Delete a scoring rule
///
/// Leads lose the points that it gave, in the background.
#[utoipa::path(tag = "Scoring", operation_id = "deleteScoringRule", params(("id" = Uuid, Path, description = "The id.")), responses((status = 204, description = "It is gone.")))]
#[delete("/scoring-rules/{id}")]
async fn delete_scoring_rule(app: Data<App>, caller: Caller, request: HttpRequest, id: Path<Uuid>) -> Answer {
    may_configure(&caller)?;
    let expected = expected_version(&request, app.config.api.require_if_match)?;
    mutate(&app, &caller, &request, &[], "delete_scoring_rule", move |tx, ctx| rules::delete(tx, ctx, *id, expected))
        .await
}

// ---------------------------------------------------------------- leads

/// Read why a lead has its points
///
/// Rule by rule, added up at this moment: the reasons' points are its score. Of its activities the 200 latest are looked at. A
/// converted lead keeps the points it had.
#[utoipa::path(tag = "Scoring", operation_id = "getLeadScore", params(("id" = Uuid, Path, description = "The lead's id.")), responses((status = 200, description = "Its points.", body = LeadScore)))]
#[get("/leads/{id}/score")]
async fn get_lead_score(app: Data<App>, credential: Credential, request: HttpRequest, id: Path<String>) -> Answer {
    let id = path_id(&id)?;
    let work = move |db: &mut rapport_persistence::Db, ctx: &rapport_domain::context::Context| why::why(db, ctx, id);
    Ok(credential.read(&app, &request, "get_lead_score", work).await?.respond(&request))
}
