//! The use cases of lead statuses.

use rapport_domain::context::Context;
use rapport_persistence::lead_statuses::{
    LeadStatusRow, lead_status_delete, lead_status_find, lead_status_in_use, lead_status_insert, lead_status_replace,
    lead_status_update, lead_statuses_all,
};
use rapport_persistence::types::Json;
use rapport_persistence::{Db, Tx};
use serde_json::Value;

use super::dto::{CreateLeadStatus, LeadStatusList, LeadStatusView, UpdateLeadStatus};
use super::faults::{check_key, check_range};
use super::names::Names;
use super::order::{close_gap, insert_among};
use super::words::{Color, LeadCategory};
use super::{MAX_ROWS, check_room, check_version, enter, in_use, merged, versioned};
use crate::problem::{Code, FieldError, Problem};
use crate::records::reply::Reply;
use crate::scoring;

/// What the logic cannot do without: where leads arrive, where they go when somebody answers, and what they become.
const NEEDED: [LeadCategory; 3] = [LeadCategory::New, LeadCategory::Working, LeadCategory::Converted];

/// Every status.
pub(super) fn list(db: &mut Db, ctx: &Context) -> Result<Reply, Problem> {
    let data = lead_statuses_all(db)?.iter().map(|row| LeadStatusView::of(row, ctx.locale)).collect();
    Reply::ok(&LeadStatusList { data })
}

/// One status.
pub(super) fn get(db: &mut Db, ctx: &Context, key: &str) -> Result<Reply, Problem> {
    let row = find(db, key)?;
    Ok(versioned(Reply::ok(&LeadStatusView::of(&row, ctx.locale))?, row.version))
}

/// Adds a status.
pub(super) fn create(tx: &mut Tx<'_>, ctx: &Context, input: &CreateLeadStatus) -> Result<Reply, Problem> {
    let permit = enter(tx, ctx)?;
    let mut faults = Vec::new();
    check_key(&input.key, &mut faults);
    check_range("/position", input.position, 0, 1000, &mut faults);
    let names = input.names.read(&mut faults);
    Problem::check(faults)?;
    let others = lead_statuses_all(tx)?;
    check_room(others.len(), MAX_ROWS)?;
    let mut row = LeadStatusRow {
        key: input.key.clone(),
        names: Json(names),
        category: input.category.as_str().to_owned(),
        color: input.color.as_str().to_owned(),
        position: 0,
        is_active: input.is_active,
        version: 1,
    };
    for moved in insert_among(&mut row, input.position, others) {
        lead_status_update(tx, &permit, &moved, moved.version - 1)?;
    }
    lead_status_insert(tx, &permit, &row)?;
    let place = format!("/api/v1/lead-statuses/{}", row.key);
    Ok(versioned(Reply::json(201, &LeadStatusView::of(&row, ctx.locale))?.location(place), row.version))
}

/// Changes what a merge patch names.
pub(super) fn update(
    tx: &mut Tx<'_>,
    ctx: &Context,
    key: &str,
    expected: Option<i64>,
    patch: &Value,
) -> Result<Reply, Problem> {
    let permit = enter(tx, ctx)?;
    let before = find(tx, key)?;
    check_version(expected, before.version, &LeadStatusView::of(&before, ctx.locale))?;
    let fields = merged(&writable(&before), patch)?;
    let mut row = changed(&before, &fields)?;
    if row.category != before.category {
        in_use([("leads", lead_status_in_use(tx, key)?)].into_iter())?;
    }
    if fields.position != Some(before.position) {
        let others = lead_statuses_all(tx)?.into_iter().filter(|other| other.key != row.key).collect();
        for moved in insert_among(&mut row, fields.position, others) {
            lead_status_update(tx, &permit, &moved, moved.version - 1)?;
        }
    }
    if row != before {
        row.version += 1;
        lead_status_update(tx, &permit, &row, before.version)?;
        check_needed(&lead_statuses_all(tx)?)?;
    }
    Ok(versioned(Reply::ok(&LeadStatusView::of(&row, ctx.locale))?, row.version))
}

fn writable(row: &LeadStatusRow) -> UpdateLeadStatus {
    UpdateLeadStatus {
        names: Names::of(&row.names.0),
        category: LeadCategory::of(&row.category),
        color: Color::of(&row.color),
        position: Some(row.position),
        is_active: row.is_active,
    }
}

fn changed(before: &LeadStatusRow, fields: &UpdateLeadStatus) -> Result<LeadStatusRow, Problem> {
    let mut faults = Vec::new();
    check_range("/position", fields.position, 0, 1000, &mut faults);
    let names = fields.names.read(&mut faults);
    Problem::check(faults)?;
    Ok(LeadStatusRow {
        names: Json(names),
        category: fields.category.as_str().to_owned(),
        color: fields.color.as_str().to_owned(),
        is_active: fields.is_active,
        ..before.clone()
    })
}

/// Removes a status; leads that have it get another one of the same category.
pub(super) fn delete(
    tx: &mut Tx<'_>,
    ctx: &Context,
    key: &str,
    expected: Option<i64>,
    replacement: Option<&str>,
) -> Result<Reply, Problem> {
    let permit = enter(tx, ctx)?;
    let row = find(tx, key)?;
    check_version(expected, row.version, &LeadStatusView::of(&row, ctx.locale))?;
    match replacement {
        Some(to) => {
            let to = replacement_for(tx, &row, to)?;
            scoring::leads_rewritten(tx)?;
            lead_status_replace(tx, &permit, ctx, &row, &to)?;
        }
        None => in_use([("leads", lead_status_in_use(tx, key)?)].into_iter())?,
    }
    lead_status_delete(tx, &permit, &row.key)?;
    let rest = lead_statuses_all(tx)?;
    check_needed(&rest)?;
    for moved in close_gap(rest) {
        lead_status_update(tx, &permit, &moved, moved.version - 1)?;
    }
    Ok(Reply::empty())
}

fn replacement_for(tx: &mut Tx<'_>, row: &LeadStatusRow, to: &str) -> Result<LeadStatusRow, Problem> {
    let known = lead_status_find(tx, to)?.filter(|to| to.key != row.key && to.category == row.category);
    known.ok_or_else(|| {
        let error = FieldError::of_parameter("replacement", Code::InvalidValue);
        Problem::validation()
            .error(error.because("必须是同一类别的其他状态", "Must be another status of the same category"))
    })
}

/// 409 when the last status of a category that the logic needs would go.
fn check_needed(rows: &[LeadStatusRow]) -> Result<(), Problem> {
    let is_there = |category: LeadCategory| rows.iter().any(|row| row.is_active && row.category == category.as_str());
    match NEEDED.into_iter().find(|category| !is_there(*category)) {
        None => Ok(()),
        Some(category) => Err(Problem::new(Code::InUse)
            .because(
                "每个必需的类别至少保留一个启用的状态",
                "A category that is needed keeps at least one active status",
            )
            .with("category", category.as_str())),
    }
}

fn find(db: &mut Db, key: &str) -> Result<LeadStatusRow, Problem> {
    lead_status_find(db, key)?.ok_or_else(|| Problem::new(Code::NotFound))
}
