//! The file of a backup: written so that it is there whole or not at all, read so that every changed byte is noticed.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

pub use super::line::Header;
use super::line::{EndLine, LastLine, Mark, TableLine};
use super::row::{Shape, Sum, hex};
use super::{BackupError, FORMAT};

const MAGIC: &str = "rapport-backup ";
/// `sha256 `, 64 digits and the end of the line.
const CLOSING: u64 = 72;
/// No row is longer; a longer line is no row.
const LONGEST: u64 = 64 << 20;
/// Fast rather than small: one more step makes the file a tenth smaller and the backup half again as long.
const LEVEL: u32 = 2;

// ---------------------------------------------------------------- writing

/// Counts and sums what passes.
#[derive(Debug)]
struct Summed {
    file: File,
    sum: Sha256,
    bytes: u64,
}

impl Write for Summed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.sum.update(bytes.get(..count).unwrap_or_default());
        self.bytes += u64::try_from(count).unwrap_or(u64::MAX);
        Ok(count)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

/// A file under a temporary name, which goes away unless it is finished.
#[derive(Debug)]
pub(super) struct Draft {
    path: PathBuf,
    into: PathBuf,
    is_done: bool,
}

impl Draft {
    fn begin(into: &Path) -> Result<(Self, File), BackupError> {
        if into.symlink_metadata().is_ok() {
            return Err(BackupError::Exists(into.display().to_string()));
        }
        let name = into.file_name().unwrap_or_default().to_string_lossy();
        let path = into.with_file_name(format!(".{name}.{}.part", std::process::id()));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        // It is as secret as the database.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(BackupError::file(&path))?;
        Ok((Self { path, into: into.to_owned(), is_done: false }, file))
    }

    /// Gives the file its name, which nobody may have taken meanwhile, and makes that durable.
    fn finish(mut self, file: &File) -> Result<(), BackupError> {
        file.sync_all().map_err(BackupError::file(&self.path))?;
        if !self.rename().map_err(BackupError::file(&self.into))? {
            return Err(BackupError::Exists(self.into.display().to_string()));
        }
        self.is_done = true;
        let folder = self.into.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(BackupError::file(folder))
    }

