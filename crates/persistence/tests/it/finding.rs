//! Search finds the same on both databases: Chinese, pinyin, parts of numbers, beginnings of words and addresses.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};
use rapport_domain::access::{Subject, Visibility};
use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_domain::search::{Doc, Findable, Query};
use rapport_persistence::bulk::{Gear, Ready, numbers_take, records_insert, shift};
use rapport_persistence::customers::CustomerBody;
use rapport_persistence::page::{Order, SortColumn};
use rapport_persistence::record::Record;
use rapport_persistence::records::{
    Selection, number_next, record_count, record_find, record_insert, record_list, record_purge, record_update,
};
use rapport_persistence::satellites::Satellites;
use rapport_persistence::search::search;
use rapport_persistence::types::Id;
use rapport_persistence::{StoreError, Target};

use crate::builders::{World, customer, id, may_create, written};
use crate::rows::add_people;

const CUSTOMERS: [(&str, &str, &str); 6] = [
    ("上海明德精密机械有限公司", "138 1234 5678", "info@mingde.example"),
    ("北京花果山旅游", "010-6666 0001", "wukong@huaguoshan.example"),
    ("德明贸易", "0755 8888 1234", "sales@deming.example"),
    ("Acme Tooling GmbH", "+49 30 901820", "ada.lovelace@acme.example"),
    ("Émile & Söhne", "", "emile@soehne.example"),
    ("重庆火锅", "", ""),
];

fn around(name: &str, phone: &str, email: &str) -> Satellites {
    let doc = Doc {
        names: vec![name],
        texts: Vec::new(),
        numbers: [phone].into_iter().filter(|text| !text.is_empty()).collect(),
        emails: [email].into_iter().filter(|text| !text.is_empty()).collect(),
    };
    let Findable { tokens, body } = Findable::of(&doc);
    Satellites { tokens, body, ..Satellites::default() }
}

fn add_customer(
    tx: &mut rapport_persistence::Tx<'_>,
    ctx: &Context,
    name: &str,
    phone: &str,
    email: &str,
) -> Result<(), StoreError> {
    let mut row = customer(ctx, name);
    row.head.number = number_next(tx, RecordKind::Customer)?;
    let written = written(ctx, &row, around(name, phone, email));
    record_insert(tx, &may_create(Subject::Customer), &row, &written)
}

/// The numbers of the customers that a search finds, in its order.
fn numbers(
    db: &mut rapport_persistence::Db,
    words: &str,
    visibility: &Visibility,
    limit: i64,
) -> Result<Vec<i64>, StoreError> {
    let query = Query::parse(words).expect("a query");
    let hits = search(db, RecordKind::Customer, visibility, &query, limit)?;
    let numbers = hits.iter().map(|hit| {
        let row: Option<Record<CustomerBody>> = record_find(db, &Visibility::Everything, hit.id)?;
        Ok(row.expect("a row").head.number)
    });
    numbers.collect()
}

async fn found(world: &World, words: &str) -> BTreeSet<String> {
    let Some(query) = Query::parse(words) else { return BTreeSet::new() };
    let work = move |db: &mut rapport_persistence::Db| {
        let mut selection = Selection::visible(RecordKind::Customer, Visibility::Everything);
        selection.query = Some(query.clone());
        let order =
            Order { columns: vec![SortColumn { column: "updated_at", is_nullable: false, is_descending: true }] };
        let rows: Vec<Record<CustomerBody>> = record_list(db, &selection, &order, None, 100)?;
        let mut hits: Vec<_> = search(db, RecordKind::Customer, &Visibility::Everything, &query, 100)?
            .into_iter()
            .map(|hit| hit.id)
            .collect();
        let mut ids: Vec<_> = rows.iter().map(|row| row.head.id.0).collect();
        hits.sort();
        ids.sort();
        assert_eq!(ids, hits, "list and search agree");
        Ok::<_, StoreError>(rows.into_iter().map(|row| row.head.name).collect())
    };
    world.store.read("find", work).await.unwrap()
}

