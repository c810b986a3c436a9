//! One stream: what somebody missed, then what happens, for as long as they may listen.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use actix_web::rt::time::{Instant, Interval, interval_at};
use actix_web::web::Bytes;
use futures_util::Stream;
use futures_util::stream::unfold;
use tokio::sync::broadcast::error::RecvError;

use rapport_persistence::Db;
use rapport_persistence::outbox::outbox_after;

use super::feed::{Batch, Listener, PORTION, is_portion};
use super::happening::{Sight, Signal, happenings, retry, signal};
use crate::auth::Credential;
use crate::auth::credential::Standing;
use crate::problem::Problem;
use crate::seats::Seat;
use crate::state::App;

/// How often a quiet stream says that it is there, and looks whether it may go on.
const PING: Duration = Duration::from_secs(25);
/// Events whose sending is remembered, beside those before the place to go on from.
const REMEMBERED: usize = 4096;

/// Where a stream begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beginning {
    /// With what came after this number.
    After(i64),
    /// With what comes now, because what came after the number that was asked for is no longer known.
    Anew(i64),
}

/// What a stream is opened with.
pub(super) struct Opening {
    pub(super) app: App,
    pub(super) credential: Credential,
    pub(super) standing: Standing,
    pub(super) listener: Listener,
    pub(super) seat: Seat,
    pub(super) beginning: Beginning,
    /// Whether it goes on with what happens after it has begun.
    pub(super) is_followed: bool,
}

/// An open stream.
struct Events {
    app: App,
    credential: Credential,
    sight: Sight,
    epoch: i64,
    listener: Listener,
    ping: Interval,
    phase: Phase,
    is_ready: bool,
    is_followed: bool,
    sent: Sent,
    _seat: Seat,
}

/// What a stream is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Opening {
        is_anew: bool,
    },
    /// Reads the outbox from this number on.
    CatchingUp(i64),
    Listening,
    Over,
}

/// What has been sent: everything up to a number, and some above it.
#[derive(Clone, Debug, Default)]
struct Sent {
    low: i64,
    above: BTreeSet<i64>,
}

impl Sent {
    fn has(&self, seq: i64) -> bool {
        seq <= self.low || self.above.contains(&seq)
    }

    /// An event that is forgotten here may be sent a second time, which readers must bear anyway.
    fn add(&mut self, seq: i64) {
        self.above.insert(seq);
        if self.above.len() > REMEMBERED {
            self.above.pop_first();
        }
    }

    fn settle(&mut self, low: i64) {
        if low > self.low {
            self.low = low;
            self.above = self.above.split_off(&(low + 1));
        }
    }
}

/// The frames of a stream, until it ends.
pub(super) fn stream(opening: Opening) -> impl Stream<Item = Result<Bytes, Infallible>> {
    unfold(Events::new(opening), |mut events| async move {
        let bytes = events.next().await?;
        Some((Ok(bytes), events))
    })
}

impl Events {
    fn new(opening: Opening) -> Self {
        let (low, is_anew) = match opening.beginning {
            Beginning::After(seq) => (seq, false),
            Beginning::Anew(seq) => (seq, true),
        };
        Self {
            sight: Sight::of(&opening.standing.actor),
            epoch: opening.standing.epoch,
            app: opening.app,
            credential: opening.credential,
            listener: opening.listener,
            ping: interval_at(Instant::now() + PING, PING),
            phase: Phase::Opening { is_anew },
            is_ready: false,
            is_followed: opening.is_followed,
            sent: Sent { low, above: BTreeSet::new() },
            _seat: opening.seat,
        }
    }

