//! Who asks, and by which way in.

use uuid::Uuid;

use super::action::{Action, Scope, Subject};
use super::grants::Grants;
use super::key_scope::KeyScope;

/// The way in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Via {
    /// A signed-in session, by its id.
    Session(Uuid),
    /// An API key.
    ApiKey {
        /// The key's id.
        id: Uuid,
        /// What the key is narrowed to.
        scopes: Vec<KeyScope>,
    },
    /// The command line, run by whoever owns the machine.
    Cli,
    /// Rapport itself: jobs and first-run setup.
    System,
}

impl Via {
    /// The word for the audit trail: `session`, `api_key`, `cli` or `system`.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Session(_) => "session",
            Self::ApiKey { .. } => "api_key",
            Self::Cli => "cli",
            Self::System => "system",
        }
    }
}

/// Someone who asks for something, with everything the policy needs to know about them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The user; nil for the command line and the system, which are nobody in the table of users.
    pub user_id: Uuid,
    /// The name to show.
    pub name: String,
    /// The team the user belongs to.
    pub team_id: Option<Uuid>,
    /// That team and every team below it.
    pub team_and_below: Vec<Uuid>,
    /// The pool of customers that serves the user.
    pub pool_id: Option<Uuid>,
    /// The sum of the user's roles, not yet narrowed by an API key: ask `scope` instead.
    pub grants: Grants,
    /// The way in.
    pub via: Via,
}

impl Actor {
    /// Rapport itself, which may do everything.
    #[must_use]
    pub fn system() -> Self {
        Self::unbound("Rapport", Via::System)
    }

    /// The command line, which may do everything.
    #[must_use]
    pub fn cli() -> Self {
        Self::unbound("Command line", Via::Cli)
    }

    /// The same person by the same way in, whom nothing is closed: for what a right that was granted entails on records
    /// that this right itself may not reach.
    #[must_use]
    pub fn with_every_right(&self) -> Self {
        let via = match &self.via {
            Via::ApiKey { id, .. } => Via::ApiKey { id: *id, scopes: KeyScope::all() },
            other => other.clone(),
        };
        Self { grants: Grants::everything(), via, ..self.clone() }
    }

    /// The user's id for a reference in a record; `None` for the command line and the system.
    #[must_use]
    pub fn user(&self) -> Option<Uuid> {
        (!self.user_id.is_nil()).then_some(self.user_id)
    }

    /// How far `action` on `subject` reaches, by this way in.
    #[must_use]
    pub fn scope(&self, subject: Subject, action: Action) -> Scope {
        match &self.via {
            Via::ApiKey { scopes, .. } if !KeyScope::permit(scopes, subject, action) => Scope::None,
            _ => self.grants.scope(subject, action),
        }
    }

    /// Everything this actor may do, by this way in.
    #[must_use]
    pub fn effective_grants(&self) -> Grants {
        match &self.via {
            Via::ApiKey { scopes, .. } => self.grants.limited_to(scopes),
            _ => self.grants.clone(),
        }
    }

    fn unbound(name: &str, via: Via) -> Self {
        Self {
            user_id: Uuid::nil(),
            name: name.to_owned(),
            team_id: None,
            team_and_below: Vec::new(),
            pool_id: None,
            grants: Grants::everything(),
            via,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_is_nobody_and_may_do_everything() {
        assert_eq!(Actor::system().user(), None);
        assert_eq!(Actor::cli().effective_grants(), Grants::everything());
        assert_eq!(Actor::cli().via.as_str(), "cli");
    }

    #[test]
    fn with_every_right_somebody_is_still_the_same() {
        let scopes = vec![KeyScope { subject: Some(Subject::Lead), access: super::super::KeyAccess::Read }];
        let key = Via::ApiKey { id: Uuid::from_u128(2), scopes };
        let actor = Actor { user_id: Uuid::from_u128(1), grants: Grants::none(), via: key, ..Actor::system() };
        let entitled = actor.with_every_right();
        assert_eq!((entitled.user(), entitled.via.as_str()), (actor.user(), "api_key"));
        for subject in Subject::OWNED {
            assert_eq!(actor.scope(subject, Action::Edit), Scope::None);
            assert_eq!(entitled.scope(subject, Action::Edit), Scope::All);
        }
    }

    #[test]
    fn a_key_is_narrowed_even_when_its_owner_is_not() {
        let scopes = vec![KeyScope { subject: Some(Subject::Lead), access: super::super::KeyAccess::Read }];
        let actor = Actor {
            user_id: Uuid::from_u128(1),
            via: Via::ApiKey { id: Uuid::from_u128(2), scopes },
            ..Actor::system()
        };
        assert_eq!(actor.scope(Subject::Lead, Action::View), Scope::All);
        assert_eq!(actor.scope(Subject::Lead, Action::Edit), Scope::None);
        for subject in Subject::ALL {
            for action in Action::ALL {
                assert_eq!(actor.scope(*subject, *action), actor.effective_grants().scope(*subject, *action));
            }
        }
    }
}
