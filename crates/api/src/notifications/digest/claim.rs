//! Whose turn it is, and what is written about it: all that touches the database, in two short transactions around the sending.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use rapport_domain::access::Via;
use rapport_domain::context::{Context, Locale};
use rapport_domain::notification::{Digest, NotificationKind, QuietHours, parse_time};
use rapport_persistence::Tx;
use rapport_persistence::digests::{DigestRow, Untold, digest_forget, digest_lines, digest_plan, digest_replace};
use rapport_persistence::notification_settings::notification_settings_find;
use rapport_persistence::types::{Id, Instant};
use rapport_persistence::users::{UserRow, user_find};

use super::SETTLING;
use super::letter::{self, Letter, MOST_LINES};
use crate::auth::people::actor_of;
use crate::mail::Failure;
use crate::notifications::settings::{Chosen, hours_of};
use crate::problem::Problem;
use crate::state::App;

/// How long after each failure it is tried again, in minutes; after the last one it is given up, for about a day in all.
const PAUSES: [i64; 7] = [1, 5, 15, 60, 180, 360, 720];
/// How long whoever's mail was refused is left alone at least.
const REFUSED: TimeDelta = TimeDelta::hours(18);

/// A mail that this node alone may send for now.
pub(super) struct Claimed {
    pub(super) row: DigestRow,
    pub(super) letter: Letter,
    /// The same for every attempt.
    pub(super) id: Uuid,
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Settled {
    Sent,
    Retried,
    GivenUp,
}

impl Settled {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Retried => "retried",
            Self::GivenUp => "given_up",
        }
    }
}

/// Somebody who wants digests, and when.
struct Reader {
    user: UserRow,
    zone: Tz,
    digest: Digest,
    at: NaiveTime,
    quiet: Option<QuietHours>,
    kinds: Vec<&'static str>,
}

