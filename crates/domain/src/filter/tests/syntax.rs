use crate::filter::ast::Arity;
use crate::filter::*;
use chrono::DateTime;
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::json;

fn test(path: &str, op: Op, value: Operand) -> Filter {
    Filter::Test { path: path.split('.').map(str::to_owned).collect(), op, value }
}

fn text(text: &str) -> Literal {
    Literal::Text(text.to_owned())
}

fn eq(path: &str, value: Literal) -> Filter {
    test(path, Op::Eq, Operand::One(value))
}

#[test]
fn every_operator_is_read() {
    let list = |values: &[&str]| Operand::List(values.iter().map(|value| text(value)).collect());
    for (typed, filter) in [
        ("name = 'x'", eq("name", text("x"))),
        ("name!=x", test("name", Op::Ne, Operand::One(text("x")))),
        ("a.b>=5", test("a.b", Op::Ge, Operand::One(Literal::Number(5.into())))),
        ("a !~ x", test("a", Op::NotContains, Operand::One(text("x")))),
        ("a ^= x", test("a", Op::StartsWith, Operand::One(text("x")))),
        ("a $= x", test("a", Op::EndsWith, Operand::One(text("x")))),
        ("a in (x, 'y')", test("a", Op::In, list(&["x", "y"]))),
        ("a NOT IN (x)", test("a", Op::NotIn, list(&["x"]))),
        ("a BETWEEN x AND y", test("a", Op::Between, Operand::Range(text("x"), text("y")))),
        ("a IS NULL", test("a", Op::IsNull, Operand::None)),
        ("a is not null", test("a", Op::IsNotNull, Operand::None)),
        ("a IS EMPTY", test("a", Op::IsEmpty, Operand::None)),
        ("a IS NOT EMPTY", test("a", Op::IsNotEmpty, Operand::None)),
        ("a HAS ANY (x)", test("a", Op::HasAny, list(&["x"]))),
        ("a HAS ALL (x,y)", test("a", Op::HasAll, list(&["x", "y"]))),
        ("a has none (x)", test("a", Op::HasNone, list(&["x"]))),
        ("a ANY (b = x)", Filter::Any { path: vec!["a".into()], filter: Box::new(eq("b", text("x"))) }),
    ] {
        assert_eq!(parse(typed), Ok(filter), "{typed}");
    }
}

#[test]
fn and_binds_closer_than_or_and_not_closest() {
    let [a, b, c] = ["a", "b", "c"].map(|name| eq(name, Literal::Number(1.into())));
    let not_c = Filter::Not(Box::new(c.clone()));
    let expected = Filter::Or(vec![a.clone(), Filter::And(vec![b.clone(), not_c])]);
    assert_eq!(parse("a=1 OR b=1 and not c=1"), Ok(expected));
    assert_eq!(parse("(a=1 OR b=1) AND c=1"), Ok(Filter::And(vec![Filter::Or(vec![a.clone(), b]), c])));
    assert_eq!(parse("((a=1))"), Ok(a));
    assert_eq!(parse(" \n "), Ok(Filter::True));
}

