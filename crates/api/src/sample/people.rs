//! People in teams, as sample and seed data need them.

use std::collections::HashMap;

use rapport_domain::access::{Action, Subject, decide};
use rapport_domain::context::Context;
use rapport_domain::text::sort_key;
use rapport_persistence::Tx;
use rapport_persistence::roles::{role_find_by_key, user_set_roles};
use rapport_persistence::teams::{TeamRow, team_insert, team_list};
use rapport_persistence::types::Id;
use rapport_persistence::users::{UserRow, user_find_by_email, user_insert};

use crate::problem::{Code, Problem};

/// Somebody to be.
#[derive(Clone, Debug, Default)]
pub(crate) struct Member {
    /// The address.
    pub(crate) email: String,
    /// The name.
    pub(crate) name: String,
    /// The key of the role.
    pub(crate) role: &'static str,
    /// The name of the team.
    pub(crate) team: Option<&'static str>,
    /// The address of whoever it is they report to; stands before them.
    pub(crate) manager: Option<&'static str>,
    /// `zh-CN` or `en`.
    pub(crate) language: &'static str,
}

/// Adds the teams that are missing: each with the one above it, which stands before it. Answers all their ids.
pub(crate) fn add_teams(
    tx: &mut Tx<'_>,
    ctx: &Context,
    teams: &[(&'static str, Option<&'static str>)],
) -> Result<HashMap<String, Id>, Problem> {
    let permit = decide(&ctx.actor, Action::Configure, Subject::Team, None)?;
    let mut ids: HashMap<String, Id> = team_list(tx)?.into_iter().map(|team| (team.name, team.id)).collect();
    for (name, parent) in teams {
        if ids.contains_key(*name) {
            continue;
        }
        let row = TeamRow {
            id: Id(ctx.next_id()),
            name: (*name).to_owned(),
            parent_id: parent.and_then(|parent| ids.get(parent).copied()),
            version: 1,
            created_at: ctx.now.into(),
            updated_at: ctx.now.into(),
        };
        team_insert(tx, &permit, &row)?;
        ids.insert(row.name, row.id);
    }
    Ok(ids)
}

/// Adds the people who are missing, all with one password hash or with none. Answers everyone asked for, in order.
pub(crate) fn add_members(
    tx: &mut Tx<'_>,
    ctx: &Context,
    teams: &HashMap<String, Id>,
    members: &[Member],
    password_hash: Option<&str>,
) -> Result<Vec<UserRow>, Problem> {
    let permit = decide(&ctx.actor, Action::Configure, Subject::User, None)?;
    let mut added = Vec::new();
    for member in members {
        if let Some(known) = user_find_by_email(tx, &member.email)? {
            added.push(known);
            continue;
        }
        let manager = member.manager.and_then(|email| added.iter().find(|user: &&UserRow| user.email == email));
        let row = row(ctx, member, teams, manager.map(|user| user.id), password_hash);
        user_insert(tx, &permit, &row)?;
        let role = role_find_by_key(tx, member.role)?.ok_or_else(|| Problem::new(Code::Internal))?;
        user_set_roles(tx, &permit, row.id.0, &[role.id.0])?;
        added.push(row);
    }
    Ok(added)
}

fn row(
    ctx: &Context,
    member: &Member,
    teams: &HashMap<String, Id>,
    manager_id: Option<Id>,
    password_hash: Option<&str>,
) -> UserRow {
    let is_chinese = member.language == "zh-CN";
    UserRow {
        id: Id(ctx.next_id()),
        name: member.name.clone(),
        name_sort: sort_key(&member.name),
        email: member.email.clone(),
        password_hash: password_hash.map(str::to_owned),
        language: member.language.to_owned(),
        time_zone: if is_chinese { "Asia/Shanghai" } else { "Europe/London" }.to_owned(),
        theme: "system".to_owned(),
        team_id: member.team.and_then(|team| teams.get(team).copied()),
        manager_id,
        is_active: true,
        last_sign_in_at: None,
        version: 1,
        created_at: ctx.now.into(),
        updated_at: ctx.now.into(),
    }
}
