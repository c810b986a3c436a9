//! What happens in the sample data: customers and their people, leads, deals on their way.

use chrono::TimeDelta;
use rapport_domain::context::Context;
use rapport_persistence::leads::LeadBody;
use rapport_persistence::pipelines::{StageRow, pipeline_default, stages_of};
use rapport_persistence::record::Record;
use serde_json::{Value, json};
use uuid::Uuid;

use super::companies::companies;
use super::{Stage, told, work};
use crate::contacts::Contacts;
use crate::conversion::convert;
use crate::customers::Customers;
use crate::extract::parse_body;
use crate::leads::Leads;
use crate::opportunities::{MoveOpportunity, Opportunities, move_deal};
use crate::problem::{Code, Problem};
use crate::sample::names::{self, Company};

/// Who owns customers and deals, the busier more often.
const SELLERS: [&str; 6] = ["sales", "sales", "sales", "sales2", "sales2", "manager"];
/// Who leads belong to.
const LEAD_OWNERS: [&str; 6] = ["sales", "sales", "sales2", "sales2", "marketing", "manager"];
const SOURCES: [&str; 8] = ["website", "ad", "event", "referral", "cold_call", "email", "partner", "social"];
const TAGS: [&str; 6] = ["重点客户", "展会", "老客户", "代理商", "价格敏感", "长期合作"];
const TAGS_EN: [&str; 4] = ["key account", "trade fair", "reseller", "renewal"];
const ROLES: [&str; 4] = ["decision_maker", "influencer", "user", "gatekeeper"];
const WISHES: [&str; 6] = [
    "想了解设备升级方案，今年内有预算。",
    "展会上拿了资料，请发一份报价。",
    "希望先做一个小范围试点。",
    "现有供应商交期太长，正在比较。",
    "需要和现有 ERP 对接，想看演示。",
    "新工厂明年投产，先询价。",
];
const WISHES_EN: [&str; 4] = [
    "Saw you at the trade fair, please send a quote.",
    "Looking to replace our current supplier this year.",
    "We would like to start with a small pilot.",
    "Needs to work with our ERP; can we see a demo?",
];
const DEALS: [&str; 6] = ["设备升级", "年度框架采购", "试点项目", "产线改造", "维保续约", "系统集成"];
const DEALS_EN: [&str; 5] = ["Annual licence", "Pilot", "Line upgrade", "Maintenance renewal", "Rollout"];
const STEPS: [&str; 4] = ["发送修订后的报价", "约技术负责人现场演示", "确认合同条款", "等待采购委员会结果"];
const STEPS_EN: [&str; 3] = ["Send the revised quote", "Demo with the technical lead", "Agree contract terms"];

/// A customer with its people.
struct Account {
    company: Company,
    owner: &'static str,
    id: Uuid,
    contacts: Vec<Uuid>,
    days: i64,
}

/// Plays everything.
pub(super) fn play(stage: &mut Stage<'_, '_>) -> Result<(), Problem> {
    let mut accounts = Vec::new();
    for (company, level) in companies() {
        accounts.push(account(stage, company, level)?);
    }
    leads(stage)?;
    deals(stage, &accounts)?;
    (0..8).try_for_each(|_| conversion(stage))?;
    match accounts.iter().find(|account| account.owner == "sales") {
        Some(account) => told::play(stage, account.id),
        None => Ok(()),
    }
}

fn account(stage: &mut Stage<'_, '_>, company: Company, level: &str) -> Result<Account, Problem> {
    let (owner, days) = (stage.dice.pick(&SELLERS), stage.dice.between(60, 400));
    let ctx = stage.moment(owner, days);
    let phone = names::phone(&mut stage.dice, company.is_chinese).0;
    let revenue = stage.dice.amount(5_000_000, 900_000_000, 100_000);
    let input = json!({
        "name": company.name, "level": level, "industry": company.industry, "website": format!("https://www.{}", company.domain),
        "email": format!("info@{}", company.domain), "phone": phone, "source": stage.dice.pick(&SOURCES),
        "employees": stage.dice.amount(20, 9000, 10), "tags": tags(stage, &company), "annual_revenue": money(revenue, &company),
        "address": {"country": company.country, "region": company.region, "city": company.city},
    });
    let customer = stage.create::<Customers>(&ctx, &input)?;
    let mut account = Account { company, owner, id: customer.head.id.0, contacts: Vec::new(), days };
    for number in 0..3 {
        let contact = contact(stage, &account, number)?;
        account.contacts.push(contact);
    }
    Ok(account)
}

