//! `rapport-bench`: seeds databases once, drives the real program over HTTP, and compares it with floors of the same run.

pub mod asked;
pub mod bars;
pub mod cli;
pub mod driver;
pub mod floor;
pub mod http;
pub mod load;
pub mod machine;
pub mod measure;
pub mod place;
pub mod plot;
pub mod program;
pub mod report;
