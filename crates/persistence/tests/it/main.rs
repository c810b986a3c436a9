//! The store over every database there is.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod builders;
mod bulk;
mod configuration;
