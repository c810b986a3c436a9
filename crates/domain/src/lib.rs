//! The rules of Rapport.
//!
//! No I/O, no clock, no database and no HTTP: what a record may become, who may do what, and what a filter means.

pub mod kind;
