//! The timeline of a record: what was done about it, and what changed, newest first.

use std::collections::BTreeSet;

use actix_web::HttpRequest;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use rapport_domain::access::{Action, Subject, Visibility, visibility};
use rapport_domain::activity::ActivityKind;
use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use rapport_persistence::activities::{ActivityBody, Moment, Timeline, activities_done};
use rapport_persistence::changes::{Change, changes_before};
use rapport_persistence::page::{After, SortValue};
use rapport_persistence::record::Record;
use rapport_persistence::{Db, StoreError};

use super::{Activities, ActivityParty, ActivityView};
use crate::extract::parse_pairs;
use crate::problem::{Code, Problem};
use crate::records::history::ChangeView;
use crate::records::list::{ListMeta, MAX_LIMIT, PageInfo};
use crate::records::references::Wanted;
use crate::records::{RecordType, cursor, list, write};

/// Entries on a page when the request does not say.
const DEFAULT_LIMIT: i64 = 50;

/// Something that happened with a record: an activity or a change, never both.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct TimelineEntry {
    /// The id of the activity or of the change.
    pub id: Uuid,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// activity or change.
    #[serde(rename = "type")]
    #[schema(example = "activity")]
    pub kind: String,
    /// What was done.
    pub activity: Option<ActivityView>,
    /// What changed.
    pub change: Option<ChangeView>,
    /// The lead it was done about, where the record came from that lead.
    pub from: Option<ActivityParty>,
}

/// A page of a timeline, newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct TimelinePage {
    /// The entries.
    pub data: Vec<TimelineEntry>,
    /// Where the page ends.
    pub page: PageInfo,
    /// Empty.
    pub meta: ListMeta,
}

/// Which entries are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Only {
    #[default]
    Both,
    Activities,
    Changes,
}

/// A request for a page of a timeline.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    only: Only,
    kinds: Vec<&'static str>,
    limit: i64,
    before: Option<Moment>,
    /// What the cursor is bound to.
    list: String,
    key: Vec<u8>,
}

impl Asked {
    /// Reads the query of a request about this record; `key` signs cursors.
    ///
    /// # Errors
    /// 400 for what is no parameter, no kind, no number, or no cursor of this timeline.
    pub(crate) fn read(request: &HttpRequest, record: &str, key: Vec<u8>) -> Result<Self, Problem> {
        let pairs = parse_pairs(request.query_string())?;
        let of = |word: &str| pairs.iter().find(|(name, _)| name == word).map(|(_, value)| value.as_str());
        if let Some((name, _)) =
            pairs.iter().find(|(name, _)| !matches!(name.as_str(), "only" | "kind" | "limit" | "cursor"))
        {
            return Err(Problem::new(Code::ParameterInvalid).parameter(name.clone(), Code::UnknownField));
        }
        let only = only_of(of("only"))?;
        let kinds = kinds_of(of("kind"))?;
        let limit = of("limit").map_or(Some(DEFAULT_LIMIT), |text| text.parse().ok());
        let limit = limit.filter(|limit| (1..=MAX_LIMIT).contains(limit));
        let limit = limit.ok_or_else(|| Problem::new(Code::LimitInvalid).parameter("limit", Code::InvalidValue))?;
        let list = cursor::fingerprint(&["timeline", record, of("only").unwrap_or_default(), &kinds.join(",")]);
        let after = of("cursor").map(|text| cursor::open(&key, &list, text)).transpose()?;
        let before = after.and_then(|after| match after.values.first() {
            Some(SortValue::Instant(at)) => Some(Moment { at: *at, id: after.id }),
            _ => None,
        });
        Ok(Self { only, kinds, limit, before, list, key })
    }

    fn page(&self, mut entries: Vec<TimelineEntry>) -> TimelinePage {
        let fits = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let has_more = entries.len() > fits;
        entries.truncate(fits);
        let next_cursor = entries.last().filter(|_| has_more).map(|entry| {
            cursor::seal(&self.key, &self.list, &After { values: vec![SortValue::Instant(entry.at)], id: entry.id })
        });
        TimelinePage {
            data: entries,
            page: PageInfo { limit: self.limit, has_more, next_cursor },
            meta: ListMeta::default(),
        }
    }
}

