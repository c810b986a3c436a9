//! What is sent and answered on the first run.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::organisation::Language;

/// Whether the first run is still to come.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetupState {
    /// Whether nobody has been added yet.
    pub required: bool,
}

/// The first administrator and the organisation.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Setup {
    /// The token of the link that was printed on the console.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub token: String,
    /// The name of the organisation.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200, example = "花果山科技")]
    pub organisation_name: String,
    /// The first administrator.
    pub admin: SetupAdmin,
    /// The language of new users.
    pub language: Language,
    /// The currency amounts are shown in first, ISO 4217.
    #[schema(min_length = 3, max_length = 3, example = "CNY")]
    pub currency: String,
    /// The time zone of new users, an IANA name.
    #[schema(max_length = 64, example = "Asia/Shanghai")]
    pub time_zone: String,
    /// Whether to begin with sample data.
    #[serde(default)]
    #[schema(default = false)]
    pub sample_data: bool,
}

/// The first administrator.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetupAdmin {
    /// The name as shown.
    #[schema(min_length = 1, max_length = 200, example = "Ada Admin")]
    pub name: String,
    /// The address to sign in with.
    #[schema(max_length = 254, example = "admin@example.com")]
    pub email: String,
    /// The password: at least 12 characters, not easy to guess.
    #[schema(min_length = 12, max_length = 256, format = Password, example = "lantern-orbit-velvet")]
    pub password: String,
}

impl std::fmt::Debug for SetupAdmin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SetupAdmin")
    }
}
