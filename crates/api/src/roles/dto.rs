//! What is sent and answered about roles.

use chrono::{DateTime, Utc};
use rapport_domain::context::Locale;
use rapport_persistence::roles::RoleRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::configuration::Names;
use crate::extract::optional::given;
use crate::session::GrantView;

/// A new role.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateRole {
    /// A word that never changes.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,49}$", max_length = 50, example = "inside_sales")]
    pub key: String,
    /// Its name, by language.
    pub names: Names,
    /// What it is for.
    #[serde(default)]
    #[schema(max_length = 1000, example = "电话销售")]
    pub description: String,
    /// What it allows; what is not named is not allowed.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub grants: Vec<GrantView>,
}

/// What may change about a role.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct UpdateRole {
    /// Its name, by language.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Names)]
    pub names: Option<Names>,
    /// What it is for.
    #[serde(deserialize_with = "given")]
    #[schema(max_length = 1000, nullable = false, example = "电话销售")]
    pub description: Option<String>,
    /// What it allows, the whole list anew.
    #[serde(deserialize_with = "given")]
    #[schema(max_items = 200, nullable = false)]
    pub grants: Option<Vec<GrantView>>,
}

/// A role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RoleView {
    /// The id.
    pub id: Uuid,
    /// A word that never changes.
    #[schema(example = "sales")]
    pub key: String,
    /// The name in the language of the request.
    #[schema(example = "Salesperson")]
    pub name: String,
    /// The name in every language.
    pub names: Names,
    /// What it is for.
    pub description: String,
    /// Whether it comes with Rapport and cannot be changed.
    pub is_builtin: bool,
    /// What it allows.
    pub grants: Vec<GrantView>,
    /// The version, for `If-Match`.
    #[schema(example = 1)]
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl RoleView {
    /// A role, named in a language.
    #[must_use]
    pub fn of(row: &RoleRow, locale: Locale) -> Self {
        Self {
            id: row.id.0,
            key: row.key.clone(),
            name: super::name_of(row, locale),
            names: Names::of(&row.names.0),
            description: row.description.clone(),
            is_builtin: row.is_builtin,
            grants: row.grants.0.iter().filter_map(GrantView::of_stored).collect(),
            version: row.version,
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
        }
    }
}

/// Every role.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RoleList {
    /// Those that come with Rapport first.
    pub data: Vec<RoleView>,
}
