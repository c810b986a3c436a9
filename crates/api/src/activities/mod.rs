//! Activities: what was done and what is to be done, about customers, contacts, leads and opportunities.

mod attachments;
mod dto;
mod effects;
mod mentions;
mod repeat;
pub(crate) mod timeline;

use serde_json::{Value, json};
use uuid::Uuid;

use rapport_domain::access::Subject;
use rapport_domain::activity::{
    ActivityKind, ActivityStatus, Direction, Outcome, Planned, Priority, Timing, name_from,
};
use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_domain::mention::plain;
use rapport_domain::search::{Doc, Findable};
use rapport_persistence::activities::{ActivityBody, ActivityProfile, Participant};
use rapport_persistence::record::Record;
use rapport_persistence::satellites::Satellites;
use rapport_persistence::types::{Id, Instant, Json};
use rapport_persistence::users::user_team_hold;
use rapport_persistence::{Db, Tx};

pub(crate) use effects::permit;
pub(crate) use repeat::REPEAT;

pub use attachments::AttachmentView;
pub use dto::{AboutDto, ActivityParty, ActivityView, CreateActivity, FollowUp, ParticipantDto, RepeatDto};

use crate::contacts::Contacts;
use crate::customers::Customers;
use crate::leads::Leads;
use crate::opportunities::Opportunities;
use crate::problem::{Code, Problem};
use crate::records::fields::Faults;
use crate::records::references::{References, Wanted};
use crate::records::routes::Resources;
use crate::records::view::HeadView;
use crate::records::{Common, RecordType, write};
use crate::router::Routes;
use crate::scoring;

/// Characters of a subject.
const MAX_NAME: usize = 200;
/// Characters of a text.
const MAX_BODY: usize = 20_000;
/// Characters of a text that search knows.
const MAX_SEARCHED: usize = 500;
/// People who took part.
const MAX_PARTICIPANTS: usize = 100;

/// The record type.
#[derive(Clone, Copy, Debug)]
pub struct Activities;

/// The endpoints.
pub fn routes(cfg: &mut Routes<'_>) {
    cfg.group("/activities", Resources::<Activities>::new());
}

impl RecordType for Activities {
    type Body = ActivityBody;
    type Input = CreateActivity;
    type View = ActivityView;

    const SUBJECT: Subject = Subject::Activity;
    const NAME: &'static str = "Activity";
    const TAG: &'static str = "Activities";

