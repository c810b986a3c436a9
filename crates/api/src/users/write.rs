//! Changing users.

use rapport_domain::access::{BuiltInRole, Permit};
use rapport_domain::context::Context;
use rapport_domain::text;
use rapport_persistence::Tx;
use rapport_persistence::roles::{roles_of_user, user_set_roles};
use rapport_persistence::sessions::session_revoke_all;
use rapport_persistence::teams::records_follow_owner;
use rapport_persistence::types::Id;
use rapport_persistence::users::{UserRow, user_update};
use uuid::Uuid;

use super::dto::UpdateUser;
use super::service::{
    check_manager, check_may_give, check_not_last_admin, check_outranks, check_team, clean_email, clean_name, enter,
    find, find_roles, ids,
};
use super::view::view;
use crate::extract::version::check_version;
use crate::notifications::digest;
use crate::pools::{self, Pools};
use crate::problem::Problem;
use crate::records::reply::Reply;
use crate::session::check_zone;

/// A change that is about to be made, with a password that is already hashed.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) id: Uuid,
    pub(super) expected: Option<i64>,
    pub(super) patch: UpdateUser,
    pub(super) password_hash: Option<String>,
}

/// Changes what a merge patch names.
pub(super) fn update(tx: &mut Tx<'_>, context: &Context, change: &Change) -> Result<Reply, Problem> {
    let permit = enter(tx, context)?;
    let before = find(tx, change.id)?;
    let current = view(tx, before.clone(), context.locale)?;
    check_version(change.expected, before.version, &current)?;
    check_outranks(tx, context, change.id)?;
    let after = merged(tx, &before, change)?;
    let new = new_roles(tx, context, change)?;
    if loses_admin(tx, &before, &after, new.as_deref())? {
        check_not_last_admin(tx, change.id)?;
    }
    if let Some(roles) = &new {
        user_set_roles(tx, &permit, change.id, roles)?;
    }
    let after = save(tx, context, &permit, &before, after, new.is_some())?;
    Ok(Reply::ok(&view(tx, after.clone(), context.locale)?)?.record(after.id.0, after.version))
}

/// Switches a user off.
///
/// # Errors
/// `last_admin` for the last active administrator.
pub fn switch_off(tx: &mut Tx<'_>, context: &Context, id: Uuid) -> Result<(), Problem> {
    set_active(tx, context, id, false)
}

/// Switches a user on or off.
///
/// # Errors
/// `last_admin` for the last active administrator, 403, 404.
pub(crate) fn set_active(tx: &mut Tx<'_>, context: &Context, id: Uuid, is_active: bool) -> Result<(), Problem> {
    let patch = UpdateUser { is_active: Some(is_active), ..UpdateUser::default() };
    change(tx, context, id, patch).map(drop)
}

/// Lets a user report to somebody else, or to nobody; answers the version.
///
/// # Errors
/// `cycle`, 403, 404.
pub(crate) fn set_manager(tx: &mut Tx<'_>, context: &Context, id: Uuid, manager: Option<Uuid>) -> Result<i64, Problem> {
    let patch = UpdateUser { manager_id: Some(manager), ..UpdateUser::default() };
    let version = change(tx, context, id, patch)?.version;
    version.ok_or_else(|| Problem::internal("a user has no version"))
}

fn change(tx: &mut Tx<'_>, context: &Context, id: Uuid, patch: UpdateUser) -> Result<Reply, Problem> {
    update(tx, context, &Change { id, expected: None, patch, password_hash: None })
}

/// Writes the row if anything has changed, and lets the rest of the database follow.
fn save(
    tx: &mut Tx<'_>,
    context: &Context,
    permit: &Permit,
    before: &UserRow,
    mut after: UserRow,
    has_new_roles: bool,
) -> Result<UserRow, Problem> {
    if after == *before && !has_new_roles {
        return Ok(after);
    }
    after.version = before.version + 1;
    after.updated_at = context.now.into();
    user_update(tx, permit, &after, before.version)?;
    if after.team_id != before.team_id {
        Pools::hold(tx)?;
        records_follow_owner(tx, permit, after.id.0, after.team_id.map(|team| team.0))?;
        pools::owner_moved(tx, context, after.id.0)?;
    }
    if after.time_zone != before.time_zone {
        digest::replan(tx, after.id.0, context.now)?;
    }
    let reason = match (after.is_active, after.password_hash == before.password_hash) {
        (false, _) => "disabled",
        (true, false) => "password",
        (true, true) => return Ok(after),
    };
    session_revoke_all(tx, after.id.0, None, reason, context.now.into())?;
    Ok(after)
}

fn merged(tx: &mut Tx<'_>, before: &UserRow, change: &Change) -> Result<UserRow, Problem> {
    let (patch, mut row, mut errors) = (&change.patch, before.clone(), Vec::new());
    if let Some(typed) = &patch.name {
        row.name = clean_name(typed, &mut errors);
        row.name_sort = text::sort_key(&row.name);
    }
    if let Some(typed) = &patch.email {
        row.email = clean_email(typed, &mut errors);
    }
    if let Some(zone) = &patch.time_zone {
        errors.extend(check_zone(zone).err());
        row.time_zone.clone_from(zone);
    }
    if let Some(team) = patch.team_id {
        check_team(tx, team, &mut errors)?;
        row.team_id = team.map(Id);
    }
    if let Some(manager) = patch.manager_id {
        check_manager(tx, change.id, manager, &mut errors)?;
        row.manager_id = manager.map(Id);
    }
    Problem::check(errors)?;
    row.language = patch.language.map_or(row.language, |language| language.as_str().to_owned());
    row.is_active = patch.is_active.unwrap_or(row.is_active);
    row.password_hash = change.password_hash.clone().or(row.password_hash);
    Ok(row)
}

/// The new roles, if they differ from those the user has; nothing is written yet.
fn new_roles(tx: &mut Tx<'_>, context: &Context, change: &Change) -> Result<Option<Vec<Uuid>>, Problem> {
    let Some(wanted) = &change.patch.role_ids else { return Ok(None) };
    let mut errors = Vec::new();
    let roles = find_roles(tx, wanted, &mut errors)?;
    Problem::check(errors)?;
    check_may_give(context, &roles)?;
    let (mut new, mut old) = (ids(&roles), ids(&roles_of_user(tx, change.id)?));
    new.sort_unstable();
    old.sort_unstable();
    Ok((new != old).then_some(new))
}

/// Whether the user is an active administrator now and will not be one afterwards.
fn loses_admin(
    tx: &mut Tx<'_>,
    before: &UserRow,
    after: &UserRow,
    new_roles: Option<&[Uuid]>,
) -> Result<bool, Problem> {
    let held = roles_of_user(tx, before.id.0)?;
    let Some(admin) = held.iter().find(|role| role.key == BuiltInRole::Admin.as_str()).filter(|_| before.is_active)
    else {
        return Ok(false);
    };
    let stays = after.is_active && new_roles.is_none_or(|roles| roles.contains(&admin.id.0));
    Ok(!stays)
}
