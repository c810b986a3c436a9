//! What is sent and answered about users.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::extract::optional::{clearable, given};
use crate::organisation::Language;
use crate::records::list::{ListMeta, PageInfo};
use crate::session::{NamedRef, RoleRef};

/// A new user.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateUser {
    /// The name as shown.
    #[schema(min_length = 1, max_length = 200, example = "孙悟空")]
    pub name: String,
    /// The address to sign in with, unique.
    #[schema(
        max_length = 254,
        pattern = "^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])$",
        example = "sun.wukong@example.com"
    )]
    pub email: String,
    /// The first password; without one the user cannot sign in until one is set.
    #[serde(default)]
    #[schema(min_length = 12, max_length = 256, format = Password, example = "lantern-orbit-velvet")]
    pub password: Option<String>,
    /// The language of the pages; the organisation's by default.
    #[serde(default)]
    pub language: Option<Language>,
    /// The time zone, an IANA name; the organisation's by default.
    #[serde(default)]
    #[schema(max_length = 64, example = "Asia/Shanghai")]
    pub time_zone: Option<String>,
    /// The team.
    #[serde(default)]
    pub team_id: Option<Uuid>,
    /// Whom the user reports to.
    #[serde(default)]
    pub manager_id: Option<Uuid>,
    /// The roles.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub role_ids: Vec<Uuid>,
    /// Whether the user may sign in.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub is_active: bool,
}

fn yes() -> bool {
    true
}

impl std::fmt::Debug for CreateUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CreateUser").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What may change about a user.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct UpdateUser {
    /// The name as shown.
    #[serde(deserialize_with = "given")]
    #[schema(min_length = 1, max_length = 200, nullable = false, example = "孙悟空")]
    pub name: Option<String>,
    /// The address to sign in with, unique.
    #[serde(deserialize_with = "given")]
    #[schema(
        max_length = 254,
        nullable = false,
        pattern = "^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])$",
        example = "sun.wukong@example.com"
    )]
    pub email: Option<String>,
    /// A new password, which ends every session of the user.
    #[serde(deserialize_with = "given")]
    #[schema(min_length = 12, max_length = 256, format = Password, nullable = false, example = "lantern-orbit-velvet")]
    pub password: Option<String>,
    /// The language of the pages.
    #[serde(deserialize_with = "given")]
    #[schema(nullable = false)]
    pub language: Option<Language>,
    /// The time zone, an IANA name.
    #[serde(deserialize_with = "given")]
    #[schema(max_length = 64, nullable = false, example = "Asia/Shanghai")]
    pub time_zone: Option<String>,
    /// The team; null for none. The user's records follow.
    #[serde(deserialize_with = "clearable")]
    #[schema(value_type = Option<Uuid>)]
    pub team_id: Option<Option<Uuid>>,
    /// Whom the user reports to; null for nobody.
    #[serde(deserialize_with = "clearable")]
    #[schema(value_type = Option<Uuid>)]
    pub manager_id: Option<Option<Uuid>>,
    /// The roles, the whole list anew.
    #[serde(deserialize_with = "given")]
    #[schema(max_items = 20, nullable = false)]
    pub role_ids: Option<Vec<Uuid>>,
    /// Whether the user may sign in; `false` ends every session at once.
    #[serde(deserialize_with = "given")]
    #[schema(nullable = false)]
    pub is_active: Option<bool>,
}

impl std::fmt::Debug for UpdateUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UpdateUser")
    }
}

/// A user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct UserView {
    /// The id.
    pub id: Uuid,
    /// The name as shown.
    #[schema(example = "孙悟空")]
    pub name: String,
    /// The address used to sign in.
    #[schema(example = "sun.wukong@example.com")]
    pub email: String,
    /// The language of the pages.
    pub language: Language,
    /// The time zone, an IANA name.
    #[schema(example = "Asia/Shanghai")]
    pub time_zone: String,
    /// The team.
    pub team_id: Option<Uuid>,
    /// The team, by name.
    pub team: Option<NamedRef>,
    /// Whom the user reports to.
    pub manager_id: Option<Uuid>,
    /// Whom the user reports to, by name.
    pub manager: Option<NamedRef>,
    /// The roles.
    pub roles: Vec<RoleRef>,
    /// Whether the user may sign in.
    pub is_active: bool,
    /// When the user last signed in.
    pub last_sign_in_at: Option<DateTime<Utc>>,
    /// The version, for `If-Match`.
    #[schema(example = 1)]
    pub version: i64,
    /// When the user was added.
    pub created_at: DateTime<Utc>,
    /// When the user last changed.
    pub updated_at: DateTime<Utc>,
}

/// A page of users.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserList {
    /// By name.
    pub data: Vec<UserView>,
    /// Where the page ends.
    pub page: PageInfo,
    /// Empty: users are not counted.
    pub meta: ListMeta,
}

/// Which page of users.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct UserListParams {
    /// How many at most.
    #[param(minimum = 1, maximum = 200, default = 50, nullable = false)]
    pub limit: Option<i64>,
    /// Where the page before ended.
    #[param(max_length = 2048, nullable = false)]
    pub cursor: Option<String>,
}

/// Which users a picker offers.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DirectoryParams {
    /// Part of the name, in any width and case, or its pinyin.
    #[param(max_length = 200, nullable = false, example = "wukong")]
    pub q: Option<String>,
}

/// Users for pickers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Directory {
    /// Those who may sign in first, then by name; at most 200.
    pub data: Vec<DirectoryEntry>,
}

/// A user as others see him.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DirectoryEntry {
    /// The id.
    pub id: Uuid,
    /// The name as shown.
    #[schema(example = "孙悟空")]
    pub name: String,
    /// Whether the user may sign in.
    pub is_active: bool,
}
