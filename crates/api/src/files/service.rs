//! Who may see which file, and what becomes of one.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use rapport_domain::access::{Action, Subject, is_allowed};
use rapport_domain::context::Context;
use rapport_domain::file::media_type;
use rapport_persistence::file_contents::{Arrived, PIECE, content_begin, content_finish, piece_insert};
use rapport_persistence::files::{FileRow, StoredFile, file_delete, file_find, file_insert};
use rapport_persistence::types::{Id, Instant};
use rapport_persistence::{Db, StoreError, Tx};

use super::dto::FileView;
use crate::activities::Activities;
use crate::problem::{Code, Problem};
use crate::records::reply::Reply;
use crate::records::write;

/// A file that has arrived and been found good.
#[derive(Clone, Debug)]
pub(super) struct Good {
    pub(super) name: String,
    pub(super) media_type: &'static str,
    pub(super) arrived: Arrived,
}

/// Keeps a file that has arrived; its sender's alone, until it is attached.
///
/// # Errors
/// 409 `limit_reached` when all files together would be more than `quota` bytes.
pub(super) fn keep(tx: &mut Tx<'_>, ctx: &Context, good: &Good, quota: i64) -> Result<Reply, Problem> {
    let kept = content_finish(tx, &good.arrived, quota).map_err(|error| match error {
        StoreError::Reference => StoreError::Unavailable("an upload was given up before its end".into()),
        other => other,
    })?;
    let content_id = kept.ok_or_else(|| {
        let (zh, en) = ("组织的文件空间已用完", "The organisation has used all of its room for files");
        Problem::new(Code::LimitReached).because(zh, en).with("max_bytes", quota)
    })?;
    let row = FileRow {
        id: Id(ctx.next_id()),
        name: good.name.clone(),
        media_type: good.media_type.to_owned(),
        content_id,
        created_at: Instant(ctx.now),
        created_by: Id(ctx.actor.user_id),
        activity_id: None,
        loose_since: Some(Instant(ctx.now)),
    };
    file_insert(tx, &row)?;
    let id = row.id.0;
    let file = StoredFile { row, size: good.arrived.size, sha256: good.arrived.sha256.clone() };
    let place = format!("{}/{id}", super::PATH);
    Ok(Reply { id: Some(id), ..Reply::json(201, &FileView::of(file))?.location(place) })
}

/// Keeps a small file of our own.
///
/// # Errors
/// When it is not what it is called, or the database fails.
pub(crate) fn put(tx: &mut Tx<'_>, ctx: &Context, name: &str, bytes: &[u8]) -> Result<Reply, Problem> {
    let media_type = media_type(bytes, name, None).map_err(Problem::internal)?;
    let arrived = Arrived { id: ctx.next_id(), sha256: hex(&Sha256::digest(bytes)), size: bytes.len() as i64 };
    content_begin(tx, arrived.id, Instant(ctx.now))?;
    for (position, piece) in (0..).zip(bytes.chunks(PIECE)) {
        piece_insert(tx, arrived.id, position, piece)?;
    }
    keep(tx, ctx, &Good { name: name.to_owned(), media_type, arrived }, i64::MAX)
}

/// Bytes in hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A file that the caller may see: one of an activity that they may see, or one that they have sent and not attached yet.
///
/// # Errors
/// 404.
pub(super) fn find(db: &mut Db, ctx: &Context, id: Uuid) -> Result<StoredFile, Problem> {
    let file = file_find(db, id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
    match file.row.activity_id {
        Some(activity) => write::find_any::<Activities>(db, ctx, activity.0).map(drop)?,
        None if is_mine(ctx, &file) => {}
        None => return Err(Problem::new(Code::NotFound)),
    }
    Ok(file)
}

/// Whether the caller has sent it; a key of theirs that sees no activities sees no files either.
fn is_mine(ctx: &Context, file: &StoredFile) -> bool {
    file.row.created_by.0 == ctx.actor.user_id && is_allowed(&ctx.actor, Action::View, Subject::Activity, None)
}

/// What is known of a file.
///
/// # Errors
/// 404.
pub(super) fn get(db: &mut Db, ctx: &Context, id: Uuid) -> Result<Reply, Problem> {
    Reply::ok(&FileView::of(find(db, ctx, id)?))
}

/// Throws away a file that the caller has sent and not attached.
///
/// # Errors
/// 404; 409 when it is attached.
pub(super) fn delete(tx: &mut Tx<'_>, ctx: &Context, id: Uuid) -> Result<Reply, Problem> {
    if file_delete(tx, ctx.actor.user_id, id)? {
        return Ok(Reply::empty());
    }
    find(tx, ctx, id)?;
    let (zh, en) = ("文件已附加到跟进记录，请在那里移除", "It is attached to an activity: take it out there");
    Err(Problem::new(Code::InUse).because(zh, en))
}
