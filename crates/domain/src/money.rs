//! Money: minor units and an ISO 4217 currency, never a float, never two currencies in one sum.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::fmt;
use thiserror::Error;

/// The syntax of an amount in the contract; ECMA-262, anchored. How many decimals are allowed depends on the currency.
pub const AMOUNT_PATTERN: &str = r"^-?(?:0|[1-9][0-9]{0,12})(?:\.[0-9]{1,4})?$";

/// The syntax of a currency code; which codes exist is ISO 4217's matter.
pub const CURRENCY_PATTERN: &str = "^[A-Z]{3}$";

/// Largest amount, in units of 0.01: 9 999 999 999 999.99.
const MAX_HUNDREDTHS: i64 = 999_999_999_999_999;

/// Currencies by the number of their decimals; all others that count in decimals have two.
const BY_DECIMALS: [(u32, &[&str]); 3] = [
    (
        0,
        &[
            "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF",
            "XOF", "XPF",
        ],
    ),
    (3, &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]),
    (4, &["CLF", "UYW"]),
];

/// A currency of ISO 4217 that amounts are counted in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(iso_currency::Currency);

/// An amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

/// Why an amount is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum MoneyError {
    /// No currency of ISO 4217 in capitals, or one without minor units, such as gold.
    #[error("must be an ISO 4217 currency code")]
    UnknownCurrency,
    /// Not a decimal number.
    #[error("must be a decimal number such as 1280.00")]
    NotANumber,
    /// More decimals than the currency has.
    #[error("must have at most {max} decimals")]
    TooManyDecimals {
        /// The decimals of the currency.
        max: u32,
    },
    /// Beyond ±9 999 999 999 999.99.
    #[error("must be between -9999999999999.99 and 9999999999999.99")]
    OutOfRange,
    /// Two amounts of different currencies.
    #[error("amounts of different currencies cannot be added")]
    MixedCurrencies,
}

impl Currency {
    /// Reads a code of three capitals.
    ///
    /// # Errors
    /// `UnknownCurrency`.
    pub fn parse(code: &str) -> Result<Self, MoneyError> {
        let currency = iso_currency::Currency::from_code(code).filter(|found| found.code() == code);
        let currency = currency.filter(|found| found.exponent().is_some()).ok_or(MoneyError::UnknownCurrency)?;
        Ok(Self(currency))
    }

    /// The code: `CNY`.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// How many decimals its amounts have: CNY 2, JPY 0, KWD 3.
    #[must_use]
    pub fn decimals(self) -> u32 {
        let code = self.code();
        BY_DECIMALS.iter().find(|(_, codes)| codes.contains(&code)).map_or(2, |(decimals, _)| *decimals)
    }

    /// The codes of the currencies that do not have two decimals, by the number they have.
    #[must_use]
    pub fn by_decimals() -> &'static [(u32, &'static [&'static str])] {
        &BY_DECIMALS
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Money {
    /// An amount in minor units, as it is stored.
    ///
    /// # Errors
    /// `OutOfRange`.
    pub fn from_minor(minor: i64, currency: Currency) -> Result<Self, MoneyError> {
        let money = Self { minor, currency };
        if money.to_decimal().abs() > Decimal::new(MAX_HUNDREDTHS, 2) {
            return Err(MoneyError::OutOfRange);
        }
        Ok(money)
    }

    /// Reads an amount as it stands in the contract: `"1280.00"`, `"CNY"`.
    ///
    /// # Errors
    /// `UnknownCurrency`; `NotANumber` unless [`AMOUNT_PATTERN`] matches; `TooManyDecimals`; `OutOfRange`.
    pub fn parse(amount: &str, code: &str) -> Result<Self, MoneyError> {
        let currency = Currency::parse(code)?;
        let max = currency.decimals();
        let decimal = parse_amount(amount)?;
        if decimal.scale() > max {
            return Err(MoneyError::TooManyDecimals { max });
        }
        let minor = minor_units(decimal, max).ok_or(MoneyError::OutOfRange)?;
        Self::from_minor(minor, currency)
    }

    /// The minor units: cents, fen, yen.
    #[must_use]
    pub fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    #[must_use]
    pub fn currency(self) -> Currency {
        self.currency
    }

    /// The amount with the currency's decimals: `1280.00`, for JPY `1280`.
    #[must_use]
    pub fn to_decimal_string(self) -> String {
        self.to_decimal().to_string()
    }

    /// The sum.
    ///
    /// # Errors
    /// `MixedCurrencies`, `OutOfRange`.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::MixedCurrencies);
        }
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::OutOfRange)?;
        Self::from_minor(minor, self.currency)
    }

    fn to_decimal(self) -> Decimal {
        Decimal::new(self.minor, self.currency.decimals())
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_decimal_string(), self.currency)
    }
}

/// An amount in so many decimals as a whole number, or `None` when it is not whole or too large.
#[must_use]
pub fn minor_units(amount: Decimal, decimals: u32) -> Option<i64> {
    let scaled = amount.checked_mul(Decimal::from(10_i64.checked_pow(decimals)?))?;
    scaled.is_integer().then_some(scaled)?.to_i64()
}

