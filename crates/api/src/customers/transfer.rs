//! Giving a customer to somebody else, with what belongs to it by choice.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use rapport_domain::access::{Action, Denied, Ownership, Permit, decide, decide_transfer, visibility};
use rapport_domain::context::Context;
use rapport_persistence::activities::ActivityBody;
use rapport_persistence::companions::companions_of;
use rapport_persistence::contacts::ContactBody;
use rapport_persistence::customers::CustomerBody;
use rapport_persistence::opportunities::OpportunityBody;
use rapport_persistence::record::Record;
use rapport_persistence::types::Id;
use rapport_persistence::users::user_find;
use rapport_persistence::{Db, StoreError, Tx};

use super::{CustomerView, Customers};
use crate::activities::Activities;
use crate::auth::{Caller, Credential};
use crate::contacts::Contacts;
use crate::extract::{Params, RawBody, parse_body, validate};
use crate::opportunities::Opportunities;
use crate::problem::{Code, FieldError, Problem};
use crate::records::mutate::{expected_version, mutate, path_id};
use crate::records::reply::Reply;
use crate::records::write::FOLLOW;
use crate::records::{RecordType, list, write};
use crate::state::App;

/// How many of a kind go along at once.
const MOST: usize = 500;

/// Which of what belongs to a customer go along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Along {
    /// None: they stay with whoever has them.
    #[default]
    None,
    /// Those of whoever has had the customer.
    SameOwner,
    /// All, whoever has them.
    All,
}

/// What goes along with a customer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct TransferCascade {
    /// Its contacts.
    #[schema(default = "none")]
    pub contacts: Along,
    /// Its open opportunities.
    #[schema(default = "none")]
    pub opportunities: Along,
    /// What is still to be done about it, its contacts and its open opportunities.
    #[schema(default = "none")]
    pub tasks: Along,
}

/// Who is to own a customer, and what goes along with it.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct TransferCustomer {
    /// The new owner; null puts it into the pool that serves its owner.
    // With a reader of its own the field must be there, though it may be null.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required = true)]
    pub owner_id: Option<Uuid>,
    /// What goes along; nothing if left out.
    #[serde(default)]
    pub cascade: TransferCascade,
}

/// Why some stay where they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CompanionsLeft {
    /// forbidden: the caller may not give them to that person.
    #[schema(example = "forbidden")]
    pub reason: String,
    /// How many.
    pub count: usize,
}

/// What has become of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct CompanionsMoved {
    /// How many have the new owner now.
    pub followed: usize,
    /// Those that were asked for and stay, by reason. What the caller does not see is neither moved nor counted.
    pub left: Vec<CompanionsLeft>,
}

/// What has gone along.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct CascadeView {
    /// Of its contacts.
    pub contacts: CompanionsMoved,
    /// Of its open opportunities.
    pub opportunities: CompanionsMoved,
    /// Of what is still to be done.
    pub tasks: CompanionsMoved,
}

/// A customer as it is now, and what has gone along.
#[derive(Debug, Serialize, ToSchema)]
pub struct TransferredCustomer {
    /// The customer.
    #[serde(flatten)]
    pub customer: CustomerView,
    /// What has gone along.
    pub cascade: CascadeView,
}

/// How many of one kind would go along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct CompanionCounts {
    /// Those of whoever has the customer; 501 stands for more than 500, which cannot go along at once.
    pub same_owner: usize,
    /// All; likewise.
    pub all: usize,
    /// Of all, those that the caller may not give away (to that person, if one is named), and that would stay.
    pub forbidden: usize,
}

/// What would go along with a customer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct CompanionsPreview {
    /// Its contacts.
    pub contacts: CompanionCounts,
    /// Its open opportunities.
    pub opportunities: CompanionCounts,
    /// What is still to be done about it, its contacts and its open opportunities.
    pub tasks: CompanionCounts,
}

/// To whom.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PreviewParams {
    /// The new owner, where one has been chosen: what is theirs already is not counted.
    #[param(nullable = false)]
    pub owner_id: Option<Uuid>,
}

/// Hand over a customer
///
/// Gives it to another owner; needs the right to assign. Its contacts, its open opportunities and what is to be done go along
/// by choice (`cascade`): each is asked for by itself, and what the caller may not give away stays and is counted. The new
/// owner is told once.
#[utoipa::path(tag = "Customers", operation_id = "transferCustomer", params(("id" = Uuid, Path, description = "The customer's id.")),
    request_body(content = TransferCustomer, example = json!({"owner_id": "01936f1e-7a54-7c1b-9a52-3f1f6f0a1b2c", "cascade": {"contacts": "same_owner", "opportunities": "same_owner"}})), responses((status = 200, description = "Handed over.", body = TransferredCustomer)))]
