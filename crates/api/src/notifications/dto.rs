//! Notifications, and what people choose about them, as they are sent and received.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::extract::optional::given;
use crate::extract::times::clearable_moment;
use crate::handover::HandoverCounts;
use crate::jobs::NotifiedJob;
use crate::records::list::PageInfo;
use crate::records::seen::SeenRecord;
use crate::records::view::NamedRef;

/// Something that the reader is told of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Notification)]
pub struct NotificationView {
    /// The id.
    pub id: Uuid,
    /// mentioned (somebody named you in a text), assigned (a record came to be yours), task_due (what you have to do has
    /// reached its reminder, or is due), opportunity_slow and opportunity_stale (an opportunity of yours has become yellow, or
    /// red), opportunity_escalated (one of somebody whose manager you are has been red for as long as the organisation
    /// waits), customer_release_soon (a rule is about to put a customer of yours into its pool), customer_released (a rule
    /// has), job_finished (a job of yours has ended) or handed_over (you take over what somebody had); more may come.
    #[schema(example = "assigned")]
    pub kind: String,
    /// When it came.
    pub created_at: DateTime<Utc>,
    /// When you read it.
    pub read_at: Option<DateTime<Utc>>,
    /// Until when you have put it off; null once it is back.
    pub snoozed_until: Option<DateTime<Utc>>,
    /// Whose doing it is, or, of opportunity_escalated, whose opportunity; null when it follows from a rule or from the clock.
    pub actor: Option<NamedRef>,
    /// customer, contact, lead, opportunity, activity, job or handover: what it is about.
    #[schema(example = "lead")]
    pub subject: String,
    /// The record that it is about, or that the activity is about.
    pub record: Option<SeenRecord>,
    /// The activity that names you, that you were given, or that is due.
    pub activity: Option<NotifiedActivity>,
    /// The job that has ended.
    pub job: Option<NotifiedJob>,
    /// What you have taken over, of handed_over.
    pub handover: Option<NotifiedHandover>,
    /// When it was due, of task_due; since when it is so, of opportunities that stand still; when the customer goes, the first
    /// of several, of customer_release_soon.
    pub due_at: Option<DateTime<Utc>>,
    /// How many it stands for: what batches and programs give you within ten minutes comes in one line, which shows the first.
    #[schema(minimum = 1, example = 1)]
    pub count: i32,
}

/// An activity that a notification is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NotifiedActivity {
    /// The id.
    pub id: Uuid,
    /// The subject; null when you do not see the activity any more, or it is gone.
    pub name: Option<String>,
}

/// A handover of which the reader has got something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NotifiedHandover {
    /// The id.
    pub id: Uuid,
    /// Whose it was.
    pub from: Option<NamedRef>,
    /// How much of it came to be yours.
    pub counts: HandoverCounts,
    /// Whether it has been undone since.
    pub is_undone: bool,
}

/// A page of notifications, newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct NotificationPage {
    /// The notifications.
    pub data: Vec<NotificationView>,
    /// Where the page ends.
    pub page: PageInfo,
    /// How many unread ones are in the inbox now; 100 stands for more than 99.
    #[schema(minimum = 0, maximum = 100)]
    pub unread: i64,
}

/// How many notifications wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct NotificationCount {
    /// How many unread ones are in the inbox now; 100 stands for more than 99.
    #[schema(minimum = 0, maximum = 100)]
    pub unread: i64,
    /// Whether these are the hours in which you want to be left alone.
    pub is_quiet: bool,
}

/// Which notifications.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct NotificationParams {
    /// What is to be seen now (`inbox`), what has been put off and is not back yet (`snoozed`), or `all`.
    #[param(pattern = "^(inbox|snoozed|all)$", default = "inbox", nullable = false)]
    pub state: Option<String>,
    /// Only what has not been read, or only what has.
    #[param(nullable = false)]
    pub unread: Option<bool>,
    /// Only this kind.
    #[param(
        pattern = "^(mentioned|assigned|task_due|opportunity_slow|opportunity_stale|opportunity_escalated|customer_release_soon|customer_released|job_finished|handed_over)$",
        nullable = false
    )]
    pub kind: Option<String>,
    /// How many at most.
    #[param(minimum = 1, maximum = 100, default = 25, nullable = false)]
    pub limit: Option<i64>,
    /// Where the page before ended.
    #[param(max_length = 2048, nullable = false)]
    pub cursor: Option<String>,
}

