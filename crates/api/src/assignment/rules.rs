//! The use cases of rules.

use serde_json::Value;
use uuid::Uuid;

use rapport_domain::access::Permit;
use rapport_domain::context::Context;
use rapport_persistence::assignment_rules::{
    AssignmentRuleRow, assignment_rule_delete, assignment_rule_find, assignment_rule_insert, assignment_rule_update,
    assignment_rules_all, assignment_rules_hold,
};
use rapport_persistence::teams::team_hold;
use rapport_persistence::types::{Id, Instant};
use rapport_persistence::{Db, Tx};

use super::draft::{self, Draft};
use super::dto::{AssignmentRuleList, CreateAssignmentRule};
use super::views::{reply, view, views};
use crate::configuration::order::{close_gap, insert_among};
use crate::configuration::{check_room, check_version, enter};
use crate::leads::condition;
use crate::problem::{Code, Problem};
use crate::records::reply::Reply;

/// How many rules there may be.
const MAX_RULES: usize = 100;

/// Every rule.
pub(super) fn list(db: &mut Db, ctx: &Context) -> Result<Reply, Problem> {
    let rows = assignment_rules_all(db)?;
    Reply::ok(&AssignmentRuleList { data: views(db, ctx, &rows)? })
}

/// One rule.
pub(super) fn get(db: &mut Db, ctx: &Context, id: Uuid) -> Result<Reply, Problem> {
    let row = find(db, id)?;
    reply(db, ctx, 200, &row)
}

/// Adds a rule.
///
/// # Errors
/// Every fault of the input, 403, 409 when the name is taken.
pub(crate) fn create(tx: &mut Tx<'_>, ctx: &Context, input: &CreateAssignmentRule) -> Result<Reply, Problem> {
    let permit = enter(tx, ctx)?;
    let others = assignment_rules_hold(tx)?;
    let draft = read(tx, ctx, input, &others)?;
    check_room(others.len(), MAX_RULES)?;
    let mut row = draft.row(Id(ctx.next_id()), Instant(ctx.now));
    move_along(tx, &permit, &mut row, input.position, others)?;
    assignment_rule_insert(tx, &permit, &row)?;
    let place = format!("/api/v1/assignment-rules/{}", row.id.0);
    Ok(reply(tx, ctx, 201, &row)?.location(place))
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
    let (mine, others): (Vec<_>, Vec<_>) = assignment_rules_hold(tx)?.into_iter().partition(|row| row.id.0 == id);
    let before = mine.into_iter().next().ok_or_else(|| Problem::new(Code::NotFound))?;
    check_version(expected, before.version, &view(tx, ctx, &before)?)?;
    let input = draft::patched(&before, patch)?;
    let draft = read(tx, ctx, &input, &others)?;
    let mut row = AssignmentRuleRow {
        position: before.position,
        last_user_id: before.last_user_id,
        version: before.version,
        created_at: before.created_at,
        ..draft.row(before.id, before.updated_at)
    };
    if input.position != Some(before.position) {
        move_along(tx, &permit, &mut row, input.position, others)?;
    }
    if row != before {
        (row.version, row.updated_at) = (before.version + 1, Instant(ctx.now));
        assignment_rule_update(tx, &permit, &row, before.version)?;
    }
    reply(tx, ctx, 200, &row)
}

/// Removes a rule. What it gave stays as it is.
pub(super) fn delete(tx: &mut Tx<'_>, ctx: &Context, id: Uuid, expected: Option<i64>) -> Result<Reply, Problem> {
    let permit = enter(tx, ctx)?;
    let (mine, others): (Vec<_>, Vec<_>) = assignment_rules_hold(tx)?.into_iter().partition(|row| row.id.0 == id);
    let row = mine.first().ok_or_else(|| Problem::new(Code::NotFound))?;
    check_version(expected, row.version, &view(tx, ctx, row)?)?;
    assignment_rule_delete(tx, &permit, row.id)?;
    for moved in close_gap(others) {
        assignment_rule_update(tx, &permit, &moved, moved.version - 1)?;
    }
    Ok(Reply::empty())
}

fn find(db: &mut Db, id: Uuid) -> Result<AssignmentRuleRow, Problem> {
    assignment_rule_find(db, id)?.ok_or_else(|| Problem::new(Code::NotFound))
}

/// Puts a rule in its place; those behind it move.
fn move_along(
    tx: &mut Tx<'_>,
    permit: &Permit,
    row: &mut AssignmentRuleRow,
    position: Option<i32>,
    others: Vec<AssignmentRuleRow>,
) -> Result<(), Problem> {
    for moved in insert_among(row, position, others) {
        assignment_rule_update(tx, permit, &moved, moved.version - 1)?;
    }
    Ok(())
}

/// What was sent of a rule. Its team stays until the rule is written.
fn read(
    tx: &mut Tx<'_>,
    ctx: &Context,
    input: &CreateAssignmentRule,
    others: &[AssignmentRuleRow],
) -> Result<Draft, Problem> {
    if let Some(team) = input.team_id {
        team_hold(tx, team)?;
    }
    let env = condition::moment(tx, ctx)?;
    let draft = draft::read(tx, &env, input)?;
    draft::check_values(&draft, others, &env)?;
    Ok(draft)
}
