//! Writing the string form: `parse(print(filter)) == filter`.

use super::ast::{Filter, Literal, Op, Operand};
use super::literal;

/// The string form; every record is the empty text.
#[must_use]
pub fn print(filter: &Filter) -> String {
    match filter {
        Filter::True => String::new(),
        Filter::And(parts) => join(parts, " AND "),
        Filter::Or(parts) => join(parts, " OR "),
        Filter::Not(inner) => format!("NOT {}", within(inner)),
        Filter::Any { path, filter } => format!("{} ANY ({})", path.join("."), print(filter)),
        Filter::Test { path, op, value } => print_test(&path.join("."), *op, value),
    }
}

fn join(parts: &[Filter], word: &str) -> String {
    parts.iter().map(within).collect::<Vec<_>>().join(word)
}

/// A part of something larger: a test as it is, everything else in brackets.
fn within(filter: &Filter) -> String {
    match filter {
        Filter::Test { .. } | Filter::Any { .. } => print(filter),
        _ => format!("({})", print(filter)),
    }
}

fn print_test(path: &str, op: Op, value: &Operand) -> String {
    let symbol = op.symbol();
    match value {
        Operand::None => format!("{path} {symbol}"),
        Operand::One(value) => format!("{path} {symbol} {}", print_literal(value)),
        Operand::Range(low, high) => format!("{path} {symbol} {} AND {}", print_literal(low), print_literal(high)),
        Operand::List(values) => {
            let values: Vec<String> = values.iter().map(print_literal).collect();
            format!("{path} {symbol} ({})", values.join(", "))
        }
    }
}

fn print_literal(value: &Literal) -> String {
    match value {
        Literal::Text(text) => quote(text),
        Literal::Number(number) => number.to_string(),
        Literal::Bool(value) => value.to_string(),
        Literal::Null => "null".to_owned(),
        Literal::Date(date) => date.to_string(),
        Literal::Instant(instant) => literal::print_instant(instant),
        Literal::Macro(found) => literal::print_macro(*found),
    }
}

fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}
