//! Tasks that come again: when the next one is due.
//!
//! The rules are those of RFC 5545; a month that is too short has its last day (RFC 7529 calls that `SKIP=BACKWARD`), which is
//! said here by the last of the days from the 28th on.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use chrono_tz::Tz;
use rrule::{Frequency, RRule};

use crate::text_enum::text_enum;

text_enum! {
    /// The step of a repetition.
    pub enum Every {
        /// Every day.
        Day = "day",
        /// The same day of every week.
        Week = "week",
        /// The same day of every month, or its last one.
        Month = "month",
        /// The same day of every year.
        Year = "year",
    }
}

/// The largest interval.
pub const MAX_INTERVAL: u8 = 99;
/// The last day of the shortest month.
const SHORTEST_MONTH: u32 = 28;

/// When something comes again, from its first time on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repetition {
    /// The step.
    pub every: Every,
    /// Every so many steps, 1 to [`MAX_INTERVAL`].
    pub interval: u8,
    /// The last day on which it may be due.
    pub until: Option<NaiveDate>,
    /// When it was due for the first time.
    pub first: DateTime<Utc>,
    /// Whose days and hours these are.
    pub zone: Tz,
}

impl Repetition {
    /// The first time after `moment`, at the same hour of the day there; `None` when it has come to its end.
    #[must_use]
    pub fn after(&self, moment: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let first = self.first.with_timezone(&rrule::Tz::Tz(self.zone));
        let set = self.rule(&first).build(first).ok()?;
        let next = set.into_iter().find(|at| at.to_utc() > moment)?;
        let is_within = self.until.is_none_or(|until| next.date_naive() <= until);
        is_within.then(|| next.to_utc())
    }

    fn rule(&self, first: &DateTime<rrule::Tz>) -> RRule<rrule::Unvalidated> {
        let rule = RRule::new(match self.every {
            Every::Day => Frequency::Daily,
            Every::Week => Frequency::Weekly,
            Every::Month => Frequency::Monthly,
            Every::Year => Frequency::Yearly,
        });
        let rule = rule.interval(u16::from(self.interval));
        if !matches!(self.every, Every::Month | Every::Year) || first.day() <= SHORTEST_MONTH {
            return rule;
        }
        let days = (SHORTEST_MONTH..=first.day()).filter_map(|day| i8::try_from(day).ok()).collect();
        let rule = rule.by_month_day(days).by_set_pos(vec![-1]);
        let month = u8::try_from(first.month()).ok().and_then(|month| chrono::Month::try_from(month).ok());
        match month.filter(|_| self.every == Every::Year) {
            Some(month) => rule.by_month(&[month]),
            None => rule,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use chrono::TimeZone as _;
    use proptest::prelude::*;

    use super::*;

    fn at(zone: Tz, text: &str) -> DateTime<Utc> {
        let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        zone.from_local_datetime(&local).earliest().unwrap().to_utc()
    }

    /// The days and hours on which something is due, there, one after the other.
    fn series(every: Every, interval: u8, zone: Tz, first: &str, count: usize) -> Vec<String> {
        let rule = Repetition { every, interval, until: None, first: at(zone, first), zone };
        let due = std::iter::successors(Some(rule.first), |due| rule.after(*due));
        due.skip(1).take(count).map(|due| due.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string()).collect()
    }

    #[test]
    fn months_that_are_too_short_have_their_last_day_and_the_next_one_the_day_again() {
        let monthly = series(Every::Month, 1, Tz::Asia__Shanghai, "2027-01-31 09:00", 4);
        assert_eq!(monthly, ["2027-02-28 09:00", "2027-03-31 09:00", "2027-04-30 09:00", "2027-05-31 09:00"]);
        let quarterly = series(Every::Month, 3, Tz::Asia__Shanghai, "2026-11-30 09:00", 2);
        assert_eq!(quarterly, ["2027-02-28 09:00", "2027-05-30 09:00"]);
        let leap = series(Every::Year, 1, Tz::Asia__Shanghai, "2028-02-29 09:00", 4);
        assert_eq!(leap, ["2029-02-28 09:00", "2030-02-28 09:00", "2031-02-28 09:00", "2032-02-29 09:00"]);
    }

    #[test]
    fn nine_in_the_morning_stays_nine_when_the_clocks_change() {
        let weekly = series(Every::Week, 1, Tz::Europe__Berlin, "2027-03-22 09:00", 2);
        assert_eq!(weekly, ["2027-03-29 09:00", "2027-04-05 09:00"]);
        let autumn = series(Every::Day, 1, Tz::Europe__Berlin, "2027-10-30 09:00", 2);
        assert_eq!(autumn, ["2027-10-31 09:00", "2027-11-01 09:00"]);
    }

    #[test]
    fn an_hour_that_is_left_out_is_made_up_for_and_the_next_day_is_as_usual() {
        let spring = series(Every::Day, 1, Tz::Europe__Berlin, "2027-03-27 02:30", 2);
        assert_eq!(spring.last().map(String::as_str), Some("2027-03-29 02:30"), "{spring:?}");
        assert!(spring[0].starts_with("2027-03-28"), "{spring:?}");
    }

    #[test]
    fn what_was_missed_is_not_made_up_for_and_the_end_is_the_end() {
        let zone = Tz::Asia__Shanghai;
        let rule = Repetition {
            every: Every::Week,
            interval: 2,
            until: NaiveDate::from_ymd_opt(2027, 2, 1),
            first: at(zone, "2026-11-23 10:00"),
            zone,
        };
        assert_eq!(rule.after(at(zone, "2027-01-01 00:00")), Some(at(zone, "2027-01-04 10:00")));
        assert_eq!(rule.after(at(zone, "2027-01-18 10:00")), Some(at(zone, "2027-02-01 10:00")));
        assert_eq!(rule.after(at(zone, "2027-02-01 10:00")), None);
    }

    proptest! {
        #[test]
        fn the_next_one_is_later_and_none_lies_between(
            first in 1_700_000_000_i64..1_900_000_000,
            ahead in 0_i64..200_000_000,
            interval in 1_u8..=MAX_INTERVAL,
            every in 0_usize..4,
        ) {
            let first = DateTime::from_timestamp(first, 0).unwrap();
            let rule = Repetition { every: Every::ALL[every], interval, until: None, first, zone: Tz::America__New_York };
            let moment = first + chrono::TimeDelta::seconds(ahead);
            let next = rule.after(moment).unwrap();
            prop_assert!(next > moment);
            prop_assert_eq!(rule.after(next - chrono::TimeDelta::seconds(1)), Some(next));
        }
    }
}
