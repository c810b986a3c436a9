//! Files that are not what they should be: each is refused, and said why.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use rapport_persistence::backup::{BackupError, verify};
use rapport_testkit::Database;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::backup::{back_up, demo, program};

const MAGIC: &str = "rapport-backup 1\n";
/// `sha256 `, 64 digits and the end of the line.
const CLOSING: usize = 72;

/// A sound backup of the demonstration, in a folder of its own.
async fn sound() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sound.rapport");
    let app = demo(Database::sqlite()).await;
    back_up(&app.database.target, &file);
    (folder, file)
}

fn check(folder: &Path, bytes: &[u8]) -> Result<u64, BackupError> {
    let file = folder.join("changed.rapport");
    std::fs::write(&file, bytes).unwrap();
    verify(&file, &|_| {}).map(|found| found.rows)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[actix_web::test]
async fn every_changed_byte_and_every_cut_is_found() {
    let (folder, file) = sound().await;
    let bytes = std::fs::read(&file).unwrap();
    assert!(check(folder.path(), &bytes).unwrap() > 2000, "the control");
    let ends = (0..MAGIC.len() + 12).chain(bytes.len() - CLOSING - 12..bytes.len());
    // Numbers that lie anywhere, the same with every run.
    let anywhere = (1..60_usize).map(|n| n * 7919 * 104_729 % bytes.len());
    for at in ends.chain(anywhere) {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        assert!(check(folder.path(), &changed).is_err(), "a bit of byte {at}");
    }
    for length in [0, 1, MAGIC.len(), 80, bytes.len() / 2, bytes.len() - CLOSING, bytes.len() - 1] {
        let error = check(folder.path(), &bytes[..length]).unwrap_err();
        assert!(matches!(error, BackupError::Short | BackupError::Foreign), "{length}: {error}");
    }
    let longer = [&bytes[..], b"more"].concat();
    assert!(check(folder.path(), &longer).is_err());
}

#[actix_web::test]
async fn the_program_says_what_is_wrong_with_a_file() {
    let (folder, file) = sound().await;
    let bytes = std::fs::read(&file).unwrap();
    let say = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        program(&["backup", "verify", path.to_str().unwrap()], None)
    };
    let (ok, text) = program(&["backup", "verify", file.to_str().unwrap()], None);
    assert!(ok && text.contains("sound: ") && text.contains("示例科技"), "{text}");
    let mut flipped = bytes.clone();
    flipped[bytes.len() / 2] ^= 4;
    let newer = [b"rapport-backup 2\n", &bytes[MAGIC.len()..]].concat();
    for (bytes, words) in [
        (&flipped[..], "the file is damaged"),
        (&bytes[..bytes.len() / 2], "cut short"),
        (b"PK\x03\x04 something else", "not a backup of Rapport's"),
        (&newer, "a newer Rapport made this backup (format 2)"),
    ] {
        let (ok, text) = say("bad.rapport", bytes);
        assert!(!ok && text.contains(words), "{words}: {text}");
        let place = Database::sqlite();
        let path = folder.path().join("bad.rapport");
        let (ok, text) = program(&["restore", path.to_str().unwrap()], Some(&place.target));
        assert!(!ok && text.contains(words), "{words}: {text}");
        assert!(!rapport_persistence::backup::unfinished(&place.target).unwrap(), "nothing has been begun");
    }
    let (ok, text) = program(&["backup", "verify", "nowhere.rapport"], None);
    assert!(!ok && text.contains("nowhere.rapport"), "{text}");
}

/// A file of these lines, with a closing line that is right.
fn packed(lines: &[String]) -> Vec<u8> {
    let mut stream = flate2::write::GzEncoder::new(MAGIC.as_bytes().to_vec(), flate2::Compression::fast());
    lines.iter().for_each(|line| writeln!(stream, "{line}").unwrap());
    let mut bytes = stream.finish().unwrap();
    let sum = hex(&Sha256::digest(&bytes));
    bytes.extend(format!("sha256 {sum}\n").into_bytes());
    bytes
}

/// The lines of a backup, and a file made of other lines with sums that are right.
struct Lines(Vec<String>);

impl Lines {
    fn of(bytes: &[u8]) -> Self {
        let mut text = String::new();
        let stream = &bytes[MAGIC.len()..bytes.len() - CLOSING];
        flate2::read::GzDecoder::new(stream).read_to_string(&mut text).unwrap();
        Self(text.lines().map(str::to_owned).collect())
    }

    /// The file, its sums computed anew.
    fn file(&self) -> Vec<u8> {
        packed(&self.summed())
    }

