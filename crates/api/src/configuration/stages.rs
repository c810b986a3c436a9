//! The use cases of stages, and what must hold for the stages of a pipeline.

use rapport_domain::access::Permit;
use rapport_domain::context::Context;
use rapport_persistence::pipelines::{
    PipelineRow, StageRow, pipeline_find, pipeline_update, stage_delete, stage_find, stage_in_use, stage_insert,
    stage_replace, stage_update, stages_of,
};
use rapport_persistence::stale_times::stale_times_keep_in;
use rapport_persistence::types::{Id, Json};
use rapport_persistence::{Db, Tx};
use serde_json::Value;
use uuid::Uuid;

use super::dto::{StageInput, StageView};
use super::faults::check_range;
use super::names::Names;
use super::order::{close_gap, insert_among};
use super::words::{Color, DealCategory, StageField};
use super::{check_room, check_version, enter, in_use, merged, versioned};
use crate::problem::{Code, FieldError, Problem};
use crate::records::reply::Reply;

/// How many stages a pipeline may have.
pub(super) const MAX_STAGES: usize = 50;
/// Ten years are long enough for any stage.
const MAX_DAYS: i32 = 3650;

/// One stage.
pub(super) fn get(db: &mut Db, ctx: &Context, pipeline: Uuid, id: Uuid) -> Result<Reply, Problem> {
    let row = find(db, pipeline, id)?;
    Ok(versioned(Reply::ok(&StageView::of(&row, ctx.locale))?, row.version))
}

/// Adds a stage.
pub(super) fn create(tx: &mut Tx<'_>, ctx: &Context, pipeline: Uuid, input: &StageInput) -> Result<Reply, Problem> {
    let permit = enter(tx, ctx)?;
    let parent = pipeline_find(tx, pipeline)?.ok_or_else(|| Problem::new(Code::NotFound))?;
    let others = stages_of(tx, pipeline)?;
    check_room(others.len(), MAX_STAGES)?;
    let mut row = read(input, ctx.next_id(), pipeline)?;
    for moved in insert_among(&mut row, input.position, others) {
        stage_update(tx, &permit, &moved, moved.version - 1)?;
    }
    stage_insert(tx, &permit, &row)?;
    touch(tx, &permit, parent)?;
    let place = format!("/api/v1/pipelines/{pipeline}/stages/{}", row.id.0);
    Ok(versioned(Reply::json(201, &StageView::of(&row, ctx.locale))?.location(place), row.version))
}

/// Changes what a merge patch names.
pub(super) fn update(
    tx: &mut Tx<'_>,
    ctx: &Context,
    (pipeline, id): (Uuid, Uuid),
    expected: Option<i64>,
    patch: &Value,
) -> Result<Reply, Problem> {
    let permit = enter(tx, ctx)?;
    let before = find(tx, pipeline, id)?;
    check_version(expected, before.version, &StageView::of(&before, ctx.locale))?;
    let fields = merged(&writable(&before), patch)?;
    let mut row = StageRow { position: before.position, version: before.version, ..read(&fields, id, pipeline)? };
    if row.category != before.category {
        in_use([("opportunities", stage_in_use(tx, id)?)].into_iter())?;
    }
    if fields.position != Some(before.position) {
        let others = stages_of(tx, pipeline)?.into_iter().filter(|other| other.id != row.id).collect();
        for moved in insert_among(&mut row, fields.position, others) {
            stage_update(tx, &permit, &moved, moved.version - 1)?;
        }
    }
    if row != before {
        row.version += 1;
        stage_update(tx, &permit, &row, before.version)?;
        if (row.expected_days, row.warning_days) != (before.expected_days, before.warning_days) {
            stale_times_keep_in(tx, &permit, id)?;
        }
        check_ends(&stages_of(tx, pipeline)?)?;
        touch_pipeline(tx, &permit, pipeline)?;
    }
    Ok(versioned(Reply::ok(&StageView::of(&row, ctx.locale))?, row.version))
}

/// Removes a stage; opportunities that stand in it move to another one of the same pipeline and category.
pub(super) fn delete(
    tx: &mut Tx<'_>,
    ctx: &Context,
    (pipeline, id): (Uuid, Uuid),
    expected: Option<i64>,
    replacement: Option<Uuid>,
) -> Result<Reply, Problem> {
    let permit = enter(tx, ctx)?;
    let row = find(tx, pipeline, id)?;
    check_version(expected, row.version, &StageView::of(&row, ctx.locale))?;
    match replacement {
        Some(to) => {
            let known = stage_find(tx, to)?.filter(|to| to.pipeline_id == row.pipeline_id);
            stage_replace(tx, &permit, ctx, &row, &fitting(&row, known, "replacement")?)?;
        }
        None => {
            in_use([("opportunities", stage_in_use(tx, id)?)].into_iter())?;
            // Closed deals may remember it as the stage to return to.
            if let Some(to) = nearest(&row, &stages_of(tx, pipeline)?) {
                stage_replace(tx, &permit, ctx, &row, &to)?;
            }
        }
    }
    stage_delete(tx, &permit, id)?;
    let rest = stages_of(tx, pipeline)?;
    check_ends(&rest)?;
    for moved in close_gap(rest) {
        stage_update(tx, &permit, &moved, moved.version - 1)?;
    }
    touch_pipeline(tx, &permit, pipeline)?;
    Ok(Reply::empty())
}

