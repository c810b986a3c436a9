use super::*;
use crate::money::Currency;
use chrono::{DateTime, NaiveDate, Utc};
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::cmp::Ordering;
use std::collections::HashMap;

/// A record of the small CRM, in memory.
#[derive(Debug, Default)]
struct Row {
    values: HashMap<&'static str, Value>,
    tags: Vec<String>,
    referred: HashMap<&'static str, Row>,
    members: Vec<Row>,
}

impl Source for Row {
    fn value(&self, column: &str) -> Option<Value> {
        self.values.get(column).cloned()
    }

    fn tags(&self, _column: &str) -> Vec<String> {
        self.tags.clone()
    }

    fn referred(&self, column: &str, _target: RecordKind) -> Option<&dyn Source> {
        self.referred.get(column).map(|row| row as &dyn Source)
    }

    fn members(&self, _target: RecordKind, _foreign_key: &str) -> Vec<&dyn Source> {
        self.members.iter().map(|row| row as &dyn Source).collect()
    }
}

fn with(values: Vec<(&'static str, Value)>) -> Row {
    Row { values: values.into_iter().collect(), ..Row::default() }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn holds(typed: &str, row: &Row) -> bool {
    is_match(&checked(typed).unwrap(), row)
}

#[test]
fn nothing_is_unequal_to_everything() {
    let empty = Row::default();
    for typed in [
        "company != x",
        "company NOT IN (x)",
        "company !~ x",
        "company IS NULL",
        "company IS EMPTY",
        "NOT company = x",
        "NOT score > 1",
        "owner.name != x",
        "owner.name IS NULL",
        "owner.name NOT IN (x)",
        "amount != 1",
        "tags IS EMPTY",
        "tags HAS NONE (x)",
        "created_at != 2024-01-01",
        "customer.contacts IS EMPTY",
        "NOT customer.contacts ANY (name ~ x)",
        "company = null",
    ] {
        assert!(holds(typed, &empty), "{typed}");
    }
    for typed in [
        "company = x",
        "company IN (x)",
        "company ~ ''",
        "company IS NOT NULL",
        "company IS NOT EMPTY",
        "score > 1",
        "score <= 1",
        "owner.name = x",
        "owner.name IS NOT NULL",
        "amount = 1",
        "amount < 1",
        "tags HAS ANY (x)",
        "tags HAS ALL (x)",
        "created_at < 2024-01-01",
        "customer.contacts ANY (name !~ x)",
    ] {
        assert!(!holds(typed, &empty), "{typed}");
    }
}

#[test]
fn texts_tags_and_related_records_are_tested() {
    let contacts = vec![with(vec![("name", text("Ada"))]), with(vec![("name", text("Grace"))])];
    let customer = Row { members: contacts, ..with(vec![("name", text("花果山")), ("industry", text(""))]) };
    let row = Row {
        tags: vec!["vip".into(), "north".into()],
        referred: HashMap::from([("customer_id", customer)]),
        ..with(vec![("name", text("Ada ÄRZTE 100%"))])
    };
    for typed in [
        "name ~ 'aDA'",
        "name ~ '100%'",
        "name ^= ada",
        "name $= '00%'",
        "name !~ 'ärzte'",
        "name ~ 'Ä'",
        "tags HAS ALL (north, vip)",
        "tags HAS ANY (south, vip)",
        "tags HAS NONE (south)",
        "customer.name = '花果山'",
        "customer.industry IS EMPTY",
        "customer.industry IS NOT NULL",
        "customer.contacts ANY (name = Ada)",
        "NOT customer.contacts ANY (name = Alan)",
        "customer.contacts IS NOT EMPTY",
        "name > Aa AND name < B",
    ] {
        assert!(holds(typed, &row), "{typed}");
    }
    for typed in [
        "name ~ '1_0'",
        "name $= ada",
        "tags HAS ALL (vip, south)",
        "customer.contacts ANY (name ~ a AND name ~ 'gr' AND name ^= a)",
    ] {
        assert!(!holds(typed, &row), "{typed}");
    }
}

fn agrees(op: &str, ordering: Ordering) -> bool {
    match op {
        "=" => ordering.is_eq(),
        "!=" => ordering.is_ne(),
        ">" => ordering.is_gt(),
        ">=" => ordering.is_ge(),
        "<" => ordering.is_lt(),
        _ => ordering.is_le(),
    }
}

fn comparisons() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["=", "!=", ">", ">=", "<", "<="])
}

