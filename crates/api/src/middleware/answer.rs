//! Turning refusals into problem documents.

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::ServiceResponse;
use actix_web::http::header::{
    CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, TRANSFER_ENCODING,
};
use actix_web::{HttpResponse, ResponseError};

use crate::problem::{Code, PROBLEM_JSON, Problem};
use crate::request::RequestInfo;

/// The answer to a refused request, complete.
pub(super) fn render(problem: &Problem, info: &RequestInfo) -> HttpResponse {
    let mut answer = HttpResponse::build(problem.status());
    answer.insert_header((CONTENT_TYPE, PROBLEM_JSON));
    answer.insert_header(("Content-Language", info.locale().as_str()));
    for (name, value) in problem.headers() {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            answer.append_header((name, value));
        }
    }
    answer.body(problem.to_json(info.locale(), &info.path, &info.id).to_string())
}

/// The problem an error stands for.
pub(super) fn of_error(error: &actix_web::Error) -> Problem {
    if let Some(problem) = error.as_error::<Problem>() {
        return problem.clone();
    }
    let status = error.as_response_error().status_code();
    if status.is_server_error() {
        tracing::error!(%error, "an unexpected error");
    }
    Problem::new(Code::of_status(status)).status_is(status)
}

/// Gives an error answer that is not a problem document the form of one; others pass.
pub(super) fn unify<B: MessageBody>(
    response: ServiceResponse<B>,
    info: &RequestInfo,
) -> ServiceResponse<EitherBody<B, BoxBody>> {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let is_problem =
        response.headers().get(CONTENT_TYPE).is_some_and(|value| value.as_bytes() == PROBLEM_JSON.as_bytes());
    if !is_error || is_problem {
        return response.map_into_left_body();
    }
    let problem =
        response.response().error().map_or_else(|| Problem::new(Code::of_status(status)).status_is(status), of_error);
    let mut answer = render(&problem, info);
    let of_body = [CONTENT_TYPE, CONTENT_LENGTH, CONTENT_ENCODING, TRANSFER_ENCODING];
    for (name, value) in response.headers().iter().filter(|(name, _)| !of_body.contains(name)) {
        answer.headers_mut().append(name.clone(), value.clone());
    }
    response.into_response(answer).map_into_right_body()
}

/// A complete answer that travels as an error, where there is no request left to answer to.
#[derive(Debug)]
pub(super) struct Complete {
    problem: Problem,
    info: RequestInfo,
    is_https: bool,
}

impl Complete {
    pub(super) fn new(problem: Problem, info: RequestInfo, is_https: bool) -> Self {
        Self { problem, info, is_https }
    }
}

impl std::fmt::Display for Complete {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.problem.fmt(f)
    }
}

impl ResponseError for Complete {
    fn status_code(&self) -> actix_web::http::StatusCode {
        self.problem.status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = render(&self.problem, &self.info);
        super::headers::add(answer.headers_mut(), &self.info, self.is_https);
        answer
    }
}
