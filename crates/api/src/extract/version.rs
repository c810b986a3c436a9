//! Which version of a record a change is based on.

use serde::Serialize;
use serde_json::json;

use crate::problem::{Code, Problem};

/// Refuses a change that is based on another version than the one that stands.
///
/// # Errors
/// `version_conflict` with the record as it is now.
pub(crate) fn check_version(expected: Option<i64>, version: i64, current: &impl Serialize) -> Result<(), Problem> {
    match expected {
        Some(expected) if expected != version => {
            Err(Problem::new(Code::VersionConflict).with("current", json!(current)))
        }
        _ => Ok(()),
    }
}
