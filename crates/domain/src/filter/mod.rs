//! The filter language: one tree, three encodings, checked against the fields of a record type.
//!
//! `parse` and `print` are the string form, `from_json` and `to_json` the JSON form, `from_short` a query parameter.
//! `check` resolves names and types values; what it returns becomes SQL elsewhere and is evaluated in memory by `eval`,
//! with the same two-valued meaning (see [`checked`]).

pub mod catalogue;
pub mod checked;

pub use catalogue::{Catalogue, Field, FieldKind};
pub use checked::{Checked, CmpOp, Column, TagMatch, TextMatch, Value};
