//! What an activity does beside itself, in the same transaction: the next one, the marks on what it is about, and the answer
//! to a lead that has waited for it.

use rapport_domain::access::{Action, Actor, Permit, Subject, Visibility, decide};
use rapport_domain::activity::{ActivityError, ActivityKind, ActivityStatus, Direction, Planned, Timing, is_response};
use rapport_domain::context::{Context, Locale};
use rapport_domain::kind::RecordKind;
use rapport_domain::lead::{StatusCategory, StatusFacts};
use rapport_persistence::activities::{ActivityBody, activity_marks};
use rapport_persistence::lead_statuses::lead_status_hold_first;
use rapport_persistence::leads::LeadBody;
use rapport_persistence::record::Record;
use rapport_persistence::records::record_find;
use rapport_persistence::{StoreError, Tx};
use uuid::Uuid;

use super::{AboutDto, Activities, CreateActivity, FollowUp, MAX_NAME};
use crate::leads::{Leads, status};
use crate::pools::{self, Pools};
use crate::problem::{Code, Problem};
use crate::records::fields::Faults;
use crate::records::write;

/// What an activity is called that nobody has named.
pub(super) fn word_for(kind: ActivityKind, locale: Locale) -> &'static str {
    let (chinese, english) = match kind {
        ActivityKind::Call => ("电话", "Call"),
        ActivityKind::Email => ("邮件", "E-mail"),
        ActivityKind::Meeting => ("会面", "Meeting"),
        ActivityKind::Visit => ("拜访", "Visit"),
        ActivityKind::Message => ("消息", "Message"),
        ActivityKind::Note => ("备注", "Note"),
        ActivityKind::Task => ("任务", "Task"),
    };
    match locale {
        Locale::ZhCn => chinese,
        Locale::En => english,
    }
}

/// Makes the task that comes next, about the same records and for the same person.
pub(super) fn follow_up(
    tx: &mut Tx<'_>,
    ctx: &Context,
    record: &Record<ActivityBody>,
    next: &FollowUp,
) -> Result<(), Problem> {
    let mut faults = Faults::default();
    let name = faults.line("/follow_up/name", next.name.as_deref(), MAX_NAME);
    let planned = Planned { due_at: Some(next.due_at), ..Planned::default() };
    if let Err(ActivityError::TooFar { .. }) = Timing::settle(ActivityKind::Task, planned, ctx.now) {
        faults.add("/follow_up/due_at", Code::InvalidValue);
    }
    faults.finish()?;
    let about = record.body.about().into_iter();
    let task = CreateActivity {
        kind: Some(ActivityKind::Task.as_str().to_owned()),
        name: Some(name.unwrap_or_else(|| record.head.name.clone())),
        due_at: Some(next.due_at),
        about: about.map(|(kind, id)| AboutDto { kind: kind.as_str().to_owned(), id }).collect(),
        owner_id: record.head.owner_id.map(Into::into),
        ..CreateActivity::default()
    };
    write::create::<Activities>(tx, ctx, &task).map(drop)
}

/// Writes down with everything it is about, and was about, when something last happened and what comes next.
pub(super) fn mark(
    tx: &mut Tx<'_>,
    record: &Record<ActivityBody>,
    before: Option<&Record<ActivityBody>>,
) -> Result<(), Problem> {
    let mut about = record.body.about();
    about.extend(before.map(|before| before.body.about()).unwrap_or_default());
    let customers = about.iter().filter(|(kind, _)| *kind == RecordKind::Customer).map(|(_, id)| *id);
    let customers: Vec<Uuid> = customers.collect();
    if customers.is_empty() {
        return Ok(activity_marks(tx, &permit()?, &about)?);
    }
    let pools = Pools::hold(tx)?;
    activity_marks(tx, &permit()?, &about)?;
    pools::keep_releases(tx, &pools, &customers)
}

/// What follows by rule, from an activity or for one, is nobody's edit of what it follows for.
pub(crate) fn permit() -> Result<Permit, Problem> {
    Ok(decide(&Actor::system(), Action::Edit, Subject::Activity, None)?)
}

/// The first time that we are in touch with a new lead it is being worked on, and no longer waits. What has been an answer
/// to it before is none again, whatever is changed of it.
pub(super) fn answer_lead(
    tx: &mut Tx<'_>,
    ctx: &Context,
    record: &Record<ActivityBody>,
    before: Option<&Record<ActivityBody>>,
) -> Result<(), Problem> {
    if before.is_some_and(|was| is_answer(&was.body) && was.body.lead_id == record.body.lead_id) {
        return Ok(());
    }
    let Some(lead) = record.body.lead_id.filter(|_| record.head.deleted_at.is_none() && is_answer(&record.body)) else {
        return Ok(());
    };
    let found: Option<Record<LeadBody>> = record_find(tx, &Visibility::Everything, lead.0).map_err(StoreError::from)?;
    let Some(before) = found.filter(|lead| lead.head.deleted_at.is_none()) else { return Ok(()) };
    let was = status::situation_of(&before.body);
    if was.category == StatusCategory::Converted {
        return Ok(());
    }
    let mut lead = before.clone();
    if lead.body.first_responded_at.is_none() {
        lead.body.first_responded_at = record.body.happened_at;
    }
    if was.category == StatusCategory::New
        && let Some(working) = lead_status_hold_first(tx, StatusCategory::Working)?
        && let Ok(situation) = was.change_status(StatusCategory::Working, StatusFacts::default(), ctx.today())
    {
        status::store(&mut lead.body, &working.key, &situation);
    }
    let permit = decide(&Actor::system(), Action::Edit, Subject::Lead, None)?;
    write::save::<Leads>(tx, ctx, &permit, &before, lead, "respond").map(drop)
}

fn is_answer(body: &ActivityBody) -> bool {
    let direction = body.profile.0.direction.as_deref().and_then(Direction::parse);
    ActivityKind::parse(&body.kind)
        .zip(ActivityStatus::parse(&body.status))
        .is_some_and(|(kind, status)| is_response(kind, direction, status))
}
