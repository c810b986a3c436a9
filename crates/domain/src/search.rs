//! Search: what of a record is findable, and what a query looks for. The same tokens serve every database.
//!
//! A record is turned into [`Findable`] when it is saved; a [`Query`] is turned into an `FTS5` expression or a `tsquery` of
//! the same tokens, so that both databases answer alike. Rules, for documents and queries both:
//! - Text is folded (`text::fold`), then divided into runs of Han and kana letters, of digits, and of other letters;
//!   everything else divides. So e-mail addresses, `a1b2` and `iphone15` are taken apart in the same way on both sides.
//! - A run of Han letters gives its overlapping pairs and its last letter alone. A query of one Han letter is a prefix of
//!   those. A query of three or more is rechecked in the [body](Findable::body), because pairs forget their order.
//! - Other words stand whole in the document and are prefixes in the query.
//! - Digits stand whole and with every ending of four or more, so that any four of them in a row are found. An index holds
//!   [`keys()`] of these only.
//! - Names with Han letters are also found by pinyin and by its initials, from any letter on.
//!
//! Tokens hold alphanumeric letters only. In SQLite declare `tokenize = 'ascii'`, which takes every letter beyond ASCII as
//! part of a token and so keeps each token whole; in PostgreSQL the text of a `tsvector` is cast.

use crate::text::fold;
use std::collections::HashSet;

mod keys;
mod names;
mod query;
mod runs;

pub use keys::{keys, tsvector};
pub use query::{Query, Term, matches};

use runs::Class;

/// Most tokens of one document.
pub const MAX_TOKENS: usize = 400;
/// Most letters of a document that are findable.
pub const MAX_BODY: usize = 4000;
/// Longest token, in letters; longer words are found by their beginning.
const MAX_WORD: usize = 24;
/// Fewest digits of an ending that is indexed.
const MIN_ENDING: usize = 4;
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

/// What of a document the databases keep.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findable {
    /// Its tokens, sorted, each once, at most [`MAX_TOKENS`].
    ///
    /// When there are too many, names, numbers and e-mails go before pinyin, and pinyin before other text.
    pub tokens: Vec<String>,
    /// The folded text in which a query's needles are looked for; at most [`MAX_BODY`] letters.
    pub body: String,
}

impl Findable {
    /// What can be found of a document.
    #[must_use]
    pub fn of(doc: &Doc<'_>) -> Self {
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
            names::readings(name, &mut |reading| found.add(reading));
        }
        for text in &parts.texts {
            found.add_text(text);
        }
        Self {
            tokens: found.sorted(),
            body: [parts.names, parts.numbers, parts.emails, parts.texts].concat().join("\n"),
        }
    }
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
        let mut folded = fold(text);
        let letters = shorten(&mut folded, *room);
        if letters > 0 {
            *room = room.saturating_sub(letters + 1);
            kept.push(folded);
        }
    }
    kept
}

/// A bounded set of tokens: of more the first ones are kept.
#[derive(Default)]
struct Tokens {
    /// In the order in which they were found, some of them several times: to sort them once costs less than to keep them sorted.
    found: Vec<String>,
    is_full: bool,
}

impl Tokens {
    fn add(&mut self, token: String) {
        if self.is_full {
            return;
        }
        self.found.push(token);
        if self.found.len() >= 2 * MAX_TOKENS {
            self.forget_repeated();
            self.is_full = self.found.len() >= MAX_TOKENS;
        }
    }

    fn forget_repeated(&mut self) {
        let mut seen = HashSet::new();
        self.found.retain(|token| seen.insert(token.clone()));
        self.found.truncate(MAX_TOKENS);
    }

    fn sorted(mut self) -> Vec<String> {
        if self.found.len() > MAX_TOKENS {
            self.forget_repeated();
        }
        self.found.sort_unstable();
        self.found.dedup();
        self.found
    }

    fn add_text(&mut self, folded: &str) {
        for run in runs::split(folded) {
            match run.class {
                Class::Han => self.add_han(run.text),
                Class::Digits => self.add_digits(run.text),
                Class::Letters => self.add(cut(run.text, MAX_WORD)),
            }
        }
    }

    /// The pairs of a run of Han letters and its last letter alone.
    fn add_han(&mut self, text: &str) {
        let letters: Vec<char> = text.chars().collect();
        pairs(&letters).chain(letters.last().map(char::to_string)).for_each(|token| self.add(token));
    }

    fn add_digits(&mut self, digits: &str) {
        if digits.is_empty() {
            return;
        }
        self.add(cut(digits, MAX_DIGITS));
        let letters = digits.get(..MAX_DIGIT_RUN).unwrap_or(digits);
        for start in 0..(letters.len() + 1).saturating_sub(MIN_ENDING) {
            let ending = letters.get(start..).unwrap_or_default();
            self.add(ending.get(..MAX_DIGITS).unwrap_or(ending).to_owned());
        }
    }
}

/// Overlapping pairs: `齐天大圣` gives `齐天`, `天大`, `大圣`.
fn pairs(letters: &[char]) -> impl Iterator<Item = String> + '_ {
    letters.windows(2).map(|pair| pair.iter().collect())
}

fn cut(text: &str, max: usize) -> String {
    text.chars().take(max).collect()
}

/// Cuts a text off after so many letters; answers how many it has.
fn shorten(text: &mut String, max: usize) -> usize {
    match text.char_indices().nth(max) {
        Some((end, _)) => {
            text.truncate(end);
            max
        }
        None => text.chars().count(),
    }
}

#[cfg(test)]
mod tests;
