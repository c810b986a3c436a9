//! Who is told of what is written: whoever comes to own a record by somebody else or loses one to a rule, and whoever is
//! named in a text.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use rapport_domain::access::{Action, Via, visibility};
use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_domain::notification::NotificationKind;
use rapport_persistence::Tx;
use rapport_persistence::notification_settings::notification_settings_find;
use rapport_persistence::notifications::{NotificationRow, names_within, notification_gather, notification_insert};
use rapport_persistence::record::Record;
use rapport_persistence::types::{Id, Instant};
use rapport_persistence::users::user_find;

use super::settings::Chosen;
use crate::activities::REPEAT;
use crate::auth::people::actor_of;
use crate::problem::{Code, FieldError, Problem};
use crate::records::RecordType;

/// Seconds within which what comes by the dozen stands in one line: of requests for many, and of programs. What they send now
/// and then has a line of its own that way, and an import does not flood anybody.
const GATHERED_WITHIN: i64 = 600;

/// By whose decision something was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hand {
    /// Whoever asked for it.
    Caller,
    /// A rule's.
    Rule,
    /// The caller's, about another record with which this one goes along; of that they are told.
    Along,
}

/// What was done with a record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deed<'a> {
    /// As the history calls it.
    pub(crate) action: &'a str,
    /// By whose decision.
    pub(crate) hand: Hand,
}

/// Tells whom a record that has been written concerns.
///
/// # Errors
/// 422 at `/body` when somebody is named who does not see it.
pub(crate) fn written<R: RecordType>(
    tx: &mut Tx<'_>,
    ctx: &Context,
    record: &Record<R::Body>,
    before: Option<&Record<R::Body>>,
    deed: Deed<'_>,
) -> Result<(), Problem> {
    // What comes again by itself is no news to anybody.
    if deed.action == REPEAT || record.head.deleted_at.is_some() {
        return Ok(());
    }
    mentioned::<R>(tx, ctx, record, before)?;
    assigned::<R>(tx, ctx, record, before, deed.hand)
}

fn assigned<R: RecordType>(
    tx: &mut Tx<'_>,
    ctx: &Context,
    record: &Record<R::Body>,
    before: Option<&Record<R::Body>>,
    hand: Hand,
) -> Result<(), Problem> {
    let Some(owner) = record.head.owner_id else { return Ok(()) };
    let is_new = before.is_none_or(|before| before.head.owner_id != Some(owner));
    // Whoever takes something knows; and nobody is told of what Rapport itself or the command line does.
    let is_told = hand == Hand::Rule || ctx.actor.user().is_some_and(|user| user != owner.0);
    if !is_new || !is_told || hand == Hand::Along || !R::tells_owner(record) {
        return Ok(());
    }
    let actor = ctx.actor.user().filter(|_| hand == Hand::Caller);
    let mut row = row_of::<R>(ctx, owner.0, NotificationKind::Assigned, record);
    row.actor_id = actor.map(Id);
    let Some(in_inbox) = is_wanted(tx, owner.0, NotificationKind::Assigned)? else { return Ok(()) };
    row.in_inbox = in_inbox;
    if ctx.is_one_of_many || matches!(ctx.actor.via, Via::ApiKey { .. }) {
        let by = actor.map_or_else(|| "rule".to_owned(), |actor| actor.to_string());
        let when = ctx.now.timestamp() / GATHERED_WITHIN;
        row.dedupe_key = format!("assigned:{}:{by}:{when}", R::kind());
        return Ok(notification_gather(tx, &row)?);
    }
    row.dedupe_key = format!("assigned:{}:{}", record.head.id.0, record.head.version);
    notification_insert(tx, &row)?;
    Ok(())
}

/// Those who were not named before are told, once for each text, if they may see it.
fn mentioned<R: RecordType>(
    tx: &mut Tx<'_>,
    ctx: &Context,
    record: &Record<R::Body>,
    before: Option<&Record<R::Body>>,
) -> Result<(), Problem> {
    let known = before.map(R::mentions).unwrap_or_default();
    let mut faults = Vec::new();
    for user in R::mentions(record).iter().filter(|user| !known.contains(user) && ctx.actor.user() != Some(**user)) {
        match unseen::<R>(tx, *user, record)? {
            Some(fault) => faults.push(fault),
            None => mention::<R>(tx, ctx, *user, record)?,
        }
    }
    Problem::check(faults)
}

fn mention<R: RecordType>(tx: &mut Tx<'_>, ctx: &Context, user: Uuid, record: &Record<R::Body>) -> Result<(), Problem> {
    let Some(in_inbox) = is_wanted(tx, user, NotificationKind::Mentioned)? else { return Ok(()) };
    let row = NotificationRow {
        actor_id: ctx.actor.user().map(Id),
        dedupe_key: format!("mentioned:{}", record.head.id.0),
        in_inbox,
        ..row_of::<R>(ctx, user, NotificationKind::Mentioned, record)
    };
    notification_insert(tx, &row)?;
    Ok(())
}

