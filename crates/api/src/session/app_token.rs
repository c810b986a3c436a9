//! Tokens for apps.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};
use serde_json::Value;

use super::dto::{PasswordGrant, RefreshTokenGrant, TokenRequest, TokenView};
use super::sign_in::{Credentials, sign_in};
use super::web::renew;
use crate::auth::sessions::{Kind, Tokens};
use crate::auth::token::ACCESS_LIFETIME;
use crate::extract::{RawBody, parse_body, validate};
use crate::problem::{Code, Problem};
use crate::state::App;

/// Get tokens for an app.
///
/// By address and password, or by the refresh token that was handed out last. A refresh token works once; using an
/// old one ends the session.
#[utoipa::path(tag = "Sign-in", operation_id = "issueToken", security(()), request_body = TokenRequest,
    responses((status = 200, description = "A pair of tokens.", body = TokenView)))]
#[post("/auth/token")]
pub(crate) async fn issue_token(app: Data<App>, request: HttpRequest, body: RawBody) -> Result<HttpResponse, Problem> {
    let grant: Value = parse_body(&body.0)?;
    let tokens = match grant.get("grant_type").and_then(Value::as_str) {
        Some("password") => by_password(&app, &request, &body.0).await?,
        Some("refresh_token") => by_refresh_token(&app, &body.0).await?,
        Some(_) => return Err(Problem::validation().at("/grant_type", Code::InvalidValue)),
        None => return Err(Problem::validation().at("/grant_type", Code::Required)),
    };
    Ok(HttpResponse::Ok().json(TokenView {
        access_token: tokens.access,
        token_type: "Bearer".to_owned(),
        expires_in: ACCESS_LIFETIME.num_seconds(),
        refresh_token: tokens.refresh,
    }))
}

async fn by_password(app: &App, request: &HttpRequest, body: &[u8]) -> Result<Tokens, Problem> {
    let grant: PasswordGrant = parse_body(body)?;
    validate(&grant)?;
    let sent = Credentials { email: grant.email, password: grant.password, device: None };
    Ok(sign_in(app, request, sent, Kind::App).await?.1)
}

async fn by_refresh_token(app: &App, body: &[u8]) -> Result<Tokens, Problem> {
    let grant: RefreshTokenGrant = parse_body(body)?;
    validate(&grant)?;
    renew(app, grant.refresh_token).await
}
