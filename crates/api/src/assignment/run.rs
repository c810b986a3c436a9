//! Asking the rules about a lead: who fits, who of them may be given it, and who gets it.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use rapport_domain::access::{Action, Actor, Permit, Scope, Subject, decide};
use rapport_domain::assignment::{
    self, Candidate, Choice, Decision, PassedOver, Rule, Step, Strategy, Turns, WorkingDays, weekday_in,
};
use rapport_domain::context::Context;
use rapport_domain::filter::{day_bounds, is_match};
use rapport_domain::team::Tree;
use rapport_persistence::assignment_rules::{
    AssignmentRuleRow, LoadQuery, Member, Pool, assignment_loads, assignment_members, assignment_rule_turn,
};
use rapport_persistence::lead_assignments::{LeadAssignmentRow, StoredPassedOver, StoredStep, lead_assignment_insert};
use rapport_persistence::leads::LeadBody;
use rapport_persistence::record::Record;
use rapport_persistence::teams::team_pairs;
use rapport_persistence::types::{Id, Instant, Json};
use rapport_persistence::users::user_team_hold;
use rapport_persistence::{Db, StoreError, Tx};

use super::draft::stored_condition;
use crate::leads::condition;
use crate::problem::Problem;

/// What the rules have decided about a lead.
#[derive(Clone, Debug)]
pub(super) struct Run {
    rules: Vec<AssignmentRuleRow>,
    decision: Decision,
}

/// What follows by rule is nobody's act: whoever makes a lead need not be allowed to give it away.
fn permit() -> Result<Permit, Problem> {
    Ok(decide(&Actor::system(), Action::Assign, Subject::Lead, None)?)
}

impl Run {
    /// Asks these rules, which must be held, about a lead.
    pub(super) fn of(
        tx: &mut Tx<'_>,
        ctx: &Context,
        lead: &Record<LeadBody>,
        rules: Vec<AssignmentRuleRow>,
    ) -> Result<Self, Problem> {
        let env = condition::moment(tx, ctx)?;
        let decision = assignment::decide(&rules, |row| {
            if !is_match(&stored_condition(row, &env), lead) {
                return Ok(None);
            }
            choose(tx, ctx, lead, row).map(Some)
        });
        Ok(Self { decision: decision?, rules })
    }

    /// Gives the lead to whom the rules have decided for, if they have; the rule's turn moves on.
    pub(super) fn give(&self, tx: &mut Tx<'_>, lead: &mut Record<LeadBody>) -> Result<(), Problem> {
        let Some((rule, owner)) = self.given() else { return Ok(()) };
        let held = user_team_hold(tx, owner)?.filter(|user| user.is_active);
        // Switched off since they were looked at: ask anew.
        let held = held.ok_or(StoreError::Retry)?;
        (lead.head.owner_id, lead.head.team_id) = (Some(Id(owner)), held.team_id);
        if rule.strategy == Strategy::RoundRobin.as_str() {
            assignment_rule_turn(tx, &permit()?, rule.id, owner)?;
        }
        Ok(())
    }

    /// Writes down what was decided about a lead that is there.
    pub(super) fn note(&self, tx: &mut Tx<'_>, ctx: &Context, lead: Id) -> Result<LeadAssignmentRow, Problem> {
        let given = self.given();
        let row = LeadAssignmentRow {
            id: Id(ctx.next_id()),
            lead_id: lead,
            rule_id: given.map(|(rule, _)| rule.id),
            rule_name: given.map(|(rule, _)| rule.name.clone()),
            rule_version: given.map(|(rule, _)| rule.version),
            owner_id: given.map(|(_, owner)| Id(owner)),
            assigned_at: Instant(ctx.now),
            trace: Json(self.decision.trace.iter().filter_map(|step| self.stored(step)).collect()),
        };
        lead_assignment_insert(tx, &permit()?, &row)?;
        Ok(row)
    }

    fn given(&self) -> Option<(&AssignmentRuleRow, Uuid)> {
        let (rule, owner) = self.decision.given?;
        Some((self.rules.get(rule)?, owner))
    }

