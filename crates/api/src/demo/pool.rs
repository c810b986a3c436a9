//! The customer pool of the demonstration: its rules, and customers that lie in it.

use rapport_domain::pool::ReleaseRule;
use serde_json::{Value, json};

use super::Stage;
use crate::configuration::defaults::DEFAULT_POOL;
use crate::customers::Customers;
use crate::extract::parse_body;
use crate::pools;
use crate::problem::Problem;

/// Who gave what back how many days ago, and why; without a reason a rule did.
const RELEASED: [(&str, &str, &str, i64, Option<&str>); 6] = [
    ("宁波恒达包装材料有限公司", "包装", "sales", 12, Some("今年没有预算，明年一季度再联系")),
    ("合肥云帆自动化设备有限公司", "制造业", "sales", 9, None),
    ("Lakeside Tools GmbH", "Manufacturing", "sales2", 8, Some("The contact has left, no successor yet")),
    ("济南齐鲁食品机械厂", "食品", "sales2", 5, None),
    ("厦门海蓝物流有限公司", "物流", "manager", 3, Some("区域调整，请厦门附近的同事跟进")),
    ("Northwind Foods Ltd", "Food", "sales2", 1, Some("Wants a partner closer by")),
];

/// Rules that are new, so that owners are just being warned; then what was given back of late.
pub(super) fn play(stage: &mut Stage<'_, '_>) -> Result<(), Problem> {
    for (name, industry, owner, days, reason) in RELEASED {
        let made = stage.moment(owner, days + 90);
        let input = json!({"name": name, "industry": industry, "level": "C", "source": "cold_call"});
        let customer = stage.create::<Customers>(&made, &input)?;
        match reason {
            Some(reason) => {
                let ctx = stage.moment(owner, days);
                let asked = parse_body(json!({"reason": reason}).to_string().as_bytes())?;
                pools::release(stage.tx, &ctx, customer.head.id.0, None, &asked)?;
            }
            None => {
                let ctx = stage.moment("", days);
                pools::release_by_rule(stage.tx, &ctx, &customer, ReleaseRule::NoActivity)?;
            }
        }
    }
    let rules: Value = json!({
        "release": {"no_activity_days": 120}, "warn_days": 7, "owned_cap": 200, "claims_per_day": 10, "cooldown_days": 7,
    });
    let ctx = stage.moment("admin", 0);
    pools::update(stage.tx, &ctx, DEFAULT_POOL, None, &rules).map(drop)
}
