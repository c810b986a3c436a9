//! The rules of Rapport.
//!
//! No I/O, no clock, no database and no HTTP: what a record may become, who may do what, and what a filter means.

pub mod access;
pub mod activity;
pub mod assignment;
pub mod contact;
pub mod context;
pub mod conversion;
pub mod customer;
pub mod date;
pub mod email;
pub mod file;
pub mod filter;
pub mod handover;
pub mod job;
pub mod kind;
pub mod lead;
pub mod mention;
pub mod money;
pub mod notification;
pub mod opportunity;
pub mod phone;
pub mod placeholder;
pub mod pool;
pub mod repetition;
pub mod scoring;
pub mod search;
pub mod team;
pub mod text;
mod text_enum;
