//! People who are named in a text: `@[王小明](user:01936f1e-…)` in Markdown.
//!
//! The name is what the writer saw; whom the mention means is told by the id alone. In the name a backslash stands before
//! `\`, `[` and `]`. What stands in code, or after a backslash, is text like any other.

use uuid::Uuid;

/// People that one text may mention.
pub const MAX_MENTIONS: usize = 50;
/// What a mention begins with.
const OPEN: &str = "@[";
/// What stands between the name and the id.
const LINK: &str = "](user:";
/// Characters of an id as it is written.
const ID: usize = 36;

/// Somebody who is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Whom the mention means.
    pub user_id: Uuid,
    /// What they were called there.
    pub name: String,
}

/// Everybody whom a text names, each once, in the order of the text.
#[must_use]
pub fn mentions(text: &str) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    if !text.contains(OPEN) {
        return found;
    }
    for prose in without_blocks(text) {
        for mention in of_prose(prose) {
            if !found.iter().any(|known| known.user_id == mention.user_id) {
                found.push(mention);
            }
        }
    }
    found
}

/// A text as it reads aloud: with `@name` where somebody is mentioned.
#[must_use]
pub fn plain(text: &str) -> String {
    let (mut plain, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(OPEN) {
        let (before, here) = rest.split_at(at);
        plain.push_str(before);
        let passed = if let Some((mention, length)) = read(here) {
            plain.push('@');
            plain.push_str(&mention.name);
            length
        } else {
            plain.push_str(OPEN);
            OPEN.len()
        };
        rest = here.get(passed..).unwrap_or_default();
    }
    plain.push_str(rest);
    plain
}

/// The stretches of a text that lie outside fenced code: from one fence to the next.
fn without_blocks(text: &str) -> Vec<&str> {
    let (mut stretches, mut begin, mut at) = (Vec::new(), 0, 0);
    let mut fence: Option<(char, usize)> = None;
    for line in text.split_inclusive('\n') {
        let next = at + line.len();
        match (fence, fence_of(line)) {
            (None, Some((mark, length, _))) => {
                stretches.push(text.get(begin..at).unwrap_or_default());
                fence = Some((mark, length));
            }
            (Some((mark, length)), Some((other, longer, true))) if mark == other && longer >= length => {
                (fence, begin) = (None, next);
            }
            _ => {}
        }
        at = next;
    }
    // A fence that is never closed goes on to the end.
    if fence.is_none() {
        stretches.push(text.get(begin..).unwrap_or_default());
    }
    stretches
}

/// The fence that a line is: its mark, how long it is, and whether nothing stands after it, as in one that closes.
fn fence_of(line: &str) -> Option<(char, usize, bool)> {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let line = line.trim();
    let mark = line.chars().next().filter(|mark| matches!(mark, '`' | '~') && indent < 4)?;
    let rest = line.trim_start_matches(mark);
    let length = line.len() - rest.len();
    // Backticks with more of them behind are code within a line.
    (length >= 3 && !(mark == '`' && rest.contains('`'))).then(|| (mark, length, rest.trim().is_empty()))
}

/// The mentions of a stretch without fenced code; code within a line is passed over.
fn of_prose(text: &str) -> Vec<Mention> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find(['\\', '`', '@']) {
        let here = rest.get(at..).unwrap_or_default();
        let passed = if here.starts_with('\\') {
            1 + here.chars().nth(1).map_or(0, char::len_utf8)
        } else if here.starts_with('`') {
            code_length(here)
        } else if let Some((mention, length)) = read(here) {
            found.push(mention);
            length
        } else {
            1
        };
        rest = here.get(passed..).unwrap_or_default();
    }
    found
}

/// How long the code is that begins here; only its backticks, when nothing closes it.
fn code_length(text: &str) -> usize {
    let ticks = text.len() - text.trim_start_matches('`').len();
    let mut at = ticks;
    while let Some(offset) = text.get(at..).and_then(|rest| rest.find('`')) {
        let close = text.get(at + offset..).unwrap_or_default();
        let length = close.len() - close.trim_start_matches('`').len();
        at += offset + length;
        if length == ticks {
            return at;
        }
    }
    ticks
}

