//! Contacts: their vocabulary, and what must be true of their names, addresses, links and birthdays.

use chrono::{Datelike, NaiveDate};

use crate::text_enum::text_enum;

text_enum! {
    /// What a contact is to a purchase.
    pub enum DecisionRole {
        /// Decides.
        DecisionMaker = "decision_maker",
        /// Is listened to.
        Influencer = "influencer",
        /// Will use it.
        User = "user",
        /// Opens doors, or keeps them shut.
        Gatekeeper = "gatekeeper",
    }
}

text_enum! {
    /// Where an e-mail address belongs.
    pub enum EmailKind {
        /// To the job.
        Work = "work",
        /// To the home.
        Home = "home",
        /// Elsewhere.
        Other = "other",
    }
}

text_enum! {
    /// Where a telephone number belongs.
    pub enum PhoneKind {
        /// In the pocket.
        Mobile = "mobile",
        /// To the job.
        Work = "work",
        /// To the home.
        Home = "home",
        /// Elsewhere.
        Other = "other",
    }
}

text_enum! {
    /// How a contact likes to be reached.
    pub enum PreferredChannel {
        /// By telephone.
        Phone = "phone",
        /// By e-mail.
        Email = "email",
        /// By WeChat.
        Wechat = "wechat",
    }
}

/// What is wrong with a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContactError {
    /// Neither a family nor a given name.
    #[error("family_name or given_name is required")]
    NameMissing,
    /// More than one of a list is primary.
    #[error("entry {second} is a second primary one")]
    SecondPrimary {
        /// The index of the second one.
        second: usize,
    },
    /// There is no such day.
    #[error("there is no such birthday")]
    NoSuchDay,
    /// The birthday lies ahead, or too long ago.
    #[error("the year of birth is out of range")]
    YearOutOfRange,
    /// A link ends before it begins.
    #[error("until is before since")]
    EndsBeforeItBegins,
}

/// A contact needs a part of a name.
///
/// # Errors
/// `NameMissing`.
pub fn require_name(family_name: Option<&str>, given_name: Option<&str>) -> Result<(), ContactError> {
    let is_named = [family_name, given_name].into_iter().flatten().any(|name| !name.trim().is_empty());
    if is_named { Ok(()) } else { Err(ContactError::NameMissing) }
}

/// The name as one reads it: 王小明, but Ada Lovelace.
#[must_use]
pub fn display_name(family_name: Option<&str>, given_name: Option<&str>) -> String {
    let [family, given] = [family_name, given_name].map(|name| name.unwrap_or_default().trim());
    let is_family_first = family.chars().chain(given.chars()).any(is_east_asian);
    match (family, given) {
        ("", name) | (name, "") => name.to_owned(),
        _ if is_family_first => format!("{family}{given}"),
        _ => format!("{given} {family}"),
    }
}

/// Leaves exactly one primary entry: the one that is marked, else the first eligible one.
///
/// `flag` gives access to the mark; `is_eligible` tells which entries may become primary unasked.
///
/// # Errors
/// `SecondPrimary` when two are marked.
pub fn settle_primary<T>(
    entries: &mut [T],
    flag: impl Fn(&mut T) -> &mut bool,
    is_eligible: impl Fn(&T) -> bool,
) -> Result<(), ContactError> {
    let mut marked = entries.iter_mut().enumerate().filter_map(|(index, entry)| (*flag(entry)).then_some(index));
    let first = marked.next();
    if let Some(second) = marked.next() {
        return Err(ContactError::SecondPrimary { second });
    }
    drop(marked);
    if first.is_none()
        && let Some(entry) = entries.iter_mut().find(|entry| is_eligible(entry))
    {
        *flag(entry) = true;
    }
    Ok(())
}

/// Since when and until when a contact belongs to a customer.
///
/// # Errors
/// `EndsBeforeItBegins`.
pub fn check_period(since: Option<NaiveDate>, until: Option<NaiveDate>) -> Result<(), ContactError> {
    match (since, until) {
        (Some(since), Some(until)) if until < since => Err(ContactError::EndsBeforeItBegins),
        _ => Ok(()),
    }
}

/// A birthday; many people tell the day but not the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Birthday {
    month: u8,
    day: u8,
    year: Option<i32>,
}

/// A year with a 29 February.
const LEAP_YEAR: i32 = 2000;
/// Nobody alive was born before.
const EARLIEST_YEAR: i32 = 1850;

