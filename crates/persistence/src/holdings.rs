//! What somebody has, and giving much of it to somebody else at once.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use serde_json::{Value, json};
use uuid::Uuid;

use rapport_domain::access::{Ownership, Permit};
use rapport_domain::context::Context;
use rapport_domain::handover::{Heir, Holding, Standing};
use rapport_domain::kind::RecordKind;

use crate::changes::FieldChange;
use crate::connection::Db;
use crate::error::StoreError;
use crate::fragment::{Bind, Fragment};
use crate::reassignment::{PORTION, Rewrite, held, rewrite};
use crate::store::Tx;
use crate::types::{Id, Instant, Ts, Uid};

/// How much somebody has, and what else names them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, QueryableByName)]
#[expect(missing_docs, reason = "the names are those of the API, documented there")]
pub struct Holdings {
    #[diesel(sql_type = BigInt)]
    pub customers: i64,
    #[diesel(sql_type = BigInt)]
    pub contacts: i64,
    #[diesel(sql_type = BigInt)]
    pub leads: i64,
    #[diesel(sql_type = BigInt)]
    pub opportunities: i64,
    #[diesel(sql_type = BigInt)]
    pub closed_opportunities: i64,
    #[diesel(sql_type = BigInt)]
    pub tasks: i64,
    #[diesel(sql_type = BigInt)]
    pub reports: i64,
    #[diesel(sql_type = BigInt)]
    pub api_keys: i64,
}

/// Counts what somebody has.
///
/// # Errors
/// When the database fails.
pub fn holdings_count(db: &mut Db, user: Uuid, now: Instant) -> Result<Holdings, StoreError> {
    let counted = |sql: Fragment, name: &'static str, from: &str, mine: &str| {
        sql.push("(SELECT COUNT(*) FROM ").push(from).push(" WHERE ").push(mine).push(" = ").bind(user).push(name)
    };
    let owned = |sql: Fragment, kind: RecordKind, which: &'static str| {
        counted(sql, " AND deleted_at IS NULL", kind.plural(), "owner_id").push(which)
    };
    let sql = owned(Fragment::sql("SELECT "), RecordKind::Customer, ") AS customers, ");
    let sql = owned(sql, RecordKind::Contact, ") AS contacts, ");
    let sql = owned(sql, RecordKind::Lead, " AND status_category <> 'converted') AS leads, ");
    let sql = owned(sql, RecordKind::Opportunity, " AND category = 'open') AS opportunities, ");
    let sql = owned(sql, RecordKind::Opportunity, " AND category <> 'open') AS closed_opportunities, ");
    let sql = owned(sql, RecordKind::Activity, " AND status = 'open') AS tasks, ");
    let sql = counted(sql, ") AS reports, ", "users", "manager_id");
    let sql = counted(sql, " AND revoked_at IS NULL AND expires_at > ", "api_keys", "user_id");
    let rows: Vec<Holdings> = sql.bind(Bind::Instant(now)).push(") AS api_keys").load_rows(db)?;
    Ok(rows.into_iter().next().unwrap_or_default())
}

/// A record that somebody has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRecord {
    /// Which.
    pub id: Uuid,
    /// What it belongs to or is about, the nearest first.
    pub near: Vec<Uuid>,
    /// Until when it is locked, of a customer, as it is stored.
    pub locked_until: Option<String>,
}

#[derive(Debug, QueryableByName)]
struct HeldRow {
    #[diesel(sql_type = Uid)]
    id: Id,
    #[diesel(sql_type = Nullable<Uid>)]
    opportunity_id: Option<Id>,
    #[diesel(sql_type = Nullable<Uid>)]
    customer_id: Option<Id>,
    #[diesel(sql_type = Nullable<Uid>)]
    contact_id: Option<Id>,
    #[diesel(sql_type = Nullable<Uid>)]
    lead_id: Option<Id>,
    #[diesel(sql_type = Nullable<Text>)]
    locked_until: Option<String>,
}