    fn common(input: &CreateActivity) -> Common<'_> {
        Common {
            id: input.id,
            owner_id: input.owner_id,
            source: input.source.as_deref(),
            tags: &input.tags,
            external_ids: &input.external_ids,
        }
    }

    fn input_of(record: &Record<ActivityBody>) -> CreateActivity {
        CreateActivity::of(record)
    }

    /// Files are told by their names, too: the history outlives them.
    fn ruled(record: &Record<ActivityBody>) -> Vec<(&'static str, Value)> {
        vec![("attachments", attachments::told(record))]
    }

    fn blank(_ctx: &Context) -> ActivityBody {
        ActivityBody {
            kind: String::new(),
            status: ActivityStatus::Done.as_str().to_owned(),
            priority: Priority::Normal.as_str().to_owned(),
            at: None,
            happened_at: None,
            due_at: None,
            reminder_at: None,
            customer_id: None,
            contact_id: None,
            lead_id: None,
            opportunity_id: None,
            profile: Json(ActivityProfile::default()),
        }
    }

    fn prepare(
        tx: &mut Tx<'_>,
        ctx: &Context,
        record: &mut Record<ActivityBody>,
        input: &CreateActivity,
        before: Option<&Record<ActivityBody>>,
    ) -> Result<(), Problem> {
        let mut faults = Faults::default();
        read(&mut faults, ctx, record, input, before);
        fill_about(tx, ctx, &mut faults, record, input, before)?;
        check_participants(tx, ctx, &mut faults, input, before)?;
        mentions::check(tx, &mut faults, record, before)?;
        record.body.profile.0.attachments = attachments::read(tx, ctx, &mut faults, &input.attachments, before)?;
        faults.finish()?;
        if let Some(before) = before {
            repeat::go_on(tx, ctx, record, before)?;
        }
        match &input.follow_up {
            Some(next) => effects::follow_up(tx, ctx, record, next),
            None => Ok(()),
        }
    }

    fn written(
        tx: &mut Tx<'_>,
        ctx: &Context,
        record: &Record<ActivityBody>,
        before: Option<&Record<ActivityBody>>,
    ) -> Result<(), Problem> {
        attachments::write(tx, ctx, record, before)?;
        effects::mark(tx, record, before)?;
        effects::answer_lead(tx, ctx, record, before)?;
        scoring::after_activity(tx, ctx, record, before)
    }

    fn mentions(record: &Record<ActivityBody>) -> &[Uuid] {
        &record.body.profile.0.mentions
    }

    /// Whoever is given what is done already has nothing to do.
    fn tells_owner(record: &Record<ActivityBody>) -> bool {
        record.body.status == ActivityStatus::Open.as_str()
    }

    fn satellites(record: &Record<ActivityBody>) -> Satellites {
        let (head, profile) = (&record.head, &record.body.profile.0);
        let number = head.number.to_string();
        let text: Option<String> = profile.body.as_deref().map(|text| plain(text).chars().take(MAX_SEARCHED).collect());
        let doc = Doc {
            names: vec![&head.name],
            texts: text.as_deref().into_iter().collect(),
            numbers: vec![&number],
            emails: vec![],
        };
        let contacts = profile.participants.iter().filter(|who| who.kind == RecordKind::Contact.as_str());
        let mut links: Vec<Uuid> = contacts.map(|who| who.id).collect();
        links.sort_unstable();
        let Findable { tokens, body } = Findable::of(&doc);
        Satellites {
            tags: head.tags.0.clone(),
            external_ids: head.extras.0.external_ids.clone(),
            keys: Vec::new(),
            links,
            tokens,
            body,
            is_trash: head.deleted_at.is_some(),
        }
    }

    fn dependants(_db: &mut Db, _id: Uuid, _without: &[Uuid]) -> Result<Vec<(&'static str, i64)>, Problem> {
        Ok(Vec::new())
    }

    fn wanted(record: &Record<ActivityBody>, wanted: &mut Wanted) {
        for (kind, id) in record.body.about() {
            wanted.name(kind, Some(id));
        }
        for who in &record.body.profile.0.participants {
            wanted.name(RecordKind::parse(&who.kind).unwrap_or(RecordKind::User), Some(who.id));
        }
        for id in &record.body.profile.0.mentions {
            wanted.name(RecordKind::User, Some(*id));
        }
    }

    fn view(record: &Record<ActivityBody>, references: &References, ctx: &Context) -> ActivityView {
        ActivityView::of(record, HeadView::of(record, Self::SUBJECT, references, ctx), references)
    }

    fn detail(record: &Record<ActivityBody>, references: &References) -> Option<String> {
        record.body.about().into_iter().find_map(|(_, id)| references.name(id).map(str::to_owned))
    }

    fn example() -> Value {
        json!({
            "kind": "call", "body": "对 **二期** 很感兴趣，下周给报价。", "outcome": "interested",
            "about": [{ "type": "lead", "id": "01936f1e-7a54-7c1b-9a52-3f1f6f0a1b2c" }],
            "follow_up": { "due_at": "2026-12-01T02:00:00Z", "name": "发报价" }
        })
    }
}

/// Reads every field that stands for itself.
fn read(
    faults: &mut Faults,
    ctx: &Context,
    record: &mut Record<ActivityBody>,
    input: &CreateActivity,
    before: Option<&Record<ActivityBody>>,
) {
    if input.kind.is_none() {
        faults.add("/kind", Code::Required);
    }
    let kind = faults.word("/kind", input.kind.as_deref(), ActivityKind::parse).unwrap_or(ActivityKind::Note);
    if before.is_some_and(|before| before.body.kind != kind.as_str()) {
        faults.add("/kind", Code::InvalidValue);
    }
    let text = faults.prose("/body", input.body.as_deref(), MAX_BODY);
    let name = faults.line("/name", input.name.as_deref(), MAX_NAME);
    record.head.name = name
        .or_else(|| name_from(text.as_deref()?, MAX_NAME))
        .unwrap_or_else(|| effects::word_for(kind, ctx.locale).to_owned());
    let direction = faults.word("/direction", input.direction.as_deref(), Direction::parse);
    if direction.is_some() && !kind.has_direction() {
        faults.add("/direction", Code::InvalidValue);
    }
    let direction = direction.or(kind.has_direction().then_some(Direction::Outbound));
    let outcome = faults.word("/outcome", input.outcome.as_deref(), Outcome::parse);
    let priority = faults.word("/priority", input.priority.as_deref(), Priority::parse).unwrap_or(Priority::Normal);
    let body = &mut record.body;
    kind.as_str().clone_into(&mut body.kind);
    priority.as_str().clone_into(&mut body.priority);
    body.profile.0 = ActivityProfile {
        body: text,
        direction: direction.map(|direction| direction.as_str().to_owned()),
        outcome: outcome.map(|outcome| outcome.as_str().to_owned()),
        duration_minutes: input.duration_minutes,
        participants: input.participants.iter().map(|who| Participant { kind: who.kind.clone(), id: who.id }).collect(),
        repeat: None,
        next_id: before.and_then(|before| before.body.profile.0.next_id),
        mentions: Vec::new(),
        attachments: Vec::new(),
    };
    let status = faults.word("/status", input.status.as_deref(), ActivityStatus::parse);
    let planned = Planned { status, happened_at: input.happened_at, due_at: input.due_at };
    match Timing::settle(kind, planned, ctx.now) {
        Ok(timing) => store(body, timing),
        Err(error) => faults.add(&format!("/{}", error.field()), Code::InvalidValue),
    }
    match Timing::settle_reminder(kind, input.reminder_at, ctx.now) {
        Ok(reminder) => body.reminder_at = reminder.map(Instant),
        Err(error) => faults.add(&format!("/{}", error.field()), Code::InvalidValue),
    }
    let was = before.and_then(|before| before.body.profile.0.repeat.as_ref());
    body.profile.0.repeat = repeat::read(faults, ctx, body, input.repeat.as_ref(), was);
}

