//! Checked filters become SQL.
//!
//! The meaning is the domain's: two-valued, so every leaf guards its nullable column and `NOT` is real negation. References
//! are followed by sub-queries that carry the row scope of the kind they reach, so that nobody learns by asking.

use std::collections::BTreeSet;

use rapport_domain::access::Visibility;
use rapport_domain::filter::{Checked, CmpOp, Column, TagMatch, TextMatch, Value};
use rapport_domain::kind::RecordKind;

use crate::catalogue;
use crate::fragment::{Bind, Fragment};
use crate::scope;
use crate::types::{Id, Instant};

/// Which rows of another kind the caller may see.
pub(crate) type Sight<'a> = &'a dyn Fn(RecordKind) -> Visibility;

/// The SQL of a filter over the rows of `kind`.
pub(crate) fn compile(filter: &Checked, kind: RecordKind, sight: Sight<'_>) -> Fragment {
    let each = |parts: &[Checked]| parts.iter().map(|part| compile(part, kind, sight)).collect();
    match filter {
        Checked::True => Fragment::all(),
        Checked::False => Fragment::none(),
        Checked::And(parts) => Fragment::join(each(parts), " AND ", Fragment::all()),
        Checked::Or(parts) => Fragment::join(each(parts), " OR ", Fragment::none()),
        Checked::Not(inner) => negate(inner, kind, sight),
        Checked::Cmp { column, op, value } => compare(*column, *op, value),
        Checked::In { column, values } => {
            guarded(*column).push(column.name).push(" IN (").bind_all(values.iter().map(bind)).push(")")
        }
        Checked::NotNull { column } => Fragment::sql(column.name).push(" IS NOT NULL"),
        Checked::Text { column, how, needle } => text(*column, *how, needle),
        Checked::Tags { how, values, .. } => tags(kind, *how, values),
        Checked::HasTags { .. } => tagged(kind).push(")"),
        Checked::Through { column, target, inner } => Fragment::sql(column.name)
            .push(" IN (SELECT id FROM ")
            .push(target.plural())
            .push(" WHERE ")
            .append(reachable(inner, *target, sight))
            .push(")"),
        Checked::Exists { target, foreign_key, inner } => Fragment::sql("id IN (SELECT ")
            .push(foreign_key)
            .push(" FROM ")
            .push(target.plural())
            .push(" WHERE ")
            .push(foreign_key)
            .push(" IS NOT NULL AND ")
            .append(reachable(inner, *target, sight))
            .push(")"),
    }
}

/// Whether an index leads to what matches, though not in the order of the list (`is_by_update`: the everyday one).
pub(crate) fn leads_out_of_order(filter: &Checked, is_by_update: bool) -> bool {
    match filter {
        Checked::And(parts) => parts.iter().any(|part| leads_out_of_order(part, is_by_update)),
        Checked::Or(parts) => parts.iter().all(|part| leads_out_of_order(part, is_by_update)),
        Checked::Cmp { column, op: CmpOp::Eq, .. } if is_by_update && catalogue::has_index_by_update(column.name) => {
            false
        }
        Checked::Cmp { column, .. } | Checked::In { column, .. } | Checked::Through { column, .. } => {
            catalogue::may_have_index(column.name)
        }
        // What has no value stands together in an index, too.
        Checked::Not(inner) => {
            matches!(&**inner, Checked::NotNull { column } if catalogue::may_have_index(column.name))
        }
        Checked::Tags { .. } | Checked::HasTags { .. } | Checked::Exists { .. } => true,
        _ => false,
    }
}

/// What must all hold of whatever matches.
fn conjuncts(filter: &Checked) -> Vec<&Checked> {
    match filter {
        Checked::And(parts) => parts.iter().flat_map(conjuncts).collect(),
        only => vec![only],
    }
}

/// What of a filter bounds the values of one column: nothing beyond these matches.
pub(crate) fn bounds(filter: &Checked, name: &str) -> Vec<Fragment> {
    let bound = |part: &Checked| match part {
        Checked::Cmp { column, op, value } if column.name == name => Some(compare(*column, *op, value)),
        _ => None,
    };
    conjuncts(filter).into_iter().filter_map(bound).collect()
}

/// The columns of which everything that matches has one value, and whether more is asked of it than where it lies in an order.
pub(crate) fn single_values<'a>(filter: &'a Checked, order: &str) -> (BTreeSet<&'a str>, bool) {
    let (mut columns, mut has_more) = (BTreeSet::new(), false);
    for part in conjuncts(filter) {
        match part {
            Checked::True => {}
            Checked::Cmp { column, op: CmpOp::Eq, .. } => drop(columns.insert(column.name)),
            Checked::Cmp { column, .. } | Checked::NotNull { column } if column.name == order => {}
            _ => has_more = true,
        }
    }
    (columns, has_more)
}

