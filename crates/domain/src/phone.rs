//! Phone numbers: kept as they were typed, and in E.164 when they can be read.

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};
use std::str::FromStr;
use thiserror::Error;

/// The characters that [`PhoneNumber::parse`] accepts, together with [`MAX_PHONE`]; ECMA-262, anchored.
pub const PHONE_PATTERN: &str = r"^[0-9+().\/#*,; extEXT-]*[0-9][0-9+().\/#*,; extEXT-]*$";

/// Longest number as typed, in characters.
pub const MAX_PHONE: usize = 40;

/// The region that a number without country code belongs to, unless configured otherwise.
pub const DEFAULT_REGION: &str = "CN";

/// A phone number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PhoneNumber {
    /// As typed, without white space around it.
    pub typed: String,
    /// `+8613800138000`, or `None` when no valid number can be read from what was typed.
    pub e164: Option<String>,
}

/// The text cannot be a phone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("must be a phone number: digits and + - ( ) . / # * , ; ext, at most 40 characters")]
pub struct PhoneError;

impl PhoneNumber {
    /// Reads a number; one without country code is taken as of `default_region` (ISO 3166-1, `CN`).
    ///
    /// Extensions stay in `typed` and are no part of `e164`.
    ///
    /// # Errors
    /// `PhoneError` when [`PHONE_PATTERN`] does not match or it is longer than [`MAX_PHONE`].
    pub fn parse(typed: &str, default_region: &str) -> Result<Self, PhoneError> {
        let is_plausible = typed.len() <= MAX_PHONE
            && typed.bytes().all(is_dialled)
            && typed.bytes().any(|byte| byte.is_ascii_digit());
        if !is_plausible {
            return Err(PhoneError);
        }
        let typed = typed.trim();
        Ok(Self { typed: typed.to_owned(), e164: e164(typed, default_region) })
    }
}

fn is_dialled(byte: u8) -> bool {
    byte.is_ascii_digit() || b"+-()./#*,; extEXT".contains(&byte)
}

fn e164(typed: &str, default_region: &str) -> Option<String> {
    let region = Region::from_str(default_region).ok();
    let number = PHONE_NUMBER_UTIL.parse(typed, region).ok()?;
    let is_valid = PHONE_NUMBER_UTIL.is_valid_number(&number);
    is_valid.then(|| PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).into_owned())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use proptest::prelude::*;
    use regex::Regex;

    fn read(typed: &str) -> Option<String> {
        PhoneNumber::parse(typed, DEFAULT_REGION).unwrap().e164
    }

    #[test]
    fn numbers_are_read_in_their_region() {
        assert_eq!(read("138 0013 8000").as_deref(), Some("+8613800138000"));
        assert_eq!(read("(010) 6552-9988").as_deref(), Some("+861065529988"));
        assert_eq!(read("+49 89 1234567").as_deref(), Some("+49891234567"));
        assert_eq!(PhoneNumber::parse("089 1234567", "DE").unwrap().e164.as_deref(), Some("+49891234567"));
        assert_eq!(read("+1 (415) 555-2671 ext 5").as_deref(), Some("+14155552671"));
    }

    #[test]
    fn what_cannot_be_read_is_kept_as_typed() {
        let number = PhoneNumber::parse("  12 ", DEFAULT_REGION).unwrap();
        assert_eq!(number, PhoneNumber { typed: "12".into(), e164: None });
        assert_eq!(PhoneNumber::parse("138 0013 8000", "nowhere").unwrap().e164, None);
    }

    #[test]
    fn what_cannot_be_dialled_is_refused() {
        let long = "1".repeat(41);
        for bad in ["", " ", "ext", "call me", "138\n0013", "１３８", long.as_str()] {
            assert_eq!(PhoneNumber::parse(bad, DEFAULT_REGION), Err(PhoneError), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn parser_and_pattern_agree_and_reading_never_fails(typed in "[0-9+()./#*,; extEXT-]{0,42}|[ -z]{0,9}") {
            let accepts = typed.len() <= MAX_PHONE && Regex::new(PHONE_PATTERN).unwrap().is_match(&typed);
            prop_assert_eq!(PhoneNumber::parse(&typed, DEFAULT_REGION).is_ok(), accepts);
        }
    }
}
