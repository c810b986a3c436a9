//! Reading and writing owned records of any kind: scoped, versioned, with everything that belongs to a change.

use diesel::prelude::*;
use uuid::Uuid;

use rapport_domain::access::{Ownership, Permit, Visibility};
use rapport_domain::filter::Checked;
use rapport_domain::kind::RecordKind;
use rapport_domain::search::Query;

use crate::activities::activities_forget;
use crate::catalogue;
use crate::changes::{Change, change_insert};
use crate::connection::Db;
use crate::error::StoreError;
use crate::favourites::favourites_forget;
use crate::files::files_forget;
use crate::filter;
use crate::fragment::{Bind, Fragment};
use crate::notifications::notifications_forget;
use crate::outbox::outbox_insert;
use crate::page::{After, Order};
use crate::record::{Body, Record};
use crate::satellites::{Satellites, satellites_insert, satellites_purge, satellites_update};
use crate::scope;
use crate::search::{self, Way};
use crate::sticky_notes::sticky_notes_forget;
use crate::store::Tx;
use crate::types::Id;

/// Which rows of a kind are meant.
#[derive(Clone, Debug)]
pub struct Selection {
    /// The kind.
    pub kind: RecordKind,
    /// Those the caller may see.
    pub visibility: Visibility,
    /// What the caller may see of other kinds, for filters that look through references.
    pub sight: Vec<(RecordKind, Visibility)>,
    /// Those that match.
    pub filter: Checked,
    /// Those that are found by these words.
    pub query: Option<Query>,
    /// The trash instead of what is alive.
    pub is_trash: bool,
}

impl Selection {
    /// Every living row within `visibility`.
    #[must_use]
    pub fn visible(kind: RecordKind, visibility: Visibility) -> Self {
        Self { kind, visibility, sight: Vec::new(), filter: Checked::True, query: None, is_trash: false }
    }

    /// The condition on the rows.
    pub(crate) fn condition(&self, approach: Approach) -> Fragment {
        let life = if self.is_trash { "deleted_at IS NOT NULL" } else { "deleted_at IS NULL" };
        let mut sql = Fragment::sql(life);
        if let Some(rows) = self.rows() {
            sql = match approach.rows {
                Way::FromHits => sql.push(" AND ").append(rows),
                // What is no plain comparison of a column leads SQLite to no index.
                Way::FromRows => sql.push(" AND (").append(rows).push(") IS TRUE"),
            };
        }
        match &self.query {
            Some(query) => sql.push(" AND ").append(search::hits(self.kind, query, approach.words)),
            None => sql,
        }
    }

    /// Who may see them, and the filter.
    fn rows(&self) -> Option<Fragment> {
        let mut parts = Vec::new();
        if self.visibility != Visibility::Everything {
            parts.push(scope::within(&self.visibility));
        }
        if self.filter != Checked::True {
            let sight = |kind: RecordKind| {
                let seen = self.sight.iter().find(|(of, _)| *of == kind);
                seen.map_or(Visibility::Nothing, |(_, visibility)| visibility.clone())
            };
            parts.push(filter::compile(&self.filter, self.kind, &sight).ad_hoc());
        }
        (!parts.is_empty()).then(|| Fragment::join(parts, " AND ", Fragment::all()))
    }

    /// What one owns and what lies in one's pool as selections of their own, where both are meant: nothing is in both, and to
    /// each an index leads in the order of the list, which none does to both.
    fn halves(&self) -> Option<Vec<Self>> {
        let Visibility::Pool { own, pool } = &self.visibility else { return None };
        if **own == Visibility::Nothing || self.query.is_some() {
            return None;
        }
        let half = |visibility| Self { visibility, ..self.clone() };
        let inside = Visibility::Pool { own: Box::new(Visibility::Nothing), pool: *pool };
        let mut halves = Vec::new();
        if !filter::asks_for(&self.filter, "pool_id") {
            halves.push(half((**own).clone()));
        }
        if !filter::asks_for(&self.filter, "owner_id") {
            halves.push(half(inside));
        }
        Some(halves)
    }

    /// Whether some index leads to the rows, though not in this order, and another one has all rows in it: the former would have to
    /// be read and sorted, the latter to be gone through.
    fn may_need_sorting(&self, order: &Order) -> bool {
        let is_by_update = order.is_by_update();
        let is_scoped = match &self.visibility {
            Visibility::Everything | Visibility::Nothing | Visibility::About { .. } => false,
            Visibility::Own { .. } => !is_by_update,
            Visibility::Pool { own, .. } => **own != Visibility::Nothing || !is_by_update,
            Visibility::Teams { teams, .. } => teams.len() > 1 || !is_by_update,
        };
        !self.is_trash
            && order.has_index()
            && (is_scoped || filter::leads_out_of_order(&self.filter, is_by_update))
            && !order.lead().is_some_and(|lead| self.is_together(lead))
    }

