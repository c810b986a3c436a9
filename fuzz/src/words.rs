//! Words that are looked for, and documents they are looked for in.

use rapport_domain::search::{Doc, Findable, MAX_TOKENS, Query, matches, tsvector};
use rapport_domain::text::{fold, line, prose, sort_key};

pub(crate) const WORDS: &[&str] = &[
    "云杉",
    "上海明德",
    "悟",
    "wang",
    "ys",
    "13812345678",
    "@example.com",
    " ",
    "\"",
    "'",
    "*",
    ":",
    "&",
    "|",
    "!",
    "(",
    "\\",
    "\u{200b}",
    "ｆｕｌｌ",
    "İ",
    "ß",
    "\u{301}",
];

/// A query is never more than quoted tokens, whatever was typed; a document is found by its own words.
pub(crate) fn search(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (typed, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let doc = Doc { names: vec![typed], texts: vec![rest], numbers: rest.lines().collect(), emails: vec![typed] };
    let Findable { tokens, body } = Findable::of(&doc);
    assert!(
        tokens.len() <= MAX_TOKENS && tokens.iter().all(|token| is_token(token)),
        "a token that is none: {tokens:?}"
    );
    is_harmless(&tsvector('c', &tokens), '\'', " :0123456789");
    if let Some(query) = Query::parse(typed) {
        is_harmless(&query.fts5('c'), '"', " ANDOR()*");
        is_harmless(&query.tsquery('c'), '\'', " &|()<1234>:*");
        let _ = matches(&tokens, &body, &query);
    }
    for max in [1, 20, 200] {
        for read in [line(&text, max), prose(&text, max)].into_iter().flatten() {
            assert!(read.chars().count() <= max && !read.contains('\0'), "a text beyond its limits is taken");
            assert_eq!(
                line(&read, max).ok().filter(|_| !read.contains('\n')),
                line(&read, max).ok().filter(|_| !read.contains('\n'))
            );
        }
    }
    assert_eq!(fold(&fold(&text)), fold(&text), "what is folded folds further");
    let _ = sort_key(&text);
}

fn is_token(token: &str) -> bool {
    !token.is_empty() && token.chars().all(char::is_alphanumeric)
}

/// Quotes come in pairs, letters stand only between them, and what stands outside is ours.
fn is_harmless(expression: &str, quote: char, ours: &str) {
    let parts: Vec<&str> = expression.split(quote).collect();
    assert!(parts.len() % 2 == 1, "a quote stands alone: {expression}");
    for (n, part) in parts.iter().enumerate() {
        let is_right = if n % 2 == 1 { is_token(part) } else { part.chars().all(|letter| ours.contains(letter)) };
        assert!(is_right, "something of the caller's is read as an expression: {expression}");
    }
}
