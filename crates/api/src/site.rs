//! The built frontend, served from memory.

use std::collections::HashMap;
use std::path::Path;

use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, IF_NONE_MATCH, VARY,
};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use anyhow::Context as _;

use crate::auth::key::hex;

/// The page that every path of the application begins with.
const INDEX: &str = "/index.html";

/// The files of a built frontend, by path.
#[derive(Debug, Default)]
pub struct Site(HashMap<String, File>);

#[derive(Debug)]
struct File {
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
    media_type: String,
    etag: String,
}

impl Site {
    /// Reads a folder. Files ending in `.br` and `.gz` are the compressed forms of those beside them.
    ///
    /// # Errors
    /// When the folder cannot be read, or holds no page.
    pub fn load(dir: &Path) -> anyhow::Result<Self> {
        let mut found = HashMap::new();
        read_into(dir, "", &mut found).with_context(|| format!("cannot read the pages in {}", dir.display()))?;
        anyhow::ensure!(
            found.contains_key(INDEX),
            "{} holds no index.html: build the frontend first, or leave --web out",
            dir.display()
        );
        let mut files = HashMap::new();
        for (path, plain) in &found {
            if ![".br", ".gz"].iter().any(|end| path.strip_suffix(end).is_some_and(|plain| found.contains_key(plain))) {
                files.insert(path.clone(), File::new(path, plain.clone(), &found));
            }
        }
        Ok(Self(files))
    }

    /// The answer to a request for a file or a page; `None` when there is none.
    #[must_use]
    pub fn answer(&self, request: &HttpRequest) -> Option<HttpResponse> {
        let path = request.path();
        let is_page = is_page(path);
        let file = self.0.get(path).or_else(|| self.0.get(INDEX).filter(|_| is_page))?;
        Some(file.answer(request.headers(), path))
    }
}

/// Whether a path may be one of the application's: plain words between single slashes. Others are somebody's attempt to
/// be read as something else by a proxy or a browser; `/api` is never a page.
fn is_page(path: &str) -> bool {
    let is_plain = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_~".contains(&byte))
    };
    let words = path.strip_prefix('/').unwrap_or_default();
    let is_api = words.split('/').next().is_some_and(|word| word.eq_ignore_ascii_case("api"));
    words.is_empty() || (!is_api && words.strip_suffix('/').unwrap_or(words).split('/').all(is_plain))
}

fn read_into(dir: &Path, prefix: &str, files: &mut HashMap<String, Bytes>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        // What begins with a dot is nobody's page: `.env`, `.git`.
        let Some(name) = entry.file_name().to_str().filter(|name| !name.starts_with('.')).map(str::to_owned) else {
            continue;
        };
        let (path, kind) = (format!("{prefix}/{name}"), std::fs::metadata(entry.path())?);
        if kind.is_dir() {
            read_into(&entry.path(), &path, files)?;
        } else {
            files.insert(path, std::fs::read(entry.path())?.into());
        }
    }
    Ok(())
}

impl File {
    fn new(path: &str, plain: Bytes, all: &HashMap<String, Bytes>) -> Self {
        use sha2::Digest as _;
        let extension = path.rsplit('.').next().unwrap_or_default();
        let media_type = actix_files::file_extension_to_mime(extension).to_string();
        let is_text = media_type.starts_with("text/") && !media_type.contains("charset");
        let hash = hex(&sha2::Sha256::digest(&plain));
        Self {
            brotli: all.get(&format!("{path}.br")).cloned(),
            gzip: all.get(&format!("{path}.gz")).cloned(),
            media_type: if is_text { format!("{media_type}; charset=utf-8") } else { media_type },
            etag: format!("\"{}\"", hash.chars().take(24).collect::<String>()),
            plain,
        }
    }

    fn answer(&self, headers: &HeaderMap, path: &str) -> HttpResponse {
        let is_known = headers
            .get(IF_NONE_MATCH)
            .and_then(|known| known.to_str().ok())
            .is_some_and(|known| known.contains(&self.etag));
        let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        // A name with a hash in it always holds the same; anything else is asked for again.
        let cache = if path.starts_with("/assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
        answer
            .insert_header((ETAG, self.etag.clone()))
            .insert_header((CACHE_CONTROL, cache))
            .insert_header((VARY, "Accept-Encoding"));
        if is_known {
            return answer.finish();
        }
        answer.insert_header((CONTENT_TYPE, self.media_type.clone()));
        let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
        for (coding, bytes) in [("br", &self.brotli), ("gzip", &self.gzip)] {
            if let Some(bytes) = bytes.as_ref().filter(|_| accepts(accepted, coding)) {
                return answer.insert_header((CONTENT_ENCODING, coding)).body(bytes.clone());
            }
        }
        answer.body(self.plain.clone())
    }
}

fn accepts(header: &str, coding: &str) -> bool {
    header
        .split(',')
        .map(|part| part.trim().to_ascii_lowercase())
        .any(|part| part == coding || (part.starts_with(&format!("{coding};")) && !part.contains("q=0")))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn pages_assets_and_compressed_forms() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("assets")).unwrap();
        for (name, text) in [
            ("index.html", "<!doctype html>"),
            (".env", "SECRET=1"),
            ("assets/a-1.js", "plain"),
            ("assets/a-1.js.br", "small"),
        ] {
            std::fs::write(dir.path().join(name), text).unwrap();
        }
        let site = Site::load(dir.path()).unwrap();
        let get = |path: &str, encoding: &'static str| {
            site.answer(&TestRequest::with_uri(path).insert_header((ACCEPT_ENCODING, encoding)).to_http_request())
        };
        let header = |answer: &HttpResponse, name: &str| {
            answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned())
        };
        assert_eq!(header(&get("/leads/1", "").unwrap(), "content-type").as_deref(), Some("text/html; charset=utf-8"));
        let asset = get("/assets/a-1.js", "gzip, br").unwrap();
        assert_eq!(header(&asset, "content-encoding").as_deref(), Some("br"));
        assert_eq!(header(&asset, "cache-control").as_deref(), Some("public, max-age=31536000, immutable"));
        assert!(get("/assets/gone.js", "").is_none());
        assert!(get("/../secret.txt", "").is_none());
        for page in ["/", "/leads", "/leads/", "/opportunities/board", "/settings/api-keys"] {
            assert!(get(page, "").is_some(), "{page}");
        }
        for other in [
            "//leads",
            "/leads//1",
            "/api",
            "/api/",
            "/API/v1/leads",
            "/a/../b",
            "/%2e%2e/b",
            "/a%00",
            "/a;b",
            "/.env",
            "/.git/config",
        ] {
            assert!(get(other, "").is_none(), "{other}");
        }
        assert!(Site::load(&dir.path().join("assets")).is_err());
    }
}
