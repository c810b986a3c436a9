//! Work that takes longer than a request: what it is, how far it is, and how it ends.

use crate::kind::RecordKind;
use crate::text_enum::text_enum;

text_enum! {
    /// What a job does with each of its items.
    pub enum JobKind {
        /// Converts a lead.
        ConvertLeads = "convert_leads",
    }
}

impl JobKind {
    /// What its items are.
    #[must_use]
    pub const fn items(self) -> RecordKind {
        match self {
            Self::ConvertLeads => RecordKind::Lead,
        }
    }
}

text_enum! {
    /// How far a job is.
    pub enum JobStatus {
        /// It waits for its first turn.
        Queued = "queued",
        /// It is being done.
        Running = "running",
        /// Everything was done.
        Succeeded = "succeeded",
        /// Some of it was done, and some could not be.
        PartiallySucceeded = "partially_succeeded",
        /// Nothing was done, or it could not go on.
        Failed = "failed",
        /// Somebody ended it.
        Cancelled = "cancelled",
    }
}

impl JobStatus {
    /// Whether nothing more will be done.
    #[must_use]
    pub const fn is_over(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}

text_enum! {
    /// What became of one thing that a job does.
    pub enum ItemState {
        /// Nothing yet.
        Pending = "pending",
        /// It was done.
        Succeeded = "succeeded",
        /// It could not be done.
        Failed = "failed",
        /// There was nothing to do.
        Skipped = "skipped",
    }
}

/// How many things a job has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// That were done.
    pub succeeded: i32,
    /// That could not be done.
    pub failed: i32,
    /// With which there was nothing to do.
    pub skipped: i32,
}

impl Tally {
    /// One more.
    #[must_use]
    pub const fn with(mut self, state: ItemState) -> Self {
        match state {
            ItemState::Pending => {}
            ItemState::Succeeded => self.succeeded += 1,
            ItemState::Failed => self.failed += 1,
            ItemState::Skipped => self.skipped += 1,
        }
        self
    }

    /// How many there are in all.
    #[must_use]
    pub const fn done(self) -> i32 {
        self.succeeded + self.failed + self.skipped
    }

    /// What a job has come to when nothing is left to do. What had been done before by others is no failure.
    #[must_use]
    pub const fn verdict(self) -> JobStatus {
        match (self.failed, self.succeeded) {
            (0, _) => JobStatus::Succeeded,
            (_, 0) => JobStatus::Failed,
            _ => JobStatus::PartiallySucceeded,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(states: &[ItemState]) -> Tally {
        states.iter().fold(Tally::default(), |tally, state| tally.with(*state))
    }

    #[test]
    fn a_job_is_what_its_items_have_come_to() {
        use ItemState::{Failed, Pending, Skipped, Succeeded};
        for (states, status, done) in [
            (&[Succeeded, Succeeded][..], JobStatus::Succeeded, 2),
            (&[Succeeded, Skipped], JobStatus::Succeeded, 2),
            (&[Skipped, Pending], JobStatus::Succeeded, 1),
            (&[Succeeded, Failed], JobStatus::PartiallySucceeded, 2),
            (&[Failed, Skipped], JobStatus::Failed, 2),
            (&[Failed], JobStatus::Failed, 1),
        ] {
            assert_eq!((tally(states).verdict(), tally(states).done()), (status, done), "{states:?}");
        }
    }

    #[test]
    fn only_what_waits_or_runs_goes_on() {
        let open: Vec<_> = JobStatus::ALL.iter().filter(|status| !status.is_over()).collect();
        assert_eq!(open, [&JobStatus::Queued, &JobStatus::Running]);
    }
}
