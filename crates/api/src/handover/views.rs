//! Handovers as they are shown.

use std::collections::BTreeMap;

use uuid::Uuid;

use rapport_domain::access::{Action, Subject, is_allowed};
use rapport_domain::context::Context;
use rapport_domain::handover::{Heir, Holding, UNDO_WITHIN, is_too_late};
use rapport_domain::kind::RecordKind;
use rapport_persistence::Db;
use rapport_persistence::assignment_rules::assignment_rules_all;
use rapport_persistence::handovers::{
    HandoverCount, HandoverItemRow, HandoverRow, handover_counts, handover_find, handover_items_page, handovers_of,
};
use rapport_persistence::page::{After, SortValue};

use super::dto::{
    HandoverCounts, HandoverItem, HandoverItemPage, HandoverItemParams, HandoverLeft, HandoverList, HandoverShare,
    HandoverView,
};
use crate::pools::{self, Pools};
use crate::problem::{Code, Problem};
use crate::records::cursor;
use crate::records::list::{MAX_LIMIT, PageInfo};
use crate::records::references::{References, Wanted};
use crate::records::reply::Reply;
use crate::records::seen::SeenNames;
use crate::records::view::{NamedRef, named};
use crate::users::find;

/// How many handovers of somebody are listed.
const MOST: i64 = 100;

/// The handovers of somebody.
///
/// # Errors
/// 404.
pub(super) fn list(db: &mut Db, ctx: &Context, user: Uuid) -> Result<Reply, Problem> {
    find(db, user)?;
    let rows = handovers_of(db, user, MOST)?;
    Reply::ok(&HandoverList { data: views(db, ctx, &rows)? })
}

/// One handover.
///
/// # Errors
/// 404.
pub(super) fn get(db: &mut Db, ctx: &Context, id: Uuid) -> Result<Reply, Problem> {
    let row = handover_find(db, id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
    Reply::ok(&one(db, ctx, &row)?)
}

/// The view of a row.
///
/// # Errors
/// When the database fails.
pub(super) fn one(db: &mut Db, ctx: &Context, row: &HandoverRow) -> Result<HandoverView, Problem> {
    let view = views(db, ctx, std::slice::from_ref(row))?.pop();
    view.ok_or_else(|| Problem::new(Code::NotFound))
}

/// The views of rows: a statement for the counts, one for the people and one for the pools, however many they are.
fn views(db: &mut Db, ctx: &Context, rows: &[HandoverRow]) -> Result<Vec<HandoverView>, Problem> {
    let counts = handover_counts(db, &rows.iter().map(|row| row.id.0).collect::<Vec<_>>())?;
    let mut wanted = Wanted::default();
    for row in rows {
        for user in [Some(row.user_id), row.created_by, row.undone_by] {
            wanted.name(RecordKind::User, user.map(Into::into));
        }
    }
    counts.iter().for_each(|count| wanted.name(RecordKind::User, count.to_user_id.map(Into::into)));
    wanted.pools();
    let references = wanted.load(db)?;
    let of = |row: &HandoverRow| counts.iter().filter(|count| count.handover_id == row.id).collect::<Vec<_>>();
    Ok(rows.iter().map(|row| view(row, &of(row), &references, ctx)).collect())
}

fn view(row: &HandoverRow, counts: &[&HandoverCount], references: &References, ctx: &Context) -> HandoverView {
    let person = |user: Option<rapport_persistence::types::Id>| named(user.map(Into::into), references);
    let may = is_allowed(&ctx.actor, Action::Configure, Subject::User, None);
    let left = counts.iter().filter_map(|count| {
        let reason = count.left_because.clone()?;
        Some(HandoverLeft { kind: count.kind.clone(), reason, count: count.n })
    });
    HandoverView {
        id: row.id.0,
        user: person(Some(row.user_id)),
        switched_off: row.switched_off,
        reason: row.reason.clone(),
        created_at: row.created_at.0,
        created_by: person(row.created_by),
        counts: sum(counts.iter().copied()),
        shares: shares(counts, references, ctx),
        undo_until: row.created_at.0 + UNDO_WITHIN,
        can_undo: may && row.undone_at.is_none() && !is_too_late(row.created_at.0, ctx.now),
        undone_at: row.undone_at.map(Into::into),
        undone_by: person(row.undone_by),
        returned: row.undone_at.map(|_| sum(counts.iter().copied().filter(|count| count.left_because.is_none()))),
        left: together(left),
    }
}

fn sum<'a>(counts: impl Iterator<Item = &'a HandoverCount>) -> HandoverCounts {
    let mut all = HandoverCounts::default();
    for count in counts {
        if let Some(holding) = Holding::parse(&count.kind) {
            all.add(holding, count.n);
        }
    }
    all
}

