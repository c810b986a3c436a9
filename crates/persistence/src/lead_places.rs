//! Which leads are meant by a request for many: as far as it decides who may do what with them, and no further.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use uuid::Uuid;

use rapport_domain::access::Ownership;

use crate::connection::Db;
use crate::error::StoreError;
use crate::fragment::{Bind, Fragment};
use crate::records::{Approach, Selection};
use crate::types::{Id, Uid};

/// How many ids one statement names.
const PORTION: usize = 1000;

/// A lead, as far as it decides whether it may become part of a job.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct LeadPlace {
    /// The lead.
    #[diesel(sql_type = Uid)]
    pub id: Id,
    #[diesel(sql_type = Nullable<Uid>)]
    owner_id: Option<Id>,
    #[diesel(sql_type = Nullable<Uid>)]
    team_id: Option<Id>,
    /// The category of its status.
    #[diesel(sql_type = Text)]
    pub status_category: String,
}

impl LeadPlace {
    /// Whose it is.
    #[must_use]
    pub fn ownership(&self) -> Ownership {
        Ownership { owner_id: self.owner_id.map(Into::into), team_id: self.team_id.map(Into::into), pool_id: None }
    }
}

const LEAD_PLACE: &str = "SELECT id, owner_id, team_id, status_category FROM leads WHERE ";

/// The leads of a selection, at most so many, in the order in which they came.
///
/// # Errors
/// When the database fails.
pub fn leads_selected(db: &mut Db, selection: &Selection, most: i64) -> Result<Vec<LeadPlace>, StoreError> {
    let sql = Fragment::sql(LEAD_PLACE).append(selection.condition(Approach::FROM_HITS));
    Ok(sql.push(" ORDER BY id LIMIT ").bind(Bind::Integer(most)).load_rows(db)?)
}

/// Those of these leads that are alive, in no order; whoever asks decides which of them may be seen.
///
/// # Errors
/// When the database fails.
pub fn leads_named(db: &mut Db, ids: &[Uuid]) -> Result<Vec<LeadPlace>, StoreError> {
    let mut found = Vec::new();
    for ids in ids.chunks(PORTION) {
        let sql = Fragment::sql(LEAD_PLACE).push("deleted_at IS NULL AND id IN ");
        let rows: Vec<LeadPlace> = sql.bind_list(ids.iter().copied()).load_rows(db)?;
        found.extend(rows);
    }
    Ok(found)
}
