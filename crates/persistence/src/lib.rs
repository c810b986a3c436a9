//! Rapport's storage: diesel over SQLite and PostgreSQL.
//!
//! No rules and no permission decisions live here; queries take the visibility that the domain decided, and mutators take
//! the [`Permit`](rapport_domain::access::Permit) that only its `decide` hands out.

mod connection;
pub mod customers;
mod error;
mod filter;
mod fragment;
pub mod migrate;
pub mod page;
pub mod record;
mod scope;
mod store;
pub mod types;

pub use connection::{Db, Target};
pub use error::StoreError;
pub use store::{Failure, Store, StoreConfig, Tx};
