//! Decisions about customers and their pools. Seeing a pool's customers is part of `visibility`; everything that is done to
//! them as they lie there has a rule of its own, since nobody owns them.

use super::action::{Action, Scope, Subject};
use super::actor::Actor;
use super::policy::{Can, Denied, Permit, is_allowed, permit};
use super::visibility::{Ownership, reaches};

const CUSTOMER: Subject = Subject::Customer;

/// Decides whether somebody may take a customer out of its pool for themselves: whoever the pool serves and who may edit
/// customers, even if only their own.
///
/// # Errors
/// As for `decide`.
pub fn decide_claim(actor: &Actor, record: &Ownership) -> Result<Permit, Denied> {
    answer(actor, Action::Edit, record, may_claim(actor, record))
}

/// Decides whether somebody may take any customer out of a pool for themselves.
///
/// # Errors
/// `Denied::Forbidden`.
pub fn decide_claims(actor: &Actor) -> Result<(), Denied> {
    if claims(actor) { Ok(()) } else { Err(Denied::Forbidden) }
}

/// Decides whether somebody may give any customer of a pool to anybody.
///
/// # Errors
/// `Denied::Forbidden`.
pub fn decide_allotments(actor: &Actor) -> Result<(), Denied> {
    if assigns_beyond_own(actor) { Ok(()) } else { Err(Denied::Forbidden) }
}

/// Decides whether somebody may give a customer of the pool to a person (`to`: that person and their team). The right to
/// assign has to go beyond what is one's own, and reach that person.
///
/// # Errors
/// As for `decide`.
pub fn decide_allot(actor: &Actor, record: &Ownership, to: &Ownership) -> Result<Permit, Denied> {
    let may = may_allot(actor, record) && reaches(actor, CUSTOMER, Action::Assign, to);
    answer(actor, Action::Assign, record, may)
}

/// Decides whether somebody may give a customer back to a pool: its owner, or who may edit it and assign it.
///
/// # Errors
/// As for `decide`.
pub fn decide_release(actor: &Actor, record: &Ownership) -> Result<Permit, Denied> {
    answer(actor, Action::Edit, record, may_release(actor, record))
}

/// Decides whether somebody may keep a customer from being taken from its owner: who assigns more than what is their own.
///
/// # Errors
/// As for `decide`.
pub fn decide_lock(actor: &Actor, record: &Ownership) -> Result<Permit, Denied> {
    answer(actor, Action::Assign, record, may_lock(actor, record))
}

/// The same as hints.
pub(super) fn hints(actor: &Actor, record: &Ownership) -> Can {
    let is_seen = reaches(actor, CUSTOMER, Action::View, record);
    Can {
        claim: is_seen && may_claim(actor, record),
        release: is_seen && may_release(actor, record),
        allot: is_seen && may_allot(actor, record),
        lock: is_seen && may_lock(actor, record),
        ..Can::default()
    }
}

fn answer(actor: &Actor, action: Action, record: &Ownership, may: bool) -> Result<Permit, Denied> {
    match (reaches(actor, CUSTOMER, Action::View, record), may) {
        (false, _) => Err(Denied::Hidden),
        (true, false) => Err(Denied::Forbidden),
        (true, true) => Ok(permit(actor, action, CUSTOMER)),
    }
}

fn may_claim(actor: &Actor, record: &Ownership) -> bool {
    record.pool_id.is_some() && record.pool_id == actor.pool_id && claims(actor)
}

fn claims(actor: &Actor) -> bool {
    let may = |action| actor.scope(CUSTOMER, action) > Scope::None;
    actor.user().is_some() && may(Action::View) && may(Action::Edit)
}

fn may_allot(actor: &Actor, record: &Ownership) -> bool {
    record.pool_id.is_some() && assigns_beyond_own(actor)
}

fn may_release(actor: &Actor, record: &Ownership) -> bool {
    let Some(owner) = record.owner_id else { return false };
    let may = |action| is_allowed(actor, action, CUSTOMER, Some(record));
    may(Action::Edit) && (actor.user() == Some(owner) || may(Action::Assign))
}

fn may_lock(actor: &Actor, record: &Ownership) -> bool {
    record.owner_id.is_some() && assigns_beyond_own(actor) && is_allowed(actor, Action::Assign, CUSTOMER, Some(record))
}

fn assigns_beyond_own(actor: &Actor) -> bool {
    actor.scope(CUSTOMER, Action::Assign) > Scope::Own
}
