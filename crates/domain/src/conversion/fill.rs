//! Filling a linked record from a lead, and taking it back.

use std::collections::BTreeMap;

use serde_json::Value;

use super::plan::Fill;

/// Field names with their values.
pub type Fields = BTreeMap<String, Value>;

/// A field that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// Its name.
    pub field: String,
    /// What it held.
    pub old: Value,
    /// What it will hold.
    pub new: Value,
}

/// A field in which record and lead differ, and the record keeps its own value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Its name.
    pub field: String,
    /// What the record holds.
    pub current: Value,
    /// What the lead says.
    pub lead: Value,
}

/// What filling does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// The fields that change.
    pub changes: Vec<FieldChange>,
    /// The fields that were left alone although the lead says otherwise.
    pub conflicts: Vec<Conflict>,
}

/// Whether a field counts as not filled in: null, blank text, an empty list or object.
#[must_use]
pub fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(entries) => entries.is_empty(),
        Value::Object(entries) => entries.values().all(is_blank),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Compares a record with what a lead says. What the lead leaves blank never clears anything.
#[must_use]
pub fn fill(current: &Fields, lead: &Fields, mode: Fill) -> Filled {
    let mut filled = Filled::default();
    for (field, new) in lead.iter().filter(|(_, value)| !is_blank(value)) {
        let old = current.get(field).cloned().unwrap_or(Value::Null);
        if is_same(&old, new) {
            continue;
        }
        let field = field.clone();
        if is_blank(&old) || mode == Fill::LeadWins {
            filled.changes.push(FieldChange { field, old, new: new.clone() });
        } else {
            filled.conflicts.push(Conflict { field, current: old, lead: new.clone() });
        }
    }
    filled
}

/// What undoing gives back: the old value of each field that still holds the converted one.
#[must_use]
pub fn restorable(current: &Fields, made: &[FieldChange]) -> Vec<FieldChange> {
    let holds = |change: &&FieldChange| current.get(&change.field).unwrap_or(&Value::Null) == &change.new;
    let back = |change: &FieldChange| FieldChange {
        field: change.field.clone(),
        old: change.new.clone(),
        new: change.old.clone(),
    };
    made.iter().filter(holds).map(back).collect()
}

/// The record's tags with the lead's behind them, each once.
#[must_use]
pub fn carry_tags(current: &[String], lead: &[String]) -> Vec<String> {
    let mut tags = current.to_vec();
    for tag in lead {
        if !tags.contains(tag) {
            tags.push(tag.clone());
        }
    }
    tags
}

/// Spaces around and the case of letters make no conflict.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::String(one), Value::String(other)) => one.trim().to_lowercase() == other.trim().to_lowercase(),
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn fields(entries: &[(&str, Value)]) -> Fields {
        entries.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }

    fn change(field: &str, old: Value, new: Value) -> FieldChange {
        FieldChange { field: field.to_owned(), old, new }
    }

    #[test]
    fn only_blanks_are_filled() {
        let current = fields(&[("name", json!("Acme")), ("website", json!(" ")), ("employees", json!(12))]);
        let lead = fields(&[
            ("name", json!("ACME ")),
            ("website", json!("acme.cn")),
            ("employees", json!(20)),
            ("city", json!("上海")),
        ]);
        let filled = fill(&current, &lead, Fill::BlankOnly);
        let expected = [change("city", Value::Null, json!("上海")), change("website", json!(" "), json!("acme.cn"))];
        assert_eq!(filled.changes, expected);
        let conflict = Conflict { field: "employees".into(), current: json!(12), lead: json!(20) };
        assert_eq!(filled.conflicts, [conflict]);
    }

    #[test]
    fn the_lead_wins_when_asked() {
        let current = fields(&[("employees", json!(12)), ("phone", json!("1"))]);
        let filled = fill(&current, &fields(&[("employees", json!(20)), ("phone", json!(""))]), Fill::LeadWins);
        assert_eq!(filled.changes, [change("employees", json!(12), json!(20))]);
        assert!(filled.conflicts.is_empty());
    }

    #[test]
    fn blanks() {
        for blank in [json!(null), json!(" "), json!([]), json!({}), json!({"city": null})] {
            assert!(is_blank(&blank), "{blank}");
        }
        for value in [json!(0), json!(false), json!("a"), json!([null]), json!({"city": "b"})] {
            assert!(!is_blank(&value), "{value}");
        }
    }

    #[test]
    fn undoing_leaves_later_edits_alone() {
        let made = [change("website", json!(" "), json!("acme.cn")), change("city", Value::Null, json!("上海"))];
        let current = fields(&[("website", json!("acme.com")), ("city", json!("上海"))]);
        assert_eq!(restorable(&current, &made), [change("city", json!("上海"), Value::Null)]);
    }

    #[test]
    fn tags_are_carried_once() {
        let tags = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
        assert_eq!(carry_tags(&tags(&["a", "b"]), &tags(&["b", "c", "c"])), tags(&["a", "b", "c"]));
    }

    fn some_fields() -> impl Strategy<Value = Fields> {
        let value = prop_oneof![
            Just(json!(null)),
            Just(json!("")),
            Just(json!("x")),
            Just(json!("y")),
            (0..3).prop_map(|n| json!(n))
        ];
        prop::collection::btree_map("[a-f]", value, 0..6)
    }

    fn apply(mut current: Fields, changes: &[FieldChange]) -> Fields {
        for change in changes {
            current.insert(change.field.clone(), change.new.clone());
        }
        current
    }

    fn filled_in(fields: &Fields) -> Fields {
        fields.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    proptest! {
        #[test]
        fn filling_blanks_never_touches_a_filled_field(current in some_fields(), lead in some_fields()) {
            let filled = fill(&current, &lead, Fill::BlankOnly);
            prop_assert!(filled.changes.iter().all(|change| is_blank(&change.old) && !is_blank(&change.new)));
            prop_assert!(filled.conflicts.iter().all(|conflict| !is_blank(&conflict.current)));
        }

        #[test]
        fn an_undisturbed_undo_restores_everything(current in some_fields(), lead in some_fields(), wins in any::<bool>()) {
            let mode = if wins { Fill::LeadWins } else { Fill::BlankOnly };
            let made = fill(&current, &lead, mode).changes;
            let after = apply(current.clone(), &made);
            prop_assert!(fill(&after, &lead, mode).changes.is_empty());
            prop_assert_eq!(filled_in(&apply(after.clone(), &restorable(&after, &made))), filled_in(&current));
        }
    }
}
