//! Whether a page of this site asks, and not one of another that makes use of its cookies.

use actix_web::HttpRequest;
use actix_web::http::header::{HeaderMap, ORIGIN};

use crate::problem::{Code, Problem};
use crate::state::App;

/// A page of another site must not act with the cookies of this one.
///
/// # Errors
/// `cross_site_request`.
pub(crate) fn check_same_origin(app: &App, request: &HttpRequest) -> Result<(), Problem> {
    let header = |name: &str| text(request.headers(), name);
    let is_same = match header("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => header(ORIGIN.as_str()).is_some_and(|origin| is_own_origin(app, request, origin)),
    };
    if is_same { Ok(()) } else { Err(Problem::new(Code::CrossSiteRequest)) }
}

/// Signing in is no cookie-authenticated request, but a page of another site must not sign anyone in either.
///
/// # Errors
/// `cross_site_request` when the browser says that another site asks.
pub(crate) fn refuse_foreign(app: &App, request: &HttpRequest) -> Result<(), Problem> {
    let headers = request.headers();
    let says = headers.contains_key("sec-fetch-site") || headers.contains_key(ORIGIN);
    if says { check_same_origin(app, request) } else { Ok(()) }
}

fn is_own_origin(app: &App, request: &HttpRequest, origin: &str) -> bool {
    if let Some(public) = app.config.public_origin() {
        return origin == public;
    }
    text(request.headers(), "host").is_some_and(|host| origin == format!("http://{host}"))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
