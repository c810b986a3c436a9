#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn moment(day: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + day * 86_400, 0).unwrap()
}

#[test]
fn what_belongs_together_stays_together() {
    let (mut shares, mut customers) = (Shares::default(), Heirs::new(vec![id(1), id(2)]).unwrap());
    assert_eq!(shares.give(&mut customers, id(100), &[]), Some(id(1)));
    assert_eq!(shares.give(&mut customers, id(101), &[]), Some(id(2)));
    let mut deals = Heirs::new(vec![id(1), id(2)]).unwrap();
    assert_eq!(shares.give(&mut deals, id(200), &[id(101)]), Some(id(2)));
    // Of a customer that somebody else has the deals go to one of the heirs, all to the same.
    assert_eq!(shares.give(&mut deals, id(201), &[id(999)]), Some(id(1)));
    assert_eq!(shares.give(&mut deals, id(202), &[id(999)]), Some(id(1)));
    // Whoever has the customer but takes no tasks over gets none.
    let mut tasks = Heirs::new(vec![id(3)]).unwrap();
    assert_eq!(shares.give(&mut tasks, id(300), &[id(200), id(101)]), Some(id(3)));
    assert!(Heirs::new(Vec::new()).is_none());
}

#[test]
fn what_stands_as_it_was_given_can_be_given_back() {
    let to = |n| Heir { user_id: Some(id(n)), pool_id: None };
    let pool = Heir { user_id: None, pool_id: Some(id(7)) };
    let standing = |heir| Standing { heir, pooled_at: None, is_deleted: false, is_closed: false };
    let ask = |given, now: Standing| left_because(given, moment(0), Some(&now));
    assert_eq!(ask(to(1), standing(to(1))), None);
    assert_eq!(ask(to(1), standing(to(2))), Some(LeftBecause::Reassigned));
    assert_eq!(ask(to(1), standing(pool)), Some(LeftBecause::Reassigned));
    assert_eq!(ask(to(1), Standing { is_deleted: true, ..standing(to(1)) }), Some(LeftBecause::Deleted));
    assert_eq!(ask(to(1), Standing { is_closed: true, ..standing(to(1)) }), Some(LeftBecause::Closed));
    assert_eq!(ask(Heir::default(), standing(Heir::default())), None);
    assert_eq!(left_because(to(1), moment(0), None), Some(LeftBecause::Gone));
    // It was taken out of the pool, and is back there.
    assert_eq!(ask(pool, Standing { pooled_at: Some(moment(0)), ..standing(pool) }), None);
    let back = Standing { pooled_at: Some(moment(1)), ..standing(pool) };
    assert_eq!(ask(pool, back), Some(LeftBecause::Reassigned));
}

#[test]
fn thirty_days_and_no_more() {
    assert!(!is_too_late(moment(0), moment(30)));
    assert!(is_too_late(moment(0), moment(30) + TimeDelta::microseconds(1)));
}

#[test]
fn the_heir_reports_to_the_managers_manager() {
    assert_eq!(new_manager(id(1), Some(id(2)), Some(id(9))), Some(id(2)));
    assert_eq!(new_manager(id(2), Some(id(2)), Some(id(9))), Some(id(9)));
    assert_eq!(new_manager(id(1), None, Some(id(9))), None);
}

proptest! {
    #[test]
    fn shares_differ_by_one_and_a_customer_is_never_torn(
        heirs in 1_u128..8,
        customers in prop::collection::vec(0_u128..40, 0..60),
        records in prop::collection::vec(0_u128..40, 0..120),
    ) {
        let users: Vec<Uuid> = (1..=heirs).map(id).collect();
        let (mut shares, mut turns) = (Shares::default(), Heirs::new(users.clone()).unwrap());
        let distinct: std::collections::BTreeSet<u128> = customers.into_iter().collect();
        let mut counts: BTreeMap<Uuid, usize> = users.iter().map(|user| (*user, 0)).collect();
        let mut owners = BTreeMap::new();
        for customer in &distinct {
            let heir = shares.give(&mut turns, id(1000 + customer), &[]).unwrap();
            *counts.get_mut(&heir).unwrap() += 1;
            owners.insert(*customer, heir);
        }
        let (least, most) = (counts.values().min().unwrap(), counts.values().max().unwrap());
        prop_assert!(most - least <= 1);
        let mut turns = Heirs::new(users).unwrap();
        for (n, customer) in records.iter().enumerate() {
            let record = id(10_000 + n as u128);
            let heir = shares.give(&mut turns, record, &[id(1000 + customer)]).unwrap();
            prop_assert_eq!(*owners.entry(*customer).or_insert(heir), heir);
        }
    }
}
