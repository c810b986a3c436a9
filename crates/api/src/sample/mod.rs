//! What sample and seed data are made of: repeatable chance, believable names, people in teams.

pub(crate) mod dice;
pub(crate) mod names;
pub(crate) mod people;
