//! Places for what goes on for long: so many in all, and so many of each user.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

use crate::problem::{Code, Problem};

/// Seconds after which somebody who found no place may come again.
const AGAIN: u64 = 10;

/// The places of one kind in this process.
#[derive(Debug)]
pub(crate) struct Seats {
    rows: Rows,
    taken: Mutex<Taken>,
}

/// How many places there are, and how it is said that there are no more.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rows {
    /// In all.
    pub(crate) most: usize,
    /// Of one user, with all of their sessions and keys.
    pub(crate) most_per_user: usize,
    /// The figure that tells how many are taken.
    pub(crate) gauge: &'static str,
    /// The user has taken all of theirs, in both languages.
    pub(crate) user_full: (&'static str, &'static str),
    /// All are taken, in both languages.
    pub(crate) full: (&'static str, &'static str),
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by_user: HashMap<Uuid, usize>,
}

/// A place, free again when this is dropped.
#[derive(Debug)]
pub(crate) struct Seat {
    seats: Arc<Seats>,
    user: Uuid,
}

impl Seats {
    pub(crate) fn new(rows: Rows) -> Self {
        Self { rows, taken: Mutex::default() }
    }

    /// Takes a place for a user.
    ///
    /// # Errors
    /// `too_many_requests` when they have as many as a user may have, `unavailable` when all places are taken.
    pub(crate) fn take(self: &Arc<Self>, user: Uuid) -> Result<Seat, Problem> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.by_user.get(&user).is_some_and(|seats| *seats >= self.rows.most_per_user) {
            let (zh, en) = self.rows.user_full;
            return Err(Problem::new(Code::TooManyRequests).retry_after(AGAIN).because(zh, en));
        }
        if taken.all >= self.rows.most {
            let (zh, en) = self.rows.full;
            return Err(Problem::new(Code::Unavailable).retry_after(AGAIN).because(zh, en));
        }
        taken.all += 1;
        *taken.by_user.entry(user).or_default() += 1;
        self.show(taken.all);
        Ok(Seat { seats: Arc::clone(self), user })
    }

    fn show(&self, taken: usize) {
        metrics::gauge!(self.rows.gauge).set(taken as f64);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all = taken.all.saturating_sub(1);
        if let Some(seats) = taken.by_user.get_mut(&self.user) {
            *seats -= 1;
            if *seats == 0 {
                taken.by_user.remove(&self.user);
            }
        }
        self.seats.show(taken.all);
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn places_are_limited_for_each_and_for_all_and_free_again_afterwards() {
        let words = ("满", "Full");
        let rows = Rows { most: 3, most_per_user: 2, gauge: "seats", user_full: words, full: words };
        let seats = Arc::new(Seats::new(rows));
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
