//! The filter language: one tree, three encodings, checked against the fields of a record type.
//!
//! [`parse`] and [`print`] are the string form, [`from_json`] and [`to_json`] the JSON form, [`from_short`] a query
//! parameter. [`check`] resolves names and types values; what it returns becomes SQL elsewhere and is evaluated in memory
//! by [`is_match`], with the same two-valued meaning (see [`checked`]).
//!
//! Beyond the grammar of the contract the readers also take `q` (quarter) as a unit, `amount.amount` for an amount, and a
//! quoted text wherever the field says how to read it.

pub mod ast;
mod calendar;
pub mod catalogue;
mod check;
pub mod checked;
mod error;
mod eval;
mod json;
mod limits;
mod literal;
mod money;
mod own;
mod parser;
mod possible;
mod print;
mod typing;

pub use ast::{Filter, Literal, Macro, Op, Operand, Unit};
pub use calendar::bounds as day_bounds;
pub use catalogue::{Catalogue, Field, FieldKind};
pub use check::{Env, check};
pub use checked::{Checked, CmpOp, Column, TagMatch, TextMatch, Value};
pub use error::FilterError;
pub use eval::{Source, is_match};
pub use json::{from_json, from_short, to_json};
pub use limits::{MAX_BYTES, MAX_DEPTH, MAX_HOPS, MAX_TESTS, MAX_VALUES};
pub use own::{require_fields, require_own};
pub use parser::parse;
pub use possible::can_match;
pub use print::print;

#[cfg(test)]
mod tests;