    /// A link is refused where the name is taken; where there are no links, a look has to do.
    fn rename(&self) -> std::io::Result<bool> {
        match std::fs::hard_link(&self.path, &self.into) {
            Ok(()) => std::fs::remove_file(&self.path).map(|()| true),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
            Err(_) if self.into.symlink_metadata().is_ok() => Ok(false),
            Err(_) => std::fs::rename(&self.path, &self.into).map(|()| true),
        }
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.is_done {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Writes a backup.
pub(super) struct Writer {
    draft: Draft,
    stream: GzEncoder<Summed>,
    open: Option<(String, Sum)>,
    tables: u64,
    rows: u64,
}

impl Writer {
    pub(super) fn begin(into: &Path, header: &Header) -> Result<Self, BackupError> {
        let (draft, file) = Draft::begin(into)?;
        let mut summed = Summed { file, sum: Sha256::new(), bytes: 0 };
        writeln!(summed, "{MAGIC}{FORMAT}").map_err(BackupError::file(&draft.path))?;
        let stream = GzEncoder::new(summed, Compression::new(LEVEL));
        let mut writer = Self { draft, stream, open: None, tables: 0, rows: 0 };
        writer.json(header)?;
        Ok(writer)
    }

    pub(super) fn table(&mut self, name: &str, shape: &Shape) -> Result<(), BackupError> {
        self.open = Some((name.to_owned(), Sum::default()));
        self.tables += 1;
        self.json(&TableLine::of(name, shape))
    }

    pub(super) fn row(&mut self, line: &str) -> Result<(), BackupError> {
        if let Some((_, sum)) = &mut self.open {
            sum.add(line.as_bytes());
        }
        self.rows += 1;
        self.line(line.as_bytes())
    }

    pub(super) fn end(&mut self) -> Result<(), BackupError> {
        let Some((end, sum)) = self.open.take() else { return Ok(()) };
        self.json(&EndLine { end, rows: sum.rows, sha256: sum.hex() })
    }

    /// Answers rows and bytes.
    pub(super) fn finish(mut self) -> Result<(u64, u64), BackupError> {
        self.json(&LastLine { complete: true, tables: self.tables, rows: self.rows })?;
        let mut summed = self.stream.finish().map_err(BackupError::file(&self.draft.path))?;
        let sum = hex(&summed.sum.finalize_reset());
        writeln!(summed, "sha256 {sum}").map_err(BackupError::file(&self.draft.path))?;
        self.draft.finish(&summed.file)?;
        Ok((self.rows, summed.bytes))
    }

    fn json(&mut self, value: &impl Serialize) -> Result<(), BackupError> {
        let line = serde_json::to_vec(value).map_err(|error| BackupError::Unready(error.to_string()))?;
        self.line(&line)
    }

    fn line(&mut self, line: &[u8]) -> Result<(), BackupError> {
        let written = self.stream.write_all(line).and_then(|()| self.stream.write_all(b"\n"));
        written.map_err(BackupError::file(&self.draft.path))
    }
}

// ---------------------------------------------------------------- reading

/// What comes next in a backup.
#[derive(Debug)]
pub(super) enum Next {
    Table(String, Shape),
    Row(String),
    /// The rows of the table were as many as they should be, and have this sum.
    End(EndLine),
    /// Everything has been read.
    Last,
}

/// Reads a backup whose bytes are as they were written.
pub(super) struct Reader {
    lines: BufReader<GzDecoder<BufReader<std::io::Take<File>>>>,
    open: Option<(String, Sum)>,
    tables: u64,
    rows: u64,
    /// What the backup says about itself.
    pub(super) header: Header,
}

impl Reader {
    /// Opens a backup and compares its bytes with their sum, before any of them is believed.
    pub(super) fn open(path: &Path) -> Result<Self, BackupError> {
        let mut file = File::open(path).map_err(BackupError::file(path))?;
        let start = check_magic(&mut file).map_err(BackupError::file(path))??;
        let end = check_sum(&mut file).map_err(BackupError::file(path))??;
        file.seek(SeekFrom::Start(start)).map_err(BackupError::file(path))?;
        let stream = GzDecoder::new(BufReader::new(file.take(end.saturating_sub(start))));
        let header = Header {
            program: String::new(),
            schema: Vec::new(),
            organisation: String::new(),
            taken_at: 0,
            database: String::new(),
        };
        let mut reader = Self { lines: BufReader::new(stream), open: None, tables: 0, rows: 0, header };
        let first = reader.line()?;
        reader.header = serde_json::from_str(&first).map_err(|error| unsound(format!("its header: {error}")))?;
        Ok(reader)
    }

    /// The next line, after it has been held against what went before.
    pub(super) fn next(&mut self) -> Result<Next, BackupError> {
        let line = self.line()?;
        if line.starts_with('[') {
            let Some((_, sum)) = &mut self.open else { return Err(unsound("a row outside any table")) };
            sum.add(line.as_bytes());
            self.rows += 1;
            return Ok(Next::Row(line));
        }
        match serde_json::from_str(&line).map_err(|_| unsound("a line that is neither a row nor a mark"))? {
            Mark::Table(table) if self.open.is_none() => {
                let shape = table.shape()?;
                self.tables += 1;
                self.open = Some((table.table.clone(), Sum::default()));
                Ok(Next::Table(table.table, shape))
            }
            Mark::End(end) => self.end(end),
            Mark::Last(last) if self.open.is_none() => self.last(last),
            Mark::Table(_) | Mark::Last(_) => Err(unsound("a table without an end")),
        }
    }

    fn end(&mut self, end: EndLine) -> Result<Next, BackupError> {
        let Some((name, sum)) = self.open.take() else { return Err(unsound("an end without a table")) };
        if end != (EndLine { end: name.clone(), rows: sum.rows, sha256: sum.hex() }) {
            return Err(unsound(format!("table '{name}' does not have the rows and the sum in its closing line")));
        }
        Ok(Next::End(end))
    }

    fn last(&mut self, last: LastLine) -> Result<Next, BackupError> {
        if last != (LastLine { complete: true, tables: self.tables, rows: self.rows }) {
            return Err(unsound("its last line counts other tables and rows"));
        }
        let is_end = self.lines.fill_buf().is_ok_and(<[u8]>::is_empty);
        if is_end { Ok(Next::Last) } else { Err(unsound("something comes after its last line")) }
    }

    fn line(&mut self) -> Result<String, BackupError> {
        let mut line = Vec::new();
        let read = (&mut self.lines).take(LONGEST).read_until(b'\n', &mut line);
        read.map_err(|error| unsound(format!("it cannot be unpacked: {error}")))?;
        if line.pop() != Some(b'\n') {
            return Err(unsound("it ends in the middle"));
        }
        String::from_utf8(line).map_err(|_| unsound("a line that is no UTF-8"))
    }
}

fn unsound(what: impl Into<String>) -> BackupError {
    BackupError::Unsound(what.into())
}

/// Whether this is a backup, in a format this program reads; answers where the stream begins.
fn check_magic(file: &mut File) -> std::io::Result<Result<u64, BackupError>> {
    let mut start = Vec::new();
    Read::by_ref(file).take(64).read_to_end(&mut start)?;
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let number = std::str::from_utf8(line).ok().and_then(|line| line.strip_prefix(MAGIC));
    Ok(match number.and_then(|number| number.parse::<u32>().ok()) {
        Some(FORMAT) => Ok(u64::try_from(line.len()).unwrap_or(u64::MAX).saturating_add(1)),
        Some(format) if format > FORMAT => Err(BackupError::Newer(format!("format {format}"))),
        _ => Err(BackupError::Foreign),
    })
}

/// Whether all bytes before the closing line have the sum in it; answers where they end.
fn check_sum(file: &mut File) -> std::io::Result<Result<u64, BackupError>> {
    let Some(end) = file.seek(SeekFrom::End(0))?.checked_sub(CLOSING) else { return Ok(Err(BackupError::Short)) };
    file.seek(SeekFrom::Start(end))?;
    let mut closing = Vec::new();
    file.read_to_end(&mut closing)?;
    let Some(told) = closing.strip_prefix(b"sha256 ").and_then(|rest| rest.strip_suffix(b"\n")) else {
        return Ok(Err(BackupError::Short));
    };
    file.seek(SeekFrom::Start(0))?;
    let mut sum = Sha256::new();
    let mut rest = file.take(end);
    let mut portion = vec![0; 1 << 18];
    loop {
        match rest.read(&mut portion)? {
            0 => break,
            count => sum.update(portion.get(..count).unwrap_or_default()),
        }
    }
    let is_same = hex(&sum.finalize()).as_bytes() == told;
    Ok(if is_same { Ok(end) } else { Err(BackupError::Damaged) })
}
