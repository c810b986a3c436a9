//! Whether the API shows what the model says: records, lists, counts, search, boards, summaries, trash, histories.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use serde_json::{Value, json};
use uuid::Uuid;

use super::rules::category;
use super::steps::NAMES;
use super::world::{Kind, Right, Row, Who, World};
use crate::harness::{Answer, TestApp};

/// Nothing, or where both differ.
pub(super) type Agreed = Result<(), String>;

/// Words to search for, beside the names.
const WORDS: [&str; 2] = ["mining", "buyer"];
/// What each stage makes of an amount, in per cent.
const CHANCES: [i64; 7] = [10, 30, 60, 80, 100, 0, 0];

pub(super) fn same<T: PartialEq + Debug>(what: &str, api: &T, model: &T) -> Agreed {
    if api == model { Ok(()) } else { Err(format!("{what}: the API says {api:?}, the model {model:?}")) }
}

fn fine(answer: Answer, path: &str) -> Result<Value, String> {
    if answer.status == 200 { Ok(answer.body) } else { Err(format!("{path}: {} {}", answer.status, answer.text)) }
}

async fn get(app: &TestApp, who: Who, path: &str) -> Result<Value, String> {
    fine(app.get(who.word(), path).await, path).map_err(|error| format!("{who:?} {error}"))
}

fn rows_of(body: &Value) -> &[Value] {
    body["data"].as_array().map_or(&[], Vec::as_slice)
}

fn uuid(value: &Value) -> Uuid {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or_default()
}

fn ids(rows: &[Value]) -> BTreeSet<Uuid> {
    rows.iter().map(|row| uuid(&row["id"])).collect()
}

/// After a step: the records it was about by their ids as everybody, all records as the administrator, and every other
/// way to look in turn, as one of them.
pub(super) async fn look(app: &TestApp, world: &World, concerned: &[Uuid], turn: u64) -> Agreed {
    for id in concerned {
        let Some(row) = world.row(*id) else { continue };
        for who in Who::ALL {
            one(app, world, who, row).await?;
        }
        history(app, world, Who::Admin, row).await?;
    }
    lists(app, world, Who::Admin).await?;
    trash(app, world, Who::Admin).await?;
    let turn = usize::try_from(turn).unwrap();
    let who = Who::ALL[turn % Who::ALL.len()];
    match turn % 4 {
        0 => lists(app, world, who).await?,
        1 => search(app, world, who, words().nth(turn % words().count()).unwrap()).await?,
        2 => board(app, world, who).await?,
        _ => summaries(app, world, who).await?,
    }
    Ok(())
}

fn words() -> impl Iterator<Item = &'static str> {
    NAMES.into_iter().chain(WORDS)
}

/// Everything there is to see for one person.
pub(super) async fn whole(app: &TestApp, world: &World, who: Who) -> Agreed {
    lists(app, world, who).await?;
    trash(app, world, who).await?;
    for word in words() {
        search(app, world, who, word).await?;
    }
    board(app, world, who).await?;
    summaries(app, world, who).await?;
    for row in &world.rows {
        one(app, world, who, row).await?;
        if world.sees(who, row) {
            history(app, world, who, row).await?;
        }
    }
    Ok(())
}

/// A record's version, team, state and every field.
pub(super) fn same_record(world: &World, row: &Row, view: &Value) -> Agreed {
    let team = world.team_of(row.id_in("owner_id")).map(|team| world.teams[team]);
    let about = |what: &str| format!("{what} of {:?} {}", row.kind, row.id);
    same(&about("the version"), &view["version"], &json!(row.version))?;
    same(&about("the team"), &view["team_id"], &json!(team))?;
    same(&about("being deleted"), &!view["deleted_at"].is_null(), &row.is_deleted)?;
    for (name, value) in &row.fields {
        let mut is = view[name].clone();
        for link in is.as_array_mut().into_iter().flatten() {
            // The names of employers come along.
            link.as_object_mut().map(|link| link.remove("name"));
        }
        same(&about(name), &is, value)?;
    }
    match row.kind {
        Kind::Deal => same(&about("the chance"), &view["probability"], &json!(CHANCES[world.stage_of(row)])),
        Kind::Lead => {
            let made = |kind| {
                let parts = world.conversion_of(row.id).into_iter().flat_map(|conversion| &conversion.parts);
                json!(parts.filter(|part| part.0 == kind).map(|part| part.1).next())
            };
            let told = &view["conversion"];
            same(&about("being converted"), &told.is_object(), &world.conversion_of(row.id).is_some())?;
            same(&about("the customer made"), &told["customer_id"], &made(Kind::Customer))?;
            same(&about("the contact made"), &told["contact_id"], &made(Kind::Contact))?;
            same(&about("the deal made"), &told["opportunity_id"], &made(Kind::Deal))
        }
        _ => Ok(()),
    }
}

