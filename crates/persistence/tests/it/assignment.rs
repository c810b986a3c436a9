//! Conditions of rules mean in memory what they mean in the database, for every field; people and what they have to do are
//! what the rows say.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;
use rapport_domain::access::{Action, Actor, Grants, Scope, Subject, decide};
use rapport_domain::filter::ast::Literal;
use rapport_domain::filter::{
    Checked, Env, Field, FieldKind, Filter, Op, Operand, Source as _, Value, can_match, check, is_match,
};
use rapport_domain::kind::RecordKind;
use rapport_persistence::assignment_rules::{
    AssignmentRuleRow, Load, LoadQuery, Pool, assignment_loads, assignment_members, assignment_rule_delete,
    assignment_rule_insert, assignment_rules_hold,
};
use rapport_persistence::catalogue::catalogue;
use rapport_persistence::lead_assignments::{
    LeadAssignmentRow, StoredStep, Trial, lead_assignment_insert, lead_assignment_latest, lead_assignments_since,
    leads_try_rules,
};
use rapport_persistence::leads::{LeadBody, LeadProfile};
use rapport_persistence::record::Record;
use rapport_persistence::records::{number_next, record_insert, record_purge};
use rapport_persistence::roles::{RoleRow, grants_to_stored, role_insert, user_set_roles};
use rapport_persistence::satellites::Satellites;
use rapport_persistence::teams::{TeamRow, team_insert};
use rapport_persistence::types::{Id, Instant, Json};
use rapport_persistence::users::{UserRow, user_insert};
use rapport_persistence::{StoreError, Tx};
use uuid::Uuid;

use crate::builders::{World, id, lead, may_configure, may_create, written};
use crate::rows::drawn;

const WORDS: [&str; 7] = ["alpha", "Alpha beta", "上海", "上海明德", "É", "50%_x", "a'b\"c"];
/// Teams and people, by their numbers.
const TEAMS: [u128; 2] = [500, 501];
const PEOPLE: [(u128, Option<u128>, bool, &str); 5] = [
    (604, Some(500), true, "UTC"),
    (601, Some(500), true, "Asia/Shanghai"),
    (602, Some(501), true, "UTC"),
    (603, Some(500), false, "UTC"),
    (605, None, true, "UTC"),
];

