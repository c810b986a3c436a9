//! What is sent and answered about API keys.

use chrono::{DateTime, Utc};
use rapport_persistence::api_keys::ApiKeyRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::extract::times::optional_moment;
use crate::session::NamedRef;

/// A new key.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateApiKey {
    /// What it is for.
    #[schema(min_length = 1, max_length = 100, example = "Website form")]
    pub name: String,
    /// What it may do of what its user may do.
    #[schema(min_items = 1, max_items = 10)]
    pub scopes: Vec<ApiKeyScope>,
    /// When it ends: within a year; in 90 days if left out.
    #[serde(default, deserialize_with = "optional_moment")]
    pub expires_at: Option<DateTime<Utc>>,
}

/// A part of what a user may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) enum ApiKeyScope {
    #[serde(rename = "customers:read")]
    CustomersRead,
    #[serde(rename = "customers:write")]
    CustomersWrite,
    #[serde(rename = "contacts:read")]
    ContactsRead,
    #[serde(rename = "contacts:write")]
    ContactsWrite,
    #[serde(rename = "leads:read")]
    LeadsRead,
    #[serde(rename = "leads:write")]
    LeadsWrite,
    #[serde(rename = "opportunities:read")]
    OpportunitiesRead,
    #[serde(rename = "opportunities:write")]
    OpportunitiesWrite,
    #[serde(rename = "activities:read")]
    ActivitiesRead,
    #[serde(rename = "activities:write")]
    ActivitiesWrite,
    #[serde(rename = "*:read")]
    EverythingRead,
    #[serde(rename = "*:write")]
    EverythingWrite,
}

/// A key, without its secret.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ApiKeyView {
    /// The id.
    pub id: Uuid,
    /// What it is for.
    #[schema(example = "Website form")]
    pub name: String,
    /// The first letters, to recognise it by.
    #[schema(example = "rap_4fT7kQ2z")]
    pub prefix: String,
    /// What it may do of what its user may do.
    #[schema(example = json!(["leads:write"]))]
    pub scopes: Vec<String>,
    /// In whose name it acts.
    pub user_id: Uuid,
    /// In whose name it acts, by name.
    pub user: Option<NamedRef>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl ApiKeyView {
    pub(super) fn of(row: ApiKeyRow, user: Option<NamedRef>) -> Self {
        Self {
            id: row.id.0,
            name: row.name,
            prefix: format!("rap_{}", row.prefix),
            scopes: row.scopes.0,
            user_id: row.user_id.0,
            user,
            expires_at: row.expires_at.0,
            last_used_at: row.last_used_at.map(|at| at.0),
            created_at: row.created_at.0,
        }
    }
}

/// A new key with its secret, which is never shown again.
#[derive(Serialize, ToSchema)]
pub(crate) struct NewApiKeyView {
    /// The whole key: send it as `Authorization: Bearer …`.
    #[schema(example = "rap_4fT7kQ2z_Nq8…")]
    pub key: String,
    /// Its description.
    pub api_key: ApiKeyView,
}

/// Keys.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiKeyList {
    /// Newest first.
    pub data: Vec<ApiKeyView>,
}

/// Whose keys.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ApiKeyParams {
    /// Everybody's keys, which takes the right to see them.
    #[param(default = false)]
    pub all: bool,
}
