//! What every request shares: the store, the settings, the clock, ids and keys.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, SubsecRound as _, Utc};
use rand::TryRng as _;
use rapport_domain::access::Actor;
use rapport_domain::context::{Clock, Context, Ids, Locale};
use rapport_persistence::Store;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::auth::keys::Keys;
use crate::auth::password::Hasher;
use crate::auth::people::People;
use crate::auth::token::Verified;
use crate::config::Config;
use crate::events::Events;
use crate::jobs::Bell;
use crate::limits::Limits;
use crate::seats::Seats;

/// The running program, as handlers see it: `web::Data<App>`.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub store: Store,
    /// The settings.
    pub config: Arc<Config>,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn Ids>,
    /// What signs tokens and cursors.
    pub keys: Keys,
    /// The tokens that came of late.
    pub verified: Verified,
    /// Who asked of late.
    pub people: People,
    /// What hashes passwords.
    pub hasher: Hasher,
    /// How often anyone may ask.
    pub limits: Arc<Limits>,
    /// What happens, for those who listen.
    pub events: Arc<Events>,
    /// Wakes whoever does jobs.
    pub jobs: Bell,
    /// The files that arrive.
    pub(crate) uploads: Arc<Seats>,
    /// Whether the program is about to end.
    pub farewell: Farewell,
}

/// Whether the program is about to end: answers then close their connections, and nobody should send more.
#[derive(Clone, Debug, Default)]
pub struct Farewell(Arc<Begun>);

#[derive(Debug, Default)]
struct Begun {
    has_begun: AtomicBool,
    waiting: Notify,
}

impl Farewell {
    /// From now on.
    pub fn begin(&self) {
        self.0.has_begun.store(true, Ordering::SeqCst);
        self.0.waiting.notify_waiters();
    }

    /// Whether it has begun.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.0.has_begun.load(Ordering::SeqCst)
    }

    /// Until it begins.
    pub async fn begun(&self) {
        let waiting = self.0.waiting.notified();
        // Who comes now and finds it not begun is already among those who are told.
        if !self.has_begun() {
            waiting.await;
        }
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("config", &self.config).finish_non_exhaustive()
    }
}

impl App {
    /// The program over a database, with the real clock and real ids. Call [`App::prepare`] before serving.
    #[must_use]
    pub fn new(store: Store, config: Config) -> Self {
        Self::with(store, config, Arc::new(SystemClock), Arc::new(UuidV7))
    }

    /// The program with a clock and ids of the caller's choice.
    #[must_use]
    pub fn with(store: Store, config: Config, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        let limits = Arc::new(Limits::new(&config.rate_limit));
        let events = Arc::new(Events::new(&config.events));
        let uploads = crate::files::seats(&config.files);
        let config = Arc::new(config);
        let (keys, hasher) = (Keys::default(), Hasher::default());
        let (jobs, farewell) = (Bell::default(), Farewell::default());
        let (verified, people) = (Verified::default(), People::default());
        Self { store, config, clock, ids, keys, verified, people, hasher, limits, events, jobs, uploads, farewell }
    }

    /// The instant now, to the microsecond.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now().trunc_subsecs(6)
    }

    /// The context of Rapport's own work and of the command line.
    #[must_use]
    pub fn context_of(&self, actor: Actor) -> Context {
        Context {
            now: self.now(),
            actor,
            request_id: None,
            locale: Locale::default(),
            zone: chrono_tz::Tz::UTC,
            ids: Arc::clone(&self.ids),
            is_one_of_many: false,
        }
    }
}

/// The machine's clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the present comes from")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }
}

/// Ids of version 7: those made later sort later.
#[derive(Clone, Copy, Debug)]
pub struct UuidV7;

impl Ids for UuidV7 {
    #[expect(clippy::disallowed_methods, reason = "the one place where ids come from")]
    fn next(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// Random bytes of the operating system, for secrets.
///
/// # Errors
/// When the operating system has none; whoever needs a secret must then not go on.
pub fn random<const N: usize>() -> Result<[u8; N], rand::rngs::SysError> {
    let mut bytes = [0; N];
    rand::rngs::SysRng.try_fill_bytes(&mut bytes)?;
    Ok(bytes)
}
