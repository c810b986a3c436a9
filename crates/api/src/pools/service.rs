//! The use cases of pools.

use serde_json::{Value, json};
use uuid::Uuid;

use rapport_domain::access::{Action, Permit, Subject, decide};
use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_persistence::customer_pools::{
    CustomerPoolRow, customer_pool_delete, customer_pool_in_use, customer_pool_insert, customer_pool_replace,
    customer_pool_size, customer_pool_sizes, customer_pool_update, customer_pools_all, customers_follow_pool,
};
use rapport_persistence::types::Instant;
use rapport_persistence::{Db, Tx};

use super::draft;
use super::dto::{CreateCustomerPool, CustomerPoolList, CustomerPoolView};
use super::releases::{close, keep_all_releases, serving_changed};
use crate::configuration::{check_room, check_version, enter, merged};
use crate::problem::{Code, Problem};
use crate::records::references::{References, Wanted};
use crate::records::reply::Reply;
use crate::records::view::named;

/// How many pools there may be.
const MAX_POOLS: usize = 200;

/// Every pool.
pub(super) fn list(db: &mut Db, ctx: &Context) -> Result<Reply, Problem> {
    may_view(ctx)?;
    let rows = customer_pools_all(db)?;
    let (sizes, teams) = (customer_pool_sizes(db)?, teams_of(db, &rows)?);
    let size = |row: &CustomerPoolRow| sizes.iter().find(|(id, _)| *id == row.id.0).map_or(0, |(_, size)| *size);
    let view = |row: &CustomerPoolRow| {
        CustomerPoolView::of(row, named(row.team_id.map(Into::into), &teams), size(row), ctx.locale)
    };
    Reply::ok(&CustomerPoolList { data: rows.iter().map(view).collect() })
}

/// One pool.
pub(super) fn get(db: &mut Db, ctx: &Context, id: Uuid) -> Result<Reply, Problem> {
    may_view(ctx)?;
    let row = customer_pools_all(db)?.into_iter().find(|row| row.id.0 == id);
    reply(db, ctx, 200, &row.ok_or_else(|| Problem::new(Code::NotFound))?)
}

fn may_view(ctx: &Context) -> Result<(), Problem> {
    Ok(decide(&ctx.actor, Action::View, Subject::Configuration, None).map(drop)?)
}

/// Adds a pool.
///
/// # Errors
/// Every fault of the input, 403, 409 when name or team is taken.
pub(super) fn create(tx: &mut Tx<'_>, ctx: &Context, input: &CreateCustomerPool) -> Result<Reply, Problem> {
    let permit = enter(tx, ctx)?;
    let others = close(tx)?;
    check_room(others.len(), MAX_POOLS)?;
    let mut row = CustomerPoolRow::blank(ctx.next_id(), Instant(ctx.now));
    draft::read(tx, &mut row, input)?;
    customer_pool_insert(tx, &permit, &row)?;
    serving_changed(tx, ctx)?;
    let place = format!("/api/v1/pools/{}", row.id.0);
    Ok(reply(tx, ctx, 201, &row)?.location(place))
}

/// Changes what a merge patch names.
pub(crate) fn update(
    tx: &mut Tx<'_>,
    ctx: &Context,
    id: Uuid,
    expected: Option<i64>,
    patch: &Value,
) -> Result<Reply, Problem> {
    let permit = enter(tx, ctx)?;
    let before = find(tx, id)?;
    check_version(expected, before.version, &view(tx, ctx, &before)?)?;
    let input: CreateCustomerPool = merged(&draft::input_of(&before), patch)?;
    let mut row = before.clone();
    draft::read(tx, &mut row, &input)?;
    if row != before {
        row.version = before.version + 1;
        row.updated_at = Instant(ctx.now);
        save(tx, ctx, &permit, &before, &mut row)?;
    }
    reply(tx, ctx, 200, &row)
}