/// Reads exactly what [`AMOUNT_PATTERN`] matches.
fn parse_amount(amount: &str) -> Result<Decimal, MoneyError> {
    let unsigned = amount.strip_prefix('-').unwrap_or(amount);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let is_digits = |text: &str, max| (1..=max).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_padded = whole.len() > 1 && whole.starts_with('0');
    if is_padded || !is_digits(whole, 13) || !is_digits(fraction, 4) {
        return Err(MoneyError::NotANumber);
    }
    Decimal::from_str_exact(amount).map_err(|_| MoneyError::NotANumber)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use proptest::prelude::*;
    use regex::Regex;

    fn printed(amount: &str, code: &str) -> String {
        Money::parse(amount, code).unwrap().to_decimal_string()
    }

    #[test]
    fn amounts_have_the_decimals_of_their_currency() {
        assert_eq!(Money::parse("1280.00", "CNY").unwrap().minor(), 128_000);
        assert_eq!(printed("1280", "CNY"), "1280.00");
        assert_eq!(printed("-0.5", "USD"), "-0.50");
        assert_eq!(printed("1280", "JPY"), "1280");
        assert_eq!(printed("1.5", "KWD"), "1.500");
        assert_eq!(Money::parse("1.5", "JPY"), Err(MoneyError::TooManyDecimals { max: 0 }));
        assert_eq!(Money::parse("1.005", "CNY"), Err(MoneyError::TooManyDecimals { max: 2 }));
    }

    #[test]
    fn the_range_ends_at_thirteen_digits() {
        assert_eq!(printed("9999999999999.99", "CNY"), "9999999999999.99");
        assert_eq!(printed("-9999999999999.99", "CNY"), "-9999999999999.99");
        assert_eq!(Money::parse("9999999999999.999", "KWD"), Err(MoneyError::OutOfRange));
        assert_eq!(Money::parse("10000000000000", "CNY"), Err(MoneyError::NotANumber));
        assert_eq!(Money::from_minor(i64::MAX, Currency::parse("CNY").unwrap()), Err(MoneyError::OutOfRange));
        assert_eq!(Money::from_minor(i64::MIN, Currency::parse("JPY").unwrap()), Err(MoneyError::OutOfRange));
    }

    #[test]
    fn nothing_else_is_an_amount_or_a_currency() {
        for bad in ["", "-", ".5", "5.", "1e3", "+1", "1,000", " 1", "１", "NaN", "--1", "1.00001"] {
            assert_eq!(Money::parse(bad, "CNY"), Err(MoneyError::NotANumber), "{bad:?}");
        }
        for bad in ["", "cny", "XAU", "XXX", "ABC", "CNYY"] {
            assert_eq!(Money::parse("1", bad), Err(MoneyError::UnknownCurrency), "{bad:?}");
        }
    }

    #[test]
    fn currencies_are_never_mixed() {
        let (yuan, yen) = (Money::parse("1.10", "CNY").unwrap(), Money::parse("1", "JPY").unwrap());
        assert_eq!(yuan.checked_add(yuan).map(Money::minor), Ok(220));
        assert_eq!(yuan.checked_add(yen), Err(MoneyError::MixedCurrencies));
        let most = Money::parse("9999999999999.99", "CNY").unwrap();
        assert_eq!(most.checked_add(yuan), Err(MoneyError::OutOfRange));
    }

    /// The table here and the published list agree for all codes there can be.
    #[test]
    fn the_decimals_are_those_of_iso_4217() {
        let letters = || 'A'..='Z';
        let codes = letters().flat_map(|a| letters().flat_map(move |b| letters().map(move |c| format!("{a}{b}{c}"))));
        let known: Vec<Currency> = codes.filter_map(|code| Currency::parse(&code).ok()).collect();
        assert!(known.len() > 150);
        for currency in known {
            assert_eq!(Some(currency.decimals()), currency.0.exponent().map(u32::from), "{currency}");
        }
        let listed = Currency::by_decimals().iter().flat_map(|(_, codes)| codes.iter());
        assert!(listed.into_iter().all(|code| Currency::parse(code).is_ok()));
    }

    proptest! {
        #[test]
        fn printing_and_reading_gives_the_same(
            minor in -9_999_999_999_999_i64..=9_999_999_999_999, code in prop::sample::select(vec!["CNY", "JPY", "KWD", "CLF"]),
        ) {
            let money = Money::from_minor(minor, Currency::parse(code).unwrap()).unwrap();
            prop_assert_eq!(Money::parse(&money.to_decimal_string(), code), Ok(money));
        }

        #[test]
        fn reader_and_pattern_agree(amount in "-?[0-9]{0,14}[.]?[0-9]{0,5}|[-0-9.e+]{0,5}") {
            let is_read = Money::parse(&amount, "CLF") != Err(MoneyError::NotANumber);
            prop_assert_eq!(is_read, Regex::new(AMOUNT_PATTERN).unwrap().is_match(&amount), "{:?}", amount);
        }
    }
}
