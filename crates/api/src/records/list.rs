//! Lists: filter, sort, words, pages, counts, sparse fields and included records, for every record type.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use rapport_domain::access::{Action, Subject, Visibility, visibility};
use rapport_domain::context::Context;
use rapport_domain::filter::{self, Checked, Env, Field, Filter, FilterError};
use rapport_domain::kind::RecordKind;
use rapport_domain::search::Query;
use rapport_persistence::catalogue::{catalogue, sort_column};
use rapport_persistence::page::{After, Order, SortColumn};
use rapport_persistence::record::Record;
use rapport_persistence::records::{Selection, record_count, record_list};
use rapport_persistence::{Db, StoreError};

use super::references::Wanted;
use super::{RecordType, cursor, included};
use crate::problem::{Code, Problem};

/// Rows on a page when the request does not say.
const DEFAULT_LIMIT: i64 = 50;
/// Rows on a page at most.
pub(crate) const MAX_LIMIT: i64 = 200;
/// Where a capped count stops.
const COUNT_CAP: i64 = 10_000;
/// How many fields a list may be sorted by.
const MAX_SORT: usize = 3;

/// What a list request asks for, from a query string or from a `POST …/search` body.
#[derive(Clone, Debug, Default)]
pub struct ListRequest {
    /// A filter in string form.
    pub filter: Option<String>,
    /// A filter in JSON form.
    pub filter_json: Option<Value>,
    /// Fields given as parameters: equality or IN.
    pub short: Vec<(String, String)>,
    /// Words to find.
    pub q: Option<String>,
    /// `-updated_at,name`.
    pub sort: Option<String>,
    /// Rows on a page.
    pub limit: Option<i64>,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// `none`, `capped` or `exact`.
    pub count: Option<String>,
    /// Only these fields.
    pub fields: Option<String>,
    /// Whole records to send along.
    pub include: Option<String>,
}

/// The body of `POST …/search`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema, validator::Validate)]
#[serde(deny_unknown_fields, default)]
pub struct SearchRequest {
    /// A filter in JSON form.
    #[schema(value_type = Option<Object>, example = json!({"and": [{"field": "source", "op": "eq", "value": "website"}]}))]
    pub filter: Option<Value>,
    /// Words to find.
    #[validate(length(max = 200))]
    #[schema(max_length = 200, example = "悟空")]
    pub q: Option<String>,
    /// Fields to sort by, `-` before a field for descending.
    #[validate(length(max = 200))]
    #[schema(max_length = 200, example = "-updated_at")]
    pub sort: Option<String>,
    /// Rows on a page.
    #[schema(minimum = 1, maximum = 200, example = 50)]
    pub limit: Option<i64>,
    /// Where the page begins: `next_cursor` of the page before.
    #[schema(max_length = 2048)]
    pub cursor: Option<String>,
    /// Whether to count: `none`, `capped` (at 10,000) or `exact`.
    #[schema(pattern = "^(none|capped|exact)$", example = "none")]
    pub count: Option<String>,
    /// Only these fields, separated by commas.
    #[validate(length(max = 1000))]
    #[schema(max_length = 1000, example = "id,name")]
    pub fields: Option<String>,
    /// Whole records to send along, separated by commas.
    #[validate(length(max = 200))]
    #[schema(max_length = 200, example = "owner")]
    pub include: Option<String>,
}

impl From<SearchRequest> for ListRequest {
    fn from(body: SearchRequest) -> Self {
        Self {
            filter_json: body.filter,
            q: body.q,
            sort: body.sort,
            limit: body.limit,
            cursor: body.cursor,
            count: body.count,
            fields: body.fields,
            include: body.include,
            ..Self::default()
        }
    }
}

/// Where a page ends.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PageInfo {
    /// Rows asked for.
    #[schema(example = 50)]
    pub limit: i64,
    /// Whether there are more.
    pub has_more: bool,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

/// How many there are, if that was asked.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct ListMeta {
    /// The number of rows, at most 10,000 when capped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
    /// Whether that is all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_is_exact: Option<bool>,
}

/// A list request that has been read and understood.
#[derive(Clone, Debug)]
pub struct ListPlan {
    pub(crate) selection: Selection,
    order: Order,
    after: Option<After>,
    pub(crate) limit: i64,
    count: Count,
    fields: Option<Vec<String>>,
    include: Vec<&'static Field>,
    fingerprint: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    No,
    Capped,
    Exact,
}

/// Everything the caller may see, of every kind that filters can look through.
pub(crate) fn sight(ctx: &Context) -> Vec<(RecordKind, Visibility)> {
    RecordKind::OWNED.iter().map(|kind| (*kind, visibility(&ctx.actor, Subject::from(*kind), Action::View))).collect()
}

/// What a filter needs to know about the caller.
fn env(ctx: &Context) -> Env {
    Env { me: ctx.actor.user_id, my_team: ctx.actor.team_id.into_iter().collect(), now: ctx.now, zone: ctx.zone }
}