fn add_people(tx: &mut Tx<'_>, now: Instant) -> Result<(), StoreError> {
    let may = |subject| decide(&Actor::system(), Action::Configure, subject, None).unwrap();
    for team in TEAMS {
        let row = TeamRow {
            id: Id(id(team)),
            name: format!("Team {team}"),
            parent_id: None,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        team_insert(tx, &may(Subject::Team), &row)?;
    }
    for (role, action) in [(700, Action::View), (701, Action::Edit)] {
        let row = RoleRow {
            id: Id(id(role)),
            key: format!("role_{role}"),
            names: Json::default(),
            description: String::new(),
            is_builtin: false,
            grants: Json(grants_to_stored(&Grants::none().with(Subject::Lead, &[action], Scope::Own))),
            version: 1,
            created_at: now,
            updated_at: now,
        };
        role_insert(tx, &may(Subject::Role), &row)?;
    }
    for (user, team, is_active, zone) in PEOPLE {
        let row = UserRow {
            id: Id(id(user)),
            name: format!("User {user}"),
            name_sort: format!("user {user}"),
            email: format!("{user}@example.com"),
            password_hash: None,
            language: "en".into(),
            time_zone: zone.into(),
            theme: "system".into(),
            team_id: team.map(|team| Id(id(team))),
            manager_id: None,
            is_active,
            last_sign_in_at: None,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        user_insert(tx, &may(Subject::User), &row)?;
    }
    user_set_roles(tx, &may(Subject::User), id(601), &[id(700), id(701)])?;
    user_set_roles(tx, &may(Subject::User), id(604), &[id(701)])
}

// ---------------------------------------------------------------- conditions

fn random_lead(world: &World, runner: &mut TestRunner) -> Record<LeadBody> {
    let mut maybe =
        |words: &[&'static str]| drawn(runner, &prop::option::of(select(words.to_vec()))).map(str::to_owned);
    let mut text = || maybe(&WORDS);
    let profile = LeadProfile {
        family_name: text(),
        given_name: text(),
        title: text(),
        email: text(),
        phone: text(),
        phone_e164: text(),
        industry: text(),
        city: text(),
        interest: text(),
        disqualified_reason: text(),
        ..LeadProfile::default()
    };
    let (name, company_name, region) = (text().unwrap_or_default(), text(), text());
    let (rating, source) = (maybe(&["hot", "warm", "cold"]), maybe(&["web", "fair", "other"]));
    let currency = maybe(&["CNY", "JPY", "KWD"]);
    let mut number = |least: i64, most: i64| drawn(runner, &prop::option::of(least..most));
    let at = |n: Option<i64>| n.map(|n| Instant(world.ctx.now - TimeDelta::hours(9 * n)));
    let person = |n: Option<i64>| n.map(|n| Id(id(601 + n as u128)));
    let (status, category) =
        [("new", "new"), ("working", "working"), ("calling", "working")][number(0, 3).unwrap_or(0) as usize];
    let mut row = lead(&world.ctx, &name, status, category);
    row.head.source = source;
    row.head.owner_id = person(number(0, 4));
    (row.head.created_by, row.head.updated_by) = (person(number(0, 4)), person(number(0, 4)));
    row.head.team_id = number(0, 2).map(|n| Id(id(500 + n as u128)));
    row.head.created_at = at(number(0, 9)).unwrap_or(row.head.created_at);
    row.head.updated_at = at(number(0, 9)).unwrap_or(row.head.updated_at);
    (row.head.last_activity_at, row.head.next_activity_at) = (at(number(0, 9)), at(number(-9, 0)));
    row.head.tags = Json(WORDS.iter().filter(|_| number(0, 4) == Some(1)).map(|tag| (*tag).to_owned()).collect());
    row.body = LeadBody {
        company_name,
        rating,
        score: number(-2, 4).unwrap_or(0) as i32,
        amount: currency.is_some().then(|| number(0, 5).unwrap_or(0) * 5_000),
        currency,
        region,
        first_response_due_at: at(number(-9, 9)),
        first_responded_at: at(number(0, 9)),
        profile: Json(LeadProfile { employees: number(-2, 4), ..profile }),
        ..row.body
    };
    row
}

async fn random_leads(world: &World, runner: &mut TestRunner, count: usize) -> Vec<Record<LeadBody>> {
    let rows: Vec<_> = (0..count).map(|_| random_lead(world, runner)).collect();
    let add = move |tx: &mut Tx<'_>, ctx: &_| {
        let mut added = Vec::new();
        for row in &rows {
            let mut row = row.clone();
            row.head.number = number_next(tx, RecordKind::Lead)?;
            let around = Satellites { tags: row.head.tags.0.clone(), ..Satellites::default() };
            record_insert(tx, &may_create(Subject::Lead), &row, &written(ctx, &row, around))?;
            added.push(row);
        }
        Ok(added)
    };
    world.write(add).await.unwrap()
}

/// A value that some lead has in a field, as somebody would write it.
fn literal(runner: &mut TestRunner, field: &Field, leads: &[Record<LeadBody>]) -> Literal {
    let row = &leads[drawn(runner, &(0..leads.len()))];
    match row.value(field.column) {
        Some(Value::Text(text)) => Literal::Text(text),
        Some(Value::Integer(number)) if matches!(field.kind, FieldKind::Money { .. }) => {
            Literal::Number((number / 100).into())
        }
        Some(Value::Integer(number)) => Literal::Number(number.into()),
        Some(Value::Instant(at)) => Literal::Instant(at),
        Some(Value::Id(id)) => Literal::Text(id.to_string()),
        _ => match field.kind {
            FieldKind::Integer | FieldKind::Money { .. } => Literal::Number(1.into()),
            FieldKind::Instant => Literal::Instant(row.head.created_at.0),
            FieldKind::Id | FieldKind::Ref { .. } => Literal::Text(Uuid::nil().to_string()),
            FieldKind::Key { allowed: Some(words) } => Literal::Text(words[0].to_owned()),
            _ => Literal::Text(WORDS[drawn(runner, &(0..WORDS.len()))].to_owned()),
        },
    }
}

fn ops(kind: FieldKind) -> &'static [Op] {
    use Op::{
        Between, Contains, EndsWith, Eq, Ge, Gt, In, IsEmpty, IsNotEmpty, IsNotNull, IsNull, Le, Lt, Ne, NotContains,
        NotIn, StartsWith,
    };
    match kind {
        FieldKind::Text | FieldKind::Key { allowed: None } => {
            &[Eq, Ne, Contains, NotContains, StartsWith, EndsWith, In, NotIn, IsNull, IsNotNull, IsEmpty, IsNotEmpty]
        }
        FieldKind::Key { .. } | FieldKind::Id | FieldKind::Ref { .. } => &[Eq, Ne, In, NotIn, IsNull, IsNotNull],
        FieldKind::Tags => &[Op::HasAny, Op::HasAll, Op::HasNone, IsEmpty, IsNotEmpty],
        _ => &[Eq, Ne, Gt, Ge, Lt, Le, In, NotIn, Between, IsNull, IsNotNull],
    }
}

/// A test of a field that fits it.
fn test(runner: &mut TestRunner, field: &Field, leads: &[Record<LeadBody>]) -> Filter {
    use rapport_domain::filter::ast::Arity;
    let op = drawn(runner, &select(ops(field.kind)));
    let mut value = || literal(runner, field, leads);
    let value = match op.arity() {
        Arity::Nothing => Operand::None,
        Arity::One => Operand::One(value()),
        Arity::Two => Operand::Range(value(), value()),
        Arity::List => Operand::List(vec![value(), value()]),
    };
    Filter::Test { path: vec![field.name.to_owned()], op, value }
}

fn checked(world: &World, filter: &Filter) -> Checked {
    let env = Env { me: Uuid::nil(), my_team: Vec::new(), now: world.ctx.now, zone: chrono_tz::Tz::Asia__Shanghai };
    check(filter, RecordKind::Lead, catalogue, &env).unwrap_or_else(|error| panic!("{filter:?}: {error}"))
}

/// Which leads a condition fits, as the database says.
async fn tried(world: &World, condition: &Checked) -> BTreeSet<Uuid> {
    let (asked, now) = (condition.clone(), world.ctx.now);
    let work = move |db: &mut rapport_persistence::Db| {
        let conditions = [Checked::False, asked.clone()];
        let trial = Trial {
            conditions: &conditions,
            before: &[0],
            after: &[0, 1],
            since: now - TimeDelta::days(90),
            limit: 1000,
        };
        leads_try_rules(db, &trial)
    };
    let rows = world.store.read("try", work).await.unwrap();
    assert!(rows.iter().all(|row| row.before == -1 && (row.after == 1 || row.after == -1)), "{condition:?}");
    rows.into_iter().filter(|row| row.after == 1).map(|row| row.id.0).collect()
}

#[tokio::test]
async fn a_condition_fits_the_same_leads_in_memory_and_in_the_database() {
    World::each(async |world| {
        world.write(|tx, ctx| add_people(tx, Instant(ctx.now))).await.unwrap();
        let mut runner = TestRunner::deterministic();
        let leads = random_leads(world, &mut runner, 60).await;
        let fields =
            catalogue(RecordKind::Lead).iter().filter(|field| !matches!(field.kind, FieldKind::Collection { .. }));
        let fields: Vec<&Field> = fields.collect();
        let mut told_apart = BTreeSet::new();
        for round in 0..400 {
            let field = fields[round % fields.len()];
            let other = fields[drawn(&mut runner, &(0..fields.len()))];
            let first = test(&mut runner, field, &leads);
            let form = round / fields.len() % 4;
            let filter = match form {
                0 | 1 => first,
                2 => Filter::And(vec![first, test(&mut runner, other, &leads)]),
                _ => Filter::Not(Box::new(Filter::Or(vec![first, test(&mut runner, other, &leads)]))),
            };
            let condition = checked(world, &filter);
            let fitting = leads.iter().filter(|row| is_match(&condition, *row));
            let expected: BTreeSet<Uuid> = fitting.map(|row| row.head.id.0).collect();
            assert_eq!(tried(world, &condition).await, expected, "{filter:?}");
            assert!(expected.is_empty() || can_match(&condition, &[]), "{filter:?}");
            if form < 2 && !expected.is_empty() && expected.len() < leads.len() {
                told_apart.insert(field.name);
            }
        }
        let untold: Vec<_> = fields.iter().map(|field| field.name).filter(|name| !told_apart.contains(name)).collect();
        assert!(untold.is_empty(), "no test tells leads apart by {untold:?}");
    })
    .await;
}

#[tokio::test]
async fn the_first_rule_that_fits_is_told_of_the_newest_leads() {
    World::each(async |world| {
        world.write(|tx, ctx| add_people(tx, Instant(ctx.now))).await.unwrap();
        let mut runner = TestRunner::deterministic();
        let mut leads = random_leads(world, &mut runner, 30).await;
        leads.sort_by_key(|row| std::cmp::Reverse((row.head.created_at, row.head.id)));
        let fields = catalogue(RecordKind::Lead);
        let find = |name: &str| fields.iter().find(|field| field.name == name).unwrap();
        let conditions: Vec<Checked> = ["rating", "source", "score", "city"]
            .map(|name| checked(world, &test(&mut runner, find(name), &leads)))
            .to_vec();
        let (before, after) = ([0, 1, 2], [3, 2, 0]);
        let first = |rules: &[usize], row: &Record<LeadBody>| {
            rules.iter().position(|n| is_match(&conditions[*n], row)).map_or(-1, |place| place as i64)
        };
        let (asked, now) = (conditions.clone(), world.ctx.now);
        let work = move |db: &mut rapport_persistence::Db| {
            let since = now - TimeDelta::days(90);
            let trial = Trial { conditions: &asked, before: &before, after: &after, since, limit: 20 };
            leads_try_rules(db, &trial)
        };
        let rows = world.store.read("try", work).await.unwrap();
        let told: Vec<_> = rows.iter().map(|row| (row.id, row.owner_id, row.before, row.after)).collect();
        let expected =
            leads.iter().take(20).map(|row| (row.head.id, row.head.owner_id, first(&before, row), first(&after, row)));
        assert_eq!(told, expected.collect::<Vec<_>>());
        assert!(told.iter().any(|(_, _, before, after)| before != after));
    })
    .await;
}

// ---------------------------------------------------------------- people

#[tokio::test]
async fn those_of_a_list_come_in_its_order_and_those_of_teams_by_their_ids() {
    World::each(async |world| {
        let read = |tx: &mut Tx<'_>, ctx: &rapport_domain::context::Context| {
            add_people(tx, Instant(ctx.now))?;
            let mut of = |pool: Pool| -> Result<Vec<u128>, StoreError> {
                Ok(assignment_members(tx, &pool)?.into_iter().map(|member| member.id.as_u128()).collect())
            };
            let list = [605, 601, 999, 603].map(id).to_vec();
            assert_eq!(of(Pool::Users(list))?, [605, 601, 603]);
            assert_eq!(of(Pool::Users(Vec::new()))?, Vec::<u128>::new());
            assert_eq!(of(Pool::Teams(vec![id(500)]))?, [601, 604]);
            assert_eq!(of(Pool::Teams(TEAMS.map(id).to_vec()))?, [601, 602, 604]);
            let members = assignment_members(tx, &Pool::Users([601, 604, 605].map(id).to_vec()))?;
            let views = members.iter().map(|member| member.grants.scope(Subject::Lead, Action::View));
            assert_eq!(views.collect::<Vec<_>>(), [Scope::Own, Scope::None, Scope::None]);
            assert_eq!(members[0].grants.scope(Subject::Lead, Action::Edit), Scope::Own);
            assert_eq!((members[0].time_zone.as_str(), members[0].is_active), ("Asia/Shanghai", true));
            Ok(())
        };
        world.write(read).await.unwrap();
    })
    .await;
}

