//! One event: what is told of it, and to whom.

use actix_web::web::Bytes;
use russe::{Event, Message};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use rapport_domain::access::{Action, Actor, Ownership, Subject, Via, Visibility, visibility};
use rapport_domain::kind::RecordKind;
use rapport_persistence::outbox::{OutboxRow, Whereabouts, whereabouts};
use rapport_persistence::{Db, StoreError};

/// What has happened to a record. What it is now is read from where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ChangeEvent {
    /// The event's own number: an event that is sent again has the same.
    #[schema(example = "1042")]
    id: String,
    /// The type of the record and what happened: `lead.create`, `lead.update`, `opportunity.move`, `customer.delete` …
    /// `….hidden` when it has been given to somebody through whom the caller does not see it.
    #[serde(rename = "type")]
    #[schema(example = "lead.update")]
    event: String,
    /// customer, contact, lead, opportunity or activity; or notification, favourite, sticky_note or job, of the caller's own only.
    #[schema(example = "lead")]
    record_type: String,
    /// The record, the notification, the note or the job; the record that is or was a favourite.
    record_id: Uuid,
    /// The version that this has made of it; 1 of what is the caller's own.
    #[schema(example = 3, minimum = 1)]
    version: i64,
}

/// A message of the stream, with the fields that the HTML standard gives it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "tells what is written by the encoder")]
pub(crate) struct StreamMessage {
    /// The place to go on from.
    #[schema(example = "1042")]
    id: String,
    /// What a message with a name is; a change has none, which readers of streams call `message`.
    #[schema(nullable = false)]
    event: Option<Signal>,
    /// JSON: a `ChangeEvent` when the message has no name, otherwise an empty object.
    #[schema(content_media_type = "application/json", example = "{}")]
    data: String,
}

/// What a message with a name says; `message` is what the HTML standard calls one without.
#[derive(Clone, Copy, Debug, ToSchema)]
#[schema(rename_all = "lowercase")]
pub(crate) enum Signal {
    /// Everything from before has been sent.
    Ready,
    /// Nothing has happened for a while.
    Ping,
    /// Whatever is shown is to be read again.
    Reset,
}

impl Signal {
    const fn name(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Ping => "ping",
            Self::Reset => "reset",
        }
    }
}

/// What somebody may see of each kind of record, and who they are, to themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sight {
    kinds: Vec<(RecordKind, Visibility)>,
    /// Nobody, for a program: what is told to one person is not told to their keys.
    person: Option<Uuid>,
}

impl Sight {
    pub(super) fn of(actor: &Actor) -> Self {
        let seen = |kind: RecordKind| (kind, visibility(actor, Subject::from(kind), Action::View));
        let person = actor.user().filter(|_| matches!(actor.via, Via::Session(_)));
        Self { kinds: RecordKind::OWNED.into_iter().map(seen).collect(), person }
    }

    fn on(&self, kind: RecordKind) -> &Visibility {
        self.kinds.iter().find(|(of, _)| *of == kind).map_or(&Visibility::Nothing, |(_, seen)| seen)
    }
}

/// An event, ready to be sent to whoever may know of it.
#[derive(Clone, Debug)]
pub(super) struct Happening {
    pub(super) seq: i64,
    of: Of,
    change: Bytes,
    hidden: Option<Bytes>,
}

/// What an event is about.
#[derive(Clone, Debug)]
enum Of {
    /// A record.
    Record {
        kind: RecordKind,
        /// Where it is now; nothing when it has been removed for good.
        now: Option<Whereabouts>,
        /// Whose it was before.
        from: Option<Ownership>,
    },
    /// Something that is one person's alone.
    Person(Uuid),
}

impl Happening {
    /// What is sent to somebody who sees this much.
    ///
    /// Who does not see the record, but did before it was given away, is told that it is hidden, and nothing that they
    /// did not know. Of what has been removed for good nothing is said: it went to the trash long before.
    pub(super) fn told(&self, sight: &Sight) -> Option<&Bytes> {
        let (kind, now, from) = match &self.of {
            Of::Record { kind, now, from } => (*kind, now.as_ref()?, from),
            Of::Person(person) => return Some(&self.change).filter(|_| sight.person == Some(*person)),
        };
        let seen = sight.on(kind);
        if seen.includes_about(&now.ownership, &now.about) {
            return Some(&self.change);
        }
        self.hidden.as_ref().filter(|_| from.is_some_and(|from| seen.includes(&from)))
    }
}

/// Makes rows of the outbox ready. `low` is the number below which all others have been sent: a stream that is cut off goes
/// on from it, or from the event itself where that is lower.
///
/// # Errors
/// When the database fails.
pub(super) fn happenings(db: &mut Db, rows: Vec<OutboxRow>, low: i64) -> Result<Vec<Happening>, StoreError> {
    let named = |row: &OutboxRow| Some((RecordKind::parse(&row.record_type)?, row.record_id.0));
    let mut records: Vec<_> = rows.iter().filter_map(named).collect();
    records.sort_unstable();
    records.dedup();
    let places = whereabouts(db, &records)?;
    let happening = |row: OutboxRow| {
        let (record, from, person) = (named(&row), row.from(), row.for_user_id);
        let (seq, place) = (row.seq, row.seq.min(low));
        let event = ChangeEvent {
            id: seq.to_string(),
            event: row.event,
            record_type: row.record_type,
            record_id: row.record_id.0,
            version: row.version,
        };
        let change = framed(place, &event)?;
        if let Some(person) = person {
            return Some(Happening { seq, of: Of::Person(person.0), change, hidden: None });
        }
        let (kind, id) = record?;
        let hidden = from.and_then(|_| framed(place, &ChangeEvent { event: format!("{kind}.hidden"), ..event }));
        let of = Of::Record { kind, now: places.get(&(kind, id)).cloned(), from };
        Some(Happening { seq, of, change, hidden })
    };
    Ok(rows.into_iter().filter_map(happening).collect())
}

