//! What people want to be told of.

use std::collections::BTreeMap;

use rapport_domain::context::Context;
use rapport_domain::notification::{Digest, NotificationKind, QuietHours, parse_time};
use rapport_persistence::notification_settings::{
    NotificationSettingsRow, StoredHours, StoredWays, notification_settings_find, notification_settings_insert,
    notification_settings_update,
};
use rapport_persistence::types::{Id, Instant, Json};
use rapport_persistence::{Db, StoreError, Tx};

use super::digest;
use super::dto::{
    NotificationKinds, NotificationSettingsView, NotificationWays, PutNotificationSettings, QuietHoursDto,
};
use crate::config::Config;
use crate::problem::{Code, Problem};
use crate::records::fields::Faults;
use crate::records::reply::Reply;

/// The version of what nobody has changed yet.
const FIRST: i64 = 1;

/// By which ways somebody is told, as far as that decides whether there is a line at all.
#[derive(Clone, Debug)]
pub(super) struct Chosen {
    kinds: BTreeMap<String, StoredWays>,
    has_digest: bool,
}

impl Chosen {
    /// What a row says; without one it is as it comes.
    pub(super) fn of(row: Option<&NotificationSettingsRow>) -> Self {
        let (kinds, digest) = row.map(|row| (row.kinds.0.clone(), row.digest.as_str())).unwrap_or_default();
        Self::from_parts(kinds, digest)
    }

    /// The same from its parts, as they are stored.
    pub(super) fn from_parts(kinds: BTreeMap<String, StoredWays>, digest: &str) -> Self {
        let has_digest = Digest::parse(digest).is_some_and(|digest| digest != Digest::Off);
        Self { kinds, has_digest }
    }

    /// Whether a line of a kind stands in the digest, if there is one.
    pub(super) fn in_digest(&self, kind: NotificationKind) -> bool {
        self.kinds.get(kind.as_str()).is_none_or(|ways| ways.digest)
    }

    /// Whether a line of a kind is shown in the inbox; `None` when there is to be no line.
    pub(super) fn in_inbox(&self, kind: NotificationKind) -> Option<bool> {
        let ways = self.kinds.get(kind.as_str()).copied().unwrap_or(StoredWays { inbox: true, digest: true });
        (ways.inbox || (ways.digest && self.has_digest)).then_some(ways.inbox)
    }
}

/// What a server can do about what is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ways {
    /// It sends e-mail.
    WithMail,
    /// It shows what there is on the page only.
    PageOnly,
}

impl Ways {
    /// What the settings say.
    pub(super) fn of(config: &Config) -> Self {
        if config.mail.url.is_some() { Self::WithMail } else { Self::PageOnly }
    }
}

/// What the caller has chosen.
///
/// # Errors
/// When the database fails.
pub(super) fn get(db: &mut Db, ctx: &Context, ways: Ways) -> Result<Reply, Problem> {
    let found = notification_settings_find(db, ctx.actor.user_id)?;
    let view = view(found.as_ref(), ways);
    let version = view.version;
    Ok(Reply { version: Some(version), ..Reply::ok(&view)? })
}

/// Replaces what the caller has chosen.
///
/// # Errors
/// Every fault of the input; 412 when it is no longer what it was.
pub(super) fn put(
    tx: &mut Tx<'_>,
    ctx: &Context,
    ways: Ways,
    expected: Option<i64>,
    input: &PutNotificationSettings,
) -> Result<Reply, Problem> {
    let found = notification_settings_find(tx, ctx.actor.user_id)?;
    let now = found.as_ref().map_or(FIRST, |row| row.version);
    if expected.is_some_and(|expected| expected != now) {
        let current = serde_json::to_value(view(found.as_ref(), ways)).unwrap_or_default();
        return Err(Problem::new(Code::VersionConflict).with("current", current));
    }
    let row = row_of(ctx, input, now + 1)?;
    let written = match &found {
        Some(_) => notification_settings_update(tx, &row, now),
        None => notification_settings_insert(tx, &row),
    };
    written.map_err(again)?;
    // What is due stays so when only something else has been changed.
    if found.is_none_or(|found| (found.digest, found.digest_at) != (row.digest.clone(), row.digest_at.clone())) {
        digest::replan(tx, ctx.actor.user_id, ctx.now)?;
    }
    Ok(Reply { version: Some(row.version), ..Reply::ok(&view(Some(&row), ways))? })
}

/// Another request was faster since it was read: this one runs again, and looks at the version anew.
fn again(error: StoreError) -> StoreError {
    match error {
        StoreError::Stale | StoreError::Unique(_) => StoreError::Retry,
        other => other,
    }
}

