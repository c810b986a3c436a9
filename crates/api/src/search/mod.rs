//! Search over everything the caller may see.

use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use rapport_domain::access::{Action, Subject, visibility};
use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_domain::search::Query;
use rapport_persistence::record::Record;
use rapport_persistence::records::record_find_many;
use rapport_persistence::search::search;
use rapport_persistence::{Db, StoreError};

use crate::activities::Activities;
use crate::auth::Credential;
use crate::contacts::Contacts;
use crate::customers::Customers;
use crate::extract::at_most;
use crate::leads::Leads;
use crate::opportunities::Opportunities;
use crate::problem::{Code, Problem};
use crate::records::RecordType;
use crate::records::references::{References, Wanted};
use crate::records::reply::Reply;
use crate::records::routes::MAX_WORDS;
use crate::records::view::{NamedRef, named};
use crate::router::Routes;
use crate::state::App;
use crate::trash::kinds_of;

/// Hits of each type when the request does not say.
const DEFAULT_LIMIT: i64 = 10;
/// Hits of each type at most.
const MAX_LIMIT: i64 = 50;

/// A record that was found.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SearchHit {
    /// customer, contact, lead, opportunity or activity.
    #[serde(rename = "type")]
    #[schema(example = "customer")]
    pub kind: String,
    /// The record's id.
    pub id: Uuid,
    /// Its number.
    pub number: i64,
    /// Its name.
    #[schema(example = "上海明德精密机械有限公司")]
    pub name: String,
    /// What tells it from others of that name: company, e-mail, trade.
    pub detail: Option<String>,
    /// Who owns it.
    pub owner: Option<NamedRef>,
}

/// What was found, by type, the last changed first.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SearchPage {
    /// The hits.
    pub data: Vec<SearchHit>,
}

/// The endpoints.
pub fn routes(cfg: &mut Routes<'_>) {
    cfg.service(search_everything);
}

/// Search everything
///
/// Finds Chinese by any characters, pinyin and its initials, words, and parts of numbers and e-mails.
#[utoipa::path(tag = "Search", operation_id = "searchEverything", params(
    ("q" = String, Query, description = "What to find.", max_length = 200),
    ("types" = Option<String>, Query, description = "Only these types, separated by commas: `customers,leads`.",
        pattern = "^((customers?|contacts?|leads?|opportunities|opportunity|activities|activity)(,(customers?|contacts?|leads?|opportunities|opportunity|activities|activity)){0,7})?$"),
    ("limit" = Option<i64>, Query, description = "Hits of each type.", minimum = 1, maximum = 50)),
    responses((status = 200, description = "What was found.", body = SearchPage)))]
#[get("/search")]
async fn search_everything(
    app: web::Data<App>,
    credential: Credential,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let pairs = crate::extract::parse_pairs(request.query_string())?;
    if let Some((name, _)) = pairs.iter().find(|(name, _)| !matches!(name.as_str(), "q" | "types" | "limit")) {
        return Err(Problem::new(Code::ParameterInvalid).parameter(name.clone(), Code::UnknownField));
    }
    let of = |word: &str| pairs.iter().find(|(name, _)| name == word).map(|(_, value)| value.as_str());
    let words = of("q").ok_or_else(|| Problem::new(Code::ParameterInvalid).parameter("q", Code::Required))?;
    at_most("q", words, MAX_WORDS)?;
    let kinds = kinds_of(of("types"), "types")?;
    let limit = of("limit")
        .map_or(Some(DEFAULT_LIMIT), |text| text.parse().ok())
        .filter(|limit| (1..=MAX_LIMIT).contains(limit));
    let limit = limit.ok_or_else(|| Problem::new(Code::LimitInvalid).parameter("limit", Code::InvalidValue))?;
    let query = Query::parse(words);
    let work = move |db: &mut Db, ctx: &Context| {
        // The names that the hits of all kinds mention are asked for once.
        let (mut wanted, mut found) = (Wanted::default(), Vec::new());
        if let Some(query) = &query {
            for kind in &kinds {
                found.extend(found_of(db, *kind, query, limit, ctx, &mut wanted)?);
            }
        }
        let references = wanted.load(db)?;
        let data = found.into_iter().flat_map(|hits| hits(&references)).collect();
        Reply::ok(&SearchPage { data })
    };
    Ok(credential.read(&app, &request, "search", work).await?.respond(&request))
}

/// What was found of one kind, once the names that it mentions are known.
type Found = Box<dyn FnOnce(&References) -> Vec<SearchHit>>;

fn found_of(
    db: &mut Db,
    kind: RecordKind,
    query: &Query,
    limit: i64,
    ctx: &Context,
    wanted: &mut Wanted,
) -> Result<Option<Found>, Problem> {
    Ok(Some(match kind {
        RecordKind::Customer => found::<Customers>(db, query, limit, ctx, wanted)?,
        RecordKind::Contact => found::<Contacts>(db, query, limit, ctx, wanted)?,
        RecordKind::Lead => found::<Leads>(db, query, limit, ctx, wanted)?,
        RecordKind::Opportunity => found::<Opportunities>(db, query, limit, ctx, wanted)?,
        RecordKind::Activity => found::<Activities>(db, query, limit, ctx, wanted)?,
        _ => return Ok(None),
    }))
}

fn found<R: RecordType>(
    db: &mut Db,
    query: &Query,
    limit: i64,
    ctx: &Context,
    wanted: &mut Wanted,
) -> Result<Found, Problem> {
    let seen = visibility(&ctx.actor, Subject::from(R::kind()), Action::View);
    let hits = search(db, R::kind(), &seen, query, limit).map_err(StoreError::from)?;
    let ids: Vec<Uuid> = hits.iter().map(|hit| hit.id).collect();
    let records: Vec<Record<R::Body>> = record_find_many(db, &seen, &ids).map_err(StoreError::from)?;
    records.iter().for_each(|record| wanted.view_of::<R>(record));
    Ok(Box::new(move |references| {
        let hit = |id: &Uuid| {
            let record = records.iter().find(|record| record.head.id.0 == *id)?;
            Some(SearchHit {
                kind: R::kind().as_str().to_owned(),
                id: *id,
                number: record.head.number,
                name: record.head.name.clone(),
                detail: R::detail(record, references),
                owner: named(record.head.owner_id.map(Into::into), references),
            })
        };
        ids.iter().filter_map(hit).collect()
    }))
}
