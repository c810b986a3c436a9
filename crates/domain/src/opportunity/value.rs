//! What a deal is worth while it is open.

use super::stage::StageCategory;

/// The probability in per cent: certain at the ends, else as typed, else the stage's.
#[must_use]
pub fn effective_probability(category: StageCategory, stage_probability: u8, typed: Option<u8>) -> u8 {
    match category {
        StageCategory::Won => 100,
        StageCategory::Lost | StageCategory::Void => 0,
        StageCategory::Open => typed.unwrap_or(stage_probability).min(100),
    }
}

/// `amount × probability / 100` in minor units, halves rounded up (towards positive infinity).
#[must_use]
pub fn weighted(amount_minor: i64, probability: u8) -> i64 {
    let hundredths = i128::from(amount_minor) * i128::from(probability.min(100));
    let rounded = (hundredths + 50).div_euclid(100);
    // Never larger than the amount, so it always fits.
    i64::try_from(rounded).unwrap_or(amount_minor)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_ends_are_certain() {
        assert_eq!(effective_probability(StageCategory::Won, 10, Some(20)), 100);
        assert_eq!(effective_probability(StageCategory::Lost, 10, Some(20)), 0);
        assert_eq!(effective_probability(StageCategory::Void, 10, None), 0);
        assert_eq!(effective_probability(StageCategory::Open, 10, Some(20)), 20);
        assert_eq!(effective_probability(StageCategory::Open, 10, None), 10);
    }

    #[test]
    fn halves_round_up() {
        assert_eq!(
            [weighted(1, 50), weighted(1, 49), weighted(3, 50), weighted(-1, 50), weighted(-3, 50)],
            [1, 0, 2, 0, -1]
        );
        assert_eq!(weighted(128_000, 25), 32_000);
    }

    #[test]
    fn the_largest_amounts_do_not_overflow() {
        assert_eq!(weighted(i64::MAX, 100), i64::MAX);
        assert_eq!(weighted(i64::MIN, 100), i64::MIN);
        assert_eq!(weighted(i64::MAX, 255), i64::MAX);
    }

    proptest! {
        #[test]
        fn the_weighted_amount_is_within_half_a_unit(amount in any::<i64>(), probability in 0u8..=100) {
            let error = i128::from(weighted(amount, probability)) * 100 - i128::from(amount) * i128::from(probability);
            prop_assert!(error > -50 && error <= 50);
        }
    }
}
