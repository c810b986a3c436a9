//! Rows of activities, the timelines made of them, and what they leave with the records they are about.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use rapport_domain::access::{Permit, Visibility};
use rapport_domain::kind::RecordKind;

use crate::connection::Db;
use crate::error::StoreError;
use crate::fragment::{Bind, Fragment};
use crate::page::SortValue;
use crate::reassignment::held;
use crate::record::{Body as _, Record, record_table};
use crate::scope::{about_column, within};
use crate::stale_times::stale_times_keep;
use crate::store::Tx;
use crate::types::{Id, Instant, Json, Uid};

/// What an activity has beside its columns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are those of the API, documented there")]
pub struct ActivityProfile {
    pub body: Option<String>,
    pub direction: Option<String>,
    pub outcome: Option<String>,
    pub duration_minutes: Option<i64>,
    pub participants: Vec<Participant>,
    pub repeat: Option<StoredRepeat>,
    pub next_id: Option<Uuid>,
    /// Whom the text names.
    pub mentions: Vec<Uuid>,
    pub attachments: Vec<Attachment>,
}

/// A file that is attached, as it is shown: what is kept of a file never changes, so that nothing has to be looked up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The file.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub media_type: String,
    /// How many bytes it has.
    pub size: i64,
}

/// When a task comes again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredRepeat {
    /// day, week, month or year.
    pub every: String,
    /// Every so many of them.
    pub interval: u8,
    /// The last day it may be due on.
    pub until: Option<NaiveDate>,
    /// When it was due for the first time.
    pub first: DateTime<Utc>,
    /// The zone whose days and hours these are.
    pub zone: String,
}

/// Somebody who took part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// contact or user.
    pub kind: String,
    /// Who.
    pub id: Uuid,
}

record_table! {
    activities, Activity, profile: ActivityProfile;
    /// The columns of an activity's own.
    #[expect(missing_docs, reason = "the names are those of the API, documented there")]
    pub struct ActivityBody {
        pub kind: String => Text,
        pub status: String => Text,
        pub priority: String => Text,
        pub at: Option<Instant> => Nullable<Ts>,
        pub happened_at: Option<Instant> => Nullable<Ts>,
        pub due_at: Option<Instant> => Nullable<Ts>,
        pub reminder_at: Option<Instant> => Nullable<Ts>,
        pub customer_id: Option<Id> => Nullable<Uid>,
        pub contact_id: Option<Id> => Nullable<Uid>,
        pub lead_id: Option<Id> => Nullable<Uid>,
        pub opportunity_id: Option<Id> => Nullable<Uid>,
        pub profile: Json<ActivityProfile> => Doc,
    }
    sorts {
        due_at => |body| body.due_at.map_or(SortValue::Null, |at| SortValue::Instant(at.0)),
        happened_at => |body| body.happened_at.map_or(SortValue::Null, |at| SortValue::Instant(at.0)),
    }
}

impl ActivityBody {
    /// The records it is about: at most one of each kind.
    #[must_use]
    pub fn about(&self) -> Vec<(RecordKind, Uuid)> {
        RecordKind::ABOUT.into_iter().filter_map(|kind| Some((kind, self.about_of(kind)?.0))).collect()
    }

    fn about_of(&self, kind: RecordKind) -> Option<Id> {
        match kind {
            RecordKind::Customer => self.customer_id,
            RecordKind::Contact => self.contact_id,
            RecordKind::Lead => self.lead_id,
            RecordKind::Opportunity => self.opportunity_id,
            _ => None,
        }
    }

    /// Says which record of a kind it is about, or that there is none; answers which one it was.
    pub fn put_about(&mut self, kind: RecordKind, id: Option<Id>) -> Option<Id> {
        let place = match kind {
            RecordKind::Customer => &mut self.customer_id,
            RecordKind::Contact => &mut self.contact_id,
            RecordKind::Lead => &mut self.lead_id,
            RecordKind::Opportunity => &mut self.opportunity_id,
            _ => return None,
        };
        std::mem::replace(place, id)
    }
}

/// A place in a timeline: everything before it is older.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When.
    pub at: DateTime<Utc>,
    /// Which of those at that time.
    pub id: Uuid,
}

impl Moment {
    /// The condition that a row is older; `at` and `id` are its columns.
    pub(crate) fn older(self) -> Fragment {
        Fragment::sql("(at, id) < (").bind(Bind::Instant(Instant(self.at))).push(", ").bind(self.id).push(")")
    }
}

/// Whose timeline activities belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeline {
    /// What is about a record.
    Of(RecordKind, Uuid),
    /// What a contact took part in, beside what is about them.
    Joined(Uuid),
}

impl Timeline {
    fn condition(self) -> Fragment {
        match self {
            Self::Of(kind, id) => Fragment::sql(about_column(kind)).push(" = ").bind(id),
            Self::Joined(contact) => {
                Fragment::sql("id IN (SELECT activity_id FROM activity_contacts WHERE contact_id = ")
                    .bind(contact)
                    .push(") AND (contact_id IS NULL OR contact_id <> ")
                    .bind(contact)
                    .push(")")
            }
        }
    }
}

