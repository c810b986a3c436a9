//! What every owned record shows.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use rapport_domain::access::{Subject, hints};
use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_persistence::record::{Body, ExternalId, Record};

use super::moment;
use super::references::{References, Wanted};

/// Another record or a person, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NamedRef {
    /// The id.
    pub id: Uuid,
    /// The name.
    #[schema(example = "王小明")]
    pub name: String,
}

/// What another system calls a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ExternalIdView {
    /// The other system.
    #[schema(example = "erp")]
    pub system: String,
    /// The id there.
    #[schema(example = "C-1042")]
    pub external_id: String,
}

/// What the caller may do with the record, for the buttons of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "independent hints")]
pub struct CanView {
    /// Change its fields.
    pub edit: bool,
    /// Put it into the trash.
    pub delete: bool,
    /// Hand it to somebody else.
    pub assign: bool,
    /// Convert it; leads only.
    pub convert: bool,
    /// Take it out of the pool for oneself; customers only, as those below.
    pub claim: bool,
    /// Give it back to the pool.
    pub release: bool,
    /// Give it to somebody out of the pool.
    pub allot: bool,
    /// Keep it with its owner for a time.
    pub lock: bool,
}

/// The part that all owned records share.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = RecordHead)]
pub struct HeadView {
    /// The record's id.
    pub id: Uuid,
    /// A short number for people to quote.
    #[schema(example = 1042)]
    pub number: i64,
    /// The name shown in lists.
    pub name: String,
    /// Who owns it.
    pub owner_id: Option<Uuid>,
    /// The owner's name.
    pub owner: Option<NamedRef>,
    /// The owner's team.
    pub team_id: Option<Uuid>,
    /// Labels.
    pub tags: Vec<String>,
    /// Values of custom fields, by key.
    #[schema(value_type = Object)]
    pub custom: Map<String, Value>,
    /// What other systems call it.
    pub external_ids: Vec<ExternalIdView>,
    /// Where it came from: a key of `/sources`.
    pub source: Option<String>,
    /// Starts at 1, one more with every change; the ETag.
    #[schema(example = 3)]
    pub version: i64,
    /// When it was made.
    #[serde(serialize_with = "moment::serialize")]
    pub created_at: DateTime<Utc>,
    /// By whom.
    pub created_by: Option<Uuid>,
    /// When it last changed.
    #[serde(serialize_with = "moment::serialize")]
    pub updated_at: DateTime<Utc>,
    /// By whom.
    pub updated_by: Option<Uuid>,
    /// When something last happened with it.
    #[serde(serialize_with = "moment::serialize_or_null")]
    pub last_activity_at: Option<DateTime<Utc>>,
    /// When something is planned next.
    #[serde(serialize_with = "moment::serialize_or_null")]
    pub next_activity_at: Option<DateTime<Utc>>,
    /// When it went to the trash.
    #[serde(serialize_with = "moment::serialize_or_null")]
    pub deleted_at: Option<DateTime<Utc>>,
    /// What the caller may do.
    pub can: CanView,
}

/// Asks for what [`HeadView::of`] needs.
pub fn wanted_of_head<B: Body>(record: &Record<B>, wanted: &mut Wanted) {
    wanted.name(RecordKind::User, record.head.owner_id.map(Into::into));
}

/// A name, if the id is there and the record still exists.
#[must_use]
pub fn named(id: Option<Uuid>, references: &References) -> Option<NamedRef> {
    let id = id?;
    references.name(id).map(|name| NamedRef { id, name: name.to_owned() })
}

impl From<&ExternalId> for ExternalIdView {
    fn from(known: &ExternalId) -> Self {
        Self { system: known.system.clone(), external_id: known.external_id.clone() }
    }
}

impl HeadView {
    /// The head of a record, as the caller of `ctx` may see it.
    #[must_use]
    pub fn of<B: Body>(record: &Record<B>, subject: Subject, references: &References, ctx: &Context) -> Self {
        let head = &record.head;
        let can = hints(&ctx.actor, subject, &record.ownership());
        let is_alive = head.deleted_at.is_none();
        Self {
            id: head.id.0,
            number: head.number,
            name: head.name.clone(),
            owner_id: head.owner_id.map(Into::into),
            owner: named(head.owner_id.map(Into::into), references),
            team_id: head.team_id.map(Into::into),
            tags: head.tags.0.clone(),
            custom: head.extras.0.custom.clone(),
            external_ids: head.extras.0.external_ids.iter().map(Into::into).collect(),
            source: head.source.clone(),
            version: head.version,
            created_at: head.created_at.0,
            created_by: head.created_by.map(Into::into),
            updated_at: head.updated_at.0,
            updated_by: head.updated_by.map(Into::into),
            last_activity_at: head.last_activity_at.map(Into::into),
            next_activity_at: head.next_activity_at.map(Into::into),
            deleted_at: head.deleted_at.map(Into::into),
            can: CanView {
                edit: can.edit && is_alive,
                delete: can.delete && is_alive,
                assign: can.assign && is_alive,
                convert: can.convert && is_alive,
                claim: can.claim && is_alive,
                release: can.release && is_alive,
                allot: can.allot && is_alive,
                lock: can.lock && is_alive,
            },
        }
    }
}
