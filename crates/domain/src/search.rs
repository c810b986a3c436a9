//! Search: what of a record is findable, and what a query looks for. The same tokens serve every database.
//!
//! A record is turned into [`tokens`] when it is saved; a [`Query`] is turned into an `FTS5` expression or a `tsquery` of
//! the same tokens, so that both databases answer alike. Rules, for documents and queries both:
//! - Text is folded (`text::fold`), then divided into runs of Han and kana letters, of digits, and of other letters;
//!   everything else divides. So e-mail addresses, `a1b2` and `iphone15` are taken apart in the same way on both sides.
//! - A run of Han letters gives its overlapping pairs and its last letter alone. A query of one Han letter is a prefix of
//!   those. A query of three or more is rechecked in the [`body`], because pairs forget their order.
//! - Other words stand whole in the document and are prefixes in the query.
//! - Digits stand whole and with every ending of four or more, so that any four of them in a row are found.
//! - Names with Han letters are also found by pinyin and by its initials, from any letter on.
//!
//! Tokens hold alphanumeric letters only. In SQLite declare `tokenize = 'ascii'`, which takes every letter beyond ASCII as
//! part of a token and so keeps each token whole; in PostgreSQL use `array_to_tsvector`.

use crate::text::fold;
use std::collections::{BTreeSet, HashSet};

mod names;
mod query;
mod runs;

pub use query::{Query, Term, matches};

use runs::{Class, Run};

/// Most tokens of one document.
pub const MAX_TOKENS: usize = 400;
/// Most letters of a document that are findable.
pub const MAX_BODY: usize = 4000;
/// Longest token, in letters; longer words are found by their beginning.
const MAX_WORD: usize = 24;
/// Longest token of digits.
const MAX_DIGITS: usize = 16;
/// Most digits of one run whose endings are indexed.
const MAX_DIGIT_RUN: usize = 40;

/// What of a record can be found.
#[derive(Clone, Debug, Default)]
pub struct Doc<'a> {
    /// Names of people, companies and deals; found by pinyin too.
    pub names: Vec<&'a str>,
    /// Other text.
    pub texts: Vec<&'a str>,
    /// Phones (as typed and in E.164) and record numbers; also found with their separators left out.
    pub numbers: Vec<&'a str>,
    /// E-mail addresses.
    pub emails: Vec<&'a str>,
}

/// The tokens of a document, sorted, each once, at most [`MAX_TOKENS`].
///
/// When there are too many, names, numbers and e-mails go before pinyin, and pinyin before other text.
#[must_use]
pub fn tokens(doc: &Doc<'_>) -> Vec<String> {
    let parts = Parts::of(doc);
    let mut found = Tokens::default();
    for text in parts.names.iter().chain(&parts.numbers).chain(&parts.emails) {
        found.add_text(text);
    }
    for number in &parts.numbers {
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        found.add_digits(&digits);
    }
    for name in &parts.names {
        found.extend(names::readings(name));
    }
    for text in &parts.texts {
        found.add_text(text);
    }
    found.kept.into_iter().collect()
}

/// The folded text in which a query's needles are looked for; at most [`MAX_BODY`] letters.
#[must_use]
pub fn body(doc: &Doc<'_>) -> String {
    let parts = Parts::of(doc);
    [parts.names, parts.numbers, parts.emails, parts.texts].concat().join("\n")
}

/// The folded parts of a document, cut so that tokens and body cover the same letters.
#[derive(Default)]
struct Parts {
    names: Vec<String>,
    numbers: Vec<String>,
    emails: Vec<String>,
    texts: Vec<String>,
}

impl Parts {
    fn of(doc: &Doc<'_>) -> Self {
        let mut room = MAX_BODY;
        let names = fold_within(&doc.names, &mut room);
        let numbers = fold_within(&doc.numbers, &mut room);
        let emails = fold_within(&doc.emails, &mut room);
        let texts = fold_within(&doc.texts, &mut room);
        Self { names, numbers, emails, texts }
    }
}

/// Folds each text and takes what fits; each also uses one letter of room for the line feed that follows it.
fn fold_within(texts: &[&str], room: &mut usize) -> Vec<String> {
    let mut kept = Vec::with_capacity(texts.len());
    for text in texts {
        let folded: String = fold(text).chars().take(*room).collect();
        if folded.is_empty() {
            continue;
        }
        *room = room.saturating_sub(folded.chars().count() + 1);
        kept.push(folded);
    }
    kept
}

/// A bounded set of tokens.
#[derive(Default)]
struct Tokens {
    kept: BTreeSet<String>,
}

impl Tokens {
    fn extend(&mut self, more: impl IntoIterator<Item = String>) {
        for token in more {
            if self.kept.len() >= MAX_TOKENS {
                return;
            }
            self.kept.insert(token);
        }
    }

    fn add_text(&mut self, folded: &str) {
        for run in runs::split(folded) {
            match run.class {
                Class::Han => self.extend(han_tokens(&run)),
                Class::Digits => self.add_digits(&run.text),
                Class::Letters => self.extend([cut(&run.text, MAX_WORD)]),
            }
        }
    }

    fn add_digits(&mut self, digits: &str) {
        if digits.is_empty() {
            return;
        }
        self.extend([cut(digits, MAX_DIGITS)]);
        let letters: Vec<char> = digits.chars().take(MAX_DIGIT_RUN).collect();
        let endings: Vec<String> = letters
            .windows(4)
            .enumerate()
            .map(|(start, _)| letters.iter().skip(start).take(MAX_DIGITS).collect())
            .collect();
        self.extend(endings);
    }
}

/// The pairs of a run of Han letters and its last letter alone.
fn han_tokens(run: &Run) -> Vec<String> {
    let letters: Vec<char> = run.text.chars().collect();
    let mut tokens = pairs(&letters);
    tokens.extend(letters.last().map(char::to_string));
    tokens
}

/// Overlapping pairs: `齐天大圣` gives `齐天`, `天大`, `大圣`.
fn pairs(letters: &[char]) -> Vec<String> {
    letters.windows(2).map(|pair| pair.iter().collect()).collect()
}

fn cut(text: &str, max: usize) -> String {
    text.chars().take(max).collect()
}

/// The same items in the same order, each once.
fn distinct(items: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    items.into_iter().filter(|item| seen.insert(item.clone())).collect()
}

#[cfg(test)]
mod tests;
