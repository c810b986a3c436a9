//! Handing over everything of somebody who leaves: in one operation, which can be undone.

mod dto;
mod give;
mod heirs;
mod holdings;
mod named;
mod routes;
mod undo;
mod views;

pub use dto::{HandoverCounts, HandoverView};
pub use routes::routes;