fn only_of(word: Option<&str>) -> Result<Only, Problem> {
    match word {
        None => Ok(Only::Both),
        Some("activities") => Ok(Only::Activities),
        Some("changes") => Ok(Only::Changes),
        Some(_) => Err(Problem::new(Code::ParameterInvalid).parameter("only", Code::InvalidValue)),
    }
}

fn kinds_of(words: Option<&str>) -> Result<Vec<&'static str>, Problem> {
    let words = words.unwrap_or_default().split(',').map(str::trim).filter(|word| !word.is_empty());
    let kinds: Option<BTreeSet<ActivityKind>> = words.map(ActivityKind::parse).collect();
    let kinds = kinds.ok_or_else(|| Problem::new(Code::ParameterInvalid).parameter("kind", Code::InvalidValue))?;
    Ok(kinds.into_iter().map(ActivityKind::as_str).collect())
}

/// A page of the timeline of a record that the caller may see; with what was done about the lead it came from.
///
/// Each source answers its newest entries below the cursor, from an index in the order of time; the newest of all of them are
/// the page, however many there are.
///
/// # Errors
/// 404.
pub(crate) fn read<R: RecordType>(
    db: &mut Db,
    ctx: &Context,
    id: Uuid,
    asked: &Asked,
) -> Result<TimelinePage, Problem> {
    let record = write::find_any::<R>(db, ctx, id)?;
    let sees = visibility(&ctx.actor, Subject::Activity, Action::View) != Visibility::Nothing;
    let origin = R::origin(&record);
    let mut entries = Vec::new();
    if sees && asked.only != Only::Changes {
        let joined = (R::kind() == RecordKind::Contact).then_some(Timeline::Joined(id));
        let inherited = origin.map(|lead| Timeline::Of(RecordKind::Lead, lead));
        let mut seen = BTreeSet::new();
        for timeline in [Some(Timeline::Of(R::kind(), id)), joined, inherited].into_iter().flatten() {
            let rows =
                activities_done(db, timeline, &asked.kinds, asked.before, asked.limit + 1).map_err(StoreError::from)?;
            let rows: Vec<_> = rows.into_iter().filter(|row| seen.insert(row.head.id.0)).collect();
            let from = if Some(timeline) == inherited { named_lead(db, origin)? } else { None };
            entries.extend(done(db, ctx, &rows, from.as_ref())?);
        }
    }
    if asked.only != Only::Activities && asked.kinds.is_empty() {
        let changes = changes_before(db, R::kind(), id, asked.before, asked.limit + 1).map_err(StoreError::from)?;
        entries.extend(changes.into_iter().map(changed));
    }
    entries.sort_by_key(|entry| std::cmp::Reverse((entry.at, entry.id)));
    Ok(asked.page(entries))
}

fn named_lead(db: &mut Db, lead: Option<Uuid>) -> Result<Option<ActivityParty>, Problem> {
    let Some(id) = lead else { return Ok(None) };
    let mut wanted = Wanted::default();
    wanted.name(RecordKind::Lead, Some(id));
    let name = wanted.load(db)?.name(id).map(str::to_owned);
    Ok(Some(ActivityParty { kind: RecordKind::Lead.as_str().to_owned(), id, name }))
}

fn done(
    db: &mut Db,
    ctx: &Context,
    rows: &[Record<ActivityBody>],
    from: Option<&ActivityParty>,
) -> Result<Vec<TimelineEntry>, Problem> {
    let views = list::views::<Activities>(db, rows, ctx)?;
    let entry = |(row, view): (&Record<ActivityBody>, ActivityView)| TimelineEntry {
        id: row.head.id.0,
        at: row.body.at.map_or(row.head.created_at.0, |at| at.0),
        kind: "activity".to_owned(),
        activity: Some(view),
        change: None,
        from: from.cloned(),
    };
    Ok(rows.iter().zip(views).map(entry).collect())
}

fn changed(change: Change) -> TimelineEntry {
    TimelineEntry {
        id: change.id.0,
        at: change.at.0,
        kind: "change".to_owned(),
        activity: None,
        change: Some(change.into()),
        from: None,
    }
}
