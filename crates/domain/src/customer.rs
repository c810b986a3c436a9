//! Customers: their vocabulary and the course of the relationship.

use crate::text_enum::text_enum;

text_enum! {
    /// What a customer is.
    pub enum CustomerKind {
        /// An organisation.
        Company = "company",
        /// A private person.
        Person = "person",
    }
}

text_enum! {
    /// What a customer is to us.
    pub enum Relation {
        /// Might buy.
        Prospect = "prospect",
        /// Buys.
        Customer = "customer",
        /// Bought once.
        Former = "former",
        /// Sells with us.
        Partner = "partner",
        /// Sells to us.
        Supplier = "supplier",
        /// Sells against us.
        Competitor = "competitor",
    }
}

text_enum! {
    /// How important a customer is.
    pub enum Level {
        /// Most.
        A = "A",
        /// Much.
        B = "B",
        /// Some.
        C = "C",
        /// Least.
        D = "D",
    }
}

text_enum! {
    /// Where the relationship stands.
    pub enum Lifecycle {
        /// Has not bought yet.
        Prospect = "prospect",
        /// Buys.
        Active = "active",
        /// Has not bought for long.
        Dormant = "dormant",
        /// Went away.
        Lost = "lost",
        /// No longer exists. Final.
        Deregistered = "deregistered",
    }
}

/// Why the relationship may not move there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LifecycleError {
    /// It stands there already.
    #[error("the customer is already there")]
    Unchanged,
    /// Deregistered is final.
    #[error("a deregistered customer does not come back")]
    Final,
    /// There is no such step.
    #[error("{from} does not become {to}")]
    Unreachable {
        /// Where it stands.
        from: Lifecycle,
        /// Where it was sent.
        to: Lifecycle,
    },
    /// A move by hand needs a reason.
    #[error("reason is required")]
    NeedsReason,
}

impl Lifecycle {
    /// Where it may go by hand.
    #[must_use]
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Prospect => &[Self::Active, Self::Deregistered],
            Self::Active => &[Self::Dormant, Self::Lost, Self::Deregistered],
            Self::Dormant => &[Self::Active, Self::Lost, Self::Deregistered],
            Self::Lost => &[Self::Active, Self::Deregistered],
            Self::Deregistered => &[],
        }
    }

    /// Moves by hand, with a reason.
    ///
    /// # Errors
    /// What stands in the way.
    pub fn move_to(self, to: Self, reason: &str) -> Result<Self, LifecycleError> {
        if self == to {
            return Err(LifecycleError::Unchanged);
        }
        if self == Self::Deregistered {
            return Err(LifecycleError::Final);
        }
        if !self.next().contains(&to) {
            return Err(LifecycleError::Unreachable { from: self, to });
        }
        if reason.trim().is_empty() { Err(LifecycleError::NeedsReason) } else { Ok(to) }
    }

    /// Where a won opportunity takes it; `None` when it stays.
    #[must_use]
    pub const fn on_win(self) -> Option<Self> {
        match self {
            Self::Prospect | Self::Dormant | Self::Lost => Some(Self::Active),
            Self::Active | Self::Deregistered => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_course_of_a_relationship() {
        use Lifecycle::{Active, Dormant, Lost, Prospect};
        for (from, to) in [(Prospect, Active), (Active, Dormant), (Dormant, Lost), (Lost, Active)] {
            assert_eq!(from.move_to(to, "seen"), Ok(to));
        }
        assert_eq!(Active.move_to(Prospect, "seen"), Err(LifecycleError::Unreachable { from: Active, to: Prospect }));
        assert_eq!(Active.move_to(Active, "seen"), Err(LifecycleError::Unchanged));
    }

    #[test]
    fn deregistered_is_final_and_reached_from_everywhere() {
        for from in Lifecycle::ALL.iter().filter(|from| **from != Lifecycle::Deregistered) {
            assert_eq!(from.move_to(Lifecycle::Deregistered, "dissolved"), Ok(Lifecycle::Deregistered));
            assert_eq!(Lifecycle::Deregistered.move_to(*from, "back"), Err(LifecycleError::Final));
        }
        assert_eq!(Lifecycle::Deregistered.on_win(), None);
    }

    #[test]
    fn a_move_by_hand_needs_a_reason() {
        for from in Lifecycle::ALL {
            for to in from.next() {
                assert_eq!(from.move_to(*to, " "), Err(LifecycleError::NeedsReason));
                assert!(from.move_to(*to, "because").is_ok());
            }
        }
    }

    #[test]
    fn a_win_makes_active() {
        for from in [Lifecycle::Prospect, Lifecycle::Dormant, Lifecycle::Lost] {
            assert_eq!(from.on_win(), Some(Lifecycle::Active));
            assert!(from.next().contains(&Lifecycle::Active));
        }
        assert_eq!(Lifecycle::Active.on_win(), None);
    }
}
