//! What is sent and answered about teams.

use chrono::{DateTime, Utc};
use rapport_persistence::teams::TeamRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::extract::optional::{clearable, given};

/// A new team.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateTeam {
    /// Its name, unique.
    #[schema(min_length = 1, max_length = 100, example = "华东一组")]
    pub name: String,
    /// The team it belongs to.
    #[serde(default)]
    pub parent_id: Option<Uuid>,
}

/// What may change about a team.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct UpdateTeam {
    /// Its name, unique.
    #[serde(deserialize_with = "given")]
    #[schema(min_length = 1, max_length = 100, nullable = false, example = "华东一组")]
    pub name: Option<String>,
    /// The team it belongs to; null for none.
    #[serde(deserialize_with = "clearable")]
    #[schema(value_type = Option<Uuid>)]
    pub parent_id: Option<Option<Uuid>>,
}

/// A team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TeamView {
    /// The id.
    pub id: Uuid,
    /// Its name.
    #[schema(example = "华东一组")]
    pub name: String,
    /// The team it belongs to.
    pub parent_id: Option<Uuid>,
    /// The version, for `If-Match`.
    #[schema(example = 1)]
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl From<&TeamRow> for TeamView {
    fn from(row: &TeamRow) -> Self {
        Self {
            id: row.id.0,
            name: row.name.clone(),
            parent_id: row.parent_id.map(|parent| parent.0),
            version: row.version,
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
        }
    }
}

/// Every team.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TeamList {
    /// By name.
    pub data: Vec<TeamView>,
}
