//! Favourites and sticky notes, as they are sent and received.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::activities::AboutDto;
use crate::extract::optional::given;
use crate::records::seen::SeenRecord;

/// Characters of a sticky note at most.
pub(super) const MAX_BODY: usize = 2000;

/// A record that you want at hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Favourite {
    /// Which record.
    pub record: SeenRecord,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// Everything that you want at hand.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct FavouriteList {
    /// In the order in which they came.
    #[schema(max_items = 100)]
    pub data: Vec<Favourite>,
}

/// Something that you have jotted down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = StickyNote)]
pub(super) struct StickyNoteView {
    /// The id.
    pub id: Uuid,
    /// The text, as it was written.
    #[schema(example = "Budget is decided in March")]
    pub body: String,
    /// yellow, green, blue, pink or white.
    #[schema(example = "yellow")]
    pub colour: String,
    /// The record that it is about.
    pub about: Option<SeenRecord>,
    /// One more with every change.
    #[schema(minimum = 1)]
    pub version: i64,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// Everything that you have jotted down.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct StickyNoteList {
    /// The newest first.
    #[schema(max_items = 100)]
    pub data: Vec<StickyNoteView>,
}

/// A new sticky note.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({"body": "Budget is decided in March"}))]
pub(super) struct CreateStickyNote {
    /// An id of your choice (UUID), for apps that write offline.
    #[serde(deserialize_with = "given")]
    #[schema(nullable = false)]
    pub id: Option<Uuid>,
    /// The text.
    #[schema(required = true, min_length = 1, max_length = 2000)]
    pub body: String,
    /// The colour of the paper.
    #[serde(deserialize_with = "given")]
    #[schema(pattern = "^(yellow|green|blue|pink|white)$", nullable = false, default = "yellow")]
    pub colour: Option<String>,
    /// The record that it is about: what you note during a call, for instance.
    pub about: Option<AboutDto>,
}

/// What may change of a sticky note.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({"colour": "pink"}))]
pub(super) struct UpdateStickyNote {
    /// The text.
    #[serde(deserialize_with = "given")]
    #[schema(nullable = false, min_length = 1, max_length = 2000)]
    pub body: Option<String>,
    /// The colour of the paper.
    #[serde(deserialize_with = "given")]
    #[schema(pattern = "^(yellow|green|blue|pink|white)$", nullable = false)]
    pub colour: Option<String>,
}
