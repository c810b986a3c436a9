//! API keys, for programs that act in a user's name.

mod dto;
mod routes;

pub use routes::routes;
