//! Which status a lead has, and what a change of it demands.

use rapport_domain::context::Context;
use rapport_domain::lead::{DisqualifiedReason, LeadError, Situation, StatusCategory, StatusFacts};
use rapport_persistence::lead_statuses::{lead_status_hold, lead_status_hold_first};
use rapport_persistence::leads::LeadBody;
use rapport_persistence::record::Record;
use rapport_persistence::{StoreError, Tx};

use super::CreateLead;
use crate::problem::{Code, Problem};
use crate::records::fields::Faults;

/// The lead's situation as it is stored.
pub(crate) fn situation_of(body: &LeadBody) -> Situation {
    let profile = &body.profile.0;
    Situation {
        category: StatusCategory::parse(&body.status_category).unwrap_or(StatusCategory::New),
        disqualified_reason: profile.disqualified_reason.as_deref().and_then(DisqualifiedReason::parse),
        disqualified_note: profile.disqualified_note.clone(),
        revisit_on: profile.revisit_on,
        recycle_count: i32::try_from(profile.recycle_count).unwrap_or(i32::MAX),
    }
}

/// Stores a situation under a status.
pub(crate) fn store(body: &mut LeadBody, status: &str, situation: &Situation) {
    status.clone_into(&mut body.status);
    situation.category.as_str().clone_into(&mut body.status_category);
    let profile = &mut body.profile.0;
    profile.disqualified_reason = situation.disqualified_reason.map(|reason| reason.as_str().to_owned());
    profile.disqualified_note.clone_from(&situation.disqualified_note);
    profile.revisit_on = situation.revisit_on;
    profile.recycle_count = u32::try_from(situation.recycle_count).unwrap_or(0);
}

/// Reads the status fields of an input and lets the domain decide.
///
/// # Errors
/// `use_conversion`, `lead_converted`; a race with whoever takes the status away runs the transaction again.
pub(super) fn settle(
    tx: &mut Tx<'_>,
    ctx: &Context,
    faults: &mut Faults,
    record: &mut Record<LeadBody>,
    input: &CreateLead,
    before: Option<&Record<LeadBody>>,
) -> Result<(), Problem> {
    let status = match input.status.as_deref() {
        Some(key) => lead_status_hold(tx, key)?,
        None => lead_status_hold_first(tx, StatusCategory::New)?,
    };
    let Some(status) = status else {
        if before.is_some_and(|before| Some(&before.body.status) == input.status.as_ref()) {
            // Another one has taken its place since the lead was read.
            return Err(StoreError::Retry.into());
        }
        faults.add("/status", Code::NotFound);
        return Ok(());
    };
    let category = StatusCategory::parse(&status.category).unwrap_or(StatusCategory::New);
    let reason = faults.word("/disqualified_reason", input.disqualified_reason.as_deref(), DisqualifiedReason::parse);
    let note = faults.prose("/disqualified_note", input.disqualified_note.as_deref(), 1_000);
    let facts = StatusFacts { reason, note, revisit_on: input.revisit_on };
    let was = before.map_or_else(Situation::fresh, |before| situation_of(&before.body));
    match was.change_status(category, facts, ctx.today()) {
        Ok(situation) => store(&mut record.body, &status.key, &situation),
        Err(LeadError::Converted) => return Err(Problem::new(Code::LeadConverted).at("/status", Code::LeadConverted)),
        Err(LeadError::UseConversion) => {
            return Err(Problem::new(Code::UseConversion).at("/status", Code::UseConversion));
        }
        Err(error @ LeadError::Missing { .. }) => faults.add(&format!("/{}", error.field()), Code::Required),
        Err(error @ (LeadError::RevisitInPast | LeadError::RevisitTooFar)) => {
            faults.add(&format!("/{}", error.field()), Code::InvalidValue);
        }
    }
    Ok(())
}
