//! Sticky notes: what somebody jots down for themselves. Nobody else's right reaches them.

use uuid::Uuid;

use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_persistence::sticky_notes::{
    StickyNoteRow, sticky_note_drop, sticky_note_find, sticky_note_insert, sticky_note_update, sticky_notes_of,
};
use rapport_persistence::types::{Id, Instant};
use rapport_persistence::{Db, StoreError, Tx};

use super::dto::{CreateStickyNote, MAX_BODY, StickyNoteList, StickyNoteView, UpdateStickyNote};
use crate::activities::{AboutDto, is_visible};
use crate::problem::{Code, Problem};
use crate::records::fields::Faults;
use crate::records::reply::Reply;
use crate::records::seen::SeenNames;

/// As many as somebody may have.
const MOST: i64 = 100;
/// The papers there are; the first is taken when nothing is said.
const COLOURS: [&str; 5] = ["yellow", "green", "blue", "pink", "white"];

/// The caller's notes.
///
/// # Errors
/// When the database fails.
pub(super) fn list(db: &mut Db, ctx: &Context) -> Result<Reply, Problem> {
    let rows = sticky_notes_of(db, ctx.actor.user_id)?;
    Reply::ok(&StickyNoteList { data: views(db, ctx, rows)? })
}

/// Jots something down.
///
/// # Errors
/// Every fault of the input; 409 when the id is taken, or there are as many as there may be.
pub(super) fn create(tx: &mut Tx<'_>, ctx: &Context, input: &CreateStickyNote) -> Result<Reply, Problem> {
    let mut faults = Faults::default();
    let body = faults.required_prose("/body", Some(&input.body), MAX_BODY);
    let colour = input.colour.as_deref().map_or(COLOURS.first().copied(), |word| colour_of(&mut faults, word));
    let about = match &input.about {
        Some(about) => about_of(tx, ctx, &mut faults, about)?,
        None => None,
    };
    faults.finish()?;
    let row = StickyNoteRow {
        id: Id(input.id.unwrap_or_else(|| ctx.next_id())),
        user_id: Id(ctx.actor.user_id),
        body,
        colour: colour.unwrap_or_default().to_owned(),
        about_kind: about.map(|(kind, _)| kind.as_str().to_owned()),
        about_id: about.map(|(_, id)| Id(id)),
        version: 1,
        created_at: Instant(ctx.now),
        updated_at: Instant(ctx.now),
    };
    let is_added = sticky_note_insert(tx, &row, MOST).map_err(|error| match error {
        StoreError::Unique(_) => Problem::new(Code::Duplicate).at("/id", Code::Duplicate),
        other => other.into(),
    })?;
    if !is_added {
        return Err(Problem::new(Code::LimitReached).with("max", MOST));
    }
    reply(tx, ctx, 201, row)
}

/// Changes what one of the caller's notes says, or its colour.
///
/// # Errors
/// 404; 412 when it is no longer what it was; every fault of the input.
pub(super) fn update(
    tx: &mut Tx<'_>,
    ctx: &Context,
    (id, expected): (Uuid, Option<i64>),
    patch: &UpdateStickyNote,
) -> Result<Reply, Problem> {
    let before = find(tx, ctx, id)?;
    if expected.is_some_and(|expected| expected != before.version) {
        let current = views(tx, ctx, vec![before])?.pop().and_then(|view| serde_json::to_value(view).ok());
        return Err(Problem::new(Code::VersionConflict).with("current", current));
    }
    let mut row = before.clone();
    let mut faults = Faults::default();
    if let Some(body) = &patch.body {
        row.body = faults.required_prose("/body", Some(body), MAX_BODY);
    }
    if let Some(word) = &patch.colour {
        row.colour = colour_of(&mut faults, word).unwrap_or_default().to_owned();
    }
    faults.finish()?;
    if row != before {
        row.version = before.version + 1;
        row.updated_at = Instant(ctx.now);
        // Another request was faster since it was read: this one runs again, and looks at the version anew.
        sticky_note_update(tx, &row, before.version).map_err(|error| match error {
            StoreError::Stale => StoreError::Retry,
            other => other,
        })?;
    }
    reply(tx, ctx, 200, row)
}

/// Throws one of the caller's notes away.
///
/// # Errors
/// 404.
pub(super) fn delete(tx: &mut Tx<'_>, ctx: &Context, id: Uuid) -> Result<Reply, Problem> {
    let row = find(tx, ctx, id)?;
    sticky_note_drop(tx, &row, Instant(ctx.now))?;
    Ok(Reply::empty())
}

fn find(tx: &mut Tx<'_>, ctx: &Context, id: Uuid) -> Result<StickyNoteRow, Problem> {
    sticky_note_find(tx, ctx.actor.user_id, id)?.ok_or_else(|| Problem::new(Code::NotFound))
}

fn colour_of(faults: &mut Faults, word: &str) -> Option<&'static str> {
    faults.word("/colour", Some(word), |word| COLOURS.into_iter().find(|colour| *colour == word))
}

fn about_of(
    tx: &mut Tx<'_>,
    ctx: &Context,
    faults: &mut Faults,
    about: &AboutDto,
) -> Result<Option<(RecordKind, Uuid)>, Problem> {
    let Some(kind) = RecordKind::parse_about(&about.kind) else {
        faults.add("/about/type", Code::InvalidValue);
        return Ok(None);
    };
    faults.reference("/about/id", Some(about.id), is_visible(tx, ctx, kind, about.id)?);
    Ok(Some((kind, about.id)))
}

fn reply(tx: &mut Tx<'_>, ctx: &Context, status: u16, row: StickyNoteRow) -> Result<Reply, Problem> {
    let (id, version) = (row.id.0, row.version);
    let view = views(tx, ctx, vec![row])?.pop().ok_or_else(|| Problem::internal("no view"))?;
    Ok(Reply::json(status, &view)?.record(id, version))
}

fn views(db: &mut Db, ctx: &Context, rows: Vec<StickyNoteRow>) -> Result<Vec<StickyNoteView>, Problem> {
    let about = |row: &StickyNoteRow| row.about_kind.as_deref().and_then(RecordKind::parse).zip(row.about_id);
    let names = SeenNames::load(db, ctx, rows.iter().filter_map(about).map(|(kind, id)| (kind, id.0)))?;
    let view = |row: StickyNoteRow| StickyNoteView {
        about: about(&row).map(|(kind, id)| names.record(kind, id.0)),
        id: row.id.0,
        body: row.body,
        colour: row.colour,
        version: row.version,
        created_at: row.created_at.0,
        updated_at: row.updated_at.0,
    };
    Ok(rows.into_iter().map(view).collect())
}
