//! The endpoints of one's own notifications.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get, patch, post, put};

use super::dto::{
    NotificationCount, NotificationPage, NotificationParams, NotificationSettingsView, NotificationView,
    NotificationsRead, PutNotificationSettings, ReadNotifications, UpdateNotification,
};
use super::inbox::{self, Asked};
use super::settings::{self, Ways};
use crate::auth::Caller;
use crate::extract::{Params, RawBody, parse_body};
use crate::problem::Problem;
use crate::records::mutate::{expected_version, mutate, path_id};
use crate::router::Routes;
use crate::state::App;

type Answer = Result<HttpResponse, Problem>;

/// The endpoints.
pub fn routes(cfg: &mut Routes<'_>) {
    cfg.service(count_notifications).service(read_notifications);
    cfg.service(list_notifications).service(update_notification);
    cfg.service(get_notification_settings).service(put_notification_settings);
}

/// List one's notifications
///
/// What you are told of, newest first; what was put off stands where it comes back. Records that you do not see any more keep
/// no name. They are yours alone; what is read is kept for 90 days, the rest for a year.
#[utoipa::path(tag = "Me", operation_id = "listNotifications", params(NotificationParams), responses((status = 200, description = "A page of notifications.", body = NotificationPage)))]
#[get("/me/notifications")]
async fn list_notifications(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    params: Params<NotificationParams>,
) -> Answer {
    caller.session()?;
    let asked = Asked::read(&params.0, caller.id(), app.keys.mac("cursor", b"").to_vec())?;
    let ctx = caller.context();
    Ok(app.store.read("list_notifications", move |db| inbox::list(db, &ctx, &asked)).await?.respond(&request))
}

/// Count one's notifications
///
/// How many wait, and whether you want to be left alone now.
#[utoipa::path(tag = "Me", operation_id = "countNotifications", responses((status = 200, description = "How many.", body = NotificationCount)))]
#[get("/me/notifications/count")]
async fn count_notifications(app: Data<App>, caller: Caller, request: HttpRequest) -> Answer {
    caller.session()?;
    let ctx = caller.context();
    Ok(app.store.read("count_notifications", move |db| inbox::count(db, &ctx)).await?.respond(&request))
}

/// Mark a notification
///
/// As read or unread, or puts it off.
#[utoipa::path(tag = "Me", operation_id = "updateNotification", params(("id" = Uuid, Path, description = "The id.")), request_body = UpdateNotification, responses((status = 200, description = "The notification as it is now.", body = NotificationView)))]
#[patch("/me/notifications/{id}")]
async fn update_notification(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<String>,
    body: RawBody,
) -> Answer {
    caller.session()?;
    let (id, patch) = (path_id(&id)?, parse_body::<UpdateNotification>(&body.0)?);
    mutate(&app, &caller, &request, &body.0, "update_notification", move |tx, ctx| inbox::update(tx, ctx, id, &patch))
        .await
}

/// Mark notifications as read
///
/// One and everything below it in the inbox: what came after you looked stays unread.
#[utoipa::path(tag = "Me", operation_id = "readNotifications", request_body = ReadNotifications, responses((status = 200, description = "How many were unread.", body = NotificationsRead)))]
#[post("/me/notifications/read")]
async fn read_notifications(app: Data<App>, caller: Caller, request: HttpRequest, body: RawBody) -> Answer {
    caller.session()?;
    let asked: ReadNotifications = parse_body(&body.0)?;
    mutate(&app, &caller, &request, &body.0, "read_notifications", move |tx, ctx| inbox::read(tx, ctx, asked.up_to))
        .await
}

/// Read what one is told of
///
/// By which ways, kind by kind, and when you want to be left alone.
#[utoipa::path(tag = "Me", operation_id = "getNotificationSettings", responses((status = 200, description = "The settings.", body = NotificationSettingsView)))]
#[get("/me/notification-settings")]
async fn get_notification_settings(app: Data<App>, caller: Caller, request: HttpRequest) -> Answer {
    caller.session()?;
    let (ctx, ways) = (caller.context(), Ways::of(&app.config));
    Ok(app.store.read("get_notification_settings", move |db| settings::get(db, &ctx, ways)).await?.respond(&request))
}

/// Choose what one is told of
///
/// From now on: what has come stays. What is left out is as it comes.
#[utoipa::path(tag = "Me", operation_id = "putNotificationSettings", request_body = PutNotificationSettings, responses((status = 200, description = "The settings as they are now.", body = NotificationSettingsView)))]
#[put("/me/notification-settings")]
async fn put_notification_settings(app: Data<App>, caller: Caller, request: HttpRequest, body: RawBody) -> Answer {
    caller.session()?;
    let input: PutNotificationSettings = parse_body(&body.0)?;
    let expected = expected_version(&request, app.config.api.require_if_match)?;
    let ways = Ways::of(&app.config);
    mutate(&app, &caller, &request, &body.0, "put_notification_settings", move |tx, ctx| {
        settings::put(tx, ctx, ways, expected, &input)
    })
    .await
}
