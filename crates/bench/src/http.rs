//! A small HTTP client: HTTP/1.1 kept alive, answers with a known length, one thread each. Cheaper than what it measures.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;

/// No answer takes longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// One connection.
#[derive(Debug)]
pub struct Client {
    stream: BufReader<TcpStream>,
    line: String,
    body: Vec<u8>,
}

impl Client {
    /// Connects.
    ///
    /// # Errors
    /// When nobody listens.
    pub fn connect(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream: BufReader::with_capacity(1 << 16, stream), line: String::new(), body: Vec::new() })
    }

    /// Sends a request and waits for its answer: the status and the body.
    ///
    /// # Errors
    /// When the connection breaks, or the answer is not of a known length.
    pub fn send(&mut self, request: &[u8]) -> anyhow::Result<(u16, &[u8])> {
        self.stream.get_mut().write_all(request)?;
        let status = self.read_line()?.split(' ').nth(1).and_then(|word| word.parse().ok());
        let status = status.context("an answer without a status")?;
        let mut length = if status == 204 { Some(0) } else { None };
        loop {
            let line = self.read_line()?;
            if line.is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = Some(value.trim().parse()?);
            }
        }
        self.body.resize(length.context("an answer without a length")?, 0);
        self.stream.read_exact(&mut self.body)?;
        Ok((status, &self.body))
    }

    fn read_line(&mut self) -> anyhow::Result<&str> {
        self.line.clear();
        ensure!(self.stream.read_line(&mut self.line)? > 0, "the server has closed the connection");
        Ok(self.line.trim_end())
    }
}

/// Where to send to, and as whom.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The server.
    pub address: SocketAddr,
    /// What is sent as proof; nothing before signing in.
    pub token: String,
}

impl Caller {
    /// The bytes of a GET below `/api/v1`.
    #[must_use]
    pub fn get(&self, path: &str) -> Vec<u8> {
        format!("GET /api/v1{path} HTTP/1.1\r\nHost: {}\r\n{}\r\n", self.address, self.proof()).into_bytes()
    }

    /// The bytes of a POST below `/api/v1`.
    #[must_use]
    pub fn post(&self, path: &str, body: &Value) -> Vec<u8> {
        let (proof, body) = (self.proof(), body.to_string());
        let head = format!("POST /api/v1{path} HTTP/1.1\r\nHost: {}\r\n{proof}", self.address);
        format!("{head}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
    }

    fn proof(&self) -> String {
        if self.token.is_empty() { String::new() } else { format!("Authorization: Bearer {}\r\n", self.token) }
    }

    /// Sends one request and reads its answer as JSON.
    ///
    /// # Errors
    /// When the answer is no success, or no JSON.
    pub fn ask(&self, request: &[u8]) -> anyhow::Result<Value> {
        ask(&mut Client::connect(self.address)?, request)
    }
}

/// Sends one request over a connection and reads its answer as JSON.
///
/// # Errors
/// As [`Caller::ask`].
pub fn ask(client: &mut Client, request: &[u8]) -> anyhow::Result<Value> {
    let (status, body) = client.send(request)?;
    if !(200..300).contains(&status) {
        let asked = String::from_utf8_lossy(request.split(|byte| *byte == b'\r').next().unwrap_or_default());
        bail!("{asked} was answered with {status}: {}", String::from_utf8_lossy(body));
    }
    Ok(serde_json::from_slice(body)?)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use std::net::TcpListener;

    use super::*;

    /// A server that gives these answers, one after another, on one connection.
    fn serve(answers: Vec<&'static str>) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut bytes = [0; 4096];
            for answer in answers {
                let _ = stream.read(&mut bytes).unwrap();
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        address
    }

    #[test]
    fn answers_are_told_apart_by_their_length() {
        let address = serve(vec![
            "HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n{\"a\":1}",
            "HTTP/1.1 204 No Content\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}",
        ]);
        let caller = Caller { address, token: String::new() };
        let mut client = Client::connect(address).unwrap();
        assert_eq!(client.send(&caller.get("/a")).unwrap(), (200, b"{\"a\":1}".as_slice()));
        assert_eq!(client.send(&caller.get("/b")).unwrap(), (204, b"".as_slice()));
        let refused = ask(&mut client, &caller.get("/c")).unwrap_err().to_string();
        assert!(refused.starts_with("GET /api/v1/c HTTP/1.1 was answered with 404"), "{refused}");
        assert!(client.send(&caller.get("/d")).is_err());
    }
}
