//! What is still to be done about a lead, when it is converted and when that is undone.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use rapport_domain::access::Visibility;
use rapport_domain::activity::ActivityStatus;
use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_persistence::activities::{ActivityBody, activities_open};
use rapport_persistence::conversions::ConversionRow;
use rapport_persistence::record::Record;
use rapport_persistence::records::record_find;
use rapport_persistence::types::Id;
use rapport_persistence::{StoreError, Tx};

use super::dto::OpenTasks;
use crate::activities::{Activities, permit};
use crate::problem::Problem;
use crate::records::write;

/// What was done with one of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct TaskDetail {
    id: Uuid,
    was: Place,
    is: Place,
}

/// What a task is about, and whether it is still to be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Place {
    status: String,
    about: Vec<(String, Uuid)>,
}

impl Place {
    fn of(body: &ActivityBody) -> Self {
        let about = body.about().into_iter().map(|(kind, id)| (kind.as_str().to_owned(), id)).collect();
        Self { status: body.status.clone(), about }
    }

    fn put(&self, body: &mut ActivityBody) {
        body.status.clone_from(&self.status);
        for kind in RecordKind::ABOUT {
            let id = self.about.iter().find(|(name, _)| name == kind.as_str()).map(|(_, id)| Id(*id));
            body.put_about(kind, id);
        }
    }
}

/// Hands what is still to be done on to what the lead has become, or closes it.
///
/// # Errors
/// When the database fails.
pub(super) fn hand_on(
    tx: &mut Tx<'_>,
    ctx: &Context,
    made: &ConversionRow,
    how: OpenTasks,
) -> Result<Vec<TaskDetail>, Problem> {
    if how == OpenTasks::Keep {
        return Ok(Vec::new());
    }
    let open = activities_open(tx, RecordKind::Lead, made.lead_id.0).map_err(StoreError::from)?;
    open.into_iter().map(|before| hand_one_on(tx, ctx, made, how, &before)).collect()
}

fn hand_one_on(
    tx: &mut Tx<'_>,
    ctx: &Context,
    made: &ConversionRow,
    how: OpenTasks,
    before: &Record<ActivityBody>,
) -> Result<TaskDetail, Problem> {
    let mut task = before.clone();
    if how == OpenTasks::Close {
        ActivityStatus::Cancelled.as_str().clone_into(&mut task.body.status);
    } else {
        task.body.put_about(RecordKind::Lead, None);
        let heirs = [
            (RecordKind::Customer, made.customer_id),
            (RecordKind::Contact, made.contact_id),
            (RecordKind::Opportunity, made.opportunity_id),
        ];
        for (kind, heir) in heirs.into_iter().filter(|(_, heir)| heir.is_some()) {
            task.body.put_about(kind, heir);
        }
    }
    let task = write::save::<Activities>(tx, ctx, &permit()?, before, task, "convert")?;
    Ok(TaskDetail { id: task.head.id.0, was: Place::of(&before.body), is: Place::of(&task.body) })
}

/// Gives tasks back that are as the conversion left them.
///
/// # Errors
/// When the database fails.
pub(super) fn give_back(tx: &mut Tx<'_>, ctx: &Context, tasks: &[TaskDetail]) -> Result<(), Problem> {
    for detail in tasks {
        let found: Option<Record<ActivityBody>> =
            record_find(tx, &Visibility::Everything, detail.id).map_err(StoreError::from)?;
        let alive = found.filter(|task| task.head.deleted_at.is_none() && Place::of(&task.body) == detail.is);
        if let Some(before) = alive {
            let mut task = before.clone();
            detail.was.put(&mut task.body);
            write::save::<Activities>(tx, ctx, &permit()?, &before, task, "undo")?;
        }
    }
    Ok(())
}
