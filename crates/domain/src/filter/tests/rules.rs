//! What rules may ask: about the record itself, whoever asks, and something that can be.

use super::*;

fn own(typed: &str) -> Result<(), FilterError> {
    require_own(&parse(typed).unwrap(), RecordKind::Lead, fields)
}

#[test]
fn a_rule_asks_about_the_record_itself() {
    for typed in
        ["name = x", "amount.currency = CNY", "NOT (owner_id IS NULL OR tags HAS ANY (vip))", "created_at > @today"]
    {
        assert_eq!(own(typed), Ok(()), "{typed}");
    }
    for (typed, path) in [
        ("owner.name = x", "owner.name"),
        ("name = x AND NOT customer.industry IS NULL", "customer.industry"),
        ("customer.contacts ANY (name = x)", "customer.contacts"),
    ] {
        assert_eq!(own(typed), Err(FilterError::Beyond { path: path.into() }), "{typed}");
    }
    let into = require_own(&parse("contacts IS NOT EMPTY").unwrap(), RecordKind::Customer, fields);
    assert_eq!(into, Err(FilterError::Beyond { path: "contacts".into() }));
}

#[test]
fn a_rule_means_the_same_whoever_asks() {
    for typed in ["owner_id = @me", "owner_id IN (@me, @my_team)", "name = x OR NOT owner_id != @me"] {
        assert_eq!(own(typed), Err(FilterError::Personal { path: "owner_id".into() }), "{typed}");
    }
}

#[test]
fn what_is_unknown_is_for_the_check_to_say() {
    assert_eq!(own("nothing.at.all = 1"), Ok(()));
}

#[test]
fn tests_of_one_field_may_exclude_each_other() {
    let never = [("status", Value::Text("lost".into()))];
    let can = |typed: &str| can_match(&checked(typed).unwrap(), &never);
    for typed in [
        "name = x",
        "status = new OR status = lost",
        "NOT status = lost",
        "score > 1 AND score <= 2",
        "score >= 2 AND score <= 2",
        "industry IN (a, b) AND industry != a",
        "company IS NULL AND name IS NOT NULL",
        "tags HAS ANY (a) AND tags HAS NONE (b)",
        "amount > 5 AND amount < 9",
        "created_at = 2024-01-01",
    ] {
        assert!(can(typed), "{typed}");
    }
    for typed in [
        "status = lost",
        "status IN (lost)",
        "name ~ x AND (status = lost OR score > 2 AND score < 2)",
        "score > 2 AND score < 1",
        "score >= 2 AND score < 2",
        "score = 5 AND score IN (1, 2)",
        "score = 5 AND score < 5",
        "industry = a AND industry != a",
        "industry IN (a, b) AND NOT industry IN (a, b, c)",
        "company IS NULL AND company ~ x",
        "name = a AND name = b",
        "created_at > 2024-02-01 AND created_at < 2024-01-01",
    ] {
        assert!(!can(typed), "{typed}");
    }
}
