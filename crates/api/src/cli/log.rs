//! Where log lines go: to the standard error, as text on a terminal and as JSON elsewhere.

use std::io::IsTerminal as _;

use anyhow::Context as _;
use tracing_subscriber::EnvFilter;

use crate::config::{LogConfig, LogFormat};

/// What never logs, whatever is asked for: the reader of phone numbers tells which numbers it reads.
const SILENT: &str = "rlibphonenumber=off";

/// Starts to log.
pub(super) fn start(config: &LogConfig) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(format!("{},{SILENT}", config.level))
        .with_context(|| format!("log.level '{}' is no level: use error, warn, info or debug", config.level))?;
    let is_text = match config.format {
        LogFormat::Auto => std::io::stderr().is_terminal(),
        LogFormat::Text => true,
        LogFormat::Json => false,
    };
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start (in a test) keeps the first.
    let _ = if is_text {
        builder.with_target(false).try_init()
    } else {
        builder.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init()
    };
    Ok(())
}
