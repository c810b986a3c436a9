//! Somebody's own notifications: listed, counted, read, put off. Nobody else's right reaches them.

use uuid::Uuid;

use rapport_domain::context::Context;
use rapport_domain::notification::{MAX_SNOOZE, NotificationKind};
use rapport_persistence::notifications::{
    Listed, NotificationRow, Standing, notification_count, notification_find, notification_list, notification_mark,
    notifications_read,
};
use rapport_persistence::page::{After, SortValue};
use rapport_persistence::types::Instant;
use rapport_persistence::{Db, Tx};

use super::dto::{NotificationCount, NotificationPage, NotificationParams, NotificationsRead, UpdateNotification};
use super::{settings, views};
use crate::problem::{Code, Problem};
use crate::records::cursor;
use crate::records::list::PageInfo;
use crate::records::reply::Reply;

/// Rows on a page when the request does not say, and at most.
const DEFAULT_LIMIT: i64 = 25;
const MAX_LIMIT: i64 = 100;
/// Where counting stops.
const MANY: i64 = 100;

/// A request for a page that has been read and understood.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    standing: Standing,
    is_unread: Option<bool>,
    kind: Option<&'static str>,
    limit: i64,
    after: Option<After>,
    /// What the cursor is bound to.
    list: String,
    key: Vec<u8>,
}

impl Asked {
    /// Reads the parameters; `key` signs cursors.
    ///
    /// # Errors
    /// 400 for what is no word of the contract, no number, or no cursor of this list.
    pub(super) fn read(params: &NotificationParams, user: Uuid, key: Vec<u8>) -> Result<Self, Problem> {
        let refuse = |name: &'static str| Problem::new(Code::ParameterInvalid).parameter(name, Code::InvalidValue);
        let standing = match params.state.as_deref() {
            None | Some("inbox") => Standing::Inbox,
            Some("snoozed") => Standing::Snoozed,
            Some("all") => Standing::All,
            Some(_) => return Err(refuse("state")),
        };
        let kind = params.kind.as_deref().map(|word| NotificationKind::parse(word).ok_or_else(|| refuse("kind")));
        let kind = kind.transpose()?.map(NotificationKind::as_str);
        let limit = params.limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            return Err(Problem::new(Code::LimitInvalid).parameter("limit", Code::InvalidValue));
        }
        let list = format!("{user} {standing:?} {:?} {kind:?}", params.unread);
        let list = cursor::fingerprint(&["notifications", &list]);
        let after = params.cursor.as_deref().map(|text| cursor::open(&key, &list, text)).transpose()?;
        Ok(Self { standing, is_unread: params.unread, kind, limit, after, list, key })
    }

    fn page(&self, rows: &mut Vec<NotificationRow>) -> PageInfo {
        let fits = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let has_more = rows.len() > fits;
        rows.truncate(fits);
        let next_cursor = rows.last().filter(|_| has_more).map(|last| {
            let after = After { values: vec![SortValue::Instant(last.shows_at.0)], id: last.id.0 };
            cursor::seal(&self.key, &self.list, &after)
        });
        PageInfo { limit: self.limit, has_more, next_cursor }
    }
}

/// A page of the caller's notifications.
///
/// # Errors
/// When the database fails.
pub(super) fn list(db: &mut Db, ctx: &Context, asked: &Asked) -> Result<Reply, Problem> {
    let (user, now) = (ctx.actor.user_id, Instant(ctx.now));
    let listed = Listed { user, standing: asked.standing, now, is_unread: asked.is_unread, kind: asked.kind };
    let mut rows = notification_list(db, &listed, asked.after.as_ref(), asked.limit + 1)?;
    let page = asked.page(&mut rows);
    let unread = notification_count(db, user, now, MANY)?;
    Reply::ok(&NotificationPage { data: views::views(db, ctx, &rows)?, page, unread })
}

/// How many of the caller's notifications wait, and whether it is time to say so aloud.
///
/// # Errors
/// When the database fails.
pub(super) fn count(db: &mut Db, ctx: &Context) -> Result<Reply, Problem> {
    let unread = notification_count(db, ctx.actor.user_id, Instant(ctx.now), MANY)?;
    Reply::ok(&NotificationCount { unread, is_quiet: settings::is_quiet(db, ctx)? })
}

/// Marks one of the caller's notifications, or puts it off.
///
/// # Errors
/// 404; 422 for a moment that is past or too far off.
pub(super) fn update(tx: &mut Tx<'_>, ctx: &Context, id: Uuid, patch: &UpdateNotification) -> Result<Reply, Problem> {
    let found = notification_find(tx, ctx.actor.user_id, id)?;
    let before = found.ok_or_else(|| Problem::new(Code::NotFound))?;
    let mut row = before.clone();
    if let Some(until) = patch.snoozed_until {
        row.shows_at = match until {
            Some(until) if until <= ctx.now || until - ctx.now > MAX_SNOOZE => {
                return Err(Problem::validation().at("/snoozed_until", Code::InvalidValue));
            }
            Some(until) => Instant(until),
            // What is back already stays where it came back.
            None if row.shows_at.0 <= ctx.now => row.shows_at,
            None => row.created_at,
        };
        // It is put off to be read later.
        row.read_at = row.read_at.filter(|_| until.is_none());
    }
    if let Some(is_read) = patch.is_read {
        row.read_at = is_read.then(|| row.read_at.unwrap_or(Instant(ctx.now)));
    }
    if row != before {
        notification_mark(tx, &row, Instant(ctx.now))?;
    }
    let view = views::views(tx, ctx, std::slice::from_ref(&row))?.pop();
    Reply::ok(&view.ok_or_else(|| Problem::internal("no view"))?)
}

/// Marks one of the caller's notifications and everything below it in the inbox as read.
///
/// # Errors
/// 422 when there is none.
pub(super) fn read(tx: &mut Tx<'_>, ctx: &Context, up_to: Uuid) -> Result<Reply, Problem> {
    let user = ctx.actor.user_id;
    let found = notification_find(tx, user, up_to)?;
    let last = found.ok_or_else(|| Problem::validation().at("/up_to", Code::NotFound))?;
    let changed = notifications_read(tx, user, &last, Instant(ctx.now))?;
    Reply::ok(&NotificationsRead { changed })
}
