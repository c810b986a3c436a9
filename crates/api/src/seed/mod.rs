//! `rapport seed`: many believable records, the same for the same seed, for trying out and for measuring.

mod deals;
mod deeds;
mod maker;

use std::num::NonZero;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, anyhow, ensure};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use indicatif::{ProgressBar, ProgressStyle};
use rapport_domain::access::{Action, Actor, Subject, decide};
use rapport_domain::context::{Context, Locale};
use rapport_domain::kind::RecordKind;
use rapport_persistence::bulk::{Gear, numbers_take, records_insert, shift, stage_moves_insert};
use rapport_persistence::indexes::{Index, index_make, indexes_missing, indexes_postpone};
use rapport_persistence::{Store, StoreError, Target, Tx};
use tokio::sync::mpsc;

use crate::problem::Problem;
use crate::sample::dice::Dice;
use crate::sample::names::{Person, person};
use crate::sample::people::{Member, add_members, add_teams};
use crate::state::App;
use maker::{Maker, Portion, Setting, Stock};

/// How many customers, with all that belongs to them, one transaction writes: about 43,000 records.
const PORTION: usize = 8000;
/// The most portions that are written at once, and indexes that are made at once, on PostgreSQL.
const MAX_LANES: usize = 4;
/// The most customers one run makes.
const MAX_SIZE: usize = 5_000_000;

/// The teams of those who own the records.
const TEAMS: [(&str, Option<&str>); 5] = [
    ("种子数据 Seed", None),
    ("华东大区 Seed East", Some("种子数据 Seed")),
    ("华北大区 Seed North", Some("种子数据 Seed")),
    ("华南大区 Seed South", Some("种子数据 Seed")),
    ("海外 Seed Overseas", Some("种子数据 Seed")),
];
/// How many people own the records.
const OWNERS: usize = 20;

/// What a run has written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seeded {
    /// Customers.
    pub customers: usize,
    /// Contacts.
    pub contacts: usize,
    /// Leads.
    pub leads: usize,
    /// Opportunities.
    pub opportunities: usize,
    /// Activities.
    pub activities: usize,
    /// How long it took.
    pub took: Duration,
}

/// Adds `size` customers with about 1.2 contacts each, half as many leads, a tenth as many opportunities, and three
/// activities each: most have few, a few have very many.
///
/// # Errors
/// When the database fails, or already holds the records of this seed.
pub async fn seed(app: &App, size: usize, seed: u64) -> anyhow::Result<Seeded> {
    ensure!(size <= MAX_SIZE, "--size is at most {MAX_SIZE}");
    let started = Instant::now();
    // Nobody waits for an answer, and to tidy up after so much may take the database a while.
    let store = app.store.at_leisure();
    let setting = write(&store, "seed_people", prepare(app)).await?;
    let stock = write(&store, "seed_numbers", move |tx| take_numbers(tx, size)).await?;
    write(&store, "seed_begin", begin).await?;
    let maker = Maker::new(seed, app.now(), setting, stock);
    let done = insert_all(app, &store, maker, size).await?;
    make_indexes(&store).await?;
    write(&store, "seed_releases", crate::pools::keep_all_releases).await?;
    // Where there are scoring rules, the server goes through the new leads as after any change of them.
    write(&store, "seed_scores", crate::scoring::leads_rewritten).await?;
    write(&store, "seed_done", |tx| gear(tx, Gear::Everyday)).await?;
    Ok(Seeded { took: started.elapsed(), ..done })
}

/// Makes the records on one thread while the database writes those that are made: SQLite portion after portion, PostgreSQL
/// several at once, for which their order is of no importance; each brings along what it points at.
async fn insert_all(app: &App, store: &Store, mut maker: Maker, size: usize) -> anyhow::Result<Seeded> {
    let (ready, mut made) = mpsc::channel(1);
    let making = tokio::task::spawn_blocking(move || {
        let mut left = size;
        while left > 0 {
            let portion = maker.portion(PORTION.min(left));
            left -= portion.customers.len();
            // Nobody takes it any more when writing has failed.
            if ready.blocking_send(portion).is_err() {
                break;
            }
        }
    });
    let bar = progress(size)?;
    let portions = stream::poll_fn(move |cx| made.poll_recv(cx));
    let mut written = portions
        .map(|portion| async {
            let (ctx, portion) = (app.context_of(Actor::cli()), Arc::new(portion));
            let kept = Arc::clone(&portion);
            write(store, "seed", move |tx| insert(tx, &ctx, &portion)).await.map(|()| kept)
        })
        .buffer_unordered(lanes(store));
    let mut done = Seeded::default();
    while let Some(portion) = written.next().await {
        done.count(&*portion?);
        bar.set_position(u64::try_from(done.customers).unwrap_or(u64::MAX));
    }
    bar.finish_and_clear();
    making.await.context("a portion could not be made")?;
    Ok(done)
}

impl Seeded {
    fn count(&mut self, portion: &Portion) {
        self.customers += portion.customers.len();
        self.contacts += portion.contacts.len();
        self.leads += portion.leads.len();
        self.opportunities += portion.opportunities.len();
        self.activities += portion.activities.len();
    }
}

impl std::fmt::Display for Seeded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} customers, {} contacts, {} leads, {} opportunities and {} activities in {:.1} s",
            self.customers,
            self.contacts,
            self.leads,
            self.opportunities,
            self.activities,
            self.took.as_secs_f32()
        )
    }
}

