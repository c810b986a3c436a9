//! One test of one field: values get the field's type, and the test becomes a positive leaf.

use super::FilterError;
use super::ast::{Literal, Macro, Op, Operand};
use super::calendar;
use super::catalogue::{Field, FieldKind};
use super::check::{Leaf, Target, column_of};
use super::checked::{Checked, CmpOp, Column, TagMatch, TextMatch, Value};
use super::literal;
use super::money;
use crate::date::parse_date;
use crate::kind::RecordKind;
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

type Typed<T> = Result<T, FilterError>;

impl Leaf<'_> {
    /// The positive test; the operator is one that `check::positive` leaves.
    pub(super) fn check(&self, value: &Operand) -> Typed<Checked> {
        let field = match self.target {
            Target::Currency(column) => {
                return self.scalar(column, value, &|literal| self.text(literal).map(Value::Text));
            }
            Target::Field(field) => field,
        };
        let column = column_of(field);
        match field.kind {
            FieldKind::Text => self.text_test(column, value),
            FieldKind::Key { allowed } => self.key_test(column, value, allowed),
            FieldKind::Integer => self.scalar(column, value, &|literal| self.integer(literal)),
            FieldKind::Bool => self.flag_test(column, value),
            FieldKind::Date => self.scalar(column, value, &|literal| self.date(literal).map(Value::Date)),
            FieldKind::Instant => self.instant_test(column, value),
            FieldKind::Money { .. } => self.money_test(field, value),
            FieldKind::Id => self.id_test(column, value, None),
            FieldKind::Ref { target } => self.id_test(column, value, Some(target)),
            FieldKind::Tags => self.tags_test(column, value),
            FieldKind::Collection { target, foreign_key } => self.collection_test(target, foreign_key),
        }
    }

    /// Tests of a value with an order.
    fn scalar(&self, column: Column, value: &Operand, read: &dyn Fn(&Literal) -> Typed<Value>) -> Typed<Checked> {
        let cmp = |op, literal| read(literal).map(|value| Checked::Cmp { column, op, value });
        match (self.op, value) {
            (Op::IsNotNull, _) => Ok(Checked::NotNull { column }),
            (Op::In, Operand::List(values)) => {
                values.iter().map(read).collect::<Typed<Vec<Value>>>().map(|values| one_of(column, values))
            }
            (Op::Between, Operand::Range(low, high)) => {
                Ok(Checked::all_of(vec![cmp(CmpOp::Ge, low)?, cmp(CmpOp::Le, high)?]))
            }
            (_, Operand::One(literal)) => cmp(self.cmp_op()?, literal),
            _ => self.bad_operator(),
        }
    }

    fn text_test(&self, column: Column, value: &Operand) -> Typed<Checked> {
        let how = match self.op {
            Op::Contains => TextMatch::Contains,
            Op::StartsWith => TextMatch::StartsWith,
            Op::EndsWith => TextMatch::EndsWith,
            Op::IsNotEmpty => return Ok(Checked::Cmp { column, op: CmpOp::Gt, value: Value::Text(String::new()) }),
            _ => return self.scalar(column, value, &|literal| self.text(literal).map(Value::Text)),
        };
        let Operand::One(literal) = value else { return self.bad_operator() };
        let needle = self.text(literal)?.to_ascii_lowercase();
        if needle.is_empty() {
            return Ok(Checked::NotNull { column });
        }
        Ok(Checked::Text { column, how, needle })
    }

    fn key_test(&self, column: Column, value: &Operand, allowed: Option<&[&str]>) -> Typed<Checked> {
        let Some(allowed) = allowed else { return self.text_test(column, value) };
        if !matches!(self.op, Op::Eq | Op::In | Op::IsNotNull) {
            return self.bad_operator();
        }
        self.scalar(column, value, &|literal| {
            let text = self.text(literal)?;
            let is_known = allowed.contains(&text.as_str());
            if is_known { Ok(Value::Text(text)) } else { self.bad_value(&format!("one of {}", allowed.join(", "))) }
        })
    }

    fn flag_test(&self, column: Column, value: &Operand) -> Typed<Checked> {
        if !matches!(self.op, Op::Eq | Op::In | Op::IsNotNull) {
            return self.bad_operator();
        }
        self.scalar(column, value, &|literal| match literal {
            Literal::Bool(value) => Ok(Value::Bool(*value)),
            Literal::Text(text) if text == "true" || text == "false" => Ok(Value::Bool(text == "true")),
            _ => self.bad_value("true or false"),
        })
    }

    fn instant_test(&self, column: Column, value: &Operand) -> Typed<Checked> {
        let cmp = |op, literal| self.moment(literal).map(|moment| moment.cmp(column, op));
        match (self.op, value) {
            (Op::IsNotNull, _) => Ok(Checked::NotNull { column }),
            (Op::In, Operand::List(values)) => {
                values.iter().map(|literal| cmp(CmpOp::Eq, literal)).collect::<Typed<Vec<_>>>().map(Checked::any_of)
            }
            (Op::Between, Operand::Range(low, high)) => {
                Ok(Checked::all_of(vec![cmp(CmpOp::Ge, low)?, cmp(CmpOp::Le, high)?]))
            }
            (_, Operand::One(literal)) => cmp(self.cmp_op()?, literal),
            _ => self.bad_operator(),
        }
    }

    fn money_test(&self, field: &Field, value: &Operand) -> Typed<Checked> {
        let FieldKind::Money { currency_column } = field.kind else { return self.bad_operator() };
        let column = column_of(field);
        let currency = Column { name: currency_column, is_nullable: field.is_nullable };
        let cmp = |op, literal| self.amount(literal).map(|amount| money::compare(column, currency, op, amount));
        match (self.op, value) {
            (Op::IsNotNull, _) => Ok(Checked::NotNull { column }),
            (Op::In, Operand::List(values)) => {
                values.iter().map(|literal| cmp(CmpOp::Eq, literal)).collect::<Typed<Vec<_>>>().map(Checked::any_of)
            }
            (Op::Between, Operand::Range(low, high)) => {
                Ok(Checked::all_of(vec![cmp(CmpOp::Ge, low)?, cmp(CmpOp::Le, high)?]))
            }
            (_, Operand::One(literal)) => cmp(self.cmp_op()?, literal),
            _ => self.bad_operator(),
        }
    }

    fn id_test(&self, column: Column, value: &Operand, target: Option<RecordKind>) -> Typed<Checked> {
        let literals = match (self.op, value) {
            (Op::IsNotNull, _) => return Ok(Checked::NotNull { column }),
            (Op::Eq, Operand::One(literal)) => std::slice::from_ref(literal),
            (Op::In, Operand::List(literals)) => literals.as_slice(),
            _ => return self.bad_operator(),
        };
        let ids: Typed<Vec<Vec<Uuid>>> = literals.iter().map(|literal| self.ids(literal, target)).collect();
        Ok(one_of(column, ids?.concat().into_iter().map(Value::Id).collect()))
    }

    fn tags_test(&self, column: Column, value: &Operand) -> Typed<Checked> {
        let how = match self.op {
            Op::HasAll => TagMatch::All,
            Op::HasAny | Op::In | Op::Eq => TagMatch::Any,
            Op::IsNotEmpty | Op::IsNotNull => return Ok(Checked::HasTags { column }),
            _ => return self.bad_operator(),
        };
        let literals = match value {
            Operand::One(literal) => std::slice::from_ref(literal),
            Operand::List(literals) => literals.as_slice(),
            _ => return self.bad_operator(),
        };
        let mut values = literals.iter().map(|literal| self.text(literal)).collect::<Typed<Vec<String>>>()?;
        values.sort();
        values.dedup();
        Ok(Checked::Tags { column, how, values })
    }

    fn collection_test(&self, target: RecordKind, foreign_key: &'static str) -> Typed<Checked> {
        match self.op {
            Op::IsNotEmpty => Ok(Checked::Exists { target, foreign_key, inner: Box::new(Checked::True) }),
            _ => self.bad_operator(),
        }
    }

    fn cmp_op(&self) -> Typed<CmpOp> {
        match self.op {
            Op::Eq => Ok(CmpOp::Eq),
            Op::Gt => Ok(CmpOp::Gt),
            Op::Ge => Ok(CmpOp::Ge),
            Op::Lt => Ok(CmpOp::Lt),
            Op::Le => Ok(CmpOp::Le),
            _ => self.bad_operator(),
        }
    }

    /// A text, NFC as stored text is, and without NUL, which PostgreSQL does not take.
    fn text(&self, literal: &Literal) -> Typed<String> {
        let text = match literal {
            Literal::Text(text) => text.nfc().collect(),
            Literal::Number(number) => number.to_string(),
            Literal::Bool(value) => value.to_string(),
            Literal::Date(date) => date.to_string(),
            Literal::Null | Literal::Instant(_) | Literal::Macro(_) => return self.bad_value("a text"),
        };
        if text.contains('\0') { self.bad_value("a text without NUL") } else { Ok(text) }
    }

    fn integer(&self, literal: &Literal) -> Typed<Value> {
        let number = self.number(literal, "a whole number")?;
        match number.to_i64() {
            Some(whole) if number.is_integer() => Ok(Value::Integer(whole)),
            _ => self.bad_value("a whole number"),
        }
    }

    fn amount(&self, literal: &Literal) -> Typed<Decimal> {
        let amount = self.number(literal, "an amount")?;
        if amount.abs() > money::MAX_AMOUNT { self.bad_value("an amount of at most 15 digits") } else { Ok(amount) }
    }

    fn number(&self, literal: &Literal, expected: &str) -> Typed<Decimal> {
        match literal {
            Literal::Number(number) => Ok(*number),
            Literal::Text(text) => Decimal::from_str_exact(text).or_else(|_| self.bad_value(expected)),
            _ => self.bad_value(expected),
        }
    }

    fn date(&self, literal: &Literal) -> Typed<NaiveDate> {
        let day = match literal {
            Literal::Date(date) => Some(*date),
            Literal::Text(text) => parse_date(text),
            Literal::Macro(found) => self.day(*found),
            _ => None,
        };
        day.map_or_else(|| self.bad_value("a date"), Ok)
    }

    fn moment(&self, literal: &Literal) -> Typed<Moment> {
        let moment = match literal {
            Literal::Instant(instant) => Some(Moment::At(*instant)),
            Literal::Macro(Macro::Now) => literal::to_micros(self.env.now).map(Moment::At),
            Literal::Macro(found) => self.day(*found).and_then(|day| self.whole_day(day)),
            Literal::Date(day) => self.whole_day(*day),
            Literal::Text(text) => {
                let at = literal::instant(text).map(Moment::At);
                at.or_else(|| self.whole_day(parse_date(text)?))
            }
            _ => None,
        };
        moment.map_or_else(|| self.bad_value("a date or a moment"), Ok)
    }

    fn day(&self, found: Macro) -> Option<NaiveDate> {
        let today = self.env.now.with_timezone(&self.env.zone).date_naive();
        calendar::day_of(found, today)
    }

    fn whole_day(&self, day: NaiveDate) -> Option<Moment> {
        calendar::bounds(day, self.env.zone).map(|(begin, end)| Moment::Day { begin, end })
    }

    /// The identities a value stands for: one, or those of a macro when the target is what the macro names.
    fn ids(&self, literal: &Literal, target: Option<RecordKind>) -> Typed<Vec<Uuid>> {
        match (literal, target) {
            (Literal::Text(text), _) => {
                Uuid::try_parse(text).map(|id| vec![id]).or_else(|_| self.bad_value("an identity (UUID)"))
            }
            (Literal::Macro(Macro::Me), None | Some(RecordKind::User)) => Ok(vec![self.env.me]),
            (Literal::Macro(Macro::MyTeam), None | Some(RecordKind::Team)) => Ok(self.env.my_team.clone()),
            _ => self.bad_value("an identity (UUID)"),
        }
    }

    fn bad_operator<T>(&self) -> Typed<T> {
        Err(FilterError::BadOperator { path: self.path.to_owned(), op: self.op })
    }

    fn bad_value<T>(&self, expected: &str) -> Typed<T> {
        Err(FilterError::BadValue { path: self.path.to_owned(), expected: expected.to_owned() })
    }
}

