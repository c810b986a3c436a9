//! How many streams are open, in all and of each user.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

use crate::config::EventsConfig;
use crate::problem::{Code, Problem};

/// Seconds after which somebody who found no place may come again.
const AGAIN: u64 = 10;

/// The open streams of this process.
#[derive(Debug)]
pub(super) struct Seats {
    most: usize,
    most_per_user: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by_user: HashMap<Uuid, usize>,
}

/// The place of one stream, free again when this is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    seats: Arc<Seats>,
    user: Uuid,
}

impl Seats {
    pub(super) fn new(config: &EventsConfig) -> Self {
        Self { most: config.streams, most_per_user: config.streams_per_user, taken: Mutex::default() }
    }

    /// Takes a place for a user.
    ///
    /// # Errors
    /// `too_many_requests` when they have as many streams as a user may have, `unavailable` when all places are taken.
    pub(super) fn take(self: &Arc<Self>, user: Uuid) -> Result<Seat, Problem> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.by_user.get(&user).is_some_and(|streams| *streams >= self.most_per_user) {
            let (zh, en) = ("该用户打开的事件流过多", "This user has too many open streams");
            return Err(Problem::new(Code::TooManyRequests).retry_after(AGAIN).because(zh, en));
        }
        if taken.all >= self.most {
            let (zh, en) = ("打开的事件流过多", "Too many streams are open");
            return Err(Problem::new(Code::Unavailable).retry_after(AGAIN).because(zh, en));
        }
        taken.all += 1;
        *taken.by_user.entry(user).or_default() += 1;
        show(taken.all);
        Ok(Seat { seats: Arc::clone(self), user })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all = taken.all.saturating_sub(1);
        if let Some(streams) = taken.by_user.get_mut(&self.user) {
            *streams -= 1;
            if *streams == 0 {
                taken.by_user.remove(&self.user);
            }
        }
        show(taken.all);
    }
}

fn show(streams: usize) {
    metrics::gauge!("rapport_event_streams").set(streams as f64);
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn places_are_limited_for_each_and_for_all_and_free_again_afterwards() {
        let seats = Arc::new(Seats::new(&EventsConfig { streams: 3, streams_per_user: 2 }));
        let [one, two] = [1, 2].map(Uuid::from_u128);
        let taken: Vec<Seat> = (0..2).map(|_| seats.take(one).unwrap()).collect();
        assert_eq!(seats.take(one).unwrap_err().code(), Code::TooManyRequests);
        let other = seats.take(two).unwrap();
        assert_eq!(seats.take(two).unwrap_err().code(), Code::Unavailable);
        drop(taken);
        assert!(seats.take(one).is_ok());
        drop(other);
        let counted = seats.taken.lock().unwrap();
        assert_eq!((counted.all, counted.by_user.len()), (0, 0));
    }
}