    /// Whether an index has these rows together and in the order of a column.
    fn is_together(&self, order: &str) -> bool {
        let (mut columns, mut has_more) = filter::single_values(&self.filter, order);
        match &self.visibility {
            Visibility::Everything => {}
            Visibility::Own { .. } => drop(columns.insert("owner_id")),
            Visibility::Pool { own, .. } if **own == Visibility::Nothing => drop(columns.insert("pool_id")),
            _ => has_more = true,
        }
        catalogue::has_order_of(self.kind, order, &columns, has_more)
    }

    /// Where all rows are gone through in an order, which of them come into question.
    fn bounds(&self, approach: Approach, order: &Order) -> Fragment {
        let lead = order.lead().filter(|_| approach.rows == Way::FromRows);
        let bounds = lead.map(|lead| filter::bounds(&self.filter, lead)).unwrap_or_default();
        bounds.into_iter().fold(Fragment::default(), |sql, bound| sql.push(" AND ").append(bound.ad_hoc()))
    }
}

/// Rows from which on it is shorter to go through all of them in the order of the list than to sort them.
const MANY: i64 = 2000;

/// Where a statement begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Approach {
    /// At the hits of the words, or at the rows.
    words: Way,
    /// At the rows that may be seen and match the filter, or at all rows in the order of the list.
    rows: Way,
}

impl Approach {
    /// From what is looked for to the rows: for counts and sums, which need every row anyway.
    pub(crate) const FROM_HITS: Self = Self { words: Way::FromHits, rows: Way::FromHits };

    /// The shorter way to a page. PostgreSQL knows from its statistics whether to sort; SQLite is told by a look at the
    /// first rows, and so answers alike however old its statistics would be.
    fn to_page(db: &mut Db, selection: &Selection, order: &Order) -> QueryResult<Self> {
        let words = match &selection.query {
            Some(query) => search::way(db, selection.kind, query)?,
            None => Way::FromRows,
        };
        let is_open = words == Way::FromRows && matches!(db, Db::Sqlite(_)) && selection.may_need_sorting(order);
        let many = is_open && {
            let all = Selection { query: None, ..selection.clone() };
            record_count(db, &all, Some(MANY))? >= MANY
        };
        Ok(Self { words, rows: if many { Way::FromRows } else { Way::FromHits } })
    }
}

/// One page of a selection.
///
/// # Errors
/// When the database fails.
pub fn record_list<B: Body>(
    db: &mut Db,
    selection: &Selection,
    order: &Order,
    after: Option<&After>,
    limit: i64,
) -> QueryResult<Vec<Record<B>>> {
    let Some(halves) = selection.halves() else { return list_whole(db, selection, order, after, limit) };
    let mut rows = Vec::new();
    for half in &halves {
        rows.extend(list_whole(db, half, order, after, limit)?);
    }
    rows.sort_by(|one: &Record<B>, other| one.compare(other, order));
    rows.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(rows)
}

fn list_whole<B: Body>(
    db: &mut Db,
    selection: &Selection,
    order: &Order,
    after: Option<&After>,
    limit: i64,
) -> QueryResult<Vec<Record<B>>> {
    let approach = Approach::to_page(db, selection, order)?;
    let condition = selection.condition(approach).append(selection.bounds(approach, order));
    let mut rows = Vec::new();
    for segment in order.segments(after) {
        let wanted = limit - i64::try_from(rows.len()).unwrap_or(limit);
        if wanted <= 0 {
            break;
        }
        let range = condition.clone().push(" AND ").append(segment.condition);
        let found = B::load(db, range, segment.order, wanted)?;
        if rows.is_empty() {
            rows = found;
        } else {
            rows.extend(found);
        }
    }
    Ok(rows)
}

/// One record within `visibility`, dead or alive.
///
/// # Errors
/// When the database fails.
pub fn record_find<B: Body>(db: &mut Db, visibility: &Visibility, id: Uuid) -> QueryResult<Option<Record<B>>> {
    let condition = Fragment::sql("id = ").bind(id).and(scope::within(visibility));
    Ok(B::load(db, condition, Fragment::sql("id"), 1)?.pop())
}

/// Whether a record of any kind has this id, dead or alive.
///
/// # Errors
/// When the database fails.
pub fn record_exists(db: &mut Db, id: Uuid) -> QueryResult<bool> {
    let sql = RecordKind::OWNED.iter().enumerate().fold(Fragment::default(), |sql, (n, kind)| {
        let sql = if n == 0 { sql } else { sql.push(" UNION ALL ") };
        sql.push("SELECT version AS n FROM ").push(kind.plural()).push(" WHERE id = ").bind(id)
    });
    let found: Vec<Count> = sql.load_rows(db)?;
    Ok(!found.is_empty())
}

