//! The tail of the outbox: read by one task for the whole process while anybody listens, and told to all streams.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, Notify, broadcast};

use rapport_persistence::access::access_epoch;
use rapport_persistence::outbox::{Horizon, OutboxRow, horizon, outbox_after, outbox_known, outbox_within};
use rapport_persistence::{Db, Store, StoreError};

use super::happening::{Happening, happenings};
use super::reading::Reading;

/// How often the outbox is looked at.
const EVERY: Duration = Duration::from_millis(250);
/// How long a hint waits for others, so that many writes are read at once.
const GATHER: Duration = Duration::from_millis(20);
/// How long the database is left alone after it failed.
const REST: Duration = Duration::from_secs(1);
/// How often what is missing at the beginning is looked at before anybody is told anything, and how long apart.
const LOOKS: usize = 10;
const APART: Duration = Duration::from_millis(20);
/// Rows that are read at once.
pub(super) const PORTION: i64 = 500;
/// Portions that a stream may be behind before it reads the outbox for itself.
const BEHIND: usize = 32;

/// What has happened, in the order in which it is told.
#[derive(Clone, Debug)]
pub(super) struct Batch {
    pub(super) events: Vec<Happening>,
    /// Below this number nothing will appear any more that has not been told.
    pub(super) low: i64,
    /// The epoch of access when this was read, or one that began later.
    pub(super) epoch: i64,
}

/// The tail, when it is read.
#[derive(Debug, Default)]
pub(super) struct Feed {
    live: Mutex<Option<Live>>,
    hint: Arc<Notify>,
}

/// A tail that is read, for as long as its task lasts.
#[derive(Debug)]
struct Live {
    sender: broadcast::WeakSender<Arc<Batch>>,
    low: Arc<AtomicI64>,
}

/// A place at the tail.
#[derive(Debug)]
pub(super) struct Listener {
    /// What is told from now on.
    pub(super) batches: broadcast::Receiver<Arc<Batch>>,
    low: Arc<AtomicI64>,
}

impl Listener {
    /// The number below which nothing will appear any more. What is read from the outbox after this call has all of it.
    pub(super) fn low(&self) -> i64 {
        self.low.load(Ordering::SeqCst)
    }
}

impl Feed {
    /// Listens; whoever is the first begins the reading. What the outbox does not show after this call is told later.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn listen(self: &Arc<Self>, store: &Store) -> Result<Listener, StoreError> {
        let mut live = self.live.lock().await;
        if let Some(listener) = live.as_ref().and_then(Live::listener) {
            return Ok(listener);
        }
        let reading = begin(store).await?;
        let (sender, batches) = broadcast::channel(BEHIND);
        let low = Arc::new(AtomicI64::new(reading.low()));
        *live = Some(Live { sender: sender.downgrade(), low: Arc::clone(&low) });
        let listener = Listener { batches, low: Arc::clone(&low) };
        let tail =
            Tail { feed: Arc::clone(self), store: store.clone(), reading, epoch: None, looked_at: None, sender, low };
        actix_web::rt::spawn(tail.run());
        Ok(listener)
    }

    /// Something has been committed here: whoever listens need not wait.
    pub(super) fn hint(&self) {
        self.hint.notify_one();
    }
}

impl Live {
    /// `None` when the task has ended, by itself or with the thread it ran on.
    fn listener(&self) -> Option<Listener> {
        Some(Listener { batches: self.sender.upgrade()?.subscribe(), low: Arc::clone(&self.low) })
    }
}

struct Tail {
    feed: Arc<Feed>,
    store: Store,
    reading: Reading,
    epoch: Option<i64>,
    looked_at: Option<Instant>,
    sender: broadcast::Sender<Arc<Batch>>,
    low: Arc<AtomicI64>,
}

impl Tail {
    /// Goes on until nobody listens.
    async fn run(mut self) {
        loop {
            if self.is_over().await {
                return;
            }
            match self.read().await {
                Ok(true) => actix_web::rt::task::yield_now().await,
                Ok(false) => self.wait().await,
                Err(error) => {
                    tracing::warn!(%error, "the outbox cannot be read; it is tried again");
                    actix_web::rt::time::sleep(REST).await;
                }
            }
        }
    }

