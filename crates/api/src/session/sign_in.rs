//! Proving who one is by a password, with patience for typing errors and none for guessing.

use actix_web::HttpRequest;
use actix_web::http::header::USER_AGENT;
use chrono::{DateTime, TimeDelta, Utc};
use rapport_domain::access::Actor;
use rapport_domain::email::EmailAddress;
use rapport_persistence::Tx;
use rapport_persistence::throttle::{ThrottleRow, throttle_clear, throttle_lock, throttle_put};
use rapport_persistence::users::{UserRow, user_find_by_email};

use crate::auth::device::{recognise, remember};
use crate::auth::key::hex;
use crate::auth::sessions::{Device, Kind, Tokens, begin};
use crate::problem::{Code, Problem};
use crate::request::RequestInfo;
use crate::state::App;

/// So many failures cost nothing.
const FREE: i64 = 5;
/// The longest wait between two tries, in seconds.
const LONGEST: i64 = 900;

/// An address and a password that somebody sent.
pub(super) struct Credentials {
    pub(super) email: String,
    pub(super) password: String,
    /// The cookie of a device that may have signed in before.
    pub(super) device: Option<String>,
}

/// Somebody who has proved who they are.
pub(super) struct Proven {
    pub(super) user: UserRow,
    /// What the device's cookie is to hold from now on.
    pub(super) device: String,
}

/// Begins a session for whoever proves to be the user of an address.
///
/// # Errors
/// `invalid_credentials`, the same for unknown addresses, wrong passwords and users who may not sign in;
/// `too_many_requests` after too many failures.
pub(super) async fn sign_in(
    app: &App,
    request: &HttpRequest,
    sent: Credentials,
    kind: Kind,
) -> Result<(Proven, Tokens), Problem> {
    app.limits.login(RequestInfo::of(request).address)?;
    let proven = prove(app, sent).await?;
    let (context, keys, device) = (app.context_of(Actor::system()), app.keys.clone(), device(request));
    let id = proven.user.id.0;
    let tokens = app.store.write("begin_session", move |tx| begin(tx, &context, &keys, id, kind, &device)).await?;
    Ok((proven, tokens))
}

/// The active user whose address and password these are.
///
/// # Errors
/// As for [`sign_in`].
pub(super) async fn prove(app: &App, sent: Credentials) -> Result<Proven, Problem> {
    let email = EmailAddress::parse(sent.email.trim()).map_or_else(|_| sent.email.to_lowercase(), String::from);
    let account = hex(&app.keys.mac("login", email.as_bytes()));
    let known = sent.device.and_then(|cookie| recognise(&app.keys, &account, &cookie));
    let key = known.map_or_else(
        || account.clone(),
        |device| hex(&app.keys.mac("login from device", format!("{device}\0{account}").as_bytes())),
    );
    count_try(app, key.clone()).await?;
    let user = app.store.read("user_by_email", move |db| Ok::<_, Problem>(user_find_by_email(db, &email)?)).await?;
    let user = user.filter(|user| user.is_active);
    let hash = user.as_ref().and_then(|user| user.password_hash.clone());
    let is_right = app.hasher.verify(sent.password, hash).await?;
    let user = user.filter(|_| is_right).ok_or_else(wrong)?;
    app.store.write("throttle_clear", move |tx| Ok::<_, Problem>(throttle_clear(tx, &key)?)).await?;
    let device = remember(&app.keys, &account, known.unwrap_or_else(|| app.ids.next()));
    Ok(Proven { user, device })
}

fn wrong() -> Problem {
    Problem::new(Code::InvalidCredentials).header("WWW-Authenticate", "Bearer realm=\"rapport\"")
}

/// Counts a try as failed before it is looked at, so that a hundred at the same time count as a hundred; a success
/// forgets them all.
async fn count_try(app: &App, key: String) -> Result<(), Problem> {
    let now = app.now();
    app.store.write("throttle_try", move |tx| count(tx, &key, now)).await
}

fn count(tx: &mut Tx<'_>, key: &str, now: DateTime<Utc>) -> Result<(), Problem> {
    let known = throttle_lock(tx, key, now.into())?;
    if known.blocked_until.0 > now {
        let seconds = u64::try_from((known.blocked_until.0 - now).num_seconds()).unwrap_or(0) + 1;
        return Err(Problem::new(Code::TooManyRequests)
            .because("登录失败次数过多，请稍后再试", "Too many failed sign-ins; wait a little")
            .retry_after(seconds));
    }
    let failures = known.failures + 1;
    let blocked_until = now + TimeDelta::seconds(delay(failures));
    throttle_put(
        tx,
        &ThrottleRow { key: key.to_owned(), failures, blocked_until: blocked_until.into(), updated_at: now.into() },
    )?;
    Ok(())
}

/// Seconds to wait after so many failures: five are free, then 1, 2, 4 … 900.
fn delay(failures: i64) -> i64 {
    match failures - FREE {
        ..=0 => 0,
        over => 1_i64
            .checked_shl(u32::try_from(over - 1).unwrap_or(u32::MAX))
            .filter(|seconds| *seconds > 0)
            .map_or(LONGEST, |seconds| seconds.min(LONGEST)),
    }
}

/// What a browser or app tells about itself, cut to a sensible length.
pub(crate) fn device(request: &HttpRequest) -> Device {
    let agent = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Device { user_agent: agent.chars().take(300).collect(), ip: RequestInfo::of(request).address.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_up_to_a_quarter_of_an_hour() {
        let delays: Vec<i64> = [1, 5, 6, 7, 8, 15, 16, 100, 1000].map(delay).into();
        assert_eq!(delays, [0, 0, 1, 2, 4, 512, 900, 900, 900]);
    }
}
