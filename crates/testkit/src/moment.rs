//! A clock that stands still until it is told to go on, and ids that count.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use rapport_domain::context::{Clock, Ids};
use uuid::Uuid;

/// 2026-11-21T08:00:00Z in microseconds.
const START: i64 = 1_795_248_000_000_000;

/// A clock that tests move. Every look at it is a millisecond later, so that nothing happens at the same time.
#[derive(Debug)]
pub struct TestClock(AtomicI64);

impl Default for TestClock {
    fn default() -> Self {
        Self(AtomicI64::new(START))
    }
}

impl TestClock {
    /// Lets time pass.
    pub fn advance(&self, by: TimeDelta) {
        self.0.fetch_add(by.num_microseconds().unwrap_or(0), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.fetch_add(1000, Ordering::SeqCst)).unwrap_or_default()
    }
}

/// Ids of version 7 that count up.
#[derive(Debug, Default)]
pub struct TestIds(AtomicU64);

impl Ids for TestIds {
    fn next(&self) -> Uuid {
        let count = self.0.fetch_add(1, Ordering::SeqCst);
        Uuid::from_u64_pair(
            0x019a_a000_0000_7000 + (count >> 48 << 16),
            0x8000_0000_0000_0000 | (count & 0x3fff_ffff_ffff_ffff),
        )
    }
}
