//! Reading from a standby, and never less than what has been acknowledged.
//!
//! A read that arrives waits at the gate: the primary says how far its log has come (one question for all that have
//! arrived meanwhile), and when the standby has replayed as much, the read runs there. So it shows every write that
//! anybody was told of before it was asked, on whichever node: ended sessions and changed roles too, and nobody has to
//! bring a token. What the standby does not manage in time, and what it breaks off, the primary does.

use std::collections::VecDeque;
use std::sync::mpsc::{self, TryRecvError};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};

use super::queue::{Receiver, Sender, Unqueued, queue};
use super::{Job, Pool, QUEUE, Ran, StoreConfig, connection, eager_pool, lazy_pool, serve_reads, start};
use crate::connection::{Access, Db, Target, native};
use crate::error::StoreError;

/// How long a read waits for the standby.
const PATIENCE: Duration = Duration::from_millis(100);
/// How long a standby that failed or came too late is left alone, and a lost connection before the next try.
const REST: Duration = Duration::from_secs(1);
/// Between two looks at a standby that is behind.
const LOOK: Duration = Duration::from_micros(500);

/// How far the log has come that acknowledged writes are in, in bytes. Without `synchronous_commit` writes are
/// acknowledged before they are flushed.
const WRITTEN: &str = "SELECT (CASE current_setting('synchronous_commit') WHEN 'off' THEN pg_current_wal_insert_lsn()
    ELSE pg_current_wal_flush_lsn() END - '0/0')::bigint AS position";
/// How far the log has been replayed; nothing on a server that is no standby, such as one that has been promoted.
const REPLAYED: &str =
    "SELECT CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0')::bigint END AS position";

type Queue = Sender<Job>;

/// Starts the threads that serve `arrivals` from the standby, and from the primary where the standby does not.
pub(super) fn open(config: &StoreConfig, threads: usize, arrivals: Receiver<Job>) -> Result<(), StoreError> {
    let (onward, standby_jobs) = queue(QUEUE);
    let (aside, primary_jobs) = queue(QUEUE);
    let primary = eager_pool(&config.write, Access::Read, threads)?;
    start(threads, &primary, &primary_jobs, serve_reads)?;
    let fallback = aside.clone();
    let standby = lazy_pool(&config.read, Access::Read, threads);
    start(threads, &standby, &standby_jobs, move |pool, jobs| serve_standby(pool, jobs, &fallback))?;
    let gate = Gate {
        arrivals,
        onward,
        aside,
        primary: Link::new(&config.write),
        standby: Link::new(&config.read),
        rests_until: None,
    };
    let gate = std::thread::Builder::new().name("store-gate".into()).spawn(move || gate.serve());
    gate.map(drop).map_err(|error| StoreError::Unavailable(error.to_string()))
}

fn serve_standby(pool: &Pool, jobs: &Receiver<Job>, aside: &Queue) {
    for mut job in jobs.iter().filter(|job| job.begin()) {
        let is_answered = connection(pool).is_ok_and(|mut db| is_answered(&mut db, &mut job));
        if is_answered {
            metrics::counter!("rapport_standby_reads_total", "served_by" => "standby").increment(1);
            job.finish(Ok(()));
        } else {
            turn(aside, job);
        }
    }
}

/// A read that the standby broke off (its replay goes first), or that lost it on the way, has no answer yet.
fn is_answered(db: &mut Db, job: &mut Job) -> bool {
    match job.run(db) {
        Ran::Done => true,
        Ran::Refused => db.is_alive(),
        Ran::Again => false,
    }
}

/// Hands a read to the primary.
fn turn(aside: &Queue, job: Job) {
    metrics::counter!("rapport_standby_reads_total", "served_by" => "primary").increment(1);
    hand(aside, job);
}

fn hand(queue: &Queue, job: Job) {
    if let Err(Unqueued::Full(job) | Unqueued::Closed(job)) = queue.send(job) {
        job.finish(Err(StoreError::Unavailable("too many reads are waiting".into())));
    }
}

/// A read that waits for the standby.
struct Waiting {
    job: Job,
    /// How far the standby must have come.
    mark: i64,
    until: Instant,
}

/// The one thread that all reads pass, before threads that may block take them.
struct Gate {
    arrivals: Receiver<Job>,
    onward: Queue,
    aside: Queue,
    primary: Link,
    standby: Link,
    rests_until: Option<Instant>,
}

