//! The JSON form and the short form of a query parameter.
//!
//! `{"and":[…]}`, `{"or":[…]}`, `{"not":…}`, `{"field":"a.b","op":"in","value":[…]}`, `{"field":"contacts","any":{…}}`;
//! `{}` is every record. Dates and moments are strings and are read by the type of the field. A string that starts with
//! `@` is a macro; a text that really starts so is written with two.

use super::FilterError;
use super::ast::{Arity, Filter, Literal, Op, Operand, is_ident};
use super::limits::{self, MAX_NESTING, too_complex};
use super::literal;
use rust_decimal::Decimal;
use serde_json::{Map, Number, Value, json};

/// Reads the JSON form.
///
/// # Errors
/// `Json` with a JSON pointer, or `TooComplex`.
pub fn from_json(value: &Value) -> Result<Filter, FilterError> {
    if value.as_object().is_some_and(Map::is_empty) {
        return Ok(Filter::True);
    }
    let filter = read(value, &Place { pointer: String::new(), depth: 0 })?;
    limits::enforce(&filter)?;
    Ok(filter)
}

/// Writes the JSON form. Dates, moments and numbers beyond the precision of JSON become strings.
#[must_use]
pub fn to_json(filter: &Filter) -> Value {
    match filter {
        Filter::True => json!({}),
        Filter::And(parts) => json!({ "and": parts.iter().map(to_json).collect::<Vec<_>>() }),
        Filter::Or(parts) => json!({ "or": parts.iter().map(to_json).collect::<Vec<_>>() }),
        Filter::Not(inner) => json!({ "not": to_json(inner) }),
        Filter::Any { path, filter } => json!({ "field": path.join("."), "any": to_json(filter) }),
        Filter::Test { path, op, value } => write_test(&path.join("."), *op, value),
    }
}

/// Reads a query parameter: one value is equality, several between commas are `IN`, `null` is `IS NULL`.
///
/// # Errors
/// `UnknownField` when the name cannot be a path, `BadValue` for nothing or an unknown macro, `TooComplex`.
pub fn from_short(field: &str, text: &str) -> Result<Filter, FilterError> {
    let path = split_path(field).ok_or_else(|| FilterError::UnknownField { path: field.to_owned() })?;
    let bad = |expected: &str| FilterError::BadValue { path: field.to_owned(), expected: expected.to_owned() };
    if text == "null" {
        return Ok(Filter::Test { path, op: Op::IsNull, value: Operand::None });
    }
    let pieces = text.split(',').map(str::trim);
    let values: Option<Vec<Literal>> =
        pieces.map(|piece| literal::from_plain(piece).filter(|_| !piece.is_empty())).collect();
    let mut values = values.ok_or_else(|| bad("values between commas"))?;
    let filter = match values.len() {
        1 => Filter::Test { path, op: Op::Eq, value: Operand::One(values.pop().ok_or_else(|| bad("a value"))?) },
        _ => Filter::Test { path, op: Op::In, value: Operand::List(values) },
    };
    limits::enforce(&filter)?;
    Ok(filter)
}

/// Where in the document the reader is.
struct Place {
    pointer: String,
    depth: usize,
}

impl Place {
    fn below(&self, key: impl std::fmt::Display) -> Self {
        Self { pointer: format!("{}/{key}", self.pointer), depth: self.depth + 1 }
    }

    fn fail<T>(&self, message: &str) -> Result<T, FilterError> {
        Err(FilterError::Json { pointer: self.pointer.clone(), message: message.to_owned() })
    }
}

fn read(value: &Value, place: &Place) -> Result<Filter, FilterError> {
    if place.depth > MAX_NESTING * 2 {
        return too_complex("at most 5 levels of AND, OR, NOT and ANY");
    }
    let Some(object) = value.as_object() else { return place.fail("expected an object") };
    let keys: Vec<&str> = object.keys().map(String::as_str).collect();
    match object.iter().next() {
        Some((key, parts)) if keys == ["and"] => {
            read_parts(parts, &place.below(key)).map(|parts| single_or(parts, Filter::And))
        }
        Some((key, parts)) if keys == ["or"] => {
            read_parts(parts, &place.below(key)).map(|parts| single_or(parts, Filter::Or))
        }
        Some((key, inner)) if keys == ["not"] => Ok(Filter::Not(Box::new(read(inner, &place.below(key))?))),
        Some(_) if object.contains_key("field") => read_field(object, place),
        _ => place.fail("expected one of and, or, not, field"),
    }
}

fn read_parts(parts: &Value, place: &Place) -> Result<Vec<Filter>, FilterError> {
    match parts.as_array() {
        Some(parts) if !parts.is_empty() => {
            parts.iter().enumerate().map(|(index, part)| read(part, &place.below(index))).collect()
        }
        _ => place.fail("expected a list of at least one filter"),
    }
}

