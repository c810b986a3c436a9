//! The outbox: one row for each change, written in the same transaction as the change itself, numbered in the order of
//! writing.
//!
//! On SQLite, which has one writer, that is the order in which changes become visible too. On PostgreSQL a number is given
//! before its transaction ends, so that a lower one may appear after a higher one; whoever reads on keeps the numbers that
//! were missing in mind for as long as [`horizon`] says that they may still come.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use uuid::Uuid;

use rapport_domain::access::Ownership;
use rapport_domain::kind::RecordKind;

use crate::changes::Change;
use crate::connection::{Db, insert_many};
use crate::error::StoreError;
use crate::fragment::{Bind, Fragment};
use crate::schema::outbox;
use crate::scope::about_column;
use crate::store::Tx;
use crate::types::{Id, Instant, Uid};

/// Ranges of numbers that are looked up by one statement.
const RANGES: usize = 100;

/// One change, as it is told to others.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct OutboxRow {
    /// Its number.
    pub seq: i64,
    /// What happened: `lead.update`.
    pub event: String,
    /// The kind of the record.
    pub record_type: String,
    /// The record.
    pub record_id: Id,
    /// The version the change made.
    pub version: i64,
    /// When.
    pub at: Instant,
    /// Whose the record was before, where the change gave it to somebody else.
    pub from_owner_id: Option<Id>,
    /// The team it belonged to then.
    pub from_team_id: Option<Id>,
    /// The pool it lay in then.
    pub from_pool_id: Option<Id>,
    /// Whom alone it is for, where it is about something of theirs and no record.
    pub for_user_id: Option<Id>,
}

/// Numbers from the first to the last, both counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The first.
    pub first: i64,
    /// The last.
    pub last: i64,
}

/// What has been numbered, and what of it cannot be seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The highest number that can be seen; 0 when there is none.
    pub high: i64,
    /// The numbers below it that cannot: of transactions that were rolled back, or have not ended.
    pub missing: Vec<Range>,
}

/// How far the transactions of a PostgreSQL server have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Horizon {
    /// Every transaction that has begun to write has a lower id.
    pub next: i64,
    /// Every transaction with a lower id has ended.
    pub oldest: i64,
}

/// Whose a record is, and what it is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whereabouts {
    /// Its owner, team and pool.
    pub ownership: Ownership,
    /// Of an activity: the records it is about, and whose those are.
    pub about: Vec<(RecordKind, Ownership)>,
}

/// Writes what a change is told as. It comes last in its transaction, at any rate after the change itself: so a transaction
/// that has taken a number has an id by then, which [`horizon`] relies on.
pub(crate) fn outbox_insert(tx: &mut Tx<'_>, change: &Change, from: Option<Ownership>) -> QueryResult<()> {
    diesel::insert_into(outbox::table).values(NewRow::of(change, from)).execute(&mut **tx).map(drop)
}

/// The same for many changes; `from` is whose all the records were, where these give them to somebody else.
pub(crate) fn outbox_insert_all(tx: &mut Tx<'_>, changes: &[&Change], from: Option<Ownership>) -> QueryResult<()> {
    insert_many!(&mut **tx, outbox::table, changes.iter().map(|change| NewRow::of(change, from)).collect())
}

/// Tells one person alone of something of theirs; it comes after what it tells of, as above.
pub(crate) fn outbox_tell(tx: &mut Tx<'_>, told: &Told<'_>) -> QueryResult<()> {
    let row = NewRow {
        event: format!("{}.{}", told.what, told.action),
        record_type: told.what,
        record_id: told.id,
        version: 1,
        at: told.at,
        from_owner_id: None,
        from_team_id: None,
        from_pool_id: None,
        for_user_id: Some(told.user),
    };
    diesel::insert_into(outbox::table).values(row).execute(&mut **tx).map(drop)
}

/// What one person alone is told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told<'a> {
    /// Who.
    pub(crate) user: Id,
    /// What kind of thing it is about: `notification`, `favourite`, `sticky_note`, `job`.
    pub(crate) what: &'a str,
    /// What became of it.
    pub(crate) action: &'a str,
    /// Which one.
    pub(crate) id: Id,
    /// When.
    pub(crate) at: Instant,
}

/// A row that has no number yet.
#[derive(Insertable)]
#[diesel(table_name = outbox, treat_none_as_default_value = false)]
struct NewRow<'a> {
    event: String,
    record_type: &'a str,
    record_id: Id,
    version: i64,
    at: Instant,
    from_owner_id: Option<Id>,
    from_team_id: Option<Id>,
    from_pool_id: Option<Id>,
    for_user_id: Option<Id>,
}

impl<'a> NewRow<'a> {
    fn of(change: &'a Change, from: Option<Ownership>) -> Self {
        let from = from.unwrap_or_default();
        Self {
            event: format!("{}.{}", change.record_type, change.action),
            record_type: &change.record_type,
            record_id: change.record_id,
            version: change.version,
            at: change.at,
            from_owner_id: from.owner_id.map(Id),
            from_team_id: from.team_id.map(Id),
            from_pool_id: from.pool_id.map(Id),
            for_user_id: None,
        }
    }
}

