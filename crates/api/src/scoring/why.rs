//! Why a lead has its points: rule by rule, as of now.

use uuid::Uuid;

use rapport_domain::context::Context;
use rapport_domain::scoring::{Contribution, Done, Ground, RuleKind};
use rapport_persistence::Db;
use rapport_persistence::leads::LeadBody;
use rapport_persistence::record::Record;

use super::dto::{LeadScore, ScoreNotMatched, ScoreReason};
use super::scale::{Entry, Scale, is_converted};
use crate::leads::Leads;
use crate::problem::Problem;
use crate::records::reply::Reply;
use crate::records::view::NamedRef;
use crate::records::write;

/// What the points of a lead that the caller may see are for.
pub(super) fn why(db: &mut Db, ctx: &Context, id: Uuid) -> Result<Reply, Problem> {
    let lead = write::find_any::<Leads>(db, ctx, id)?;
    let scale = Scale::read(db, ctx.now)?;
    let told = if lead.head.deleted_at.is_some() || is_converted(&lead) {
        as_it_stands(ctx, &lead, &scale)
    } else {
        let done = scale.done(db, &lead)?;
        as_of_now(ctx, &lead, &scale, &done)
    };
    Reply::ok(&told)
}

/// Points that stand still.
fn as_it_stands(ctx: &Context, lead: &Record<LeadBody>, scale: &Scale) -> LeadScore {
    LeadScore {
        score: lead.body.score,
        rating: lead.body.rating.clone(),
        rating_by: lead.body.rating_by.clone(),
        as_of: ctx.now,
        warm_from: scale.thresholds.warm_from,
        hot_from: scale.thresholds.hot_from,
        next_change_at: None,
        reasons: Vec::new(),
        not_matched: Vec::new(),
    }
}

fn as_of_now(ctx: &Context, lead: &Record<LeadBody>, scale: &Scale, done: &[Done]) -> LeadScore {
    let kept = scale.measure(lead, done, ctx.now);
    let mut told = LeadScore {
        score: kept.score,
        rating: kept.rating,
        rating_by: kept.rating_by,
        next_change_at: kept.changes_at,
        ..as_it_stands(ctx, lead, scale)
    };
    for entry in &scale.entries {
        let given = entry.rule.contribution(lead, done, ctx.now);
        if given.times == 0 {
            told.not_matched.push(not_matched(entry));
        } else {
            told.reasons.push(reason(entry, given));
        }
    }
    told.reasons.sort_by_key(|reason| std::cmp::Reverse(reason.points));
    told
}

fn named(entry: &Entry) -> NamedRef {
    NamedRef { id: entry.id.unwrap_or_default(), name: entry.name.clone() }
}

fn kind_of(entry: &Entry) -> String {
    let kind = match entry.rule.ground {
        Ground::Property(_) => RuleKind::Property,
        Ground::Behaviour(_) => RuleKind::Behaviour,
    };
    kind.as_str().to_owned()
}

fn not_matched(entry: &Entry) -> ScoreNotMatched {
    ScoreNotMatched { rule: named(entry), kind: kind_of(entry), points_possible: entry.rule.possible() }
}

fn reason(entry: &Entry, given: Contribution) -> ScoreReason {
    ScoreReason {
        rule: named(entry),
        kind: kind_of(entry),
        points: given.points,
        times: given.times.into(),
        latest_at: given.latest_at,
        fades_at: given.changes_at,
    }
}
