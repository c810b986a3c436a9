//! How long a deal may stand in its stage: when it is looked at with concern, and when it counts as stale.

use chrono::{DateTime, TimeDelta, Utc};

use super::stage::{StageCategory, StageDef};
use crate::text_enum::text_enum;

text_enum! {
    /// How a deal's time in its stage looks at some moment.
    pub enum Staleness {
        /// As expected, closed, or in a stage that expects nothing.
        None = "none",
        /// Longer than the stage warns of.
        Yellow = "yellow",
        /// Much longer than expected, or without any activity for as long as the whole stage should take.
        Red = "red",
    }
}

/// From when on a deal is yellow, and from when on red; known in advance, so that lists, reminders and indexes need no
/// calculation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StaleTimes {
    /// Yellow from then on.
    pub warn_at: Option<DateTime<Utc>>,
    /// Red from then on.
    pub stale_at: Option<DateTime<Utc>>,
}

impl StaleTimes {
    /// The times of a deal that came to a stage at `entered` and about which something was last done at
    /// `last_activity`. Days are of 24 hours: a deal is not looked at earlier because the clocks were changed.
    #[must_use]
    pub fn of(stage: &StageDef, entered: DateTime<Utc>, last_activity: Option<DateTime<Utc>>) -> Self {
        if stage.category != StageCategory::Open {
            return Self::default();
        }
        let quiet_since = last_activity.map_or(entered, |at| at.max(entered));
        let red = |days: u16| {
            let stood = after(entered, i64::from(days) * 36)?;
            Some(stood.min(after(quiet_since, i64::from(days) * 24)?))
        };
        Self {
            warn_at: stage.warning_days.and_then(|days| after(entered, i64::from(days) * 24)),
            stale_at: stage.expected_days.and_then(red),
        }
    }

    /// How the deal looks at `now`.
    #[must_use]
    pub fn at(self, now: DateTime<Utc>) -> Staleness {
        let is_past = |at: Option<DateTime<Utc>>| at.is_some_and(|at| at <= now);
        match (is_past(self.stale_at), is_past(self.warn_at)) {
            (true, _) => Staleness::Red,
            (false, true) => Staleness::Yellow,
            (false, false) => Staleness::None,
        }
    }
}

fn after(at: DateTime<Utc>, hours: i64) -> Option<DateTime<Utc>> {
    at.checked_add_signed(TimeDelta::hours(hours))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn stage(category: StageCategory, expected_days: Option<u16>, warning_days: Option<u16>) -> StageDef {
        StageDef {
            id: Uuid::nil(),
            pipeline_id: Uuid::nil(),
            category,
            probability: 10,
            position: 0,
            required_fields: Vec::new(),
            expected_days,
            warning_days,
        }
    }

    fn hour(hours: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hours)
    }

    fn day(days: i64) -> DateTime<Utc> {
        hour(days * 24)
    }

    fn open(expected: Option<u16>, warning: Option<u16>, last_activity: Option<i64>) -> StaleTimes {
        StaleTimes::of(&stage(StageCategory::Open, expected, warning), day(0), last_activity.map(day))
    }

    #[test]
    fn nothing_done_makes_it_red_after_the_expected_days() {
        let times = open(Some(10), Some(7), None);
        assert_eq!((times.warn_at, times.stale_at), (Some(day(7)), Some(day(10))));
        assert_eq!(open(Some(10), None, Some(-3)).stale_at, Some(day(10)), "what was done before it came here");
    }

    #[test]
    fn what_is_done_puts_red_off_but_not_beyond_half_as_long_again() {
        assert_eq!(open(Some(10), Some(7), Some(3)).stale_at, Some(day(13)));
        assert_eq!(open(Some(10), Some(7), Some(9)).stale_at, Some(day(15)));
        assert_eq!(open(Some(1), None, Some(1)).stale_at, Some(hour(36)), "half days count");
        assert_eq!(open(Some(10), Some(7), Some(9)).warn_at, Some(day(7)), "yellow is about the stage alone");
    }

    #[test]
    fn stages_that_expect_nothing_and_ends_have_no_times() {
        assert_eq!(open(None, None, None), StaleTimes::default());
        assert_eq!(open(None, Some(3), None), StaleTimes { warn_at: Some(day(3)), stale_at: None });
        for end in [StageCategory::Won, StageCategory::Lost, StageCategory::Void] {
            assert_eq!(StaleTimes::of(&stage(end, Some(1), Some(1)), day(0), None), StaleTimes::default());
        }
    }

    #[test]
    fn the_moment_itself_counts() {
        use Staleness::{None as Fresh, Red, Yellow};
        let times = open(Some(10), Some(7), None);
        let looks = [167, 168, 239, 240, 9999].map(|hours| times.at(hour(hours)));
        assert_eq!(looks, [Fresh, Yellow, Yellow, Red, Red]);
        assert_eq!(open(Some(2), Some(7), None).at(day(2)), Red, "red needs no yellow before it");
    }

    #[test]
    fn the_end_of_time_is_no_panic() {
        let late = StaleTimes::of(&stage(StageCategory::Open, Some(3650), Some(3650)), DateTime::<Utc>::MAX_UTC, None);
        assert_eq!(late, StaleTimes::default());
    }

    proptest! {
        #[test]
        fn more_activity_never_makes_a_deal_red_earlier(days in 1u16..200, first in 0i64..5000, later in 0i64..5000) {
            let of = |last: i64| StaleTimes::of(&stage(StageCategory::Open, Some(days), None), hour(0), Some(hour(last))).stale_at;
            prop_assert!(of(first) <= of(first.max(later)));
            prop_assert!(of(first) <= Some(hour(i64::from(days) * 36)));
        }
    }
}