/// Why somebody cannot be named in a record: they do not see it, as it is now.
fn unseen<R: RecordType>(tx: &mut Tx<'_>, user: Uuid, record: &Record<R::Body>) -> Result<Option<FieldError>, Problem> {
    let Some(person) = user_find(tx, user)? else { return Ok(None) };
    let actor = actor_of(tx, &person, Via::System)?;
    let seen = visibility(&actor, R::SUBJECT, Action::View);
    if !names_within(tx, R::kind(), &seen, &[record.head.id.0])?.is_empty() {
        return Ok(None);
    }
    let name = person.name;
    let fault = FieldError::at("/body", Code::MentionNotVisible).because(
        format!("{name} 看不到这条记录，不能提及"),
        format!("{name} does not see this and cannot be mentioned"),
    );
    Ok(Some(fault.with("user_id", user.to_string()).with("name", name)))
}

/// What the clock brings somebody by a rule.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clocked {
    /// Whom.
    pub(crate) user: Uuid,
    /// What kind of news it is.
    pub(crate) kind: NotificationKind,
    /// The record.
    pub(crate) subject: (RecordKind, Uuid),
    /// The moment that it is about.
    pub(crate) due_at: Option<DateTime<Utc>>,
}

/// Tells somebody of what the clock has brought; what comes together stands in one line.
///
/// # Errors
/// When the database fails.
pub(crate) fn tell_by_clock(tx: &mut Tx<'_>, ctx: &Context, news: &Clocked) -> Result<(), Problem> {
    let Some(in_inbox) = is_wanted(tx, news.user, news.kind)? else { return Ok(()) };
    let row = NotificationRow {
        dedupe_key: format!("{}:{}", news.kind, ctx.now.timestamp() / GATHERED_WITHIN),
        due_at: news.due_at.map(Instant),
        in_inbox,
        ..row_about(ctx, news.user, news.kind, (news.subject.0.as_str(), news.subject.1))
    };
    Ok(notification_gather(tx, &row)?)
}

/// What a notification about a job is about.
pub(super) const JOB: &str = "job";

/// Tells somebody that a job of theirs has ended.
///
/// # Errors
/// When the database fails.
pub(crate) fn job_finished(tx: &mut Tx<'_>, ctx: &Context, user: Uuid, job: Uuid) -> Result<(), Problem> {
    let kind = NotificationKind::JobFinished;
    let Some(in_inbox) = is_wanted(tx, user, kind)? else { return Ok(()) };
    let row =
        NotificationRow { dedupe_key: format!("{kind}:{job}"), in_inbox, ..row_about(ctx, user, kind, (JOB, job)) };
    notification_insert(tx, &row)?;
    Ok(())
}

/// What the subject of a notification is called that is about a handover.
pub(super) const HANDOVER: &str = "handover";

/// Tells somebody that they take over what somebody had: once, however much it is.
///
/// # Errors
/// When the database fails.
pub(crate) fn tell_heir(tx: &mut Tx<'_>, ctx: &Context, heir: Uuid, handover: Id, count: usize) -> Result<(), Problem> {
    let kind = NotificationKind::HandedOver;
    let Some(in_inbox) = is_wanted(tx, heir, kind)? else { return Ok(()) };
    let row = NotificationRow {
        dedupe_key: format!("{kind}:{}", handover.0),
        actor_id: ctx.actor.user().map(Id),
        stands_for: i32::try_from(count).unwrap_or(i32::MAX),
        in_inbox,
        ..row_about(ctx, heir, kind, (HANDOVER, handover.0))
    };
    notification_insert(tx, &row)?;
    Ok(())
}

/// Whether somebody wants to be told of a kind, and if so whether in the inbox.
fn is_wanted(tx: &mut Tx<'_>, user: Uuid, kind: NotificationKind) -> Result<Option<bool>, Problem> {
    Ok(Chosen::of(notification_settings_find(tx, user)?.as_ref()).in_inbox(kind))
}

/// A line about a record, which has no key yet.
fn row_of<R: RecordType>(
    ctx: &Context,
    user: Uuid,
    kind: NotificationKind,
    record: &Record<R::Body>,
) -> NotificationRow {
    row_about(ctx, user, kind, (R::kind().as_str(), record.head.id.0))
}

/// A line about whatever it is, which has no key yet.
pub(super) fn row_about(
    ctx: &Context,
    user: Uuid,
    kind: NotificationKind,
    (subject, id): (&str, Uuid),
) -> NotificationRow {
    NotificationRow {
        id: Id(ctx.next_id()),
        user_id: Id(user),
        kind: kind.as_str().to_owned(),
        dedupe_key: String::new(),
        subject: subject.to_owned(),
        subject_id: Some(Id(id)),
        actor_id: None,
        due_at: None,
        reminded_for: None,
        stands_for: 1,
        in_inbox: true,
        created_at: Instant(ctx.now),
        shows_at: Instant(ctx.now),
        read_at: None,
    }
}