/// Whether these are hours in which somebody wants to be left alone.
///
/// # Errors
/// When the database fails.
pub(super) fn is_quiet(db: &mut Db, ctx: &Context) -> Result<bool, Problem> {
    let found = notification_settings_find(db, ctx.actor.user_id)?;
    Ok(found.and_then(|row| hours_of(&row)).is_some_and(|hours| hours.cover(ctx.now, ctx.zone)))
}

/// When somebody wants to be left alone.
pub(super) fn hours_of(row: &NotificationSettingsRow) -> Option<QuietHours> {
    let stored = &row.quiet_hours.as_ref()?.0;
    QuietHours::new(parse_time(&stored.start)?, parse_time(&stored.end)?)
}

fn row_of(ctx: &Context, input: &PutNotificationSettings, version: i64) -> Result<NotificationSettingsRow, Problem> {
    let mut faults = Faults::default();
    faults.word("/digest", Some(&input.digest), Digest::parse);
    faults.word("/digest_at", Some(&input.digest_at), parse_time);
    let quiet_hours = input.quiet_hours.as_ref().map(|hours| read_hours(&mut faults, hours));
    faults.finish()?;
    let kinds = [
        (NotificationKind::Mentioned, input.kinds.mentioned),
        (NotificationKind::Assigned, input.kinds.assigned),
        (NotificationKind::TaskDue, input.kinds.task_due),
        (NotificationKind::OpportunitySlow, input.kinds.opportunity_slow),
        (NotificationKind::OpportunityStale, input.kinds.opportunity_stale),
        (NotificationKind::OpportunityEscalated, input.kinds.opportunity_escalated),
        (NotificationKind::CustomerReleaseSoon, input.kinds.customer_release_soon),
        (NotificationKind::CustomerReleased, input.kinds.customer_released),
        (NotificationKind::JobFinished, input.kinds.job_finished),
        (NotificationKind::HandedOver, input.kinds.handed_over),
    ];
    let stored = |ways: NotificationWays| StoredWays { inbox: ways.inbox, digest: ways.digest };
    Ok(NotificationSettingsRow {
        user_id: Id(ctx.actor.user_id),
        kinds: Json(kinds.into_iter().map(|(kind, ways)| (kind.as_str().to_owned(), stored(ways))).collect()),
        quiet_hours: quiet_hours.map(Json),
        digest: input.digest.clone(),
        digest_at: input.digest_at.clone(),
        version,
        updated_at: Instant(ctx.now),
    })
}

fn read_hours(faults: &mut Faults, hours: &QuietHoursDto) -> StoredHours {
    let start = faults.word("/quiet_hours/start", Some(&hours.start), parse_time);
    let end = faults.word("/quiet_hours/end", Some(&hours.end), parse_time);
    if let (Some(start), Some(end)) = (start, end)
        && QuietHours::new(start, end).is_none()
    {
        faults.add("/quiet_hours/end", Code::InvalidValue);
    }
    StoredHours { start: hours.start.clone(), end: hours.end.clone() }
}

fn view(row: Option<&NotificationSettingsRow>, ways: Ways) -> NotificationSettingsView {
    let has_mail = ways == Ways::WithMail;
    let Some(row) = row else {
        let PutNotificationSettings { kinds, quiet_hours, digest, digest_at } = PutNotificationSettings::default();
        return NotificationSettingsView { kinds, quiet_hours, digest, digest_at, has_mail, version: FIRST };
    };
    let chosen = |kind: NotificationKind| {
        let stored = row.kinds.0.get(kind.as_str());
        stored
            .map_or_else(NotificationWays::default, |ways| NotificationWays { inbox: ways.inbox, digest: ways.digest })
    };
    let hours = row.quiet_hours.as_ref().map(|hours| &hours.0);
    NotificationSettingsView {
        kinds: NotificationKinds {
            mentioned: chosen(NotificationKind::Mentioned),
            assigned: chosen(NotificationKind::Assigned),
            task_due: chosen(NotificationKind::TaskDue),
            opportunity_slow: chosen(NotificationKind::OpportunitySlow),
            opportunity_stale: chosen(NotificationKind::OpportunityStale),
            opportunity_escalated: chosen(NotificationKind::OpportunityEscalated),
            customer_release_soon: chosen(NotificationKind::CustomerReleaseSoon),
            customer_released: chosen(NotificationKind::CustomerReleased),
            job_finished: chosen(NotificationKind::JobFinished),
            handed_over: chosen(NotificationKind::HandedOver),
        },
        quiet_hours: hours.map(|hours| QuietHoursDto { start: hours.start.clone(), end: hours.end.clone() }),
        digest: row.digest.clone(),
        digest_at: row.digest_at.clone(),
        has_mail,
        version: row.version,
    }
}
