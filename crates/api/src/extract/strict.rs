//! Reading JSON strictly: what is no JSON, what is unknown and what does not fit are told apart, with a pointer.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use super::unique::Unique;
use super::value::Strict;
use crate::problem::{Code, FieldError, Problem};

/// Reads a body into `T`.
///
/// # Errors
/// `malformed_json` (400) for what is no JSON text or names a member twice; `validation_failed` (422) with a pointer for unknown fields
/// (`unknown_field`), missing ones (`required`) and values of another type or with U+0000 (`invalid_value`).
pub fn parse_body<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // Read whole for its syntax first: a typed reader stops at the first wrong value and does not see what follows.
    let Unique(value) = serde_json::from_slice(bytes).map_err(|error| malformed(&error.to_string()))?;
    read_value(value)
}

/// Reads a JSON value into `T`.
///
/// # Errors
/// `validation_failed` (422), as [`parse_body`].
pub fn read_value<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    if !value.is_object() {
        return Err(Problem::of_fields(vec![FieldError::at("", Code::InvalidValue)]));
    }
    refuse_nul(&value)?;
    serde_path_to_error::deserialize(Strict(value)).map_err(|error| refuse(&error.path().clone(), error.inner()))
}

fn malformed(reason: &str) -> Problem {
    Problem::new(Code::MalformedJson).because(format!("JSON 格式错误：{reason}"), format!("Not valid JSON: {reason}"))
}

/// Refuses every text with U+0000, which PostgreSQL does not keep, at its place.
fn refuse_nul(value: &Value) -> Result<(), Problem> {
    let mut places = Vec::new();
    find_nul(value, String::new(), &mut places);
    Problem::check(
        places
            .into_iter()
            .map(|place| {
                FieldError::at(place, Code::InvalidValue).because("文本中含有 U+0000 字符", "The text holds U+0000")
            })
            .collect(),
    )
}

fn find_nul(value: &Value, place: String, places: &mut Vec<String>) {
    match value {
        Value::String(text) if text.contains('\0') => places.push(place),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(n, item)| find_nul(item, format!("{place}/{n}"), places));
        }
        // A name that holds it cannot be said either: its owner is pointed at.
        Value::Object(members) if members.keys().any(|name| name.contains('\0')) => places.push(place),
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| find_nul(value, format!("{place}/{}", escape(name)), places));
        }
        _ => {}
    }
}

fn refuse(path: &Path, error: &serde_json::Error) -> Problem {
    if !error.is_data() {
        return malformed(&error.to_string());
    }
    let text = error.to_string();
    let pointer = pointer(path);
    Problem::of_fields(vec![match named(&text) {
        (Some("unknown field"), Some(field)) => FieldError::at(child(&pointer, field), Code::UnknownField),
        (Some("missing field"), Some(field)) => FieldError::at(child(&pointer, field), Code::Required),
        _ => FieldError::at(pointer, Code::InvalidValue)
            .because("值的类型或格式不正确", "The value has the wrong type or form"),
    }])
}

/// The kind of a message of serde, and the field it names in backticks.
fn named(text: &str) -> (Option<&str>, Option<&str>) {
    let mut parts = text.split('`');
    (parts.next().map(str::trim_end), parts.next())
}

/// The pointer to a field, unless the path leads there already.
fn child(pointer: &str, field: &str) -> String {
    let name = escape(field);
    if pointer.rsplit('/').next() == Some(&name) && !pointer.is_empty() {
        return pointer.to_owned();
    }
    format!("{pointer}/{name}")
}

fn pointer(path: &Path) -> String {
    path.iter().fold(String::new(), |mut pointer, segment| {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => pointer.push_str(&format!("/{}", escape(key))),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
        pointer
    })
}

