//! `rapport user`: for whoever owns the machine.

use std::io::{BufRead as _, IsTerminal as _};

use anyhow::{Context as _, ensure};
use clap::{Args, Subcommand};
use rapport_domain::access::Actor;
use rapport_domain::context::Context;
use rapport_persistence::roles::{role_find_by_key, role_list};
use rapport_persistence::sessions::session_revoke_all;
use rapport_persistence::users::{UserRow, user_find_by_email, user_set_password};
use rapport_persistence::{Db, Tx};

use super::{Place, data, explain, say};
use crate::auth::password::{check_new, hash_now};
use crate::problem::{Code, FieldError, Problem};
use crate::state::App;
use crate::users::{CreateUser, NewUser, add, switch_off};

#[derive(Debug, Subcommand)]
pub(super) enum User {
    /// Adds a user; the password is asked for, or read from the standard input.
    Create(Create),
    /// Sets a password and ends every session of the user.
    SetPassword(Known),
    /// Switches a user off and ends every session of the user.
    Disable(Known),
}

#[derive(Debug, Args)]
pub(super) struct Create {
    #[command(flatten)]
    place: Place,
    /// The address to sign in with.
    #[arg(long)]
    email: String,
    /// The name as shown.
    #[arg(long)]
    name: String,
    /// The key of a role: admin, manager, sales, service, marketing, viewer … May be repeated.
    #[arg(long = "role", required = true)]
    roles: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct Known {
    #[command(flatten)]
    place: Place,
    /// The address the user signs in with.
    #[arg(long)]
    email: String,
}

impl User {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let runtime = data::runtime()?;
        match self {
            Self::Create(create) => runtime.block_on(create.run()),
            Self::SetPassword(known) => runtime.block_on(set_password(known)),
            Self::Disable(known) => runtime.block_on(disable(known)),
        }
    }
}

async fn open(place: &Place) -> anyhow::Result<(App, Context)> {
    let app = data::open(place.config()?).await?;
    let context = app.context_of(Actor::cli());
    Ok((app, context))
}

impl Create {
    async fn run(self) -> anyhow::Result<()> {
        let (app, context) = open(&self.place).await?;
        let password = ask_password()?;
        check_new(&password, "/password", &[&self.email, &self.name]).map_err(|problem| explain(&problem))?;
        let password_hash = Some(hash_now(&password).context("the password cannot be hashed")?);
        let work = move |tx: &mut Tx<'_>| {
            let input = self.input(tx)?;
            add(tx, &context, &NewUser { input, password_hash: password_hash.clone() })
        };
        let user = app.store.write("cli_user_create", work).await.map_err(|problem| explain(&problem))?;
        say(format_args!("added {} <{}>", user.name, user.email))
    }

    fn input(&self, db: &mut Db) -> Result<CreateUser, Problem> {
        let mut role_ids = Vec::new();
        for key in &self.roles {
            let role = role_find_by_key(db, key)?;
            role_ids.push(role.ok_or_else(|| unknown_role(db, key))?.id.0);
        }
        Ok(CreateUser {
            name: self.name.clone(),
            email: self.email.clone(),
            password: None,
            language: None,
            time_zone: None,
            team_id: None,
            manager_id: None,
            role_ids,
            is_active: true,
        })
    }
}

fn unknown_role(db: &mut Db, key: &str) -> Problem {
    let keys: Vec<String> = role_list(db).unwrap_or_default().into_iter().map(|role| role.key).collect();
    let keys = keys.join(", ");
    Problem::validation().error(
        FieldError::at("/role", Code::InvalidValue)
            .because(format!("没有角色 {key}；可用：{keys}"), format!("there is no role '{key}'; there are {keys}")),
    )
}

async fn set_password(known: Known) -> anyhow::Result<()> {
    let (app, context) = open(&known.place).await?;
    let email = known.email.to_lowercase();
    let user = app.store.read("cli_user", move |db| named(db, &email)).await.map_err(|problem| explain(&problem))?;
    let password = ask_password()?;
    check_new(&password, "/password", &[&user.email, &user.name]).map_err(|problem| explain(&problem))?;
    let hash = hash_now(&password).context("the password cannot be hashed")?;
    let (id, now) = (user.id.0, context.now.into());
    let work = move |tx: &mut Tx<'_>| {
        user_set_password(tx, id, &hash, now)?;
        session_revoke_all(tx, id, None, "password", now)?;
        Ok::<_, Problem>(())
    };
    app.store.write("cli_user_set_password", work).await.map_err(|problem| explain(&problem))?;
    say(format_args!("the password of {} is set; every session has ended", user.email))
}

async fn disable(known: Known) -> anyhow::Result<()> {
    let (app, context) = open(&known.place).await?;
    let email = known.email.to_lowercase();
    let work = move |tx: &mut Tx<'_>| {
        let user = named(tx, &email)?;
        switch_off(tx, &context, user.id.0)?;
        Ok::<_, Problem>(user.email)
    };
    let email = app.store.write("cli_user_disable", work).await.map_err(|problem| explain(&problem))?;
    say(format_args!("{email} is switched off; every session has ended"))
}

fn named(db: &mut Db, email: &str) -> Result<UserRow, Problem> {
    let unknown = || {
        let error = FieldError::at("/email", Code::NotFound)
            .because(format!("没有用户 {email}"), format!("there is no user {email}"));
        Problem::validation().error(error)
    };
    user_find_by_email(db, email)?.ok_or_else(unknown)
}

/// Asks twice on a terminal; elsewhere the first line of the standard input is the password.
fn ask_password() -> anyhow::Result<String> {
    if std::io::stdin().is_terminal() {
        let first = rpassword::prompt_password("New password: ")?;
        ensure!(first == rpassword::prompt_password("Once more: ")?, "the two differ: run the command again");
        return Ok(first);
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("the password cannot be read from the standard input")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
