//! Rows of the templates of activities: everybody's, and those that somebody keeps for themselves.

use diesel::prelude::*;
use uuid::Uuid;

use crate::connection::Db;
use crate::error::StoreError;
use crate::file_schema::activity_templates as templates;
use crate::store::Tx;
use crate::types::{Id, Instant};

/// What an activity can begin as.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = templates, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ActivityTemplateRow {
    /// The id.
    pub id: Id,
    /// Whose it is; everybody's without one.
    pub owner_id: Option<Id>,
    /// Its name.
    pub name: String,
    /// The name as it is compared: no two of the same people share it.
    pub name_key: String,
    /// Its place among theirs.
    pub position: i32,
    /// What kind of activity it makes.
    pub kind: String,
    /// The subject.
    pub subject: Option<String>,
    /// The text.
    pub body: Option<String>,
    /// Who begins it.
    pub direction: Option<String>,
    /// What comes of it.
    pub outcome: Option<String>,
    /// How much it matters.
    pub priority: Option<String>,
    /// How long it takes.
    pub duration_minutes: Option<i64>,
    /// After how many days a task follows.
    pub follow_up_days: Option<i32>,
    /// What that is.
    pub follow_up_name: Option<String>,
    /// Starts at 1, one more with every change.
    pub version: i64,
    /// When it was made.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

/// Everybody's templates in order, and then those of `user`.
///
/// # Errors
/// When the database fails.
pub fn activity_templates_of(db: &mut Db, user: Uuid) -> Result<Vec<ActivityTemplateRow>, StoreError> {
    let mut rows = activity_templates_owned(db, None)?;
    rows.extend(activity_templates_owned(db, Some(user))?);
    Ok(rows)
}

/// The templates of somebody, or everybody's, in order.
///
/// # Errors
/// When the database fails.
pub fn activity_templates_owned(db: &mut Db, owner: Option<Uuid>) -> Result<Vec<ActivityTemplateRow>, StoreError> {
    let order = (templates::position, templates::id);
    Ok(match owner {
        Some(owner) => templates::table.filter(templates::owner_id.eq(Id(owner))).order(order).load(db)?,
        None => templates::table.filter(templates::owner_id.is_null()).order(order).load(db)?,
    })
}

/// One template, whosever it is.
///
/// # Errors
/// When the database fails.
pub fn activity_template_find(db: &mut Db, id: Uuid) -> Result<Option<ActivityTemplateRow>, StoreError> {
    Ok(templates::table.filter(templates::id.eq(Id(id))).first(db).optional()?)
}

/// Adds a template.
///
/// # Errors
/// `Unique` when the name or the id is taken.
pub fn activity_template_insert(tx: &mut Tx<'_>, row: &ActivityTemplateRow) -> Result<(), StoreError> {
    diesel::insert_into(templates::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// Overwrites the template that still has `version`.
///
/// # Errors
/// `Stale` when it has not, `Unique` when the name is taken.
pub fn activity_template_update(tx: &mut Tx<'_>, row: &ActivityTemplateRow, version: i64) -> Result<(), StoreError> {
    let mine = templates::table.filter(templates::id.eq(row.id)).filter(templates::version.eq(version));
    match diesel::update(mine).set(row).execute(&mut **tx)? {
        0 => Err(StoreError::Stale),
        _ => Ok(()),
    }
}

/// Removes a template.
///
/// # Errors
/// When the database fails.
pub fn activity_template_delete(tx: &mut Tx<'_>, id: Id) -> Result<(), StoreError> {
    diesel::delete(templates::table.filter(templates::id.eq(id))).execute(&mut **tx)?;
    Ok(())
}
