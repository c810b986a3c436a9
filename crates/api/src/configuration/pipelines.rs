//! The use cases of pipelines.

use std::collections::HashMap;

use rapport_domain::access::Permit;
use rapport_domain::context::Context;
use rapport_persistence::pipelines::{
    PipelineRow, StageRow, pipeline_default, pipeline_delete, pipeline_find, pipeline_insert, pipeline_update,
    pipelines_all, stage_in_use, stage_insert, stage_replace, stages_all, stages_of,
};
use rapport_persistence::types::{Id, Json};
use rapport_persistence::{Db, Tx};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::defaults::usual_stages;
use super::dto::{CreatePipeline, PipelineList, PipelineReplacement, PipelineView, StageInput, UpdatePipeline};
use super::faults::check_range;
use super::names::Names;
use super::order::{close_gap, insert_among};
use super::stages::{MAX_STAGES, check_ends, fitting, nearest, read};
use super::{MAX_ROWS, check_room, check_version, enter, merged, versioned};
use crate::problem::{Code, FieldError, Problem};
use crate::records::reply::Reply;

/// Every pipeline with its stages.
pub(super) fn list(db: &mut Db, ctx: &Context) -> Result<Reply, Problem> {
    let stages = stages_all(db)?;
    let data = pipelines_all(db)?.iter().map(|row| PipelineView::of(row, &stages, ctx.locale)).collect();
    Reply::ok(&PipelineList { data })
}

/// One pipeline with its stages.
pub(super) fn get(db: &mut Db, ctx: &Context, id: Uuid) -> Result<Reply, Problem> {
    let row = find(db, id)?;
    Ok(versioned(Reply::ok(&view(db, ctx, &row)?)?, row.version))
}

fn view(db: &mut Db, ctx: &Context, row: &PipelineRow) -> Result<PipelineView, Problem> {
    Ok(PipelineView::of(row, &stages_of(db, row.id.0)?, ctx.locale))
}

/// Adds a pipeline with its stages.
pub(super) fn create(tx: &mut Tx<'_>, ctx: &Context, input: &CreatePipeline) -> Result<Reply, Problem> {
    let permit = enter(tx, ctx)?;
    check_room(pipelines_all(tx)?.len(), MAX_ROWS)?;
    let (mut row, stages) = read_new(ctx, input)?;
    if row.is_default {
        release_default(tx, &permit)?;
    }
    for moved in insert_among(&mut row, input.position, pipelines_all(tx)?) {
        pipeline_update(tx, &permit, &moved, moved.version - 1)?;
    }
    pipeline_insert(tx, &permit, &row)?;
    for stage in &stages {
        stage_insert(tx, &permit, stage)?;
    }
    let place = format!("/api/v1/pipelines/{}", row.id.0);
    Ok(versioned(Reply::json(201, &view(tx, ctx, &row)?)?.location(place), row.version))
}

fn read_new(ctx: &Context, input: &CreatePipeline) -> Result<(PipelineRow, Vec<StageRow>), Problem> {
    let id = input.id.unwrap_or_else(|| ctx.next_id());
    let mut faults = Vec::new();
    let names = input.names.read(&mut faults);
    check_range("/position", input.position, 0, 1000, &mut faults);
    if input.is_default && !input.is_active {
        faults.push(FieldError::at("/is_active", Code::InvalidValue));
    }
    Problem::check(faults)?;
    let row = PipelineRow {
        id: Id(id),
        names: Json(names),
        is_default: input.is_default,
        position: 0,
        is_active: input.is_active,
        version: 1,
    };
    let stages = read_stages(ctx, id, input.stages.as_deref().unwrap_or(&usual_stages()))?;
    Ok((row, stages))
}

