//! What a conversion would do.

use serde_json::Value;
use uuid::Uuid;

use rapport_domain::access::{Action, Ownership};
use rapport_domain::context::Context;
use rapport_domain::conversion::{Mode, Plan, forbidden_creations};
use rapport_persistence::Db;
use rapport_persistence::leads::LeadBody;
use rapport_persistence::record::Record;

use super::candidates::{self, Sought};
use super::convert::fields_of;
use super::dto::{CarriedOver, ConversionPreview, ConversionRequest, FieldConflict, MissingField, ProposedRecords};
use super::targets::{Target, conflicts, draft, proposal_of};
use crate::contacts::Contacts;
use crate::customers::Customers;
use crate::leads::Leads;
use crate::opportunities::Opportunities;
use crate::problem::{Code, Problem};
use crate::records::write;

/// Looks, and changes nothing.
///
/// # Errors
/// 404, 403.
pub(super) fn preview(
    db: &mut Db,
    ctx: &Context,
    id: Uuid,
    asked: &ConversionRequest,
) -> Result<ConversionPreview, Problem> {
    let lead = write::find::<Leads>(db, ctx, id)?;
    write::permit::<Leads>(ctx, Action::Convert, &lead)?;
    let plan = asked.plan()?;
    let proposal = proposal_of(ctx, &lead);
    let contact = if proposal.contact.is_some() || fields_of(asked.contact.as_ref()).is_some() {
        draft::<Contacts>(&lead, &proposal, fields_of(asked.contact.as_ref()))
    } else {
        Value::Null
    };
    let is_named =
        ["family_name", "given_name"].iter().any(|name| contact.get(name).is_some_and(|value| !value.is_null()));
    let owner = Ownership {
        owner_id: asked.owner_id.or(lead.head.owner_id.map(Into::into)),
        team_id: lead.head.team_id.map(Into::into),
        ..Ownership::default()
    };
    let mut found = Vec::new();
    found.extend(conflicting::<Customers>(db, ctx, plan.customer, &lead)?);
    found.extend(conflicting::<Contacts>(db, ctx, plan.contact, &lead)?);
    found.extend(conflicting::<Opportunities>(db, ctx, plan.opportunity, &lead)?);
    Ok(ConversionPreview {
        candidates: candidates::find(db, ctx, &Sought::of(&lead))?,
        missing: missing(&plan, asked, is_named),
        proposed: ProposedRecords {
            customer: draft::<Customers>(&lead, &proposal, fields_of(asked.customer.as_ref())),
            contact,
            opportunity: draft::<Opportunities>(&lead, &proposal, fields_of(asked.opportunity.as_ref())),
        },
        forbidden: forbidden_creations(&ctx.actor, &owner).into_iter().map(|kind| format!("create_{kind}")).collect(),
        conflicts: found,
        carried_over: CarriedOver { tags: lead.head.tags.0.clone(), source: lead.head.source.clone() },
    })
}

/// What the plan lacks; a request that asks for nothing yet lacks nothing.
fn missing(plan: &Plan, asked: &ConversionRequest, is_named: bool) -> Vec<MissingField> {
    let is_empty = asked.customer.is_none() && asked.contact.is_none() && asked.opportunity.is_none();
    let wrongs = plan.check(is_named).err().filter(|_| !is_empty).unwrap_or_default();
    let missing =
        |pointer: &str| MissingField { pointer: pointer.to_owned(), code: Code::Required.as_str().to_owned() };
    wrongs.into_iter().map(|wrong| missing(wrong.pointer())).collect()
}

fn conflicting<T: Target>(
    db: &mut Db,
    ctx: &Context,
    mode: Mode,
    lead: &Record<LeadBody>,
) -> Result<Vec<FieldConflict>, Problem> {
    let Mode::Link(id) = mode else { return Ok(Vec::new()) };
    let record = write::find::<T>(db, ctx, id)
        .map_err(|_| Problem::validation().at(format!("/{}/id", T::PART), Code::NotFound))?;
    let mut says = T::proposed(&proposal_of(ctx, lead));
    says.remove("name");
    let conflict = |conflict: rapport_domain::conversion::Conflict| FieldConflict {
        record: T::PART.to_owned(),
        id,
        field: conflict.field,
        current: conflict.current,
        lead: conflict.lead,
    };
    Ok(conflicts::<T>(&record, &says).into_iter().map(conflict).collect())
}
