//! The use cases of teams.

use rapport_domain::access::{Action, Permit, Subject, decide};
use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_domain::team::{Tree, TreeError};
use rapport_domain::text;
use rapport_persistence::assignment_rules::assignment_rule_count_of_team;
use rapport_persistence::customer_pools::customer_pool_count_of_team;
use rapport_persistence::records::record_close;
use rapport_persistence::roles::guard_pass;
use rapport_persistence::teams::{TeamRow, team_delete, team_find, team_insert, team_list, team_pairs, team_update};
use rapport_persistence::types::Id;
use rapport_persistence::users::user_count_of_team;
use rapport_persistence::{Db, Tx};
use uuid::Uuid;

use super::dto::{CreateTeam, TeamList, TeamView, UpdateTeam};
use crate::extract::version::check_version;
use crate::pools;
use crate::problem::{Code, FieldError, Problem};
use crate::records::reply::Reply;

/// How many teams there may be.
const MAX_TEAMS: usize = 1000;

/// Every team.
pub(super) fn list(db: &mut Db) -> Result<Reply, Problem> {
    let data = team_list(db)?.iter().map(TeamView::from).collect();
    Reply::ok(&TeamList { data })
}

/// One team.
pub(super) fn get(db: &mut Db, id: Uuid) -> Result<Reply, Problem> {
    reply(200, &find(db, id)?)
}

/// Adds a team.
pub(super) fn create(tx: &mut Tx<'_>, context: &Context, input: &CreateTeam) -> Result<Reply, Problem> {
    let permit = enter(tx, context)?;
    let now = context.now.into();
    let id = context.next_id();
    let name = name(&input.name)?;
    if team_pairs(tx)?.len() >= MAX_TEAMS {
        return Err(Problem::validation()
            .because(format!("最多 {MAX_TEAMS} 个团队"), format!("At most {MAX_TEAMS} teams are possible")));
    }
    check_parent(tx, id, input.parent_id)?;
    let row =
        TeamRow { id: Id(id), name, parent_id: input.parent_id.map(Id), version: 1, created_at: now, updated_at: now };
    team_insert(tx, &permit, &row)?;
    Ok(reply(201, &row)?.location(format!("/api/v1/teams/{id}")))
}

/// Changes what a merge patch names.
pub(super) fn update(
    tx: &mut Tx<'_>,
    context: &Context,
    id: Uuid,
    expected: Option<i64>,
    patch: &UpdateTeam,
) -> Result<Reply, Problem> {
    let permit = enter(tx, context)?;
    let before = find(tx, id)?;
    check_version(expected, before.version, &TeamView::from(&before))?;
    let mut row = before.clone();
    if let Some(typed) = &patch.name {
        row.name = name(typed)?;
    }
    if let Some(parent) = patch.parent_id {
        check_parent(tx, id, parent)?;
        row.parent_id = parent.map(Id);
    }
    if row != before {
        row.version += 1;
        row.updated_at = context.now.into();
        let is_moved = row.parent_id != before.parent_id;
        if is_moved {
            pools::close(tx)?;
        }
        team_update(tx, &permit, &row, before.version)?;
        if is_moved {
            pools::serving_changed(tx, context)?;
        }
    }
    reply(200, &row)
}

/// Removes a team that nobody and nothing belongs to, and that no rule gives leads to.
pub(super) fn delete(tx: &mut Tx<'_>, context: &Context, id: Uuid, expected: Option<i64>) -> Result<Reply, Problem> {
    let permit = enter(tx, context)?;
    let row = find(tx, id)?;
    check_version(expected, row.version, &TeamView::from(&row))?;
    record_close(tx, RecordKind::Team, id)?;
    let users = user_count_of_team(tx, id)?;
    let teams = team_pairs(tx)?.iter().filter(|(_, parent)| *parent == Some(id)).count();
    let rules = assignment_rule_count_of_team(tx, id)?;
    let pools = customer_pool_count_of_team(tx, id)?;
    if users > 0 || teams > 0 || rules > 0 || pools > 0 {
        let counts =
            serde_json::json!({ "users": users, "teams": teams, "assignment_rules": rules, "customer_pools": pools });
        return Err(Problem::new(Code::InUse).with("counts", counts));
    }
    team_delete(tx, &permit, id, row.version)?;
    Ok(Reply::empty())
}

/// Leave to change teams. Those who do, do so one after another, so that two moves cannot close a circle together.
fn enter(tx: &mut Tx<'_>, context: &Context) -> Result<Permit, Problem> {
    let permit = decide(&context.actor, Action::Configure, Subject::Team, None)?;
    guard_pass(tx, "teams")?;
    Ok(permit)
}

fn find(db: &mut Db, id: Uuid) -> Result<TeamRow, Problem> {
    team_find(db, id)?.ok_or_else(|| Problem::new(Code::NotFound))
}

fn name(typed: &str) -> Result<String, Problem> {
    text::line(typed, 100).map_err(|error| Problem::of_fields(vec![FieldError::of_text("/name", error)]))
}

fn check_parent(db: &mut Db, id: Uuid, parent: Option<Uuid>) -> Result<(), Problem> {
    let Some(parent) = parent else { return Ok(()) };
    let pairs = team_pairs(db)?;
    if parent != id && !pairs.iter().any(|(team, _)| *team == parent) {
        return Err(Problem::validation()
            .error(FieldError::at("/parent_id", Code::InvalidValue).because("团队不存在", "There is no such team")));
    }
    match Tree::from_pairs(pairs).check_parent(id, parent) {
        Ok(()) => Ok(()),
        Err(TreeError::Cycle) => Err(Problem::new(Code::Cycle).at("/parent_id", Code::Cycle)),
        Err(TreeError::TooDeep) => {
            let error = FieldError::at("/parent_id", Code::InvalidValue)
                .because("团队层级过多", "The tree of teams would be too deep");
            Err(Problem::validation().error(error))
        }
    }
}

fn reply(status: u16, row: &TeamRow) -> Result<Reply, Problem> {
    Ok(Reply::json(status, &TeamView::from(row))?.record(row.id.0, row.version))
}
