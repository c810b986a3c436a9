//! Random leads, filters and pages: the database answers what the domain would answer in memory.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use rapport_domain::access::{Action, Actor, Ownership, Permit, Subject, Visibility, decide};
use rapport_domain::filter::{Checked, CmpOp, Column, TagMatch, TextMatch, Value, is_match};
use rapport_domain::kind::RecordKind;
use rapport_persistence::leads::LeadBody;
use rapport_persistence::opportunities::OpportunityBody;
use rapport_persistence::page::{After, Order, SortColumn, SortValue};
use rapport_persistence::record::Record;
use rapport_persistence::records::{Selection, number_next, record_count, record_find, record_insert, record_list};
use rapport_persistence::satellites::Satellites;
use rapport_persistence::teams::{TeamRow, team_insert};
use rapport_persistence::types::{Id, Instant, Json};
use rapport_persistence::users::{UserRow, user_insert};
use rapport_persistence::{StoreError, Tx};
use uuid::Uuid;

use crate::builders::{World, customer, id, insert, lead, may_create, opportunity, stage, written};

const WORDS: [&str; 8] = ["alpha", "Alpha", "beta", "上海", "上海明德", "É", "50%_x", "a'b\"c"];

pub(crate) fn drawn<T>(runner: &mut TestRunner, strategy: &impl Strategy<Value = T>) -> T {
    strategy.new_tree(runner).unwrap().current()
}

fn text() -> impl Strategy<Value = String> {
    select(WORDS.to_vec()).prop_map(str::to_owned)
}

// ---------------------------------------------------------------- filters

fn moment(n: i64) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp(1_790_000_000, 123_456_000).unwrap() + TimeDelta::microseconds(n)
}

fn column_and_value() -> impl Strategy<Value = (Column, Value)> {
    let column = |name, is_nullable| Column { name, is_nullable };
    let texts = select(vec![
        column("name", false),
        column("company_name", true),
        column("rating", true),
        column("(profile ->> 'city')", true),
    ]);
    let numbers = select(vec![
        column("score", false),
        column("amount", true),
        column("CAST(profile ->> 'employees' AS BIGINT)", true),
    ]);
    let moments = select(vec![column("created_at", false), column("first_responded_at", true)]);
    prop_oneof![
        (texts, text()).prop_map(|(column, word)| (column, Value::Text(word))),
        (numbers, -2i64..4).prop_map(|(column, number)| (column, Value::Integer(number))),
        (moments, 0i64..4).prop_map(|(column, n)| (column, Value::Instant(moment(n)))),
    ]
}

fn leaf() -> impl Strategy<Value = Checked> {
    let ops = select(vec![CmpOp::Eq, CmpOp::Gt, CmpOp::Ge, CmpOp::Lt, CmpOp::Le]);
    let hows = select(vec![TextMatch::Contains, TextMatch::StartsWith, TextMatch::EndsWith]);
    let columns = select(vec![
        Column { name: "name", is_nullable: false },
        Column { name: "company_name", is_nullable: true },
        Column { name: "(profile ->> 'city')", is_nullable: true },
    ]);
    let needle = select(vec!["a", "alpha", "ha", "海", "%", "_", "É", "'", "\""]).prop_map(str::to_owned);
    let tags = Column { name: "tags", is_nullable: false };
    prop_oneof![
        4 => (column_and_value(), ops).prop_map(|((column, value), op)| Checked::Cmp { column, op, value }),
        2 => (column_and_value(), column_and_value()).prop_map(|((column, value), (_, other))| {
            let is_alike = std::mem::discriminant(&value) == std::mem::discriminant(&other);
            Checked::In { column, values: if is_alike { vec![value, other] } else { vec![value] } }
        }),
        1 => column_and_value().prop_map(|(column, _)| Checked::NotNull { column }),
        3 => (columns, hows, needle).prop_map(|(column, how, needle)| Checked::Text { column, how, needle }),
        2 => (select(vec![TagMatch::Any, TagMatch::All]), prop::collection::vec(text(), 1..3)).prop_map(move |(how, values)| Checked::Tags { column: tags, how, values }),
        1 => Just(Checked::HasTags { column: tags }),
    ]
}

fn tree() -> impl Strategy<Value = Checked> {
    leaf().prop_recursive(4, 20, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Checked::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Checked::Or),
            inner.prop_map(|part| Checked::Not(Box::new(part))),
        ]
    })
}

