//! One pass over the router's document.

use serde_json::Value;

/// The contract as JSON.
#[must_use]
pub fn document() -> Value {
    serde_json::to_value(crate::server::router_document()).unwrap_or_default()
}
