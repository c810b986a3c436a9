//! What somebody has to do, as a calendar (RFC 5545).

use chrono::TimeDelta;
use icalendar::{Calendar, Component as _, Event, EventLike as _, EventStatus};
use uuid::Uuid;

use rapport_domain::context::{Context, Locale};
use rapport_domain::kind::RecordKind;
use rapport_persistence::activities::{ActivityBody, activities_of_owner};
use rapport_persistence::record::Record;
use rapport_persistence::types::Instant;
use rapport_persistence::{Db, StoreError};

use crate::activities::Activities;
use crate::problem::Problem;
use crate::records::RecordType as _;
use crate::records::references::{References, Wanted};

/// How long something takes that does not say.
const USUAL: i64 = 30;
/// How far back what is still open is shown.
const BACK: TimeDelta = TimeDelta::days(90);
/// The most events of one feed, the nearest first.
const MOST: i64 = 1000;

/// The calendar of whoever the context says.
///
/// # Errors
/// When the database fails.
pub(super) fn calendar(db: &mut Db, ctx: &Context, base: &str) -> Result<String, Problem> {
    let since = Instant(ctx.now - BACK);
    let tasks = activities_of_owner(db, ctx.actor.user_id, since, MOST).map_err(StoreError::from)?;
    let mut wanted = Wanted::default();
    tasks.iter().for_each(|task| Activities::wanted(task, &mut wanted));
    let references = wanted.load(db)?;
    let mut calendar = Calendar::new();
    calendar.name(match ctx.locale {
        Locale::ZhCn => "Rapport 日程",
        Locale::En => "Rapport",
    });
    for task in &tasks {
        calendar.push(event(task, &references, base));
    }
    Ok(calendar.done().to_string())
}

fn event(task: &Record<ActivityBody>, references: &References, base: &str) -> Event {
    let (head, body) = (&task.head, &task.body);
    let start = body.due_at.unwrap_or(head.created_at).0;
    let about = body.about();
    let names: Vec<&str> = about.iter().filter_map(|(_, id)| references.name(*id)).collect();
    let mut event = Event::new();
    event
        .uid(&format!("{}@rapport", head.id.0))
        .timestamp(head.updated_at.0)
        .summary(&head.name)
        .starts(start)
        .ends(start + TimeDelta::minutes(body.profile.0.duration_minutes.unwrap_or(USUAL).max(1)))
        .status(EventStatus::Confirmed)
        .description(&names.join(" · "))
        .url(&page(about.first(), base));
    event.done()
}

/// The page of what it is about.
fn page(about: Option<&(RecordKind, Uuid)>, base: &str) -> String {
    about.map_or_else(|| format!("{base}/tasks"), |(kind, id)| format!("{base}/{}/{id}", kind.plural()))
}
