//! How often anyone may ask: by user, by address, and for signing in.

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use uuid::Uuid;

use crate::config::RateLimitConfig;
use crate::problem::{Code, Problem};

type Keyed<K> = RateLimiter<K, DashMapStateStore<K>, DefaultClock, StateInformationMiddleware>;

/// The limits of one process.
#[derive(Debug)]
pub struct Limits {
    users: Option<Limit<Uuid>>,
    addresses: Option<Limit<IpAddr>>,
    logins: Option<Limit<IpAddr>>,
}

#[derive(Debug)]
struct Limit<K: std::hash::Hash + Eq + Clone> {
    name: &'static str,
    per_minute: u32,
    limiter: Keyed<K>,
}

/// What is left of a limit, for the `RateLimit` headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// Which limit.
    pub name: &'static str,
    /// How many a minute.
    pub per_minute: u32,
    /// How many at once, now.
    pub remaining: u32,
}

impl Limits {
    /// The limits as configured.
    #[must_use]
    pub fn new(config: &RateLimitConfig) -> Self {
        Self {
            users: Limit::new("user", config.user_per_minute, config.enabled),
            addresses: Limit::new("address", config.address_per_minute, config.enabled),
            logins: Limit::new("login", config.login_per_minute, config.enabled),
        }
    }

    /// One request of a user or a key.
    ///
    /// # Errors
    /// `too_many_requests`.
    pub fn user(&self, id: Uuid) -> Result<Option<Left>, Problem> {
        self.users.as_ref().map(|limit| limit.check(&id)).transpose()
    }

    /// One request of an address.
    ///
    /// # Errors
    /// `too_many_requests`.
    pub fn address(&self, address: IpAddr) -> Result<Option<Left>, Problem> {
        self.addresses.as_ref().map(|limit| limit.check(&network(address))).transpose()
    }

    /// One sign-in from an address.
    ///
    /// # Errors
    /// `too_many_requests`.
    pub fn login(&self, address: IpAddr) -> Result<Option<Left>, Problem> {
        self.logins.as_ref().map(|limit| limit.check(&network(address))).transpose()
    }

    /// Forgets those who have not asked for a while.
    pub fn shrink(&self) {
        if let Some(limit) = &self.users {
            limit.limiter.retain_recent();
        }
        for limit in [&self.addresses, &self.logins].into_iter().flatten() {
            limit.limiter.retain_recent();
        }
    }
}

impl<K: std::hash::Hash + Eq + Clone> Limit<K> {
    fn new(name: &'static str, per_minute: u32, is_enabled: bool) -> Option<Self> {
        let quota = NonZeroU32::new(per_minute).filter(|_| is_enabled).map(Quota::per_minute)?;
        let limiter = RateLimiter::keyed(quota).with_middleware::<StateInformationMiddleware>();
        Some(Self { name, per_minute, limiter })
    }

    fn check(&self, key: &K) -> Result<Left, Problem> {
        match self.limiter.check_key(key) {
            Ok(state) => {
                Ok(Left { name: self.name, per_minute: self.per_minute, remaining: state.remaining_burst_capacity() })
            }
            Err(until) => {
                let seconds = until.wait_time_from(self.limiter.clock().now()).as_secs() + 1;
                let name = self.name;
                Err(Problem::new(Code::TooManyRequests)
                    .retry_after(seconds)
                    .header("RateLimit-Policy", format!("\"{name}\";q={};w=60", self.per_minute))
                    .header("RateLimit", format!("\"{name}\";r=0;t={seconds}")))
            }
        }
    }
}

/// An IPv6 customer has a whole /64: counted as one.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => {
            v6.to_ipv4_mapped().map_or_else(|| IpAddr::V6((u128::from(v6) >> 64 << 64).into()), IpAddr::V4)
        }
        IpAddr::V4(_) => address,
    }
}
