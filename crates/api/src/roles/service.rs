//! The use cases of roles.

use rapport_domain::access::{Action, Grants, Permit, Subject, decide, may_grant};
use rapport_domain::context::Context;
use rapport_domain::text::{self, TextError};
use rapport_persistence::roles::{
    RoleRow, grants_to_stored, guard_pass, role_count_users, role_delete, role_find, role_insert, role_list,
    role_update,
};
use rapport_persistence::types::{Id, Json};
use rapport_persistence::{Db, Tx};
use uuid::Uuid;

use super::dto::{CreateRole, RoleList, RoleView, UpdateRole};
use crate::extract::version::check_version;
use crate::problem::{Code, FieldError, Problem};
use crate::records::reply::Reply;
use crate::session::GrantView;

/// How many roles there may be.
const MAX_ROLES: usize = 200;

/// Every role.
pub(super) fn list(db: &mut Db, context: &Context) -> Result<Reply, Problem> {
    let data = role_list(db)?.iter().map(|row| RoleView::of(row, context.locale)).collect();
    Reply::ok(&RoleList { data })
}

/// One role.
pub(super) fn get(db: &mut Db, context: &Context, id: Uuid) -> Result<Reply, Problem> {
    let row = find(db, id)?;
    reply(200, &row, context)
}

/// Adds a role that grants no more than its maker has.
pub(super) fn create(tx: &mut Tx<'_>, context: &Context, input: &CreateRole) -> Result<Reply, Problem> {
    let permit = enter(tx, context)?;
    let mut errors = Vec::new();
    check_key(&input.key, &mut errors);
    let names = input.names.read(&mut errors);
    let description = description(&input.description, &mut errors);
    let grants = read_grants(&input.grants, &mut errors);
    Problem::check(errors)?;
    check_may_grant(context, &grants)?;
    if role_list(tx)?.len() >= MAX_ROLES {
        return Err(Problem::validation()
            .because(format!("最多 {MAX_ROLES} 个角色"), format!("At most {MAX_ROLES} roles are possible")));
    }
    let (id, now) = (context.next_id(), context.now.into());
    let row = RoleRow {
        id: Id(id),
        key: input.key.clone(),
        names: Json(names),
        description,
        is_builtin: false,
        grants: Json(grants_to_stored(&grants)),
        version: 1,
        created_at: now,
        updated_at: now,
    };
    role_insert(tx, &permit, &row)?;
    Ok(reply(201, &row, context)?.location(format!("/api/v1/roles/{id}")))
}

/// Changes what a merge patch names.
pub(super) fn update(
    tx: &mut Tx<'_>,
    context: &Context,
    id: Uuid,
    expected: Option<i64>,
    patch: &UpdateRole,
) -> Result<Reply, Problem> {
    let permit = enter(tx, context)?;
    let before = changeable(tx, context, id, expected)?;
    let mut row = before.clone();
    let mut errors = Vec::new();
    if let Some(names) = &patch.names {
        row.names = Json(names.read(&mut errors));
    }
    if let Some(typed) = &patch.description {
        row.description = description(typed, &mut errors);
    }
    if let Some(grants) = &patch.grants {
        row.grants = Json(grants_to_stored(&read_grants(grants, &mut errors)));
    }
    Problem::check(errors)?;
    check_may_grant(context, &row.grants())?;
    if row != before {
        row.version += 1;
        row.updated_at = context.now.into();
        role_update(tx, &permit, &row, before.version)?;
    }
    reply(200, &row, context)
}

/// Removes a role that nobody has.
pub(super) fn delete(tx: &mut Tx<'_>, context: &Context, id: Uuid, expected: Option<i64>) -> Result<Reply, Problem> {
    let permit = enter(tx, context)?;
    let row = changeable(tx, context, id, expected)?;
    let users = role_count_users(tx, id)?;
    if users > 0 {
        return Err(Problem::new(Code::InUse).with("counts", serde_json::json!({ "users": users })));
    }
    role_delete(tx, &permit, id, row.version)?;
    Ok(Reply::empty())
}

fn enter(tx: &mut Tx<'_>, context: &Context) -> Result<Permit, Problem> {
    let permit = decide(&context.actor, Action::Configure, Subject::Role, None)?;
    guard_pass(tx, "access")?;
    Ok(permit)
}

fn find(db: &mut Db, id: Uuid) -> Result<RoleRow, Problem> {
    role_find(db, id)?.ok_or_else(|| Problem::new(Code::NotFound))
}

/// A role of one's own making that grants no more than one has; otherwise changing it would be a way to more.
fn changeable(db: &mut Db, context: &Context, id: Uuid, expected: Option<i64>) -> Result<RoleRow, Problem> {
    let row = find(db, id)?;
    check_version(expected, row.version, &RoleView::of(&row, context.locale))?;
    if row.is_builtin {
        return Err(Problem::new(Code::Forbidden).because(
            "内置角色不能修改，请新建角色",
            "A role that comes with Rapport cannot be changed; make a new one",
        ));
    }
    check_may_grant(context, &row.grants())?;
    Ok(row)
}

fn check_may_grant(context: &Context, grants: &Grants) -> Result<(), Problem> {
    if may_grant(&context.actor, grants) {
        return Ok(());
    }
    Err(Problem::new(Code::Forbidden).because("不能授予自己没有的权限", "Nobody grants more than he has"))
}

fn check_key(key: &str, errors: &mut Vec<FieldError>) {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let starts_well = key.bytes().next().is_some_and(|first| first.is_ascii_lowercase());
    if key.len() > 50 || !starts_well || !key.bytes().all(is_word) {
        errors.push(FieldError::at("/key", Code::InvalidValue).because(
            "小写字母开头，只含小写字母、数字和下划线，最多 50 个字符",
            "Up to 50 small letters, digits and underscores, a letter first",
        ));
    }
}

fn description(typed: &str, errors: &mut Vec<FieldError>) -> String {
    match text::prose(typed, 1000) {
        Ok(clean) => clean,
        Err(TextError::Empty) => String::new(),
        Err(error) => {
            errors.push(FieldError::of_text("/description", error));
            String::new()
        }
    }
}

/// The cells, each with a meaning: no `configure` on leads, no `own` on people.
fn read_grants(cells: &[GrantView], errors: &mut Vec<FieldError>) -> Grants {
    if cells.len() > 200 {
        errors.push(FieldError::at("/grants", Code::TooLong).with("max", 200));
        return Grants::none();
    }
    for (index, (subject, action, scope)) in cells.iter().map(GrantView::triple).enumerate() {
        if !subject.admits(action) {
            errors.push(FieldError::at(format!("/grants/{index}/action"), Code::InvalidValue));
        } else if !subject.admits_scope(scope) {
            errors.push(FieldError::at(format!("/grants/{index}/scope"), Code::InvalidValue));
        }
    }
    Grants::from_triples(cells.iter().map(GrantView::triple))
}

fn reply(status: u16, row: &RoleRow, context: &Context) -> Result<Reply, Problem> {
    Ok(Reply::json(status, &RoleView::of(row, context.locale))?.record(row.id.0, row.version))
}
