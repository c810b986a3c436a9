//! Rapport persistence.