impl Gate {
    /// Goes on until the store is dropped.
    fn serve(mut self) {
        // In the order of their marks, since the log only grows.
        let mut waiting = VecDeque::new();
        loop {
            let mut arrived = Vec::new();
            if waiting.is_empty() {
                let Some(first) = self.arrivals.recv() else { return };
                arrived.push(first);
            }
            arrived.extend(self.arrivals.try_iter());
            self.admit(arrived, &mut waiting);
            self.release(&mut waiting);
            if !waiting.is_empty() {
                std::thread::sleep(LOOK);
            }
        }
    }

    /// Lets reads wait for what has been written when they arrived.
    fn admit(&mut self, arrived: Vec<Job>, waiting: &mut VecDeque<Waiting>) {
        if arrived.is_empty() {
            return;
        }
        let is_resting = self.rests_until.is_some_and(|until| Instant::now() < until);
        let mark = if is_resting { None } else { self.primary.position(WRITTEN) };
        match mark {
            Some(mark) => {
                let until = Instant::now() + PATIENCE;
                waiting.extend(arrived.into_iter().map(|job| Waiting { job, mark, until }));
            }
            None => arrived.into_iter().for_each(|job| turn(&self.aside, job)),
        }
    }

    /// Lets those go for whom the standby has come far enough; all of them to the primary when it takes too long.
    fn release(&mut self, waiting: &mut VecDeque<Waiting>) {
        if waiting.is_empty() {
            return;
        }
        let replayed = self.standby.position(REPLAYED);
        while let Some(read) = waiting.pop_front_if(|read| replayed.is_some_and(|replayed| read.mark <= replayed)) {
            hand(&self.onward, read.job);
        }
        let is_late = waiting.front().is_some_and(|read| read.until <= Instant::now());
        if replayed.is_none() || is_late {
            self.rests_until = Some(Instant::now() + REST);
            waiting.drain(..).for_each(|read| turn(&self.aside, read.job));
        }
    }
}

/// A connection of the gate's own. It is made on another thread, so that the gate never waits for a server that is away.
struct Link {
    target: Target,
    state: State,
}

enum State {
    Up(Box<Db>),
    Coming(mpsc::Receiver<Option<Db>>),
    Down(Instant),
}

#[derive(QueryableByName)]
struct Position {
    #[diesel(sql_type = Nullable<BigInt>)]
    position: Option<i64>,
}

impl Link {
    fn new(target: &Target) -> Self {
        Self { target: target.clone(), state: State::Down(Instant::now()) }
    }

    /// Asks for a position in the log; `None` when the server is away or not what it should be.
    fn position(&mut self, sql: &str) -> Option<i64> {
        let db = self.get()?;
        let asked = diesel::sql_query(sql);
        let rows: QueryResult<Position> = native!(db, |c| asked.get_result(c));
        match rows {
            Ok(Position { position: Some(position) }) => return Some(position),
            Ok(_) => tracing::warn!("the server to read from is no standby; the primary is read instead"),
            Err(error) => tracing::warn!(%error, "a server does not say how far its log has come"),
        }
        self.state = State::Down(Instant::now() + REST);
        None
    }

    fn get(&mut self) -> Option<&mut Db> {
        let next = match &self.state {
            State::Down(until) if *until <= Instant::now() => Some(self.connect()),
            State::Coming(made) => match made.try_recv() {
                Ok(Some(db)) => Some(State::Up(Box::new(db))),
                Err(TryRecvError::Empty) => None,
                Ok(None) | Err(TryRecvError::Disconnected) => Some(State::Down(Instant::now() + REST)),
            },
            State::Up(_) | State::Down(_) => None,
        };
        if let Some(next) = next {
            self.state = next;
        }
        match &mut self.state {
            State::Up(db) => Some(db),
            State::Coming(_) | State::Down(_) => None,
        }
    }

    fn connect(&self) -> State {
        let (made, coming) = mpsc::sync_channel(1);
        let target = self.target.clone();
        let connect = move || {
            let db = Db::open(&target, Access::Read);
            // The gate may have ended meanwhile; the connection then ends too.
            let _ = made.send(db.map_err(|error| tracing::warn!(%error, "could not connect to the database")).ok());
        };
        match std::thread::Builder::new().name("store-link".into()).spawn(connect) {
            Ok(_) => State::Coming(coming),
            Err(_) => State::Down(Instant::now() + REST),
        }
    }
}
