//! The keys that sign access tokens, and the secret behind cursors and throttle keys.

use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use rapport_persistence::roles::guard_pass;
use rapport_persistence::settings::{setting_find, setting_put};
use rapport_persistence::signing_keys::{
    SigningKeyRow, signing_key_insert, signing_key_list, signing_key_purge, signing_key_retire_all,
};
use rapport_persistence::{Store, Tx};
use sha2::Sha256;

use crate::problem::{Code, Problem};
use crate::state::random;

/// After how many days a new key signs.
const SIGNS_FOR: TimeDelta = TimeDelta::days(30);
/// For how long a key that signs no more still verifies. Other nodes sign with it until their next round of upkeep, ten
/// minutes later, and those tokens live ten minutes.
const VERIFIES_FOR: TimeDelta = TimeDelta::minutes(30);
/// The setting that holds the secret for keyed hashes.
const MAC_SECRET: &str = "mac_secret";

/// The keys as they were last read; cheap to clone.
#[derive(Clone, Default)]
pub struct Keys(Arc<RwLock<Known>>);

#[derive(Clone, Default)]
struct Known {
    /// Newest first.
    signing: Vec<Key>,
    mac: Vec<u8>,
}

/// One signing key.
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) secret: Vec<u8>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys")
    }
}

impl Keys {
    /// Reads the keys, after making those that are missing or due.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn prepare(&self, store: &Store, now: DateTime<Utc>) -> Result<(), Problem> {
        store.write("prepare_keys", move |tx| ensure(tx, now)).await?;
        self.reload(store).await
    }

    /// Reads the keys again: another replica may have made one.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn reload(&self, store: &Store) -> Result<(), Problem> {
        let known = store
            .read("load_keys", |db| {
                let signing = signing_key_list(db)?.iter().filter_map(read_key).collect();
                let mac: Option<String> = setting_find(db, MAC_SECRET)?;
                Ok::<_, Problem>(Known {
                    signing,
                    mac: mac.and_then(|text| STANDARD_NO_PAD.decode(text).ok()).unwrap_or_default(),
                })
            })
            .await?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = known;
        Ok(())
    }

    /// The key that signs.
    pub(crate) fn newest(&self) -> Option<Key> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).signing.first().cloned()
    }

    /// The key with an id.
    pub(crate) fn find(&self, id: &str) -> Option<Key> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).signing.iter().find(|key| key.id == id).cloned()
    }

    /// A keyed hash (HMAC-SHA-256) of `data` for one purpose: cursors, throttle keys.
    #[must_use]
    pub fn mac(&self, purpose: &str, data: &[u8]) -> [u8; 32] {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        // HMAC takes keys of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&known.mac) else { return [0; 32] };
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(data);
        mac.finalize().into_bytes().into()
    }
}

fn read_key(row: &SigningKeyRow) -> Option<Key> {
    Some(Key { id: row.id.clone(), secret: STANDARD_NO_PAD.decode(&row.secret).ok()? })
}

fn ensure(tx: &mut Tx<'_>, now: DateTime<Utc>) -> Result<(), Problem> {
    // Nodes that are started at once must not each make keys of their own.
    guard_pass(tx, "keys")?;
    if setting_find::<String>(tx, MAC_SECRET)?.is_none() {
        setting_put(tx, MAC_SECRET, &secret()?)?;
    }
    let signs = |row: &SigningKeyRow| row.retired_at.is_none() && now - row.created_at.0 < SIGNS_FOR;
    if !signing_key_list(tx)?.iter().any(signs) {
        rotate(tx, now)?;
    }
    signing_key_purge(tx, (now - VERIFIES_FOR).into())?;
    Ok(())
}

fn rotate(tx: &mut Tx<'_>, now: DateTime<Utc>) -> Result<(), Problem> {
    signing_key_retire_all(tx, now.into())?;
    let id = STANDARD_NO_PAD.encode(random::<6>().map_err(no_randomness)?);
    signing_key_insert(tx, &SigningKeyRow { id, secret: secret()?, created_at: now.into(), retired_at: None })?;
    Ok(())
}

fn secret() -> Result<String, Problem> {
    Ok(STANDARD_NO_PAD.encode(random::<32>().map_err(no_randomness)?))
}

/// Without randomness there are no secrets, and the request must fail.
pub(crate) fn no_randomness(error: rand::rngs::SysError) -> Problem {
    tracing::error!(%error, "the operating system gives no randomness");
    Problem::new(Code::Internal)
}
