//! Users: people who sign in.

mod dto;
mod routes;
mod service;
mod view;
mod write;

pub use dto::{CreateUser, UserView};
pub use routes::routes;
pub use service::{NewUser, add};
pub(crate) use service::{check_outranks, enter, find};
pub use write::switch_off;
pub(crate) use write::{set_active, set_manager};
