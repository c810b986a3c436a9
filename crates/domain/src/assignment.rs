//! Assignment rules: who gets a lead that comes in without an owner.
//!
//! Rules are asked in their order. The first whose condition the lead fits, and that finds somebody, gives it; what became
//! of every rule on the way is told in the trace, so that whoever has the lead can see why.

use chrono::{DateTime, Datelike as _, Utc, Weekday};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::text_enum::text_enum;

#[cfg(test)]
mod tests;

/// How many of those who were passed over a trace names.
pub const MAX_NAMED: usize = 20;

text_enum! {
    /// Whom of its people a rule gives the next lead.
    pub enum Strategy {
        /// The one it names.
        User = "user",
        /// Each in turn.
        RoundRobin = "round_robin",
        /// Whoever has the fewest open leads.
        LeastLoaded = "least_loaded",
    }
}

text_enum! {
    /// Why somebody is not given a lead.
    pub enum Obstacle {
        /// Switched off.
        Inactive = "inactive",
        /// The roles do not let them see leads.
        NotPermitted = "not_permitted",
        /// It is no working day where they are.
        DayOff = "day_off",
        /// They have as many open leads as the rule lets anybody have.
        MaxOpen = "max_open",
        /// They were given as many today as the rule lets anybody be given.
        MaxPerDay = "max_per_day",
    }
}

text_enum! {
    /// What became of a rule that was asked about a lead.
    pub enum Outcome {
        /// It gave the lead to somebody.
        Assigned = "assigned",
        /// The lead does not fit its condition.
        NotMatched = "not_matched",
        /// The lead fits, but nobody could be given it.
        NobodyAvailable = "nobody_available",
    }
}

/// The days of the week on which leads are given; none told is every day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WorkingDays(u8);

impl WorkingDays {
    /// Reads the numbers of ISO 8601: Monday is 1, Sunday 7. `None` when one is no day.
    #[must_use]
    pub fn from_iso(days: impl IntoIterator<Item = i32>) -> Option<Self> {
        days.into_iter().try_fold(Self(0), |all, day| (1..=7).contains(&day).then(|| Self(all.0 | 1 << day)))
    }

    /// The numbers of the days, in order.
    #[must_use]
    pub fn to_iso(self) -> Vec<i32> {
        (1..=7).filter(|day| self.0 & (1 << day) != 0).collect()
    }

    /// Whether somebody works on this day.
    #[must_use]
    pub fn includes(self, day: Weekday) -> bool {
        self.0 == 0 || self.0 & (1 << day.number_from_monday()) != 0
    }
}

/// The day of the week that it is in a zone.
#[must_use]
pub fn weekday_in(zone: Tz, now: DateTime<Utc>) -> Weekday {
    now.with_timezone(&zone).weekday()
}

/// In which order a rule's people take turns, which also says where it goes on when whoever was last is no longer there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turns {
    /// As they are listed; from the beginning.
    AsListed,
    /// By their ids, as the members of a team do; with the next one.
    ById,
}

/// What a rule says about who gets a lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Whom of its people it chooses.
    pub strategy: Strategy,
    /// In which order they take turns.
    pub turns: Turns,
    /// When they are given leads.
    pub working_days: WorkingDays,
    /// Whoever has so many open leads gets no more.
    pub max_open: Option<i64>,
    /// Whoever was given so many today gets no more.
    pub max_per_day: Option<i64>,
    /// Whom it gave the last lead.
    pub last_user: Option<Uuid>,
}

/// One of a rule's people, with what is known of them at the moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub user_id: Uuid,
    /// The name, for the trace.
    pub name: String,
    /// Whether they may sign in.
    pub is_active: bool,
    /// Whether their roles let them see leads.
    pub may_view: bool,
    /// The day of the week it is where they are.
    pub weekday: Weekday,
    /// Open leads that they own, other than the one that is given.
    pub open_leads: i64,
    /// Leads that rules gave them today, as their zone counts days.
    pub given_today: i64,
    /// When this rule last gave them one.
    pub last_given: Option<DateTime<Utc>>,
}

/// Somebody who was not given a lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOver {
    /// Who.
    pub user_id: Uuid,
    /// The name.
    pub name: String,
    /// Why.
    pub obstacle: Obstacle,
}

/// What a rule decides about a lead that fits it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Who gets it; nobody when all are passed over.
    pub owner: Option<Uuid>,
    /// Those who cannot be given it.
    pub passed_over: Vec<PassedOver>,
}

