//! The published contract: what the router says, completed with what all operations have in common.

mod complete;
pub(crate) mod derived;
mod errors;
mod example;
mod page;
mod shared;
mod stream;
mod table;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

pub use complete::document;

use crate::auth::key::sha256;

/// The contract and a table of its paths, each made when somebody asks for it for the first time.
#[derive(Debug, Default)]
pub struct Document {
    table: OnceLock<table::Table>,
    pages: OnceLock<Pages>,
}

/// What the contract is read in.
#[derive(Debug)]
struct Pages {
    /// The document as it is served.
    text: String,
    etag: String,
    page: String,
}

impl Pages {
    fn make() -> Self {
        let json = document();
        let text = pretty(&json);
        let etag = format!("\"{}\"", sha256(&text).chars().take(16).collect::<String>());
        Self { etag, page: page::page(&json), text }
    }
}

impl Document {
    fn pages(&self) -> &Pages {
        self.pages.get_or_init(Pages::make)
    }

    /// The methods a path has, in order; `None` when there is no such path.
    #[must_use]
    pub fn methods_of(&self, path: &str) -> Option<&BTreeSet<&'static str>> {
        self.table.get_or_init(|| table::Table::read(crate::server::each_path)).methods_of(path)
    }

    /// The methods a path has, joined for `Allow`; `None` when there is no such path.
    #[must_use]
    pub fn allowed(&self, path: &str) -> Option<String> {
        Some(self.methods_of(path)?.iter().copied().collect::<Vec<_>>().join(", "))
    }
}

/// The document as it is committed and served.
#[must_use]
pub fn pretty(json: &Value) -> String {
    // A `Value` always serialises.
    let mut text = serde_json::to_string_pretty(json).unwrap_or_default();
    text.push('\n');
    text
}

/// The routes of the document and its page, which are no part of the contract.
pub(crate) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/api/v1/openapi.json").route(web::get().to(get_document)))
        .service(web::resource("/docs").route(web::get().to(get_page)))
        .service(web::resource("/docs/docs.css").route(web::get().to(get_style)));
}

async fn get_document(request: HttpRequest, document: web::Data<Document>) -> HttpResponse {
    let document = document.pages();
    let is_known =
        request.headers().get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == document.etag.as_bytes());
    let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((ETAG, document.etag.clone())).insert_header((CACHE_CONTROL, "no-cache"));
    if is_known {
        answer.finish()
    } else {
        answer.insert_header((CONTENT_TYPE, "application/json")).body(document.text.clone())
    }
}

async fn get_page(document: web::Data<Document>) -> HttpResponse {
    HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/html; charset=utf-8")).body(document.pages().page.clone())
}

async fn get_style() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/css; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .body(page::STYLE)
}