fn progress(size: usize) -> anyhow::Result<ProgressBar> {
    let style = ProgressStyle::with_template("{bar:40} {human_pos}/{human_len} customers, {eta} left")?;
    Ok(ProgressBar::new(u64::try_from(size).unwrap_or(u64::MAX)).with_style(style))
}

fn explain(problem: &Problem) -> anyhow::Error {
    let document = problem.to_json(Locale::En, "", "");
    let detail = document.get("detail").and_then(serde_json::Value::as_str).unwrap_or_default();
    match problem.code() {
        crate::problem::Code::Duplicate => {
            anyhow!("the database already holds the records of this seed: choose another --seed")
        }
        code => anyhow!("{detail} ({code})", code = code.as_str()),
    }
}

/// Teams, owners and configuration.
fn prepare(app: &App) -> impl Fn(&mut Tx<'_>) -> Result<Setting, Problem> + Send + 'static {
    let ctx = app.context_of(Actor::cli());
    move |tx| {
        let teams = add_teams(tx, &ctx, &TEAMS)?;
        let owners = add_members(tx, &ctx, &teams, &members(), None)?;
        Setting::load(tx, owners)
    }
}

/// The owners are the same whatever the seed, and cannot sign in until they are given a password.
fn members() -> Vec<Member> {
    let mut dice = Dice::new(0x0b5e_55ed);
    let teams = TEAMS.iter().skip(1).map(|(name, _)| *name).cycle();
    let member = |(number, team): (usize, &'static str)| {
        let is_chinese = !team.ends_with("Overseas");
        let Person { family, given, .. } = person(&mut dice, is_chinese);
        Member {
            email: format!("seed{:02}@example.com", number + 1),
            name: rapport_domain::text::display_name(&family, &given),
            role: if number < 4 { "manager" } else { "sales" },
            team: Some(team),
            manager: None,
            language: if is_chinese { "zh-CN" } else { "en" },
        }
    };
    (0..OWNERS).zip(teams).map(member).collect()
}

/// The numbers of all records of a run at once: a little more than needed where chance decides.
fn take_numbers(tx: &mut Tx<'_>, size: usize) -> Result<Stock, Problem> {
    let mut take = |kind, count: usize| -> Result<Vec<i64>, Problem> {
        Ok(numbers_take(tx, kind, i64::try_from(count).unwrap_or(i64::MAX)).map_err(StoreError::from)?)
    };
    Ok(Stock {
        customers: take(RecordKind::Customer, size)?.into_iter(),
        contacts: take(RecordKind::Contact, maker::contacts_for(size))?.into_iter(),
        leads: take(RecordKind::Lead, size / 2)?.into_iter(),
        opportunities: take(RecordKind::Opportunity, size / 10)?.into_iter(),
        activities: take(RecordKind::Activity, deeds::at_most_for(size))?.into_iter(),
    })
}

/// An empty database is filled without its indexes.
fn begin(tx: &mut Tx<'_>) -> Result<(), Problem> {
    indexes_postpone(tx).map_err(StoreError::from)?;
    gear(tx, Gear::Bulk)
}

/// Makes the indexes that were left out, one transaction each, as many at once as there are lanes.
async fn make_indexes(store: &Store) -> anyhow::Result<()> {
    let bar = ProgressBar::new_spinner();
    bar.enable_steady_tick(Duration::from_millis(200));
    bar.set_message("indexes");
    let missing = write(store, "seed_indexes", |tx| Ok(indexes_missing(tx).map_err(StoreError::from)?)).await?;
    let make =
        |index: Index| write(store, "seed_index", move |tx| Ok(index_make(tx, &index).map_err(StoreError::from)?));
    stream::iter(missing).map(make).buffer_unordered(lanes(store)).try_collect::<()>().await?;
    bar.finish_and_clear();
    Ok(())
}

/// How many portions are written at once, or indexes made: one for each processor. One more made the indexes over words of a
/// million customers take a fifth longer.
fn lanes(store: &Store) -> usize {
    match store.target() {
        Target::Sqlite(_) => 1,
        Target::Postgres(_) => std::thread::available_parallelism().map_or(2, NonZero::get).min(MAX_LANES),
    }
}

fn gear(tx: &mut Tx<'_>, gear: Gear) -> Result<(), Problem> {
    Ok(shift(tx, gear).map_err(StoreError::from)?)
}

/// Writes; says in words what went wrong.
async fn write<T: Send + 'static>(
    store: &Store,
    name: &'static str,
    work: impl Fn(&mut Tx<'_>) -> Result<T, Problem> + Send + 'static,
) -> anyhow::Result<T> {
    store.write(name, work).await.map_err(|problem| explain(&problem))
}

fn insert(tx: &mut Tx<'_>, ctx: &Context, portion: &Portion) -> Result<(), Problem> {
    let may = |subject| decide(&ctx.actor, Action::Create, subject, None);
    records_insert(tx, &may(Subject::Customer)?, &portion.customers)?;
    records_insert(tx, &may(Subject::Contact)?, &portion.contacts)?;
    records_insert(tx, &may(Subject::Lead)?, &portion.leads)?;
    records_insert(tx, &may(Subject::Opportunity)?, &portion.opportunities)?;
    records_insert(tx, &may(Subject::Activity)?, &portion.activities)?;
    Ok(stage_moves_insert(tx, &portion.moves).map_err(StoreError::from)?)
}