#[tokio::test]
async fn words_find_the_same_everywhere() {
    World::each(async |world| {
        let add = |tx: &mut rapport_persistence::Tx<'_>, ctx: &_| {
            CUSTOMERS.iter().try_for_each(|(name, phone, email)| add_customer(tx, ctx, name, phone, email))
        };
        world.write(add).await.unwrap();
        let [mingde, huaguoshan, deming, acme, emile, hotpot] = CUSTOMERS.map(|(name, _, _)| name);
        let cases: &[(&str, &[&str])] = &[
            ("明德", &[mingde]),
            ("德明", &[deming]),
            ("精密机械", &[mingde]),
            ("密精", &[]),
            ("德", &[mingde, deming]),
            ("锅", &[hotpot]),
            ("mingde", &[mingde]),
            ("shmd", &[mingde]),
            ("hgs", &[huaguoshan]),
            ("ｈｇｓ", &[huaguoshan]),
            ("demingmaoyi", &[deming]),
            ("5678", &[mingde]),
            ("1234", &[mingde, deming]),
            ("13812345678", &[mingde]),
            ("138", &[mingde]),
            ("23456", &[mingde]),
            ("123456", &[mingde]),
            ("81234", &[mingde, deming]),
            ("88123", &[deming]),
            ("1234 5678", &[mingde]),
            ("82345", &[]),
            ("0006", &[]),
            ("acm", &[acme]),
            ("ACME tool", &[acme]),
            ("tooling acme", &[acme]),
            ("ada.love", &[acme]),
            ("wukong@hua", &[huaguoshan]),
            ("lovelace@huaguoshan", &[]),
            ("soehne", &[emile]),
            ("nothing", &[]),
            ("' OR 1=1 --", &[]),
            ("\" OR tokens:*", &[]),
            ("a:* | b", &[]),
        ];
        for (words, expected) in cases {
            let expected: BTreeSet<String> = expected.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(found(world, words).await, expected, "{words}");
        }
    })
    .await;
}

/// On SQLite many transactions share a commit, and the index learns their words at its end.
#[tokio::test]
async fn of_many_at_once_those_that_stay_are_found_by_what_they_are_at_the_end() {
    World::each(async |world| {
        let jobs = (0..90).map(|n| {
            let (store, ctx) = (world.store.clone(), world.ctx.clone());
            let work = move |tx: &mut rapport_persistence::Tx<'_>| {
                let may = may_create(Subject::Customer);
                let mut row = customer(&ctx, &format!("Alpha{n}"));
                row.head.number = number_next(tx, RecordKind::Customer)?;
                let was = around(&row.head.name, "", "");
                record_insert(tx, &may, &row, &written(&ctx, &row, was.clone()))?;
                match n % 3 {
                    0 => return Err(StoreError::Internal("refused".into())),
                    1 => {
                        row.head.name = format!("Beta{n}");
                        row.head.version = 2;
                        let now = around(&row.head.name, "", "");
                        record_update(tx, &may, &row, 1, &was, &written(&ctx, &row, now))?;
                    }
                    _ => {}
                }
                if n % 5 == 0 { record_purge::<CustomerBody>(tx, row.head.id.0) } else { Ok(()) }
            };
            tokio::spawn(async move { store.write("add", work).await })
        });
        for (n, job) in jobs.collect::<Vec<_>>().into_iter().enumerate() {
            assert_eq!(job.await.unwrap().is_ok(), n % 3 != 0, "{n}");
        }
        let there = |rest: usize, name: &str| -> BTreeSet<String> {
            (0..90).filter(|n| n % 3 == rest && n % 5 != 0).map(|n| format!("{name}{n}")).collect()
        };
        assert_eq!(found(world, "alpha").await, there(2, "Alpha"));
        assert_eq!(found(world, "beta").await, there(1, "Beta"));
    })
    .await;
}

