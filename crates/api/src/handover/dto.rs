//! Handovers, and what somebody has, as they are sent and received.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use rapport_domain::handover::Holding;

use crate::extract::optional::clearable;
use crate::records::list::PageInfo;
use crate::records::view::NamedRef;

/// What somebody has, and what else names them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = UserHoldings)]
pub(super) struct HoldingsView {
    /// Customers they own.
    pub customers: i64,
    /// Contacts they own.
    pub contacts: i64,
    /// Leads they own that are not converted.
    pub leads: i64,
    /// Open opportunities they own.
    pub opportunities: i64,
    /// Opportunities they own that were won, lost or given up: a record of what they did, which may stay with them.
    pub closed_opportunities: i64,
    /// Activities they still have to do.
    pub tasks: i64,
    /// Assignment rules that name them.
    pub assignment_rules: i64,
    /// People who report to them.
    pub reports: i64,
    /// API keys of theirs that work; they stop working when their owner is switched off.
    pub api_keys: i64,
    /// Whether anything of it would be left with nobody to look after it: customers, contacts, leads, open opportunities or
    /// tasks.
    pub is_any_open: bool,
}

/// Who takes over one kind of what somebody has: people, a pool (customers only) or nobody (leads only).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct HandoverHeirs {
    /// These people, in turn. What belongs to a customer goes to whoever gets the customer, if they are among these.
    #[schema(max_items = 50)]
    pub user_ids: Vec<Uuid>,
    /// This pool.
    pub pool_id: Option<Uuid>,
    /// They have no owner then.
    pub nobody: bool,
}

/// What is handed over, and to whom; what is left out stays where it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = CreateHandover, example = json!({"customers": {"user_ids": ["01936f1e-7a54-7c1b-9a52-3f1f6f0a1b2c"]}, "leads": {"nobody": true}, "deactivate": true, "reason": "离职"}))]
pub(super) struct CreateHandover {
    /// Who gets the customers. A lock ends.
    pub customers: Option<HandoverHeirs>,
    /// Who gets the contacts.
    pub contacts: Option<HandoverHeirs>,
    /// Who gets the leads that are not converted.
    pub leads: Option<HandoverHeirs>,
    /// Who gets the open opportunities.
    pub opportunities: Option<HandoverHeirs>,
    /// Who gets what is still to be done.
    pub tasks: Option<HandoverHeirs>,
    /// Whether those who get the open opportunities get the others too.
    #[schema(default = false)]
    pub with_closed_opportunities: bool,
    /// Who takes their place in assignment rules.
    pub assignment_rules_to: Option<Uuid>,
    /// Whom those report to who report to them; null for nobody. Whoever takes over reports to their manager.
    #[serde(deserialize_with = "clearable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Uuid>)]
    pub reports_to: Option<Option<Uuid>>,
    /// Whether they are switched off with it: then all that is open must be given to somebody.
    #[schema(default = false)]
    pub deactivate: bool,
    /// Whether somebody may come to own more customers than their pool lets anybody own; needs the right to configure.
    #[schema(default = false)]
    pub exceed_caps: bool,
    /// Why; customers that go to a pool keep it as the reason.
    #[schema(max_length = 500, example = "离职")]
    pub reason: Option<String>,
}

impl CreateHandover {
    /// Who gets a kind of record, and what that is called.
    pub(super) fn heirs(&self, holding: Holding) -> Option<&HandoverHeirs> {
        match holding {
            Holding::Customer => self.customers.as_ref(),
            Holding::Contact => self.contacts.as_ref(),
            Holding::Lead => self.leads.as_ref(),
            Holding::Opportunity => self.opportunities.as_ref(),
            Holding::Task => self.tasks.as_ref(),
            Holding::AssignmentRule | Holding::Report => None,
        }
    }
}

/// The name of the field of a request, and of a count, for a kind.
pub(super) const fn plural_of(holding: Holding) -> &'static str {
    match holding {
        Holding::Customer => "customers",
        Holding::Contact => "contacts",
        Holding::Lead => "leads",
        Holding::Opportunity => "opportunities",
        Holding::Task => "tasks",
        Holding::AssignmentRule => "assignment_rules",
        Holding::Report => "reports",
    }
}

