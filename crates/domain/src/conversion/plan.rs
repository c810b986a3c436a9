//! What a conversion is asked to do.

use uuid::Uuid;

use crate::access::{Action, Actor, Ownership, Subject, is_allowed};
use crate::kind::RecordKind;

/// What happens with one of the three records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// A new one is made.
    Create,
    /// The one with this id is linked.
    Link(Uuid),
    /// There will be none.
    #[default]
    None,
}

impl Mode {
    /// The id of the record to link.
    #[must_use]
    pub const fn linked(self) -> Option<Uuid> {
        match self {
            Self::Link(id) => Some(id),
            Self::Create | Self::None => None,
        }
    }
}

/// Whether the lead's values replace those of a linked record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fill {
    /// Only where the record has none.
    #[default]
    BlankOnly,
    /// Wherever the lead has one.
    LeadWins,
}

impl Fill {
    /// Reads `blank_only` and `lead_wins`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "blank_only" => Some(Self::BlankOnly),
            "lead_wins" => Some(Self::LeadWins),
            _ => None,
        }
    }
}

/// What happens when the new record seems to be here already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum OnDuplicate {
    /// The conversion is refused with the candidates.
    #[default]
    Fail,
    /// It is made all the same.
    Force {
        /// Why; kept with the conversion.
        reason: String,
    },
}

/// A conversion, as asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The customer.
    pub customer: Mode,
    /// The contact.
    pub contact: Mode,
    /// The opportunity.
    pub opportunity: Mode,
    /// How linked records are filled.
    pub fill: Fill,
    /// What to do about duplicates.
    pub on_duplicate: OnDuplicate,
}

/// Why a plan makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// All three are none.
    #[error("a conversion makes or links at least one record")]
    NothingToDo,
    /// A new opportunity needs a customer.
    #[error("a new opportunity needs a customer")]
    OpportunityNeedsCustomer,
    /// A new contact needs a name, and the lead has only that of a company.
    #[error("a new contact needs a name")]
    ContactNeedsName,
    /// Forcing needs a reason.
    #[error("duplicate_reason is required")]
    ForceNeedsReason,
}

impl PlanError {
    /// The JSON pointer of the field at fault.
    #[must_use]
    pub const fn pointer(self) -> &'static str {
        match self {
            Self::NothingToDo | Self::OpportunityNeedsCustomer => "/customer/mode",
            Self::ContactNeedsName => "/contact/fields/family_name",
            Self::ForceNeedsReason => "/duplicate_reason",
        }
    }
}

impl Plan {
    /// Checks the plan as a whole; `contact_is_named` tells whether the contact to create would have a name.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check(&self, contact_is_named: bool) -> Result<(), Vec<PlanError>> {
        let has_customer = self.customer != Mode::None;
        let is_forced_blindly = matches!(&self.on_duplicate, OnDuplicate::Force { reason } if reason.trim().is_empty());
        let wrongs = [
            (self.modes().iter().all(|(_, mode)| *mode == Mode::None), PlanError::NothingToDo),
            (self.opportunity == Mode::Create && !has_customer, PlanError::OpportunityNeedsCustomer),
            (self.contact == Mode::Create && !contact_is_named, PlanError::ContactNeedsName),
            (is_forced_blindly, PlanError::ForceNeedsReason),
        ];
        let wrongs: Vec<PlanError> =
            wrongs.into_iter().filter_map(|(is_wrong, error)| is_wrong.then_some(error)).collect();
        if wrongs.is_empty() { Ok(()) } else { Err(wrongs) }
    }

    /// The three records with what happens to them.
    #[must_use]
    pub const fn modes(&self) -> [(RecordKind, Mode); 3] {
        [
            (RecordKind::Customer, self.customer),
            (RecordKind::Contact, self.contact),
            (RecordKind::Opportunity, self.opportunity),
        ]
    }
}

/// The records that the actor may not create for `owner`, whatever the plan.
#[must_use]
pub fn forbidden_creations(actor: &Actor, owner: &Ownership) -> Vec<RecordKind> {
    let kinds = [RecordKind::Customer, RecordKind::Contact, RecordKind::Opportunity];
    let may = |kind: &RecordKind| is_allowed(actor, Action::Create, Subject::from(*kind), Some(owner));
    kinds.into_iter().filter(|kind| !may(kind)).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::access::{BuiltInRole, Via};

    const SOME: Mode = Mode::Link(Uuid::from_u128(1));

    fn plan(customer: Mode, contact: Mode, opportunity: Mode) -> Plan {
        Plan { customer, contact, opportunity, ..Plan::default() }
    }

    #[test]
    fn something_must_happen() {
        assert_eq!(Plan::default().check(true), Err(vec![PlanError::NothingToDo]));
        assert_eq!(plan(Mode::None, SOME, Mode::None).check(false), Ok(()));
        assert_eq!(plan(Mode::None, Mode::Create, Mode::None).check(true), Ok(()));
    }

    #[test]
    fn a_new_opportunity_needs_a_customer() {
        assert_eq!(plan(Mode::None, SOME, Mode::Create).check(true), Err(vec![PlanError::OpportunityNeedsCustomer]));
        assert_eq!(plan(SOME, Mode::None, Mode::Create).check(true), Ok(()));
        assert_eq!(plan(Mode::Create, Mode::None, Mode::Create).check(true), Ok(()));
        assert_eq!(plan(Mode::None, Mode::None, SOME).check(true), Ok(()));
    }

    #[test]
    fn every_wrong_is_told() {
        let on_duplicate = OnDuplicate::Force { reason: " ".into() };
        let wrong = Plan { on_duplicate, ..plan(Mode::None, Mode::Create, Mode::Create) };
        let errors = wrong.check(false).unwrap_err();
        let pointers: Vec<_> = errors.into_iter().map(PlanError::pointer).collect();
        assert_eq!(pointers, ["/customer/mode", "/contact/fields/family_name", "/duplicate_reason"]);
    }

    #[test]
    fn marketing_creates_nothing_a_salesperson_all() {
        let actor = |role: BuiltInRole| Actor {
            user_id: Uuid::from_u128(1),
            grants: role.grants(),
            via: Via::Session(Uuid::from_u128(2)),
            ..Actor::system()
        };
        let mine = Ownership { owner_id: Some(Uuid::from_u128(1)), ..Ownership::default() };
        assert_eq!(forbidden_creations(&actor(BuiltInRole::Sales), &mine), []);
        assert_eq!(forbidden_creations(&actor(BuiltInRole::Marketing), &mine).len(), 3);
        assert_eq!(forbidden_creations(&actor(BuiltInRole::Sales), &Ownership::default()).len(), 3);
    }

    #[test]
    fn ids_and_words() {
        assert_eq!((SOME.linked(), Mode::Create.linked()), (Some(Uuid::from_u128(1)), None));
        assert_eq!(Fill::parse("lead_wins"), Some(Fill::LeadWins));
        assert_eq!(Fill::parse("blank_only"), Some(Fill::BlankOnly));
        assert_eq!(Fill::parse("all"), None);
    }
}
