//! Trying a rule on the leads of the last days: which rule each would have, with the rules as they are and with this one.
//!
//! Nothing is given and nothing is written. Who of a rule's people would get a lead is not asked: that depends on their turns.

use chrono::TimeDelta;
use uuid::Uuid;

use rapport_domain::context::Context;
use rapport_domain::filter::{Checked, Env};
use rapport_domain::kind::RecordKind;
use rapport_persistence::Db;
use rapport_persistence::assignment_rules::{AssignmentRuleRow, assignment_rules_all};
use rapport_persistence::lead_assignments::{Trial, Tried, leads_try_rules};

use super::draft::{self, Draft};
use super::dto::{
    AssignmentDryRun, AssignmentDryRunRequest, AssignmentRuleCount, AssignmentSample, CreateAssignmentRule,
};
use crate::configuration::faults::{check_range, take_replaced};
use crate::extract::read_value;
use crate::leads::condition;
use crate::problem::{Code, Problem};
use crate::records::references::Wanted;
use crate::records::reply::Reply;
use crate::records::view::named;

/// How many leads are looked at.
const MAX_LEADS: i64 = 10_000;
/// How many of those that would have another rule are shown.
const MAX_SAMPLES: usize = 50;
/// How many days back.
const MAX_DAYS: i32 = 90;

/// A request that has been read.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// The rule that is replaced.
    id: Option<Uuid>,
    rule: CreateAssignmentRule,
    days: i32,
}

impl Asked {
    /// Reads the rule as strictly as a new one.
    pub(super) fn read(request: AssignmentDryRunRequest) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        check_range("/days", request.days, 1, MAX_DAYS, &mut faults);
        let mut fields = request.rule;
        let id = take_replaced(&mut fields, &mut faults);
        Problem::check(faults)?;
        let rule = read_value(fields).map_err(|problem| problem.below("/rule"))?;
        Ok(Self { id, rule, days: request.days.unwrap_or(MAX_DAYS) })
    }
}

/// A rule in the trial, under the name that the answer gives it.
#[derive(Clone, Debug)]
struct Entry {
    id: Option<Uuid>,
    name: String,
}

impl Entry {
    fn of(row: &AssignmentRuleRow) -> Self {
        Self { id: Some(row.id.0), name: row.name.clone() }
    }
}

/// The entries that a lead has with the rules as they are, and would have; none when no rule fits it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fits {
    before: Option<usize>,
    after: Option<usize>,
}

/// Both sets of rules: entries that are asked, in order, each with its condition.
#[derive(Clone, Debug)]
struct Sets {
    entries: Vec<Entry>,
    conditions: Vec<Checked>,
    /// (entry, condition), in the order they are asked.
    before: Vec<(usize, usize)>,
    after: Vec<(usize, usize)>,
    /// The entry that is tried.
    tried: usize,
}

/// Tries a rule.
pub(super) fn dry_run(db: &mut Db, ctx: &Context, asked: &Asked) -> Result<Reply, Problem> {
    let env = condition::moment(db, ctx)?;
    let rules = assignment_rules_all(db)?;
    let draft = draft::read(db, &env, &asked.rule).map_err(|problem| problem.below("/rule"))?;
    let others: Vec<_> = rules.iter().filter(|row| Some(row.id.0) != asked.id).cloned().collect();
    draft::check_values(&draft, &others, &env).map_err(|problem| problem.below("/rule"))?;
    let sets = Sets::of(&rules, asked, &draft, &env)?;
    let conditions_of = |set: &[(usize, usize)]| set.iter().map(|(_, condition)| *condition).collect::<Vec<_>>();
    let trial = Trial {
        conditions: &sets.conditions,
        before: &conditions_of(&sets.before),
        after: &conditions_of(&sets.after),
        since: ctx.now - TimeDelta::days(asked.days.into()),
        limit: MAX_LEADS + 1,
    };
    let mut rows = leads_try_rules(db, &trial)?;
    let most = usize::try_from(MAX_LEADS).unwrap_or(usize::MAX);
    let is_truncated = rows.len() > most;
    rows.truncate(most);
    Reply::ok(&AssignmentDryRun { is_truncated, ..sets.told(db, &rows)? })
}

