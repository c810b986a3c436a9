//! What people are told of, and when they want to be left alone.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone as _, Timelike as _, Utc};
use chrono_tz::Tz;

use crate::text_enum::text_enum;

text_enum! {
    /// What a notification is about.
    pub enum NotificationKind {
        /// Somebody named the reader in a text.
        Mentioned = "mentioned",
        /// A record came to be the reader's.
        Assigned = "assigned",
        /// Something that the reader is to do has reached its reminder, or is due.
        TaskDue = "task_due",
        /// An opportunity of the reader has become yellow.
        OpportunitySlow = "opportunity_slow",
        /// An opportunity of the reader has become red.
        OpportunityStale = "opportunity_stale",
        /// An opportunity of somebody whose manager the reader is has been red for longer than the organisation waits.
        OpportunityEscalated = "opportunity_escalated",
        /// A rule is about to take a customer from the reader.
        CustomerReleaseSoon = "customer_release_soon",
        /// A rule has taken a customer from the reader.
        CustomerReleased = "customer_released",
        /// A job that the reader began has ended.
        JobFinished = "job_finished",
        /// The reader takes over what somebody had.
        HandedOver = "handed_over",
    }
}

text_enum! {
    /// How often somebody gets what they have not read by e-mail.
    pub enum Digest {
        /// Never.
        Off = "off",
        /// Every full hour.
        Hourly = "hourly",
        /// Once a day.
        Daily = "daily",
    }
}

impl Digest {
    /// The first time after `moment` at which one comes, where it is this zone's time; `at` is when the daily one does. `None`
    /// when none ever comes.
    #[must_use]
    pub fn next(self, at: NaiveTime, zone: Tz, moment: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self {
            Self::Off => None,
            Self::Hourly => Some(next_hour(zone, moment)),
            Self::Daily => Some(next_at(at, zone, moment)),
        }
    }
}

/// How long a notification may be put off.
pub const MAX_SNOOZE: TimeDelta = TimeDelta::days(366);

/// Hours of every day, from one time to another, over midnight where the second is the earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHours {
    start: NaiveTime,
    end: NaiveTime,
}

impl QuietHours {
    /// From `start` up to `end`; `None` when they are the same, which could mean the whole day or none of it.
    #[must_use]
    pub fn new(start: NaiveTime, end: NaiveTime) -> Option<Self> {
        (start != end).then_some(Self { start, end })
    }

    /// Whether a moment lies within them, where it is this zone's time.
    #[must_use]
    pub fn cover(&self, moment: DateTime<Utc>, zone: Tz) -> bool {
        let time = moment.with_timezone(&zone).time();
        if self.start < self.end {
            (self.start..self.end).contains(&time)
        } else {
            time >= self.start || time < self.end
        }
    }

    /// When they end; `None` when the moment does not lie within them.
    #[must_use]
    pub fn end_after(&self, moment: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
        if !self.cover(moment, zone) {
            return None;
        }
        let today = moment.with_timezone(&zone).date_naive();
        let ends = (0..=2).filter_map(|days| today.checked_add_days(Days::new(days))).flat_map(|day| {
            let local = day.and_time(self.end);
            // In the hour that comes twice they may have ended once already.
            [Some(moment_of(local, zone)), zone.from_local_datetime(&local).latest().map(|at| at.to_utc())]
        });
        ends.flatten().find(|end| *end > moment)
    }
}

/// The time of day that `text` spells as `HH:MM`.
#[must_use]
pub fn parse_time(text: &str) -> Option<NaiveTime> {
    let time = NaiveTime::parse_from_str(text, "%H:%M").ok()?;
    // The library's reader takes one digit as well.
    (time.format("%H:%M").to_string() == text).then_some(time)
}

/// The moment at which it is this time on a day in a zone. What the clock passes twice is meant the first time; what it
/// leaves out is as long after midnight as the clock would have shown, so that nothing falls out.
#[must_use]
pub fn moment_of(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    if let Some(found) = zone.from_local_datetime(&local).earliest() {
        return found.to_utc();
    }
    // A day before, the clock ran as it did until the change.
    let before = local.checked_sub_days(Days::new(1)).unwrap_or(local);
    let before = zone.from_local_datetime(&before).earliest();
    before.map_or_else(|| local.and_utc(), |before| before.to_utc() + TimeDelta::days(1))
}

/// The first time after `moment` at which it is this time of day in a zone.
#[must_use]
pub fn next_at(time: NaiveTime, zone: Tz, moment: DateTime<Utc>) -> DateTime<Utc> {
    let today: NaiveDate = moment.with_timezone(&zone).date_naive();
    let on = |days: u64| today.checked_add_days(Days::new(days)).map(|day| moment_of(day.and_time(time), zone));
    let found = (0..=2).filter_map(on).find(|at| *at > moment);
    found.unwrap_or_else(|| moment + TimeDelta::days(1))
}

