//! Rows of teams, the nodes of the organisation tree.

use diesel::prelude::*;
use rapport_domain::access::Permit;
use uuid::Uuid;

use self::owned::{activities, contacts, customers, leads, opportunities};
use crate::access::access_changed;
use crate::connection::Db;
use crate::error::StoreError;
use crate::people_schema::teams;
use crate::reassignment::hold_row;
use crate::store::Tx;
use crate::types::{Id, Instant};

/// A team.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = teams, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct TeamRow {
    /// The id.
    pub id: Id,
    /// Its name, unique.
    pub name: String,
    /// The team it belongs to.
    pub parent_id: Option<Id>,
    /// Starts at 1, one more with every change.
    pub version: i64,
    /// When it was made.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

/// Every team, by name.
///
/// # Errors
/// When the database fails.
pub fn team_list(db: &mut Db) -> Result<Vec<TeamRow>, StoreError> {
    Ok(teams::table.select(TeamRow::as_select()).order((teams::name, teams::id)).load(db)?)
}

/// One team.
///
/// # Errors
/// When the database fails.
pub fn team_find(db: &mut Db, id: Uuid) -> Result<Option<TeamRow>, StoreError> {
    Ok(teams::table.filter(teams::id.eq(Id(id))).select(TeamRow::as_select()).get_result(db).optional()?)
}

/// The team that somebody comes to: it stays until the transaction ends.
///
/// # Errors
/// When the database fails.
pub fn team_hold(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<TeamRow>, StoreError> {
    Ok(hold_row!(tx, teams::table.filter(teams::id.eq(Id(id))).select(TeamRow::as_select()))?)
}

/// The tree: each team with the one above it.
///
/// # Errors
/// When the database fails.
pub fn team_pairs(db: &mut Db) -> Result<Vec<(Uuid, Option<Uuid>)>, StoreError> {
    let pairs: Vec<(Id, Option<Id>)> = teams::table.select((teams::id, teams::parent_id)).order(teams::id).load(db)?;
    Ok(pairs.into_iter().map(|(id, parent)| (id.0, parent.map(|parent| parent.0))).collect())
}

/// Adds a team.
///
/// # Errors
/// `Unique("teams_name_unique")` when the name is taken.
pub fn team_insert(tx: &mut Tx<'_>, _permit: &Permit, row: &TeamRow) -> Result<(), StoreError> {
    diesel::insert_into(teams::table).values(row).execute(&mut **tx)?;
    access_changed(tx)
}

/// Overwrites a team that still has `version`.
///
/// # Errors
/// `Stale` when it has not, `Unique("teams_name_unique")` when the name is taken.
pub fn team_update(tx: &mut Tx<'_>, _permit: &Permit, row: &TeamRow, version: i64) -> Result<(), StoreError> {
    let mine = teams::table.filter(teams::id.eq(row.id)).filter(teams::version.eq(version));
    match diesel::update(mine).set(row).execute(&mut **tx)? {
        0 => Err(StoreError::Stale),
        _ => access_changed(tx),
    }
}

/// Removes a team that still has `version`.
///
/// # Errors
/// `Stale` when it has not, `Reference` while users, records or teams belong to it.
pub fn team_delete(tx: &mut Tx<'_>, _permit: &Permit, id: Uuid, version: i64) -> Result<(), StoreError> {
    let mine = teams::table.filter(teams::id.eq(Id(id))).filter(teams::version.eq(version));
    match diesel::delete(mine).execute(&mut **tx)? {
        0 => Err(StoreError::Stale),
        _ => access_changed(tx),
    }
}

/// Moves everything a user owns to a team: records belong to the team of their owner.
///
/// # Errors
/// When the database fails.
pub fn records_follow_owner(
    tx: &mut Tx<'_>,
    _permit: &Permit,
    owner: Uuid,
    team: Option<Uuid>,
) -> Result<(), StoreError> {
    let team = team.map(Id);
    macro_rules! follow {
        ($($table:ident),+) => {$(
            let mine = $table::table.filter($table::owner_id.eq(Id(owner)));
            diesel::update(mine).set($table::team_id.eq(team)).execute(&mut **tx)?;
        )+};
    }
    follow!(customers, contacts, leads, opportunities, activities);
    Ok(())
}

/// The owned tables as far as this module needs them.
mod owned {
    macro_rules! owned {
        ($($table:ident),+) => {$(
            diesel::table! {
                use diesel::sql_types::*;
                use crate::types::Uid;
                $table (id) {
                    id -> Uid,
                    owner_id -> Nullable<Uid>,
                    team_id -> Nullable<Uid>,
                }
            }
        )+};
    }
    owned!(customers, contacts, leads, opportunities, activities);
}
