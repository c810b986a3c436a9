//! The endpoints of assignment rules, and of what they gave.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};
use serde_json::Value;
use uuid::Uuid;

use rapport_domain::access::{Action, Subject};

use super::dry_run::{self, Asked};
use super::dto::{
    AssignmentDryRun, AssignmentDryRunRequest, AssignmentRuleList, AssignmentRuleView, AssignmentView,
    CreateAssignmentRule, LeadAssignment, UpdateAssignmentRule,
};
use super::{leads, rules};
use crate::auth::{Caller, Credential};
use crate::extract::{JsonBody, RawBody, parse_body};
use crate::problem::Problem;
use crate::records::mutate::{expected_version, mutate, path_id};
use crate::router::Routes;
use crate::state::App;

type Answer = Result<HttpResponse, Problem>;

/// The routes of rules.
pub fn routes(cfg: &mut Routes<'_>) {
    cfg.service(list_assignment_rules).service(create_assignment_rule).service(dry_run_assignment_rule);
    cfg.service(get_assignment_rule).service(update_assignment_rule).service(delete_assignment_rule);
}

/// The routes of what they gave, below those of leads.
pub fn lead_routes(cfg: &mut Routes<'_>) {
    cfg.service(get_lead_assignment).service(assign_lead_by_rule);
}

/// Rules say who works with whom: whoever may not change them does not see them either.
fn may_configure(caller: &Caller) -> Result<(), Problem> {
    caller.may(Action::Configure, Subject::Configuration).map(drop)
}

// ---------------------------------------------------------------- rules

/// List assignment rules
///
/// Every rule, in the order they are asked; few enough for one answer.
#[utoipa::path(tag = "Assignment", operation_id = "listAssignmentRules", responses((status = 200, description = "Every rule.", body = AssignmentRuleList)))]
#[get("/assignment-rules")]
async fn list_assignment_rules(app: Data<App>, caller: Caller, request: HttpRequest) -> Answer {
    may_configure(&caller)?;
    let ctx = caller.context();
    Ok(app.store.read("list_assignment_rules", move |db| rules::list(db, &ctx)).await?.respond(&request))
}

/// Create an assignment rule
///
/// Rules are asked in their order about a lead that a program sends without an owner. The first whose condition it fits and
/// that has somebody to give it to, gives it. Without a position the rule goes to the end; at most 100 are possible.
#[utoipa::path(tag = "Assignment", operation_id = "createAssignmentRule", request_body = CreateAssignmentRule, responses((status = 201, description = "The new rule.", body = AssignmentRuleView)))]
#[post("/assignment-rules")]
async fn create_assignment_rule(app: Data<App>, caller: Caller, request: HttpRequest, body: RawBody) -> Answer {
    may_configure(&caller)?;
    let input: CreateAssignmentRule = parse_body(&body.0)?;
    mutate(&app, &caller, &request, &body.0, "create_assignment_rule", move |tx, ctx| rules::create(tx, ctx, &input))
        .await
}

/// Try an assignment rule
///
/// Which rule the leads of the last days would have, with the rules as they are and with this one among them. Nothing is
/// written, and nobody is given anything.
#[utoipa::path(tag = "Assignment", operation_id = "dryRunAssignmentRule", request_body = AssignmentDryRunRequest,
    responses((status = 200, description = "What would be otherwise.", body = AssignmentDryRun)))]
#[post("/assignment-rules/dry-run")]
async fn dry_run_assignment_rule(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    body: JsonBody<AssignmentDryRunRequest>,
) -> Answer {
    may_configure(&caller)?;
    let (ctx, asked) = (caller.context(), Asked::read(body.0)?);
    let work = move |db: &mut rapport_persistence::Db| dry_run::dry_run(db, &ctx, &asked);
    Ok(app.store.read("dry_run_assignment_rule", work).await?.respond(&request))
}

