//! What belongs to a customer and may go along with it: its contacts, its open deals, and what is to be done about all of them.

use diesel::prelude::*;
use uuid::Uuid;

use rapport_domain::access::Visibility;
use rapport_domain::kind::RecordKind;

use crate::connection::Db;
use crate::fragment::Fragment;
use crate::record::{Body, Record};
use crate::scope::within;

/// The living companions of a kind that somebody sees, at most so many, in the order of their ids.
///
/// # Errors
/// When the database fails.
pub fn companions_of<B: Body>(
    db: &mut Db,
    visibility: &Visibility,
    customer: Uuid,
    limit: i64,
) -> QueryResult<Vec<Record<B>>> {
    let condition = Fragment::sql("deleted_at IS NULL AND ").append(belongs(B::KIND, customer));
    B::load(db, condition.and(within(visibility)), Fragment::sql("id"), limit)
}

fn belongs(kind: RecordKind, customer: Uuid) -> Fragment {
    let own = |sql: Fragment| sql.push("customer_id = ").bind(customer);
    match kind {
        RecordKind::Contact => own(Fragment::default()),
        RecordKind::Opportunity => own(Fragment::sql("category = 'open' AND ")),
        RecordKind::Activity => {
            let sql = own(Fragment::sql("status = 'open' AND ("));
            let sql = own(sql.push(" OR contact_id IN (SELECT id FROM contacts WHERE deleted_at IS NULL AND "));
            let deals = ") OR opportunity_id IN (SELECT id FROM opportunities WHERE deleted_at IS NULL AND category = 'open' AND ";
            own(sql.push(deals)).push("))")
        }
        _ => Fragment::none(),
    }
}
