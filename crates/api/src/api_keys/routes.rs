//! The routes and use cases of API keys.

use std::collections::HashMap;

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, get, post};
use chrono::{DateTime, TimeDelta, Utc};
use rapport_domain::access::{Action, Subject, is_allowed};
use rapport_domain::text;
use rapport_persistence::Db;
use rapport_persistence::api_keys::{ApiKeyRow, api_key_insert, api_key_list, api_key_revoke};
use rapport_persistence::types::{Id, Json};
use rapport_persistence::users::user_names;
use serde_json::json;
use uuid::Uuid;

use super::dto::{ApiKeyList, ApiKeyParams, ApiKeyView, CreateApiKey, NewApiKeyView};
use crate::auth::{Caller, key};
use crate::extract::{JsonBody, Params};
use crate::problem::{Code, FieldError, Problem};
use crate::router::Routes;
use crate::session::NamedRef;
use crate::state::App;

type Answer = Result<HttpResponse, Problem>;

/// How long a key holds unless told otherwise.
const USUAL: TimeDelta = TimeDelta::days(90);
/// How long a key may hold.
const LONGEST: TimeDelta = TimeDelta::days(366);

/// The routes of this feature.
pub fn routes(cfg: &mut Routes<'_>) {
    cfg.service(list_api_keys).service(create_api_key).service(delete_api_key);
}

/// List API keys.
///
/// One's own, or everybody's with `all=true`.
#[utoipa::path(tag = "API keys", operation_id = "listApiKeys", params(ApiKeyParams), responses((status = 200, description = "The keys.", body = ApiKeyList)))]
#[get("/api-keys")]
pub(crate) async fn list_api_keys(app: Data<App>, caller: Caller, asked: Params<ApiKeyParams>) -> Answer {
    caller.session()?;
    if asked.0.all {
        caller.may(Action::View, Subject::ApiKey)?;
    }
    let user = (!asked.0.all).then(|| caller.id());
    let data = app.store.read("list_api_keys", move |db| list(db, user)).await?;
    Ok(HttpResponse::Ok().json(ApiKeyList { data }))
}

fn list(db: &mut Db, user: Option<Uuid>) -> Result<Vec<ApiKeyView>, Problem> {
    let rows = api_key_list(db, user)?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.user_id.0).collect();
    let names: HashMap<Uuid, String> = user_names(db, &ids)?.into_iter().map(|user| (user.id.0, user.name)).collect();
    let named = |id: Uuid| names.get(&id).map(|name| NamedRef { id, name: name.clone() });
    Ok(rows.into_iter().map(|row| ApiKeyView { user: named(row.user_id.0), ..ApiKeyView::of(row, None) }).collect())
}

/// Create an API key.
///
/// The key is shown once, in this answer, and is not kept for retries. It never does more than its user may do.
#[utoipa::path(tag = "API keys", operation_id = "createApiKey", request_body = CreateApiKey, responses((status = 201, description = "The new key.", body = NewApiKeyView)))]
#[post("/api-keys")]
pub(crate) async fn create_api_key(app: Data<App>, caller: Caller, body: JsonBody<CreateApiKey>) -> Answer {
    caller.session()?;
    let JsonBody(input) = body;
    let made = key::make()?;
    let row = new_row(&input, &made, &caller, app.now())?;
    let view = ApiKeyView::of(row.clone(), Some(NamedRef { id: caller.id(), name: caller.user.name.clone() }));
    app.store.write("create_api_key", move |tx| Ok::<_, Problem>(api_key_insert(tx, &row)?)).await?;
    let place = format!("/api/v1/api-keys/{}", view.id);
    Ok(HttpResponse::Created().insert_header(("Location", place)).json(NewApiKeyView { key: made.text, api_key: view }))
}

fn new_row(
    input: &CreateApiKey,
    made: &key::NewKey,
    caller: &Caller,
    now: DateTime<Utc>,
) -> Result<ApiKeyRow, Problem> {
    let mut errors = Vec::new();
    let name = text::line(&input.name, 100).unwrap_or_else(|error| {
        errors.push(FieldError::of_text("/name", error));
        String::new()
    });
    if input.scopes.is_empty() || input.scopes.len() > 10 {
        errors.push(FieldError::at("/scopes", if input.scopes.is_empty() { Code::Required } else { Code::TooLong }));
    }
    let expires_at = input.expires_at.unwrap_or(now + USUAL);
    if expires_at <= now || expires_at - now > LONGEST {
        errors.push(
            FieldError::at("/expires_at", Code::InvalidValue)
                .because("必须在未来一年之内", "Must lie within the next year"),
        );
    }
    Problem::check(errors)?;
    let scopes = input.scopes.iter().filter_map(|scope| json!(scope).as_str().map(str::to_owned)).collect();
    Ok(ApiKeyRow {
        id: Id(caller.context().next_id()),
        prefix: made.public.clone(),
        secret_hash: made.hash.clone(),
        user_id: Id(caller.id()),
        name,
        scopes: Json(scopes),
        expires_at: expires_at.into(),
        last_used_at: None,
        created_at: now.into(),
        revoked_at: None,
    })
}

/// Withdraw an API key.
///
/// It stops working with its next request. Everybody's keys take the right to change them.
#[utoipa::path(tag = "API keys", operation_id = "deleteApiKey", params(("id" = Uuid, Path, description = "The id of the key.")), responses((status = 204, description = "It no longer works.")))]
#[delete("/api-keys/{id}")]
pub(crate) async fn delete_api_key(app: Data<App>, caller: Caller, id: Path<Uuid>) -> Answer {
    caller.session()?;
    let may_all = is_allowed(caller.actor(), Action::Configure, Subject::ApiKey, None);
    let (user, id, now) = ((!may_all).then(|| caller.id()), *id, app.now().into());
    let gone =
        app.store.write("delete_api_key", move |tx| Ok::<_, Problem>(api_key_revoke(tx, user, id, now)?)).await?;
    if gone { Ok(HttpResponse::NoContent().finish()) } else { Err(Problem::new(Code::NotFound)) }
}
