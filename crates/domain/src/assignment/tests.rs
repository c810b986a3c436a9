//! Turns are even, caps hold, days are those of whoever is asked, and nothing is forgotten in the trace.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeMap;
use std::convert::Infallible;

use proptest::prelude::*;
use proptest::strategy::Strategy as Draws;

use super::Strategy;
use super::*;

fn rule(strategy: Strategy) -> Rule {
    Rule {
        strategy,
        turns: Turns::AsListed,
        working_days: WorkingDays::default(),
        max_open: None,
        max_per_day: None,
        last_user: None,
    }
}

fn id(n: usize) -> Uuid {
    Uuid::from_u128(n as u128)
}

fn person(n: usize) -> Candidate {
    Candidate {
        user_id: id(n),
        name: format!("P{n}"),
        is_active: true,
        may_view: true,
        weekday: Weekday::Mon,
        open_leads: 0,
        given_today: 0,
        last_given: None,
    }
}

fn people(count: usize) -> Vec<Candidate> {
    (1..=count).map(person).collect()
}

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_248_000 + 60 * minute, 0).unwrap()
}

/// Gives a lead as the rule says, and remembers that it did.
fn give(rule: &mut Rule, candidates: &mut [Candidate], minute: i64) -> Option<Uuid> {
    let owner = choose(rule, candidates).owner;
    for candidate in candidates.iter_mut().filter(|candidate| Some(candidate.user_id) == owner) {
        candidate.open_leads += 1;
        candidate.given_today += 1;
        candidate.last_given = Some(at(minute));
    }
    rule.last_user = owner.or(rule.last_user);
    owner
}

fn obstacles(choice: &Choice) -> Vec<(Uuid, Obstacle)> {
    choice.passed_over.iter().map(|one| (one.user_id, one.obstacle)).collect()
}

#[test]
fn everybody_has_a_turn_in_the_order_of_the_list() {
    let (mut rule, mut all) = (rule(Strategy::RoundRobin), vec![person(3), person(1), person(2)]);
    let given: Vec<_> = (0..5).filter_map(|n| give(&mut rule, &mut all, n)).collect();
    assert_eq!(given, [3, 1, 2, 3, 1].map(id));
}

#[test]
fn who_is_passed_over_keeps_nobody_elses_turn() {
    let (mut rule, mut all) = (rule(Strategy::RoundRobin), people(3));
    rule.last_user = Some(id(1));
    all[1].is_active = false;
    assert_eq!(give(&mut rule, &mut all, 0), Some(id(3)));
    all[1].is_active = true;
    assert_eq!(give(&mut rule, &mut all, 1), Some(id(1)));
    assert_eq!(give(&mut rule, &mut all, 2), Some(id(2)));
}

#[test]
fn when_the_last_is_gone_a_list_begins_anew_and_a_team_goes_on() {
    let all = vec![person(2), person(5), person(9)];
    let gone =
        |turns, last| choose(&Rule { turns, last_user: Some(id(last)), ..rule(Strategy::RoundRobin) }, &all).owner;
    assert_eq!(gone(Turns::AsListed, 4), Some(id(2)));
    assert_eq!(gone(Turns::ById, 4), Some(id(5)));
    assert_eq!(gone(Turns::ById, 10), Some(id(2)));
    assert_eq!(gone(Turns::ById, 1), Some(id(2)));
}

#[test]
fn the_least_loaded_is_first_then_who_waits_longest_then_the_list() {
    let mut all = people(4);
    for (candidate, (open, last)) in all.iter_mut().zip([(3, None), (2, Some(5)), (2, Some(4)), (2, None)]) {
        (candidate.open_leads, candidate.last_given) = (open, last.map(at));
    }
    let rule = rule(Strategy::LeastLoaded);
    assert_eq!(choose(&rule, &all).owner, Some(id(4)));
    all[3].last_given = Some(at(9));
    assert_eq!(choose(&rule, &all).owner, Some(id(3)));
    all[2].last_given = Some(at(5));
    assert_eq!(choose(&rule, &all).owner, Some(id(2)));
}

