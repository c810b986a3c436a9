//! The API as its callers see it: the real server on a real socket, over every database there is.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod harness;

mod base;
mod configuration;
mod records_conversion;
mod records_given;
mod records_scope;
mod records_versions;
mod sample;
mod cli;
mod contract;
mod first_run;
mod keys;
mod people;
mod session;
mod tokens;