/// What the record's buttons offer is what would be granted.
fn same_hints(world: &World, who: Who, row: &Row, view: &Value) -> Agreed {
    // In the trash there is nothing to press but to restore, which is shown elsewhere.
    let may = |right| !row.is_deleted && world.may(who, right, row);
    let converts = row.kind == Kind::Lead && may(Right::Convert) && row.get("status") != "converted";
    // Nobody's customers are the pool's; none is here.
    let (is_customer, is_mine) = (row.kind == Kind::Customer, row.id_in("owner_id") == Some(world.person(who).id));
    let releases = is_customer && may(Right::Edit) && (is_mine || may(Right::Assign));
    let locks = is_customer && may(Right::Assign) && world.assigns_beyond_own(who, row.kind);
    let can = json!({
        "edit": may(Right::Edit), "delete": may(Right::Delete), "assign": may(Right::Assign), "convert": converts,
        "claim": false, "release": releases, "allot": false, "lock": locks,
    });
    same(&format!("what {who:?} can do with {:?} {}", row.kind, row.id), &view["can"], &can)
}

async fn one(app: &TestApp, world: &World, who: Who, row: &Row) -> Agreed {
    let path = format!("/{}/{}", row.kind.plural(), row.id);
    let answer = app.get(who.word(), &path).await;
    let status = if world.sees(who, row) { 200 } else { 404 };
    same(&format!("what {who:?} gets for {path}"), &answer.status, &status)?;
    if status == 200 {
        same_record(world, row, &answer.body)?;
        same_hints(world, who, row, &answer.body)?;
    }
    Ok(())
}

/// Version, action, actor and the fields with what they were and what they became.
type Told = (i64, String, Uuid, BTreeMap<String, (Value, Value)>);

async fn history(app: &TestApp, world: &World, who: Who, row: &Row) -> Agreed {
    if !world.sees(who, row) {
        return Ok(());
    }
    let body = get(app, who, &format!("/{}/{}/history?limit=200", row.kind.plural(), row.id)).await?;
    let about = format!("the history of {:?} {}", row.kind, row.id);
    let told: Vec<Told> = rows_of(&body)
        .iter()
        .rev()
        .map(|line| {
            let known = |change: &&Value| row.fields.contains_key(change["field"].as_str().unwrap());
            let changes = line["changes"].as_array().unwrap().iter().filter(known);
            let changes = changes.map(|change| {
                (change["field"].as_str().unwrap().to_owned(), (change["old"].clone(), change["new"].clone()))
            });
            let action = line["action"].as_str().unwrap().to_owned();
            (line["version"].as_i64().unwrap(), action, uuid(&line["actor"]["id"]), changes.collect())
        })
        .collect();
    let model = row.history.iter().map(|line| (line.version, line.action.to_owned(), line.by, line.changes.clone()));
    same(&about, &told, &model.collect())
}

async fn lists(app: &TestApp, world: &World, who: Who) -> Agreed {
    for kind in Kind::ALL {
        let path = format!("/{}?limit=200&count=exact", kind.plural());
        let body = get(app, who, &path).await?;
        let expected = world.listed(who, kind);
        same(
            &format!("{who:?}'s list of {kind:?}s"),
            &ids(rows_of(&body)),
            &expected.iter().map(|row| row.id).collect(),
        )?;
        let count = world.counted(who, kind).len();
        same(&format!("{who:?}'s count of {kind:?}s"), &body["meta"]["total"], &json!(count))?;
        for view in rows_of(&body) {
            let row = expected.iter().find(|row| row.id == uuid(&view["id"])).expect("compared above");
            same_record(world, row, view)?;
            same_hints(world, who, row, view)?;
        }
    }
    Ok(())
}

async fn trash(app: &TestApp, world: &World, who: Who) -> Agreed {
    let body = get(app, who, "/trash").await?;
    let expected = world.rows.iter().filter(|row| row.is_deleted && world.sees(who, row)).map(|row| row.id).collect();
    same(&format!("{who:?}'s trash"), &ids(rows_of(&body)), &expected)
}

/// Everything of a record that search looks into, in lower case.
fn words_of(row: &Row) -> String {
    let fields: &[&str] = match row.kind {
        Kind::Customer => &["name", "industry"],
        Kind::Contact => &["given_name", "job_title"],
        Kind::Lead => &["given_name", "company_name", "title"],
        Kind::Deal => &["name"],
    };
    let texts: Vec<&str> = fields.iter().filter_map(|field| row.get(field).as_str()).collect();
    texts.join(" ").to_lowercase()
}

async fn search(app: &TestApp, world: &World, who: Who, word: &str) -> Agreed {
    let query = serde_urlencoded::to_string([("q", word)]).unwrap();
    let has_word = |row: &&Row| words_of(row).contains(&word.to_lowercase());
    let mut found = BTreeSet::new();
    for kind in Kind::ALL {
        let body = get(app, who, &format!("/{}?limit=200&{query}", kind.plural())).await?;
        let expected: BTreeSet<Uuid> = world.listed(who, kind).into_iter().filter(has_word).map(|row| row.id).collect();
        same(&format!("{who:?}'s {kind:?}s with {word}"), &ids(rows_of(&body)), &expected)?;
        found.extend(expected);
    }
    let body = get(app, who, &format!("/search?limit=50&{query}")).await?;
    same(&format!("what {who:?} finds for {word}"), &ids(rows_of(&body)), &found)
}