/// Read an assignment rule
///
/// Its ETag is the version.
#[utoipa::path(tag = "Assignment", operation_id = "getAssignmentRule", params(("id" = Uuid, Path, description = "The id.")), responses((status = 200, description = "The rule.", body = AssignmentRuleView)))]
#[get("/assignment-rules/{id}")]
async fn get_assignment_rule(app: Data<App>, caller: Caller, request: HttpRequest, id: Path<Uuid>) -> Answer {
    may_configure(&caller)?;
    let ctx = caller.context();
    Ok(app.store.read("get_assignment_rule", move |db| rules::get(db, &ctx, *id)).await?.respond(&request))
}

/// Change an assignment rule
///
/// A merge patch (RFC 7396); a condition is replaced as a whole. Moving one rule moves the others along.
#[utoipa::path(tag = "Assignment", operation_id = "updateAssignmentRule", params(("id" = Uuid, Path, description = "The id.")), request_body = UpdateAssignmentRule, responses((status = 200, description = "The rule as it is now.", body = AssignmentRuleView)))]
#[patch("/assignment-rules/{id}")]
async fn update_assignment_rule(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<Uuid>,
    body: RawBody,
) -> Answer {
    may_configure(&caller)?;
    let expected = expected_version(&request, app.config.api.require_if_match)?;
    let patch: Value = parse_body(&body.0)?;
    mutate(&app, &caller, &request, &body.0, "update_assignment_rule", move |tx, ctx| {
        rules::update(tx, ctx, *id, expected, &patch)
    })
    .await
}

/// Delete an assignment rule
///
/// Leads stay with those it gave them to, and tell its name when asked why.
#[utoipa::path(tag = "Assignment", operation_id = "deleteAssignmentRule", params(("id" = Uuid, Path, description = "The id.")), responses((status = 204, description = "It is gone.")))]
#[delete("/assignment-rules/{id}")]
async fn delete_assignment_rule(app: Data<App>, caller: Caller, request: HttpRequest, id: Path<Uuid>) -> Answer {
    may_configure(&caller)?;
    let expected = expected_version(&request, app.config.api.require_if_match)?;
    mutate(&app, &caller, &request, &[], "delete_assignment_rule", move |tx, ctx| rules::delete(tx, ctx, *id, expected))
        .await
}

// ---------------------------------------------------------------- leads

/// Read why a lead has its owner
///
/// How the rules last gave it: which one did, which did not and why. `data` is null when they were never asked; somebody may
/// have given the lead away since.
#[utoipa::path(tag = "Assignment", operation_id = "getLeadAssignment", params(("id" = Uuid, Path, description = "The lead's id.")), responses((status = 200, description = "The last time.", body = LeadAssignment)))]
#[get("/leads/{id}/assignment")]
async fn get_lead_assignment(app: Data<App>, credential: Credential, request: HttpRequest, id: Path<String>) -> Answer {
    let id = path_id(&id)?;
    let work = move |db: &mut rapport_persistence::Db, ctx: &rapport_domain::context::Context| leads::why(db, ctx, id);
    Ok(credential.read(&app, &request, "get_lead_assignment", work).await?.respond(&request))
}

/// Assign a lead by rule
///
/// Asks the rules about a lead that is there, whoever owns it, for somebody who may give it away. When no rule gives it, its
/// owner stays. A converted lead is closed. The ETag is the lead's version.
#[utoipa::path(tag = "Assignment", operation_id = "assignLeadByRule", params(("id" = Uuid, Path, description = "The lead's id.")), responses((status = 200, description = "What the rules said.", body = AssignmentView)))]
#[post("/leads/{id}/assignment")]
async fn assign_lead_by_rule(app: Data<App>, caller: Caller, request: HttpRequest, id: Path<String>) -> Answer {
    let (id, expected) = (path_id(&id)?, expected_version(&request, false)?);
    mutate(&app, &caller, &request, &[], "assign_lead_by_rule", move |tx, ctx| leads::assign(tx, ctx, id, expected))
        .await
}
