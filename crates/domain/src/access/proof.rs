//! The proof that lists and single records agree: for random organisations, actors and records, the row filter of
//! `View` lets through exactly the records that `decide` shows.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::kind::RecordKind;
use crate::team::Tree;

const TEAMS: usize = 12;
const USERS: u128 = 8;

fn team_id(number: usize) -> Uuid {
    Uuid::from_u128(1_000 + number as u128)
}

/// Teams whose parents have smaller numbers: a random forest.
fn organisation() -> impl Strategy<Value = Tree<Uuid>> {
    prop::collection::vec(any::<Option<prop::sample::Index>>(), TEAMS).prop_map(|parents| {
        Tree::from_pairs(parents.into_iter().enumerate().map(|(number, parent)| {
            let parent = parent.filter(|_| number > 0).map(|index| team_id(index.index(number.max(1))));
            (team_id(number), parent)
        }))
    })
}

fn user() -> impl Strategy<Value = Uuid> {
    (1..=USERS).prop_map(Uuid::from_u128)
}

fn team() -> impl Strategy<Value = Option<Uuid>> {
    prop::option::of((0..TEAMS).prop_map(team_id))
}

fn record() -> impl Strategy<Value = Ownership> {
    let pooled = (pool(), team()).prop_map(|(pool_id, team_id)| Ownership { owner_id: None, team_id, pool_id });
    let owned = (prop::option::of(user()), team());
    prop_oneof![owned.prop_map(|(owner_id, team_id)| Ownership { owner_id, team_id, pool_id: None }), pooled]
}

fn pool() -> impl Strategy<Value = Option<Uuid>> {
    prop::option::of((1..=3_u128).prop_map(|number| Uuid::from_u128(2_000 + number)))
}

fn grants() -> impl Strategy<Value = Grants> {
    let triple =
        (prop::sample::select(Subject::ALL), prop::sample::select(Action::ALL), prop::sample::select(Scope::ALL));
    prop::collection::vec(triple, 0..60).prop_map(Grants::from_triples)
}

fn key() -> impl Strategy<Value = Via> {
    let scopes = prop::collection::vec(prop::sample::select(KeyScope::all()), 0..4);
    scopes.prop_map(|scopes| Via::ApiKey { id: Uuid::from_u128(9), scopes })
}

fn via() -> impl Strategy<Value = Via> {
    prop_oneof![Just(Via::Session(Uuid::from_u128(9))), key()]
}

