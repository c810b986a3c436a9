//! The headers every answer has.

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
};

use crate::request::RequestInfo;

const ALWAYS: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
];
const PAGES: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; \
    manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; \
    require-trusted-types-for 'script'; trusted-types rapport";
const ANSWERS: &str = "default-src 'none'; frame-ancestors 'none'";

/// Adds them; what a handler has set stays.
pub(super) fn add(headers: &mut HeaderMap, info: &RequestInfo, is_https: bool) {
    for (name, value) in ALWAYS {
        set(headers, HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    let kind = headers.get(CONTENT_TYPE).map(|value| value.as_bytes().starts_with(b"text/html"));
    // "Not modified" says nothing of its content, and its headers replace those of the page in the browser's cache:
    // the policy that came with the page must stay.
    if let Some(is_page) = kind.or_else(|| info.path.starts_with("/api/").then_some(false)) {
        set(headers, CONTENT_SECURITY_POLICY, HeaderValue::from_static(if is_page { PAGES } else { ANSWERS }));
    }
    if is_https {
        let value = HeaderValue::from_static("max-age=63072000; includeSubDomains");
        set(headers, HeaderName::from_static("strict-transport-security"), value);
    }
    if info.path.starts_with("/api/") {
        set(headers, CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if let Ok(id) = HeaderValue::try_from(&info.id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    if !headers.contains_key(&name) {
        headers.insert(name, value);
    }
}