#[test]
fn values_are_what_they_look_like() {
    let at = |text: &str| Literal::Instant(text.parse().unwrap());
    for (typed, value) in [
        ("'it''s'", text("it's")),
        (r#""say \"hi\" \\ \n""#, text("say \"hi\" \\ \n")),
        ("'2024-01-31'", text("2024-01-31")),
        ("2024-01-31", Literal::Date("2024-01-31".parse().unwrap())),
        ("2024-02-30", text("2024-02-30")),
        ("0000-01-01", text("0000-01-01")),
        ("2024-1-31", text("2024-1-31")),
        ("2024-01-31T10:00:00+08:00", at("2024-01-31T02:00:00Z")),
        ("2024-01-31T10:00:00.1234567Z", at("2024-01-31T10:00:00.123456Z")),
        ("-12.50", Literal::Number(Decimal::new(-1250, 2))),
        ("007", text("007")),
        ("1e3", text("1e3")),
        ("TRUE", Literal::Bool(true)),
        ("null", Literal::Null),
        ("ada@example.com", text("ada@example.com")),
        ("花果山", text("花果山")),
        ("@me", Literal::Macro(Macro::Me)),
        ("@MY_TEAM", Literal::Macro(Macro::MyTeam)),
        ("@today", Literal::Macro(Macro::Today { offset: 0, unit: Unit::Day })),
        ("@today-2w", Literal::Macro(Macro::Today { offset: -2, unit: Unit::Week })),
        ("@start_of( month , -1 )", Literal::Macro(Macro::StartOf { unit: Unit::Month, offset: -1 })),
        ("@end_of(year)", Literal::Macro(Macro::EndOf { unit: Unit::Year, offset: 0 })),
    ] {
        assert_eq!(parse(&format!("a = {typed}")), Ok(eq("a", value)), "{typed}");
    }
}

#[test]
fn mistakes_name_their_place() {
    for (typed, at) in [
        ("a", 1),
        ("a =", 3),
        ("a = 'x", 4),
        ("a = 1 b = 2", 6),
        ("= 1", 0),
        ("a = AND b = 1", 4),
        ("a IN ()", 6),
        ("a IN (1", 7),
        ("a = @nobody", 4),
        ("a = @today+3x", 4),
        ("NOT NOT a = 1", 4),
        ("(a = 1", 6),
        ("a = 1)", 5),
        ("a..b = 1", 2),
        ("a IS x", 5),
        ("a HAS (x)", 6),
        ("a BETWEEN 1 OR 2", 12),
        ("not = 1", 4),
        ("a == 1", 3),
        ("é = 1", 0),
        ("a ANY b", 6),
    ] {
        match parse(typed) {
            Err(FilterError::Syntax { at: found, .. }) => assert_eq!(found, at, "{typed}"),
            other => panic!("{typed}: {other:?}"),
        }
    }
}

#[test]
fn limits_are_kept_in_both_forms() {
    let many = |count: usize, word: &str| vec!["a=1"; count].join(word);
    let values = |count: usize| format!("a IN ({})", vec!["1"; count].join(","));
    let nested = |depth: usize| format!("{}a=1{}", "NOT (b=1 AND ".repeat(depth), ")".repeat(depth));
    assert!(parse(&many(50, " OR ")).is_ok() && parse(&values(200)).is_ok() && parse(&nested(2)).is_ok());
    let brackets = format!("{}a=1{}", "(".repeat(2000), ")".repeat(2000));
    let long = format!("a = '{}'", "x".repeat(4096));
    for typed in [many(51, " OR "), values(201), nested(3), brackets, long] {
        assert!(matches!(parse(&typed), Err(FilterError::TooComplex { .. })), "{typed}");
    }
    let many = |count: usize| json!({ "or": vec![json!({"field": "a", "op": "eq", "value": 1}); count] });
    assert!(from_json(&many(50)).is_ok());
    let deep = (0..100).fold(json!({"field": "a", "op": "is_null"}), |inner, _| json!({ "not": inner }));
    let list = json!({"field": "a", "op": "in", "value": vec![1; 201]});
    for value in [many(51), deep, list] {
        assert!(matches!(from_json(&value), Err(FilterError::TooComplex { .. })));
    }
}

#[test]
fn json_is_read_strictly() {
    let filter = from_json(&json!({"and": [
        {"field": "stage", "op": "in", "value": ["a", "@me", "@@me"]},
        {"not": {"field": "contacts", "any": {"field": "name", "op": "is_null"}}},
    ]}));
    let list = Operand::List(vec![text("a"), Literal::Macro(Macro::Me), text("@me")]);
    let any = Filter::Any { path: vec!["contacts".into()], filter: Box::new(test("name", Op::IsNull, Operand::None)) };
    assert_eq!(filter, Ok(Filter::And(vec![test("stage", Op::In, list), Filter::Not(Box::new(any))])));
    assert_eq!(from_json(&json!({})), Ok(Filter::True));
    for (value, pointer) in [
        (json!([]), ""),
        (json!({"and": []}), "/and"),
        (json!({"and": [{}]}), "/and/0"),
        (json!({"and": [], "or": []}), ""),
        (json!({"field": "a", "op": "eq", "value": 1, "x": 1}), ""),
        (json!({"field": "a b", "op": "eq", "value": 1}), "/field"),
        (json!({"field": "not", "op": "eq", "value": 1}), "/field"),
        (json!({"field": "a", "op": "=", "value": 1}), "/op"),
        (json!({"field": "a", "op": "eq"}), "/value"),
        (json!({"field": "a", "op": "eq", "value": [1]}), "/value"),
        (json!({"field": "a", "op": "eq", "value": {}}), "/value"),
        (json!({"field": "a", "op": "eq", "value": "@nobody"}), "/value"),
        (json!({"field": "a", "op": "eq", "value": 1e300}), "/value"),
        (json!({"field": "a", "op": "is_null", "value": 1}), "/value"),
        (json!({"field": "a", "op": "between", "value": [1]}), "/value"),
        (json!({"field": "a", "op": "in", "value": []}), "/value"),
        (json!({"field": "a", "any": {}}), "/any"),
    ] {
        match from_json(&value) {
            Err(FilterError::Json { pointer: found, .. }) => assert_eq!(found, pointer, "{value}"),
            other => panic!("{value}: {other:?}"),
        }
    }
}

#[test]
fn a_query_parameter_is_equality_or_in() {
    assert_eq!(from_short("status", "new"), Ok(eq("status", text("new"))));
    assert_eq!(
        from_short("status", "new, lost"),
        Ok(test("status", Op::In, Operand::List(vec![text("new"), text("lost")])))
    );
    assert_eq!(from_short("owner_id", "@me"), Ok(eq("owner_id", Literal::Macro(Macro::Me))));
    assert_eq!(from_short("owner_id", "null"), Ok(test("owner_id", Op::IsNull, Operand::None)));
    assert!(matches!(from_short("status", ""), Err(FilterError::BadValue { .. })));
    assert!(matches!(from_short("status", "a,,b"), Err(FilterError::BadValue { .. })));
    assert!(matches!(from_short("a[b]", "x"), Err(FilterError::UnknownField { .. })));
}

fn literals() -> impl Strategy<Value = Literal> {
    let unit = || prop::sample::select(Unit::ALL.to_vec());
    prop_oneof![
        any::<String>().prop_map(Literal::Text),
        "@{0,2}[a-z]{0,4}".prop_map(Literal::Text),
        (any::<i64>(), 0_u32..6).prop_map(|(digits, scale)| Literal::Number(Decimal::new(digits, scale))),
        any::<bool>().prop_map(Literal::Bool),
        Just(Literal::Null),
        (0_i64..4_000_000_000).prop_map(|at| Literal::Date(DateTime::from_timestamp(at, 0).unwrap().date_naive())),
        (0_i64..4_000_000_000_000_000).prop_map(|at| Literal::Instant(DateTime::from_timestamp_micros(at).unwrap())),
        prop::sample::select(vec![Macro::Me, Macro::MyTeam, Macro::Now, Macro::Today { offset: 0, unit: Unit::Day }])
            .prop_map(Literal::Macro),
        (1_i32..99_999, unit()).prop_map(|(offset, unit)| Literal::Macro(Macro::Today { offset: -offset, unit })),
        (-99_i32..99, unit()).prop_map(|(offset, unit)| Literal::Macro(Macro::StartOf { unit, offset })),
        (-99_i32..99, unit()).prop_map(|(offset, unit)| Literal::Macro(Macro::EndOf { unit, offset })),
    ]
}

fn paths() -> impl Strategy<Value = Vec<String>> {
    let ident = "[a-zA-Z_][a-z0-9_]{0,6}"
        .prop_filter("joins tests", |word| !["and", "or", "not"].contains(&word.to_lowercase().as_str()));
    prop::collection::vec(ident, 1..4)
}

fn single_tests() -> impl Strategy<Value = Filter> {
    (paths(), prop::sample::select(Op::ALL.to_vec()), prop::collection::vec(literals(), 2..5)).prop_map(
        |(path, op, mut values)| {
            let value = match op.arity() {
                Arity::Nothing => Operand::None,
                Arity::One => Operand::One(values.pop().unwrap()),
                Arity::Two => Operand::Range(values.pop().unwrap(), values.pop().unwrap()),
                Arity::List => Operand::List(values),
            };
            Filter::Test { path, op, value }
        },
    )
}

pub(super) fn filters() -> impl Strategy<Value = Filter> {
    single_tests().prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::Or),
            inner.clone().prop_map(|inner| Filter::Not(Box::new(inner))),
            (paths(), inner).prop_map(|(path, filter)| Filter::Any { path, filter: Box::new(filter) }),
        ]
    })
}

