//! Where a deal stands: between the row, the stages that are configured and the domain's rules.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone as _, Utc};
use uuid::Uuid;

use rapport_domain::context::Context;
use rapport_domain::conversion::is_blank;
use rapport_domain::opportunity::{
    LostReason, MoveError, MoveFacts, Position, StageCategory, StageDef, StaleTimes, effective_probability,
    rank_between,
};
use rapport_persistence::opportunities::{OpportunityBody, rank_beside, rank_first};
use rapport_persistence::pipelines::{StageRow, pipeline_default, pipeline_find, stage_hold, stage_hold_first};
use rapport_persistence::record::Record;
use rapport_persistence::types::{Id, Instant};
use rapport_persistence::{StoreError, Tx};

use super::{CreateOpportunity, Opportunities};
use crate::problem::{Code, FieldError, Problem};
use crate::records::fields::Faults;
use crate::records::patch::facts;

/// A stage as the domain sees it.
pub(super) fn stage_def(row: &StageRow) -> StageDef {
    let days = |days: Option<i32>| days.and_then(|days| u16::try_from(days).ok());
    StageDef {
        id: row.id.0,
        pipeline_id: row.pipeline_id.0,
        category: StageCategory::parse(&row.category).unwrap_or(StageCategory::Open),
        probability: u8::try_from(row.probability).unwrap_or(0).min(100),
        position: row.position,
        required_fields: row.required_fields.0.clone(),
        expected_days: days(row.expected_days),
        warning_days: days(row.warning_days),
    }
}

/// Where a deal stands.
pub(super) fn position_of(body: &OpportunityBody) -> Position {
    let profile = &body.profile.0;
    Position {
        pipeline_id: body.pipeline_id.0,
        stage_id: body.stage_id.0,
        category: StageCategory::parse(&body.category).unwrap_or(StageCategory::Open),
        last_open_stage_id: profile.last_open_stage_id,
        stage_entered_at: body.stage_entered_at.0,
        closed_at: body.closed_at.map(Into::into),
        probability: profile.typed_probability.and_then(|typed| u8::try_from(typed).ok()),
        lost_reason: profile.lost_reason.as_deref().and_then(LostReason::parse),
        lost_note: profile.lost_note.clone(),
    }
}

/// Stores where a deal stands.
pub(super) fn store(record: &mut Record<OpportunityBody>, position: &Position, stage: &StageDef) {
    let last_activity = record.head.last_activity_at.map(Into::into);
    let body = &mut record.body;
    body.pipeline_id = Id(position.pipeline_id);
    body.stage_id = Id(position.stage_id);
    position.category.as_str().clone_into(&mut body.category);
    body.stage_entered_at = Instant(position.stage_entered_at);
    body.closed_at = position.closed_at.map(Instant);
    let profile = &mut body.profile.0;
    profile.last_open_stage_id = position.last_open_stage_id;
    profile.lost_reason = position.lost_reason.map(|reason| reason.as_str().to_owned());
    profile.lost_note.clone_from(&position.lost_note);
    let typed = profile.typed_probability.and_then(|typed| u8::try_from(typed).ok());
    body.probability = i32::from(effective_probability(position.category, stage.probability, typed));
    put_times(body, StaleTimes::of(stage, position.stage_entered_at, last_activity));
}

/// Notes when a deal becomes stale: to be written with a new one, to be shown of any other, in whose row this is
/// `stale_times_keep`'s to write.
fn put_times(body: &mut OpportunityBody, times: StaleTimes) {
    (body.warn_at, body.stale_at) = (times.warn_at.map(Instant), times.stale_at.map(Instant));
}

/// Notes when a new deal becomes stale, about which nothing was done yet.
pub(crate) fn put_first_times(body: &mut OpportunityBody, stage: &StageRow) {
    put_times(body, StaleTimes::of(&stage_def(stage), body.stage_entered_at.0, None));
}

