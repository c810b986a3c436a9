//! Reminds people of what they have to do, by the clock. Every node may look; everybody is told once.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use rapport_domain::access::Actor;
use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_domain::notification::NotificationKind;
use rapport_persistence::notification_settings::StoredWays;
use rapport_persistence::notifications::{NotificationRow, notification_insert, notifications_trim};
use rapport_persistence::reminders::{DueTask, Stretch, tasks_due, tasks_look, tasks_looked_at};
use rapport_persistence::types::Instant;
use rapport_persistence::{Db, Tx};

use super::settings::Chosen;
use super::telling::row_about;
use crate::problem::Problem;
use crate::state::App;

/// How often the clock is looked at.
const EVERY: Duration = Duration::from_secs(15);
/// How far back is looked again each time: somebody may have written a time that had passed when it could be seen.
const OVERLAP: TimeDelta = TimeDelta::minutes(10);
/// How far the place may lie behind while nothing is due.
const BEHIND: TimeDelta = TimeDelta::minutes(5);
/// Tasks that are told of in one transaction, which others wait for.
const PORTION: i64 = 500;
/// How long what was read is kept, and everything.
const READ_KEPT: TimeDelta = TimeDelta::days(90);
const KEPT: TimeDelta = TimeDelta::days(365);
/// Rounds of removing in one go.
const ROUNDS: u32 = 200;

/// Goes on until the program ends.
pub async fn run(app: App) {
    loop {
        if let Err(problem) = once(&app).await {
            tracing::warn!(%problem, "nobody could be reminded; it is tried again");
        }
        actix_web::rt::time::sleep(EVERY).await;
    }
}

/// Tells everybody of what has come to its time since the last look, also after a pause; answers how many were told.
///
/// # Errors
/// When the database fails.
pub async fn once(app: &App) -> Result<usize, Problem> {
    let now = app.now();
    let Some(mut stretch) = app.store.read("look_for_due_tasks", move |db| look(db, now)).await? else {
        return Ok(0);
    };
    let mut told = 0;
    loop {
        let ctx = app.context_of(Actor::system());
        let portion = app.store.write("remind_of_due_tasks", move |tx| remind(tx, &ctx, stretch)).await?;
        told += portion.told;
        match portion.next {
            Some(next) => stretch = next,
            None => break,
        }
    }
    if told > 0 {
        app.events.hint();
    }
    Ok(told)
}

/// The time that is to be gone through; nothing when nobody waits in it and its beginning is near enough.
fn look(db: &mut Db, now: DateTime<Utc>) -> Result<Option<Stretch>, Problem> {
    let place = tasks_looked_at(db)?.map(|place| place.0);
    // A clock that was ahead has been set back: its hours come again.
    let after = place.map_or(now, |place| place.min(now)) - OVERLAP;
    let stretch = Stretch { after, after_id: Uuid::nil(), until: now };
    let due = tasks_due(db, stretch, PORTION)?;
    let is_far = place.is_none_or(|place| (now - place).abs() >= BEHIND);
    Ok((is_far || is_full(&due) || due.iter().any(|task| in_inbox(task).is_some())).then_some(stretch))
}

/// What became of a part of a stretch.
struct Portion {
    told: usize,
    /// What is left of it.
    next: Option<Stretch>,
}

fn remind(tx: &mut Tx<'_>, ctx: &Context, stretch: Stretch) -> Result<Portion, Problem> {
    // Another node waits here, and then finds what this one has told.
    tasks_look(tx, stretch.after.into())?;
    let due = tasks_due(tx, stretch, PORTION)?;
    let last = due.last().filter(|_| is_full(&due));
    let next = last.map(|last| Stretch { after: last.remind_at.0, after_id: last.id.0, ..stretch });
    let mut told = 0;
    for task in &due {
        if let Some(in_inbox) = in_inbox(task) {
            told += usize::from(notification_insert(tx, &row_of(ctx, task, in_inbox))?);
        }
    }
    tasks_look(tx, next.map_or(stretch.until, |next| next.after).into())?;
    Ok(Portion { told, next })
}

fn is_full(due: &[DueTask]) -> bool {
    i64::try_from(due.len()).is_ok_and(|found| found >= PORTION)
}

/// Whether its owner is told in the inbox; `None` when they do not want to know.
fn in_inbox(task: &DueTask) -> Option<bool> {
    let kinds: BTreeMap<String, StoredWays> =
        task.kinds.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    Chosen::from_parts(kinds, task.digest.as_deref().unwrap_or_default()).in_inbox(NotificationKind::TaskDue)
}

fn row_of(ctx: &Context, task: &DueTask, in_inbox: bool) -> NotificationRow {
    let subject = (RecordKind::Activity, task.id.0);
    NotificationRow {
        dedupe_key: format!("task_due:{}:{}", task.id.0, task.remind_at.0.timestamp_micros()),
        due_at: task.due_at,
        reminded_for: Some(task.remind_at),
        in_inbox,
        ..row_about(ctx, task.owner_id.0, NotificationKind::TaskDue, subject)
    }
}

/// Removes what has been kept long enough.
///
/// # Errors
/// When the database fails.
pub async fn tidy(app: &App, now: DateTime<Utc>) -> Result<(), Problem> {
    let (read_before, created_before) = (Instant(now - READ_KEPT), Instant(now - KEPT));
    for _ in 0..ROUNDS {
        let trim =
            move |tx: &mut Tx<'_>| Ok::<_, Problem>(notifications_trim(tx, read_before, created_before, PORTION)?);
        if app.store.write("tidy_notifications", trim).await? == 0 {
            break;
        }
    }
    Ok(())
}
