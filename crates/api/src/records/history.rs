//! The history of a record, as it is shown.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use rapport_persistence::changes::Change;
use rapport_persistence::page::{After, SortValue};

use super::cursor;
use super::list::{ListMeta, PageInfo};
use super::view::NamedRef;

/// One field before and after.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FieldChangeView {
    /// The field.
    #[schema(example = "level")]
    pub field: String,
    /// What it was.
    #[schema(value_type = Option<Value>)]
    pub old: Value,
    /// What it is.
    #[schema(value_type = Option<Value>)]
    pub new: Value,
}

/// One change of a record.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ChangeView {
    /// The change's id.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; null for the system itself.
    pub actor: Option<NamedRef>,
    /// How it came in: session, `api_key`, cli or system.
    #[schema(example = "session")]
    pub via: String,
    /// create, update, delete, restore, transfer, follow (went along with its customer), handover, `assign_by_rule`, move, convert, undo …
    #[schema(example = "update")]
    pub action: String,
    /// The version it made.
    pub version: i64,
    /// What changed.
    pub changes: Vec<FieldChangeView>,
}

/// A page of history, newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HistoryPage {
    /// The changes.
    pub data: Vec<ChangeView>,
    /// Where the page ends.
    pub page: PageInfo,
    /// Empty.
    pub meta: ListMeta,
}

impl From<Change> for ChangeView {
    fn from(change: Change) -> Self {
        let fields = change.fields.0.into_iter();
        Self {
            id: change.id.0,
            at: change.at.0,
            actor: change.actor_id.map(|id| NamedRef { id: id.0, name: change.actor_name }),
            via: change.via,
            action: change.action,
            version: change.version,
            changes: fields.map(|f| FieldChangeView { field: f.field, old: f.old, new: f.new }).collect(),
        }
    }
}

/// The page of at most `limit` changes; one more than that was read to see whether there are more.
pub(crate) fn page(mut changes: Vec<Change>, limit: i64, key: &[u8], list: &str) -> HistoryPage {
    let fits = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = changes.len() > fits;
    changes.truncate(fits);
    let last = changes.last().filter(|_| has_more);
    let next_cursor = last.map(|change| {
        cursor::seal(key, list, &After { values: vec![SortValue::Integer(change.version)], id: change.id.0 })
    });
    HistoryPage {
        data: changes.into_iter().map(Into::into).collect(),
        page: PageInfo { limit, has_more, next_cursor },
        meta: ListMeta::default(),
    }
}

/// The version a history page begins below.
pub(crate) fn version_of(after: &After) -> Option<i64> {
    match after.values.first() {
        Some(SortValue::Integer(version)) => Some(*version),
        _ => None,
    }
}