impl OutboxRow {
    /// Whose the record was before, where the change gave it to somebody else.
    #[must_use]
    pub fn from(&self) -> Option<Ownership> {
        let from = Ownership {
            owner_id: self.from_owner_id.map(Into::into),
            team_id: self.from_team_id.map(Into::into),
            pool_id: self.from_pool_id.map(Into::into),
        };
        (from != Ownership::default()).then_some(from)
    }
}

/// The rows above a number, in order.
///
/// # Errors
/// When the database fails.
pub fn outbox_after(db: &mut Db, seq: i64, limit: i64) -> Result<Vec<OutboxRow>, StoreError> {
    Ok(outbox::table.filter(outbox::seq.gt(seq)).order(outbox::seq.asc()).limit(limit).load(db)?)
}

/// The rows that have any of these numbers, in order, at most so many. The ranges are in order, too.
///
/// # Errors
/// When the database fails.
pub fn outbox_within(db: &mut Db, ranges: &[Range], limit: i64) -> Result<Vec<OutboxRow>, StoreError> {
    let mut found = Vec::new();
    for ranges in ranges.chunks(RANGES) {
        let left = limit - i64::try_from(found.len()).unwrap_or(limit);
        if left <= 0 {
            break;
        }
        let range = |range: &Range| {
            Fragment::sql("seq BETWEEN ").bind(Bind::Integer(range.first)).push(" AND ").bind(Bind::Integer(range.last))
        };
        let any = Fragment::join(ranges.iter().map(range).collect(), " OR ", Fragment::none()).ad_hoc();
        let rows: Vec<OutboxRow> = outbox::table.filter(any).order(outbox::seq.asc()).limit(left).load(db)?;
        found.extend(rows);
    }
    Ok(found)
}

/// The lowest and the highest number there are.
///
/// # Errors
/// When the database fails.
pub fn outbox_ends(db: &mut Db) -> Result<Option<Range>, StoreError> {
    let mut end = |is_last: bool| -> QueryResult<Option<i64>> {
        let all = outbox::table.select(outbox::seq).limit(1);
        let found =
            if is_last { all.order(outbox::seq.desc()).load(db)? } else { all.order(outbox::seq.asc()).load(db)? };
        Ok(found.first().copied())
    };
    Ok(end(false)?.zip(end(true)?).map(|(first, last)| Range { first, last }))
}

/// The number before those of the last changes since a moment: of at most so many changes.
///
/// # Errors
/// When the database fails.
pub fn outbox_before(db: &mut Db, since: DateTime<Utc>, most: i64) -> Result<Option<i64>, StoreError> {
    let sql = Fragment::sql("SELECT MIN(seq) - 1 AS n FROM (SELECT seq, at FROM outbox ORDER BY seq DESC LIMIT ")
        .bind(Bind::Integer(most))
        .push(") AS last WHERE at >= ")
        .bind(Bind::Instant(Instant(since)));
    let found: Vec<Number> = sql.load_rows(db)?;
    Ok(found.first().and_then(|row| row.n))
}

/// What has been numbered, among all that is kept.
///
/// # Errors
/// When the database fails.
pub fn outbox_known(db: &mut Db) -> Result<Known, StoreError> {
    let high = outbox_ends(db)?.map_or(0, |ends| ends.last);
    let missing: Vec<Missing> = match db {
        // What is missing there has been rolled back.
        Db::Sqlite(_) => Vec::new(),
        Db::Pg(c) => diesel::sql_query(
            "SELECT seq + 1 AS first, next - 1 AS last
               FROM (SELECT seq, lead(seq) OVER (ORDER BY seq) AS next FROM outbox) AS pairs WHERE next > seq + 1",
        )
        .load(c)?,
    };
    let missing = missing.into_iter().map(|Missing { first, last }| Range { first, last });
    Ok(Known { high, missing: missing.filter(|range| range.last < high).collect() })
}

/// How far transactions have come; `None` on SQLite, where a lower number never appears after a higher one.
///
/// A transaction that has taken a number of the outbox has an id by then, lower than that of this one, which is taken
/// anew. When all lower ones have ended, its row can be seen or never will be.
///
/// # Errors
/// When the database fails.
pub fn horizon(tx: &mut Tx<'_>) -> Result<Option<Horizon>, StoreError> {
    let Db::Pg(c) = &mut **tx else { return Ok(None) };
    let row: Transactions = diesel::sql_query(
        "SELECT pg_current_xact_id()::text::bigint AS next, pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS oldest",
    )
    .get_result(c)?;
    Ok(Some(Horizon { next: row.next, oldest: row.oldest }))
}