/// The mention that begins here, and how long it is.
fn read(text: &str) -> Option<(Mention, usize)> {
    let (mut name, mut length) = (String::new(), OPEN.len());
    let mut letters = text.strip_prefix(OPEN)?.chars();
    loop {
        let letter = letters.next()?;
        match letter {
            ']' => break,
            '[' | '\n' => return None,
            '\\' => {
                let escaped = letters.next().filter(|escaped| *escaped != '\n')?;
                name.push(escaped);
                length += letter.len_utf8() + escaped.len_utf8();
            }
            _ => {
                name.push(letter);
                length += letter.len_utf8();
            }
        }
    }
    let rest = text.get(length..)?.strip_prefix(LINK)?;
    let user_id = Uuid::try_parse(rest.get(..ID)?).ok()?;
    let is_closed = rest.get(ID..)?.starts_with(')');
    (is_closed && !name.trim().is_empty()).then(|| (Mention { user_id, name }, length + LINK.len() + ID + 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ANNA: &str = "01936f1e-7a54-7c1b-9a52-3f1f6f0a1b2c";
    const BEN: &str = "01936f1e-7a54-7c1b-9a52-3f1f6f0a1b2d";

    fn names(text: &str) -> Vec<String> {
        mentions(text).into_iter().map(|mention| mention.name).collect()
    }

    fn of(name: &str, id: &str) -> String {
        format!("@[{name}](user:{id})")
    }

    #[test]
    fn whoever_is_named_is_found_once_and_in_order() {
        let text = format!("请 {} 看一下，{} 也看；{}", of("王小明", ANNA), of("Ben", BEN), of("Anna", ANNA));
        assert_eq!(names(&text), ["王小明", "Ben"]);
        assert_eq!(names(&format!("x{}y", of("Ada", &ANNA.to_uppercase()))), ["Ada"]);
        assert_eq!(names(&of(r"A \[sales\] \\ B", ANNA)), [r"A [sales] \ B"]);
    }

    #[test]
    fn a_text_reads_with_the_names_alone() {
        let text = format!("请 {} 看 @[x] 一下 {}", of("王小明", ANNA), of(r"B\[1\]", BEN));
        assert_eq!(plain(&text), "请 @王小明 看 @[x] 一下 @B[1]");
        assert_eq!((plain("no one"), plain("")), ("no one".to_owned(), String::new()));
    }

    #[test]
    fn what_is_no_mention_is_text() {
        for text in [
            "@[Anna]".to_owned(),
            format!("[Anna](user:{ANNA})"),
            format!("@[Anna](user:{})", &ANNA[1..]),
            format!("@[Anna](user:{ANNA}"),
            format!("@[Anna](user:{})", ANNA.replace('-', "")),
            format!("@[Anna](lead:{ANNA})"),
            format!("@[](user:{ANNA})"),
            format!("@[ ](user:{ANNA})"),
            format!("@[An\nna](user:{ANNA})"),
            format!("@[An[na](user:{ANNA})"),
            format!("\\{}", of("Anna", ANNA)),
            "@[Anna\\".to_owned(),
            "@[王](user:王王王王王王王王王王王王)".to_owned(),
        ] {
            assert_eq!(names(&text), Vec::<String>::new(), "{text}");
        }
        assert_eq!(names(&format!("\\\\{}", of("Anna", ANNA))), ["Anna"], "the backslash itself is escaped");
        assert_eq!(names(&format!("@[x]{}", of("Anna", ANNA))), ["Anna"]);
    }

    #[test]
    fn code_names_nobody() {
        let anna = of("Anna", ANNA);
        for text in [
            format!("`{anna}`"),
            format!("`` ` {anna} ``"),
            format!("```\n{anna}\n```"),
            format!("~~~ text\n```\n{anna}\n~~~"),
            format!("  ````\n{anna}\n```\n{anna}\n````"),
            format!("```\n{anna}"),
        ] {
            assert_eq!(names(&text), Vec::<String>::new(), "{text}");
        }
        for text in
            [format!("` {anna}"), format!("```\nx\n```\n{anna}"), format!("```x``` {anna}"), format!("    ```\n{anna}")]
        {
            assert_eq!(names(&text), ["Anna"], "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in any::<String>(), name in "[a-z\\[\\]\\\\`@~ \n]{0,12}") {
            let _found = (mentions(&text), plain(&text));
            let _found = mentions(&format!("{text}@[{name}](user:{ANNA}){text}"));
        }

        /// Whatever somebody is called, the mention that names them is read back.
        #[test]
        fn names_read_back(name in "[^\\p{C}\\s]{1,20}") {
            let escaped: String = name.chars().flat_map(|c| matches!(c, '\\' | '[' | ']').then_some('\\').into_iter().chain([c])).collect();
            prop_assert_eq!(names(&of(&escaped, ANNA)), [name]);
        }
    }
}
