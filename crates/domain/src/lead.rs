//! Leads: which status may follow which, and what each demands.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::text_enum::text_enum;

text_enum! {
    /// What a configurable status means.
    pub enum StatusCategory {
        /// Nobody has worked on it yet.
        New = "new",
        /// Somebody is in touch.
        Working = "working",
        /// Not now; to be revisited on a date.
        Nurturing = "nurturing",
        /// Worth an opportunity.
        Qualified = "qualified",
        /// Became a customer, contact or opportunity.
        Converted = "converted",
        /// Will not buy.
        Disqualified = "disqualified",
    }
}

text_enum! {
    /// Why a lead will not buy.
    pub enum DisqualifiedReason {
        /// Does not need it.
        NoNeed = "no_need",
        /// Cannot pay.
        NoBudget = "no_budget",
        /// Cannot decide.
        NoAuthority = "no_authority",
        /// Cannot be reached, or is somebody else.
        WrongContact = "wrong_contact",
        /// Is here already.
        Duplicate = "duplicate",
        /// Chose somebody else, or is a competitor.
        Competitor = "competitor",
        /// Something else, told in the note.
        Other = "other",
    }
}

text_enum! {
    /// How warm a lead is.
    pub enum Rating {
        /// Soon.
        Hot = "hot",
        /// Perhaps.
        Warm = "warm",
        /// Hardly.
        Cold = "cold",
    }
}

text_enum! {
    /// Whether a lead waits for its first answer.
    pub enum Response {
        /// It does not, or nobody has said until when.
        None = "none",
        /// It does.
        Due = "due",
        /// It should have been answered by now.
        Overdue = "overdue",
    }
}

/// The first answer to a lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstResponse {
    /// What the lead's status means.
    pub category: StatusCategory,
    /// Until when it is due.
    pub due_at: Option<DateTime<Utc>>,
    /// When it was given.
    pub responded_at: Option<DateTime<Utc>>,
}

impl FirstResponse {
    /// When an answer is due to a lead that has come to its first owner: hours as the clock on the wall counts them.
    #[must_use]
    pub fn due_after(owned_at: DateTime<Utc>, hours: i32) -> Option<DateTime<Utc>> {
        owned_at.checked_add_signed(TimeDelta::hours(hours.into()))
    }

    /// Whether nobody has answered yet a lead that nobody works on yet.
    #[must_use]
    pub fn is_waiting(self) -> bool {
        self.category == StatusCategory::New && self.responded_at.is_none()
    }

    /// How it looks at `now`.
    #[must_use]
    pub fn at(self, now: DateTime<Utc>) -> Response {
        match self.due_at.filter(|_| self.is_waiting()) {
            None => Response::None,
            Some(due) if due < now => Response::Overdue,
            Some(_) => Response::Due,
        }
    }
}

/// How far ahead one may come back to a lead: not so far that no task could be planned for it.
const HORIZON: TimeDelta = TimeDelta::days(50 * 365);

/// Where a lead stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Situation {
    /// What its status means.
    pub category: StatusCategory,
    /// Set exactly while disqualified.
    pub disqualified_reason: Option<DisqualifiedReason>,
    /// More about it.
    pub disqualified_note: Option<String>,
    /// When to come back; always set while nurturing.
    pub revisit_on: Option<NaiveDate>,
    /// How often it came back from disqualified to new.
    pub recycle_count: i32,
}

/// What the request says along with a new status; what it leaves out is kept while the category stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatusFacts {
    /// Why it will not buy.
    pub reason: Option<DisqualifiedReason>,
    /// More about it.
    pub note: Option<String>,
    /// When to come back.
    pub revisit_on: Option<NaiveDate>,
}

/// Why a lead may not become what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LeadError {
    /// A field is missing.
    #[error("{field} is required")]
    Missing {
        /// The name of the field.
        field: &'static str,
    },
    /// The revisit date has passed.
    #[error("revisit_on is in the past")]
    RevisitInPast,
    /// Nobody comes back in fifty years.
    #[error("revisit_on is more than fifty years away")]
    RevisitTooFar,
    /// Converting is an action of its own.
    #[error("a lead becomes converted by its conversion only")]
    UseConversion,
    /// A converted lead stays as it is until its conversion is undone.
    #[error("the lead is converted")]
    Converted,
}

impl LeadError {
    /// The field at fault.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::Missing { field } => field,
            Self::RevisitInPast | Self::RevisitTooFar => "revisit_on",
            Self::UseConversion | Self::Converted => "status",
        }
    }
}

impl Situation {
    /// A lead that has just arrived.
    #[must_use]
    pub const fn fresh() -> Self {
        Self {
            category: StatusCategory::New,
            disqualified_reason: None,
            disqualified_note: None,
            revisit_on: None,
            recycle_count: 0,
        }
    }

