//! Merge patches (RFC 7396) over the writable fields of a record.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use validator::Validate;

use rapport_persistence::changes::FieldChange;
use rapport_persistence::record::Record;

use super::RecordType;
use crate::extract::{escape, read_value, validate};
use crate::problem::{Code, FieldError, Problem};

/// The writable fields after `patch`, read with the same strictness as a new record.
///
/// # Errors
/// Unknown fields, wrong types and values out of range, each with its pointer.
pub(crate) fn merged<R: RecordType>(record: &Record<R::Body>, patch: &Value) -> Result<R::Input, Problem> {
    require_object(patch)?;
    if patch.get("id").is_some() {
        return Err(Problem::validation().at("/id", Code::UnknownField));
    }
    let mut document =
        serde_json::to_value(R::input_of(record)).map_err(|error| Problem::internal(error.to_string()))?;
    refuse_unknown_nulls(&document, patch)?;
    json_patch::merge(&mut document, patch);
    read_input(document)
}

/// Null takes a field away before anybody can see that there is none of that name: looked for here.
fn refuse_unknown_nulls(document: &Value, patch: &Value) -> Result<(), Problem> {
    let members = patch.as_object().into_iter().flatten();
    let unknown = members.filter(|(name, value)| value.is_null() && document.get(name).is_none());
    let faults: Vec<FieldError> =
        unknown.map(|(name, _)| FieldError::at(format!("/{}", escape(name)), Code::UnknownField)).collect();
    if faults.is_empty() { Ok(()) } else { Err(faults.into_iter().fold(Problem::validation(), Problem::error)) }
}

/// The writable fields of a record as they are.
pub(crate) fn input_fields<R: RecordType>(record: &Record<R::Body>) -> Map<String, Value> {
    match serde_json::to_value(R::input_of(record)) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// What the history compares: the writable fields, and those that rules write.
pub(crate) fn facts<R: RecordType>(record: &Record<R::Body>) -> Map<String, Value> {
    let mut facts = input_fields::<R>(record);
    facts.extend(R::ruled(record).into_iter().map(|(name, value)| (name.to_owned(), value)));
    facts
}

/// Refuses what is no JSON object.
///
/// # Errors
/// 422 at the root.
pub(crate) fn require_object(value: &Value) -> Result<(), Problem> {
    if value.is_object() { Ok(()) } else { Err(Problem::validation().at("", Code::InvalidValue)) }
}

/// Reads writable fields as strictly as a request body is read.
///
/// # Errors
/// Unknown fields, wrong types and values out of range, each with its pointer.
pub(crate) fn read_input<T: DeserializeOwned + Validate>(value: Value) -> Result<T, Problem> {
    let input: T = read_value(value)?;
    validate(&input)?;
    Ok(input)
}

/// The fields that differ, in alphabetical order.
pub(crate) fn differences<R: RecordType>(
    before: Option<&Record<R::Body>>,
    after: &Record<R::Body>,
) -> Vec<FieldChange> {
    let old = before.map(facts::<R>).unwrap_or_default();
    let new = facts::<R>(after);
    let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
    names.sort();
    names.dedup();
    let value = |fields: &Map<String, Value>, name: &str| fields.get(name).cloned().unwrap_or(Value::Null);
    names
        .into_iter()
        .filter(|name| !matches!(name.as_str(), "id"))
        .map(|name| FieldChange { field: name.clone(), old: value(&old, name), new: value(&new, name) })
        .filter(|change| change.old != change.new && !(is_empty(&change.old) && is_empty(&change.new)))
        .collect()
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}
