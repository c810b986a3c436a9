//! Adding users, and what a user's team, manager and roles must be.

use rapport_domain::access::{Action, BuiltInRole, Grants, Permit, Subject, decide, may_grant};
use rapport_domain::context::Context;
use rapport_domain::email::EmailAddress;
use rapport_domain::team::would_cycle;
use rapport_domain::text;
use rapport_persistence::roles::{RoleRow, guard_pass, role_find_by_key, role_list, roles_of_user, user_set_roles};
use rapport_persistence::teams::team_hold;
use rapport_persistence::types::Id;
use rapport_persistence::users::{UserRow, user_count_active_with_role, user_find, user_insert, user_managers};
use rapport_persistence::{Db, Tx};
use uuid::Uuid;

use super::dto::CreateUser;
use crate::organisation::organisation;
use crate::problem::{Code, FieldError, Problem};
use crate::session::check_zone;

/// A user who is about to be added, with a password that is already hashed.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// What was asked for.
    pub input: CreateUser,
    /// The hash of the password.
    pub password_hash: Option<String>,
}

/// Adds a user.
///
/// # Errors
/// `forbidden` without the right to, or for roles that allow more than the adding person may do; `validation_failed`;
/// `duplicate` when the address is taken.
pub fn add(tx: &mut Tx<'_>, context: &Context, new: &NewUser) -> Result<UserRow, Problem> {
    let permit = enter(tx, context)?;
    let input = &new.input;
    let mut errors = Vec::new();
    let name = clean_name(&input.name, &mut errors);
    let email = clean_email(&input.email, &mut errors);
    let defaults = organisation(tx)?;
    let time_zone = input.time_zone.clone().unwrap_or(defaults.time_zone);
    errors.extend(check_zone(&time_zone).err());
    let id = context.next_id();
    check_team(tx, input.team_id, &mut errors)?;
    check_manager(tx, id, input.manager_id, &mut errors)?;
    let roles = find_roles(tx, &input.role_ids, &mut errors)?;
    Problem::check(errors)?;
    check_may_give(context, &roles)?;
    let row = UserRow {
        id: Id(id),
        name_sort: text::sort_key(&name),
        name,
        email,
        password_hash: new.password_hash.clone(),
        language: input.language.unwrap_or(defaults.language).as_str().to_owned(),
        time_zone,
        theme: "system".to_owned(),
        team_id: input.team_id.map(Id),
        manager_id: input.manager_id.map(Id),
        is_active: input.is_active,
        last_sign_in_at: None,
        version: 1,
        created_at: context.now.into(),
        updated_at: context.now.into(),
    };
    user_insert(tx, &permit, &row)?;
    user_set_roles(tx, &permit, id, &ids(&roles))?;
    Ok(row)
}

/// Leave to change people. Those who do, do so one after another: who is the last administrator, and who reports to
/// whom, is then the same for all of them.
pub(crate) fn enter(tx: &mut Tx<'_>, context: &Context) -> Result<Permit, Problem> {
    let permit = decide(&context.actor, Action::Configure, Subject::User, None)?;
    guard_pass(tx, "access")?;
    Ok(permit)
}

pub(crate) fn find(db: &mut Db, id: Uuid) -> Result<UserRow, Problem> {
    user_find(db, id)?.ok_or_else(|| Problem::new(Code::NotFound))
}

pub(super) fn ids(roles: &[RoleRow]) -> Vec<Uuid> {
    roles.iter().map(|role| role.id.0).collect()
}

pub(super) fn clean_name(typed: &str, errors: &mut Vec<FieldError>) -> String {
    text::line(typed, 200).unwrap_or_else(|error| {
        errors.push(FieldError::of_text("/name", error));
        String::new()
    })
}

pub(super) fn clean_email(typed: &str, errors: &mut Vec<FieldError>) -> String {
    EmailAddress::parse(typed).map(String::from).unwrap_or_else(|_| {
        errors
            .push(FieldError::at("/email", Code::InvalidValue).because("必须是邮箱地址", "Must be an e-mail address"));
        String::new()
    })
}

/// The team must exist, and stays until the user is in it.
pub(super) fn check_team(tx: &mut Tx<'_>, team: Option<Uuid>, errors: &mut Vec<FieldError>) -> Result<(), Problem> {
    if let Some(team) = team
        && team_hold(tx, team)?.is_none()
    {
        errors.push(FieldError::at("/team_id", Code::InvalidValue).because("团队不存在", "There is no such team"));
    }
    Ok(())
}

/// The manager must exist and must not report to the user, however many steps up.
pub(super) fn check_manager(
    db: &mut Db,
    user: Uuid,
    manager: Option<Uuid>,
    errors: &mut Vec<FieldError>,
) -> Result<(), Problem> {
    let Some(manager) = manager else { return Ok(()) };
    let pairs = user_managers(db)?;
    if manager != user && !pairs.iter().any(|(id, _)| id.0 == manager) {
        errors.push(FieldError::at("/manager_id", Code::InvalidValue).because("用户不存在", "There is no such user"));
        return Ok(());
    }
    let above = |id: Uuid| {
        pairs.iter().find(|(user, _)| user.0 == id).and_then(|(_, manager)| manager.map(|manager| manager.0))
    };
    if would_cycle(user, manager, above) {
        return Err(Problem::new(Code::Cycle).at("/manager_id", Code::Cycle));
    }
    Ok(())
}

/// The roles with these ids, each once.
pub(super) fn find_roles(db: &mut Db, wanted: &[Uuid], errors: &mut Vec<FieldError>) -> Result<Vec<RoleRow>, Problem> {
    if wanted.len() > 20 {
        errors.push(FieldError::at("/role_ids", Code::TooLong).with("max", 20));
    }
    let all = role_list(db)?;
    for (index, id) in wanted.iter().enumerate().filter(|(_, id)| !all.iter().any(|role| role.id.0 == **id)) {
        errors.push(
            FieldError::at(format!("/role_ids/{index}"), Code::InvalidValue)
                .because("角色不存在", "There is no such role")
                .with("id", id.to_string()),
        );
    }
    Ok(all.into_iter().filter(|role| wanted.contains(&role.id.0)).collect())
}

/// Nobody gives more than he has.
pub(super) fn check_may_give(context: &Context, roles: &[RoleRow]) -> Result<(), Problem> {
    let grants: Vec<Grants> = roles.iter().map(RoleRow::grants).collect();
    if may_grant(&context.actor, &Grants::merge(&grants)) {
        return Ok(());
    }
    Err(Problem::new(Code::Forbidden)
        .because("不能授予自己没有的权限", "Nobody gives more rights than he has")
        .at("/role_ids", Code::Forbidden))
}

/// Whoever may do more than I may is not mine to change: setting his password would give me his rights.
pub(crate) fn check_outranks(db: &mut Db, context: &Context, user: Uuid) -> Result<(), Problem> {
    let grants: Vec<Grants> = roles_of_user(db, user)?.iter().map(RoleRow::grants).collect();
    if may_grant(&context.actor, &Grants::merge(&grants)) {
        return Ok(());
    }
    Err(Problem::new(Code::Forbidden).because("该用户的权限比您多", "This user may do more than you may"))
}

/// An administrator who is about to stop being one must not be the last.
pub(super) fn check_not_last_admin(db: &mut Db, user: Uuid) -> Result<(), Problem> {
    let Some(admin) = role_find_by_key(db, BuiltInRole::Admin.as_str())? else { return Ok(()) };
    if user_count_active_with_role(db, admin.id.0, Some(user))? == 0 {
        return Err(Problem::new(Code::LastAdmin));
    }
    Ok(())
}
