//! Rows of what people are told of.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel::upsert::excluded;
use uuid::Uuid;

use rapport_domain::access::Visibility;
use rapport_domain::kind::RecordKind;

use crate::connection::{Both, Db, native};
use crate::error::StoreError;
use crate::fragment::{Bind, Fragment, Statement};
use crate::outbox::{Told, outbox_tell};
use crate::page::{After, SortValue};
use crate::schema::notifications;
use crate::scope;
use crate::store::Tx;
use crate::types::{Id, Instant, Uid};

/// One line of what somebody is told.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = notifications, treat_none_as_default_value = false)]
pub struct NotificationRow {
    /// The id.
    pub id: Id,
    /// Who is told.
    pub user_id: Id,
    /// Which kind of news it is: mentioned, assigned …
    pub kind: String,
    /// The same for whatever is to be told once.
    pub dedupe_key: String,
    /// What kind of record it is about.
    pub subject: String,
    /// Which record; the first, when there are several.
    pub subject_id: Option<Id>,
    /// Whose doing it was; nobody's, when it follows from a rule or from the clock.
    pub actor_id: Option<Id>,
    /// When a task was due, a deal became stale, or a customer goes.
    pub due_at: Option<Instant>,
    /// Which time of a task or a deal it was told for.
    pub reminded_for: Option<Instant>,
    /// How many records it stands for.
    pub stands_for: i32,
    /// Whether it is shown in the inbox.
    pub in_inbox: bool,
    /// When it came.
    pub created_at: Instant,
    /// Where it stands among the others: when it came, or when it comes back.
    pub shows_at: Instant,
    /// When it was read.
    pub read_at: Option<Instant>,
}

/// Tells somebody of something, unless they have been told; answers whether they had not.
///
/// # Errors
/// When the database fails.
pub fn notification_insert(tx: &mut Tx<'_>, row: &NotificationRow) -> Result<bool, StoreError> {
    let insert = diesel::insert_into(notifications::table).values(row);
    let once = insert.on_conflict((notifications::user_id, notifications::dedupe_key)).do_nothing();
    let is_new = Both(once).execute(&mut **tx)? > 0;
    if is_new {
        tell(tx, row.user_id, "create", row.id, row.created_at)?;
    }
    Ok(is_new)
}

/// Their open pages hear of it.
fn tell(tx: &mut Tx<'_>, user: Id, action: &'static str, id: Id, at: Instant) -> QueryResult<()> {
    outbox_tell(tx, &Told { user, what: "notification", action, id, at })
}

/// Tells somebody of one more of what stands in one line, which is news again.
///
/// # Errors
/// When the database fails.
pub fn notification_gather(tx: &mut Tx<'_>, row: &NotificationRow) -> Result<(), StoreError> {
    let insert = diesel::insert_into(notifications::table).values(row);
    let gathered = insert.on_conflict((notifications::user_id, notifications::dedupe_key)).do_update().set((
        notifications::stands_for.eq(notifications::stands_for + 1),
        notifications::created_at.eq(excluded(notifications::created_at)),
        notifications::shows_at.eq(excluded(notifications::shows_at)),
        notifications::read_at.eq(None::<Instant>),
    ));
    Both(gathered).execute(&mut **tx)?;
    // The line may have been there under another id; whoever hears of this one looks at the list.
    Ok(tell(tx, row.user_id, "create", row.id, row.created_at)?)
}

// ---------------------------------------------------------------- reading

/// Which of somebody's notifications.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// What is to be seen now.
    #[default]
    Inbox,
    /// What has been put off and is not back yet.
    Snoozed,
    /// Both.
    All,
}

/// Which notifications are listed.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Whose.
    pub user: Uuid,
    /// Which of them.
    pub standing: Standing,
    /// The moment that it is.
    pub now: Instant,
    /// Only what has not been read (`true`), or what has.
    pub is_unread: Option<bool>,
    /// Only this kind.
    pub kind: Option<&'static str>,
}

impl Listed {
    fn condition(&self) -> Fragment {
        let sql = Fragment::default().dialect("in_inbox = 1", "in_inbox");
        let sql = sql.push(" AND user_id = ").bind(self.user);
        let sql = match self.standing {
            Standing::Inbox => sql.push(" AND shows_at <= ").bind(Bind::Instant(self.now)),
            Standing::Snoozed => sql.push(" AND shows_at > ").bind(Bind::Instant(self.now)),
            Standing::All => sql,
        };
        let sql = match self.is_unread {
            Some(true) => sql.push(" AND read_at IS NULL"),
            Some(false) => sql.push(" AND read_at IS NOT NULL"),
            None => sql,
        };
        match self.kind {
            Some(kind) => sql.push(" AND kind = ").bind(Bind::Text(kind.to_owned())),
            None => sql,
        }
    }
}

/// The columns in the order of the schema.
pub(crate) const SELECT: &str = "SELECT id, user_id, kind, dedupe_key, subject, subject_id, actor_id, due_at, reminded_for, stands_for, in_inbox, \
     created_at, shows_at, read_at FROM notifications WHERE ";

/// A page of somebody's notifications, newest first.
///
/// # Errors
/// When the database fails.
pub fn notification_list(
    db: &mut Db,
    listed: &Listed,
    after: Option<&After>,
    limit: i64,
) -> Result<Vec<NotificationRow>, StoreError> {
    let mut sql = Fragment::sql(SELECT).append(listed.condition());
    if let Some(After { values, id }) = after
        && let Some(SortValue::Instant(at)) = values.first()
    {
        sql = sql.push(" AND (shows_at, id) < (").bind(Bind::Instant(Instant(*at))).push(", ").bind(*id).push(")");
    }
    let sql = sql.push(" ORDER BY shows_at DESC, id DESC LIMIT ").bind(Bind::Integer(limit));
    let query = Statement::<notifications::SqlType>::of(sql);
    Ok(native!(db, |c| query.load(c))?)
}