/// What each has got.
fn shares(counts: &[&HandoverCount], references: &References, ctx: &Context) -> Vec<HandoverShare> {
    let heir = |count: &HandoverCount| Heir {
        user_id: count.to_user_id.map(Into::into),
        pool_id: count.to_pool_id.map(Into::into),
    };
    let mut by_heir: BTreeMap<Heir, Vec<&HandoverCount>> = BTreeMap::new();
    counts.iter().for_each(|count| by_heir.entry(heir(count)).or_default().push(count));
    let share = |(heir, counts): (Heir, Vec<&HandoverCount>)| HandoverShare {
        user: named(heir.user_id, references),
        pool: pool(heir.pool_id, references.pools(), ctx),
        counts: sum(counts.into_iter()),
    };
    by_heir.into_iter().map(share).collect()
}

/// One line for each kind and reason, whoever has it.
fn together(left: impl Iterator<Item = HandoverLeft>) -> Vec<HandoverLeft> {
    let mut lines: BTreeMap<(String, String), i64> = BTreeMap::new();
    left.for_each(|one| *lines.entry((one.kind, one.reason)).or_default() += one.count);
    lines.into_iter().map(|((kind, reason), count)| HandoverLeft { kind, reason, count }).collect()
}

fn pool(id: Option<Uuid>, pools: Option<&Pools>, ctx: &Context) -> Option<NamedRef> {
    let row = pools?.find(id?)?;
    Some(NamedRef { id: row.id.0, name: pools::name_of(row, ctx.locale) })
}

// ---------------------------------------------------------------- what was handed over

/// A page of what was handed over.
///
/// # Errors
/// 404; 400 for a cursor or a limit that is none.
pub(super) fn items(
    db: &mut Db,
    ctx: &Context,
    id: Uuid,
    asked: &HandoverItemParams,
    key: &[u8],
) -> Result<Reply, Problem> {
    let limit = asked.limit.unwrap_or(50);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Problem::new(Code::LimitInvalid).parameter("limit", Code::InvalidValue));
    }
    let unknown = || Problem::new(Code::ParameterInvalid).parameter("kind", Code::InvalidValue);
    let holding = asked.kind.as_deref().map(|kind| Holding::parse(kind).ok_or_else(unknown)).transpose()?;
    handover_find(db, id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
    let list = cursor::fingerprint(&["handover", &id.to_string(), holding.map_or("", Holding::as_str)]);
    let after = asked.cursor.as_deref().map(|text| cursor::open(key, &list, text).and_then(place)).transpose()?;
    let mut rows = handover_items_page(db, id, holding, after.as_ref(), limit + 1)?;
    let has_more = rows.len() as i64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(0));
    let next_cursor = rows.last().filter(|_| has_more).map(|last| {
        let after = After { values: vec![SortValue::Text(last.kind.clone())], id: last.record_id.0 };
        cursor::seal(key, &list, &after)
    });
    Reply::ok(&HandoverItemPage { data: shown(db, ctx, &rows)?, page: PageInfo { limit, has_more, next_cursor } })
}

fn place(after: After) -> Result<(String, Uuid), Problem> {
    match after.values.into_iter().next() {
        Some(SortValue::Text(kind)) => Ok((kind, after.id)),
        _ => Err(Problem::new(Code::CursorInvalid)),
    }
}

/// The names of records are those that the reader sees.
fn shown(db: &mut Db, ctx: &Context, rows: &[HandoverItemRow]) -> Result<Vec<HandoverItem>, Problem> {
    let holding = |row: &HandoverItemRow| Holding::parse(&row.kind);
    let kind = |row: &HandoverItemRow| holding(row).and_then(Holding::record_kind);
    let records = SeenNames::load(db, ctx, rows.iter().filter_map(|row| Some((kind(row)?, row.record_id.0))))?;
    let mut wanted = Wanted::default();
    for row in rows {
        wanted.name(RecordKind::User, row.to_user_id.map(Into::into));
        let report = (holding(row) == Some(Holding::Report)).then_some(row.record_id.0);
        wanted.name(RecordKind::User, report);
    }
    wanted.pools();
    let references = wanted.load(db)?;
    let has_rules = rows.iter().any(|row| holding(row) == Some(Holding::AssignmentRule));
    let rules = if has_rules { assignment_rules_all(db)? } else { Vec::new() };
    let rule = |row: &HandoverItemRow| rules.iter().find(|rule| rule.id == row.record_id).map(|rule| rule.name.clone());
    let name = |row: &HandoverItemRow| match kind(row) {
        Some(kind) => records.record(kind, row.record_id.0).name,
        None if holding(row) == Some(Holding::Report) => references.name(row.record_id.0).map(str::to_owned),
        None => rule(row),
    };
    let item = |row: &HandoverItemRow| HandoverItem {
        kind: row.kind.clone(),
        id: row.record_id.0,
        name: name(row),
        to: named(row.to_user_id.map(Into::into), &references),
        pool: pool(row.to_pool_id.map(Into::into), references.pools(), ctx),
        left_because: row.left_because.clone(),
    };
    Ok(rows.iter().map(item).collect())
}