#[post("/customers/{id}/transfer")]
pub(super) async fn transfer_customer(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: web::Path<String>,
    body: RawBody,
) -> Result<HttpResponse, Problem> {
    let (id, asked): (Uuid, TransferCustomer) = (path_id(&id)?, parse_body(&body.0)?);
    validate(&asked)?;
    let expected = expected_version(&request, false)?;
    mutate(&app, &caller, &request, &body.0, "transfer_customer", move |tx, ctx| {
        transfer(tx, ctx, id, expected, &asked)
    })
    .await
}

/// Count what would go along with a customer
///
/// For the choice of a transfer: how many contacts, open opportunities and tasks belong to whoever has it, how many to anybody,
/// and how many of these the caller may not give away.
#[utoipa::path(tag = "Customers", operation_id = "previewCustomerTransfer", params(("id" = Uuid, Path, description = "The customer's id."), PreviewParams), responses((status = 200, description = "The counts.", body = CompanionsPreview)))]
#[get("/customers/{id}/transfer/preview")]
pub(super) async fn preview_customer_transfer(
    app: web::Data<App>,
    credential: Credential,
    request: HttpRequest,
    id: web::Path<String>,
    asked: Params<PreviewParams>,
) -> Result<HttpResponse, Problem> {
    let (id, to) = (path_id(&id)?, asked.0.owner_id);
    let work = move |db: &mut Db, ctx: &Context| preview(db, ctx, id, to);
    Ok(credential.read(&app, &request, "preview_customer_transfer", work).await?.respond(&request))
}

/// Gives a customer to somebody else, with what is to go along.
///
/// # Errors
/// 403, 404, 412; 422 when the new owner is unknown; 409 `limit_reached` when too many would go along.
pub(super) fn transfer(
    tx: &mut Tx<'_>,
    ctx: &Context,
    id: Uuid,
    expected: Option<i64>,
    asked: &TransferCustomer,
) -> Result<Reply, Problem> {
    if asked.owner_id.is_none() && asked.cascade != TransferCascade::default() {
        let fault = FieldError::at("/cascade", Code::InvalidValue);
        return Err(Problem::validation().error(fault.because("没有新的负责人", "There is nobody to follow")));
    }
    let before = write::find::<Customers>(tx, ctx, id)?;
    let permit = write::permit::<Customers>(ctx, Action::Assign, &before)?;
    write::check_version::<Customers>(tx, ctx, &before, expected)?;
    // Before the customer goes: with it the caller may lose sight of what belongs to it.
    let companions = Companions::find(tx, ctx, &before, asked)?;
    let mut record = before.clone();
    write::hand_over::<Customers>(tx, ctx, &mut record, asked.owner_id)?;
    let record = write::save::<Customers>(tx, ctx, &permit, &before, record, "transfer")?;
    let cascade = companions.follow(tx, ctx, asked)?;
    // Whoever gives a record away may not see it any more; this answer is still theirs.
    let customer = list::view::<Customers>(tx, &record, ctx)?;
    Ok(Reply::ok(&TransferredCustomer { customer, cascade })?.record(record.head.id.0, record.head.version))
}

/// What is to go along.
struct Companions {
    contacts: Vec<Record<ContactBody>>,
    opportunities: Vec<Record<OpportunityBody>>,
    tasks: Vec<Record<ActivityBody>>,
}

impl Companions {
    fn find(
        db: &mut Db,
        ctx: &Context,
        customer: &Record<CustomerBody>,
        asked: &TransferCustomer,
    ) -> Result<Self, Problem> {
        let TransferCascade { contacts, opportunities, tasks } = asked.cascade;
        let owner = asked.owner_id;
        Ok(Self {
            contacts: meant::<Contacts>(db, ctx, customer, owner, contacts)
                .map_err(|problem| at(problem, "/cascade/contacts"))?,
            opportunities: meant::<Opportunities>(db, ctx, customer, owner, opportunities)
                .map_err(|problem| at(problem, "/cascade/opportunities"))?,
            tasks: meant::<Activities>(db, ctx, customer, owner, tasks)
                .map_err(|problem| at(problem, "/cascade/tasks"))?,
        })
    }

    fn follow(&self, tx: &mut Tx<'_>, ctx: &Context, asked: &TransferCustomer) -> Result<CascadeView, Problem> {
        let Some(owner) = asked.owner_id else { return Ok(CascadeView::default()) };
        let to = write::owner_of(tx, Some(owner))?;
        Ok(CascadeView {
            contacts: give::<Contacts>(tx, ctx, &self.contacts, &to)?,
            opportunities: give::<Opportunities>(tx, ctx, &self.opportunities, &to)?,
            tasks: give::<Activities>(tx, ctx, &self.tasks, &to)?,
        })
    }
}

