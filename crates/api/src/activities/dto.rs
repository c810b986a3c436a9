//! Activities as they are sent and received.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use rapport_domain::activity::MAX_MINUTES;
use rapport_domain::kind::RecordKind;
use rapport_persistence::activities::{ActivityBody, StoredRepeat};
use rapport_persistence::record::{ExternalId, Record};

use super::attachments::AttachmentView;
use crate::extract::times::{optional_day, optional_moment};
use crate::records::batch::ExternalKey;
use crate::records::references::References;
use crate::records::view::{HeadView, NamedRef, named};

/// What can be written of an activity.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct CreateActivity {
    /// An id of your own choice (UUID), for apps that create offline.
    pub id: Option<Uuid>,
    /// What was done, or is to be done. It stays what it is.
    #[schema(value_type = String, required = true, pattern = "^(call|email|meeting|visit|message|note|task)$", example = "call")]
    pub kind: Option<String>,
    /// The subject; the beginning of the text, if left out.
    #[schema(max_length = 200, example = "电话沟通报价")]
    pub name: Option<String>,
    /// The text, in Markdown. `@[name](user:UUID)` names a colleague, who is told of it and must see the activity.
    #[schema(max_length = 20_000, example = "对 **二期** 很感兴趣，下周给报价。")]
    pub body: Option<String>,
    /// Who began a call, an e-mail or a message; we did, if left out.
    #[schema(pattern = "^(inbound|outbound)$")]
    pub direction: Option<String>,
    /// What came of it.
    #[schema(pattern = "^(reached|not_reached|left_message|interested|not_interested|wrong_number)$")]
    pub outcome: Option<String>,
    /// Whether it is done. A task, and what is only due, is open; the rest is done.
    #[schema(pattern = "^(open|done|cancelled)$")]
    pub status: Option<String>,
    /// How much it matters.
    #[schema(pattern = "^(low|normal|high)$", default = "normal")]
    pub priority: Option<String>,
    /// When it was done; now, if left out of something done. What is opened again loses it.
    #[serde(deserialize_with = "optional_moment")]
    pub happened_at: Option<DateTime<Utc>>,
    /// When it is to be done.
    #[serde(deserialize_with = "optional_moment")]
    pub due_at: Option<DateTime<Utc>>,
    /// When its owner is told that it is to be done; when it is due, if left out. A note has none.
    #[serde(deserialize_with = "optional_moment")]
    pub reminder_at: Option<DateTime<Utc>>,
    /// How long it took, or will.
    #[validate(range(min = 0, max = MAX_MINUTES))]
    #[schema(minimum = 0, maximum = 44_640)]
    pub duration_minutes: Option<i64>,
    /// What it is about: at most one record of each type, all of them visible to you.
    #[schema(max_items = 4)]
    pub about: Vec<AboutDto>,
    /// Who else took part.
    #[schema(max_items = 100)]
    pub participants: Vec<ParticipantDto>,
    /// Files that you have sent (`POST /files`), in the order in which they are shown; what is left out of them is taken out.
    #[schema(max_items = 20)]
    pub attachments: Vec<Uuid>,
    /// What comes next: an open task about the same records, made along with it.
    pub follow_up: Option<FollowUp>,
    /// When a task with a due date comes again: the next one is made when it is done.
    pub repeat: Option<RepeatDto>,
    /// Whose it is: who did it, or is to do it; you, if left out.
    pub owner_id: Option<Uuid>,
    /// Where it came from: a key of `/sources`.
    #[schema(max_length = 50)]
    pub source: Option<String>,
    /// Labels.
    #[schema(max_items = 50)]
    pub tags: Vec<String>,
    /// What other systems call it.
    #[schema(max_items = 20, value_type = Vec<ExternalKey>)]
    pub external_ids: Vec<ExternalId>,
}

/// A record that an activity is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AboutInput)]
pub struct AboutDto {
    /// customer, contact, lead or opportunity.
    #[serde(rename = "type")]
    #[schema(pattern = "^(customer|contact|lead|opportunity)$", example = "lead")]
    pub kind: String,
    /// The record.
    pub id: Uuid,
}

