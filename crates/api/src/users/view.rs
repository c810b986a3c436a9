//! Users as they are shown.

use std::collections::HashMap;

use rapport_domain::context::{Context, Locale};
use rapport_domain::text::fold;
use rapport_persistence::Db;
use rapport_persistence::page::{After, SortValue};
use rapport_persistence::roles::roles_of_users;
use rapport_persistence::teams::team_list;
use rapport_persistence::users::{UserRow, user_directory, user_list, user_names};
use uuid::Uuid;

use super::dto::{Directory, DirectoryEntry, UserList, UserListParams, UserView};
use crate::organisation::Language;
use crate::problem::{Code, Problem};
use crate::records::cursor;
use crate::records::list::{ListMeta, MAX_LIMIT, PageInfo};
use crate::records::reply::Reply;
use crate::session::{NamedRef, RoleRef};

/// How many users a picker offers at once.
const OFFERED: usize = 200;
/// What makes the list of users this list, for cursors.
const LIST: &str = "users";

/// A page of users.
pub(super) fn list(db: &mut Db, context: &Context, asked: &UserListParams, key: &[u8]) -> Result<Reply, Problem> {
    let limit = asked.limit.unwrap_or(50);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Problem::new(Code::LimitInvalid).parameter("limit", Code::InvalidValue));
    }
    let after = match asked.cursor.as_deref() {
        Some(text) => Some(place(cursor::open(key, LIST, text)?)?),
        None => None,
    };
    let mut rows = user_list(db, after.as_ref(), limit + 1)?;
    let has_more = rows.len() as i64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(0));
    let next_cursor = rows.last().filter(|_| has_more).map(|last| {
        let after = After { values: vec![SortValue::Text(last.name_sort.clone())], id: last.id.0 };
        cursor::seal(key, LIST, &after)
    });
    let data = views(db, rows, context.locale)?;
    Reply::ok(&UserList { data, page: PageInfo { limit, has_more, next_cursor }, meta: ListMeta::default() })
}

fn place(after: After) -> Result<(String, Uuid), Problem> {
    match after.values.into_iter().next() {
        Some(SortValue::Text(name)) => Ok((name, after.id)),
        _ => Err(Problem::new(Code::CursorInvalid)),
    }
}

/// Rows with the names of teams, managers and roles: three statements, however many rows.
pub(super) fn views(db: &mut Db, rows: Vec<UserRow>, locale: Locale) -> Result<Vec<UserView>, Problem> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id.0).collect();
    let managers: Vec<Uuid> = rows.iter().filter_map(|row| row.manager_id).map(|id| id.0).collect();
    let managers: HashMap<Uuid, String> =
        user_names(db, &managers)?.into_iter().map(|name| (name.id.0, name.name)).collect();
    let teams: HashMap<Uuid, String> = team_list(db)?.into_iter().map(|team| (team.id.0, team.name)).collect();
    let mut roles: HashMap<Uuid, Vec<RoleRef>> = HashMap::new();
    for (user, role) in roles_of_users(db, &ids)? {
        roles.entry(user.0).or_default().push(RoleRef::of(&role, locale));
    }
    let named = |names: &HashMap<Uuid, String>, id: Option<Uuid>| {
        id.and_then(|id| Some(NamedRef { id, name: names.get(&id)?.clone() }))
    };
    Ok(rows
        .into_iter()
        .map(|row| {
            let (team_id, manager_id) = (row.team_id.map(|id| id.0), row.manager_id.map(|id| id.0));
            UserView {
                id: row.id.0,
                name: row.name,
                email: row.email,
                language: Language::parse(&row.language),
                time_zone: row.time_zone,
                team: named(&teams, team_id),
                team_id,
                manager: named(&managers, manager_id),
                manager_id,
                roles: roles.remove(&row.id.0).unwrap_or_default(),
                is_active: row.is_active,
                last_sign_in_at: row.last_sign_in_at.map(|at| at.0),
                version: row.version,
                created_at: row.created_at.0,
                updated_at: row.updated_at.0,
            }
        })
        .collect())
}

/// One user as he is shown.
pub(super) fn view(db: &mut Db, row: UserRow, locale: Locale) -> Result<UserView, Problem> {
    views(db, vec![row], locale)?.pop().ok_or_else(|| Problem::new(Code::NotFound))
}

/// The users whose name, or its pinyin, holds what was typed.
pub(super) fn directory(db: &mut Db, typed: Option<&str>) -> Result<Directory, Problem> {
    let wanted = fold(typed.unwrap_or_default());
    let fits = |name: &str| {
        fold(name).contains(&wanted) || rapport_domain::text::sort_key(name).contains(&wanted.replace(' ', ""))
    };
    let everyone = user_directory(db)?.into_iter();
    let fitting = everyone.filter(|user| wanted.is_empty() || fits(&user.name)).take(OFFERED);
    Ok(Directory {
        data: fitting
            .map(|user| DirectoryEntry { id: user.id.0, name: user.name, is_active: user.is_active })
            .collect(),
    })
}
