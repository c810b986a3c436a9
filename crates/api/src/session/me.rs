//! Who is signed in.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, patch};
use chrono_tz::Tz;
use rapport_domain::access::Via;
use rapport_domain::context::Locale;
use rapport_domain::text;
use rapport_persistence::Db;
use rapport_persistence::roles::roles_of_user;
use rapport_persistence::teams::team_find;
use rapport_persistence::users::{Preferences, UserRow, user_find, user_set_preferences};
use uuid::Uuid;

use super::dto::{GrantView, MeView, NamedRef, RoleRef, Theme, UpdateMe};
use crate::auth::Caller;
use crate::auth::people::actor_of;
use crate::extract::{RawBody, parse_body};
use crate::notifications::digest;
use crate::organisation::{Language, organisation};
use crate::problem::{Code, FieldError, Problem};
use crate::records::mutate::{expected_version, mutate};
use crate::records::reply::Reply;
use crate::request::RequestInfo;
use crate::state::App;

/// Read who is signed in.
///
/// With roles, and with everything that may be done by this way in.
#[utoipa::path(tag = "Me", operation_id = "getMe", responses((status = 200, description = "Who is signed in.", body = MeView)))]
#[get("/me")]
pub(crate) async fn get_me(app: Data<App>, caller: Caller, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let (user, context) = (caller.user.clone(), caller.context());
    let reply = app
        .store
        .read("get_me", move |db| reply(&view(db, user.clone(), context.actor.via.clone(), context.locale)?))
        .await?;
    Ok(reply.respond(&request))
}

/// Change one's name, language, time zone or colours.
///
/// A merge patch (RFC 7396).
#[utoipa::path(tag = "Me", operation_id = "updateMe", request_body = UpdateMe,
    responses((status = 200, description = "Who is signed in, as changed.", body = MeView)))]
#[patch("/me")]
pub(crate) async fn update_me(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    body: RawBody,
) -> Result<HttpResponse, Problem> {
    caller.session()?;
    let patch: UpdateMe = parse_body(&body.0)?;
    let expected = expected_version(&request, app.config.api.require_if_match)?;
    let id = caller.id();
    mutate(&app, &caller, &request, &body.0, "update_me", move |tx, context| {
        let user = user_find(tx, id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
        let (via, locale) = (context.actor.via.clone(), context.locale);
        if expected.is_some_and(|version| version != user.version) {
            let current = serde_json::to_value(view(tx, user, via, locale)?).unwrap_or_default();
            return Err(Problem::new(Code::VersionConflict).with("current", current));
        }
        let merged = merged(&user, &patch)?;
        user_set_preferences(tx, id, user.version, &merged, context.now.into())?;
        if merged.time_zone != user.time_zone {
            digest::replan(tx, id, context.now)?;
        }
        let user = user_find(tx, id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
        reply(&view(tx, user, via, locale)?)
    })
    .await
}

fn merged(user: &UserRow, patch: &UpdateMe) -> Result<Preferences, Problem> {
    let mut errors = Vec::new();
    let mut name = user.name.clone();
    if let Some(typed) = &patch.name {
        match text::line(typed, 200) {
            Ok(clean) => name = clean,
            Err(error) => errors.push(FieldError::of_text("/name", error)),
        }
    }
    let time_zone = patch.time_zone.clone().unwrap_or_else(|| user.time_zone.clone());
    if let Err(error) = check_zone(&time_zone) {
        errors.push(error);
    }
    Problem::check(errors)?;
    let sort = text::sort_key(&name);
    Ok(Preferences {
        name: (name, sort),
        language: patch.language.map_or_else(|| user.language.clone(), |language| language.as_str().to_owned()),
        time_zone,
        theme: patch.theme.map_or_else(|| user.theme.clone(), |theme| theme.as_str().to_owned()),
    })
}

/// A time zone must be one of the IANA database.
pub(crate) fn check_zone(name: &str) -> Result<(), FieldError> {
    match name.parse::<Tz>() {
        Ok(_) => Ok(()),
        Err(_) => Err(FieldError::at("/time_zone", Code::InvalidValue)
            .because("必须是 IANA 时区名称，例如 Asia/Shanghai", "Must be an IANA time zone such as Asia/Shanghai")),
    }
}

fn reply(view: &MeView) -> Result<Reply, Problem> {
    Ok(Reply::ok(view)?.record(view.id, view.version))
}

/// A user who has just signed in, as he sees himself.
pub(crate) async fn me_of(app: &App, request: &HttpRequest, user: Uuid) -> Result<MeView, Problem> {
    let language = RequestInfo::of(request).language;
    app.store
        .read("me", move |db| {
            let user = user_find(db, user)?.ok_or_else(|| Problem::new(Code::NotFound))?;
            let locale = language.or_else(|| Locale::parse(&user.language)).unwrap_or_default();
            view(db, user, Via::Session(Uuid::nil()), locale)
        })
        .await
}

fn view(db: &mut Db, user: UserRow, via: Via, locale: Locale) -> Result<MeView, Problem> {
    let roles = roles_of_user(db, user.id.0)?;
    let team = match user.team_id {
        Some(team) => team_find(db, team.0)?,
        None => None,
    };
    let actor = actor_of(db, &user, via)?;
    Ok(MeView {
        id: user.id.0,
        name: user.name,
        email: user.email,
        language: Language::parse(&user.language),
        time_zone: user.time_zone,
        theme: Theme::parse(&user.theme),
        team_id: user.team_id.map(|team| team.0),
        team: team.map(|team| NamedRef { id: team.id.0, name: team.name }),
        manager_id: user.manager_id.map(|manager| manager.0),
        roles: roles.iter().map(|role| RoleRef::of(role, locale)).collect(),
        permissions: actor.effective_grants().iter().map(GrantView::of).collect(),
        organisation: organisation(db)?,
        version: user.version,
    })
}
