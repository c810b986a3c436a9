//! Owned records of any kind, over HTTP: written once; a record type declares its fields and its rules.

pub mod batch;
pub(crate) mod cursor;
pub mod document;
pub mod fields;
pub mod history;
mod included;
pub mod list;
mod moment;
pub mod mutate;
pub(crate) mod patch;
pub mod references;
pub mod reply;
pub mod routes;
pub mod seen;
pub mod service;
pub mod summary;
pub mod view;
pub mod write;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;
use validator::Validate;

use rapport_domain::access::Subject;
use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_persistence::record::{Body, ExternalId, Record};
use rapport_persistence::satellites::Satellites;
use rapport_persistence::{Db, Tx};

use crate::problem::Problem;
use batch::BatchOperation;
use references::{References, Wanted};
use reply::Reply;

/// What is left to be done once a new record is there, in the same transaction.
pub type Afterwards = Box<dyn FnOnce(&mut Tx<'_>) -> Result<(), Problem>>;

/// What callers may write of any owned record.
#[derive(Clone, Debug, Default)]
pub struct Common<'a> {
    /// An id of the caller's choice, for apps that create offline.
    pub id: Option<Uuid>,
    /// `None` leaves the owner as it is (or makes the caller the owner); `Some(None)` takes it away.
    pub owner_id: Option<Uuid>,
    /// Where it came from.
    pub source: Option<&'a str>,
    /// Labels.
    pub tags: &'a [String],
    /// What other systems call it.
    pub external_ids: &'a [ExternalId],
}

/// A kind of owned record, as the API sees it.
pub trait RecordType: Send + Sync + 'static {
    /// The row.
    type Body: Body;
    /// Everything a caller may write. `POST` reads it whole; `PATCH` merges into what it is now and reads that.
    type Input: Serialize + DeserializeOwned + Validate + ToSchema + PartialSchema + Clone + Send + Sync + 'static;
    /// What a caller reads.
    type View: Serialize + ToSchema + PartialSchema + 'static;

    /// What permissions call it.
    const SUBJECT: Subject;
    /// `Customer`: what the published document calls it.
    const NAME: &'static str;
    /// The tag of its operations.
    const TAG: &'static str;

    /// The kind of record.
    #[must_use]
    fn kind() -> RecordKind {
        Self::Body::KIND
    }

    /// The fields every record type has.
    fn common(input: &Self::Input) -> Common<'_>;

    /// The writable fields as they are.
    fn input_of(record: &Record<Self::Body>) -> Self::Input;

    /// The fields that rules write, and that the history compares beside the writable ones.
    fn ruled(record: &Record<Self::Body>) -> Vec<(&'static str, Value)>;

    /// A body with nothing in it yet.
    fn blank(ctx: &Context) -> Self::Body;

    /// Reads the input into the record and applies the rules. `before` is `None` for a new record.
    ///
    /// # Errors
    /// Every field that is not as it must be.
    fn prepare(
        tx: &mut Tx<'_>,
        ctx: &Context,
        record: &mut Record<Self::Body>,
        input: &Self::Input,
        before: Option<&Record<Self::Body>>,
    ) -> Result<(), Problem>;

    /// Who owns a new record that came without an owner. It is the caller's, unless this gives it to somebody else or to
    /// nobody, which is no act of the caller; asked last, when everything else of the record is settled.
    ///
    /// # Errors
    /// When the database fails; a race with another writer runs the transaction again.
    fn find_owner(
        _tx: &mut Tx<'_>,
        _ctx: &Context,
        _record: &mut Record<Self::Body>,
    ) -> Result<Option<Afterwards>, Problem> {
        Ok(None)
    }

    /// What follows for the record itself from what has changed of it, whoever changed it; asked last before it is written.
    ///
    /// # Errors
    /// Why it cannot be written so; a race with another writer runs the transaction again.
    fn settle(
        _tx: &mut Tx<'_>,
        _ctx: &Context,
        _record: &mut Record<Self::Body>,
        _before: Option<&Record<Self::Body>>,
    ) -> Result<(), Problem> {
        Ok(())
    }

    /// Does what only records of this kind let one do, for batches.
    ///
    /// # Errors
    /// 422 when they do not; otherwise as the single request.
    fn act(tx: &mut Tx<'_>, ctx: &Context, operation: &BatchOperation, id: Uuid) -> Result<Reply, Problem>
    where
        Self: Sized,
    {
        batch::transfer::<Self>(tx, ctx, operation, id)
    }

    /// What must happen beside the record itself once it is written, in the same transaction.
    ///
    /// # Errors
    /// When the database fails.
    fn written(
        _tx: &mut Tx<'_>,
        _ctx: &Context,
        _record: &Record<Self::Body>,
        _before: Option<&Record<Self::Body>>,
    ) -> Result<(), Problem> {
        Ok(())
    }

    /// The colleagues whom its text names; they are told once they come to be named, and must see it.
    fn mentions(_record: &Record<Self::Body>) -> &[Uuid] {
        &[]
    }

    /// Whether whoever is given it by somebody else is told.
    fn tells_owner(_record: &Record<Self::Body>) -> bool {
        true
    }

    /// Whether a record in the trash may come back: what it cannot be without is there, and held.
    ///
    /// # Errors
    /// Why not.
    fn check_restore(_tx: &mut Tx<'_>, _record: &Record<Self::Body>) -> Result<(), Problem> {
        Ok(())
    }

    /// What search, tags and matching keep of it.
    fn satellites(record: &Record<Self::Body>) -> Satellites;

    /// The lead it came from, whose activities its timeline goes on from.
    fn origin(_record: &Record<Self::Body>) -> Option<Uuid> {
        None
    }

    /// How many living records depend on it, by name, those in `without` left out; deleting is refused while there are
    /// any.
    ///
    /// # Errors
    /// When the database fails.
    fn dependants(db: &mut Db, id: Uuid, without: &[Uuid]) -> Result<Vec<(&'static str, i64)>, Problem>;

    /// Which other records the view needs.
    fn wanted(record: &Record<Self::Body>, wanted: &mut Wanted);

    /// The view.
    fn view(record: &Record<Self::Body>, references: &References, ctx: &Context) -> Self::View;

    /// The line below the name in search results.
    fn detail(record: &Record<Self::Body>, references: &References) -> Option<String>;

    /// An example of a request body, for the published document.
    fn example() -> Value;
}
