//! What a digest says: the lines of the inbox, as their reader sees them now.

use serde::Serialize;

use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_domain::notification::NotificationKind;
use rapport_persistence::Db;
use rapport_persistence::notifications::NotificationRow;
use rapport_persistence::users::UserRow;

use super::words::{Words, one_line};
use crate::notifications::dto::NotificationView;
use crate::notifications::views;
use crate::problem::Problem;

/// How many lines one holds at most.
pub(super) const MOST_LINES: i64 = 50;

/// A digest in the language of its reader, to be laid out.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Letter {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) language: &'static str,
    pub(super) subject: String,
    pub(super) heading: String,
    pub(super) lines: Vec<Line>,
    /// That there is more; empty when there is not.
    pub(super) more: String,
    pub(super) open: Link,
    /// Why they get it.
    pub(super) why: &'static str,
    pub(super) settings: Link,
}

/// A line of it; what it does not have is empty.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Line {
    headline: String,
    name: String,
    due: String,
    url: String,
}

/// A page, and what it is called.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Link {
    pub(super) text: &'static str,
    pub(super) url: String,
}

/// Writes what somebody is told of; `None` when there is nothing, or nothing that they still see.
///
/// # Errors
/// When the database fails.
pub(super) fn write(
    db: &mut Db,
    ctx: &Context,
    reader: &UserRow,
    rows: &[NotificationRow],
    origin: &str,
) -> Result<Option<Letter>, Problem> {
    let fits = usize::try_from(MOST_LINES).unwrap_or(usize::MAX);
    let words = Words { locale: ctx.locale, zone: ctx.zone };
    let shown = rows.get(..fits).unwrap_or(rows);
    let seen = views::views(db, ctx, shown)?.into_iter().filter(is_seen);
    let lines: Vec<Line> = seen.map(|view| line(words, &view, origin)).collect();
    if lines.is_empty() {
        return Ok(None);
    }
    let has_more = rows.len() > fits;
    let count = if has_more { words.more_than(lines.len()) } else { words.notifications(lines.len()) };
    Ok(Some(Letter {
        name: one_line(&reader.name),
        email: reader.email.clone(),
        language: ctx.locale.as_str(),
        subject: words.subject(&count),
        heading: count,
        lines,
        more: if has_more { words.there_is_more().to_owned() } else { String::new() },
        open: Link { text: words.open(), url: format!("{origin}/") },
        why: words.why(),
        settings: Link { text: words.settings(), url: format!("{origin}/settings/notifications") },
    }))
}

/// Of many alike the number is told, of one only what its reader sees.
fn is_seen(view: &NotificationView) -> bool {
    view.count > 1 || view.job.is_some() || !name_of(view).is_empty()
}

/// What it is about, by name: of an activity that is seen, the record it is about as well.
fn name_of(view: &NotificationView) -> String {
    let record = view.record.as_ref().and_then(|record| record.name.clone());
    match &view.activity {
        Some(activity) => match (activity.name.clone(), record) {
            (Some(name), Some(record)) => format!("{} · {}", one_line(&name), one_line(&record)),
            (name, _) => one_line(&name.unwrap_or_default()),
        },
        None => {
            let handover = view.handover.as_ref().and_then(|handover| handover.from.as_ref());
            one_line(&record.or_else(|| handover.map(|from| from.name.clone())).unwrap_or_default())
        }
    }
}

fn line(words: Words, view: &NotificationView, origin: &str) -> Line {
    let is_many = view.count > 1;
    Line {
        headline: words.headline(view),
        name: if is_many { String::new() } else { name_of(view) },
        due: words.moment(view),
        url: format!("{origin}{}", place_of(view)),
    }
}

/// The page that shows it, the same to which the inbox leads.
fn place_of(view: &NotificationView) -> String {
    if view.count > 1 {
        return list_of(view);
    }
    if let Some(job) = &view.job {
        return format!("/jobs/{}", job.id);
    }
    match &view.record {
        None if view.handover.is_some() => list_of(view),
        Some(record) if record.name.is_some() => format!("/{}/{}", plural(&record.kind), record.id),
        _ => "/tasks".to_owned(),
    }
}

/// The list in which many alike stand.
fn list_of(view: &NotificationView) -> String {
    match (NotificationKind::parse(&view.kind), RecordKind::parse(&view.subject)) {
        (Some(NotificationKind::CustomerReleased), _) => "/customers?view=pool".to_owned(),
        (Some(NotificationKind::HandedOver), _) => "/customers?view=mine".to_owned(),
        (Some(NotificationKind::CustomerReleaseSoon), _) => "/customers?view=soon".to_owned(),
        (_, Some(RecordKind::Activity)) => "/tasks".to_owned(),
        _ => format!("/{}?view=mine", plural(&view.subject)),
    }
}

fn plural(kind: &str) -> &'static str {
    RecordKind::parse(kind).map(RecordKind::plural).unwrap_or_default()
}
