//! Rules as they are shown: with the names of whom they speak of, and how much they have given of late.

use std::collections::HashMap;

use chrono::TimeDelta;
use uuid::Uuid;

use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_persistence::assignment_rules::AssignmentRuleRow;
use rapport_persistence::lead_assignments::lead_assignments_since;
use rapport_persistence::names::names_of;
use rapport_persistence::types::{Id, Instant};
use rapport_persistence::users::{UserName, user_names};
use rapport_persistence::{Db, StoreError};

use super::dto::{AssignmentRuleUser, AssignmentRuleView};
use crate::problem::Problem;
use crate::records::reply::Reply;
use crate::records::view::NamedRef;

/// Of how many days it is told what a rule gave.
const DAYS: TimeDelta = TimeDelta::days(30);

/// A rule as an answer, with its version.
pub(super) fn reply(db: &mut Db, ctx: &Context, status: u16, row: &AssignmentRuleRow) -> Result<Reply, Problem> {
    let view = view(db, ctx, row)?;
    Ok(Reply { version: Some(row.version), ..Reply::json(status, &view)? })
}

/// One rule.
pub(super) fn view(db: &mut Db, ctx: &Context, row: &AssignmentRuleRow) -> Result<AssignmentRuleView, Problem> {
    views(db, ctx, std::slice::from_ref(row))?.pop().ok_or_else(|| Problem::internal("no view"))
}

/// Rules, each with its names; as many statements for all of them as for one.
pub(super) fn views(
    db: &mut Db,
    ctx: &Context,
    rows: &[AssignmentRuleRow],
) -> Result<Vec<AssignmentRuleView>, Problem> {
    let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
    let given = lead_assignments_since(db, &ids, Instant(ctx.now - DAYS))?;
    let mut named: Vec<Uuid> = rows.iter().flat_map(|row| row.user_ids.0.iter().copied()).collect();
    named.sort_unstable();
    named.dedup();
    let users: HashMap<Uuid, UserName> = user_names(db, &named)?.into_iter().map(|user| (user.id.0, user)).collect();
    let teams: Vec<Uuid> = rows.iter().filter_map(|row| row.team_id.map(Into::into)).collect();
    let teams: HashMap<Uuid, String> =
        names_of(db, RecordKind::Team, &teams).map_err(StoreError::from)?.into_iter().collect();
    let view = |row: &AssignmentRuleRow| AssignmentRuleView {
        id: row.id.0,
        name: row.name.clone(),
        position: row.position,
        is_active: row.is_active,
        condition: row.condition.clone().map(|json| json.0),
        strategy: row.strategy.clone(),
        user_ids: row.user_ids.0.clone(),
        users: row.user_ids.0.iter().filter_map(|id| users.get(id)).map(user_view).collect(),
        team_id: row.team_id.map(Into::into),
        team: row.team_id.and_then(|team| Some(NamedRef { id: team.0, name: teams.get(&team.0)?.clone() })),
        with_subteams: row.with_subteams,
        working_days: row.working_days.0.clone(),
        max_open: row.max_open,
        max_per_day: row.max_per_day,
        given_30_days: given.get(&row.id).copied().unwrap_or(0),
        version: row.version,
        created_at: row.created_at.0,
        updated_at: row.updated_at.0,
    };
    Ok(rows.iter().map(view).collect())
}

fn user_view(user: &UserName) -> AssignmentRuleUser {
    AssignmentRuleUser { id: user.id.0, name: user.name.clone(), is_active: user.is_active }
}
