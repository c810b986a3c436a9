//! The use cases of scoring rules.

use serde_json::Value;
use uuid::Uuid;

use rapport_domain::context::Context;
use rapport_persistence::scoring_rules::{
    ScoringRuleRow, scoring_changed, scoring_close, scoring_rule_delete, scoring_rule_find, scoring_rule_insert,
    scoring_rule_update, scoring_rules_all, scoring_walk,
};
use rapport_persistence::types::{Id, Instant};
use rapport_persistence::{Db, Tx};

use super::draft;
use super::dto::{CreateScoringRule, ScoringBehaviour, ScoringRuleList, ScoringRuleView};
use super::permit;
use crate::configuration::{check_room, check_version, enter};
use crate::problem::{Code, Problem};
use crate::records::reply::Reply;

/// How many rules there may be.
const MAX_RULES: usize = 100;

impl From<&ScoringRuleRow> for ScoringRuleView {
    fn from(row: &ScoringRuleRow) -> Self {
        Self {
            id: row.id.0,
            name: row.name.clone(),
            is_active: row.is_active,
            kind: row.kind.clone(),
            points: row.points,
            condition: row.condition.clone().map(|json| json.0),
            behaviour: row.behaviour.as_ref().map(|json| ScoringBehaviour::of(&json.0)),
            version: row.version,
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
        }
    }
}

/// Every rule.
pub(super) fn list(db: &mut Db) -> Result<Reply, Problem> {
    Reply::ok(&ScoringRuleList { data: scoring_rules_all(db)?.iter().map(Into::into).collect() })
}

/// One rule.
pub(super) fn get(db: &mut Db, id: Uuid) -> Result<Reply, Problem> {
    reply(200, &find(db, id)?)
}

/// Adds a rule.
///
/// # Errors
/// Every fault of the input, 403, 409 when the name is taken.
pub(crate) fn create(tx: &mut Tx<'_>, ctx: &Context, input: &CreateScoringRule) -> Result<Reply, Problem> {
    let permit = enter(tx, ctx)?;
    scoring_close(tx)?;
    let draft = draft::read(ctx.now, input)?;
    check_room(scoring_rules_all(tx)?.len(), MAX_RULES)?;
    let row = draft.row(Id(ctx.next_id()), Instant(ctx.now));
    scoring_rule_insert(tx, &permit, &row)?;
    if row.is_active {
        scoring_changed(tx, &permit)?;
    }
    let place = format!("/api/v1/scoring-rules/{}", row.id.0);
    Ok(reply(201, &row)?.location(place))
}

/// Changes what a merge patch names.
pub(super) fn update(
    tx: &mut Tx<'_>,
    ctx: &Context,
    id: Uuid,
    expected: Option<i64>,
    patch: &Value,
) -> Result<Reply, Problem> {
    let permit = enter(tx, ctx)?;
    scoring_close(tx)?;
    let before = find(tx, id)?;
    check_version(expected, before.version, &ScoringRuleView::from(&before))?;
    let draft = draft::read(ctx.now, &draft::patched(&before, patch)?)?;
    let mut row = ScoringRuleRow {
        version: before.version,
        created_at: before.created_at,
        ..draft.row(before.id, before.updated_at)
    };
    if row != before {
        (row.version, row.updated_at) = (before.version + 1, Instant(ctx.now));
        scoring_rule_update(tx, &permit, &row, before.version)?;
        if gives_otherwise(&before, &row) {
            scoring_changed(tx, &permit)?;
        }
    }
    reply(200, &row)
}

/// Whether leads may have other points by one form of a rule than by another.
fn gives_otherwise(one: &ScoringRuleRow, other: &ScoringRuleRow) -> bool {
    let said = |row: &ScoringRuleRow| {
        (row.is_active, row.points, row.condition.as_ref().map(|json| json.0.clone()), row.behaviour.clone())
    };
    (one.is_active || other.is_active) && said(one) != said(other)
}

/// Removes a rule, and the points that it gave.
pub(super) fn delete(tx: &mut Tx<'_>, ctx: &Context, id: Uuid, expected: Option<i64>) -> Result<Reply, Problem> {
    let permit = enter(tx, ctx)?;
    scoring_close(tx)?;
    let row = find(tx, id)?;
    check_version(expected, row.version, &ScoringRuleView::from(&row))?;
    scoring_rule_delete(tx, &permit, row.id)?;
    if row.is_active {
        scoring_changed(tx, &permit)?;
    }
    Ok(Reply::empty())
}

/// Leads are about to be warm and hot from other points on.
pub(crate) fn thresholds_changed(tx: &mut Tx<'_>) -> Result<(), Problem> {
    scoring_close(tx)?;
    Ok(scoring_changed(tx, &permit()?)?)
}

/// Many leads are about to be written past the rules; no lead may be held yet.
pub(crate) fn leads_rewritten(tx: &mut Tx<'_>) -> Result<(), Problem> {
    Ok(scoring_walk(tx, &permit()?)?)
}

fn find(db: &mut Db, id: Uuid) -> Result<ScoringRuleRow, Problem> {
    scoring_rule_find(db, id)?.ok_or_else(|| Problem::new(Code::NotFound))
}

/// A rule as an answer, with its version.
fn reply(status: u16, row: &ScoringRuleRow) -> Result<Reply, Problem> {
    Ok(Reply { version: Some(row.version), ..Reply::json(status, &ScoringRuleView::from(row))? })
}