/// A moment, or the whole of a local day.
#[derive(Clone, Copy)]
enum Moment {
    At(DateTime<Utc>),
    /// From `begin` until before `end`.
    Day {
        begin: DateTime<Utc>,
        end: DateTime<Utc>,
    },
}

impl Moment {
    fn cmp(self, column: Column, op: CmpOp) -> Checked {
        let leaf = |op, at| Checked::Cmp { column, op, value: Value::Instant(at) };
        match (self, op) {
            (Self::At(at), op) => leaf(op, at),
            (Self::Day { begin, end }, CmpOp::Eq) => {
                Checked::all_of(vec![leaf(CmpOp::Ge, begin), leaf(CmpOp::Lt, end)])
            }
            (Self::Day { begin, .. }, CmpOp::Ge | CmpOp::Lt) => leaf(op, begin),
            (Self::Day { end, .. }, CmpOp::Gt) => leaf(CmpOp::Ge, end),
            (Self::Day { end, .. }, CmpOp::Le) => leaf(CmpOp::Lt, end),
        }
    }
}

fn one_of(column: Column, mut values: Vec<Value>) -> Checked {
    values.sort();
    values.dedup();
    match values.len() {
        0 => Checked::False,
        1 => values.pop().map_or(Checked::False, |value| Checked::Cmp { column, op: CmpOp::Eq, value }),
        _ => Checked::In { column, values },
    }
}
