//! Names in the languages Rapport speaks.

use std::collections::BTreeMap;

use rapport_domain::context::Locale;
use rapport_domain::text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::{Code, FieldError};

/// How long a name may be, in characters.
const MAX_NAME: usize = 100;

/// A name in each language; at least one is needed, and stands in for the other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({"zh-CN": "官网", "en": "Website"}))]
pub struct Names {
    /// Simplified Chinese.
    #[serde(rename = "zh-CN", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 100)]
    pub zh_cn: Option<String>,
    /// English.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 100)]
    pub en: Option<String>,
}

/// The name in a language, or else in the other one.
#[must_use]
pub fn name_for(names: &BTreeMap<String, String>, locale: Locale) -> String {
    names.get(locale.as_str()).or_else(|| names.values().next()).cloned().unwrap_or_default()
}

impl Names {
    /// As they are stored.
    #[must_use]
    pub fn of(stored: &BTreeMap<String, String>) -> Self {
        let get = |locale: Locale| stored.get(locale.as_str()).cloned();
        Self { zh_cn: get(Locale::ZhCn), en: get(Locale::En) }
    }

    /// Both names, for data of our own.
    #[must_use]
    pub fn both(zh_cn: &str, en: &str) -> Self {
        Self { zh_cn: Some(zh_cn.to_owned()), en: Some(en.to_owned()) }
    }

    /// Cleaned, as they are to be stored; what is wrong goes to `faults`.
    pub(crate) fn read(&self, faults: &mut Vec<FieldError>) -> BTreeMap<String, String> {
        let mut read = BTreeMap::new();
        for (locale, typed) in [(Locale::ZhCn, &self.zh_cn), (Locale::En, &self.en)] {
            let Some(typed) = typed else { continue };
            match text::line(typed, MAX_NAME) {
                Ok(name) => drop(read.insert(locale.as_str().to_owned(), name)),
                Err(error) => faults.push(FieldError::of_text(format!("/names/{}", locale.as_str()), error)),
            }
        }
        if self.zh_cn.is_none() && self.en.is_none() {
            faults.push(FieldError::at("/names", Code::Required));
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_language_stands_in_for_the_other() {
        let names = BTreeMap::from([("en".to_owned(), "Website".to_owned())]);
        assert_eq!(name_for(&names, Locale::ZhCn), "Website");
        assert_eq!(name_for(&BTreeMap::new(), Locale::En), "");
    }

    #[test]
    fn blank_and_missing_names_are_refused() {
        let mut faults = Vec::new();
        Names::default().read(&mut faults);
        Names { zh_cn: Some(" ".into()), en: Some("x".repeat(101)) }.read(&mut faults);
        let codes: Vec<_> = faults.iter().map(|fault| fault.code).collect();
        assert_eq!(codes, [Code::Required, Code::Required, Code::TooLong]);
    }

    #[test]
    fn names_are_trimmed() {
        let mut faults = Vec::new();
        let read = Names { zh_cn: Some(" 官网 ".into()), en: None }.read(&mut faults);
        assert_eq!(Names::of(&read), Names { zh_cn: Some("官网".into()), en: None });
        assert!(faults.is_empty());
    }
}
