//! Problems: what every refused request is answered with (RFC 9457).

mod code;
mod from;
mod page;
mod schema;

use std::borrow::Cow;
use std::fmt;

use actix_web::http::StatusCode;
use rapport_domain::context::Locale;
use serde_json::{Map, Value, json};

pub use code::Code;
pub use page::problem_page;
pub use schema::{FieldErrorView, ProblemView};

/// A code of a single field; the same closed set.
pub type FieldCode = Code;

/// The media type of every error answer.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Simplified Chinese.
    pub zh: Cow<'static, str>,
    /// English.
    pub en: Cow<'static, str>,
}

impl Text {
    /// A sentence in both languages.
    pub fn new(zh: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The sentence in one language.
    #[must_use]
    pub fn get(&self, locale: Locale) -> &str {
        match locale {
            Locale::ZhCn => &self.zh,
            Locale::En => &self.en,
        }
    }
}

/// Where a request is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A JSON pointer into the body.
    Pointer(String),
    /// A parameter of the query, the path or a header.
    Parameter(String),
}

/// One thing that is wrong with a request.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldError {
    /// Where.
    pub place: Place,
    /// What.
    pub code: Code,
    /// What, for people; the code's title if there is nothing more to say.
    pub detail: Option<Text>,
    /// Numbers and names that belong to the code: `{"max": 200}`.
    pub params: Map<String, Value>,
}

impl FieldError {
    /// Something wrong at a JSON pointer into the body.
    pub fn at(pointer: impl Into<String>, code: Code) -> Self {
        Self { place: Place::Pointer(pointer.into()), code, detail: None, params: Map::new() }
    }

    /// Something wrong with a parameter.
    pub fn of_parameter(name: impl Into<String>, code: Code) -> Self {
        Self { place: Place::Parameter(name.into()), ..Self::at("", code) }
    }

    /// Says more to people.
    #[must_use]
    pub fn because(mut self, zh: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Self {
        self.detail = Some(Text::new(zh, en));
        self
    }

    /// Says more to programs.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    fn to_json(&self, locale: Locale) -> Value {
        let detail = self.detail.as_ref().map_or(self.code.title(locale), |text| text.get(locale));
        let mut json = json!({ "code": self.code, "detail": detail, "params": self.params });
        if let Some(map) = json.as_object_mut() {
            let (name, place) = match &self.place {
                Place::Pointer(pointer) => ("pointer", pointer),
                Place::Parameter(parameter) => ("parameter", parameter),
            };
            map.insert(name.to_owned(), json!(place));
        }
        json
    }
}

/// Why a request is refused. Small to pass around: everything stands behind one pointer.
#[derive(Clone, PartialEq)]
pub struct Problem(Box<Parts>);

