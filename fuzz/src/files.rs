//! Files and templates: bytes of any kind under any name, and texts with places in them.

use rapport_domain::file::{HEAD, MAX_FILE_NAME, clean_name, media_type, sniff};
use rapport_domain::mention::mentions;
use rapport_domain::placeholder::{Placeholder, escape_markdown, fill, unknown};

pub(crate) const FILE_WORDS: &[&str] = &[
    "PK\u{3}\u{4}",
    "[Content_Types].xml",
    "word/",
    "xl/",
    "%PDF-",
    "{\\rtf",
    "<svg",
    "<!--",
    "-->",
    "<!doctype html",
    "<?xml",
    "#!",
    "MZ",
    "\u{7f}ELF",
    "ftypheic",
    ".pdf",
    ".exe",
    "../",
    "\u{202e}",
    "\u{200b}",
    "\r\n",
    "\0",
];
pub(crate) const PLACE_WORDS: &[&str] =
    &["{{", "}}", "{{today}}", "{{ customer.name }}", "user.name", "{", "}", "\n", "@[x](user:", "`", "\\", "*"];

/// The first line is a name, the second what the sender says, the rest are the bytes: nothing about them is too strange, what
/// they are does not depend on what comes after their beginning, and a name that was cleaned is clean.
pub(crate) fn file(bytes: &[u8]) {
    let mut parts = bytes.splitn(3, |byte| *byte == b'\n');
    let mut text = || String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
    let (typed, said) = (text(), text());
    let content = parts.next().unwrap_or_default();
    let name = clean_name(&typed);
    assert_eq!(clean_name(&name), name, "a clean name is cleaned further");
    assert!((1..=MAX_FILE_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control));
    assert!(!name.contains(['/', '\\', '\u{202E}', '\u{200B}']), "{name}");
    for said in [None, Some(said.as_str())] {
        if let Ok(found) = media_type(content, &name, said) {
            assert!(found.contains('/') && found.is_ascii(), "{found}");
        }
    }
    let head = content.get(..HEAD).unwrap_or(content);
    assert_eq!(sniff(content), sniff(head), "what comes late changes what it is");
}

/// Places are filled once and nothing that is filled in is read again; what is escaped mentions nobody.
pub(crate) fn places(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let value = |place: Placeholder| (place != Placeholder::Today).then(|| "{{today}}@[".to_owned());
    let filled = fill(&text, value);
    assert!(filled.missing.iter().all(|place| *place == Placeholder::Today));
    if unknown(&text).is_none() && !text.contains("{{") {
        assert_eq!(filled.text, text, "a text without places is changed");
    }
    let same = fill(&text, |place| Some(format!("{{{{{}}}}}", place.as_str()))).text;
    assert_eq!(fill(&same, value), filled, "places that are written plainly are other places");
    assert!(mentions(&escape_markdown(&text)).is_empty(), "what is escaped mentions somebody");
}
