//! Rules as they are sent: read, and found good.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::Value;
use uuid::Uuid;

use rapport_domain::activity::{ActivityKind, Direction};
use rapport_domain::filter::{Checked, Env};
use rapport_domain::scoring::{Behaviour, Ground, MAX_FADING_DAYS, MAX_POINTS, MAX_TIMES, Rule, RuleKind};
use rapport_domain::text;
use rapport_persistence::scoring_rules::{ScoringRuleRow, StoredBehaviour};
use rapport_persistence::types::{Id, Instant, Json};

use super::dto::{CreateScoringRule, ScoringBehaviour};
use crate::configuration::faults::check_range;
use crate::configuration::merged;
use crate::leads::condition;
use crate::problem::{Code, FieldError, Problem};

/// Characters of a name.
const MAX_NAME: usize = 100;

/// What conditions may ask about: what writing the lead itself changes, and nothing else. Whatever else changes it would
/// have to score the lead, too.
const FIELDS: &[&str] = &[
    "name",
    "source",
    "tags",
    "company_name",
    "family_name",
    "given_name",
    "title",
    "email",
    "phone",
    "phone_e164",
    "industry",
    "region",
    "city",
    "interest",
    "employees",
    "estimated_amount",
    "status",
    "status_category",
    "disqualified_reason",
];

/// Conditions ask neither about times nor about whoever asks: any moment and any place do.
fn anywhere(now: DateTime<Utc>) -> Env {
    Env { me: Uuid::nil(), my_team: Vec::new(), now, zone: Tz::UTC }
}

/// A rule as it was sent, found good.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) is_active: bool,
    pub(super) rule: Rule,
    condition: Option<Value>,
}

