//! What may be written of the organisation.

use rapport_domain::scoring::{MAX_THRESHOLD, Thresholds};
use rapport_domain::text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Language, Organisation};
use crate::configuration::faults::check_range;
use crate::problem::{Code, FieldError, Problem};
use crate::session::check_zone;

/// A month is long enough for any answer.
const MAX_RESPONSE_HOURS: i32 = 720;
/// And a year for whoever owns what stands still.
const MAX_GRACE_DAYS: i32 = 365;

/// What may change of the organisation.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({"lead_response_hours": 8}))]
pub(crate) struct UpdateOrganisation {
    /// Its name.
    #[schema(min_length = 1, max_length = 200, example = "花果山科技")]
    pub name: String,
    /// The currency amounts are shown in first, ISO 4217.
    #[schema(min_length = 3, max_length = 3, example = "CNY")]
    pub currency: String,
    /// The language of new users.
    pub language: Language,
    /// The time zone of new users, an IANA name.
    #[schema(max_length = 64, example = "Asia/Shanghai")]
    pub time_zone: String,
    /// Within how many hours a new lead is to be answered, from when it first has an owner; `null` sets no time.
    #[schema(minimum = 1, maximum = 720, example = 24)]
    pub lead_response_hours: Option<i32>,
    /// For how many days an opportunity is red before its owner's manager is told; `null` tells no manager.
    #[schema(minimum = 0, maximum = 365, example = 2)]
    pub stale_grace_days: Option<i32>,
    /// From how many points on a lead is warm, unless somebody says otherwise of it.
    #[schema(minimum = -10_000, maximum = 10_000, example = 30)]
    pub lead_warm_from: i32,
    /// From how many points on it is hot; more than for warm.
    #[schema(minimum = -10_000, maximum = 10_000, example = 60)]
    pub lead_hot_from: i32,
}

impl Default for UpdateOrganisation {
    fn default() -> Self {
        Self::of(&Organisation::default())
    }
}

impl UpdateOrganisation {
    /// The fields as they are.
    pub(super) fn of(organisation: &Organisation) -> Self {
        Self {
            name: organisation.name.clone(),
            currency: organisation.currency.clone(),
            language: organisation.language,
            time_zone: organisation.time_zone.clone(),
            lead_response_hours: organisation.lead_response_hours,
            stale_grace_days: organisation.stale_grace_days,
            lead_warm_from: organisation.lead_warm_from,
            lead_hot_from: organisation.lead_hot_from,
        }
    }

    /// The organisation, all faults at once; `name_at` is where its name stands in the request. A name that stays what it
    /// `was` is not asked about: whoever has never given one may still change the rest.
    pub(crate) fn read(&self, name_at: &str, was: Option<&str>) -> Result<Organisation, Problem> {
        let mut errors = Vec::new();
        let mut name = self.name.clone();
        if was != Some(self.name.as_str()) {
            match text::line(&self.name, 200) {
                Ok(line) => name = line,
                Err(error) => errors.push(FieldError::of_text(name_at, error)),
            }
        }
        if iso_currency::Currency::from_code(&self.currency).is_none() {
            errors.push(
                FieldError::at("/currency", Code::InvalidValue)
                    .because("必须是 ISO 4217 货币代码", "Must be an ISO 4217 currency code"),
            );
        }
        errors.extend(check_zone(&self.time_zone).err());
        check_range("/lead_response_hours", self.lead_response_hours, 1, MAX_RESPONSE_HOURS, &mut errors);
        check_range("/stale_grace_days", self.stale_grace_days, 0, MAX_GRACE_DAYS, &mut errors);
        for (pointer, points) in [("/lead_warm_from", self.lead_warm_from), ("/lead_hot_from", self.lead_hot_from)] {
            check_range(pointer, Some(points), -MAX_THRESHOLD, MAX_THRESHOLD, &mut errors);
        }
        let thresholds = Thresholds { warm_from: self.lead_warm_from, hot_from: self.lead_hot_from };
        check_thresholds("/lead_hot_from", thresholds, &mut errors);
        Problem::check(errors)?;
        Ok(Organisation {
            name,
            currency: self.currency.clone(),
            language: self.language,
            time_zone: self.time_zone.clone(),
            lead_response_hours: self.lead_response_hours,
            stale_grace_days: self.stale_grace_days,
            lead_warm_from: self.lead_warm_from,
            lead_hot_from: self.lead_hot_from,
            version: 1,
        })
    }
}

/// What is hot is more than warm.
pub(crate) fn check_thresholds(pointer: &str, thresholds: Thresholds, faults: &mut Vec<FieldError>) {
    if thresholds.hot_from <= thresholds.warm_from {
        let fault = FieldError::at(pointer, Code::InvalidValue).with("warm_from", thresholds.warm_from);
        faults.push(fault.because("热的分数线必须高于温的分数线", "Hot begins above warm"));
    }
}
