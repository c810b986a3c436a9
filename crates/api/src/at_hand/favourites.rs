//! Favourites: records at hand, of which each person has their own.

use uuid::Uuid;

use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_persistence::favourites::{FavouriteRow, favourite_add, favourite_drop, favourites_of};
use rapport_persistence::types::{Id, Instant};
use rapport_persistence::{Db, Tx};

use super::dto::{Favourite, FavouriteList};
use crate::activities::is_visible;
use crate::problem::{Code, Problem};
use crate::records::reply::Reply;
use crate::records::seen::SeenNames;

/// As many as somebody may have.
const MOST: usize = 100;

/// The kinds that can be favourites, by the word of the path.
///
/// # Errors
/// 404 for every other word.
pub(super) fn kind_of(word: &str) -> Result<RecordKind, Problem> {
    RecordKind::parse_about(word).ok_or_else(|| Problem::new(Code::NotFound))
}

/// The caller's favourites.
///
/// # Errors
/// When the database fails.
pub(super) fn list(db: &mut Db, ctx: &Context) -> Result<Reply, Problem> {
    let rows = favourites_of(db, ctx.actor.user_id)?;
    let records: Vec<_> = rows
        .iter()
        .filter_map(|row| Some((RecordKind::parse(&row.kind)?, row.record_id.0, row.created_at.0)))
        .collect();
    let names = SeenNames::load(db, ctx, records.iter().map(|(kind, id, _)| (*kind, *id)))?;
    let data =
        records.into_iter().map(|(kind, id, created_at)| Favourite { record: names.record(kind, id), created_at });
    Reply::ok(&FavouriteList { data: data.collect() })
}

/// Makes a record a favourite of the caller, if it is none.
///
/// # Errors
/// 404; 409 `limit_reached`.
pub(super) fn add(tx: &mut Tx<'_>, ctx: &Context, kind: RecordKind, id: Uuid) -> Result<Reply, Problem> {
    if !is_visible(tx, ctx, kind, id)? {
        return Err(Problem::new(Code::NotFound));
    }
    let row = FavouriteRow {
        user_id: Id(ctx.actor.user_id),
        kind: kind.as_str().to_owned(),
        record_id: Id(id),
        created_at: Instant(ctx.now),
    };
    if favourite_add(tx, &row, MOST)? {
        Ok(Reply::empty())
    } else {
        Err(Problem::new(Code::LimitReached).with("max", MOST))
    }
}

/// Makes a record no favourite of the caller, also when they do not see it any more.
///
/// # Errors
/// When the database fails.
pub(super) fn drop(tx: &mut Tx<'_>, ctx: &Context, id: Uuid) -> Result<Reply, Problem> {
    favourite_drop(tx, ctx.actor.user_id, id, Instant(ctx.now))?;
    Ok(Reply::empty())
}
