//! Chance that repeats: the same seed throws the same.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use rapport_domain::context::Ids;
use uuid::Uuid;

/// `SplitMix64` (Steele, Lea, Flood, 2014): small, fast, and the same everywhere and always.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Dice that throw what the seed says.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any number.
    pub(crate) fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, but not including, `end`; 0 when there is none.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.throw() % end).unwrap_or(0)
    }

    /// A number within bounds, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = usize::try_from(high - low + 1).unwrap_or(1);
        low + i64::try_from(self.below(span)).unwrap_or(0)
    }

    /// True in `percent` of a hundred throws.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of a list.
    pub(crate) fn pick<T: Copy + Default>(&mut self, list: &[T]) -> T {
        list.get(self.below(list.len())).copied().unwrap_or_default()
    }

    /// An index into a list of `count`, the first ones far more often than the last: of twenty people the busiest has
    /// more than a third of everything, the last one a fiftieth.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a rough share of a small list"
    )]
    pub(crate) fn skewed(&mut self, count: usize) -> usize {
        let share = self.below(1_000_000) as f64 / 1_000_000.0;
        (((count as f64) * share.powi(3)) as usize).min(count.saturating_sub(1))
    }

    /// An amount between two bounds, small ones as often as large ones of ten times the size, rounded to `step`.
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a rough amount")]
    pub(crate) fn amount(&mut self, low: i64, high: i64, step: i64) -> i64 {
        let share = self.below(1_000_000) as f64 / 1_000_000.0;
        let amount = low as f64 * (high as f64 / low as f64).powf(share);
        (amount as i64 / step).max(1) * step
    }
}

/// Ids of version 7 for records that are said to have been made at other times, the same for the same seed.
#[derive(Debug)]
pub(crate) struct DatedIds(Mutex<(Dice, u64)>);

impl DatedIds {
    /// Ids from a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(Mutex::new((Dice::new(seed), 0)))
    }

    /// The moment that the next ids bear.
    pub(crate) fn set(&self, at: DateTime<Utc>) {
        let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1 = millis;
    }
}

impl Ids for DatedIds {
    fn next(&self) -> Uuid {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (high, low) = (state.0.throw(), state.0.throw());
        Uuid::from_u64_pair((state.1 << 16) | 0x7000 | (high & 0x0fff), (1 << 63) | (low >> 2))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_throws_the_same() {
        let throws = |seed| {
            std::iter::repeat_with({
                let mut dice = Dice::new(seed);
                move || dice.throw()
            })
            .take(5)
            .collect::<Vec<_>>()
        };
        assert_eq!(throws(7), throws(7));
        assert_ne!(throws(7), throws(8));
    }

    #[test]
    fn few_get_much() {
        let mut dice = Dice::new(1);
        let mut counts = [0_usize; 20];
        for _ in 0..10_000 {
            if let Some(count) = counts.get_mut(dice.skewed(20)) {
                *count += 1;
            }
        }
        assert_eq!(counts.iter().sum::<usize>(), 10_000);
        assert!(counts.first() > Some(&3000) && counts.last() < Some(&400) && counts.last() > Some(&50), "{counts:?}");
    }

    #[test]
    fn numbers_stay_within_their_bounds() {
        let mut dice = Dice::new(2);
        for _ in 0..1000 {
            assert!((-3..=4).contains(&dice.between(-3, 4)));
            let amount = dice.amount(1000, 50_000, 500);
            assert!((500..=50_000).contains(&amount) && amount % 500 == 0);
        }
        assert_eq!((dice.below(0), dice.skewed(0), dice.pick::<u8>(&[])), (0, 0, 0));
    }

    #[test]
    fn ids_are_of_version_7_and_of_their_time() {
        let ids = DatedIds::new(1);
        ids.set(DateTime::UNIX_EPOCH + chrono::TimeDelta::days(20_000));
        let id = ids.next();
        assert_eq!(id.get_version_num(), 7);
        assert_eq!(id.get_timestamp().map(|at| at.to_unix().0), Some(20_000 * 86_400));
        assert_eq!(id.get_variant(), uuid::Variant::RFC4122);
        assert_ne!(id, ids.next());
    }
}
