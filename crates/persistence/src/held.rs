//! What a transaction knows for good until it ends: rows that it keeps others from changing, and records that it has just made.
//!
//! To convert a lead asks four times for the same owner and three times for the same pools, each time with a lock on
//! PostgreSQL. What is locked stays as it was read, unless this very transaction writes it: who writes what is kept here
//! has it forgotten.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use rapport_domain::kind::RecordKind;

use crate::customer_pools::CustomerPoolRow;
use crate::sources::SourceRow;
use crate::users::HeldTeam;

/// What is known. Nothing is known of what was looked for in vain: others may add it at any time.
#[derive(Debug, Default)]
pub(crate) struct Held {
    /// Users, in their teams.
    pub(crate) users: HashMap<Uuid, HeldTeam>,
    /// Sources, by key.
    pub(crate) sources: HashMap<String, SourceRow>,
    /// All pools of customers.
    pub(crate) pools: Option<Vec<CustomerPoolRow>>,
    /// Records that nobody may delete.
    pub(crate) referred: HashSet<(RecordKind, Uuid)>,
    /// Records that nobody else has seen yet.
    pub(crate) own: HashSet<(RecordKind, Uuid)>,
}

impl Held {
    /// Users or pools are about to be written.
    pub(crate) fn forget_people(&mut self) {
        self.users.clear();
        self.pools = None;
    }
}