fn actor() -> impl Strategy<Value = Actor> {
    (organisation(), user(), team(), pool(), grants(), via()).prop_map(
        |(tree, user_id, team_id, pool_id, grants, via)| {
            let team_and_below = team_id.map(|team| tree.subtree(team)).unwrap_or_default();
            Actor { user_id, name: String::new(), team_id, team_and_below, pool_id, grants, via }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn the_filter_shows_what_decide_shows(actor in actor(), records in prop::collection::vec(record(), 40)) {
        for subject in Subject::OWNED {
            let filter = visibility(&actor, subject, Action::View);
            for record in &records {
                let decision = decide(&actor, Action::View, subject, Some(record));
                prop_assert_eq!(filter.includes(record), decision.is_ok());
                prop_assert!(decision.is_ok() || decision == Err(Denied::Hidden));
            }
        }
    }

    #[test]
    fn the_filter_of_an_action_is_what_decide_allows_among_the_visible(actor in actor(), record in record()) {
        for subject in Subject::OWNED {
            let is_visible = visibility(&actor, subject, Action::View).includes(&record);
            for action in Action::ALL.iter().filter(|action| **action != Action::Create) {
                let is_within = visibility(&actor, subject, *action).includes(&record);
                let expected = match (is_visible, is_within) {
                    (false, _) => Err(Denied::Hidden),
                    (true, false) => Err(Denied::Forbidden),
                    (true, true) => Ok(()),
                };
                prop_assert_eq!(decide(&actor, *action, subject, Some(&record)).map(drop), expected);
            }
        }
    }

    #[test]
    fn an_activity_is_seen_for_its_owner_or_through_what_it_is_about(
        actor in actor(),
        activity in record(),
        about in prop::collection::vec((prop::sample::select(RecordKind::ABOUT.as_slice()), record()), 0..4),
    ) {
        let seen = visibility(&actor, Subject::Activity, Action::View);
        let is_through = |(kind, record): &(RecordKind, Ownership)| {
            visibility(&actor, Subject::from(*kind), Action::View).includes(record)
        };
        let expected = seen != Visibility::Nothing && (seen.includes(&activity) || about.iter().any(is_through));
        prop_assert_eq!(seen.includes_about(&activity, &about), expected);
    }

    #[test]
    fn everyone_sees_their_own_if_they_see_anything(actor in actor(), team_id in team()) {
        let mine = Ownership { owner_id: Some(actor.user_id), team_id, pool_id: None };
        for subject in Subject::OWNED {
            let sees = visibility(&actor, subject, Action::View) != Visibility::Nothing;
            prop_assert_eq!(decide(&actor, Action::View, subject, Some(&mine)).is_ok(), sees);
        }
    }

    #[test]
    fn a_wider_grant_never_hides(actor in actor(), record in record(), more in grants()) {
        let wider = Actor { grants: Grants::merge([&actor.grants, &more]), ..actor.clone() };
        for subject in Subject::OWNED {
            let before = visibility(&actor, subject, Action::View).includes(&record);
            prop_assert!(!before || visibility(&wider, subject, Action::View).includes(&record));
        }
    }

    #[test]
    fn hints_are_decisions(actor in actor(), record in record()) {
        let can = hints(&actor, Subject::Lead, &record);
        let says = |action| decide(&actor, action, Subject::Lead, Some(&record)).is_ok();
        prop_assert_eq!(can, Can { edit: says(Action::Edit), delete: says(Action::Delete), assign: says(Action::Assign), convert: says(Action::Convert), ..Can::default() });
    }

    #[test]
    fn hints_about_the_pool_are_decisions_and_nobody_changes_what_only_lies_in_their_pool(actor in actor(), record in record()) {
        let can = hints(&actor, Subject::Customer, &record);
        prop_assert_eq!(can.claim, decide_claim(&actor, &record).is_ok());
        prop_assert_eq!(can.release, decide_release(&actor, &record).is_ok());
        prop_assert_eq!(can.lock, decide_lock(&actor, &record).is_ok());
        let mine = Ownership { owner_id: Some(actor.user_id), team_id: actor.team_id, pool_id: None };
        prop_assert!(can.allot || decide_allot(&actor, &record, &mine).is_err());
        let is_seen = decide(&actor, Action::View, Subject::Customer, Some(&record)).is_ok();
        prop_assert!(is_seen || !(can.claim || can.release || can.allot || can.lock));
        prop_assert!(record.pool_id.is_some() || !(can.claim || can.allot));
        prop_assert!(record.owner_id.is_some() || !(can.release || can.lock));
        let without = Actor { pool_id: None, ..actor.clone() };
        for action in Action::ALL.iter().filter(|action| **action != Action::View && **action != Action::Create) {
            let may = |actor: &Actor| decide(actor, *action, Subject::Customer, Some(&record)).is_ok();
            let sees_anyway = decide(&without, Action::View, Subject::Customer, Some(&record)).is_ok();
            prop_assert!(may(&actor) == may(&without) || !sees_anyway);
        }
    }

    #[test]
    fn a_pool_opens_customers_only(actor in actor(), record in record(), pool_id in pool()) {
        let other = Actor { pool_id, ..actor.clone() };
        for subject in Subject::OWNED.into_iter().filter(|subject| *subject != Subject::Customer) {
            for action in Action::ALL {
                let may = |actor: &Actor| decide(actor, *action, subject, Some(&record));
                prop_assert_eq!(may(&actor), may(&other));
            }
        }
    }

    #[test]
    fn nobody_grants_more_than_he_has(actor in actor(), wanted in grants()) {
        let has = |subject, action, scope: Scope| scope <= actor.scope(subject, action);
        prop_assert_eq!(may_grant(&actor, &wanted), wanted.iter().all(|(subject, action, scope)| has(subject, action, scope)));
        prop_assert!(may_grant(&actor, &actor.effective_grants()));
    }

    #[test]
    fn no_key_changes_people_keys_or_configuration(actor in actor(), via in key()) {
        let actor = Actor { via, ..actor };
        for subject in Subject::ALL.iter().filter(|subject| !subject.is_owned()) {
            for action in Action::ALL.iter().filter(|action| **action != Action::View) {
                prop_assert_eq!(decide(&actor, *action, *subject, None), Err(Denied::Forbidden));
            }
        }
    }
}

mod stories {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn person(user: u128, team: usize, role: BuiltInRole) -> Actor {
        Actor {
            user_id: Uuid::from_u128(user),
            name: role.to_string(),
            team_id: Some(team_id(team)),
            team_and_below: vec![team_id(team)],
            pool_id: Some(Uuid::from_u128(2_001)),
            grants: role.grants(),
            via: Via::Session(Uuid::from_u128(9)),
        }
    }

    fn of(user: u128, team: usize) -> Ownership {
        Ownership { owner_id: Some(Uuid::from_u128(user)), team_id: Some(team_id(team)), pool_id: None }
    }

    #[test]
    fn a_salesperson_does_not_know_of_a_colleagues_lead() {
        let ada = person(1, 0, BuiltInRole::Sales);
        assert_eq!(decide(&ada, Action::Edit, Subject::Lead, Some(&of(2, 0))), Err(Denied::Hidden));
        let permit = decide(&ada, Action::Edit, Subject::Lead, Some(&of(1, 0))).unwrap();
        assert_eq!((permit.actor(), permit.subject(), permit.action()), (ada.user_id, Subject::Lead, Action::Edit));
    }

    #[test]
    fn the_visible_that_may_not_be_changed_is_forbidden() {
        let viewer = person(1, 0, BuiltInRole::Viewer);
        assert_eq!(decide(&viewer, Action::Edit, Subject::Lead, Some(&of(2, 3))), Err(Denied::Forbidden));
        assert_eq!(decide(&viewer, Action::Create, Subject::Lead, None), Err(Denied::Forbidden));
        assert_eq!(hints(&viewer, Subject::Lead, &of(1, 0)), Can::default());
    }

    #[test]
    fn creating_for_somebody_else_needs_assign_over_them() {
        let sales = person(1, 0, BuiltInRole::Sales);
        assert!(decide(&sales, Action::Create, Subject::Lead, Some(&of(1, 0))).is_ok());
        assert_eq!(decide(&sales, Action::Create, Subject::Lead, Some(&of(2, 0))), Err(Denied::Forbidden));
        let manager = person(3, 0, BuiltInRole::Manager);
        assert!(decide(&manager, Action::Create, Subject::Lead, Some(&of(2, 0))).is_ok());
        assert_eq!(decide(&manager, Action::Create, Subject::Lead, Some(&of(2, 1))), Err(Denied::Forbidden));
        assert_eq!(
            decide(&manager, Action::Create, Subject::Lead, Some(&Ownership::default())),
            Err(Denied::Forbidden)
        );
    }

    #[test]
    fn one_gives_away_ones_own_inside_the_team_only() {
        let sales = person(1, 0, BuiltInRole::Sales);
        assert!(decide_transfer(&sales, Subject::Lead, &of(1, 0), &of(2, 0)).is_ok());
        assert_eq!(decide_transfer(&sales, Subject::Lead, &of(1, 0), &of(2, 1)), Err(Denied::Forbidden));
        assert_eq!(decide_transfer(&sales, Subject::Lead, &of(2, 0), &of(1, 0)), Err(Denied::Hidden));
        let viewer = person(1, 0, BuiltInRole::Viewer);
        assert_eq!(decide_transfer(&viewer, Subject::Lead, &of(1, 0), &of(2, 0)), Err(Denied::Forbidden));
    }

    fn pooled(pool: u128, team: Option<usize>) -> Ownership {
        Ownership { owner_id: None, team_id: team.map(team_id), pool_id: Some(Uuid::from_u128(pool)) }
    }

    #[test]
    fn whom_a_pool_serves_may_claim_and_no_more() {
        let sales = person(1, 0, BuiltInRole::Sales);
        assert!(decide_claim(&sales, &pooled(2_001, None)).is_ok());
        assert_eq!(decide_claim(&sales, &pooled(2_002, None)), Err(Denied::Hidden));
        assert_eq!(decide_claim(&sales, &of(1, 0)), Err(Denied::Forbidden), "it lies in no pool");
        assert_eq!(decide(&sales, Action::Edit, Subject::Customer, Some(&pooled(2_001, None))), Err(Denied::Forbidden));
        assert_eq!(decide_allot(&sales, &pooled(2_001, None), &of(2, 0)), Err(Denied::Forbidden));
        let viewer = person(1, 0, BuiltInRole::Viewer);
        assert_eq!(
            decide_claim(&viewer, &pooled(2_001, None)),
            Err(Denied::Forbidden),
            "who may not edit, may not claim"
        );
        let admin = person(1, 0, BuiltInRole::Admin);
        assert_eq!(decide_claim(&admin, &pooled(2_002, None)), Err(Denied::Forbidden), "of a pool that serves others");
        assert!(decide_allot(&admin, &pooled(2_002, None), &of(2, 5)).is_ok());
    }

    #[test]
    fn a_manager_allots_to_the_own_people_and_locks_their_customers() {
        let manager = person(3, 0, BuiltInRole::Manager);
        assert!(decide_allot(&manager, &pooled(2_001, None), &of(2, 0)).is_ok());
        assert_eq!(decide_allot(&manager, &pooled(2_001, None), &of(2, 1)), Err(Denied::Forbidden));
        assert_eq!(decide_allot(&manager, &pooled(2_002, None), &of(2, 0)), Err(Denied::Hidden));
        assert!(decide_allot(&manager, &pooled(2_002, Some(0)), &of(2, 0)).is_ok(), "a pool of the own team");
        assert!(decide_lock(&manager, &of(2, 0)).is_ok());
        assert_eq!(decide_lock(&manager, &pooled(2_001, None)), Err(Denied::Forbidden));
        assert_eq!(decide_lock(&person(2, 0, BuiltInRole::Sales), &of(2, 0)), Err(Denied::Forbidden));
    }

    #[test]
    fn an_owner_gives_back_what_is_theirs() {
        let sales = person(1, 0, BuiltInRole::Sales);
        assert!(decide_release(&sales, &of(1, 0)).is_ok());
        assert_eq!(decide_release(&sales, &of(2, 0)), Err(Denied::Hidden));
        assert_eq!(decide_release(&sales, &pooled(2_001, None)), Err(Denied::Forbidden));
        assert!(decide_release(&person(3, 0, BuiltInRole::Manager), &of(1, 0)).is_ok());
        assert_eq!(decide_release(&person(3, 0, BuiltInRole::Viewer), &of(1, 0)), Err(Denied::Forbidden));
    }

    #[test]
    fn a_team_scope_without_a_team_is_ones_own() {
        let loner =
            Actor { team_id: None, team_and_below: Vec::new(), pool_id: None, ..person(1, 0, BuiltInRole::Manager) };
        assert_eq!(visibility(&loner, Subject::Lead, Action::View), Visibility::Own { user: loner.user_id });
        assert_eq!(decide(&loner, Action::View, Subject::Lead, Some(&Ownership::default())), Err(Denied::Hidden));
    }

    #[test]
    fn a_manager_sees_the_teams_below() {
        let manager = Actor { team_and_below: vec![team_id(0), team_id(4)], ..person(1, 0, BuiltInRole::Manager) };
        assert!(decide(&manager, Action::Edit, Subject::Opportunity, Some(&of(2, 4))).is_ok());
        assert_eq!(decide(&manager, Action::View, Subject::Opportunity, Some(&of(2, 5))), Err(Denied::Hidden));
    }
}
