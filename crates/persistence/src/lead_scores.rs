//! What scoring asks about leads, and what it writes into them: nobody's edit, so that no version changes.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use uuid::Uuid;

use rapport_domain::access::Permit;
use rapport_domain::activity::{ActivityKind, Direction};
use rapport_domain::scoring::{Done, MAX_LOOKED_AT};

use crate::connection::Db;
use crate::error::StoreError;
use crate::fragment::{Bind, Fragment};
use crate::leads::{LeadBody, leads};
use crate::reassignment::held;
use crate::record::{Body as _, Record};
use crate::releases::{DueAfter, due_after};
use crate::store::Tx;
use crate::types::{Id, Instant, Ts, Uid};

/// Those that are scored: neither in the trash nor converted.
const SCORED: &str = "deleted_at IS NULL AND status_category <> 'converted'";

#[derive(Debug, QueryableByName)]
struct DoneRow {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    direction: Option<String>,
    #[diesel(sql_type = Ts)]
    at: Instant,
}

/// What was done about a lead, the latest first; no more than is looked at. Hold the lead before, so that it stays so.
///
/// # Errors
/// When the database fails.
pub fn lead_done(db: &mut Db, lead: Uuid) -> Result<Vec<Done>, StoreError> {
    let sql = Fragment::sql(
        "SELECT kind, profile ->> 'direction' AS direction, at FROM activities \
         WHERE deleted_at IS NULL AND status = 'done' AND lead_id = ",
    );
    let sql = sql.bind(lead).push(" ORDER BY at DESC, id DESC LIMIT ").bind(Bind::Integer(MAX_LOOKED_AT));
    let rows: Vec<DoneRow> = sql.load_rows(db)?;
    let done = |row: DoneRow| {
        let direction = row.direction.as_deref().and_then(Direction::parse);
        Some(Done { kind: ActivityKind::parse(&row.kind)?, direction, happened_at: row.at.0 })
    };
    Ok(rows.into_iter().filter_map(done).collect())
}

/// What is kept of a lead's score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The points.
    pub score: i32,
    /// When they change with time alone.
    pub changes_at: Option<DateTime<Utc>>,
    /// hot, warm or cold.
    pub rating: Option<String>,
    /// person or rules.
    pub rating_by: Option<String>,
}

impl Kept {
    /// As it stands in a lead.
    #[must_use]
    pub fn of(body: &LeadBody) -> Self {
        Self {
            score: body.score,
            changes_at: body.score_changes_at.map(Into::into),
            rating: body.rating.clone(),
            rating_by: body.rating_by.clone(),
        }
    }

    /// Puts it into a lead.
    pub fn store(&self, body: &mut LeadBody) {
        body.score = self.score;
        body.score_changes_at = self.changes_at.map(Instant);
        body.rating.clone_from(&self.rating);
        body.rating_by.clone_from(&self.rating_by);
    }
}

/// Writes down what a lead's score has come to. It must be held.
///
/// # Errors
/// When the database fails.
pub fn lead_score_keep(tx: &mut Tx<'_>, _permit: &Permit, id: Id, kept: &Kept) -> Result<(), StoreError> {
    let values = (
        leads::score.eq(kept.score),
        leads::score_changes_at.eq(kept.changes_at.map(Instant)),
        leads::rating.eq(&kept.rating),
        leads::rating_by.eq(&kept.rating_by),
    );
    diesel::update(leads::table.filter(leads::id.eq(id))).set(values).execute(&mut **tx)?;
    Ok(())
}

#[derive(Debug, QueryableByName)]
struct Found {
    #[diesel(sql_type = Uid)]
    id: Id,
}

/// Leads whose points have changed with time, the longest due first, after one.
///
/// # Errors
/// When the database fails.
pub fn leads_score_due(
    db: &mut Db,
    now: DateTime<Utc>,
    after: Option<DueAfter>,
    limit: i64,
) -> Result<Vec<DueAfter>, StoreError> {
    due_after(db, ("leads", "score_changes_at"), now, after, limit)
}

/// These leads, as far as they are scored, each kept as it is until the transaction ends.
///
/// # Errors
/// When the database fails.
pub fn leads_score_hold(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<Vec<Record<LeadBody>>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let listed = || Fragment::sql("id IN ").bind_list(ids.iter().copied());
    let hold = Fragment::sql("SELECT id FROM leads WHERE ").append(listed()).push(" ORDER BY id").append(held());
    let _held: Vec<Found> = hold.load_rows(tx)?;
    // They are looked at once they are held: whoever was waited for may have changed them.
    let limit = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    let scored = listed().push(" AND ").push(SCORED);
    Ok(LeadBody::load(tx, scored, Fragment::sql("id"), limit)?)
}

/// The next leads that are scored, in the order of their ids.
///
/// # Errors
/// When the database fails.
pub fn leads_scored_after(db: &mut Db, after: Option<Uuid>, limit: i64) -> Result<Vec<Record<LeadBody>>, StoreError> {
    let sql = Fragment::sql("");
    let sql = match after {
        Some(after) => sql.push("id > ").bind(after).push(" AND "),
        None => sql,
    };
    Ok(LeadBody::load(db, sql.push(SCORED), Fragment::sql("id"), limit)?)
}

/// The ids of the next leads, scored or not, in their order.
///
/// # Errors
/// When the database fails.
pub fn lead_ids_after(db: &mut Db, after: Option<Uuid>, limit: i64) -> Result<Vec<Uuid>, StoreError> {
    let sql = Fragment::sql("SELECT id FROM leads");
    let sql = match after {
        Some(after) => sql.push(" WHERE id > ").bind(after),
        None => sql,
    };
    let rows: Vec<Found> = sql.push(" ORDER BY id LIMIT ").bind(Bind::Integer(limit)).load_rows(db)?;
    Ok(rows.into_iter().map(|row| row.id.0).collect())
}

/// The newest leads that are scored.
///
/// # Errors
/// When the database fails.
pub fn leads_scored_newest(db: &mut Db, limit: i64) -> Result<Vec<Record<LeadBody>>, StoreError> {
    Ok(LeadBody::load(db, Fragment::sql(SCORED), Fragment::sql("created_at DESC, id DESC"), limit)?)
}
