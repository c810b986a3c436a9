//! Turning a lead into a customer, a contact and an opportunity: the plan, what is proposed, who might be here
//! already, what linking fills in, and how it is taken back.

mod fill;
mod matching;
mod plan;
mod proposal;
mod undo;

pub use fill::{Conflict, FieldChange, Fields, Filled, carry_tags, fill, is_blank, restorable};
pub use matching::{BLOCKING_SCORE, CandidateKeys, LeadKeys, Matched, is_shared_domain, score};
pub use plan::{Fill, Mode, OnDuplicate, Plan, PlanError, forbidden_creations};
pub use proposal::{LeadFacts, Proposal, ProposedContact, ProposedCustomer, ProposedOpportunity, propose};
pub use undo::{TouchedRecord, UNDO_DAYS, UndoRefusal, can_undo_until, may_undo};
