//! Checking a filter against the fields of a record type.
//!
//! The meaning is two-valued (see [`super::checked`]): a positive test of a null field is false, a negative one is true.
//! A path that leads through an empty reference gives null. What was written as text is read by the type of the field.

use super::FilterError;
use super::ast::{Filter, Literal, Op, Operand};
use super::catalogue::{self, Catalogue, Field, FieldKind};
use super::checked::{Checked, CmpOp, Column, Value};
use super::limits::{self, MAX_HOPS, too_complex};
use crate::kind::RecordKind;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

/// Who asks, when, and where: what the macros mean.
#[derive(Clone, Debug)]
pub struct Env {
    /// `@me`.
    pub me: Uuid,
    /// `@my_team`: one or several.
    pub my_team: Vec<Uuid>,
    /// `@now`, and in the zone `@today`.
    pub now: DateTime<Utc>,
    /// The zone in which days begin.
    pub zone: Tz,
}

/// Resolves every name, types every value and expands every macro.
///
/// # Errors
/// `TooComplex`, `UnknownField` (also for a field that must not be filtered by), `BadOperator`, `NotACollection`, `BadValue`.
pub fn check(filter: &Filter, kind: RecordKind, catalogue: Catalogue, env: &Env) -> Result<Checked, FilterError> {
    limits::enforce(filter)?;
    Checker { catalogue, env }.filter(filter, Scope { kind, hops: 0 })
}

struct Checker<'a> {
    catalogue: Catalogue,
    env: &'a Env,
}

/// The kind of record under test, and how many references and collections led to it.
#[derive(Clone, Copy)]
struct Scope {
    kind: RecordKind,
    hops: usize,
}

/// Where a path leads.
struct Resolved {
    hops: Vec<(Column, RecordKind)>,
    scope: Scope,
    target: Target,
}

/// What stands at the end of a path.
#[derive(Clone, Copy)]
pub(super) enum Target {
    /// A field.
    Field(&'static Field),
    /// The currency of an amount.
    Currency(Column),
}

/// One test of one field, its names resolved.
pub(super) struct Leaf<'a> {
    pub(super) path: &'a str,
    pub(super) op: Op,
    pub(super) target: Target,
    pub(super) env: &'a Env,
}

impl Checker<'_> {
    fn filter(&self, filter: &Filter, scope: Scope) -> Result<Checked, FilterError> {
        let all = |parts: &[Filter]| parts.iter().map(|part| self.filter(part, scope)).collect::<Result<Vec<_>, _>>();
        match filter {
            Filter::True => Ok(Checked::True),
            Filter::And(parts) => all(parts).map(|parts| Checked::all_of(assume_equalities(parts))),
            Filter::Or(parts) => all(parts).map(Checked::any_of),
            Filter::Not(inner) => self.filter(inner, scope).map(Checked::negate),
            Filter::Any { path, filter } => self.members(path, filter, scope),
            Filter::Test { path, op, value } => self.test(path, (*op, value), scope),
        }
    }

    fn test(&self, path: &[String], (op, value): (Op, &Operand), scope: Scope) -> Result<Checked, FilterError> {
        let resolved = self.resolve(path, scope)?;
        let (op, value, is_negated) = positive(op, value);
        let leaf = Leaf { path: &path.join("."), op, target: resolved.target, env: self.env };
        let checked = through(resolved.hops, leaf.check(value)?);
        Ok(if is_negated { checked.negate() } else { checked })
    }

    fn members(&self, path: &[String], filter: &Filter, scope: Scope) -> Result<Checked, FilterError> {
        let resolved = self.resolve(path, scope)?;
        let Target::Field(Field { kind: FieldKind::Collection { target, foreign_key }, .. }) = resolved.target else {
            return Err(FilterError::NotACollection { path: path.join(".") });
        };
        let inner = self.filter(filter, go_on(Scope { kind: *target, ..resolved.scope })?)?;
        let exists = Checked::Exists { target: *target, foreign_key, inner: Box::new(inner) };
        Ok(through(resolved.hops, exists))
    }

    fn resolve(&self, path: &[String], start: Scope) -> Result<Resolved, FilterError> {
        let unknown = || FilterError::UnknownField { path: path.join(".") };
        let mut scope = start;
        let mut hops = Vec::new();
        let mut segments = path.iter();
        while let Some(segment) = segments.next() {
            if let Some(field) = catalogue::find(self.catalogue, scope.kind, segment) {
                let target = target_of(field, segments.as_slice()).ok_or_else(unknown)?;
                return Ok(Resolved { hops, scope, target });
            }
            let hop = catalogue::find_hop(self.catalogue, scope.kind, segment);
            let (field, kind) = hop.filter(|(field, _)| field.is_filterable).ok_or_else(unknown)?;
            hops.push((column_of(field), kind));
            scope = go_on(Scope { kind, ..scope })?;
        }
        Err(unknown())
    }
}

/// What one part requires to be equal, the others may take as given: with `amount.currency = 'CNY'` beside it, a test of an
/// amount needs the minor units of one currency only, and an index can serve it.
fn assume_equalities(parts: Vec<Checked>) -> Vec<Checked> {
    let equality = |part: &Checked| match part {
        Checked::Cmp { column, op: CmpOp::Eq, value } => Some((*column, value.clone())),
        _ => None,
    };
    let known: Vec<(Column, Value)> = parts.iter().filter_map(equality).collect();
    parts.into_iter().map(|part| part.assuming(&known)).collect()
}

/// One reference or collection further.
fn go_on(scope: Scope) -> Result<Scope, FilterError> {
    if scope.hops >= MAX_HOPS {
        return too_complex("at most 3 references in a path");
    }
    Ok(Scope { hops: scope.hops + 1, ..scope })
}

/// The field itself, or a part of an amount: `amount.currency`, `amount.amount`.
fn target_of(field: &'static Field, rest: &[String]) -> Option<Target> {
    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    match (field.kind, rest.as_slice()) {
        _ if !field.is_filterable => None,
        (FieldKind::Money { currency_column }, ["currency"]) => {
            Some(Target::Currency(Column { name: currency_column, is_nullable: field.is_nullable }))
        }
        (_, []) | (FieldKind::Money { .. }, ["amount"]) => Some(Target::Field(field)),
        _ => None,
    }
}

pub(super) fn column_of(field: &Field) -> Column {
    Column { name: field.column, is_nullable: field.is_nullable }
}

fn through(hops: Vec<(Column, RecordKind)>, inner: Checked) -> Checked {
    hops.into_iter().rev().fold(inner, |inner, (column, target)| match inner {
        Checked::False => Checked::False,
        inner => Checked::Through { column, target, inner: Box::new(inner) },
    })
}

/// The positive test, and whether it is to be negated outside of the path.
fn positive(op: Op, value: &Operand) -> (Op, &Operand, bool) {
    if let (Op::Eq | Op::Ne, Operand::One(Literal::Null)) = (op, value) {
        return (Op::IsNotNull, &Operand::None, op == Op::Eq);
    }
    match op {
        Op::Ne => (Op::Eq, value, true),
        Op::NotContains => (Op::Contains, value, true),
        Op::NotIn => (Op::In, value, true),
        Op::IsNull => (Op::IsNotNull, value, true),
        Op::IsEmpty => (Op::IsNotEmpty, value, true),
        Op::HasNone => (Op::HasAny, value, true),
        other => (other, value, false),
    }
}
