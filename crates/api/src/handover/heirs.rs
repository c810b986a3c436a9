//! Who takes over what, as it was asked for: found good, and held as they are.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use rapport_domain::handover::{Heir, Holding};
use rapport_persistence::Tx;
use rapport_persistence::customer_moves::customer_owner_pass;
use rapport_persistence::holdings::Place;
use rapport_persistence::users::{UserRow, user_team_hold};

use super::dto::{CreateHandover, HandoverHeirs, plural_of};
use crate::pools::Pools;
use crate::problem::{Code, FieldError, Problem};

/// How many may share.
const MOST: usize = 50;

/// Who takes over one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// These, in turn.
    Users(Vec<Uuid>),
    /// A pool.
    Pool(Uuid),
    /// Nobody.
    Nobody,
}

/// Who takes over what. They stay active and in their teams, and the pools as they are, until the transaction ends.
#[derive(Clone, Debug)]
pub(super) struct Heirs {
    choices: Vec<(Holding, Choice)>,
    teams: BTreeMap<Uuid, Option<Uuid>>,
    pub(super) pools: Pools,
}

impl Heirs {
    /// Reads who was asked for.
    ///
    /// # Errors
    /// Every fault, each with its place.
    pub(super) fn read(tx: &mut Tx<'_>, person: &UserRow, asked: &CreateHandover) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        let mut choices = Vec::new();
        for holding in Holding::OWNED {
            if let Some(heirs) = asked.heirs(holding) {
                choices.extend(choice(holding, heirs, &mut faults).map(|choice| (holding, choice)));
            }
        }
        let named = named(asked);
        let teams = hold(tx, person, &named, &mut faults)?;
        let pools = Pools::hold(tx)?;
        for (holding, choice) in &choices {
            if let Choice::Pool(pool) = choice
                && !pools.find(*pool).is_some_and(|pool| pool.is_active)
            {
                faults.push(FieldError::at(format!("/{}/pool_id", plural_of(*holding)), Code::NotFound));
            }
        }
        Problem::check(faults)?;
        let heirs = Self { choices, teams, pools };
        heirs.stand_in_line(tx)?;
        Ok(heirs)
    }

    /// Who takes over a kind; `None` when it stays where it is.
    pub(super) fn of(&self, holding: Holding) -> Option<&Choice> {
        self.choices.iter().find(|(of, _)| *of == holding).map(|(_, choice)| choice)
    }

    /// Where what is given to an heir belongs.
    pub(super) fn place(&self, heir: Heir) -> Place {
        let team_id = match (heir.user_id, heir.pool_id) {
            (Some(user), _) => self.teams.get(&user).copied().flatten(),
            (None, Some(pool)) => self.pools.find(pool).and_then(|pool| pool.team_id).map(Into::into),
            (None, None) => None,
        };
        Place { heir, team_id }
    }

    /// How many customers anybody owns stays so until the transaction ends. In the order of ids, so that nobody waits for
    /// somebody who waits for them.
    fn stand_in_line(&self, tx: &mut Tx<'_>) -> Result<(), Problem> {
        let Some(Choice::Users(users)) = self.of(Holding::Customer) else { return Ok(()) };
        let users: BTreeSet<Uuid> = users.iter().copied().collect();
        users.into_iter().try_for_each(|user| Ok(customer_owner_pass(tx, user)?))
    }
}

/// Exactly one of people, a pool and nobody.
fn choice(holding: Holding, heirs: &HandoverHeirs, faults: &mut Vec<FieldError>) -> Option<Choice> {
    let at = |field: &str| format!("/{}{field}", plural_of(holding));
    let HandoverHeirs { user_ids, pool_id, nobody } = heirs;
    let fault = match (user_ids.as_slice(), *pool_id, *nobody) {
        ([], None, false) => FieldError::at(at("/user_ids"), Code::Required),
        ([], Some(pool), false) if holding == Holding::Customer => return Some(Choice::Pool(pool)),
        ([], None, true) if holding == Holding::Lead => return Some(Choice::Nobody),
        ([], Some(_), false) => FieldError::at(at("/pool_id"), Code::InvalidValue)
            .because("只有客户可以放入公海", "Only customers can lie in a pool"),
        ([], None, true) => FieldError::at(at("/nobody"), Code::InvalidValue)
            .because("只有线索可以没有负责人", "Only leads can go without an owner"),
        (users, None, false) if users.len() > MOST => FieldError::at(at("/user_ids"), Code::TooLong).with("max", MOST),
        (users, None, false) => return Some(Choice::Users(users.to_vec())),
        _ => FieldError::at(at(""), Code::InvalidValue)
            .because("只能选择一种去向", "Either people, or a pool, or nobody"),
    };
    faults.push(fault);
    None
}

/// Everybody who is named, with where.
fn named(asked: &CreateHandover) -> Vec<(String, Uuid)> {
    let mut named = Vec::new();
    for holding in Holding::OWNED {
        let users = asked.heirs(holding).map(|heirs| heirs.user_ids.as_slice()).unwrap_or_default();
        let place = |n: usize| format!("/{}/user_ids/{n}", plural_of(holding));
        named.extend(users.iter().take(MOST).enumerate().map(|(n, user)| (place(n), *user)));
    }
    named.extend(asked.assignment_rules_to.map(|user| ("/assignment_rules_to".to_owned(), user)));
    named.extend(asked.reports_to.flatten().map(|user| ("/reports_to".to_owned(), user)));
    named
}

/// Holds everybody who is named, in the order of ids: others than whoever leaves, active, and in one list once.
fn hold(
    tx: &mut Tx<'_>,
    person: &UserRow,
    named: &[(String, Uuid)],
    faults: &mut Vec<FieldError>,
) -> Result<BTreeMap<Uuid, Option<Uuid>>, Problem> {
    let wanted: BTreeSet<Uuid> = named.iter().map(|(_, user)| *user).filter(|user| *user != person.id.0).collect();
    let mut teams = BTreeMap::new();
    for user in wanted {
        if let Some(held) = user_team_hold(tx, user)?.filter(|held| held.is_active) {
            teams.insert(user, held.team_id.map(Into::into));
        }
    }
    for (n, (place, user)) in named.iter().enumerate() {
        let list = place.rsplit_once('/').map_or("", |(list, _)| list);
        let is_twin = |(other, known): &(String, Uuid)| {
            known == user && !list.is_empty() && other.rsplit_once('/').is_some_and(|(other, _)| other == list)
        };
        let fault = if *user == person.id.0 {
            FieldError::at(place, Code::InvalidValue).because("不能交接给本人", "Nobody takes over from themselves")
        } else if !teams.contains_key(user) {
            FieldError::at(place, Code::NotFound)
        } else if named.iter().take(n).any(is_twin) {
            FieldError::at(place, Code::Duplicate)
        } else {
            continue;
        };
        faults.push(fault);
    }
    Ok(teams)
}
