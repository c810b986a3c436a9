//! Rapport testkit.