/// What may change of a notification.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({"snoozed_until": "2026-12-01T01:00:00Z"}))]
pub(super) struct UpdateNotification {
    /// Whether you have read it.
    #[serde(deserialize_with = "given")]
    #[schema(nullable = false)]
    pub is_read: Option<bool>,
    /// Puts it off, at most a year: it comes back unread, above the others. `null` brings it back at once.
    #[serde(deserialize_with = "clearable_moment")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub snoozed_until: Option<Option<DateTime<Utc>>>,
}

/// Which notifications have been read.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadNotifications {
    /// This one and all below it in the inbox.
    pub up_to: Uuid,
}

/// How many notifications were unread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct NotificationsRead {
    /// How many there were.
    #[schema(minimum = 0)]
    pub changed: usize,
}

// ---------------------------------------------------------------- settings

/// What you want to be told of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = NotificationSettings)]
pub struct NotificationSettingsView {
    /// By which ways, kind by kind.
    pub kinds: NotificationKinds,
    /// When you want to be left alone.
    pub quiet_hours: Option<QuietHoursDto>,
    /// How often you get what you have not read by e-mail: off, hourly or daily.
    #[schema(example = "daily")]
    pub digest: String,
    /// When the daily one comes.
    #[schema(example = "08:00")]
    pub digest_at: String,
    /// Whether this server sends e-mail at all.
    pub has_mail: bool,
    /// Starts at 1, one more with every change; the ETag.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
}

/// What you want to be told of from now on.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({"kinds": {"assigned": {"inbox": true, "digest": false}}, "quiet_hours": {"start": "22:00", "end": "08:00"}, "digest": "daily"}))]
pub(super) struct PutNotificationSettings {
    /// By which ways, kind by kind.
    pub kinds: NotificationKinds,
    /// When you want to be left alone, by the clock of your time zone.
    pub quiet_hours: Option<QuietHoursDto>,
    /// How often you get what you have not read by e-mail.
    #[schema(pattern = "^(off|hourly|daily)$", default = "off")]
    pub digest: String,
    /// When the daily one comes, by the clock of your time zone.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", default = "08:00")]
    pub digest_at: String,
}

impl Default for PutNotificationSettings {
    fn default() -> Self {
        Self {
            kinds: NotificationKinds::default(),
            quiet_hours: None,
            digest: "off".to_owned(),
            digest_at: "08:00".to_owned(),
        }
    }
}

/// By which ways somebody is told of each kind; what is left out comes by all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NotificationKinds {
    /// Somebody names you in a text.
    pub mentioned: NotificationWays,
    /// A record comes to be yours.
    pub assigned: NotificationWays,
    /// What you have to do reaches its reminder, or is due.
    pub task_due: NotificationWays,
    /// An opportunity of yours becomes yellow.
    pub opportunity_slow: NotificationWays,
    /// An opportunity of yours becomes red.
    pub opportunity_stale: NotificationWays,
    /// An opportunity of somebody whose manager you are stays red.
    pub opportunity_escalated: NotificationWays,
    /// A rule is about to put a customer of yours into its pool.
    pub customer_release_soon: NotificationWays,
    /// A rule has put a customer of yours into its pool.
    pub customer_released: NotificationWays,
    /// A job of yours has ended.
    pub job_finished: NotificationWays,
    /// You take over what somebody had.
    pub handed_over: NotificationWays,
}

/// By which ways somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NotificationWays {
    /// In the inbox.
    #[schema(default = true)]
    pub inbox: bool,
    /// In the e-mail.
    #[schema(default = true)]
    pub digest: bool,
}

impl Default for NotificationWays {
    fn default() -> Self {
        Self { inbox: true, digest: true }
    }
}

/// Hours of every day, over midnight where the end is the earlier one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QuietHours)]
pub struct QuietHoursDto {
    /// From then on.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "22:00")]
    pub start: String,
    /// Until then; another time than the start.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "08:00")]
    pub end: String,
}
