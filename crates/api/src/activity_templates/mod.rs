//! Templates of activities: what a call, a visit or a task can begin as, with places that are filled when they are used.

mod draft;
mod dto;
mod preview;
mod routes;
mod templates;

pub use routes::routes;
pub(crate) use templates::create;
