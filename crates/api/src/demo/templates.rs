//! Templates of activities in the demonstration: everybody's, and one that a salesperson keeps.

use serde_json::{Value, json};

use super::Stage;
use crate::activity_templates;
use crate::extract::parse_body;
use crate::problem::Problem;

/// Four for everybody, one of somebody's own.
pub(super) fn play(stage: &mut Stage<'_, '_>) -> Result<(), Problem> {
    for template in [
        json!({"name": "首次电话 First call", "is_shared": true, "kind": "call", "direction": "outbound",
            "subject": "首次联系 {{lead.name}}", "duration_minutes": 15, "follow_up_days": 3,
            "body": "**{{lead.company_name}}**\n\n- 需求：\n- 预算：\n- 决策人：\n- 时间计划："}),
        json!({"name": "拜访纪要 Visit report", "is_shared": true, "kind": "visit", "subject": "拜访 {{customer.name}}",
            "duration_minutes": 90, "follow_up_days": 1, "follow_up_name": "给 {{contact.name}} 发会议纪要",
            "body": "{{today}}，{{user.name}}\n\n### 参加人\n\n### 讨论\n\n### 下一步"}),
        json!({"name": "报价跟进 Quote follow-up", "is_shared": true, "kind": "call", "direction": "outbound",
            "subject": "报价跟进：{{opportunity.name}}", "duration_minutes": 10, "follow_up_days": 7,
            "body": "- 对方反馈：\n- 价格与付款条件：\n- 竞争对手："}),
        json!({"name": "Thank-you note", "is_shared": true, "kind": "email", "direction": "outbound",
            "subject": "Thank you, {{contact.name}}",
            "body": "Dear {{contact.name}},\n\nthank you for your time today.\n\nBest regards,\n{{user.name}}"}),
    ] {
        add(stage, "admin", &template)?;
    }
    add(
        stage,
        "sales",
        &json!({"name": "样品寄送", "kind": "task", "subject": "给 {{customer.name}} 寄样品", "priority": "high"}),
    )
}

fn add(stage: &mut Stage<'_, '_>, who: &str, template: &Value) -> Result<(), Problem> {
    let ctx = stage.moment(who, 40);
    activity_templates::create(stage.tx, &ctx, &parse_body(template.to_string().as_bytes())?).map(drop)
}