impl Sets {
    /// The active rules as they are, and as they would be with the one that is tried in its place.
    fn of(rules: &[AssignmentRuleRow], asked: &Asked, draft: &Draft, env: &Env) -> Result<Self, Problem> {
        let replaced = rules.iter().position(|row| Some(row.id.0) == asked.id);
        if asked.id.is_some() && replaced.is_none() {
            return Err(Problem::validation().at("/rule/id", Code::NotFound));
        }
        let tried = replaced.unwrap_or(rules.len());
        let mut entries: Vec<Entry> = rules.iter().map(Entry::of).collect();
        let entry = Entry { id: asked.id, name: draft.name().to_owned() };
        match entries.get_mut(tried) {
            Some(known) => *known = entry,
            None => entries.push(entry),
        }
        let mut order: Vec<usize> = (0..rules.len()).filter(|entry| Some(*entry) != replaced).collect();
        let wanted = asked.rule.position.and_then(|place| usize::try_from(place).ok()).or(replaced);
        order.insert(wanted.unwrap_or(order.len()).min(order.len()), tried);
        let is_asked = |entry: usize| rules.get(entry).is_some_and(|row| row.is_active);
        // The conditions of the rules as they are, then that of the one that is tried.
        let of_active =
            |row: &AssignmentRuleRow| if row.is_active { draft::stored_condition(row, env) } else { Checked::False };
        Ok(Self {
            entries,
            conditions: rules.iter().map(of_active).chain([draft.condition().clone()]).collect(),
            before: (0..rules.len()).filter(|entry| is_asked(*entry)).map(|entry| (entry, entry)).collect(),
            after: order
                .into_iter()
                .filter(|entry| if *entry == tried { draft.is_active } else { is_asked(*entry) })
                .map(|entry| (entry, if entry == tried { rules.len() } else { entry }))
                .collect(),
            tried,
        })
    }

    fn fits(&self, row: &Tried) -> Fits {
        let entry = |set: &[(usize, usize)], place: i64| {
            usize::try_from(place).ok().and_then(|place| set.get(place)).map(|(entry, _)| *entry)
        };
        Fits { before: entry(&self.before, row.before), after: entry(&self.after, row.after) }
    }

    fn told(&self, db: &mut Db, rows: &[Tried]) -> Result<AssignmentDryRun, Problem> {
        let fits: Vec<Fits> = rows.iter().map(|row| self.fits(row)).collect();
        let moved: Vec<(&Tried, Fits)> =
            rows.iter().zip(fits.iter().copied()).filter(|(_, fits)| fits.before != fits.after).collect();
        let counted = |entry: Option<usize>| {
            let named = entry.and_then(|entry| self.entries.get(entry));
            AssignmentRuleCount {
                rule_id: named.and_then(|named| named.id),
                rule_name: named.map(|named| named.name.clone()),
                before: number(fits.iter().filter(|fits| fits.before == entry).count()),
                after: number(fits.iter().filter(|fits| fits.after == entry).count()),
            }
        };
        Ok(AssignmentDryRun {
            examined: number(fits.len()),
            is_truncated: false,
            matched: counted(Some(self.tried)).after,
            moved: number(moved.len()),
            by_rule: self.listed().into_iter().map(Some).chain([None]).map(counted).collect(),
            samples: self.samples(db, moved.get(..MAX_SAMPLES).unwrap_or(&moved))?,
        })
    }

    /// The rules that are asked, as they would be ordered; then those that no longer would be.
    fn listed(&self) -> Vec<usize> {
        let mut listed: Vec<usize> = Vec::new();
        for (entry, _) in self.after.iter().chain(&self.before) {
            if !listed.contains(entry) {
                listed.push(*entry);
            }
        }
        listed
    }

    fn samples(&self, db: &mut Db, moved: &[(&Tried, Fits)]) -> Result<Vec<AssignmentSample>, Problem> {
        let mut wanted = Wanted::default();
        moved.iter().for_each(|(row, _)| wanted.name(RecordKind::User, row.owner_id.map(Into::into)));
        let people = wanted.load(db)?;
        let name = |entry: Option<usize>| Some(self.entries.get(entry?)?.name.clone());
        let sample = |(row, fits): &(&Tried, Fits)| AssignmentSample {
            id: row.id.0,
            number: row.number,
            name: row.name.clone(),
            created_at: row.created_at.0,
            owner: named(row.owner_id.map(Into::into), &people),
            before: name(fits.before),
            after: name(fits.after),
        };
        Ok(moved.iter().map(sample).collect())
    }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
