//! The trash: what was deleted, until it is purged.

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, Duration, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use rapport_domain::access::{Action, Subject, visibility};
use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_persistence::activities::ActivityBody;
use rapport_persistence::contacts::ContactBody;
use rapport_persistence::customers::CustomerBody;
use rapport_persistence::leads::LeadBody;
use rapport_persistence::opportunities::OpportunityBody;
use rapport_persistence::record::Body;
use rapport_persistence::records::record_purge;
use rapport_persistence::trash::{Trashed, trash_expired, trash_list};
use rapport_persistence::types::Instant;
use rapport_persistence::{Db, StoreError, Tx};

use crate::auth::Caller;
use crate::problem::{Code, Problem};
use crate::records::references::Wanted;
use crate::records::reply::Reply;
use crate::records::view::{NamedRef, named};
use crate::router::Routes;
use crate::state::App;

/// How long the trash keeps a record.
pub const KEPT: Duration = Duration::days(30);
/// Rows in one answer.
const MAX_ROWS: i64 = 200;
/// Records of a kind that one round removes, so that writers never wait long.
const PURGED_AT_ONCE: i64 = 200;

/// A deleted record.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = TrashedRecord)]
pub struct TrashedView {
    /// customer, contact, lead, opportunity or activity.
    #[serde(rename = "type")]
    #[schema(example = "lead")]
    pub kind: String,
    /// The record's id.
    pub id: Uuid,
    /// Its number.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// When it was deleted.
    pub deleted_at: DateTime<Utc>,
    /// By whom.
    pub deleted_by: Option<NamedRef>,
    /// When it will be gone for good.
    pub purge_at: DateTime<Utc>,
}

/// Deleted records, the last one first.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TrashPage {
    /// At most 200 of each type.
    pub data: Vec<TrashedView>,
}

/// Removes for good what has been in the trash for 30 days.
///
/// What others still refer to waits until they are gone too.
///
/// # Errors
/// When the database fails.
pub async fn empty(app: &App, now: DateTime<Utc>) -> Result<(), Problem> {
    let before = Instant(now - KEPT);
    app.store
        .write("empty_trash", move |tx| {
            // Whoever refers comes before what is referred to.
            purge::<ActivityBody>(tx, before)?;
            purge::<OpportunityBody>(tx, before)?;
            purge::<LeadBody>(tx, before)?;
            purge::<ContactBody>(tx, before)?;
            purge::<CustomerBody>(tx, before)
        })
        .await
}

fn purge<B: Body>(tx: &mut Tx<'_>, before: Instant) -> Result<(), Problem> {
    for id in trash_expired(tx, B::KIND, before, PURGED_AT_ONCE).map_err(StoreError::from)? {
        match tx.attempt(|tx| record_purge::<B>(tx, id)) {
            Ok(()) => {}
            Err(StoreError::Reference) => tracing::debug!(%id, "still referred to; stays in the trash"),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// The endpoints.
pub fn routes(cfg: &mut Routes<'_>) {
    cfg.service(list_trash);
}

/// List the trash
///
/// What the caller may see of what was deleted in the last 30 days. Restore it with `POST /{type}/{id}/restore`.
#[utoipa::path(tag = "Trash", operation_id = "listTrash",
    params(("types" = Option<String>, Query, description = "Only these types, separated by commas: `leads,customers`.",
        pattern = "^((customers?|contacts?|leads?|opportunities|opportunity|activities|activity)(,(customers?|contacts?|leads?|opportunities|opportunity|activities|activity)){0,7})?$")),
    responses((status = 200, description = "Deleted records.", body = TrashPage)))]
#[get("/trash")]
async fn list_trash(app: web::Data<App>, caller: Caller, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let pairs = crate::extract::parse_pairs(request.query_string())?;
    if let Some((name, _)) = pairs.iter().find(|(name, _)| name != "types") {
        return Err(Problem::new(Code::ParameterInvalid).parameter(name.clone(), Code::UnknownField));
    }
    let kinds = kinds_of(pairs.first().map(|(_, value)| value.as_str()), "types")?;
    let ctx = caller.context();
    let work = move |db: &mut Db| Reply::ok(&TrashPage { data: trashed(db, &kinds, &ctx)? });
    Ok(app.store.read("list_trash", work).await?.respond(&request))
}

/// Record types by their plural names; all of them when none is given.
///
/// # Errors
/// 400 for a word that is no type.
pub(crate) fn kinds_of(words: Option<&str>, parameter: &str) -> Result<Vec<RecordKind>, Problem> {
    let words = words.unwrap_or_default().split(',').map(str::trim).filter(|word| !word.is_empty());
    let kinds = words
        .map(|word| {
            let kind = RecordKind::OWNED.iter().find(|kind| kind.plural() == word || kind.as_str() == word);
            kind.copied().ok_or_else(|| Problem::new(Code::ParameterInvalid).parameter(parameter, Code::InvalidValue))
        })
        .collect::<Result<Vec<_>, _>>()?;
    Ok(if kinds.is_empty() { RecordKind::OWNED.to_vec() } else { kinds })
}

fn trashed(db: &mut Db, kinds: &[RecordKind], ctx: &Context) -> Result<Vec<TrashedView>, Problem> {
    let mut rows: Vec<Trashed> = Vec::new();
    for kind in kinds {
        let seen = visibility(&ctx.actor, Subject::from(*kind), Action::View);
        rows.extend(trash_list(db, *kind, &seen, MAX_ROWS).map_err(StoreError::from)?);
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.deleted_at.0));
    let mut wanted = Wanted::default();
    rows.iter().for_each(|row| wanted.name(RecordKind::User, row.deleted_by.map(Into::into)));
    let people = wanted.load(db)?;
    let view = |row: Trashed| TrashedView {
        kind: row.kind.as_str().to_owned(),
        id: row.id.0,
        number: row.number,
        name: row.name,
        deleted_at: row.deleted_at.0,
        deleted_by: named(row.deleted_by.map(Into::into), &people),
        purge_at: row.deleted_at.0 + KEPT,
    };
    Ok(rows.into_iter().map(view).collect())
}
