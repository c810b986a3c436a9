//! The page behind a problem's `type`.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use rapport_domain::context::Locale;

use super::{Code, Problem};

/// Answers `GET /problems/{code}` with a small page about the code.
///
/// # Errors
/// `not_found` for a word that is no code.
pub async fn problem_page(word: web::Path<String>) -> Result<HttpResponse, Problem> {
    let code = Code::parse(&word.replace('-', "_")).ok_or_else(|| Problem::new(Code::NotFound))?;
    let body = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{word} · Rapport</title>\n\
         <main>\n<h1>{en}</h1>\n<p lang=\"zh-CN\">{zh}</p>\n<dl>\n<dt>code</dt><dd><code>{word}</code></dd>\n\
         <dt>status</dt><dd>{status}</dd>\n</dl>\n<p><a href=\"/docs\">API documentation</a></p>\n</main>\n</html>\n",
        word = code.as_str(),
        en = code.title(Locale::En),
        zh = code.title(Locale::ZhCn),
        status = code.status(),
    );
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8")).body(body))
}
