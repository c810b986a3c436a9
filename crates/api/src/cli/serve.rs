//! `rapport serve`.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use clap::Args;

use super::{Place, base_url, data, explain, say};
use crate::config::Config;
use crate::notifications::{digest, sweep};
use crate::state::App;
use crate::{figures, jobs, pools, scoring, server, setup, upkeep};

/// How long connections in use are told to close before idle ones are closed: what a client has just sent is answered.
const FAREWELL: Duration = Duration::from_millis(300);

/// Serves the API and the pages.
#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    place: Place,
    /// The address to listen on.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// The folder with the built frontend.
    #[arg(long, value_name = "DIR")]
    web: Option<PathBuf>,
    /// Adds sample data and users with a known password; on this machine only.
    #[arg(long)]
    demo: bool,
}

impl Serve {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let mut config = self.place.config()?;
        if let Some(listen) = self.listen {
            config.server.listen = listen;
        }
        if let Some(web) = self.web {
            config.server.web = Some(web);
        }
        ensure!(
            !self.demo || config.server.listen.ip().is_loopback(),
            "--demo listens on this machine only, since everyone knows its passwords: use --listen 127.0.0.1:PORT"
        );
        let _log = super::log::start(&config.log)?;
        actix_web::rt::System::new().block_on(serve(config, self.demo))
    }
}

async fn serve(config: Config, is_demo: bool) -> anyhow::Result<()> {
    figures::install();
    let address = config.server.listen;
    // Taken before anything is changed: whoever starts it twice finds out at once.
    let listener = listen(address)?;
    let _lock = data::lock(&config)?;
    let app = data::open(config).await?;
    if is_demo {
        crate::demo::fill(&app).await?;
    }
    print_setup_link(&app, listener.local_addr()?).await?;
    let server = server::start(app.clone(), listener)?;
    let (handle, farewell) = (server.handle(), app.farewell.clone());
    actix_web::rt::spawn(sweep::run(app.clone()));
    actix_web::rt::spawn(pools::sweep::run(app.clone()));
    actix_web::rt::spawn(scoring::sweep::run(app.clone()));
    actix_web::rt::spawn(digest::run(app.clone()));
    actix_web::rt::spawn(jobs::run::run(app.clone()));
    actix_web::rt::spawn(upkeep::run(app));
    actix_web::rt::spawn(async move {
        wait_for_signal().await;
        tracing::info!("stopping: requests under way are finished first");
        farewell.begin();
        actix_web::rt::time::sleep(FAREWELL).await;
        handle.stop(true).await;
    });
    tracing::info!(%address, "listening");
    server.await.context("the server has failed")?;
    tracing::info!("stopped");
    Ok(())
}

fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    match TcpListener::bind(address) {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            bail!("{address} is taken by another program: stop it, or choose another with --listen")
        }
        Err(error) => Err(error).with_context(|| format!("cannot listen on {address}: choose another with --listen")),
    }
}

/// Until somebody has been added, every start prints a new link and the old one stops working.
async fn print_setup_link(app: &App, address: SocketAddr) -> anyhow::Result<()> {
    let base = app.config.public_origin().map_or_else(|| base_url(address), str::to_owned);
    match setup::setup_link(app, &base).await.map_err(|problem| explain(&problem))? {
        Some(link) => {
            say(format_args!("Rapport is empty. Open this link, which works once, to set it up:\n\n    {link}\n"))
        }
        None => Ok(()),
    }
}

/// Ctrl-C, or what service managers send.
async fn wait_for_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminate) = signal(SignalKind::terminate()) else { return };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    }
    #[cfg(not(unix))]
    let _ = tokio::signal::ctrl_c().await;
}