    fn stored(&self, step: &Step) -> Option<StoredStep> {
        let rule = self.rules.get(step.rule)?;
        let passed_over = |one: &PassedOver| StoredPassedOver {
            user_id: one.user_id,
            name: one.name.clone(),
            reason: one.obstacle.as_str().to_owned(),
        };
        Some(StoredStep {
            rule_id: rule.id.0,
            rule_name: rule.name.clone(),
            result: step.outcome.as_str().to_owned(),
            passed_over: step.passed_over.iter().map(passed_over).collect(),
            passed_over_count: step.passed_over_count,
        })
    }
}

/// What a stored rule says about who gets a lead.
fn rule_of(row: &AssignmentRuleRow) -> Rule {
    Rule {
        strategy: Strategy::parse(&row.strategy).unwrap_or(Strategy::User),
        turns: if row.team_id.is_some() { Turns::ById } else { Turns::AsListed },
        working_days: WorkingDays::from_iso(row.working_days.0.iter().copied()).unwrap_or_default(),
        max_open: row.max_open.map(i64::from),
        max_per_day: row.max_per_day.map(i64::from),
        last_user: row.last_user_id.map(Into::into),
    }
}

/// Whom a rule that the lead fits chooses.
fn choose(tx: &mut Tx<'_>, ctx: &Context, lead: &Record<LeadBody>, row: &AssignmentRuleRow) -> Result<Choice, Problem> {
    let rule = rule_of(row);
    let pool = pool_of(tx, row)?;
    let members = assignment_members(tx, &pool)?;
    let mut candidates: Vec<Candidate> = members.iter().map(|member| candidate(member, ctx.now)).collect();
    if rule.asks_for_loads() {
        let free: Vec<Uuid> =
            candidates.iter().filter(|one| rule.obstacle(one).is_none()).map(|one| one.user_id).collect();
        let days = if rule.max_per_day.is_some() { days_of(&members, ctx.now) } else { Vec::new() };
        let counts_open = rule.max_open.is_some() || rule.strategy == Strategy::LeastLoaded;
        let query = LoadQuery { users: &free, lead: lead.head.id.0, rule: row.id, counts_open, days: &days };
        for load in assignment_loads(tx, &query)? {
            for one in candidates.iter_mut().filter(|one| one.user_id == load.id.0) {
                (one.open_leads, one.given_today) = (load.open_leads, load.given_today);
                one.last_given = load.last_given.map(Into::into);
            }
        }
    }
    Ok(assignment::choose(&rule, &candidates))
}

fn pool_of(db: &mut Db, row: &AssignmentRuleRow) -> Result<Pool, Problem> {
    Ok(match row.team_id {
        None => Pool::Users(row.user_ids.0.clone()),
        Some(team) if row.with_subteams => Pool::Teams(Tree::from_pairs(team_pairs(db)?).subtree(team.0)),
        Some(team) => Pool::Teams(vec![team.0]),
    })
}

fn zone_of(name: &str) -> Tz {
    name.parse().unwrap_or(Tz::UTC)
}

/// Somebody of whom it is not known yet how much they have to do.
fn candidate(member: &Member, now: DateTime<Utc>) -> Candidate {
    Candidate {
        user_id: member.id,
        name: member.name.clone(),
        is_active: member.is_active,
        may_view: member.grants.scope(Subject::Lead, Action::View) > Scope::None,
        weekday: weekday_in(zone_of(&member.time_zone), now),
        open_leads: 0,
        given_today: 0,
        last_given: None,
    }
}

/// When the day began in each zone that people are in.
fn days_of(members: &[Member], now: DateTime<Utc>) -> Vec<(String, DateTime<Utc>)> {
    let mut zones: Vec<&str> = members.iter().map(|member| member.time_zone.as_str()).collect();
    zones.sort_unstable();
    zones.dedup();
    let begin = |name: &str| {
        let zone = zone_of(name);
        day_bounds(now.with_timezone(&zone).date_naive(), zone).map(|(begin, _)| (name.to_owned(), begin))
    };
    zones.into_iter().filter_map(begin).collect()
}
