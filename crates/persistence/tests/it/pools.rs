//! Customers of one's own and those of one's pool, as one list; what a database holds of pools, and what it refuses.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use rapport_domain::access::{Ownership, Visibility};
use rapport_domain::filter::{Checked, CmpOp, Column, Value};
use rapport_domain::kind::RecordKind;
use rapport_domain::pool::{Release, ReleaseRule};
use rapport_persistence::customer_pools::{
    CustomerPoolRow, customer_pool_delete, customer_pool_insert, customer_pool_replace, customer_pools_all,
};
use rapport_persistence::customers::CustomerBody;
use rapport_persistence::page::{After, Order, SortColumn};
use rapport_persistence::record::Record;
use rapport_persistence::records::{Selection, record_count, record_find, record_list};
use rapport_persistence::releases::{Whose, owned_hold_after, releases_due, releases_keep};
use rapport_persistence::types::{Id, Instant};
use rapport_persistence::{Db, StoreError, Tx};

use crate::builders::{POOL, World, customer, default_pool, id, insert, may_configure};
use crate::rows::add_people;

/// Customers of user 1, of user 2, and of the pool, in turn.
async fn customers(world: &World, count: usize) -> Vec<Record<CustomerBody>> {
    world.write(add_people).await.unwrap();
    let mut rows = Vec::new();
    for n in 0..count {
        let mut row = customer(&world.ctx, &format!("customer {}", n * 7 % 10));
        row.head.updated_at = Instant(world.ctx.now + TimeDelta::seconds((n * 5 % 11) as i64));
        row.body.level = ["A", "B"].get(n % 3).map(|level| (*level).to_owned());
        let owner = [Some(id(1)), None, Some(id(2))][n % 3];
        if let Some(owner) = owner {
            row.head.owner_id = Some(Id(owner));
            (row.body.pool_id, row.body.pooled_at) = (None, None);
            row.body.counted_from = Some(Instant(world.ctx.now));
            let day = TimeDelta::days((n * 3 % 8) as i64);
            row.body.release_at = (n % 2 == 0).then(|| Instant(world.ctx.now + day));
        }
        rows.push(row);
    }
    let add = rows.clone();
    world.write(move |tx, ctx| add.iter().try_for_each(|row| insert(tx, ctx, row.clone()).map(drop))).await.unwrap();
    rows
}

fn seen() -> Visibility {
    Visibility::Pool { own: Box::new(Visibility::Own { user: id(1) }), pool: POOL }
}

fn by(column: SortColumn) -> Order {
    Order { columns: vec![column] }
}

fn listed(
    db: &mut Db,
    selection: &Selection,
    order: &Order,
    after: Option<&After>,
    limit: i64,
) -> Vec<Record<CustomerBody>> {
    record_list(db, selection, order, after, limit).unwrap()
}

