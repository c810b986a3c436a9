//! The field catalogue: what each record type declares about its fields, once, for lists, sorting, filters and facets.
//!
//! A catalogue is data. It says which names exist in the API, which column holds each of them, and what a filter may do
//! with it; nothing here knows a table or a request.

use crate::kind::RecordKind;

/// The fields of every kind of record; passed to whatever resolves names.
pub type Catalogue = fn(RecordKind) -> &'static [Field];

/// One field of a record type.
///
/// Fields are filterable and present (never null) unless said otherwise:
/// `Field::text("industry", "industry").sortable().nullable()`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name in the API: `owner_id`.
    pub name: &'static str,
    /// The column that holds it. For money, the minor units; for a collection, empty.
    pub column: &'static str,
    /// What it holds, and therefore which tests it takes.
    pub kind: FieldKind,
    /// Whether a filter may name it.
    pub is_filterable: bool,
    /// Whether a list may be sorted by it.
    pub is_sortable: bool,
    /// Whether it can be null.
    pub is_nullable: bool,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Free text: equality is exact, `~`, `^=` and `$=` ignore the case of A–Z.
    Text,
    /// A code or an enumeration, matched exactly. `allowed` lists the values of a closed enumeration.
    Key {
        /// The only values there are, or `None` when the set is open.
        allowed: Option<&'static [&'static str]>,
    },
    /// A whole number.
    Integer,
    /// True or false.
    Bool,
    /// A calendar date without a zone.
    Date,
    /// A moment, in UTC.
    Instant,
    /// An amount in minor units, with the ISO 4217 code in another column of the same row.
    Money {
        /// The column of the currency code.
        currency_column: &'static str,
    },
    /// The record's own identity, or an identity that cannot be followed.
    Id,
    /// The identity of another record; `customer_id` also makes `customer.<field>` a valid path.
    Ref {
        /// The kind of the record referred to.
        target: RecordKind,
    },
    /// A set of short texts.
    Tags,
    /// The records of another kind that refer to this one; only `ANY (…)` and `IS [NOT] EMPTY` test it.
    Collection {
        /// The kind of the members.
        target: RecordKind,
        /// The column of the members' table that refers to this record.
        foreign_key: &'static str,
    },
}

impl Field {
    /// A field of any kind; the named constructors read better.
    #[must_use]
    pub const fn new(name: &'static str, column: &'static str, kind: FieldKind) -> Self {
        Self { name, column, kind, is_filterable: true, is_sortable: false, is_nullable: false }
    }

    /// Free text.
    #[must_use]
    pub const fn text(name: &'static str, column: &'static str) -> Self {
        Self::new(name, column, FieldKind::Text)
    }

    /// A code out of an open set.
    #[must_use]
    pub const fn key(name: &'static str, column: &'static str) -> Self {
        Self::new(name, column, FieldKind::Key { allowed: None })
    }

    /// One of a closed set of codes.
    #[must_use]
    pub const fn one_of(name: &'static str, column: &'static str, allowed: &'static [&'static str]) -> Self {
        Self::new(name, column, FieldKind::Key { allowed: Some(allowed) })
    }

    /// A whole number.
    #[must_use]
    pub const fn integer(name: &'static str, column: &'static str) -> Self {
        Self::new(name, column, FieldKind::Integer)
    }

    /// True or false.
    #[must_use]
    pub const fn bool(name: &'static str, column: &'static str) -> Self {
        Self::new(name, column, FieldKind::Bool)
    }

    /// A calendar date.
    #[must_use]
    pub const fn date(name: &'static str, column: &'static str) -> Self {
        Self::new(name, column, FieldKind::Date)
    }

    /// A moment.
    #[must_use]
    pub const fn instant(name: &'static str, column: &'static str) -> Self {
        Self::new(name, column, FieldKind::Instant)
    }

    /// An amount of money: minor units in `column`, the code in `currency_column`.
    #[must_use]
    pub const fn money(name: &'static str, column: &'static str, currency_column: &'static str) -> Self {
        Self::new(name, column, FieldKind::Money { currency_column })
    }

    /// An identity that leads nowhere else.
    #[must_use]
    pub const fn id(name: &'static str, column: &'static str) -> Self {
        Self::new(name, column, FieldKind::Id)
    }

    /// A reference to another record; the name ends in `_id`.
    #[must_use]
    pub const fn reference(name: &'static str, column: &'static str, target: RecordKind) -> Self {
        Self::new(name, column, FieldKind::Ref { target })
    }

    /// A set of tags.
    #[must_use]
    pub const fn tags(name: &'static str, column: &'static str) -> Self {
        Self::new(name, column, FieldKind::Tags)
    }

    /// The records of `target` whose `foreign_key` holds this record's id.
    #[must_use]
    pub const fn collection(name: &'static str, target: RecordKind, foreign_key: &'static str) -> Self {
        Self::new(name, "", FieldKind::Collection { target, foreign_key })
    }

    /// Allows sorting by it.
    #[must_use]
    pub const fn sortable(mut self) -> Self {
        self.is_sortable = true;
        self
    }

    /// Says that it can be null.
    #[must_use]
    pub const fn nullable(mut self) -> Self {
        self.is_nullable = true;
        self
    }

    /// Keeps filters away from it.
    #[must_use]
    pub const fn unfilterable(mut self) -> Self {
        self.is_filterable = false;
        self
    }

    /// The name by which a path goes through this reference: `customer` for `customer_id`.
    #[must_use]
    pub fn hop_name(&self) -> Option<&'static str> {
        match self.kind {
            FieldKind::Ref { .. } => self.name.strip_suffix("_id"),
            _ => None,
        }
    }
}

/// The field of `kind` with this API name.
#[must_use]
pub fn find(catalogue: Catalogue, kind: RecordKind, name: &str) -> Option<&'static Field> {
    catalogue(kind).iter().find(|field| field.name == name)
}

/// The reference of `kind` that a path segment goes through: `customer` finds `customer_id`.
#[must_use]
pub fn find_hop(catalogue: Catalogue, kind: RecordKind, segment: &str) -> Option<(&'static Field, RecordKind)> {
    catalogue(kind).iter().find_map(|field| match field.kind {
        FieldKind::Ref { target } if field.hop_name() == Some(segment) => Some((field, target)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    static LEADS: [Field; 3] = [
        Field::text("name", "name").sortable(),
        Field::reference("owner_id", "owner_id", RecordKind::User).nullable(),
        Field::text("secret", "secret").unfilterable(),
    ];

    fn sample(kind: RecordKind) -> &'static [Field] {
        if kind == RecordKind::Lead { &LEADS } else { &[] }
    }

    #[test]
    fn names_and_hops_are_found_only_where_declared() {
        assert_eq!(find(sample, RecordKind::Lead, "name").map(|f| f.is_sortable), Some(true));
        assert_eq!(find(sample, RecordKind::Customer, "name"), None);
        assert_eq!(find_hop(sample, RecordKind::Lead, "owner").map(|(_, kind)| kind), Some(RecordKind::User));
        assert_eq!(find_hop(sample, RecordKind::Lead, "name"), None);
        assert_eq!(find(sample, RecordKind::Lead, "secret").map(|f| f.is_filterable), Some(false));
    }
}
