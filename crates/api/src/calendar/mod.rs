//! A link under which other calendars read what somebody has to do.

mod events;

use actix_web::web::{Data, Path, ServiceConfig as Plain};
use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use rapport_domain::access::{Action, Subject, Via, Visibility, visibility};
use rapport_persistence::Db;
use rapport_persistence::calendar_feeds::{
    CalendarFeedRow, calendar_feed_drop, calendar_feed_find, calendar_feed_of, calendar_feed_put, calendar_feed_touch,
};
use rapport_persistence::types::Id;

use crate::auth::Caller;
use crate::auth::key::{secret_of, sha256};
use crate::auth::people::actor_of;
use crate::problem::{Code, Problem};
use crate::router::Routes;
use crate::state::App;

type Answer = Result<HttpResponse, Problem>;

/// How exactly the last use is noted.
const EXACTNESS: TimeDelta = TimeDelta::minutes(1);

/// One's calendar feed; the link itself is not kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
struct CalendarFeed {
    /// When the link was made; null when there is none.
    created_at: Option<DateTime<Utc>>,
    /// When a calendar last asked, to the minute.
    last_used_at: Option<DateTime<Utc>>,
}

/// A new calendar feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
struct NewCalendarFeed {
    /// The link for other calendars (RFC 5545), shown this once. Whoever has it sees what you have to do.
    #[schema(example = "https://crm.example.com/calendar/Jx3…ZQ.ics")]
    url: String,
    /// When the link was made.
    created_at: DateTime<Utc>,
    /// Never, so far.
    last_used_at: Option<DateTime<Utc>>,
}

/// The endpoints.
pub fn routes(cfg: &mut Routes<'_>) {
    cfg.service(get_calendar_feed).service(create_calendar_feed).service(end_calendar_feed);
}

/// What is no part of the API: calendars bring nothing but the link.
pub fn plain_routes(cfg: &mut Plain) {
    cfg.service(web::resource("/calendar/{token}.ics").route(web::get().to(read_feed)));
}

/// Read one's calendar feed
///
/// Whether there is a link, when it was made and when it was last used.
#[utoipa::path(tag = "Me", operation_id = "getCalendarFeed", responses((status = 200, description = "The feed.", body = CalendarFeed)))]
#[get("/me/calendar-feed")]
async fn get_calendar_feed(app: Data<App>, caller: Caller) -> Answer {
    caller.session()?;
    let user = caller.id();
    let found = app.store.read("get_calendar_feed", move |db| Ok::<_, Problem>(calendar_feed_of(db, user)?)).await?;
    let feed = found.map_or_else(CalendarFeed::default, |row| CalendarFeed {
        created_at: Some(row.created_at.0),
        last_used_at: row.last_used_at.map(Into::into),
    });
    Ok(HttpResponse::Ok().json(feed))
}

/// Make a calendar feed
///
/// A new link takes the place of the one before; it is shown in this answer and not kept for retries. It ends with all of
/// one's sessions: when the password changes, when somebody ends them, when the user is switched off.
#[utoipa::path(tag = "Me", operation_id = "createCalendarFeed", responses((status = 201, description = "The link, shown this once.", body = NewCalendarFeed)))]
#[post("/me/calendar-feed")]
async fn create_calendar_feed(app: Data<App>, caller: Caller, request: HttpRequest) -> Answer {
    caller.session()?;
    let token = secret_of::<32>()?;
    let row = CalendarFeedRow {
        user_id: Id(caller.id()),
        token_hash: sha256(&token),
        created_at: app.now().into(),
        last_used_at: None,
    };
    let created_at = row.created_at.0;
    app.store.write("create_calendar_feed", move |tx| Ok::<_, Problem>(calendar_feed_put(tx, &row)?)).await?;
    let url = format!("{}/calendar/{token}.ics", origin(&app, &request));
    Ok(HttpResponse::Created().json(NewCalendarFeed { url, created_at, last_used_at: None }))
}

/// End one's calendar feed
///
/// The link shows nothing any more; nor does it if there was none.
#[utoipa::path(tag = "Me", operation_id = "endCalendarFeed", responses((status = 204, description = "The link has ended.")))]
#[delete("/me/calendar-feed")]
async fn end_calendar_feed(app: Data<App>, caller: Caller) -> Answer {
    caller.session()?;
    let user = caller.id();
    app.store.write("end_calendar_feed", move |tx| Ok::<_, Problem>(calendar_feed_drop(tx, user)?)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Where this server is to be found: as it is configured, or as the caller has found it.
fn origin(app: &App, request: &HttpRequest) -> String {
    let found = request.connection_info();
    app.config.public_origin().map_or_else(|| format!("{}://{}", found.scheme(), found.host()), str::to_owned)
}

/// The feed behind a link, for whoever has the link: what its user has to do, as far as they may still see it.
async fn read_feed(app: Data<App>, request: HttpRequest, token: Path<String>) -> Answer {
    let (hash, base, app_) = (sha256(&token), origin(&app, &request), app.clone());
    let read = move |db: &mut Db| feed(db, &app_, &hash, &base);
    let (row, text) = app.store.read("read_calendar_feed", read).await?;
    let now = app.now();
    if row.last_used_at.is_none_or(|last| now - last.0 > EXACTNESS) {
        let touch = move |tx: &mut rapport_persistence::Tx<'_>| {
            Ok::<_, Problem>(calendar_feed_touch(tx, row.user_id.0, now.into())?)
        };
        app.store.write("touch_calendar_feed", touch).await?;
    }
    Ok(HttpResponse::Ok()
        .content_type("text/calendar; charset=utf-8")
        .insert_header(("Cache-Control", "private, max-age=300"))
        .insert_header(("Content-Disposition", "inline; filename=\"rapport.ics\""))
        .body(text))
}

fn feed(db: &mut Db, app: &App, hash: &str, base: &str) -> Result<(CalendarFeedRow, String), Problem> {
    let none = || Problem::new(Code::NotFound);
    let (row, user) = calendar_feed_find(db, hash)?.ok_or_else(none)?;
    if !user.is_active {
        return Err(none());
    }
    let actor = actor_of(db, &user, Via::System)?;
    if visibility(&actor, Subject::Activity, Action::View) == Visibility::Nothing {
        return Err(none());
    }
    let text = events::calendar(db, &app.context_of(actor), base)?;
    Ok((row, text))
}
