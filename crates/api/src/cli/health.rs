//! `rapport healthcheck`: for containers and service managers.

use std::io::{Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use clap::Args;

use super::say;

/// Asks a running Rapport whether it is ready.
#[derive(Debug, Args)]
pub(super) struct Healthcheck {
    /// The address of the server.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    url: String,
}

impl Healthcheck {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let host =
            self.url.strip_prefix("http://").context("the address must begin with http://")?.trim_end_matches('/');
        let answer = ask(host).with_context(|| format!("{} does not answer", self.url))?;
        let status = answer.split(' ').nth(1).unwrap_or_default().to_owned();
        ensure!(status == "200", "{} is not ready (status {status})", self.url);
        say("ready")
    }
}

fn ask(host: &str) -> anyhow::Result<String> {
    let patience = Duration::from_secs(5);
    let named = if host.rsplit(']').next().is_some_and(|rest| rest.contains(':')) {
        host.to_owned()
    } else {
        format!("{host}:80")
    };
    let address = named.to_socket_addrs()?.next().context("unknown host")?;
    let mut stream = TcpStream::connect_timeout(&address, patience)?;
    stream.set_read_timeout(Some(patience))?;
    write!(stream, "GET /readyz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.take(4096).read_to_string(&mut answer)?;
    Ok(answer)
}
