//! Leads and the rules: when one comes in, when somebody asks for it, and why it has its owner.

use uuid::Uuid;

use rapport_domain::access::{Action, Via};
use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_domain::lead::StatusCategory;
use rapport_persistence::assignment_rules::assignment_rules_hold_active;
use rapport_persistence::lead_assignments::{LeadAssignmentRow, lead_assignment_latest};
use rapport_persistence::leads::LeadBody;
use rapport_persistence::record::Record;
use rapport_persistence::{Db, Tx};

use super::dto::{AssignmentView, LeadAssignment};
use super::run::Run;
use crate::leads::Leads;
use crate::problem::{Code, Problem};
use crate::records::references::{References, Wanted};
use crate::records::reply::Reply;
use crate::records::{Afterwards, write};
use crate::scoring;

/// What the history calls it when rules have given a lead.
pub(crate) const BY_RULE: &str = "assign_by_rule";

/// A new lead without an owner, sent by a program: the rules say who gets it. When none of them does, nobody has it; where
/// there are no rules, it stays with the user of the key, as what people make stays with them.
pub(crate) fn on_arrival(
    tx: &mut Tx<'_>,
    ctx: &Context,
    lead: &mut Record<LeadBody>,
) -> Result<Option<Afterwards>, Problem> {
    if !matches!(ctx.actor.via, Via::ApiKey { .. }) {
        return Ok(None);
    }
    let rules = assignment_rules_hold_active(tx)?;
    if rules.is_empty() {
        return Ok(None);
    }
    // Conditions may ask about its points, which do not depend on who gets it.
    scoring::settle(tx, ctx, lead, None)?;
    (lead.head.owner_id, lead.head.team_id) = (None, None);
    let run = Run::of(tx, ctx, lead, rules)?;
    run.give(tx, lead)?;
    let (ctx, id) = (ctx.clone(), lead.head.id);
    Ok(Some(Box::new(move |tx| run.note(tx, &ctx, id).map(drop))))
}

/// Asks the rules about a lead that is there, for somebody who may give it away. When none gives it, its owner stays.
pub(super) fn assign(tx: &mut Tx<'_>, ctx: &Context, id: Uuid, expected: Option<i64>) -> Result<Reply, Problem> {
    let before = write::find::<Leads>(tx, ctx, id)?;
    let permit = write::permit::<Leads>(ctx, Action::Assign, &before)?;
    write::check_version::<Leads>(tx, ctx, &before, expected)?;
    if before.body.status_category == StatusCategory::Converted.as_str() {
        return Err(Problem::new(Code::LeadConverted));
    }
    let rules = assignment_rules_hold_active(tx)?;
    let run = Run::of(tx, ctx, &before, rules)?;
    let mut lead = before.clone();
    run.give(tx, &mut lead)?;
    let lead = write::save::<Leads>(tx, ctx, &permit, &before, lead, BY_RULE)?;
    let row = run.note(tx, ctx, lead.head.id)?;
    let references = names(tx, Some(&row))?;
    Ok(Reply::ok(&AssignmentView::of(&row, &references))?.record(id, lead.head.version))
}

/// How a lead that the caller may see last came to its owner.
pub(super) fn why(db: &mut Db, ctx: &Context, id: Uuid) -> Result<Reply, Problem> {
    write::find_any::<Leads>(db, ctx, id)?;
    let (latest, earlier) = lead_assignment_latest(db, id)?;
    let references = names(db, latest.as_ref())?;
    let data = latest.map(|row| AssignmentView::of(&row, &references));
    Reply::ok(&LeadAssignment { data, earlier })
}

fn names(db: &mut Db, row: Option<&LeadAssignmentRow>) -> Result<References, Problem> {
    let mut wanted = Wanted::default();
    wanted.name(RecordKind::User, row.and_then(|row| row.owner_id).map(Into::into));
    wanted.load(db)
}
