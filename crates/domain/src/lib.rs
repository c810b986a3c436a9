//! The rules of Rapport.
//!
//! No I/O, no clock, no database and no HTTP: what a record may become, who may do what, and what a filter means.

pub mod kind;
pub mod access;
pub mod context;
mod text_enum;
pub mod filter;
pub mod search;
pub mod text;
pub mod lead;
pub mod team;
pub mod email;
pub mod money;
pub mod phone;
