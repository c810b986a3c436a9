//! Rapport's HTTP API and command line.

pub mod auth;
pub mod bootstrap;
pub mod config;
pub mod extract;
pub mod limits;
pub mod middleware;
pub mod openapi;
pub mod problem;
pub mod request;
pub mod server;
pub mod session;
pub mod state;
