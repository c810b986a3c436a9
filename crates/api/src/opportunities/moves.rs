//! Moving a deal: to another stage, to another place on the board, and how it moved before.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use rapport_domain::access::Action;
use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_domain::opportunity::Moved;
use rapport_persistence::opportunities::{OpportunityBody, StageMoveRow, stage_move_insert, stage_moves_of};
use rapport_persistence::record::Record;
use rapport_persistence::types::{Id, Instant};
use rapport_persistence::{StoreError, Tx};

use super::dto::StageRef;
use super::position::{
    closed_day, facts_of, filled, named_stage, position_of, present_stage, rank_next_to, refused, store, top_rank,
};
use super::{CreateOpportunity, Opportunities, OpportunityView};
use crate::auth::Caller;
use crate::extract::{RawBody, parse_body, validate};
use crate::problem::{Code, Problem};
use crate::records::fields::Faults;
use crate::records::mutate::{expected_version, mutate, path_id};
use crate::records::references::Wanted;
use crate::records::reply::Reply;
use crate::records::view::{NamedRef, named};
use crate::records::{RecordType as _, list, patch, write};
use crate::state::App;

/// Where a deal is to go.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct MoveOpportunity {
    /// The stage; of the same pipeline.
    pub stage_id: Uuid,
    /// The card it is to stand below.
    #[serde(default)]
    pub after_id: Option<Uuid>,
    /// The card it is to stand above.
    #[serde(default)]
    pub before_id: Option<Uuid>,
    /// Why it was lost; needed for a lost stage.
    #[serde(default)]
    #[schema(pattern = "^(price|competitor|no_budget|no_decision|timing|lost_contact|other)$", example = "price")]
    pub lost_reason: Option<String>,
    /// More about it.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub lost_note: Option<String>,
    /// Why it is reopened; needed to leave a won, lost or void stage.
    #[serde(default)]
    #[validate(length(max = 500))]
    #[schema(max_length = 500)]
    pub reason: Option<String>,
    /// Writable fields to set on the way, such as those the stage requires.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub fields: Option<Value>,
}

/// Move an opportunity
///
/// To a stage of its pipeline, and to a place among the cards there. Won makes the customer active; lost needs a reason;
/// reopening needs one too. What the stage requires is checked: the problem `stage_requirements` lists what is missing.
#[utoipa::path(tag = "Opportunities", operation_id = "moveOpportunity", params(("id" = Uuid, Path, description = "The opportunity's id.")),
    request_body = MoveOpportunity, responses((status = 200, description = "Moved.", body = OpportunityView)))]
#[post("/opportunities/{id}/move")]
pub(super) async fn move_opportunity(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: web::Path<String>,
    body: RawBody,
) -> Result<HttpResponse, Problem> {
    let (id, asked): (Uuid, MoveOpportunity) = (path_id(&id)?, parse_body(&body.0)?);
    validate(&asked)?;
    let expected = expected_version(&request, false)?;
    mutate(&app, &caller, &request, &body.0, "move_opportunity", move |tx, ctx| {
        let record = move_deal(tx, ctx, id, expected, &asked)?;
        Ok(Reply::ok(&list::view::<Opportunities>(tx, &record, ctx)?)?.record(id, record.head.version))
    })
    .await
}

/// Moves a deal, with a line in its history when the stage is another one.
///
/// # Errors
/// 403, 404, 412, and what the domain refuses.
pub(crate) fn move_deal(
    tx: &mut Tx<'_>,
    ctx: &Context,
    id: Uuid,
    expected: Option<i64>,
    asked: &MoveOpportunity,
) -> Result<Record<OpportunityBody>, Problem> {
    let before = write::find::<Opportunities>(tx, ctx, id)?;
    let permit = write::permit::<Opportunities>(ctx, Action::Edit, &before)?;
    write::check_version::<Opportunities>(tx, ctx, &before, expected)?;
    present_stage(tx, &before.body)?;
    let mut record = with_fields(tx, ctx, &before, asked.fields.as_ref())?;
    let moved = place(tx, ctx, &mut record, asked)?;
    let record = write::save::<Opportunities>(tx, ctx, &permit, &before, record, "move")?;
    if let Some(row) = moved.history.map(|history| history_row(ctx, &record, &history, asked.reason.as_deref())) {
        stage_move_insert(tx, &row).map_err(StoreError::from)?;
    }
    Ok(record)
}

/// The deal with the fields that came along; faults point below `/fields`.
fn with_fields(
    tx: &mut Tx<'_>,
    ctx: &Context,
    before: &Record<OpportunityBody>,
    fields: Option<&Value>,
) -> Result<Record<OpportunityBody>, Problem> {
    let mut record = before.clone();
    let Some(fields) = fields.filter(|fields| !fields.is_null()) else { return Ok(record) };
    let below = |problem: Problem| problem.below("/fields");
    let input: CreateOpportunity = patch::merged::<Opportunities>(before, fields).map_err(below)?;
    Opportunities::prepare(tx, ctx, &mut record, &input, Some(before)).map_err(below)?;
    Ok(record)
}