    /// Moves to a status of category `to`; also checks an unchanged status whose facts change.
    ///
    /// # Errors
    /// What is missing, or that conversion is the only way in and out of converted.
    pub fn change_status(self, to: StatusCategory, facts: StatusFacts, today: NaiveDate) -> Result<Self, LeadError> {
        if self.category == StatusCategory::Converted {
            return Err(LeadError::Converted);
        }
        match to {
            StatusCategory::Converted => Err(LeadError::UseConversion),
            StatusCategory::Disqualified => self.disqualify(facts),
            StatusCategory::Nurturing => self.nurture(&facts, today),
            StatusCategory::New | StatusCategory::Working | StatusCategory::Qualified => Ok(self.advance(to, &facts)),
        }
    }

    /// Marks the lead converted. Everything else stays, so that undoing finds it again.
    ///
    /// # Errors
    /// `Converted` when it is already.
    pub fn convert(self) -> Result<Self, LeadError> {
        if self.category == StatusCategory::Converted {
            return Err(LeadError::Converted);
        }
        Ok(Self { category: StatusCategory::Converted, ..self })
    }

    /// Takes a conversion back, to the category of the status it had.
    #[must_use]
    pub fn reopen(self, category: StatusCategory) -> Self {
        Self { category, ..self }
    }

    fn disqualify(self, facts: StatusFacts) -> Result<Self, LeadError> {
        let reason =
            facts.reason.or(self.disqualified_reason).ok_or(LeadError::Missing { field: "disqualified_reason" })?;
        let note = facts.note.or(self.disqualified_note).filter(|note| !note.trim().is_empty());
        if reason == DisqualifiedReason::Other && note.is_none() {
            return Err(LeadError::Missing { field: "disqualified_note" });
        }
        Ok(Self {
            category: StatusCategory::Disqualified,
            disqualified_reason: Some(reason),
            disqualified_note: note,
            revisit_on: facts.revisit_on,
            recycle_count: self.recycle_count,
        })
    }

    /// A date that was set earlier may have passed meanwhile; only a new one must lie ahead.
    fn nurture(self, facts: &StatusFacts, today: NaiveDate) -> Result<Self, LeadError> {
        let kept = self.revisit_on.filter(|_| self.category == StatusCategory::Nurturing);
        let revisit_on = facts.revisit_on.or(kept).ok_or(LeadError::Missing { field: "revisit_on" })?;
        if revisit_on < today && kept != Some(revisit_on) {
            return Err(LeadError::RevisitInPast);
        }
        if revisit_on - today > HORIZON {
            return Err(LeadError::RevisitTooFar);
        }
        Ok(Self { revisit_on: Some(revisit_on), ..self.advance(StatusCategory::Nurturing, facts) })
    }

    fn advance(self, to: StatusCategory, facts: &StatusFacts) -> Self {
        let is_recycled = self.category == StatusCategory::Disqualified && to == StatusCategory::New;
        Self {
            category: to,
            disqualified_reason: None,
            disqualified_note: None,
            revisit_on: facts.revisit_on,
            recycle_count: self.recycle_count.saturating_add(i32::from(is_recycled)),
        }
    }
}

/// A lead needs somebody to talk to: a part of a name, or a company.
///
/// # Errors
/// `Missing` names `company_name`.
pub fn require_name(
    family_name: Option<&str>,
    given_name: Option<&str>,
    company_name: Option<&str>,
) -> Result<(), LeadError> {
    let is_named = [family_name, given_name, company_name].into_iter().flatten().any(|name| !name.trim().is_empty());
    if is_named { Ok(()) } else { Err(LeadError::Missing { field: "company_name" }) }
}