type Draw = (
    String,
    Option<String>,
    Option<String>,
    i32,
    Option<i64>,
    i64,
    Option<i64>,
    (Option<String>, Option<i64>),
    BTreeSet<String>,
);

fn draws() -> impl Strategy<Value = Draw> {
    let maybe = || prop::option::of(text());
    let tags = prop::collection::btree_set(text(), 0..3);
    (
        text(),
        maybe(),
        maybe(),
        -2i32..4,
        prop::option::of(-2i64..4),
        0i64..4,
        prop::option::of(0i64..4),
        (maybe(), prop::option::of(-2i64..4)),
        tags,
    )
}

async fn random_leads(world: &World, runner: &mut TestRunner, count: usize) -> Vec<Record<LeadBody>> {
    let mut leads = Vec::new();
    for (name, company, rating, score, amount, created, responded, (city, employees), tags) in
        (0..count).map(|_| drawn(runner, &draws()))
    {
        let mut row = lead(&world.ctx, &name, "new", "new");
        row.head.created_at = Instant(moment(created));
        row.head.tags = Json(tags.into_iter().collect());
        row.body = LeadBody {
            company_name: company,
            rating,
            score,
            amount,
            currency: amount.map(|_| "CNY".to_owned()),
            first_responded_at: responded.map(|n| Instant(moment(n))),
            ..row.body
        };
        (row.body.profile.0.city, row.body.profile.0.employees) = (city, employees);
        leads.push(row);
    }
    let rows = leads.clone();
    let add = move |tx: &mut Tx<'_>, ctx: &_| {
        for row in &rows {
            let mut row = row.clone();
            row.head.number = number_next(tx, RecordKind::Lead)?;
            let around = Satellites { tags: row.head.tags.0.clone(), ..Satellites::default() };
            record_insert(tx, &may_create(Subject::Lead), &row, &written(ctx, &row, around))?;
        }
        Ok(())
    };
    world.write(add).await.unwrap();
    leads
}

fn by_id(is_descending: bool) -> Order {
    Order { columns: vec![SortColumn { column: "updated_at", is_nullable: false, is_descending }] }
}

#[tokio::test]
async fn a_filter_finds_what_the_domain_would_find() {
    World::each(async |world| {
        let mut runner = TestRunner::deterministic();
        let leads = random_leads(world, &mut runner, 80).await;
        let mut answers = BTreeSet::new();
        for _ in 0..400 {
            let filter = drawn(&mut runner, &tree());
            let expected: BTreeSet<Uuid> =
                leads.iter().filter(|row| is_match(&filter, *row)).map(|row| row.head.id.0).collect();
            answers.insert(expected.len());
            let mut selection = Selection::visible(RecordKind::Lead, Visibility::Everything);
            selection.filter = filter.clone();
            let work = move |db: &mut rapport_persistence::Db| {
                let rows: Vec<Record<LeadBody>> = record_list(db, &selection, &by_id(false), None, 1000)?;
                Ok::<_, StoreError>((
                    rows.into_iter().map(|row| row.head.id.0).collect::<BTreeSet<_>>(),
                    record_count(db, &selection, None)?,
                ))
            };
            let (found, count) = world.store.read("filter", work).await.unwrap();
            assert_eq!(found, expected, "{filter:?}");
            assert_eq!(count, expected.len() as i64, "{filter:?}");
        }
        assert!(answers.len() > 30, "the filters tell rows apart: {answers:?}");
    })
    .await;
}

// ---------------------------------------------------------------- pages

const SORTS: [(&str, bool); 8] = [
    ("name_sort", false),
    ("amount", true),
    ("expected_close_on", true),
    ("closed_at", true),
    ("board_rank", false),
    ("number", false),
    ("created_at", false),
    ("updated_at", false),
];

fn order() -> impl Strategy<Value = Order> {
    prop::sample::subsequence(SORTS.to_vec(), 1..=3).prop_shuffle().prop_flat_map(|columns| {
        let count = columns.len();
        (Just(columns), prop::collection::vec(any::<bool>(), count)).prop_map(|(columns, directions)| Order {
            columns: columns
                .into_iter()
                .zip(directions)
                .map(|((column, is_nullable), is_descending)| SortColumn { column, is_nullable, is_descending })
                .collect(),
        })
    })
}

