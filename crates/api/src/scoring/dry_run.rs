//! Trying a rule on the newest leads: how many points each would have, with the rules as they are and with this one.
//!
//! Nothing is written.

use uuid::Uuid;

use rapport_domain::context::Context;
use rapport_domain::lead::Rating;
use rapport_domain::scoring::{MAX_THRESHOLD, Thresholds};
use rapport_persistence::Db;
use rapport_persistence::lead_scores::leads_scored_newest;
use rapport_persistence::leads::LeadBody;
use rapport_persistence::record::Record;
use rapport_persistence::scoring_rules::scoring_rules_all;

use super::draft;
use super::dto::{CreateScoringRule, ScoringDryRun, ScoringDryRunRequest, ScoringRatingCount, ScoringSample};
use super::scale::{Entry, Scale};
use crate::configuration::faults::{check_range, take_replaced};
use crate::extract::read_value;
use crate::organisation::{check_thresholds, organisation};
use crate::problem::{Code, Problem};
use crate::records::reply::Reply;
use crate::records::view::NamedRef;

/// How many leads are looked at.
const MAX_LEADS: usize = 1000;
/// How many of those whose points change are shown.
const MAX_SAMPLES: usize = 50;

/// A request that has been read.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// The rule that is replaced.
    id: Option<Uuid>,
    rule: CreateScoringRule,
    warm_from: Option<i32>,
    hot_from: Option<i32>,
}

impl Asked {
    /// Reads the rule as strictly as a new one.
    pub(super) fn read(request: ScoringDryRunRequest) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        check_range("/warm_from", request.warm_from, -MAX_THRESHOLD, MAX_THRESHOLD, &mut faults);
        check_range("/hot_from", request.hot_from, -MAX_THRESHOLD, MAX_THRESHOLD, &mut faults);
        let mut fields = request.rule;
        let id = take_replaced(&mut fields, &mut faults);
        Problem::check(faults)?;
        let rule = read_value(fields).map_err(|problem| problem.below("/rule"))?;
        Ok(Self { id, rule, warm_from: request.warm_from, hot_from: request.hot_from })
    }
}

/// What becomes of a lead.
struct Tried {
    lead: NamedRef,
    now: (i32, Option<String>),
    then: (i32, Option<String>),
    is_matched: bool,
}

/// Tries a rule.
pub(super) fn dry_run(db: &mut Db, ctx: &Context, asked: &Asked) -> Result<Reply, Problem> {
    let draft = draft::read(ctx.now, &asked.rule).map_err(|problem| problem.below("/rule"))?;
    let rows = scoring_rules_all(db)?;
    if asked.id.is_some() && !rows.iter().any(|row| Some(row.id.0) == asked.id) {
        return Err(Problem::validation().at("/rule/id", Code::NotFound));
    }
    let known = organisation(db)?.thresholds();
    let thresholds = Thresholds {
        warm_from: asked.warm_from.unwrap_or(known.warm_from),
        hot_from: asked.hot_from.unwrap_or(known.hot_from),
    };
    let mut faults = Vec::new();
    check_thresholds("/hot_from", thresholds, &mut faults);
    Problem::check(faults)?;
    let tried = Entry { id: asked.id, name: draft.name.clone(), rule: draft.rule.clone() };
    let active = || rows.iter().filter(|row| row.is_active);
    let now = Scale::of(active(), known, ctx.now);
    let mut then = Scale::of(active().filter(|row| Some(row.id.0) != asked.id), thresholds, ctx.now);
    // It is asked whom it fits even if it is not to give points yet.
    let alone = Scale { entries: vec![tried.clone()], thresholds };
    then.entries.extend(draft.is_active.then_some(tried));
    let mut leads = leads_scored_newest(db, i64::try_from(MAX_LEADS + 1).unwrap_or(i64::MAX))?;
    let is_truncated = leads.len() > MAX_LEADS;
    leads.truncate(MAX_LEADS);
    let mut trials = Vec::new();
    for lead in &leads {
        trials.push(attempt(db, ctx, lead, [&now, &then, &alone])?);
    }
    Reply::ok(&ScoringDryRun { is_truncated, ..told(trials) })
}

fn attempt(
    db: &mut Db,
    ctx: &Context,
    lead: &Record<LeadBody>,
    [now, then, alone]: [&Scale; 3],
) -> Result<Tried, Problem> {
    let asks = [now, then, alone].into_iter().find(|scale| scale.asks_what_was_done());
    let done = match asks {
        Some(scale) => scale.done(db, lead)?,
        None => Vec::new(),
    };
    let measured = |scale: &Scale| {
        let kept = scale.measure(lead, &done, ctx.now);
        (kept.score, kept.rating)
    };
    Ok(Tried {
        lead: NamedRef { id: lead.head.id.0, name: lead.head.name.clone() },
        now: measured(now),
        then: measured(then),
        is_matched: alone.measure(lead, &done, ctx.now).score != 0,
    })
}

fn told(mut trials: Vec<Tried>) -> ScoringDryRun {
    let count = |test: &dyn Fn(&Tried) -> bool| {
        i64::try_from(trials.iter().filter(|tried| test(tried)).count()).unwrap_or(i64::MAX)
    };
    let ratings = Rating::NAMES.iter().map(|rating| ScoringRatingCount {
        rating: (*rating).to_owned(),
        now: count(&|tried| tried.now.1.as_deref() == Some(*rating)),
        then: count(&|tried| tried.then.1.as_deref() == Some(*rating)),
    });
    let (ratings, examined, matched) = (ratings.collect(), count(&|_| true), count(&|tried| tried.is_matched));
    // The newest first among those that change as much.
    trials.retain(|tried| tried.now != tried.then);
    trials.sort_by_key(|tried| std::cmp::Reverse((tried.then.0 - tried.now.0).abs()));
    trials.truncate(MAX_SAMPLES);
    let samples = trials.into_iter().map(|tried| ScoringSample {
        lead: tried.lead,
        score_now: tried.now.0,
        score_then: tried.then.0,
        rating_now: tried.now.1,
        rating_then: tried.then.1,
    });
    ScoringDryRun { examined, is_truncated: false, matched, ratings, samples: samples.collect() }
}