/// Whether a field of a converted lead may still change.
#[must_use]
pub fn is_writable_after_conversion(field: &str) -> bool {
    matches!(field, "tags" | "interest" | "notes")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
    }

    fn at(category: StatusCategory) -> Situation {
        Situation { category, ..Situation::fresh() }
    }

    fn because(reason: DisqualifiedReason, note: Option<&str>) -> StatusFacts {
        StatusFacts { reason: Some(reason), note: note.map(str::to_owned), revisit_on: None }
    }

    fn disqualified() -> Situation {
        Situation::fresh()
            .change_status(StatusCategory::Disqualified, because(DisqualifiedReason::NoNeed, None), day(1))
            .unwrap()
    }

    #[test]
    fn disqualifying_needs_a_reason_and_other_a_note() {
        let to = |facts| at(StatusCategory::Working).change_status(StatusCategory::Disqualified, facts, day(1));
        assert_eq!(to(StatusFacts::default()), Err(LeadError::Missing { field: "disqualified_reason" }));
        assert_eq!(
            to(because(DisqualifiedReason::Other, None)),
            Err(LeadError::Missing { field: "disqualified_note" })
        );
        assert_eq!(to(because(DisqualifiedReason::Other, Some("  "))).unwrap_err().field(), "disqualified_note");
        let done = to(because(DisqualifiedReason::Other, Some("moved away"))).unwrap();
        assert_eq!(
            (done.disqualified_reason, done.disqualified_note.as_deref()),
            (Some(DisqualifiedReason::Other), Some("moved away"))
        );
    }

    #[test]
    fn another_disqualified_status_keeps_the_reason() {
        let again = disqualified().change_status(StatusCategory::Disqualified, StatusFacts::default(), day(2)).unwrap();
        assert_eq!(again, disqualified());
    }

    #[test]
    fn nurturing_needs_a_date_ahead() {
        let to = |revisit_on| {
            at(StatusCategory::New).change_status(
                StatusCategory::Nurturing,
                StatusFacts { revisit_on, ..StatusFacts::default() },
                day(5),
            )
        };
        assert_eq!(to(None), Err(LeadError::Missing { field: "revisit_on" }));
        assert_eq!(to(Some(day(4))), Err(LeadError::RevisitInPast));
        assert_eq!(to(Some(day(5))).unwrap().revisit_on, Some(day(5)));
        assert_eq!(to(NaiveDate::from_ymd_opt(9999, 1, 1)), Err(LeadError::RevisitTooFar));
    }

    #[test]
    fn a_date_that_passed_while_nurturing_may_stay() {
        let waiting = Situation { revisit_on: Some(day(1)), ..at(StatusCategory::Nurturing) };
        let to = |facts| waiting.clone().change_status(StatusCategory::Nurturing, facts, day(9));
        assert_eq!(to(StatusFacts::default()).unwrap(), waiting);
        assert_eq!(
            to(StatusFacts { revisit_on: Some(day(2)), ..StatusFacts::default() }),
            Err(LeadError::RevisitInPast)
        );
    }

    #[test]
    fn converted_is_reached_and_left_by_conversion_only() {
        let converted = at(StatusCategory::Qualified).convert().unwrap();
        assert_eq!(converted.clone().convert(), Err(LeadError::Converted));
        assert_eq!(
            converted.clone().change_status(StatusCategory::New, StatusFacts::default(), day(1)),
            Err(LeadError::Converted)
        );
        assert_eq!(converted.reopen(StatusCategory::Qualified), at(StatusCategory::Qualified));
        assert_eq!(
            at(StatusCategory::New).change_status(StatusCategory::Converted, StatusFacts::default(), day(1)),
            Err(LeadError::UseConversion)
        );
    }

    #[test]
    fn coming_back_to_new_counts() {
        let back = disqualified().change_status(StatusCategory::New, StatusFacts::default(), day(1)).unwrap();
        assert_eq!(back, Situation { recycle_count: 1, ..Situation::fresh() });
        let working = disqualified().change_status(StatusCategory::Working, StatusFacts::default(), day(1)).unwrap();
        assert_eq!((working.recycle_count, working.disqualified_reason), (0, None));
    }

    #[test]
    fn somebody_must_be_named() {
        assert_eq!(require_name(None, Some(" "), None), Err(LeadError::Missing { field: "company_name" }));
        assert_eq!(require_name(Some("王"), None, None), Ok(()));
        assert_eq!(require_name(None, None, Some("Acme")), Ok(()));
    }

    #[test]
    fn after_conversion_only_remarks_change() {
        assert!(is_writable_after_conversion("tags"));
        assert!(!is_writable_after_conversion("status"));
    }

    fn facts() -> impl Strategy<Value = StatusFacts> {
        let reason = prop::option::of(prop::sample::select(DisqualifiedReason::ALL));
        let note = prop::option::of("[a ]{0,2}");
        (reason, note, prop::option::of((1u32..28).prop_map(day))).prop_map(|(reason, note, revisit_on)| StatusFacts {
            reason,
            note,
            revisit_on,
        })
    }

    proptest! {
        #[test]
        fn whatever_happens_the_facts_fit_the_category(steps in prop::collection::vec((prop::sample::select(StatusCategory::ALL), facts(), 1u32..28), 1..12)) {
            let mut lead = Situation::fresh();
            for (to, facts, today) in steps {
                let Ok(next) = lead.clone().change_status(to, facts, day(today)) else { continue };
                prop_assert_eq!(next.category, to);
                prop_assert_eq!(next.disqualified_reason.is_some(), to == StatusCategory::Disqualified);
                prop_assert!(next.disqualified_reason != Some(DisqualifiedReason::Other) || next.disqualified_note.is_some());
                prop_assert!(to != StatusCategory::Nurturing || next.revisit_on.is_some());
                prop_assert!(next.recycle_count >= lead.recycle_count);
                lead = next;
            }
        }
    }

    #[test]
    fn a_new_lead_waits_until_it_is_answered_or_worked_on() {
        let at = |hours: i64| DateTime::UNIX_EPOCH + TimeDelta::hours(hours);
        let due_at = FirstResponse::due_after(at(0), 24);
        let new = FirstResponse { category: StatusCategory::New, due_at, responded_at: None };
        assert_eq!(due_at, Some(at(24)));
        assert_eq!([new.at(at(0)), new.at(at(24)), new.at(at(25))], [Response::Due, Response::Due, Response::Overdue]);
        assert_eq!(FirstResponse { responded_at: Some(at(30)), ..new }.at(at(99)), Response::None);
        assert_eq!(FirstResponse { due_at: None, ..new }.at(at(99)), Response::None);
        for category in [StatusCategory::Working, StatusCategory::Disqualified, StatusCategory::Converted] {
            assert_eq!(FirstResponse { category, ..new }.at(at(99)), Response::None);
        }
        assert_eq!(FirstResponse::due_after(DateTime::<Utc>::MAX_UTC, 1), None);
    }
}
