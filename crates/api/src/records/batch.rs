//! Up to 200 operations in one request: all or nothing, or each for itself.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use rapport_domain::context::Context;
use rapport_persistence::Tx;
use rapport_persistence::record::ExternalId;

use super::reply::Reply;
use super::routes::TransferRequest;
use super::{RecordType, patch, service};
use crate::problem::{Code, Problem};

/// What to do with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BatchAction {
    /// Make a new one.
    Create,
    /// Change the one with this id.
    Update,
    /// Make or change the one that another system knows under this external id.
    Upsert,
    /// Put the one with this id into the trash.
    Delete,
    /// Take the one with this id out of the trash.
    Restore,
    /// Take the customer with this id out of its pool for oneself.
    Claim,
    /// Give the customer with this id back to a pool.
    Release,
    /// Give the customer with this id to somebody out of its pool.
    Allot,
    /// Give the record with this id to another owner; `data` is that of a single transfer.
    Transfer,
}

/// What another system calls a record.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExternalKey {
    /// The other system.
    #[schema(min_length = 1, max_length = 200, example = "erp")]
    pub system: String,
    /// The id there.
    #[schema(min_length = 1, max_length = 200, example = "C-1042")]
    pub external_id: String,
}

/// One operation.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchOperation {
    /// What to do.
    pub action: BatchAction,
    /// The record; for all but create and upsert.
    #[serde(default)]
    pub id: Option<Uuid>,
    /// The version it must still have.
    #[serde(default)]
    #[schema(minimum = 1)]
    pub version: Option<i64>,
    /// The record, as another system knows it; for upsert.
    #[serde(default)]
    pub external_id: Option<ExternalKey>,
    /// The fields, as in a single request.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub data: Option<Value>,
}

/// Several operations on one type of record.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct BatchRequest {
    /// Whether one failure undoes them all.
    #[serde(default)]
    pub atomic: bool,
    /// The operations, done in this order.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_items = 1, max_items = 200)]
    pub operations: Vec<BatchOperation>,
}

/// What became of one operation.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct BatchResult {
    /// Its place in the request.
    pub index: usize,
    /// The status that a single request would have been answered with.
    #[schema(example = 201)]
    pub status: u16,
    /// The record.
    pub id: Option<Uuid>,
    /// Its version now.
    pub version: Option<i64>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::problem::ProblemView>)]
    pub problem: Option<Value>,
}

/// What became of the operations.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct BatchAnswer {
    /// One for each operation, in their order.
    pub results: Vec<BatchResult>,
}

/// Runs the operations.
///
/// # Errors
/// In an atomic batch the first failure, with its pointers below `/operations/{index}`.
pub(crate) fn run<R: RecordType>(tx: &mut Tx<'_>, ctx: &Context, asked: &BatchRequest) -> Result<Reply, Problem> {
    let ctx = &Context { is_one_of_many: true, ..ctx.clone() };
    let mut results = Vec::with_capacity(asked.operations.len());
    for (index, operation) in asked.operations.iter().enumerate() {
        let done = if asked.atomic {
            operate::<R>(tx, ctx, operation)
                .map_err(|problem| problem.below(&format!("/operations/{index}")).with("index", index))
        } else {
            tx.attempt(|tx| operate::<R>(tx, ctx, operation))
        };
        match done {
            Ok(reply) => results.push(succeeded(index, &reply, operation)),
            Err(problem) if asked.atomic || is_of_store(&problem) => return Err(problem),
            Err(problem) => results.push(failed(index, &problem, operation, ctx)),
        }
    }
    Reply::ok(&BatchAnswer { results })
}

/// Storage being away, full or in conflict concerns the whole batch: it may run again as a whole.
fn is_of_store(problem: &Problem) -> bool {
    problem.status().is_server_error()
}

fn operate<R: RecordType>(tx: &mut Tx<'_>, ctx: &Context, operation: &BatchOperation) -> Result<Reply, Problem> {
    let empty = Value::Object(serde_json::Map::new());
    let data = operation.data.as_ref().unwrap_or(&empty);
    patch::require_object(data).map_err(|problem| problem.below("/data"))?;
    let id = || operation.id.ok_or_else(|| Problem::validation().at("/id", Code::Required));
    let below = |problem: Problem| problem.below("/data");
    match operation.action {
        BatchAction::Create => {
            let input: R::Input = patch::read_input(data.clone()).map_err(below)?;
            service::create::<R>(tx, ctx, &input).map_err(below)
        }
        BatchAction::Update => service::change::<R>(tx, ctx, id()?, operation.version, data).map_err(below),
        BatchAction::Delete => service::delete::<R>(tx, ctx, id()?, operation.version),
        BatchAction::Restore => service::restore::<R>(tx, ctx, id()?, operation.version),
        BatchAction::Claim | BatchAction::Release | BatchAction::Allot | BatchAction::Transfer => {
            R::act(tx, ctx, operation, id()?)
        }
        BatchAction::Upsert => {
            let known = operation
                .external_id
                .as_ref()
                .ok_or_else(|| Problem::validation().at("/external_id", Code::Required))?;
            let known = ExternalId { system: known.system.clone(), external_id: known.external_id.clone() };
            service::upsert::<R>(tx, ctx, &known, operation.version, data).map(|(reply, _)| reply).map_err(below)
        }
    }
}

/// What a batch does to records of which nothing special can be done: it gives them to another owner.
pub(super) fn transfer<R: RecordType>(
    tx: &mut Tx<'_>,
    ctx: &Context,
    operation: &BatchOperation,
    id: Uuid,
) -> Result<Reply, Problem> {
    if operation.action != BatchAction::Transfer {
        return Err(Problem::validation().at("/action", Code::InvalidValue));
    }
    let data = operation.data.clone().unwrap_or_else(|| Value::Object(serde_json::Map::new()));
    let below = |problem: Problem| problem.below("/data");
    let to: TransferRequest = patch::read_input(data).map_err(below)?;
    service::transfer::<R>(tx, ctx, id, operation.version, to.owner_id).map_err(below)
}

fn succeeded(index: usize, reply: &Reply, operation: &BatchOperation) -> BatchResult {
    BatchResult { index, status: reply.status, id: reply.id.or(operation.id), version: reply.version, problem: None }
}

fn failed(index: usize, problem: &Problem, operation: &BatchOperation, ctx: &Context) -> BatchResult {
    let request_id = ctx.request_id.as_deref().unwrap_or_default();
    let told = problem.to_json(ctx.locale, &format!("/operations/{index}"), request_id);
    BatchResult { index, status: problem.status().as_u16(), id: operation.id, version: None, problem: Some(told) }
}
