//! One server at a time on an embedded database: it keeps sessions, rights and rate limits in memory, which a second one
//! would not see change. The command line may work beside it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::PathBuf;

use crate::connection::Target;

/// Keeps a second server away for as long as it lives; the operating system lets go of it however the process ends.
#[derive(Debug)]
pub struct ServerLock {
    _file: File,
}

/// Why there is no lock.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another server has it.
    #[error("another Rapport serves {}", .0.display())]
    Taken(PathBuf),
    /// The file cannot be made or locked.
    #[error("cannot lock {}: {}", .0.display(), .1)]
    Failed(PathBuf, #[source] io::Error),
}

impl ServerLock {
    /// Takes the lock of an embedded database, a file beside it. A server of databases takes any number of servers: `None`.
    ///
    /// # Errors
    /// [`LockError`].
    pub fn take(target: &Target) -> Result<Option<Self>, LockError> {
        let Target::Sqlite(database) = target else { return Ok(None) };
        let path = database.with_extension("lock");
        let failed = |error| LockError::Failed(path.clone(), error);
        let mut file = open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LockError::Taken(database.clone())),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        // For whoever wonders who it is; nothing reads it, so that a full disk is no reason not to start.
        let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
        Ok(Some(Self { _file: file }))
    }
}

fn open(path: &std::path::Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_second_server_is_kept_away_until_the_first_has_ended() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::Sqlite(folder.path().join("rapport.db"));
        let first = ServerLock::take(&target).unwrap();
        assert!(matches!(ServerLock::take(&target), Err(LockError::Taken(_))));
        drop(first);
        assert!(ServerLock::take(&target).unwrap().is_some());
    }

    #[test]
    fn servers_of_databases_take_any_number() {
        assert!(ServerLock::take(&Target::Postgres("postgres://x".into())).unwrap().is_none());
    }

    #[test]
    fn a_folder_that_is_not_there_is_said() {
        let target = Target::Sqlite("/nowhere/at/all/rapport.db".into());
        assert!(
            ServerLock::take(&target).is_err_and(|error| error.to_string().contains("/nowhere/at/all/rapport.lock"))
        );
    }
}
