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
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) class: Class,
    pub(super) text: String,
}

/// The runs of a folded text, in order.
pub(super) fn split(folded: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut is_open = false;
    for letter in folded.chars() {
        let Some(class) = class_of(letter) else {
            is_open = false;
            continue;
        };
        match runs.last_mut() {
            Some(run) if is_open && run.class == class => run.text.push(letter),
            _ => runs.push(Run { class, text: letter.to_string() }),
        }
        is_open = true;
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
        let texts: Vec<String> = split("iphone15手机 a.b@c").into_iter().map(|run| run.text).collect();
        assert_eq!(texts, ["iphone", "15", "手机", "a", "b", "c"]);
        assert_eq!(split("'\" * - :"), []);
    }
}
