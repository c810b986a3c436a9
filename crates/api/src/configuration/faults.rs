//! Rules that several kinds of configuration share.

use serde_json::Value;
use uuid::Uuid;

use crate::problem::{Code, FieldError};

/// The form of keys, which never change.
pub(super) const KEY_PATTERN: &str = "^[a-z][a-z0-9_]{0,49}$";

/// Whether a text has the form of a key.
fn is_key(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    text.len() <= 50 && text.bytes().all(is_word) && text.bytes().next().is_some_and(|first| first.is_ascii_lowercase())
}

/// Checks the key of a new row.
pub(super) fn check_key(key: &str, faults: &mut Vec<FieldError>) {
    if !is_key(key) {
        let fault = FieldError::at("/key", Code::InvalidValue).with("pattern", KEY_PATTERN);
        faults.push(fault.because(
            "小写字母开头，只含小写字母、数字和下划线，最多 50 个字符",
            "Up to 50 small letters, digits and underscores, a letter first",
        ));
    }
}

/// Checks that a number lies between two others.
pub(crate) fn check_range(pointer: &str, value: Option<i32>, min: i32, max: i32, faults: &mut Vec<FieldError>) {
    if value.is_some_and(|value| !(min..=max).contains(&value)) {
        let fault = FieldError::at(pointer, Code::InvalidValue).with("min", min).with("max", max);
        faults.push(fault.because(format!("必须在 {min} 到 {max} 之间"), format!("Must be between {min} and {max}")));
    }
}

/// Takes the id of the rule that a tried one replaces out of its fields, so that they can be read as strictly as a new rule's.
pub(crate) fn take_replaced(rule: &mut Value, faults: &mut Vec<FieldError>) -> Option<Uuid> {
    let id = rule.as_object_mut().and_then(|fields| fields.remove("id")).filter(|id| !id.is_null())?;
    let read = id.as_str().and_then(|text| Uuid::try_parse(text).ok());
    if read.is_none() {
        faults.push(FieldError::at("/rule/id", Code::InvalidValue));
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_short_words() {
        for key in ["a", "cold_call", "x1", &"k".repeat(50)] {
            assert!(is_key(key), "{key}");
        }
        for key in ["", "1a", "_a", "A", "a-b", "a b", "线索", "a\n", &"k".repeat(51)] {
            assert!(!is_key(key), "{key}");
        }
    }
}