/// Somebody who took part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ParticipantInput)]
pub struct ParticipantDto {
    /// A contact, or a colleague.
    #[serde(rename = "type")]
    #[schema(pattern = "^(contact|user)$", example = "contact")]
    pub kind: String,
    /// Who.
    pub id: Uuid,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FollowUp {
    /// When it is to be done.
    pub due_at: DateTime<Utc>,
    /// What; the subject of what it follows, if left out.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub name: Option<String>,
}

/// When a task comes again, from when it is first due on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Repeat)]
pub struct RepeatDto {
    /// The step; a month without the day has its last one.
    #[schema(pattern = "^(day|week|month|year)$", example = "week")]
    pub every: String,
    /// Every so many of them.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 99, default = 1)]
    pub interval: i64,
    /// The last day on which it may be due; for ever, if left out.
    #[serde(default, deserialize_with = "optional_day")]
    pub until: Option<NaiveDate>,
}

fn one() -> i64 {
    1
}

/// A record or a person that an activity names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ActivityParty {
    /// customer, contact, lead, opportunity or user.
    #[serde(rename = "type")]
    #[schema(example = "lead")]
    pub kind: String,
    /// The id.
    pub id: Uuid,
    /// The name, while there is one.
    pub name: Option<String>,
}

/// What was done, or is to be done.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Activity)]
#[expect(missing_docs, reason = "as in CreateActivity")]
pub struct ActivityView {
    #[serde(flatten)]
    pub head: HeadView,
    /// call, email, meeting, visit, message, note or task.
    #[schema(example = "call")]
    pub kind: String,
    /// open, done or cancelled.
    #[schema(example = "done")]
    pub status: String,
    /// low, normal or high.
    #[schema(example = "normal")]
    pub priority: String,
    pub body: Option<String>,
    pub direction: Option<String>,
    pub outcome: Option<String>,
    pub happened_at: Option<DateTime<Utc>>,
    pub due_at: Option<DateTime<Utc>>,
    pub reminder_at: Option<DateTime<Utc>>,
    pub duration_minutes: Option<i64>,
    pub about: Vec<ActivityParty>,
    pub participants: Vec<ActivityParty>,
    /// Colleagues whom the text names, by the names they have now.
    pub mentions: Vec<NamedRef>,
    /// Files that are attached.
    pub attachments: Vec<AttachmentView>,
    pub repeat: Option<RepeatDto>,
    /// The task that came after it, of one that comes again.
    pub next_id: Option<Uuid>,
}

impl RepeatDto {
    fn of(stored: &StoredRepeat) -> Self {
        Self { every: stored.every.clone(), interval: stored.interval.into(), until: stored.until }
    }
}

impl CreateActivity {
    /// The writable fields of an activity as they are.
    pub(super) fn of(record: &Record<ActivityBody>) -> Self {
        let (head, body, profile) = (&record.head, &record.body, &record.body.profile.0);
        let participants = profile.participants.iter();
        Self {
            id: None,
            kind: Some(body.kind.clone()),
            name: Some(head.name.clone()),
            body: profile.body.clone(),
            direction: profile.direction.clone(),
            outcome: profile.outcome.clone(),
            status: Some(body.status.clone()),
            priority: Some(body.priority.clone()),
            happened_at: body.happened_at.map(Into::into),
            due_at: body.due_at.map(Into::into),
            reminder_at: body.reminder_at.map(Into::into),
            duration_minutes: profile.duration_minutes,
            about: body.about().into_iter().map(|(kind, id)| AboutDto { kind: kind.as_str().to_owned(), id }).collect(),
            participants: participants.map(|who| ParticipantDto { kind: who.kind.clone(), id: who.id }).collect(),
            attachments: profile.attachments.iter().map(|file| file.id).collect(),
            follow_up: None,
            repeat: profile.repeat.as_ref().map(RepeatDto::of),
            owner_id: head.owner_id.map(Into::into),
            source: head.source.clone(),
            tags: head.tags.0.clone(),
            external_ids: head.extras.0.external_ids.clone(),
        }
    }
}

impl ActivityView {
    pub(super) fn of(record: &Record<ActivityBody>, head: HeadView, references: &References) -> Self {
        let (body, profile) = (&record.body, &record.body.profile.0);
        let party = |kind: &str, id: Uuid| ActivityParty {
            kind: kind.to_owned(),
            id,
            name: references.name(id).map(str::to_owned),
        };
        Self {
            head,
            kind: body.kind.clone(),
            status: body.status.clone(),
            priority: body.priority.clone(),
            body: profile.body.clone(),
            direction: profile.direction.clone(),
            outcome: profile.outcome.clone(),
            happened_at: body.happened_at.map(Into::into),
            due_at: body.due_at.map(Into::into),
            reminder_at: body.reminder_at.map(Into::into),
            duration_minutes: profile.duration_minutes,
            about: body.about().into_iter().map(|(kind, id)| party(RecordKind::as_str(kind), id)).collect(),
            participants: profile.participants.iter().map(|who| party(&who.kind, who.id)).collect(),
            mentions: profile.mentions.iter().filter_map(|id| named(Some(*id), references)).collect(),
            attachments: profile.attachments.iter().map(AttachmentView::of).collect(),
            repeat: profile.repeat.as_ref().map(RepeatDto::of),
            next_id: profile.next_id,
        }
    }
}
