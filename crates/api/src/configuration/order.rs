//! The order of rows: positions count from 0 without gaps.

use rapport_persistence::activity_templates::ActivityTemplateRow;
use rapport_persistence::assignment_rules::AssignmentRuleRow;
use rapport_persistence::lead_statuses::LeadStatusRow;
use rapport_persistence::pipelines::{PipelineRow, StageRow};
use rapport_persistence::sources::SourceRow;

/// A row with a place among its like.
pub(crate) trait Placed {
    fn place(&mut self) -> (&mut i32, &mut i64);
}

macro_rules! placed {
    ($($row:ty),+) => {$(
        impl Placed for $row {
            fn place(&mut self) -> (&mut i32, &mut i64) {
                (&mut self.position, &mut self.version)
            }
        }
    )+};
}
placed!(SourceRow, LeadStatusRow, PipelineRow, StageRow, AssignmentRuleRow, ActivityTemplateRow);

/// Puts `row` at `position` (at the end if not told) among the others, which stand in order. Answers those of the
/// others that had to move, with a new version.
pub(crate) fn insert_among<R: Placed>(row: &mut R, position: Option<i32>, others: Vec<R>) -> Vec<R> {
    let wanted = position.and_then(|position| usize::try_from(position).ok()).unwrap_or(others.len()).min(others.len());
    *row.place().0 = i32::try_from(wanted).unwrap_or(i32::MAX);
    renumber(others, |index| if index < wanted { index } else { index + 1 })
}

/// Closes the gap that a removed row left. Answers the rows that had to move, with a new version.
pub(crate) fn close_gap<R: Placed>(others: Vec<R>) -> Vec<R> {
    renumber(others, |index| index)
}

fn renumber<R: Placed>(rows: Vec<R>, place: impl Fn(usize) -> usize) -> Vec<R> {
    let moved = |(index, mut row): (usize, R)| {
        let place = i32::try_from(place(index)).unwrap_or(i32::MAX);
        let (position, version) = row.place();
        let is_moved = *position != place;
        if is_moved {
            *position = place;
            *version += 1;
        }
        is_moved.then_some(row)
    };
    rows.into_iter().enumerate().filter_map(moved).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]

    use rapport_persistence::types::Json;

    use super::*;

    fn row(key: &str, position: i32) -> SourceRow {
        SourceRow { key: key.into(), names: Json::default(), position, is_active: true, version: 1 }
    }

    #[test]
    fn a_row_goes_in_between_and_pushes_the_rest() {
        let mut new = row("new", 9);
        let moved = insert_among(&mut new, Some(1), vec![row("a", 0), row("b", 1), row("c", 2)]);
        assert_eq!(new.position, 1);
        let moved: Vec<_> = moved.iter().map(|row| (row.key.as_str(), row.position, row.version)).collect();
        assert_eq!(moved, [("b", 2, 2), ("c", 3, 2)]);
    }

    #[test]
    fn beyond_the_end_is_the_end() {
        for position in [None, Some(70), Some(-1)] {
            let mut new = row("new", 0);
            assert!(insert_among(&mut new, position, vec![row("a", 0), row("b", 1)]).is_empty());
            assert_eq!(new.position, 2);
        }
    }

    #[test]
    fn gaps_are_closed() {
        let moved = close_gap(vec![row("a", 0), row("c", 2)]);
        assert_eq!((moved.len(), moved[0].position, moved[0].version), (1, 1, 2));
    }
}
