//! When deals become stale, kept beside them: what the domain's `StaleTimes::of` says, in SQL.
//!
//! A new deal brings them along: nobody knows it yet, and its stage is held. After that no version changes, and no update of a deal
//! writes them, for the same reason as the marks of activities: what is derived is nobody's edit. They are computed from the
//! row as it is at that moment, held by whoever changed it, so that a call and a move at the same time leave what both together mean.

use diesel::prelude::*;
use uuid::Uuid;

use rapport_domain::access::Permit;
use rapport_domain::kind::RecordKind;

use crate::error::StoreError;
use crate::fragment::Fragment;
use crate::records::record_close;
use crate::store::Tx;
use crate::types::{Id, Uid};

/// `warn_at` of a row of `opportunities` whose stage is `s`, on SQLite and on PostgreSQL.
const WARN_AT: (&str, &str) = (
    "CASE WHEN opportunities.category = 'open' THEN opportunities.stage_entered_at + s.warning_days * 86400000000 END",
    "CASE WHEN opportunities.category = 'open' THEN opportunities.stage_entered_at + s.warning_days * interval '24 hours' END",
);
/// `stale_at`, likewise.
const STALE_AT: (&str, &str) = (
    "CASE WHEN opportunities.category = 'open' THEN MIN(opportunities.stage_entered_at + s.expected_days * 129600000000, \
     MAX(opportunities.stage_entered_at, COALESCE(opportunities.last_activity_at, opportunities.stage_entered_at)) \
     + s.expected_days * 86400000000) END",
    "CASE WHEN opportunities.category = 'open' THEN LEAST(opportunities.stage_entered_at + s.expected_days * interval '36 hours', \
     GREATEST(opportunities.stage_entered_at, opportunities.last_activity_at) + s.expected_days * interval '24 hours') END",
);

/// Keeps the times of a deal that has come to another stage, or about which something was done.
///
/// # Errors
/// When the database fails.
pub fn stale_times_keep(tx: &mut Tx<'_>, _permit: &Permit, deal: Uuid) -> Result<(), StoreError> {
    Ok(keep(tx, Fragment::sql("opportunities.id = ").bind(deal))?)
}

/// Keeps the times of every deal in a stage whose days have changed. None comes to it until the transaction ends.
///
/// # Errors
/// When the database fails.
pub fn stale_times_keep_in(tx: &mut Tx<'_>, _permit: &Permit, stage: Uuid) -> Result<(), StoreError> {
    record_close(tx, RecordKind::Stage, stage)?;
    Ok(keep(tx, Fragment::sql("opportunities.stage_id = ").bind(stage))?)
}

/// Keeps the times of some deals.
pub(crate) fn keep_all(tx: &mut Tx<'_>, deals: impl Iterator<Item = Id>) -> QueryResult<()> {
    keep(tx, Fragment::sql("opportunities.id IN ").bind_list(deals))
}

#[derive(Debug, QueryableByName)]
struct Kept {
    #[diesel(sql_type = Uid)]
    #[expect(dead_code, reason = "the statement is run for its effect")]
    id: Id,
}

/// Rows that are right already are not written.
fn keep(tx: &mut Tx<'_>, which: Fragment) -> QueryResult<()> {
    let _kept: Vec<Kept> = Fragment::sql("UPDATE opportunities SET warn_at = ")
        .dialect(WARN_AT.0, WARN_AT.1)
        .push(", stale_at = ")
        .dialect(STALE_AT.0, STALE_AT.1)
        .push(" FROM stages AS s WHERE s.id = opportunities.stage_id AND ")
        .append(which)
        .push(" AND (warn_at IS DISTINCT FROM ")
        .dialect(WARN_AT.0, WARN_AT.1)
        .push(" OR stale_at IS DISTINCT FROM ")
        .dialect(STALE_AT.0, STALE_AT.1)
        .push(") RETURNING opportunities.id")
        .load_rows(tx)?;
    Ok(())
}

/// Selects an `example` of each deal that is kept with other times than its stage says.
pub(crate) fn wrong(is_sqlite: bool) -> String {
    let of = |(sqlite, postgres): (&'static str, &'static str)| if is_sqlite { sqlite } else { postgres };
    format!(
        "SELECT 'opportunity ' || number AS example FROM opportunities JOIN stages s ON s.id = opportunities.stage_id
         WHERE warn_at IS DISTINCT FROM {} OR stale_at IS DISTINCT FROM {}",
        of(WARN_AT),
        of(STALE_AT)
    )
}
