//! Teams, the tree of the organisation.

mod dto;
mod routes;
mod service;

pub use dto::{CreateTeam, TeamView};
pub use routes::routes;
