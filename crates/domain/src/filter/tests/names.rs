use super::*;
use chrono::{DateTime, Utc};
use uuid::Uuid;

fn column(name: &'static str, is_nullable: bool) -> Column {
    Column { name, is_nullable }
}

fn cmp(name: &'static str, is_nullable: bool, op: CmpOp, value: Value) -> Checked {
    Checked::Cmp { column: column(name, is_nullable), op, value }
}

fn at(text: &str) -> Value {
    Value::Instant(text.parse::<DateTime<Utc>>().unwrap())
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn through(name: &'static str, target: RecordKind, inner: Checked) -> Checked {
    Checked::Through { column: column(name, true), target, inner: Box::new(inner) }
}

#[test]
fn names_lead_to_columns_and_values_get_types() {
    let id = |number| Value::Id(Uuid::from_u128(number));
    for (typed, expected) in [
        ("company = 5", cmp("company_name", true, CmpOp::Eq, text("5"))),
        (
            "name ~ 'AdÄ'",
            Checked::Text { column: column("name", false), how: TextMatch::Contains, needle: "adÄ".into() },
        ),
        ("name ~ ''", Checked::NotNull { column: column("name", false) }),
        ("score > '7'", cmp("score", true, CmpOp::Gt, Value::Integer(7))),
        ("is_hot = true", cmp("is_hot", false, CmpOp::Eq, Value::Bool(true))),
        ("status IN (new, new)", cmp("status", false, CmpOp::Eq, text("new"))),
        (
            "status IN (new, lost)",
            Checked::In { column: column("status", false), values: vec![text("lost"), text("new")] },
        ),
        ("next_on <= @today+1d", cmp("next_on", true, CmpOp::Le, Value::Date("2024-03-16".parse().unwrap()))),
        ("created_at < @now", cmp("created_at", true, CmpOp::Lt, at("2024-03-15T07:30:00Z"))),
        ("created_at > @today", cmp("created_at", true, CmpOp::Ge, at("2024-03-15T16:00:00Z"))),
        ("created_at >= @start_of(month)", cmp("created_at", true, CmpOp::Ge, at("2024-02-29T16:00:00Z"))),
        ("owner_id = @me", cmp("owner_id", true, CmpOp::Eq, id(1))),
        ("owner_id = null", Checked::NotNull { column: column("owner_id", true) }.negate()),
        ("owner_id != null", Checked::NotNull { column: column("owner_id", true) }),
        ("amount.currency = CNY", cmp("amount_currency", true, CmpOp::Eq, text("CNY"))),
        ("tags = vip", Checked::Tags { column: column("tags", false), how: TagMatch::Any, values: vec!["vip".into()] }),
        ("tags IS EMPTY", Checked::HasTags { column: column("tags", false) }.negate()),
        ("company IS NOT EMPTY", cmp("company_name", true, CmpOp::Gt, text(""))),
        (
            "owner.name != Ada",
            through("owner_id", RecordKind::User, cmp("name", false, CmpOp::Eq, text("Ada"))).negate(),
        ),
        (
            "customer.owner.team_id = @my_team",
            through(
                "customer_id",
                RecordKind::Customer,
                through(
                    "owner_id",
                    RecordKind::User,
                    Checked::In { column: column("team_id", true), values: vec![id(10), id(11)] },
                ),
            ),
        ),
        (
            "customer.contacts IS NOT EMPTY",
            through(
                "customer_id",
                RecordKind::Customer,
                Checked::Exists {
                    target: RecordKind::Contact,
                    foreign_key: "customer_id",
                    inner: Box::new(Checked::True),
                },
            ),
        ),
        (
            "NOT (name = a AND NOT status = new)",
            Checked::And(vec![
                cmp("name", false, CmpOp::Eq, text("a")),
                cmp("status", false, CmpOp::Eq, text("new")).negate(),
            ])
            .negate(),
        ),
        ("", Checked::True),
    ] {
        assert_eq!(checked(typed), Ok(expected), "{typed}");
    }
}

#[test]
fn a_whole_day_is_a_range_for_every_comparison() {
    let (begin, end) = ("2024-03-14T16:00:00Z", "2024-03-15T16:00:00Z");
    let leaf = |op, moment| cmp("created_at", true, op, at(moment));
    for (typed, expected) in [
        ("created_at = 2024-03-15", Checked::And(vec![leaf(CmpOp::Ge, begin), leaf(CmpOp::Lt, end)])),
        ("created_at < 2024-03-15", leaf(CmpOp::Lt, begin)),
        ("created_at <= '2024-03-15'", leaf(CmpOp::Lt, end)),
        ("created_at > 2024-03-15", leaf(CmpOp::Ge, end)),
        ("created_at >= 2024-03-15", leaf(CmpOp::Ge, begin)),
        (
            "created_at BETWEEN 2024-03-15 AND 2024-03-15",
            Checked::And(vec![leaf(CmpOp::Ge, begin), leaf(CmpOp::Lt, end)]),
        ),
    ] {
        assert_eq!(checked(typed), Ok(expected), "{typed}");
    }
}

#[test]
fn a_known_currency_leaves_one_comparison() {
    let minor = |value| cmp("amount_minor", true, CmpOp::Ge, Value::Integer(value));
    let currency = |code| cmp("amount_currency", true, CmpOp::Eq, text(code));
    for (code, value) in [("CNY", 150), ("JPY", 2), ("KWD", 1500)] {
        let typed = format!("amount >= 1.5 AND amount.currency = {code}");
        assert_eq!(checked(&typed), Ok(Checked::And(vec![minor(value), currency(code)])));
    }
    assert_eq!(checked("status = new AND status IN (lost, working)"), Ok(Checked::False));
}

#[test]
fn unknown_and_hidden_fields_are_refused() {
    for path in [
        "nothing",
        "secret",
        "owner",
        "owner.nothing",
        "customer.secret",
        "name.first",
        "amount.minor",
        "owner_id.name",
        "custom.tier",
    ] {
        let error = checked(&format!("{path} = 1")).unwrap_err();
        assert_eq!(error, FilterError::UnknownField { path: path.to_owned() });
    }
}

#[test]
fn operators_and_values_must_fit_the_field() {
    for typed in [
        "status ~ n",
        "status > new",
        "is_hot > true",
        "score ~ 1",
        "owner_id > @me",
        "tags ~ x",
        "tags > x",
        "name HAS ANY (x)",
        "score IS EMPTY",
        "next_on ^= 2024",
        "amount IS EMPTY",
        "customer.contacts = 1",
        "customer.contacts IS NULL",
    ] {
        assert!(matches!(checked(typed), Err(FilterError::BadOperator { .. })), "{typed}: {:?}", checked(typed));
    }
    for typed in [
        "status = old",
        "score = 1.5",
        "score = x",
        "score = 99999999999999999999",
        "is_hot = 1",
        "next_on = soon",
        "next_on = @now",
        "created_at = soon",
        "created_at = @today+99999y",
        "owner_id = ada",
        "owner_id = @my_team",
        "customer_id = @me",
        "id = 5",
        "amount = x",
        "amount > 100000000000001",
        "name = @me",
        "name = 2024-01-01T00:00:00Z",
        "name IN (null)",
        "score > null",
        "tags = @me",
    ] {
        assert!(matches!(checked(typed), Err(FilterError::BadValue { .. })), "{typed}: {:?}", checked(typed));
    }
    let nul = check(&from_short("name", "a\0b").unwrap(), RecordKind::Lead, fields, &env());
    assert!(matches!(nul, Err(FilterError::BadValue { .. })));
    assert!(matches!(checked("name ANY (name = x)"), Err(FilterError::NotACollection { .. })));
}

#[test]
fn three_hops_are_enough() {
    assert!(checked("customer.parent.parent.name = x").is_ok());
    assert!(checked("customer.contacts ANY (customer.name = x)").is_ok());
    for typed in ["customer.parent.parent.parent.name = x", "customer.contacts ANY (customer.parent.name = x)"] {
        assert!(matches!(checked(typed), Err(FilterError::TooComplex { .. })), "{typed}");
    }
}

#[test]
fn messages_speak_of_the_filter_only() {
    let message = |typed| checked(typed).unwrap_err().to_string();
    assert_eq!(message("status = old"), "status must be compared with one of new, working, lost");
    assert_eq!(message("status ~ old"), "status cannot be tested with ~");
    assert_eq!(message("name ="), "expected a value at position 6");
    assert_eq!(message("nothing = 1"), "unknown field nothing");
}