/// The records with these ids within `visibility` that are alive, in no order.
///
/// # Errors
/// When the database fails.
pub fn record_find_many<B: Body>(db: &mut Db, visibility: &Visibility, ids: &[Uuid]) -> QueryResult<Vec<Record<B>>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let listed = Fragment::sql("id IN ").bind_list(ids.iter().copied());
    let condition = listed.push(" AND deleted_at IS NULL AND ").append(scope::within(visibility));
    B::load(db, condition, Fragment::sql("id"), i64::try_from(ids.len()).unwrap_or(i64::MAX))
}

/// How many rows a selection has, but never more than `at_most`.
///
/// # Errors
/// When the database fails.
pub fn record_count(db: &mut Db, selection: &Selection, at_most: Option<i64>) -> QueryResult<i64> {
    let mut sql = Fragment::sql("SELECT COUNT(*) AS n FROM (SELECT 1 FROM ")
        .push(selection.kind.plural())
        .push(" WHERE ")
        .append(selection.condition(Approach::FROM_HITS));
    if let Some(most) = at_most {
        sql = sql.push(" LIMIT ").bind(Bind::Integer(most));
    }
    let counted: Vec<Count> = sql.push(") AS counted").load_rows(db)?;
    Ok(counted.first().map_or(0, |row| row.n))
}

#[derive(Debug, QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    n: i64,
}

/// What accompanies a write.
#[derive(Clone, Debug)]
pub struct Written {
    /// Tags, external ids, lookup keys and search tokens of the record as it is now.
    pub satellites: Satellites,
    /// What changed, for the history.
    pub change: Change,
    /// Whose it was, where the change gave it to somebody else.
    pub from: Option<Ownership>,
}

/// Inserts a record, with its history and everything that is derived from it.
///
/// # Errors
/// When a constraint refuses or the database fails.
pub fn record_insert<B: Body>(
    tx: &mut Tx<'_>,
    _permit: &Permit,
    record: &Record<B>,
    written: &Written,
) -> Result<(), StoreError> {
    B::insert_all(tx, std::iter::once(record))?;
    satellites_insert(tx, B::KIND, record.head.id, &written.satellites)?;
    report(tx, written)
}

/// Overwrites the record that still has `version`; what is kept beside it is left alone where it is the same as `before`.
///
/// # Errors
/// [`StoreError::Stale`] when somebody was faster; otherwise as [`record_insert`].
pub fn record_update<B: Body>(
    tx: &mut Tx<'_>,
    _permit: &Permit,
    record: &Record<B>,
    version: i64,
    before: &Satellites,
    written: &Written,
) -> Result<(), StoreError> {
    if B::update(tx, record, version)? == 0 {
        return Err(StoreError::Stale);
    }
    satellites_update(tx, B::KIND, record.head.id, before, &written.satellites)?;
    report(tx, written)
}

/// Writes everything around a record anew, whatever is there.
///
/// # Errors
/// When the database fails.
pub fn record_mend(tx: &mut Tx<'_>, kind: RecordKind, id: Uuid, around: &Satellites) -> QueryResult<()> {
    satellites_purge(tx, kind, Id(id))?;
    satellites_insert(tx, kind, Id(id), around)
}

/// The change in the history, and for those who follow.
fn report(tx: &mut Tx<'_>, written: &Written) -> Result<(), StoreError> {
    change_insert(tx, &written.change)?;
    outbox_insert(tx, &written.change, written.from)?;
    Ok(())
}

/// Removes a record for good, when no other record refers to it any more; its history stays.
///
/// # Errors
/// [`StoreError::Reference`] when something does.
pub fn record_purge<B: Body>(tx: &mut Tx<'_>, id: Uuid) -> Result<(), StoreError> {
    satellites_purge(tx, B::KIND, Id(id))?;
    traces_purge(tx, B::KIND, Id(id))?;
    notifications_forget(tx, Id(id))?;
    favourites_forget(tx, Id(id))?;
    sticky_notes_forget(tx, Id(id))?;
    B::purge(tx, Id(id))?;
    Ok(())
}

