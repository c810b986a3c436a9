//! The names of records of several kinds, as far as a reader sees them.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use rapport_domain::access::{Action, Subject, visibility};
use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_persistence::Db;
use rapport_persistence::notifications::names_within;

use crate::problem::Problem;

/// A record that something personal is about: it stays when its reader does not see the record any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SeenRecord {
    /// customer, contact, lead or opportunity.
    #[serde(rename = "type")]
    #[schema(example = "lead")]
    pub kind: String,
    /// The id.
    pub id: Uuid,
    /// The name; null when you do not see the record any more, or it is gone.
    pub name: Option<String>,
}

/// Names by kind and id; what the reader does not see has none.
#[derive(Debug, Default)]
pub struct SeenNames(HashMap<(RecordKind, Uuid), String>);

impl SeenNames {
    /// Loads them: one statement for each kind, however many there are.
    ///
    /// # Errors
    /// When the database fails.
    pub fn load(
        db: &mut Db,
        ctx: &Context,
        wanted: impl IntoIterator<Item = (RecordKind, Uuid)>,
    ) -> Result<Self, Problem> {
        let mut by_kind: BTreeMap<RecordKind, Vec<Uuid>> = BTreeMap::new();
        for (kind, id) in wanted {
            by_kind.entry(kind).or_default().push(id);
        }
        let mut names = HashMap::new();
        for (kind, ids) in by_kind {
            let seen = visibility(&ctx.actor, Subject::from(kind), Action::View);
            let within = names_within(db, kind, &seen, &ids)?;
            names.extend(within.into_iter().map(|(id, name)| ((kind, id), name)));
        }
        Ok(Self(names))
    }

    /// A record with its name, if it is seen.
    #[must_use]
    pub fn record(&self, kind: RecordKind, id: Uuid) -> SeenRecord {
        SeenRecord { kind: kind.as_str().to_owned(), id, name: self.0.get(&(kind, id)).cloned() }
    }
}
