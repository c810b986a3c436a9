//! Rows of opportunities, and the history of their stages.

use chrono::NaiveDate;
use diesel::dsl::{max, min};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::connection::Db;
use crate::page::SortValue;
use crate::record::record_table;
use crate::schema::stage_moves;
use crate::store::Tx;
use crate::types::{Id, Instant, Json};

/// What an opportunity has beside its columns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are those of the API, documented there")]
pub struct OpportunityProfile {
    pub last_open_stage_id: Option<Uuid>,
    pub typed_probability: Option<i32>,
    pub forecast_category: Option<String>,
    pub lost_reason: Option<String>,
    pub lost_note: Option<String>,
    pub competitor: Option<String>,
    pub next_step: Option<String>,
    pub description: Option<String>,
    pub engaged_on: Option<NaiveDate>,
    pub closed_on: Option<NaiveDate>,
    pub contacts: Vec<Stakeholder>,
}

/// A contact who has a say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are those of the API, documented there")]
pub struct Stakeholder {
    pub contact_id: Uuid,
    pub role: String,
}

record_table! {
    opportunities, Opportunity, profile: OpportunityProfile;
    /// The columns of an opportunity's own.
    #[expect(missing_docs, reason = "the names are those of the API, documented there")]
    pub struct OpportunityBody {
        pub customer_id: Id => Uid,
        pub primary_contact_id: Option<Id> => Nullable<Uid>,
        pub pipeline_id: Id => Uid,
        pub stage_id: Id => Uid,
        pub category: String => Text,
        pub stage_entered_at: Instant => Ts,
        pub amount: Option<i64> => Nullable<BigInt>,
        pub currency: Option<String> => Nullable<Text>,
        pub probability: i32 => Integer,
        pub expected_close_on: Option<NaiveDate> => Nullable<Date>,
        pub closed_at: Option<Instant> => Nullable<Ts>,
        pub board_rank: String => Text,
        pub origin_lead_id: Option<Id> => Nullable<Uid>,
        pub profile: Json<OpportunityProfile> => Doc,
    }
    kept {
        /// By `stale_times`.
        pub warn_at: Option<Instant> => Nullable<Ts>,
        /// Likewise.
        pub stale_at: Option<Instant> => Nullable<Ts>,
    }
    sorts {
        amount => |body| body.amount.map_or(SortValue::Null, SortValue::Integer),
        expected_close_on => |body| body.expected_close_on.map_or(SortValue::Null, SortValue::Date),
        closed_at => |body| body.closed_at.map_or(SortValue::Null, |at| SortValue::Instant(at.0)),
        board_rank => |body| SortValue::Text(body.board_rank.clone()),
        warn_at => |body| body.warn_at.map_or(SortValue::Null, |at| SortValue::Instant(at.0)),
        stale_at => |body| body.stale_at.map_or(SortValue::Null, |at| SortValue::Instant(at.0)),
    }
}

/// One move between stages.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = stage_moves, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the names are those of the API, documented there")]
pub struct StageMoveRow {
    pub id: Id,
    pub opportunity_id: Id,
    pub from_stage_id: Option<Id>,
    pub to_stage_id: Id,
    pub seconds_in_from: i64,
    pub reason: Option<String>,
    pub moved_at: Instant,
    pub moved_by: Option<Id>,
}

/// Appends to the history.
///
/// # Errors
/// When the database refuses.
pub fn stage_move_insert(tx: &mut Tx<'_>, row: &StageMoveRow) -> QueryResult<()> {
    diesel::insert_into(stage_moves::table).values(row).execute(&mut **tx).map(drop)
}

/// The history of one opportunity, newest first.
///
/// # Errors
/// When the database fails.
pub fn stage_moves_of(db: &mut Db, opportunity: Uuid) -> QueryResult<Vec<StageMoveRow>> {
    stage_moves::table
        .filter(stage_moves::opportunity_id.eq(Id(opportunity)))
        .order((stage_moves::moved_at.desc(), stage_moves::id.desc()))
        .limit(500)
        .load(db)
}

/// The board rank next to a card: the nearest one above it (`is_above`) or below it in its column. The greatest or least, not the
/// first in order: a limit is a parameter, of which PostgreSQL expects so many rows that it would plan the statement anew each time.
///
/// # Errors
/// When the database fails.
pub fn rank_beside(db: &mut Db, stage: Uuid, rank: &str, is_above: bool) -> QueryResult<Option<String>> {
    let column =
        opportunities::table.filter(opportunities::stage_id.eq(Id(stage))).filter(opportunities::deleted_at.is_null());
    if is_above {
        column.filter(opportunities::board_rank.lt(rank)).select(max(opportunities::board_rank)).first(db)
    } else {
        column.filter(opportunities::board_rank.gt(rank)).select(min(opportunities::board_rank)).first(db)
    }
}

/// The rank at the top of a column.
///
/// # Errors
/// When the database fails.
pub fn rank_first(db: &mut Db, stage: Uuid) -> QueryResult<Option<String>> {
    opportunities::table
        .filter(opportunities::stage_id.eq(Id(stage)))
        .filter(opportunities::deleted_at.is_null())
        .select(min(opportunities::board_rank))
        .first(db)
}
