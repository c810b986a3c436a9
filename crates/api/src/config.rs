//! The settings: a file, then the environment (`RAPPORT__SECTION__KEY`), then flags.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use rapport_persistence::{StoreConfig, Target};
use serde::Deserialize;

use crate::mail::Mailer;

/// Every setting; unknown ones are refused.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where and how to listen.
    pub server: ServerConfig,
    /// Where files are kept.
    pub data: DataConfig,
    /// Which database.
    pub database: DatabaseConfig,
    /// How often anyone may ask.
    pub rate_limit: RateLimitConfig,
    /// What is logged.
    pub log: LogConfig,
    /// How changes are guarded.
    pub api: ApiConfig,
    /// How many may listen to what happens.
    pub events: EventsConfig,
    /// How mail is sent.
    pub mail: MailConfig,
    /// How much may be attached.
    pub files: FilesConfig,
}

/// Where and how to listen.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerConfig {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The address people use, when it differs: `https://crm.example.com`. With https, cookies become `__Host-` cookies.
    pub public_url: Option<String>,
    /// The folder with the built frontend.
    pub web: Option<PathBuf>,
    /// Threads that answer requests.
    pub workers: usize,
    /// Other origins whose pages may call the API, exactly as browsers send them.
    pub cors_origins: Vec<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: None,
            web: None,
            workers: 2,
            cors_origins: Vec::new(),
            trusted_proxies: Vec::new(),
        }
    }
}

/// Where files are kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DataConfig {
    /// The folder; SQLite's `rapport.db` stands in it.
    pub dir: PathBuf,
}

impl Default for DataConfig {
    fn default() -> Self {
        Self { dir: PathBuf::from("data") }
    }
}

/// Which database.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `postgres://…`, or nothing for SQLite in the data folder.
    pub url: Option<String>,
    /// A standby to read from.
    pub read_url: Option<String>,
    /// Threads that read (and, on PostgreSQL, as many that write).
    pub threads: Option<usize>,
}

impl std::fmt::Debug for DatabaseConfig {
    /// A URL may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DatabaseConfig").field("threads", &self.threads).finish_non_exhaustive()
    }
}

/// How often anyone may ask.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RateLimitConfig {
    /// Whether anything is limited.
    pub enabled: bool,
    /// Requests a minute of a signed-in user or a key.
    pub user_per_minute: u32,
    /// Requests a minute of an address that is not signed in.
    pub address_per_minute: u32,
    /// Sign-ins a minute of an address.
    pub login_per_minute: u32,
}

impl Default for RateLimitConfig {
    fn default() -> Self {
        Self { enabled: true, user_per_minute: 1200, address_per_minute: 300, login_per_minute: 20 }
    }
}

/// What is logged.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// `error`, `warn`, `info`, `debug` or a filter such as `info,rapport_api=debug`.
    pub level: String,
    /// `auto` (text on a terminal, JSON elsewhere), `text` or `json`.
    pub format: LogFormat,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { level: "info".to_owned(), format: LogFormat::Auto }
    }
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Text on a terminal, JSON elsewhere.
    Auto,
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// How the API behaves.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ApiConfig {
    /// Whether every change must say which version it is based on (`If-Match`).
    pub require_if_match: bool,
    /// The largest body, in bytes.
    pub max_body: usize,
    /// Seconds in which a body must arrive.
    pub body_seconds: u64,
    /// Seconds in which an answer must be ready.
    pub handler_seconds: u64,
}

impl Default for ApiConfig {
    fn default() -> Self {
        Self { require_if_match: false, max_body: 1024 * 1024, body_seconds: 15, handler_seconds: 10 }
    }
}

/// How many may listen to what happens.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EventsConfig {
    /// Streams that this process keeps open.
    pub streams: usize,
    /// Streams of one user, with all of their sessions and keys.
    pub streams_per_user: usize,
}

impl Default for EventsConfig {
    fn default() -> Self {
        Self { streams: 2000, streams_per_user: 10 }
    }
}

/// How much may be attached.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FilesConfig {
    /// The largest file, in bytes.
    pub max_bytes: usize,
    /// All files of the organisation together, in bytes; what is attached twice counts once.
    pub quota_bytes: i64,
    /// Seconds in which a file must have arrived.
    pub upload_seconds: u64,
    /// Files that may arrive in this process at once.
    pub uploads: usize,
    /// Those of one user.
    pub uploads_per_user: usize,
}

impl Default for FilesConfig {
    fn default() -> Self {
        Self {
            max_bytes: 25 * 1024 * 1024,
            quota_bytes: 5 * 1024 * 1024 * 1024,
            upload_seconds: 300,
            uploads: 32,
            uploads_per_user: 6,
        }
    }
}

/// How mail is sent.
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailConfig {
    /// The server: `smtps://user:password@host`, `smtp://user:password@host?tls=required` or, on this machine, `smtp://localhost`.
    /// Without it no mail is sent.
    pub url: Option<String>,
    /// Whom mail comes from: `Rapport <crm@example.com>`.
    pub from: Option<String>,
    /// Seconds in which the server must have taken a mail.
    pub seconds: u64,
}

