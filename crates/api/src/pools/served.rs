//! The pools together: which of them serves whom.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use rapport_domain::context::Locale;
use rapport_domain::pool::{self, Limits, Place, Release, Tenure};
use rapport_domain::team::Tree;
use rapport_persistence::customer_pools::{CustomerPoolRow, customer_pools_all, customer_pools_hold};
use rapport_persistence::customers::CustomerBody;
use rapport_persistence::record::Record;
use rapport_persistence::teams::team_pairs;
use rapport_persistence::{Db, Tx};

use crate::problem::Problem;
use crate::records::references::References;
use crate::records::view::NamedRef;

/// Every pool, with the teams they serve.
#[derive(Clone, Debug)]
pub(crate) struct Pools {
    rows: Vec<CustomerPoolRow>,
    places: Vec<Place>,
    teams: Tree<Uuid>,
}

impl Pools {
    /// As they are.
    pub(crate) fn read(db: &mut Db) -> Result<Self, Problem> {
        let rows = customer_pools_all(db)?;
        Self::of(db, rows)
    }

    /// As they are until the transaction ends: for whoever decides by them. Whoever changes customers holds the pools first,
    /// as those do who change the pools: so nobody waits for somebody who waits for them.
    pub(crate) fn hold(tx: &mut Tx<'_>) -> Result<Self, Problem> {
        let rows = customer_pools_hold(tx)?;
        Self::of(tx, rows)
    }

    fn of(db: &mut Db, rows: Vec<CustomerPoolRow>) -> Result<Self, Problem> {
        // Where there is one pool for everybody, nobody's team matters.
        let is_by_team = rows.iter().any(|row| row.team_id.is_some());
        let pairs = if is_by_team { team_pairs(db)? } else { Vec::new() };
        let places = rows.iter().map(CustomerPoolRow::place).collect();
        Ok(Self { rows, places, teams: Tree::from_pairs(pairs) })
    }

    /// One of them.
    pub(crate) fn find(&self, id: Uuid) -> Option<&CustomerPoolRow> {
        self.rows.iter().find(|row| row.id.0 == id)
    }

    /// The pool that serves the people of a team.
    pub(crate) fn serving(&self, team: Option<Uuid>) -> Option<&CustomerPoolRow> {
        pool::serving(&self.places, &self.teams, team).and_then(|id| self.find(id))
    }

    /// The same for whoever cannot go on without one: the default pool serves whoever no other does.
    pub(super) fn require_serving(&self, team: Option<Uuid>) -> Result<&CustomerPoolRow, Problem> {
        self.serving(team).ok_or_else(|| Problem::internal("there is no default pool of customers"))
    }

    /// Whether any pool takes customers from their owners.
    pub(super) fn has_rules(&self) -> bool {
        self.rows.iter().any(|row| row.is_active && row.rules().is_any())
    }

    /// How long before they lose a customer people are warned, those longest who are warned longest; nothing where no pool
    /// takes any.
    pub(super) fn longest_warning(&self) -> Option<TimeDelta> {
        let taking = self.rows.iter().filter(|row| row.is_active && row.rules().is_any());
        taking.map(|row| TimeDelta::days(i64::from(row.warn_days))).max()
    }

    /// When somebody of a team loses a customer.
    pub(super) fn release(&self, team: Option<Uuid>, tenure: &Tenure) -> Option<Release> {
        self.serving(team)?.rules().release(tenure)
    }

    /// Whether somebody of a team is to be warned of a release.
    pub(super) fn is_soon(&self, team: Option<Uuid>, release_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        self.serving(team).is_some_and(|pool| pool.rules().is_soon(release_at, now))
    }
}

/// What a pool is called: the default one, while nobody has named it, in the language of the reader.
pub(crate) fn name_of(row: &CustomerPoolRow, locale: Locale) -> String {
    row.name.clone().unwrap_or_else(|| {
        match locale {
            Locale::ZhCn => "公海",
            Locale::En => "Customer pool",
        }
        .to_owned()
    })
}

/// How much anybody may have whom a pool serves.
pub(super) fn limits_of(row: &CustomerPoolRow) -> Limits {
    Limits {
        owned_cap: row.owned_cap.map(i64::from),
        claims_per_day: row.claims_per_day.map(i64::from),
        cooldown_days: u16::try_from(row.cooldown_days).unwrap_or_default(),
    }
}

/// The pool that a customer lies in.
pub(crate) fn named_pool(record: &Record<CustomerBody>, references: &References, locale: Locale) -> Option<NamedRef> {
    let row = references.pools()?.find(record.body.pool_id?.0)?;
    Some(NamedRef { id: row.id.0, name: name_of(row, locale) })
}

/// Whether the owner of a customer is to be warned that a rule is about to take it.
pub(crate) fn is_released_soon(record: &Record<CustomerBody>, references: &References, now: DateTime<Utc>) -> bool {
    let (Some(pools), Some(at)) = (references.pools(), record.body.release_at) else { return false };
    pools.is_soon(record.head.team_id.map(Into::into), at.0, now)
}
