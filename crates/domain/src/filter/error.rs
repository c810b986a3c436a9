//! Why a filter is refused.

use super::ast::Op;
use thiserror::Error;

/// Why a filter is refused. The messages name places and fields of the filter, nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FilterError {
    /// The string form cannot be read.
    #[error("{message} at position {at}")]
    Syntax {
        /// The byte where reading stopped.
        at: usize,
        /// What was expected.
        message: String,
    },
    /// The JSON form cannot be read.
    #[error("{message} at {pointer:?}")]
    Json {
        /// The JSON pointer of the wrong part.
        pointer: String,
        /// What was expected.
        message: String,
    },
    /// A limit is exceeded.
    #[error("too complex: {limit}")]
    TooComplex {
        /// The limit, in words.
        limit: &'static str,
    },
    /// No such field, or none that may be filtered by.
    #[error("unknown field {path}")]
    UnknownField {
        /// The path as written.
        path: String,
    },
    /// The field does not take this test.
    #[error("{path} cannot be tested with {}", .op.symbol())]
    BadOperator {
        /// The path as written.
        path: String,
        /// The test.
        op: Op,
    },
    /// `ANY (…)` on something that is no collection.
    #[error("{path} is not a collection")]
    NotACollection {
        /// The path as written.
        path: String,
    },
    /// It asks about another record, where only the record itself may be asked about.
    #[error("{path} asks about another record")]
    Beyond {
        /// The path as written.
        path: String,
    },
    /// It depends on who asks, where nobody does.
    #[error("{path} depends on who asks")]
    Personal {
        /// The path as written.
        path: String,
    },
    /// It asks about a field that may not be asked about here.
    #[error("{path} cannot be asked about here")]
    OutOfPlace {
        /// The path as written.
        path: String,
    },
    /// The value does not fit the field.
    #[error("{path} must be compared with {expected}")]
    BadValue {
        /// The path as written.
        path: String,
        /// What the field takes.
        expected: String,
    },
}
