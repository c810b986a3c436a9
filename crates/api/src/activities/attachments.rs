//! Files that are attached to an activity.

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use rapport_domain::context::Context;
use rapport_persistence::Tx;
use rapport_persistence::activities::{ActivityBody, Attachment};
use rapport_persistence::files::{
    FileRow, StoredFile, file_find, file_insert, files_attach, files_detach, files_take_loose,
};
use rapport_persistence::record::Record;
use rapport_persistence::types::{Id, Instant};

use crate::files::href;
use crate::problem::{Code, FieldError, Problem};
use crate::records::fields::Faults;

/// Files that one activity may have.
const MAX_ATTACHMENTS: usize = 20;

/// A file that is attached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Attachment)]
pub struct AttachmentView {
    /// The file.
    pub id: Uuid,
    /// What it is called.
    #[schema(example = "报价单.pdf")]
    pub name: String,
    /// What it is.
    #[schema(example = "application/pdf")]
    pub media_type: String,
    /// How many bytes it has.
    #[schema(minimum = 1, example = 48_213)]
    pub size: i64,
    /// Where its bytes are.
    #[schema(example = "/api/v1/files/01890a5d-ac96-774b-bcce-b302099a8057/content")]
    pub href: String,
}

impl AttachmentView {
    pub(super) fn of(attachment: &Attachment) -> Self {
        let Attachment { id, name, media_type, size } = attachment.clone();
        Self { id, name, media_type, size, href: href(id) }
    }
}

/// What the history keeps of files: it is read when they have long gone.
pub(super) fn told(record: &Record<ActivityBody>) -> Value {
    let attachments = &record.body.profile.0.attachments;
    attachments.iter().map(|file| json!({ "id": file.id, "name": file.name })).collect()
}

/// Reads which files are to be attached. Those that were not attached before must be the caller's own, and attached to
/// nothing; they are held until the activity is written.
///
/// # Errors
/// When the database fails.
pub(super) fn read(
    tx: &mut Tx<'_>,
    ctx: &Context,
    faults: &mut Faults,
    ids: &[Uuid],
    before: Option<&Record<ActivityBody>>,
) -> Result<Vec<Attachment>, Problem> {
    if ids.len() > MAX_ATTACHMENTS {
        let fault = FieldError::at("/attachments", Code::TooLong)
            .because(format!("最多 {MAX_ATTACHMENTS} 个附件"), format!("At most {MAX_ATTACHMENTS} files"));
        faults.push(fault.with("max", MAX_ATTACHMENTS));
        return Ok(Vec::new());
    }
    let known = before.map(|before| before.body.profile.0.attachments.as_slice()).unwrap_or_default();
    let new: Vec<Uuid> = ids.iter().filter(|id| !known.iter().any(|file| file.id == **id)).copied().collect();
    let taken = files_take_loose(tx, ctx.actor.user_id, &new)?;
    let mut attachments: Vec<Attachment> = Vec::new();
    for (n, id) in ids.iter().enumerate() {
        let pointer = format!("/attachments/{n}");
        if attachments.iter().any(|file| file.id == *id) {
            faults.add(&pointer, Code::Duplicate);
            continue;
        }
        let kept = known.iter().find(|file| file.id == *id).cloned();
        match kept.or_else(|| taken.iter().find(|file| file.row.id.0 == *id).map(attachment)) {
            Some(file) => attachments.push(file),
            None => faults.add(&pointer, Code::NotFound),
        }
    }
    Ok(attachments)
}

fn attachment(file: &StoredFile) -> Attachment {
    let FileRow { id, name, media_type, .. } = file.row.clone();
    Attachment { id: id.0, name, media_type, size: file.size }
}

/// Files for what comes again: the same bytes, under ids of their own.
///
/// # Errors
/// When the database fails.
pub(super) fn copies(
    tx: &mut Tx<'_>,
    ctx: &Context,
    record: &Record<ActivityBody>,
) -> Result<Vec<Attachment>, Problem> {
    let mut copies = Vec::new();
    for attached in &record.body.profile.0.attachments {
        let Some(file) = file_find(tx, attached.id)? else { continue };
        let row = FileRow {
            id: Id(ctx.next_id()),
            activity_id: None,
            loose_since: Some(Instant(ctx.now)),
            created_at: Instant(ctx.now),
            created_by: Id(ctx.actor.user_id),
            ..file.row
        };
        file_insert(tx, &row)?;
        copies.push(Attachment { id: row.id.0, ..attached.clone() });
    }
    Ok(copies)
}

/// Attaches what has come to be attached, and lets go of what no longer is.
///
/// # Errors
/// When the database fails.
pub(super) fn write(
    tx: &mut Tx<'_>,
    ctx: &Context,
    record: &Record<ActivityBody>,
    before: Option<&Record<ActivityBody>>,
) -> Result<(), Problem> {
    let ids = |record: &Record<ActivityBody>| -> Vec<Uuid> {
        record.body.profile.0.attachments.iter().map(|file| file.id).collect()
    };
    let (now, was) = (ids(record), before.map(ids).unwrap_or_default());
    let without = |these: &[Uuid], others: &[Uuid]| -> Vec<Uuid> {
        these.iter().filter(|id| !others.contains(id)).copied().collect()
    };
    let (added, removed) = (without(&now, &was), without(&was, &now));
    if !added.is_empty() {
        files_attach(tx, record.head.id.0, &added)?;
    }
    if !removed.is_empty() {
        files_detach(tx, record.head.id.0, &removed, Instant(ctx.now))?;
    }
    Ok(())
}
