//! Rows of people who sign in.

use diesel::prelude::*;
use rapport_domain::access::Permit;
use uuid::Uuid;

use crate::access::access_changed;
use crate::connection::Db;
use crate::error::StoreError;
use crate::people_schema::{user_roles, users};
use crate::store::Tx;
use crate::types::{Id, Instant};

/// A person who signs in.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = users, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct UserRow {
    /// The id.
    pub id: Id,
    /// The name as shown.
    pub name: String,
    /// The name in sorting order (pinyin for Chinese).
    pub name_sort: String,
    /// The address used to sign in, lower case.
    pub email: String,
    /// An argon2id hash in PHC form; none for a user who cannot sign in with a password.
    pub password_hash: Option<String>,
    /// `zh-CN` or `en`.
    pub language: String,
    /// An IANA zone.
    pub time_zone: String,
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// The team he belongs to.
    pub team_id: Option<Id>,
    /// Whom he reports to.
    pub manager_id: Option<Id>,
    /// Whether he may sign in.
    pub is_active: bool,
    /// When he last signed in.
    pub last_sign_in_at: Option<Instant>,
    /// Starts at 1, one more with every change.
    pub version: i64,
    /// When he was added.
    pub created_at: Instant,
    /// When the row last changed.
    pub updated_at: Instant,
}

/// A person as others' records show him.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = users)]
pub struct UserName {
    /// The id.
    pub id: Id,
    /// The name as shown.
    pub name: String,
    /// Whether he may sign in.
    pub is_active: bool,
    /// The team he belongs to.
    pub team_id: Option<Id>,
}

/// Where a page of users begins: after this name and id.
pub type AfterName = (String, Uuid);

/// One user.
///
/// # Errors
/// When the database fails.
pub fn user_find(db: &mut Db, id: Uuid) -> Result<Option<UserRow>, StoreError> {
    Ok(users::table.filter(users::id.eq(Id(id))).select(UserRow::as_select()).get_result(db).optional()?)
}

/// The team of a user, which stays so until the transaction ends.
///
/// PostgreSQL locks the row: a change of team waits for this transaction, and then finds the records it wrote; or this
/// one has waited for the change. SQLite has one writer.
///
/// # Errors
/// When the database fails.
pub fn user_team_hold(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<HeldTeam>, StoreError> {
    if let Some(user) = tx.held.users.get(&id) {
        return Ok(Some(*user));
    }
    let held = match &mut **tx {
        Db::Sqlite(c) => users::table.filter(users::id.eq(Id(id))).select(HeldTeam::as_select()).get_result(c),
        Db::Pg(c) => users::table.filter(users::id.eq(Id(id))).select(HeldTeam::as_select()).for_share().get_result(c),
    };
    let held = held.optional()?;
    tx.held.users.extend(held.map(|user| (id, user)));
    Ok(held)
}

/// What records take over from their owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = users)]
pub struct HeldTeam {
    /// Whether he may be given records.
    pub is_active: bool,
    /// The team.
    pub team_id: Option<Id>,
}

/// The user who signs in with an address (in its normal form).
///
/// # Errors
/// When the database fails.
pub fn user_find_by_email(db: &mut Db, email: &str) -> Result<Option<UserRow>, StoreError> {
    Ok(users::table.filter(users::email.eq(email)).select(UserRow::as_select()).get_result(db).optional()?)
}

/// A page of users by name.
///
/// # Errors
/// When the database fails.
pub fn user_list(db: &mut Db, after: Option<&AfterName>, limit: i64) -> Result<Vec<UserRow>, StoreError> {
    let query =
        users::table.select(UserRow::as_select()).order((users::name_sort, users::id)).limit(limit).into_boxed();
    let query = match after {
        Some((name, id)) => query
            .filter(users::name_sort.gt(name.clone()).or(users::name_sort.eq(name.clone()).and(users::id.gt(Id(*id))))),
        None => query,
    };
    Ok(query.load(db)?)
}

/// The names of users, by id.
///
/// # Errors
/// When the database fails.
pub fn user_names(db: &mut Db, ids: &[Uuid]) -> Result<Vec<UserName>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Id> = ids.iter().copied().map(Id).collect();
    Ok(users::table.filter(users::id.eq_any(ids)).select(UserName::as_select()).load(db)?)
}

/// Everyone's names, in order, for pickers.
///
/// # Errors
/// When the database fails.
pub fn user_directory(db: &mut Db) -> Result<Vec<UserName>, StoreError> {
    let order = (users::is_active.desc(), users::name_sort, users::id);
    Ok(users::table.select(UserName::as_select()).order(order).limit(5000).load(db)?)
}

