//! Many records at once are written like each of them alone.

use rapport_domain::access::{Subject, Visibility};
use rapport_domain::kind::RecordKind;
use rapport_domain::search::{Doc, Findable, Query};
use rapport_persistence::StoreError;
use rapport_persistence::bulk::{Ready, numbers_take, records_insert};
use rapport_persistence::changes::changes_of;
use rapport_persistence::customers::CustomerBody;
use rapport_persistence::indexes::{Index, index_make, indexes_missing, indexes_postpone};
use rapport_persistence::migrate;
use rapport_persistence::record::ExternalId;
use rapport_persistence::records::{number_next, record_by_external_id, record_find};
use rapport_persistence::satellites::{Satellites, records_with_keys};
use rapport_persistence::search::search;

use crate::builders::{World, customer, may_create, written};

fn around(name: &str, number: usize) -> Satellites {
    let Findable { tokens, body } = Findable::of(&Doc { names: vec![name], ..Doc::default() });
    Satellites {
        tags: vec!["seed".into(), "vip".into()],
        external_ids: vec![ExternalId { system: "erp".into(), external_id: number.to_string() }],
        keys: vec![("name", name.to_owned())],
        links: Vec::new(),
        tokens,
        body,
        is_trash: false,
    }
}

#[tokio::test]
async fn many_records_are_found_by_name_key_and_foreign_id() {
    World::each(async |world| {
        let inserted = world.write(|tx, ctx| {
            let numbers = numbers_take(tx, RecordKind::Customer, 1300)?;
            assert_eq!(number_next(tx, RecordKind::Customer)?, numbers[1299] + 1);
            let rows = numbers.iter().enumerate().map(|(n, number)| {
                let name = if n == 777 { "花果山水帘洞".to_owned() } else { format!("公司{n}") };
                let mut record = customer(ctx, &name);
                record.head.number = *number;
                let written = written(ctx, &record, around(&name, n));
                (record, written)
            });
            let rows: Vec<_> = rows.collect();
            let wanted = rows[777].0.head.id.0;
            let rows: Vec<_> = rows.into_iter().map(|(record, written)| Ready::new(record, written)).collect();
            records_insert(tx, &may_create(Subject::Customer), &rows)?;
            Ok(wanted)
        });
        let wanted = inserted.await.unwrap();
        let check = move |tx: &mut rapport_persistence::Tx<'_>, _: &_| {
            let all = Visibility::Everything;
            let query = Query::parse("水帘洞").expect("a query");
            let hits = search(tx, RecordKind::Customer, &all, &query, 10)?;
            assert_eq!(hits.iter().map(|hit| hit.id).collect::<Vec<_>>(), [wanted]);
            assert_eq!(record_by_external_id(tx, RecordKind::Customer, "erp", "777")?, Some(wanted));
            let known = records_with_keys(tx, RecordKind::Customer, &[("name", "花果山水帘洞".into())])?;
            assert_eq!(known[0].0, wanted);
            assert_eq!(changes_of(tx, RecordKind::Customer, wanted, None, 10)?.len(), 1);
            assert!(record_find::<CustomerBody>(tx, &all, wanted)?.is_some());
            Ok(())
        };
        world.write(check).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn indexes_are_made_beside_each_other() {
    World::each(async |world| {
        let postponed = world.write(|tx, _| Ok(indexes_postpone(tx)?)).await.unwrap();
        let missing = world.write(|tx, _| Ok(indexes_missing(tx)?)).await.unwrap();
        assert_eq!(missing.len(), postponed);
        assert!(missing.iter().any(|index| index.name() == "record_keys_unique"));
        let make = async |all: Vec<Index>| {
            for index in all {
                let made = world.store.write("index", move |tx| Ok::<_, StoreError>(index_make(tx, &index)?));
                made.await.unwrap();
            }
        };
        // Both want all of them, in the same order.
        tokio::join!(make(missing.clone()), make(missing));
        assert_eq!(world.write(|tx, _| Ok(indexes_missing(tx)?)).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn indexes_that_wait_are_made_at_the_next_start() {
    World::each(async |world| {
        let postponed = world.write(|tx, _| Ok(indexes_postpone(tx)?)).await.unwrap();
        assert!(postponed > 60, "only {postponed} indexes wait");
        assert_eq!(world.write(|tx, _| Ok(indexes_missing(tx)?)).await.unwrap().len(), postponed);
        let add = |tx: &mut rapport_persistence::Tx<'_>, ctx: &_| {
            let record = customer(ctx, "花果山");
            let written = written(ctx, &record, around("花果山", 1));
            records_insert(tx, &may_create(Subject::Customer), &[Ready::new(record, written)])?;
            let first = indexes_missing(tx)?.remove(0);
            Ok(index_make(tx, &first)?)
        };
        world.write(add).await.unwrap();
        assert_eq!(world.write(|tx, _| Ok(indexes_missing(tx)?)).await.unwrap().len(), postponed - 1);
        // A crash is nothing else than a start.
        assert_eq!(migrate::run(world.store.target()).unwrap(), Vec::<String>::new());
        assert_eq!(world.write(|tx, _| Ok(indexes_missing(tx)?)).await.unwrap(), []);
        assert_eq!(world.write(|tx, _| Ok(indexes_postpone(tx)?)).await.unwrap(), 0, "there are rows by now");
    })
    .await;
}
