//! The API as its callers see it: the real server on a real socket, over every database there is.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod harness;

mod activities;
mod activities_timeline;
mod assignment;
mod assignment_leads;
mod backup;
mod backup_files;
mod backup_kills;
mod base;
mod calendar;
mod cli;
mod configuration;
mod contract;
mod doctor;
mod event_stream;
mod events;
mod events_order;
mod faults;
mod first_run;
mod keys;
mod kills;
mod model;
mod notifications;
mod notifications_due;
mod notifications_inbox;
mod notifications_plans;
mod people;
mod races;
mod records_batch;
mod records_conversion;
mod records_given;
mod records_holds;
mod records_life;
mod records_links;
mod records_lists;
mod records_plans;
mod records_scope;
mod records_stages;
mod records_undo;
mod records_versions;
mod remembered;
mod sample;
mod session;
mod tokens;
