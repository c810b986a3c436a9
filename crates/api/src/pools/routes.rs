//! The endpoints of pools, and of what is done to customers with them.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};
use serde_json::Value;
use uuid::Uuid;

use rapport_domain::access::{Action, Subject};
use rapport_domain::context::Context;
use rapport_persistence::Db;

use super::dto::{
    AllotCustomer, CreateCustomerPool, CustomerPoolList, CustomerPoolView, LockCustomer, MyPools, PoolReplacement,
    ReleaseCustomer, UpdateCustomerPool,
};
use super::{actions, mine, service};
use crate::auth::{Caller, Credential};
use crate::customers::CustomerView;
use crate::extract::{Params, RawBody, parse_body};
use crate::problem::Problem;
use crate::records::mutate::{expected_version, mutate, path_id};
use crate::router::Routes;
use crate::state::App;

type Answer = Result<HttpResponse, Problem>;

/// The routes of pools.
pub fn routes(cfg: &mut Routes<'_>) {
    cfg.service(list_customer_pools).service(create_customer_pool).service(get_customer_pool);
    cfg.service(update_customer_pool).service(delete_customer_pool).service(list_my_pools);
}

/// The routes below those of customers.
pub(crate) fn customer_routes(cfg: &mut Routes<'_>) {
    cfg.service(claim_customer).service(release_customer).service(allot_customer).service(lock_customer);
}

/// 403 before anything is read of the body.
fn may_configure(caller: &Caller) -> Result<(), Problem> {
    caller.may(Action::Configure, Subject::Configuration).map(drop)
}

// ---------------------------------------------------------------- pools

/// List customer pools
///
/// Every pool with its rules, the default one first; few enough for one answer.
#[utoipa::path(tag = "Customer pools", operation_id = "listCustomerPools", responses((status = 200, description = "Every pool.", body = CustomerPoolList)))]
#[get("/pools")]
async fn list_customer_pools(app: Data<App>, credential: Credential, request: HttpRequest) -> Answer {
    let work = |db: &mut Db, ctx: &Context| service::list(db, ctx);
    Ok(credential.read(&app, &request, "list_customer_pools", work).await?.respond(&request))
}

/// Create a customer pool
///
/// It serves the people of its team and of the teams below; the nearest pool up the tree serves them, and the default pool
/// whoever no other does. Its rules never take a customer before its owner could be warned. At most 200 are possible.
#[utoipa::path(tag = "Customer pools", operation_id = "createCustomerPool", request_body = CreateCustomerPool, responses((status = 201, description = "The new pool.", body = CustomerPoolView)))]
#[post("/pools")]
async fn create_customer_pool(app: Data<App>, caller: Caller, request: HttpRequest, body: RawBody) -> Answer {
    may_configure(&caller)?;
    let input: CreateCustomerPool = parse_body(&body.0)?;
    mutate(&app, &caller, &request, &body.0, "create_customer_pool", move |tx, ctx| service::create(tx, ctx, &input))
        .await
}

/// Read a customer pool
///
/// Its ETag is the version.
#[utoipa::path(tag = "Customer pools", operation_id = "getCustomerPool", params(("id" = Uuid, Path, description = "The id.")), responses((status = 200, description = "The pool.", body = CustomerPoolView)))]
#[get("/pools/{id}")]
async fn get_customer_pool(app: Data<App>, credential: Credential, request: HttpRequest, id: Path<Uuid>) -> Answer {
    let work = move |db: &mut Db, ctx: &Context| service::get(db, ctx, *id);
    Ok(credential.read(&app, &request, "get_customer_pool", work).await?.respond(&request))
}

/// Change a customer pool
///
/// A merge patch (RFC 7396). When its rules change, every customer they count for gets a new day of release, and its owner
/// at least the days of warning from now.
#[utoipa::path(tag = "Customer pools", operation_id = "updateCustomerPool", params(("id" = Uuid, Path, description = "The id.")), request_body = UpdateCustomerPool, responses((status = 200, description = "The pool as it is now.", body = CustomerPoolView)))]
#[patch("/pools/{id}")]
async fn update_customer_pool(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<Uuid>,
    body: RawBody,
) -> Answer {
    may_configure(&caller)?;
    let expected = expected_version(&request, app.config.api.require_if_match)?;
    let patch: Value = parse_body(&body.0)?;
    mutate(&app, &caller, &request, &body.0, "update_customer_pool", move |tx, ctx| {
        service::update(tx, ctx, *id, expected, &patch)
    })
    .await
}

