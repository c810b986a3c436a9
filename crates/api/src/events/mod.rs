//! What happens, as it happens: a stream of server-sent events over the outbox (docs/adr/0012-events.md).

mod feed;
mod happening;
mod reading;
mod stream;

use std::sync::Arc;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use tokio::sync::{Semaphore, SemaphorePermit};

use rapport_persistence::outbox::{outbox_before, outbox_ends};
use rapport_persistence::{Db, StoreError};

use self::feed::Feed;
pub(crate) use self::happening::{ChangeEvent, Signal, StreamMessage};
use self::stream::{Beginning, Opening, stream};
use crate::auth::Credential;
use crate::config::EventsConfig;
use crate::extract::Params;
use crate::problem::{Code, Problem};
use crate::router::Routes;
use crate::seats::{Rows, Seats};
use crate::state::App;

/// Where the stream is.
pub(crate) const PATH: &str = "/api/v1/events";
/// A stream that goes on from nowhere begins with what has happened within this time: what its reader has read a moment
/// before is not older.
const OVERLAP: TimeDelta = TimeDelta::seconds(10);
/// Events of that time at most.
const OVERLAP_MOST: i64 = 2000;
/// Streams that read for themselves at the same time.
const READERS: usize = 4;
const LAST_EVENT_ID: &str = "Last-Event-ID";

/// Everything that streams share.
#[derive(Debug)]
pub struct Events {
    feed: Arc<Feed>,
    seats: Arc<Seats>,
    turns: Semaphore,
}

impl Events {
    /// Nobody listens yet.
    #[must_use]
    pub fn new(config: &EventsConfig) -> Self {
        let rows = Rows {
            most: config.streams,
            most_per_user: config.streams_per_user,
            gauge: "rapport_event_streams",
            user_full: ("该用户打开的事件流过多", "This user has too many open streams"),
            full: ("打开的事件流过多", "Too many streams are open"),
        };
        let (feed, seats) = (Arc::default(), Arc::new(Seats::new(rows)));
        Self { feed, seats, turns: Semaphore::new(READERS) }
    }

    /// Something has been committed here.
    pub(crate) fn hint(&self) {
        self.feed.hint();
    }

    /// A turn at the database: hundreds of streams that want something at once must not leave others waiting.
    async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.turns.acquire().await.ok()
    }
}

/// How a stream is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    last_event_id: Option<String>,
    follow: Option<bool>,
}

/// The endpoint.
pub fn routes(cfg: &mut Routes<'_>) {
    cfg.service(stream_events);
}

/// Follow what happens
///
/// Server-sent events (the `text/event-stream` of the HTML standard): one message for each change of a record the caller may see
/// at that moment, with what happened, the record's id and its new version, in the order in which changes became visible.
/// Besides these there are messages with a name: `ready`, when everything from before has been sent; `ping` after 25 quiet
/// seconds; and `reset`, when what was missed is no longer known (events are kept for a week) or the caller sees other records than
/// before: whatever is shown is to be read again. The `id` of a message is the place to go on from, which browsers send as
/// `Last-Event-ID` by themselves; without one the stream begins with the last ten seconds. No event is lost; one may come twice. The
/// stream ends with the session or key it was opened with.
#[utoipa::path(tag = "Events", operation_id = "streamEvents", params(
    ("Last-Event-ID" = Option<String>, Header, description = "The `id` of the last message that came: go on after it.", pattern = "^[0-9]{1,18}$"),
    ("last_event_id" = Option<String>, Query, description = "The same, for those who cannot send the header, which goes first.", pattern = "^[0-9]{1,18}$"),
    ("follow" = Option<bool>, Query, description = "`false` ends the stream when everything from before has been sent.")),
    responses((status = 200, description = "The stream: this is one of its messages. The data of one without a name is a ChangeEvent.",
        content_type = "text/event-stream", body = StreamMessage)))]
#[get("/events")]
async fn stream_events(
    app: Data<App>,
    credential: Credential,
    request: HttpRequest,
    wish: Params<Wish>,
) -> Result<HttpResponse, Problem> {
    let last = last_event_id(&request, wish.0.last_event_id.as_deref())?;
    let (shared, known) = (App::clone(&app), credential.clone());
    let standing = credential.read(&app, &request, "events_open", move |db, _| known.standing(&shared, db)).await?;
    let seat = app.events.seats.take(standing.actor.user_id)?;
    let listener = app.events.feed.listen(&app.store).await?;
    let (low, since) = (listener.low(), app.now() - OVERLAP);
    let beginning = app.store.read("events_place", move |db| beginning(db, last, low, since)).await?;
    let is_followed = wish.0.follow.unwrap_or(true);
    let app = App::clone(&app);
    let opening = Opening { app, credential, standing, listener, seat, beginning, is_followed };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/event-stream"))
        .insert_header((CACHE_CONTROL, "no-store"))
        // What waits to be packed, or for the rest of an answer, is no event any more.
        .insert_header((CONTENT_ENCODING, "identity"))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(stream(opening)))
}

/// The place to go on from; the header is newer than the address, which browsers repeat as it was.
fn last_event_id(request: &HttpRequest, parameter: Option<&str>) -> Result<Option<i64>, Problem> {
    let header = request.headers().get(LAST_EVENT_ID).map(|value| (LAST_EVENT_ID, value.to_str().unwrap_or("-")));
    let Some((name, text)) = header.or_else(|| parameter.map(|text| ("last_event_id", text))) else { return Ok(None) };
    let is_place = (1..=18).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let place = text.parse().ok().filter(|_| is_place);
    let refused = || Problem::new(Code::ParameterInvalid).parameter(name, Code::InvalidValue);
    place.map(Some).ok_or_else(refused)
}

/// Where a stream begins. `low` is the number below which nothing will appear any more.
fn beginning(db: &mut Db, last: Option<i64>, low: i64, since: DateTime<Utc>) -> Result<Beginning, StoreError> {
    let ends = outbox_ends(db)?;
    let Some(last) = last else {
        let overlap = outbox_before(db, since, OVERLAP_MOST)?;
        return Ok(Beginning::After(overlap.unwrap_or(low).min(low)));
    };
    // A number that has not been given belongs to a database that was before this one.
    let is_known = ends.map_or(last == 0, |ends| (ends.first - 1..=ends.last).contains(&last));
    Ok(if is_known { Beginning::After(last) } else { Beginning::Anew(low) })
}
