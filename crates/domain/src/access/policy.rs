//! The one decision: may this actor do this to that record?

use uuid::Uuid;

use super::action::{Action, Scope, Subject};
use super::actor::Actor;
use super::grants::Grants;
use super::pool;
use super::visibility::{Ownership, is_of_own_team, reaches};

/// Proof that `decide` said yes. Only this module makes one; whatever changes a record demands it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permit {
    actor: Uuid,
    subject: Subject,
    action: Action,
}

impl Permit {
    /// The user who may (nil for the command line and the system).
    #[must_use]
    pub fn actor(&self) -> Uuid {
        self.actor
    }

    /// What it was given for.
    #[must_use]
    pub fn subject(&self) -> Subject {
        self.subject
    }

    /// What may be done.
    #[must_use]
    pub fn action(&self) -> Action {
        self.action
    }
}

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The record is not visible; to this actor it does not exist.
    #[error("no such record is visible")]
    Hidden,
    /// The record is visible, or there is no record to hide, but this is not allowed.
    #[error("not allowed")]
    Forbidden,
}

/// What the actor may do to one visible record, for the buttons of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Can {
    /// Change its fields.
    pub edit: bool,
    /// Put it into the trash.
    pub delete: bool,
    /// Hand it to somebody.
    pub assign: bool,
    /// Convert it (leads only).
    pub convert: bool,
    /// Take it out of the pool for oneself (customers only, as those below).
    pub claim: bool,
    /// Give it back to the pool.
    pub release: bool,
    /// Give it to somebody out of the pool.
    pub allot: bool,
    /// Keep it with its owner for a time.
    pub lock: bool,
}

/// Decides.
///
/// `record` is whose the record is; for `Create`, whose it will be; `None` asks whether the action is possible at
/// all (a list, an import, a form). Records of people and configuration have no owner: pass `None`.
///
/// # Errors
/// `Denied::Hidden` when the record exists for others only, `Denied::Forbidden` otherwise.
pub fn decide(actor: &Actor, action: Action, subject: Subject, record: Option<&Ownership>) -> Result<Permit, Denied> {
    if let Some(record) = record
        && action != Action::Create
        && !reaches(actor, subject, Action::View, record)
    {
        return Err(Denied::Hidden);
    }
    if is_allowed(actor, action, subject, record) { Ok(permit(actor, action, subject)) } else { Err(Denied::Forbidden) }
}

/// Decides whether a record may be handed to another owner (`to`: the new owner and that owner's team).
///
/// Assigning must reach the record. The new owner must be within reach too, or a colleague of the same team: with
/// `Scope::Own` one gives away one's own records, but only inside the team.
///
/// # Errors
/// As for `decide`.
pub fn decide_transfer(actor: &Actor, subject: Subject, record: &Ownership, to: &Ownership) -> Result<Permit, Denied> {
    let permit = decide(actor, Action::Assign, subject, Some(record))?;
    if reaches(actor, subject, Action::Assign, to) || is_of_own_team(actor, to) {
        Ok(permit)
    } else {
        Err(Denied::Forbidden)
    }
}

/// Whether `decide` would say yes.
#[must_use]
pub fn is_allowed(actor: &Actor, action: Action, subject: Subject, record: Option<&Ownership>) -> bool {
    match record {
        None => actor.scope(subject, action) > Scope::None,
        Some(record) if action == Action::Create => may_create_for(actor, subject, record),
        Some(record) => reaches(actor, subject, Action::View, record) && reaches(actor, subject, action, record),
    }
}

/// What the actor may do to one record; nothing when it is hidden.
#[must_use]
pub fn hints(actor: &Actor, subject: Subject, record: &Ownership) -> Can {
    let may = |action| is_allowed(actor, action, subject, Some(record));
    Can {
        edit: may(Action::Edit),
        delete: may(Action::Delete),
        assign: may(Action::Assign),
        convert: may(Action::Convert),
        ..if subject == Subject::Customer { pool::hints(actor, record) } else { Can::default() }
    }
}

/// Whether the actor may give somebody `grants`: nobody gives more than he has, by the way he came in.
#[must_use]
pub fn may_grant(actor: &Actor, grants: &Grants) -> bool {
    grants.is_within(&actor.effective_grants())
}

fn may_create_for(actor: &Actor, subject: Subject, record: &Ownership) -> bool {
    let is_mine = record.owner_id == Some(actor.user_id);
    actor.scope(subject, Action::Create) > Scope::None && (is_mine || reaches(actor, subject, Action::Assign, record))
}

pub(super) fn permit(actor: &Actor, action: Action, subject: Subject) -> Permit {
    Permit { actor: actor.user_id, subject, action }
}