/// When a deal becomes stale, as it is stored.
pub(super) fn times_of(body: &OpportunityBody) -> StaleTimes {
    StaleTimes { warn_at: body.warn_at.map(Into::into), stale_at: body.stale_at.map(Into::into) }
}

/// A stage that a request names, held.
///
/// # Errors
/// 422 at `/stage_id`.
pub(super) fn named_stage(tx: &mut Tx<'_>, id: Uuid) -> Result<StageDef, Problem> {
    held(tx, id)?.ok_or_else(|| Problem::validation().at("/stage_id", Code::NotFound))
}

/// The stage that a deal stands in, held: also one that it leaves, since a closed deal remembers it.
///
/// # Errors
/// When another stage has taken its place since the deal was read, the transaction runs again.
pub(super) fn present_stage(tx: &mut Tx<'_>, body: &OpportunityBody) -> Result<StageDef, Problem> {
    held(tx, body.stage_id.0)?.ok_or_else(|| StoreError::Retry.into())
}

fn held(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<StageDef>, Problem> {
    Ok(stage_hold(tx, id)?.map(|row| stage_def(&row)))
}

/// What an input says about closing.
pub(super) fn facts_of(
    faults: &mut Faults,
    ctx: &Context,
    reason: Option<&str>,
    note: Option<&str>,
    closed_on: Option<NaiveDate>,
) -> MoveFacts {
    MoveFacts {
        lost_reason: faults.word("/lost_reason", reason, LostReason::parse),
        lost_note: faults.prose("/lost_note", note, 1_000),
        reopen_reason: None,
        closed_at: closed_on.and_then(|day| start_of_day(ctx, day)),
    }
}

/// The first instant of a day where the caller is.
fn start_of_day(ctx: &Context, day: NaiveDate) -> Option<DateTime<Utc>> {
    let midnight = day.and_time(NaiveTime::MIN);
    let local = ctx.zone.from_local_datetime(&midnight).earliest();
    Some(local.map_or_else(|| Utc.from_utc_datetime(&midnight), |local| local.with_timezone(&Utc)))
}

/// The domain's refusal, in the words of the contract; `prefix` is where the fields stand in the request.
pub(super) fn refused(error: MoveError, prefix: &str) -> Problem {
    match error {
        MoveError::OtherPipeline => Problem::validation()
            .because("该阶段属于其他销售流程", "The stage belongs to another pipeline")
            .at("/stage_id", Code::InvalidValue),
        MoveError::LostNeedsReason => Problem::validation().at("/lost_reason", Code::Required),
        MoveError::ReopenNeedsReason => Problem::validation().at("/reason", Code::Required),
        MoveError::MissingRequired(fields) => {
            let missing = fields.into_iter().map(|field| FieldError::at(format!("{prefix}/{field}"), Code::Required));
            missing.fold(Problem::new(Code::StageRequirements), Problem::error)
        }
    }
}

/// Whether a field of the deal is filled, for a stage's requirements.
pub(super) fn filled(record: &Record<OpportunityBody>) -> impl Fn(&str) -> bool {
    let facts = facts::<Opportunities>(record);
    move |field: &str| facts.get(field).is_some_and(|value| !is_blank(value))
}

/// Places a new deal: in the stage it names, or at the beginning of its pipeline.
///
/// # Errors
/// Unknown stages and pipelines, missing requirements.
pub(super) fn start(
    tx: &mut Tx<'_>,
    ctx: &Context,
    record: &mut Record<OpportunityBody>,
    input: &CreateOpportunity,
) -> Result<(), Problem> {
    let stage = match input.stage_id {
        Some(stage) => named_stage(tx, stage)?,
        None => first_stage(tx, input.pipeline_id)?,
    };
    if input.pipeline_id.is_some_and(|pipeline| pipeline != stage.pipeline_id) {
        return Err(refused(MoveError::OtherPipeline, ""));
    }
    let mut faults = Faults::default();
    let facts = facts_of(&mut faults, ctx, input.lost_reason.as_deref(), input.lost_note.as_deref(), input.closed_on);
    faults.finish()?;
    let started = Position::start(&stage, facts, &filled(record), ctx.now).map_err(|error| refused(error, ""))?;
    store(record, &started.position, &stage);
    record.body.profile.0.closed_on = closed_day(ctx, &record.body, input.closed_on);
    record.body.board_rank = top_rank(tx, stage.id)?;
    Ok(())
}

/// The day on which a deal was closed: as typed, else today where the caller is.
pub(super) fn closed_day(ctx: &Context, body: &OpportunityBody, typed: Option<NaiveDate>) -> Option<NaiveDate> {
    body.closed_at.map(|at| typed.unwrap_or_else(|| at.0.with_timezone(&ctx.zone).date_naive()))
}

/// Where the deals of a pipeline, or of the default one, begin; held. A pipeline keeps an open stage as long as it is there:
/// if it has none, another one has taken the place of the first at this moment.
fn first_stage(tx: &mut Tx<'_>, pipeline: Option<Uuid>) -> Result<StageDef, Problem> {
    if let Some(first) = stage_hold_first(tx, pipeline)? {
        return Ok(stage_def(&first));
    }
    let is_there = match pipeline {
        Some(id) => pipeline_find(tx, id)?.is_some(),
        None => pipeline_default(tx)?.is_some(),
    };
    if is_there { Err(StoreError::Retry.into()) } else { Err(Problem::validation().at("/pipeline_id", Code::NotFound)) }
}

/// Keeps a deal where it is; a patch may correct why it was lost and when it was closed.
///
/// # Errors
/// `use_move` when the patch names another stage.
pub(super) fn keep(
    tx: &mut Tx<'_>,
    ctx: &Context,
    record: &mut Record<OpportunityBody>,
    input: &CreateOpportunity,
    before: &Record<OpportunityBody>,
) -> Result<(), Problem> {
    let moved = |typed: Option<Uuid>, is: Id| typed.is_some_and(|typed| typed != is.0);
    if moved(input.stage_id, before.body.stage_id) {
        return Err(Problem::new(Code::UseMove).at("/stage_id", Code::UseMove));
    }
    if moved(input.pipeline_id, before.body.pipeline_id) {
        return Err(Problem::new(Code::UseMove).at("/pipeline_id", Code::UseMove));
    }
    let mut faults = Faults::default();
    let facts = facts_of(&mut faults, ctx, input.lost_reason.as_deref(), input.lost_note.as_deref(), None);
    faults.finish()?;
    let stage = present_stage(tx, &before.body)?;
    let kept = position_of(&record.body)
        .move_to(&stage, facts, &filled(record), ctx.now)
        .map_err(|error| refused(error, ""))?;
    store(record, &kept.position, &stage);
    let was = before.body.profile.0.closed_on;
    if record.body.closed_at.is_some() && input.closed_on.is_some() && input.closed_on != was {
        record.body.closed_at = input.closed_on.and_then(|day| start_of_day(ctx, day)).map(Instant);
        record.body.profile.0.closed_on = input.closed_on;
    }
    Ok(())
}

/// A rank above every card of a column.
///
/// # Errors
/// When the database fails.
pub(super) fn top_rank(tx: &mut Tx<'_>, stage: Uuid) -> Result<String, Problem> {
    let first = rank_first(tx, stage).map_err(StoreError::from)?;
    rank_between(None, first.as_deref()).map_err(|error| Problem::internal(error.to_string()))
}

/// A rank next to another card of the column: right below it (`is_below`) or right above it.
///
/// # Errors
/// When the database fails.
pub(super) fn rank_next_to(tx: &mut Tx<'_>, stage: Uuid, rank: &str, is_below: bool) -> Result<String, Problem> {
    let other = rank_beside(tx, stage, rank, !is_below).map_err(StoreError::from)?;
    let between =
        if is_below { rank_between(Some(rank), other.as_deref()) } else { rank_between(other.as_deref(), Some(rank)) };
    between.map_err(|error| Problem::internal(error.to_string()))
}
