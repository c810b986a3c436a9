#![expect(clippy::unwrap_used, reason = "tests")]

use chrono::{TimeZone as _, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::*;
use crate::filter::day_bounds;

fn day(number: i64) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).unwrap() + TimeDelta::days(number)
}

const fn rules(activity: Option<u16>, opportunity: Option<u16>, won: Option<u16>) -> ReleaseRules {
    ReleaseRules {
        no_activity_days: activity,
        no_opportunity_days: opportunity,
        not_won_days: won,
        warn_days: 3,
        since: DateTime::UNIX_EPOCH,
    }
}

fn tenure(counted_from: i64) -> Tenure {
    Tenure {
        counted_from: day(counted_from),
        last_activity_at: None,
        has_opportunity: false,
        has_won: false,
        lifecycle: Lifecycle::Prospect,
        locked_until: None,
    }
}

fn due(rules: ReleaseRules, tenure: Tenure) -> Option<(i64, ReleaseRule)> {
    rules.release(&tenure).map(|release| ((release.at - day(0)).num_days(), release.rule))
}

#[test]
fn the_first_rule_takes_it() {
    let all = rules(Some(30), Some(60), Some(90));
    assert_eq!(due(all, tenure(10)), Some((40, ReleaseRule::NoActivity)));
    let active = |at: i64| Tenure { last_activity_at: Some(day(at)), ..tenure(10) };
    assert_eq!(due(all, active(35)), Some((65, ReleaseRule::NoActivity)));
    assert_eq!(due(all, active(50)), Some((70, ReleaseRule::NoOpportunity)));
    let dealing = Tenure { has_opportunity: true, ..active(90) };
    assert_eq!(due(all, dealing), Some((100, ReleaseRule::NotWon)));
    assert_eq!(due(all, Tenure { has_won: true, ..dealing }), Some((120, ReleaseRule::NoActivity)));
}

#[test]
fn what_was_done_before_somebody_had_it_does_not_count_for_them() {
    let before = Tenure { last_activity_at: Some(day(2)), ..tenure(10) };
    assert_eq!(due(rules(Some(30), None, None), before), Some((40, ReleaseRule::NoActivity)));
}

#[test]
fn nothing_is_taken_without_a_rule_or_while_it_buys_or_is_no_more() {
    assert_eq!(due(rules(None, None, None), tenure(0)), None);
    assert!(!rules(None, None, None).is_any());
    let all = rules(Some(1), Some(1), Some(1));
    for lifecycle in Lifecycle::ALL {
        let found = due(all, Tenure { lifecycle: *lifecycle, ..tenure(0) });
        let is_exempt = matches!(lifecycle, Lifecycle::Active | Lifecycle::Deregistered);
        assert_eq!(found.is_none(), is_exempt, "{lifecycle}");
    }
}

#[test]
fn a_lock_and_new_rules_put_it_off() {
    let rules = rules(Some(30), None, None);
    assert_eq!(due(rules, Tenure { locked_until: Some(day(55)), ..tenure(10) }), Some((55, ReleaseRule::NoActivity)));
    assert_eq!(due(rules, Tenure { locked_until: Some(day(20)), ..tenure(10) }), Some((40, ReleaseRule::NoActivity)));
    let new = ReleaseRules { since: day(300), ..rules };
    assert_eq!(due(new, tenure(10)), Some((303, ReleaseRule::NoActivity)));
    assert_eq!(due(new, tenure(290)), Some((320, ReleaseRule::NoActivity)));
}

#[test]
fn owners_are_warned_from_the_first_of_the_days_on() {
    let rules = rules(Some(30), None, None);
    assert!(!rules.is_soon(day(40), day(37) - TimeDelta::seconds(1)));
    assert!(rules.is_soon(day(40), day(37)));
    assert!(rules.is_soon(day(40), day(41)));
}

/// In Berlin 2026-03-29 has 23 hours and 2026-10-25 has 25.
#[test]
fn a_day_is_24_hours_when_the_clocks_change_and_the_next_day_begins_at_midnight_on_the_wall() {
    let berlin = Tz::Europe__Berlin;
    for (from, hours) in [((2026, 3, 28), 23), ((2026, 10, 24), 25)] {
        let evening = berlin.with_ymd_and_hms(from.0, from.1, from.2, 22, 0, 0).unwrap().with_timezone(&Utc);
        let tenure = Tenure { counted_from: evening, ..tenure(0) };
        let release = rules(Some(1), None, None).release(&tenure).unwrap();
        assert_eq!(release.at - evening, TimeDelta::hours(24));
        let (begin, end) = day_bounds(release.at.with_timezone(&berlin).date_naive(), berlin).unwrap();
        assert_eq!(end - begin, TimeDelta::hours(hours));
    }
}

