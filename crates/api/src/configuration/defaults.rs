//! The configuration an organisation starts with. Ids are fixed, so that every node and every test means the same.

use rapport_domain::access::{Action, Permit, Subject, decide};
use rapport_domain::context::Context;
use rapport_persistence::Tx;
use rapport_persistence::customer_pools::{CustomerPoolRow, customer_pool_insert};
use rapport_persistence::lead_statuses::{LeadStatusRow, lead_status_insert};
use rapport_persistence::pipelines::{PipelineRow, StageRow, pipeline_insert, stage_insert};
use rapport_persistence::settings::{setting_find, setting_put};
use rapport_persistence::sources::{SourceRow, source_insert};
use rapport_persistence::types::{Id, Instant, Json};
use uuid::Uuid;

use super::dto::StageInput;
use super::names::Names;
use super::stages::read;
use super::words::{Color, DealCategory, LeadCategory, StageField};
use crate::pools::DEFAULT_WARN_DAYS;
use crate::problem::Problem;

/// The sales pipeline every organisation starts with.
pub const SALES_PIPELINE: Uuid = fixed(0x100);

/// Its stages, in order.
pub const SALES_STAGES: [Uuid; 7] =
    [fixed(0x101), fixed(0x102), fixed(0x103), fixed(0x104), fixed(0x105), fixed(0x106), fixed(0x107)];

/// The pool of customers that every organisation starts with; it is called in the language of the reader.
pub const DEFAULT_POOL: Uuid = fixed(0x200);

/// The setting that says that the defaults were written: what is deleted later must not come back with a restart.
const WRITTEN: &str = "configuration_defaults";

const fn fixed(number: u128) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | number)
}

const SOURCES: [(&str, &str, &str); 12] = [
    ("website", "官网", "Website"),
    ("ad", "广告", "Advertisement"),
    ("event", "活动", "Event"),
    ("referral", "转介绍", "Referral"),
    ("cold_call", "电话开发", "Cold call"),
    ("email", "邮件", "E-mail"),
    ("import", "导入", "Import"),
    ("api", "接口", "API"),
    ("partner", "合作伙伴", "Partner"),
    ("social", "社交媒体", "Social media"),
    ("walk_in", "上门", "Walk-in"),
    ("other", "其他", "Other"),
];

const STATUSES: [(LeadCategory, &str, &str, Color); 6] = [
    (LeadCategory::New, "新线索", "New", Color::Blue),
    (LeadCategory::Working, "跟进中", "Working", Color::Amber),
    (LeadCategory::Nurturing, "培育中", "Nurturing", Color::Violet),
    (LeadCategory::Qualified, "已确认", "Qualified", Color::Teal),
    (LeadCategory::Converted, "已转化", "Converted", Color::Green),
    (LeadCategory::Disqualified, "无效", "Disqualified", Color::Gray),
];

/// Writes the defaults into a database that never had any.
///
/// # Errors
/// When the database fails.
pub fn write_defaults(tx: &mut Tx<'_>, ctx: &Context) -> Result<(), Problem> {
    if setting_find::<bool>(tx, WRITTEN)?.is_some() {
        return Ok(());
    }
    let permit = decide(&ctx.actor, Action::Configure, Subject::Configuration, None)?;
    setting_put(tx, WRITTEN, &true)?;
    write_words(tx, &permit)?;
    write_pool(tx, ctx, &permit)?;
    write_pipeline(tx, &permit)
}

fn write_words(tx: &mut Tx<'_>, permit: &Permit) -> Result<(), Problem> {
    for (position, (key, zh_cn, en)) in (0..).zip(SOURCES) {
        let names = Json(Names::both(zh_cn, en).read(&mut Vec::new()));
        source_insert(tx, permit, &SourceRow { key: key.to_owned(), names, position, is_active: true, version: 1 })?;
    }
    for (position, (category, zh_cn, en, color)) in (0..).zip(STATUSES) {
        let row = LeadStatusRow {
            key: category.as_str().to_owned(),
            names: Json(Names::both(zh_cn, en).read(&mut Vec::new())),
            category: category.as_str().to_owned(),
            color: color.as_str().to_owned(),
            position,
            is_active: true,
            version: 1,
        };
        lead_status_insert(tx, permit, &row)?;
    }
    Ok(())
}

/// The pool takes nobody's customers: it has no rules until somebody makes them.
fn write_pool(tx: &mut Tx<'_>, ctx: &Context, permit: &Permit) -> Result<(), Problem> {
    let blank = CustomerPoolRow::blank(DEFAULT_POOL, Instant(ctx.now));
    let row = CustomerPoolRow { is_default: true, warn_days: DEFAULT_WARN_DAYS, ..blank };
    Ok(customer_pool_insert(tx, permit, &row)?)
}

fn write_pipeline(tx: &mut Tx<'_>, permit: &Permit) -> Result<(), Problem> {
    let row = PipelineRow {
        id: Id(SALES_PIPELINE),
        names: Json(Names::both("销售流程", "Sales pipeline").read(&mut Vec::new())),
        is_default: true,
        position: 0,
        is_active: true,
        version: 1,
    };
    pipeline_insert(tx, permit, &row)?;
    for (position, (id, stage)) in (0..).zip(SALES_STAGES.into_iter().zip(usual_stages())) {
        stage_insert(tx, permit, &StageRow { position, ..read(&stage, id, SALES_PIPELINE)? })?;
    }
    Ok(())
}

/// The stages of a pipeline whose stages nobody has told.
#[must_use]
pub fn usual_stages() -> Vec<StageInput> {
    use StageField::{Amount, ExpectedCloseOn};
    vec![
        open("初步接洽", "Contacted", 10, Color::Gray, (7, 5), &[]),
        open("需求确认", "Discovery", 30, Color::Blue, (14, 10), &[]),
        open("方案报价", "Proposal", 60, Color::Violet, (21, 14), &[Amount]),
        open("商务谈判", "Negotiation", 80, Color::Amber, (21, 14), &[Amount, ExpectedCloseOn]),
        end("赢单", "Won", DealCategory::Won, Color::Green),
        end("输单", "Lost", DealCategory::Lost, Color::Red),
        end("作废", "Void", DealCategory::Void, Color::Gray),
    ]
}

fn open(
    zh_cn: &str,
    en: &str,
    probability: i32,
    color: Color,
    days: (i32, i32),
    required: &[StageField],
) -> StageInput {
    StageInput {
        names: Names::both(zh_cn, en),
        probability: Some(probability),
        color,
        expected_days: Some(days.0),
        warning_days: Some(days.1),
        required_fields: required.to_vec(),
        ..StageInput::default()
    }
}

fn end(zh_cn: &str, en: &str, category: DealCategory, color: Color) -> StageInput {
    StageInput { names: Names::both(zh_cn, en), category, color, ..StageInput::default() }
}