/// What the JSON form cannot tell from text.
fn as_json_reads(value: Literal) -> Literal {
    match value {
        Literal::Date(date) => Literal::Text(date.to_string()),
        Literal::Instant(at) => Literal::Text(at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)),
        other => other,
    }
}

proptest! {
    #[test]
    fn printing_and_reading_gives_the_same(filter in filters()) {
        let printed = print(&filter);
        match parse(&printed) {
            Err(FilterError::TooComplex { .. }) => prop_assert!(printed.len() > MAX_BYTES),
            read => prop_assert_eq!(read, Ok(filter)),
        }
    }

    #[test]
    fn json_gives_the_same_except_for_dates(filter in filters()) {
        let Filter::Test { path, op, value } = filter else {
            let written = to_json(&filter);
            prop_assert_eq!(to_json(&from_json(&written).unwrap()), written);
            return Ok(());
        };
        let read = from_json(&to_json(&Filter::Test { path: path.clone(), op, value: value.clone() }));
        let value = match value {
            Operand::None => Operand::None,
            Operand::One(value) => Operand::One(as_json_reads(value)),
            Operand::Range(low, high) => Operand::Range(as_json_reads(low), as_json_reads(high)),
            Operand::List(values) => Operand::List(values.into_iter().map(as_json_reads).collect()),
        };
        let exact = Filter::Test { path, op, value };
        prop_assert!(read == Ok(exact.clone()) || to_json(&read.unwrap()) == to_json(&exact));
    }

    #[test]
    fn reading_never_panics_and_what_is_read_prints(typed in "[a-c@'\"() =!<>~^$.,0-9\\\\ANDORTINULHSYEMP_-]{0,60}|\\PC{0,60}") {
        if let Ok(filter) = parse(&typed) {
            prop_assert_eq!(parse(&print(&filter)), Ok(filter));
        }
    }
}