fn framed(place: i64, event: &ChangeEvent) -> Option<Bytes> {
    let data = serde_json::to_string(event).ok()?;
    encoded(Event::Message(Message { data: data.into(), event: None, retry: None, id: Some(place.to_string().into()) }))
}

/// A signal that is about no record, with the place to go on from.
pub(super) fn signal(signal: Signal, place: i64) -> Option<Bytes> {
    let id = Some(place.to_string().into());
    encoded(Event::Message(Message { data: "{}".into(), event: Some(signal.name().into()), retry: None, id }))
}

/// How long to wait before coming back when the connection is lost.
pub(super) fn retry(after: std::time::Duration) -> Option<Bytes> {
    encoded(Event::Retry(after))
}

/// Nothing of ours holds what the form forbids: line ends in a name.
fn encoded(event: Event) -> Option<Bytes> {
    let text = event.into_bytestring();
    text.map(|text| text.into_bytes()).map_err(|error| tracing::error!(%error, "an event cannot be written")).ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn happening(now: Option<Ownership>, from: Option<Ownership>) -> Happening {
        Happening {
            seq: 1,
            of: Of::Record {
                kind: RecordKind::Lead,
                now: now.map(|ownership| Whereabouts { ownership, about: Vec::new() }),
                from,
            },
            change: Bytes::from_static(b"change"),
            hidden: from.map(|_| Bytes::from_static(b"hidden")),
        }
    }

    #[test]
    fn only_who_could_see_it_is_told_that_a_record_has_gone() {
        let [one, two, three] = [1, 2, 3].map(Uuid::from_u128);
        let of = |user| Some(Ownership { owner_id: Some(user), ..Ownership::default() });
        let of_leads = |seen| Sight { kinds: vec![(RecordKind::Lead, seen)], person: None };
        let sight = |user| of_leads(Visibility::Own { user });
        let told = |happening: &Happening, user| happening.told(&sight(user)).map(|bytes| bytes.to_vec());
        let given = happening(of(two), of(one));
        assert_eq!(told(&given, one).unwrap(), b"hidden");
        assert_eq!(told(&given, two).unwrap(), b"change");
        assert_eq!(told(&given, three), None);
        assert_eq!(told(&happening(of(one), None), two), None);
        assert_eq!(told(&happening(None, of(one)), one), None);
        assert_eq!(given.told(&of_leads(Visibility::Everything)).unwrap().to_vec(), b"change");
        assert_eq!(given.told(&Sight { kinds: Vec::new(), person: None }), None);
    }

    #[test]
    fn whom_a_pool_serves_hears_what_comes_into_it_and_that_it_has_gone() {
        let [one, two, pool, other] = [1, 2, 3, 4].map(Uuid::from_u128);
        let inside = Ownership { pool_id: Some(pool), ..Ownership::default() };
        let owned = Ownership { owner_id: Some(one), ..Ownership::default() };
        let served = |user, pool| {
            let seen = Visibility::Pool { own: Box::new(Visibility::Own { user }), pool };
            Sight { kinds: vec![(RecordKind::Lead, seen)], person: None }
        };
        let (released, claimed) = (happening(Some(inside), Some(owned)), happening(Some(owned), Some(inside)));
        assert_eq!(released.told(&served(two, pool)).unwrap().to_vec(), b"change");
        assert_eq!(claimed.told(&served(two, pool)).unwrap().to_vec(), b"hidden");
        assert_eq!(claimed.told(&served(one, pool)).unwrap().to_vec(), b"change");
        assert_eq!((released.told(&served(two, other)), claimed.told(&served(two, other))), (None, None));
    }

    #[test]
    fn what_is_one_persons_alone_is_told_to_nobody_else() {
        let [one, two] = [1, 2].map(Uuid::from_u128);
        let theirs = Happening { of: Of::Person(one), ..happening(None, None) };
        let everything = |person| Sight { kinds: vec![(RecordKind::Lead, Visibility::Everything)], person };
        assert_eq!(theirs.told(&everything(Some(one))).unwrap().to_vec(), b"change");
        assert_eq!((theirs.told(&everything(Some(two))), theirs.told(&everything(None))), (None, None));
    }

    #[test]
    fn an_event_is_written_as_the_standard_has_it() {
        let event = ChangeEvent {
            id: "7".into(),
            event: "lead.update".into(),
            record_type: "lead".into(),
            record_id: Uuid::nil(),
            version: 2,
        };
        let text = String::from_utf8(framed(6, &event).unwrap().to_vec()).unwrap();
        let id = Uuid::nil();
        let data = format!(r#"{{"id":"7","type":"lead.update","record_type":"lead","record_id":"{id}","version":2}}"#);
        assert_eq!(text, format!("id: 6\ndata: {data}\n\n"));
        assert_eq!(signal(Signal::Ping, 6).unwrap(), "id: 6\nevent: ping\ndata: {}\n\n");
        assert_eq!(retry(std::time::Duration::from_secs(2)).unwrap(), "retry: 2000\n\n");
    }
}
