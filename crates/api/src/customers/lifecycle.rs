//! Moving a customer through its lifecycle by hand, and how it moved.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use rapport_domain::access::{Action, Permit};
use rapport_domain::context::Context;
use rapport_domain::customer::{Lifecycle, LifecycleError};
use rapport_domain::kind::RecordKind;
use rapport_persistence::customers::{CustomerBody, LifecycleMoveRow, lifecycle_move_insert, lifecycle_moves_of};
use rapport_persistence::record::Record;
use rapport_persistence::types::{Id, Instant};
use rapport_persistence::{StoreError, Tx};

use super::{CustomerView, Customers};
use crate::auth::Caller;
use crate::extract::{RawBody, parse_body, validate};
use crate::problem::{Code, Problem};
use crate::records::mutate::{expected_version, mutate, path_id};
use crate::records::references::Wanted;
use crate::records::reply::Reply;
use crate::records::view::{NamedRef, named};
use crate::records::{list, write};
use crate::state::App;

/// Where a customer is to move, and why.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct MoveLifecycle {
    /// prospect, active, dormant, lost or deregistered.
    #[schema(pattern = "^(prospect|active|dormant|lost|deregistered)$", example = "dormant")]
    pub lifecycle: String,
    /// Why.
    #[validate(length(min = 1, max = 500))]
    #[schema(min_length = 1, max_length = 500, example = "半年没有回复")]
    pub reason: String,
}

/// One move.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LifecycleMoveView {
    /// The move's id.
    pub id: Uuid,
    /// From where.
    pub from: String,
    /// To where.
    pub to: String,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: Option<NamedRef>,
}

/// Every move, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LifecyclePage {
    /// The moves.
    pub data: Vec<LifecycleMoveView>,
}

/// Move a customer through its lifecycle
///
/// A deregistered customer stays so. Becoming active happens by itself with the first won opportunity.
#[utoipa::path(tag = "Customers", operation_id = "moveCustomerLifecycle", params(("id" = Uuid, Path, description = "The customer's id.")),
    request_body = MoveLifecycle, responses((status = 200, description = "Moved.", body = CustomerView)))]
#[post("/customers/{id}/lifecycle")]
pub(super) async fn move_customer_lifecycle(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: web::Path<String>,
    body: RawBody,
) -> Result<HttpResponse, Problem> {
    let (id, asked): (Uuid, MoveLifecycle) = (path_id(&id)?, parse_body(&body.0)?);
    validate(&asked)?;
    let expected = expected_version(&request, false)?;
    mutate(&app, &caller, &request, &body.0, "move_lifecycle", move |tx, ctx| {
        let before = write::find::<Customers>(tx, ctx, id)?;
        let permit = write::permit::<Customers>(ctx, Action::Edit, &before)?;
        write::check_version::<Customers>(tx, ctx, &before, expected)?;
        let to = Lifecycle::parse(&asked.lifecycle)
            .ok_or_else(|| Problem::validation().at("/lifecycle", Code::InvalidValue))?;
        let from = Lifecycle::parse(&before.body.lifecycle).unwrap_or(Lifecycle::Prospect);
        let to = from.move_to(to, &asked.reason).map_err(refused)?;
        let record = settle(tx, ctx, &permit, &before, to, Some(asked.reason.trim()))?;
        Ok(Reply::ok(&list::view::<Customers>(tx, &record, ctx)?)?.record(id, record.head.version))
    })
    .await
}

fn refused(error: LifecycleError) -> Problem {
    let text = error.to_string();
    Problem::validation().because(text.clone(), text).at("/lifecycle", Code::InvalidValue)
}

/// Writes a lifecycle and its history.
pub(crate) fn settle(
    tx: &mut Tx<'_>,
    ctx: &Context,
    permit: &Permit,
    before: &Record<CustomerBody>,
    to: Lifecycle,
    reason: Option<&str>,
) -> Result<Record<CustomerBody>, Problem> {
    if before.body.lifecycle == to.as_str() {
        return Ok(before.clone());
    }
    let mut record = before.clone();
    record.body.lifecycle = to.as_str().to_owned();
    let row = LifecycleMoveRow {
        id: Id(ctx.next_id()),
        customer_id: record.head.id,
        from_lifecycle: before.body.lifecycle.clone(),
        to_lifecycle: to.as_str().to_owned(),
        reason: reason.map(str::to_owned),
        moved_at: Instant(ctx.now),
        moved_by: ctx.actor.user().map(Id),
    };
    let record = write::save::<Customers>(tx, ctx, permit, before, record, "lifecycle")?;
    lifecycle_move_insert(tx, &row).map_err(StoreError::from)?;
    Ok(record)
}

/// The lifecycle of a customer
///
/// Every move, newest first.
#[utoipa::path(tag = "Customers", operation_id = "listCustomerLifecycle", params(("id" = Uuid, Path, description = "The customer's id.")),
    responses((status = 200, description = "The moves.", body = LifecyclePage)))]
#[get("/customers/{id}/lifecycle")]
pub(super) async fn list_customer_lifecycle(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let (ctx, id) = (caller.context(), path_id(&id)?);
    let work = move |db: &mut rapport_persistence::Db| {
        write::find_any::<Customers>(db, &ctx, id)?;
        let rows = lifecycle_moves_of(db, id).map_err(StoreError::from)?;
        let mut wanted = Wanted::default();
        rows.iter().for_each(|row| wanted.name(RecordKind::User, row.moved_by.map(Into::into)));
        let people = wanted.load(db)?;
        let data = rows
            .into_iter()
            .map(|row| LifecycleMoveView {
                id: row.id.0,
                from: row.from_lifecycle,
                to: row.to_lifecycle,
                reason: row.reason,
                at: row.moved_at.0,
                by: named(row.moved_by.map(Into::into), &people),
            })
            .collect();
        Reply::ok(&LifecyclePage { data })
    };
    Ok(app.store.read("list_lifecycle", work).await?.respond(&request))
}
