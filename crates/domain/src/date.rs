//! Calendar days as they are written in requests and filters.

use chrono::{Datelike as _, NaiveDate};

/// The day that `text` spells as `YYYY-MM-DD` (ISO 8601, extended form), in the years 1 to 9999.
///
/// # Examples
/// ```
/// use rapport_domain::date::parse_date;
/// assert!(parse_date("2026-03-05").is_some());
/// assert!(parse_date("26-3-5").is_none());
/// ```
#[must_use]
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    // The library's reader also takes other spellings of the same day: short years, signs, missing zeros.
    (is_written(&day) && day.to_string() == text).then_some(day)
}

/// Whether a day lies in the years 1 to 9999, which four digits can write.
pub(crate) fn is_written(day: &NaiveDate) -> bool {
    (1..=9999).contains(&day.year())
}

#[cfg(test)]
mod tests {
    use super::parse_date;

    #[test]
    fn only_one_spelling_of_a_day_is_read() {
        for good in ["0001-01-01", "2024-02-29", "9999-12-31"] {
            assert_eq!(parse_date(good).map(|day| day.to_string()).as_deref(), Some(good));
        }
        for bad in [
            "",
            "26-01-01",
            "2026-1-1",
            "0000-01-01",
            "10000-01-01",
            "+2026-01-01",
            "-0001-01-01",
            "2026-02-30",
            "2025-02-29",
            " 2026-01-01",
            "2026-01-01 ",
            "2026-01-01T00:00:00Z",
            "20260101",
        ] {
            assert_eq!(parse_date(bad), None, "{bad}");
        }
    }
}