/// Delete a customer pool
///
/// While customers lie in it, `replacement` names the pool they move to; otherwise it is refused with their number. The
/// default pool stays.
#[utoipa::path(tag = "Customer pools", operation_id = "deleteCustomerPool", params(("id" = Uuid, Path, description = "The id."), PoolReplacement), responses((status = 204, description = "It is gone.")))]
#[delete("/pools/{id}")]
async fn delete_customer_pool(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<Uuid>,
    query: Params<PoolReplacement>,
) -> Answer {
    may_configure(&caller)?;
    let expected = expected_version(&request, app.config.api.require_if_match)?;
    let replacement = query.0.replacement;
    mutate(&app, &caller, &request, &[], "delete_customer_pool", move |tx, ctx| {
        service::delete(tx, ctx, *id, expected, replacement)
    })
    .await
}

/// List the pools one may claim from
///
/// The pool that serves the caller, with how much they have and may have; none for whoever works with no customers.
#[utoipa::path(tag = "Customer pools", operation_id = "listMyPools", responses((status = 200, description = "One pool, or none.", body = MyPools)))]
#[get("/me/pools")]
async fn list_my_pools(app: Data<App>, credential: Credential, request: HttpRequest) -> Answer {
    let work = |db: &mut Db, ctx: &Context| mine::list(db, ctx);
    Ok(credential.read(&app, &request, "list_my_pools", work).await?.respond(&request))
}

// ---------------------------------------------------------------- customers

/// Claim a customer
///
/// Out of the pool, for the caller; of those who ask at once one gets it. Contacts and open opportunities that nobody owns,
/// or the previous owner, come along. `already_owned` tells who has it, for those who may see that; `claim_refused` tells
/// by `reason` (`owned_cap`, `daily_limit` or `cooldown`), `limit` and `until` why not now.
#[utoipa::path(tag = "Customer pools", operation_id = "claimCustomer", params(("id" = Uuid, Path, description = "The customer's id.")), responses((status = 200, description = "It is the caller's.", body = CustomerView)))]
#[post("/customers/{id}/claim")]
async fn claim_customer(app: Data<App>, caller: Caller, request: HttpRequest, id: Path<String>) -> Answer {
    let (id, expected) = (path_id(&id)?, expected_version(&request, false)?);
    mutate(&app, &caller, &request, &[], "claim_customer", move |tx, ctx| actions::claim(tx, ctx, id, expected)).await
}

/// Release a customer
///
/// Back into a pool, with a reason; by its owner, or by whoever may edit and assign it. Its contacts and opportunities stay
/// with whoever has them.
#[utoipa::path(tag = "Customer pools", operation_id = "releaseCustomer", params(("id" = Uuid, Path, description = "The customer's id.")), request_body = ReleaseCustomer, responses((status = 200, description = "It lies in the pool.", body = CustomerView)))]
#[post("/customers/{id}/release")]
async fn release_customer(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<String>,
    body: RawBody,
) -> Answer {
    let (id, asked): (Uuid, ReleaseCustomer) = (path_id(&id)?, parse_body(&body.0)?);
    let expected = expected_version(&request, false)?;
    mutate(&app, &caller, &request, &body.0, "release_customer", move |tx, ctx| {
        actions::release(tx, ctx, id, expected, &asked)
    })
    .await
}

/// Allot a customer
///
/// Out of the pool, to somebody; by whoever may assign more than what is their own. The receiver may not own more than
/// their pool allows (`claim_refused`), but neither a day's limit nor a cool-down counts. Contacts and open opportunities
/// come along as with a claim.
#[utoipa::path(tag = "Customer pools", operation_id = "allotCustomer", params(("id" = Uuid, Path, description = "The customer's id.")), request_body = AllotCustomer, responses((status = 200, description = "It is theirs.", body = CustomerView)))]
#[post("/customers/{id}/allot")]
async fn allot_customer(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<String>,
    body: RawBody,
) -> Answer {
    let (id, asked): (Uuid, AllotCustomer) = (path_id(&id)?, parse_body(&body.0)?);
    let expected = expected_version(&request, false)?;
    mutate(&app, &caller, &request, &body.0, "allot_customer", move |tx, ctx| {
        actions::allot(tx, ctx, id, expected, &asked)
    })
    .await
}

/// Lock a customer
///
/// No rule takes it from its owner before that moment; null ends the lock. By whoever may assign more than what is their
/// own. A lock ends when the customer gets another owner.
#[utoipa::path(tag = "Customer pools", operation_id = "lockCustomer", params(("id" = Uuid, Path, description = "The customer's id.")), request_body = LockCustomer, responses((status = 200, description = "The customer.", body = CustomerView)))]
#[post("/customers/{id}/lock")]
async fn lock_customer(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<String>,
    body: RawBody,
) -> Answer {
    let (id, asked): (Uuid, LockCustomer) = (path_id(&id)?, parse_body(&body.0)?);
    let expected = expected_version(&request, false)?;
    mutate(&app, &caller, &request, &body.0, "lock_customer", move |tx, ctx| {
        actions::lock(tx, ctx, id, expected, &asked)
    })
    .await
}
