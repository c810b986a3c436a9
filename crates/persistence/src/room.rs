//! How much room the database has to grow.

use std::io;
use std::path::{Path, PathBuf};

use crate::connection::Target;

/// Room on the disk of an embedded database, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// What is free for this user.
    pub free: u64,
    /// What the database file takes.
    pub used: u64,
    /// What its write-ahead log takes; it grows while an old reader keeps it from being emptied.
    pub log: u64,
}

/// The room of an embedded database; `None` for a server, whose disk is its own affair. Blocks on the disk.
///
/// # Errors
/// When the file system does not answer.
pub fn room(target: &Target) -> io::Result<Option<Room>> {
    let Target::Sqlite(path) = target else { return Ok(None) };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let disk = rustix::fs::statvfs(folder)?;
    let mut log = path.clone().into_os_string();
    log.push("-wal");
    let room =
        Room { free: disk.f_bavail.saturating_mul(disk.f_frsize), used: size(path)?, log: size(&PathBuf::from(log))? };
    Ok(Some(room))
}

/// A file that is not there takes nothing.
fn size(path: &Path) -> io::Result<u64> {
    match std::fs::metadata(path) {
        Ok(found) => Ok(found.len()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn an_embedded_database_says_how_much_room_it_has() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rapport.db");
        std::fs::write(&path, [0; 100]).unwrap();
        std::fs::write(folder.path().join("rapport.db-wal"), [0; 7]).unwrap();
        let found = room(&Target::Sqlite(path)).unwrap().unwrap();
        assert_eq!((found.used, found.log), (100, 7));
        assert!(found.free > 0);
        assert_eq!(room(&Target::Postgres("postgres://x".into())).unwrap(), None);
        assert!(room(&Target::Sqlite(folder.path().join("nowhere/rapport.db"))).is_err());
    }
}
