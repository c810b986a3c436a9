//! A lead that is nurtured comes back: as a task for its owner on the day it was put off to, which moves when that day
//! does.

use chrono::{NaiveDate, NaiveTime};
use rapport_domain::access::{Action, Visibility};
use rapport_domain::activity::{ActivityKind, ActivityStatus};
use rapport_domain::context::{Context, Locale};
use rapport_domain::kind::RecordKind;
use rapport_domain::lead::StatusCategory;
use rapport_domain::notification::{moment_of, reminder_again};
use rapport_persistence::activities::ActivityBody;
use rapport_persistence::leads::LeadBody;
use rapport_persistence::record::Record;
use rapport_persistence::records::record_find;
use rapport_persistence::types::Instant;
use rapport_persistence::users::{user_find, user_team_hold};
use rapport_persistence::{Db, StoreError, Tx};

use super::status::situation_of;
use crate::activities::{Activities, CreateActivity};
use crate::problem::Problem;
use crate::records::write;

/// When the working day begins on which somebody is to come back to the lead.
const MORNING: NaiveTime = match NaiveTime::from_hms_opt(9, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

/// Characters of the lead's name that the task's has room for.
const LONGEST_NAME: usize = 150;

/// Gives the task of a day that has just been set its id, unless there is an open one that moves to that day.
pub(super) fn settle(
    tx: &mut Tx<'_>,
    ctx: &Context,
    record: &mut Record<LeadBody>,
    before: Option<&Record<LeadBody>>,
) -> Result<(), Problem> {
    if new_day(record, before).is_some() && open_task(tx, record)?.is_none() {
        record.body.profile.0.revisit_task = Some(ctx.next_id());
    }
    Ok(())
}

/// Makes the task, or moves it.
pub(super) fn written(
    tx: &mut Tx<'_>,
    ctx: &Context,
    record: &Record<LeadBody>,
    before: Option<&Record<LeadBody>>,
) -> Result<(), Problem> {
    let Some(day) = new_day(record, before) else { return Ok(()) };
    let entitled = for_owner(tx, ctx, record)?;
    let due = Instant(moment_of(day.and_time(MORNING), entitled.zone));
    match open_task(tx, record)? {
        Some(task) => postpone(tx, &entitled, &task, due),
        None => create(tx, &entitled, record, due),
    }
}

/// In the language and by the clock of the lead's owner; whoever may put the lead off need not be allowed to give its owner
/// something to do.
fn for_owner(db: &mut Db, ctx: &Context, lead: &Record<LeadBody>) -> Result<Context, Problem> {
    let owner = lead.head.owner_id.map(|owner| user_find(db, owner.0)).transpose()?.flatten();
    let (locale, zone) = owner.map_or((ctx.locale, ctx.zone), |owner| {
        (Locale::parse(&owner.language).unwrap_or(ctx.locale), owner.time_zone.parse().unwrap_or(ctx.zone))
    });
    Ok(Context { actor: ctx.actor.with_every_right(), locale, zone, ..ctx.clone() })
}

/// The day to come back on, if it has just been set. That of a lead whose conversion is undone was set before.
fn new_day(record: &Record<LeadBody>, before: Option<&Record<LeadBody>>) -> Option<NaiveDate> {
    let day_of = |record: &Record<LeadBody>| {
        let situation = situation_of(&record.body);
        situation.revisit_on.filter(|_| situation.category == StatusCategory::Nurturing)
    };
    let was_converted = |before: &Record<LeadBody>| before.body.status_category == StatusCategory::Converted.as_str();
    let day = day_of(record)?;
    before.is_none_or(|before| day_of(before) != Some(day) && !was_converted(before)).then_some(day)
}

fn open_task(db: &mut Db, lead: &Record<LeadBody>) -> Result<Option<Record<ActivityBody>>, Problem> {
    let Some(id) = lead.body.profile.0.revisit_task else { return Ok(None) };
    let found: Option<Record<ActivityBody>> = record_find(db, &Visibility::Everything, id).map_err(StoreError::from)?;
    let is_open = |task: &Record<ActivityBody>| task.body.status == ActivityStatus::Open.as_str();
    Ok(found.filter(|task| is_open(task) && task.head.deleted_at.is_none()))
}

fn create(tx: &mut Tx<'_>, ctx: &Context, lead: &Record<LeadBody>, due: Instant) -> Result<(), Problem> {
    let who: String = lead.head.name.chars().take(LONGEST_NAME).collect();
    let name = match ctx.locale {
        Locale::ZhCn => format!("再次跟进{who}"),
        Locale::En => format!("Come back to {who}"),
    };
    // Nobody who is switched off can be given a task; then it is for whoever puts the lead off.
    let owner = lead.head.owner_id.map(|owner| user_team_hold(tx, owner.0)).transpose()?.flatten();
    let task = CreateActivity {
        id: lead.body.profile.0.revisit_task,
        kind: Some(ActivityKind::Task.as_str().to_owned()),
        name: Some(name),
        due_at: Some(due.0),
        owner_id: owner.filter(|owner| owner.is_active).and(lead.head.owner_id).map(Into::into),
        ..CreateActivity::default()
    };
    write::create_as::<Activities>(tx, ctx, &task, "create", |task| {
        task.body.put_about(RecordKind::Lead, Some(lead.head.id));
    })
    .map(drop)
}

/// Its reminder stays as far ahead of it as it was.
fn postpone(tx: &mut Tx<'_>, ctx: &Context, before: &Record<ActivityBody>, due: Instant) -> Result<(), Problem> {
    let permit = write::permit::<Activities>(ctx, Action::Edit, before)?;
    let mut task = before.clone();
    if let (Some(reminder), Some(was)) = (task.body.reminder_at, task.body.due_at) {
        task.body.reminder_at = Some(Instant(reminder_again(reminder.0, was.0, due.0, ctx.zone)));
    }
    (task.body.due_at, task.body.at) = (Some(due), Some(due));
    write::save::<Activities>(tx, ctx, &permit, before, task, "update").map(drop)
}
