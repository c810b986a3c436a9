//! Whom to tell of what has come to its time, by the clock: read from where it was left off, once.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use uuid::Uuid;

use rapport_domain::kind::RecordKind;
use rapport_domain::notification::NotificationKind;

use crate::connection::{Both, Db};
use crate::error::StoreError;
use crate::fragment::{Bind, Fragment};
use crate::schema::sweeps;
use crate::store::Tx;
use crate::types::{Id, Instant, Ts, Uid};

/// What the clock is watched for. Each has a place of its own up to which it has been looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watch {
    /// Activities that are to be done and have come to the time at which their owner wants to know.
    Tasks,
    /// Deals that have become yellow, for their owner.
    Yellow,
    /// Deals that have become red, for their owner.
    Red,
    /// The same, for their owner's manager.
    Managers,
}

impl Watch {
    /// What the notification is about.
    #[must_use]
    pub fn kind(self) -> NotificationKind {
        match self {
            Self::Tasks => NotificationKind::TaskDue,
            Self::Yellow => NotificationKind::OpportunitySlow,
            Self::Red => NotificationKind::OpportunityStale,
            Self::Managers => NotificationKind::OpportunityEscalated,
        }
    }

    /// What kind of record comes to its time.
    #[must_use]
    pub fn subject(self) -> RecordKind {
        match self {
            Self::Tasks => RecordKind::Activity,
            Self::Yellow | Self::Red | Self::Managers => RecordKind::Opportunity,
        }
    }

    /// The name of the place up to which it has been looked at.
    fn place(self) -> &'static str {
        match self {
            Self::Tasks => "due_tasks",
            Self::Yellow => "opportunities_slow",
            Self::Red => "opportunities_stale",
            Self::Managers => "opportunities_escalated",
        }
    }

    /// The time, as the index of the records has it.
    fn at(self) -> &'static str {
        match self {
            Self::Tasks => "COALESCE(due.reminder_at, due.due_at)",
            Self::Yellow => "due.warn_at",
            Self::Red | Self::Managers => "due.stale_at",
        }
    }

    /// The records, and `users`, who are told of them. (SQLite takes the tables of a CROSS JOIN in their order, and would
    /// begin with the people otherwise.)
    fn from(self) -> &'static str {
        match self {
            Self::Tasks => "activities AS due CROSS JOIN users",
            Self::Yellow | Self::Red => "opportunities AS due CROSS JOIN users",
            Self::Managers => "opportunities AS due CROSS JOIN users AS owners CROSS JOIN users",
        }
    }

    /// Which of them are to be told of, as the condition of that index has it, and to whom.
    fn condition(self) -> &'static str {
        match self {
            Self::Tasks => {
                "users.id = due.owner_id AND due.deleted_at IS NULL AND due.status = 'open' AND due.owner_id IS NOT NULL"
            }
            Self::Yellow | Self::Red => "users.id = due.owner_id AND due.deleted_at IS NULL",
            Self::Managers => "owners.id = due.owner_id AND users.id = owners.manager_id AND due.deleted_at IS NULL",
        }
    }
}

/// Something that has come to the time at which somebody wants to know.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct Due {
    /// The record.
    #[diesel(sql_type = Uid)]
    pub id: Id,
    /// Who wants to know.
    #[diesel(sql_type = Uid)]
    pub user_id: Id,
    /// Whose it is.
    #[diesel(sql_type = Uid)]
    pub owner_id: Id,
    /// The time.
    #[diesel(sql_type = Ts)]
    pub at: Instant,
    /// When it is due; a deal is, so to speak, when it becomes stale.
    #[diesel(sql_type = Nullable<Ts>)]
    pub due_at: Option<Instant>,
    /// What they have chosen about notifications, as it is stored: the ways by kind.
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

/// What comes to its time within a stretch and has not been told, the earliest first: read from the index of that time.
///
/// # Errors
/// When the database fails.
pub fn due_within(db: &mut Db, watch: Watch, stretch: Stretch, limit: i64) -> Result<Vec<Due>, StoreError> {
    let at = watch.at();
    let due_at = if watch == Watch::Tasks { "due.due_at" } else { at };
    let sql =
        Fragment::sql("SELECT due.id, users.id AS user_id, due.owner_id, ").push(at).push(" AS at, ").push(due_at);
    let sql = sql.push(" AS due_at, CAST(chosen.kinds AS text) AS kinds, chosen.digest FROM ").push(watch.from());
    let sql = sql.push(" LEFT JOIN notification_settings AS chosen ON chosen.user_id = users.id WHERE ");
    let sql = sql.push(watch.condition()).push(" AND ").dialect("users.is_active = 1", "users.is_active");
    let sql = within(sql, at, stretch).append(news(watch, stretch)).push(" ORDER BY ").push(at).push(", due.id LIMIT ");
    Ok(sql.bind(Bind::Integer(limit)).load_rows(db)?)
}

/// Whose time lies in the stretch. The beginning stands there by itself, too, since SQLite looks for the beginning of a range
/// of an expression in no pair.
fn within(sql: Fragment, at: &'static str, stretch: Stretch) -> Fragment {
    let moment = |at: DateTime<Utc>| Bind::Instant(Instant(at));
    let sql = sql.push(" AND ").push(at).push(" <= ").bind(moment(stretch.until));
    let sql = sql.push(" AND ").push(at).push(" >= ").bind(moment(stretch.after)).push(" AND (").push(at);
    sql.push(", due.id) > (").bind(moment(stretch.after)).push(", ").bind(stretch.after_id).push(")")
}

/// What has not been told. A deal that has become red by now is no longer told to be yellow.
fn news(watch: Watch, stretch: Stretch) -> Fragment {
    let sql = Fragment::sql(
        " AND NOT EXISTS (SELECT 1 FROM notifications AS told WHERE told.subject_id = due.id AND told.kind = '",
    );
    let sql = sql.push(watch.kind().as_str()).push("' AND told.user_id = users.id AND told.reminded_for = ");
    let sql = sql.push(watch.at()).push(")");
    if watch == Watch::Yellow {
        let until = Bind::Instant(Instant(stretch.until));
        return sql.push(" AND (due.stale_at IS NULL OR due.stale_at > ").bind(until).push(")");
    }
    sql
}

/// Up to when has been looked; nothing when it never was.
///
/// # Errors
/// When the database fails.
pub fn looked_at(db: &mut Db, watch: Watch) -> Result<Option<Instant>, StoreError> {
    let place = sweeps::table.filter(sweeps::name.eq(watch.place())).select(sweeps::reached_at);
    Ok(place.first(db).optional()?)
}

/// Writes up to when has been looked. Whoever else looks for the same waits until this transaction ends.
///
/// # Errors
/// When the database fails.
pub fn look(tx: &mut Tx<'_>, watch: Watch, until: Instant) -> Result<(), StoreError> {
    let place = (sweeps::name.eq(watch.place()), sweeps::reached_at.eq(until));
    let insert = diesel::insert_into(sweeps::table).values(place).on_conflict(sweeps::name).do_update();
    Both(insert.set(sweeps::reached_at.eq(until))).execute(&mut **tx)?;
    Ok(())
}
