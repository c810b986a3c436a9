//! Whether a conversion may still be taken back.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::kind::RecordKind;

/// For how many days a conversion may be undone.
pub const UNDO_DAYS: i64 = 14;

/// A record that the conversion created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TouchedRecord {
    /// Its kind.
    pub kind: RecordKind,
    /// Its id.
    pub id: Uuid,
    /// Its version when it was created.
    pub version_then: i64,
    /// Its version now.
    pub version_now: i64,
    /// Whether somebody other than the one who converted has changed it since.
    pub changed_by_others: bool,
    /// How many records depend on it, not counting those of the same conversion.
    pub dependants: u64,
}

/// One reason to refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UndoRefusal {
    /// The time is over.
    #[error("the conversion could be undone until {until}")]
    TooLate {
        /// When it ended.
        until: DateTime<Utc>,
    },
    /// Somebody else has worked on what was created.
    #[error("the {kind} was changed by somebody else")]
    Changed {
        /// The kind of the record.
        kind: RecordKind,
        /// Its id.
        id: Uuid,
    },
    /// Something depends on what was created.
    #[error("{count} records depend on the {kind}")]
    HasDependants {
        /// The kind of the record.
        kind: RecordKind,
        /// Its id.
        id: Uuid,
        /// How many.
        count: u64,
    },
}

/// The last instant at which a conversion may be undone.
#[must_use]
pub fn can_undo_until(converted_at: DateTime<Utc>) -> DateTime<Utc> {
    converted_at.checked_add_signed(TimeDelta::days(UNDO_DAYS)).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// Decides whether a conversion may be undone.
///
/// # Errors
/// Every reason to refuse, the time first, then record by record.
pub fn may_undo(
    now: DateTime<Utc>,
    converted_at: DateTime<Utc>,
    created: &[TouchedRecord],
) -> Result<(), Vec<UndoRefusal>> {
    let until = can_undo_until(converted_at);
    let late = (now > until).then_some(UndoRefusal::TooLate { until });
    let refusals: Vec<UndoRefusal> = late.into_iter().chain(created.iter().flat_map(refusals_of)).collect();
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}

fn refusals_of(record: &TouchedRecord) -> impl Iterator<Item = UndoRefusal> + use<> {
    let TouchedRecord { kind, id, dependants, .. } = *record;
    let is_changed = record.changed_by_others && record.version_now != record.version_then;
    let changed = is_changed.then_some(UndoRefusal::Changed { kind, id });
    let depended_on = (dependants > 0).then_some(UndoRefusal::HasDependants { kind, id, count: dependants });
    changed.into_iter().chain(depended_on)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn customer() -> TouchedRecord {
        TouchedRecord {
            kind: RecordKind::Customer,
            id: Uuid::from_u128(1),
            version_then: 1,
            version_now: 1,
            changed_by_others: false,
            dependants: 0,
        }
    }

    fn undo(record: TouchedRecord) -> Result<(), Vec<UndoRefusal>> {
        may_undo(DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH, &[record])
    }

    #[test]
    fn fourteen_days_to_the_instant() {
        let until = DateTime::UNIX_EPOCH + TimeDelta::days(14);
        assert_eq!(may_undo(until, DateTime::UNIX_EPOCH, &[]), Ok(()));
        let late = may_undo(until + TimeDelta::microseconds(1), DateTime::UNIX_EPOCH, &[]);
        assert_eq!(late, Err(vec![UndoRefusal::TooLate { until }]));
        assert_eq!(can_undo_until(DateTime::<Utc>::MAX_UTC), DateTime::<Utc>::MAX_UTC);
    }

    #[test]
    fn ones_own_changes_do_not_matter_those_of_others_do() {
        let own = TouchedRecord { version_now: 3, ..customer() };
        assert_eq!(undo(own), Ok(()));
        let others = TouchedRecord { changed_by_others: true, ..own };
        assert_eq!(undo(others), Err(vec![UndoRefusal::Changed { kind: RecordKind::Customer, id: others.id }]));
    }

    #[test]
    fn every_reason_is_told() {
        let record = TouchedRecord { version_now: 2, changed_by_others: true, dependants: 2, ..customer() };
        let late = DateTime::UNIX_EPOCH + TimeDelta::days(15);
        let refusals = may_undo(late, DateTime::UNIX_EPOCH, &[record, customer()]).unwrap_err();
        assert_eq!(refusals.len(), 3);
        assert!(refusals.iter().any(|refusal| matches!(refusal, UndoRefusal::HasDependants { count: 2, .. })));
    }
}
