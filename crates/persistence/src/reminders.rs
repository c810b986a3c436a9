//! Whom to remind of what they have to do, by the clock: read from where it was left off, once.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use uuid::Uuid;

use crate::connection::{Both, Db};
use crate::error::StoreError;
use crate::fragment::{Bind, Fragment};
use crate::schema::sweeps;
use crate::store::Tx;
use crate::types::{Id, Instant, Ts, Uid};

/// The name of the place up to which tasks have been looked at.
const DUE_TASKS: &str = "due_tasks";

/// Something that has come to the time at which its owner wants to know.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct DueTask {
    /// The activity.
    #[diesel(sql_type = Uid)]
    pub id: Id,
    /// Who is to do it.
    #[diesel(sql_type = Uid)]
    pub owner_id: Id,
    /// The time.
    #[diesel(sql_type = Ts)]
    pub remind_at: Instant,
    /// When it is due.
    #[diesel(sql_type = Nullable<Ts>)]
    pub due_at: Option<Instant>,
    /// What its owner has chosen about notifications, as it is stored: the ways by kind.
    #[diesel(sql_type = Nullable<Text>)]
    pub kinds: Option<String>,
    /// How often they get a digest.
    #[diesel(sql_type = Nullable<Text>)]
    pub digest: Option<String>,
}

/// A stretch of time, the beginning left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// After this moment.
    pub after: DateTime<Utc>,
    /// Among those at the same moment: after this one.
    pub after_id: Uuid,
    /// Up to this moment.
    pub until: DateTime<Utc>,
}

/// What comes to its time within a stretch and has not been told to its owner, the earliest first: read from the index of
/// that time. (SQLite takes the tables of a CROSS JOIN in their order, and would begin with the people otherwise.)
///
/// # Errors
/// When the database fails.
pub fn tasks_due(db: &mut Db, stretch: Stretch, limit: i64) -> Result<Vec<DueTask>, StoreError> {
    let sql = Fragment::sql(
        "SELECT activities.id, activities.owner_id, COALESCE(reminder_at, due_at) AS remind_at, due_at, \
         CAST(chosen.kinds AS text) AS kinds, chosen.digest FROM activities CROSS JOIN users \
         LEFT JOIN notification_settings AS chosen ON chosen.user_id = activities.owner_id \
         WHERE users.id = activities.owner_id AND deleted_at IS NULL AND status = 'open' AND owner_id IS NOT NULL AND ",
    )
    .dialect("users.is_active = 1", "users.is_active")
    .push(" AND COALESCE(reminder_at, due_at) <= ")
    .bind(Bind::Instant(Instant(stretch.until)))
    // By itself, too, since SQLite looks for the beginning of a range of an expression in no pair.
    .push(" AND COALESCE(reminder_at, due_at) >= ")
    .bind(Bind::Instant(Instant(stretch.after)))
    .push(" AND (COALESCE(reminder_at, due_at), activities.id) > (")
    .bind(Bind::Instant(Instant(stretch.after)))
    .push(", ")
    .bind(stretch.after_id)
    .push(
        ") AND NOT EXISTS (SELECT 1 FROM notifications AS told WHERE told.subject_id = activities.id \
         AND told.user_id = activities.owner_id AND told.reminded_for = COALESCE(reminder_at, activities.due_at)) \
         ORDER BY COALESCE(reminder_at, due_at), activities.id LIMIT ",
    )
    .bind(Bind::Integer(limit));
    Ok(sql.load_rows(db)?)
}

/// Up to when tasks have been looked at; nothing when they never were.
///
/// # Errors
/// When the database fails.
pub fn tasks_looked_at(db: &mut Db) -> Result<Option<Instant>, StoreError> {
    let place = sweeps::table.filter(sweeps::name.eq(DUE_TASKS)).select(sweeps::reached_at);
    Ok(place.first(db).optional()?)
}

/// Writes up to when tasks have been looked at. Whoever else looks waits until this transaction ends.
///
/// # Errors
/// When the database fails.
pub fn tasks_look(tx: &mut Tx<'_>, until: Instant) -> Result<(), StoreError> {
    let place = (sweeps::name.eq(DUE_TASKS), sweeps::reached_at.eq(until));
    let insert = diesel::insert_into(sweeps::table).values(place).on_conflict(sweeps::name).do_update();
    Both(insert.set(sweeps::reached_at.eq(until))).execute(&mut **tx)?;
    Ok(())
}