#[test]
fn everything_that_keeps_somebody_from_it_is_told_the_gravest_first() {
    let rule = Rule {
        working_days: WorkingDays::from_iso([1, 2]).unwrap(),
        max_open: Some(2),
        max_per_day: Some(1),
        ..rule(Strategy::RoundRobin)
    };
    let mut all = people(6);
    all[0].given_today = 1;
    all[1].open_leads = 2;
    all[2].weekday = Weekday::Wed;
    all[3].may_view = false;
    all[4].is_active = false;
    (all[4].may_view, all[4].weekday) = (false, Weekday::Wed);
    let choice = choose(&rule, &all);
    let expected = [
        (id(1), Obstacle::MaxPerDay),
        (id(2), Obstacle::MaxOpen),
        (id(3), Obstacle::DayOff),
        (id(4), Obstacle::NotPermitted),
        (id(5), Obstacle::Inactive),
    ];
    assert_eq!((choice.owner, obstacles(&choice)), (Some(id(6)), expected.to_vec()));
    assert_eq!(choose(&rule, &all[..5]).owner, None);
    assert_eq!(choose(&rule, &[]), Choice::default());
}

#[test]
fn a_day_is_that_of_the_zone() {
    let now = DateTime::parse_from_rfc3339("2026-11-22T20:00:00Z").unwrap().to_utc();
    let days = WorkingDays::from_iso(1..=5).unwrap();
    for (zone, is_working) in
        [(Tz::UTC, false), (Tz::Asia__Shanghai, true), (Tz::America__New_York, false), (Tz::Pacific__Auckland, true)]
    {
        assert_eq!(days.includes(weekday_in(zone, now)), is_working, "{zone}");
    }
}

#[test]
fn days_read_back_and_none_is_every_day() {
    assert_eq!(WorkingDays::from_iso([7, 1, 1]).map(WorkingDays::to_iso), Some(vec![1, 7]));
    assert_eq!(
        (WorkingDays::from_iso([0]), WorkingDays::from_iso([8]), WorkingDays::from_iso([-1])),
        (None, None, None)
    );
    let none = WorkingDays::from_iso([]).unwrap();
    assert!((0..7).all(|n| none.includes(Weekday::try_from(n).unwrap())));
    assert_eq!(none.to_iso(), Vec::<i32>::new());
}

#[test]
fn rules_are_asked_in_order_until_one_gives() {
    let answers = [None, Some(Choice::default()), Some(Choice { owner: Some(id(7)), passed_over: Vec::new() }), None];
    let decision = decide(&answers, |answer| Ok::<_, Infallible>(answer.clone())).unwrap();
    let outcomes: Vec<_> = decision.trace.iter().map(|step| (step.rule, step.outcome)).collect();
    assert_eq!(decision.given, Some((2, id(7))));
    assert_eq!(outcomes, [(0, Outcome::NotMatched), (1, Outcome::NobodyAvailable), (2, Outcome::Assigned)]);
    let none = decide(&answers[..2], |answer| Ok::<_, Infallible>(answer.clone())).unwrap();
    assert_eq!((none.given, none.trace.len()), (None, 2));
    assert_eq!(decide(&answers, |_| Err("away")), Err("away"));
}

#[test]
fn a_trace_names_twenty_and_counts_the_rest() {
    let mut all = people(30);
    all.iter_mut().for_each(|candidate| candidate.is_active = false);
    let rule = rule(Strategy::RoundRobin);
    let decision = decide(&[rule], |rule| Ok::<_, Infallible>(Some(choose(rule, &all)))).unwrap();
    assert_eq!((decision.trace[0].passed_over.len(), decision.trace[0].passed_over_count), (MAX_NAMED, 30));
}

