//! Points add up, fade evenly, and change exactly when it is said that they do.

#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;
use crate::filter::Value;
use crate::kind::RecordKind;

/// Nothing is known of it: points come from what was done about it.
struct Blank;

impl Source for Blank {
    fn value(&self, _column: &str) -> Option<Value> {
        None
    }

    fn tags(&self, _column: &str) -> Vec<String> {
        Vec::new()
    }

    fn referred(&self, _column: &str, _target: RecordKind) -> Option<&dyn Source> {
        None
    }

    fn members(&self, _target: RecordKind, _foreign_key: &str) -> Vec<&dyn Source> {
        Vec::new()
    }
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_248_000 + seconds, 0).unwrap()
}

const DAY: i64 = 86_400;

fn call(direction: Direction, seconds: i64) -> Done {
    Done { kind: ActivityKind::Call, direction: Some(direction), happened_at: at(seconds) }
}

fn calls(points: i32, at_most: u8, halves_after_days: Option<u16>) -> Rule {
    let kinds = vec![ActivityKind::Call];
    let ground = Ground::Behaviour(Behaviour { kinds, direction: None, at_most, halves_after_days });
    Rule { points, ground }
}

fn given(rule: &Rule, done: &[Done], now: i64) -> (i32, u8, Option<DateTime<Utc>>) {
    let given = rule.contribution(&Blank, done, at(now));
    (given.points, given.times, given.changes_at)
}

#[test]
fn points_are_halved_until_nothing_is_left() {
    let (rule, done) = (calls(20, 1, Some(10)), [call(Direction::Inbound, 0)]);
    for (days, left, next) in
        [(0, 20, Some(10)), (10, 10, Some(20)), (20, 5, Some(30)), (39, 2, Some(40)), (40, 1, Some(50))]
    {
        assert_eq!(given(&rule, &done, days * DAY), (left, 1, next.map(|day| at(day * DAY))), "{days}");
    }
    assert_eq!(given(&rule, &done, 10 * DAY - 1), (20, 1, Some(at(10 * DAY))));
    assert_eq!(given(&rule, &done, 50 * DAY), (0, 0, None));
    assert_eq!(given(&rule, &done, 36_500 * DAY), (0, 0, None));
    assert_eq!(given(&calls(-5, 1, Some(10)), &done, 10 * DAY), (-2, 1, Some(at(20 * DAY))));
    assert_eq!(given(&calls(20, 1, None), &done, 36_500 * DAY), (20, 1, None));
}

#[test]
fn the_latest_count_those_of_the_right_kind_and_those_that_have_happened() {
    let done = [call(Direction::Inbound, 600), call(Direction::Inbound, -DAY), call(Direction::Outbound, -2 * DAY)];
    assert_eq!(given(&calls(7, 1, None), &done, 0), (7, 1, Some(at(600))), "the clock of whoever sent it is ahead");
    assert_eq!(given(&calls(7, 3, None), &done, 0), (14, 2, Some(at(600))));
    assert_eq!(given(&calls(7, 3, None), &done, 600), (21, 3, None));
    let mut inbound = calls(7, 3, None);
    if let Ground::Behaviour(behaviour) = &mut inbound.ground {
        behaviour.direction = Some(Direction::Inbound);
    }
    assert_eq!(given(&inbound, &done, 600), (14, 2, None));
    assert_eq!(inbound.possible(), 21);
    let visit = Done { kind: ActivityKind::Visit, direction: None, happened_at: at(0) };
    assert_eq!(given(&calls(7, 3, None), &[visit], 0), (0, 0, None));
}

#[test]
fn what_a_lead_is_counts_once() {
    for (condition, points) in [(Checked::True, 15), (Checked::False, 0)] {
        let rule = Rule { points: 15, ground: Ground::Property(condition) };
        let sum = score([&rule], &Blank, &[call(Direction::Inbound, 0)], at(0));
        assert_eq!(sum, Score { points, changes_at: None });
    }
}

#[test]
fn ratings_begin_where_they_are_said_to() {
    let thresholds = Thresholds { warm_from: -5, hot_from: 10 };
    let rated = [-6, -5, 9, 10].map(|points| thresholds.rating(points));
    assert_eq!(rated, [Rating::Cold, Rating::Warm, Rating::Warm, Rating::Hot]);
}

fn rules() -> impl Strategy<Value = Vec<Rule>> {
    let points = prop_oneof![-MAX_POINTS..0, 1..=MAX_POINTS];
    let rule = (points, 1..=MAX_TIMES, prop::option::of(1..=MAX_FADING_DAYS));
    prop::collection::vec(rule.prop_map(|(points, at_most, days)| calls(points, at_most, days)), 0..6)
}

/// The latest first, over three years, some of it ahead.
fn done() -> impl Strategy<Value = Vec<Done>> {
    prop::collection::vec(-1_000 * DAY..600, 0..30).prop_map(|mut moments| {
        moments.sort_unstable();
        moments.iter().rev().map(|moment| call(Direction::Inbound, *moment)).collect()
    })
}

proptest! {
    #[test]
    fn the_score_is_the_sum_and_the_first_change_of_its_parts(rules in rules(), done in done()) {
        let sum = score(&rules, &Blank, &done, at(0));
        let parts: Vec<Contribution> = rules.iter().map(|rule| rule.contribution(&Blank, &done, at(0))).collect();
        prop_assert_eq!(sum.points, parts.iter().map(|part| part.points).sum::<i32>());
        prop_assert_eq!(sum.changes_at, parts.iter().filter_map(|part| part.changes_at).min());
        for (rule, part) in rules.iter().zip(parts) {
            prop_assert!(part.points.abs() <= rule.possible().abs() && part.points * rule.possible() >= 0);
            prop_assert_eq!(part.times == 0, part.points == 0);
        }
    }

    /// Between now and the moment that is told nothing changes, and at that moment something is different.
    #[test]
    fn nothing_changes_before_its_time(rules in rules(), done in done(), early in 0..1_000_i64) {
        let sum = score(&rules, &Blank, &done, at(0));
        let until = sum.changes_at.unwrap_or(at(5_000 * DAY));
        let between = at(0) + (until - at(0)) * i32::try_from(early).unwrap() / 1_000;
        prop_assert_eq!(score(&rules, &Blank, &done, between), sum);
        if let Some(at) = sum.changes_at {
            prop_assert!(at > self::at(0));
            prop_assert_ne!(score(&rules, &Blank, &done, at), sum);
        }
    }

    /// Whoever looks at each change, and whoever looks once long after, see the same; and it comes to an end.
    #[test]
    fn all_that_fades_has_faded_in_the_end(rules in rules(), done in done()) {
        let (mut now, mut looks) = (at(0), 0);
        while let Some(next) = score(&rules, &Blank, &done, now).changes_at {
            prop_assert!(next > now && looks < 10_000);
            (now, looks) = (next, looks + 1);
        }
        let lasting = rules.iter().filter(|rule| matches!(&rule.ground, Ground::Behaviour(b) if b.halves_after_days.is_none()));
        let sum = score(&rules, &Blank, &done, now);
        prop_assert_eq!(sum.points, score(lasting, &Blank, &done, now).points);
    }
}
