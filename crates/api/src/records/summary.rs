//! Counts and sums of a list by the values of one or two fields.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use rapport_domain::context::Context;
use rapport_domain::filter::{self, Field, FieldKind};
use rapport_domain::kind::RecordKind;
use rapport_persistence::catalogue::catalogue;
use rapport_persistence::summaries::{Group, Grouping, record_groups};
use rapport_persistence::{Db, StoreError};

use super::fields::MoneyAmount;
use super::list::{ListRequest, selection_of};
use crate::problem::{Code, Problem};

/// Groups in one answer at most.
const MAX_GROUPS: i64 = 500;

/// A sum in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SumView {
    /// The field that was added up.
    #[schema(example = "amount")]
    pub field: String,
    /// The sum.
    #[schema(example = "1280.00")]
    pub amount: String,
    /// The ISO 4217 code; different currencies are never added.
    #[schema(example = "CNY")]
    pub currency: String,
    /// The sum of each amount times its probability; opportunities only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weighted: Option<String>,
}

/// The records that share the values of the grouping fields.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct GroupView {
    /// The values, by field; null where the field is empty.
    #[schema(value_type = Object)]
    pub key: Map<String, Value>,
    /// How many records.
    pub count: i64,
    /// The sums, one for each currency.
    pub sums: Vec<SumView>,
}

/// The groups, most populous first.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Summary {
    /// At most 500.
    pub data: Vec<GroupView>,
}

/// Reads what to group by and what to add up.
///
/// # Errors
/// 400 for fields that cannot be grouped by or added up.
pub fn grouping_of(kind: RecordKind, group_by: Option<&str>, sum: Option<&str>) -> Result<Grouping, Problem> {
    let names = group_by.unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty());
    let by = names.map(|name| groupable(kind, name)).collect::<Result<Vec<_>, _>>()?;
    if by.len() > 2 {
        return Err(bad("group_by", Code::TooLong));
    }
    let sum = sum.map(|name| summable(kind, name)).transpose()?;
    Ok(Grouping { by, sum, is_weighted: kind == RecordKind::Opportunity })
}

fn bad(parameter: &str, code: Code) -> Problem {
    Problem::new(Code::ParameterInvalid).parameter(parameter, code)
}

fn groupable(kind: RecordKind, name: &str) -> Result<&'static Field, Problem> {
    let found = filter::catalogue::find(catalogue, kind, name).filter(|field| is_groupable(field));
    found.ok_or_else(|| bad("group_by", Code::UnknownField))
}

/// Whether records can be grouped by a field: by what has few values, and by tags, each counted once per record.
pub(crate) fn is_groupable(field: &Field) -> bool {
    let has_few_values =
        matches!(field.kind, FieldKind::Key { .. } | FieldKind::Ref { .. } | FieldKind::Bool | FieldKind::Tags);
    field.is_filterable && has_few_values
        || matches!(field.name, "industry" | "region" | "city" | "expected_close_on" | "company_name")
}

fn summable(kind: RecordKind, name: &str) -> Result<&'static Field, Problem> {
    let sums = |field: &&Field| matches!(field.kind, FieldKind::Money { .. });
    filter::catalogue::find(catalogue, kind, name).filter(sums).ok_or_else(|| bad("sum", Code::UnknownField))
}

/// Counts and sums.
///
/// # Errors
/// 400 for a bad filter.
pub fn summarise(
    db: &mut Db,
    kind: RecordKind,
    request: &ListRequest,
    grouping: &Grouping,
    ctx: &Context,
) -> Result<Summary, Problem> {
    let selection = selection_of(kind, request, ctx)?;
    let rows = record_groups(db, &selection, grouping, MAX_GROUPS).map_err(StoreError::from)?;
    let mut data: Vec<GroupView> = Vec::new();
    for row in rows {
        let key = key_of(&row, grouping);
        let sum = sum_of(&row, grouping);
        match data.iter_mut().find(|group| group.key == key) {
            Some(group) => {
                group.count += row.count;
                group.sums.extend(sum);
            }
            None => data.push(GroupView { key, count: row.count, sums: sum.into_iter().collect() }),
        }
    }
    Ok(Summary { data })
}

fn key_of(row: &Group, grouping: &Grouping) -> Map<String, Value> {
    let values = [row.first.as_deref(), row.second.as_deref()];
    grouping
        .by
        .iter()
        .zip(values)
        .map(|(field, value)| (field.name.to_owned(), value.map_or(Value::Null, |v| typed(field, v))))
        .collect()
}

/// Both databases answer text; ids and flags get their form back.
fn typed(field: &Field, text: &str) -> Value {
    match field.kind {
        FieldKind::Id | FieldKind::Ref { .. } => Uuid::try_parse(text).map_or(Value::Null, |id| id.to_string().into()),
        FieldKind::Bool => matches!(text, "1" | "true").into(),
        _ => text.into(),
    }
}

fn sum_of(row: &Group, grouping: &Grouping) -> Option<SumView> {
    let sum = MoneyAmount::of_total(row.total?, row.currency.as_deref()?)?;
    let weighted =
        row.weighted.filter(|_| grouping.is_weighted).and_then(|minor| MoneyAmount::of_total(minor, &sum.currency));
    Some(SumView {
        field: grouping.sum?.name.to_owned(),
        amount: sum.amount,
        currency: sum.currency,
        weighted: weighted.map(|w| w.amount),
    })
}
