//! Days and periods in the zone of who asks.

use super::ast::{Macro, Unit};
use crate::date::is_written;
use chrono::{DateTime, Datelike, Days, Duration, Months, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

/// The day that a macro names, `None` when it names none or leaves the years that dates are written in.
pub(super) fn day_of(found: Macro, today: NaiveDate) -> Option<NaiveDate> {
    let day = match found {
        Macro::Me | Macro::MyTeam | Macro::Now => None,
        Macro::Today { offset, unit } => shift(today, unit, offset),
        Macro::StartOf { unit, offset } => shift(start_of(today, unit)?, unit, offset),
        Macro::EndOf { unit, offset } => shift(start_of(today, unit)?, unit, offset.checked_add(1)?)?.pred_opt(),
    };
    day.filter(is_written)
}

/// The moments at which a day begins and the next one does. A day that begins inside a clock change begins after it.
#[must_use]
pub fn bounds(day: NaiveDate, zone: Tz) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    Some((beginning(day, zone)?, beginning(day.succ_opt()?, zone)?))
}

fn beginning(day: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
    let midnight = day.and_time(NaiveTime::MIN);
    let quarters = (0..=24 * 4).filter_map(|quarter| midnight.checked_add_signed(Duration::minutes(15 * quarter)));
    quarters
        .filter_map(|local| zone.from_local_datetime(&local).earliest())
        .next()
        .map(|begin| begin.with_timezone(&Utc))
}

fn start_of(day: NaiveDate, unit: Unit) -> Option<NaiveDate> {
    match unit {
        Unit::Day => Some(day),
        Unit::Week => day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday()))),
        Unit::Month => day.with_day(1),
        Unit::Quarter => day.with_day(1)?.with_month0(day.month0() / 3 * 3),
        Unit::Year => NaiveDate::from_ymd_opt(day.year(), 1, 1),
    }
}

fn shift(day: NaiveDate, unit: Unit, offset: i32) -> Option<NaiveDate> {
    let months = |count: i32| offset.checked_mul(count).and_then(|months| shift_months(day, months));
    match unit {
        Unit::Day => day.checked_add_signed(Duration::days(i64::from(offset))),
        Unit::Week => day.checked_add_signed(Duration::weeks(i64::from(offset))),
        Unit::Month => months(1),
        Unit::Quarter => months(3),
        Unit::Year => months(12),
    }
}

/// The same day of another month, or its last day.
fn shift_months(day: NaiveDate, months: i32) -> Option<NaiveDate> {
    let distance = Months::new(months.unsigned_abs());
    if months < 0 { day.checked_sub_months(distance) } else { day.checked_add_months(distance) }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn periods_are_those_of_the_calendar() {
        let today = day("2024-03-31");
        let of = |found| day_of(found, today).unwrap();
        assert_eq!(of(Macro::Today { offset: -1, unit: Unit::Month }), day("2024-02-29"));
        assert_eq!(of(Macro::Today { offset: 1, unit: Unit::Year }), day("2025-03-31"));
        assert_eq!(of(Macro::StartOf { unit: Unit::Week, offset: 0 }), day("2024-03-25"));
        assert_eq!(of(Macro::EndOf { unit: Unit::Week, offset: 0 }), day("2024-03-31"));
        assert_eq!(of(Macro::StartOf { unit: Unit::Quarter, offset: -1 }), day("2023-10-01"));
        assert_eq!(of(Macro::EndOf { unit: Unit::Quarter, offset: 0 }), day("2024-03-31"));
        assert_eq!(of(Macro::EndOf { unit: Unit::Month, offset: -1 }), day("2024-02-29"));
        assert_eq!(day_of(Macro::Today { offset: 9_999, unit: Unit::Year }, today), None);
        assert_eq!(day_of(Macro::Today { offset: -99_999, unit: Unit::Month }, today), None);
        assert_eq!(day_of(Macro::Now, today), None);
    }

    #[test]
    fn days_follow_the_clock_of_their_zone() {
        let hours = |text, zone| {
            let (begin, end) = bounds(day(text), zone).unwrap();
            (begin.to_rfc3339(), (end - begin).num_hours())
        };
        assert_eq!(hours("2024-03-31", Tz::Europe__Berlin), ("2024-03-30T23:00:00+00:00".into(), 23));
        assert_eq!(hours("2024-06-01", Tz::Asia__Shanghai), ("2024-05-31T16:00:00+00:00".into(), 24));
        assert_eq!(hours("2018-11-04", Tz::America__Sao_Paulo), ("2018-11-04T03:00:00+00:00".into(), 23));
        assert_eq!(hours("2011-12-30", Tz::Pacific__Apia).1, 0);
    }
}