#[derive(Clone, Debug, PartialEq)]
struct Parts {
    code: Code,
    status: StatusCode,
    detail: Option<Text>,
    errors: Vec<FieldError>,
    extra: Map<String, Value>,
    retry_after: Option<u64>,
    headers: Vec<(&'static str, String)>,
    is_retry: bool,
}

impl Problem {
    /// A problem with the code's own status and title.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self(Box::new(Parts {
            code,
            status: code.status(),
            detail: None,
            errors: Vec::new(),
            extra: Map::new(),
            retry_after: None,
            headers: Vec::new(),
            is_retry: false,
        }))
    }

    /// `validation_failed`, to which errors are added.
    #[must_use]
    pub fn validation() -> Self {
        Self::new(Code::ValidationFailed)
    }

    /// Field errors as one problem.
    #[must_use]
    pub fn of_fields(errors: Vec<FieldError>) -> Self {
        errors.into_iter().fold(Self::validation(), Self::error)
    }

    /// `Err` with all errors, or `Ok` if there are none.
    ///
    /// # Errors
    /// `validation_failed`.
    pub fn check(errors: Vec<FieldError>) -> Result<(), Self> {
        if errors.is_empty() { Ok(()) } else { Err(Self::of_fields(errors)) }
    }

    /// Adds something wrong at a JSON pointer into the body.
    #[must_use]
    pub fn at(self, pointer: impl Into<String>, code: Code) -> Self {
        self.error(FieldError::at(pointer, code))
    }

    /// Adds something wrong with a parameter.
    #[must_use]
    pub fn parameter(self, name: impl Into<String>, code: Code) -> Self {
        self.error(FieldError::of_parameter(name, code))
    }

    /// Adds something wrong.
    #[must_use]
    pub fn error(mut self, error: FieldError) -> Self {
        self.0.errors.push(error);
        self
    }

    /// Adds an extension member of the answer: `current`, `candidates`.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.extra.insert(name.to_owned(), value.into());
        self
    }

    /// Says why, to people.
    #[must_use]
    pub fn because(mut self, zh: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Self {
        self.0.detail = Some(Text::new(zh, en));
        self
    }

    /// Says after how many seconds another try makes sense.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// Answers with another status than the code's own.
    #[must_use]
    pub fn status_is(mut self, status: StatusCode) -> Self {
        self.0.status = status;
        self
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.headers.push((name, value.into()));
        self
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// What is wrong, thing by thing.
    #[must_use]
    pub fn errors(&self) -> &[FieldError] {
        &self.0.errors
    }

    /// An extension member of the answer.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Value> {
        self.0.extra.get(name)
    }

    /// The same problem with every pointer below `prefix`: `/name` becomes `/fields/name`.
    #[must_use]
    pub fn below(mut self, prefix: &str) -> Self {
        for error in &mut self.0.errors {
            if let Place::Pointer(pointer) = &mut error.place {
                pointer.insert_str(0, prefix);
            }
        }
        self
    }

    /// The headers that belong to the answer.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (&'static str, String)> + '_ {
        let retry = self.0.retry_after.map(|seconds| ("Retry-After", seconds.to_string()));
        self.0.headers.iter().cloned().chain(retry)
    }

    /// The document. `instance` is the path of the request.
    #[must_use]
    pub fn to_json(&self, locale: Locale, instance: &str, request_id: &str) -> Value {
        let parts = &self.0;
        let title = parts.code.title(locale);
        let mut json = parts.extra.clone();
        json.insert("type".into(), json!(format!("/problems/{}", parts.code.kebab())));
        json.insert("title".into(), json!(title));
        json.insert("status".into(), json!(parts.status.as_u16()));
        json.insert("detail".into(), json!(parts.detail.as_ref().map_or(title, |text| text.get(locale))));
        json.insert("instance".into(), json!(instance));
        json.insert("code".into(), json!(parts.code));
        json.insert("request_id".into(), json!(request_id));
        json.insert("errors".into(), parts.errors.iter().map(|error| error.to_json(locale)).collect());
        Value::Object(json)
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code.as_str())
    }
}

impl std::error::Error for Problem {}

impl actix_web::ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.0.status
    }

    /// The middleware writes the body: only it knows the request's language, path and id.
    fn error_response(&self) -> actix_web::HttpResponse {
        actix_web::HttpResponse::new(self.0.status)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]

    use super::*;

    #[test]
    fn a_problem_speaks_both_languages() {
        let problem = Problem::validation().at("/name", Code::Required).because("不行", "No");
        let zh = problem.to_json(Locale::ZhCn, "/api/v1/leads", "r1");
        let en = problem.to_json(Locale::En, "/api/v1/leads", "r1");
        assert_eq!(zh["title"], "有字段不符合要求");
        assert_eq!(zh["detail"], "不行");
        assert_eq!(en["detail"], "No");
        assert_eq!(en["status"], 422);
        assert_eq!(en["type"], "/problems/validation-failed");
        assert_eq!(
            en["errors"][0],
            json!({"pointer": "/name", "code": "required", "detail": "Required", "params": {}})
        );
    }

    #[test]
    fn extension_members_never_hide_the_standard_ones() {
        let problem = Problem::new(Code::VersionConflict).with("current", json!({"a": 1})).with("status", 200);
        let json = problem.to_json(Locale::En, "/", "r");
        assert_eq!((&json["status"], &json["current"]["a"]), (&json!(412), &json!(1)));
    }

    #[test]
    fn pointers_move_below_a_prefix() {
        let problem = Problem::validation().at("/name", Code::Required).parameter("q", Code::TooLong).below("/fields");
        assert_eq!(problem.errors()[0].place, Place::Pointer("/fields/name".into()));
        assert_eq!(problem.errors()[1].place, Place::Parameter("q".into()));
    }
}
