//! Backups: files that come from anywhere.

use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use rapport_persistence::backup::verify;
use sha2::{Digest as _, Sha256};

pub(crate) const WORDS: &[&str] = &[
    "rapport-backup 1\n",
    "rapport-backup 2\n",
    "sha256 ",
    "{\"table\":\"",
    "\",\"columns\":[[\"id\",\"id\"]]}",
    "{\"end\":\"",
    "\"rows\":0",
    "{\"complete\":true,",
    "[null]",
    "[\"",
    "\n",
    "settings",
    "users",
    "\"schema\":[",
    "18446744073709551616",
];

/// Any file: refused, or sound.
pub(crate) fn bytes(bytes: &[u8]) {
    let Ok(folder) = tempfile::tempdir() else { return };
    checked(&folder.path().join("any"), bytes);
}

/// Any lines in a file whose bytes are as they should be: the sums of the file say nothing against them.
pub(crate) fn lines(lines: &[u8]) {
    let Ok(folder) = tempfile::tempdir() else { return };
    let mut file = b"rapport-backup 1\n".to_vec();
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    let Ok(packed) = packed.write_all(lines).and_then(|()| packed.finish()) else { return };
    file.extend(packed);
    let sum: String = Sha256::digest(&file).iter().map(|byte| format!("{byte:02x}")).collect();
    file.extend(format!("sha256 {sum}\n").bytes());
    checked(&folder.path().join("lines"), &file);
}

fn checked(path: &Path, bytes: &[u8]) {
    if std::fs::write(path, bytes).is_ok()
        && let Ok(found) = verify(path, &|_| {})
    {
        let counted: u64 = found.tables.iter().map(|(_, rows)| rows).sum();
        assert_eq!(counted, found.rows, "a sound backup counts otherwise");
    }
}
