//! E-mail addresses, in the practical syntax of HTML forms with a dotted domain.

use std::fmt;
use thiserror::Error;

/// The syntax that [`EmailAddress::parse`] accepts, together with [`MAX_EMAIL`]; ECMA-262, anchored.
///
/// No quoted local parts, no comments, no addresses by number: nobody's customers have those.
pub const EMAIL_PATTERN: &str = r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])$";

/// Longest address, in characters.
pub const MAX_EMAIL: usize = 254;

/// A lower-cased e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress(String);

/// The text is no e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("must be an e-mail address")]
pub struct EmailError;

impl EmailAddress {
    /// Reads an address: exactly what [`EMAIL_PATTERN`] matches and [`MAX_EMAIL`] allows.
    ///
    /// The normal form is lower case. White space around it is not forgiven, so that the contract stays exact.
    ///
    /// # Errors
    /// `EmailError` for everything else.
    pub fn parse(typed: &str) -> Result<Self, EmailError> {
        let (local, domain) = typed.split_once('@').ok_or(EmailError)?;
        let is_valid = typed.len() <= MAX_EMAIL && is_local(local) && is_domain(domain);
        is_valid.then(|| Self(typed.to_ascii_lowercase())).ok_or(EmailError)
    }

    /// The normal form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `@`.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.0.split_once('@').map_or("", |(local, _)| local)
    }

    /// What stands behind the `@`.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

fn is_local(local: &str) -> bool {
    let is_atom_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&byte);
    local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atom_letter))
}

fn is_domain(domain: &str) -> bool {
    let Some((labels, top)) = domain.rsplit_once('.') else { return false };
    let is_top = top.len() >= 2 && top.starts_with(|letter: char| letter.is_ascii_alphabetic());
    is_top && is_label(top) && labels.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=63).contains(&label.len()) && label.bytes().all(is_inner) && !label.starts_with('-') && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use proptest::prelude::*;
    use regex::Regex;

    fn pattern_accepts(typed: &str) -> bool {
        typed.len() <= MAX_EMAIL && Regex::new(EMAIL_PATTERN).unwrap().is_match(typed)
    }

    #[test]
    fn the_normal_form_is_lower_case() {
        let address = EmailAddress::parse("Ada.Lovelace+x@Sub.Example.COM").unwrap();
        assert_eq!(address.as_str(), "ada.lovelace+x@sub.example.com");
        assert_eq!((address.local_part(), address.domain()), ("ada.lovelace+x", "sub.example.com"));
    }

    #[test]
    fn what_is_no_address_is_refused_by_parser_and_pattern() {
        let long = format!("{}@example.com", "a".repeat(243));
        let label = format!("a@{}.com", "b".repeat(64));
        for bad in [
            "",
            "a",
            "@",
            "a@",
            "@b.com",
            "a@b",
            "a@b.c",
            "a@b.1c",
            "a@.com",
            "a@b..com",
            "a@-b.com",
            "a@b-.com",
            ".a@b.com",
            "a.@b.com",
            "a..b@c.com",
            "a b@c.com",
            " a@b.com",
            "a@b.com\n",
            "a@b@c.com",
            "ä@b.com",
            "a@b.com.",
            &long,
            &label,
        ] {
            assert_eq!(EmailAddress::parse(bad), Err(EmailError), "{bad:?}");
            assert!(!pattern_accepts(bad), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn what_the_pattern_makes_is_read(typed in EMAIL_PATTERN.trim_start_matches('^').trim_end_matches('$')) {
            prop_assert_eq!(EmailAddress::parse(&typed).is_ok(), typed.len() <= MAX_EMAIL);
        }

        #[test]
        fn parser_and_pattern_agree(typed in "[a-c.@_1 -]{0,12}@[a-c.1-]{0,8}") {
            prop_assert_eq!(EmailAddress::parse(&typed).is_ok(), pattern_accepts(&typed), "{:?}", typed);
        }
    }
}
