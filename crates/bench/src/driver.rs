//! Floor (b): the statements of a request straight through the store's functions, on one connection in this program, and
//! the same answer written as JSON; and the whole use case in this program, without HTTP.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use rapport_api::config::Config;
use rapport_api::customers::Customers;
use rapport_api::records::list::{ListPlan, ListRequest};
use rapport_api::records::service;
use rapport_api::records::summary::{grouping_of, summarise};
use rapport_api::state::App;
use rapport_domain::access::{Actor, Visibility};
use rapport_domain::context::Context;
use rapport_domain::filter::{Env, check, from_short};
use rapport_domain::kind::RecordKind;
use rapport_domain::search::Query;
use rapport_persistence::catalogue::catalogue;
use rapport_persistence::customers::CustomerBody;
use rapport_persistence::opportunities::OpportunityBody;
use rapport_persistence::page::{After, Order, SortColumn};
use rapport_persistence::pipelines::{pipeline_default, stages_of};
use rapport_persistence::record::Record;
use rapport_persistence::records::{Selection, record_find, record_list};
use rapport_persistence::search::search;
use rapport_persistence::summaries::record_groups;
use rapport_persistence::{Db, Store, StoreConfig, StoreError};
use serde_json::Value;
use uuid::Uuid;

use crate::asked::{Asked, Meaning, PAGE};
use crate::load::Seen;
use crate::machine;
use crate::place::Place;

/// The store of a place, opened in this program with one connection.
#[expect(missing_debug_implementations, reason = "holds the keys of a program")]
pub struct Driver {
    app: App,
    context: Context,
    key: [u8; 32],
    runtime: tokio::runtime::Runtime,
    database: Option<u32>,
}

/// What is done over and over.
type Work = Arc<dyn Fn(&mut Db, usize) -> anyhow::Result<()> + Send + Sync>;

impl Driver {
    /// Opens the store.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(place: &Place) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let app = App::new(Store::open(&StoreConfig::single(place.target.clone(), 1))?, Config::default());
        runtime.block_on(app.bootstrap()).map_err(|problem| anyhow::anyhow!("{problem}"))?;
        let context = app.context_of(Actor::cli());
        let key = app.keys.mac("cursor", b"");
        Ok(Self { app, context, key, runtime, database: place.server })
    }

    /// The statements of a request and its answer as JSON; nothing for one that is not taken apart.
    ///
    /// # Errors
    /// When the database fails.
    pub fn statements(&self, asked: &Asked, answer: &[u8], time: Duration) -> anyhow::Result<Seen> {
        let (meaning, context) = (asked.meaning.clone(), self.context.clone());
        if let Meaning::Whole = meaning {
            return Ok(Seen::default());
        }
        let (answer, prepared): (Value, _) = (serde_json::from_slice(answer)?, Prepared::of(&meaning, &context)?);
        self.repeat(
            time,
            Arc::new(move |db, n| {
                prepared.run(db, &meaning, n)?;
                std::hint::black_box(serde_json::to_vec(&answer)?);
                Ok(())
            }),
        )
    }

    /// The whole use case: the request is read, the rows are loaded with the names they mention, and written as JSON.
    ///
    /// # Errors
    /// When the use case fails.
    pub fn use_case(&self, asked: &Asked, time: Duration) -> Option<anyhow::Result<Seen>> {
        let (context, key) = (self.context.clone(), self.key);
        let work: Work = match &asked.meaning {
            Meaning::Record(ids) => {
                let ids = ids.clone();
                Arc::new(move |db, n| {
                    let id = ids.get(n % ids.len().max(1)).copied().unwrap_or_default();
                    let reply = service::get::<Customers>(db, &context, id, None);
                    reply.map(drop).map_err(|problem| anyhow::anyhow!("{problem}"))
                })
            }
            Meaning::Page { .. } | Meaning::Found(_) => {
                let request = request_of(&asked.meaning);
                Arc::new(move |db, _| {
                    let page = ListPlan::read(RecordKind::Customer, &request, &key, &context)
                        .and_then(|plan| plan.run::<Customers>(db, &key, &context));
                    serde_json::to_vec(&page.map_err(|problem| anyhow::anyhow!("{problem}"))?)?;
                    Ok(())
                })
            }
            Meaning::Groups { kind, by, sum } => {
                let (kind, grouping) = (*kind, grouping_of(*kind, Some(by), *sum).ok()?);
                Arc::new(move |db, _| {
                    let groups = summarise(db, kind, &ListRequest::default(), &grouping, &context);
                    serde_json::to_vec(&groups.map_err(|problem| anyhow::anyhow!("{problem}"))?)?;
                    Ok(())
                })
            }
            Meaning::Everything(_) | Meaning::Board | Meaning::Whole => return None,
        };
        Some(self.repeat(time, work))
    }

    fn repeat(&self, time: Duration, work: Work) -> anyhow::Result<Seen> {
        let cpu =
            || (machine::cpu_of(std::process::id()), self.database.map(machine::cpu_of_family).unwrap_or_default());
        let before = cpu();
        let began = Instant::now();
        let timed = move |db: &mut Db| {
            let (began, mut times) = (Instant::now(), Vec::new());
            while began.elapsed() < time {
                let at = Instant::now();
                work(db, times.len()).map_err(|error| StoreError::Internal(format!("{error:#}")))?;
                times.push(at.elapsed());
            }
            Ok::<_, StoreError>(times)
        };
        let times = self.runtime.block_on(self.app.store.read("floor", timed)).context("floor (b)")?;
        let after = cpu();
        let (cpu, database_cpu) = (after.0.saturating_sub(before.0), after.1.saturating_sub(before.1));
        Ok(Seen { times, took: began.elapsed(), cpu, database_cpu })
    }
}

