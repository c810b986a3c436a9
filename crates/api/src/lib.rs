//! Rapport api.