fn at(problem: Problem, place: &str) -> Problem {
    if problem.code() == Code::LimitReached { problem.at(place, Code::LimitReached) } else { problem }
}

/// Those of a kind that are to go along, as far as the caller sees them and they are not the new owner's already.
fn meant<R: RecordType>(
    db: &mut Db,
    ctx: &Context,
    customer: &Record<CustomerBody>,
    owner: Option<Uuid>,
    which: Along,
) -> Result<Vec<Record<R::Body>>, Problem> {
    if which == Along::None {
        return Ok(Vec::new());
    }
    let mut found = companions::<R>(db, ctx, customer.head.id.0)?;
    if found.len() > MOST {
        return Err(Problem::new(Code::LimitReached).with("max", MOST));
    }
    found.retain(|record| {
        record.head.owner_id != owner.map(Id) && (which == Along::All || record.head.owner_id == customer.head.owner_id)
    });
    Ok(found)
}

/// Gives records to the new owner, each as if it were given by itself.
fn give<R: RecordType>(
    tx: &mut Tx<'_>,
    ctx: &Context,
    records: &[Record<R::Body>],
    to: &Ownership,
) -> Result<CompanionsMoved, Problem> {
    let (mut followed, mut forbidden) = (0, 0);
    for before in records {
        match may_give::<R>(ctx, before, Some(to)) {
            Ok(permit) => {
                let mut record = before.clone();
                (record.head.owner_id, record.head.team_id) = (to.owner_id.map(Id), to.team_id.map(Id));
                write::save::<R>(tx, ctx, &permit, before, record, FOLLOW)?;
                followed += 1;
            }
            Err(_) => forbidden += 1,
        }
    }
    let left = CompanionsLeft { reason: Code::Forbidden.as_str().to_owned(), count: forbidden };
    Ok(CompanionsMoved { followed, left: if forbidden > 0 { vec![left] } else { Vec::new() } })
}

/// Whether the caller may give a record away: to somebody, where it is known to whom.
fn may_give<R: RecordType>(ctx: &Context, record: &Record<R::Body>, to: Option<&Ownership>) -> Result<Permit, Denied> {
    match to {
        Some(to) => decide_transfer(&ctx.actor, R::SUBJECT, &record.ownership(), to),
        None => decide(&ctx.actor, Action::Assign, R::SUBJECT, Some(&record.ownership())),
    }
}

/// One more than may go along, at most.
fn companions<R: RecordType>(db: &mut Db, ctx: &Context, customer: Uuid) -> Result<Vec<Record<R::Body>>, Problem> {
    let seen = visibility(&ctx.actor, R::SUBJECT, Action::View);
    let limit = i64::try_from(MOST + 1).unwrap_or(i64::MAX);
    Ok(companions_of(db, &seen, customer, limit).map_err(StoreError::from)?)
}

/// Counts what would go along.
///
/// # Errors
/// 403, 404; 400 when the new owner is unknown.
fn preview(db: &mut Db, ctx: &Context, id: Uuid, to: Option<Uuid>) -> Result<Reply, Problem> {
    let customer = write::find::<Customers>(db, ctx, id)?;
    write::permit::<Customers>(ctx, Action::Assign, &customer)?;
    let to = match to {
        None => None,
        Some(user) => {
            let found = user_find(db, user)?.filter(|user| user.is_active);
            let unknown = || Problem::new(Code::ParameterInvalid).parameter("owner_id", Code::NotFound);
            let found = found.ok_or_else(unknown)?;
            Some(Ownership { owner_id: Some(user), team_id: found.team_id.map(Into::into), pool_id: None })
        }
    };
    Reply::ok(&CompanionsPreview {
        contacts: count::<Contacts>(db, ctx, &customer, to.as_ref())?,
        opportunities: count::<Opportunities>(db, ctx, &customer, to.as_ref())?,
        tasks: count::<Activities>(db, ctx, &customer, to.as_ref())?,
    })
}

fn count<R: RecordType>(
    db: &mut Db,
    ctx: &Context,
    customer: &Record<CustomerBody>,
    to: Option<&Ownership>,
) -> Result<CompanionCounts, Problem> {
    let found = companions::<R>(db, ctx, customer.head.id.0)?;
    let heir = to.and_then(|to| to.owner_id).map(Id);
    let others: Vec<_> = found.iter().filter(|record| heir.is_none() || record.head.owner_id != heir).collect();
    Ok(CompanionCounts {
        same_owner: others.iter().filter(|record| record.head.owner_id == customer.head.owner_id).count(),
        all: others.len(),
        forbidden: others.iter().filter(|record| may_give::<R>(ctx, record, to).is_err()).count(),
    })
}
