//! Jobs: listed, read, ended.

use uuid::Uuid;

use rapport_domain::access::{Action, Subject, decide};
use rapport_domain::context::Context;
use rapport_domain::job::{ItemState, JobKind, JobStatus};
use rapport_persistence::jobs::{JobsOf, job_cancel, job_find, job_items_list, job_tell, jobs_list};
use rapport_persistence::page::{After, SortValue};
use rapport_persistence::types::Instant;
use rapport_persistence::{Db, Tx};

use super::dto::{JobItemPage, JobItemParams, JobPage, JobParams};
use super::{end, views};
use crate::problem::{Code, Problem};
use crate::records::cursor;
use crate::records::list::PageInfo;
use crate::records::reply::Reply;

/// Rows on a page when the request does not say, and at most.
const JOBS: Limits = Limits { usual: 25, most: 100 };
const ITEMS: Limits = Limits { usual: 50, most: 200 };

#[derive(Clone, Copy, Debug)]
struct Limits {
    usual: i64,
    most: i64,
}

/// Where a page begins, how long it is, and how the next one is found.
#[derive(Clone, Debug)]
struct Page {
    limit: i64,
    after: Option<After>,
    /// What the cursor is bound to.
    list: String,
    key: Vec<u8>,
}

impl Page {
    fn read(
        limits: Limits,
        (limit, cursor): (Option<i64>, Option<&str>),
        list: String,
        key: Vec<u8>,
    ) -> Result<Self, Problem> {
        let limit = limit.unwrap_or(limits.usual);
        if !(1..=limits.most).contains(&limit) {
            return Err(Problem::new(Code::LimitInvalid).parameter("limit", Code::InvalidValue));
        }
        let after = cursor.map(|text| cursor::open(&key, &list, text)).transpose()?;
        Ok(Self { limit, after, list, key })
    }

    /// Cuts what is more than a page off, and tells where the next one begins.
    fn end<T>(&self, rows: &mut Vec<T>, place: impl Fn(&T) -> After) -> PageInfo {
        let fits = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let has_more = rows.len() > fits;
        rows.truncate(fits);
        let next_cursor =
            rows.last().filter(|_| has_more).map(|last| cursor::seal(&self.key, &self.list, &place(last)));
        PageInfo { limit: self.limit, has_more, next_cursor }
    }
}

fn word<T>(name: &'static str, text: Option<&str>, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Problem> {
    let refuse = || Problem::new(Code::ParameterInvalid).parameter(name, Code::InvalidValue);
    text.map(|word| parse(word).ok_or_else(refuse)).transpose()
}

/// A request for a page of jobs that has been read and understood.
#[derive(Clone, Debug)]
pub(super) struct AskedJobs {
    is_all: bool,
    status: Option<JobStatus>,
    page: Page,
}

impl AskedJobs {
    /// Reads the parameters; `key` signs cursors.
    ///
    /// # Errors
    /// 400 for what is no word of the contract, no number, or no cursor of this list.
    pub(super) fn read(params: &JobParams, key: Vec<u8>) -> Result<Self, Problem> {
        let status = word("status", params.status.as_deref(), JobStatus::parse)?;
        let list = cursor::fingerprint(&["jobs", &format!("{} {status:?}", params.all)]);
        let page = Page::read(JOBS, (params.limit, params.cursor.as_deref()), list, key)?;
        Ok(Self { is_all: params.all, status, page })
    }
}

/// A page of jobs.
///
/// # Errors
/// 403 when everybody's are asked for without the right to see them.
pub(super) fn list(db: &mut Db, ctx: &Context, asked: &AskedJobs) -> Result<Reply, Problem> {
    let of = if asked.is_all {
        decide(&ctx.actor, Action::Configure, Subject::User, None)?;
        JobsOf { status: asked.status, ..JobsOf::default() }
    } else {
        JobsOf { user: Some(ctx.actor.user_id), key: views::key_of(&ctx.actor), status: asked.status }
    };
    let below = asked.page.after.as_ref().and_then(|after| match after.values.first() {
        Some(SortValue::Instant(at)) => Some((Instant(*at), after.id)),
        _ => None,
    });
    let mut rows = jobs_list(db, &of, below, asked.page.limit + 1)?;
    let page =
        asked.page.end(&mut rows, |row| After { values: vec![SortValue::Instant(row.created_at.0)], id: row.id.0 });
    Reply::ok(&JobPage { data: views::views(db, rows)?, page })
}

/// One job.
///
/// # Errors
/// 404.
pub(super) fn get(db: &mut Db, ctx: &Context, id: Uuid) -> Result<Reply, Problem> {
    let row = views::find(db, ctx, id)?;
    Reply::ok(&views::one(db, row)?)
}

/// A request for a page of what a job does that has been read and understood.
#[derive(Clone, Debug)]
pub(super) struct AskedItems {
    job: Uuid,
    state: Option<ItemState>,
    page: Page,
}

impl AskedItems {
    /// Reads the parameters; `key` signs cursors.
    ///
    /// # Errors
    /// As [`AskedJobs::read`].
    pub(super) fn read(job: Uuid, params: &JobItemParams, key: Vec<u8>) -> Result<Self, Problem> {
        let state = word("state", params.state.as_deref(), ItemState::parse)?;
        let list = cursor::fingerprint(&["job_items", &format!("{job} {state:?}")]);
        let page = Page::read(ITEMS, (params.limit, params.cursor.as_deref()), list, key)?;
        Ok(Self { job, state, page })
    }
}

/// A page of what a job does.
///
/// # Errors
/// 404.
pub(super) fn items(db: &mut Db, ctx: &Context, asked: &AskedItems) -> Result<Reply, Problem> {
    let job = views::find(db, ctx, asked.job)?;
    let kind = JobKind::parse(&job.kind).ok_or_else(|| Problem::internal("a job of an unknown kind"))?;
    let after = asked.page.after.as_ref().and_then(|after| match after.values.first() {
        Some(SortValue::Integer(position)) => i32::try_from(*position).ok(),
        _ => None,
    });
    let mut rows = job_items_list(db, asked.job, asked.state, after, asked.page.limit + 1)?;
    let page = asked
        .page
        .end(&mut rows, |row| After { values: vec![SortValue::Integer(row.position.into())], id: row.record_id.0 });
    Reply::ok(&JobItemPage { data: views::items(db, ctx, kind, rows)?, page })
}

/// Ends a job: at once when nobody is at it, else before its next item.
///
/// # Errors
/// 404.
pub(super) fn cancel(tx: &mut Tx<'_>, ctx: &Context, id: Uuid) -> Result<Reply, Problem> {
    views::find(tx, ctx, id)?;
    if job_cancel(tx, id, Instant(ctx.now), ctx.actor.user_id)? {
        let held = job_find(tx, id)?.filter(|job| job.lease_until.is_none_or(|until| until.0 <= ctx.now));
        if let Some(job) = held {
            end::end(tx, ctx, &job, JobStatus::Cancelled, None)?;
        } else if let Some(job) = job_find(tx, id)? {
            job_tell(tx, &job, "update", Instant(ctx.now))?;
        }
    }
    get(tx, ctx, id)
}