/// Random leads over few values, so that tests often hold.
fn rows() -> impl Strategy<Value = Row> {
    let word = || prop::option::of(prop::sample::select(vec!["", "a", "B", "ab", "Ä"]));
    let owner = prop::option::of(word());
    (word(), prop::option::of(0_i64..4), owner, prop::collection::vec("[ab]", 0..3)).prop_map(
        |(company, score, owner, tags)| {
            let value = |name: &'static str, value: Option<&str>| value.map(|value| (name, text(value)));
            let values =
                value("company_name", company).into_iter().chain(score.map(|score| ("score", Value::Integer(score))));
            let owner = owner.map(|name| ("owner_id", with(value("name", name).into_iter().collect())));
            Row { tags, referred: owner.into_iter().collect(), ..with(values.collect()) }
        },
    )
}

proptest! {
    #[test]
    fn a_negative_test_is_the_opposite_of_the_positive(
        row in rows(), path in prop::sample::select(vec!["company", "owner.name", "score", "tags"]), value in "[0-3]|[abB]",
    ) {
        let value = if path == "score" { "2" } else { value.as_str() };
        let mut pairs = vec![(format!("{path} = {value}"), format!("{path} != {value}")),
            (format!("{path} IN ({value}, 3)"), format!("{path} NOT IN ({value}, 3)")),
            (format!("{path} IS NULL"), format!("{path} IS NOT NULL"))];
        if matches!(path, "company" | "owner.name") {
            pairs.push((format!("{path} ~ {value}"), format!("{path} !~ {value}")));
            pairs.push((format!("{path} IS EMPTY"), format!("{path} IS NOT EMPTY")));
        }
        for (positive, negative) in pairs {
            prop_assert_ne!(holds(&positive, &row), holds(&negative, &row), "{} on {:?}", positive, row);
            prop_assert_eq!(holds(&format!("NOT {positive}"), &row), holds(&negative, &row));
        }
    }

    #[test]
    fn days_compare_by_the_local_calendar(seconds in 1_710_000_000_i64..1_711_000_000, days in 0_u64..12, op in comparisons()) {
        let at: DateTime<Utc> = DateTime::from_timestamp(seconds, 0).unwrap();
        let day = NaiveDate::from_ymd_opt(2024, 3, 9).unwrap() + chrono::Days::new(days);
        let local = at.with_timezone(&env().zone).date_naive();
        let row = with(vec![("created_at", Value::Instant(at))]);
        prop_assert_eq!(holds(&format!("created_at {op} {day}"), &row), agrees(op, local.cmp(&day)));
    }

    #[test]
    fn amounts_compare_in_major_units_of_any_currency(
        minor in -3000_i64..3000, code in prop::sample::select(vec!["CNY", "JPY", "KWD", "CLF", "USD"]),
        digits in -3000_i64..3000, scale in 0_u32..5, op in comparisons(),
    ) {
        let decimals = Currency::parse(code).unwrap().decimals();
        let (stored, asked) = (Decimal::new(minor, decimals), Decimal::new(digits, scale));
        let row = with(vec![("amount_minor", Value::Integer(minor)), ("amount_currency", text(code))]);
        prop_assert_eq!(holds(&format!("amount {op} {asked}"), &row), agrees(op, stored.cmp(&asked)));
        let typed = format!("amount {op} {asked} AND amount.currency = {code}");
        prop_assert_eq!(holds(&typed, &row), agrees(op, stored.cmp(&asked)));
        let other = if code == "JPY" { "CNY" } else { "JPY" };
        let foreign = format!("amount {op} {asked} AND amount.currency = {other}");
        prop_assert!(!holds(&foreign, &row));
    }

    #[test]
    fn string_and_json_form_mean_the_same(
        path in prop::sample::select(vec!["company", "score", "created_at", "next_on", "owner_id", "tags", "amount", "is_hot"]),
        op in comparisons(), value in "[0-9]{1,3}([.][0-9]{1,2})?|2024-0[1-3]-1[0-9]|@me|@today-[1-9]d|true|[ab]{1,2}|2024-01-01T00:00:00Z",
    ) {
        let filter = parse(&format!("{path} {op} {value}")).unwrap();
        let read = from_json(&to_json(&filter)).unwrap();
        let check = |filter: &Filter| check(filter, RecordKind::Lead, fields, &env());
        if let Ok(direct) = check(&filter) {
            prop_assert_eq!(check(&read), Ok(direct));
        }
    }

    #[test]
    fn checking_never_panics(filter in super::syntax::filters()) {
        let first = check(&filter, RecordKind::Lead, fields, &env());
        prop_assert_eq!(check(&filter, RecordKind::Lead, fields, &env()), first);
    }
}
