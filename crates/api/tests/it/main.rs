//! The API as its callers see it: the real server on a real socket, over every database there is.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod harness;

mod base;