/// Whether nothing matches that has not one of certain values in this column.
pub(crate) fn asks_for(filter: &Checked, name: &str) -> bool {
    conjuncts(filter).into_iter().any(|part| match part {
        Checked::Cmp { column, op: CmpOp::Eq, .. } | Checked::In { column, .. } => column.name == name,
        _ => false,
    })
}

/// `NOT`; where the leaf is null-safe through a guard, a plain negation is still two-valued.
fn negate(inner: &Checked, kind: RecordKind, sight: Sight<'_>) -> Fragment {
    if let Checked::NotNull { column } = inner {
        return Fragment::sql(column.name).push(" IS NULL");
    }
    // A reference that is null makes `x IN (…)` null: COALESCE turns it into the plain "no" it means.
    Fragment::sql("NOT COALESCE(").append(compile(inner, kind, sight)).dialect(", 0)", ", false)")
}

/// The rows of another kind that match and that the caller may see.
fn reachable(inner: &Checked, target: RecordKind, sight: Sight<'_>) -> Fragment {
    let matching = Fragment::sql("(").append(compile(inner, target, sight)).push(")");
    if !RecordKind::OWNED.contains(&target) {
        return matching;
    }
    Fragment::sql("deleted_at IS NULL AND (").append(scope::within(&sight(target))).push(") AND ").append(matching)
}

fn compare(column: Column, op: CmpOp, value: &Value) -> Fragment {
    guarded(column).push(column.name).push(operator(op)).bind(bind(value))
}

fn guarded(column: Column) -> Fragment {
    if column.is_nullable { Fragment::sql(column.name).push(" IS NOT NULL AND ") } else { Fragment::default() }
}

fn operator(op: CmpOp) -> &'static str {
    match op {
        CmpOp::Eq => " = ",
        CmpOp::Gt => " > ",
        CmpOp::Ge => " >= ",
        CmpOp::Lt => " < ",
        CmpOp::Le => " <= ",
    }
}

fn bind(value: &Value) -> Bind {
    match value {
        Value::Text(text) => Bind::Text(text.clone()),
        Value::Integer(number) => Bind::Integer(*number),
        Value::Bool(flag) => Bind::Bool(*flag),
        Value::Date(date) => Bind::Date(*date),
        Value::Instant(at) => Bind::Instant(Instant(*at)),
        Value::Id(id) => Bind::Id(Id(*id)),
    }
}

/// `lower` of both databases folds A–Z only, which is what the domain's needle expects.
fn text(column: Column, how: TextMatch, needle: &str) -> Fragment {
    let lowered = |sql: Fragment| sql.push("lower(").push(column.name).dialect(")", " COLLATE \"C\")");
    let needle = || Bind::Text(needle.to_owned());
    let size = i64::try_from(needle().length()).unwrap_or(i64::MAX);
    let sql = guarded(column);
    match how {
        TextMatch::Contains => lowered(sql.dialect("instr(", "strpos(")).push(", ").bind(needle()).push(") > 0"),
        TextMatch::StartsWith => lowered(sql.push("substr("))
            .push(", 1, ")
            .bind(Bind::Small(i32::try_from(size).unwrap_or(i32::MAX)))
            .push(") = ")
            .bind(needle()),
        TextMatch::EndsWith => lowered(
            sql.push("length(")
                .push(column.name)
                .push(") >= ")
                .bind(Bind::Integer(size))
                .dialect(" AND substr(", " AND right("),
        )
        .dialect(", -", ", ")
        .push(&size.to_string())
        .push(") = ")
        .bind(needle()),
    }
}

impl Bind {
    /// Characters of a text.
    fn length(&self) -> usize {
        if let Self::Text(text) = self { text.chars().count() } else { 0 }
    }
}

fn tagged(kind: RecordKind) -> Fragment {
    Fragment::sql("id IN (SELECT record_id FROM record_tags WHERE record_type = ")
        .bind(Bind::Text(kind.as_str().to_owned()))
}

fn tags(kind: RecordKind, how: TagMatch, values: &[String]) -> Fragment {
    let one_of = |values: &[String]| {
        tagged(kind).push(" AND tag IN (").bind_all(values.iter().cloned().map(Bind::Text)).push("))")
    };
    match how {
        TagMatch::Any => one_of(values),
        TagMatch::All => Fragment::join(
            values.iter().map(|tag| one_of(std::slice::from_ref(tag))).collect(),
            " AND ",
            Fragment::all(),
        ),
    }
}
