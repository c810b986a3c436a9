//! Files that people attach to activities (docs/adr/0018-files.md).
//!
//! A file arrives piece by piece and is nothing until all of it is there and found good ([`upload`]). Then it is its sender's,
//! for a day, unless it is attached to an activity, whose readers may fetch it from then on ([`download`]).

mod download;
mod dto;
mod routes;
mod service;
mod tidy;
mod upload;

pub(crate) use dto::href;
pub use routes::routes;
pub(crate) use service::put;
pub(crate) use tidy::tidy;

use std::sync::Arc;

use crate::config::FilesConfig;
use crate::seats::{Rows, Seats};

/// Where files are sent to; their bodies have limits of their own.
pub(crate) const PATH: &str = "/api/v1/files";

/// Whether a path is that of a file's bytes, which have whatever type the file has.
pub(crate) fn is_content(path: &str) -> bool {
    path.strip_prefix(PATH).is_some_and(|rest| rest.starts_with('/') && rest.ends_with("/content"))
}

/// Places for files that arrive.
pub(crate) fn seats(config: &FilesConfig) -> Arc<Seats> {
    Arc::new(Seats::new(Rows {
        most: config.uploads,
        most_per_user: config.uploads_per_user,
        gauge: "rapport_uploads",
        user_full: ("同时上传的文件过多", "You send too many files at once"),
        full: ("正在上传的文件过多", "Too many files are being sent"),
    }))
}
