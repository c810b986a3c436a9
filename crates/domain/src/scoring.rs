//! Lead scoring: how many points a lead has by the rules, when that changes with time alone, and how warm it is.

use chrono::{DateTime, TimeDelta, Utc};

use crate::activity::{ActivityKind, Direction};
use crate::filter::{Checked, Source, is_match};
use crate::lead::Rating;
use crate::text_enum::text_enum;

text_enum! {
    /// What a rule gives points for.
    pub enum RuleKind {
        /// What the lead is.
        Property = "property",
        /// What was done about it.
        Behaviour = "behaviour",
    }
}

text_enum! {
    /// Who says how warm a lead is.
    pub enum RatedBy {
        /// Somebody, by hand: it holds until they take it back.
        Person = "person",
        /// The rules, by its points.
        Rules = "rules",
    }
}

/// The most points that a rule gives, or takes away, at once.
pub const MAX_POINTS: i32 = 100;
/// The most activities that a rule counts.
pub const MAX_TIMES: u8 = 20;
/// The slowest that points fade, in days.
pub const MAX_FADING_DAYS: u16 = 365;
/// How many of a lead's latest activities are looked at.
pub const MAX_LOOKED_AT: i64 = 200;
/// How far a threshold may lie from nothing.
pub const MAX_THRESHOLD: i32 = 10_000;

/// Something that was done about a lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// What.
    pub kind: ActivityKind,
    /// Who began it.
    pub direction: Option<Direction>,
    /// When.
    pub happened_at: DateTime<Utc>,
}

/// Which activities count, how many, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behaviour {
    /// These.
    pub kinds: Vec<ActivityKind>,
    /// Those that this side began; whoever did, without one.
    pub direction: Option<Direction>,
    /// The latest so many.
    pub at_most: u8,
    /// After how many days the points of one are halved, and again each time so many have passed; never, without any.
    pub halves_after_days: Option<u16>,
}

/// What a rule gives points for.
#[derive(Clone, Debug, PartialEq)]
pub enum Ground {
    /// The lead fits this condition.
    Property(Checked),
    /// Something was done about it.
    Behaviour(Behaviour),
}

/// A rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// How many points it gives at once; fewer than none takes them away.
    pub points: i32,
    /// What for.
    pub ground: Ground,
}

/// What a rule gives a lead at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contribution {
    /// The points that are left.
    pub points: i32,
    /// How many times it gives some: activities that still count, or once.
    pub times: u8,
    /// The latest of those activities.
    pub latest_at: Option<DateTime<Utc>>,
    /// When it changes with time alone.
    pub changes_at: Option<DateTime<Utc>>,
}

/// What the rules give a lead together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// The sum of the points.
    pub points: i32,
    /// When it changes with time alone.
    pub changes_at: Option<DateTime<Utc>>,
}

/// From how many points on a lead is how warm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// Warm.
    pub warm_from: i32,
    /// Hot; more than for warm.
    pub hot_from: i32,
}

impl Thresholds {
    /// How warm a lead with so many points is.
    #[must_use]
    pub const fn rating(self, points: i32) -> Rating {
        if points >= self.hot_from {
            Rating::Hot
        } else if points >= self.warm_from {
            Rating::Warm
        } else {
            Rating::Cold
        }
    }
}

impl Rule {
    /// The most that it can ever give a lead, or take from it.
    #[must_use]
    pub fn possible(&self) -> i32 {
        match &self.ground {
            Ground::Property(_) => self.points,
            Ground::Behaviour(behaviour) => self.points * i32::from(behaviour.at_most),
        }
    }

    /// What it gives a lead about which this was `done`, the latest first.
    #[must_use]
    pub fn contribution(&self, lead: &dyn Source, done: &[Done], now: DateTime<Utc>) -> Contribution {
        match &self.ground {
            Ground::Property(condition) if is_match(condition, lead) => {
                Contribution { points: self.points, times: 1, ..Contribution::default() }
            }
            Ground::Property(_) => Contribution::default(),
            Ground::Behaviour(behaviour) => behaviour.contribution(self.points, done, now),
        }
    }
}

impl Behaviour {
    fn counts(&self, done: &Done) -> bool {
        self.kinds.contains(&done.kind) && (self.direction.is_none() || self.direction == done.direction)
    }

    /// The clocks of apps may be ahead: what has not happened yet counts as soon as it has.
    fn contribution(&self, points: i32, done: &[Done], now: DateTime<Utc>) -> Contribution {
        let (mut sum, mut counted) = (Contribution::default(), 0);
        for done in done.iter().filter(|done| self.counts(done)) {
            if done.happened_at > now {
                sum.changes_at = earliest(sum.changes_at, Some(done.happened_at));
                continue;
            }
            if counted == self.at_most {
                break;
            }
            counted += 1;
            let (left, changes_at) = self.left_of(points, done.happened_at, now);
            if left == 0 {
                // Those before it have faded as well.
                break;
            }
            sum.points += left;
            sum.times += 1;
            sum.latest_at = sum.latest_at.or(Some(done.happened_at));
            sum.changes_at = earliest(sum.changes_at, changes_at);
        }
        sum
    }

    /// What is left of the points for something that happened then, and when they are halved next.
    fn left_of(&self, points: i32, since: DateTime<Utc>, now: DateTime<Utc>) -> (i32, Option<DateTime<Utc>>) {
        let Some(days) = self.halves_after_days.filter(|days| *days > 0) else { return (points, None) };
        let span = TimeDelta::days(days.into());
        let halvings = (now - since).num_seconds() / span.num_seconds();
        let left = u32::try_from(halvings).ok().and_then(|n| 2_i32.checked_pow(n)).map_or(0, |part| points / part);
        if left == 0 {
            return (0, None);
        }
        let next = i32::try_from(halvings + 1).ok().and_then(|n| since.checked_add_signed(span * n));
        (left, next)
    }
}

fn earliest(one: Option<DateTime<Utc>>, other: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    one.into_iter().chain(other).min()
}

/// What rules give a lead together, about which this was `done`, the latest first.
#[must_use]
pub fn score<'a>(
    rules: impl IntoIterator<Item = &'a Rule>,
    lead: &dyn Source,
    done: &[Done],
    now: DateTime<Utc>,
) -> Score {
    rules.into_iter().fold(Score::default(), |sum, rule| {
        let given = rule.contribution(lead, done, now);
        Score { points: sum.points + given.points, changes_at: earliest(sum.changes_at, given.changes_at) }
    })
}

#[cfg(test)]
mod tests;
