//! Rules in the demonstration: who gets leads, which its web form has sent, and how many points they have.

use rapport_domain::access::{KeyScope, Via};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Stage, sales};
use crate::assignment;
use crate::extract::parse_body;
use crate::problem::{Code, Problem};
use crate::scoring;

const EAST: [&str; 5] = ["上海", "江苏", "浙江", "安徽", "福建"];
const NORTH: [&str; 5] = ["北京", "天津", "河北", "山东", "辽宁"];

/// Leads of two regions go to their teams on working days, the rest to everybody in turn; then the form sends some.
pub(super) fn play(stage: &mut Stage<'_, '_>, teams: &[(String, Uuid)]) -> Result<(), Problem> {
    let weekdays = json!([1, 2, 3, 4, 5]);
    let region = |regions: &[&str]| json!({"field": "region", "op": "in", "value": regions});
    let sellers: Vec<Uuid> = ["sales", "sales2", "manager"].iter().filter_map(|word| stage.id_of(word)).collect();
    for rule in [
        json!({"name": "华东线索 East", "condition": region(&EAST), "strategy": "round_robin",
            "team_id": team(teams, "华东")?, "with_subteams": true, "working_days": weekdays, "max_per_day": 20}),
        json!({"name": "华北线索 North", "condition": region(&NORTH), "strategy": "least_loaded",
            "team_id": team(teams, "华北")?, "with_subteams": true, "working_days": weekdays, "max_open": 80}),
        json!({"name": "其余线索 Everything else", "strategy": "round_robin", "user_ids": sellers}),
    ] {
        add(stage, &rule)?;
    }
    (0..6).rev().try_for_each(|days| arrive(stage, days))?;
    points(stage)
}

/// What speaks for a lead, and what against it.
fn points(stage: &mut Stage<'_, '_>) -> Result<(), Problem> {
    let ctx = stage.moment("admin", 1);
    let test = |field: &str, op: &str, value: Value| json!({"field": field, "op": op, "value": value});
    for rule in [
        json!({"name": "官网与转介绍 Website and referrals", "kind": "property", "points": 20,
            "condition": test("source", "in", json!(["website", "referral"]))}),
        json!({"name": "五十万以上 Half a million and more", "kind": "property", "points": 20,
            "condition": test("estimated_amount", "ge", json!(500_000))}),
        json!({"name": "会面与拜访 Meetings and visits", "kind": "behaviour", "points": 20,
            "behaviour": {"activity_kinds": ["meeting", "visit"], "at_most": 2, "halves_after_days": 30}}),
        json!({"name": "电话与邮件 Calls and e-mails", "kind": "behaviour", "points": 8,
            "behaviour": {"activity_kinds": ["call", "email", "message"], "at_most": 3, "halves_after_days": 14}}),
        json!({"name": "不合格 Disqualified", "kind": "property", "points": -40,
            "condition": test("status_category", "eq", json!("disqualified"))}),
    ] {
        scoring::create(stage.tx, &ctx, &parse_body(rule.to_string().as_bytes())?)?;
    }
    Ok(())
}

fn team(teams: &[(String, Uuid)], word: &str) -> Result<Uuid, Problem> {
    let found = teams.iter().find(|(name, _)| name.starts_with(word));
    found.map(|(_, id)| *id).ok_or_else(|| Problem::new(Code::Internal))
}

fn add(stage: &mut Stage<'_, '_>, rule: &Value) -> Result<(), Problem> {
    let ctx = stage.moment("admin", 30);
    assignment::create(stage.tx, &ctx, &parse_body(rule.to_string().as_bytes())?).map(drop)
}

/// A lead that comes in by the key of the web form.
fn arrive(stage: &mut Stage<'_, '_>, days_ago: i64) -> Result<(), Problem> {
    let mut ctx = stage.moment("marketing", days_ago);
    ctx.actor.via = Via::ApiKey { id: ctx.next_id(), scopes: KeyScope::all() };
    sales::lead_by(stage, &ctx, "new").map(drop)
}