fn read_stages(ctx: &Context, pipeline: Uuid, inputs: &[StageInput]) -> Result<Vec<StageRow>, Problem> {
    if inputs.len() > MAX_STAGES {
        return Err(Problem::validation().error(FieldError::at("/stages", Code::TooLong).with("max", MAX_STAGES)));
    }
    let mut stages = Vec::new();
    for (index, input) in inputs.iter().enumerate() {
        let row = read(input, ctx.next_id(), pipeline).map_err(|problem| problem.below(&format!("/stages/{index}")))?;
        stages.push(StageRow { position: i32::try_from(index).unwrap_or(i32::MAX), ..row });
    }
    check_ends(&stages).map_err(|_| {
        let error = FieldError::at("/stages", Code::Required);
        Problem::validation().error(
            error.because("至少需要一个进行中、一个赢单和一个输单阶段", "An open, a won and a lost stage are needed"),
        )
    })?;
    Ok(stages)
}

/// Changes what a merge patch names.
pub(super) fn update(
    tx: &mut Tx<'_>,
    ctx: &Context,
    id: Uuid,
    expected: Option<i64>,
    patch: &Value,
) -> Result<Reply, Problem> {
    let permit = enter(tx, ctx)?;
    let before = find(tx, id)?;
    if expected.is_some_and(|expected| expected != before.version) {
        let current = view(tx, ctx, &before)?;
        check_version(expected, before.version, &current)?;
    }
    let current = UpdatePipeline {
        names: Names::of(&before.names.0),
        is_default: before.is_default,
        position: Some(before.position),
        is_active: before.is_active,
    };
    let fields = merged(&current, patch)?;
    let mut row = changed(&before, &fields)?;
    if row.is_default && !before.is_default {
        release_default(tx, &permit)?;
    }
    if fields.position != Some(before.position) {
        let others = pipelines_all(tx)?.into_iter().filter(|other| other.id != row.id).collect();
        for moved in insert_among(&mut row, fields.position, others) {
            pipeline_update(tx, &permit, &moved, moved.version - 1)?;
        }
    }
    if row != before {
        row.version += 1;
        pipeline_update(tx, &permit, &row, before.version)?;
    }
    Ok(versioned(Reply::ok(&view(tx, ctx, &row)?)?, row.version))
}

fn changed(before: &PipelineRow, fields: &UpdatePipeline) -> Result<PipelineRow, Problem> {
    let mut faults = Vec::new();
    let names = fields.names.read(&mut faults);
    check_range("/position", fields.position, 0, 1000, &mut faults);
    if before.is_default && !fields.is_default {
        let error = FieldError::at("/is_default", Code::InvalidValue);
        faults.push(error.because("请将其他流程设为默认", "Make another pipeline the default instead"));
    }
    if fields.is_default && !fields.is_active {
        faults.push(
            FieldError::at("/is_active", Code::InvalidValue)
                .because("默认流程不能停用", "The default pipeline stays active"),
        );
    }
    Problem::check(faults)?;
    Ok(PipelineRow { names: Json(names), is_default: fields.is_default, is_active: fields.is_active, ..before.clone() })
}

/// Takes the mark from the pipeline that is the default, so that another one can bear it.
fn release_default(tx: &mut Tx<'_>, permit: &Permit) -> Result<(), Problem> {
    let Some(mut row) = pipeline_default(tx)? else { return Ok(()) };
    row.is_default = false;
    row.version += 1;
    Ok(pipeline_update(tx, permit, &row, row.version - 1)?)
}

/// Removes a pipeline with its stages; opportunities move to stages of another one.
pub(super) fn delete(
    tx: &mut Tx<'_>,
    ctx: &Context,
    id: Uuid,
    expected: Option<i64>,
    replacement: &PipelineReplacement,
) -> Result<Reply, Problem> {
    let permit = enter(tx, ctx)?;
    let row = find(tx, id)?;
    let current = view(tx, ctx, &row)?;
    check_version(expected, row.version, &current)?;
    let heir = replacement.replacement.map(|to| heir(tx, &row, to)).transpose()?;
    let stages = counted_stages(tx, id)?;
    match &heir {
        Some(heir) => move_all(tx, ctx, &permit, &stages, heir, replacement.stages.as_deref())?,
        None => refuse_use(&row, &stages)?,
    }
    pipeline_delete(tx, &permit, id)?;
    if let Some(heir) = heir.filter(|_| row.is_default) {
        let successor = PipelineRow { is_default: true, is_active: true, version: heir.version + 1, ..heir };
        pipeline_update(tx, &permit, &successor, successor.version - 1)?;
    }
    for moved in close_gap(pipelines_all(tx)?) {
        pipeline_update(tx, &permit, &moved, moved.version - 1)?;
    }
    Ok(Reply::empty())
}

