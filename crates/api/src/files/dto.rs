//! Files, as they are sent and shown.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{IntoParams, PartialSchema, ToSchema};
use uuid::Uuid;

use rapport_persistence::files::StoredFile;

/// What is said of a file that is sent.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct UploadParams {
    /// What it is called. Folders before it and letters that are not seen go, and so does what is beyond 200 characters.
    #[param(max_length = 1000, example = "报价单.pdf")]
    pub name: String,
    /// The media type that its sender takes it for; refused when its bytes are something else.
    #[serde(default, rename = "type")]
    #[param(max_length = 200, example = "application/pdf")]
    pub kind: Option<String>,
}

/// The bytes of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct FileBytes;

impl PartialSchema for FileBytes {
    fn schema() -> RefOr<Schema> {
        let format = SchemaFormat::KnownFormat(KnownFormat::Binary);
        let bytes = ObjectBuilder::new().schema_type(Type::String).format(Some(format));
        bytes.description(Some("The bytes of a file, as they are.")).into()
    }
}

impl ToSchema for FileBytes {}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = File)]
pub(super) struct FileView {
    /// The id.
    pub id: Uuid,
    /// What it is called.
    #[schema(example = "报价单.pdf")]
    pub name: String,
    /// What it is, told from its bytes.
    #[schema(example = "application/pdf")]
    pub media_type: String,
    /// How many bytes it has.
    #[schema(minimum = 1, example = 48_213)]
    pub size: i64,
    /// The SHA-256 of its bytes, in hexadecimal digits.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub sha256: String,
    /// Where its bytes are.
    #[schema(example = "/api/v1/files/01890a5d-ac96-774b-bcce-b302099a8057/content")]
    pub href: String,
    /// The activity that it is attached to.
    pub activity_id: Option<Uuid>,
    /// When it came.
    pub created_at: DateTime<Utc>,
    /// Who sent it.
    pub created_by: Uuid,
}

/// Where the bytes of a file are.
pub(crate) fn href(id: Uuid) -> String {
    format!("{}/{id}/content", super::PATH)
}

impl FileView {
    pub(super) fn of(file: StoredFile) -> Self {
        let StoredFile { row, size, sha256 } = file;
        Self {
            id: row.id.0,
            href: href(row.id.0),
            name: row.name,
            media_type: row.media_type,
            size,
            sha256,
            activity_id: row.activity_id.map(Into::into),
            created_at: row.created_at.0,
            created_by: row.created_by.0,
        }
    }
}
