//! Who is behind a proof, remembered for as long as nothing has changed that decides who may do what.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono_tz::Tz;
use moka::sync::Cache;
use rapport_domain::access::{Actor, Grants, KeyScope, Via};
use rapport_domain::context::Locale;
use rapport_domain::team::Tree;
use rapport_persistence::Db;
use rapport_persistence::access::access_epoch;
use rapport_persistence::api_keys::{ApiKeyRow, api_key_load};
use rapport_persistence::roles::{RoleRow, roles_of_user};
use rapport_persistence::sessions::{SessionRow, session_load};
use rapport_persistence::teams::team_pairs;
use rapport_persistence::types::Instant;
use rapport_persistence::users::UserRow;
use uuid::Uuid;

use super::key;
use crate::pools::Pools;
use crate::problem::{Code, Problem};

/// How many people are remembered.
const MOST: u64 = 10_000;
/// How long somebody is remembered who does not come back.
const IDLE: Duration = Duration::from_secs(900);

/// What a request proves itself with.
#[derive(Clone, Debug)]
pub(super) enum Proof {
    /// A token of ours, in time.
    Session { session: Uuid, user: Uuid },
    /// An API key as it was sent.
    Key(Secret),
}

/// What a proof is remembered under.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Name {
    Session(Uuid),
    Key(String),
}

/// A text that nothing prints.
#[derive(Clone)]
pub(super) struct Secret(pub(super) String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// By which row somebody came in.
#[derive(Clone, Debug)]
pub(super) enum Entrance {
    /// A session.
    Session(SessionRow),
    /// An API key.
    Key(ApiKeyRow),
}

/// A user with everything the policy asks about.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) user: UserRow,
    pub(super) roles: Vec<RoleRow>,
    pub(super) entrance: Entrance,
    pub(super) actor: Actor,
    /// The language the user has chosen.
    pub(super) locale: Option<Locale>,
    pub(super) zone: Tz,
}

#[derive(Debug)]
struct Remembered {
    epoch: i64,
    person: Arc<Person>,
}

/// The people who asked of late; cheap to clone.
#[derive(Clone, Debug)]
pub struct People(Cache<Name, Arc<Remembered>>);

impl Default for People {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(MOST).time_to_idle(IDLE).build())
    }
}

impl People {
    /// Whoever a proof stands for at this moment: one statement when nothing has changed since the last time.
    ///
    /// # Errors
    /// `unauthenticated` or `session_revoked` when it stands for nobody any more.
    pub(super) fn find(&self, db: &mut Db, proof: &Proof, now: Instant) -> Result<Arc<Person>, Problem> {
        let epoch = access_epoch(db)?;
        let name = proof.name().ok_or_else(unauthenticated)?;
        let known = self.0.get(&name).filter(|known| known.epoch == epoch);
        // A session that has rested too long may have been used elsewhere meanwhile: the row tells.
        if let Some(known) = known.filter(|known| known.person.check(proof, now).is_ok()) {
            return Ok(Arc::clone(&known.person));
        }
        let person = Arc::new(load(db, proof)?);
        person.check(proof, now)?;
        self.0.insert(name, Arc::new(Remembered { epoch, person: Arc::clone(&person) }));
        Ok(person)
    }

    /// Looks somebody up again the next time.
    pub(super) fn forget(&self, proof: &Proof) {
        if let Some(name) = proof.name() {
            self.0.invalidate(&name);
        }
    }
}

impl Proof {
    /// `None` for what cannot be a key.
    fn name(&self) -> Option<Name> {
        match self {
            Self::Session { session, .. } => Some(Name::Session(*session)),
            Self::Key(text) => key::parse(&text.0).map(|sent| Name::Key(sent.public.to_owned())),
        }
    }
}

impl Person {
    /// Whether the proof still lets this person in.
    fn check(&self, proof: &Proof, now: Instant) -> Result<(), Problem> {
        match (&self.entrance, proof) {
            (Entrance::Session(row), Proof::Session { user, .. }) => {
                let is_in = row.is_live(now) && self.user.is_active && self.user.id.0 == *user;
                is_in.then_some(()).ok_or_else(session_ended)
            }
            (Entrance::Key(row), Proof::Key(text)) => {
                let is_right = key::parse(&text.0).is_some_and(|sent| sent.matches(&row.secret_hash));
                let is_in = is_right && self.user.is_active && now < row.expires_at;
                is_in.then_some(()).ok_or_else(unauthenticated)
            }
            _ => Err(unauthenticated()),
        }
    }
}

fn load(db: &mut Db, proof: &Proof) -> Result<Person, Problem> {
    let (entrance, via, user) = match proof {
        Proof::Session { session, .. } => {
            let (row, user) = session_load(db, *session)?.ok_or_else(session_ended)?;
            let via = Via::Session(row.id.0);
            (Entrance::Session(row), via, user)
        }
        Proof::Key(text) => {
            let public = key::parse(&text.0).map(|sent| sent.public).ok_or_else(unauthenticated)?;
            let (row, user) = api_key_load(db, public)?.ok_or_else(unauthenticated)?;
            let scopes = row.scopes.0.iter().filter_map(|scope| KeyScope::parse(scope)).collect();
            let via = Via::ApiKey { id: row.id.0, scopes };
            (Entrance::Key(row), via, user)
        }
    };
    let roles = roles_of_user(db, user.id.0)?;
    let actor = actor(db, &user, &roles, via)?;
    let (locale, zone) = (Locale::parse(&user.language), user.time_zone.parse().unwrap_or(Tz::UTC));
    Ok(Person { user, roles, entrance, actor, locale, zone })
}

fn actor(db: &mut Db, user: &UserRow, roles: &[RoleRow], via: Via) -> Result<Actor, Problem> {
    let team_and_below = match user.team_id {
        Some(team) => Tree::from_pairs(team_pairs(db)?).subtree(team.0),
        None => Vec::new(),
    };
    let grants: Vec<Grants> = roles.iter().map(RoleRow::grants).collect();
    Ok(Actor {
        user_id: user.id.0,
        name: user.name.clone(),
        team_id: user.team_id.map(|team| team.0),
        team_and_below,
        pool_id: Pools::read(db)?.serving(user.team_id.map(Into::into)).map(|pool| pool.id.0),
        grants: Grants::merge(&grants),
        via,
    })
}

/// The actor a user is when Rapport acts in his name: for sample data and tests of rules.
///
/// # Errors
/// When the database fails.
pub fn actor_of(db: &mut Db, user: &UserRow, via: Via) -> Result<Actor, Problem> {
    let roles = roles_of_user(db, user.id.0)?;
    actor(db, user, &roles, via)
}

pub(super) fn unauthenticated() -> Problem {
    Problem::new(Code::Unauthenticated).header("WWW-Authenticate", "Bearer realm=\"rapport\"")
}

fn session_ended() -> Problem {
    Problem::new(Code::SessionRevoked).header("WWW-Authenticate", "Bearer realm=\"rapport\", error=\"invalid_token\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_printed_nowhere() {
        let proof = Proof::Key(Secret("rap_public_secret".to_owned()));
        assert_eq!(format!("{proof:?}"), "Key([secret])");
    }
}