fn contact(stage: &mut Stage<'_, '_>, account: &Account, number: i64) -> Result<Uuid, Problem> {
    let ctx = stage.moment(account.owner, account.days - 1 - number);
    let person = names::person(&mut stage.dice, account.company.is_chinese);
    let phone = names::phone(&mut stage.dice, account.company.is_chinese).0;
    let input = json!({
        "family_name": person.family, "given_name": person.given, "job_title": person.title,
        "decision_role": stage.dice.pick(&ROLES), "source": stage.dice.pick(&SOURCES),
        "emails": [{"kind": "work", "value": format!("{}@{}", person.mailbox, account.company.domain), "primary": true}],
        "phones": [{"kind": "mobile", "value": phone, "primary": true}],
        "customers": [{"customer_id": account.id, "primary": true}],
    });
    Ok(stage.create::<Contacts>(&ctx, &input)?.head.id.0)
}

// ---------------------------------------------------------------- leads

/// Seventy-two leads, some in every status that can be set by hand; eight more are converted.
fn leads(stage: &mut Stage<'_, '_>) -> Result<(), Problem> {
    let statuses = [("new", 24), ("working", 20), ("nurturing", 9), ("qualified", 10), ("disqualified", 9)];
    for (status, count) in statuses {
        for _ in 0..count {
            let owner = stage.dice.pick(&LEAD_OWNERS);
            let lead = lead(stage, owner, status)?;
            if matches!(status, "working" | "qualified") {
                work::on_lead(stage, owner, &lead)?;
            }
        }
    }
    Ok(())
}

/// A lead that was found good and became a customer, a contact and a deal.
fn conversion(stage: &mut Stage<'_, '_>) -> Result<(), Problem> {
    let owner = stage.dice.pick(&SELLERS);
    let lead = lead(stage, owner, "qualified")?;
    let days = stage.dice.between(0, 2);
    let ctx = stage.moment(owner, days);
    let close = (stage.now + TimeDelta::days(stage.dice.between(14, 80))).date_naive();
    let name = lead.body.company_name.clone().unwrap_or(lead.head.name);
    let title = if name.is_ascii() { stage.dice.pick(&DEALS_EN) } else { stage.dice.pick(&DEALS) };
    let deal = json!({"name": format!("{name} – {title}"), "expected_close_on": close});
    let asked = json!({
        "customer": {"mode": "create"}, "contact": {"mode": "create"}, "opportunity": {"mode": "create", "fields": deal},
        "on_duplicate": "force", "duplicate_reason": "另一家同名公司",
    });
    convert(stage.tx, &ctx, lead.head.id.0, None, &parse_body(asked.to_string().as_bytes())?)?;
    Ok(())
}

fn lead(stage: &mut Stage<'_, '_>, owner: &str, status: &str) -> Result<Record<LeadBody>, Problem> {
    let days = lead_age(stage, status);
    let ctx = stage.moment(owner, days);
    lead_by(stage, &ctx, status)
}

/// A lead that somebody makes at a moment.
pub(super) fn lead_by(stage: &mut Stage<'_, '_>, ctx: &Context, status: &str) -> Result<Record<LeadBody>, Problem> {
    let company = names::company(&mut stage.dice);
    let person = names::person(&mut stage.dice, company.is_chinese);
    let phone = names::phone(&mut stage.dice, company.is_chinese).0;
    let amount = stage.dice.amount(20_000, 2_000_000, 1000);
    let (source, rating) = (stage.dice.pick(&SOURCES), stage.dice.pick(&["hot", "warm", "warm", "cold"]));
    // Where rules rate leads, people say so of few.
    let rating = Some(rating).filter(|rating| !stage.has_rules || *rating == "hot" && company.is_chinese);
    let mut input = json!({
        "family_name": person.family, "given_name": person.given, "company_name": company.name, "title": person.title,
        "email": format!("{}@{}", person.mailbox, company.domain), "phone": phone, "industry": company.industry,
        "region": company.region, "city": company.city, "source": source, "status": status,
        "rating": rating, "estimated_amount": money(amount, &company),
        "interest": if company.is_chinese { stage.dice.pick(&WISHES) } else { stage.dice.pick(&WISHES_EN) },
        "tags": tags(stage, &company),
    });
    let revisit = (stage.now + TimeDelta::days(stage.dice.between(7, 90))).date_naive();
    match status {
        "nurturing" => set(&mut input, "revisit_on", json!(revisit)),
        "disqualified" => {
            set(
                &mut input,
                "disqualified_reason",
                json!(stage.dice.pick(&["no_need", "no_budget", "competitor", "wrong_contact"])),
            );
        }
        _ => {}
    }
    stage.create::<Leads>(ctx, &input)
}

/// New leads are new.
fn lead_age(stage: &mut Stage<'_, '_>, status: &str) -> i64 {
    if status == "new" { stage.dice.between(0, 6) } else { stage.dice.between(3, 90) }
}

// ---------------------------------------------------------------- deals

