//! Division of folded text into runs of one class of letters.

use crate::text::is_han;

/// What a run consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Han and kana: written without blanks between words.
    Han,
    /// The digits 0–9.
    Digits,
    /// Any other letters and numerals.
    Letters,
}

/// A run of letters of one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run<'a> {
    pub(super) class: Class,
    pub(super) text: &'a str,
}

/// The runs of a folded text, in order.
pub(super) fn split(folded: &str) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    let mut open: Option<(Class, usize)> = None;
    let ends = std::iter::once((folded.len(), None));
    for (at, class) in folded.char_indices().map(|(at, letter)| (at, class_of(letter))).chain(ends) {
        if let Some((of, start)) = open {
            if class == Some(of) {
                continue;
            }
            runs.extend(folded.get(start..at).map(|text| Run { class: of, text }));
        }
        open = class.map(|class| (class, at));
    }
    runs
}

fn class_of(letter: char) -> Option<Class> {
    match letter {
        '0'..='9' => Some(Class::Digits),
        _ if is_han(letter) || is_kana(letter) => Some(Class::Han),
        _ if letter.is_alphanumeric() => Some(Class::Letters),
        _ => None,
    }
}

fn is_kana(letter: char) -> bool {
    matches!(letter, '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{30FC}'..='\u{30FE}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_divide_and_so_does_everything_else() {
        let texts: Vec<&str> = split("iphone15手机 a.b@c").into_iter().map(|run| run.text).collect();
        assert_eq!(texts, ["iphone", "15", "手机", "a", "b", "c"]);
        assert_eq!(split("'\" * - :"), []);
    }
}
