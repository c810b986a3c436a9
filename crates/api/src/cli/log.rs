//! Where log lines go: to the standard error, as text on a terminal and as JSON elsewhere.

use std::io::{BufWriter, IsTerminal as _};

use anyhow::Context as _;
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;

use crate::config::{LogConfig, LogFormat};

/// What never logs, whatever is asked for: the reader of phone numbers tells which numbers it reads.
const SILENT: &str = "rlibphonenumber=off";

/// Starts to log. What is logged reaches its end at the latest when the answer is dropped.
///
/// Lines are written by a thread of their own, several at a time when there are many: a reader who does not keep up (a
/// full pipe) holds up no request. Beyond 128,000 waiting lines the newest are lost.
pub(super) fn start(config: &LogConfig) -> anyhow::Result<WorkerGuard> {
    let filter = EnvFilter::try_new(format!("{},{SILENT}", config.level))
        .with_context(|| format!("log.level '{}' is no level: use error, warn, info or debug", config.level))?;
    let is_text = match config.format {
        LogFormat::Auto => std::io::stderr().is_terminal(),
        LogFormat::Text => true,
        LogFormat::Json => false,
    };
    let (writer, guard) = NonBlockingBuilder::default().thread_name("log").finish(BufWriter::new(std::io::stderr()));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer);
    // A second start (in a test) keeps the first.
    let _ = if is_text {
        builder.with_ansi(std::io::stderr().is_terminal()).with_target(false).try_init()
    } else {
        builder.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init()
    };
    Ok(guard)
}