/// How many users a team has.
///
/// # Errors
/// When the database fails.
pub fn user_count_of_team(db: &mut Db, team: Uuid) -> Result<i64, StoreError> {
    Ok(users::table.filter(users::team_id.eq(Id(team))).count().get_result(db)?)
}

/// Those who report to somebody.
///
/// # Errors
/// When the database fails.
pub fn user_reports(db: &mut Db, manager: Uuid) -> Result<Vec<Uuid>, StoreError> {
    let theirs = users::table.filter(users::manager_id.eq(Id(manager))).select(users::id).order(users::id);
    Ok(theirs.load::<Id>(db)?.into_iter().map(|id| id.0).collect())
}

/// Who reports to whom, for everyone: to prove that a new manager closes no circle.
///
/// # Errors
/// When the database fails.
pub fn user_managers(db: &mut Db) -> Result<Vec<(Id, Option<Id>)>, StoreError> {
    Ok(users::table.select((users::id, users::manager_id)).load(db)?)
}

/// Whether anybody is there yet.
///
/// # Errors
/// When the database fails.
pub fn user_exists(db: &mut Db) -> Result<bool, StoreError> {
    Ok(users::table.select(users::id).limit(1).get_result::<Id>(db).optional()?.is_some())
}

/// Active users, other than `except`, who have the role.
///
/// # Errors
/// When the database fails.
pub fn user_count_active_with_role(db: &mut Db, role: Uuid, except: Option<Uuid>) -> Result<i64, StoreError> {
    let holders = user_roles::table.filter(user_roles::role_id.eq(Id(role))).select(user_roles::user_id);
    let others = users::table
        .filter(users::is_active.eq(true))
        .filter(users::id.eq_any(holders))
        .filter(users::id.ne(Id(except.unwrap_or_else(Uuid::nil))));
    Ok(others.count().get_result(db)?)
}

/// Adds a user.
///
/// # Errors
/// `Unique("users_email_unique")` when the address is taken.
pub fn user_insert(tx: &mut Tx<'_>, _permit: &Permit, row: &UserRow) -> Result<(), StoreError> {
    diesel::insert_into(users::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// Overwrites a user who still has `version`.
///
/// # Errors
/// `Stale` when he has not, `Unique("users_email_unique")` when the address is taken.
pub fn user_update(tx: &mut Tx<'_>, _permit: &Permit, row: &UserRow, version: i64) -> Result<(), StoreError> {
    let mine = users::table.filter(users::id.eq(row.id)).filter(users::version.eq(version));
    match diesel::update(mine).set(row).execute(&mut **tx)? {
        0 => Err(StoreError::Stale),
        _ => access_changed(tx),
    }
}

/// What a user may change about himself.
#[derive(Clone, Debug)]
pub struct Preferences {
    /// The name as shown, and in sorting order.
    pub name: (String, String),
    /// `zh-CN` or `en`.
    pub language: String,
    /// An IANA zone.
    pub time_zone: String,
    /// `system`, `light` or `dark`.
    pub theme: String,
}

/// Saves a user's own preferences, if he still has `version`.
///
/// # Errors
/// `Stale` when he has not.
pub fn user_set_preferences(
    tx: &mut Tx<'_>,
    id: Uuid,
    version: i64,
    new: &Preferences,
    now: Instant,
) -> Result<(), StoreError> {
    let mine = users::table.filter(users::id.eq(Id(id))).filter(users::version.eq(version));
    let values = (
        users::name.eq(&new.name.0),
        users::name_sort.eq(&new.name.1),
        users::language.eq(&new.language),
        users::time_zone.eq(&new.time_zone),
        users::theme.eq(&new.theme),
        users::version.eq(version + 1),
        users::updated_at.eq(now),
    );
    match diesel::update(mine).set(values).execute(&mut **tx)? {
        0 => Err(StoreError::Stale),
        _ => access_changed(tx),
    }
}

/// Replaces a user's password hash. Whoever changes a password proves that he may by the old one or by a permit.
///
/// # Errors
/// When the database fails.
pub fn user_set_password(tx: &mut Tx<'_>, id: Uuid, hash: &str, now: Instant) -> Result<(), StoreError> {
    let values = (users::password_hash.eq(hash), users::version.eq(users::version + 1), users::updated_at.eq(now));
    diesel::update(users::table.filter(users::id.eq(Id(id)))).set(values).execute(&mut **tx)?;
    access_changed(tx)
}

/// Notes a successful sign-in; this is no change of the record, so its version stays.
///
/// # Errors
/// When the database fails.
pub fn user_signed_in(tx: &mut Tx<'_>, id: Uuid, at: Instant) -> Result<(), StoreError> {
    let mine = users::table.filter(users::id.eq(Id(id)));
    diesel::update(mine).set(users::last_sign_in_at.eq(at)).execute(&mut **tx)?;
    Ok(())
}
