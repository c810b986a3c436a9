//! A file on its way out: piece by piece, as something to keep and never as something to show.

use actix_web::body::SizedStream;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    HeaderMap, IF_NONE_MATCH, IF_RANGE, RANGE,
};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use futures_util::Stream;
use uuid::Uuid;

use rapport_domain::file::UNKNOWN;
use rapport_persistence::file_contents::{PIECE, piece_find};
use rapport_persistence::files::StoredFile;
use rapport_persistence::{Store, StoreError};

use crate::problem::{Code, Problem};

/// What a browser does with a file that it is made to show after all: nothing.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";
/// Bytes that browsers take for pages or for pictures with programs in them go as bytes.
const HIDDEN: [&str; 4] = ["text/html", "image/svg+xml", "application/xml", "text/xml"];

/// The answer with a file's bytes, or those of them that are asked for.
///
/// # Errors
/// 416 for bytes that it does not have.
pub(super) fn answer(request: &HttpRequest, store: &Store, file: &StoredFile) -> Result<HttpResponse, Problem> {
    let etag = format!("\"{}\"", file.sha256);
    let size = u64::try_from(file.size).unwrap_or_default();
    if is_known(request.headers(), &etag) {
        return Ok(HttpResponse::NotModified().insert_header((ETAG, etag)).finish());
    }
    let range = range_of(request.headers(), &etag, size)?;
    let (from, until) = range.unwrap_or((0, size));
    let status = if range.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
    let mut response = HttpResponse::build(status);
    response
        .insert_header((CONTENT_TYPE, shown_type(&file.row.media_type)))
        .insert_header((CONTENT_DISPOSITION, disposition(&file.row.name)))
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((ACCEPT_RANGES, "bytes"))
        // It goes as it is: packing it again would change its length, and what its parts are parts of.
        .insert_header((CONTENT_ENCODING, "identity"))
        .insert_header((ETAG, etag));
    if range.is_some() {
        response.insert_header((CONTENT_RANGE, format!("bytes {from}-{}/{size}", until - 1)));
    }
    Ok(response.body(SizedStream::new(until - from, bytes(store.clone(), file.row.content_id.0, from, until))))
}

fn shown_type(media_type: &str) -> &str {
    if HIDDEN.contains(&media_type) { UNKNOWN } else { media_type }
}

/// The name in letters that every program reads, and as it is (RFC 6266, RFC 8187).
fn disposition(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(
            |letter| if letter.is_ascii_graphic() && !"\"\\%".contains(letter) || letter == ' ' { letter } else { '_' },
        )
        .collect();
    let mut whole = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            whole.push(char::from(byte));
        } else {
            whole.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let known = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    known.is_some_and(|known| {
        known.split(',').map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
    })
}

/// The bytes that are asked for, from the first to behind the last (RFC 9110, section 14). What is no range of bytes, or more
/// than one, is answered with all of them.
fn range_of(headers: &HeaderMap, etag: &str, size: u64) -> Result<Option<(u64, u64)>, Problem> {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let Some(asked) = header(RANGE).and_then(|range| range.strip_prefix("bytes=")) else { return Ok(None) };
    if header(IF_RANGE).is_some_and(|known| known != etag) {
        return Ok(None);
    }
    let Some((first, last)) = asked.split_once('-').filter(|_| !asked.contains(',')) else { return Ok(None) };
    let range = match (first.trim().parse::<u64>(), last.trim()) {
        (Ok(first), "") => (first, size),
        (Ok(first), last) => match last.parse::<u64>() {
            Ok(last) if last >= first => (first, last.saturating_add(1).min(size)),
            _ => return Ok(None),
        },
        (Err(_), last) => match last.parse::<u64>() {
            Ok(count) if first.trim().is_empty() => (size.saturating_sub(count), size),
            _ => return Ok(None),
        },
    };
    if range.0 < range.1 {
        return Ok(Some(range));
    }
    let (zh, en) = ("文件没有这些字节", "The file does not have these bytes");
    let problem = Problem::new(Code::ParameterInvalid).status_is(StatusCode::RANGE_NOT_SATISFIABLE).because(zh, en);
    Err(problem.header("Content-Range", format!("bytes */{size}")))
}

/// The bytes of a content, from one to before another: a piece is read when the one before has been taken.
fn bytes(store: Store, content: Uuid, from: u64, until: u64) -> impl Stream<Item = Result<Bytes, StoreError>> {
    let piece = PIECE as u64;
    futures_util::stream::try_unfold(from, move |at| {
        let store = store.clone();
        async move {
            if at >= until {
                return Ok(None);
            }
            let position = i32::try_from(at / piece).unwrap_or(i32::MAX);
            let found = store.read("file_piece", move |db| piece_find(db, content, position)).await?;
            let begin = usize::try_from(at % piece).unwrap_or_default();
            let rest = usize::try_from(until - at).unwrap_or(usize::MAX);
            let bytes = found.map(Bytes::from).filter(|bytes| bytes.len() > begin);
            // Whoever still reads what has just been removed is cut off, and sees that it is not whole.
            let bytes = bytes.ok_or_else(|| StoreError::Unavailable("the file has gone".into()))?;
            let bytes = bytes.slice(begin..bytes.len().min(begin.saturating_add(rest)));
            let next = at + bytes.len() as u64;
            Ok(Some((bytes, next)))
        }
    })
}