/// Nulls last, whatever the direction.
fn compare_values(one: &SortValue, other: &SortValue, is_descending: bool) -> Ordering {
    let turned = |ordering: Ordering| if is_descending { ordering.reverse() } else { ordering };
    match (one, other) {
        (SortValue::Null, SortValue::Null) => Ordering::Equal,
        (SortValue::Null, _) => Ordering::Greater,
        (_, SortValue::Null) => Ordering::Less,
        (SortValue::Text(one), SortValue::Text(other)) => turned(one.as_bytes().cmp(other.as_bytes())),
        (SortValue::Integer(one), SortValue::Integer(other)) => turned(one.cmp(other)),
        (SortValue::Date(one), SortValue::Date(other)) => turned(one.cmp(other)),
        (SortValue::Instant(one), SortValue::Instant(other)) => turned(one.cmp(other)),
        pair => unreachable!("{pair:?}"),
    }
}

fn compare(order: &Order, one: &Record<OpportunityBody>, other: &Record<OpportunityBody>) -> Ordering {
    let by_columns = order
        .columns
        .iter()
        .map(|sort| compare_values(&one.sort_value(sort.column), &other.sort_value(sort.column), sort.is_descending));
    let ids = one.head.id.0.cmp(&other.head.id.0);
    let is_descending = order.columns.last().unwrap().is_descending;
    by_columns.fold(Ordering::Equal, Ordering::then).then(if is_descending { ids.reverse() } else { ids })
}

async fn random_deals(world: &World, runner: &mut TestRunner, count: usize) -> Vec<Record<OpportunityBody>> {
    let customer_id = world.write(|tx, ctx| insert(tx, ctx, customer(ctx, "c"))).await.unwrap();
    let draw = (
        text(),
        prop::option::of(0i64..4),
        prop::option::of(1u32..4),
        prop::option::of(0i64..3),
        0i64..3,
        0i64..3,
        any::<u128>(),
    );
    let mut deals = Vec::new();
    for number in 0..count {
        let (rank, amount, day, closed, created, updated, random) = drawn(runner, &draw);
        let category = if closed.is_some() { ("won", 13) } else { ("open", 11) };
        let mut row = opportunity(&world.ctx, Id(customer_id), &stage(category.1, category.0, 10), &rank);
        row.head.id = Id(Uuid::from_u128(random));
        row.head.number = 5000 + (number as i64) * 7 % 50;
        row.head.created_at = Instant(moment(created));
        row.head.updated_at = Instant(moment(updated));
        row.body.amount = amount;
        row.body.currency = amount.map(|_| "CNY".to_owned());
        row.body.expected_close_on = day.and_then(|day| NaiveDate::from_ymd_opt(2027, 1, day));
        row.body.closed_at = closed.map(|n| Instant(moment(n)));
        deals.push(row);
    }
    let rows = deals.clone();
    let add = move |tx: &mut Tx<'_>, ctx: &_| {
        rows.iter().try_for_each(|row| {
            record_insert(tx, &may_create(Subject::Opportunity), row, &written(ctx, row, Satellites::default()))
        })
    };
    world.write(add).await.unwrap();
    deals
}

#[tokio::test]
async fn pages_show_every_row_once_in_order() {
    World::each(async |world| {
        let mut runner = TestRunner::deterministic();
        let mut deals = random_deals(world, &mut runner, 50).await;
        for _ in 0..120 {
            let (order, limit) = drawn(&mut runner, &(order(), 1usize..20));
            deals.sort_by(|one, other| compare(&order, one, other));
            let expected: Vec<Uuid> = deals.iter().map(|row| row.head.id.0).collect();
            let walked = order.clone();
            let work = move |db: &mut rapport_persistence::Db| {
                let selection = Selection::visible(RecordKind::Opportunity, Visibility::Everything);
                let (mut seen, mut after) = (Vec::new(), None);
                for _ in 0..60 {
                    let rows: Vec<Record<OpportunityBody>> =
                        record_list(db, &selection, &walked, after.as_ref(), limit as i64)?;
                    let Some(last) = rows.last() else { break };
                    after = Some(After {
                        values: walked.columns.iter().map(|sort| last.sort_value(sort.column)).collect(),
                        id: last.head.id.0,
                    });
                    seen.extend(rows.iter().map(|row| row.head.id.0));
                }
                Ok::<_, StoreError>(seen)
            };
            assert_eq!(world.store.read("pages", work).await.unwrap(), expected, "{order:?} by {limit}");
        }
    })
    .await;
}

