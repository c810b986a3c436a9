//! Places in the text of a template that are filled when it is used: `{{customer.name}}`.
//!
//! Between the braces stands one word of a closed set, with or without blanks around it. A brace that opens nothing is a
//! letter like any other.

use crate::text_enum::text_enum;

/// What a place begins and ends with.
const OPEN: &str = "{{";
const CLOSE: &str = "}}";

text_enum! {
    /// What can stand in a place.
    pub enum Placeholder {
        /// The customer.
        CustomerName = "customer.name",
        /// The contact.
        ContactName = "contact.name",
        /// The lead.
        LeadName = "lead.name",
        /// The company that the lead works for.
        LeadCompanyName = "lead.company_name",
        /// The opportunity.
        OpportunityName = "opportunity.name",
        /// Whoever uses the template.
        UserName = "user.name",
        /// The day on which it is used, where they are.
        Today = "today",
    }
}

/// A text whose places have been filled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// The text.
    pub text: String,
    /// Places for which there was nothing, each once; nothing stands there.
    pub missing: Vec<Placeholder>,
}

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'a> {
    Letters(&'a str),
    /// A word, and how it was typed.
    Place(&'a str, &'a str),
}

/// The first word of a text that stands where only a placeholder can.
#[must_use]
pub fn unknown(text: &str) -> Option<&str> {
    pieces(text).into_iter().find_map(|piece| match piece {
        Piece::Place(word, _) if Placeholder::parse(word).is_none() => Some(word),
        _ => None,
    })
}

/// Fills the places of a text; what is none of ours stays as it is.
#[must_use]
pub fn fill(text: &str, value: impl Fn(Placeholder) -> Option<String>) -> Filled {
    let mut filled = Filled::default();
    for piece in pieces(text) {
        let (place, typed) = match piece {
            Piece::Letters(letters) => (None, letters),
            Piece::Place(word, typed) => (Placeholder::parse(word), typed),
        };
        match place.map(|place| (place, value(place))) {
            None => filled.text.push_str(typed),
            Some((_, Some(value))) => filled.text.push_str(&value),
            Some((place, None)) if filled.missing.contains(&place) => {}
            Some((place, None)) => filled.missing.push(place),
        }
    }
    filled
}

/// A value for Markdown in which it must be nothing but letters: no link, no emphasis, nobody mentioned.
#[must_use]
pub fn escape_markdown(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for letter in value.chars() {
        if "\\`*_[]<>#~|".contains(letter) {
            escaped.push('\\');
        }
        escaped.push(if letter.is_control() { ' ' } else { letter });
    }
    escaped
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some((before, here)) = rest.split_once(OPEN) {
        // Of `{{{` the last two open.
        let extra = here.len() - here.trim_start_matches('{').len();
        let begin = before.len() + extra;
        let Some((word, after)) = here.get(extra..).and_then(place) else {
            let passed = begin + OPEN.len();
            found.push(Piece::Letters(rest.get(..passed).unwrap_or_default()));
            rest = rest.get(passed..).unwrap_or_default();
            continue;
        };
        let end = rest.len() - after.len();
        found.push(Piece::Letters(rest.get(..begin).unwrap_or_default()));
        found.push(Piece::Place(word, rest.get(begin..end).unwrap_or_default()));
        rest = after;
    }
    found.push(Piece::Letters(rest));
    found
}

/// The word of a place that has been opened, and what stands behind it. A place is within one line.
fn place(here: &str) -> Option<(&str, &str)> {
    let (word, after) = here.split_once(CLOSE)?;
    (!word.contains(['{', '}', '\n'])).then(|| (word.trim(), after))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value(place: Placeholder) -> Option<String> {
        match place {
            Placeholder::CustomerName => Some("明德".into()),
            Placeholder::Today => Some("2026-11-26".into()),
            _ => None,
        }
    }

    #[test]
    fn places_are_filled_and_what_is_missing_is_told_once() {
        let filled = fill("{{customer.name}}，{{ today }}：{{contact.name}}{{contact.name}}。", value);
        assert_eq!(filled.text, "明德，2026-11-26：。");
        assert_eq!(filled.missing, [Placeholder::ContactName]);
    }

    #[test]
    fn braces_that_open_nothing_are_letters() {
        for text in ["{{", "}}", "{{ a\nb }}", "{ {today} }", "{{{{", "{{today}", "a {{b", "{{{", "{{to}day}}"] {
            assert_eq!((unknown(text), fill(text, value).text.as_str()), (None, text), "{text}");
        }
        assert_eq!(fill("{{{today}}}", value).text, "{2026-11-26}");
        assert_eq!(fill("{{x {{today}}", value).text, "{{x 2026-11-26");
    }

    #[test]
    fn unknown_words_are_found_and_left_alone() {
        assert_eq!(unknown("{{today}} {{customer.phone}}"), Some("customer.phone"));
        assert_eq!(unknown("{{ }}"), Some(""));
        assert_eq!(unknown("{{Today}}"), Some("Today"));
        assert_eq!(fill("{{ customer.phone}}", value).text, "{{ customer.phone}}");
    }

    #[test]
    fn what_is_filled_in_is_not_read_again_and_can_be_made_harmless() {
        let filled = fill("{{customer.name}}", |_| Some("{{today}}".into()));
        assert_eq!(filled.text, "{{today}}");
        assert_eq!(escape_markdown("@[x](user:1) *a*\n<b>"), "@\\[x\\](user:1) \\*a\\* \\<b\\>");
        assert!(
            crate::mention::mentions(&escape_markdown("@[x](user:01936f1e-7a54-7c1b-9a52-3f1f6f0a1b2c)")).is_empty()
        );
    }

    proptest! {
        #[test]
        fn a_text_without_places_stays_as_it_is(text in "[a{}\\n .]{0,20}") {
            let filled = fill(&text, |_| Some("!".into()));
            if unknown(&text).is_none() && !text.contains("today") {
                prop_assert_eq!(filled.text, text);
            }
        }
    }
}
