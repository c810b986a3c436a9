//! The order of cards on a board: strings that compare byte by byte, with room between any two.
//!
//! A rank is the digits of a fraction in base 62 (`0`–`9`, `A`–`Z`, `a`–`z`, in byte order) and never ends in `0`,
//! since nothing fits between `a` and `a0`. Placing a card writes one row, whatever the length of the column.
//! At the ends of a column a rank steps by a fixed amount, so that millions of cards stay six digits long; between
//! two cards it is the middle, which costs one digit for every five insertions at the very same place.

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE: u64 = 62;
/// Digits that take part in stepping.
const HEAD: usize = 6;
/// The first value that no longer fits in `HEAD` digits.
const HEAD_END: u64 = BASE.pow(6);
/// Room left at the ends: 7 million steps on either side of the first card, 3,843 cards between two neighbours.
const STEP: u64 = BASE.pow(2);

/// Why there is no rank between two ranks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RankError {
    /// Empty, ending in `0`, or with other characters than digits and letters.
    #[error("not a rank")]
    Invalid,
    /// The first is not before the second; the column must be read again.
    #[error("the neighbours are not in order")]
    OutOfOrder,
}

/// A rank strictly between two neighbours; `None` is the end of the column.
///
/// # Errors
/// `Invalid` and `OutOfOrder`.
pub fn rank_between(before: Option<&str>, after: Option<&str>) -> Result<String, RankError> {
    let before = before.map(values).transpose()?;
    let after = after.map(values).transpose()?;
    let rank = match (before, after) {
        (None, None) => head_digits(HEAD_END / 2),
        (Some(before), None) => step_up(&before).unwrap_or_else(|| middle(&before, None)),
        (None, Some(after)) => step_down(&after).unwrap_or_else(|| middle(&[], Some(&after))),
        (Some(before), Some(after)) if before < after => middle(&before, Some(&after)),
        (Some(_), Some(_)) => return Err(RankError::OutOfOrder),
    };
    Ok(text(&rank))
}

/// A rank behind the last one of a column (`None`: the column is empty).
///
/// # Errors
/// `Invalid`.
pub fn rank_last(before: Option<&str>) -> Result<String, RankError> {
    rank_between(before, None)
}

fn values(rank: &str) -> Result<Vec<u64>, RankError> {
    let digit = |byte| DIGITS.binary_search(&byte).ok().and_then(|value| u64::try_from(value).ok());
    let values: Option<Vec<u64>> = rank.bytes().map(digit).collect();
    values.filter(|values| values.last().is_some_and(|last| *last > 0)).ok_or(RankError::Invalid)
}

fn text(values: &[u64]) -> String {
    values
        .iter()
        .filter_map(|value| DIGITS.get(usize::try_from(*value).ok()?))
        .map(|digit| char::from(*digit))
        .collect()
}

fn head(values: &[u64]) -> u64 {
    let padded = values.iter().copied().chain(std::iter::repeat(0));
    padded.take(HEAD).fold(0, |sum, digit| sum * BASE + digit)
}

fn head_digits(mut head: u64) -> Vec<u64> {
    let mut digits = Vec::with_capacity(HEAD);
    for _ in 0..HEAD {
        digits.push(head % BASE);
        head /= BASE;
    }
    digits.reverse();
    while digits.last() == Some(&0) {
        digits.pop();
    }
    digits
}

fn step_up(before: &[u64]) -> Option<Vec<u64>> {
    Some(head(before) + STEP).filter(|head| *head < HEAD_END).map(head_digits)
}

fn step_down(after: &[u64]) -> Option<Vec<u64>> {
    head(after).checked_sub(STEP).filter(|head| *head > 0).map(head_digits)
}

