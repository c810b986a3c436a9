//! What the indexes of the databases hold of tokens: digits by their first four, everything else whole.
//!
//! A phone number has an ending from every digit on, and hardly another number shares it. An index of these would hold little
//! else, and three or four digits would begin ten thousands of its words. By their first four the endings of a number say
//! every four digits in a row: ten thousand words in all, and a longer query is several of them. That these follow each other is
//! what the tokens beside the index say, or the places in it.

use super::MIN_ENDING;

/// Whether these are digits, and enough of them for a whole word of the index.
pub(super) fn is_exact(digits: &str) -> bool {
    digits.len() >= MIN_ENDING && starts_with_digit(digits)
}

/// Three digits and the words that begin with them, which are few enough to be named one by one.
pub(super) fn beginning_with(digits: &str) -> Option<Vec<String>> {
    let is_short_of_one = starts_with_digit(digits) && digits.len() + 1 == MIN_ENDING;
    is_short_of_one.then(|| {
        let longer = ('0'..='9').map(|next| format!("{digits}{next}"));
        std::iter::once(digits.to_owned()).chain(longer).collect()
    })
}

/// As few of the [windows] as have every digit, with their places.
pub(super) fn covering(digits: &str) -> impl Iterator<Item = (usize, &str)> {
    let last = windows(digits).count().saturating_sub(1);
    windows(digits).enumerate().filter(move |(place, word)| place % word.len() == 0 || *place == last)
}

/// Every four digits in a row.
pub(super) fn windows(digits: &str) -> impl Iterator<Item = &str> {
    (0..(digits.len() + 1).saturating_sub(MIN_ENDING)).filter_map(|start| digits.get(start..start + MIN_ENDING))
}

/// Tokens with a digit hold nothing else.
fn starts_with_digit(token: &str) -> bool {
    token.starts_with(|letter: char| letter.is_ascii_digit())
}

/// The words that an index holds of a document with these tokens, which are sorted, each once.
#[must_use]
pub fn keys(tokens: &[String]) -> Vec<&str> {
    let mut keys: Vec<&str> = tokens.iter().map(|token| key(token)).collect();
    keys.dedup();
    keys
}

fn key(token: &str) -> &str {
    if is_exact(token) { token.get(..MIN_ENDING).unwrap_or(token) } else { token }
}

/// The words of a document as the text of PostgreSQL's `tsvector`, with `mark` before each: `'c2468':1 'c4680':2 'c悟空'`.
///
/// Digits have places, so that a query can ask for those that follow each other.
#[must_use]
pub fn tsvector(mark: char, tokens: &[String]) -> String {
    let mut text = String::with_capacity(16 * tokens.len());
    for token in tokens.iter().filter(|token| !is_exact(token)) {
        text.extend(["'", mark.encode_utf8(&mut [0; 4]), token, "' "]);
    }
    let mut place = 1;
    for run in runs(tokens) {
        for word in windows(run) {
            text.push_str(&format!("'{mark}{word}':{place} "));
            place += 1;
        }
        // Nothing follows the last one.
        place += 1;
    }
    text
}

/// The digits of which all others are parts.
fn runs(tokens: &[String]) -> Vec<&str> {
    let mut endings: Vec<&str> = tokens.iter().map(String::as_str).filter(|token| is_exact(token)).collect();
    endings.sort_by_key(|ending| std::cmp::Reverse(ending.len()));
    let mut runs: Vec<&str> = Vec::new();
    for ending in endings {
        if !runs.iter().any(|run| run.contains(ending)) {
            runs.push(ending);
        }
    }
    runs
}
