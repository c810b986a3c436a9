//! Rules as they are sent: read, and found good.

use serde_json::Value;
use uuid::Uuid;

use rapport_domain::assignment::{Strategy, WorkingDays};
use rapport_domain::filter::{Checked, Env};
use rapport_domain::text;
use rapport_persistence::Db;
use rapport_persistence::assignment_rules::AssignmentRuleRow;
use rapport_persistence::teams::team_find;
use rapport_persistence::types::{Id, Instant, Json};
use rapport_persistence::users::user_names;

use super::dto::CreateAssignmentRule;
use crate::configuration::faults::check_range;
use crate::configuration::merged;
use crate::leads::condition::{self, Condition};
use crate::problem::{Code, FieldError, Problem};

/// How many people a rule may name.
const MAX_USERS: usize = 100;
/// Characters of a name.
const MAX_NAME: usize = 100;
/// How many values all conditions together may compare with: a dry run sends them in one statement.
const MAX_VALUES: usize = 10_000;

/// A rule as it was sent, found good.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    name: String,
    pub(super) is_active: bool,
    condition: Condition,
    strategy: Strategy,
    user_ids: Vec<Uuid>,
    team_id: Option<Uuid>,
    with_subteams: bool,
    working_days: WorkingDays,
    caps: (Option<i32>, Option<i32>),
}

impl Draft {
    /// What it is called.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Which leads it gives.
    pub(super) fn condition(&self) -> &Checked {
        &self.condition.checked
    }

