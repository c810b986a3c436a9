//! Templates, kept in order: everybody's by whoever may configure, one's own by oneself.

use serde_json::Value;
use uuid::Uuid;

use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_persistence::activity_templates::{
    ActivityTemplateRow, activity_template_delete, activity_template_find, activity_template_insert,
    activity_template_update, activity_templates_of, activity_templates_owned,
};
use rapport_persistence::records::record_take;
use rapport_persistence::types::Instant;
use rapport_persistence::{Db, Tx};

use super::draft;
use super::dto::{ActivityTemplateList, ActivityTemplateView, CreateActivityTemplate};
use crate::configuration::order::{close_gap, insert_among};
use crate::configuration::{check_room, check_version, enter, merged};
use crate::problem::{Code, Problem};
use crate::records::reply::Reply;

/// As many as everybody has.
const MAX_SHARED: usize = 200;
/// As many as somebody may have for themselves.
const MAX_OWN: usize = 100;

/// Those that the caller can use.
///
/// # Errors
/// When the database fails.
pub(super) fn list(db: &mut Db, ctx: &Context) -> Result<Reply, Problem> {
    let rows = activity_templates_of(db, ctx.actor.user_id)?;
    Reply::ok(&ActivityTemplateList { data: rows.iter().map(ActivityTemplateView::of).collect() })
}

/// One that the caller can use.
///
/// # Errors
/// 404.
pub(super) fn find(db: &mut Db, ctx: &Context, id: Uuid) -> Result<ActivityTemplateRow, Problem> {
    let found = activity_template_find(db, id)?;
    let usable = found.filter(|row| row.owner_id.is_none_or(|owner| owner.0 == ctx.actor.user_id));
    usable.ok_or_else(|| Problem::new(Code::NotFound))
}

/// One that the caller can use, as it is shown.
///
/// # Errors
/// 404.
pub(super) fn get(db: &mut Db, ctx: &Context, id: Uuid) -> Result<Reply, Problem> {
    reply(200, &find(db, ctx, id)?)
}

/// Adds a template.
///
/// # Errors
/// Every fault of the input; 403; 409 when the name is taken.
pub(crate) fn create(tx: &mut Tx<'_>, ctx: &Context, input: &CreateActivityTemplate) -> Result<Reply, Problem> {
    let owner = (!input.is_shared).then_some(ctx.actor.user_id);
    let others = hold(tx, ctx, owner)?;
    let mut row = draft::read(input, owner, ctx.next_id(), Instant(ctx.now))?;
    check_room(others.len(), if owner.is_some() { MAX_OWN } else { MAX_SHARED })?;
    move_along(tx, &mut row, input.position, others)?;
    activity_template_insert(tx, &row)?;
    Ok(reply(201, &row)?.location(format!("/api/v1/activity-templates/{}", row.id.0)))
}

/// Changes what a merge patch names.
///
/// # Errors
/// Every fault of the patch; 403, 404, 409, 412.
pub(super) fn update(
    tx: &mut Tx<'_>,
    ctx: &Context,
    (id, expected): (Uuid, Option<i64>),
    patch: &Value,
) -> Result<Reply, Problem> {
    let (before, others) = take(tx, ctx, id)?;
    check_version(expected, before.version, &ActivityTemplateView::of(&before))?;
    let input: CreateActivityTemplate = merged(&CreateActivityTemplate::of(&before), patch)?;
    if input.is_shared != before.owner_id.is_none() {
        return Err(Problem::validation().at("/is_shared", Code::InvalidValue));
    }
    let draft = draft::read(&input, before.owner_id.map(Into::into), id, before.updated_at)?;
    let mut row = ActivityTemplateRow {
        position: before.position,
        version: before.version,
        created_at: before.created_at,
        ..draft
    };
    if input.position != Some(before.position) {
        move_along(tx, &mut row, input.position, others)?;
    }
    if row != before {
        (row.version, row.updated_at) = (before.version + 1, Instant(ctx.now));
        activity_template_update(tx, &row, before.version)?;
    }
    reply(200, &row)
}

/// Removes a template. What was made of it stays.
///
/// # Errors
/// 403, 404, 412.
pub(super) fn delete(tx: &mut Tx<'_>, ctx: &Context, (id, expected): (Uuid, Option<i64>)) -> Result<Reply, Problem> {
    let (row, others) = take(tx, ctx, id)?;
    check_version(expected, row.version, &ActivityTemplateView::of(&row))?;
    activity_template_delete(tx, row.id)?;
    for moved in close_gap(others) {
        activity_template_update(tx, &moved, moved.version - 1)?;
    }
    Ok(Reply::empty())
}

/// A template that the caller may change, and the others of the same people, all of which nobody else changes meanwhile.
fn take(tx: &mut Tx<'_>, ctx: &Context, id: Uuid) -> Result<(ActivityTemplateRow, Vec<ActivityTemplateRow>), Problem> {
    let owner = find(tx, ctx, id)?.owner_id.map(Into::into);
    let (mine, others): (Vec<_>, Vec<_>) = hold(tx, ctx, owner)?.into_iter().partition(|row| row.id.0 == id);
    let row = mine.into_iter().next().ok_or_else(|| Problem::new(Code::NotFound))?;
    Ok((row, others))
}

fn hold(tx: &mut Tx<'_>, ctx: &Context, owner: Option<Uuid>) -> Result<Vec<ActivityTemplateRow>, Problem> {
    match owner {
        Some(user) => record_take(tx, RecordKind::User, user)?,
        None => {
            let _may_configure = enter(tx, ctx)?;
        }
    }
    Ok(activity_templates_owned(tx, owner)?)
}

/// Puts a template in its place; those behind it move.
fn move_along(
    tx: &mut Tx<'_>,
    row: &mut ActivityTemplateRow,
    position: Option<i32>,
    others: Vec<ActivityTemplateRow>,
) -> Result<(), Problem> {
    for moved in insert_among(row, position, others) {
        activity_template_update(tx, &moved, moved.version - 1)?;
    }
    Ok(())
}

fn reply(status: u16, row: &ActivityTemplateRow) -> Result<Reply, Problem> {
    Ok(Reply { version: Some(row.version), ..Reply::json(status, &ActivityTemplateView::of(row))? })
}
