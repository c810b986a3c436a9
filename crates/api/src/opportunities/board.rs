//! The board: a column for each stage, ordered on the server.

use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_persistence::Db;
use rapport_persistence::pipelines::{pipeline_default, stages_of};

use super::dto::StageRef;
use super::{Opportunities, OpportunityView};
use crate::auth::Credential;
use crate::problem::{Code, Problem};
use crate::records::fields::MoneyAmount;
use crate::records::list::{ListPlan, ListRequest, Rows};
use crate::records::reply::Reply;
use crate::records::routes::list_request;
use crate::records::summary::{SumView, grouping_of, summarise};
use crate::state::App;

/// Cards of a column when the request does not say.
const DEFAULT_CARDS: i64 = 20;
/// Cards of a column at most; more come by the list of that stage.
const MAX_CARDS: i64 = 50;

/// A column of the board.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct BoardColumn {
    /// The stage.
    pub stage: StageRef,
    /// How many deals stand there.
    pub count: i64,
    /// What they are worth, for each currency.
    pub sums: Vec<MoneyAmount>,
    /// The same, each deal times its probability.
    pub weighted_sums: Vec<MoneyAmount>,
    /// The first cards from the top.
    #[schema(value_type = Vec<OpportunityView>)]
    pub records: Rows<OpportunityView>,
    /// Where the column goes on, as `cursor` of `GET /opportunities?stage_id=…&sort=board_rank` with the same filter.
    pub next_cursor: Option<String>,
}

/// The columns, in the order of the pipeline.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Board {
    /// The columns.
    pub data: Vec<BoardColumn>,
}

/// The board of a pipeline
///
/// Every stage with its count, its sums and its first cards; only what the caller may see.
#[utoipa::path(tag = "Opportunities", operation_id = "getOpportunityBoard", params(
    ("pipeline_id" = Option<Uuid>, Query, description = "The pipeline; the default one, if left out."),
    ("filter" = Option<String>, Query, description = "A filter, as for the list.", max_length = 4096),
    ("q" = Option<String>, Query, description = "Words to find.", max_length = 200),
    ("owner_id" = Option<String>, Query, description = "Equal to this value, or to one of several separated by commas.", min_length = 1, max_length = 4096,
        pattern = "^(null|(@me|@my_team|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})(,(@me|@my_team|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}))*)$"),
    ("limit_per_stage" = Option<i64>, Query, description = "Cards of a column.", minimum = 1, maximum = 50)),
    responses((status = 200, description = "The board.", body = Board)))]
#[get("/opportunities/board")]
pub(super) async fn get_opportunity_board(
    app: web::Data<App>,
    credential: Credential,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let pairs = crate::extract::parse_pairs(request.query_string())?;
    let of = |word: &str| pairs.iter().find(|(name, _)| name == word).map(|(_, value)| value.as_str());
    let unreadable =
        |name: &'static str| move || Problem::new(Code::ParameterInvalid).parameter(name, Code::InvalidValue);
    let pipeline =
        of("pipeline_id").map(|id| Uuid::try_parse(id).map_err(|_| unreadable("pipeline_id")())).transpose()?;
    let limit = of("limit_per_stage")
        .map_or(Ok(DEFAULT_CARDS), |text| text.parse().map_err(|_| unreadable("limit_per_stage")()))?;
    if !(1..=MAX_CARDS).contains(&limit) {
        return Err(unreadable("limit_per_stage")());
    }
    let asked = ListRequest { limit: Some(limit), ..list_request(&request, &["pipeline_id", "limit_per_stage"])? };
    let key = app.keys.mac("cursor", b"");
    let work = move |db: &mut Db, ctx: &Context| Reply::ok(&board(db, pipeline, &asked, &key, ctx)?);
    Ok(credential.read(&app, &request, "get_board", work).await?.respond(&request))
}

fn board(
    db: &mut Db,
    pipeline: Option<Uuid>,
    asked: &ListRequest,
    key: &[u8],
    ctx: &Context,
) -> Result<Board, Problem> {
    let pipeline = match pipeline {
        Some(id) => id,
        None => pipeline_default(db)?.ok_or_else(|| Problem::new(Code::NotFound))?.id.0,
    };
    let stages = stages_of(db, pipeline)?;
    if stages.is_empty() {
        return Ok(Board { data: Vec::new() });
    }
    // By its stages, for which there is an index, rather than by the pipeline, which may be that of every deal.
    let mut of_pipeline = asked.clone();
    let listed: Vec<String> = stages.iter().map(|stage| stage.id.0.to_string()).collect();
    of_pipeline.short.push(("stage_id".to_owned(), listed.join(",")));
    let grouping = grouping_of(RecordKind::Opportunity, Some("stage_id"), Some("amount"))?;
    let totals = summarise(db, RecordKind::Opportunity, &of_pipeline, &grouping, ctx)?;
    let mut data = Vec::with_capacity(stages.len());
    for stage in &stages {
        let id = stage.id.0.to_string();
        let total =
            totals.data.iter().find(|group| group.key.get("stage_id").and_then(|value| value.as_str()) == Some(&id));
        let sums: &[SumView] = total.map(|group| group.sums.as_slice()).unwrap_or_default();
        let mut column = asked.clone();
        column.short.push(("stage_id".to_owned(), id));
        column.sort = Some("board_rank".to_owned());
        let page = ListPlan::read(RecordKind::Opportunity, &column, key, ctx)?.run::<Opportunities>(db, key, ctx)?;
        data.push(BoardColumn {
            stage: StageRef::of(stage, ctx),
            count: total.map_or(0, |group| group.count),
            sums: sums.iter().map(|sum| money(&sum.amount, sum)).collect(),
            weighted_sums: sums.iter().filter_map(|sum| Some(money(sum.weighted.as_ref()?, sum))).collect(),
            next_cursor: page.page.next_cursor.clone(),
            records: page.into_data(),
        });
    }
    Ok(Board { data })
}

fn money(amount: &str, sum: &SumView) -> MoneyAmount {
    MoneyAmount { amount: amount.to_owned(), currency: sum.currency.clone() }
}
