//! The store over every database there is.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod assignment;
mod builders;
mod bulk;
mod configuration;
mod finding;
mod pools;
mod rows;
mod schema;
mod stale_times;
mod store;
