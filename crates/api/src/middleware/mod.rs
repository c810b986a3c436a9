//! What happens around every request.

mod answer;
mod headers;
mod outer;

pub use outer::around;
