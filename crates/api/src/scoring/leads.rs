//! Leads are scored in the transaction of whatever changes them, or what was done about them.

use uuid::Uuid;

use chrono::{DateTime, Utc};
use rapport_domain::activity::{ActivityKind, ActivityStatus};
use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_persistence::activities::ActivityBody;
use rapport_persistence::lead_scores::{Kept, lead_done, lead_score_keep, leads_score_hold, leads_scored_after};
use rapport_persistence::leads::LeadBody;
use rapport_persistence::record::Record;
use rapport_persistence::records::record_take;
use rapport_persistence::scoring_rules::scoring_state;
use rapport_persistence::types::Instant;
use rapport_persistence::{Db, Tx};

use super::permit;
use super::scale::{Scale, is_converted};
use crate::problem::Problem;

/// How many leads are compared at once.
const PORTION: i64 = 500;

/// Scores a lead that is about to be written. In the trash it waits until it comes back; a converted one stays what it was.
pub(crate) fn settle(
    tx: &mut Tx<'_>,
    ctx: &Context,
    lead: &mut Record<LeadBody>,
    before: Option<&Record<LeadBody>>,
) -> Result<(), Problem> {
    let is_closed = before.is_some_and(is_converted) && is_converted(lead);
    if lead.head.deleted_at.is_some() || is_closed {
        return Ok(());
    }
    let scale = Scale::hold(tx, ctx)?;
    let done = if before.is_some() && scale.asks_what_was_done() {
        // Whoever does something about it at this moment is waited for.
        record_take(tx, RecordKind::Lead, lead.head.id.0)?;
        lead_done(tx, lead.head.id.0)?
    } else {
        Vec::new()
    };
    let mut kept = match before.filter(|_| is_converted(lead)) {
        // What it was worth as it became a customer.
        Some(before) => Kept { changes_at: None, ..scale.measure(before, &done, ctx.now) },
        None => scale.measure(lead, &done, ctx.now),
    };
    if is_converted(lead) {
        kept.changes_at = None;
    }
    kept.store(&mut lead.body);
    Ok(())
}

/// Scores the leads that an activity is about, and was about, where it counts or did.
pub(crate) fn after_activity(
    tx: &mut Tx<'_>,
    ctx: &Context,
    record: &Record<ActivityBody>,
    before: Option<&Record<ActivityBody>>,
) -> Result<(), Problem> {
    let mut leads: Vec<Uuid> = [Some(record), before].into_iter().flatten().filter_map(counted_lead).collect();
    leads.sort_unstable();
    leads.dedup();
    if leads.is_empty() {
        return Ok(());
    }
    let scale = Scale::hold(tx, ctx)?;
    if scale.asks_what_was_done() { rescore(tx, &scale, &leads, ctx.now).map(drop) } else { Ok(()) }
}

fn counted_lead(activity: &Record<ActivityBody>) -> Option<Uuid> {
    let counts = activity.head.deleted_at.is_none()
        && activity.body.status == ActivityStatus::Done.as_str()
        && activity.body.kind != ActivityKind::Task.as_str();
    activity.body.lead_id.filter(|_| counts).map(Into::into)
}

/// Scores some leads anew; answers how many of them have changed.
pub(super) fn rescore(tx: &mut Tx<'_>, scale: &Scale, ids: &[Uuid], now: DateTime<Utc>) -> Result<u64, Problem> {
    let mut changed = 0;
    for lead in leads_score_hold(tx, ids)? {
        let done = scale.done(tx, &lead)?;
        let kept = scale.measure(&lead, &done, now);
        if kept != Kept::of(&lead.body) {
            lead_score_keep(tx, &permit()?, lead.head.id, &kept)?;
            changed += 1;
        }
    }
    Ok(changed)
}

/// How many leads are kept with other points than the rules say, with one of them. What is due is not yet, and what is yet to be
/// gone through is not either.
pub(crate) fn differing(db: &mut Db, now: DateTime<Utc>) -> Result<(u64, Option<Uuid>), Problem> {
    let state = scoring_state(db)?;
    let scale = Scale::read(db, now)?;
    let (mut last, mut found, mut example) = (None, 0, None);
    loop {
        let leads = leads_scored_after(db, last, PORTION)?;
        let Some(end) = leads.last() else { return Ok((found, example)) };
        last = Some(end.head.id.0);
        for lead in &leads {
            if state.is_walking && state.walked_to.is_none_or(|to| lead.head.id > to) {
                return Ok((found, example));
            }
            if lead.body.score_changes_at.is_some_and(|at| at <= Instant(now)) {
                continue;
            }
            let done = scale.done(db, lead)?;
            if scale.measure(lead, &done, now) != Kept::of(&lead.body) {
                found += 1;
                example.get_or_insert(lead.head.id.0);
            }
        }
    }
}
