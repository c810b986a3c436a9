//! What people did and have to do in the sample data.

use chrono::{TimeDelta, Utc};
use rapport_domain::kind::RecordKind;
use rapport_persistence::leads::LeadBody;
use rapport_persistence::record::Record;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Stage;
use crate::activities::Activities;
use crate::files;
use crate::problem::Problem;

/// What was done: how, in few words, and what came of it.
type Deed = (&'static str, &'static str, &'static str);

const DEEDS: [Deed; 7] = [
    ("call", "首次电话沟通", "确认了需求和预算区间，采购流程由 **设备部** 发起。"),
    ("email", "发送产品资料", "已发选型手册和两个同行案例。"),
    ("message", "微信确认参数", "对方补充了电源规格，交期要求 6 周内。"),
    ("call", "跟进报价", "价格还在比较，希望付款条件再宽一些。"),
    ("meeting", "线上演示", "技术负责人对换型时间很满意，想看现场。"),
    ("visit", "现场拜访", "看了产线：\n\n- 换型时间长\n- 备件库存高"),
    ("note", "背景", "现有供应商合同明年三月到期。"),
];
const DEEDS_EN: [Deed; 5] = [
    ("call", "First call", "Budget is there; the **plant manager** decides."),
    ("email", "Sent the brochure", "Catalogue and two reference stories."),
    ("call", "Call about the quote", "They accept the scope, the price is still open."),
    ("meeting", "Online demo", "Liked the reporting, wants to see it on site."),
    ("note", "Background", "Their current contract ends in March."),
];
const NEXT: [&str; 5] = ["回访报价结果", "安排现场演示", "发送修订后的报价", "确认付款条件", "约技术交流"];
const NEXT_EN: [&str; 3] = ["Follow up on the quote", "Arrange the demo", "Send the contract"];

/// What came of meeting somebody: its name, and what is in it.
const QUOTE: (&str, &str) = (
    "报价明细.csv",
    "\u{FEFF}序号,名称,数量,单价\r\n1,数据采集终端,12,3980.00\r\n2,安装与调试,1,18000.00\r\n3,年度维护,1,9600.00\r\n",
);
const NOTES: (&str, &str) =
    ("Meeting notes.md", "# Meeting notes\n\n- Scope agreed\n- Pilot line in January\n- Open: payment terms\n");

/// What was done about a lead that is being worked on, and what comes next.
pub(super) fn on_lead(stage: &mut Stage<'_, '_>, owner: &str, lead: &Record<LeadBody>) -> Result<(), Problem> {
    let is_chinese = !lead.head.name.is_ascii();
    let about = json!([{"type": RecordKind::Lead.as_str(), "id": lead.head.id}]);
    let age = (stage.now - lead.head.created_at.0).num_days();
    let count = stage.dice.between(1, 3);
    done(stage, owner, age, count, &about, is_chinese)?;
    if stage.dice.chance(60) { planned(stage, owner, &about, is_chinese) } else { Ok(()) }
}

/// What was done about an open deal, and what comes next; one in five has no next step.
pub(super) fn on_deal(
    stage: &mut Stage<'_, '_>,
    owner: &str,
    deal: (Uuid, Uuid, Option<&Uuid>),
    age: i64,
    is_chinese: bool,
) -> Result<(), Problem> {
    let (opportunity, customer, contact) = deal;
    let mut about = vec![
        json!({"type": RecordKind::Opportunity.as_str(), "id": opportunity}),
        json!({"type": RecordKind::Customer.as_str(), "id": customer}),
    ];
    about.extend(contact.map(|id| json!({"type": RecordKind::Contact.as_str(), "id": id})));
    let (about, count) = (Value::Array(about), stage.dice.between(1, 4));
    done(stage, owner, age, count, &about, is_chinese)?;
    if stage.dice.chance(80) { planned(stage, owner, &about, is_chinese) } else { Ok(()) }
}

fn done(
    stage: &mut Stage<'_, '_>,
    owner: &str,
    age: i64,
    count: i64,
    about: &Value,
    is_chinese: bool,
) -> Result<(), Problem> {
    for number in 0..count {
        let ctx = stage.moment(owner, (age * (count - number) / (count + 1)).max(0));
        let (kind, name, body) = if is_chinese { stage.dice.pick(&DEEDS) } else { stage.dice.pick(&DEEDS_EN) };
        let mut input = json!({"kind": kind, "name": name, "body": body, "about": about});
        if let (Some(fields), "call") = (input.as_object_mut(), kind) {
            fields.insert(
                "outcome".to_owned(),
                json!(stage.dice.pick(&["reached", "reached", "interested", "left_message"])),
            );
            fields.insert("duration_minutes".to_owned(), json!(stage.dice.between(2, 35)));
        }
        if let (Some(fields), "meeting" | "visit") = (input.as_object_mut(), kind) {
            let (name, text) = if is_chinese { QUOTE } else { NOTES };
            let file = files::put(stage.tx, &ctx, name, text.as_bytes())?.id;
            fields.insert("attachments".to_owned(), json!([file]));
        }
        stage.create::<Activities>(&ctx, &input)?;
    }
    Ok(())
}

/// Something to be done between three days ago and two weeks ahead, in working hours of the organisation's zone.
fn planned(stage: &mut Stage<'_, '_>, owner: &str, about: &Value, is_chinese: bool) -> Result<(), Problem> {
    let ctx = stage.moment(owner, 0);
    let day = (stage.now + TimeDelta::days(stage.dice.between(-3, 14))).date_naive();
    let due = day.and_hms_opt(1, 0, 0).unwrap_or_default().and_local_timezone(Utc).earliest();
    let due = due.map(|due| due + TimeDelta::minutes(30 * stage.dice.between(0, 17)));
    let name = if is_chinese { stage.dice.pick(&NEXT) } else { stage.dice.pick(&NEXT_EN) };
    let priority = stage.dice.pick(&["normal", "normal", "normal", "high", "low"]);
    let input = json!({"kind": "task", "name": name, "due_at": due, "priority": priority, "about": about});
    stage.create::<Activities>(&ctx, &input).map(drop)
}
