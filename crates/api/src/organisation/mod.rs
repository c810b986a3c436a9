//! The organisation that runs this Rapport.

mod dto;
mod routes;

pub(crate) use dto::{UpdateOrganisation, check_thresholds};
pub use routes::routes;

use rapport_domain::context::Locale;
use rapport_persistence::settings::setting_find;
use rapport_persistence::{Db, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::scoring::{USUAL_HOT_FROM, USUAL_WARM_FROM};

/// Within how many hours a new installation answers its leads.
pub(crate) const USUAL_RESPONSE_HOURS: i32 = 24;

/// After how many days a new installation tells managers of what has become red.
pub(crate) const USUAL_GRACE_DAYS: i32 = 2;

/// The setting it is kept under.
pub const ORGANISATION: &str = "organisation";

/// The organisation that runs this Rapport.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Organisation {
    /// Its name.
    #[schema(example = "花果山科技")]
    pub name: String,
    /// The currency amounts are shown in first, ISO 4217.
    #[schema(example = "CNY")]
    pub currency: String,
    /// The language of new users.
    pub language: Language,
    /// The time zone of new users, an IANA name.
    #[schema(example = "Asia/Shanghai")]
    pub time_zone: String,
    /// Within how many hours a new lead is to be answered, from when it first has an owner; null sets no time.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 720, example = 24)]
    pub lead_response_hours: Option<i32>,
    /// For how many days an opportunity is red before its owner's manager is told; null tells no manager.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 365, example = 2)]
    pub stale_grace_days: Option<i32>,
    /// From how many points on a lead is warm.
    #[serde(default = "usual_warm_from")]
    #[schema(minimum = -10_000, maximum = 10_000, example = 30)]
    pub lead_warm_from: i32,
    /// From how many points on it is hot.
    #[serde(default = "usual_hot_from")]
    #[schema(minimum = -10_000, maximum = 10_000, example = 60)]
    pub lead_hot_from: i32,
    /// Starts at 1, one more with every change.
    #[serde(default = "first_version")]
    pub version: i64,
}

fn first_version() -> i64 {
    1
}

fn usual_warm_from() -> i32 {
    USUAL_WARM_FROM
}

fn usual_hot_from() -> i32 {
    USUAL_HOT_FROM
}

/// A language Rapport speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum Language {
    /// Simplified Chinese.
    #[default]
    #[serde(rename = "zh-CN")]
    ZhCn,
    /// English.
    #[serde(rename = "en")]
    En,
}

impl Language {
    /// The tag as it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Locale::from(self).as_str()
    }

    /// Reads a stored tag.
    #[must_use]
    pub fn parse(tag: &str) -> Self {
        match Locale::parse(tag) {
            Some(Locale::En) => Self::En,
            _ => Self::ZhCn,
        }
    }
}

impl From<Language> for Locale {
    fn from(language: Language) -> Self {
        match language {
            Language::ZhCn => Self::ZhCn,
            Language::En => Self::En,
        }
    }
}

impl Default for Organisation {
    fn default() -> Self {
        Self {
            name: String::new(),
            currency: "CNY".to_owned(),
            language: Language::ZhCn,
            time_zone: "Asia/Shanghai".to_owned(),
            lead_response_hours: None,
            stale_grace_days: None,
            lead_warm_from: USUAL_WARM_FROM,
            lead_hot_from: USUAL_HOT_FROM,
            version: first_version(),
        }
    }
}

/// The organisation; its defaults before anything has been set up.
///
/// # Errors
/// When the database fails.
pub fn organisation(db: &mut Db) -> Result<Organisation, StoreError> {
    Ok(setting_find(db, ORGANISATION)?.unwrap_or_default())
}
