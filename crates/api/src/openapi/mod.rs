//! The published contract: what the router says, completed with what all operations have in common.

mod complete;
mod table;

use serde_json::Value;

pub use complete::document;

/// The contract, made once, and a table of its paths.
#[derive(Debug)]
pub struct Document {
    /// The document as it is served.
    pub text: String,
    table: table::Table,
}

impl Default for Document {
    fn default() -> Self {
        Self::new()
    }
}

impl Document {
    /// Makes the document.
    #[must_use]
    pub fn new() -> Self {
        let json = document();
        Self { text: pretty(&json), table: table::Table::read(&json) }
    }

    /// The methods a path has, for `Allow`; `None` when there is no such path.
    #[must_use]
    pub fn allowed(&self, path: &str) -> Option<String> {
        self.table.allowed(path)
    }
}

/// The document as it is committed and served.
#[must_use]
pub fn pretty(json: &Value) -> String {
    // A `Value` always serialises.
    let mut text = serde_json::to_string_pretty(json).unwrap_or_default();
    text.push('\n');
    text
}
