//! Rapport's storage: diesel over SQLite and PostgreSQL.
//!
//! No rules and no permission decisions live here; queries take the visibility that the domain decided, and mutators take
//! the [`Permit`](rapport_domain::access::Permit) that only its `decide` hands out.

pub mod bulk;
mod connection;
pub mod conversions;
pub mod search;
pub mod summaries;
pub mod satellites;
pub mod records;
pub mod opportunities;
pub mod lead_statuses;
pub mod leads;
pub mod pipelines;
mod reassignment;
pub mod sources;
pub mod contacts;
pub mod catalogue;
pub mod changes;
pub mod customers;
mod error;
mod filter;
mod fragment;
pub mod migrate;
pub mod idempotency;
pub mod names;
pub mod page;
pub mod record;
mod schema;
mod scope;
mod store;
pub mod trash;
pub mod types;

pub mod api_keys;
mod people_schema;
pub mod roles;
pub mod sessions;
pub mod settings;
pub mod signing_keys;
pub mod teams;
pub mod throttle;
pub mod users;
pub use connection::{Db, Target};
pub use error::StoreError;
pub use store::{Failure, Store, StoreConfig, Tx};
