//! Rows of pipelines and their stages.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::json;
use uuid::Uuid;

use rapport_domain::access::Permit;
use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_domain::opportunity::StageCategory;

use crate::changes::{FieldChange, changes_insert};
use crate::connection::{Db, native};
use crate::error::StoreError;
use crate::fragment::{Bind, Fragment};
use crate::opportunities::{StageMoveRow, opportunities};
use crate::reassignment::{PORTION, change, held, hold_row, stamp};
use crate::records::record_close;
use crate::schema::{pipelines, stage_moves, stages};
use crate::stale_times;
use crate::store::Tx;
use crate::types::{Id, Instant, Json, Ts, Uid};

/// A pipeline.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = pipelines, treat_none_as_default_value = false)]
pub struct PipelineRow {
    /// The id.
    pub id: Id,
    /// Its name, by language.
    pub names: Json<BTreeMap<String, String>>,
    /// Whether new opportunities start here.
    pub is_default: bool,
    /// Its place among the others.
    pub position: i32,
    /// Whether it is offered.
    pub is_active: bool,
    /// Starts at 1, one more with every change of it or its stages.
    pub version: i64,
}

/// A stage of a pipeline.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = stages, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct StageRow {
    /// The id.
    pub id: Id,
    /// The pipeline it belongs to.
    pub pipeline_id: Id,
    /// Its name, by language.
    pub names: Json<BTreeMap<String, String>>,
    /// What it means, a word of the domain's `StageCategory`.
    pub category: String,
    /// The probability of winning from here, in per cent.
    pub probability: i32,
    /// How it is shown.
    pub color: String,
    /// Its place in the pipeline.
    pub position: i32,
    /// How long a deal usually stands here.
    pub expected_days: Option<i32>,
    /// After how long it is looked at with concern.
    pub warning_days: Option<i32>,
    /// The fields that must be filled to enter it.
    pub required_fields: Json<Vec<String>>,
    /// Starts at 1, one more with every change.
    pub version: i64,
}

/// Every pipeline, in order.
///
/// # Errors
/// When the database fails.
pub fn pipelines_all(db: &mut Db) -> Result<Vec<PipelineRow>, StoreError> {
    Ok(pipelines::table.order((pipelines::position, pipelines::id)).load(db)?)
}

/// One pipeline.
///
/// # Errors
/// When the database fails.
pub fn pipeline_find(db: &mut Db, id: Uuid) -> Result<Option<PipelineRow>, StoreError> {
    Ok(pipelines::table.filter(pipelines::id.eq(Id(id))).get_result(db).optional()?)
}

/// The pipeline in which new opportunities start.
///
/// # Errors
/// When the database fails.
pub fn pipeline_default(db: &mut Db) -> Result<Option<PipelineRow>, StoreError> {
    Ok(pipelines::table.filter(pipelines::is_default.eq(true)).get_result(db).optional()?)
}

