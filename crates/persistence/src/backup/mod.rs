//! Backups: one portable file for both databases, written from one snapshot while the server writes.
//!
//! The file is a line of text, a gzip stream and a line of text:
//!
//! ```text
//! rapport-backup 1
//! <gzip: one JSON value per line>
//!   {"program":"0.1.0","schema":["20261121000000"],"organisation":"…","taken_at":1795312345678901,"database":"sqlite"}
//!   {"table":"teams","columns":[["id","uuid"],["name","text"],…]}
//!   ["01a2…","华东",null,1,1795312345678901,1795312345678901]
//!   {"end":"teams","rows":1,"sha256":"…"}
//!   …
//!   {"complete":true,"tables":24,"rows":123456}
//! sha256 <of everything before this line>
//! ```
//!
//! Ids are text, moments microseconds since 1970, documents JSON with sorted keys. The sum of a table does not depend on the
//! order of its rows, and is the same on both databases: after a restore it is computed again from the rows that are there.
//! The words of search are not in it; a restore makes them anew. Sessions and signing keys are not in it either.

mod empty;
mod file;
mod indexes;
mod line;
mod load;
mod restore;
mod row;
mod snapshot;
mod tables;
mod verify;
mod words;
mod write;

pub use file::Header;
pub(crate) use restore::MARK;
pub(crate) use restore::is_unfinished;
pub use restore::{Restored, restore, unfinished};
pub use snapshot::Snapshot;
pub use tables::contents;
pub use verify::{Verified, verify};
pub use words::{Document, Documents};
pub use write::{About, Written, write};

use crate::error::StoreError;

/// The version of the file format this program writes, and the newest it reads.
pub const FORMAT: u32 = 1;

/// Why a backup could not be made, read or restored; the text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file system refused.
    #[error("{0}: {1}")]
    File(String, std::io::Error),
    /// The file is there already.
    #[error("{0} exists; a backup never overwrites a file: choose another name")]
    Exists(String),
    /// It is no backup of Rapport's.
    #[error("this is not a backup of Rapport's")]
    Foreign,
    /// A newer program made it.
    #[error("a newer Rapport made this backup ({0}): use that version or a later one")]
    Newer(String),
    /// Its end is missing.
    #[error("the file has been cut short: its closing line is missing")]
    Short,
    /// Its bytes are not those that were written.
    #[error("the file is damaged: its bytes do not have the sum in its closing line")]
    Damaged,
    /// Its bytes are as written, but what they say cannot be.
    #[error("the backup is not whole: {0}")]
    Unsound(String),
    /// The database cannot be backed up as it is.
    #[error("{0}")]
    Unready(String),
    /// The database is not empty.
    #[error(
        "the database is not empty ({0}): restore into a new data folder (--data), or into an empty database or schema (--database)"
    )]
    Occupied(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<diesel::result::Error> for BackupError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Store(error.into())
    }
}

impl BackupError {
    fn file(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self {
        let name = path.display().to_string();
        move |error| Self::File(name, error)
    }
}

/// What has been done so far, for a line of progress.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rows read or written.
    pub rows: u64,
    /// Which part of the work this is.
    pub part: &'static str,
}

/// Told now and then how far the work is.
pub type Report<'a> = &'a dyn Fn(Progress);