fn rule(now: Instant, number: u128, team: Option<u128>) -> AssignmentRuleRow {
    AssignmentRuleRow {
        id: Id(id(number)),
        name: format!("Rule {number}"),
        name_key: format!("rule {number}"),
        position: 0,
        is_active: true,
        condition: None,
        strategy: "round_robin".into(),
        user_ids: Json(vec![id(601)]),
        team_id: team.map(|team| Id(id(team))),
        with_subteams: false,
        working_days: Json(vec![1, 5]),
        max_open: None,
        max_per_day: Some(3),
        last_user_id: None,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

fn gift(
    ctx: &rapport_domain::context::Context,
    lead: Uuid,
    rule: u128,
    owner: u128,
    hours_ago: i64,
) -> LeadAssignmentRow {
    let step = StoredStep {
        rule_id: id(rule),
        rule_name: format!("Rule {rule}"),
        result: "assigned".into(),
        passed_over: Vec::new(),
        passed_over_count: 0,
    };
    LeadAssignmentRow {
        id: Id(ctx.next_id()),
        lead_id: Id(lead),
        rule_id: Some(Id(id(rule))),
        rule_name: Some(format!("Rule {rule}")),
        rule_version: Some(1),
        owner_id: Some(Id(id(owner))),
        assigned_at: Instant(ctx.now - TimeDelta::hours(hours_ago)),
        trace: Json(vec![step]),
    }
}

#[tokio::test]
async fn loads_are_what_the_rows_say() {
    World::each(async |world| {
        let work = |tx: &mut Tx<'_>, ctx: &rapport_domain::context::Context| {
            let (now, may) = (Instant(ctx.now), may_configure());
            add_people(tx, now)?;
            assignment_rule_insert(tx, &may, &rule(now, 800, None))?;
            assignment_rule_insert(tx, &may, &rule(now, 801, Some(500)))?;
            let mut leads = Vec::new();
            for (owner, status, category, is_gone) in [
                (601, "new", "new", false),
                (601, "calling", "working", false),
                (601, "new", "qualified", false),
                (601, "new", "new", true),
                (602, "new", "nurturing", false),
            ] {
                let mut row = lead(ctx, "Lead", status, category);
                (row.head.owner_id, row.head.deleted_at) = (Some(Id(id(owner))), is_gone.then_some(now));
                leads.push(crate::builders::insert(tx, ctx, row)?);
            }
            // Twice the same lead is one lead; what was yesterday is not of today.
            for (lead, rule, owner, hours) in
                [(0, 800, 601, 1), (0, 801, 601, 2), (1, 801, 601, 3), (2, 800, 601, 30), (4, 801, 602, 5)]
            {
                lead_assignment_insert(tx, &may, &gift(ctx, leads[lead], rule, owner, hours))?;
            }
            let users = [601, 602, 605].map(id);
            let days = ["UTC", "Asia/Shanghai"].map(|zone| (zone.to_owned(), ctx.now - TimeDelta::hours(8)));
            let query = LoadQuery { users: &users, lead: leads[1], rule: Id(id(800)), counts_open: true, days: &days };
            let mut loads = assignment_loads(tx, &query)?;
            loads.sort_by_key(|load| load.id);
            let expected = |user, open_leads, given_today, hours: Option<i64>| Load {
                id: Id(id(user)),
                open_leads,
                given_today,
                last_given: hours.map(|hours| Instant(ctx.now - TimeDelta::hours(hours))),
            };
            assert_eq!(loads, [expected(601, 1, 1, Some(1)), expected(602, 1, 1, None), expected(605, 0, 0, None)]);
            let uncounted = LoadQuery { counts_open: false, days: &[], ..query };
            assert!(assignment_loads(tx, &uncounted)?.iter().all(|load| (load.open_leads, load.given_today) == (0, 0)));
            Ok(())
        };
        world.write(work).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_a_rule_gave_stays_when_the_rule_goes_and_goes_with_the_lead() {
    World::each(async |world| {
        let work = |tx: &mut Tx<'_>, ctx: &rapport_domain::context::Context| {
            let (now, may) = (Instant(ctx.now), may_configure());
            add_people(tx, now)?;
            assignment_rule_insert(tx, &may, &AssignmentRuleRow { position: 1, ..rule(now, 800, None) })?;
            assignment_rule_insert(tx, &may, &rule(now, 801, None))?;
            let held: Vec<_> = assignment_rules_hold(tx)?.into_iter().map(|row| row.name).collect();
            assert_eq!(held, ["Rule 801", "Rule 800"]);
            let lead = crate::builders::insert(tx, ctx, lead(ctx, "Lead", "new", "new"))?;
            for hours in [800, 5, 9] {
                lead_assignment_insert(tx, &may, &gift(ctx, lead, 800, 601, hours))?;
            }
            let since = Instant(ctx.now - TimeDelta::days(30));
            let given = lead_assignments_since(tx, &[Id(id(800)), Id(id(801))], since)?;
            assert_eq!(given.into_iter().collect::<Vec<_>>(), [(Id(id(800)), 2)]);
            assignment_rule_delete(tx, &may, Id(id(800)))?;
            let (latest, earlier) = lead_assignment_latest(tx, lead)?;
            let latest = latest.unwrap();
            assert_eq!((latest.rule_id, latest.rule_name.as_deref(), earlier), (None, Some("Rule 800"), 2));
            assert_eq!(latest.assigned_at, Instant(ctx.now - TimeDelta::hours(5)));
            record_purge::<LeadBody>(tx, lead)?;
            assert_eq!(lead_assignment_latest(tx, lead)?, (None, 0));
            Ok(())
        };
        world.write(work).await.unwrap();
    })
    .await;
}