/// Whose records are, by id, dead or alive; those that are gone for good are left out.
///
/// # Errors
/// When the database fails.
pub fn whereabouts(
    db: &mut Db,
    records: &[(RecordKind, Uuid)],
) -> Result<HashMap<(RecordKind, Uuid), Whereabouts>, StoreError> {
    let activities: Vec<About> = rows_of(db, RecordKind::Activity, records, &about_columns())?;
    let mut wanted: Vec<_> = records.iter().copied().filter(|(kind, _)| *kind != RecordKind::Activity).collect();
    wanted.extend(activities.iter().flat_map(About::parties));
    wanted.sort_unstable();
    wanted.dedup();
    let mut found = HashMap::new();
    for kind in RecordKind::ABOUT {
        let rows: Vec<Owned> = rows_of(db, kind, &wanted, "")?;
        found.extend(
            rows.iter().map(|row| ((kind, row.id.0), Whereabouts { ownership: row.ownership(), about: Vec::new() })),
        );
    }
    for row in &activities {
        let party = |(kind, id)| Some((kind, found.get(&(kind, id))?.ownership));
        let about = row.parties().into_iter().filter_map(party).collect();
        let whereabouts = Whereabouts { ownership: row.owned.ownership(), about };
        found.insert((RecordKind::Activity, row.owned.id.0), whereabouts);
    }
    Ok(found)
}

/// Deletes the oldest rows, of at most so many those before a moment, but never the newest of all: from it others know how
/// far they have come. Answers how many went.
///
/// # Errors
/// When the database fails.
pub fn outbox_trim(tx: &mut Tx<'_>, before: Instant, most: i64) -> Result<usize, StoreError> {
    let Some(ends) = outbox_ends(tx)? else { return Ok(0) };
    let oldest: Vec<i64> = outbox::table
        .filter(outbox::seq.lt(ends.last))
        .order(outbox::seq.asc())
        .limit(most)
        .select(outbox::seq)
        .load(&mut **tx)?;
    let Some(last) = oldest.last() else { return Ok(0) };
    let old = outbox::table.filter(outbox::seq.le(*last)).filter(outbox::at.lt(before));
    Ok(diesel::delete(old).execute(&mut **tx)?)
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = Nullable<BigInt>)]
    n: Option<i64>,
}

#[derive(QueryableByName)]
struct Missing {
    #[diesel(sql_type = BigInt)]
    first: i64,
    #[diesel(sql_type = BigInt)]
    last: i64,
}

#[derive(QueryableByName)]
struct Transactions {
    #[diesel(sql_type = BigInt)]
    next: i64,
    #[diesel(sql_type = BigInt)]
    oldest: i64,
}

#[derive(QueryableByName)]
struct Owned {
    #[diesel(sql_type = Uid)]
    id: Id,
    #[diesel(sql_type = Nullable<Uid>)]
    owner_id: Option<Id>,
    #[diesel(sql_type = Nullable<Uid>)]
    team_id: Option<Id>,
    #[diesel(sql_type = Nullable<Uid>)]
    pool_id: Option<Id>,
}

impl Owned {
    fn ownership(&self) -> Ownership {
        Ownership {
            owner_id: self.owner_id.map(Into::into),
            team_id: self.team_id.map(Into::into),
            pool_id: self.pool_id.map(Into::into),
        }
    }
}

#[derive(QueryableByName)]
struct About {
    #[diesel(embed)]
    owned: Owned,
    #[diesel(sql_type = Nullable<Uid>)]
    customer_id: Option<Id>,
    #[diesel(sql_type = Nullable<Uid>)]
    contact_id: Option<Id>,
    #[diesel(sql_type = Nullable<Uid>)]
    lead_id: Option<Id>,
    #[diesel(sql_type = Nullable<Uid>)]
    opportunity_id: Option<Id>,
}

impl About {
    /// The records it is about.
    fn parties(&self) -> Vec<(RecordKind, Uuid)> {
        let ids = [self.customer_id, self.contact_id, self.lead_id, self.opportunity_id];
        RecordKind::ABOUT.into_iter().zip(ids).filter_map(|(kind, id)| Some((kind, id?.0))).collect()
    }
}

/// The columns of [`About`] beside those of [`Owned`].
fn about_columns() -> String {
    RecordKind::ABOUT.map(|kind| format!(", {}", about_column(kind))).concat()
}

/// Owner, team, pool and more columns of those records that are of a kind.
fn rows_of<T>(db: &mut Db, kind: RecordKind, records: &[(RecordKind, Uuid)], more: &str) -> QueryResult<Vec<T>>
where
    T: QueryableByName<diesel::sqlite::Sqlite> + QueryableByName<diesel::pg::Pg> + 'static,
{
    let ids: Vec<Bind> = records.iter().filter(|(of, _)| *of == kind).map(|(_, id)| (*id).into()).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let pool = if kind == RecordKind::Customer { ", pool_id" } else { ", CAST(NULL AS uuid) AS pool_id" };
    Fragment::sql("SELECT id, owner_id, team_id")
        .push(pool)
        .push(more)
        .push(" FROM ")
        .push(kind.plural())
        .push(" WHERE id IN (")
        .bind_all(ids)
        .push(")")
        .ad_hoc()
        .load_rows(db)
}