/// The rows that a request's filter and words select among those the caller may see.
///
/// # Errors
/// 400 with what is wrong with the filter.
pub(crate) fn selection_of(kind: RecordKind, request: &ListRequest, ctx: &Context) -> Result<Selection, Problem> {
    let mut parts = Vec::new();
    if let Some(text) = request.filter.as_deref().filter(|text| !text.trim().is_empty()) {
        parts.push(filter::parse(text).map_err(|error| refused(&error, "filter"))?);
    }
    if let Some(json) = request.filter_json.as_ref().filter(|json| !json.is_null()) {
        parts.push(filter::from_json(json).map_err(|error| refused(&error, "filter"))?);
    }
    for (name, value) in &request.short {
        parts.push(filter::from_short(name, value).map_err(|error| refused(&error, name))?);
    }
    let seen = visibility(&ctx.actor, Subject::from(kind), Action::View);
    let mut selection = Selection::visible(kind, seen);
    if !parts.is_empty() {
        let checked = filter::check(&Filter::all_of(parts), kind, catalogue, &env(ctx));
        selection.filter = checked.map_err(|error| refused(&error, "filter"))?;
        selection.sight = sight(ctx);
    }
    if let Some(words) = request.q.as_deref().filter(|words| !words.trim().is_empty()) {
        // Words of which nothing can be looked up find nothing, rather than everything.
        selection.query = Query::parse(words);
        if selection.query.is_none() {
            selection.filter = Checked::False;
        }
    }
    Ok(selection)
}

/// A filter's fault as a problem.
pub(crate) fn refused(error: &FilterError, parameter: &str) -> Problem {
    let text = error.to_string();
    let code = match error {
        FilterError::TooComplex { .. } => Code::FilterTooComplex,
        FilterError::UnknownField { .. } => Code::UnknownField,
        _ => Code::FilterInvalid,
    };
    let fault = if code == Code::UnknownField { Code::UnknownField } else { Code::InvalidValue };
    bad_request(code).because(text.clone(), text).parameter(parameter, fault)
}

impl ListPlan {
    /// Reads a request.
    ///
    /// # Errors
    /// 400 with what is wrong with it.
    pub fn read(kind: RecordKind, request: &ListRequest, key: &[u8], ctx: &Context) -> Result<Self, Problem> {
        let selection = selection_of(kind, request, ctx)?;
        let order = order_of(kind, request.sort.as_deref())?;
        let limit = request.limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            return Err(Problem::new(Code::LimitInvalid).parameter("limit", Code::InvalidValue));
        }
        let fingerprint = fingerprint(kind, request, &order);
        let after = request.cursor.as_deref().map(|cursor| cursor::open(key, &fingerprint, cursor)).transpose()?;
        let fields =
            request.fields.as_deref().map(|fields| fields.split(',').map(|field| field.trim().to_owned()).collect());
        let include = include_of(kind, request.include.as_deref())?;
        Ok(Self {
            selection,
            order,
            after,
            limit,
            count: count_of(request.count.as_deref())?,
            fields,
            include,
            fingerprint,
        })
    }

    /// Loads the page and writes it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn run<R: RecordType>(&self, db: &mut Db, key: &[u8], ctx: &Context) -> Result<ListPage<R::View>, Problem> {
        let mut rows: Vec<Record<R::Body>> =
            record_list(db, &self.selection, &self.order, self.after.as_ref(), self.limit + 1)
                .map_err(StoreError::from)?;
        let has_more = rows.len() > usize::try_from(self.limit).unwrap_or(usize::MAX);
        rows.truncate(usize::try_from(self.limit).unwrap_or(usize::MAX));
        let next_cursor =
            rows.last().filter(|_| has_more).map(|row| cursor::seal(key, &self.fingerprint, &row.place(&self.order)));
        if let Some(fields) = &self.fields {
            check_fields::<R>(fields)?;
        }
        let data = self.shaped(views::<R>(db, &rows, ctx)?).map_err(Problem::internal)?;
        let included = included::load::<R>(db, &rows, &self.include, ctx)?;
        let page = PageInfo { limit: self.limit, has_more, next_cursor };
        Ok(ListPage { data, page, meta: self.counted(db)?, included })
    }

    fn counted(&self, db: &mut Db) -> Result<ListMeta, Problem> {
        let most = match self.count {
            Count::No => return Ok(ListMeta::default()),
            Count::Capped => Some(COUNT_CAP + 1),
            Count::Exact => None,
        };
        let total = record_count(db, &self.selection, most).map_err(StoreError::from)?;
        let is_exact = most.is_none() || total <= COUNT_CAP;
        Ok(ListMeta { total: Some(if is_exact { total } else { COUNT_CAP }), total_is_exact: Some(is_exact) })
    }

    /// The rows as they are sent: only the fields that were asked for, always with id and version.
    fn shaped<V: Serialize>(&self, views: Vec<V>) -> serde_json::Result<Rows<V>> {
        let Some(fields) = &self.fields else { return Ok(Rows::Whole(views)) };
        let shape = |view: &V| {
            let mut value = serde_json::to_value(view)?;
            keep(&mut value, fields);
            Ok(value)
        };
        Ok(Rows::Parts(views.iter().map(shape).collect::<serde_json::Result<_>>()?))
    }
}

