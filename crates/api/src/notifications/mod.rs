//! What people are told of: who named them, what came to be theirs, what they have to do now.

pub mod digest;
mod dto;
mod inbox;
mod routes;
mod settings;
pub mod sweep;
pub(crate) mod telling;
mod views;

pub use dto::{NotificationSettingsView, NotificationView};
pub use routes::routes;