/// Sums by currency, in minor units.
type Sums = BTreeMap<String, i64>;

fn minor(amount: &Value) -> Option<(String, i64)> {
    let (currency, text) = (amount["currency"].as_str()?, amount["amount"].as_str()?);
    Some((currency.to_owned(), text.replace('.', "").parse().ok()?))
}

fn sums_in(list: &Value) -> Sums {
    list.as_array().into_iter().flatten().filter_map(minor).collect()
}

fn sums_of(world: &World, rows: &[&Row], is_weighted: bool) -> Sums {
    let mut sums = Sums::new();
    for row in rows {
        let Some((currency, amount)) = minor(row.get("amount")) else { continue };
        let chance = if is_weighted { CHANCES[world.stage_of(row)] } else { 100 };
        *sums.entry(currency).or_default() += amount * chance / 100;
    }
    sums
}

async fn board(app: &TestApp, world: &World, who: Who) -> Agreed {
    let body = get(app, who, "/opportunities/board?limit_per_stage=50").await?;
    same("the columns of the board", &rows_of(&body).len(), &world.stages.len())?;
    for (stage, column) in rows_of(&body).iter().enumerate() {
        let about = |what: &str| format!("{what} of column {stage} on {who:?}'s board");
        let mut cards = world.listed(who, Kind::Deal);
        cards.retain(|row| world.stage_of(row) == stage);
        cards.sort_by_key(|row| (row.rank.clone(), row.id));
        let shown: Vec<Uuid> = column["records"].as_array().unwrap().iter().map(|card| uuid(&card["id"])).collect();
        same(&about("the cards"), &shown, &cards.iter().map(|row| row.id).collect())?;
        let mut counted = world.counted(who, Kind::Deal);
        counted.retain(|row| world.stage_of(row) == stage);
        same(&about("the count"), &column["count"], &json!(counted.len()))?;
        same(&about("the sum"), &sums_in(&column["sums"]), &sums_of(world, &counted, false))?;
        same(&about("the weighted sum"), &sums_in(&column["weighted_sums"]), &sums_of(world, &counted, true))?;
    }
    Ok(())
}

/// Counts by the values of a field.
fn groups(rows: &[&Row], values: impl Fn(&Row) -> Vec<Value>) -> BTreeMap<String, i64> {
    let mut groups = BTreeMap::new();
    for value in rows.iter().flat_map(|row| values(row)) {
        *groups.entry(value.to_string()).or_default() += 1;
    }
    groups
}

async fn summaries(app: &TestApp, world: &World, who: Who) -> Agreed {
    for (kind, field) in [
        (Kind::Customer, "tags"),
        (Kind::Customer, "level"),
        (Kind::Contact, "owner_id"),
        (Kind::Lead, "status"),
        (Kind::Deal, "customer_id"),
    ] {
        let body = get(app, who, &format!("/{}/summary?group_by={field}", kind.plural())).await?;
        let told =
            rows_of(&body).iter().map(|group| (group["key"][field].to_string(), group["count"].as_i64().unwrap()));
        let values = |row: &Row| match row.get(field) {
            Value::Array(tags) if tags.is_empty() => vec![Value::Null],
            Value::Array(tags) => tags.clone(),
            value => vec![value.clone()],
        };
        let model = groups(&world.counted(who, kind), values);
        same(&format!("{who:?}'s {kind:?}s by {field}"), &told.collect(), &model)?;
    }
    let body = get(app, who, "/opportunities/summary?group_by=category&sum=amount").await?;
    for category_of in ["open", "won", "lost", "void"] {
        let mut rows = world.counted(who, Kind::Deal);
        rows.retain(|row| category(world.stage_of(row)) == category_of);
        let group = rows_of(&body).iter().find(|group| group["key"]["category"] == category_of);
        let sums = group.map(|group| sums_in(&group["sums"])).unwrap_or_default();
        same(&format!("{who:?}'s sum of {category_of} deals"), &sums, &sums_of(world, &rows, false))?;
    }
    through_a_reference(app, world, who).await
}

/// Deals by a field of their customers: of those that the caller sees.
async fn through_a_reference(app: &TestApp, world: &World, who: Who) -> Agreed {
    let query = serde_urlencoded::to_string([("filter", "customer.industry = \"Mining\"")]).unwrap();
    let body = get(app, who, &format!("/opportunities?limit=200&{query}")).await?;
    let is_meant = |row: &&Row| {
        let customer = row.id_in("customer_id").and_then(|id| world.alive(id));
        customer.is_some_and(|customer| world.sees(who, customer) && customer.get("industry") == "Mining")
    };
    let expected = world.listed(who, Kind::Deal).into_iter().filter(is_meant).map(|row| row.id).collect();
    same(&format!("{who:?}'s deals in mining"), &ids(rows_of(&body)), &expected)
}
