//! The use cases of sources.

use rapport_domain::context::Context;
use rapport_persistence::sources::{
    SourceRow, source_delete, source_find, source_in_use, source_insert, source_replace, source_update, sources_all,
};
use rapport_persistence::types::Json;
use rapport_persistence::{Db, Tx};
use serde_json::Value;

use super::dto::{CreateSource, SourceList, SourceView, UpdateSource};
use super::faults::{check_key, check_range};
use super::names::Names;
use super::order::{close_gap, insert_among};
use super::{MAX_ROWS, check_room, check_version, enter, in_use, merged, versioned};
use crate::problem::{Code, Problem};
use crate::records::reply::Reply;
use crate::scoring;

/// Every source.
pub(super) fn list(db: &mut Db, ctx: &Context) -> Result<Reply, Problem> {
    let data = sources_all(db)?.iter().map(|row| SourceView::of(row, ctx.locale)).collect();
    Reply::ok(&SourceList { data })
}

/// One source.
pub(super) fn get(db: &mut Db, ctx: &Context, key: &str) -> Result<Reply, Problem> {
    let row = find(db, key)?;
    Ok(versioned(Reply::ok(&SourceView::of(&row, ctx.locale))?, row.version))
}

/// Adds a source.
pub(super) fn create(tx: &mut Tx<'_>, ctx: &Context, input: &CreateSource) -> Result<Reply, Problem> {
    let permit = enter(tx, ctx)?;
    let fields = UpdateSource { names: input.names.clone(), position: input.position, is_active: input.is_active };
    let mut faults = Vec::new();
    check_key(&input.key, &mut faults);
    check_range("/position", fields.position, 0, 1000, &mut faults);
    let names = fields.names.read(&mut faults);
    Problem::check(faults)?;
    let others = sources_all(tx)?;
    check_room(others.len(), MAX_ROWS)?;
    let mut row =
        SourceRow { key: input.key.clone(), names: Json(names), position: 0, is_active: fields.is_active, version: 1 };
    for moved in insert_among(&mut row, fields.position, others) {
        source_update(tx, &permit, &moved, moved.version - 1)?;
    }
    source_insert(tx, &permit, &row)?;
    let place = format!("/api/v1/sources/{}", row.key);
    Ok(versioned(Reply::json(201, &SourceView::of(&row, ctx.locale))?.location(place), row.version))
}

/// Changes what a merge patch names.
pub(super) fn update(
    tx: &mut Tx<'_>,
    ctx: &Context,
    key: &str,
    expected: Option<i64>,
    patch: &Value,
) -> Result<Reply, Problem> {
    let permit = enter(tx, ctx)?;
    let before = find(tx, key)?;
    check_version(expected, before.version, &SourceView::of(&before, ctx.locale))?;
    let current = UpdateSource {
        names: Names::of(&before.names.0),
        position: Some(before.position),
        is_active: before.is_active,
    };
    let fields = merged(&current, patch)?;
    let mut faults = Vec::new();
    check_range("/position", fields.position, 0, 1000, &mut faults);
    let names = fields.names.read(&mut faults);
    Problem::check(faults)?;
    let mut row = SourceRow { names: Json(names), is_active: fields.is_active, ..before.clone() };
    if fields.position != Some(before.position) {
        let others = sources_all(tx)?.into_iter().filter(|other| other.key != row.key).collect();
        for moved in insert_among(&mut row, fields.position, others) {
            source_update(tx, &permit, &moved, moved.version - 1)?;
        }
    }
    if row != before {
        row.version += 1;
        source_update(tx, &permit, &row, before.version)?;
    }
    Ok(versioned(Reply::ok(&SourceView::of(&row, ctx.locale))?, row.version))
}

/// Removes a source; records that have it get another one.
pub(super) fn delete(
    tx: &mut Tx<'_>,
    ctx: &Context,
    key: &str,
    expected: Option<i64>,
    replacement: Option<&str>,
) -> Result<Reply, Problem> {
    let permit = enter(tx, ctx)?;
    let row = find(tx, key)?;
    check_version(expected, row.version, &SourceView::of(&row, ctx.locale))?;
    match replacement {
        Some(to) => {
            let known = source_find(tx, to)?.filter(|to| to.key != row.key);
            let to = known.ok_or_else(|| Problem::validation().parameter("replacement", Code::InvalidValue))?;
            scoring::leads_rewritten(tx)?;
            source_replace(tx, &permit, ctx, &row.key, &to.key)?;
        }
        None => {
            let counts = source_in_use(tx, &row.key)?;
            in_use(counts.into_iter().map(|(kind, count)| (kind.plural(), count)))?;
        }
    }
    source_delete(tx, &permit, &row.key)?;
    for moved in close_gap(sources_all(tx)?) {
        source_update(tx, &permit, &moved, moved.version - 1)?;
    }
    Ok(Reply::empty())
}

fn find(db: &mut Db, key: &str) -> Result<SourceRow, Problem> {
    source_find(db, key)?.ok_or_else(|| Problem::new(Code::NotFound))
}
