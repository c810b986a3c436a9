//! The program under measurement: started, asked when it is ready, ended.

use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use serde_json::json;

use crate::http::{Caller, Client};
use crate::load::{Effort, Requests, Seen, send};
use crate::machine;
use crate::place::{EMAIL, Ground, PASSWORD, Place};

/// A running `rapport serve`.
#[derive(Debug)]
pub struct Program {
    child: Child,
    /// Where it listens, and the proof of whoever has signed in.
    pub caller: Caller,
    /// From its start until it said that it was ready.
    pub start: Duration,
    database: Option<u32>,
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

impl Program {
    /// Starts the program and waits until it is ready.
    ///
    /// # Errors
    /// When it does not become ready within a minute.
    pub fn start(ground: &Ground, place: &Place) -> anyhow::Result<Self> {
        let address = free_port()?;
        let mut command = ground.command("serve", place);
        command.args(["--listen", &address.to_string()]).stdin(Stdio::null()).stdout(Stdio::null());
        let began = Instant::now();
        let child = command.stderr(Stdio::null()).spawn().context("the program cannot be started")?;
        let caller = Caller { address, token: String::new() };
        let mut program = Self { child, caller, start: Duration::ZERO, database: place.server };
        while !program.is_ready() {
            ensure!(began.elapsed() < Duration::from_secs(60), "the program is not ready after a minute");
            ensure!(program.child.try_wait()?.is_none(), "the program has ended before it was ready");
            std::thread::sleep(Duration::from_millis(1));
        }
        program.start = began.elapsed();
        Ok(program)
    }

    fn is_ready(&self) -> bool {
        let Ok(mut client) = Client::connect(self.caller.address) else { return false };
        client.send(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n").is_ok_and(|(status, _)| status == 200)
    }

    /// Signs in.
    ///
    /// # Errors
    /// When that is refused.
    pub fn sign_in(&mut self) -> anyhow::Result<()> {
        let grant = json!({"grant_type": "password", "email": EMAIL, "password": PASSWORD});
        let tokens = self.caller.ask(&self.caller.post("/auth/token", &grant))?;
        let token = tokens.get("access_token").and_then(|token| token.as_str());
        token.context("no token")?.clone_into(&mut self.caller.token);
        Ok(())
    }

    /// Sends requests, and takes the processor time of the program and of its database server.
    ///
    /// # Errors
    /// As [`send`].
    pub fn send(&self, effort: Effort, first: usize, requests: &Requests<'_>) -> anyhow::Result<Seen> {
        let cpu = || (machine::cpu_of(self.child.id()), self.database.map(machine::cpu_of_family).unwrap_or_default());
        let before = cpu();
        let mut seen = send(self.caller.address, effort, first, requests)?;
        let after = cpu();
        seen.cpu = after.0.saturating_sub(before.0);
        seen.database_cpu = after.1.saturating_sub(before.1);
        Ok(seen)
    }

    /// Memory in use, in MiB.
    #[must_use]
    pub fn memory(&self) -> f64 {
        machine::memory_of(self.child.id())
    }

    /// Ends it without a word of warning, as a power cut would.
    ///
    /// # Errors
    /// When it cannot be ended.
    pub fn kill(mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