impl Birthday {
    /// Checks that there is such a day, and with a year that it is not ahead. 29 February needs no leap year unless
    /// the year is told.
    ///
    /// # Errors
    /// `NoSuchDay` and `YearOutOfRange`.
    pub fn new(month: u8, day: u8, year: Option<i32>, today: NaiveDate) -> Result<Self, ContactError> {
        if year.is_some_and(|year| year < EARLIEST_YEAR || year > today.year()) {
            return Err(ContactError::YearOutOfRange);
        }
        let date = NaiveDate::from_ymd_opt(year.unwrap_or(LEAP_YEAR), month.into(), day.into());
        let date = date.ok_or(ContactError::NoSuchDay)?;
        if year.is_some() && date > today {
            return Err(ContactError::YearOutOfRange);
        }
        Ok(Self { month, day, year })
    }

    /// 1 to 12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// 1 to 31.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }

    /// The year, if told.
    #[must_use]
    pub const fn year(self) -> Option<i32> {
        self.year
    }
}

/// Han, kana and Hangul: the scripts in which the family name comes first and no space follows.
fn is_east_asian(letter: char) -> bool {
    matches!(u32::from(letter), 0x2E80..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0x20000..=0x323AF)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, 5).unwrap()
    }

    #[test]
    fn names_are_read_as_their_language_writes_them() {
        assert_eq!(display_name(Some("王"), Some("小明")), "王小明");
        assert_eq!(display_name(Some("Lovelace"), Some("Ada")), "Ada Lovelace");
        assert_eq!(display_name(Some("Lovelace"), None), "Lovelace");
        assert_eq!(display_name(None, Some(" Ada ")), "Ada");
        assert_eq!(display_name(None, None), "");
        assert_eq!(display_name(Some("김"), Some("철수")), "김철수");
    }

    #[test]
    fn somebody_without_a_name_is_refused() {
        assert_eq!(require_name(Some(" "), None), Err(ContactError::NameMissing));
        assert_eq!(require_name(None, Some("Ada")), Ok(()));
    }

    #[test]
    fn the_first_eligible_becomes_primary() {
        let mut entries = [(1, false), (2, false)];
        settle_primary(&mut entries, |entry| &mut entry.1, |entry| entry.0 > 1).unwrap();
        assert_eq!(entries, [(1, false), (2, true)]);
        settle_primary(&mut entries, |entry| &mut entry.1, |_| true).unwrap();
        assert_eq!(entries, [(1, false), (2, true)]);
    }

    #[test]
    fn two_primaries_are_refused() {
        let mut entries = [true, false, true];
        assert_eq!(
            settle_primary(&mut entries, |entry| entry, |_| true),
            Err(ContactError::SecondPrimary { second: 2 })
        );
        assert_eq!(settle_primary(&mut [], |entry: &mut bool| entry, |_| true), Ok(()));
    }

    #[test]
    fn birthdays() {
        assert!(Birthday::new(2, 29, None, today()).is_ok());
        assert!(Birthday::new(2, 29, Some(1996), today()).is_ok());
        assert_eq!(Birthday::new(2, 29, Some(1997), today()), Err(ContactError::NoSuchDay));
        assert_eq!(Birthday::new(4, 31, None, today()), Err(ContactError::NoSuchDay));
        assert_eq!(Birthday::new(13, 1, None, today()), Err(ContactError::NoSuchDay));
        assert_eq!(Birthday::new(3, 6, Some(2026), today()), Err(ContactError::YearOutOfRange));
        assert_eq!(Birthday::new(3, 6, Some(1849), today()), Err(ContactError::YearOutOfRange));
        let born = Birthday::new(3, 5, Some(2026), today()).unwrap();
        assert_eq!((born.month(), born.day(), born.year()), (3, 5, Some(2026)));
    }

    #[test]
    fn a_link_begins_before_it_ends() {
        let yesterday = today().pred_opt();
        assert_eq!(check_period(Some(today()), yesterday), Err(ContactError::EndsBeforeItBegins));
        assert_eq!(check_period(yesterday, Some(today())), Ok(()));
        assert_eq!(check_period(Some(today()), Some(today())), Ok(()));
        assert_eq!(check_period(None, yesterday), Ok(()));
    }

    proptest! {
        #[test]
        fn a_list_has_one_primary_or_is_refused(mut marks in prop::collection::vec(any::<bool>(), 0..8)) {
            let before = marks.iter().filter(|mark| **mark).count();
            let result = settle_primary(&mut marks, |mark| mark, |_| true);
            prop_assert_eq!(result.is_err(), before > 1);
            let after = marks.iter().filter(|mark| **mark).count();
            prop_assert_eq!(after, if before > 1 { before } else { marks.len().min(1) });
        }
    }
}