/// Adds a pipeline.
///
/// # Errors
/// `Unique("pipelines_pkey")` when the id is taken.
pub fn pipeline_insert(tx: &mut Tx<'_>, _permit: &Permit, row: &PipelineRow) -> Result<(), StoreError> {
    diesel::insert_into(pipelines::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// Overwrites the pipeline that still has `version`.
///
/// # Errors
/// `Stale` when it has not.
pub fn pipeline_update(tx: &mut Tx<'_>, _permit: &Permit, row: &PipelineRow, version: i64) -> Result<(), StoreError> {
    let mine = pipelines::table.filter(pipelines::id.eq(row.id)).filter(pipelines::version.eq(version));
    match diesel::update(mine).set(row).execute(&mut **tx)? {
        0 => Err(StoreError::Stale),
        _ => Ok(()),
    }
}

/// Removes a pipeline with its stages.
///
/// # Errors
/// `Reference` while an opportunity stands in it.
pub fn pipeline_delete(tx: &mut Tx<'_>, _permit: &Permit, id: Uuid) -> Result<(), StoreError> {
    diesel::delete(stages::table.filter(stages::pipeline_id.eq(Id(id)))).execute(&mut **tx)?;
    diesel::delete(pipelines::table.filter(pipelines::id.eq(Id(id)))).execute(&mut **tx)?;
    Ok(())
}

/// Every stage of every pipeline, in order.
///
/// # Errors
/// When the database fails.
pub fn stages_all(db: &mut Db) -> Result<Vec<StageRow>, StoreError> {
    Ok(stages::table.order((stages::pipeline_id, stages::position, stages::id)).load(db)?)
}

/// The stages of a pipeline, in order.
///
/// # Errors
/// When the database fails.
pub fn stages_of(db: &mut Db, pipeline: Uuid) -> Result<Vec<StageRow>, StoreError> {
    Ok(stages::table.filter(stages::pipeline_id.eq(Id(pipeline))).order((stages::position, stages::id)).load(db)?)
}

/// One stage.
///
/// # Errors
/// When the database fails.
pub fn stage_find(db: &mut Db, id: Uuid) -> Result<Option<StageRow>, StoreError> {
    Ok(stages::table.filter(stages::id.eq(Id(id))).get_result(db).optional()?)
}

/// The stage that a deal comes to, stands in or leaves: it stays, and means the same, until the transaction ends.
///
/// # Errors
/// When the database fails.
pub fn stage_hold(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<StageRow>, StoreError> {
    Ok(hold_row!(tx, stages::table.filter(stages::id.eq(Id(id))))?)
}

/// The first open stage of a pipeline, or of the default one: it stays, and means the same, until the transaction ends.
///
/// # Errors
/// When the database fails.
pub fn stage_hold_first(tx: &mut Tx<'_>, pipeline: Option<Uuid>) -> Result<Option<StageRow>, StoreError> {
    let open = stages::table
        .filter(stages::category.eq(StageCategory::Open.as_str()))
        .order((stages::position, stages::id))
        .limit(1);
    let default = pipelines::table.filter(pipelines::is_default.eq(true)).select(pipelines::id);
    Ok(match pipeline {
        Some(id) => hold_row!(tx, open.filter(stages::pipeline_id.eq(Id(id)))),
        None => hold_row!(tx, open.filter(stages::pipeline_id.eq_any(default))),
    }?)
}

/// Adds a stage.
///
/// # Errors
/// `Unique("stages_pkey")` when the id is taken.
pub fn stage_insert(tx: &mut Tx<'_>, _permit: &Permit, row: &StageRow) -> Result<(), StoreError> {
    diesel::insert_into(stages::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// Overwrites the stage that still has `version`.
///
/// # Errors
/// `Stale` when it has not.
pub fn stage_update(tx: &mut Tx<'_>, _permit: &Permit, row: &StageRow, version: i64) -> Result<(), StoreError> {
    let mine = stages::table.filter(stages::id.eq(row.id)).filter(stages::version.eq(version));
    match diesel::update(mine).set(row).execute(&mut **tx)? {
        0 => Err(StoreError::Stale),
        _ => Ok(()),
    }
}

/// Removes a stage.
///
/// # Errors
/// `Reference` while an opportunity stands in it.
pub fn stage_delete(tx: &mut Tx<'_>, _permit: &Permit, id: Uuid) -> Result<(), StoreError> {
    diesel::delete(stages::table.filter(stages::id.eq(Id(id)))).execute(&mut **tx)?;
    Ok(())
}

/// How many opportunities stand in a stage, dead or alive; none comes to it until the transaction ends.
///
/// # Errors
/// When the database fails.
pub fn stage_in_use(tx: &mut Tx<'_>, id: Uuid) -> Result<i64, StoreError> {
    record_close(tx, RecordKind::Stage, id)?;
    Ok(opportunities::table.filter(opportunities::stage_id.eq(Id(id))).count().get_result(&mut **tx)?)
}

// ---------------------------------------------------------------- one stage in place of another

#[derive(Debug, QueryableByName)]
struct Standing {
    #[diesel(sql_type = Uid)]
    id: Id,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    version: i64,
    #[diesel(sql_type = Ts)]
    stage_entered_at: Instant,
}

/// Moves every opportunity that stands in `from`, also those in the trash, to `to`: behind the cards that are there,
/// with the probability of the new stage where none was typed, with a line in both histories. When a deal was closed
/// stays as it is. None comes to `from` until the transaction ends. Answers how many that were.
///
/// # Errors
/// `Constraint` when the categories differ: configuration does not win or lose a deal.
pub fn stage_replace(
    tx: &mut Tx<'_>,
    _permit: &Permit,
    context: &Context,
    from: &StageRow,
    to: &StageRow,
) -> Result<i64, StoreError> {
    if from.category != to.category || from.id == to.id {
        return Err(StoreError::Constraint("a stage is replaced by another one of its category".into()));
    }
    record_close(tx, RecordKind::Stage, from.id.0)?;
    let last_rank = last_rank(tx, to.id)?;
    let mut total = 0;
    loop {
        let standing = hold_standing(tx, from.id)?;
        if standing.is_empty() {
            break;
        }
        total += i64::try_from(standing.len()).unwrap_or_default();
        move_all(tx, context, &standing, to, &last_rank)?;
        stale_times::keep_all(tx, standing.iter().map(|row| row.id))?;
        write_history(tx, context, &standing, from, to)?;
    }
    forget_last_open(tx, from.id, to.id)?;
    Ok(total)
}

fn last_rank(db: &mut Db, stage: Id) -> QueryResult<String> {
    let last: Option<String> = opportunities::table
        .filter(opportunities::stage_id.eq(stage))
        .select(opportunities::board_rank)
        .order(opportunities::board_rank.desc())
        .first(db)
        .optional()?;
    Ok(last.unwrap_or_default())
}

fn hold_standing(tx: &mut Tx<'_>, stage: Id) -> QueryResult<Vec<Standing>> {
    Fragment::sql("SELECT id, version, stage_entered_at FROM opportunities WHERE stage_id = ")
        .bind(stage.0)
        .push(" LIMIT ")
        .bind(Bind::Integer(PORTION))
        .append(held())
        .load_rows(tx)
}

/// A rank that another one is put in front of is larger than that one, and keeps its order among its like.
fn move_all(
    tx: &mut Tx<'_>,
    context: &Context,
    standing: &[Standing],
    to: &StageRow,
    last_rank: &str,
) -> QueryResult<()> {
    let ids = standing.iter().map(|row| Bind::Id(row.id));
    let typed = "CASE WHEN profile ->> 'typed_probability' IS NULL OR category <> 'open' THEN ";
    let _: Vec<Moved> = Fragment::sql("UPDATE opportunities SET ")
        .append(stamp(context))
        .push(", stage_id = ")
        .bind(to.id.0)
        .push(", pipeline_id = ")
        .bind(to.pipeline_id.0)
        .push(", stage_entered_at = ")
        .bind(Bind::Instant(Instant(context.now)))
        .push(", probability = ")
        .push(typed)
        .bind(Bind::Small(to.probability))
        .push(" ELSE probability END, board_rank = ")
        .bind(Bind::Text(last_rank.to_owned()))
        .push(" || board_rank WHERE id IN (")
        .bind_all(ids)
        .push(") RETURNING id")
        .ad_hoc()
        .load_rows(tx)?;
    Ok(())
}

#[derive(Debug, QueryableByName)]
struct Moved {
    #[diesel(sql_type = Uid)]
    #[expect(dead_code, reason = "the statement is run for its effect")]
    id: Id,
}

fn write_history(
    tx: &mut Tx<'_>,
    context: &Context,
    standing: &[Standing],
    from: &StageRow,
    to: &StageRow,
) -> QueryResult<()> {
    let fields = changed_fields(from, to);
    let changes: Vec<_> = standing
        .iter()
        .map(|row| change(context, RecordKind::Opportunity, row.id, row.version + 1, "move", fields.clone()))
        .collect();
    changes_insert(tx, &changes.iter().collect::<Vec<_>>())?;
    let moves: Vec<_> = standing.iter().map(|row| stage_move(context, row, from, to)).collect();
    native!(&mut **tx, |c| diesel::insert_into(stage_moves::table).values(&moves).execute(c)).map(drop)
}

fn changed_fields(from: &StageRow, to: &StageRow) -> Vec<FieldChange> {
    let stage = FieldChange { field: "stage_id".into(), old: json!(from.id), new: json!(to.id) };
    let pipeline =
        FieldChange { field: "pipeline_id".into(), old: json!(from.pipeline_id), new: json!(to.pipeline_id) };
    [stage, pipeline].into_iter().filter(|field| field.old != field.new).collect()
}

fn stage_move(context: &Context, row: &Standing, from: &StageRow, to: &StageRow) -> StageMoveRow {
    StageMoveRow {
        id: Id(context.next_id()),
        opportunity_id: row.id,
        from_stage_id: Some(from.id),
        to_stage_id: to.id,
        seconds_in_from: (context.now - row.stage_entered_at.0).num_seconds().max(0),
        reason: None,
        moved_at: Instant(context.now),
        moved_by: context.actor.user().map(Id),
    }
}

/// Closed deals remember the stage to return to; it is the new one now.
fn forget_last_open(tx: &mut Tx<'_>, from: Id, to: Id) -> QueryResult<()> {
    let (from, to) = (from.0.to_string(), to.0.to_string());
    match &mut **tx {
        Db::Sqlite(c) => diesel::sql_query(
            "UPDATE opportunities SET profile = json_set(profile, '$.last_open_stage_id', ?) WHERE profile ->> 'last_open_stage_id' = ?",
        )
        .bind::<diesel::sql_types::Text, _>(to)
        .bind::<diesel::sql_types::Text, _>(from)
        .execute(c),
        Db::Pg(c) => diesel::sql_query(
            "UPDATE opportunities SET profile = jsonb_set(profile, '{last_open_stage_id}', to_jsonb($1::text)) WHERE profile ->> 'last_open_stage_id' = $2",
        )
        .bind::<diesel::sql_types::Text, _>(to)
        .bind::<diesel::sql_types::Text, _>(from)
        .execute(c),
    }
    .map(drop)
}
