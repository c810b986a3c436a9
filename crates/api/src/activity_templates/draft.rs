//! Templates as they are sent: read, and found good.

use uuid::Uuid;

use rapport_domain::activity::{ActivityKind, Direction, MAX_MINUTES, Outcome, Priority};
use rapport_domain::placeholder::unknown;
use rapport_domain::text;
use rapport_persistence::activity_templates::ActivityTemplateRow;
use rapport_persistence::types::{Id, Instant};

use super::dto::CreateActivityTemplate;
use crate::problem::{Code, FieldError, Problem};
use crate::records::fields::Faults;

/// Characters of a name.
const MAX_NAME: usize = 100;
/// Characters of a subject.
const MAX_SUBJECT: usize = 200;
/// Characters of a text: half of what an activity's may have, so that there is room for what is filled in.
const MAX_BODY: usize = 10_000;
/// Days until something follows.
const MAX_DAYS: i32 = 3650;

/// Reads a new template.
///
/// # Errors
/// Every fault, each with its pointer.
pub(super) fn read(
    input: &CreateActivityTemplate,
    owner: Option<Uuid>,
    id: Uuid,
    now: Instant,
) -> Result<ActivityTemplateRow, Problem> {
    let mut faults = Faults::default();
    let name = faults.required_line("/name", Some(&input.name), MAX_NAME);
    let kind = kind_of(&mut faults, input);
    let direction = direction_of(&mut faults, input, kind);
    let outcome = faults.word("/outcome", input.outcome.as_deref(), Outcome::parse);
    let priority = faults.word("/priority", input.priority.as_deref(), Priority::parse);
    check_numbers(&mut faults, input);
    let row = ActivityTemplateRow {
        id: Id(id),
        owner_id: owner.map(Id),
        name_key: text::fold(&name),
        name,
        position: 0,
        kind: kind.map_or("", ActivityKind::as_str).to_owned(),
        subject: faults.line("/subject", input.subject.as_deref(), MAX_SUBJECT),
        body: faults.prose("/body", input.body.as_deref(), MAX_BODY),
        direction: direction.map(|direction| direction.as_str().to_owned()),
        outcome: outcome.map(|outcome| outcome.as_str().to_owned()),
        priority: priority.map(|priority| priority.as_str().to_owned()),
        duration_minutes: input.duration_minutes,
        follow_up_days: input.follow_up_days,
        follow_up_name: faults.line("/follow_up_name", input.follow_up_name.as_deref(), MAX_SUBJECT),
        version: 1,
        created_at: now,
        updated_at: now,
    };
    check_places(&mut faults, &row);
    faults.finish().map(|()| row)
}

fn kind_of(faults: &mut Faults, input: &CreateActivityTemplate) -> Option<ActivityKind> {
    if input.kind.is_empty() {
        faults.add("/kind", Code::Required);
        return None;
    }
    faults.word("/kind", Some(&input.kind), ActivityKind::parse)
}

fn direction_of(faults: &mut Faults, input: &CreateActivityTemplate, kind: Option<ActivityKind>) -> Option<Direction> {
    let direction = faults.word("/direction", input.direction.as_deref(), Direction::parse);
    if direction.is_some() && kind.is_some_and(|kind| !kind.has_direction()) {
        faults.add("/direction", Code::InvalidValue);
    }
    direction
}

fn check_numbers(faults: &mut Faults, input: &CreateActivityTemplate) {
    let mut check = |pointer: &str, value: Option<i64>, max: i64| {
        if value.is_some_and(|value| !(0..=max).contains(&value)) {
            faults.push(FieldError::at(pointer, Code::InvalidValue).with("min", 0).with("max", max));
        }
    };
    check("/position", input.position.map(Into::into), 1000);
    check("/duration_minutes", input.duration_minutes, MAX_MINUTES);
    check("/follow_up_days", input.follow_up_days.map(Into::into), MAX_DAYS.into());
    if input.follow_up_name.is_some() && input.follow_up_days.is_none() {
        faults.add("/follow_up_days", Code::Required);
    }
}

/// Every place must be one that can be filled.
fn check_places(faults: &mut Faults, row: &ActivityTemplateRow) {
    let texts = [("/subject", &row.subject), ("/body", &row.body), ("/follow_up_name", &row.follow_up_name)];
    for (pointer, text) in texts {
        let Some(word) = text.as_deref().and_then(unknown) else { continue };
        let short: String = word.chars().take(50).collect();
        let fault = FieldError::at(pointer, Code::PlaceholderUnknown)
            .because(format!("没有名为“{{{{{short}}}}}”的占位符"), format!("There is no placeholder {{{{{short}}}}}"));
        faults.push(fault.with("placeholder", short));
    }
}
