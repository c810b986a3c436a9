//! Devices that have signed in to an account before: a cookie says so, and nobody else can write it.
//!
//! Their failed tries are counted apart, so that somebody who guesses from elsewhere does not lock the owner out (OWASP,
//! "Slow Down Online Guessing Attacks with Device Cookies").

use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::key::hex;
use super::keys::Keys;

/// How long a browser remembers that it is known: a year, in seconds.
pub(crate) const KEPT: i64 = 365 * 24 * 60 * 60;

/// The value of the cookie of a device that has signed in to an account.
pub(crate) fn remember(keys: &Keys, account: &str, device: Uuid) -> String {
    let device = device.simple().to_string();
    let proof = prove(keys, account, &device);
    format!("{device}.{proof}")
}

/// The device, if a cookie proves that it has signed in to this very account.
pub(crate) fn recognise(keys: &Keys, account: &str, cookie: &str) -> Option<Uuid> {
    let (device, proof) = cookie.split_once('.')?;
    let is_ours = bool::from(proof.as_bytes().ct_eq(prove(keys, account, device).as_bytes()));
    Uuid::try_parse(device).ok().filter(|_| is_ours)
}

fn prove(keys: &Keys, account: &str, device: &str) -> String {
    hex(&keys.mac("device", format!("{device}\0{account}").as_bytes()))
}
