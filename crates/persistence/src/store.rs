//! The store: where reads and transactions run.
//!
//! SQLite has one writer thread and several reader threads. The writer commits in groups: every waiting transaction runs
//! in a savepoint of one `BEGIN IMMEDIATE`, one fsync pays for all of them, and nobody is answered before it. PostgreSQL
//! has threads with pooled connections for writing and for reading. A closure may run more than once (after a
//! serialisation failure), so that its only effects are those it has on the database.

mod queue;
mod standby;
mod tx;

use std::hash::{BuildHasher as _, RandomState};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use tokio::sync::oneshot;

use self::queue::{Receiver, Sender, Unqueued, queue};
pub use self::tx::Tx;
use crate::connection::{Access, Db, Manager, Target, native};
use crate::error::StoreError;
use crate::fragment::Fragment;
use crate::search::gather;

/// How many requests may wait for a connection before new ones are turned away.
const QUEUE: usize = 1024;
/// How long a request waits for its turn: when the database hangs, whoever comes later is told so soon.
const PATIENCE: Duration = Duration::from_secs(2);
/// How many transactions share one commit on SQLite.
const GROUP: usize = 64;
/// How often a transaction that met another one runs again.
const ATTEMPTS: u32 = 12;

type Pool = r2d2::Pool<Manager>;

/// Where the store is and how wide.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// The database that is written to.
    pub write: Target,
    /// The database that is read from: the same one, or a standby of it.
    pub read: Target,
    /// Threads that read (and, on PostgreSQL, as many that write).
    pub threads: usize,
}

impl StoreConfig {
    /// One database for reading and writing.
    #[must_use]
    pub fn single(target: Target, threads: usize) -> Self {
        Self { read: target.clone(), write: target, threads }
    }
}

/// A handle to the database; cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    writes: Sender<Job>,
    reads: Sender<Job>,
    target: Arc<Target>,
    /// How long a request waits for its turn; `None` is as long as that takes.
    patience: Option<Duration>,
}

/// What went wrong, told apart so that the store knows when to run a closure again.
pub trait Failure: From<StoreError> + Send + 'static {
    /// Whether the transaction met another one and may simply run again.
    fn is_retry(&self) -> bool;
}

impl Failure for StoreError {
    fn is_retry(&self) -> bool {
        matches!(self, Self::Retry)
    }
}

impl Store {
    /// Connects, and starts the threads.
    ///
    /// # Errors
    /// When the database cannot be reached or opened.
    pub fn open(config: &StoreConfig) -> Result<Self, StoreError> {
        let (writes, write_jobs) = queue(QUEUE);
        let (reads, read_jobs) = queue(QUEUE);
        let threads = config.threads.max(1);
        match &config.write {
            Target::Sqlite(_) => {
                start(1, &eager_pool(&config.write, Access::Write, 1)?, &write_jobs, serve_groups)?;
            }
            Target::Postgres(_) => {
                start(threads, &eager_pool(&config.write, Access::Write, threads)?, &write_jobs, serve_each)?;
            }
        }
        if config.read == config.write {
            start(threads, &eager_pool(&config.read, Access::Read, threads)?, &read_jobs, serve_reads)?;
        } else {
            standby::open(config, threads, read_jobs)?;
        }
        Ok(Self { writes, reads, target: Arc::new(config.write.clone()), patience: Some(PATIENCE) })
    }

