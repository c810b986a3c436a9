//! What a salesperson in the demonstration is told of, beside the leads that rules gave: their manager asks about a customer,
//! and gives them something to do that is due soon.

use chrono::TimeDelta;
use serde_json::json;
use uuid::Uuid;

use super::Stage;
use crate::activities::Activities;
use crate::problem::Problem;

/// The manager writes about a customer of the salesperson's.
pub(super) fn play(stage: &mut Stage<'_, '_>, customer: Uuid) -> Result<(), Problem> {
    let Some(seller) = stage.id_of("sales") else { return Ok(()) };
    let ctx = stage.moment("manager", 0);
    let about = json!([{"type": "customer", "id": customer}]);
    let question = format!("@[李晓晨](user:{seller}) 客户问能不能分三期付款，你怎么看？");
    stage.create::<Activities>(&ctx, &json!({"kind": "note", "body": question, "about": about}))?;
    let due = stage.now + TimeDelta::minutes(2);
    let task = json!({"kind": "task", "name": "确认付款条件", "due_at": due, "owner_id": seller, "about": about});
    stage.create::<Activities>(&ctx, &task).map(drop)
}