impl Draft {
    /// A new row.
    pub(super) fn row(&self, id: Id, now: Instant) -> ScoringRuleRow {
        let (kind, behaviour) = match &self.rule.ground {
            Ground::Property(_) => (RuleKind::Property, None),
            Ground::Behaviour(behaviour) => (RuleKind::Behaviour, Some(Json(stored(behaviour)))),
        };
        ScoringRuleRow {
            id,
            name: self.name.clone(),
            name_key: text::fold(&self.name),
            is_active: self.is_active,
            kind: kind.as_str().to_owned(),
            points: self.rule.points,
            condition: self.condition.clone().map(Json),
            behaviour,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }
}

fn stored(behaviour: &Behaviour) -> StoredBehaviour {
    StoredBehaviour {
        activity_kinds: behaviour.kinds.iter().map(|kind| kind.as_str().to_owned()).collect(),
        direction: behaviour.direction.map(|direction| direction.as_str().to_owned()),
        at_most: behaviour.at_most.into(),
        halves_after_days: behaviour.halves_after_days.map(Into::into),
    }
}

/// What a stored rule gives points for. One that can no longer be read gives none.
pub(super) fn rule_of(row: &ScoringRuleRow, now: DateTime<Utc>) -> Rule {
    let ground = match &row.behaviour {
        None => {
            let json = row.condition.as_ref().map(|json| &json.0);
            let known = json.map(|json| condition::stored(Some(json), &row.name, &anywhere(now)));
            Ground::Property(known.unwrap_or(Checked::False))
        }
        Some(behaviour) => Ground::Behaviour(Behaviour {
            kinds: behaviour.0.activity_kinds.iter().filter_map(|kind| ActivityKind::parse(kind)).collect(),
            direction: behaviour.0.direction.as_deref().and_then(Direction::parse),
            at_most: u8::try_from(behaviour.0.at_most).unwrap_or_default(),
            halves_after_days: behaviour.0.halves_after_days.and_then(|days| u16::try_from(days).ok()),
        }),
    };
    Rule { points: row.points, ground }
}

/// The writable fields after a merge patch. A condition is one value and so is a behaviour: it is replaced, and nothing of the old
/// one stays.
pub(super) fn patched(row: &ScoringRuleRow, patch: &Value) -> Result<CreateScoringRule, Problem> {
    let mut patch = patch.clone();
    let condition = patch.as_object_mut().and_then(|fields| fields.remove("condition"));
    let mut known = input_of(row);
    if patch.get("behaviour").is_some() {
        known.behaviour = None;
    }
    let mut input = merged(&known, &patch)?;
    if let Some(condition) = condition {
        input.condition = Some(condition).filter(|condition| !condition.is_null());
    }
    Ok(input)
}

fn input_of(row: &ScoringRuleRow) -> CreateScoringRule {
    CreateScoringRule {
        name: row.name.clone(),
        is_active: row.is_active,
        kind: row.kind.clone(),
        points: row.points,
        condition: row.condition.clone().map(|json| json.0),
        behaviour: row.behaviour.as_ref().map(|json| ScoringBehaviour::of(&json.0)),
    }
}

impl ScoringBehaviour {
    /// As it is stored.
    pub(super) fn of(stored: &StoredBehaviour) -> Self {
        Self {
            activity_kinds: stored.activity_kinds.clone(),
            direction: stored.direction.clone(),
            at_most: stored.at_most,
            halves_after_days: stored.halves_after_days,
        }
    }
}

/// Reads what was sent of a rule.
///
/// # Errors
/// Every fault, each with its place.
pub(super) fn read(now: DateTime<Utc>, input: &CreateScoringRule) -> Result<Draft, Problem> {
    let mut faults = Vec::new();
    let name = text::line(&input.name, MAX_NAME).unwrap_or_else(|error| {
        faults.push(FieldError::of_text("/name", error));
        String::new()
    });
    check_range("/points", Some(input.points), -MAX_POINTS, MAX_POINTS, &mut faults);
    if input.points == 0 {
        faults.push(FieldError::at("/points", Code::InvalidValue).because("不能为 0", "None at all says nothing"));
    }
    let mut stored = None;
    let ground = match RuleKind::parse(&input.kind) {
        None => {
            faults.push(FieldError::at("/kind", Code::InvalidValue));
            None
        }
        Some(RuleKind::Property) => {
            refuse_other("/behaviour", input.behaviour.is_some(), &mut faults);
            let read = condition::read_about(input.condition.as_ref(), &anywhere(now), FIELDS);
            read.map_err(|fault| faults.push(fault)).ok().map(|condition| {
                stored = condition.json;
                Ground::Property(condition.checked)
            })
        }
        Some(RuleKind::Behaviour) => {
            refuse_other("/condition", input.condition.is_some(), &mut faults);
            behaviour_of(input.behaviour.as_ref(), &mut faults).map(Ground::Behaviour)
        }
    };
    Problem::check(faults)?;
    let ground = ground.ok_or_else(Problem::validation)?;
    Ok(Draft { name, is_active: input.is_active, rule: Rule { points: input.points, ground }, condition: stored })
}

/// A rule has exactly the part that its kind says.
fn refuse_other(pointer: &str, is_there: bool, faults: &mut Vec<FieldError>) {
    if is_there {
        let fault = FieldError::at(pointer, Code::InvalidValue);
        faults.push(fault.because("与规则类型不符，请留空", "A rule of this kind has none"));
    }
}

fn behaviour_of(typed: Option<&ScoringBehaviour>, faults: &mut Vec<FieldError>) -> Option<Behaviour> {
    let Some(typed) = typed else {
        faults.push(FieldError::at("/behaviour", Code::Required));
        return None;
    };
    check_range("/behaviour/at_most", Some(typed.at_most), 1, MAX_TIMES.into(), faults);
    check_range("/behaviour/halves_after_days", typed.halves_after_days, 1, MAX_FADING_DAYS.into(), faults);
    let kinds = kinds_of(&typed.activity_kinds, faults);
    let direction = typed.direction.as_deref().map(Direction::parse);
    if direction == Some(None) {
        faults.push(FieldError::at("/behaviour/direction", Code::InvalidValue));
    }
    let direction = direction.flatten();
    if direction.is_some() && !kinds.is_empty() && !kinds.iter().any(|kind| kind.has_direction()) {
        let fault = FieldError::at("/behaviour/direction", Code::InvalidValue);
        faults.push(fault.because("这些活动没有方向", "None of these activities has a direction"));
    }
    Some(Behaviour {
        kinds,
        direction,
        at_most: u8::try_from(typed.at_most).unwrap_or_default(),
        halves_after_days: typed.halves_after_days.and_then(|days| u16::try_from(days).ok()),
    })
}

fn kinds_of(typed: &[String], faults: &mut Vec<FieldError>) -> Vec<ActivityKind> {
    let mut kinds = Vec::new();
    if typed.is_empty() {
        faults.push(FieldError::at("/behaviour/activity_kinds", Code::Required));
    }
    if typed.len() > ActivityKind::ALL.len() {
        faults
            .push(FieldError::at("/behaviour/activity_kinds", Code::TooLong).with("max", ActivityKind::ALL.len() - 1));
        return kinds;
    }
    for (n, word) in typed.iter().enumerate() {
        // What is to be done says nothing about the lead.
        let kind = ActivityKind::parse(word).filter(|kind| *kind != ActivityKind::Task);
        let code = match kind {
            Some(kind) if kinds.contains(&kind) => Code::Duplicate,
            Some(kind) => {
                kinds.push(kind);
                continue;
            }
            None => Code::InvalidValue,
        };
        faults.push(FieldError::at(format!("/behaviour/activity_kinds/{n}"), code));
    }
    kinds
}