/// The shortest digits near the middle of two fractions with `before < after`; `None` is one.
fn middle(before: &[u64], mut after: Option<&[u64]>) -> Vec<u64> {
    let mut rank = Vec::new();
    loop {
        let place = rank.len();
        let low = before.get(place).copied().unwrap_or(0);
        let high = after.map_or(BASE, |after| after.get(place).copied().unwrap_or(0));
        if high > low + 1 {
            rank.push(low.midpoint(high));
            return rank;
        }
        if high == low + 1 {
            if after.is_some_and(|after| after.len() > place + 1) {
                rank.push(high);
                return rank;
            }
            // From here on anything above the rest of `before` is below `after`.
            after = None;
        }
        rank.push(low);
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_empty_column_starts_in_the_middle() {
        assert_eq!(rank_last(None).unwrap(), "V");
        assert_eq!(rank_between(Some("V"), None).unwrap(), "V001");
        assert_eq!(rank_between(None, Some("V")).unwrap(), "Uzzz");
    }

    #[test]
    fn neighbours_without_a_gap_get_another_digit() {
        assert_eq!(rank_between(Some("a"), Some("b")).unwrap(), "aV");
        assert_eq!(rank_between(Some("a"), Some("a01")).unwrap(), "a00V");
        assert_eq!(rank_between(Some("az"), Some("b")).unwrap(), "azV");
        assert_eq!(rank_between(Some("a"), Some("bV")).unwrap(), "b");
        assert_eq!(rank_between(None, Some("000001")).unwrap(), "000000V");
        assert_eq!(rank_between(Some("zzzzzz"), None).unwrap(), "zzzzzzV");
    }

    #[test]
    fn what_is_no_rank_is_refused() {
        for rank in ["", "a0", "0", "a b", "ä", "a-"] {
            assert_eq!(rank_last(Some(rank)), Err(RankError::Invalid), "{rank}");
        }
        assert_eq!(rank_between(Some("b"), Some("a")), Err(RankError::OutOfOrder));
        assert_eq!(rank_between(Some("a"), Some("a")), Err(RankError::OutOfOrder));
    }

    #[test]
    fn a_hundred_thousand_cards_at_the_ends_stay_short() {
        let (mut last, mut first) = (rank_last(None).unwrap(), rank_last(None).unwrap());
        for _ in 0..100_000 {
            let next = rank_last(Some(&last)).unwrap();
            let previous = rank_between(None, Some(&first)).unwrap();
            assert!(next > last && previous < first && next.len() <= HEAD && previous.len() <= HEAD);
            (last, first) = (next, previous);
        }
    }

    #[test]
    fn insertion_at_one_place_grows_slowly() {
        let (low, mut high) = ("V".to_owned(), "W".to_owned());
        for _ in 0..600 {
            high = rank_between(Some(&low), Some(&high)).unwrap();
        }
        assert!(high.len() <= 122, "{}", high.len());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]

        #[test]
        fn thousands_of_random_insertions_keep_the_order(places in prop::collection::vec(any::<prop::sample::Index>(), 3_000)) {
            let mut column: Vec<String> = Vec::new();
            for place in places {
                let place = place.index(column.len() + 1);
                let before = place.checked_sub(1).map(|place| column[place].as_str());
                let rank = rank_between(before, column.get(place).map(String::as_str)).unwrap();
                column.insert(place, rank);
            }
            prop_assert!(column.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(column.iter().all(|rank| rank.len() <= 16), "{:?}", column.iter().map(String::len).max());
        }
    }

    proptest! {
        #[test]
        fn the_middle_of_any_two_ranks_is_between(a in "[0-9A-Za-z]{0,12}[1-9A-Za-z]", b in "[0-9A-Za-z]{0,12}[1-9A-Za-z]") {
            prop_assume!(a != b);
            let (low, high) = if a < b { (a, b) } else { (b, a) };
            let rank = rank_between(Some(&low), Some(&high)).unwrap();
            prop_assert!(low < rank && rank < high, "{low} {rank} {high}");
            prop_assert!(rank_last(Some(&high)).unwrap() > high);
            prop_assert!(rank_between(None, Some(&low)).unwrap() < low);
        }
    }
}
