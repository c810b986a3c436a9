//! Opening the database from the command line.

use std::path::Path;

use anyhow::{Context as _, bail};
use clap::Args;
use rapport_persistence::{LockError, ServerLock, Store, StoreError, Target, backup, migrate as schema};

use super::{Place, explain, say};
use crate::config::Config;
use crate::state::App;

/// Adds many believable records.
#[derive(Debug, Args)]
pub(super) struct Seed {
    #[command(flatten)]
    place: Place,
    /// How many customers; contacts, leads and opportunities come with them.
    #[arg(long, default_value_t = 1000)]
    size: usize,
    /// The same seed makes the same records.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Seed {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let config = self.place.config()?;
        let _log = super::log::start(&config.log)?;
        runtime()?.block_on(async {
            let app = open(config).await?;
            let done = crate::seed::seed(&app, self.size, self.seed).await?;
            say(format_args!("added {done}"))
        })
    }
}

/// `rapport migrate`.
pub(super) fn migrate(place: &Place) -> anyhow::Result<()> {
    let config = place.config()?;
    let _log = super::log::start(&config.log)?;
    let steps = bring_up_to_date(&config)?;
    if steps.is_empty() {
        return say("the schema is up to date");
    }
    steps.iter().try_for_each(|step| say(format_args!("ran step {step}")))
}

/// Makes the data folder, for its owner only, and brings the schema up to date.
pub(super) fn bring_up_to_date(config: &Config) -> anyhow::Result<Vec<String>> {
    let target = config.target();
    if let Target::Sqlite(_) = target {
        make_folder(&config.data.dir)?;
    }
    if backup::unfinished(&target).unwrap_or_default() {
        bail!("a restore into this database has not been finished: run rapport restore again, which begins anew");
    }
    match schema::run(&target) {
        Ok(steps) => Ok(steps),
        Err(StoreError::Constraint(text)) => {
            bail!("{text}: a newer Rapport has been here. Run that version, or restore a backup made before it")
        }
        Err(StoreError::Damaged(text)) => bail!(
            "the database is damaged ({text}): copy the data folder away, and restore the last backup into a new one. \
             Is it the right folder? Name another with --data"
        ),
        Err(error @ StoreError::Foreign(_)) => bail!("{error}. Name another folder with --data"),
        Err(StoreError::Unavailable(text)) => {
            bail!("the database cannot be reached: {text}. Check --database, or --data and the rights of that folder")
        }
        Err(error) => Err(error).context("the schema cannot be brought up to date; nothing of the failed step is left"),
    }
}

/// Keeps a second server away from an embedded database for as long as the answer lives.
pub(super) fn lock(config: &Config) -> anyhow::Result<Option<ServerLock>> {
    let target = config.target();
    if let Target::Sqlite(_) = target {
        make_folder(&config.data.dir)?;
    }
    ServerLock::take(&target).map_err(|error| match error {
        LockError::Taken(_) => anyhow::anyhow!("{error}: stop it first, or name another folder with --data"),
        LockError::Failed(..) => {
            anyhow::anyhow!("{error}. Check the rights of that folder, or name another with --data")
        }
    })
}

pub(super) fn make_folder(dir: &Path) -> anyhow::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(dir)
        .with_context(|| format!("cannot make the data folder {}: name another with --data", dir.display()))
}

/// The program over its database, without serving.
pub(super) async fn open(config: Config) -> anyhow::Result<App> {
    bring_up_to_date(&config)?;
    let store = Store::open(&config.store()).context("the database cannot be opened")?;
    let app = App::new(store, config);
    app.bootstrap().await.map_err(|problem| explain(&problem))?;
    Ok(app)
}

/// What asynchronous work of a command runs on.
pub(super) fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start")
}