    /// A new row.
    pub(super) fn row(&self, id: Id, now: Instant) -> AssignmentRuleRow {
        AssignmentRuleRow {
            id,
            name: self.name.clone(),
            name_key: text::fold(&self.name),
            position: 0,
            is_active: self.is_active,
            condition: self.condition.json.clone().map(Json),
            strategy: self.strategy.as_str().to_owned(),
            user_ids: Json(self.user_ids.clone()),
            team_id: self.team_id.map(Id),
            with_subteams: self.with_subteams,
            working_days: Json(self.working_days.to_iso()),
            max_open: self.caps.0,
            max_per_day: self.caps.1,
            last_user_id: None,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }
}

/// The writable fields after a merge patch. A condition is one value: it is replaced, and nothing of the old one stays.
pub(super) fn patched(row: &AssignmentRuleRow, patch: &Value) -> Result<CreateAssignmentRule, Problem> {
    let mut patch = patch.clone();
    let condition = patch.as_object_mut().and_then(|fields| fields.remove("condition"));
    let mut input: CreateAssignmentRule = merged(&input_of(row), &patch)?;
    if let Some(condition) = condition {
        input.condition = Some(condition).filter(|condition| !condition.is_null());
    }
    Ok(input)
}

fn input_of(row: &AssignmentRuleRow) -> CreateAssignmentRule {
    CreateAssignmentRule {
        name: row.name.clone(),
        position: Some(row.position),
        is_active: row.is_active,
        condition: row.condition.clone().map(|json| json.0),
        strategy: row.strategy.clone(),
        user_ids: row.user_ids.0.clone(),
        team_id: row.team_id.map(Into::into),
        with_subteams: row.with_subteams,
        working_days: row.working_days.0.clone(),
        max_open: row.max_open,
        max_per_day: row.max_per_day,
    }
}

/// Reads what was sent of a rule.
///
/// # Errors
/// Every fault, each with its place.
pub(super) fn read(db: &mut Db, env: &Env, input: &CreateAssignmentRule) -> Result<Draft, Problem> {
    let mut faults = Vec::new();
    let name = text::line(&input.name, MAX_NAME).unwrap_or_else(|error| {
        faults.push(FieldError::of_text("/name", error));
        String::new()
    });
    check_range("/position", input.position, 0, 1000, &mut faults);
    check_range("/max_open", input.max_open, 1, 100_000, &mut faults);
    check_range("/max_per_day", input.max_per_day, 1, 10_000, &mut faults);
    let condition = condition::read(input.condition.as_ref(), env).map_err(|fault| faults.push(fault)).ok();
    let strategy = strategy_of(input, &mut faults);
    let working_days = days_of(&input.working_days, &mut faults);
    check_people(db, input, strategy, &mut faults)?;
    Problem::check(faults)?;
    let (Some(condition), Some(strategy)) = (condition, strategy) else { return Err(Problem::validation()) };
    Ok(Draft {
        name,
        is_active: input.is_active,
        condition,
        strategy,
        user_ids: input.user_ids.clone(),
        team_id: input.team_id,
        with_subteams: input.with_subteams && input.team_id.is_some(),
        working_days,
        caps: (input.max_open, input.max_per_day),
    })
}

fn strategy_of(input: &CreateAssignmentRule, faults: &mut Vec<FieldError>) -> Option<Strategy> {
    let strategy = Strategy::parse(&input.strategy);
    if strategy.is_none() {
        faults.push(FieldError::at("/strategy", Code::InvalidValue));
    }
    strategy
}

fn days_of(typed: &[i32], faults: &mut Vec<FieldError>) -> WorkingDays {
    if typed.len() > 7 {
        faults.push(FieldError::at("/working_days", Code::TooLong).with("max", 7));
        return WorkingDays::default();
    }
    for (n, day) in typed.iter().enumerate() {
        check_range(&format!("/working_days/{n}"), Some(*day), 1, 7, faults);
    }
    WorkingDays::from_iso(typed.iter().copied()).unwrap_or_default()
}

/// Somebody, and only once: people who are there, or a team that is there.
fn check_people(
    db: &mut Db,
    input: &CreateAssignmentRule,
    strategy: Option<Strategy>,
    faults: &mut Vec<FieldError>,
) -> Result<(), Problem> {
    let users = &input.user_ids;
    let fault = match (input.team_id, strategy) {
        (Some(_), Some(Strategy::User)) => FieldError::at("/team_id", Code::InvalidValue)
            .because("指定用户时不能选择团队", "One person gets everything: name them, not a team"),
        (Some(_), _) if !users.is_empty() => {
            FieldError::at("/user_ids", Code::InvalidValue).because("只能选择人员或团队之一", "Either people or a team")
        }
        (Some(team), _) if team_find(db, team)?.is_none() => FieldError::at("/team_id", Code::NotFound),
        (None, _) if users.is_empty() => FieldError::at("/user_ids", Code::Required),
        (None, _) if users.len() > MAX_USERS => FieldError::at("/user_ids", Code::TooLong)
            .because(format!("最多 {MAX_USERS} 人"), format!("At most {MAX_USERS} people"))
            .with("max", MAX_USERS),
        (None, Some(Strategy::User)) if users.len() > 1 => {
            FieldError::at("/user_ids", Code::InvalidValue).because("只能指定一人", "Exactly one person")
        }
        (Some(_), _) => return Ok(()),
        (None, _) => return check_users(db, users, faults),
    };
    faults.push(fault);
    Ok(())
}

fn check_users(db: &mut Db, users: &[Uuid], faults: &mut Vec<FieldError>) -> Result<(), Problem> {
    let known = user_names(db, users)?;
    for (n, id) in users.iter().enumerate() {
        let code = if users.iter().take(n).any(|other| other == id) {
            Code::Duplicate
        } else if known.iter().any(|user| user.id.0 == *id) {
            continue;
        } else {
            Code::NotFound
        };
        faults.push(FieldError::at(format!("/user_ids/{n}"), code));
    }
    Ok(())
}

/// Refuses what would be too much for one statement, together with the conditions of all other rules.
pub(super) fn check_values(draft: &Draft, others: &[AssignmentRuleRow], env: &Env) -> Result<(), Problem> {
    let others: usize = others.iter().map(|row| stored_condition(row, env).values()).sum();
    if draft.condition.checked.values() + others <= MAX_VALUES {
        return Ok(());
    }
    let fault = FieldError::at("/condition", Code::FilterTooComplex).with("max", MAX_VALUES);
    Err(Problem::validation().error(fault.because(
        format!("所有规则的条件合计最多 {MAX_VALUES} 个值"),
        format!("The conditions of all rules compare with at most {MAX_VALUES} values together"),
    )))
}

/// The condition of a rule that is there.
pub(super) fn stored_condition(row: &AssignmentRuleRow, env: &Env) -> Checked {
    condition::stored(row.condition.as_ref().map(|json| &json.0), &row.name, env)
}