/// What only makes sense together with the record: its moves, and its place in conversions.
fn traces_purge(tx: &mut Tx<'_>, kind: RecordKind, id: Id) -> Result<(), StoreError> {
    use crate::schema::{customer_moves, lead_conversions as conversions, lifecycle_moves, stage_moves};
    if RecordKind::ABOUT.contains(&kind) {
        activities_forget(tx, kind, id)?;
    }
    let db = &mut **tx;
    match kind {
        RecordKind::Opportunity => {
            diesel::delete(stage_moves::table.filter(stage_moves::opportunity_id.eq(id))).execute(db)?;
            let named = conversions::table.filter(conversions::opportunity_id.eq(id));
            diesel::update(named).set(conversions::opportunity_id.eq(None::<Id>)).execute(db)?;
        }
        RecordKind::Customer => {
            diesel::delete(lifecycle_moves::table.filter(lifecycle_moves::customer_id.eq(id))).execute(db)?;
            diesel::delete(customer_moves::table.filter(customer_moves::customer_id.eq(id))).execute(db)?;
            let named = conversions::table.filter(conversions::customer_id.eq(id));
            diesel::update(named).set(conversions::customer_id.eq(None::<Id>)).execute(db)?;
        }
        RecordKind::Contact => {
            let named = conversions::table.filter(conversions::contact_id.eq(id));
            diesel::update(named).set(conversions::contact_id.eq(None::<Id>)).execute(db)?;
        }
        RecordKind::Lead => {
            diesel::delete(conversions::table.filter(conversions::lead_id.eq(id))).execute(db)?;
        }
        RecordKind::Activity => files_forget(tx, id)?,
        _ => {}
    }
    Ok(())
}

/// Keeps a record as it is until the transaction ends; whoever refers to it by more than a foreign key holds it first.
///
/// # Errors
/// When the database fails.
pub fn record_hold(tx: &mut Tx<'_>, kind: RecordKind, id: Uuid) -> Result<(), StoreError> {
    lock(tx, kind, id, " FOR SHARE")
}

/// Keeps a record from being deleted until the transaction ends; whoever begins to refer to it does so before looking
/// whether it is there. Other changes of it go on.
///
/// # Errors
/// When the database fails.
pub fn record_refer(tx: &mut Tx<'_>, kind: RecordKind, id: Uuid) -> Result<(), StoreError> {
    if tx.held.referred.contains(&(kind, id)) {
        return Ok(());
    }
    lock(tx, kind, id, " FOR KEY SHARE")?;
    tx.held.referred.insert((kind, id));
    Ok(())
}

/// Keeps others from beginning to refer to a record until the transaction ends; whoever deletes it does so before
/// counting what depends on it.
///
/// # Errors
/// When the database fails.
pub fn record_close(tx: &mut Tx<'_>, kind: RecordKind, id: Uuid) -> Result<(), StoreError> {
    lock(tx, kind, id, " FOR UPDATE")
}

/// Keeps others from changing a record until the transaction ends, who may go on to refer to it; whoever decides by what
/// it is takes it first, and sees what those before have made of it.
///
/// # Errors
/// When the database fails.
pub fn record_take(tx: &mut Tx<'_>, kind: RecordKind, id: Uuid) -> Result<(), StoreError> {
    lock(tx, kind, id, " FOR NO KEY UPDATE")
}

/// SQLite has one writer, who is alone anyway.
fn lock(tx: &mut Tx<'_>, kind: RecordKind, id: Uuid, strength: &'static str) -> Result<(), StoreError> {
    if let Db::Sqlite(_) = &**tx {
        return Ok(());
    }
    let sql = Fragment::sql("SELECT version AS n FROM ").push(kind.plural()).push(" WHERE id = ").bind(id);
    let _held: Vec<Count> = sql.push(strength).load_rows(tx)?;
    Ok(())
}

/// The next human number of a kind.
///
/// # Errors
/// When the database fails.
pub fn number_next(tx: &mut Tx<'_>, kind: RecordKind) -> QueryResult<i64> {
    let sqlite = Fragment::sql("UPDATE number_counters SET next = next + 1 WHERE record_type = ");
    let sqlite = sqlite.bind(Bind::Text(kind.plural().to_owned())).push(" RETURNING next - 1 AS n");
    let postgres = Fragment::sql("SELECT nextval('").push(kind.plural()).push("_number') AS n");
    let sql = Fragment::default().either(sqlite, postgres);
    let taken: Count = sql.load_rows(tx)?.pop().ok_or(diesel::result::Error::NotFound)?;
    Ok(taken.n)
}

/// The record that another system knows under this id.
///
/// # Errors
/// When the database fails.
pub fn record_by_external_id(
    db: &mut Db,
    kind: RecordKind,
    system: &str,
    external_id: &str,
) -> QueryResult<Option<Uuid>> {
    use crate::schema::external_ids as table;
    let found: Option<Id> = table::table
        .filter(table::record_type.eq(kind.as_str()))
        .filter(table::system.eq(system))
        .filter(table::external_id.eq(external_id))
        .select(table::record_id)
        .first(db)
        .optional()?;
    Ok(found.map(Into::into))
}
