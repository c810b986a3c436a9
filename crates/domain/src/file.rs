//! Files that people attach: what they may be called, what they are, and what is refused.
//!
//! What a file is, its bytes say. What its name and its sender say is only held against that: a file that is something else
//! than it says it is, is refused, and so is what runs when somebody opens it.

mod kinds;
mod name;
mod sniff;

pub use name::{MAX_FILE_NAME, clean_name, extension};
pub use sniff::sniff;

use kinds::{KINDS, Kind, is_program_name, is_program_type};

/// How much of the beginning tells what a file is.
pub const HEAD: usize = 64 * 1024;
/// What nobody can tell.
pub const UNKNOWN: &str = "application/octet-stream";

/// Why a file is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// It runs when it is opened.
    #[error("programs are not taken")]
    Program,
    /// Its bytes are not what it is said to be.
    #[error("it is {is}, and not what its {said} says")]
    Mismatch {
        /// What its bytes are.
        is: &'static str,
        /// Who says otherwise.
        said: Said,
    },
}

/// Who says what a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// The ending of its name.
    Name,
    /// Whoever sent it.
    Sender,
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Name => "name",
            Self::Sender => "sender",
        })
    }
}

/// What a file is: a media type, from the beginning of its bytes, its name and what its sender says it is.
///
/// # Errors
/// A program, or what is something else than it is said to be.
pub fn media_type(head: &[u8], name: &str, said: Option<&str>) -> Result<&'static str, FileError> {
    let (is, extension) = (sniff(head), extension(name).unwrap_or_default());
    if is_program_type(is) || is_program_name(&extension) {
        return Err(FileError::Program);
    }
    let by_name = KINDS.iter().find(|kind| kind.extensions.contains(&extension.as_str()));
    if by_name.is_some_and(|kind| !kind.fits(is)) {
        return Err(FileError::Mismatch { is, said: Said::Name });
    }
    let said = said.map(|said| said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    let by_sender: Vec<&Kind> =
        said.iter().flat_map(|said| KINDS.iter().filter(move |kind| kind.is_called(said))).collect();
    if !by_sender.is_empty() && !by_sender.iter().any(|kind| kind.fits(is)) {
        return Err(FileError::Mismatch { is, said: Said::Sender });
    }
    Ok(by_name.or_else(|| by_sender.into_iter().find(|kind| kind.fits(is))).map_or(is, |kind| kind.media_type))
}

#[cfg(test)]
mod tests;
