//! The rules as a lead is measured by them.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use rapport_domain::context::Context;
use rapport_domain::lead::StatusCategory;
use rapport_domain::scoring::{Done, Ground, RatedBy, Rule, Thresholds, score};
use rapport_persistence::lead_scores::{Kept, lead_done};
use rapport_persistence::leads::LeadBody;
use rapport_persistence::record::Record;
use rapport_persistence::scoring_rules::{ScoringRuleRow, scoring_hold, scoring_rules_all};
use rapport_persistence::{Db, Tx};

use super::draft::rule_of;
use super::{USUAL_HOT_FROM, USUAL_WARM_FROM};
use crate::organisation::{Organisation, organisation};
use crate::problem::Problem;

/// An active rule.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) id: Option<Uuid>,
    pub(super) name: String,
    pub(super) rule: Rule,
}

/// The active rules, and from how many points on a lead is how warm.
#[derive(Clone, Debug)]
pub(super) struct Scale {
    pub(super) entries: Vec<Entry>,
    pub(super) thresholds: Thresholds,
}

/// Whether a lead's points stand still.
pub(super) fn is_converted(lead: &Record<LeadBody>) -> bool {
    lead.body.status_category == StatusCategory::Converted.as_str()
}

impl Organisation {
    /// From how many points on a lead is how warm.
    pub(super) fn thresholds(&self) -> Thresholds {
        Thresholds { warm_from: self.lead_warm_from, hot_from: self.lead_hot_from }
    }
}

impl Scale {
    /// The rules, which stay what they are until the transaction ends. Where none is active this is all that scoring costs.
    pub(super) fn hold(tx: &mut Tx<'_>, ctx: &Context) -> Result<Self, Problem> {
        if scoring_hold(tx)?.is_active {
            return Self::read(tx, ctx.now);
        }
        let thresholds = Thresholds { warm_from: USUAL_WARM_FROM, hot_from: USUAL_HOT_FROM };
        Ok(Self { entries: Vec::new(), thresholds })
    }

    /// The rules as they are, for whoever only looks.
    pub(super) fn read(db: &mut Db, now: DateTime<Utc>) -> Result<Self, Problem> {
        let rows = scoring_rules_all(db)?;
        let thresholds = organisation(db)?.thresholds();
        Ok(Self::of(rows.iter().filter(|row| row.is_active), thresholds, now))
    }

    pub(super) fn of<'a>(
        rows: impl Iterator<Item = &'a ScoringRuleRow>,
        thresholds: Thresholds,
        now: DateTime<Utc>,
    ) -> Self {
        let entry =
            |row: &ScoringRuleRow| Entry { id: Some(row.id.0), name: row.name.clone(), rule: rule_of(row, now) };
        Self { entries: rows.map(entry).collect(), thresholds }
    }

    /// Whether any rule asks what was done about leads.
    pub(super) fn asks_what_was_done(&self) -> bool {
        self.entries.iter().any(|entry| matches!(entry.rule.ground, Ground::Behaviour(_)))
    }

    /// What the rules ask about what was done about a lead, which must be held by whoever writes by it.
    pub(super) fn done(&self, db: &mut Db, lead: &Record<LeadBody>) -> Result<Vec<Done>, Problem> {
        if self.asks_what_was_done() && lead.head.last_activity_at.is_some() {
            Ok(lead_done(db, lead.head.id.0)?)
        } else {
            Ok(Vec::new())
        }
    }

    /// What a lead comes to by the rules. What somebody has said of it holds.
    pub(super) fn measure(&self, lead: &Record<LeadBody>, done: &[Done], now: DateTime<Utc>) -> Kept {
        let sum = score(self.entries.iter().map(|entry| &entry.rule), lead, done, now);
        let (rating, rating_by) = if lead.body.rating_by.as_deref() == Some(RatedBy::Person.as_str()) {
            (lead.body.rating.clone(), lead.body.rating_by.clone())
        } else if self.entries.is_empty() {
            (None, None)
        } else {
            let rating = self.thresholds.rating(sum.points);
            (Some(rating.as_str().to_owned()), Some(RatedBy::Rules.as_str().to_owned()))
        };
        Kept { score: sum.points, changes_at: sum.changes_at, rating, rating_by }
    }
}