#[tokio::test]
async fn own_and_pooled_customers_are_one_list_in_every_order_page_by_page() {
    World::each(async |world| {
        let rows = customers(world, 60).await;
        let expected: BTreeSet<Id> =
            rows.iter().filter(|row| seen().includes(&row.ownership())).map(|row| row.head.id).collect();
        assert_eq!(expected.len(), 40);
        let work = move |db: &mut Db| {
            let everything = Selection::visible(RecordKind::Customer, Visibility::Everything);
            let selection = Selection::visible(RecordKind::Customer, seen());
            for (column, is_nullable) in [
                ("updated_at", false),
                ("name_sort", false),
                ("level", true),
                ("release_at", true),
                ("pooled_at", true),
            ] {
                for is_descending in [false, true] {
                    let order = by(SortColumn { column, is_nullable, is_descending });
                    let whole = listed(db, &everything, &order, None, 100);
                    let wanted: Vec<Id> =
                        whole.iter().map(|row| row.head.id).filter(|id| expected.contains(id)).collect();
                    let (mut found, mut after) = (Vec::new(), None);
                    loop {
                        let page = listed(db, &selection, &order, after.as_ref(), 7);
                        let Some(last) = page.last() else { break };
                        after = Some(last.place(&order));
                        found.extend(page.iter().map(|row| row.head.id));
                    }
                    assert_eq!(found, wanted, "{column} {is_descending}");
                }
            }
            assert_eq!(record_count(db, &selection, None)?, 40);
            Ok::<_, StoreError>(())
        };
        world.store.read("pages", work).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_filter_by_owner_or_pool_leaves_the_other_half_out() {
    World::each(async |world| {
        let rows = customers(world, 30).await;
        let mine = Ownership { owner_id: Some(id(1)), ..Ownership::default() };
        assert_eq!(rows.iter().filter(|row| row.ownership().owner_id == mine.owner_id).count(), 10);
        let work = |db: &mut Db| {
            let equals = |name, value| Checked::Cmp {
                column: Column { name, is_nullable: true },
                op: CmpOp::Eq,
                value: Value::Id(value),
            };
            let count = |db: &mut Db, filter: Checked| {
                let selection = Selection { filter, ..Selection::visible(RecordKind::Customer, seen()) };
                let latest = by(SortColumn { column: "updated_at", is_nullable: false, is_descending: true });
                let page = listed(db, &selection, &latest, None, 100).len();
                assert_eq!(record_count(db, &selection, None).unwrap(), page as i64);
                page
            };
            assert_eq!(count(db, equals("owner_id", id(1))), 10);
            assert_eq!(count(db, equals("owner_id", id(2))), 0);
            assert_eq!(count(db, equals("pool_id", POOL)), 10);
            assert_eq!(count(db, Checked::all_of(vec![equals("pool_id", POOL), equals("owner_id", id(1))])), 0);
            Ok::<_, StoreError>(())
        };
        world.store.read("halves", work).await.unwrap();
    })
    .await;
}

/// The same as the builder's, for a team.
fn pool(world_pool: CustomerPoolRow, number: u128, team: u128) -> CustomerPoolRow {
    CustomerPoolRow {
        id: Id(id(number)),
        name: Some(format!("Pool {number}")),
        name_key: Some(format!("pool {number}")),
        team_id: Some(Id(id(team))),
        is_default: false,
        ..world_pool
    }
}

#[tokio::test]
async fn a_database_has_one_default_pool_and_one_for_a_team_and_no_customer_without_a_place() {
    World::each(async |world| {
        world.write(add_people).await.unwrap();
        let add = |row: CustomerPoolRow| world.write(move |tx, _| customer_pool_insert(tx, &may_configure(), &row));
        let first = default_pool(&world.ctx);
        add(pool(first.clone(), 901, 1)).await.unwrap();
        let same_name = CustomerPoolRow { name_key: Some("pool 901".into()), ..pool(first.clone(), 902, 2) };
        assert_eq!(add(same_name).await, Err(StoreError::Unique("customer_pools_name_unique".into())));
        assert_eq!(
            add(pool(first.clone(), 902, 1)).await,
            Err(StoreError::Unique("customer_pools_team_unique".into()))
        );
        let second = CustomerPoolRow { id: Id(id(903)), ..first.clone() };
        assert!(matches!(add(second).await, Err(StoreError::Unique(_))), "one default");
        let nameless = CustomerPoolRow { name: None, ..pool(first, 904, 2) };
        assert!(matches!(add(nameless).await, Err(StoreError::Constraint(_))));
        for spoil in [
            |row: &mut Record<CustomerBody>| row.head.owner_id = Some(Id(id(1))),
            |row: &mut Record<CustomerBody>| (row.body.pool_id, row.body.pooled_at) = (None, None),
            |row: &mut Record<CustomerBody>| row.body.pooled_at = None,
            |row: &mut Record<CustomerBody>| row.body.counted_from = row.body.pooled_at,
            |row: &mut Record<CustomerBody>| row.body.release_at = row.body.pooled_at,
        ] {
            let mut row = customer(&world.ctx, "spoilt");
            spoil(&mut row);
            let refused = world.write(move |tx, ctx| insert(tx, ctx, row.clone())).await;
            assert!(matches!(refused, Err(StoreError::Constraint(_))), "{refused:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_pool_goes_when_its_customers_have_moved() {
    World::each(async |world| {
        world.write(add_people).await.unwrap();
        let (from, to) = (pool(default_pool(&world.ctx), 901, 1), pool(default_pool(&world.ctx), 902, 2));
        let mut row = customer(&world.ctx, "moving");
        (row.body.pool_id, row.head.team_id) = (Some(from.id), from.team_id);
        let moving = row.head.id.0;
        let work = move |tx: &mut Tx<'_>, ctx: &rapport_domain::context::Context| {
            customer_pool_insert(tx, &may_configure(), &from)?;
            customer_pool_insert(tx, &may_configure(), &to)?;
            insert(tx, ctx, row.clone())?;
            let held = tx.attempt(|tx| customer_pool_delete(tx, &may_configure(), from.id));
            assert_eq!(held, Err(StoreError::Reference));
            customer_pool_replace(tx, &may_configure(), ctx, &from, &to)?;
            customer_pool_delete(tx, &may_configure(), from.id)?;
            let moved: Record<CustomerBody> = record_find(tx, &Visibility::Everything, moving)?.unwrap();
            assert_eq!((moved.body.pool_id, moved.head.team_id, moved.head.version), (Some(to.id), to.team_id, 2));
            let left: Vec<Id> = customer_pools_all(tx)?.into_iter().map(|pool| pool.id).collect();
            assert_eq!(left, [Id(POOL), to.id]);
            Ok(())
        };
        world.write(work).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn releases_are_kept_without_a_version_and_what_is_due_comes_in_order() {
    World::each(async |world| {
        customers(world, 30).await;
        let now = world.ctx.now;
        let work = move |tx: &mut Tx<'_>, _: &rapport_domain::context::Context| {
            let mut owned = owned_hold_after(tx, Whose::Of(id(1)), None)?;
            assert_eq!(owned.len(), 10);
            let last = owned.last().unwrap().id;
            assert!(owned_hold_after(tx, Whose::Of(id(1)), Some(last))?.is_empty());
            let release = |n: usize| Release { at: now + TimeDelta::hours(n as i64), rule: ReleaseRule::ALL[n % 3] };
            let kept: Vec<_> =
                owned.iter().enumerate().map(|(n, one)| (one.id, (n % 4 != 0).then(|| release(n)))).collect();
            releases_keep(tx, &may_configure(), &kept)?;
            owned = owned_hold_after(tx, Whose::Of(id(1)), None)?;
            assert_eq!(owned.iter().map(|one| (one.id, one.kept)).collect::<Vec<_>>(), kept);
            let row: Record<CustomerBody> = record_find(tx, &Visibility::Everything, kept[1].0)?.unwrap();
            assert_eq!((row.head.version, row.body.profile.0.release_rule.as_deref()), (1, Some("no_opportunity")));
            let due = releases_due(tx, now + TimeDelta::hours(6), None, 100)?;
            assert!(due.is_sorted() && due.iter().all(|(at, _)| *at <= now + TimeDelta::hours(6)));
            let rest = releases_due(tx, now + TimeDelta::hours(6), Some(due[0]), 100)?;
            assert_eq!(rest, due[1..]);
            Ok(())
        };
        world.write(work).await.unwrap();
    })
    .await;
}