    async fn is_over(&self) -> bool {
        let mut live = self.feed.live.lock().await;
        let is_over = self.sender.receiver_count() == 0;
        if is_over {
            *live = None;
        }
        is_over
    }

    async fn wait(&self) {
        tokio::select! {
            () = actix_web::rt::time::sleep(EVERY) => {}
            () = self.feed.hint.notified() => actix_web::rt::time::sleep(GATHER).await,
        }
    }

    /// Reads what is new and tells it; answers whether there is more.
    async fn read(&mut self) -> Result<bool, StoreError> {
        let horizon = self.look_at_horizon().await?;
        let seen = self.reading.clone();
        let read = move |db: &mut Db| tell(db, &seen, horizon);
        let Told { reading, batch, is_full } = self.store.read("events_read", read).await?;
        self.reading = reading;
        self.low.store(batch.low, Ordering::SeqCst);
        if !batch.events.is_empty() || self.epoch != Some(batch.epoch) {
            self.epoch = Some(batch.epoch);
            // When nobody listens any more, the next look ends this.
            let _ = self.sender.send(Arc::new(batch));
        }
        Ok(is_full)
    }

    /// Where numbers are missing: how far those have come who may have taken them, asked no more often than the outbox is
    /// looked at without hints.
    async fn look_at_horizon(&mut self) -> Result<Option<Horizon>, StoreError> {
        if self.looked_at.is_some_and(|last| last.elapsed() < EVERY) {
            return Ok(None);
        }
        let found = mark(&self.store, &mut self.reading).await?;
        self.looked_at = found.is_some().then(Instant::now);
        Ok(found)
    }
}

/// What is known when the reading begins. Numbers that were lost in the last week are given up before anybody listens: a
/// stream would otherwise begin below all of them. What may still come, or has come just now, stays a gap.
async fn begin(store: &Store) -> Result<Reading, StoreError> {
    let mut reading = Reading::from(store.read("events_begin", outbox_known).await?);
    for _ in 0..LOOKS {
        let Some(horizon) = mark(store, &mut reading).await? else { break };
        let gaps = reading.gaps();
        let late = store.read("events_begin", move |db| outbox_within(db, &gaps, PORTION)).await?;
        if is_portion(&late) {
            break;
        }
        reading.settle(horizon, &late.iter().map(|row| row.seq).collect::<Vec<_>>());
        if reading.gaps().is_empty() {
            break;
        }
        actix_web::rt::time::sleep(APART).await;
    }
    Ok(reading)
}

/// How far those have come who may have taken the numbers that are missing; nothing when none are.
async fn mark(store: &Store, reading: &mut Reading) -> Result<Option<Horizon>, StoreError> {
    if reading.gaps().is_empty() {
        return Ok(None);
    }
    let found = store.write("events_horizon", horizon).await?;
    match found {
        Some(horizon) => reading.mark(horizon),
        None => reading.close(),
    }
    Ok(found)
}

/// Whether there may be more than these rows.
pub(super) fn is_portion(rows: &[OutboxRow]) -> bool {
    i64::try_from(rows.len()).is_ok_and(|read| read >= PORTION)
}

/// What has been read at once.
struct Told {
    reading: Reading,
    batch: Batch,
    /// Whether there is more.
    is_full: bool,
}

/// What is new since `reading`. Whoever lost access before something happened does not hear of it: the epoch is read last.
fn tell(db: &mut Db, reading: &Reading, horizon: Option<Horizon>) -> Result<Told, StoreError> {
    let mut reading = reading.clone();
    let mut rows = outbox_within(db, &reading.gaps(), PORTION)?;
    rows.iter().for_each(|row| reading.see(row.seq));
    let mut is_full = is_portion(&rows);
    // Of a transaction of very many only some have been read: the others are there, too.
    if let Some(horizon) = horizon.filter(|_| !is_full) {
        reading.settle(horizon, &[]);
    }
    let new = outbox_after(db, reading.high(), PORTION)?;
    new.iter().for_each(|row| reading.see(row.seq));
    is_full |= is_portion(&new);
    rows.extend(new);
    let low = reading.low();
    let events = happenings(db, rows, low)?;
    let epoch = access_epoch(db)?;
    Ok(Told { reading, batch: Batch { events, low, epoch }, is_full })
}
