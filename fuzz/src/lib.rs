//! Whatever strangers may send, thrown at the readers of Rapport: filters, cursors, tokens, bodies, words, values, files, templates, backups.
//!
//! A target takes any bytes and panics when a promise is broken. `make test` runs every target over the committed corpus
//! and over changes of it (`tests/corpus.rs`); `make fuzz` lets libFuzzer look for new paths (`guided`).

mod backup;
mod bodies;
mod files;
mod filter;
pub mod mutate;
mod tokens;
mod values;
mod words;

/// A reader under attack.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The name; also of the folder with its corpus.
    pub name: &'static str,
    /// Reads any bytes; panics when a promise is broken.
    pub run: fn(&[u8]),
    /// Words of its language, for those who change inputs.
    pub words: &'static [&'static str],
}

/// Every reader under attack.
pub const TARGETS: &[Target] = &[
    Target { name: "filter_text", run: filter::text, words: filter::WORDS },
    Target { name: "filter_json", run: filter::json, words: filter::JSON_WORDS },
    Target { name: "list_request", run: tokens::list_request, words: filter::WORDS },
    Target { name: "cursor", run: tokens::cursor, words: tokens::CURSOR_WORDS },
    Target { name: "access_token", run: tokens::access, words: tokens::TOKEN_WORDS },
    Target { name: "api_key", run: tokens::api_key, words: &["rap_", "_"] },
    Target { name: "body", run: bodies::body, words: bodies::WORDS },
    Target { name: "words", run: words::search, words: words::WORDS },
    Target { name: "values", run: values::values, words: values::WORDS },
    Target { name: "file", run: files::file, words: files::FILE_WORDS },
    Target { name: "places", run: files::places, words: files::PLACE_WORDS },
    Target { name: "backup_bytes", run: backup::bytes, words: backup::WORDS },
    Target { name: "backup_lines", run: backup::lines, words: backup::WORDS },
];

/// The target with a name.
#[must_use]
pub fn find(name: &str) -> Option<Target> {
    TARGETS.iter().copied().find(|target| target.name == name)
}