// ---------------------------------------------------------------- scope

/// Users 1 to 4; 1 and 2 in team 1, 3 in team 2, 4 in none.
const TEAM_OF: [(u128, Option<u128>); 4] = [(1, Some(1)), (2, Some(1)), (3, Some(2)), (4, None)];

fn may_manage(subject: Subject) -> Permit {
    decide(&Actor::system(), Action::Configure, subject, None).unwrap()
}

pub(crate) fn add_people(tx: &mut Tx<'_>, ctx: &rapport_domain::context::Context) -> Result<(), StoreError> {
    let now = Instant(ctx.now);
    for team in [1, 2] {
        let row = TeamRow {
            id: Id(id(team)),
            name: format!("Team {team}"),
            parent_id: None,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        team_insert(tx, &may_manage(Subject::Team), &row)?;
    }
    for (user, team) in TEAM_OF {
        let row = UserRow {
            id: Id(id(user)),
            name: format!("User {user}"),
            name_sort: format!("user {user}"),
            email: format!("{user}@example.com"),
            password_hash: None,
            language: "en".into(),
            time_zone: "UTC".into(),
            theme: "system".into(),
            team_id: team.map(|team| Id(id(team))),
            manager_id: None,
            is_active: true,
            last_sign_in_at: None,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        user_insert(tx, &may_manage(Subject::User), &row)?;
    }
    Ok(())
}

#[tokio::test]
async fn the_row_filter_lets_through_what_the_domain_would() {
    World::each(async |world| {
        world.write(add_people).await.unwrap();
        let owners: Vec<Ownership> = TEAM_OF
            .iter()
            .map(|(user, team)| Ownership { owner_id: Some(id(*user)), team_id: team.map(id), pool_id: None })
            .chain([Ownership::default()])
            .collect();
        let mut rows = Vec::new();
        for (n, owner) in owners.iter().cycle().take(20).enumerate() {
            let mut row = lead(&world.ctx, &format!("lead {n}"), "new", "new");
            (row.head.owner_id, row.head.team_id) = (owner.owner_id.map(Id), owner.team_id.map(Id));
            rows.push(row);
        }
        let add = rows.clone();
        world
            .write(move |tx, ctx| add.iter().try_for_each(|row| insert(tx, ctx, row.clone()).map(drop)))
            .await
            .unwrap();
        let teams = |user: u128, teams: &[u128]| Visibility::Teams {
            user: id(user),
            teams: teams.iter().map(|team| id(*team)).collect(),
        };
        let views = [
            (Visibility::Nothing, 0),
            (Visibility::Own { user: id(1) }, 4),
            (Visibility::Own { user: id(4) }, 4),
            (Visibility::Own { user: id(9) }, 0),
            (teams(1, &[1]), 8),
            (teams(3, &[2]), 4),
            (teams(1, &[1, 2]), 12),
            (Visibility::Everything, 20),
        ];
        for (visibility, count) in views {
            let expected: BTreeSet<Uuid> =
                rows.iter().filter(|row| visibility.includes(&row.ownership())).map(|row| row.head.id.0).collect();
            assert_eq!(expected.len(), count, "{visibility:?}");
            let all: Vec<Uuid> = rows.iter().map(|row| row.head.id.0).collect();
            let seen = visibility.clone();
            let work = move |db: &mut rapport_persistence::Db| {
                let selection = Selection::visible(RecordKind::Lead, seen.clone());
                let listed: Vec<Record<LeadBody>> = record_list(db, &selection, &by_id(true), None, 100)?;
                let mut found = BTreeSet::new();
                for id in &all {
                    found.extend(record_find::<LeadBody>(db, &seen, *id)?.map(|row| row.head.id.0));
                }
                Ok::<_, StoreError>((
                    listed.into_iter().map(|row| row.head.id.0).collect::<BTreeSet<_>>(),
                    found,
                    record_count(db, &selection, None)?,
                ))
            };
            assert_eq!(
                world.store.read("scope", work).await.unwrap(),
                (expected.clone(), expected, count as i64),
                "{visibility:?}"
            );
        }
    })
    .await;
}
