//! `rapport serve --demo`: believable sample data, written through the same rules as everybody's.

mod companies;
mod pool;
mod rules;
mod sales;
mod templates;
mod told;
mod work;

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use rapport_domain::access::{Actor, Via};
use rapport_domain::context::Context;
use rapport_persistence::Tx;
use rapport_persistence::record::Record;
use rapport_persistence::settings::{setting_find, setting_put};
use rapport_persistence::users::user_find_by_email;
use serde_json::Value;
use uuid::Uuid;

use crate::auth::people::actor_of;
use crate::extract::parse_body;
use crate::organisation::{ORGANISATION, Organisation, USUAL_GRACE_DAYS, USUAL_RESPONSE_HOURS};
use crate::problem::Problem;
use crate::records::{RecordType, write};
use crate::sample::dice::{DatedIds, Dice};
use crate::sample::people::{Member, add_members, add_teams};
use crate::scoring;
use crate::state::App;

/// The password of everybody in the demonstration.
pub const DEMO_PASSWORD: &str = "rapport-demo";

const TEAMS: [(&str, Option<&str>); 3] =
    [("销售部 Sales", None), ("华东团队 East", Some("销售部 Sales")), ("华北团队 North", Some("销售部 Sales"))];

/// Adds the people of the demonstration, who share one well-known password, and the sample data.
///
/// Answers whether anything was added: nothing is when they are there already.
///
/// # Errors
/// When the database fails.
pub async fn fill(app: &App) -> Result<bool, Problem> {
    let (ctx, hash) = (app.context_of(Actor::system()), app.hasher.hash(DEMO_PASSWORD.to_owned()).await?);
    let is_new = app
        .store
        .write("demo", move |tx| {
            name_organisation(tx)?;
            add_sample_data(tx, &ctx, Some(&hash))
        })
        .await?;
    if is_new {
        scoring::sweep::once(app).await?;
    }
    Ok(is_new)
}

/// The demonstration has a name of its own, unless somebody has set one up.
fn name_organisation(tx: &mut Tx<'_>) -> Result<(), Problem> {
    if setting_find::<Organisation>(tx, ORGANISATION)?.is_none() {
        let organisation = Organisation {
            name: "示例科技".to_owned(),
            lead_response_hours: Some(USUAL_RESPONSE_HOURS),
            stale_grace_days: Some(USUAL_GRACE_DAYS),
            ..Organisation::default()
        };
        setting_put(tx, ORGANISATION, &organisation)?;
    }
    Ok(())
}

/// Adds the sample data, and the people it belongs to; without a hash they cannot sign in.
///
/// Answers whether anything was added.
///
/// # Errors
/// When the database fails.
pub fn add_sample_data(tx: &mut Tx<'_>, ctx: &Context, password_hash: Option<&str>) -> Result<bool, Problem> {
    if user_find_by_email(tx, "sales@example.com")?.is_some() {
        return Ok(false);
    }
    let teams = add_teams(tx, ctx, &TEAMS)?;
    let users = add_members(tx, ctx, &teams, &members(), password_hash)?;
    let mut actors = HashMap::new();
    for user in users {
        let word = user.email.trim_end_matches("@example.com").to_owned();
        actors.insert(word, actor_of(tx, &user, Via::System)?);
    }
    let mut stage = Stage {
        tx,
        now: ctx.now,
        base: ctx.clone(),
        ids: Arc::new(DatedIds::new(1)),
        dice: Dice::new(20_261_121),
        actors,
        has_rules: password_hash.is_some(),
    };
    sales::play(&mut stage)?;
    pool::play(&mut stage)?;
    templates::play(&mut stage)?;
    // Leads that really come in must neither go to people who cannot sign in nor have points by rules nobody has made.
    if stage.has_rules {
        let teams: Vec<_> = teams.into_iter().map(|(name, id)| (name, id.0)).collect();
        rules::play(&mut stage, &teams)?;
    }
    Ok(true)
}

fn members() -> Vec<Member> {
    let member = |word: &str, name: &str, role, team, manager, language| Member {
        email: format!("{word}@example.com"),
        name: name.to_owned(),
        role,
        team,
        manager,
        language,
    };
    vec![
        member("admin", "陈静", "admin", None, None, "zh-CN"),
        member("manager", "周明远", "manager", Some("华东团队 East"), None, "zh-CN"),
        member("sales", "李晓晨", "sales", Some("华东团队 East"), Some("manager@example.com"), "zh-CN"),
        member("sales2", "Emma Clarke", "sales", Some("华北团队 North"), None, "en"),
        member("service", "赵敏", "service", None, None, "zh-CN"),
        member("marketing", "Marco Weber", "marketing", None, None, "en"),
        member("viewer", "Vera Novak", "viewer", None, None, "en"),
    ]
}

/// Where the sample data is played: who acts when.
struct Stage<'a, 'b> {
    tx: &'a mut Tx<'b>,
    now: DateTime<Utc>,
    base: Context,
    ids: Arc<DatedIds>,
    dice: Dice,
    actors: HashMap<String, Actor>,
    /// Whether there will be rules for leads.
    has_rules: bool,
}

impl Stage<'_, '_> {
    /// The moment some days (and some hours) ago, with one of the people acting.
    fn moment(&mut self, who: &str, days_ago: i64) -> Context {
        let at = self.now - TimeDelta::days(days_ago) - TimeDelta::minutes(self.dice.between(1, 600));
        self.ids.set(at);
        let actor = self.actors.get(who).cloned().unwrap_or_else(Actor::system);
        Context { now: at, actor, ids: self.ids.clone(), ..self.base.clone() }
    }

    /// The id of one of the people.
    fn id_of(&self, who: &str) -> Option<Uuid> {
        self.actors.get(who).map(|actor| actor.user_id)
    }

    /// Makes a record as a caller would, with JSON.
    fn create<R: RecordType>(&mut self, ctx: &Context, input: &Value) -> Result<Record<R::Body>, Problem> {
        write::create::<R>(self.tx, ctx, &parse_body(input.to_string().as_bytes())?)
    }
}
