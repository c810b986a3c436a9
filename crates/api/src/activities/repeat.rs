//! Tasks that come again: what is kept of the rule, and the next one when one is done.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use rapport_domain::access::Visibility;
use rapport_domain::activity::ActivityStatus;
use rapport_domain::context::Context;
use rapport_domain::notification::reminder_again;
use rapport_domain::repetition::{Every, MAX_INTERVAL, Repetition};
use rapport_persistence::activities::{ActivityBody, ActivityProfile, StoredRepeat};
use rapport_persistence::record::Record;
use rapport_persistence::records::record_find;
use rapport_persistence::types::{Id, Instant};
use rapport_persistence::users::user_team_hold;
use rapport_persistence::{StoreError, Tx};

use super::{Activities, CreateActivity, RepeatDto, attachments, effects};
use crate::problem::{Code, Problem};
use crate::records::fields::Faults;
use crate::records::write;

/// What the history calls a task that came again.
pub(crate) const REPEAT: &str = "repeat";

/// Reads the rule of a task; what is kept already of the same rule goes on, so that a task that was put off once comes again
/// when it would have.
pub(super) fn read(
    faults: &mut Faults,
    ctx: &Context,
    body: &ActivityBody,
    typed: Option<&RepeatDto>,
    was: Option<&StoredRepeat>,
) -> Option<StoredRepeat> {
    let typed = typed?;
    let every = faults.word("/repeat/every", Some(&typed.every), Every::parse)?;
    let interval = u8::try_from(typed.interval).ok().filter(|interval| (1..=MAX_INTERVAL).contains(interval));
    let Some(interval) = interval else {
        faults.add("/repeat/interval", Code::InvalidValue);
        return None;
    };
    let Some(due) = body.due_at else {
        faults.add("/due_at", Code::Required);
        return None;
    };
    let is_same =
        |was: &&StoredRepeat| (was.every.as_str(), was.interval, was.until) == (every.as_str(), interval, typed.until);
    Some(was.filter(is_same).cloned().unwrap_or_else(|| StoredRepeat {
        every: every.as_str().to_owned(),
        interval,
        until: typed.until,
        first: due.0,
        zone: ctx.zone.name().to_owned(),
    }))
}

/// Makes the next one of what is being done, and takes it away again from what is opened again.
///
/// # Errors
/// When the database fails.
pub(super) fn go_on(
    tx: &mut Tx<'_>,
    ctx: &Context,
    record: &mut Record<ActivityBody>,
    before: &Record<ActivityBody>,
) -> Result<(), Problem> {
    let is = |record: &Record<ActivityBody>, status: ActivityStatus| record.body.status == status.as_str();
    if is(before, ActivityStatus::Open) && is(record, ActivityStatus::Done) {
        record.body.profile.0.next_id = next(tx, ctx, record)?;
    } else if is(before, ActivityStatus::Done) && is(record, ActivityStatus::Open) {
        take_back(tx, ctx, record)?;
    }
    Ok(())
}

fn next(tx: &mut Tx<'_>, ctx: &Context, record: &Record<ActivityBody>) -> Result<Option<Uuid>, Problem> {
    let profile = &record.body.profile.0;
    let (Some(rule), Some(due)) = (profile.repeat.as_ref().and_then(rule_of), record.body.due_at) else {
        return Ok(None);
    };
    let owner = record.head.owner_id.map(|owner| user_team_hold(tx, owner.0)).transpose()?.flatten();
    let Some(next_due) = rule.after(due.0.max(ctx.now)).filter(|_| owner.is_none_or(|owner| owner.is_active)) else {
        return Ok(None);
    };
    let task = CreateActivity {
        kind: Some(record.body.kind.clone()),
        name: Some(record.head.name.clone()),
        priority: Some(record.body.priority.clone()),
        due_at: Some(next_due),
        reminder_at: reminder(record, rule.zone, next_due),
        owner_id: record.head.owner_id.map(Into::into),
        tags: record.head.tags.0.clone(),
        ..CreateActivity::default()
    };
    // Whoever may finish it may have it come again: what it is about is not asked for anew.
    let entitled = Context { actor: ctx.actor.with_every_right(), ..ctx.clone() };
    let attachments = attachments::copies(tx, ctx, record)?;
    let next = write::create_as::<Activities>(tx, &entitled, &task, REPEAT, |next| {
        for (kind, id) in record.body.about() {
            next.body.put_about(kind, Some(Id(id)));
        }
        next.body.profile.0 =
            ActivityProfile { outcome: None, next_id: None, attachments, ..record.body.profile.0.clone() };
    })?;
    Ok(Some(next.head.id.0))
}

/// The next reminder is as far from when it is due as this one.
fn reminder(record: &Record<ActivityBody>, zone: Tz, next_due: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let (reminder, due) = (record.body.reminder_at?, record.body.due_at?);
    Some(reminder_again(reminder.0, due.0, next_due, zone))
}

fn rule_of(stored: &StoredRepeat) -> Option<Repetition> {
    Some(Repetition {
        every: Every::parse(&stored.every)?,
        interval: stored.interval,
        until: stored.until,
        first: stored.first,
        zone: stored.zone.parse::<Tz>().ok()?,
    })
}

/// The next one goes, as long as nobody has touched it.
fn take_back(tx: &mut Tx<'_>, ctx: &Context, record: &mut Record<ActivityBody>) -> Result<(), Problem> {
    let Some(id) = record.body.profile.0.next_id.take() else { return Ok(()) };
    let found: Option<Record<ActivityBody>> = record_find(tx, &Visibility::Everything, id).map_err(StoreError::from)?;
    let untouched = |next: &Record<ActivityBody>| next.head.version == 1 && next.head.deleted_at.is_none();
    if let Some(before) = found.filter(untouched) {
        let mut next = before.clone();
        next.head.deleted_at = Some(Instant(ctx.now));
        next.head.deleted_by = ctx.actor.user().map(Id);
        write::save::<Activities>(tx, ctx, &effects::permit()?, &before, next, "undo")?;
    }
    Ok(())
}
