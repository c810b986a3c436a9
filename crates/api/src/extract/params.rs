//! Parameters of the query: unknown ones are refused, not ignored.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;

use crate::problem::{Code, FieldError, Problem};

/// The parameters of the query as `T`, which should deny unknown fields.
#[derive(Clone, Debug)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Params<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(parse_query(request.query_string()).map(Self))
    }
}

/// The pairs of a query string, in order.
///
/// # Errors
/// `parameter_invalid` for a name or value with U+0000, which no database keeps.
pub fn parse_pairs(query: &str) -> Result<Vec<(String, String)>, Problem> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).map_err(|_| refuse("", Code::InvalidValue))?;
    match pairs.iter().find(|(name, value)| name.contains('\0') || value.contains('\0')) {
        Some((name, _)) => Err(refuse(&name.replace('\0', ""), Code::InvalidValue)),
        None => Ok(pairs),
    }
}

/// Refuses a parameter of more than `max` characters.
///
/// # Errors
/// `parameter_invalid` with the parameter's name.
pub fn at_most(name: &str, value: &str, max: usize) -> Result<(), Problem> {
    if value.chars().count() > max { Err(refuse(name, Code::TooLong)) } else { Ok(()) }
}

/// Reads a query string.
///
/// # Errors
/// `unknown_field` or `parameter_invalid`, both with status 400 and the parameter's name.
pub(crate) fn parse_query<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let pairs = parse_pairs(query)?;
    serde_urlencoded::from_str(query).map_err(|error| explain(&error.to_string(), &pairs))
}

fn explain(text: &str, pairs: &[(String, String)]) -> Problem {
    let named = text.split('`').nth(1).unwrap_or_default();
    if text.starts_with("unknown field") {
        return refuse(named, Code::UnknownField);
    }
    if text.starts_with("missing field") {
        return refuse(named, Code::Required);
    }
    if text.starts_with("duplicate field") {
        return refuse(named, Code::InvalidValue);
    }
    // The reader of queries does not say which value it could not read.
    let only = if let [(name, _)] = pairs { name.as_str() } else { "" };
    refuse(only, Code::InvalidValue)
}

fn refuse(name: &str, code: Code) -> Problem {
    let whole = if code == Code::UnknownField { code } else { Code::ParameterInvalid };
    Problem::new(whole).status_is(actix_web::http::StatusCode::BAD_REQUEST).error(FieldError::of_parameter(name, code))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Query {
        limit: Option<u16>,
    }

    #[test]
    fn parameters_are_read_strictly() {
        assert_eq!(parse_query::<Query>("limit=5").unwrap().limit, Some(5));
        for (query, code) in [
            ("limt=5", Code::UnknownField),
            ("limit=x", Code::ParameterInvalid),
            ("limit=%00", Code::ParameterInvalid),
            ("limit=1&limit=2", Code::ParameterInvalid),
        ] {
            let problem = parse_query::<Query>(query).unwrap_err();
            assert_eq!((problem.code(), problem.status().as_u16()), (code, 400), "{query}");
        }
    }
}
