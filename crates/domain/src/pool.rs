//! Customer pools: whom they serve, when an owner loses a customer to one, and who may take one out.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::customer::Lifecycle;
use crate::team::Tree;
use crate::text_enum::text_enum;

#[cfg(test)]
mod tests;

text_enum! {
    /// Why a customer goes back into the pool by itself.
    pub enum ReleaseRule {
        /// Nothing has been done about it for too long.
        NoActivity = "no_activity",
        /// It has no opportunity after too long.
        NoOpportunity = "no_opportunity",
        /// Nothing has been won with it after too long.
        NotWon = "not_won",
    }
}

text_enum! {
    /// How a customer came into a pool or out of it.
    pub enum PoolMove {
        /// Somebody took it for themselves.
        Claimed = "claimed",
        /// Somebody was given it.
        Allotted = "allotted",
        /// It was given back, or taken by a rule.
        Released = "released",
    }
}

text_enum! {
    /// Why somebody cannot have a customer of the pool.
    pub enum Refusal {
        /// They own as many as anybody may.
        OwnedCap = "owned_cap",
        /// They have claimed as many today as anybody may.
        DailyLimit = "daily_limit",
        /// They were its last owner, not long ago.
        Cooldown = "cooldown",
    }
}

/// After how many days a pool takes customers from their owners.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReleaseRules {
    /// Without an activity.
    pub no_activity_days: Option<u16>,
    /// Without an opportunity.
    pub no_opportunity_days: Option<u16>,
    /// Without a won opportunity.
    pub not_won_days: Option<u16>,
    /// For how long owners are warned.
    pub warn_days: u16,
    /// When the rules last changed.
    pub since: DateTime<Utc>,
}

/// What the rules ask about a customer that somebody owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tenure {
    /// Since when the rules count for its owner.
    pub counted_from: DateTime<Utc>,
    /// When something was last done about it.
    pub last_activity_at: Option<DateTime<Utc>>,
    /// Whether it has an opportunity.
    pub has_opportunity: bool,
    /// Whether one was won.
    pub has_won: bool,
    /// Where the relationship stands.
    pub lifecycle: Lifecycle,
    /// It stays with its owner until then.
    pub locked_until: Option<DateTime<Utc>>,
}

/// When a customer is taken from its owner, and by which rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Release {
    /// When.
    pub at: DateTime<Utc>,
    /// By which rule.
    pub rule: ReleaseRule,
}

/// Whether customers at this point of the relationship are never taken from their owner: they buy, or are no more.
#[must_use]
pub const fn is_exempt(lifecycle: Lifecycle) -> bool {
    matches!(lifecycle, Lifecycle::Active | Lifecycle::Deregistered)
}

impl ReleaseRules {
    /// Whether there is any rule.
    #[must_use]
    pub const fn is_any(&self) -> bool {
        self.no_activity_days.is_some() || self.no_opportunity_days.is_some() || self.not_won_days.is_some()
    }

    /// When a customer is taken from its owner, if nothing happens with it: by the rule that comes first, but never while
    /// it is locked, and never before the owner could be warned of rules that are new.
    ///
    /// A day is 24 hours, whatever the clocks on the wall do.
    #[must_use]
    pub fn release(&self, tenure: &Tenure) -> Option<Release> {
        if is_exempt(tenure.lifecycle) {
            return None;
        }
        let from = tenure.counted_from;
        let active = tenure.last_activity_at.map_or(from, |at| at.max(from));
        let candidates = [
            (self.no_activity_days, active, ReleaseRule::NoActivity),
            (self.no_opportunity_days.filter(|_| !tenure.has_opportunity), from, ReleaseRule::NoOpportunity),
            (self.not_won_days.filter(|_| !tenure.has_won), from, ReleaseRule::NotWon),
        ];
        let due = |(limit, since, rule): (Option<u16>, DateTime<Utc>, ReleaseRule)| {
            Some(Release { at: since + days(limit?), rule })
        };
        let first = candidates.into_iter().filter_map(due).min_by_key(|release| release.at)?;
        let warned = self.since + days(self.warn_days);
        let at = first.at.max(warned).max(tenure.locked_until.unwrap_or(warned));
        Some(Release { at, ..first })
    }

    /// Whether the owner is to be warned of a release.
    #[must_use]
    pub fn is_soon(&self, release_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        release_at - days(self.warn_days) <= now
    }
}

fn days(count: u16) -> TimeDelta {
    TimeDelta::days(i64::from(count))
}

/// A pool as far as whom it serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The pool.
    pub id: Uuid,
    /// The team it serves with those below; the default pool has none.
    pub team_id: Option<Uuid>,
    /// Whether it serves anybody.
    pub is_active: bool,
}

/// The pool that serves the people of a team: that of the nearest team up the tree, else the default one.
#[must_use]
pub fn serving(pools: &[Place], teams: &Tree<Uuid>, team: Option<Uuid>) -> Option<Uuid> {
    let of = |team: Option<Uuid>| pools.iter().find(|pool| pool.is_active && pool.team_id == team);
    let up = team.map(|team| teams.path_up(team)).unwrap_or_default();
    up.into_iter().find_map(|team| of(Some(team))).or_else(|| of(None)).map(|pool| pool.id)
}

/// How much anybody whom a pool serves may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Customers they own.
    pub owned_cap: Option<i64>,
    /// Customers they claim in a day.
    pub claims_per_day: Option<i64>,
    /// Days for which the last owner of a customer cannot claim it back.
    pub cooldown_days: u16,
}

/// What is known of somebody who wants a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claimer {
    /// Customers they own.
    pub owned: i64,
    /// Those they have claimed today.
    pub claimed_today: i64,
    /// When their next day begins.
    pub tomorrow: Option<DateTime<Utc>>,
    /// When they lost this very customer, if they were its last owner.
    pub lost_at: Option<DateTime<Utc>>,
}

/// A claim that is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub reason: Refusal,
    /// What the pool allows.
    pub limit: i64,
    /// When it may succeed.
    pub until: Option<DateTime<Utc>>,
}

impl Limits {
    /// Why somebody cannot claim a customer now.
    #[must_use]
    pub fn refuse_claim(&self, claimer: &Claimer, now: DateTime<Utc>) -> Option<Refused> {
        let free_at = claimer.lost_at.map(|at| at + days(self.cooldown_days));
        if let Some(until) = free_at.filter(|until| *until > now) {
            let limit = i64::from(self.cooldown_days);
            return Some(Refused { reason: Refusal::Cooldown, limit, until: Some(until) });
        }
        let is_full = |limit: i64| claimer.claimed_today >= limit;
        self.refuse_owning(claimer.owned).or_else(|| {
            let limit = self.claims_per_day.filter(|limit| is_full(*limit))?;
            Some(Refused { reason: Refusal::DailyLimit, limit, until: claimer.tomorrow })
        })
    }

    /// Why somebody who owns so many customers cannot be given one more.
    #[must_use]
    pub fn refuse_owning(&self, owned: i64) -> Option<Refused> {
        let limit = self.owned_cap.filter(|limit| owned >= *limit)?;
        Some(Refused { reason: Refusal::OwnedCap, limit, until: None })
    }
}
