//! What every database needs before the first request; running it again changes nothing.

use std::collections::BTreeMap;

use rapport_domain::access::{Action, Actor, BuiltInRole, Subject, decide};
use rapport_domain::context::{Context, Locale};
use rapport_persistence::roles::{RoleRow, grants_to_stored, guard_pass, role_put};
use rapport_persistence::types::{Id, Json};
use rapport_persistence::{Tx, migrate};

use crate::problem::{Code, Problem};
use crate::state::App;

impl App {
    /// Brings the schema up to date, and adds what every database needs.
    ///
    /// # Errors
    /// When the database fails, or a newer program has changed its schema.
    pub async fn prepare(&self) -> Result<(), Problem> {
        let target = self.store.target().clone();
        let migrated = tokio::task::spawn_blocking(move || migrate::run(&target)).await;
        migrated.map_err(|_| Problem::new(Code::Internal))??;
        self.bootstrap().await
    }

    /// Adds what every database needs, on a schema that is up to date.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn bootstrap(&self) -> Result<(), Problem> {
        self.keys.prepare(&self.store, self.now()).await?;
        let context = self.context_of(Actor::system());
        self.store.write("bootstrap", move |tx| defaults(tx, &context)).await
    }
}

/// The built-in roles, and the configuration an organisation starts with.
fn defaults(tx: &mut Tx<'_>, context: &Context) -> Result<(), Problem> {
    guard_pass(tx, "bootstrap")?;
    let permit = decide(&context.actor, Action::Configure, Subject::Role, None)?;
    for role in BuiltInRole::ALL {
        role_put(tx, &permit, &built_in(*role, context))?;
    }
    crate::configuration::defaults::write_defaults(tx, context)
}

fn built_in(role: BuiltInRole, context: &Context) -> RoleRow {
    let names = [Locale::ZhCn, Locale::En].map(|locale| (locale.as_str().to_owned(), role.name(locale).to_owned()));
    RoleRow {
        id: Id(context.next_id()),
        key: role.as_str().to_owned(),
        names: Json(BTreeMap::from(names)),
        description: String::new(),
        is_builtin: true,
        grants: Json(grants_to_stored(&role.grants())),
        version: 1,
        created_at: context.now.into(),
        updated_at: context.now.into(),
    }
}
