//! Tells people, by the clock, of what they have to do and of what stands still. Every node may look; everybody is told once.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use rapport_domain::access::{Action, Actor, Subject, Via, visibility};
use rapport_domain::context::Context;
use rapport_persistence::notification_settings::StoredWays;
use rapport_persistence::notifications::{NotificationRow, names_within, notification_insert, notifications_trim};
use rapport_persistence::reminders::{self, Due, Stretch, Watch, due_within, looked_at};
use rapport_persistence::types::{Id, Instant};
use rapport_persistence::users::user_find;
use rapport_persistence::{Db, Tx};

use super::settings::Chosen;
use super::telling::row_about;
use crate::auth::people::actor_of;
use crate::organisation::organisation;
use crate::problem::Problem;
use crate::state::App;

/// How often the clock is looked at.
const EVERY: Duration = Duration::from_secs(15);
/// How far back is looked again each time: somebody may have written a time that had passed when it could be seen.
const OVERLAP: TimeDelta = TimeDelta::minutes(10);
/// How far the place may lie behind while nothing is due.
const BEHIND: TimeDelta = TimeDelta::minutes(5);
/// Records that are told of in one transaction, which others wait for.
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
    let grace = app.store.read("grace_of_managers", |db| Ok::<_, Problem>(organisation(db)?.stale_grace_days)).await?;
    let grace_ends = now - TimeDelta::days(grace.unwrap_or(0).into());
    let mut told = 0;
    for look in [
        Look { watch: Watch::Tasks, until: now, is_told: true },
        Look { watch: Watch::Yellow, until: now, is_told: true },
        Look { watch: Watch::Red, until: now, is_told: true },
        // Where managers are not told, the place moves on, so that nobody hears of what is long past once they are.
        Look { watch: Watch::Managers, until: grace_ends, is_told: grace.is_some() },
    ] {
        told += look.follow(app).await?;
    }
    if told > 0 {
        app.events.hint();
    }
    Ok(told)
}

/// A look at the clock: for what, up to when, and whether anybody is to be told.
#[derive(Clone, Copy, Debug)]
struct Look {
    watch: Watch,
    until: DateTime<Utc>,
    is_told: bool,
}

/// What became of a part of a stretch.
struct Portion {
    told: usize,
    /// What is left of it.
    next: Option<Stretch>,
}

impl Look {
    async fn follow(self, app: &App) -> Result<usize, Problem> {
        let Some(mut stretch) = app.store.read("look_at_the_clock", move |db| self.stretch(db)).await? else {
            return Ok(0);
        };
        let mut told = 0;
        loop {
            let ctx = app.context_of(Actor::system());
            let portion = app.store.write("tell_what_is_due", move |tx| self.tell(tx, &ctx, stretch)).await?;
            told += portion.told;
            match portion.next {
                Some(next) => stretch = next,
                None => return Ok(told),
            }
        }
    }

    /// The time that is to be gone through; nothing when nobody waits in it and its beginning is near enough.
    fn stretch(self, db: &mut Db) -> Result<Option<Stretch>, Problem> {
        let Self { watch, until, .. } = self;
        let place = looked_at(db, watch)?.map(|place| place.0);
        // A clock that was ahead has been set back: its hours come again.
        let after = place.map_or(until, |place| place.min(until)) - OVERLAP;
        let stretch = Stretch { after, after_id: Uuid::nil(), until };
        let due = due_within(db, watch, stretch, PORTION)?;
        let is_far = place.is_none_or(|place| (until - place).abs() >= BEHIND);
        Ok((is_far || is_full(&due) || due.iter().any(|due| self.in_inbox(due).is_some())).then_some(stretch))
    }

    fn tell(self, tx: &mut Tx<'_>, ctx: &Context, stretch: Stretch) -> Result<Portion, Problem> {
        // Another node waits here, and then finds what this one has told.
        reminders::look(tx, self.watch, stretch.after.into())?;
        let due = due_within(tx, self.watch, stretch, PORTION)?;
        let last = due.last().filter(|_| is_full(&due));
        let next = last.map(|last| Stretch { after: last.at.0, after_id: last.id.0, ..stretch });
        let hidden = self.hidden(tx, &due)?;
        let mut told = 0;
        for due in due.iter().filter(|due| !hidden.contains(&(due.user_id, due.id))) {
            if let Some(in_inbox) = self.in_inbox(due) {
                told += usize::from(notification_insert(tx, &self.row_of(ctx, due, in_inbox))?);
            }
        }
        reminders::look(tx, self.watch, next.map_or(stretch.until, |next| next.after).into())?;
        Ok(Portion { told, next })
    }

    /// What others do not see of what is somebody's: a manager is not told of what is kept from them.
    fn hidden(self, tx: &mut Tx<'_>, due: &[Due]) -> Result<BTreeSet<(Id, Id)>, Problem> {
        let mut others: BTreeMap<Id, Vec<Uuid>> = BTreeMap::new();
        for due in due.iter().filter(|due| due.user_id != due.owner_id && self.in_inbox(due).is_some()) {
            others.entry(due.user_id).or_default().push(due.id.0);
        }
        let mut hidden = BTreeSet::new();
        for (user, ids) in others {
            let Some(person) = user_find(tx, user.0)? else { continue };
            let seen =
                visibility(&actor_of(tx, &person, Via::System)?, Subject::from(self.watch.subject()), Action::View);
            let seen: BTreeSet<Uuid> =
                names_within(tx, self.watch.subject(), &seen, &ids)?.into_iter().map(|(id, _)| id).collect();
            hidden.extend(ids.into_iter().filter(|id| !seen.contains(id)).map(|id| (user, Id(id))));
        }
        Ok(hidden)
    }

    /// Whether somebody is told in the inbox; `None` when they are not to be told, or do not want to know.
    fn in_inbox(self, due: &Due) -> Option<bool> {
        let kinds: BTreeMap<String, StoredWays> =
            due.kinds.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let chosen = Chosen::from_parts(kinds, due.digest.as_deref().unwrap_or_default());
        chosen.in_inbox(self.watch.kind()).filter(|_| self.is_told)
    }

    fn row_of(self, ctx: &Context, due: &Due, in_inbox: bool) -> NotificationRow {
        let (kind, subject) = (self.watch.kind(), self.watch.subject());
        NotificationRow {
            dedupe_key: format!("{kind}:{}:{}", due.id.0, due.at.0.timestamp_micros()),
            actor_id: Some(due.owner_id).filter(|owner| *owner != due.user_id),
            due_at: due.due_at,
            reminded_for: Some(due.at),
            in_inbox,
            ..row_about(ctx, due.user_id.0, kind, (subject.as_str(), due.id.0))
        }
    }
}

fn is_full(due: &[Due]) -> bool {
    i64::try_from(due.len()).is_ok_and(|found| found >= PORTION)
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
