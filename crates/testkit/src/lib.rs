//! What Rapport's own tests share: databases, a clock, and people.
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

mod database;
mod moment;
pub mod persona;
mod template;

pub use database::{Database, POSTGRES_URL};
pub use moment::{TestClock, TestIds};
