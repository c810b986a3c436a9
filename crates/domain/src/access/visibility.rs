//! Which records an actor reaches: as a filter for many, as a question about one.

use uuid::Uuid;

use super::action::{Action, Scope, Subject};
use super::actor::Actor;
use crate::kind::RecordKind;

/// Whose a record is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Ownership {
    /// The user who owns it.
    pub owner_id: Option<Uuid>,
    /// The team it belongs to.
    pub team_id: Option<Uuid>,
    /// The pool it lies in, in place of an owner.
    pub pool_id: Option<Uuid>,
}

/// The records an action reaches, ready to become one condition on rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// No row.
    Nothing,
    /// `owner_id = user`.
    Own {
        /// The owner.
        user: Uuid,
    },
    /// `team_id IN teams OR owner_id = user`.
    Teams {
        /// The owner.
        user: Uuid,
        /// The teams; never empty.
        teams: Vec<Uuid>,
    },
    /// Rows within `own`, and those of a pool. Of customers only.
    Pool {
        /// What owner and team tell.
        own: Box<Visibility>,
        /// The pool.
        pool: Uuid,
    },
    /// Rows within `own`, and rows about a record that may be seen itself. Of activities only.
    About {
        /// What the owner tells.
        own: Box<Visibility>,
        /// What may be seen of each kind that they are about.
        of: Vec<(RecordKind, Visibility)>,
    },
    /// Every row.
    Everything,
}

impl Visibility {
    /// Whether the filter lets a record through: what the database computes, in memory. Of what is seen through other
    /// records, only as far as the owner tells.
    #[must_use]
    pub fn includes(&self, record: &Ownership) -> bool {
        match self {
            Self::Nothing => false,
            Self::Own { user } => record.owner_id == Some(*user),
            Self::Teams { user, teams } => {
                record.owner_id == Some(*user) || record.team_id.is_some_and(|team| teams.contains(&team))
            }
            Self::Pool { own, pool } => own.includes(record) || record.pool_id == Some(*pool),
            Self::About { own, .. } => own.includes(record),
            Self::Everything => true,
        }
    }

    /// The same of an activity, which may also be seen through the records that it is about.
    #[must_use]
    pub fn includes_about(&self, activity: &Ownership, about: &[(RecordKind, Ownership)]) -> bool {
        let is_seen = |of: &[(RecordKind, Self)]| {
            about.iter().any(|(kind, record)| of.iter().any(|(seen, within)| seen == kind && within.includes(record)))
        };
        self.includes(activity) || matches!(self, Self::About { of, .. } if is_seen(of))
    }
}

/// The one row filter: every list, count, search, sum and lookup by id starts from it.
///
/// Who may see a customer sees what was done for it: whoever may see activities at all, sees those about visible records
/// too.
#[must_use]
pub fn visibility(actor: &Actor, subject: Subject, action: Action) -> Visibility {
    let own = reach(actor, subject, action);
    let is_seen_through = subject == Subject::Activity && action == Action::View;
    if !is_seen_through || matches!(own, Visibility::Nothing | Visibility::Everything) {
        return own;
    }
    let of = RecordKind::ABOUT.map(|kind| (kind, reach(actor, kind.into(), Action::View)));
    Visibility::About { own: Box::new(own), of: of.into() }
}

/// What a scope reaches: by owner and team, and customers by the pool that serves the actor.
fn reach(actor: &Actor, subject: Subject, action: Action) -> Visibility {
    let own = reach_of_scope(actor, subject, action);
    match pool_seen(actor, subject, action) {
        Some(pool) if !matches!(own, Visibility::Nothing | Visibility::Everything) => {
            Visibility::Pool { own: Box::new(own), pool }
        }
        _ => own,
    }
}

/// The pool whose customers somebody sees who sees any customer: seeing is all, nothing else is done to them as they lie.
fn pool_seen(actor: &Actor, subject: Subject, action: Action) -> Option<Uuid> {
    actor.pool_id.filter(|_| subject == Subject::Customer && action == Action::View)
}

fn reach_of_scope(actor: &Actor, subject: Subject, action: Action) -> Visibility {
    let user = actor.user_id;
    match actor.scope(subject, action) {
        Scope::None => Visibility::Nothing,
        Scope::All => Visibility::Everything,
        _ if !subject.is_owned() => Visibility::Nothing,
        Scope::Own => Visibility::Own { user },
        Scope::Team => of_teams(user, actor.team_id.as_slice()),
        Scope::TeamAndBelow if actor.team_and_below.is_empty() => of_teams(user, actor.team_id.as_slice()),
        Scope::TeamAndBelow => of_teams(user, &actor.team_and_below),
    }
}

/// The same question about one record, without building the filter.
pub(super) fn reaches(actor: &Actor, subject: Subject, action: Action, record: &Ownership) -> bool {
    let is_mine = record.owner_id == Some(actor.user_id);
    match actor.scope(subject, action) {
        Scope::None => false,
        Scope::All => true,
        _ if !subject.is_owned() => false,
        _ if record.pool_id.is_some() && record.pool_id == pool_seen(actor, subject, action) => true,
        Scope::Own => is_mine,
        Scope::Team => is_mine || is_of_own_team(actor, record),
        Scope::TeamAndBelow => is_mine || is_of_own_team(actor, record) || is_below(actor, record),
    }
}

fn of_teams(user: Uuid, teams: &[Uuid]) -> Visibility {
    if teams.is_empty() { Visibility::Own { user } } else { Visibility::Teams { user, teams: teams.to_vec() } }
}

pub(super) fn is_of_own_team(actor: &Actor, record: &Ownership) -> bool {
    record.team_id.is_some() && record.team_id == actor.team_id
}

fn is_below(actor: &Actor, record: &Ownership) -> bool {
    record.team_id.is_some_and(|team| actor.team_and_below.contains(&team))
}
