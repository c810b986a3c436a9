//! Jobs: work that takes longer than a request, done item by item behind it.
//!
//! Each item is one short transaction, in which its result is written with its work: whatever is killed whenever, nothing is
//! done twice and nothing is lost. A node takes a job for a turn of a few items, under a lease that each item prolongs, and then
//! lets others have theirs; what a dead node had is taken by another one when the lease has run out. Everything is done in the name
//! of whoever began the job, with the rights that they have when the item's turn comes.

mod begin;
mod dto;
mod end;
mod routes;
pub mod run;
mod service;
mod standing;
mod step;
mod views;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::Notify;
use utoipa::ToSchema;
use uuid::Uuid;

use rapport_domain::context::Context;
use rapport_domain::job::{ItemState, JobKind};
use rapport_domain::kind::RecordKind;
use rapport_persistence::Tx;
use rapport_persistence::jobs::jobs_trim;
use rapport_persistence::types::Instant;

pub(crate) use begin::{Draft, begin};
pub use dto::JobView;
pub use routes::routes;
pub(crate) use views::{NotifiedJob, notified};

use crate::conversion::ConvertLeads;
use crate::problem::Problem;
use crate::state::App;

/// Items of one job at most.
pub(crate) const MOST_ITEMS: usize = 10_000;
/// Jobs that one person may have under way.
const MOST_OPEN: i64 = 3;
/// How long jobs are kept after their end.
const KEPT: TimeDelta = TimeDelta::days(30);
/// Rows that go in one transaction, which others wait for, and in one round.
const PORTION: i64 = 1000;
const PORTIONS: u32 = 200;

/// What a kind of job does with its items.
pub(crate) trait Work: Sync {
    /// Whether whoever began the job may have it done at all; asked anew before each item.
    ///
    /// # Errors
    /// Why not: the job ends with it.
    fn permit(&self, ctx: &Context) -> Result<(), Problem>;

    /// Does one item, wholly or not at all. `request` is what the job was begun with.
    ///
    /// # Errors
    /// Why it cannot be done. With a fault of the server it is tried again.
    fn run(&self, tx: &mut Tx<'_>, ctx: &Context, request: &Value, record: Uuid) -> Result<ItemResult, Problem>;

    /// What it means for an item that it could not be done.
    fn refused(&self, problem: &Problem) -> (ItemState, ItemResult);
}

/// Whoever does what this kind of job does.
fn work(kind: JobKind) -> &'static dyn Work {
    match kind {
        JobKind::ConvertLeads => &ConvertLeads,
    }
}

/// What came of an item, as it is kept: ids without names, which are looked up with the rights of whoever reads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ItemResult {
    /// The records that it has made or linked.
    pub(crate) made: Vec<ItemRecord>,
    /// What did not go as asked.
    pub(crate) notes: Vec<String>,
    /// The records because of which it could not be done.
    pub(crate) candidates: Vec<ItemRecord>,
}

/// A record that came of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ItemRecord {
    kind: String,
    id: Uuid,
}

impl ItemRecord {
    /// A record of a kind.
    pub(crate) fn of(kind: RecordKind, id: Uuid) -> Self {
        Self { kind: kind.as_str().to_owned(), id }
    }

    fn place(&self) -> Option<(RecordKind, Uuid)> {
        Some((RecordKind::parse(&self.kind)?, self.id))
    }
}

/// How many of what was asked for are no items of the job, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct LeftOut {
    /// Those that are not there, or that you do not see; only where they were named.
    #[schema(minimum = 0)]
    pub not_found: usize,
    /// Those that you see, but may not do this with.
    #[schema(minimum = 0)]
    pub forbidden: usize,
    /// Leads that have been converted.
    #[schema(minimum = 0)]
    pub already_converted: usize,
}

/// Wakes whoever does jobs on this node; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    /// There is something to do.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    /// Until it rings, but no longer than this.
    async fn heard(&self, within: Duration) {
        let _ = tokio::time::timeout(within, self.0.notified()).await;
    }
}

/// Removes what ended long ago.
///
/// # Errors
/// When the database fails.
pub async fn tidy(app: &App, now: DateTime<Utc>) -> Result<(), Problem> {
    let before = Instant(now - KEPT);
    for _ in 0..PORTIONS {
        let trim = move |tx: &mut Tx<'_>| Ok::<_, Problem>(jobs_trim(tx, before, PORTION)?);
        if app.store.write("tidy_jobs", trim).await? == 0 {
            break;
        }
    }
    Ok(())
}
