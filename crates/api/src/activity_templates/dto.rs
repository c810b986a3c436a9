//! Templates of activities, as they are sent and shown.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use rapport_persistence::activity_templates::ActivityTemplateRow;

use crate::activities::{AboutDto, FollowUp};
use crate::openapi::derived::update_of;

/// A new template. In subject, text and name of what follows, `{{customer.name}}`, `{{contact.name}}`, `{{lead.name}}`,
/// `{{lead.company_name}}`, `{{opportunity.name}}`, `{{user.name}}` and `{{today}}` are filled when it is used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({
    "name": "首次回访", "is_shared": true, "kind": "call", "subject": "回访 {{customer.name}}",
    "body": "- 使用情况\n- 下一步", "duration_minutes": 15, "follow_up_days": 7, "follow_up_name": "再次联系 {{contact.name}}"
}))]
pub(crate) struct CreateActivityTemplate {
    /// Its name; no two of yours share one, nor do two of everybody's.
    #[schema(required = true, min_length = 1, max_length = 100, example = "首次回访")]
    pub name: String,
    /// Whether it is everybody's, which takes the right to configure, or yours alone. It stays what it is.
    #[schema(default = false)]
    pub is_shared: bool,
    /// The place among the others, from 0; at the end if not told.
    #[schema(minimum = 0, maximum = 1000)]
    pub position: Option<i32>,
    /// What kind of activity it makes.
    #[schema(required = true, pattern = "^(call|email|meeting|visit|message|note|task)$", example = "call")]
    pub kind: String,
    /// The subject.
    #[schema(max_length = 200, example = "回访 {{customer.name}}")]
    pub subject: Option<String>,
    /// The text, in Markdown.
    #[schema(max_length = 10_000)]
    pub body: Option<String>,
    /// Who begins a call, an e-mail or a message.
    #[schema(pattern = "^(inbound|outbound)$")]
    pub direction: Option<String>,
    /// What comes of it.
    #[schema(pattern = "^(reached|not_reached|left_message|interested|not_interested|wrong_number)$")]
    pub outcome: Option<String>,
    /// How much it matters.
    #[schema(pattern = "^(low|normal|high)$")]
    pub priority: Option<String>,
    /// How long it takes.
    #[schema(minimum = 0, maximum = 44_640)]
    pub duration_minutes: Option<i64>,
    /// After how many days a task follows, at nine o'clock where its owner is.
    #[schema(minimum = 0, maximum = 3650)]
    pub follow_up_days: Option<i32>,
    /// What that is.
    #[schema(max_length = 200)]
    pub follow_up_name: Option<String>,
}

/// What may change of a template: the schema of a new one, of which nothing is required.
#[derive(Clone, Copy, Debug)]
pub(super) struct UpdateActivityTemplate;

impl PartialSchema for UpdateActivityTemplate {
    fn schema() -> RefOr<Schema> {
        update_of::<CreateActivityTemplate>(
            "What may change of a template.",
            json!({ "subject": "回访 {{customer.name}}", "follow_up_days": null }),
        )
    }
}

impl ToSchema for UpdateActivityTemplate {}

/// What an activity can begin as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ActivityTemplate)]
pub(super) struct ActivityTemplateView {
    /// The id.
    pub id: Uuid,
    #[schema(example = "首次回访")]
    pub name: String,
    /// Whether it is everybody's, or yours alone.
    pub is_shared: bool,
    #[schema(minimum = 0)]
    pub position: i32,
    #[schema(example = "call")]
    pub kind: String,
    #[schema(example = "回访 {{customer.name}}")]
    pub subject: Option<String>,
    pub body: Option<String>,
    pub direction: Option<String>,
    pub outcome: Option<String>,
    pub priority: Option<String>,
    pub duration_minutes: Option<i64>,
    pub follow_up_days: Option<i32>,
    pub follow_up_name: Option<String>,
    /// One more with every change.
    #[schema(minimum = 1)]
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// The templates that you can use.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct ActivityTemplateList {
    /// Everybody's in their order, and then yours.
    #[schema(max_items = 300)]
    pub data: Vec<ActivityTemplateView>,
}

/// What a template is used for.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({ "about": [{ "type": "customer", "id": "01936f1e-7a54-7c1b-9a52-3f1f6f0a1b2c" }] }))]
pub(super) struct PreviewActivityTemplate {
    /// What the activity is to be about: at most one record of each type, all of them visible to you. The customer of a
    /// contact, and customer and primary contact of an opportunity, are known with them.
    #[schema(max_items = 4)]
    pub about: Vec<AboutDto>,
}

/// A template whose places have been filled: what an activity can be made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct ActivityTemplatePreview {
    #[schema(example = "call")]
    pub kind: String,
    #[schema(example = "回访 明德贸易")]
    pub name: Option<String>,
    pub body: Option<String>,
    pub direction: Option<String>,
    pub outcome: Option<String>,
    pub priority: Option<String>,
    pub duration_minutes: Option<i64>,
    pub follow_up: Option<FollowUp>,
    /// Places for which there was nothing; nothing stands there.
    #[schema(max_items = 7, example = json!(["contact.name"]))]
    pub missing: Vec<String>,
}

impl ActivityTemplateView {
    pub(super) fn of(row: &ActivityTemplateRow) -> Self {
        let row = row.clone();
        Self {
            id: row.id.0,
            name: row.name,
            is_shared: row.owner_id.is_none(),
            position: row.position,
            kind: row.kind,
            subject: row.subject,
            body: row.body,
            direction: row.direction,
            outcome: row.outcome,
            priority: row.priority,
            duration_minutes: row.duration_minutes,
            follow_up_days: row.follow_up_days,
            follow_up_name: row.follow_up_name,
            version: row.version,
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
        }
    }
}

impl CreateActivityTemplate {
    /// The writable fields as they are.
    pub(super) fn of(row: &ActivityTemplateRow) -> Self {
        let row = row.clone();
        Self {
            name: row.name,
            is_shared: row.owner_id.is_none(),
            position: Some(row.position),
            kind: row.kind,
            subject: row.subject,
            body: row.body,
            direction: row.direction,
            outcome: row.outcome,
            priority: row.priority,
            duration_minutes: row.duration_minutes,
            follow_up_days: row.follow_up_days,
            follow_up_name: row.follow_up_name,
        }
    }
}
