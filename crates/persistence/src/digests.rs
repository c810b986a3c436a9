//! Rows of who gets by e-mail what they have not read: when next, and which one is under way.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use crate::connection::{Both, Db, native};
use crate::error::StoreError;
use crate::fragment::{Bind, Fragment, Statement};
use crate::notifications::{NotificationRow, SELECT};
use crate::people_schema::digests;
use crate::schema::notifications;
use crate::store::Tx;
use crate::types::{Id, Instant};

/// Somebody who gets one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = digests, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct DigestRow {
    /// Who.
    pub user_id: Id,
    /// When to look next: the next one is due, the one under way is tried again, or whoever has it has failed.
    pub due_at: Instant,
    /// What came up to then has been told.
    pub told_until: Instant,
    /// The one that is under way.
    pub mail_id: Option<Id>,
    /// What came up to then stands in the one under way.
    pub mail_until: Option<Instant>,
    /// How often the one under way has been begun.
    pub attempts: i32,
}

/// Those to look at, the longest waiting first.
///
/// # Errors
/// When the database fails.
pub fn digests_due(db: &mut Db, until: Instant, limit: i64) -> Result<Vec<DigestRow>, StoreError> {
    let due = digests::table.filter(digests::due_at.le(until));
    Ok(due.order((digests::due_at, digests::user_id)).limit(limit).load(db)?)
}

/// Somebody's row.
///
/// # Errors
/// When the database fails.
pub fn digest_find(db: &mut Db, user: Uuid) -> Result<Option<DigestRow>, StoreError> {
    Ok(digests::table.filter(digests::user_id.eq(Id(user))).first(db).optional()?)
}

/// From now on somebody gets one, or gets it at another time. One that is under way goes on as it was.
///
/// # Errors
/// When the database fails.
pub fn digest_plan(tx: &mut Tx<'_>, user: Uuid, now: Instant, due_at: Instant) -> Result<(), StoreError> {
    let row = DigestRow { user_id: Id(user), due_at, told_until: now, mail_id: None, mail_until: None, attempts: 0 };
    let insert = diesel::insert_into(digests::table).values(row).on_conflict(digests::user_id).do_nothing();
    if Both(insert).execute(&mut **tx)? == 0 {
        let resting = digests::table.filter(digests::user_id.eq(row.user_id)).filter(digests::mail_id.is_null());
        diesel::update(resting).set(digests::due_at.eq(due_at)).execute(&mut **tx)?;
    }
    Ok(())
}

/// Somebody gets none any more.
///
/// # Errors
/// When the database fails.
pub fn digest_forget(tx: &mut Tx<'_>, user: Uuid) -> Result<(), StoreError> {
    diesel::delete(digests::table.filter(digests::user_id.eq(Id(user)))).execute(&mut **tx)?;
    Ok(())
}

/// Writes `after` where it still is as it was `before`; answers whether it was. Of two who look at once one finds it changed.
///
/// # Errors
/// When the database fails.
pub fn digest_replace(tx: &mut Tx<'_>, before: &DigestRow, after: &DigestRow) -> Result<bool, StoreError> {
    let unchanged = digests::table
        .filter(digests::user_id.eq(before.user_id))
        .filter(digests::due_at.eq(before.due_at))
        .filter(digests::attempts.eq(before.attempts));
    Ok(diesel::update(unchanged).set(after).execute(&mut **tx)? > 0)
}

/// Which lines may stand in a digest.
#[derive(Clone, Debug)]
pub struct Untold {
    /// Whose.
    pub user: Uuid,
    /// Of these kinds.
    pub kinds: Vec<&'static str>,
    /// What came, or came back, after this moment.
    pub after: DateTime<Utc>,
    /// And up to this one.
    pub until: DateTime<Utc>,
}

impl Untold {
    /// Of those in the inbox, or of the others: each a range of an index.
    fn select(&self, place: Fragment, limit: i64) -> Statement<notifications::SqlType> {
        let sql = Fragment::sql(SELECT).append(place).push(" AND read_at IS NULL AND user_id = ").bind(self.user);
        let sql = sql.push(" AND shows_at > ").bind(Bind::Instant(self.after.into()));
        let sql = sql.push(" AND shows_at <= ").bind(Bind::Instant(self.until.into())).push(" AND kind IN (");
        let sql = sql.bind_all(self.kinds.iter().map(|kind| Bind::Text((*kind).to_owned())));
        Statement::of(sql.push(") ORDER BY shows_at DESC, id DESC LIMIT ").bind(Bind::Integer(limit)))
    }
}

/// What somebody has not read and has not been told by e-mail: the newest, newest first.
///
/// # Errors
/// When the database fails.
pub fn digest_lines(db: &mut Db, untold: &Untold, limit: i64) -> Result<Vec<NotificationRow>, StoreError> {
    if untold.kinds.is_empty() {
        return Ok(Vec::new());
    }
    let inbox = untold.select(Fragment::default().dialect("in_inbox = 1", "in_inbox"), limit);
    let mut rows: Vec<NotificationRow> = native!(db, |c| inbox.load(c))?;
    let others = untold.select(Fragment::default().dialect("in_inbox = 0", "NOT in_inbox"), limit);
    rows.extend::<Vec<NotificationRow>>(native!(db, |c| others.load(c))?);
    rows.sort_by_key(|row| std::cmp::Reverse((row.shows_at, row.id)));
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(rows)
}
