//! The tree of a filter, before anything is known about fields.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

/// Words that cannot begin a path, because they join or negate tests.
const RESERVED: [&str; 3] = ["and", "or", "not"];
/// Longest segment of a path.
const MAX_IDENT: usize = 64;

/// A filter over records of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Every record; stands only at the top.
    True,
    /// All of them; at least two.
    And(Vec<Filter>),
    /// Any of them; at least two.
    Or(Vec<Filter>),
    /// The opposite.
    Not(Box<Filter>),
    /// One test of one field.
    Test {
        /// The way to the field: `customer`, `industry`.
        path: Vec<String>,
        /// The test.
        op: Op,
        /// What to test against; its shape belongs to the operator.
        value: Operand,
    },
    /// At least one member of a collection matches.
    Any {
        /// The way to the collection.
        path: Vec<String>,
        /// The filter on its members.
        filter: Box<Filter>,
    },
}

/// A test of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// `=`
    Eq,
    /// `!=`
    Ne,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `~`
    Contains,
    /// `!~`
    NotContains,
    /// `^=`
    StartsWith,
    /// `$=`
    EndsWith,
    /// `IN`
    In,
    /// `NOT IN`
    NotIn,
    /// `BETWEEN … AND …`, both ends included
    Between,
    /// `IS NULL`
    IsNull,
    /// `IS NOT NULL`
    IsNotNull,
    /// `IS EMPTY`
    IsEmpty,
    /// `IS NOT EMPTY`
    IsNotEmpty,
    /// `HAS ANY`
    HasAny,
    /// `HAS ALL`
    HasAll,
    /// `HAS NONE`
    HasNone,
}

/// How many values an operator takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arity {
    /// None: `IS NULL`.
    Nothing,
    /// One: `=`.
    One,
    /// Two: `BETWEEN`.
    Two,
    /// A list of at least one: `IN`.
    List,
}

/// What a field is tested against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// Nothing.
    None,
    /// One value.
    One(Literal),
    /// The lower and the upper end.
    Range(Literal, Literal),
    /// At least one value.
    List(Vec<Literal>),
}

/// A value as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// A text; also what stands for a value of another type until the field is known.
    Text(String),
    /// A decimal number.
    Number(Decimal),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
    /// A calendar date.
    Date(NaiveDate),
    /// A moment, to the microsecond.
    Instant(DateTime<Utc>),
    /// A value that depends on who asks, and when.
    Macro(Macro),
}

/// A value that depends on who asks, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Macro {
    /// `@me`: who asks.
    Me,
    /// `@my_team`: the teams of who asks.
    MyTeam,
    /// `@now`: this moment.
    Now,
    /// `@today+3d`: a day relative to today. An offset of 0 counts in days.
    Today {
        /// How many units from today.
        offset: i32,
        /// The unit.
        unit: Unit,
    },
    /// `@start_of(month,-1)`: the first day of a period relative to the current one.
    StartOf {
        /// The period.
        unit: Unit,
        /// How many periods from the current one.
        offset: i32,
    },
    /// `@end_of(month)`: the last day of a period.
    EndOf {
        /// The period.
        unit: Unit,
        /// How many periods from the current one.
        offset: i32,
    },
}

/// A period of the calendar. Weeks begin on Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
    /// Three months.
    Quarter,
    /// A year.
    Year,
}

impl Op {
    /// All of them.
    pub const ALL: [Self; 20] = [
        Self::Eq,
        Self::Ne,
        Self::Gt,
        Self::Ge,
        Self::Lt,
        Self::Le,
        Self::Contains,
        Self::NotContains,
        Self::StartsWith,
        Self::EndsWith,
        Self::In,
        Self::NotIn,
        Self::Between,
        Self::IsNull,
        Self::IsNotNull,
        Self::IsEmpty,
        Self::IsNotEmpty,
        Self::HasAny,
        Self::HasAll,
        Self::HasNone,
    ];

    /// The name in the JSON form.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.spellings().0
    }

    /// The spelling in the string form.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        self.spellings().1
    }

    /// Reads the name in the JSON form.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|op| op.name() == name)
    }

    /// How many values it takes.
    #[must_use]
    pub fn arity(self) -> Arity {
        match self {
            Self::IsNull | Self::IsNotNull | Self::IsEmpty | Self::IsNotEmpty => Arity::Nothing,
            Self::Between => Arity::Two,
            Self::In | Self::NotIn | Self::HasAny | Self::HasAll | Self::HasNone => Arity::List,
            _ => Arity::One,
        }
    }

    fn spellings(self) -> (&'static str, &'static str) {
        match self {
            Self::Eq => ("eq", "="),
            Self::Ne => ("ne", "!="),
            Self::Gt => ("gt", ">"),
            Self::Ge => ("ge", ">="),
            Self::Lt => ("lt", "<"),
            Self::Le => ("le", "<="),
            Self::Contains => ("contains", "~"),
            Self::NotContains => ("not_contains", "!~"),
            Self::StartsWith => ("starts_with", "^="),
            Self::EndsWith => ("ends_with", "$="),
            Self::In => ("in", "IN"),
            Self::NotIn => ("not_in", "NOT IN"),
            Self::Between => ("between", "BETWEEN"),
            Self::IsNull => ("is_null", "IS NULL"),
            Self::IsNotNull => ("is_not_null", "IS NOT NULL"),
            Self::IsEmpty => ("is_empty", "IS EMPTY"),
            Self::IsNotEmpty => ("is_not_empty", "IS NOT EMPTY"),
            Self::HasAny => ("has_any", "HAS ANY"),
            Self::HasAll => ("has_all", "HAS ALL"),
            Self::HasNone => ("has_none", "HAS NONE"),
        }
    }
}

impl Unit {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year];

    /// The word: `month`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// The letter behind an offset: `m`.
    #[must_use]
    pub fn letter(self) -> &'static str {
        match self {
            Self::Day => "d",
            Self::Week => "w",
            Self::Month => "m",
            Self::Quarter => "q",
            Self::Year => "y",
        }
    }

    /// Reads the word or the letter, in any case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_spelling =
            |unit: &Self| text.eq_ignore_ascii_case(unit.name()) || text.eq_ignore_ascii_case(unit.letter());
        Self::ALL.into_iter().find(is_spelling)
    }
}

impl Filter {
    /// All of `parts`, without needless levels; of nothing, every record.
    #[must_use]
    pub fn all_of(parts: Vec<Self>) -> Self {
        let mut kept: Vec<Self> = parts.into_iter().filter(|part| *part != Self::True).collect();
        match kept.len() {
            0 => Self::True,
            1 => kept.pop().unwrap_or(Self::True),
            _ => Self::And(kept),
        }
    }
}

/// Whether a text can be a segment of a path; the first cannot be `and`, `or` or `not`.
pub(super) fn is_ident(text: &str, position: usize) -> bool {
    let starts_well = text.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
    let is_reserved = position == 0 && RESERVED.iter().any(|word| text.eq_ignore_ascii_case(word));
    starts_well && text.len() <= MAX_IDENT && text.bytes().all(is_ident_byte) && !is_reserved
}

/// Whether a byte can stand in a segment of a path.
pub(super) fn is_ident_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether a bare word cannot be a value, because it joins or negates tests.
pub(super) fn is_reserved(word: &str) -> bool {
    RESERVED.iter().any(|reserved| word.eq_ignore_ascii_case(reserved))
}