#[tokio::test]
async fn a_word_that_thousands_have_is_found_from_the_rows() {
    World::each(async |world| {
        let add = |tx: &mut rapport_persistence::Tx<'_>, ctx: &_| {
            let rows: Vec<_> = numbers_take(tx, RecordKind::Customer, 2100)?
                .into_iter()
                .enumerate()
                .map(|(n, number)| {
                    let name = if n % 700 == 0 { format!("海螺公司{n}") } else { format!("公司{n}") };
                    let mut row = customer(ctx, &name);
                    row.head.number = number;
                    let around = around(&name, "", "");
                    let change = written(ctx, &row, around);
                    Ready::new(row, change)
                })
                .collect();
            records_insert(tx, &may_create(Subject::Customer), &rows)
        };
        world.write(add).await.unwrap();
        let work = |db: &mut rapport_persistence::Db| {
            let order =
                Order { columns: vec![SortColumn { column: "number", is_nullable: false, is_descending: false }] };
            let mut counts = Vec::new();
            for words in ["公司", "海螺公司", "公司 海螺"] {
                let mut selection = Selection::visible(RecordKind::Customer, Visibility::Everything);
                selection.query = Query::parse(words);
                let rows: Vec<Record<CustomerBody>> = record_list(db, &selection, &order, None, 5000)?;
                assert!(rows.is_sorted_by_key(|row| row.head.number));
                assert_eq!(record_count(db, &selection, None)?, rows.len() as i64);
                counts.push(rows.len());
            }
            Ok::<_, StoreError>(counts)
        };
        assert_eq!(world.store.read("common", work).await.unwrap(), [2100, 3, 3]);
    })
    .await;
}

/// An index knows four digits in a row, and whether these follow each other is looked up.
#[tokio::test]
async fn digits_are_found_where_they_follow_each_other() {
    World::each(async |world| {
        let names = ["Row 135724", "Apart 1357 3572 5724", "Over 00135724680", "Twice 13572 35724"];
        let add = move |tx: &mut rapport_persistence::Tx<'_>, ctx: &_| {
            names.iter().try_for_each(|name| add_customer(tx, ctx, name, "", ""))
        };
        world.write(add).await.unwrap();
        for (words, expected) in [
            ("1357", &[0, 1, 2, 3][..]),
            ("35724", &[0, 2, 3]),
            ("135724", &[0, 2]),
            ("1357 5724", &[0, 1, 2, 3]),
            ("135724680", &[2]),
            ("1357246801", &[]),
        ] {
            let expected: BTreeSet<String> =
                expected.iter().filter_map(|n| names.get(*n)).map(ToString::to_string).collect();
            assert_eq!(found(world, words).await, expected, "{words}");
        }
    })
    .await;
}

/// Moves the documents apart as if very many others stood between them, so that they are on shelves of their own. SQLite hands hits
/// out in their order wherever they stand.
fn spread(world: &World) {
    if let Target::Postgres(url) = &world.database.target {
        let mut conn = PgConnection::establish(url).unwrap();
        conn.batch_execute("UPDATE search_docs SET seq = seq * 100000").unwrap();
    }
}

