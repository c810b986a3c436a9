//! Notifications as their reader sees them now: what they no longer see keeps no name.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use rapport_domain::access::{Action, Subject, visibility};
use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_persistence::activities::{ActivityBody, activities_within};
use rapport_persistence::notifications::{NotificationRow, names_within};
use rapport_persistence::record::Record;
use rapport_persistence::{Db, StoreError};

use super::dto::{NotificationView, NotifiedActivity, NotifiedRecord};
use crate::problem::Problem;
use crate::records::references::{References, Wanted};
use crate::records::view::named;

/// What is seen of everything that some notifications are about: one statement for each kind, however many they are.
struct Seen {
    activities: HashMap<Uuid, Record<ActivityBody>>,
    names: HashMap<(RecordKind, Uuid), String>,
    people: References,
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
    let mut wanted: BTreeMap<RecordKind, Vec<Uuid>> = BTreeMap::new();
    let mut people = Wanted::default();
    for row in rows {
        people.name(RecordKind::User, row.actor_id.map(Into::into));
        if let (Some(kind), Some(id)) = (RecordKind::parse(&row.subject), row.subject_id) {
            wanted.entry(kind).or_default().push(id.0);
        }
    }
    let mine = |kind: RecordKind| visibility(&ctx.actor, Subject::from(kind), Action::View);
    let ids = wanted.remove(&RecordKind::Activity).unwrap_or_default();
    let found = activities_within(db, &mine(RecordKind::Activity), &ids).map_err(StoreError::from)?;
    for (kind, id) in found.iter().filter_map(|activity| activity.body.about().pop()) {
        wanted.entry(kind).or_default().push(id);
    }
    let mut names = HashMap::new();
    for (kind, ids) in wanted {
        let within = names_within(db, kind, &mine(kind), &ids)?;
        names.extend(within.into_iter().map(|(id, name)| ((kind, id), name)));
    }
    let activities = found.into_iter().map(|activity| (activity.head.id.0, activity)).collect();
    Ok(Seen { activities, names, people: people.load(db)? })
}

impl Seen {
    fn record(&self, (kind, id): (RecordKind, Uuid)) -> NotifiedRecord {
        NotifiedRecord { kind: kind.as_str().to_owned(), id, name: self.names.get(&(kind, id)).cloned() }
    }

    /// An activity and the record it is about: of several the one that says most, a deal before its customer.
    fn activity(&self, id: Uuid) -> (NotifiedActivity, Option<NotifiedRecord>) {
        let found = self.activities.get(&id);
        let about = found.and_then(|activity| activity.body.about().pop());
        let name = found.map(|activity| activity.head.name.clone());
        (NotifiedActivity { id, name }, about.map(|about| self.record(about)))
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
        Some((kind, id)) => (None, Some(seen.record((kind, id.0)))),
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
        due_at: row.due_at.map(Into::into),
        count: row.stands_for,
    }
}