/// A stage that may take the place of `row`: another one that means the same.
pub(super) fn fitting(row: &StageRow, known: Option<StageRow>, parameter: &str) -> Result<StageRow, Problem> {
    known.filter(|to| to.id != row.id && to.category == row.category).ok_or_else(|| {
        let error = FieldError::of_parameter(parameter, Code::InvalidValue).with("stage_id", row.id.0.to_string());
        Problem::validation()
            .error(error.because("必须是同一类别的其他阶段", "Must be another stage of the same category"))
    })
}

/// The other stage that means the same and stands nearest.
pub(super) fn nearest(row: &StageRow, stages: &[StageRow]) -> Option<StageRow> {
    let alike = stages.iter().filter(|stage| stage.id != row.id && stage.category == row.category);
    alike.min_by_key(|stage| (stage.position - row.position).abs()).cloned()
}

/// Reads the fields of a stage, all faults at once.
pub(super) fn read(fields: &StageInput, id: Uuid, pipeline: Uuid) -> Result<StageRow, Problem> {
    let mut faults = Vec::new();
    let names = fields.names.read(&mut faults);
    let probability = probability(fields, &mut faults);
    check_range("/position", fields.position, 0, 1000, &mut faults);
    check_range("/expected_days", fields.expected_days, 1, MAX_DAYS, &mut faults);
    check_range("/warning_days", fields.warning_days, 1, MAX_DAYS, &mut faults);
    Problem::check(faults)?;
    let mut required: Vec<String> = Vec::new();
    for field in fields.required_fields.iter().map(|field| field.as_str().to_owned()) {
        if !required.contains(&field) {
            required.push(field);
        }
    }
    Ok(StageRow {
        id: Id(id),
        pipeline_id: Id(pipeline),
        names: Json(names),
        category: fields.category.as_str().to_owned(),
        probability,
        color: fields.color.as_str().to_owned(),
        position: 0,
        expected_days: fields.expected_days,
        warning_days: fields.warning_days,
        required_fields: Json(required),
        version: 1,
    })
}

/// The ends are certain; on the way a probability must be told.
fn probability(fields: &StageInput, faults: &mut Vec<FieldError>) -> i32 {
    let certain = match fields.category {
        DealCategory::Open => None,
        DealCategory::Won => Some(100),
        DealCategory::Lost | DealCategory::Void => Some(0),
    };
    match (certain, fields.probability) {
        (Some(certain), typed) => {
            check_range("/probability", typed, certain, certain, faults);
            certain
        }
        (None, None) => {
            faults.push(FieldError::at("/probability", Code::Required));
            0
        }
        (None, Some(typed)) => {
            check_range("/probability", Some(typed), 0, 100, faults);
            typed
        }
    }
}

/// 409 when a pipeline would be without a way in, or without one of the two ends every deal may come to.
pub(super) fn check_ends(stages: &[StageRow]) -> Result<(), Problem> {
    let needed = [DealCategory::Open, DealCategory::Won, DealCategory::Lost];
    let is_there = |category: DealCategory| stages.iter().any(|stage| stage.category == category.as_str());
    match needed.into_iter().find(|category| !is_there(*category)) {
        None => Ok(()),
        Some(category) => Err(Problem::new(Code::InUse)
            .because(
                "流程至少需要一个进行中、一个赢单和一个输单阶段",
                "A pipeline keeps an open, a won and a lost stage",
            )
            .with("category", category.as_str())),
    }
}

fn writable(row: &StageRow) -> StageInput {
    let category = DealCategory::of(&row.category);
    StageInput {
        names: Names::of(&row.names.0),
        category,
        probability: (category == DealCategory::Open).then_some(row.probability),
        color: Color::of(&row.color),
        position: Some(row.position),
        expected_days: row.expected_days,
        warning_days: row.warning_days,
        required_fields: row.required_fields.0.iter().filter_map(|field| StageField::of(field)).collect(),
    }
}

/// A pipeline is read with its stages, so that it changes with them.
fn touch(tx: &mut Tx<'_>, permit: &Permit, mut parent: PipelineRow) -> Result<(), Problem> {
    parent.version += 1;
    Ok(pipeline_update(tx, permit, &parent, parent.version - 1)?)
}

fn touch_pipeline(tx: &mut Tx<'_>, permit: &Permit, pipeline: Uuid) -> Result<(), Problem> {
    match pipeline_find(tx, pipeline)? {
        Some(parent) => touch(tx, permit, parent),
        None => Ok(()),
    }
}

fn find(db: &mut Db, pipeline: Uuid, id: Uuid) -> Result<StageRow, Problem> {
    stage_find(db, id)?.filter(|stage| stage.pipeline_id.0 == pipeline).ok_or_else(|| Problem::new(Code::NotFound))
}