fn request_of(meaning: &Meaning) -> ListRequest {
    let limit = Some(PAGE);
    match meaning {
        Meaning::Page { owner, after } => ListRequest {
            short: vec![("owner_id".to_owned(), owner.to_string())],
            sort: Some("name".to_owned()),
            cursor: after.as_ref().map(|(_, cursor)| cursor.clone()),
            limit,
            ..ListRequest::default()
        },
        Meaning::Found(words) => ListRequest { q: Some(words.clone()), limit, ..ListRequest::default() },
        _ => ListRequest::default(),
    }
}

const BY_NAME: SortColumn = SortColumn { column: "name_sort", is_nullable: false, is_descending: false };
const BY_UPDATE: SortColumn = SortColumn { column: "updated_at", is_nullable: false, is_descending: true };
const BY_RANK: SortColumn = SortColumn { column: "board_rank", is_nullable: false, is_descending: false };

/// What is known before the first statement.
struct Prepared {
    selection: Selection,
    order: Order,
    query: Option<Query>,
    env: Env,
    /// The place after which the page begins, once it has been looked up.
    after: OnceLock<After>,
}

impl Prepared {
    fn of(meaning: &Meaning, context: &Context) -> anyhow::Result<Self> {
        let env = Env { me: Uuid::nil(), my_team: Vec::new(), now: context.now, zone: context.zone };
        let kind = if let Meaning::Groups { kind, .. } = meaning { *kind } else { RecordKind::Customer };
        let mut selection = Selection::visible(kind, Visibility::Everything);
        if let Meaning::Page { owner, .. } = meaning {
            selection = equal(kind, "owner_id", &owner.to_string(), &env)?;
        }
        let query = match meaning {
            Meaning::Found(words) | Meaning::Everything(words) => Query::parse(words),
            _ => None,
        };
        if let Meaning::Found(_) = meaning {
            selection.query.clone_from(&query);
        }
        let column = if let Meaning::Page { .. } = meaning { BY_NAME } else { BY_UPDATE };
        Ok(Self { selection, order: Order { columns: vec![column] }, query, env, after: OnceLock::new() })
    }

    fn run(&self, db: &mut Db, meaning: &Meaning, n: usize) -> anyhow::Result<()> {
        match meaning {
            Meaning::Record(ids) => find(db, ids.get(n % ids.len().max(1)).copied().unwrap_or_default()).map(drop),
            Meaning::Page { after: Some((id, _)), .. } => {
                if self.after.get().is_none() {
                    let row = find(db, *id)?.context("the row before the page is gone")?;
                    let _ = self.after.set(After { values: vec![row.sort_value(BY_NAME.column)], id: *id });
                }
                self.list(db, self.after.get())
            }
            Meaning::Page { .. } | Meaning::Found(_) => self.list(db, None),
            Meaning::Everything(_) => {
                let query = self.query.as_ref().context("words that find nothing")?;
                for kind in RecordKind::OWNED {
                    search(db, kind, &Visibility::Everything, query, 10)?;
                }
                Ok(())
            }
            Meaning::Groups { kind, by, sum } => {
                let grouping = grouping_of(*kind, Some(by), *sum).map_err(|problem| anyhow::anyhow!("{problem}"))?;
                Ok(record_groups(db, &self.selection, &grouping, 500).map(drop)?)
            }
            Meaning::Board => self.board(db),
            Meaning::Whole => anyhow::bail!("it is not taken apart"),
        }
    }

    fn list(&self, db: &mut Db, after: Option<&After>) -> anyhow::Result<()> {
        let rows: Vec<Record<CustomerBody>> = record_list(db, &self.selection, &self.order, after, PAGE + 1)?;
        std::hint::black_box(rows);
        Ok(())
    }

    /// The sums of all stages, and the first cards of each.
    fn board(&self, db: &mut Db) -> anyhow::Result<()> {
        let pipeline = pipeline_default(db)?.context("no pipeline")?;
        let stages: Vec<String> = stages_of(db, pipeline.id.0)?.iter().map(|stage| stage.id.0.to_string()).collect();
        let of = |listed: &str| equal(RecordKind::Opportunity, "stage_id", listed, &self.env);
        let grouping = grouping_of(RecordKind::Opportunity, Some("stage_id"), Some("amount"));
        let grouping = grouping.map_err(|problem| anyhow::anyhow!("{problem}"))?;
        record_groups(db, &of(&stages.join(","))?, &grouping, 500)?;
        for stage in &stages {
            let order = Order { columns: vec![BY_RANK] };
            let cards: Vec<Record<OpportunityBody>> = record_list(db, &of(stage)?, &order, None, 21)?;
            std::hint::black_box(cards);
        }
        Ok(())
    }
}

/// The rows whose field has this value, or one of several separated by commas.
fn equal(kind: RecordKind, field: &str, value: &str, env: &Env) -> anyhow::Result<Selection> {
    let filter = check(&from_short(field, value)?, kind, catalogue, env)?;
    Ok(Selection { filter, ..Selection::visible(kind, Visibility::Everything) })
}

fn find(db: &mut Db, id: Uuid) -> anyhow::Result<Option<Record<CustomerBody>>> {
    Ok(record_find(db, &Visibility::Everything, id)?)
}
