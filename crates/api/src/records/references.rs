//! Names of other records that a view mentions: gathered for a whole page, loaded with one statement a kind.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use uuid::Uuid;

use rapport_domain::kind::RecordKind;
use rapport_persistence::conversions::{ConversionRow, conversions_live};
use rapport_persistence::names::names_of;
use rapport_persistence::pipelines::{StageRow, stages_all};
use rapport_persistence::record::Record;
use rapport_persistence::{Db, StoreError};

use super::RecordType;
use super::view::wanted_of_head;
use crate::pools::Pools;
use crate::problem::Problem;

/// What must be loaded.
#[derive(Debug, Default)]
pub struct Wanted {
    named: BTreeMap<RecordKind, BTreeSet<Uuid>>,
    leads: BTreeSet<Uuid>,
    at_hand: References,
    is_staged: bool,
    is_pooled: bool,
}

/// What was loaded.
#[derive(Debug, Default)]
pub struct References {
    named: HashMap<Uuid, String>,
    stages: HashMap<Uuid, StageRow>,
    conversions: HashMap<Uuid, ConversionRow>,
    pools: Option<Pools>,
}

impl Wanted {
    /// Whatever the view of a record mentions.
    pub(crate) fn view_of<R: RecordType>(&mut self, record: &Record<R::Body>) {
        wanted_of_head(record, self);
        R::wanted(record, self);
    }

    /// The name of a record or user.
    pub fn name(&mut self, kind: RecordKind, id: Option<Uuid>) {
        if let Some(id) = id {
            self.named.entry(kind).or_default().insert(id);
        }
    }

    /// The stages of all pipelines.
    pub fn stages(&mut self) {
        self.is_staged = true;
    }

    /// The pools of customers.
    pub fn pools(&mut self) {
        self.is_pooled = true;
    }

    /// What a lead became.
    pub fn conversion(&mut self, lead: Uuid) {
        self.leads.insert(lead);
    }

    /// A record that is at hand: its name need not be loaded.
    pub(crate) fn has<B>(&mut self, record: &Record<B>) {
        self.at_hand.named.insert(record.head.id.0, record.head.name.clone());
    }

    /// A live conversion that is at hand: what the lead became need not be loaded.
    pub(crate) fn has_conversion(&mut self, row: &ConversionRow) {
        self.at_hand.conversions.insert(row.lead_id.0, row.clone());
    }

    /// Loads everything.
    ///
    /// # Errors
    /// When the database fails.
    pub fn load(self, db: &mut Db) -> Result<References, Problem> {
        let mut found = self.at_hand;
        for (kind, ids) in self.named {
            let ids: Vec<Uuid> = ids.into_iter().filter(|id| !found.named.contains_key(id)).collect();
            found.named.extend(names_of(db, kind, &ids).map_err(StoreError::from)?);
        }
        if self.is_staged {
            let stages = stages_all(db)?;
            found.stages = stages.into_iter().map(|stage| (stage.id.0, stage)).collect();
        }
        if self.is_pooled {
            found.pools = Some(Pools::read(db)?);
        }
        let leads: Vec<Uuid> = self.leads.into_iter().filter(|lead| !found.conversions.contains_key(lead)).collect();
        let conversions = conversions_live(db, &leads).map_err(StoreError::from)?;
        found.conversions.extend(conversions.into_iter().map(|row| (row.lead_id.0, row)));
        Ok(found)
    }
}

impl References {
    /// A name, where the record still exists.
    #[must_use]
    pub fn name(&self, id: Uuid) -> Option<&str> {
        self.named.get(&id).map(String::as_str)
    }

    /// A stage.
    #[must_use]
    pub fn stage(&self, id: Uuid) -> Option<&StageRow> {
        self.stages.get(&id)
    }

    /// The pools of customers, where they were asked for.
    #[must_use]
    pub(crate) fn pools(&self) -> Option<&Pools> {
        self.pools.as_ref()
    }

    /// The live conversion of a lead.
    #[must_use]
    pub fn conversion(&self, lead: Uuid) -> Option<&ConversionRow> {
        self.conversions.get(&lead)
    }
}
