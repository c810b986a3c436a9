//! The command line.

use std::fmt;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};

use crate::machine;
use crate::measure::measure;
use crate::place::{Backend, Ground};
use crate::report::{Circumstances, Report};

/// Measures Rapport.
#[derive(Debug, Parser)]
#[command(name = "rapport-bench")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Makes the databases that are missing.
    Prepare(What),
    /// Measures, and writes the report.
    Run(Run),
    /// Answers with bytes that were left here before: the floor.
    #[command(hide = true)]
    Floor {
        /// Where to listen.
        address: SocketAddr,
    },
}

#[derive(Debug, Args)]
struct What {
    /// The program.
    #[arg(long, env = "RAPPORT_BIN")]
    program: PathBuf,
    /// Where databases are kept between runs.
    #[arg(long)]
    kept: PathBuf,
    /// How many customers, smallest first.
    #[arg(long, env = "SIZES", value_delimiter = ',', default_value = "1000,100000")]
    sizes: Vec<usize>,
    /// Which databases.
    #[arg(long, env = "DATABASES", value_delimiter = ',', default_value = "sqlite,postgres")]
    databases: Vec<Backend>,
    /// The PostgreSQL server.
    #[arg(long, env = "RAPPORT_TEST_POSTGRES_URL", hide_env_values = true)]
    postgres: Option<String>,
}

#[derive(Debug, Args)]
struct Run {
    #[command(flatten)]
    what: What,
    /// How long each request is sent, in seconds.
    #[arg(long, env = "SECONDS_EACH", default_value_t = 3.0)]
    seconds: f64,
    /// The folder in which the reports and their pictures are written.
    #[arg(long)]
    docs: PathBuf,
    /// What was measured.
    #[arg(long)]
    commit: String,
}

impl What {
    fn ground(&self) -> Ground {
        Ground { program: self.program.clone(), kept: self.kept.clone(), postgres: self.postgres.clone() }
    }

    /// Every database with every size.
    fn each(&self) -> impl Iterator<Item = (Backend, usize)> + '_ {
        self.databases.iter().flat_map(|backend| self.sizes.iter().map(|size| (*backend, *size)))
    }
}

impl Run {
    /// Each kind of database has a report of its own, written as soon as all of its sizes are measured.
    fn run(&self) -> anyhow::Result<()> {
        self.what.databases.iter().try_for_each(|backend| self.measure(*backend)?.write(&self.docs))
    }

    fn measure(&self, backend: Backend) -> anyhow::Result<Report> {
        let (ground, load) = (self.what.ground(), machine::load());
        let mut all = Vec::new();
        for size in &self.what.sizes {
            // A copy of a large database takes as much of the disk: it goes before the next one is made.
            let work = tempfile::Builder::new().prefix("work").tempdir_in(&self.what.kept)?;
            let place = ground.copy(backend, *size, work.path())?;
            let measured = measure(&ground, &place, Duration::from_secs_f64(self.seconds));
            all.push(measured.with_context(|| format!("{} with {size} customers", backend.name()))?);
        }
        let circumstances = Circumstances {
            commit: self.commit.clone(),
            machine: machine::description(),
            load,
            flush: machine::flush_time(&self.what.kept)?.as_secs_f64() * 1e3,
            program: std::fs::metadata(&self.what.program)?.len() as f64 / 1_048_576.0,
            seconds: self.seconds,
        };
        Ok(Report { backend: backend.name(), circumstances, all })
    }
}

/// Prints a line for whoever called the program.
pub(crate) fn say(text: impl fmt::Display) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}

/// Runs the program.
///
/// # Errors
/// When something cannot be made, measured or written.
pub fn run() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Prepare(what) => {
            let ground = what.ground();
            what.each().try_for_each(|(backend, size)| ground.prepare(backend, size).map(drop))
        }
        Command::Run(run) => run.run(),
        Command::Floor { address } => crate::floor::serve(address),
    }
}
