//! Moments as they are sent (RFC 3339), written to JSON as one text. By itself chrono hands over one character after the
//! other, each of which is looked at for what JSON escapes: that took a twelfth of a list.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Serialize as _, Serializer};

fn text(at: &DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

pub(super) fn serialize<S: Serializer>(at: &DateTime<Utc>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&text(at))
}

#[expect(clippy::ref_option, reason = "serde hands over the field as it is")]
pub(super) fn serialize_or_null<S: Serializer>(at: &Option<DateTime<Utc>>, to: S) -> Result<S::Ok, S::Error> {
    at.as_ref().map(text).serialize(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_everywhere_else() {
        let micros = [0, 1, 1_000, 999_999, 1_764_349_200_000_000, 1_764_349_200_120_000, -62_135_596_800_000_000];
        for at in micros.map(DateTime::from_timestamp_micros) {
            let elsewhere = serde_json::to_value(at).unwrap_or_default();
            assert_eq!(elsewhere.as_str(), at.as_ref().map(text).as_deref(), "{at:?}");
            assert!(at.is_some());
        }
    }
}
