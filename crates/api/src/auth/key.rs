//! API keys: `rap_`, eight public letters, `_`, 43 secret letters and six letters that betray typing errors.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::keys::no_randomness;
use crate::problem::Problem;
use crate::state::random;

/// What every key begins with.
pub const PREFIX: &str = "rap_";
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const PUBLIC: usize = 8;
const SECRET: usize = 43;
const CHECK: usize = 6;

/// A new key: shown once.
#[derive(Clone)]
pub struct NewKey {
    /// The whole key.
    pub text: String,
    /// The public letters.
    pub public: String,
    /// The hash that is kept.
    pub hash: String,
}

/// A key as it was sent, its check letters right.
pub struct SentKey<'a> {
    /// The public letters.
    pub public: &'a str,
    secret: &'a str,
}

/// Makes a key.
///
/// # Errors
/// `internal` without randomness.
pub fn make() -> Result<NewKey, Problem> {
    let public = letters::<PUBLIC>()?;
    let secret = letters::<SECRET>()?;
    let text = format!("{PREFIX}{public}_{secret}{}", check(&public, &secret));
    let hash = sha256(&secret);
    Ok(NewKey { text, public, hash })
}

/// Takes a key apart; `None` when it cannot be one, before anything is looked up.
#[must_use]
pub fn parse(text: &str) -> Option<SentKey<'_>> {
    let (public, rest) = text.strip_prefix(PREFIX)?.split_once('_')?;
    let is_shaped = public.len() == PUBLIC && rest.len() == SECRET + CHECK && rest.is_ascii();
    let (secret, sum) = is_shaped.then(|| rest.split_at(SECRET))?;
    (check(public, secret) == sum).then_some(SentKey { public, secret })
}

impl SentKey<'_> {
    /// Whether the secret is the one whose hash is kept; takes the same time for every wrong one.
    #[must_use]
    pub fn matches(&self, hash: &str) -> bool {
        sha256(self.secret).as_bytes().ct_eq(hash.as_bytes()).into()
    }
}

/// A secret of so many random bytes, in letters that stand in a link as they are.
///
/// # Errors
/// `internal` without randomness.
pub(crate) fn secret_of<const N: usize>() -> Result<String, Problem> {
    Ok(URL_SAFE_NO_PAD.encode(random::<N>().map_err(no_randomness)?))
}

/// The SHA-256 of a text, hexadecimal.
pub(crate) fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        for nibble in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
        text
    })
}

fn check(public: &str, secret: &str) -> String {
    let digest = Sha256::digest(format!("{public}.{secret}").as_bytes());
    digest.iter().take(CHECK).map(|byte| letter(*byte)).collect()
}

fn letter(byte: u8) -> char {
    ALPHABET.get(usize::from(byte) % ALPHABET.len()).copied().map_or('0', char::from)
}

/// Random letters; bytes that would favour some letters are thrown away.
fn letters<const N: usize>() -> Result<String, Problem> {
    let mut text = String::with_capacity(N);
    while text.len() < N {
        let bytes = random::<64>().map_err(no_randomness)?;
        text.extend(bytes.iter().filter(|byte| **byte < 248).map(|byte| letter(*byte)).take(N - text.len()));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_key_reads_back_and_only_its_secret_matches() {
        let (mine, other) = (make().unwrap(), make().unwrap());
        let sent = parse(&mine.text).unwrap();
        assert_eq!(sent.public, mine.public);
        assert!(sent.matches(&mine.hash));
        assert!(!sent.matches(&other.hash));
        assert_eq!(mine.text.len(), 4 + 8 + 1 + 43 + 6);
    }

    #[test]
    fn a_wrong_letter_is_seen_before_any_lookup() {
        let key = make().unwrap().text;
        let last = if key.ends_with('x') { "y" } else { "x" };
        let typo = format!("{}{last}", &key[..key.len() - 1]);
        for bad in [typo.as_str(), &key[..key.len() - 1], "rap_", "rap_a_b", "", "rap_12345678_ä"] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }
}
