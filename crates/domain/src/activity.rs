//! Activities: what was done and what is to be done, and when.

use chrono::{DateTime, Duration, Utc};

use crate::mention::plain;
use crate::text_enum::text_enum;

text_enum! {
    /// What somebody did, or is to do.
    pub enum ActivityKind {
        /// Speaking by phone.
        Call = "call",
        /// A letter by e-mail.
        Email = "email",
        /// Meeting, here or by video.
        Meeting = "meeting",
        /// Going there.
        Visit = "visit",
        /// A message by WeChat, SMS and the like.
        Message = "message",
        /// Something worth knowing.
        Note = "note",
        /// Anything else to be done.
        Task = "task",
    }
}

text_enum! {
    /// Whether it is done.
    pub enum ActivityStatus {
        /// Planned.
        Open = "open",
        /// Done.
        Done = "done",
        /// Will not be done.
        Cancelled = "cancelled",
    }
}

text_enum! {
    /// How much it matters.
    pub enum Priority {
        /// Can wait.
        Low = "low",
        /// As usual.
        Normal = "normal",
        /// First.
        High = "high",
    }
}

text_enum! {
    /// Who began it.
    pub enum Direction {
        /// They did.
        Inbound = "inbound",
        /// We did.
        Outbound = "outbound",
    }
}

text_enum! {
    /// What came of it.
    pub enum Outcome {
        /// They were reached.
        Reached = "reached",
        /// They were not.
        NotReached = "not_reached",
        /// They will find a message.
        LeftMessage = "left_message",
        /// They want to know more.
        Interested = "interested",
        /// They do not.
        NotInterested = "not_interested",
        /// It was somebody else.
        WrongNumber = "wrong_number",
    }
}

/// The longest an activity takes, in minutes: a month.
pub const MAX_MINUTES: i64 = 31 * 24 * 60;
/// How far off something may be planned, or have happened.
const HORIZON: Duration = Duration::days(50 * 366);
/// How far the clock of an app may be ahead.
const SKEW: Duration = Duration::minutes(10);

/// What a request says about when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Planned {
    /// Whether it is done.
    pub status: Option<ActivityStatus>,
    /// When it was done.
    pub happened_at: Option<DateTime<Utc>>,
    /// When it is to be done.
    pub due_at: Option<DateTime<Utc>>,
}

/// When something was done or is to be done; as it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// Whether it is done.
    pub status: ActivityStatus,
    /// When it was done: set exactly while it is.
    pub happened_at: Option<DateTime<Utc>>,
    /// When it is to be done.
    pub due_at: Option<DateTime<Utc>>,
}

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActivityError {
    /// A note is what it is.
    #[error("a note is neither planned nor cancelled")]
    NoteIsDone,
    /// It cannot have been done yet.
    #[error("happened_at lies ahead")]
    NotYet,
    /// A note is nothing to be reminded of.
    #[error("a note has no reminder")]
    NoteReminds,
    /// Nobody plans that far.
    #[error("{field} is more than fifty years away")]
    TooFar {
        /// The name of the field.
        field: &'static str,
    },
}

impl ActivityError {
    /// The field at fault.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::NoteIsDone => "status",
            Self::NotYet => "happened_at",
            Self::NoteReminds => "reminder_at",
            Self::TooFar { field } => field,
        }
    }
}

impl ActivityKind {
    /// Whether one side begins it.
    #[must_use]
    pub const fn has_direction(self) -> bool {
        matches!(self, Self::Call | Self::Email | Self::Message)
    }

    /// Whether having done it means having been in touch.
    #[must_use]
    pub const fn is_contact(self) -> bool {
        !matches!(self, Self::Note | Self::Task)
    }
}

impl Timing {
    /// Settles when: what is said to have happened is done, what is only planned is open, a note is always done, and what
    /// is done without a time was done `now`. What is open again has not happened.
    ///
    /// # Errors
    /// What contradicts itself, or is out of reach.
    pub fn settle(kind: ActivityKind, planned: Planned, now: DateTime<Utc>) -> Result<Self, ActivityError> {
        let status = planned.status.unwrap_or_else(|| default_status(kind, planned));
        if kind == ActivityKind::Note && status != ActivityStatus::Done {
            return Err(ActivityError::NoteIsDone);
        }
        let is_far = |at: Option<DateTime<Utc>>| at.is_some_and(|at| is_far(at, now));
        if is_far(planned.due_at) {
            return Err(ActivityError::TooFar { field: "due_at" });
        }
        if is_far(planned.happened_at) {
            return Err(ActivityError::TooFar { field: "happened_at" });
        }
        let happened_at = (status == ActivityStatus::Done).then(|| planned.happened_at.unwrap_or(now));
        if happened_at.is_some_and(|at| at > now + SKEW) {
            return Err(ActivityError::NotYet);
        }
        Ok(Self { status, happened_at, due_at: planned.due_at })
    }