/// Fifty-two deals over all stages: more on their way than at an end, and those that ended long ago are won or lost.
fn deals(stage: &mut Stage<'_, '_>, accounts: &[Account]) -> Result<(), Problem> {
    let pipeline = pipeline_default(stage.tx)?.ok_or_else(|| Problem::new(Code::Internal))?;
    let stages = stages_of(stage.tx, pipeline.id.0)?;
    let goals = ["open", "open", "open", "won", "open", "lost", "open", "won", "open", "lost", "open", "void"];
    for (number, goal) in goals.into_iter().cycle().take(52).enumerate() {
        let at = stage.dice.below(accounts.len());
        if let Some(account) = accounts.get(at) {
            deal(stage, account, &path(&stages, goal, number))?;
        }
    }
    Ok(())
}

/// The open stages in turn, so far as this deal comes, then its end.
fn path(stages: &[StageRow], goal: &str, number: usize) -> Vec<StageRow> {
    let open = stages.iter().filter(|stage| stage.category == "open");
    let reached = if goal == "won" { open.clone().count() } else { 1 + (number / 2) % open.clone().count().max(1) };
    let end = stages.iter().find(|stage| goal != "open" && stage.category == goal);
    open.take(reached).chain(end).cloned().collect()
}

fn deal(stage: &mut Stage<'_, '_>, account: &Account, path: &[StageRow]) -> Result<(), Problem> {
    let Some((first, rest)) = path.split_first() else { return Ok(()) };
    let is_closed = path.last().is_some_and(|last| last.category != "open");
    // What has ended did so over the last half year, some six weeks after it began.
    let start =
        if is_closed { stage.dice.between(30, (account.days - 10).clamp(31, 190)) } else { stage.dice.between(5, 45) };
    let taken = if is_closed { start.min(45) } else { start };
    let ctx = stage.moment(account.owner, start);
    let is_chinese = account.company.is_chinese;
    let title = if is_chinese { stage.dice.pick(&DEALS) } else { stage.dice.pick(&DEALS_EN) };
    let amount = stage.dice.amount(30_000, 3_000_000, 1000);
    let close = stage.now
        + TimeDelta::days(if is_closed {
            taken - start - stage.dice.between(1, 5)
        } else {
            stage.dice.between(-4, 75)
        });
    let input = json!({
        "name": format!("{} – {title}", short_name(&account.company)), "customer_id": account.id,
        "primary_contact_id": account.contacts.first(), "stage_id": first.id.0, "amount": money(amount, &account.company),
        "expected_close_on": close.date_naive(), "source": stage.dice.pick(&SOURCES),
        "contacts": account.contacts.iter().take(2).map(|id| json!({"contact_id": id, "role": stage.dice.pick(&ROLES)})).collect::<Vec<_>>(),
        "next_step": if is_chinese { stage.dice.pick(&STEPS) } else { stage.dice.pick(&STEPS_EN) },
        "tags": tags(stage, &account.company),
    });
    let deal = stage.create::<Opportunities>(&ctx, &input)?;
    let steps = i64::try_from(rest.len()).unwrap_or(1);
    for (number, next) in (1..).zip(rest) {
        let days = start - taken * number / (steps + 1);
        advance(stage, account.owner, days, deal.head.id.0, next)?;
    }
    if is_closed {
        return Ok(());
    }
    work::on_deal(stage, account.owner, (deal.head.id.0, account.id, account.contacts.first()), start, is_chinese)
}

fn advance(stage: &mut Stage<'_, '_>, who: &str, days_ago: i64, deal: Uuid, to: &StageRow) -> Result<(), Problem> {
    let ctx = stage.moment(who, days_ago.max(0));
    let lost = (to.category == "lost")
        .then(|| stage.dice.pick(&["price", "competitor", "no_budget", "no_decision", "timing"]));
    let asked = MoveOpportunity {
        stage_id: to.id.0,
        after_id: None,
        before_id: None,
        lost_reason: lost.map(str::to_owned),
        lost_note: None,
        reason: None,
        fields: None,
    };
    move_deal(stage.tx, &ctx, deal, None, &asked)?;
    Ok(())
}

// ---------------------------------------------------------------- parts

fn money(amount: i64, company: &Company) -> Value {
    let currency = if company.is_chinese { "CNY" } else { "USD" };
    json!({"amount": format!("{amount}.00"), "currency": currency})
}

fn tags(stage: &mut Stage<'_, '_>, company: &Company) -> Vec<&'static str> {
    if !stage.dice.chance(45) {
        return Vec::new();
    }
    vec![if company.is_chinese { stage.dice.pick(&TAGS) } else { stage.dice.pick(&TAGS_EN) }]
}

/// The name of a company as people say it: without city and legal form where these are Chinese.
fn short_name(company: &Company) -> String {
    let name = company.name.trim_start_matches(company.city).trim_start_matches('市');
    name.trim_end_matches("股份有限公司").trim_end_matches("有限公司").to_owned()
}

fn set(input: &mut Value, name: &str, value: Value) {
    if let Some(fields) = input.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}
