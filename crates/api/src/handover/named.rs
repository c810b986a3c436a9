//! What names somebody without being theirs: rules that give leads, and people who report to them.

use serde_json::{Value, json};
use uuid::Uuid;

use rapport_domain::access::Permit;
use rapport_domain::context::Context;
use rapport_domain::handover::{Holding, LeftBecause, new_manager};
use rapport_persistence::Tx;
use rapport_persistence::assignment_rules::{AssignmentRuleRow, assignment_rule_update, assignment_rules_hold};
use rapport_persistence::handovers::HandoverItemRow;
use rapport_persistence::types::{Id, Instant, Json};
use rapport_persistence::users::{UserRow, user_find, user_reports};

use crate::problem::{Code, Problem};
use crate::users::set_manager;

/// Something that names somebody else now.
struct Renamed {
    holding: Holding,
    id: Id,
    to: Option<Uuid>,
    version: i64,
    before: Option<Value>,
}

/// Everything that does.
pub(super) struct AllRenamed(Vec<Renamed>);

impl AllRenamed {
    /// As it is written down.
    pub(super) fn for_handover(self, handover: Id) -> impl Iterator<Item = HandoverItemRow> {
        self.0.into_iter().map(move |one| HandoverItemRow {
            handover_id: handover,
            kind: one.holding.as_str().to_owned(),
            record_id: one.id,
            to_user_id: one.to.map(Id),
            to_pool_id: None,
            version: one.version,
            before: one.before.map(Json),
            left_because: None,
        })
    }
}

/// Puts somebody else into the rules that name a person. Whoever is named there already takes no second turn.
///
/// # Errors
/// When the database fails.
pub(super) fn replace_in_rules(
    tx: &mut Tx<'_>,
    ctx: &Context,
    permit: &Permit,
    person: Uuid,
    heir: Option<Uuid>,
) -> Result<AllRenamed, Problem> {
    let Some(heir) = heir else { return Ok(AllRenamed(Vec::new())) };
    let mut renamed = Vec::new();
    for rule in assignment_rules_hold(tx)?.into_iter().filter(|rule| rule.user_ids.0.contains(&person)) {
        let before = rule.user_ids.0.clone();
        let is_there = before.contains(&heir);
        let put = |user: &Uuid| if *user == person { (!is_there).then_some(heir) } else { Some(*user) };
        let version = name(tx, ctx, permit, &rule, before.iter().filter_map(put).collect())?;
        let before = Some(json!(before));
        renamed.push(Renamed { holding: Holding::AssignmentRule, id: rule.id, to: Some(heir), version, before });
    }
    Ok(AllRenamed(renamed))
}

/// Lets a rule name these people; answers its version.
fn name(
    tx: &mut Tx<'_>,
    ctx: &Context,
    permit: &Permit,
    rule: &AssignmentRuleRow,
    users: Vec<Uuid>,
) -> Result<i64, Problem> {
    let row = AssignmentRuleRow {
        user_ids: Json(users),
        version: rule.version + 1,
        updated_at: Instant(ctx.now),
        ..rule.clone()
    };
    assignment_rule_update(tx, permit, &row, rule.version)?;
    Ok(row.version)
}

/// Lets rules name those again whom they named before, where nobody has changed them since.
///
/// # Errors
/// When the database fails.
pub(super) fn restore_rules(
    tx: &mut Tx<'_>,
    ctx: &Context,
    permit: &Permit,
    items: &[HandoverItemRow],
) -> Result<Vec<(Uuid, LeftBecause)>, Problem> {
    let rules = if items.is_empty() { Vec::new() } else { assignment_rules_hold(tx)? };
    let mut left = Vec::new();
    for item in items {
        let rule = rules.iter().find(|rule| rule.id == item.record_id);
        let before = item.before.as_ref().and_then(|before| serde_json::from_value(before.0.clone()).ok());
        match rule.zip(before) {
            None => left.push((item.record_id.0, LeftBecause::Gone)),
            Some((rule, _)) if rule.version != item.version => left.push((item.record_id.0, LeftBecause::Changed)),
            Some((rule, users)) => name(tx, ctx, permit, rule, users).map(drop)?,
        }
    }
    Ok(left)
}

/// Gives those who report to somebody another manager.
///
/// # Errors
/// 409 `cycle`; 403 for people who may do more than the caller.
pub(super) fn move_reports(
    tx: &mut Tx<'_>,
    ctx: &Context,
    person: &UserRow,
    heir: Option<Option<Uuid>>,
) -> Result<AllRenamed, Problem> {
    let Some(heir) = heir else { return Ok(AllRenamed(Vec::new())) };
    let mut reports = user_reports(tx, person.id.0)?;
    // Whoever takes over is moved up first: the others come to report to them.
    reports.sort_by_key(|report| (Some(*report) != heir, *report));
    let mut renamed = Vec::new();
    for report in reports {
        let to = new_manager(report, heir, person.manager_id.map(Into::into));
        let version = set_manager(tx, ctx, report, to).map_err(at_reports)?;
        renamed.push(Renamed { holding: Holding::Report, id: Id(report), to, version, before: None });
    }
    Ok(AllRenamed(renamed))
}

fn at_reports(problem: Problem) -> Problem {
    match problem.code() {
        Code::Cycle => Problem::new(Code::Cycle).at("/reports_to", Code::Cycle),
        _ => problem,
    }
}

/// Lets those report to a person again who did, where they still report to whom they were given.
///
/// # Errors
/// When the database fails.
pub(super) fn restore_reports(
    tx: &mut Tx<'_>,
    ctx: &Context,
    person: Uuid,
    items: &[HandoverItemRow],
) -> Result<Vec<(Uuid, LeftBecause)>, Problem> {
    let mut left = Vec::new();
    for item in items {
        let id = item.record_id.0;
        let reason = match user_find(tx, id)? {
            None => Some(LeftBecause::Gone),
            Some(report) if report.manager_id != item.to_user_id => Some(LeftBecause::Reassigned),
            Some(_) => match tx.attempt(|tx| set_manager(tx, ctx, id, Some(person))) {
                Ok(_) => None,
                Err(problem) if matches!(problem.code(), Code::Cycle | Code::Forbidden) => Some(LeftBecause::Changed),
                Err(problem) => return Err(problem),
            },
        };
        left.extend(reason.map(|reason| (id, reason)));
    }
    Ok(left)
}
