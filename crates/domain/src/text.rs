//! Text as people type it: cleaned, folded for comparison, keyed for duplicates and for sorting.
//!
//! Lengths are counted in Unicode scalar values, as JSON Schema's `maxLength` counts them.

use std::borrow::Cow;

use pinyin::ToPinyin;
use thiserror::Error;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

mod names;
mod web;

pub use names::{display_name, name_key};
pub use web::{WebsiteError, domain_of, website};

/// Why a text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TextError {
    /// Nothing is left after trimming.
    #[error("must not be empty")]
    Empty,
    /// Longer than allowed.
    #[error("must have at most {max} characters")]
    TooLong {
        /// The limit, in Unicode scalar values.
        max: usize,
    },
    /// Holds a control character, such as NUL.
    #[error("must not contain control characters")]
    ControlCharacter,
}

/// One line of text: trimmed, NFC-normalised, without any control character.
///
/// # Errors
/// `Empty`, `TooLong` (after normalisation) or `ControlCharacter`.
pub fn line(typed: &str, max: usize) -> Result<String, TextError> {
    clean(typed, max, |_| false)
}

/// Several lines of text: as [`line`], but line feeds and tabs are kept and CR LF becomes LF.
///
/// # Errors
/// `Empty`, `TooLong` (after normalisation) or `ControlCharacter`.
pub fn prose(typed: &str, max: usize) -> Result<String, TextError> {
    let unix = typed.replace("\r\n", "\n").replace('\r', "\n");
    clean(&unix, max, |letter| matches!(letter, '\n' | '\t'))
}

/// Folds text for comparison: NFKC, lower case, runs of white space as one blank, trimmed.
///
/// Width- and case-insensitive: `ＡＢＣ　Ltd` and `abc ltd` fold alike.
#[must_use]
pub fn fold(text: &str) -> String {
    // Addresses, numbers and most names are their own normal form.
    let lower: String = if text.is_ascii() {
        text.to_ascii_lowercase()
    } else if is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        normal(lower(text.chars()).collect())
    } else {
        normal(lower(text.nfkc()).collect())
    };
    let mut folded = String::with_capacity(lower.len());
    for word in lower.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

fn lower(letters: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    letters.flat_map(char::to_lowercase).map(plain_sigma)
}

fn normal(text: String) -> String {
    if is_nfkc_quick(text.chars()) == IsNormalized::Yes { text } else { text.nfkc().collect() }
}

/// A key by which lists sort: Chinese by its pinyin without tones, among Latin text; ties by the folded text itself.
#[must_use]
pub fn sort_key(text: &str) -> String {
    let folded = fold(text);
    let mut key = String::with_capacity(folded.len() * 2 + 1);
    for letter in folded.chars() {
        match letter.to_pinyin() {
            Some(reading) => key.push_str(&plain_reading(reading)),
            None => key.push(letter),
        }
    }
    key.push('\u{1}');
    key.push_str(&folded);
    key
}

/// Whether a letter is a Chinese character.
#[must_use]
pub fn is_han(letter: char) -> bool {
    matches!(letter,
        '\u{3007}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{2FA1F}' | '\u{30000}'..='\u{323AF}')
}

/// A reading without tone, in the letters that people type: `ü` is `v`.
pub(crate) fn plain_reading(reading: pinyin::Pinyin) -> Cow<'static, str> {
    let plain = reading.plain();
    if plain.contains('ü') { plain.replace('ü', "v").into() } else { plain.into() }
}

fn clean(typed: &str, max: usize, is_kept: fn(char) -> bool) -> Result<String, TextError> {
    let text: String = typed.trim().nfc().collect();
    if text.is_empty() {
        return Err(TextError::Empty);
    }
    if text.chars().any(|letter| letter.is_control() && !is_kept(letter)) {
        return Err(TextError::ControlCharacter);
    }
    if text.chars().count() > max {
        return Err(TextError::TooLong { max });
    }
    Ok(text)
}

/// The final sigma is the same letter; without this, upper and lower case of a Greek word would fold apart.
fn plain_sigma(letter: char) -> char {
    if letter == 'ς' { 'σ' } else { letter }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_is_trimmed_normalised_and_limited() {
        assert_eq!(line("  Cafe\u{301} ", 4), Ok("Café".into()));
        assert_eq!(line(" \u{3000} ", 4), Err(TextError::Empty));
        assert_eq!(line("孙悟空", 2), Err(TextError::TooLong { max: 2 }));
        assert_eq!(line("a\0b", 9), Err(TextError::ControlCharacter));
        assert_eq!(line("a\nb", 9), Err(TextError::ControlCharacter));
    }

    #[test]
    fn prose_keeps_its_lines() {
        assert_eq!(prose("a\r\nb\tc\r", 9), Ok("a\nb\tc".into()));
        assert_eq!(prose("a\u{7}b", 9), Err(TextError::ControlCharacter));
    }

    #[test]
    fn folding_ignores_case_and_width() {
        assert_eq!(fold("  ＡＢＣ\u{3000} Ltd "), "abc ltd");
        assert_eq!(fold("ΟΔΟΣ"), fold("οδος"));
        assert_eq!(fold("ｶﾞ"), "ガ");
    }

    #[test]
    fn chinese_sorts_by_pinyin_among_latin() {
        let mut names = vec!["张三", "Bob", "李四", "alice", "阿里", "吕布"];
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(names, ["阿里", "alice", "Bob", "李四", "吕布", "张三"]);
        assert!(sort_key("李四").starts_with("lisi\u{1}"));
        assert!(sort_key("吕").starts_with("lv\u{1}"));
        assert_ne!(sort_key("李"), sort_key("里"));
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn a_clean_line_stays_as_it_is(text in "\\PC{1,40}") {
            if let Ok(clean) = line(&text, 200) {
                prop_assert_eq!(line(&clean, 200), Ok(clean));
            }
        }
    }
}
