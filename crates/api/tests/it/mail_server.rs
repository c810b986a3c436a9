//! A mail server of the tests' own: it takes mail on a real socket, or refuses, waits and hangs up, as it is told.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mail_parser::{Message, MessageParser};

/// How it behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// Takes everything.
    Takes,
    /// Knows no recipient.
    Refuses,
    /// Asks to come again.
    Later,
    /// Says nothing.
    Stalls,
    /// Hangs up when a mail begins.
    HangsUp,
    /// Takes a mail and hangs up before it says so.
    TakesAndHangsUp,
    /// Lets nobody in.
    LetsNobodyIn,
}

/// The server; it ends with the test.
#[derive(Debug)]
pub(crate) struct MailServer {
    /// `smtp://127.0.0.1:port`.
    pub(crate) url: String,
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    mood: Mutex<Mood>,
    taken: Mutex<Vec<Vec<u8>>>,
    calls: Mutex<usize>,
}

impl MailServer {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let state = State { mood: Mutex::new(Mood::Takes), taken: Mutex::default(), calls: Mutex::default() };
        let state = Arc::new(state);
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, state) = (stream.unwrap(), Arc::clone(&shared));
                *state.calls.lock().unwrap() += 1;
                // Whoever hangs up ends his own conversation only.
                std::thread::spawn(move || drop(talk(stream, &state)));
            }
        });
        Self { url, state }
    }

    pub(crate) fn is_now(&self, mood: Mood) {
        *self.state.mood.lock().unwrap() = mood;
    }

    /// How often somebody has called.
    pub(crate) fn calls(&self) -> usize {
        *self.state.calls.lock().unwrap()
    }

    /// What was taken since the last time, as it was sent.
    pub(crate) fn taken(&self) -> Vec<Mail> {
        let taken = std::mem::take(&mut *self.state.taken.lock().unwrap());
        taken.iter().map(|raw| Mail::read(raw)).collect()
    }

    /// The one mail that was taken since the last time.
    #[track_caller]
    pub(crate) fn one(&self) -> Mail {
        let mut taken = self.taken();
        assert_eq!(taken.len(), 1, "{taken:#?}");
        taken.remove(0)
    }
}

fn talk(stream: TcpStream, state: &State) -> std::io::Result<()> {
    let mood = || *state.mood.lock().unwrap();
    let mut out = stream.try_clone()?;
    let mut lines = BufReader::new(stream);
    if mood() == Mood::Stalls {
        std::thread::sleep(Duration::from_secs(5));
        return Ok(());
    }
    out.write_all(b"220 sink ESMTP\r\n")?;
    let mut line = String::new();
    loop {
        line.clear();
        if lines.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let verb = line.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default().to_uppercase();
        let answer = match (verb.as_str(), mood()) {
            ("EHLO", _) => "250-sink\r\n250 8BITMIME",
            ("MAIL", Mood::LetsNobodyIn) => "530 who are you",
            ("RCPT", Mood::Refuses) => "550 5.1.1 <somebody@example.com> unknown",
            ("RCPT", Mood::Later) => "451 4.7.1 come again",
            ("DATA", Mood::HangsUp) => return Ok(()),
            ("DATA", mood) => {
                out.write_all(b"354 go on\r\n")?;
                let raw = body(&mut lines)?;
                state.taken.lock().unwrap().push(raw);
                if mood == Mood::TakesAndHangsUp {
                    return Ok(());
                }
                "250 taken"
            }
            ("QUIT", _) => "221 bye",
            _ => "250 ok",
        };
        out.write_all(format!("{answer}\r\n").as_bytes())?;
    }
}

/// What comes up to the line with a single dot; dots that were doubled are single again.
fn body(lines: &mut BufReader<TcpStream>) -> std::io::Result<Vec<u8>> {
    let mut raw = Vec::new();
    loop {
        let mut line = Vec::new();
        lines.read_until(b'\n', &mut line)?;
        if line == b".\r\n" || line.is_empty() {
            return Ok(raw);
        }
        raw.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}

/// A mail as its reader's program understands it.
#[derive(Debug)]
pub(crate) struct Mail {
    pub(crate) to: String,
    pub(crate) to_name: String,
    pub(crate) from: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
    pub(crate) message_id: String,
    pub(crate) headers: Vec<(String, String)>,
}

impl Mail {
    fn read(raw: &[u8]) -> Self {
        let message: Message = MessageParser::default().parse(raw).unwrap();
        let address = |found: Option<&mail_parser::Address<'_>>| {
            let first = found.and_then(|found| found.first()).unwrap();
            (first.address().unwrap_or_default().to_owned(), first.name().unwrap_or_default().to_owned())
        };
        let ((to, to_name), (from, _)) = (address(message.to()), address(message.from()));
        let headers = message.headers_raw().map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect();
        Self {
            to,
            to_name,
            from,
            subject: message.subject().unwrap().to_owned(),
            text: message.body_text(0).unwrap().replace("\r\n", "\n"),
            html: message.body_html(0).unwrap().into_owned(),
            message_id: message.message_id().unwrap().to_owned(),
            headers,
        }
    }

    /// A header as it was sent.
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }
}
