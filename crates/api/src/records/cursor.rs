//! Cursors: opaque to callers, signed, and bound to the list they came from.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use rapport_persistence::page::{After, SortValue};

use crate::problem::{Code, Problem};

/// Bytes of the signature that a cursor carries.
const MAC_BYTES: usize = 16;
/// A cursor of ours is never longer.
const MAX_CHARACTERS: usize = 2048;

#[derive(Debug, Serialize, Deserialize)]
struct Payload {
    /// Digest of everything that decides which list this is.
    #[serde(rename = "l")]
    list: String,
    #[serde(rename = "v")]
    values: Vec<Wire>,
    #[serde(rename = "i")]
    id: Uuid,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Wire {
    Null,
    Text(String),
    Int(i64),
    Date(NaiveDate),
    At(DateTime<Utc>),
}

/// A digest of the words that make a list what it is (type, filter, sort, query).
pub(crate) fn fingerprint(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.len().to_be_bytes());
        digest.update(part.as_bytes());
    }
    URL_SAFE_NO_PAD.encode(digest.finalize().get(..12).unwrap_or_default())
}

/// Writes a cursor.
pub(crate) fn seal(key: &[u8], list: &str, after: &After) -> String {
    let values = after.values.iter().map(to_wire).collect();
    let payload = serde_json::to_vec(&Payload { list: list.to_owned(), values, id: after.id }).unwrap_or_default();
    let mac = sign(key, &payload);
    URL_SAFE_NO_PAD.encode([payload.as_slice(), mac.get(..MAC_BYTES).unwrap_or_default()].concat())
}

/// Reads a cursor.
///
/// # Errors
/// `cursor_invalid` when it is not one of ours, `cursor_mismatch` when it belongs to another list.
pub(crate) fn open(key: &[u8], list: &str, cursor: &str) -> Result<After, Problem> {
    let invalid = || Problem::new(Code::CursorInvalid);
    if cursor.len() > MAX_CHARACTERS {
        return Err(invalid());
    }
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| invalid())?;
    let (payload, mac) = bytes.split_at_checked(bytes.len().saturating_sub(MAC_BYTES)).ok_or_else(invalid)?;
    verify(key, payload, mac).ok_or_else(invalid)?;
    let payload: Payload = serde_json::from_slice(payload).map_err(|_| invalid())?;
    if payload.list != list {
        return Err(Problem::new(Code::CursorMismatch));
    }
    Ok(After { values: payload.values.into_iter().map(from_wire).collect(), id: payload.id })
}

fn keyed(key: &[u8], payload: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(payload);
    Some(mac)
}

fn sign(key: &[u8], payload: &[u8]) -> Vec<u8> {
    keyed(key, payload).map(|mac| mac.finalize().into_bytes().to_vec()).unwrap_or_default()
}

fn verify(key: &[u8], payload: &[u8], mac: &[u8]) -> Option<()> {
    keyed(key, payload)?.verify_truncated_left(mac).ok()
}

fn to_wire(value: &SortValue) -> Wire {
    match value {
        SortValue::Null => Wire::Null,
        SortValue::Text(text) => Wire::Text(text.clone()),
        SortValue::Integer(number) => Wire::Int(*number),
        SortValue::Date(date) => Wire::Date(*date),
        SortValue::Instant(at) => Wire::At(*at),
    }
}

fn from_wire(value: Wire) -> SortValue {
    match value {
        Wire::Null => SortValue::Null,
        Wire::Text(text) => SortValue::Text(text),
        Wire::Int(number) => SortValue::Integer(number),
        Wire::Date(date) => SortValue::Date(date),
        Wire::At(at) => SortValue::Instant(at),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn after() -> After {
        After {
            values: vec![SortValue::Text("上海\u{1}明德".into()), SortValue::Null, SortValue::Integer(-7)],
            id: Uuid::from_u128(7),
        }
    }

    #[test]
    fn reads_what_it_wrote() {
        let cursor = seal(b"key", "list", &after());
        assert_eq!(open(b"key", "list", &cursor).unwrap(), after());
    }

    #[test]
    fn refuses_other_lists_other_keys_and_nonsense() {
        let cursor = seal(b"key", "list", &after());
        assert_eq!(open(b"key", "other", &cursor).unwrap_err().code(), Code::CursorMismatch);
        assert_eq!(open(b"yek", "list", &cursor).unwrap_err().code(), Code::CursorInvalid);
        for nonsense in ["", "a", "*", &cursor[1..], &"A".repeat(5000)] {
            assert_eq!(open(b"key", "list", nonsense).unwrap_err().code(), Code::CursorInvalid, "{nonsense}");
        }
    }
}
