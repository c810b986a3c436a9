//! The organisation that runs this Rapport.

use rapport_domain::context::Locale;
use rapport_persistence::settings::setting_find;
use rapport_persistence::{Db, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