/// How many unread ones there are to be seen now, but never more than `at_most`.
///
/// # Errors
/// When the database fails.
pub fn notification_count(db: &mut Db, user: Uuid, now: Instant, at_most: i64) -> Result<i64, StoreError> {
    let unread = Listed { user, standing: Standing::Inbox, now, is_unread: Some(true), kind: None };
    let sql = Fragment::sql("SELECT COUNT(*) AS n FROM (SELECT 1 FROM notifications WHERE ")
        .append(unread.condition())
        .push(" LIMIT ")
        .bind(Bind::Integer(at_most))
        .push(") AS counted");
    let counted: Vec<Count> = sql.load_rows(db)?;
    Ok(counted.first().map_or(0, |row| row.n))
}

/// One of somebody's notifications, if it is shown to them.
///
/// # Errors
/// When the database fails.
pub fn notification_find(db: &mut Db, user: Uuid, id: Uuid) -> Result<Option<NotificationRow>, StoreError> {
    let theirs = notifications::table.filter(notifications::id.eq(Id(id))).filter(notifications::user_id.eq(Id(user)));
    Ok(theirs.filter(notifications::in_inbox.eq(true)).first(db).optional()?)
}

// ---------------------------------------------------------------- marking

/// Writes whether one has been read, and where it stands.
///
/// # Errors
/// When the database fails.
pub fn notification_mark(tx: &mut Tx<'_>, row: &NotificationRow, now: Instant) -> Result<(), StoreError> {
    let marked = (notifications::read_at.eq(row.read_at), notifications::shows_at.eq(row.shows_at));
    diesel::update(notifications::table.filter(notifications::id.eq(row.id))).set(marked).execute(&mut **tx)?;
    Ok(tell(tx, row.user_id, "update", row.id, now)?)
}

/// Marks what stands at a place or below it, and is to be seen now, as read; answers how many were not.
///
/// # Errors
/// When the database fails.
pub fn notifications_read(
    tx: &mut Tx<'_>,
    user: Uuid,
    up_to: &NotificationRow,
    now: Instant,
) -> Result<usize, StoreError> {
    let unread = Listed { user, standing: Standing::Inbox, now, is_unread: Some(true), kind: None };
    let sql = Fragment::sql("UPDATE notifications SET read_at = ")
        .bind(Bind::Instant(now))
        .push(" WHERE ")
        .append(unread.condition())
        .push(" AND (shows_at, id) <= (")
        .bind(Bind::Instant(up_to.shows_at))
        .push(", ")
        .bind(up_to.id.0)
        .push(") RETURNING id");
    let changed: Vec<Touched> = sql.load_rows(tx)?;
    if !changed.is_empty() {
        tell(tx, up_to.user_id, "read", up_to.id, now)?;
    }
    Ok(changed.len())
}

// ---------------------------------------------------------------- going

/// Removes what was read before one moment, and what came before another: of each at most so many. Answers how many went.
///
/// # Errors
/// When the database fails.
pub fn notifications_trim(
    tx: &mut Tx<'_>,
    read_before: Instant,
    created_before: Instant,
    most: i64,
) -> Result<usize, StoreError> {
    let mut gone = 0;
    for (column, before) in [("read_at", read_before), ("created_at", created_before)] {
        let sql = Fragment::sql("DELETE FROM notifications WHERE id IN (SELECT id FROM notifications WHERE ")
            .push(column)
            .push(" < ")
            .bind(Bind::Instant(before))
            .push(" ORDER BY ")
            .push(column)
            .push(" LIMIT ")
            .bind(Bind::Integer(most))
            .push(") RETURNING id");
        let rows: Vec<Touched> = sql.load_rows(tx)?;
        gone += rows.len();
    }
    Ok(gone)
}

/// What is purged is nothing that anybody is told of any more; a line that stands for several stays for the others.
pub(crate) fn notifications_forget(tx: &mut Tx<'_>, subject: Id) -> QueryResult<()> {
    let about = || notifications::table.filter(notifications::subject_id.eq(subject));
    diesel::delete(about().filter(notifications::stands_for.eq(1))).execute(&mut **tx)?;
    diesel::update(about()).set(notifications::subject_id.eq(None::<Id>)).execute(&mut **tx).map(drop)
}

#[derive(Debug, QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[derive(Debug, QueryableByName)]
struct Touched {
    #[diesel(sql_type = Uid)]
    #[expect(dead_code, reason = "the rows are counted")]
    id: Id,
}

// ---------------------------------------------------------------- names

#[derive(Debug, QueryableByName)]
struct Named {
    #[diesel(sql_type = Uid)]
    id: Id,
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

/// The names of those records of a kind that lie within `visibility`, dead or alive.
///
/// # Errors
/// When the database fails.
pub fn names_within(
    db: &mut Db,
    kind: RecordKind,
    visibility: &Visibility,
    ids: &[Uuid],
) -> Result<Vec<(Uuid, String)>, StoreError> {
    if ids.is_empty() || *visibility == Visibility::Nothing {
        return Ok(Vec::new());
    }
    let sql = Fragment::sql("SELECT id, name FROM ").push(kind.plural()).push(" WHERE id IN (");
    let sql = sql.bind_all(ids.iter().map(|id| (*id).into())).push(") AND ").append(scope::within(visibility));
    let rows: Vec<Named> = sql.ad_hoc().load_rows(db)?;
    Ok(rows.into_iter().map(|row| (row.id.0, row.name)).collect())
}
