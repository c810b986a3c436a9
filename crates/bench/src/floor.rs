//! Floor (a): an actix handler that answers with given bytes and does nothing else, in a process of its own.

use std::io::Read as _;
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpResponse, HttpServer};
use anyhow::Context as _;

use crate::http::Client;
use crate::load::{Effort, Seen, send};
use crate::{machine, program};

/// What is answered.
type Body = Arc<RwLock<Bytes>>;

/// Serves until the process is ended, or whoever started it is gone.
///
/// # Errors
/// When nothing can be served at this address.
pub fn serve(address: SocketAddr) -> anyhow::Result<()> {
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    actix_web::rt::System::new().block_on(async {
        let body = Data::new(Body::default());
        let application = move || {
            let route = web::route().to(answer);
            App::new().app_data(body.clone()).app_data(web::PayloadConfig::new(1 << 26)).default_service(route)
        };
        Ok(HttpServer::new(application).workers(2).bind(address)?.run().await?)
    })
}

/// Gives what was left here before; whoever sends a body leaves it here.
async fn answer(body: Data<Body>, sent: Bytes) -> HttpResponse {
    if !sent.is_empty()
        && let Ok(mut kept) = body.write()
    {
        *kept = sent;
    }
    let bytes = body.read().map(|kept| kept.clone()).unwrap_or_default();
    HttpResponse::Ok().content_type("application/json").body(bytes)
}

/// The process that serves.
#[derive(Debug)]
pub struct Floor {
    child: Child,
    address: SocketAddr,
}

impl Floor {
    /// Starts this program once more, to serve.
    ///
    /// # Errors
    /// When it does not answer within ten seconds.
    pub fn start() -> anyhow::Result<Self> {
        let address = program::free_port()?;
        let mut command = Command::new(std::env::current_exe()?);
        let child = command.arg("floor").arg(address.to_string()).stdin(Stdio::piped()).spawn()?;
        for _ in 0..1000 {
            if Client::connect(address).is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(Self { child, address })
    }

    /// How quickly these bytes are answered to as many clients.
    ///
    /// # Errors
    /// As [`send`].
    pub fn measure(&self, effort: Effort, bytes: &[u8]) -> anyhow::Result<Seen> {
        let head = format!("POST / HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n\r\n", self.address, bytes.len());
        let leave = [head.as_bytes(), bytes].concat();
        Client::connect(self.address)?.send(&leave).context("the floor does not take the bytes")?;
        let request = format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", self.address).into_bytes();
        let before = machine::cpu_of(self.child.id());
        let mut seen = send(self.address, effort, 0, &|_| Some(request.as_slice().into()))?;
        seen.cpu = machine::cpu_of(self.child.id()).saturating_sub(before);
        Ok(seen)
    }
}

impl Drop for Floor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
