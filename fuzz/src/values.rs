//! Values that people type: amounts, days, addresses, numbers.

use chrono::Datelike as _;
use rapport_domain::date::parse_date;
use rapport_domain::email::EmailAddress;
use rapport_domain::money::Money;
use rapport_domain::phone::PhoneNumber;
use rapport_domain::text::{domain_of, name_key, website};

pub(crate) const WORDS: &[&str] = &[
    "1280.00",
    "-0.01",
    "9999999999999.99",
    "CNY",
    "JPY",
    "KWD",
    "2026-02-29",
    "0000-00-00",
    "+86 138 1234 5678",
    "ext 5",
    "a@b.cn",
    "user+tag@例子.中国",
    "https://",
    "http://[::1]",
    "www.",
    "%00",
    "\u{202e}",
    "１２",
    "e",
    "+",
    "-",
    ".",
    "@",
    "(",
    ")",
];

/// What is read is written in one spelling, which reads as the same.
pub(crate) fn values(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    money(&text);
    if let Some(day) = parse_date(&text) {
        assert!((1..=9999).contains(&day.year()) && day.to_string() == text, "{text} is read as {day}");
    }
    if let Ok(email) = EmailAddress::parse(&text) {
        assert_eq!(EmailAddress::parse(email.as_str()).as_ref(), Ok(&email), "an address reads otherwise");
        assert!(
            !email.local_part().is_empty()
                && email.domain().contains('.')
                && !email.as_str().contains(char::is_whitespace)
        );
    }
    for region in ["CN", "US", "XX", ""] {
        if let Ok(phone) = PhoneNumber::parse(&text, region)
            && let Some(number) = phone.e164
        {
            assert!(
                number.starts_with('+') && number.bytes().skip(1).all(|byte| byte.is_ascii_digit()),
                "{number} is no number"
            );
            let again = PhoneNumber::parse(&number, "GB").ok().and_then(|phone| phone.e164);
            assert_eq!(again, Some(number), "a number reads otherwise");
        }
    }
    if let Ok(address) = website(&text) {
        assert!(
            address.starts_with("http://") || address.starts_with("https://"),
            "{address} is no address of the web"
        );
        assert_eq!(website(&address).as_ref(), Ok(&address), "an address reads otherwise");
    }
    if let Some(domain) = domain_of(&text) {
        assert!(domain.contains('.') && !domain.contains(['/', '@', ' ']), "{domain} is no domain");
    }
    let _ = name_key(&text);
}

fn money(text: &str) {
    let (amount, code) = text.split_once(' ').unwrap_or((text, "CNY"));
    let Ok(money) = Money::parse(amount, code) else { return };
    let spelt = money.to_decimal_string();
    assert_eq!(Money::parse(&spelt, money.currency().code()), Ok(money), "{amount} reads otherwise as {spelt}");
    assert_eq!(Money::from_minor(money.minor(), money.currency()), Ok(money), "{amount} is stored as something else");
}
