//! What people keep at hand for themselves: favourite records, and sticky notes.

mod dto;
mod favourites;
mod routes;
mod sticky_notes;

pub use routes::routes;
