//! Beginning sessions, and keeping them going.

use chrono::{DateTime, TimeDelta, Utc};
use rapport_domain::context::Context;
use rapport_persistence::Tx;
use rapport_persistence::sessions::{
    RefreshTokenRow, SessionRow, refresh_token_drop_successors, refresh_token_find, refresh_token_has_used_successor,
    refresh_token_insert, refresh_token_use, session_insert, session_load, session_lock, session_revoke,
    session_revoke_oldest, session_touch,
};
use rapport_persistence::types::Id;
use rapport_persistence::users::user_signed_in;
use uuid::Uuid;

use super::key::{secret_of, sha256};
use super::keys::Keys;
use super::token;
use crate::problem::{Code, Problem};

/// Within this time a used token may come again: the answer to its first use was lost on the way.
const GRACE: TimeDelta = TimeDelta::seconds(10);

/// How many sessions a user has at a time; with one more the oldest ends.
const MOST_SESSIONS: i64 = 20;

/// What kind of session, which decides how long it may rest and last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A browser: 12 hours of rest, a day in all.
    Web,
    /// A browser that is to be remembered: 14 days.
    RememberedWeb,
    /// An app: 30 days of rest, 90 in all.
    App,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Web | Self::RememberedWeb => "web",
            Self::App => "app",
        }
    }

    /// How long it may rest, and how long it may last.
    fn lifetimes(self) -> (TimeDelta, TimeDelta) {
        match self {
            Self::Web => (TimeDelta::hours(12), TimeDelta::hours(24)),
            Self::RememberedWeb => (TimeDelta::days(14), TimeDelta::days(14)),
            Self::App => (TimeDelta::days(30), TimeDelta::days(90)),
        }
    }
}

/// The device a session is begun on.
#[derive(Clone, Debug)]
pub struct Device {
    /// What it calls itself.
    pub user_agent: String,
    /// Its address.
    pub ip: String,
}

/// A pair of tokens, as handed out once.
#[derive(Clone)]
pub struct Tokens {
    /// The access token.
    pub access: String,
    /// The refresh token.
    pub refresh: String,
    /// How long the refresh token is worth keeping.
    pub keep: TimeDelta,
    /// The session.
    pub session_id: Uuid,
    /// Who signed in.
    pub user_id: Uuid,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens").field("session_id", &self.session_id).finish_non_exhaustive()
    }
}

/// Begins a session for a user who has just proved who he is.
///
/// # Errors
/// When the database fails.
pub fn begin(
    tx: &mut Tx<'_>,
    context: &Context,
    keys: &Keys,
    user: Uuid,
    kind: Kind,
    device: &Device,
) -> Result<Tokens, Problem> {
    let now = context.now;
    let (idle, whole) = kind.lifetimes();
    let row = SessionRow {
        id: Id(context.next_id()),
        user_id: Id(user),
        kind: kind.word().to_owned(),
        user_agent: device.user_agent.clone(),
        ip: device.ip.clone(),
        created_at: now.into(),
        last_used_at: now.into(),
        idle_seconds: idle.num_seconds(),
        expires_at: (now + whole).into(),
        revoked_at: None,
        revoked_reason: None,
    };
    session_insert(tx, &row)?;
    session_revoke_oldest(tx, user, MOST_SESSIONS, "too_many", now.into())?;
    user_signed_in(tx, user, now.into())?;
    hand_out(tx, context, keys, &row, None)
}

/// What became of a refresh token that was presented.
#[derive(Clone, Debug)]
pub enum Refreshed {
    /// New tokens.
    Tokens(Box<Tokens>),
    /// It is no token of a session that holds.
    Ended,
    /// It had been used: whoever has it is perhaps not who it was given to, so the session is over.
    Reused,
}

/// Exchanges a refresh token. The caller commits also when the token is refused: that is what ends the session.
///
/// # Errors
/// When the database fails.
pub fn refresh(tx: &mut Tx<'_>, context: &Context, keys: &Keys, sent: &str) -> Result<Refreshed, Problem> {
    let hash = sha256(sent);
    let Some(token) = refresh_token_find(tx, &hash)? else { return Ok(Refreshed::Ended) };
    session_lock(tx, token.session_id.0)?;
    let Some((session, user)) = session_load(tx, token.session_id.0)? else { return Ok(Refreshed::Ended) };
    if !session.is_live(context.now.into()) || !user.is_active {
        return Ok(Refreshed::Ended);
    }
    if !refresh_token_use(tx, &hash, context.now.into())? && !is_forgiven(tx, &token, context.now)? {
        session_revoke(tx, user.id.0, session.id.0, "reuse", context.now.into())?;
        tracing::warn!(session = %session.id.0, "a refresh token was used twice; its session has been ended");
        return Ok(Refreshed::Reused);
    }
    session_touch(tx, session.id.0, context.now.into())?;
    Ok(Refreshed::Tokens(Box::new(hand_out(tx, context, keys, &session, Some(hash))?)))
}

/// A second use is forgiven while the first answer may still be on its way and nobody has used it.
fn is_forgiven(tx: &mut Tx<'_>, token: &RefreshTokenRow, now: DateTime<Utc>) -> Result<bool, Problem> {
    // Read again: the use may have happened after the token was first looked at.
    let used_at = refresh_token_find(tx, &token.hash)?.and_then(|token| token.used_at);
    let is_recent = used_at.is_some_and(|used| now - used.0 <= GRACE);
    if !is_recent || refresh_token_has_used_successor(tx, &token.hash)? {
        return Ok(false);
    }
    refresh_token_drop_successors(tx, &token.hash)?;
    Ok(true)
}

fn hand_out(
    tx: &mut Tx<'_>,
    context: &Context,
    keys: &Keys,
    session: &SessionRow,
    parent: Option<String>,
) -> Result<Tokens, Problem> {
    let refresh = secret_of::<32>()?;
    let row = RefreshTokenRow {
        hash: sha256(&refresh),
        session_id: session.id,
        parent_hash: parent,
        issued_at: context.now.into(),
        used_at: None,
    };
    refresh_token_insert(tx, &row)?;
    let (user_id, session_id) = (session.user_id.0, session.id.0);
    let access = token::issue(keys, user_id, session_id, context.next_id(), context.now)?;
    let left = session.expires_at.0 - context.now;
    let keep = left.min(TimeDelta::seconds(session.idle_seconds));
    Ok(Tokens { access, refresh, keep, session_id, user_id })
}

/// Which problem a refused refresh token is.
#[must_use]
pub fn refused(refreshed: &Refreshed) -> Problem {
    match refreshed {
        Refreshed::Reused => Problem::new(Code::RefreshReused),
        _ => Problem::new(Code::SessionRevoked),
    }
    .header("WWW-Authenticate", "Bearer realm=\"rapport\", error=\"invalid_token\"")
}