fn store(body: &mut ActivityBody, timing: Timing) {
    timing.status.as_str().clone_into(&mut body.status);
    body.at = timing.at().map(Instant);
    body.happened_at = timing.happened_at.map(Instant);
    body.due_at = timing.due_at.map(Instant);
}

/// What it is about must be visible to whoever says so, and at most one of each type.
fn fill_about(
    tx: &mut Tx<'_>,
    ctx: &Context,
    faults: &mut Faults,
    record: &mut Record<ActivityBody>,
    input: &CreateActivity,
    before: Option<&Record<ActivityBody>>,
) -> Result<(), Problem> {
    let known = before.map(|before| before.body.about()).unwrap_or_default();
    for kind in RecordKind::ABOUT {
        record.body.put_about(kind, None);
    }
    for (n, about) in input.about.iter().enumerate() {
        let Some(kind) = RecordKind::parse_about(&about.kind) else {
            faults.add(&format!("/about/{n}/type"), Code::InvalidValue);
            continue;
        };
        if record.body.put_about(kind, Some(Id(about.id))).is_some() {
            faults.add(&format!("/about/{n}/type"), Code::Duplicate);
        }
        if !known.contains(&(kind, about.id)) {
            faults.reference(&format!("/about/{n}/id"), Some(about.id), is_visible(tx, ctx, kind, about.id)?);
        }
    }
    Ok(())
}

/// Whether a record or colleague that the caller refers to is one they can see; if so, it stays until the transaction ends.
pub(crate) fn is_visible(tx: &mut Tx<'_>, ctx: &Context, kind: RecordKind, id: Uuid) -> Result<bool, Problem> {
    match kind {
        RecordKind::Customer => write::is_visible::<Customers>(tx, ctx, id),
        RecordKind::Contact => write::is_visible::<Contacts>(tx, ctx, id),
        RecordKind::Lead => write::is_visible::<Leads>(tx, ctx, id),
        RecordKind::Opportunity => write::is_visible::<Opportunities>(tx, ctx, id),
        RecordKind::User => Ok(user_team_hold(tx, id)?.is_some_and(|user| user.is_active)),
        _ => Ok(false),
    }
}

/// Contacts must be visible, colleagues must be there; each once.
fn check_participants(
    tx: &mut Tx<'_>,
    ctx: &Context,
    faults: &mut Faults,
    input: &CreateActivity,
    before: Option<&Record<ActivityBody>>,
) -> Result<(), Problem> {
    if input.participants.len() > MAX_PARTICIPANTS {
        faults.add("/participants", Code::TooLong);
        return Ok(());
    }
    let known = before.map(|before| before.body.profile.0.participants.as_slice()).unwrap_or_default();
    for (n, who) in input.participants.iter().enumerate() {
        let kind = RecordKind::parse(&who.kind).filter(|kind| matches!(kind, RecordKind::Contact | RecordKind::User));
        let Some(kind) = kind else {
            faults.add(&format!("/participants/{n}/type"), Code::InvalidValue);
            continue;
        };
        if input.participants.iter().take(n).any(|other| other.id == who.id) {
            faults.add(&format!("/participants/{n}/id"), Code::Duplicate);
        } else if !known.iter().any(|known| known.id == who.id) {
            faults.reference(&format!("/participants/{n}/id"), Some(who.id), is_visible(tx, ctx, kind, who.id)?);
        }
    }
    Ok(())
}