/// Whether a record has all of these fields.
///
/// # Errors
/// 400 when it has not.
pub(crate) fn check_fields<R: RecordType>(fields: &[String]) -> Result<(), Problem> {
    let known = super::document::property_names::<R>();
    if fields.iter().any(|field| !known.contains(field)) {
        return Err(bad_request(Code::UnknownField).parameter("fields", Code::UnknownField));
    }
    Ok(())
}

/// Keeps these members of a record, and always its id and version.
pub(crate) fn keep(value: &mut Value, fields: &[String]) {
    if let Value::Object(members) = value {
        members.retain(|name, _| name == "id" || name == "version" || fields.contains(name));
    }
}

fn bad_request(code: Code) -> Problem {
    Problem::new(code).status_is(actix_web::http::StatusCode::BAD_REQUEST)
}

/// Rows as they are sent.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Rows<V> {
    /// With all fields.
    Whole(Vec<V>),
    /// With those that were asked for.
    Parts(Vec<Value>),
}

/// A page as it is sent.
#[derive(Debug, Serialize)]
pub struct ListPage<V> {
    data: Rows<V>,
    /// Where the page ends.
    pub page: PageInfo,
    meta: ListMeta,
    #[serde(skip_serializing_if = "Option::is_none")]
    included: Option<Map<String, Value>>,
}

impl<V> ListPage<V> {
    /// How many rows it has.
    pub(super) fn count(&self) -> usize {
        match &self.data {
            Rows::Whole(rows) => rows.len(),
            Rows::Parts(rows) => rows.len(),
        }
    }

    /// The rows as they are sent.
    #[must_use]
    pub fn into_data(self) -> Rows<V> {
        self.data
    }
}

/// The views of rows, with everything they mention loaded in one go.
///
/// # Errors
/// When the database fails.
pub(crate) fn views<R: RecordType>(
    db: &mut Db,
    rows: &[Record<R::Body>],
    ctx: &Context,
) -> Result<Vec<R::View>, Problem> {
    let mut wanted = Wanted::default();
    rows.iter().for_each(|row| wanted.view_of::<R>(row));
    let references = wanted.load(db)?;
    Ok(rows.iter().map(|row| R::view(row, &references, ctx)).collect())
}

/// The view of one row.
///
/// # Errors
/// When the database fails.
pub(crate) fn view<R: RecordType>(db: &mut Db, row: &Record<R::Body>, ctx: &Context) -> Result<R::View, Problem> {
    views::<R>(db, std::slice::from_ref(row), ctx)?.pop().ok_or_else(|| Problem::internal("no view"))
}

fn order_of(kind: RecordKind, sort: Option<&str>) -> Result<Order, Problem> {
    let sort = sort.map(str::trim).filter(|sort| !sort.is_empty()).unwrap_or("-updated_at");
    let mut columns = Vec::new();
    for part in sort.split(',').map(str::trim) {
        let (name, is_descending) = part.strip_prefix('-').map_or((part, false), |name| (name, true));
        let field = filter::catalogue::find(catalogue, kind, name).filter(|field| field.is_sortable);
        let field = field.ok_or_else(|| Problem::new(Code::SortInvalid).parameter("sort", Code::UnknownField))?;
        let column = SortColumn { column: sort_column(field), is_nullable: field.is_nullable, is_descending };
        if columns.iter().any(|known: &SortColumn| known.column == column.column) {
            return Err(Problem::new(Code::SortInvalid).parameter("sort", Code::InvalidValue));
        }
        columns.push(column);
    }
    if columns.len() > MAX_SORT {
        return Err(Problem::new(Code::SortInvalid).parameter("sort", Code::TooLong));
    }
    Ok(Order { columns })
}

fn count_of(count: Option<&str>) -> Result<Count, Problem> {
    match count.unwrap_or("none") {
        "none" => Ok(Count::No),
        "capped" => Ok(Count::Capped),
        "exact" => Ok(Count::Exact),
        _ => Err(Problem::new(Code::ParameterInvalid).parameter("count", Code::InvalidValue)),
    }
}

fn include_of(kind: RecordKind, include: Option<&str>) -> Result<Vec<&'static Field>, Problem> {
    let names = include.unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty());
    names
        .map(|name| {
            let hop = filter::catalogue::find_hop(catalogue, kind, name)
                .filter(|(_, target)| included::is_includable(*target));
            hop.map(|(field, _)| field)
                .ok_or_else(|| bad_request(Code::UnknownField).parameter("include", Code::UnknownField))
        })
        .collect()
}

fn fingerprint(kind: RecordKind, request: &ListRequest, order: &Order) -> String {
    let filter_json = request.filter_json.as_ref().map(Value::to_string).unwrap_or_default();
    let short: String = request.short.iter().map(|(name, value)| format!("{name}={value}&")).collect();
    let sort: String =
        order.columns.iter().map(|c| format!("{}{},", if c.is_descending { "-" } else { "" }, c.column)).collect();
    cursor::fingerprint(&[
        kind.as_str(),
        request.filter.as_deref().unwrap_or_default(),
        &filter_json,
        &short,
        request.q.as_deref().unwrap_or_default(),
        &sort,
    ])
}