/// How much of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct HandoverCounts {
    /// Customers.
    pub customers: i64,
    /// Contacts.
    pub contacts: i64,
    /// Leads.
    pub leads: i64,
    /// Opportunities.
    pub opportunities: i64,
    /// What is still to be done.
    pub tasks: i64,
    /// Places in assignment rules.
    pub assignment_rules: i64,
    /// People who report to somebody.
    pub reports: i64,
}

impl HandoverCounts {
    /// Counts more of a kind.
    pub(crate) fn add(&mut self, holding: Holding, more: i64) {
        let count = match holding {
            Holding::Customer => &mut self.customers,
            Holding::Contact => &mut self.contacts,
            Holding::Lead => &mut self.leads,
            Holding::Opportunity => &mut self.opportunities,
            Holding::Task => &mut self.tasks,
            Holding::AssignmentRule => &mut self.assignment_rules,
            Holding::Report => &mut self.reports,
        };
        *count = count.saturating_add(more);
    }
}

/// What one has got by a handover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct HandoverShare {
    /// Who; null for a pool and for nobody.
    pub user: Option<NamedRef>,
    /// The pool; null for people and for nobody, and for a pool that is no more.
    pub pool: Option<NamedRef>,
    /// How much.
    pub counts: HandoverCounts,
}

/// What an undo has left where it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct HandoverLeft {
    /// customer, contact, lead, opportunity, task, assignment_rule or report.
    #[schema(example = "customer")]
    pub kind: String,
    /// reassigned (somebody has given it on), closed (it was done, won, lost or converted), deleted (it lies in the trash), gone
    /// (there is no such record any more) or changed (it cannot be taken back by itself).
    #[schema(example = "reassigned")]
    pub reason: String,
    /// How many.
    pub count: i64,
}

/// A handover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Handover)]
pub struct HandoverView {
    /// The id.
    pub id: Uuid,
    /// Whose it was.
    pub user: Option<NamedRef>,
    /// Whether it switched them off.
    pub switched_off: bool,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Who did it.
    pub created_by: Option<NamedRef>,
    /// How much was handed over.
    pub counts: HandoverCounts,
    /// Who has got how much of it.
    pub(super) shares: Vec<HandoverShare>,
    /// Until when it can be undone.
    pub undo_until: DateTime<Utc>,
    /// Whether the reader can undo it now.
    pub can_undo: bool,
    /// When it was undone.
    pub undone_at: Option<DateTime<Utc>>,
    /// Who undid it.
    pub undone_by: Option<NamedRef>,
    /// How much the undo gave back; null before.
    pub returned: Option<HandoverCounts>,
    /// What the undo left where it was.
    pub(super) left: Vec<HandoverLeft>,
}

/// The handovers of somebody.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct HandoverList {
    /// The newest first; at most 100.
    #[schema(max_items = 100)]
    pub data: Vec<HandoverView>,
}

/// One thing that was handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct HandoverItem {
    /// customer, contact, lead, opportunity, task, assignment_rule or report.
    #[schema(example = "customer")]
    pub kind: String,
    /// The id.
    pub id: Uuid,
    /// The name; null when you do not see it, or it is gone.
    pub name: Option<String>,
    /// Who has got it; null for a pool and for nobody.
    pub to: Option<NamedRef>,
    /// The pool that has got it.
    pub pool: Option<NamedRef>,
    /// Why the undo has left it where it was, as in a handover's `left`.
    pub left_because: Option<String>,
}

/// A page of what was handed over.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct HandoverItemPage {
    /// By kind.
    pub data: Vec<HandoverItem>,
    /// Where the page ends.
    pub page: PageInfo,
}

/// Which of what was handed over.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct HandoverItemParams {
    /// Only this kind.
    #[param(pattern = "^(customer|contact|lead|opportunity|task|assignment_rule|report)$", nullable = false)]
    pub kind: Option<String>,
    /// How many at most.
    #[param(minimum = 1, maximum = 200, default = 50, nullable = false)]
    pub limit: Option<i64>,
    /// Where the page before ended.
    #[param(max_length = 2048, nullable = false)]
    pub cursor: Option<String>,
}
