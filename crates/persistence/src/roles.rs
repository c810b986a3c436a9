//! Rows of roles, and who has which.

use std::collections::BTreeMap;

use diesel::prelude::*;
use rapport_domain::access::{Action, Grants, Permit, Scope, Subject};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::access::access_changed;
use crate::connection::{Both, Db};
use crate::error::StoreError;
use crate::people_schema::{guards, roles, user_roles};
use crate::store::Tx;
use crate::types::{Id, Instant, Json};

/// A role.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = roles, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct RoleRow {
    /// The id.
    pub id: Id,
    /// A word that never changes: `sales`.
    pub key: String,
    /// Its name, by language.
    pub names: Json<BTreeMap<String, String>>,
    /// What it is for.
    pub description: String,
    /// Whether it comes with Rapport and cannot be changed or deleted.
    pub is_builtin: bool,
    /// What it allows.
    pub grants: Json<Vec<StoredGrant>>,
    /// Starts at 1, one more with every change.
    pub version: i64,
    /// When it was made.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

/// One cell of a role as it is stored, in the words of the interface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredGrant {
    /// What the grant speaks of.
    #[serde(rename = "type")]
    pub subject: String,
    /// What may be done.
    pub action: String,
    /// How far.
    pub scope: String,
}

/// Grants as they are stored.
#[must_use]
pub fn grants_to_stored(grants: &Grants) -> Vec<StoredGrant> {
    grants
        .iter()
        .map(|(subject, action, scope)| StoredGrant {
            subject: subject.as_str().to_owned(),
            action: action.as_str().to_owned(),
            scope: scope.as_str().to_owned(),
        })
        .collect()
}

/// Stored grants as the policy reads them; words that mean nothing any more grant nothing.
#[must_use]
pub fn grants_from_stored(stored: &[StoredGrant]) -> Grants {
    Grants::from_triples(stored.iter().filter_map(|grant| {
        Some((Subject::parse(&grant.subject)?, Action::parse(&grant.action)?, Scope::parse(&grant.scope)?))
    }))
}

impl RoleRow {
    /// What the role allows.
    #[must_use]
    pub fn grants(&self) -> Grants {
        grants_from_stored(&self.grants.0)
    }
}

/// Every role, built-in ones first.
///
/// # Errors
/// When the database fails.
pub fn role_list(db: &mut Db) -> Result<Vec<RoleRow>, StoreError> {
    Ok(roles::table
        .select(RoleRow::as_select())
        .order((roles::is_builtin.desc(), roles::created_at, roles::id))
        .load(db)?)
}

/// One role.
///
/// # Errors
/// When the database fails.
pub fn role_find(db: &mut Db, id: Uuid) -> Result<Option<RoleRow>, StoreError> {
    Ok(roles::table.filter(roles::id.eq(Id(id))).select(RoleRow::as_select()).get_result(db).optional()?)
}

/// The role with a key.
///
/// # Errors
/// When the database fails.
pub fn role_find_by_key(db: &mut Db, key: &str) -> Result<Option<RoleRow>, StoreError> {
    Ok(roles::table.filter(roles::key.eq(key)).select(RoleRow::as_select()).get_result(db).optional()?)
}

/// The roles of a user, in the order of their keys.
///
/// # Errors
/// When the database fails.
pub fn roles_of_user(db: &mut Db, user: Uuid) -> Result<Vec<RoleRow>, StoreError> {
    let held = user_roles::table.inner_join(roles::table).filter(user_roles::user_id.eq(Id(user)));
    Ok(held.select(RoleRow::as_select()).order(roles::key).load(db)?)
}

/// The roles of several users: pairs of user and role.
///
/// # Errors
/// When the database fails.
pub fn roles_of_users(db: &mut Db, users: &[Uuid]) -> Result<Vec<(Id, RoleRow)>, StoreError> {
    let users: Vec<Id> = users.iter().copied().map(Id).collect();
    let held = user_roles::table.inner_join(roles::table).filter(user_roles::user_id.eq_any(users));
    Ok(held.select((user_roles::user_id, RoleRow::as_select())).order(roles::key).load(db)?)
}

