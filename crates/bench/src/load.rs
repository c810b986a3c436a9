//! Sends requests from several clients at once, and takes the time.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};

use crate::http::Client;

/// The requests of a load: the n-th one, until there are no more.
pub type Requests<'a> = dyn Fn(usize) -> Option<Cow<'a, [u8]>> + Sync + 'a;

/// What was seen while clients sent requests.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// How long each answer took, unordered.
    pub times: Vec<Duration>,
    /// How long all of it took.
    pub took: Duration,
    /// Processor time of the server.
    pub cpu: Duration,
    /// Processor time of the database server, when there is one.
    pub database_cpu: Duration,
}

impl Seen {
    /// Adds another round.
    pub fn add(&mut self, round: Self) {
        self.times.extend(round.times);
        self.took += round.took;
        self.cpu += round.cpu;
        self.database_cpu += round.database_cpu;
    }

    /// Answers in a second.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.times.len() as f64 / self.took.as_secs_f64().max(1e-9)
    }

    /// The time within which this share of the answers came, in milliseconds.
    #[must_use]
    pub fn within(&self, share: f64) -> f64 {
        percentile(&self.times, share).as_secs_f64() * 1e3
    }

    /// Processor time of the server for one request, in microseconds.
    #[must_use]
    pub fn cpu_each(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / (self.times.len().max(1) as f64)
    }

    /// Processor time of the database server for one request, in microseconds.
    #[must_use]
    pub fn database_cpu_each(&self) -> f64 {
        self.database_cpu.as_secs_f64() * 1e6 / (self.times.len().max(1) as f64)
    }
}

/// The smallest of the times that this share of them does not exceed.
#[must_use]
pub fn percentile(times: &[Duration], share: f64) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank among the times")]
    let rank = (share * sorted.len() as f64).ceil().max(1.0) as usize;
    sorted.get(rank.min(sorted.len()).saturating_sub(1)).copied().unwrap_or_default()
}

/// How much is sent.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Clients at once, each with a connection of its own.
    pub clients: usize,
    /// After how long nobody sends any more.
    pub time: Duration,
}

/// Sends requests until the time is over or there are no more. `first` is the number of the first one.
///
/// # Errors
/// When a connection breaks or an answer is no success: what is measured must work.
pub fn send(address: SocketAddr, effort: Effort, first: usize, requests: &Requests<'_>) -> anyhow::Result<Seen> {
    let next = AtomicUsize::new(first);
    let began = Instant::now();
    let client = || -> anyhow::Result<Vec<Duration>> {
        let mut client = Client::connect(address)?;
        let mut times = Vec::with_capacity(1 << 14);
        // However short the time is, everyone sends one.
        while (times.is_empty() || began.elapsed() < effort.time)
            && let Some(request) = requests(next.fetch_add(1, Ordering::Relaxed))
        {
            let sent = Instant::now();
            let (status, body) = client.send(&request)?;
            times.push(sent.elapsed());
            if !(200..300).contains(&status) {
                bail!("a request was answered with {status}: {}", String::from_utf8_lossy(body));
            }
        }
        Ok(times)
    };
    let mut seen = Seen::default();
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..effort.clients).map(|_| scope.spawn(client)).collect();
        for client in clients {
            let times = client.join().map_err(|_| anyhow::anyhow!("a client panicked"))?;
            seen.times.extend(times.context("a client was not served")?);
        }
        anyhow::Ok(())
    })?;
    ensure!(!seen.times.is_empty(), "no request was answered");
    seen.took = began.elapsed();
    Ok(seen)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(times: &[u64]) -> Vec<Duration> {
        times.iter().copied().map(Duration::from_millis).collect()
    }

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let hundred = millis(&(1..=100).rev().collect::<Vec<_>>());
        assert_eq!(percentile(&hundred, 0.5), Duration::from_millis(50));
        assert_eq!(percentile(&hundred, 0.99), Duration::from_millis(99));
        assert_eq!(percentile(&hundred, 1.0), Duration::from_millis(100));
        assert_eq!(percentile(&millis(&[9]), 0.5), Duration::from_millis(9));
        assert_eq!(percentile(&millis(&[1, 2]), 0.5), Duration::from_millis(1));
        assert_eq!(percentile(&[], 0.5), Duration::ZERO);
    }

    #[test]
    fn rounds_add_up() {
        let round = Seen {
            times: millis(&[1, 3]),
            took: Duration::from_secs(1),
            cpu: Duration::from_millis(10),
            database_cpu: Duration::from_millis(2),
        };
        let mut seen = round.clone();
        seen.add(Seen { took: Duration::from_secs(3), ..round });
        assert!((seen.rate() - 1.0).abs() < 1e-6);
        assert!((seen.cpu_each() - 5000.0).abs() < 1e-6);
        assert!((seen.database_cpu_each() - 1000.0).abs() < 1e-6);
        assert!((seen.within(0.99) - 3.0).abs() < 1e-6);
    }
}