/// What became of one rule; `rule` is its place among those that were asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The rule.
    pub rule: usize,
    /// What became of it.
    pub outcome: Outcome,
    /// Those who were passed over, at most [`MAX_NAMED`] of them.
    pub passed_over: Vec<PassedOver>,
    /// How many were.
    pub passed_over_count: usize,
}

/// Who gets a lead, and what became of every rule that was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// The rule that gave it, by its place, and whom to.
    pub given: Option<(usize, Uuid)>,
    /// The rules as they were asked, up to the one that gave it.
    pub trace: Vec<Step>,
}

impl Rule {
    /// Why somebody cannot be given a lead by this rule.
    #[must_use]
    pub fn obstacle(&self, candidate: &Candidate) -> Option<Obstacle> {
        let is_full = |most: Option<i64>, has: i64| most.is_some_and(|most| has >= most);
        let obstacles = [
            (!candidate.is_active, Obstacle::Inactive),
            (!candidate.may_view, Obstacle::NotPermitted),
            (!self.working_days.includes(candidate.weekday), Obstacle::DayOff),
            (is_full(self.max_open, candidate.open_leads), Obstacle::MaxOpen),
            (is_full(self.max_per_day, candidate.given_today), Obstacle::MaxPerDay),
        ];
        obstacles.into_iter().find(|(is_there, _)| *is_there).map(|(_, obstacle)| obstacle)
    }

    /// Whether the choice depends on how much people have to do.
    #[must_use]
    pub fn asks_for_loads(&self) -> bool {
        self.strategy == Strategy::LeastLoaded || self.max_open.is_some() || self.max_per_day.is_some()
    }

    /// Whose turn it is: the place of the first to be asked.
    fn turn(&self, candidates: &[Candidate]) -> usize {
        let Some(last) = self.last_user else { return 0 };
        match (candidates.iter().position(|candidate| candidate.user_id == last), self.turns) {
            (Some(place), _) => place + 1,
            (None, Turns::AsListed) => 0,
            (None, Turns::ById) => candidates.partition_point(|candidate| candidate.user_id < last),
        }
    }
}

/// Whom a rule gives a lead that fits it. The candidates come in the order of their turns.
#[must_use]
pub fn choose(rule: &Rule, candidates: &[Candidate]) -> Choice {
    let is_free = |candidate: &&Candidate| rule.obstacle(candidate).is_none();
    let owner = match rule.strategy {
        Strategy::User => candidates.iter().find(is_free),
        Strategy::RoundRobin => {
            let turn = rule.turn(candidates);
            candidates.iter().cycle().skip(turn).take(candidates.len()).find(is_free)
        }
        // Who was never given one has waited longest: none is less than any time. Of equals the first is taken.
        Strategy::LeastLoaded => {
            candidates.iter().filter(is_free).min_by_key(|candidate| (candidate.open_leads, candidate.last_given))
        }
    };
    let passed_over = |candidate: &Candidate| {
        let obstacle = rule.obstacle(candidate)?;
        Some(PassedOver { user_id: candidate.user_id, name: candidate.name.clone(), obstacle })
    };
    Choice {
        owner: owner.map(|candidate| candidate.user_id),
        passed_over: candidates.iter().filter_map(passed_over).collect(),
    }
}

/// Asks the rules in their order until one gives the lead. `ask` answers what a rule chooses, or `None` when the lead does
/// not fit its condition.
///
/// # Errors
/// What `ask` answers.
pub fn decide<R, E>(rules: &[R], mut ask: impl FnMut(&R) -> Result<Option<Choice>, E>) -> Result<Decision, E> {
    let mut decision = Decision::default();
    for (rule, asked) in rules.iter().enumerate() {
        let choice = ask(asked)?;
        let outcome = match &choice {
            None => Outcome::NotMatched,
            Some(Choice { owner: None, .. }) => Outcome::NobodyAvailable,
            Some(Choice { owner: Some(_), .. }) => Outcome::Assigned,
        };
        let Choice { owner, mut passed_over } = choice.unwrap_or_default();
        let passed_over_count = passed_over.len();
        passed_over.truncate(MAX_NAMED);
        decision.trace.push(Step { rule, outcome, passed_over, passed_over_count });
        if let Some(owner) = owner {
            decision.given = Some((rule, owner));
            break;
        }
    }
    Ok(decision)
}