#[tokio::test]
async fn hits_are_found_newest_first_wherever_they_stand() {
    World::each(async |world| {
        world.write(add_people).await.unwrap();
        let add = |tx: &mut rapport_persistence::Tx<'_>, ctx: &Context| {
            (0..100).try_for_each(|n| {
                let all = if n < 5 { "最初" } else { "后来" };
                let some = if n % 30 == 7 { "偶尔" } else { "常常" };
                add_customer(tx, ctx, &format!("{all}，{some}"), "", "")
            })
        };
        world.write(add).await.unwrap();
        spread(world);
        let work = |db: &mut rapport_persistence::Db| {
            let all = Visibility::Everything;
            let first = numbers(db, "最初", &all, 100)?.last().copied().unwrap_or_default();
            let mut places = |words: &str, limit: i64| {
                Ok::<_, StoreError>(
                    numbers(db, words, &all, limit)?.into_iter().map(|number| number - first).collect::<Vec<_>>(),
                )
            };
            assert_eq!(places("后来", 3)?, [99, 98, 97], "on the newest shelves");
            assert_eq!(places("偶尔", 1)?, [97]);
            assert_eq!(places("偶尔", 2)?, [97, 67], "on older ones too");
            assert_eq!(places("偶尔", 20)?, [97, 67, 37, 7]);
            assert_eq!(places("最初", 2)?, [4, 3], "on the oldest alone");
            assert_eq!(places("后来", 100)?, (5..100).rev().collect::<Vec<_>>());
            assert_eq!(places("从不", 2)?, [0; 0]);
            Ok::<_, StoreError>(())
        };
        world.store.read("find", work).await.unwrap();
    })
    .await;
}

/// The older 2,100 of 2,700 customers are 旧版公司, the newer ones 公司; every twentieth begins with 螺旋; three of those have an owner.
/// PostgreSQL has its statistics.
fn add_old_and_new(tx: &mut rapport_persistence::Tx<'_>, ctx: &Context) -> Result<(), StoreError> {
    let rows: Vec<_> = numbers_take(tx, RecordKind::Customer, 2700)?
        .into_iter()
        .zip(0..)
        .map(|(number, n)| {
            let name = if n < 2100 { "旧版公司" } else { "公司" };
            let name = if n % 20 == 5 { format!("螺旋{name}") } else { name.to_owned() };
            let mut row = customer(ctx, &name);
            row.head.number = number;
            row.head.updated_at = (ctx.now + TimeDelta::seconds(n)).into();
            if n % 900 == 5 {
                row.head.owner_id = Some(Id(id(1)));
                (row.body.pool_id, row.body.pooled_at) = (None, None);
                row.body.counted_from = Some(ctx.now.into());
            }
            let change = written(ctx, &row, around(&name, "", ""));
            Ready::new(row, change)
        })
        .collect();
    records_insert(tx, &may_create(Subject::Customer), &rows)?;
    Ok(shift(tx, Gear::Everyday)?)
}

#[tokio::test]
async fn what_statistics_call_common_is_found_newest_first_wherever_it_is() {
    World::each(async |world| {
        world.write(add_people).await.unwrap();
        world.write(add_old_and_new).await.unwrap();
        let work = |db: &mut rapport_persistence::Db| {
            let all = Visibility::Everything;
            let own = Visibility::Own { user: id(1) };
            let first = numbers(db, "公司", &all, 3)?.first().map_or(0, |last| last - 2699);
            let mut places = |words: &str, visibility: &Visibility| {
                let found = numbers(db, words, visibility, 3)?;
                Ok::<_, StoreError>(found.into_iter().map(|number| number - first).collect::<Vec<_>>())
            };
            assert_eq!(places("公司", &all)?, [2699, 2698, 2697]);
            assert_eq!(places("旧版", &all)?, [2099, 2098, 2097], "none of the newest has it");
            assert_eq!(places("旧版公司", &all)?, [2099, 2098, 2097]);
            assert_eq!(places("公司", &own)?, [1805, 905, 5]);
            assert_eq!(places("公司", &Visibility::Nothing)?, [0; 0]);
            assert_eq!(places("螺旋", &all)?, [2685, 2665, 2645]);
            assert_eq!(places("螺旋公司", &all)?, [2685, 2665, 2645], "the pair between the two is a word as well");
            assert_eq!(places("螺旋", &own)?, [1805, 905, 5], "most of the first are hidden");
            Ok::<_, StoreError>(())
        };
        world.store.read("common", work).await.unwrap();
    })
    .await;
}