/// How many users have a role.
///
/// # Errors
/// When the database fails.
pub fn role_count_users(db: &mut Db, role: Uuid) -> Result<i64, StoreError> {
    Ok(user_roles::table.filter(user_roles::role_id.eq(Id(role))).count().get_result(db)?)
}

/// Adds a role.
///
/// # Errors
/// `Unique("roles_key_unique")` when the key is taken.
pub fn role_insert(tx: &mut Tx<'_>, _permit: &Permit, row: &RoleRow) -> Result<(), StoreError> {
    diesel::insert_into(roles::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// Adds a role, or brings the grants of the one with this key up to date: how built-in roles follow the program.
///
/// # Errors
/// When the database fails.
pub fn role_put(tx: &mut Tx<'_>, _permit: &Permit, row: &RoleRow) -> Result<(), StoreError> {
    if let Some(known) = role_find_by_key(tx, &row.key)? {
        if known.grants == row.grants && known.names == row.names {
            return Ok(());
        }
        let values = (
            roles::grants.eq(&row.grants),
            roles::names.eq(&row.names),
            roles::version.eq(known.version + 1),
            roles::updated_at.eq(row.updated_at),
        );
        diesel::update(roles::table.filter(roles::id.eq(known.id))).set(values).execute(&mut **tx)?;
        return access_changed(tx);
    }
    let insert = diesel::insert_into(roles::table).values(row).on_conflict_do_nothing();
    Both(insert).execute(&mut **tx)?;
    Ok(())
}

/// Overwrites a role that still has `version`.
///
/// # Errors
/// `Stale` when it has not.
pub fn role_update(tx: &mut Tx<'_>, _permit: &Permit, row: &RoleRow, version: i64) -> Result<(), StoreError> {
    let mine = roles::table.filter(roles::id.eq(row.id)).filter(roles::version.eq(version));
    match diesel::update(mine).set(row).execute(&mut **tx)? {
        0 => Err(StoreError::Stale),
        _ => access_changed(tx),
    }
}

/// Removes a role that still has `version` and that nobody has.
///
/// # Errors
/// `Stale` when it has not, `Reference` while somebody has it.
pub fn role_delete(tx: &mut Tx<'_>, _permit: &Permit, id: Uuid, version: i64) -> Result<(), StoreError> {
    let mine = roles::table.filter(roles::id.eq(Id(id))).filter(roles::version.eq(version));
    match diesel::delete(mine).execute(&mut **tx)? {
        0 => Err(StoreError::Stale),
        _ => access_changed(tx),
    }
}

/// Gives a user exactly these roles.
///
/// # Errors
/// `Reference` when a role does not exist.
pub fn user_set_roles(tx: &mut Tx<'_>, _permit: &Permit, user: Uuid, roles: &[Uuid]) -> Result<(), StoreError> {
    diesel::delete(user_roles::table.filter(user_roles::user_id.eq(Id(user)))).execute(&mut **tx)?;
    for role in roles {
        let row = (user_roles::user_id.eq(Id(user)), user_roles::role_id.eq(Id(*role)));
        diesel::insert_into(user_roles::table).values(row).execute(&mut **tx)?;
    }
    access_changed(tx)
}

/// Stands in line: transactions that pass the same guard run one after the other, on both databases.
///
/// # Errors
/// `Retry` on PostgreSQL when another transaction passed meanwhile; the store then runs the closure again.
pub fn guard_pass(tx: &mut Tx<'_>, name: &str) -> Result<(), StoreError> {
    let row = (guards::name.eq(name), guards::passes.eq(0_i64));
    let insert = diesel::insert_into(guards::table).values(row).on_conflict_do_nothing();
    Both(insert).execute(&mut **tx)?;
    let mine = guards::table.filter(guards::name.eq(name));
    diesel::update(mine).set(guards::passes.eq(guards::passes + 1)).execute(&mut **tx)?;
    Ok(())
}
