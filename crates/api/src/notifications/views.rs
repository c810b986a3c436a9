//! Notifications as their reader sees them now: what they no longer see keeps no name.

use std::collections::HashMap;

use uuid::Uuid;

use rapport_domain::access::{Action, Subject, visibility};
use rapport_domain::context::Context;
use rapport_domain::handover::Holding;
use rapport_domain::kind::RecordKind;
use rapport_persistence::activities::{ActivityBody, activities_within};
use rapport_persistence::handovers::inheritances;
use rapport_persistence::notifications::NotificationRow;
use rapport_persistence::record::Record;
use rapport_persistence::{Db, StoreError};

use super::dto::{NotificationView, NotifiedActivity, NotifiedHandover};
use super::telling::{HANDOVER, JOB};
use crate::handover::HandoverCounts;
use crate::jobs::{self, NotifiedJob};
use crate::problem::Problem;
use crate::records::references::{References, Wanted};
use crate::records::seen::{SeenNames, SeenRecord};
use crate::records::view::named;

/// What is seen of everything that some notifications are about: one statement for each kind, however many they are.
struct Seen {
    activities: HashMap<Uuid, Record<ActivityBody>>,
    names: SeenNames,
    people: References,
    jobs: Vec<NotifiedJob>,
    handovers: HashMap<Uuid, NotifiedHandover>,
}

/// The views of rows, in their order.
///
/// # Errors
/// When the database fails.
pub(super) fn views(db: &mut Db, ctx: &Context, rows: &[NotificationRow]) -> Result<Vec<NotificationView>, Problem> {
    let seen = look(db, ctx, rows)?;
    Ok(rows.iter().map(|row| view(row, &seen, ctx)).collect())
}

fn look(db: &mut Db, ctx: &Context, rows: &[NotificationRow]) -> Result<Seen, Problem> {
    let mut people = Wanted::default();
    let (mut wanted, mut jobs) = (Vec::new(), Vec::new());
    for row in rows {
        people.name(RecordKind::User, row.actor_id.map(Into::into));
        wanted.extend(RecordKind::parse(&row.subject).zip(row.subject_id.map(Into::into)));
        jobs.extend(row.subject_id.filter(|_| row.subject == JOB).map(Uuid::from));
    }
    let mine = visibility(&ctx.actor, Subject::Activity, Action::View);
    let (activities, mut records): (Vec<_>, Vec<_>) =
        wanted.into_iter().partition(|(kind, _)| *kind == RecordKind::Activity);
    let ids: Vec<Uuid> = activities.into_iter().map(|(_, id)| id).collect();
    let found = activities_within(db, &mine, &ids).map_err(StoreError::from)?;
    records.extend(found.iter().filter_map(|activity| activity.body.about().pop()));
    let names = SeenNames::load(db, ctx, records)?;
    let activities = found.into_iter().map(|activity| (activity.head.id.0, activity)).collect();
    let handovers = inherited(db, ctx, rows)?;
    let jobs = jobs::notified(db, ctx, &jobs)?;
    Ok(Seen { activities, names, people: people.load(db)?, jobs, handovers })
}

/// What the reader has got by the handovers that some notifications are about.
fn inherited(db: &mut Db, ctx: &Context, rows: &[NotificationRow]) -> Result<HashMap<Uuid, NotifiedHandover>, Problem> {
    let told = rows.iter().filter(|row| row.subject == HANDOVER);
    let ids: Vec<Uuid> = told.filter_map(|row| row.subject_id).map(Into::into).collect();
    let got = inheritances(db, ctx.actor.user_id, &ids)?;
    let mut wanted = Wanted::default();
    got.iter().for_each(|one| wanted.name(RecordKind::User, Some(one.user_id.0)));
    let people = wanted.load(db)?;
    let mut found = HashMap::new();
    for one in got {
        let known = found.entry(one.handover_id.0).or_insert_with(|| NotifiedHandover {
            id: one.handover_id.0,
            from: named(Some(one.user_id.0), &people),
            counts: HandoverCounts::default(),
            is_undone: one.undone_at.is_some(),
        });
        if let Some(holding) = Holding::parse(&one.kind) {
            known.counts.add(holding, one.n);
        }
    }
    Ok(found)
}

impl Seen {
    /// An activity and the record it is about: of several the one that says most, a deal before its customer.
    fn activity(&self, id: Uuid) -> (NotifiedActivity, Option<SeenRecord>) {
        let found = self.activities.get(&id);
        let about = found.and_then(|activity| activity.body.about().pop());
        let name = found.map(|activity| activity.head.name.clone());
        (NotifiedActivity { id, name }, about.map(|(kind, id)| self.names.record(kind, id)))
    }
}

fn view(row: &NotificationRow, seen: &Seen, ctx: &Context) -> NotificationView {
    let subject = RecordKind::parse(&row.subject).zip(row.subject_id);
    let (activity, record) = match subject {
        None => (None, None),
        Some((RecordKind::Activity, id)) => {
            let (activity, record) = seen.activity(id.0);
            (Some(activity), record)
        }
        Some((kind, id)) => (None, Some(seen.names.record(kind, id.0))),
    };
    NotificationView {
        id: row.id.0,
        kind: row.kind.clone(),
        created_at: row.created_at.0,
        read_at: row.read_at.map(Into::into),
        snoozed_until: Some(row.shows_at.0).filter(|until| *until > ctx.now),
        actor: named(row.actor_id.map(Into::into), &seen.people),
        subject: row.subject.clone(),
        record,
        activity,
        job: seen.jobs.iter().find(|job| row.subject_id.is_some_and(|id| id.0 == job.id)).cloned(),
        handover: row.subject_id.and_then(|id| seen.handovers.get(&id.0).cloned()),
        due_at: row.due_at.map(Into::into),
        count: row.stands_for,
    }
}