fn read_field(object: &Map<String, Value>, place: &Place) -> Result<Filter, FilterError> {
    if object.keys().any(|key| !matches!(key.as_str(), "field" | "op" | "value" | "any")) {
        return place.fail("expected no keys but field, op, value, any");
    }
    let path = object.get("field").and_then(Value::as_str).and_then(split_path);
    let Some(path) = path else { return place.below("field").fail("expected the name of a field") };
    match (object.get("any"), object.get("op"), object.get("value")) {
        (Some(inner), None, None) => {
            let filter = Box::new(read(inner, &place.below("any"))?);
            Ok(Filter::Any { path, filter })
        }
        (None, Some(op), value) => read_test(path, op, value, place),
        _ => place.fail("expected either op and value, or any"),
    }
}

fn read_test(path: Vec<String>, op: &Value, value: Option<&Value>, place: &Place) -> Result<Filter, FilterError> {
    let Some(op) = op.as_str().and_then(Op::parse) else { return place.below("op").fail("expected an operator") };
    let place = place.below("value");
    let list = value.and_then(Value::as_array);
    let value = match (op.arity(), value, list.map(Vec::as_slice)) {
        (Arity::Nothing, None, _) => Operand::None,
        (Arity::One, Some(value), None) => Operand::One(read_literal(value, &place)?),
        (Arity::Two, _, Some([low, high])) => Operand::Range(read_literal(low, &place)?, read_literal(high, &place)?),
        (Arity::List, _, Some(values)) if !values.is_empty() => {
            let values: Result<_, _> = values.iter().map(|value| read_literal(value, &place)).collect();
            Operand::List(values?)
        }
        (Arity::Nothing, ..) => return place.fail("expected no value"),
        (Arity::One, ..) => return place.fail("expected one value"),
        (Arity::Two, ..) => return place.fail("expected a list of two values"),
        (Arity::List, ..) => return place.fail("expected a list of at least one value"),
    };
    Ok(Filter::Test { path, op, value })
}

fn read_literal(value: &Value, place: &Place) -> Result<Literal, FilterError> {
    match value {
        Value::Null => Ok(Literal::Null),
        Value::Bool(value) => Ok(Literal::Bool(*value)),
        Value::Number(number) => {
            read_number(number).map_or_else(|| place.fail("this number is out of range"), |n| Ok(Literal::Number(n)))
        }
        Value::String(text) => literal::from_plain(text).map_or_else(|| place.fail("unknown macro"), Ok),
        Value::Array(_) | Value::Object(_) => place.fail("expected a text, a number, true, false or null"),
    }
}

fn read_number(number: &Number) -> Option<Decimal> {
    let text = number.to_string();
    Decimal::from_str_exact(&text).or_else(|_| Decimal::from_scientific(&text)).ok()
}

fn write_test(field: &str, op: Op, value: &Operand) -> Value {
    let value = match value {
        Operand::None => return json!({ "field": field, "op": op.name() }),
        Operand::One(value) => write_literal(value),
        Operand::Range(low, high) => json!([write_literal(low), write_literal(high)]),
        Operand::List(values) => values.iter().map(write_literal).collect(),
    };
    json!({ "field": field, "op": op.name(), "value": value })
}

fn write_literal(value: &Literal) -> Value {
    match value {
        Literal::Text(text) => json!(literal::to_plain(text)),
        Literal::Number(number) => write_number(*number),
        Literal::Bool(value) => json!(value),
        Literal::Null => Value::Null,
        Literal::Date(date) => json!(date.to_string()),
        Literal::Instant(instant) => json!(literal::print_instant(instant)),
        Literal::Macro(found) => json!(literal::print_macro(*found)),
    }
}

/// A number, if JSON keeps it as it was written: `name = 1280.00` compares a text, whose zeros count. Otherwise the text, which
/// compares with numbers just as well.
fn write_number(number: Decimal) -> Value {
    let written = number.to_string();
    let whole = written.parse::<i64>().ok().map(Number::from);
    let found = whole.or_else(|| written.parse().ok().and_then(Number::from_f64));
    let exact = found.filter(|found| read_number(found).is_some_and(|read| read.to_string() == written));
    exact.map_or_else(|| json!(written), Value::Number)
}

fn split_path(field: &str) -> Option<Vec<String>> {
    let path: Vec<String> = field.split('.').map(str::to_owned).collect();
    path.iter().enumerate().all(|(position, ident)| is_ident(ident, position)).then_some(path)
}

fn single_or(mut parts: Vec<Filter>, level: fn(Vec<Filter>) -> Filter) -> Filter {
    match parts.len() {
        1 => parts.pop().unwrap_or(Filter::True),
        _ => level(parts),
    }
}
