//! Signing in and out with a browser, by cookies.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};
use rapport_domain::access::Actor;
use rapport_persistence::sessions::{refresh_token_find, session_load, session_revoke};

use super::dto::{Login, LoginView, RefreshView};
use super::me::me_of;
use super::sign_in::{Credentials, sign_in};
use crate::auth::key::sha256;
use crate::auth::origin::{check_same_origin, refuse_foreign};
use crate::auth::sessions::{Kind, Refreshed, Tokens, refresh as exchange, refused};
use crate::auth::token::ACCESS_LIFETIME;
use crate::auth::{Caller, cookies, device};
use crate::extract::Body;
use crate::problem::{Code, Problem};
use crate::state::App;

type Answer = Result<HttpResponse, Problem>;

/// Sign in with a browser.
///
/// Begins a session and sets cookies that scripts cannot read: two for the session, and one by which the device is known
/// later, so that guesses from elsewhere do not make it wait. Apps use `POST /auth/token` instead.
#[utoipa::path(tag = "Sign-in", operation_id = "login", security(()), request_body = Login,
    responses((status = 200, description = "Signed in.", body = LoginView)))]
#[post("/auth/login")]
pub(crate) async fn login(app: Data<App>, request: HttpRequest, body: Body<Login>) -> Answer {
    refuse_foreign(&app, &request)?;
    let Body(sent) = body;
    let kind = if sent.remember { Kind::RememberedWeb } else { Kind::Web };
    let known = request.cookie(cookies::device_name(&app.config)).map(|cookie| cookie.value().to_owned());
    let credentials = Credentials { email: sent.email, password: sent.password, device: known };
    let (proven, tokens) = sign_in(&app, &request, credentials, kind).await?;
    // Whoever signs in again leaves no session behind that somebody else may have begun in this browser.
    if let Some(cookie) = request.cookie(cookies::refresh_name(&app.config)) {
        end_by_refresh_token(&app, sha256(cookie.value()), "replaced").await?;
    }
    let user = me_of(&app, &request, proven.user.id.0).await?;
    let device = cookies::build(&app.config, cookies::device_name(&app.config), proven.device, Some(device::KEPT));
    Ok(with_cookies(&app, &tokens, HttpResponse::Ok()).cookie(device).json(LoginView { user }))
}

/// Get a new access token for a browser.
///
/// Exchanges the refresh cookie, which works once, for new cookies. Using an old one ends the session.
#[utoipa::path(tag = "Sign-in", operation_id = "refresh", security(()),
    responses((status = 200, description = "New cookies.", body = RefreshView)))]
#[post("/auth/refresh")]
pub(crate) async fn refresh(app: Data<App>, request: HttpRequest) -> Answer {
    let cookie = request
        .cookie(cookies::refresh_name(&app.config))
        .ok_or_else(|| Problem::new(Code::Unauthenticated).header("WWW-Authenticate", "Bearer realm=\"rapport\""))?;
    check_same_origin(&app, &request)?;
    let tokens = renew(&app, cookie.value().to_owned()).await?;
    let expires_in = ACCESS_LIFETIME.num_seconds();
    Ok(with_cookies(&app, &tokens, HttpResponse::Ok()).json(RefreshView { expires_in }))
}

/// Exchanges a refresh token; whether it is refused is decided after the transaction, which ends a stolen session.
pub(super) async fn renew(app: &App, sent: String) -> Result<Tokens, Problem> {
    let (context, keys) = (app.context_of(Actor::system()), app.keys.clone());
    match app.store.write("refresh_session", move |tx| exchange(tx, &context, &keys, &sent)).await? {
        Refreshed::Tokens(tokens) => Ok(*tokens),
        other => Err(refused(&other)),
    }
}

/// Sign out.
///
/// Ends the session and takes the cookies away.
#[utoipa::path(tag = "Sign-in", operation_id = "logout", responses((status = 204, description = "Signed out.")))]
#[post("/auth/logout")]
pub(crate) async fn logout(app: Data<App>, request: HttpRequest) -> Answer {
    match request.cookie(cookies::refresh_name(&app.config)) {
        Some(cookie) => {
            check_same_origin(&app, &request)?;
            end_by_refresh_token(&app, sha256(cookie.value()), "logout").await?;
        }
        None => {
            let caller = <Caller as actix_web::FromRequest>::extract(&request).await?;
            let (user, session, now) = (caller.id(), caller.session()?.id.0, app.now().into());
            app.store
                .write("logout", move |tx| Ok::<_, Problem>(session_revoke(tx, user, session, "logout", now)?))
                .await?;
        }
    }
    let mut answer = HttpResponse::NoContent();
    for cookie in cookies::removals(&app.config) {
        answer.cookie(cookie);
    }
    Ok(answer.insert_header(("Clear-Site-Data", "\"cache\", \"storage\"")).finish())
}

async fn end_by_refresh_token(app: &App, hash: String, reason: &'static str) -> Result<(), Problem> {
    let now = app.now().into();
    app.store
        .write("end_session", move |tx| {
            let Some(token) = refresh_token_find(tx, &hash)? else { return Ok::<_, Problem>(()) };
            if let Some((session, user)) = session_load(tx, token.session_id.0)? {
                session_revoke(tx, user.id.0, session.id.0, reason, now)?;
            }
            Ok(())
        })
        .await
}

/// Adds the cookies of a session. Their age is that of the session: the browser asks for a new access token when the
/// one in the cookie has expired.
pub(crate) fn with_cookies(
    app: &App,
    tokens: &Tokens,
    mut answer: actix_web::HttpResponseBuilder,
) -> actix_web::HttpResponseBuilder {
    let keep = Some(tokens.keep.num_seconds());
    answer.cookie(cookies::build(&app.config, cookies::access_name(&app.config), tokens.access.clone(), keep));
    answer.cookie(cookies::build(&app.config, cookies::refresh_name(&app.config), tokens.refresh.clone(), keep));
    answer
}
