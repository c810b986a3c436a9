//! Access tokens: short-lived JWTs that name a session and nothing else.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use moka::sync::Cache;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::keys::Keys;
use crate::problem::{Code, Problem};

/// How long an access token holds.
pub const ACCESS_LIFETIME: TimeDelta = TimeDelta::minutes(10);
/// By how much clocks may differ, in seconds.
const LEEWAY: i64 = 5;
const ISSUER: &str = "rapport";
const AUDIENCE: &str = "rapport-api";
const TYPE: &str = "at+jwt";

/// What a token says. No roles: those are read anew with every request.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Claims {
    iss: String,
    aud: String,
    /// The user.
    pub(crate) sub: Uuid,
    /// The session.
    pub(crate) sid: Uuid,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: Uuid,
}

/// Signs an access token for a session.
///
/// # Errors
/// `internal` when there is no key to sign with.
pub fn issue(keys: &Keys, user: Uuid, session: Uuid, jti: Uuid, now: DateTime<Utc>) -> Result<String, Problem> {
    let key = keys.newest().ok_or_else(|| Problem::new(Code::Internal))?;
    let claims = Claims {
        iss: ISSUER.to_owned(),
        aud: AUDIENCE.to_owned(),
        sub: user,
        sid: session,
        iat: now.timestamp(),
        nbf: now.timestamp(),
        exp: (now + ACCESS_LIFETIME).timestamp(),
        jti,
    };
    let mut header = Header::new(Algorithm::HS256);
    header.typ = Some(TYPE.to_owned());
    header.kid = Some(key.id);
    encode(&header, &claims, &EncodingKey::from_secret(&key.secret)).map_err(|error| {
        tracing::error!(%error, "an access token cannot be signed");
        Problem::new(Code::Internal)
    })
}

/// Why a token is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Its key is not known; perhaps another replica has made it.
    UnknownKey,
    /// It is not one of ours, or not any more.
    Invalid,
}

/// Tokens whose signature has been found right: the same one comes with many requests, and takes a fifth of the time of
/// reading a record to verify.
#[derive(Clone)]
pub struct Verified(Cache<String, Signed>);

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified").field("tokens", &self.0.entry_count()).finish_non_exhaustive()
    }
}

/// What a token says, and the key by which that is believed.
#[derive(Clone, Debug)]
struct Signed {
    key: String,
    claims: Claims,
}

/// How many tokens are remembered.
const MOST: u64 = 10_000;

impl Default for Verified {
    fn default() -> Self {
        let lifetime = Duration::from_secs(ACCESS_LIFETIME.num_seconds().unsigned_abs());
        Self(Cache::builder().max_capacity(MOST).time_to_live(lifetime).build())
    }
}

impl Verified {
    /// Reads a token: exactly one algorithm, our type, our key, our issuer and audience, and in time.
    ///
    /// # Errors
    /// [`Refused`].
    pub(crate) fn read(&self, keys: &Keys, token: &str, now: DateTime<Utc>) -> Result<Claims, Refused> {
        let known = self.0.get(token).filter(|known| keys.find(&known.key).is_some());
        let claims = match known {
            Some(known) => known.claims,
            None => {
                let signed = verify(keys, token)?;
                self.0.insert(token.to_owned(), signed.clone());
                signed.claims
            }
        };
        if claims.are_in_time(now) { Ok(claims) } else { Err(Refused::Invalid) }
    }
}

impl Claims {
    fn are_in_time(&self, now: DateTime<Utc>) -> bool {
        let now = now.timestamp();
        self.nbf <= self.exp && self.nbf <= now.saturating_add(LEEWAY) && now < self.exp.saturating_add(LEEWAY)
    }
}

/// Whether one of our keys has signed a token of our kind.
fn verify(keys: &Keys, token: &str) -> Result<Signed, Refused> {
    let header = decode_header(token).map_err(|_| Refused::Invalid)?;
    if !is_plain(&header) {
        return Err(Refused::Invalid);
    }
    let key = header.kid.as_deref().and_then(|id| keys.find(id)).ok_or(Refused::UnknownKey)?;
    let token = decode::<Claims>(token, &DecodingKey::from_secret(&key.secret), &validation());
    let claims = token.map_err(|_| Refused::Invalid)?.claims;
    Ok(Signed { key: key.id, claims })
}

/// The user and the session that a token names, if it is one of ours and in time.
#[must_use]
pub fn read(keys: &Keys, token: &str, now: DateTime<Utc>) -> Option<(Uuid, Uuid)> {
    Verified::default().read(keys, token, now).ok().map(|claims| (claims.sub, claims.sid))
}

/// No header that points to a key elsewhere, and no other type of token.
fn is_plain(header: &Header) -> bool {
    header.alg == Algorithm::HS256
        && header.typ.as_deref() == Some(TYPE)
        && header.jku.is_none()
        && header.jwk.is_none()
        && header.x5u.is_none()
        && header.x5c.is_none()
}

/// Time is checked against our own clock, after the library has checked everything else.
fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    validation
}