fn crowd() -> impl Draws<Value = Vec<Candidate>> {
    let facts = (any::<bool>(), any::<bool>(), 0u8..7, 0i64..4, 0i64..4, prop::option::of(0i64..4));
    prop::collection::vec(facts, 0..8).prop_map(|facts| {
        let with = |(n, (is_active, may_view, day, open_leads, given_today, last)): (usize, _)| Candidate {
            is_active,
            may_view,
            weekday: Weekday::try_from(day).unwrap(),
            open_leads,
            given_today,
            last_given: Option::map(last, at),
            ..person(n + 1)
        };
        facts.into_iter().enumerate().map(with).collect()
    })
}

fn any_rule() -> impl Draws<Value = Rule> {
    let days = prop::collection::vec(1i32..8, 0..4).prop_map(|days| WorkingDays::from_iso(days).unwrap());
    let cap = || prop::option::of(1i64..4);
    let turns = prop::sample::select(vec![Turns::AsListed, Turns::ById]);
    (prop::sample::select(Strategy::ALL), turns, days, cap(), cap(), prop::option::of(0usize..10)).prop_map(
        |(strategy, turns, working_days, max_open, max_per_day, last)| Rule {
            strategy,
            turns,
            working_days,
            max_open,
            max_per_day,
            last_user: last.map(id),
        },
    )
}

proptest! {
    #[test]
    fn turns_are_exactly_even(count in 1usize..9, leads in 0usize..60, first in prop::option::of(1usize..9)) {
        let (mut rule, mut all) = (rule(Strategy::RoundRobin), people(count));
        rule.last_user = first.map(id);
        let mut given: BTreeMap<Uuid, usize> = all.iter().map(|one| (one.user_id, 0)).collect();
        for n in 0..leads {
            *given.get_mut(&give(&mut rule, &mut all, n as i64).unwrap()).unwrap() += 1;
        }
        let (least, most) = (given.values().min().unwrap(), given.values().max().unwrap());
        prop_assert!(most - least <= 1, "{given:?}");
    }

    #[test]
    fn loads_are_levelled(loads in prop::collection::vec(0i64..9, 1..7), leads in 0i64..80) {
        let (mut rule, mut all) = (rule(Strategy::LeastLoaded), people(loads.len()));
        all.iter_mut().zip(&loads).for_each(|(one, load)| one.open_leads = *load);
        for n in 0..leads {
            give(&mut rule, &mut all, n);
        }
        // Nobody who was given something has more than one above anybody else.
        let least = all.iter().map(|one| one.open_leads).min().unwrap();
        prop_assert!(all.iter().all(|one| one.given_today == 0 || one.open_leads <= least + 1), "{all:?}");
        prop_assert_eq!(all.iter().map(|one| one.given_today).sum::<i64>(), leads);
    }

    #[test]
    fn caps_hold_and_are_used_up(strategy in prop::sample::select(&[Strategy::RoundRobin, Strategy::LeastLoaded][..]), most in 1i64..5, count in 1usize..6, leads in 0i64..40) {
        let (mut rule, mut all) = (Rule { max_per_day: Some(most), ..rule(strategy) }, people(count));
        let given = (0..leads).filter(|n| give(&mut rule, &mut all, *n).is_some()).count() as i64;
        prop_assert_eq!(given, leads.min(most * count as i64));
        prop_assert!(all.iter().all(|one| one.given_today <= most));
    }

    #[test]
    fn somebody_gets_it_exactly_when_somebody_may(rule in any_rule(), all in crowd()) {
        let choice = choose(&rule, &all);
        prop_assert_eq!(choice.owner.is_some(), choice.passed_over.len() < all.len());
        let free: Vec<Uuid> = all.iter().filter(|one| rule.obstacle(one).is_none()).map(|one| one.user_id).collect();
        prop_assert!(choice.owner.is_none_or(|owner| free.contains(&owner)));
        prop_assert_eq!(choose(&rule, &all), choice);
    }
}
