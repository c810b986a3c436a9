//! The first run: a one-time link on the console, and a page that makes the first administrator.

mod dto;
mod link;
mod routes;

pub use link::setup_link;
pub use routes::routes;