impl Default for MailConfig {
    fn default() -> Self {
        Self { url: None, from: None, seconds: 30 }
    }
}

impl std::fmt::Debug for MailConfig {
    /// The URL may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MailConfig").field("from", &self.from).field("seconds", &self.seconds).finish_non_exhaustive()
    }
}

impl Config {
    /// Reads the settings from a file (if one is named) and from the environment.
    ///
    /// # Errors
    /// When the file cannot be read, a setting is unknown, or a value does not fit.
    pub fn load(file: Option<&Path>) -> anyhow::Result<Self> {
        let builder = config::Config::builder();
        let builder = match file {
            Some(path) => builder.add_source(config::File::from(path).format(config::FileFormat::Toml)),
            None => builder,
        };
        let environment = config::Environment::with_prefix("RAPPORT")
            .prefix_separator("__")
            .separator("__")
            .try_parsing(true)
            .list_separator(",")
            .with_list_parse_key("server.cors_origins")
            .with_list_parse_key("server.trusted_proxies");
        let settings = builder.add_source(environment).build().context("the settings cannot be read")?;
        settings.try_deserialize().context("the settings are not valid: correct the name or the value")
    }

    /// Refuses what cannot be meant: a mistyped URL of a database must not become the name of an SQLite file, and what is
    /// compared with the origin of a page must be one.
    ///
    /// # Errors
    /// When the URL of a database begins neither with `postgres://` nor with `sqlite://`, an origin is none, or the settings of
    /// mail do not fit together.
    pub fn check(&self) -> anyhow::Result<()> {
        let schemes = ["postgres://", "postgresql://", "sqlite://"];
        let urls = [("database.url", &self.database.url), ("database.read_url", &self.database.read_url)];
        for (name, url) in urls {
            let is_known = url.as_deref().is_none_or(|url| schemes.iter().any(|scheme| url.starts_with(scheme)));
            anyhow::ensure!(is_known, "{name} must begin with postgres://. For SQLite in the data folder leave it out");
        }
        let (write, read) = (self.target(), self.store().read);
        let is_pair = write == read || matches!((&write, &read), (Target::Postgres(_), Target::Postgres(_)));
        anyhow::ensure!(is_pair, "database.read_url names a PostgreSQL standby of database.url; SQLite has none");
        let origins = self.public_origin().map(|origin| ("server.public_url", origin));
        let origins =
            origins.into_iter().chain(self.server.cors_origins.iter().map(|o| ("server.cors_origins", o.as_str())));
        for (name, origin) in origins {
            anyhow::ensure!(is_origin(origin), "{name}: '{origin}' is no origin; write it as https://crm.example.com");
        }
        Mailer::of(self).map(drop)
    }

    /// Which database the settings name.
    #[must_use]
    pub fn target(&self) -> Target {
        match &self.database.url {
            Some(url) => Target::parse(url),
            None => Target::Sqlite(self.data.dir.join("rapport.db")),
        }
    }

    /// How the store is opened.
    #[must_use]
    pub fn store(&self) -> StoreConfig {
        let single = StoreConfig::single(self.target(), self.database.threads.unwrap_or(4));
        match &self.database.read_url {
            Some(url) => StoreConfig { read: Target::parse(url), ..single },
            None => single,
        }
    }

    /// Whether people reach Rapport by https.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.server.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }

    /// The origin of the address people use, if it is configured.
    #[must_use]
    pub fn public_origin(&self) -> Option<&str> {
        self.server.public_url.as_deref().map(|url| url.trim_end_matches('/'))
    }
}

/// Whether a text is an origin as browsers send it: scheme, host and perhaps a port, in small letters, and no path.
fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    let is_usual =
        (text.starts_with("https:") && host.ends_with(":443")) || (text.starts_with("http:") && host.ends_with(":80"));
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.:[]".contains(&byte);
    !host.is_empty() && !is_usual && host.bytes().all(is_letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_written_as_browsers_send_them() {
        for good in ["https://crm.example.com", "http://127.0.0.1:8080", "https://[2001:db8::1]:8443"] {
            assert!(is_origin(good), "{good}");
        }
        for bad in [
            "",
            "*",
            "null",
            "crm.example.com",
            "ftp://crm.example.com",
            "https://",
            "https://CRM.example.com",
            "https://crm.example.com/crm",
            "https://crm.example.com:443",
            "http://crm.example.com:80",
            "https://a@crm.example.com",
            "https://crm.example.com?x",
        ] {
            assert!(!is_origin(bad), "{bad}");
        }
    }

    #[test]
    fn an_address_that_is_no_origin_is_refused_at_the_start() {
        let with = |public: &str, cors: &str| {
            let server = ServerConfig {
                public_url: Some(public.to_owned()),
                cors_origins: vec![cors.to_owned()],
                ..ServerConfig::default()
            };
            Config { server, ..Config::default() }.check()
        };
        assert!(with("https://crm.example.com/", "https://app.example.com").is_ok());
        assert!(with("https://crm.example.com/crm", "https://app.example.com").is_err());
        assert!(with("https://crm.example.com", "*").is_err());
        assert!(with("https://crm.example.com", "null").is_err());
    }
}
