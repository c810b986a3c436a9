//! Rapport's storage: diesel over SQLite and PostgreSQL.
//!
//! No rules and no permission decisions live here; queries take the visibility that the domain decided, and mutators take
//! the [`Permit`](rapport_domain::access::Permit) that only its `decide` hands out.

pub mod activities;
pub mod assignment_rules;
pub mod backup;
pub mod bulk;
pub mod calendar_feeds;
pub mod catalogue;
pub mod changes;
mod connection;
pub mod contacts;
pub mod conversions;
pub mod customer_moves;
pub mod customer_pools;
pub mod customers;
pub mod digests;
pub mod doctor;
mod error;
mod filter;
mod fragment;
pub mod idempotency;
pub mod identity;
pub mod indexes;
pub mod lead_assignments;
pub mod lead_statuses;
pub mod leads;
mod lock;
pub mod migrate;
pub mod names;
pub mod notification_settings;
pub mod notifications;
pub mod opportunities;
pub mod outbox;
pub mod page;
pub mod pipelines;
mod reassignment;
pub mod record;
pub mod records;
pub mod releases;
pub mod reminders;
pub mod room;
pub mod satellites;
mod schema;
mod scope;
pub mod search;
pub mod sources;
mod store;
pub mod summaries;
pub mod trash;
pub mod types;
pub mod warnings;

pub mod access;
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
pub use lock::{LockError, ServerLock};
pub use store::{Failure, Store, StoreConfig, Tx};
