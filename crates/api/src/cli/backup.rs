//! `rapport backup` and `rapport restore`.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use chrono::DateTime;
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use rapport_domain::context::Clock as _;
use rapport_persistence::Target;
use rapport_persistence::backup::{self, About, Header, Progress};

use super::{Place, data, say};
use crate::engine::Engine;
use crate::state::SystemClock;

/// Writes everything into one file, while the server runs.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Backup {
    #[command(subcommand)]
    about: Option<AboutFile>,
    #[command(flatten)]
    place: Place,
    /// The new file; one that exists is never overwritten.
    #[arg(long, value_name = "FILE", required = true)]
    to: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum AboutFile {
    /// Reads a backup whole and says whether it is sound; the exit status is the answer.
    Verify {
        /// The backup.
        file: PathBuf,
    },
}

/// Loads a backup into an empty database, of either kind.
#[derive(Debug, Args)]
pub(super) struct Restore {
    #[command(flatten)]
    place: Place,
    /// The backup.
    file: PathBuf,
}

impl Backup {
    pub(super) fn run(self) -> anyhow::Result<()> {
        match (self.about, self.to) {
            (Some(AboutFile::Verify { file }), _) => verify(&file),
            (None, Some(to)) => write(&self.place, &to),
            (None, None) => anyhow::bail!("name the file with --to"),
        }
    }
}

fn write(place: &Place, to: &Path) -> anyhow::Result<()> {
    let config = place.config()?;
    let _log = super::log::start(&config.log)?;
    let started = Instant::now();
    let about = About { program: env!("CARGO_PKG_VERSION").to_owned(), taken_at: SystemClock.now().timestamp_micros() };
    let bar = bar()?;
    let written = backup::write(&config.target(), to, &about, &show(&bar)).context("no backup was made")?;
    bar.finish_and_clear();
    let (rows, size) = (written.rows, mebibytes(written.bytes));
    say(format_args!("{rows} rows, {size:.1} MiB in {:.1} s: {}", seconds(started.elapsed()), to.display()))
}

fn verify(file: &Path) -> anyhow::Result<()> {
    let bar = bar()?;
    let started = Instant::now();
    let found = backup::verify(file, &show(&bar)).with_context(|| file.display().to_string())?;
    bar.finish_and_clear();
    say(format_args!(
        "sound: {} rows in {} tables, read in {:.1} s",
        found.rows,
        found.tables.len(),
        seconds(started.elapsed())
    ))?;
    describe(&found.header)
}

impl Restore {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let config = self.place.config()?;
        let _log = super::log::start(&config.log)?;
        ensure!(self.file.is_file(), "there is no file {}", self.file.display());
        let target = config.target();
        if let Target::Sqlite(_) = target {
            data::make_folder(&config.data.dir)?;
        }
        let started = Instant::now();
        let bar = bar()?;
        let done = backup::restore(&target, &self.file, &Engine, &show(&bar))
            .with_context(|| format!("{} was not restored", self.file.display()))?;
        bar.finish_and_clear();
        say(format_args!(
            "restored {} rows and compared them with their sums, indexed {} records, in {:.1} s",
            done.rows,
            done.indexed,
            seconds(started.elapsed())
        ))?;
        describe(&done.header)?;
        say("Everybody signs in again; passwords and API keys are as they were.")
    }
}

fn describe(header: &Header) -> anyhow::Result<()> {
    let taken_at = DateTime::from_timestamp_micros(header.taken_at).context("its time is out of range")?;
    let organisation = if header.organisation.is_empty() { "nobody yet" } else { &header.organisation };
    say(format_args!(
        "{organisation}, taken {} from {} by Rapport {}, schema {}",
        taken_at.format("%Y-%m-%d %H:%M:%S UTC"),
        header.database,
        header.program,
        header.schema.last().map_or("", String::as_str)
    ))
}

/// A line of progress, on a terminal only.
fn bar() -> anyhow::Result<ProgressBar> {
    let style = ProgressStyle::with_template("{spinner} {human_pos} rows, {per_sec}, {elapsed} {msg}")?;
    Ok(ProgressBar::new_spinner().with_style(style))
}

fn show(bar: &ProgressBar) -> impl Fn(Progress) + '_ {
    |progress| {
        bar.set_position(progress.rows);
        bar.set_message(progress.part);
    }
}

fn seconds(took: Duration) -> f64 {
    took.as_secs_f64()
}

#[expect(clippy::cast_precision_loss, reason = "for people to read")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / 1_048_576.0
}