#[test]
fn the_nearest_pool_up_the_tree_serves() {
    let id = Uuid::from_u128;
    let teams = Tree::from_pairs([(id(1), None), (id(2), Some(id(1))), (id(3), Some(id(2))), (id(9), None)]);
    let place = |pool: u128, team: Option<u128>| Place { id: id(pool), team_id: team.map(id), is_active: true };
    let mut pools = vec![place(100, None), place(101, Some(1)), place(103, Some(3))];
    let serves = |pools: &[Place], team: Option<u128>| serving(pools, &teams, team.map(id)).map(|pool| pool.as_u128());
    assert_eq!(serves(&pools, Some(3)), Some(103));
    assert_eq!(serves(&pools, Some(2)), Some(101));
    assert_eq!(serves(&pools, Some(9)), Some(100));
    assert_eq!(serves(&pools, None), Some(100));
    pools.last_mut().unwrap().is_active = false;
    assert_eq!(serves(&pools, Some(3)), Some(101), "an inactive pool serves nobody");
    assert_eq!(serves(&[], Some(3)), None);
}

fn claimer(owned: i64, claimed_today: i64) -> Claimer {
    Claimer { owned, claimed_today, tomorrow: Some(day(1)), lost_at: None }
}

#[test]
fn limits_refuse_with_what_they_are_and_until_when() {
    let limits = Limits { owned_cap: Some(10), claims_per_day: Some(3), cooldown_days: 7 };
    let refused = |claimer: Claimer, now| limits.refuse_claim(&claimer, now).map(|no| (no.reason, no.limit, no.until));
    assert_eq!(refused(claimer(9, 2), day(0)), None);
    assert_eq!(refused(claimer(10, 0), day(0)), Some((Refusal::OwnedCap, 10, None)));
    assert_eq!(refused(claimer(9, 3), day(0)), Some((Refusal::DailyLimit, 3, Some(day(1)))));
    let loser = Claimer { lost_at: Some(day(0)), ..claimer(0, 0) };
    assert_eq!(refused(loser, day(0)), Some((Refusal::Cooldown, 7, Some(day(7)))));
    assert_eq!(refused(loser, day(7)), None, "its end is not part of it");
    assert_eq!(limits.refuse_owning(10).map(|no| no.reason), Some(Refusal::OwnedCap));
    assert_eq!(Limits::default().refuse_claim(&Claimer { lost_at: Some(day(0)), ..claimer(1_000, 99) }, day(0)), None);
}

fn some_tenure() -> impl Strategy<Value = Tenure> {
    (0_i64..400, prop::option::of(0_i64..400), any::<bool>(), any::<bool>(), prop::option::of(0_i64..400)).prop_map(
        |(from, active, has_opportunity, has_won, locked)| Tenure {
            counted_from: day(from),
            last_activity_at: active.map(day),
            has_opportunity: has_opportunity || has_won,
            has_won,
            lifecycle: Lifecycle::Dormant,
            locked_until: locked.map(day),
        },
    )
}

fn some_rules() -> impl Strategy<Value = ReleaseRules> {
    let limit = || prop::option::of(1_u16..100);
    (limit(), limit(), limit(), 0_u16..10, 0_i64..400).prop_map(|(a, o, w, warn_days, since)| ReleaseRules {
        warn_days,
        since: day(since),
        ..rules(a, o, w)
    })
}

proptest! {
    #[test]
    fn doing_something_never_brings_the_release_nearer(rules in some_rules(), tenure in some_tenure(), at in 0_i64..500) {
        let Some(before) = rules.release(&tenure) else { return Ok(()) };
        let at = tenure.last_activity_at.map_or(day(at), |last| last.max(day(at)));
        let busy = Tenure { last_activity_at: Some(at), ..tenure };
        let won = Tenure { has_opportunity: true, has_won: true, ..busy };
        for better in [busy, Tenure { has_opportunity: true, ..busy }, won] {
            prop_assert!(rules.release(&better).is_none_or(|after| after.at >= before.at));
        }
    }

    #[test]
    fn nobody_loses_what_is_locked_or_before_a_warning(rules in some_rules(), tenure in some_tenure()) {
        let Some(release) = rules.release(&tenure) else {
            prop_assert!(!rules.is_any() || tenure.has_opportunity);
            return Ok(());
        };
        prop_assert!(release.at >= rules.since + TimeDelta::days(i64::from(rules.warn_days)));
        prop_assert!(tenure.locked_until.is_none_or(|until| release.at >= until));
        prop_assert!(rules.is_soon(release.at, release.at));
    }
}
