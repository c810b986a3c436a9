//! What files are, and are called.

use proptest::prelude::*;

use super::*;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06";
const JPEG: &[u8] = b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01";
const PDF: &[u8] = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n1 0 obj\n";
const ZIP: &[u8] = b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x05\0\0\0a.txt";
const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0\0\0\0\0\0\0";
const EXE: &[u8] = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xFF\xFF\0\0";

fn elf() -> Vec<u8> {
    let mut bytes = b"\x7FELF\x02\x01\x01\0".to_vec();
    bytes.resize(64, 0);
    bytes
}

#[test]
fn what_is_what_it_says_is_taken() {
    for (bytes, name, expected) in [
        (PNG, "照片.PNG", "image/png"),
        (JPEG, "a.b.jpeg", "image/jpeg"),
        (PDF, "报价单.pdf", "application/pdf"),
        (ZIP, "all.zip", "application/zip"),
        (ZIP, "报价.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (OLE, "old.doc", "application/msword"),
        (OLE, "locked.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (b"id,name\n1,x\n", "list.csv", "text/csv"),
        (b"<table><tr><td>1</td></tr></table>", "page.html", "text/html"),
        (b"\xEF\xBB\xBF# Title", "notes.md", "text/markdown"),
        (b"<?xml version=\"1.0\"?><!-- x --><svg xmlns=\"\"/>", "logo.svg", "image/svg+xml"),
        (b"{\"a\":1}", "a.json", "application/json"),
        (b"\xFF\xFE\x60\x4F\x7D\x59", "u16.txt", "text/plain"),
        (b"\xC4\xE3\xBA\xC3,\xCA\xC0\xBD\xE7\r\n", "gbk.csv", "text/csv"),
        (b"\x01\x02\x03\x04\xFE", "call.amr", "audio/amr"),
        (b"\x01\x02\x03\x04\xFE", "something.unknown", UNKNOWN),
        (b"plain", "no ending", "text/plain"),
    ] {
        assert_eq!(media_type(bytes, name, None), Ok(expected), "{name}");
    }
    assert_eq!(media_type(b"id,name\n", "list.csv", Some("application/vnd.ms-excel")), Ok("text/csv"));
    assert_eq!(media_type(b"id,name\n", "list", Some("Text/CSV; charset=utf-8")), Ok("text/csv"));
    assert_eq!(media_type(PDF, "x.pdf", Some("application/made-up")), Ok("application/pdf"));
}

#[test]
fn what_is_something_else_is_refused() {
    let html = b"<!DOCTYPE html><script>alert(1)</script>".as_slice();
    for (bytes, name) in [
        (PNG, "a.pdf"),
        (PDF, "a.png"),
        (html, "a.png"),
        (html, "a.pdf"),
        (html, "a.csv"),
        (ZIP, "a.pdf"),
        (OLE, "a.pdf"),
        (b"plain text".as_slice(), "a.jpg"),
        (b"\x01\x02\x03\xFE".as_slice(), "a.docx"),
        (b"\x01\x02\x03\xFE".as_slice(), "a.txt"),
        (b"".as_slice(), "a.txt"),
    ] {
        let refused = media_type(bytes, name, None);
        assert!(matches!(refused, Err(FileError::Mismatch { said: Said::Name, .. })), "{name}: {refused:?}");
    }
    for (bytes, said) in [(html, "image/png"), (PNG, "application/pdf"), (PDF, "text/html; charset=utf-8")] {
        let refused = media_type(bytes, "file", Some(said));
        assert!(matches!(refused, Err(FileError::Mismatch { said: Said::Sender, .. })), "{said}: {refused:?}");
    }
}

#[test]
fn programs_are_refused_by_what_they_are_and_by_what_they_are_called() {
    let elf = elf();
    for (bytes, name) in [
        (EXE, "report.pdf"),
        (EXE, "report"),
        (elf.as_slice(), "a.png"),
        (b"\xCA\xFE\xBA\xBE\0\0\0\x34".as_slice(), "a.doc"),
        (b"\0asm\x01\0\0\0".as_slice(), "a"),
        (b"L\0\0\0\x01\x14\x02\0\0\0\0\0".as_slice(), "a.txt"),
        (b"@echo off".as_slice(), "a.BAT"),
        (b"alert(1)".as_slice(), "a.pdf.js"),
        (b"PK\x03\x04".as_slice(), "a.jar"),
    ] {
        assert_eq!(media_type(bytes, name, None), Err(FileError::Program), "{name}");
    }
    // Letters that a program could begin with are still letters.
    assert_eq!(media_type(b"MZ,NAME\n1,2\n", "a.csv", None), Ok("text/csv"));
    assert_eq!(media_type(b"BM is a shop", "a.txt", None), Ok("text/plain"));
}

#[test]
fn names_lose_what_deceives() {
    for (typed, name) in [
        ("报价单 2026.pdf", "报价单 2026.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\王\\合同.docx", "合同.docx"),
        ("a\r\nSet-Cookie: x=1.txt", "a Set-Cookie: x=1.txt"),
        ("invoice\u{202E}fdp.exe", "invoicefdp.exe"),
        ("\u{200B}a\u{FEFF}.png", "a.png"),
        ("  .hidden.  ", "hidden"),
        ("a\u{A0}\u{3000}b.txt", "a b.txt"),
        ("Cafe\u{301}.txt", "Café.txt"),
        ("日本語 한국어.txt", "日本語 한국어.txt"),
    ] {
        assert_eq!(clean_name(typed), name, "{typed:?}");
    }
    for empty in ["", "..", "/", " \u{200B} ", "\u{202E}", "a/"] {
        assert_eq!(clean_name(empty), "file", "{empty:?}");
    }
    let longest = "字".repeat(MAX_FILE_NAME);
    assert_eq!(clean_name(&longest), longest);
    let long = clean_name(&format!("{longest}.PDF"));
    assert_eq!((long.chars().count(), extension(&long).as_deref()), (MAX_FILE_NAME, Some("pdf")));
}

proptest! {
    #[test]
    fn no_bytes_and_no_names_are_too_strange(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        magic in proptest::sample::select(vec![&b""[..], ZIP, PNG, OLE, b"<?xml ", b"PK\x03\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xFF\xFF\xFF\xFF\0\0\0\0\0\0\0\0[Content_Types].xml"]),
        name in "\\PC{0,30}",
        said in proptest::option::of("[a-z/+;. -]{0,30}"),
    ) {
        let mut head = magic.to_vec();
        head.extend(bytes);
        let _ = media_type(&head, &name, said.as_deref());
        let clean = clean_name(&name);
        prop_assert_eq!(&clean_name(&clean), &clean);
        let deceives = ['/', '\\', '\r', '\n', '\u{202E}'];
        prop_assert!(!clean.contains(deceives));
    }
}
