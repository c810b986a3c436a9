//! Sends mail through a server that the settings name, by SMTP.

use std::fmt;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use lettre::message::Mailbox;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use url::{Host, Url};

use crate::config::Config;

/// A mail server, and in whose name mail is sent.
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    patience: Duration,
    from: Mailbox,
    origin: String,
    domain: String,
}

/// Why a mail was not sent, as far as that decides what to do next. What servers write beside their codes often names the
/// address, so it is kept nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The server is not there, does not answer in time or lets nobody in: another mail would fare no better.
    NoServer(Option<u16>),
    /// The server does not take this mail now.
    Later(u16),
    /// The server will never take this mail.
    Refused(Option<u16>),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoServer(None) => f.write_str("the mail server does not answer, or not as it should"),
            Self::NoServer(Some(code)) => write!(f, "the mail server lets nobody in ({code})"),
            Self::Later(code) => write!(f, "the mail server does not take it now ({code})"),
            Self::Refused(Some(code)) => write!(f, "the mail server refuses it ({code})"),
            Self::Refused(None) => f.write_str("it cannot be sent to this address"),
        }
    }
}

impl fmt::Debug for Mailer {
    /// The server's address may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailer").field("from", &self.from).finish_non_exhaustive()
    }
}

impl Mailer {
    /// The server that the settings name, if they name one. Nothing is connected yet.
    ///
    /// # Errors
    /// When the settings of mail do not fit together; the message holds no password.
    pub fn of(config: &Config) -> anyhow::Result<Option<Self>> {
        let Some(url) = &config.mail.url else {
            ensure!(config.mail.from.is_none(), "mail.from says whom mail comes from, but mail.url names no server");
            return Ok(None);
        };
        let Some(origin) = config.public_origin() else {
            bail!("mail.url needs server.public_url: what is sent links to the pages");
        };
        let from = config.mail.from.as_deref().context("mail.url needs mail.from: 'Rapport <crm@example.com>'")?;
        let from = from.parse().with_context(|| format!("mail.from: '{from}' is no address"))?;
        let public = Url::parse(origin).with_context(|| format!("server.public_url: '{origin}' is no address"))?;
        let patience = Duration::from_secs(config.mail.seconds.max(1));
        // The reason is left out: it could name a part of the address.
        let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).ok().context(
            "mail.url is no mail server: write it as smtps://user:password@smtp.example.com or \
             smtp://user:password@smtp.example.com?tls=required",
        )?;
        let server = if has_name(url) { server } else { server.hello_name(name_of(&public)) };
        let transport = server.timeout(Some(patience)).build();
        let domain = public.host_str().unwrap_or("localhost").to_owned();
        Ok(Some(Self { transport, patience, from, origin: origin.to_owned(), domain }))
    }

    /// Whom mail comes from.
    pub(crate) const fn sender(&self) -> &Mailbox {
        &self.from
    }

    /// Where the pages are: `https://crm.example.com`.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// What the ids of messages end with.
    pub(crate) fn domain(&self) -> &str {
        &self.domain
    }

    /// How long sending takes at most.
    pub(crate) const fn patience(&self) -> Duration {
        self.patience
    }

    /// Sends a mail; waits for the server without holding anything else.
    ///
    /// # Errors
    /// [`Failure`]. A server that does not answer may have taken it all the same.
    pub async fn send(&self, message: Message) -> Result<(), Failure> {
        let is_plain = message.envelope().to().iter().all(|to| AsRef::<str>::as_ref(to).is_ascii());
        match tokio::time::timeout(self.patience, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if error.is_client() && !is_plain => Err(Failure::Refused(None)),
            Ok(Err(error)) => Err(Failure::of(&error)),
            Err(_) => Err(Failure::NoServer(None)),
        }
    }

    /// Asks the server whether it is there and lets us in; sends nothing.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn greet(&self) -> Result<(), Failure> {
        match tokio::time::timeout(self.patience, self.transport.test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Err(error)) => Err(Failure::of(&error)),
            Ok(Ok(false)) | Err(_) => Err(Failure::NoServer(None)),
        }
    }
}

impl Failure {
    fn of(error: &SmtpError) -> Self {
        match error.status().map(u16::from) {
            // Going away; who are you; not without encryption.
            Some(code @ (421 | 454 | 530..=539)) => Self::NoServer(Some(code)),
            Some(code) if error.is_permanent() => Self::Refused(Some(code)),
            Some(code) => Self::Later(code),
            None => Self::NoServer(None),
        }
    }
}

/// Whether the address of a server says by its path which name to greet with.
fn has_name(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| url.path().len() > 1)
}

/// The name to greet a server with: the host that people know.
fn name_of(public: &Url) -> ClientId {
    match public.host() {
        Some(Host::Ipv4(address)) => ClientId::Ipv4(address),
        Some(Host::Ipv6(address)) => ClientId::Ipv6(address),
        Some(Host::Domain(domain)) => ClientId::Domain(domain.to_owned()),
        None => ClientId::default(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::config::{MailConfig, ServerConfig};

    fn config(url: Option<&str>, from: Option<&str>, public: Option<&str>) -> Config {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let server = ServerConfig { public_url: owned(public), ..ServerConfig::default() };
        let mail = MailConfig { url: owned(url), from: owned(from), ..MailConfig::default() };
        Config { server, mail, ..Config::default() }
    }

    const FROM: Option<&str> = Some("Rapport <crm@example.com>");
    const PUBLIC: Option<&str> = Some("https://crm.example.com");

    #[test]
    fn without_a_server_nothing_is_sent() {
        assert!(Mailer::of(&config(None, None, None)).unwrap().is_none());
    }

    #[test]
    fn servers_are_named_with_and_without_encryption() {
        for url in [
            "smtp://localhost",
            "smtp://127.0.0.1:2525/node-1",
            "smtp://crm%40example.com:a%2Fb@smtp.example.com?tls=required",
            "smtp://smtp.example.com:587?tls=opportunistic",
            "smtps://crm:secret@smtp.example.com",
        ] {
            let mailer = Mailer::of(&config(Some(url), FROM, PUBLIC)).unwrap().unwrap();
            assert_eq!((mailer.origin(), mailer.domain()), ("https://crm.example.com", "crm.example.com"), "{url}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_and_no_password_is_printed() {
        let secret = "smtps://crm:hunter2@smtp.example.com";
        for (url, from, public) in [
            (Some("http://crm:hunter2@smtp.example.com"), FROM, PUBLIC),
            (Some("smtp://crm:hunter2@smtp.example.com?tls=hunter2"), FROM, PUBLIC),
            (Some("crm:hunter2@smtp.example.com"), FROM, PUBLIC),
            (Some(secret), None, PUBLIC),
            (Some(secret), Some("nobody"), PUBLIC),
            (Some(secret), Some("a@example.com, b@example.com"), PUBLIC),
            (Some(secret), FROM, None),
            (None, FROM, PUBLIC),
        ] {
            let config = config(url, from, public);
            let error = Mailer::of(&config).map(drop).unwrap_err();
            assert!(!format!("{error:#} {config:?}").contains("hunter2"), "{url:?} {error:#}");
            assert!(config.check().is_err(), "{url:?}");
        }
        let mailer = Mailer::of(&config(Some(secret), FROM, PUBLIC)).unwrap().unwrap();
        assert!(!format!("{mailer:?}").contains("hunter2"));
    }
}
