//! Reading input fields into parsed values, collecting every fault with its pointer.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{Object, ObjectBuilder, OneOfBuilder, Schema, SchemaType, Type};
use uuid::Uuid;

use rapport_domain::email::{EMAIL_PATTERN, EmailAddress, MAX_EMAIL};
use rapport_domain::filter::MAX_BYTES;
use rapport_domain::money::Money;
use rapport_domain::phone::{MAX_PHONE, PHONE_PATTERN, PhoneNumber};
use rapport_domain::text::{self, TextError};

use crate::problem::{FieldCode, FieldError, Problem};

/// Where numbers without a country code are at home.
const HOME_REGION: &str = "CN";
/// How many tags a record may have.
const MAX_TAGS: usize = 50;
/// How long a tag may be, in characters.
const MAX_TAG: usize = 50;

/// An amount of money.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoneyAmount {
    /// A decimal number as text, with at most as many decimals as the currency has.
    #[schema(example = "1280.00", pattern = r"^-?(0|[1-9][0-9]{0,12})(\.[0-9]{1,4})?$", max_length = 20)]
    pub amount: String,
    /// The ISO 4217 code.
    #[schema(example = "CNY", pattern = r"^[A-Z]{3}$", min_length = 3, max_length = 3)]
    pub currency: String,
}

impl MoneyAmount {
    /// From minor units, when both parts are there.
    #[must_use]
    pub fn of(minor: Option<i64>, currency: Option<&str>) -> Option<Self> {
        let currency = rapport_domain::money::Currency::parse(currency?).ok()?;
        let money = Money::from_minor(minor?, currency).ok()?;
        Some(Self { amount: money.to_decimal_string(), currency: currency.code().to_owned() })
    }
}

impl MoneyAmount {
    /// A sum, which may be larger than any single amount may be.
    #[must_use]
    pub fn of_total(minor: i64, currency: &str) -> Option<Self> {
        let currency = rapport_domain::money::Currency::parse(currency).ok()?;
        let amount = rust_decimal::Decimal::new(minor, currency.decimals()).to_string();
        Some(Self { amount, currency: currency.code().to_owned() })
    }
}

/// A text that must match one of the domain's patterns.
fn matching(pattern: &str, max: usize, example: &str, is_optional: bool) -> Object {
    let kinds: SchemaType =
        if is_optional { SchemaType::from_iter([Type::String, Type::Null]) } else { Type::String.into() };
    ObjectBuilder::new()
        .schema_type(kinds)
        .pattern(Some(pattern))
        .max_length(Some(max))
        .examples([serde_json::Value::from(example)])
        .build()
}

/// The schema of a filter that is sent as text or in its JSON form, and may be left out.
#[must_use]
pub fn filter_schema(description: &str, example: serde_json::Value) -> RefOr<Schema> {
    let any = OneOfBuilder::new()
        .description(Some(description))
        .item(ObjectBuilder::new().schema_type(Type::Object))
        .item(ObjectBuilder::new().schema_type(Type::String).max_length(Some(MAX_BYTES)))
        .item(ObjectBuilder::new().schema_type(Type::Null))
        .examples([example]);
    RefOr::T(Schema::OneOf(any.build()))
}

/// The schema of an e-mail address that may be left out.
#[must_use]
pub fn email_schema() -> Object {
    matching(EMAIL_PATTERN, MAX_EMAIL, "wang@mingde.example", true)
}

/// The schema of an e-mail address.
#[must_use]
pub fn email_value_schema() -> Object {
    matching(EMAIL_PATTERN, MAX_EMAIL, "wang@mingde.example", false)
}

/// The schema of a phone number that may be left out.
#[must_use]
pub fn phone_schema() -> Object {
    matching(PHONE_PATTERN, MAX_PHONE, "138 1234 5678", true)
}

/// The schema of a phone number.
#[must_use]
pub fn phone_value_schema() -> Object {
    matching(PHONE_PATTERN, MAX_PHONE, "138 1234 5678", false)
}

/// Collects what is wrong with an input.
#[derive(Debug, Default)]
pub struct Faults {
    errors: Vec<FieldError>,
}

impl Faults {
    /// Notes a fault.
    pub fn add(&mut self, pointer: &str, code: FieldCode) {
        self.errors.push(FieldError::at(pointer, code));
    }

    /// Notes a fault that says more than its code.
    pub fn push(&mut self, error: FieldError) {
        self.errors.push(error);
    }

    /// The problem, if there are faults.
    ///
    /// # Errors
    /// All of them.
    pub fn finish(self) -> Result<(), Problem> {
        Problem::check(self.errors)
    }

