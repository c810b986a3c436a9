//! Roles: what those who have them may do.

mod dto;
mod routes;
mod service;

pub use dto::{CreateRole, RoleView};
pub use routes::routes;

use rapport_domain::context::Locale;
use rapport_persistence::roles::RoleRow;

use crate::configuration::name_for;

/// The name of a role in a language; its key if it has none.
#[must_use]
pub fn name_of(row: &RoleRow, locale: Locale) -> String {
    let name = name_for(&row.names.0, locale);
    if name.is_empty() { row.key.clone() } else { name }
}
