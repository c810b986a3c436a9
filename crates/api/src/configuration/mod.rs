//! Configuration: lead statuses, sources, pipelines and their stages. Everyone reads it; `configure` changes it.

pub mod defaults;
pub mod dto;
pub(crate) mod faults;
pub mod names;
pub(crate) mod order;
mod pipelines;
mod routes;
mod sources;
mod stages;
mod statuses;
pub mod words;

pub use names::{Names, name_for};
pub use routes::routes;

use rapport_domain::access::{Action, Permit, Subject, decide};
use rapport_domain::context::Context;
use rapport_persistence::Tx;
use rapport_persistence::roles::guard_pass;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::extract::parse_body;
use crate::problem::{Code, Problem};
use crate::records::reply::Reply;

/// How many sources, statuses or pipelines there may be.
const MAX_ROWS: usize = 200;

/// Leave to change the configuration. Those who change it do so one after another, so that what must hold for a whole
/// set (one default pipeline, a won stage in each) holds under races too.
pub(crate) fn enter(tx: &mut Tx<'_>, ctx: &Context) -> Result<Permit, Problem> {
    let permit = decide(&ctx.actor, Action::Configure, Subject::Configuration, None)?;
    guard_pass(tx, "configuration")?;
    Ok(permit)
}

/// The writable fields after a merge patch, read as strictly as those of a new row.
pub(crate) fn merged<T: Serialize + DeserializeOwned>(current: &T, patch: &Value) -> Result<T, Problem> {
    if !patch.is_object() {
        return Err(Problem::validation().at("", Code::InvalidValue));
    }
    let mut document = json!(current);
    json_patch::merge(&mut document, patch);
    parse_body(document.to_string().as_bytes())
}

/// An answer with the version of its row as ETag.
fn versioned(reply: Reply, version: i64) -> Reply {
    Reply { version: Some(version), ..reply }
}

/// 412 when the caller has seen another version than the one that stands.
pub(crate) fn check_version(expected: Option<i64>, version: i64, current: &impl Serialize) -> Result<(), Problem> {
    match expected {
        Some(expected) if expected != version => {
            Err(Problem::new(Code::VersionConflict).with("current", json!(current)))
        }
        _ => Ok(()),
    }
}

pub(crate) fn check_room(rows: usize, max: usize) -> Result<(), Problem> {
    if rows < max {
        return Ok(());
    }
    Err(Problem::validation().because(format!("最多 {max} 项"), format!("At most {max} are possible")))
}

/// 409 with the counts when something is still used.
fn in_use(counts: impl Iterator<Item = (&'static str, i64)>) -> Result<(), Problem> {
    let used: serde_json::Map<String, Value> =
        counts.filter(|(_, count)| *count > 0).map(|(name, count)| (name.to_owned(), count.into())).collect();
    if used.is_empty() {
        return Ok(());
    }
    Err(Problem::new(Code::InUse)
        .because("仍有记录在使用它，请指定替代项", "Records still use it: name a replacement")
        .with("in_use", used))
}
