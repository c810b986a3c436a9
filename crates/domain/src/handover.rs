//! Handing over what somebody has who leaves: who gets what of it, and what of it an undo can give back.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::kind::RecordKind;
use crate::text_enum::text_enum;

#[cfg(test)]
mod tests;

/// For how long a handover can be undone.
pub const UNDO_WITHIN: TimeDelta = TimeDelta::days(30);

text_enum! {
    /// What can be handed over.
    pub enum Holding {
        /// A customer.
        Customer = "customer",
        /// A contact.
        Contact = "contact",
        /// A lead that is not converted.
        Lead = "lead",
        /// A deal.
        Opportunity = "opportunity",
        /// What is still to be done.
        Task = "task",
        /// The place in a rule that gives leads.
        AssignmentRule = "assignment_rule",
        /// Somebody who reports to whoever leaves.
        Report = "report",
    }
}

impl Holding {
    /// What somebody owns, in the order in which it is handed over: what others belong to comes first.
    pub const OWNED: [Self; 5] = [Self::Customer, Self::Contact, Self::Lead, Self::Opportunity, Self::Task];

    /// The kind of record that it is, where somebody owns it.
    #[must_use]
    pub const fn record_kind(self) -> Option<RecordKind> {
        match self {
            Self::Customer => Some(RecordKind::Customer),
            Self::Contact => Some(RecordKind::Contact),
            Self::Lead => Some(RecordKind::Lead),
            Self::Opportunity => Some(RecordKind::Opportunity),
            Self::Task => Some(RecordKind::Activity),
            Self::AssignmentRule | Self::Report => None,
        }
    }
}

text_enum! {
    /// Why an undo leaves something where it is.
    pub enum LeftBecause {
        /// It has been given to somebody else since.
        Reassigned = "reassigned",
        /// It has been done, won, lost or converted since, by whoever it was given to.
        Closed = "closed",
        /// It lies in the trash.
        Deleted = "deleted",
        /// It is no longer there.
        Gone = "gone",
        /// It has been changed since in a way that cannot be taken back by itself.
        Changed = "changed",
    }
}

/// Who gets what, in turn; what belongs together stays together.
#[derive(Clone, Debug, Default)]
pub struct Shares {
    given: HashMap<Uuid, Uuid>,
}

/// Those who take over one kind of what somebody has, with whose turn it is.
#[derive(Clone, Debug)]
pub struct Heirs {
    users: Vec<Uuid>,
    turn: usize,
}

impl Heirs {
    /// These, in this order; `None` when there is nobody.
    #[must_use]
    pub fn new(users: Vec<Uuid>) -> Option<Self> {
        (!users.is_empty()).then_some(Self { users, turn: 0 })
    }

    /// Whose turn it is; it moves on.
    fn next(&mut self) -> Option<Uuid> {
        let next = self.users.get(self.turn % self.users.len().max(1)).copied();
        self.turn = self.turn.wrapping_add(1);
        next
    }
}

impl Shares {
    /// Who gets a record. `near` is what it belongs to, the nearest first: whoever has got one of these gets it too, if they
    /// are among the heirs, and otherwise it is the next one's turn. What belongs to the same customer so stays with one.
    pub fn give(&mut self, heirs: &mut Heirs, record: Uuid, near: &[Uuid]) -> Option<Uuid> {
        let known = near.iter().filter_map(|near| self.given.get(near)).copied();
        let heir = known.into_iter().find(|heir| heirs.users.contains(heir)).or_else(|| heirs.next())?;
        self.given.insert(record, heir);
        for near in near {
            self.given.entry(*near).or_insert(heir);
        }
        Some(heir)
    }
}

/// To whom something was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Heir {
    /// This person.
    pub user_id: Option<Uuid>,
    /// This pool.
    pub pool_id: Option<Uuid>,
}

/// What has become of a record that was handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whose it is.
    pub heir: Heir,
    /// When it came into the pool that it lies in.
    pub pooled_at: Option<DateTime<Utc>>,
    /// Whether it lies in the trash.
    pub is_deleted: bool,
    /// Whether it has come to an end since: was done, won, lost or converted.
    pub is_closed: bool,
}

/// Why a record cannot be given back to whoever had it before a handover at `moment`; `None` when it can. What was given to
/// a pool must have lain there ever since.
#[must_use]
pub fn left_because(given: Heir, moment: DateTime<Utc>, now: Option<&Standing>) -> Option<LeftBecause> {
    let Some(now) = now else { return Some(LeftBecause::Gone) };
    let has_stayed = now.heir == given && (given.pool_id.is_none() || now.pooled_at == Some(moment));
    if !has_stayed {
        Some(LeftBecause::Reassigned)
    } else if now.is_deleted {
        Some(LeftBecause::Deleted)
    } else if now.is_closed {
        Some(LeftBecause::Closed)
    } else {
        None
    }
}

/// Whether it is too late to undo what was handed over at `moment`.
#[must_use]
pub fn is_too_late(moment: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now > moment + UNDO_WITHIN
}

/// Who reports to whom once a manager has left: everybody to the heir, but the heir to the manager's own manager.
#[must_use]
pub fn new_manager(report: Uuid, heir: Option<Uuid>, above: Option<Uuid>) -> Option<Uuid> {
    if heir == Some(report) { above } else { heir }
}