const NOTHING: &str = "CAST(NULL AS uuid) AS ";

/// Which records of a kind somebody has that are handed over; closed deals by choice.
fn belonging(holding: Holding, user: Uuid, with_closed: bool) -> Option<Fragment> {
    let kind = holding.record_kind()?;
    let about = |columns: [(&str, bool); 4]| {
        columns.into_iter().fold(Fragment::sql("SELECT id"), |sql, (column, is_there)| {
            sql.push(", ").push(if is_there { "" } else { NOTHING }).push(column)
        })
    };
    let has_customer = matches!(holding, Holding::Contact | Holding::Opportunity | Holding::Task);
    let is_task = holding == Holding::Task;
    let sql = about([
        ("opportunity_id", is_task),
        ("customer_id", has_customer),
        ("contact_id", is_task),
        ("lead_id", is_task),
    ]);
    let lock = if holding == Holding::Customer { ", profile ->> 'locked_until'" } else { ", CAST(NULL AS text)" };
    let sql = sql.push(lock).push(" AS locked_until FROM ").push(kind.plural());
    let sql = sql.push(" WHERE deleted_at IS NULL AND owner_id = ").bind(user);
    Some(match holding {
        Holding::Lead => sql.push(" AND status_category <> 'converted'"),
        Holding::Opportunity if !with_closed => sql.push(" AND category = 'open'"),
        Holding::Task => sql.push(" AND status = 'open'"),
        _ => sql,
    })
}

/// Everything of a kind that somebody has, each kept as it is until the transaction ends; whoever is changing one at this
/// moment is waited for, and what they give to somebody else left out.
///
/// # Errors
/// When the database fails.
pub fn holdings_hold(
    tx: &mut Tx<'_>,
    holding: Holding,
    user: Uuid,
    with_closed: bool,
) -> Result<Vec<HeldRecord>, StoreError> {
    let Some(sql) = belonging(holding, user, with_closed) else { return Ok(Vec::new()) };
    let rows: Vec<HeldRow> = sql.push(" ORDER BY id").append(held()).load_rows(tx)?;
    let near = |row: &HeldRow| {
        let near = [row.opportunity_id, row.customer_id, row.contact_id, row.lead_id];
        near.into_iter().flatten().map(Uuid::from).collect()
    };
    Ok(rows
        .into_iter()
        .map(|row| HeldRecord { id: row.id.0, near: near(&row), locked_until: row.locked_until })
        .collect())
}

/// Who has a record, or shall have it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Somebody, a pool, or nobody.
    pub heir: Heir,
    /// Their team, or that of the pool.
    pub team_id: Option<Uuid>,
}

impl Place {
    fn ownership(&self) -> Ownership {
        Ownership { owner_id: self.heir.user_id, team_id: self.team_id, pool_id: self.heir.pool_id }
    }
}

/// Records of one kind that go from one place to another.
#[derive(Clone, Copy, Debug)]
pub struct Passing<'a> {
    /// What they are.
    pub holding: Holding,
    /// Where they are.
    pub from: Place,
    /// Where they go.
    pub to: Place,
    /// Which.
    pub records: &'a [HeldRecord],
    /// What the history calls it.
    pub action: &'a str,
    /// What is said about customers that go to a pool.
    pub reason: Option<&'a str>,
}

