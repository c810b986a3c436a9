//! An answer that is ready to send: made inside the transaction, so that it can be kept for a retry.

use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, HeaderName, HeaderValue, IF_NONE_MATCH, LOCATION};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use uuid::Uuid;

use crate::problem::Problem;

/// Bytes that a record takes, more or less.
const USUAL: usize = 2048;

/// A complete JSON answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The record.
    pub id: Option<Uuid>,
    /// The version of the record, which becomes the strong ETag.
    pub version: Option<i64>,
    /// Where the record is.
    pub location: Option<String>,
    /// Further links (RFC 8288).
    pub link: Option<String>,
    /// The body; empty for 204.
    pub body: Vec<u8>,
}

impl Reply {
    /// An answer with a body.
    ///
    /// # Errors
    /// When the view cannot be written as JSON, which is a bug.
    pub fn json(status: u16, view: &impl Serialize) -> Result<Self, Problem> {
        Self::written(status, view, USUAL)
    }

    /// 200 with so many records.
    ///
    /// # Errors
    /// As [`Reply::json`].
    pub fn rows(count: usize, view: &impl Serialize) -> Result<Self, Problem> {
        Self::written(200, view, USUAL.saturating_mul(count.saturating_add(1)))
    }

    fn written(status: u16, view: &impl Serialize, room: usize) -> Result<Self, Problem> {
        let mut body = Vec::with_capacity(room);
        serde_json::to_writer(&mut body, view).map_err(Problem::internal)?;
        Ok(Self { status, id: None, version: None, location: None, link: None, body })
    }

    /// 200 with a body.
    ///
    /// # Errors
    /// As [`Reply::json`].
    pub fn ok(view: &impl Serialize) -> Result<Self, Problem> {
        Self::json(200, view)
    }

    /// 204.
    #[must_use]
    pub fn empty() -> Self {
        Self { status: 204, id: None, version: None, location: None, link: None, body: Vec::new() }
    }

    /// About this record, with its version as ETag.
    #[must_use]
    pub fn record(mut self, id: Uuid, version: i64) -> Self {
        self.id = Some(id);
        self.version = Some(version);
        self
    }

    /// With the place of the record.
    #[must_use]
    pub fn location(mut self, location: String) -> Self {
        self.location = Some(location);
        self
    }

    /// The ETag of the answer.
    #[must_use]
    pub fn etag(&self) -> Option<String> {
        self.version.map(|version| format!("\"{version}\""))
    }

    /// The answer as actix sends it; a GET whose caller has this version already gets 304.
    #[must_use]
    pub fn respond(self, request: &HttpRequest) -> HttpResponse {
        let etag = self.etag();
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let is_known = request.method() == actix_web::http::Method::GET
            && etag.as_deref().is_some_and(|etag| knows(request, etag));
        let mut response = HttpResponse::build(if is_known { StatusCode::NOT_MODIFIED } else { status });
        let mut header = |name: HeaderName, text: Option<String>| {
            if let Some(value) = text.and_then(|text| HeaderValue::from_str(&text).ok()) {
                response.insert_header((name, value));
            }
        };
        header(ETAG, etag);
        header(LOCATION, self.location);
        header(actix_web::http::header::LINK, self.link);
        if is_known || self.body.is_empty() {
            return response.finish();
        }
        response.content_type("application/json").body(self.body)
    }
}

/// Whether `If-None-Match` names this version (or any).
fn knows(request: &HttpRequest, etag: &str) -> bool {
    let Some(known) = request.headers().get(IF_NONE_MATCH).and_then(|value| value.to_str().ok()) else { return false };
    known.split(',').map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
}
