//! How far the outbox has been read, where a lower number may appear after a higher one (docs/adr/0012-events.md).

use rapport_persistence::outbox::{Horizon, Known, Range};

/// What has been read: everything up to the highest number but for the gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    high: i64,
    /// In the order of their numbers.
    gaps: Vec<Gap>,
}

/// Numbers that were not there when a higher one was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Gap {
    range: Range,
    /// Whoever took them has a lower transaction id than this one.
    until: Option<i64>,
}

impl Reading {
    /// Begins with what is known: all of that counts as read, what is missing as a gap.
    pub(super) fn from(known: Known) -> Self {
        let gaps = known.missing.into_iter().map(|range| Gap { range, until: None }).collect();
        Self { high: known.high, gaps }
    }

    /// The highest number that has been read.
    pub(super) fn high(&self) -> i64 {
        self.high
    }

    /// The highest number below which none will appear any more.
    pub(super) fn low(&self) -> i64 {
        self.gaps.first().map_or(self.high, |gap| gap.range.first - 1)
    }

    /// The numbers that may still appear.
    pub(super) fn gaps(&self) -> Vec<Range> {
        self.gaps.iter().map(|gap| gap.range).collect()
    }

    /// Before the gaps are read: whoever took the numbers of those that are known by now had an id before this moment.
    pub(super) fn mark(&mut self, horizon: Horizon) {
        for gap in &mut self.gaps {
            gap.until.get_or_insert(horizon.next);
        }
    }

    /// A number has been read.
    pub(super) fn see(&mut self, seq: i64) {
        if seq > self.high {
            if seq > self.high + 1 {
                self.gaps.push(Gap { range: Range { first: self.high + 1, last: seq - 1 }, until: None });
            }
            self.high = seq;
            return;
        }
        let Some(at) = self.gaps.iter().position(|gap| (gap.range.first..=gap.range.last).contains(&seq)) else {
            return;
        };
        let Gap { range, until } = self.gaps.remove(at);
        let rest = [Range { first: range.first, last: seq - 1 }, Range { first: seq + 1, last: range.last }];
        let rest = rest.into_iter().filter(|range| range.first <= range.last).map(|range| Gap { range, until });
        self.gaps.splice(at..at, rest);
    }

    /// After the gaps have been read: those whose transactions had all ended before stay empty, but for what is `late`, which
    /// has been found there and is still to be told.
    pub(super) fn settle(&mut self, horizon: Horizon, late: &[i64]) {
        let is_open = |gap: &Gap| gap.until.is_none_or(|until| until > horizon.oldest);
        let is_late = |range: Range| late.iter().any(|seq| (range.first..=range.last).contains(seq));
        self.gaps.retain(|gap| is_open(gap) || is_late(gap.range));
    }

    /// There is one writer, and what is missing has been rolled back.
    pub(super) fn close(&mut self) {
        self.gaps.clear();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn starting_at(high: i64) -> Reading {
        Reading::from(Known { high, missing: Vec::new() })
    }

    fn range(first: i64, last: i64) -> Range {
        Range { first, last }
    }

    #[test]
    fn numbers_in_order_leave_no_gap() {
        let mut reading = starting_at(4);
        [5, 6, 7].into_iter().for_each(|seq| reading.see(seq));
        assert_eq!((reading.high(), reading.low(), reading.gaps()), (7, 7, vec![]));
    }

    #[test]
    fn a_late_number_is_waited_for_and_closes_its_gap() {
        let mut reading = starting_at(4);
        reading.see(8);
        assert_eq!((reading.high(), reading.low(), reading.gaps()), (8, 4, vec![range(5, 7)]));
        reading.see(6);
        assert_eq!((reading.low(), reading.gaps()), (4, vec![range(5, 5), range(7, 7)]));
        reading.see(5);
        assert_eq!((reading.low(), reading.gaps()), (6, vec![range(7, 7)]));
        reading.see(7);
        assert_eq!((reading.low(), reading.gaps()), (8, vec![]));
    }

    #[test]
    fn a_gap_is_given_up_when_everyone_who_could_fill_it_has_ended() {
        let mut reading = starting_at(1);
        reading.see(3);
        // Nobody knows yet who took 2: whatever has ended, the gap stays until it is marked.
        reading.settle(Horizon { next: 100, oldest: 100 }, &[]);
        assert_eq!(reading.gaps(), [range(2, 2)]);
        reading.mark(Horizon { next: 100, oldest: 90 });
        reading.settle(Horizon { next: 100, oldest: 90 }, &[]);
        assert_eq!(reading.gaps(), [range(2, 2)]);
        // What began later does not hold it up.
        reading.mark(Horizon { next: 120, oldest: 99 });
        reading.settle(Horizon { next: 120, oldest: 99 }, &[]);
        assert_eq!(reading.gaps(), [range(2, 2)]);
        reading.settle(Horizon { next: 130, oldest: 100 }, &[]);
        assert_eq!((reading.low(), reading.gaps()), (3, vec![]));
    }

    #[test]
    fn what_was_missing_at_the_start_may_come_too() {
        let mut reading = Reading::from(Known { high: 10, missing: vec![range(3, 3), range(7, 8)] });
        assert_eq!((reading.high(), reading.low()), (10, 2));
        reading.see(7);
        assert_eq!(reading.gaps(), [range(3, 3), range(8, 8)]);
        reading.close();
        assert_eq!(reading.low(), 10);
    }

    #[test]
    fn what_has_been_found_but_not_told_is_not_given_up() {
        let mut reading = Reading::from(Known { high: 10, missing: vec![range(3, 4), range(7, 8)] });
        let ended = Horizon { next: 100, oldest: 100 };
        reading.mark(ended);
        reading.settle(ended, &[8]);
        assert_eq!(reading.gaps(), [range(7, 8)]);
        reading.see(8);
        reading.settle(ended, &[]);
        assert_eq!(reading.low(), 10);
    }

    proptest! {
        /// In whatever order numbers appear: what is below the low mark has appeared, and what is missing is a gap.
        #[test]
        fn nothing_is_lost_between_the_marks(order in Just((1_i64..=30).collect::<Vec<_>>()).prop_shuffle(), seen in 0_usize..30) {
            let mut reading = starting_at(0);
            let seen = order.get(..seen).unwrap_or_default();
            seen.iter().for_each(|seq| reading.see(*seq));
            let high = seen.iter().copied().max().unwrap_or(0);
            prop_assert_eq!(reading.high(), high);
            let missing: Vec<i64> = (1..high).filter(|seq| !seen.contains(seq)).collect();
            let gaps: Vec<i64> = reading.gaps().into_iter().flat_map(|gap| gap.first..=gap.last).collect();
            prop_assert_eq!(&gaps, &missing);
            prop_assert_eq!(reading.low(), missing.first().map_or(high, |first| first - 1));
        }
    }
}