/// Gives records, which must be held, to somebody else: each with its history and its event. Answers their versions. When
/// rules take the customers among them from their owner is to be kept afterwards.
///
/// # Errors
/// When the database fails.
pub fn holdings_pass(
    tx: &mut Tx<'_>,
    _permit: &Permit,
    ctx: &Context,
    passing: &Passing<'_>,
) -> Result<Vec<(Uuid, i64)>, StoreError> {
    let Some(kind) = passing.holding.record_kind() else { return Ok(Vec::new()) };
    let set = place(Fragment::sql("owner_id = "), passing.to.heir.user_id).push(", team_id = ");
    let set = place(set, passing.to.team_id);
    let set = if kind == RecordKind::Customer { set.append(tenure(ctx, passing)) } else { set };
    let written = Rewrite { kind, action: passing.action, set, from: Some(passing.from.ownership()) };
    let mut versions = Vec::with_capacity(passing.records.len());
    for portion in passing.records.chunks(usize::try_from(PORTION).unwrap_or(usize::MAX)) {
        let ids: Vec<Id> = portion.iter().map(|record| Id(record.id)).collect();
        let fields = |id: Id| changes(passing, portion.iter().find(|record| record.id == id.0));
        let touched = rewrite(tx, ctx, &written, &ids, fields)?;
        versions.extend(touched.into_iter().map(|row| (row.id.0, row.version)));
    }
    Ok(versions)
}

fn place(sql: Fragment, id: Option<Uuid>) -> Fragment {
    match id {
        Some(id) => sql.bind(id),
        None => sql.push("NULL"),
    }
}

/// What else changes of a customer that changes hands: as when one is given away by itself.
fn tenure(ctx: &Context, passing: &Passing<'_>) -> Fragment {
    let now = || Bind::Instant(Instant(ctx.now));
    let sql = place(Fragment::sql(", pool_id = "), passing.to.heir.pool_id).push(", release_at = NULL, ");
    let sql = match passing.to.heir.pool_id {
        Some(_) => sql.push("counted_from = NULL, pooled_at = ").bind(now()),
        None => sql.push("pooled_at = NULL, counted_from = ").bind(now()),
    };
    sql.push(", profile = ").append(profile(passing))
}

/// The profile without what belonged to the owner or to the pool, and with who had it before.
fn profile(passing: &Passing<'_>) -> Fragment {
    let (from, to) = (passing.from.heir.user_id, passing.to.heir);
    let text = |sql: Fragment, value: String| {
        sql.dialect("", "to_jsonb(CAST(").bind(Bind::Text(value)).dialect("", " AS text))")
    };
    let bare = Fragment::default().dialect(
        "json_remove(profile, '$.locked_until', '$.release_rule', '$.pool_rule', '$.pool_reason')",
        "(profile - 'locked_until' - 'release_rule' - 'pool_rule' - 'pool_reason')",
    );
    let sql = match from {
        Some(previous) => {
            let sql = Fragment::default().dialect("json_set(", "jsonb_set(").append(bare);
            let sql = sql.dialect(", '$.previous_owner_id', ", ", '{previous_owner_id}', ");
            text(sql, previous.to_string()).push(")")
        }
        // Whoever has it again is not its previous owner.
        None => {
            let of = |owner: Uuid| Bind::Text(owner.to_string());
            let known = to.user_id.map_or_else(|| Bind::Text(String::new()), of);
            Fragment::sql("CASE WHEN profile ->> 'previous_owner_id' = ")
                .bind(known)
                .dialect(" THEN json_remove(", " THEN ")
                .append(bare.clone())
                .dialect(", '$.previous_owner_id')", " - 'previous_owner_id'")
                .push(" ELSE ")
                .append(bare)
                .push(" END")
        }
    };
    match passing.reason.filter(|_| to.pool_id.is_some()) {
        Some(reason) => {
            let sql = Fragment::default().dialect("json_set(", "jsonb_set(").append(sql);
            text(sql.dialect(", '$.pool_reason', ", ", '{pool_reason}', "), reason.to_owned()).push(")")
        }
        None => sql,
    }
}

/// What the history says about one of them.
fn changes(passing: &Passing<'_>, record: Option<&HeldRecord>) -> Vec<FieldChange> {
    let (from, to) = (passing.from.heir, passing.to.heir);
    let lock = record.and_then(|record| record.locked_until.clone());
    let field = |field: &str, old: Value, new: Value| FieldChange { field: field.to_owned(), old, new };
    let all = [
        field("owner_id", json!(from.user_id), json!(to.user_id)),
        field("pool_id", json!(from.pool_id), json!(to.pool_id)),
        field("pool_reason", Value::Null, json!(passing.reason.filter(|_| to.pool_id.is_some()))),
        field("locked_until", json!(lock), Value::Null),
    ];
    all.into_iter().filter(|field| field.old != field.new).collect()
}