    fn read(&mut self, pointer: &str, read: Result<String, TextError>) -> Option<String> {
        match read {
            Ok(text) => Some(text),
            Err(TextError::Empty) => None,
            Err(TextError::TooLong { max }) => {
                self.errors.push(FieldError::at(pointer, FieldCode::TooLong).with("max", max));
                None
            }
            Err(TextError::ControlCharacter) => {
                self.add(pointer, FieldCode::InvalidValue);
                None
            }
        }
    }

    /// One line; blank counts as absent.
    pub fn line(&mut self, pointer: &str, typed: Option<&str>, max: usize) -> Option<String> {
        self.read(pointer, text::line(typed?, max))
    }

    /// One line that must be there.
    pub fn required_line(&mut self, pointer: &str, typed: Option<&str>, max: usize) -> String {
        self.required(pointer, |faults| faults.line(pointer, typed, max))
    }

    fn required(&mut self, pointer: &str, read: impl FnOnce(&mut Self) -> Option<String>) -> String {
        let faults = self.errors.len();
        let found = read(self);
        if found.is_none() && self.errors.len() == faults {
            self.add(pointer, FieldCode::Required);
        }
        found.unwrap_or_default()
    }

    /// Several lines; blank counts as absent.
    pub fn prose(&mut self, pointer: &str, typed: Option<&str>, max: usize) -> Option<String> {
        self.read(pointer, text::prose(typed?, max))
    }

    /// Several lines that must be there.
    pub fn required_prose(&mut self, pointer: &str, typed: Option<&str>, max: usize) -> String {
        self.required(pointer, |faults| faults.prose(pointer, typed, max))
    }

    /// An e-mail address, in lower case.
    pub fn email(&mut self, pointer: &str, typed: Option<&str>) -> Option<String> {
        match EmailAddress::parse(typed?) {
            Ok(address) => Some(address.as_str().to_owned()),
            Err(_) => {
                self.add(pointer, FieldCode::InvalidValue);
                None
            }
        }
    }

    /// A phone number as typed, and in E.164 where it can be read as one.
    pub fn phone(&mut self, pointer: &str, typed: Option<&str>) -> (Option<String>, Option<String>) {
        let Some(typed) = typed else { return (None, None) };
        match PhoneNumber::parse(typed, HOME_REGION) {
            Ok(number) => (Some(number.typed), number.e164),
            Err(_) => {
                self.add(pointer, FieldCode::InvalidValue);
                (None, None)
            }
        }
    }

    /// A web address, with its scheme.
    pub fn website(&mut self, pointer: &str, typed: Option<&str>) -> Option<String> {
        let typed = typed.map(str::trim).filter(|typed| !typed.is_empty())?;
        match text::website(typed) {
            Ok(address) => Some(address),
            Err(_) => {
                self.add(pointer, FieldCode::InvalidValue);
                None
            }
        }
    }

    /// An amount in minor units and its currency.
    pub fn money(&mut self, pointer: &str, amount: Option<&MoneyAmount>) -> (Option<i64>, Option<String>) {
        let Some(typed) = amount else { return (None, None) };
        match Money::parse(&typed.amount, &typed.currency) {
            Ok(money) => (Some(money.minor()), Some(money.currency().code().to_owned())),
            Err(_) => {
                let part =
                    if rapport_domain::money::Currency::parse(&typed.currency).is_ok() { "amount" } else { "currency" };
                self.add(&format!("{pointer}/{part}"), FieldCode::InvalidValue);
                (None, None)
            }
        }
    }

    /// A word of a closed set.
    pub fn word<T>(&mut self, pointer: &str, typed: Option<&str>, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let parsed = parse(typed?);
        if parsed.is_none() {
            self.add(pointer, FieldCode::InvalidValue);
        }
        parsed
    }

    /// Labels: cleaned, without repetition, in the order given.
    pub fn tags(&mut self, pointer: &str, typed: &[String]) -> Vec<String> {
        if typed.len() > MAX_TAGS {
            self.add(pointer, FieldCode::TooLong);
            return Vec::new();
        }
        let mut tags: Vec<String> = Vec::new();
        for (n, tag) in typed.iter().enumerate() {
            let tag = self.required_line(&format!("{pointer}/{n}"), Some(tag), MAX_TAG);
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        tags
    }

    /// A reference that must lead somewhere the caller can see.
    pub fn reference(&mut self, pointer: &str, id: Option<Uuid>, is_found: bool) {
        if id.is_some() && !is_found {
            self.add(pointer, FieldCode::NotFound);
        }
    }
}