    /// When its owner is to be reminded of an activity; when it is due, if that is not said.
    ///
    /// # Errors
    /// Of a note, and out of reach.
    pub fn settle_reminder(
        kind: ActivityKind,
        reminder_at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, ActivityError> {
        match reminder_at {
            Some(_) if kind == ActivityKind::Note => Err(ActivityError::NoteReminds),
            Some(at) if is_far(at, now) => Err(ActivityError::TooFar { field: "reminder_at" }),
            other => Ok(other),
        }
    }

    /// Where it stands in a timeline.
    #[must_use]
    pub fn at(&self) -> Option<DateTime<Utc>> {
        self.happened_at.or(self.due_at)
    }
}

fn is_far(at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    (at - now).abs() > HORIZON
}

fn default_status(kind: ActivityKind, planned: Planned) -> ActivityStatus {
    let is_planned = planned.happened_at.is_none() && (kind == ActivityKind::Task || planned.due_at.is_some());
    if is_planned && kind != ActivityKind::Note { ActivityStatus::Open } else { ActivityStatus::Done }
}

/// Whether something done is an answer to somebody who asked: we were in touch, and they did not begin it.
#[must_use]
pub fn is_response(kind: ActivityKind, direction: Option<Direction>, status: ActivityStatus) -> bool {
    status == ActivityStatus::Done && kind.is_contact() && direction != Some(Direction::Inbound)
}

/// The name of an activity that was given none: the beginning of its text.
#[must_use]
pub fn name_from(body: &str, max: usize) -> Option<String> {
    let body = plain(body);
    let line = body.lines().map(|line| line.trim_start_matches(['#', '>', '-', '*', ' ']).trim());
    let line = line.into_iter().find(|line| !line.is_empty())?;
    if line.chars().count() <= max {
        return Some(line.to_owned());
    }
    let mut short: String = line.chars().take(max.saturating_sub(1)).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    Some(short)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use chrono::TimeZone as _;

    use super::*;

    fn now() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 11, 26, 9, 0, 0).unwrap()
    }

    fn settle(kind: ActivityKind, planned: Planned) -> Result<Timing, ActivityError> {
        Timing::settle(kind, planned, now())
    }

    #[test]
    fn what_happened_is_done_and_what_is_planned_is_open() {
        let (hour, day) = (now() - Duration::hours(1), now() + Duration::days(1));
        let call = settle(ActivityKind::Call, Planned { happened_at: Some(hour), ..Planned::default() }).unwrap();
        assert_eq!((call.status, call.at()), (ActivityStatus::Done, Some(hour)));
        let logged = settle(ActivityKind::Email, Planned::default()).unwrap();
        assert_eq!((logged.status, logged.happened_at), (ActivityStatus::Done, Some(now())));
        let meeting = settle(ActivityKind::Meeting, Planned { due_at: Some(day), ..Planned::default() }).unwrap();
        assert_eq!((meeting.status, meeting.happened_at, meeting.at()), (ActivityStatus::Open, None, Some(day)));
        let task = settle(ActivityKind::Task, Planned::default()).unwrap();
        assert_eq!((task.status, task.at()), (ActivityStatus::Open, None));
    }

    #[test]
    fn whatever_is_to_be_done_has_a_reminder_and_a_note_has_none() {
        let day = Some(now() + Duration::days(1));
        let settle = |kind, at| Timing::settle_reminder(kind, at, now());
        assert_eq!(settle(ActivityKind::Task, day), Ok(day));
        assert_eq!(settle(ActivityKind::Meeting, None), Ok(None));
        assert_eq!(settle(ActivityKind::Note, None), Ok(None));
        assert_eq!(settle(ActivityKind::Note, day), Err(ActivityError::NoteReminds));
        let far = Some(now() + Duration::days(60 * 366));
        assert_eq!(settle(ActivityKind::Task, far).map_err(ActivityError::field), Err("reminder_at"));
    }

    #[test]
    fn what_is_opened_again_has_not_happened() {
        let again = Planned { status: Some(ActivityStatus::Open), happened_at: Some(now()), due_at: None };
        assert_eq!(settle(ActivityKind::Task, again).unwrap().happened_at, None);
        let done = Planned { status: Some(ActivityStatus::Done), ..Planned::default() };
        assert_eq!(settle(ActivityKind::Task, done).unwrap().happened_at, Some(now()));
    }

    #[test]
    fn notes_are_done_nothing_happened_tomorrow_and_nobody_plans_for_9999() {
        let open = Planned { status: Some(ActivityStatus::Open), ..Planned::default() };
        assert_eq!(settle(ActivityKind::Note, open), Err(ActivityError::NoteIsDone));
        let tomorrow = Some(now() + Duration::days(1));
        let early = Planned { happened_at: tomorrow, ..Planned::default() };
        assert_eq!(settle(ActivityKind::Call, early), Err(ActivityError::NotYet));
        let far = Some(Utc.with_ymd_and_hms(9999, 12, 31, 0, 0, 0).unwrap());
        let far_due = settle(ActivityKind::Task, Planned { due_at: far, ..Planned::default() });
        assert_eq!(far_due, Err(ActivityError::TooFar { field: "due_at" }));
        assert_eq!(
            settle(ActivityKind::Note, Planned { due_at: tomorrow, ..Planned::default() }).unwrap().status,
            ActivityStatus::Done
        );
    }

    #[test]
    fn only_what_we_did_is_a_response() {
        let done = ActivityStatus::Done;
        assert!(is_response(ActivityKind::Call, Some(Direction::Outbound), done));
        assert!(is_response(ActivityKind::Visit, None, done));
        assert!(!is_response(ActivityKind::Call, Some(Direction::Inbound), done));
        assert!(!is_response(ActivityKind::Call, Some(Direction::Outbound), ActivityStatus::Open));
        assert!(!is_response(ActivityKind::Note, None, done));
    }

    #[test]
    fn names_are_the_first_line_without_its_marks() {
        assert_eq!(name_from("\n## 电话回访\n很感兴趣", 20).as_deref(), Some("电话回访"));
        assert_eq!(name_from("abcdef", 4).as_deref(), Some("abc…"));
        assert_eq!(name_from(" \n", 4), None);
    }
}