    /// What is sent next; `None` when the stream is over.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            let frames = match self.phase {
                Phase::Opening { is_anew } => self.open(is_anew),
                Phase::CatchingUp(after) => self.catch_up(after).await?,
                Phase::Listening => self.listen().await?,
                Phase::Over => return None,
            };
            if !frames.is_empty() {
                return Some(Bytes::from(frames));
            }
        }
    }

    /// Whoever is cut off comes back after a while, not all at the same time.
    fn open(&mut self, is_anew: bool) -> Vec<u8> {
        self.phase = Phase::CatchingUp(self.sent.low);
        let spread = u64::try_from(self.app.now().timestamp_micros() % 2000).unwrap_or_default();
        let mut frames = joined(retry(Duration::from_millis(1000 + spread)));
        if is_anew {
            frames.extend(joined(signal(Signal::Reset, self.sent.low)));
        }
        frames
    }

    /// Reads on in the outbox. Who it is for is found after the rows: nobody hears of what happened after they lost access.
    async fn catch_up(&mut self, after: i64) -> Option<Vec<u8>> {
        if self.app.farewell.has_begun() {
            return None;
        }
        let low = self.listener.low();
        let (app, credential) = (self.app.clone(), self.credential.clone());
        let read = move |db: &mut Db| {
            let rows = outbox_after(db, after, PORTION)?;
            let last = rows.last().map(|row| row.seq);
            let is_last = !is_portion(&rows);
            let events = happenings(db, rows, low)?;
            let standing = credential.standing(&app, db)?;
            let low = last.filter(|_| !is_last).map_or(low, |last| last.min(low));
            Ok::<_, Problem>((Batch { events, low, epoch: standing.epoch }, standing, last.filter(|_| !is_last)))
        };
        let turn = self.app.events.turn().await?;
        let (batch, standing, next) = self.app.store.read("events_catch_up", read).await.ok()?;
        drop(turn);
        let mut frames = self.stand(standing);
        frames.extend(self.tell(&batch));
        self.phase = next.map_or(Phase::Listening, Phase::CatchingUp);
        if self.phase == Phase::Listening {
            frames.extend(self.begin_to_listen());
        }
        Some(frames)
    }

    /// From here on it is told what happens.
    fn begin_to_listen(&mut self) -> Vec<u8> {
        if !self.is_followed {
            self.phase = Phase::Over;
        }
        if std::mem::replace(&mut self.is_ready, true) {
            Vec::new()
        } else {
            joined(signal(Signal::Ready, self.sent.low))
        }
    }

    async fn listen(&mut self) -> Option<Vec<u8>> {
        let farewell = self.app.farewell.clone();
        tokio::select! {
            biased;
            () = farewell.begun() => None,
            told = self.listener.batches.recv() => self.hear(told).await,
            _ = self.ping.tick() => self.ping().await,
        }
    }

    async fn hear(&mut self, told: Result<Arc<Batch>, RecvError>) -> Option<Vec<u8>> {
        match told {
            Ok(batch) => {
                let mut frames = if batch.epoch > self.epoch { self.look_again().await.ok()? } else { Vec::new() };
                frames.extend(self.tell(&batch));
                Some(frames)
            }
            // Too slow for what happens: it reads for itself, from where everything has been sent.
            Err(RecvError::Lagged(_)) => {
                self.listener.batches = self.listener.batches.resubscribe();
                self.phase = Phase::CatchingUp(self.sent.low);
                Some(Vec::new())
            }
            // The reading has broken off: whoever comes back begins a new one.
            Err(RecvError::Closed) => None,
        }
    }

    /// A database that is away ends nothing: nothing is told either.
    async fn ping(&mut self) -> Option<Vec<u8>> {
        let mut frames = match self.look_again().await {
            Ok(frames) => frames,
            Err(problem) if problem.status().is_server_error() => Vec::new(),
            Err(_ended) => return None,
        };
        frames.extend(joined(signal(Signal::Ping, self.sent.low)));
        Some(frames)
    }

    /// Finds out who listens, as of now.
    async fn look_again(&mut self) -> Result<Vec<u8>, Problem> {
        let (app, credential) = (self.app.clone(), self.credential.clone());
        let turn = self.app.events.turn().await;
        let look = move |db: &mut Db| credential.standing(&app, db);
        let standing = self.app.store.read("events_standing", look).await;
        drop(turn);
        Ok(self.stand(standing?))
    }

    /// Whoever sees more than before, or less, reads everything again.
    fn stand(&mut self, standing: Standing) -> Vec<u8> {
        let sight = Sight::of(&standing.actor);
        self.epoch = standing.epoch;
        if std::mem::replace(&mut self.sight, sight.clone()) == sight {
            return Vec::new();
        }
        joined(signal(Signal::Reset, self.sent.low))
    }

    fn tell(&mut self, batch: &Batch) -> Vec<u8> {
        let mut frames = Vec::new();
        for event in &batch.events {
            if let Some(frame) = event.told(&self.sight).filter(|_| !self.sent.has(event.seq)) {
                frames.extend_from_slice(frame);
                self.sent.add(event.seq);
            }
        }
        self.sent.settle(batch.low);
        frames
    }
}

fn joined(frame: Option<Bytes>) -> Vec<u8> {
    frame.map(Vec::from).unwrap_or_default()
}
