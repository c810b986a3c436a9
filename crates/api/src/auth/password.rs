//! Passwords: hashed with argon2id, a few at a time, and never while a connection is held.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::problem::{Code, FieldError, Problem};

/// Memory in KiB, passes and lanes: the second row of OWASP's table, also in ASVS appendix C.
const COST: (u32, u32, u32) = (19_456, 2, 1);
/// How many hashes are computed at a time.
const AT_A_TIME: usize = 2;
/// How long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(2);
/// The shortest password, in characters.
pub const MIN_PASSWORD: usize = 12;
/// The longest password, in characters.
pub const MAX_PASSWORD: usize = 256;
/// What is verified for an address nobody has, so that the answer takes as long.
const DUMMY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$C0DBmTaIfJfWZ0yRz7i/1bNNaUjO/8wX0L3nQGrQxkA";

/// Hashes and verifies passwords; cheap to clone.
#[derive(Clone, Debug)]
pub struct Hasher(Arc<Semaphore>);

impl Default for Hasher {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_A_TIME)))
    }
}

impl Hasher {
    /// The hash of a password, in PHC form.
    ///
    /// # Errors
    /// `unavailable` when too many are waiting.
    pub async fn hash(&self, password: String) -> Result<String, Problem> {
        self.run(move || hash_now(&password)).await?.ok_or_else(|| Problem::new(Code::Internal))
    }

    /// Whether the password is the one that was hashed; `None` (nobody there) takes as long and is never right.
    ///
    /// # Errors
    /// `unavailable` when too many are waiting.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Problem> {
        self.run(move || {
            let is_right = verify_now(&password, hash.as_deref().unwrap_or(DUMMY));
            is_right && hash.is_some()
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let busy = || Problem::new(Code::Unavailable).retry_after(1);
        let turn = Arc::clone(&self.0).acquire_owned();
        let turn = tokio::time::timeout(PATIENCE, turn).await.map_err(|_| busy())?.map_err(|_| busy())?;
        let result = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(turn);
            result
        });
        result.await.map_err(|error| {
            tracing::error!(%error, "hashing a password failed");
            Problem::new(Code::Internal)
        })
    }
}

/// The hash of a password, at once: for the command line.
#[must_use]
pub fn hash_now(password: &str) -> Option<String> {
    Some(argon2()?.hash_password(password.as_bytes()).ok()?.to_string())
}

fn verify_now(password: &str, hash: &str) -> bool {
    let Some((argon2, hash)) = argon2().zip(PasswordHash::new(hash).ok()) else { return false };
    argon2.verify_password(password.as_bytes(), &hash).is_ok()
}

fn argon2() -> Option<Argon2<'static>> {
    let (memory, passes, lanes) = COST;
    Params::new(memory, passes, lanes, None).ok().map(|params| Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Whether a new password is good enough for someone with this name and address.
///
/// # Errors
/// `weak_password`, saying which rule it breaks.
pub fn check_new(password: &str, pointer: &str, about: &[&str]) -> Result<(), Problem> {
    let refuse = |code: Code, zh: &'static str, en: &'static str| {
        Err(Problem::new(Code::WeakPassword)
            .error(FieldError::at(pointer, code).because(zh, en).with("min", MIN_PASSWORD).with("max", MAX_PASSWORD)))
    };
    let length = password.chars().count();
    if length < MIN_PASSWORD {
        return refuse(Code::WeakPassword, "密码至少需要 12 个字符", "A password needs at least 12 characters");
    }
    if length > MAX_PASSWORD {
        return refuse(Code::TooLong, "密码最多 256 个字符", "A password has at most 256 characters");
    }
    if names(about).any(|name| password.to_lowercase().contains(&name)) {
        return refuse(
            Code::WeakPassword,
            "密码不能包含姓名、邮箱或产品名称",
            "A password must not contain the name, the e-mail address or the product's name",
        );
    }
    // Only the beginning is weighed: the estimate takes longer than linear time.
    let beginning: String = password.chars().take(72).collect();
    if zxcvbn::zxcvbn(&beginning, about).score() < zxcvbn::Score::Three {
        return refuse(
            Code::WeakPassword,
            "密码太容易被猜到，请使用更不常见的词组",
            "The password is easy to guess; use words that are less common",
        );
    }
    Ok(())
}

/// The words a password must not be made of: parts of the address and the name, and the product.
fn names<'a>(about: &'a [&'a str]) -> impl Iterator<Item = String> + 'a {
    let words = about.iter().flat_map(|text| text.split(['@', ' '])).map(str::to_lowercase);
    words.filter(|word| word.chars().count() >= 4).chain(["rapport".to_owned()])
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_hash_verifies_its_own_password_only() {
        let hash = hash_now("correct horse").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify_now("correct horse", &hash));
        assert!(!verify_now("correct horsf", &hash));
        assert!(PasswordHash::new(DUMMY).is_ok());
    }

    #[test]
    fn weak_passwords_are_refused_and_good_ones_are_not() {
        let check = |password: &str| check_new(password, "/password", &["sun.wukong@example.com", "孙悟空 Wukong"]);
        for bad in [
            "short",
            "passwordpassword",
            "123456789012",
            "aaaaaaaaaaaaaaaa",
            "sun.wukong-2026!",
            "my-Rapport-login",
            &"x".repeat(257),
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
        for good in ["lantern-orbit-velvet", "花果山水帘洞第一美猴王是我", "x7#Lq9!vBn2$"] {
            assert!(check(good).is_ok(), "{good}");
        }
    }
}