/// Moves the deal to its stage and its place there.
fn place(
    tx: &mut Tx<'_>,
    ctx: &Context,
    record: &mut Record<OpportunityBody>,
    asked: &MoveOpportunity,
) -> Result<Moved, Problem> {
    let stage = named_stage(tx, asked.stage_id)?;
    let mut faults = Faults::default();
    let mut facts = facts_of(&mut faults, ctx, asked.lost_reason.as_deref(), asked.lost_note.as_deref(), None);
    faults.finish()?;
    facts.reopen_reason.clone_from(&asked.reason);
    let moved = position_of(&record.body)
        .move_to(&stage, facts, &filled(record), ctx.now)
        .map_err(|error| refused(error, "/fields"))?;
    let is_new_stage = moved.history.is_some();
    store(record, &moved.position, &stage);
    let typed = record.body.profile.0.closed_on.filter(|_| !is_new_stage);
    record.body.profile.0.closed_on = closed_day(ctx, &record.body, typed);
    record.body.board_rank = match (asked.after_id, asked.before_id) {
        (Some(above), _) => {
            let rank = neighbour(tx, ctx, above, stage.id, "/after_id")?;
            rank_next_to(tx, stage.id, &rank, true)?
        }
        (None, Some(below)) => {
            let rank = neighbour(tx, ctx, below, stage.id, "/before_id")?;
            rank_next_to(tx, stage.id, &rank, false)?
        }
        (None, None) if is_new_stage => top_rank(tx, stage.id)?,
        (None, None) => record.body.board_rank.clone(),
    };
    Ok(moved)
}

fn neighbour(tx: &mut Tx<'_>, ctx: &Context, id: Uuid, stage: Uuid, pointer: &str) -> Result<String, Problem> {
    let unknown = || Problem::validation().at(pointer, Code::NotFound);
    match write::find::<Opportunities>(tx, ctx, id) {
        Ok(card) if card.body.stage_id.0 == stage => Ok(card.body.board_rank),
        Ok(_) => Err(unknown()),
        Err(problem) if problem.code() == Code::NotFound => Err(unknown()),
        Err(problem) => Err(problem),
    }
}

fn history_row(
    ctx: &Context,
    record: &Record<OpportunityBody>,
    moved: &rapport_domain::opportunity::StageMove,
    reason: Option<&str>,
) -> StageMoveRow {
    StageMoveRow {
        id: Id(ctx.next_id()),
        opportunity_id: record.head.id,
        from_stage_id: Some(Id(moved.from)),
        to_stage_id: Id(moved.to),
        seconds_in_from: moved.seconds,
        reason: reason.map(str::trim).filter(|reason| !reason.is_empty()).map(str::to_owned),
        moved_at: Instant(ctx.now),
        moved_by: ctx.actor.user().map(Id),
    }
}

/// One move between stages.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct StageMoveView {
    /// The move's id.
    pub id: Uuid,
    /// From where; null for the beginning.
    pub from_stage: Option<StageRef>,
    /// To where.
    pub to_stage: Option<StageRef>,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: Option<NamedRef>,
    /// How long the deal stood in the stage it left, in seconds.
    pub seconds_in_from: i64,
    /// Why.
    pub reason: Option<String>,
}

/// Every move, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct StageMovePage {
    /// The moves.
    pub data: Vec<StageMoveView>,
}

/// The stages an opportunity has been in
///
/// Every move, newest first, with the time spent.
#[utoipa::path(tag = "Opportunities", operation_id = "listOpportunityStages", params(("id" = Uuid, Path, description = "The opportunity's id.")),
    responses((status = 200, description = "The moves.", body = StageMovePage)))]
#[get("/opportunities/{id}/stages")]
pub(super) async fn list_opportunity_stages(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let (ctx, id) = (caller.context(), path_id(&id)?);
    let work = move |db: &mut rapport_persistence::Db| {
        write::find_any::<Opportunities>(db, &ctx, id)?;
        let rows = stage_moves_of(db, id).map_err(StoreError::from)?;
        let mut wanted = Wanted::default();
        wanted.stages();
        rows.iter().for_each(|row| wanted.name(RecordKind::User, row.moved_by.map(Into::into)));
        let known = wanted.load(db)?;
        let stage = |id: Option<Id>| id.and_then(|id| known.stage(id.0)).map(|row| StageRef::of(row, &ctx));
        let data = rows
            .into_iter()
            .map(|row| StageMoveView {
                id: row.id.0,
                from_stage: stage(row.from_stage_id),
                to_stage: stage(Some(row.to_stage_id)),
                at: row.moved_at.0,
                by: named(row.moved_by.map(Into::into), &known),
                seconds_in_from: row.seconds_in_from,
                reason: row.reason,
            })
            .collect();
        Reply::ok(&StageMovePage { data })
    };
    Ok(app.store.read("list_stages", work).await?.respond(&request))
}
