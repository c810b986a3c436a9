//! What a conversion keeps for the day it is undone.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use rapport_persistence::changes::FieldChange;

use super::targets::{Target, Touched};
use super::tasks::TaskDetail;

/// What was done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Detail {
    /// The lead's status before.
    pub(super) lead_status: String,
    /// Why a duplicate was made all the same.
    #[serde(default)]
    pub(super) duplicate_reason: Option<String>,
    /// The customer.
    pub(super) customer: Option<TouchedDetail>,
    /// The contact.
    pub(super) contact: Option<TouchedDetail>,
    /// The opportunity.
    pub(super) opportunity: Option<TouchedDetail>,
    /// What was still to be done about the lead.
    #[serde(default)]
    pub(super) tasks: Vec<TaskDetail>,
}

/// What was done with one record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct TouchedDetail {
    /// The record.
    pub(super) id: Uuid,
    /// Its version when the conversion was done with it.
    pub(super) version: i64,
    /// What was written to a record that was there; `None` for one that was made.
    pub(super) written: Option<Vec<FieldChange>>,
}

impl TouchedDetail {
    /// What to keep of a record.
    pub(super) fn of<T: Target>(touched: &Touched<T>) -> Self {
        Self { id: touched.record.head.id.0, version: touched.record.head.version, written: touched.written.clone() }
    }

    /// Whether the conversion made it.
    pub(super) fn is_new(&self) -> bool {
        self.written.is_none()
    }
}