impl Reader {
    /// `None` when they want none.
    fn find(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Self>, Problem> {
        let (Some(user), Some(row)) = (user_find(tx, id)?, notification_settings_find(tx, id)?) else {
            return Ok(None);
        };
        let (Some(digest), Some(at)) = (Digest::parse(&row.digest), parse_time(&row.digest_at)) else {
            return Ok(None);
        };
        let chosen = Chosen::of(Some(&row));
        let kinds = NotificationKind::ALL.iter().filter(|kind| chosen.in_digest(**kind)).map(|kind| kind.as_str());
        let (zone, kinds) = (user.time_zone.parse().unwrap_or(Tz::UTC), kinds.collect());
        let reader = Self { user, zone, digest, at, quiet: hours_of(&row), kinds };
        Ok(Some(reader).filter(|reader| reader.digest != Digest::Off))
    }

    fn next(&self, moment: DateTime<Utc>) -> Instant {
        let next = self.digest.next(self.at, self.zone, moment);
        Instant(next.unwrap_or_else(|| moment + TimeDelta::days(1)))
    }

    /// The next one after one that has just been sent, perhaps late: not right after it.
    fn next_after_mail(&self, now: DateTime<Utc>) -> Instant {
        self.next(match self.digest {
            Digest::Hourly => now + TimeDelta::minutes(50),
            Digest::Daily | Digest::Off => now + TimeDelta::hours(6),
        })
    }

    fn context(&self, tx: &mut Tx<'_>, app: &App) -> Result<Context, Problem> {
        let context = app.context_of(actor_of(tx, &self.user, Via::System)?);
        Ok(Context { locale: Locale::parse(&self.user.language).unwrap_or_default(), zone: self.zone, ..context })
    }
}

/// Takes somebody's next digest over, unless another node has, or there is none now: they have chosen otherwise, want to be
/// left alone, or there is nothing to tell.
///
/// # Errors
/// When the database fails.
pub(super) fn claim(
    tx: &mut Tx<'_>,
    app: &App,
    row: &DigestRow,
    lease: TimeDelta,
    origin: &str,
) -> Result<Option<Claimed>, Problem> {
    let Some(reader) = Reader::find(tx, row.user_id.0)? else {
        digest_forget(tx, row.user_id.0)?;
        return Ok(None);
    };
    let ctx = reader.context(tx, app)?;
    let now = ctx.now;
    if let Some(later) = postponed(&reader, row, now) {
        digest_replace(tx, row, &later)?;
        return Ok(None);
    }
    let until = row.mail_until.map_or(now - SETTLING, |until| until.0);
    let untold = Untold { user: row.user_id.0, kinds: reader.kinds.clone(), after: row.told_until.0, until };
    let rows = digest_lines(tx, &untold, MOST_LINES + 1)?;
    let Some(letter) = letter::write(tx, &ctx, &reader.user, &rows, origin)? else {
        digest_replace(
            tx,
            row,
            &DigestRow { told_until: row.told_until.max(Instant(until)), ..rested(row, reader.next(now)) },
        )?;
        return Ok(None);
    };
    let id = row.mail_id.unwrap_or_else(|| Id(ctx.next_id()));
    let claimed = DigestRow {
        due_at: Instant(now + lease),
        mail_id: Some(id),
        mail_until: Some(Instant(until)),
        attempts: row.attempts + 1,
        ..*row
    };
    Ok(digest_replace(tx, row, &claimed)?.then_some(Claimed { row: claimed, letter, id: id.0 }))
}

/// The row of somebody whose turn it is not after all.
fn postponed(reader: &Reader, row: &DigestRow, now: DateTime<Utc>) -> Option<DigestRow> {
    if !reader.user.is_active {
        return Some(rested(row, reader.next(now)));
    }
    // Whoever had it failed without a word, again and again.
    if pause(row.attempts).is_none() {
        return Some(rested(row, reader.next(now + REFUSED)));
    }
    let end = reader.quiet.and_then(|quiet| quiet.end_after(now, reader.zone))?;
    Some(DigestRow { due_at: Instant(end), ..*row })
}

/// A row with nothing under way.
fn rested(row: &DigestRow, due_at: Instant) -> DigestRow {
    DigestRow { due_at, mail_id: None, mail_until: None, attempts: 0, ..*row }
}

/// How long to wait after this many attempts; `None` when there have been enough.
fn pause(attempts: i32) -> Option<TimeDelta> {
    let failures = usize::try_from(attempts).unwrap_or_default();
    match failures.checked_sub(1) {
        None => Some(TimeDelta::zero()),
        Some(failed) => PAUSES.get(failed).map(|minutes| TimeDelta::minutes(*minutes)),
    }
}

/// Writes what became of a claimed mail.
///
/// # Errors
/// When the database fails.
pub(super) fn settle(
    tx: &mut Tx<'_>,
    now: DateTime<Utc>,
    row: &DigestRow,
    result: Result<(), Failure>,
) -> Result<Settled, Problem> {
    let again = pause(row.attempts).filter(|_| !matches!(result, Err(Failure::Refused(_))));
    let settled = match (result, again) {
        (Ok(()), _) => Settled::Sent,
        (Err(_), Some(_)) => Settled::Retried,
        (Err(_), None) => Settled::GivenUp,
    };
    // Whoever has chosen to get none meanwhile has no row any more.
    let Some(reader) = Reader::find(tx, row.user_id.0)? else { return Ok(settled) };
    let after = match settled {
        Settled::Sent => {
            let told_until = row.mail_until.unwrap_or(row.told_until);
            DigestRow { told_until, ..rested(row, reader.next_after_mail(now)) }
        }
        Settled::Retried => DigestRow { due_at: Instant(now + again.unwrap_or_default()), ..*row },
        Settled::GivenUp => rested(row, reader.next(now + REFUSED)),
    };
    digest_replace(tx, row, &after)?;
    Ok(settled)
}

/// Plans somebody's next digest anew: they have chosen otherwise, or their clock is another one.
///
/// # Errors
/// When the database fails.
pub(crate) fn replan(tx: &mut Tx<'_>, user: Uuid, now: DateTime<Utc>) -> Result<(), Problem> {
    match Reader::find(tx, user)? {
        Some(reader) => digest_plan(tx, user, Instant(now), reader.next(now))?,
        None => digest_forget(tx, user)?,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end() {
        let pauses: Vec<_> = (1..=PAUSES.len() + 1).map(|n| pause(i32::try_from(n).unwrap_or_default())).collect();
        assert!(
            pauses.windows(2).all(|two| matches!(two, [Some(a), Some(b)] if a < b) || matches!(two, [Some(_), None]))
        );
        assert_eq!((pause(0), pauses.last()), (Some(TimeDelta::zero()), Some(&None)));
    }
}
