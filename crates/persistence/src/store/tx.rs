//! A transaction under way: its connection, its attempts, and what it knows for good.

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use uuid::Uuid;

use rapport_domain::kind::RecordKind;

use super::Failure;
use crate::connection::{Db, native};
use crate::held::Held;

/// A connection inside a write transaction. Only [`super::Store::write`] makes one.
#[expect(missing_debug_implementations, reason = "a connection has nothing to show")]
pub struct Tx<'a> {
    db: &'a mut Db,
    /// What it has locked or made.
    pub(crate) held: Held,
}

impl std::ops::Deref for Tx<'_> {
    type Target = Db;
    fn deref(&self) -> &Db {
        self.db
    }
}

impl std::ops::DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Db {
        self.db
    }
}

impl<'a> Tx<'a> {
    /// The transaction that a connection is in.
    pub(super) fn of(db: &'a mut Db) -> Self {
        Self { db, held: Held::default() }
    }

    /// Runs `work` in a savepoint: what it did is undone when it fails, and the transaction goes on.
    ///
    /// # Errors
    /// What `work` answers, or why the savepoint failed.
    pub fn attempt<T, E: Failure>(&mut self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        let savepoint = |done: diesel::QueryResult<()>| done.map_err(|error| E::from(error.into()));
        savepoint(native!(&mut *self.db, |c| AnsiTransactionManager::begin_transaction(c)))?;
        let mut inner = Tx { db: self.db, held: std::mem::take(&mut self.held) };
        let result = work(&mut inner);
        let held = inner.held;
        match &result {
            Ok(_) => {
                savepoint(native!(&mut *self.db, |c| AnsiTransactionManager::commit_transaction(c)))?;
                self.held = held;
            }
            // With the savepoint go the locks that were taken since.
            Err(_) => savepoint(native!(&mut *self.db, |c| AnsiTransactionManager::rollback_transaction(c)))?,
        }
        result
    }

    /// Vouches for a record that this transaction has made: whoever it works for sees it, and nobody else does before the
    /// end. Who refers to it need not look for it.
    pub fn vouch(&mut self, kind: RecordKind, id: Uuid) {
        self.held.own.insert((kind, id));
    }

    /// Whether the record was vouched for.
    #[must_use]
    pub fn has_vouched(&self, kind: RecordKind, id: Uuid) -> bool {
        self.held.own.contains(&(kind, id))
    }
}
