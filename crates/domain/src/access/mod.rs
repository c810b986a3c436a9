//! Who may do what to which record: one `decide`, and one `visibility` that becomes the row filter.
//!
//! Both read the same grants; a property test holds them to the same answer for every record.

mod action;
mod actor;
mod grants;
mod key_scope;
mod matrix;
mod policy;
mod pool;
mod role;
mod visibility;

#[cfg(test)]
mod proof;

pub use action::{Action, Scope, Subject};
pub use actor::{Actor, Via};
pub use grants::Grants;
pub use key_scope::{KeyAccess, KeyScope};
pub use matrix::print_matrix;
pub use policy::{Can, Denied, Permit, decide, decide_transfer, hints, is_allowed, may_grant};
pub use pool::{decide_allot, decide_allotments, decide_claim, decide_claims, decide_lock, decide_release};
pub use role::BuiltInRole;
pub use visibility::{Ownership, Visibility, visibility};
