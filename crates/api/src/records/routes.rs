//! The endpoints of every record type: `/customers`, `/contacts`, `/leads`, `/opportunities`, `/activities`.

use std::marker::PhantomData;

use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::{HttpRequest, HttpResponse, Route, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::path::HttpMethod;
use uuid::Uuid;

use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_persistence::Db;
use rapport_persistence::record::ExternalId;

use super::list::{ListPlan, ListRequest, MAX_LIMIT, PageInfo, SearchRequest};
use super::mutate::{expected_version, mutate};
use super::reply::Reply;
use super::{RecordType, batch, cursor, document, history, patch, service, summary};
use crate::activities::timeline;
use crate::auth::{Caller, Credential};
use crate::extract::{Body, RawBody, at_most, parse_body};
use crate::problem::{Code, Problem};
use crate::router::{Endpoint, PathId};
use crate::state::App;

type Answer = Result<HttpResponse, Problem>;

/// The resources of one record type, ready to be registered.
#[derive(Debug)]
pub struct Resources<R>(PhantomData<R>);

impl<R> Resources<R> {
    /// The resources.
    #[must_use]
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

impl<R> Default for Resources<R> {
    fn default() -> Self {
        Self::new()
    }
}

impl<R: RecordType> HttpServiceFactory for Resources<R> {
    fn register(self, config: &mut AppService) {
        let path = |rest: &str| format!("/{}{rest}", R::kind().plural());
        let at = |rest: &str, method: HttpMethod, route: Route| Endpoint::new(&path(rest), method, route);
        let mut endpoints = vec![
            at("", HttpMethod::Get, web::to(list::<R>)),
            at("", HttpMethod::Post, web::to(create::<R>)),
            at("/search", HttpMethod::Post, web::to(search::<R>)),
            at("/summary", HttpMethod::Get, web::to(summarise::<R>)),
            at("/batch", HttpMethod::Post, web::to(run_batch::<R>)),
            at("/{id}", HttpMethod::Get, web::to(get::<R>)),
            at("/{id}", HttpMethod::Patch, web::to(change::<R>)),
            at("/{id}", HttpMethod::Delete, web::to(delete::<R>)),
            at("/{id}/history", HttpMethod::Get, web::to(look_back::<R>)),
            at("/{id}/restore", HttpMethod::Post, web::to(restore::<R>)),
        ];
        if RecordKind::ABOUT.contains(&R::kind()) {
            endpoints.push(at("/{id}/timeline", HttpMethod::Get, web::to(read_timeline::<R>)));
        }
        // With a customer goes what belongs to it: that has an endpoint of its own.
        if R::kind() != RecordKind::Customer {
            endpoints.push(at("/{id}/transfer", HttpMethod::Post, web::to(transfer::<R>)));
        }
        endpoints.into_iter().for_each(|endpoint| endpoint.register(config));
        let by = web::resource(path("/by/{system}/{external_id}"));
        by.get(get_by::<R>).put(upsert::<R>).register(config);
    }
}

impl<R: RecordType> utoipa_actix_web::OpenApiFactory for Resources<R> {
    fn paths(&self) -> utoipa::openapi::path::Paths {
        document::paths::<R>()
    }

    fn schemas(&self, schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>) {
        document::schemas::<R>(schemas);
    }
}

// ---------------------------------------------------------------- reading

/// The longest text to search for, in characters.
pub(crate) const MAX_WORDS: usize = 200;
/// The longest value of any other parameter of a list, in characters.
pub(crate) const MAX_SHORT: usize = 4096;

/// The query of a list: its own words, and any filterable field as a short filter.
pub(crate) fn list_request(request: &HttpRequest, known: &[&str]) -> Result<ListRequest, Problem> {
    let pairs: Vec<(String, String)> = crate::extract::parse_pairs(request.query_string())?;
    let mut asked = ListRequest::default();
    for (name, value) in pairs {
        at_most(&name, &value, if name == "q" { MAX_WORDS } else { MAX_SHORT })?;
        let slot = match name.as_str() {
            "filter" => &mut asked.filter,
            "q" => &mut asked.q,
            "sort" if known.contains(&"sort") => &mut asked.sort,
            "cursor" if known.contains(&"cursor") => &mut asked.cursor,
            "count" if known.contains(&"count") => &mut asked.count,
            "fields" if known.contains(&"fields") => &mut asked.fields,
            "include" if known.contains(&"include") => &mut asked.include,
            "limit" if known.contains(&"limit") => {
                let limit = value
                    .parse()
                    .map_err(|_| Problem::new(Code::LimitInvalid).parameter("limit", Code::InvalidValue))?;
                asked.limit = Some(limit);
                continue;
            }
            word if known.contains(&word) => continue,
            _ => {
                asked.short.push((name, value));
                continue;
            }
        };
        if slot.replace(value).is_some() {
            return Err(Problem::new(Code::ParameterInvalid).parameter(name, Code::InvalidValue));
        }
    }
    Ok(asked)
}

const LIST_WORDS: &[&str] = &["sort", "cursor", "count", "fields", "include", "limit"];

async fn list<R: RecordType>(app: web::Data<App>, credential: Credential, request: HttpRequest) -> Answer {
    let asked = list_request(&request, LIST_WORDS)?;
    listed::<R>(&app, &credential, &request, asked).await
}

async fn search<R: RecordType>(
    app: web::Data<App>,
    credential: Credential,
    request: HttpRequest,
    body: Body<SearchRequest>,
) -> Answer {
    listed::<R>(&app, &credential, &request, body.0.into()).await
}

async fn listed<R: RecordType>(
    app: &App,
    credential: &Credential,
    request: &HttpRequest,
    asked: ListRequest,
) -> Answer {
    let (key, link) = (app.keys.mac("cursor", b""), Links::of(request));
    let work = move |db: &mut Db, ctx: &Context| {
        let page = ListPlan::read(R::kind(), &asked, &key, ctx)?.run::<R>(db, &key, ctx)?;
        let mut reply = Reply::rows(page.count(), &page)?;
        reply.link = Some(link.header(&page.page));
        Ok(reply)
    };
    Ok(credential.read(app, request, "list_records", work).await?.respond(request))
}

/// What the `Link` header (RFC 8288) of a list is made of.
#[derive(Clone, Debug)]
struct Links {
    path: String,
    pairs: Vec<(String, String)>,
    is_get: bool,
}

impl Links {
    fn of(request: &HttpRequest) -> Self {
        let pairs = serde_urlencoded::from_str::<Vec<(String, String)>>(request.query_string()).unwrap_or_default();
        Self {
            path: request.path().to_owned(),
            pairs: pairs.into_iter().filter(|(name, _)| name != "cursor").collect(),
            is_get: request.method() == actix_web::http::Method::GET,
        }
    }

    fn to(&self, cursor: Option<&str>) -> String {
        let mut pairs = self.pairs.clone();
        pairs.extend(cursor.map(|cursor| ("cursor".to_owned(), cursor.to_owned())));
        let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
        if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) }
    }

    fn header(&self, page: &PageInfo) -> String {
        let first = format!("<{}>; rel=\"first\"", self.to(None));
        match page.next_cursor.as_deref().filter(|_| self.is_get) {
            Some(next) => format!("{first}, <{}>; rel=\"next\"", self.to(Some(next))),
            None => first,
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct GetParams {
    fields: Option<String>,
}

async fn get<R: RecordType>(
    app: web::Data<App>,
    credential: Credential,
    request: HttpRequest,
    id: PathId,
    params: crate::extract::Params<GetParams>,
) -> Answer {
    let id = id.get()?;
    let fields: Option<Vec<String>> =
        params.0.fields.map(|fields| fields.split(',').map(|f| f.trim().to_owned()).collect());
    let work = move |db: &mut Db, ctx: &Context| service::get::<R>(db, ctx, id, fields.as_deref());
    Ok(credential.read(&app, &request, "get_record", work).await?.respond(&request))
}

async fn get_by<R: RecordType>(
    app: web::Data<App>,
    credential: Credential,
    request: HttpRequest,
    known: web::Path<(String, String)>,
) -> Answer {
    let (system, external_id) = known.into_inner();
    let work = move |db: &mut Db, ctx: &Context| service::get_by::<R>(db, ctx, &system, &external_id);
    Ok(credential.read(&app, &request, "get_record_by", work).await?.respond(&request))
}

async fn look_back<R: RecordType>(
    app: web::Data<App>,
    credential: Credential,
    request: HttpRequest,
    id: PathId,
) -> Answer {
    let asked = list_request(&request, &["cursor", "limit"])?;
    let limit = asked.limit.unwrap_or(50);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Problem::new(Code::LimitInvalid).parameter("limit", Code::InvalidValue));
    }
    if let Some((name, _)) = asked.short.first() {
        return Err(Problem::new(Code::UnknownField)
            .status_is(actix_web::http::StatusCode::BAD_REQUEST)
            .parameter(name.clone(), Code::UnknownField));
    }
    let (id, key) = (id.get()?, app.keys.mac("cursor", b""));
    let list = cursor::fingerprint(&["history", R::kind().as_str(), &id.to_string()]);
    let after = asked.cursor.as_deref().map(|text| cursor::open(&key, &list, text)).transpose()?;
    let before = after.as_ref().and_then(history::version_of);
    let work = move |db: &mut Db, ctx: &Context| {
        let changes = service::history::<R>(db, ctx, id, before, limit + 1)?;
        Reply::ok(&history::page(changes, limit, &key, &list))
    };
    Ok(credential.read(&app, &request, "get_history", work).await?.respond(&request))
}

async fn read_timeline<R: RecordType>(
    app: web::Data<App>,
    credential: Credential,
    request: HttpRequest,
    id: PathId,
) -> Answer {
    let id = id.get()?;
    let asked = timeline::Asked::read(&request, &id.to_string(), app.keys.mac("cursor", b"").to_vec())?;
    let work = move |db: &mut Db, ctx: &Context| Reply::ok(&timeline::read::<R>(db, ctx, id, &asked)?);
    Ok(credential.read(&app, &request, "read_timeline", work).await?.respond(&request))
}

async fn summarise<R: RecordType>(app: web::Data<App>, credential: Credential, request: HttpRequest) -> Answer {
    let pairs: Vec<(String, String)> = crate::extract::parse_pairs(request.query_string())?;
    let of = |word: &str| pairs.iter().find(|(name, _)| name == word).map(|(_, value)| value.as_str());
    let grouping = summary::grouping_of(R::kind(), of("group_by"), of("sum"))?;
    let asked = list_request(&request, &["group_by", "sum"])?;
    let work = move |db: &mut Db, ctx: &Context| Reply::ok(&summary::summarise(db, R::kind(), &asked, &grouping, ctx)?);
    Ok(credential.read(&app, &request, "summarise_records", work).await?.respond(&request))
}

// ---------------------------------------------------------------- writing

async fn create<R: RecordType>(app: web::Data<App>, caller: Caller, request: HttpRequest, body: RawBody) -> Answer {
    let input: R::Input = parse_body(&body.0)?;
    crate::extract::validate(&input)?;
    mutate(&app, &caller, &request, &body.0, "create_record", move |tx, ctx| service::create::<R>(tx, ctx, &input))
        .await
}

async fn change<R: RecordType>(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: PathId,
    body: RawBody,
) -> Answer {
    let (id, patch): (Uuid, Value) = (id.get()?, parse_body(&body.0)?);
    let expected = expected_version(&request, app.config.api.require_if_match)?;
    mutate(&app, &caller, &request, &body.0, "change_record", move |tx, ctx| {
        service::change::<R>(tx, ctx, id, expected, &patch)
    })
    .await
}

async fn delete<R: RecordType>(app: web::Data<App>, caller: Caller, request: HttpRequest, id: PathId) -> Answer {
    let id = id.get()?;
    let expected = expected_version(&request, app.config.api.require_if_match)?;
    mutate(&app, &caller, &request, &[], "delete_record", move |tx, ctx| service::delete::<R>(tx, ctx, id, expected))
        .await
}

async fn restore<R: RecordType>(app: web::Data<App>, caller: Caller, request: HttpRequest, id: PathId) -> Answer {
    let (id, expected) = (id.get()?, expected_version(&request, false)?);
    mutate(&app, &caller, &request, &[], "restore_record", move |tx, ctx| service::restore::<R>(tx, ctx, id, expected))
        .await
}

/// Who is to own a record.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema, validator::Validate)]
#[serde(deny_unknown_fields)]
pub struct TransferRequest {
    /// The new owner; null leaves the record without one.
    // With a reader of its own the field must be there, though it may be null.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required = true)]
    pub owner_id: Option<Uuid>,
}

async fn transfer<R: RecordType>(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: PathId,
    body: RawBody,
) -> Answer {
    let id = id.get()?;
    let to: TransferRequest = parse_body(&body.0)?;
    let expected = expected_version(&request, false)?;
    mutate(&app, &caller, &request, &body.0, "transfer_record", move |tx, ctx| {
        service::transfer::<R>(tx, ctx, id, expected, to.owner_id)
    })
    .await
}

async fn upsert<R: RecordType>(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    known: web::Path<(String, String)>,
    body: RawBody,
) -> Answer {
    let (system, external_id) = known.into_inner();
    let known = ExternalId { system, external_id };
    let data: Value = parse_body(&body.0)?;
    patch::require_object(&data)?;
    let expected = expected_version(&request, false)?;
    mutate(&app, &caller, &request, &body.0, "upsert_record", move |tx, ctx| {
        Ok(service::upsert::<R>(tx, ctx, &known, expected, &data)?.0)
    })
    .await
}

async fn run_batch<R: RecordType>(app: web::Data<App>, caller: Caller, request: HttpRequest, body: RawBody) -> Answer {
    let asked: batch::BatchRequest = parse_body(&body.0)?;
    crate::extract::validate(&asked)?;
    mutate(&app, &caller, &request, &body.0, "batch_records", move |tx, ctx| batch::run::<R>(tx, ctx, &asked)).await
}
