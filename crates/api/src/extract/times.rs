//! Days and moments in request bodies, in the one spelling that the contract gives them.

use chrono::{DateTime, NaiveDate, Utc};
use rapport_domain::date::parse_date;
use serde::de::{Error as _, Unexpected};
use serde::{Deserialize as _, Deserializer};

/// Reads a day, `YYYY-MM-DD`, or null. The library's own reader takes `26-1-1` for a day in the year 26.
///
/// # Errors
/// For any other spelling.
pub fn optional_day<'de, D: Deserializer<'de>>(from: D) -> Result<Option<NaiveDate>, D::Error> {
    read(from, parse_date, &"a day, YYYY-MM-DD")
}

/// Reads a moment in RFC 3339, or null.
///
/// # Errors
/// For any other spelling.
pub fn optional_moment<'de, D: Deserializer<'de>>(from: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    let parse = |text: &str| DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc());
    read(from, parse, &"a moment in RFC 3339")
}

/// The same of a field of a merge patch: left out is `None`, cleared `Some(None)`.
///
/// # Errors
/// For any other spelling.
pub fn clearable_moment<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<DateTime<Utc>>>, D::Error> {
    optional_moment(from).map(Some)
}

fn read<'de, D: Deserializer<'de>, T>(
    from: D,
    parse: impl FnOnce(&str) -> Option<T>,
    expected: &dyn serde::de::Expected,
) -> Result<Option<T>, D::Error> {
    let Some(text) = Option::<String>::deserialize(from)? else { return Ok(None) };
    parse(&text).map(Some).ok_or_else(|| D::Error::invalid_value(Unexpected::Str(&text), expected))
}