fn heir(tx: &mut Tx<'_>, row: &PipelineRow, to: Uuid) -> Result<PipelineRow, Problem> {
    let known = pipeline_find(tx, to)?.filter(|to| to.id != row.id);
    known.ok_or_else(|| Problem::validation().parameter("replacement", Code::InvalidValue))
}

/// The stages of a pipeline with the number of opportunities that stand in each.
fn counted_stages(tx: &mut Tx<'_>, pipeline: Uuid) -> Result<Vec<(StageRow, i64)>, Problem> {
    stages_of(tx, pipeline)?.into_iter().map(|stage| Ok((stage.clone(), stage_in_use(tx, stage.id.0)?))).collect()
}

fn refuse_use(row: &PipelineRow, stages: &[(StageRow, i64)]) -> Result<(), Problem> {
    let used: Map<String, Value> = stages
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(stage, count)| (stage.id.0.to_string(), (*count).into()))
        .collect();
    if used.is_empty() && !row.is_default {
        return Ok(());
    }
    let total: i64 = stages.iter().map(|(_, count)| count).sum();
    Err(Problem::new(Code::InUse)
        .because(
            "默认流程或仍有商机的流程需要指定替代流程",
            "A pipeline that is the default or has opportunities needs a replacement",
        )
        .with("in_use", serde_json::json!({ "opportunities": total }))
        .with("stages", used))
}

/// Every stage in use needs to be told its successor; for the others the nearest will do, since closed deals may
/// remember them.
fn move_all(
    tx: &mut Tx<'_>,
    ctx: &Context,
    permit: &Permit,
    stages: &[(StageRow, i64)],
    heir: &PipelineRow,
    mapping: Option<&str>,
) -> Result<(), Problem> {
    let mapping = read_mapping(mapping.unwrap_or_default())?;
    let unmapped = stages.iter().filter(|(stage, count)| *count > 0 && !mapping.contains_key(&stage.id.0));
    let faults: Vec<FieldError> = unmapped
        .map(|(stage, _)| FieldError::of_parameter("stages", Code::Required).with("stage_id", stage.id.0.to_string()))
        .collect();
    Problem::check(faults)?;
    let new = stages_of(tx, heir.id.0)?;
    for (stage, _) in stages {
        let to = match mapping.get(&stage.id.0) {
            Some(to) => Some(fitting(stage, new.iter().find(|new| new.id.0 == *to).cloned(), "stages")?),
            None => nearest(stage, &new),
        };
        if let Some(to) = to {
            stage_replace(tx, permit, ctx, stage, &to)?;
        }
    }
    Ok(())
}

/// Reads `old:new,old:new`.
fn read_mapping(text: &str) -> Result<HashMap<Uuid, Uuid>, Problem> {
    let pair = |pair: &str| {
        let (from, to) = pair.split_once(':')?;
        Some((Uuid::try_parse(from.trim()).ok()?, Uuid::try_parse(to.trim()).ok()?))
    };
    let pairs = text.split(',').filter(|part| !part.trim().is_empty()).map(pair);
    let mapping: Option<HashMap<Uuid, Uuid>> = pairs.collect();
    mapping.ok_or_else(|| Problem::validation().parameter("stages", Code::InvalidValue))
}

fn find(db: &mut Db, id: Uuid) -> Result<PipelineRow, Problem> {
    pipeline_find(db, id)?.ok_or_else(|| Problem::new(Code::NotFound))
}
