//! What a file may be called.

use unicode_normalization::UnicodeNormalization as _;

/// Characters of a name at most.
pub const MAX_FILE_NAME: usize = 200;
/// What a file is called of whose name nothing is left.
const NAMELESS: &str = "file";

/// A name as it is kept: no folders before it, nothing in it that is not seen or that shows letters in another order than they
/// stand in, no dots or blanks around it, and not too long. No name is refused for what it is not: whoever sends a file rarely
/// has chosen it.
#[must_use]
pub fn clean_name(typed: &str) -> String {
    let last = typed.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen: String = last.nfc().map(plain_blank).filter(|letter| !is_unseen(*letter)).collect();
    let words: Vec<&str> = seen.split(' ').filter(|word| !word.is_empty()).collect();
    let name = words.join(" ");
    // A dot before a name hides it on some systems, and dots behind it are lost on others.
    let name = name.trim_matches([' ', '.']);
    if name.is_empty() { NAMELESS.to_owned() } else { shorten(name) }
}

/// As much of a name as there may be, with its ending, which tells what it is.
fn shorten(name: &str) -> String {
    let count = name.chars().count();
    if count <= MAX_FILE_NAME {
        return name.to_owned();
    }
    let ending = extension(name).map(|ending| format!(".{ending}")).unwrap_or_default();
    let kept: String = name.chars().take(MAX_FILE_NAME.saturating_sub(ending.len())).collect();
    format!("{}{ending}", kept.trim_end_matches([' ', '.']))
}

/// The ending of a name, in small letters.
#[must_use]
pub fn extension(name: &str) -> Option<String> {
    let (stem, extension) = name.rsplit_once('.')?;
    let is_one = !stem.is_empty() && (1..=10).contains(&extension.len());
    (is_one && extension.is_ascii()).then(|| extension.to_ascii_lowercase())
}

fn plain_blank(letter: char) -> char {
    if letter.is_whitespace() { ' ' } else { letter }
}

/// Controls, marks of direction, and letters without width or shape.
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}
