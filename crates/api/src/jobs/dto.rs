//! Jobs and what they do, as they are sent.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::LeftOut;
use crate::records::list::PageInfo;
use crate::records::seen::SeenRecord;
use crate::records::view::NamedRef;

/// Work that goes on behind a request.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Job)]
pub struct JobView {
    /// The id.
    pub id: Uuid,
    /// What is done: convert_leads; more may come.
    #[schema(example = "convert_leads")]
    pub kind: String,
    /// queued (it waits for its first turn), running, succeeded (all was done), partially_succeeded (some could not be done),
    /// failed (nothing could be done, or it could not go on: `error`) or cancelled.
    #[schema(example = "running")]
    pub status: String,
    /// Its place among those that wait, from 1; null once it has begun.
    #[schema(minimum = 1)]
    pub position: Option<usize>,
    /// How far it is.
    pub progress: JobProgress,
    /// What became of what has been done.
    pub counts: JobCounts,
    /// What was asked for and is not part of it.
    pub left_out: LeftOut,
    /// What is done with each item; of convert_leads: the plan.
    #[schema(value_type = Object)]
    pub request: Value,
    /// Why it could not go on.
    #[schema(value_type = Option<crate::problem::ProblemView>)]
    pub error: Option<Value>,
    /// Who began it, and in whose name it is done.
    pub created_by: Option<NamedRef>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When its first item was begun.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// When somebody asked to end it: it ends before its next item.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Who did.
    pub cancelled_by: Option<NamedRef>,
    /// Whether you can end it now.
    pub can_cancel: bool,
}

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct JobProgress {
    /// Items that have been dealt with.
    #[schema(minimum = 0, example = 40)]
    pub done: i32,
    /// Items in all.
    #[schema(minimum = 1, example = 100)]
    pub total: i32,
}

/// What became of a job's items.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct JobCounts {
    /// Those that were done.
    #[schema(minimum = 0)]
    pub succeeded: i32,
    /// Those that could not be done.
    #[schema(minimum = 0)]
    pub failed: i32,
    /// Those with which there was nothing to do, such as leads that somebody else had converted.
    #[schema(minimum = 0)]
    pub skipped: i32,
}

/// A page of jobs, newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct JobPage {
    /// The jobs.
    pub data: Vec<JobView>,
    /// Where the page ends.
    pub page: PageInfo,
}

/// One of the things that a job does.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = JobItem)]
pub(super) struct JobItemView {
    /// Its place, from 0.
    #[schema(minimum = 0)]
    pub position: i32,
    /// The record that something is done with.
    pub record: SeenRecord,
    /// pending, succeeded, failed or skipped.
    #[schema(example = "succeeded")]
    pub state: String,
    /// What came of it: the records that were made or linked; of what was skipped, what it had become before.
    pub made: Vec<SeenRecord>,
    /// What did not go as asked: `customer_linked_without_writing` …
    pub notes: Vec<String>,
    /// Records that seem to be the same, of `duplicate_candidates`; those that you see.
    pub candidates: Vec<SeenRecord>,
    /// Why it was not done, in the language in which the job was asked for.
    #[schema(value_type = Option<crate::problem::ProblemView>)]
    pub problem: Option<Value>,
    /// When.
    pub done_at: Option<DateTime<Utc>>,
}

/// A page of what a job does, in its order.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct JobItemPage {
    /// The items.
    pub data: Vec<JobItemView>,
    /// Where the page ends.
    pub page: PageInfo,
}

/// Which jobs.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct JobParams {
    /// Everybody's, which takes the right to manage users.
    #[param(default = false)]
    pub all: bool,
    /// Only those of this status.
    #[param(pattern = "^(queued|running|succeeded|partially_succeeded|failed|cancelled)$", nullable = false)]
    pub status: Option<String>,
    /// How many at most.
    #[param(minimum = 1, maximum = 100, default = 25, nullable = false)]
    pub limit: Option<i64>,
    /// Where the page before ended.
    #[param(max_length = 2048, nullable = false)]
    pub cursor: Option<String>,
}

/// Which items of a job.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct JobItemParams {
    /// Only those of this state.
    #[param(pattern = "^(pending|succeeded|failed|skipped)$", nullable = false)]
    pub state: Option<String>,
    /// How many at most.
    #[param(minimum = 1, maximum = 200, default = 50, nullable = false)]
    pub limit: Option<i64>,
    /// Where the page before ended.
    #[param(max_length = 2048, nullable = false)]
    pub cursor: Option<String>,
}
