//! Bodies: JSON in time, not too large, and valid.

use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::web::BytesMut;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::StreamExt as _;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use validator::{Validate, ValidationError, ValidationErrors, ValidationErrorsKind};

use super::strict::{escape, parse_body};
use crate::problem::{Code, FieldError, Problem};
use crate::state::App;

/// A JSON body that was read strictly and has passed its own validation.
#[derive(Clone, Debug)]
pub struct Body<T>(pub T);

/// A JSON body that was read strictly, for types whose validation is the domain's affair.
#[derive(Clone, Debug)]
pub struct JsonBody<T>(pub T);

/// The bytes of a JSON body.
#[derive(Clone, Debug)]
pub struct RawBody(pub web::Bytes);

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = read(request, payload);
        Box::pin(async move {
            let value = parse_body::<T>(&body.await?)?;
            validate(&value)?;
            Ok(Self(value))
        })
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for JsonBody<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = read(request, payload);
        Box::pin(async move { parse_body(&body.await?).map(Self) })
    }
}

impl FromRequest for RawBody {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = read(request, payload);
        Box::pin(async move { body.await.map(Self) })
    }
}

/// Runs the checks of a type.
///
/// # Errors
/// `validation_failed` with a pointer for each field.
pub fn validate(value: &impl Validate) -> Result<(), Problem> {
    let mut errors = Vec::new();
    if let Err(found) = value.validate() {
        collect("", &found, &mut errors);
    }
    errors.sort_by(|a: &FieldError, b| format!("{:?}", a.place).cmp(&format!("{:?}", b.place)));
    Problem::check(errors)
}

fn collect(prefix: &str, found: &ValidationErrors, errors: &mut Vec<FieldError>) {
    for (field, kind) in &found.0 {
        let pointer = format!("{prefix}/{}", escape(field));
        match kind {
            ValidationErrorsKind::Field(list) => errors.extend(list.iter().map(|error| field_error(&pointer, error))),
            ValidationErrorsKind::Struct(inner) => collect(&pointer, inner, errors),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    collect(&format!("{pointer}/{index}"), inner, errors);
                }
            }
        }
    }
}

fn field_error(pointer: &str, error: &ValidationError) -> FieldError {
    let mut found = FieldError::at(pointer, code_of(error));
    for (name, value) in error.params.iter().filter(|(name, _)| name.as_ref() != "value") {
        found = found.with(name, value.clone());
    }
    found
}

/// A check names one of our codes, or is one of the standard ones.
fn code_of(error: &ValidationError) -> Code {
    if let Some(code) = Code::parse(&error.code) {
        return code;
    }
    let number = |name: &str| error.params.get(name).and_then(Value::as_u64);
    let length = match error.params.get("value") {
        Some(Value::String(text)) => text.chars().count() as u64,
        Some(Value::Array(items)) => items.len() as u64,
        _ => 0,
    };
    match (error.code.as_ref(), number("max")) {
        ("length", Some(max)) if length > max => Code::TooLong,
        ("length", _) if length == 0 => Code::Required,
        _ => Code::InvalidValue,
    }
}

fn read(request: &HttpRequest, payload: &mut Payload) -> LocalBoxFuture<'static, Result<web::Bytes, Problem>> {
    let settings = request.app_data::<web::Data<App>>().map(|app| app.config.api.clone()).unwrap_or_default();
    let is_json = is_json(request);
    let declared = request.headers().get("content-length").and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    let payload = payload.take();
    Box::pin(async move {
        if !is_json {
            let problem = Problem::new(Code::UnsupportedMediaType).header("Accept", "application/json");
            return Err(problem.header("Accept-Encoding", "identity"));
        }
        if declared.is_some_and(|length| length > settings.max_body) {
            return Err(too_large(settings.max_body));
        }
        let in_time = Duration::from_secs(settings.body_seconds);
        let late = |_| Problem::new(Code::Timeout).because("请求内容未能及时到达", "The body did not arrive in time");
        tokio::time::timeout(in_time, collect_bytes(payload, settings.max_body)).await.map_err(late)?
    })
}

async fn collect_bytes(mut payload: Payload, max: usize) -> Result<web::Bytes, Problem> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk =
            chunk.map_err(|_| Problem::new(Code::MalformedJson).because("请求内容中断", "The body was cut off"))?;
        if bytes.len().saturating_add(chunk.len()) > max {
            return Err(too_large(max));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

fn too_large(max: usize) -> Problem {
    Problem::new(Code::BodyTooLarge)
        .because(format!("请求内容最多 {max} 字节"), format!("A body has at most {max} bytes"))
        .with("max_bytes", json!(max))
}

/// Whether the body says that it is JSON in UTF-8, as it stands: what would have to be unpacked first is not read.
fn is_json(request: &HttpRequest) -> bool {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_ascii_lowercase);
    let is_packed = request.headers().contains_key(CONTENT_ENCODING)
        && header(CONTENT_ENCODING).is_none_or(|coding| coding.trim() != "identity");
    let Some(content_type) = header(CONTENT_TYPE).filter(|_| !is_packed) else { return false };
    let mut parts = content_type.split(';').map(str::trim);
    let is_known = match parts.next() {
        Some("application/json") => true,
        Some("application/merge-patch+json") => request.method() == Method::PATCH,
        _ => false,
    };
    let charset = |part: &str| part.strip_prefix("charset=").map(|charset| charset.trim_matches('"').to_owned());
    is_known && parts.filter_map(charset).all(|charset| charset == "utf-8")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[derive(Validate)]
    struct Form {
        #[validate(length(min = 1, max = 3))]
        name: String,
        #[validate(nested)]
        lines: Vec<Line>,
    }

    #[derive(Validate)]
    struct Line {
        #[validate(range(min = 1, max = 9))]
        count: i32,
    }

    #[test]
    fn json_is_in_utf_8_and_not_packed() {
        use actix_web::test::TestRequest;
        let is_read = |content_type: &str, coding: Option<&str>| {
            let request = TestRequest::patch().insert_header(("content-type", content_type));
            let request =
                coding.into_iter().fold(request, |request, coding| request.insert_header(("content-encoding", coding)));
            is_json(&request.to_http_request())
        };
        for good in
            ["application/json", "Application/JSON; Charset=\"UTF-8\"", "application/merge-patch+json;charset=utf-8"]
        {
            assert!(is_read(good, None) && is_read(good, Some("identity")), "{good}");
        }
        for bad in ["", "text/plain", "application/jsonx", "application/json; charset=utf-16", "x; application/json"] {
            assert!(!is_read(bad, None), "{bad}");
        }
        for coding in ["gzip", "br", "identity, gzip", ""] {
            assert!(!is_read("application/json", Some(coding)), "{coding}");
        }
    }

    #[test]
    fn checks_become_pointers_and_codes() {
        let form = |name: &str, count| Form { name: name.to_owned(), lines: vec![Line { count: 1 }, Line { count }] };
        assert!(validate(&form("孙悟空", 9)).is_ok());
        let problem = validate(&form("四个汉字", 10)).unwrap_err();
        let found: Vec<_> = problem.errors().iter().map(|error| (error.place.clone(), error.code)).collect();
        let at = |pointer: &str| crate::problem::Place::Pointer(pointer.to_owned());
        assert_eq!(found, [(at("/lines/1/count"), Code::InvalidValue), (at("/name"), Code::TooLong)]);
        assert_eq!(validate(&form("", 1)).unwrap_err().errors().first().unwrap().code, Code::Required);
    }
}
