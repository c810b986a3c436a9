//! What bytes are, from their beginning alone.

use super::kinds::OLE;
use super::{HEAD, UNKNOWN};

/// As far into a file as the mark of PDF may stand.
const PDF_WITHIN: usize = 1024;
/// As far into a text as `<svg` may stand, behind its declaration and comments.
const SVG_WITHIN: usize = 4096;

/// The media type of bytes that begin so: what people can read is text of some kind, the rest is told by its marks.
#[must_use]
pub fn sniff(head: &[u8]) -> &'static str {
    let head = head.get(..HEAD).unwrap_or(head);
    if head.get(..PDF_WITHIN).unwrap_or(head).windows(5).any(|window| window == b"%PDF-") {
        return "application/pdf";
    }
    if head.starts_with(b"{\\rtf") {
        return "application/rtf";
    }
    if is_text(head) {
        return sniff_text(head);
    }
    if head.starts_with(&[0x4C, 0, 0, 0, 0x01, 0x14, 0x02, 0]) {
        return "application/x-ms-shortcut";
    }
    if head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
        return OLE;
    }
    infer::get(head).map_or(UNKNOWN, |found| found.mime_type())
}

/// Whether bytes are letters in one of the usual ways to write them: no controls but those between words and lines. What is
/// not UTF-8 may be GB 18030, whose second bytes are no controls either.
fn is_text(head: &[u8]) -> bool {
    if head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]) {
        // UTF-16 tells itself by its mark, and every second byte of it may be zero.
        return true;
    }
    let is_control = |byte: &u8| (*byte < 0x20 && !b"\t\n\r\x0C\x1B".contains(byte)) || *byte == 0x7F;
    !head.is_empty() && !head.iter().any(is_control) && (is_utf8(head) || is_gb18030(head))
}

/// Whether it is UTF-8, but for a letter that is cut in two at the end.
fn is_utf8(head: &[u8]) -> bool {
    match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    }
}

/// Whether the bytes could be GB 18030: letters of one, two or four bytes.
fn is_gb18030(head: &[u8]) -> bool {
    let mut rest = head;
    loop {
        rest = match rest {
            [] | [0x81..=0xFE] | [0x81..=0xFE, 0x30..=0x39] | [0x81..=0xFE, 0x30..=0x39, 0x81..=0xFE] => return true,
            [0x00..=0x7F, rest @ ..]
            | [0x81..=0xFE, 0x40..=0x7E | 0x80..=0xFE, rest @ ..]
            | [0x81..=0xFE, 0x30..=0x39, 0x81..=0xFE, 0x30..=0x39, rest @ ..] => rest,
            _ => return false,
        };
    }
}

fn sniff_text(head: &[u8]) -> &'static str {
    let letters =
        String::from_utf8_lossy(head.get(..SVG_WITHIN).unwrap_or(head)).replace('\0', "").to_ascii_lowercase();
    let text =
        letters.trim_start_matches(|letter: char| letter.is_whitespace() || matches!(letter, '\u{FEFF}' | '\u{FFFD}'));
    if text.starts_with("#!") {
        return "text/x-shellscript";
    }
    if !text.starts_with('<') {
        return "text/plain";
    }
    match begins(text) {
        Some("svg") => "image/svg+xml",
        Some("html") => "text/html",
        _ if text.starts_with("<?xml") => "text/xml",
        _ => "text/plain",
    }
}

/// What the first tag that counts says: declarations and comments before it do not.
fn begins(text: &str) -> Option<&'static str> {
    const HTML: [&str; 12] =
        ["html", "head", "body", "script", "iframe", "style", "title", "meta", "table", "div", "form", "link"];
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let end = if rest.starts_with("<!--") {
            rest.find("-->").map(|at| at + 3)
        } else if rest.starts_with("<!doctype html") {
            return Some("html");
        } else if rest.starts_with("<?") || rest.starts_with("<!") {
            rest.find('>').map(|at| at + 1)
        } else {
            break;
        };
        rest = rest.get(end?..).unwrap_or_default();
    }
    let tag = rest.strip_prefix('<')?;
    let tag = tag.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or_default();
    if tag == "svg" { Some("svg") } else { HTML.contains(&tag).then_some("html") }
}
