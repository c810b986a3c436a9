//! Values as they are written: bare words, dates, moments and macros.

use super::ast::{Literal, Macro, Unit};
use crate::date::parse_date;
use chrono::{DateTime, SecondsFormat, Utc};
use rust_decimal::Decimal;
use std::fmt::Write as _;

/// Largest offset of a macro.
const MAX_OFFSET: i32 = 99_999;

/// The value of a bare word: the most specific type that it spells, else text.
pub(super) fn from_word(word: &str) -> Literal {
    if word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("false") {
        return Literal::Bool(word.eq_ignore_ascii_case("true"));
    }
    if word.eq_ignore_ascii_case("null") {
        return Literal::Null;
    }
    None.or_else(|| number(word).map(Literal::Number))
        .or_else(|| parse_date(word).map(Literal::Date))
        .or_else(|| instant(word).map(Literal::Instant))
        .unwrap_or_else(|| Literal::Text(word.to_owned()))
}

/// The value of a text where quoting is not possible: `@me` is a macro, `@@me` the text `@me`, all else text.
///
/// `None` for an unknown macro.
pub(super) fn from_plain(text: &str) -> Option<Literal> {
    match text.strip_prefix('@') {
        Some(rest) if rest.starts_with('@') => Some(Literal::Text(rest.to_owned())),
        Some(_) => whole_macro(text).map(Literal::Macro),
        None => Some(Literal::Text(text.to_owned())),
    }
}

/// The opposite of [`from_plain`].
pub(super) fn to_plain(text: &str) -> String {
    if text.starts_with('@') { format!("@{text}") } else { text.to_owned() }
}

/// A number in its only spelling; `007` and `1e3` are words.
fn number(word: &str) -> Option<Decimal> {
    let decimal = Decimal::from_str_exact(word).ok()?;
    (decimal.to_string() == word).then_some(decimal)
}

/// A moment in RFC 3339, cut to the microsecond.
pub(super) fn instant(word: &str) -> Option<DateTime<Utc>> {
    to_micros(DateTime::parse_from_rfc3339(word).ok()?.to_utc())
}

/// The moment cut to the microsecond, as it is stored.
pub(super) fn to_micros(instant: DateTime<Utc>) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(instant.timestamp_micros())
}

/// A moment in its only spelling.
pub(super) fn print_instant(instant: &DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// A macro that is the whole text.
pub(super) fn whole_macro(text: &str) -> Option<Macro> {
    let (found, length) = leading_macro(text)?;
    (length == text.len()).then_some(found)
}

/// The macro at the beginning of a text, and its length in bytes.
pub(super) fn leading_macro(text: &str) -> Option<(Macro, usize)> {
    let name_end = text.strip_prefix('@')?.find(|letter: char| !letter.is_ascii_alphabetic() && letter != '_');
    let name_end = name_end.map_or(text.len(), |at| at + 1);
    let (name, rest) = text.split_at_checked(name_end)?;
    let (found, length) = match name.to_ascii_lowercase().as_str() {
        "@me" => (Macro::Me, 0),
        "@my_team" => (Macro::MyTeam, 0),
        "@now" => (Macro::Now, 0),
        "@today" => today(rest)?,
        "@start_of" => period(rest).map(|(unit, offset, length)| (Macro::StartOf { unit, offset }, length))?,
        "@end_of" => period(rest).map(|(unit, offset, length)| (Macro::EndOf { unit, offset }, length))?,
        _ => return None,
    };
    Some((found, name_end + length))
}

/// The offset behind `@today`, when there is one: `+3d`.
fn today(rest: &str) -> Option<(Macro, usize)> {
    if !rest.starts_with(['+', '-']) {
        return Some((Macro::Today { offset: 0, unit: Unit::Day }, 0));
    }
    let digits = rest.bytes().skip(1).take_while(u8::is_ascii_digit).count();
    let offset = offset(rest.get(..=digits)?)?;
    let unit = Unit::parse(rest.get(digits + 1..digits + 2)?)?;
    let is_ended = !rest.get(digits + 2..)?.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_');
    let unit = if offset == 0 { Unit::Day } else { unit };
    is_ended.then_some((Macro::Today { offset, unit }, digits + 2))
}

/// The brackets behind `@start_of`: `(month, -1)`.
fn period(rest: &str) -> Option<(Unit, i32, usize)> {
    let inner = rest.strip_prefix('(')?;
    let end = inner.find(')')?;
    let inside = inner.get(..end)?;
    let (unit, by) = inside.split_once(',').unwrap_or((inside, "0"));
    Some((Unit::parse(unit.trim())?, offset(by.trim())?, end + 2))
}

fn offset(text: &str) -> Option<i32> {
    let value: i32 = text.parse().ok()?;
    (-MAX_OFFSET..=MAX_OFFSET).contains(&value).then_some(value)
}

/// A macro in its only spelling.
pub(super) fn print_macro(found: Macro) -> String {
    let period = |name: &str, unit: Unit, offset: i32| match offset {
        0 => format!("@{name}({})", unit.name()),
        _ => format!("@{name}({},{offset})", unit.name()),
    };
    match found {
        Macro::Me => "@me".to_owned(),
        Macro::MyTeam => "@my_team".to_owned(),
        Macro::Now => "@now".to_owned(),
        Macro::Today { offset, unit } => {
            let mut text = "@today".to_owned();
            if offset != 0 {
                let _ = write!(text, "{offset:+}{}", unit.letter());
            }
            text
        }
        Macro::StartOf { unit, offset } => period("start_of", unit, offset),
        Macro::EndOf { unit, offset } => period("end_of", unit, offset),
    }
}