/// RFC 6901.
pub(crate) fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use serde::Deserialize;

    use super::*;
    use crate::problem::Place;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[expect(dead_code, reason = "only read")]
        name: String,
        #[serde(default)]
        #[expect(dead_code, reason = "only read")]
        inner: Vec<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code, reason = "only read")]
        size: u8,
    }

    fn refused(json: &str) -> (Code, String, Code) {
        let problem = parse_body::<Outer>(json.as_bytes()).unwrap_err();
        let error = problem.errors().first().cloned();
        match error {
            Some(FieldError { place: Place::Pointer(pointer), code, .. }) => (problem.code(), pointer, code),
            _ => (problem.code(), String::new(), problem.code()),
        }
    }

    #[test]
    fn what_does_not_fit_is_pointed_at() {
        let validation = |pointer: &str, code| (Code::ValidationFailed, pointer.to_owned(), code);
        assert_eq!(refused("{}"), validation("/name", Code::Required));
        assert_eq!(refused(r#"{"name":1}"#), validation("/name", Code::InvalidValue));
        assert_eq!(refused(r#"{"name":"a","x":1}"#), validation("/x", Code::UnknownField));
        assert_eq!(refused(r#"{"name":"a","a/b":1}"#), validation("/a~1b", Code::UnknownField));
        assert_eq!(
            refused(r#"{"name":"a","inner":[{"size":1},{"size":300}]}"#),
            validation("/inner/1/size", Code::InvalidValue)
        );
        assert_eq!(refused(r#"{"name":"a","inner":[{"size":1,"y":2}]}"#), validation("/inner/0/y", Code::UnknownField));
        assert_eq!(refused("[]").1, "");
    }

    #[test]
    fn what_is_no_json_is_malformed() {
        let deep = format!("{{\"name\":\"a\",\"x\":{}{}}}", "[".repeat(200), "]".repeat(200));
        for bad in ["", "{", "{\"name\":\"a\"", "{\"name\":\"\\ud800\"}", "{\"name\":\"a\"} x", "nul", &deep] {
            assert_eq!(parse_body::<Outer>(bad.as_bytes()).unwrap_err().code(), Code::MalformedJson, "{bad}");
        }
        assert_eq!(parse_body::<Outer>(b"{\"name\":\"\xff\"}").unwrap_err().code(), Code::MalformedJson);
    }

    #[test]
    fn a_member_named_twice_is_malformed_however_it_is_spelt() {
        for bad in [
            r#"{"name":"a","name":"b"}"#,
            r#"{"name":"a","n\u0061me":"b"}"#,
            r#"{"name":"a","inner":[{"size":1,"size":1}]}"#,
        ] {
            assert_eq!(parse_body::<Outer>(bad.as_bytes()).unwrap_err().code(), Code::MalformedJson, "{bad}");
        }
        assert!(parse_body::<Outer>(br#"{"name":"a","inner":[{"size":1},{"size":1}]}"#).is_ok());
    }

    #[test]
    fn a_text_with_nul_is_pointed_at() {
        let invalid = |pointer: &str| (Code::ValidationFailed, pointer.to_owned(), Code::InvalidValue);
        assert_eq!(refused(r#"{"name":"\u0000"}"#), invalid("/name"));
        assert_eq!(refused(r#"{"name":"\\\u0000"}"#), invalid("/name"));
        assert_eq!(refused(r#"{"name":"a","inner":[{"size":"a\u0000"}]}"#), invalid("/inner/0/size"));
        assert_eq!(refused(r#"{"name":"a","\u0000":1}"#), invalid(""));
        assert_eq!(refused(r#"{"name":"a","inner":[{"a\u0000":1}]}"#), invalid("/inner/0"));
        // A backslash that is itself escaped escapes nothing.
        assert!(parse_body::<Outer>(br#"{"name":"\\u0000"}"#).is_ok());
        assert_eq!(parse_body::<Outer>(b"{\"name\":\"a\0\"}").unwrap_err().code(), Code::MalformedJson);
    }

    #[test]
    fn a_list_is_no_object() {
        assert_eq!(
            refused(r#"{"name":"a","inner":[[1]]}"#),
            (Code::ValidationFailed, "/inner/0".to_owned(), Code::InvalidValue)
        );
    }
}