/// The next full hour on the clocks of a zone, some of which differ by half an hour from most others.
fn next_hour(zone: Tz, moment: DateTime<Utc>) -> DateTime<Utc> {
    let time = moment.with_timezone(&zone).time();
    let begun = TimeDelta::seconds(i64::from(time.minute() * 60 + time.second()));
    moment - begun - TimeDelta::nanoseconds(i64::from(time.nanosecond())) + TimeDelta::hours(1)
}

/// The reminder of what comes again: as long before it is due as the last one was, by the clock of the zone.
#[must_use]
pub fn reminder_again(reminder: DateTime<Utc>, due: DateTime<Utc>, next: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    let local = |moment: DateTime<Utc>| moment.with_timezone(&zone).naive_local();
    let ahead = local(due) - local(reminder);
    local(next).checked_sub_signed(ahead).map_or(next, |at| moment_of(at, zone))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    const BERLIN: Tz = Tz::Europe__Berlin;

    fn time(text: &str) -> NaiveTime {
        parse_time(text).unwrap()
    }

    fn at(zone: Tz, text: &str) -> DateTime<Utc> {
        moment_of(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap(), zone)
    }

    fn shown(moment: DateTime<Utc>, zone: Tz) -> String {
        moment.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string()
    }

    #[test]
    fn a_time_has_one_spelling() {
        assert_eq!(parse_time("08:05"), NaiveTime::from_hms_opt(8, 5, 0));
        for text in ["8:05", "08:5", "24:00", "08:60", "08:05:00", " 08:05", "", "八点"] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }

    #[test]
    fn quiet_hours_go_over_midnight_and_follow_the_clock_of_their_zone() {
        let night = QuietHours::new(time("22:00"), time("08:00")).unwrap();
        let noon = QuietHours::new(time("12:00"), time("13:30")).unwrap();
        for (moment, is_night, is_noon) in [
            ("2027-03-27 21:59", false, false),
            ("2027-03-27 22:00", true, false),
            ("2027-03-28 03:30", true, false),
            ("2027-03-28 07:59", true, false),
            ("2027-03-28 08:00", false, false),
            ("2027-03-28 12:00", false, true),
            ("2027-03-28 13:30", false, false),
        ] {
            let moment = at(BERLIN, moment);
            assert_eq!((night.cover(moment, BERLIN), noon.cover(moment, BERLIN)), (is_night, is_noon), "{moment}");
        }
        // The same moment is day elsewhere.
        assert!(!night.cover(at(BERLIN, "2027-03-28 03:30"), Tz::Asia__Shanghai));
        assert_eq!(QuietHours::new(time("08:00"), time("08:00")), None);
    }

    #[test]
    fn the_same_hour_comes_every_day_when_the_clocks_change_too() {
        let days = |first: &str, hour: &str| {
            let first = at(BERLIN, first);
            let next = std::iter::successors(Some(first), |last| Some(next_at(time(hour), BERLIN, *last)));
            next.skip(1).take(3).map(|moment| shown(moment, BERLIN)).collect::<Vec<_>>()
        };
        assert_eq!(days("2027-03-27 09:00", "08:00"), ["2027-03-28 08:00", "2027-03-29 08:00", "2027-03-30 08:00"]);
        assert_eq!(days("2027-10-30 09:00", "08:00"), ["2027-10-31 08:00", "2027-11-01 08:00", "2027-11-02 08:00"]);
        // An hour that is left out comes an hour later that day, one that comes twice comes once.
        assert_eq!(days("2027-03-27 09:00", "02:30"), ["2027-03-28 03:30", "2027-03-29 02:30", "2027-03-30 02:30"]);
        assert_eq!(days("2027-10-30 09:00", "02:30"), ["2027-10-31 02:30", "2027-11-01 02:30", "2027-11-02 02:30"]);
        // A zone that left out a whole day.
        let samoa = next_at(time("08:00"), Tz::Pacific__Apia, at(Tz::Pacific__Apia, "2011-12-29 09:00"));
        assert!(samoa > at(Tz::Pacific__Apia, "2011-12-29 09:00"), "{samoa}");
    }

    #[test]
    fn quiet_hours_end_by_the_clock_also_when_it_changes() {
        let night = QuietHours::new(time("22:00"), time("08:00")).unwrap();
        let short = QuietHours::new(time("01:00"), time("02:30")).unwrap();
        let end =
            |hours: QuietHours, moment: DateTime<Utc>| hours.end_after(moment, BERLIN).map(|at| shown(at, BERLIN));
        assert_eq!(end(night, at(BERLIN, "2027-03-27 21:59")), None);
        assert_eq!(end(night, at(BERLIN, "2027-03-27 22:00")).as_deref(), Some("2027-03-28 08:00"));
        assert_eq!(end(night, at(BERLIN, "2027-03-28 07:59")).as_deref(), Some("2027-03-28 08:00"));
        assert_eq!(end(night, at(BERLIN, "2027-03-28 08:00")), None);
        // 02:30 is left out that night.
        assert_eq!(end(short, at(BERLIN, "2027-03-28 01:30")).as_deref(), Some("2027-03-28 03:30"));
        // 02:30 comes twice; within the second 02:15 they are not over until it is 02:30 again.
        let second = at(BERLIN, "2027-10-31 02:15") + TimeDelta::hours(1);
        assert_eq!(short.end_after(second, BERLIN), Some(second + TimeDelta::minutes(15)));
    }

    #[test]
    fn a_digest_comes_at_its_time() {
        let next = |digest: Digest, zone: Tz, moment: DateTime<Utc>| {
            digest.next(time("08:00"), zone, moment).map(|at| shown(at, zone))
        };
        let kolkata = at(Tz::Asia__Kolkata, "2027-03-28 10:15");
        assert_eq!(next(Digest::Off, BERLIN, kolkata), None);
        assert_eq!(next(Digest::Hourly, Tz::Asia__Kolkata, kolkata).as_deref(), Some("2027-03-28 11:00"));
        assert_eq!(next(Digest::Hourly, BERLIN, at(BERLIN, "2027-03-28 01:59")).as_deref(), Some("2027-03-28 03:00"));
        assert_eq!(next(Digest::Daily, BERLIN, at(BERLIN, "2027-02-28 08:00")).as_deref(), Some("2027-03-01 08:00"));
        assert_eq!(next(Digest::Daily, BERLIN, at(BERLIN, "2027-03-27 08:01")).as_deref(), Some("2027-03-28 08:00"));
        assert_eq!(next(Digest::Daily, BERLIN, at(BERLIN, "2027-12-31 23:59")).as_deref(), Some("2028-01-01 08:00"));
    }

    #[test]
    fn a_reminder_comes_as_long_before_by_the_clock() {
        let next = |reminder: &str, due: &str, next: &str| {
            shown(reminder_again(at(BERLIN, reminder), at(BERLIN, due), at(BERLIN, next), BERLIN), BERLIN)
        };
        assert_eq!(next("2027-03-21 09:50", "2027-03-21 10:00", "2027-03-28 10:00"), "2027-03-28 09:50");
        // One day before, over the night in which an hour is left out: the same hour.
        assert_eq!(next("2027-03-20 10:00", "2027-03-21 10:00", "2027-03-28 10:00"), "2027-03-27 10:00");
        assert_eq!(next("2027-10-29 10:00", "2027-10-30 10:00", "2027-10-31 10:00"), "2027-10-30 10:00");
        // After it is due.
        assert_eq!(next("2027-03-21 18:00", "2027-03-21 10:00", "2027-03-28 10:00"), "2027-03-28 18:00");
    }

    proptest! {
        #[test]
        fn the_next_time_is_later_and_within_two_days(
            seconds in 1_300_000_000_i64..1_900_000_000,
            minute in 0_u32..1440,
            zone in prop::sample::select(chrono_tz::TZ_VARIANTS.to_vec()),
        ) {
            let moment = DateTime::from_timestamp(seconds, 0).unwrap();
            let time = NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap();
            let next = next_at(time, zone, moment);
            prop_assert!(next > moment && next - moment <= TimeDelta::days(2), "{moment} {next}");
            let hour = next_hour(zone, moment);
            prop_assert!(hour > moment && hour - moment <= TimeDelta::hours(1), "{moment} {hour}");
        }

        #[test]
        fn quiet_hours_end_within_two_days_and_are_over_then(
            seconds in 1_300_000_000_i64..1_900_000_000,
            (start, end) in (0_u32..1440, 0_u32..1440),
            zone in prop::sample::select(chrono_tz::TZ_VARIANTS.to_vec()),
        ) {
            let moment = DateTime::from_timestamp(seconds, 0).unwrap();
            let time = |minute: u32| NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap();
            let Some(hours) = QuietHours::new(time(start), time(end)) else { return Ok(()) };
            match hours.end_after(moment, zone) {
                None => prop_assert!(!hours.cover(moment, zone)),
                Some(end) => prop_assert!(end > moment && end - moment <= TimeDelta::days(2), "{moment} {end}"),
            }
        }
    }
}