    fn summed(&self) -> Vec<String> {
        let (mut total, mut count, mut rows, mut tables) = ([0_u8; 32], 0_u64, 0_u64, 0_u64);
        let line = |line: &String| {
            if line.starts_with('[') {
                (count, rows) = (count + 1, rows + 1);
                let mut carry = 0;
                for (mine, more) in total.iter_mut().zip(Sha256::digest(line.as_bytes())) {
                    let sum = u16::from(*mine) + u16::from(more) + carry;
                    (*mine, carry) = (sum.to_le_bytes()[0], sum >> 8);
                }
                return line.clone();
            }
            let mark: Value = serde_json::from_str(line).unwrap();
            let line = if mark.get("end").is_some() {
                tables += 1;
                json!({"end": mark["end"], "rows": count, "sha256": hex(&total)}).to_string()
            } else if mark.get("complete").is_some() {
                json!({"complete": true, "tables": tables, "rows": rows}).to_string()
            } else {
                return line.clone();
            };
            (total, count) = ([0; 32], 0);
            line
        };
        self.0.iter().map(line).collect()
    }

    /// Where the rows of a table begin.
    fn rows_of(&self, table: &str) -> usize {
        let start = format!("{{\"table\":\"{table}\"");
        self.0.iter().position(|line| line.starts_with(&start)).unwrap() + 1
    }

    fn replaced(&self, at: usize, from: &str, to: &str) -> Self {
        let mut lines = self.0.clone();
        assert!(lines[at].contains(from), "{}", lines[at]);
        lines[at] = lines[at].replacen(from, to, 1);
        Self(lines)
    }

    fn without(&self, at: std::ops::Range<usize>) -> Self {
        Self(self.0.iter().enumerate().filter(|(n, _)| !at.contains(n)).map(|(_, line)| line.clone()).collect())
    }
}

#[actix_web::test]
async fn what_bytes_and_sums_cannot_tell_is_found_too() {
    let (folder, file) = sound().await;
    let bytes = std::fs::read(&file).unwrap();
    let lines = Lines::of(&bytes);
    let rows = check(folder.path(), &lines.file()).unwrap();
    assert_eq!(rows, check(folder.path(), &bytes).unwrap(), "the control: made anew, it is as sound");
    let (users, stages, guards) = (lines.rows_of("users"), lines.rows_of("stages"), lines.rows_of("guards"));
    let end_of_guards = guards + lines.0[guards..].iter().position(|line| line.starts_with("{\"end\"")).unwrap();
    let owner: Vec<Value> = serde_json::from_str(&lines.0[users + 2]).unwrap();
    let owner = owner[0].as_str().unwrap();
    let longer = Lines([&lines.0[..], &["[]".to_owned()]].concat());
    let cases = [
        (lines.without(users + 2..users + 3), "refer to 'users' that are not in it"),
        (lines.without(stages..stages + 1), "refer to 'stages' that are not in it"),
        (lines.without(guards - 1..end_of_guards + 1), "table 'guards' is missing"),
        (lines.replaced(users + 2, owner, "nobody"), "a row of 'users': 'id' is no uuid"),
        (lines.replaced(0, "20261121000000", "29990101000000"), "schema step 29990101000000"),
        (lines.replaced(guards - 1, "guards", "gards"), "table 'gards' is unknown"),
        (lines.replaced(guards - 1, "passes", "passed"), "column 'guards.passed' is unknown"),
        (lines.replaced(guards - 1, "passes", "1 FROM x --"), "has columns that nobody knows"),
        (lines.without(guards - 1..guards), "a row outside any table"),
        (lines.without(lines.0.len() - 1..lines.0.len()), "it ends in the middle"),
        (longer, "something comes after its last line"),
    ];
    for (changed, words) in cases {
        let error = check(folder.path(), &changed.file()).unwrap_err().to_string();
        assert!(error.contains(words), "{words}: {error}");
    }
}

#[actix_web::test]
async fn a_row_that_is_missing_or_twice_is_found_by_the_sum_of_its_table() {
    let (folder, file) = sound().await;
    let lines = Lines::of(&std::fs::read(&file).unwrap());
    let at = lines.rows_of("changes");
    let right = lines.summed();
    let twice = [&right[..=at], &right[at..]].concat();
    let missing = [&right[..at], &right[at + 1..]].concat();
    for lines in [twice, missing] {
        let error = check(folder.path(), &packed(&lines)).unwrap_err().to_string();
        assert!(error.contains("table 'changes' does not have the rows"), "{error}");
    }
}