    /// Which database this is.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Runs `work` on a reading connection. `name` stands in logs.
    ///
    /// # Errors
    /// What `work` answers, or [`StoreError::Unavailable`] when no connection is to be had.
    pub async fn read<T, E>(
        &self,
        name: &'static str,
        work: impl Fn(&mut Db) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure,
    {
        self.send(&self.reads, name, work).await
    }

    /// Runs `work` in a transaction that commits when it answers `Ok` and leaves no trace otherwise.
    ///
    /// The answer arrives only after the commit is durable. `work` may run several times.
    ///
    /// # Errors
    /// What `work` answers, or why the commit failed.
    pub async fn write<T, E>(
        &self,
        name: &'static str,
        work: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure,
    {
        self.send(&self.writes, name, move |db| work(&mut Tx::of(db))).await
    }

    /// The same store for whoever has time: it waits for its turn for as long as that takes.
    #[must_use]
    pub fn at_leisure(&self) -> Self {
        Self { patience: None, ..self.clone() }
    }

    async fn send<T, E>(
        &self,
        queue: &Sender<Job>,
        name: &'static str,
        work: impl Fn(&mut Db) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure,
    {
        let outcome = Arc::new(Mutex::new(None));
        let place = Arc::clone(&outcome);
        let run = move |db: &mut Db| {
            let result = work(db);
            let ran = Ran::of(&result);
            *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
            ran
        };
        self.done(queue, name, Box::new(run)).await?;
        let result = outcome.lock().unwrap_or_else(PoisonError::into_inner).take();
        result.unwrap_or_else(|| Err(StoreError::Internal(format!("{name} did not run")).into()))
    }

    /// Has the work done. It knows no types, so that what waits for a turn is there once and not for every request anew.
    async fn done(&self, queue: &Sender<Job>, name: &'static str, work: Work) -> Result<(), StoreError> {
        let (answer, mut answered) = oneshot::channel();
        let turn = Turn::default();
        match queue.send(Job { name, work, turn: turn.clone(), has_panicked: false, answer }) {
            Ok(()) => {}
            Err(Unqueued::Full(_)) => {
                return Err(StoreError::Unavailable("too many requests are waiting".into()));
            }
            Err(Unqueued::Closed(_)) => {
                return Err(StoreError::Unavailable("the store has stopped".into()));
            }
        }
        let begun = match self.patience {
            Some(patience) => tokio::time::timeout(patience, &mut answered).await,
            None => Ok((&mut answered).await),
        };
        let told = match begun {
            Ok(told) => told,
            // Nobody has begun it, and nobody will: nothing was done.
            Err(_late) if turn.give_up() => {
                return Err(StoreError::Unavailable("no connection was free in time".into()));
            }
            Err(_late) => answered.await,
        };
        told.unwrap_or_else(|_| Err(StoreError::Internal(format!("{name} was dropped"))))
    }
}

/// A pool of a database that must be there.
fn eager_pool(target: &Target, access: Access, size: usize) -> Result<Pool, StoreError> {
    let manager = Manager { target: target.clone(), access };
    pool(target, size).build(manager).map_err(|error| StoreError::Unavailable(error.to_string()))
}

/// A pool of a database that may be away, for which nobody waits long.
fn lazy_pool(target: &Target, access: Access, size: usize) -> Pool {
    let manager = Manager { target: target.clone(), access };
    pool(target, size).connection_timeout(Duration::from_millis(500)).build_unchecked(manager)
}

fn pool(target: &Target, size: usize) -> r2d2::Builder<Manager> {
    let checked = matches!(target, Target::Postgres(_));
    r2d2::Pool::builder()
        .max_size(u32::try_from(size).unwrap_or(1))
        .min_idle(Some(1))
        .test_on_check_out(false)
        .idle_timeout(checked.then(|| Duration::from_secs(600)))
        .max_lifetime(checked.then(|| Duration::from_secs(3600)))
        .connection_timeout(Duration::from_secs(2))
        .error_handler(Box::new(LogErrors))
}

/// r2d2 tells of failed connection attempts here.
#[derive(Debug)]
struct LogErrors;

impl r2d2::HandleError<diesel::ConnectionError> for LogErrors {
    fn handle_error(&self, error: diesel::ConnectionError) {
        tracing::warn!(%error, "could not connect to the database");
    }
}

fn start(
    threads: usize,
    pool: &Pool,
    jobs: &Receiver<Job>,
    serve: impl Fn(&Pool, &Receiver<Job>) + Clone + Send + 'static,
) -> Result<(), StoreError> {
    for n in 0..threads {
        let (pool, jobs, serve) = (pool.clone(), jobs.clone(), serve.clone());
        std::thread::Builder::new()
            .name(format!("store-{n}"))
            .spawn(move || serve(&pool, &jobs))
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
    }
    Ok(())
}

// ---------------------------------------------------------------- jobs

/// What became of one run of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ran {
    Done,
    Refused,
    Again,
}

impl Ran {
    fn of<T, E: Failure>(result: &Result<T, E>) -> Self {
        match result {
            Ok(_) => Self::Done,
            Err(error) if error.is_retry() => Self::Again,
            Err(_) => Self::Refused,
        }
    }
}

/// Who deals with a job: a thread that runs it, or the request that has waited too long. Whoever comes first.
#[derive(Clone, Debug, Default)]
struct Turn(Arc<AtomicU8>);

impl Turn {
    const WAITING: u8 = 0;
    const BEGUN: u8 = 1;
    const GIVEN_UP: u8 = 2;

    /// Whether the job may be run; one that a standby broke off is begun again.
    fn begin(&self) -> bool {
        self.leave_for(Self::BEGUN) != Self::GIVEN_UP
    }

    /// Whether nobody has begun, and nobody will.
    fn give_up(&self) -> bool {
        self.leave_for(Self::GIVEN_UP) != Self::BEGUN
    }

    /// Ends the waiting; answers what had ended it before.
    fn leave_for(&self, next: u8) -> u8 {
        let was = self.0.compare_exchange(Self::WAITING, next, Ordering::AcqRel, Ordering::Acquire);
        was.unwrap_or_else(|ended| ended)
    }
}

/// What is to be done with a connection: keeps its result for whoever waits, and says what became of it.
type Work = Box<dyn FnMut(&mut Db) -> Ran + Send>;

/// A piece of work that waits for its turn.
struct Job {
    name: &'static str,
    work: Work,
    turn: Turn,
    has_panicked: bool,
    answer: oneshot::Sender<Result<(), StoreError>>,
}

impl Job {
    /// Takes the job for running it; false when nobody waits for it any more. What was begun may be handed on and begun
    /// again.
    fn begin(&self) -> bool {
        self.turn.begin()
    }

    fn run(&mut self, db: &mut Db) -> Ran {
        let ran = catch_unwind(AssertUnwindSafe(|| (self.work)(db)));
        self.has_panicked = ran.is_err();
        ran.unwrap_or_else(|_| {
            tracing::error!(name = self.name, "a transaction panicked");
            Ran::Refused
        })
    }

    /// Answers whoever waits: the result may be had, or the reason why it could not be kept.
    fn finish(self, committed: Result<(), StoreError>) {
        let told = match committed {
            Ok(()) if self.has_panicked => Err(StoreError::Internal(format!("{} panicked", self.name))),
            told => told,
        };
        // Whoever asked may have gone away; the work stands all the same.
        let _ = self.answer.send(told);
    }
}

fn connection(pool: &Pool) -> Result<r2d2::PooledConnection<Manager>, StoreError> {
    pool.get().map_err(|error| StoreError::Unavailable(error.to_string()))
}

fn serve_reads(pool: &Pool, jobs: &Receiver<Job>) {
    for mut job in jobs.iter().filter(|job| job.begin()) {
        match connection(pool) {
            Ok(mut db) => {
                if read(&mut db, &mut job) != Ran::Done {
                    db.is_alive();
                }
                job.finish(Ok(()));
            }
            Err(error) => job.finish(Err(error)),
        }
    }
}

/// Runs a job that reads. On SQLite all it reads is of one moment: each statement by itself would lock and unlock the log, for
/// which all threads take turns.
fn read(db: &mut Db, job: &mut Job) -> Ran {
    let is_of_one_moment = matches!(db, Db::Sqlite(_)) && Fragment::sql("BEGIN").run(db).is_ok();
    let ran = job.run(db);
    if is_of_one_moment && Fragment::sql("COMMIT").run(db).is_err() {
        // What the disk refuses has ended the transaction already.
        let _ = Fragment::sql("ROLLBACK").run(db);
    }
    ran
}

// ---------------------------------------------------------------- PostgreSQL

fn serve_each(pool: &Pool, jobs: &Receiver<Job>) {
    for mut job in jobs.iter().filter(|job| job.begin()) {
        let committed = connection(pool).and_then(|mut db| transact(&mut db, &mut job));
        job.finish(committed);
    }
}

fn transact(db: &mut Db, job: &mut Job) -> Result<(), StoreError> {
    for attempt in 1..=ATTEMPTS {
        begin(db)?;
        match job.run(db) {
            Ran::Done => match commit(db) {
                // A serialisation failure is a definite "no": the server has rolled back.
                Err(StoreError::Retry) if attempt < ATTEMPTS => pause(attempt),
                done => return done,
            },
            Ran::Again if attempt < ATTEMPTS => {
                roll_back(db);
                pause(attempt);
            }
            Ran::Refused | Ran::Again => {
                roll_back(db);
                return Ok(());
            }
        }
    }
    Ok(())
}

fn roll_back(db: &mut Db) {
    if let Err(error) = native!(db, |c| AnsiTransactionManager::rollback_transaction(c)) {
        tracing::warn!(%error, "could not roll back");
    }
}

/// Waits a little longer each time, and not in step with others.
fn pause(attempt: u32) {
    let dice = RandomState::new().hash_one(attempt) % 5;
    std::thread::sleep(Duration::from_millis(u64::from(attempt) * (2 + dice)));
}

// ---------------------------------------------------------------- SQLite

fn serve_groups(pool: &Pool, jobs: &Receiver<Job>) {
    while let Some(first) = jobs.recv() {
        let waiting = std::iter::once(first).chain(jobs.try_iter()).filter(|job| job.begin());
        let mut group: Vec<_> = waiting.take(GROUP).collect();
        if group.is_empty() {
            continue;
        }
        let committed = connection(pool).and_then(|mut db| commit_group(&mut db, &mut group));
        for job in group {
            job.finish(committed.as_ref().copied().map_err(copy));
        }
    }
}

fn commit_group(db: &mut Db, group: &mut [Job]) -> Result<(), StoreError> {
    begin(db)?;
    for job in group {
        if let Err(error) = run_in_savepoint(db, job) {
            roll_back(db);
            return Err(error);
        }
    }
    let committed = gather(db).map_err(StoreError::from).and_then(|()| commit(db));
    if committed.is_err() {
        roll_back(db);
    }
    committed
}

fn run_in_savepoint(db: &mut Db, job: &mut Job) -> Result<(), StoreError> {
    native!(db, |c| AnsiTransactionManager::begin_transaction(c))?;
    match job.run(db) {
        Ran::Done => commit(db)?,
        Ran::Refused | Ran::Again => native!(db, |c| AnsiTransactionManager::rollback_transaction(c))?,
    }
    Ok(())
}

/// SQLite takes its write lock at once, so that it waits here and can never fail half way with "busy".
fn begin(db: &mut Db) -> Result<(), StoreError> {
    match db {
        Db::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE")?,
        Db::Pg(c) => AnsiTransactionManager::begin_transaction(c)?,
    }
    Ok(())
}

fn commit(db: &mut Db) -> Result<(), StoreError> {
    Ok(native!(db, |c| AnsiTransactionManager::commit_transaction(c))?)
}

/// The same failure, told to each member of a group.
fn copy(error: &StoreError) -> StoreError {
    match error {
        StoreError::Full => StoreError::Full,
        StoreError::Retry => StoreError::Retry,
        StoreError::Unavailable(text) => StoreError::Unavailable(text.clone()),
        StoreError::Damaged(text) => StoreError::Damaged(text.clone()),
        other => StoreError::Internal(other.to_string()),
    }
}
