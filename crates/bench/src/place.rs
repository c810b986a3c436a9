//! The databases that are measured: made once per size, kept, and copied for every run.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, ensure};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use rapport_persistence::Target;

use crate::cli::say;
use crate::machine;

/// Who signs in.
pub const EMAIL: &str = "bench@example.com";
/// With what.
pub const PASSWORD: &str = "lantern-orbit-velvet";

/// The file that says that a database has been made to its end, and in how many seconds.
const MADE: &str = "made";

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Backend {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

impl Backend {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// A database with records.
#[derive(Clone, Debug)]
pub struct Place {
    /// Which kind.
    pub backend: Backend,
    /// How many customers it holds.
    pub size: usize,
    /// The data folder of the program.
    pub folder: PathBuf,
    /// Where the database is.
    pub target: Target,
    /// The first process of the PostgreSQL server.
    pub server: Option<u32>,
}

/// What is needed to find the databases.
#[derive(Clone, Debug)]
pub struct Ground {
    /// The program.
    pub program: PathBuf,
    /// Where databases are kept between runs.
    pub kept: PathBuf,
    /// The PostgreSQL server, if there is one.
    pub postgres: Option<String>,
}

impl Ground {
    /// The database as it was made; missing ones are made.
    ///
    /// # Errors
    /// When the program cannot make it.
    pub fn prepare(&self, backend: Backend, size: usize) -> anyhow::Result<Place> {
        let place = self.place(backend, size, self.folder(backend, size))?;
        if !self.is_made(&place) {
            say(format_args!("• making {size} customers on {}", backend.name()));
            self.make(&place)?;
        }
        Ok(place)
    }

    /// A copy of a database, to be worked on. PostgreSQL is a copy as a whole, so that one is used as it is.
    ///
    /// # Errors
    /// When it cannot be copied.
    pub fn copy(&self, backend: Backend, size: usize, work: &Path) -> anyhow::Result<Place> {
        let place = self.prepare(backend, size)?;
        let folder = work.join(format!("{}-{size}", backend.name()));
        fs::create_dir_all(&folder)?;
        if backend == Backend::Sqlite {
            let copy = folder.join("rapport.db");
            fs::copy(place.folder.join("rapport.db"), &copy)?;
            // What the system would write out sooner or later must not wait among what is measured.
            fs::File::open(copy)?.sync_all()?;
        }
        self.place(backend, size, folder)
    }

    /// Seconds in which the records of a database were made, if they were made here.
    #[must_use]
    pub fn made_in(&self, place: &Place) -> Option<f64> {
        let told = fs::read_to_string(self.folder(place.backend, place.size).join(MADE)).ok()?;
        told.trim().parse().ok()
    }

    fn folder(&self, backend: Backend, size: usize) -> PathBuf {
        self.kept.join(format!("{}-{size}", backend.name()))
    }

    fn place(&self, backend: Backend, size: usize, folder: PathBuf) -> anyhow::Result<Place> {
        let (target, server) = match backend {
            Backend::Sqlite => (Target::Sqlite(folder.join("rapport.db")), None),
            Backend::Postgres => {
                let url = self.postgres.as_deref().context("no PostgreSQL server: run it by tools/with-postgres")?;
                let joint = if url.contains('?') { '&' } else { '?' };
                let target = Target::Postgres(format!("{url}{joint}options=-csearch_path%3Dbench_{size}"));
                (target, Some(first_process(url)?))
            }
        };
        Ok(Place { backend, size, folder, target, server })
    }

    /// Whether a database has been made to its end: the person who signs in is added last.
    fn is_made(&self, place: &Place) -> bool {
        match &place.target {
            Target::Sqlite(_) => place.folder.join(MADE).exists(),
            Target::Postgres(url) => {
                let made = diesel::sql_query(format!("SELECT 1 FROM users WHERE email = '{EMAIL}'"));
                PgConnection::establish(url).ok().and_then(|mut conn| made.execute(&mut conn).ok()) == Some(1)
            }
        }
    }

    fn make(&self, place: &Place) -> anyhow::Result<()> {
        if place.backend == Backend::Sqlite && place.folder.exists() {
            fs::remove_dir_all(&place.folder)?;
        }
        fs::create_dir_all(&place.folder)?;
        if let Some(url) = &self.postgres
            && place.backend == Backend::Postgres
        {
            let schema = format!("bench_{}", place.size);
            let sql = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
            PgConnection::establish(url)?.batch_execute(&sql)?;
        }
        let began = Instant::now();
        run(self.command("seed", place).args(["--seed", "1", "--size"]).arg(place.size.to_string()), "")?;
        let seconds = began.elapsed().as_secs_f64();
        let mut user = self.command("user", place);
        user.args(["--role", "admin", "--name", "Bench", "--email", EMAIL]);
        run(&mut user, &format!("{PASSWORD}\n"))?;
        match &place.target {
            // Everything in the one file that is copied.
            Target::Sqlite(path) => SqliteConnection::establish(&path.to_string_lossy())?
                .batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?,
            // What its own upkeep does within minutes.
            Target::Postgres(url) => {
                let mut conn = PgConnection::establish(url)?;
                conn.batch_execute("VACUUM (ANALYZE)")?;
                conn.batch_execute("CHECKPOINT")?;
            }
        }
        Ok(fs::write(place.folder.join(MADE), seconds.to_string())?)
    }

    /// The program with a word of its command line, on a database.
    #[must_use]
    pub fn command(&self, word: &str, place: &Place) -> Command {
        let mut command = Command::new(&self.program);
        command.args(if word == "user" { &["user", "create"][..] } else { std::slice::from_ref(&word) });
        command.env_remove("RUST_LOG").env("RAPPORT__RATE_LIMIT__ENABLED", "false").arg("--data").arg(&place.folder);
        if let Target::Postgres(url) = &place.target {
            command.args(["--database", url]);
        }
        command
    }
}

fn run(command: &mut Command, input: &str) -> anyhow::Result<()> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::inherit()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes())?;
    }
    ensure!(child.wait()?.success(), "{command:?} has failed");
    Ok(())
}

#[derive(QueryableByName)]
struct Pid {
    #[diesel(sql_type = diesel::sql_types::Integer)]
    pid: i32,
}

/// The process that has started all others of a PostgreSQL server on this machine.
fn first_process(url: &str) -> anyhow::Result<u32> {
    // The connection stays open: without it the process that serves it may be gone before it is looked at.
    let mut conn = PgConnection::establish(url)?;
    let row: Pid = diesel::sql_query("SELECT pg_backend_pid() AS pid").get_result(&mut conn)?;
    machine::parent_of(row.pid.unsigned_abs()).context("the PostgreSQL server is not on this machine")
}