#[derive(Debug, QueryableByName)]
struct StandingRow {
    #[diesel(sql_type = Uid)]
    id: Id,
    #[diesel(sql_type = Nullable<Uid>)]
    owner_id: Option<Id>,
    #[diesel(sql_type = Nullable<Uid>)]
    team_id: Option<Id>,
    #[diesel(sql_type = Nullable<Uid>)]
    pool_id: Option<Id>,
    #[diesel(sql_type = Nullable<Ts>)]
    pooled_at: Option<Instant>,
    #[diesel(sql_type = Bool)]
    is_deleted: bool,
    #[diesel(sql_type = Bool)]
    is_closed: bool,
    #[diesel(sql_type = Nullable<Text>)]
    locked_until: Option<String>,
}

/// A record that was handed over, as it stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingRecord {
    /// The record.
    pub record: HeldRecord,
    /// What has become of it.
    pub standing: Standing,
    /// The team it belongs to.
    pub team_id: Option<Uuid>,
}

/// What has become of records since a moment, each kept as it is until the transaction ends; those that are gone for good are
/// left out.
///
/// # Errors
/// When the database fails.
pub fn standings_hold(
    tx: &mut Tx<'_>,
    holding: Holding,
    since: Instant,
    ids: &[Uuid],
) -> Result<Vec<StandingRecord>, StoreError> {
    let Some(kind) = holding.record_kind() else { return Ok(Vec::new()) };
    let mut found = Vec::with_capacity(ids.len());
    for portion in ids.chunks(usize::try_from(PORTION).unwrap_or(usize::MAX)) {
        let sql = Fragment::sql("SELECT id, owner_id, team_id, ");
        let sql = if kind == RecordKind::Customer {
            sql.push("pool_id, pooled_at, profile ->> 'locked_until' AS locked_until")
        } else {
            sql.push(NOTHING).push("pool_id, ").dialect(
                "NULL AS pooled_at, NULL AS locked_until",
                "CAST(NULL AS timestamptz) AS pooled_at, CAST(NULL AS text) AS locked_until",
            )
        };
        let sql = sql.push(", deleted_at IS NOT NULL AS is_deleted, ").append(closed(holding, since));
        let sql = sql.push(" AS is_closed FROM ").push(kind.plural()).push(" WHERE id IN ");
        let sql = sql.bind_list(portion.iter().copied()).push(" ORDER BY id").append(held());
        let rows: Vec<StandingRow> = sql.load_rows(tx)?;
        found.extend(rows.into_iter().map(StandingRow::standing));
    }
    Ok(found)
}

/// Whether something has come to an end since.
fn closed(holding: Holding, since: Instant) -> Fragment {
    match holding {
        Holding::Lead => Fragment::sql("status_category = 'converted'"),
        Holding::Opportunity => {
            Fragment::sql("(closed_at IS NOT NULL AND closed_at > ").bind(Bind::Instant(since)).push(")")
        }
        Holding::Task => Fragment::sql("status <> 'open'"),
        _ => Fragment::none(),
    }
}

impl StandingRow {
    fn standing(self) -> StandingRecord {
        let heir = Heir { user_id: self.owner_id.map(Into::into), pool_id: self.pool_id.map(Into::into) };
        StandingRecord {
            record: HeldRecord { id: self.id.0, near: Vec::new(), locked_until: self.locked_until },
            standing: Standing {
                heir,
                pooled_at: self.pooled_at.map(Into::into),
                is_deleted: self.is_deleted,
                is_closed: self.is_closed,
            },
            team_id: self.team_id.map(Into::into),
        }
    }
}