/// Writes a pool, and lets everything follow that depends on it.
fn save(
    tx: &mut Tx<'_>,
    ctx: &Context,
    permit: &Permit,
    before: &CustomerPoolRow,
    row: &mut CustomerPoolRow,
) -> Result<(), Problem> {
    let serves = |row: &CustomerPoolRow| (row.team_id, row.is_active);
    let limits = |row: &CustomerPoolRow| (row.no_activity_days, row.no_opportunity_days, row.not_won_days);
    let (has_new_rules, has_new_people) = (limits(row) != limits(before), serves(row) != serves(before));
    if has_new_rules {
        row.rules_since = Instant(ctx.now);
    }
    customer_pool_update(tx, permit, row, before.version)?;
    if row.team_id != before.team_id {
        customers_follow_pool(tx, permit, row)?;
    }
    if has_new_people {
        return serving_changed(tx, ctx);
    }
    if has_new_rules || row.warn_days != before.warn_days { keep_all_releases(tx) } else { Ok(()) }
}

/// Removes a pool; what lies in it moves to the one that is named.
pub(super) fn delete(
    tx: &mut Tx<'_>,
    ctx: &Context,
    id: Uuid,
    expected: Option<i64>,
    replacement: Option<Uuid>,
) -> Result<Reply, Problem> {
    let permit = enter(tx, ctx)?;
    let row = find(tx, id)?;
    check_version(expected, row.version, &view(tx, ctx, &row)?)?;
    let heir = replacement.map(|to| heir(tx, &row, to)).transpose()?;
    let inside = customer_pool_in_use(tx, id)?;
    if row.is_default {
        return Err(in_use(inside).because("默认公海不能删除", "The default pool stays"));
    }
    match heir {
        Some(heir) => customer_pool_replace(tx, &permit, ctx, &row, &heir)?,
        None if inside > 0 => {
            return Err(in_use(inside)
                .because("公海中仍有客户，请指定接收它们的公海", "Customers lie in it: name the pool they move to"));
        }
        None => {}
    }
    customer_pool_delete(tx, &permit, row.id)?;
    serving_changed(tx, ctx)?;
    Ok(Reply::empty())
}

fn in_use(customers: i64) -> Problem {
    Problem::new(Code::InUse).with("in_use", json!({ "customers": customers }))
}

fn heir(tx: &mut Tx<'_>, row: &CustomerPoolRow, to: Uuid) -> Result<CustomerPoolRow, Problem> {
    let known = close(tx)?.into_iter().find(|to_row| to_row.id.0 == to && to_row.id != row.id);
    known.ok_or_else(|| Problem::validation().parameter("replacement", Code::InvalidValue))
}

/// A pool that is about to change; nobody decides by any until the transaction ends.
fn find(tx: &mut Tx<'_>, id: Uuid) -> Result<CustomerPoolRow, Problem> {
    close(tx)?.into_iter().find(|row| row.id.0 == id).ok_or_else(|| Problem::new(Code::NotFound))
}

fn teams_of(db: &mut Db, rows: &[CustomerPoolRow]) -> Result<References, Problem> {
    let mut wanted = Wanted::default();
    rows.iter().for_each(|row| wanted.name(RecordKind::Team, row.team_id.map(Into::into)));
    wanted.load(db)
}

fn view(db: &mut Db, ctx: &Context, row: &CustomerPoolRow) -> Result<CustomerPoolView, Problem> {
    let teams = teams_of(db, std::slice::from_ref(row))?;
    let customers = customer_pool_size(db, row.id.0)?;
    Ok(CustomerPoolView::of(row, named(row.team_id.map(Into::into), &teams), customers, ctx.locale))
}

fn reply(db: &mut Db, ctx: &Context, status: u16, row: &CustomerPoolRow) -> Result<Reply, Problem> {
    let view = view(db, ctx, row)?;
    Ok(Reply { version: Some(row.version), ..Reply::json(status, &view)? })
}
