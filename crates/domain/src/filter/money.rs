//! Comparing amounts that are stored in minor units with amounts that are written in major ones.

use super::checked::{Checked, CmpOp, Column, Value};
use crate::money::Currency;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Largest amount that can be compared with; ten thousandths of it still are an `i64`.
pub(super) const MAX_AMOUNT: Decimal = Decimal::from_parts(276_447_232, 23_283, 0, false, 0);

/// `amount` compared with the stored one, whatever its currency: the minor units differ with the currency's decimals, so
/// there is one comparison for each number of decimals. The numbers are compared, not converted; say
/// `amount.currency = 'CNY'` to have one currency only.
pub(super) fn compare(column: Column, currency: Column, op: CmpOp, amount: Decimal) -> Checked {
    let is_one_of = |codes: &[&str]| Checked::In {
        column: currency,
        values: codes.iter().map(|code| Value::Text((*code).to_owned())).collect(),
    };
    let unusual: Vec<&str> = Currency::by_decimals().iter().flat_map(|(_, codes)| codes.iter().copied()).collect();
    let usual = Checked::all_of(vec![minor_test(column, op, amount, 2), is_one_of(&unusual).negate()]);
    let others = Currency::by_decimals()
        .iter()
        .map(|(decimals, codes)| Checked::all_of(vec![minor_test(column, op, amount, *decimals), is_one_of(codes)]));
    Checked::any_of(std::iter::once(usual).chain(others).collect())
}

/// The comparison in minor units; an amount between two of them is compared with the nearer one on the right side.
fn minor_test(column: Column, op: CmpOp, amount: Decimal, decimals: u32) -> Checked {
    let scaled = amount * Decimal::from(10_i64.pow(decimals));
    let (op, bound) = match op {
        CmpOp::Eq if !scaled.is_integer() => return Checked::False,
        CmpOp::Gt | CmpOp::Ge if !scaled.is_integer() => (CmpOp::Ge, scaled.ceil()),
        CmpOp::Lt | CmpOp::Le if !scaled.is_integer() => (CmpOp::Le, scaled.floor()),
        _ => (op, scaled),
    };
    bound.to_i64().map_or(Checked::False, |minor| Checked::Cmp { column, op, value: Value::Integer(minor) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_amount_is_a_hundred_million_million() {
        assert_eq!(MAX_AMOUNT, Decimal::from(100_000_000_000_000_i64));
        assert!((MAX_AMOUNT * Decimal::from(10_000)).to_i64().is_some());
    }
}