/// What was done, newest first: by one of `kinds`, or by any when there are none.
///
/// # Errors
/// When the database fails.
pub fn activities_done(
    db: &mut Db,
    timeline: Timeline,
    kinds: &[&'static str],
    before: Option<Moment>,
    limit: i64,
) -> QueryResult<Vec<Record<ActivityBody>>> {
    let mut sql = Fragment::sql("deleted_at IS NULL AND status = 'done' AND ").append(timeline.condition());
    if !kinds.is_empty() {
        let words = kinds.iter().map(|kind| Bind::Text((*kind).to_owned()));
        sql = sql.push(" AND kind IN (").bind_all(words).push(")").ad_hoc();
    }
    if let Some(before) = before {
        sql = sql.push(" AND ").append(before.older());
    }
    ActivityBody::load(db, sql, Fragment::sql("at DESC, id DESC"), limit)
}

/// Writes down with records when something last happened and what comes next, and so when deals become stale. Their version
/// stays: what is derived is nobody's edit, and nobody's edit is refused because somebody made a call.
///
/// Two activities of one record that end at the same moment wait for each other here, so that the second sees the first.
///
/// # Errors
/// When the database fails.
pub fn activity_marks(tx: &mut Tx<'_>, permit: &Permit, about: &[(RecordKind, Uuid)]) -> Result<(), StoreError> {
    let mut about = about.to_vec();
    about.sort_unstable();
    about.dedup();
    for (kind, id) in about {
        hold(tx, kind, id)?;
        mark(tx, kind, id)?;
        if kind == RecordKind::Opportunity {
            stale_times_keep(tx, permit, id)?;
        }
    }
    Ok(())
}

#[derive(Debug, QueryableByName)]
struct Held {
    #[diesel(sql_type = Uid)]
    #[expect(dead_code, reason = "the statement is run for its effect")]
    id: Id,
}

fn hold(tx: &mut Tx<'_>, kind: RecordKind, id: Uuid) -> QueryResult<()> {
    let sql = Fragment::sql("SELECT id FROM ").push(kind.plural()).push(" WHERE id = ").bind(id);
    let _held: Vec<Held> = sql.append(held()).load_rows(tx)?;
    Ok(())
}

fn mark(tx: &mut Tx<'_>, kind: RecordKind, id: Uuid) -> QueryResult<()> {
    let of = |what: &'static str, status: &'static str| {
        Fragment::sql("(SELECT ")
            .push(what)
            .push(" FROM activities WHERE deleted_at IS NULL AND status = ")
            .push(status)
            .push(" AND ")
            .push(about_column(kind))
            .push(" = ")
            .bind(id)
            .push(")")
    };
    let _marked: Vec<Held> = Fragment::sql("UPDATE ")
        .push(kind.plural())
        .push(" SET last_activity_at = ")
        .append(of("MAX(at)", "'done'"))
        .push(", next_activity_at = ")
        .append(of("MIN(at)", "'open'"))
        .push(" WHERE id = ")
        .bind(id)
        .push(" RETURNING id")
        .load_rows(tx)?;
    Ok(())
}

/// What is still to be done about a record.
///
/// # Errors
/// When the database fails.
pub fn activities_open(db: &mut Db, about: RecordKind, id: Uuid) -> QueryResult<Vec<Record<ActivityBody>>> {
    let sql = Fragment::sql("deleted_at IS NULL AND status = 'open' AND ").append(Timeline::Of(about, id).condition());
    ActivityBody::load(db, sql, Fragment::sql("at, id"), i64::from(i32::MAX))
}

/// The activities with these ids within `visibility`, dead or alive, in no order.
///
/// # Errors
/// When the database fails.
pub fn activities_within(db: &mut Db, visibility: &Visibility, ids: &[Uuid]) -> QueryResult<Vec<Record<ActivityBody>>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let listed = Fragment::sql("id IN (").bind_all(ids.iter().map(|id| (*id).into())).push(") AND ");
    let limit = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    ActivityBody::load(db, listed.append(within(visibility)).ad_hoc(), Fragment::sql("id"), limit)
}

/// What somebody still has to do at a time from `since` on, the earliest first.
///
/// # Errors
/// When the database fails.
pub fn activities_of_owner(
    db: &mut Db,
    owner: Uuid,
    since: Instant,
    limit: i64,
) -> QueryResult<Vec<Record<ActivityBody>>> {
    let sql = Fragment::sql("deleted_at IS NULL AND status = 'open' AND owner_id = ").bind(owner);
    let sql = sql.push(" AND due_at >= ").bind(Bind::Instant(since));
    ActivityBody::load(db, sql, Fragment::sql("due_at, id"), limit)
}

/// What is purged is no longer what activities are about.
pub(crate) fn activities_forget(tx: &mut Tx<'_>, kind: RecordKind, id: Id) -> QueryResult<()> {
    let column = about_column(kind);
    let _left: Vec<Held> = Fragment::sql("UPDATE activities SET ")
        .push(column)
        .push(" = NULL WHERE ")
        .push(column)
        .push(" = ")
        .bind(id.0)
        .push(" RETURNING id")
        .load_rows(tx)?;
    Ok(())
}
