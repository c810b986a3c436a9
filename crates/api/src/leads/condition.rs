//! Conditions of rules: filters over a lead's own fields, which mean the same whoever asks.

use chrono_tz::Tz;
use serde_json::Value;
use uuid::Uuid;

use rapport_domain::context::Context;
use rapport_domain::filter::{self, Checked, Env, Filter, FilterError, MAX_BYTES};
use rapport_domain::kind::RecordKind;
use rapport_domain::lead::StatusCategory;
use rapport_persistence::Db;
use rapport_persistence::catalogue::catalogue;

use crate::organisation::organisation;
use crate::problem::{Code, FieldError, Problem};

/// The moment at which conditions are asked. Days are those of the organisation, not of whoever sends a lead.
pub(crate) fn moment(db: &mut Db, ctx: &Context) -> Result<Env, Problem> {
    let zone = organisation(db)?.time_zone.parse().unwrap_or(Tz::UTC);
    Ok(Env { me: Uuid::nil(), my_team: Vec::new(), now: ctx.now, zone })
}

/// A condition as it is stored, and as it is asked.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    pub(crate) json: Option<Value>,
    pub(crate) checked: Checked,
}

/// Reads a condition that was sent: text, or the JSON form of filters.
///
/// # Errors
/// What is wrong with it, at `/condition`: with the code that a list gives, or that no lead can ever fit it.
pub(crate) fn read(typed: Option<&Value>, env: &Env) -> Result<Condition, FieldError> {
    read_of(typed, env, None)
}

/// Reads a condition that must ask something, and about these fields only.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_about(typed: Option<&Value>, env: &Env, fields: &[&str]) -> Result<Condition, FieldError> {
    let condition = read_of(typed, env, Some(fields))?;
    if condition.json.is_some() { Ok(condition) } else { Err(FieldError::at("/condition", Code::Required)) }
}

fn read_of(typed: Option<&Value>, env: &Env, fields: Option<&[&str]>) -> Result<Condition, FieldError> {
    let parsed = parse(typed).and_then(|filter| {
        if filter::print(&filter).len() > MAX_BYTES {
            return Err(FilterError::TooComplex { limit: "at most 4096 bytes as text" });
        }
        let checked = check(&filter, env)?;
        if let Some(fields) = fields {
            filter::require_fields(&filter, fields)?;
        }
        Ok((checked, filter))
    });
    let (checked, filter) = parsed.map_err(|error| refused(&error))?;
    let never = [("status_category", filter::Value::Text(StatusCategory::Converted.as_str().to_owned()))];
    if !filter::can_match(&checked, &never) {
        let fault = FieldError::at("/condition", Code::InvalidValue);
        return Err(fault.because("没有线索能满足这个条件", "No lead can ever fit this condition"));
    }
    let json = (filter != Filter::True).then(|| filter::to_json(&filter));
    Ok(Condition { json, checked })
}

/// The condition of a rule that is stored. One that can no longer be read, because a field is gone, fits nothing.
pub(crate) fn stored(json: Option<&Value>, rule: &str, env: &Env) -> Checked {
    parse(json).and_then(|filter| check(&filter, env)).unwrap_or_else(|error| {
        tracing::error!(rule, %error, "the condition of a rule cannot be read: it fits no lead");
        Checked::False
    })
}

fn parse(typed: Option<&Value>) -> Result<Filter, FilterError> {
    match typed {
        None | Some(Value::Null) => Ok(Filter::True),
        Some(Value::String(text)) if text.trim().is_empty() => Ok(Filter::True),
        Some(Value::String(text)) => filter::parse(text),
        Some(json) => filter::from_json(json),
    }
}

fn check(filter: &Filter, env: &Env) -> Result<Checked, FilterError> {
    filter::require_own(filter, RecordKind::Lead, catalogue)?;
    filter::check(filter, RecordKind::Lead, catalogue, env)
}

fn refused(error: &FilterError) -> FieldError {
    let code = match error {
        FilterError::TooComplex { .. } => Code::FilterTooComplex,
        FilterError::UnknownField { .. } => Code::UnknownField,
        _ => Code::FilterInvalid,
    };
    let fault = FieldError::at("/condition", code);
    if let FilterError::OutOfPlace { path } = error {
        let zh = format!("评分条件不能使用 {path}：只能使用线索本身的资料，与负责人、时间和评分无关");
        let en = format!(
            "{path} cannot be asked about: only what the lead itself says, neither its owner nor times nor points"
        );
        return fault.because(zh, en);
    }
    let text = error.to_string();
    fault.because(text.clone(), text)
}
