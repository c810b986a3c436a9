//! The command line.

mod backup;
mod data;
mod doctor;
mod health;
mod log;
mod serve;
mod user;

use std::fmt;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::Config;
use crate::problem::Problem;

/// Rapport, an open-source CRM.
#[derive(Debug, Parser)]
#[command(name = "rapport", version, about, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves the API and the pages.
    Serve(serve::Serve),
    /// Brings the schema of the database up to date.
    Migrate(Place),
    /// Adds many believable records, for trying out and for measuring.
    Seed(data::Seed),
    /// Writes everything into one file while the server runs, or verifies such a file.
    Backup(backup::Backup),
    /// Loads a backup into an empty database, of either kind.
    Restore(backup::Restore),
    /// Says what is wrong with the database and its surroundings, and what to do.
    Doctor(doctor::Doctor),
    /// Adds users, sets passwords, switches users off.
    #[command(subcommand)]
    User(user::User),
    /// Prints the OpenAPI document.
    Openapi,
    /// Asks a running Rapport whether it is ready; the exit status is the answer.
    Healthcheck(health::Healthcheck),
}

/// Which settings, and which database.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Place {
    /// A file with settings, in TOML.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The folder in which data is kept.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// A PostgreSQL database, `postgres://…`; SQLite in the data folder without it.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

impl Place {
    /// The settings, with these flags on top.
    fn config(&self) -> anyhow::Result<Config> {
        let mut config = Config::load(self.config.as_deref())?;
        if let Some(data) = &self.data {
            config.data.dir.clone_from(data);
        }
        if let Some(url) = &self.database {
            config.database.url = Some(url.clone());
        }
        config.check()?;
        Ok(config)
    }
}

/// Runs the program.
pub fn run() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Serve(serve) => serve.run(),
        Command::Migrate(place) => data::migrate(&place),
        Command::Seed(seed) => seed.run(),
        Command::Backup(backup) => backup.run(),
        Command::Restore(restore) => restore.run(),
        Command::Doctor(doctor) => doctor.run(),
        Command::User(user) => user.run(),
        Command::Openapi => say(crate::openapi::pretty(&crate::openapi::document()).trim_end()),
        Command::Healthcheck(check) => check.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Whoever closed the other end does not want to hear of it.
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Prints a line for whoever called the program.
pub(crate) fn say(text: impl fmt::Display) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")?;
    Ok(out.flush()?)
}

/// A refusal as an error of the command line: what is wrong, field by field.
pub(crate) fn explain(problem: &Problem) -> anyhow::Error {
    let json = problem.to_json(rapport_domain::context::Locale::En, "", "");
    let text = |value: &serde_json::Value, name: &str| {
        value.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
    };
    let errors = json.get("errors").and_then(serde_json::Value::as_array).into_iter().flatten();
    let details: Vec<String> = errors
        .map(|error| format!("{}: {}", text(error, "pointer").trim_start_matches('/'), text(error, "detail")))
        .collect();
    let whole = if details.is_empty() { text(&json, "detail") } else { details.join("; ") };
    anyhow::anyhow!(whole)
}

/// The address of a server as people type it.
pub(crate) fn base_url(address: SocketAddr) -> String {
    format!("http://{address}")
}
