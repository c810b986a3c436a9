//! What all owned records have in common: the head of their rows, and how a table of them is declared.

use diesel::sql_types::{BigInt, Nullable, Text};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use rapport_domain::access::Ownership;
use rapport_domain::kind::RecordKind;

use crate::connection::Db;
use crate::fragment::Fragment;
use crate::page::{After, Order, SortValue};
use crate::types::{Doc, Document, Id, Instant, Json, Ts, Uid};

/// The types of the columns of [`Head`], in its order.
pub(crate) type HeadColumns = (
    Uid,
    BigInt,
    Text,
    Text,
    Nullable<Text>,
    Nullable<Uid>,
    Nullable<Uid>,
    Doc,
    Doc,
    Nullable<Ts>,
    Nullable<Ts>,
    BigInt,
    Ts,
    Nullable<Uid>,
    Ts,
    Nullable<Uid>,
    Nullable<Ts>,
    Nullable<Uid>,
);

/// The columns every owned record has.
#[derive(Clone, Debug, PartialEq, diesel::Queryable)]
pub struct Head {
    /// The record's id.
    pub id: Id,
    /// A short number for people to quote.
    pub number: i64,
    /// The name shown in lists.
    pub name: String,
    /// The name in sorting order (pinyin for Chinese).
    pub name_sort: String,
    /// Where it came from, a key of `sources`.
    pub source: Option<String>,
    /// Who owns it.
    pub owner_id: Option<Id>,
    /// The owner's team.
    pub team_id: Option<Id>,
    /// Labels.
    pub tags: Json<Vec<String>>,
    /// External ids and custom fields.
    pub extras: Json<Extras>,
    /// When something last happened with it; kept by its activities (`activity_marks`), without a new version.
    pub last_activity_at: Option<Instant>,
    /// When something is planned next; likewise.
    pub next_activity_at: Option<Instant>,
    /// Starts at 1, one more with every change.
    pub version: i64,
    /// When it was made.
    pub created_at: Instant,
    /// By whom.
    pub created_by: Option<Id>,
    /// When it last changed.
    pub updated_at: Instant,
    /// By whom.
    pub updated_by: Option<Id>,
    /// When it went to the trash.
    pub deleted_at: Option<Instant>,
    /// By whom.
    pub deleted_by: Option<Id>,
}

/// The parts of a head that are lists or maps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extras {
    /// What other systems call the record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub external_ids: Vec<ExternalId>,
    /// Values of custom fields, by key.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub custom: Map<String, Value>,
}

/// What another system calls a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalId {
    /// The other system.
    pub system: String,
    /// The id there.
    pub external_id: String,
}

/// A row of an owned table.
#[derive(Clone, Debug, PartialEq, diesel::Queryable)]
pub struct Record<B> {
    /// What all records have.
    pub head: Head,
    /// What this kind has.
    pub body: B,
}

/// A table of owned records; `record_table!` implements it.
#[expect(private_interfaces, reason = "fragments are built in this crate only")]
pub trait Body: Clone + PartialEq + std::fmt::Debug + Send + Sync + Sized + 'static {
    /// Which kind of record the rows are.
    const KIND: RecordKind;
    /// The rarely searched fields, kept as one document.
    type Profile: Document + Clone;

    /// The document.
    fn profile(&self) -> &Self::Profile;

    /// The pool it lies in, where records of this kind can lie in one.
    fn pool(&self) -> Option<Id>;

    /// The value in a column a list may be sorted by, for columns that are not of the head.
    fn sort_value(&self, column: &str) -> SortValue;

    #[doc(hidden)]
    fn load(db: &mut Db, condition: Fragment, order: Fragment, limit: i64) -> diesel::QueryResult<Vec<Record<Self>>>;
    #[doc(hidden)]
    fn insert_all<'a>(db: &mut Db, records: impl Iterator<Item = &'a Record<Self>>) -> diesel::QueryResult<()>;
    /// Overwrites the row if it still has `version`, but for what activities leave with it; answers how many rows that were.
    #[doc(hidden)]
    fn update(db: &mut Db, record: &Record<Self>, version: i64) -> diesel::QueryResult<usize>;
    #[doc(hidden)]
    fn purge(db: &mut Db, id: Id) -> diesel::QueryResult<usize>;
}

impl<B: Body> Record<B> {
    /// Whose it is.
    #[must_use]
    pub fn ownership(&self) -> Ownership {
        Ownership {
            owner_id: self.head.owner_id.map(Into::into),
            team_id: self.head.team_id.map(Into::into),
            pool_id: self.body.pool().map(Into::into),
        }
    }

    /// Where the row stands in an order.
    #[must_use]
    pub fn place(&self, order: &Order) -> After {
        let values = order.columns.iter().map(|column| self.sort_value(column.column)).collect();
        After { values, id: self.head.id.0 }
    }

    /// Which of two rows comes first in an order.
    pub(crate) fn compare(&self, other: &Self, order: &Order) -> std::cmp::Ordering {
        order.compare(&self.place(order), &other.place(order))
    }

    /// The value of the row in a sort column.
    #[must_use]
    pub fn sort_value(&self, column: &str) -> SortValue {
        let instant = |at: Option<Instant>| at.map_or(SortValue::Null, |at| SortValue::Instant(at.0));
        match column {
            "updated_at" => SortValue::Instant(self.head.updated_at.0),
            "created_at" => SortValue::Instant(self.head.created_at.0),
            "deleted_at" => instant(self.head.deleted_at),
            "last_activity_at" => instant(self.head.last_activity_at),
            "next_activity_at" => instant(self.head.next_activity_at),
            "name_sort" => SortValue::Text(self.head.name_sort.clone()),
            "number" => SortValue::Integer(self.head.number),
            other => self.body.sort_value(other),
        }
    }
}

/// Declares the table of an owned record: the columns of the head, and those of its own.
///
/// What is `kept` is read with the row, and written only by those who keep it: neither an insert nor an update does.
///
/// See the decision record on macros: four tables with eighteen equal columns would otherwise repeat their declaration,
/// their insert and their update in full.
macro_rules! record_table {
    (
        $table:ident, $kind:ident, profile: $profile:ty;
        $(#[$doc:meta])*
        pub struct $body:ident { $( $(#[$field_doc:meta])* pub $field:ident : $rust:ty => $sql:ty , )+ }
        $(kept { $( $(#[$kept_doc:meta])* pub $kept:ident : $kept_rust:ty => $kept_sql:ty , )+ })?
        sorts { $($sort:ident => $sort_value:expr),* $(,)? }
        $(lies in $pool:ident)?
    ) => {
        mod schema {
        diesel::table! {
            use diesel::sql_types::*;
            use crate::types::{Doc, Ts, Uid};
            $table (id) {
                id -> Uid,
                number -> BigInt,
                name -> Text,
                name_sort -> Text,
                source -> Nullable<Text>,
                owner_id -> Nullable<Uid>,
                team_id -> Nullable<Uid>,
                tags -> Doc,
                extras -> Doc,
                last_activity_at -> Nullable<Ts>,
                next_activity_at -> Nullable<Ts>,
                version -> BigInt,
                created_at -> Ts,
                created_by -> Nullable<Uid>,
                updated_at -> Ts,
                updated_by -> Nullable<Uid>,
                deleted_at -> Nullable<Ts>,
                deleted_by -> Nullable<Uid>,
                $($field -> $sql,)+
            }
        }

        use crate::types::*;
        use diesel::sql_types::*;
        /// The types of all columns, in the order of the row.
        pub(super) type Columns = ($crate::record::HeadColumns, ($($sql,)+ $($($kept_sql,)+)?));
        }
        pub(crate) use schema::$table;

        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, diesel::Queryable, diesel::AsChangeset)]
        #[diesel(table_name = $table, treat_none_as_null = true)]
        pub struct $body {
            $( $(#[$field_doc])* pub $field: $rust, )+
            $($( $(#[$kept_doc])* #[diesel(skip_update)] pub $kept: $kept_rust, )+)?
        }

        #[expect(private_interfaces, reason = "fragments are built in this crate only")]
        impl $crate::record::Body for $body {
            const KIND: rapport_domain::kind::RecordKind = rapport_domain::kind::RecordKind::$kind;
            type Profile = $profile;

            fn profile(&self) -> &$profile {
                &self.profile.0
            }

            fn pool(&self) -> Option<$crate::types::Id> {
                None$(.or(self.$pool))?
            }

            fn sort_value(&self, column: &str) -> $crate::page::SortValue {
                match column {
                    $(stringify!($sort) => { let read: fn(&Self) -> $crate::page::SortValue = $sort_value; read(self) })*
                    _ => $crate::page::SortValue::Null,
                }
            }

            fn load(
                db: &mut $crate::connection::Db,
                condition: $crate::fragment::Fragment,
                order: $crate::fragment::Fragment,
                limit: i64,
            ) -> diesel::QueryResult<Vec<$crate::record::Record<Self>>> {
                use diesel::prelude::*;
                // Written out by the compiler: to put the text together for each query, name by name, took as long as
                // SQLite takes to find a record.
                const SELECT: &str = concat!(
                    "SELECT id, number, name, name_sort, source, owner_id, team_id, tags, extras, last_activity_at, next_activity_at, \
                     version, created_at, created_by, updated_at, updated_by, deleted_at, deleted_by",
                    $(", ", stringify!($field),)+
                    $($(", ", stringify!($kept),)+)?
                    " FROM ", stringify!($table), " WHERE "
                );
                let sql = $crate::fragment::Fragment::sql(SELECT).append(condition).push(" ORDER BY ").append(order);
                let query = $crate::fragment::Statement::<schema::Columns>::of(sql.push(" LIMIT ").bind($crate::fragment::Bind::Integer(limit)));
                $crate::connection::native!(db, |c| query.load(c))
            }

            fn insert_all<'a>(
                db: &mut $crate::connection::Db,
                records: impl Iterator<Item = &'a $crate::record::Record<Self>>,
            ) -> diesel::QueryResult<()> {
                use diesel::prelude::*;
                /// All columns side by side: `COPY` knows no rows within rows.
                #[derive(diesel::Insertable)]
                #[diesel(table_name = $table, treat_none_as_default_value = false)]
                struct Row<'a> {
                    id: &'a $crate::types::Id,
                    number: &'a i64,
                    name: &'a str,
                    name_sort: &'a str,
                    source: &'a Option<String>,
                    owner_id: &'a Option<$crate::types::Id>,
                    team_id: &'a Option<$crate::types::Id>,
                    tags: &'a $crate::types::Json<Vec<String>>,
                    extras: &'a $crate::types::Json<$crate::record::Extras>,
                    last_activity_at: &'a Option<$crate::types::Instant>,
                    next_activity_at: &'a Option<$crate::types::Instant>,
                    version: &'a i64,
                    created_at: &'a $crate::types::Instant,
                    created_by: &'a Option<$crate::types::Id>,
                    updated_at: &'a $crate::types::Instant,
                    updated_by: &'a Option<$crate::types::Id>,
                    deleted_at: &'a Option<$crate::types::Instant>,
                    deleted_by: &'a Option<$crate::types::Id>,
                    $($field: &'a $rust,)+
                }
                let row = |record: &'a $crate::record::Record<Self>| {
                    let $crate::record::Head {
                        id, number, name, name_sort, source, owner_id, team_id, tags, extras, last_activity_at, next_activity_at,
                        version, created_at, created_by, updated_at, updated_by, deleted_at, deleted_by,
                    } = &record.head;
                    Row {
                        id, number, name, name_sort, source, owner_id, team_id, tags, extras, last_activity_at, next_activity_at,
                        version, created_at, created_by, updated_at, updated_by, deleted_at, deleted_by,
                        $($field: &record.body.$field,)+
                    }
                };
                $crate::connection::insert_many!(db, $table::table, records.map(row).collect())
            }

            fn update(db: &mut $crate::connection::Db, record: &$crate::record::Record<Self>, version: i64) -> diesel::QueryResult<usize> {
                use diesel::prelude::*;
                let head = &record.head;
                let values = (
                    (
                        $table::name.eq(&head.name), $table::name_sort.eq(&head.name_sort), $table::source.eq(&head.source),
                        $table::owner_id.eq(head.owner_id), $table::team_id.eq(head.team_id), $table::tags.eq(&head.tags),
                        $table::extras.eq(&head.extras), $table::version.eq(head.version),
                        $table::updated_at.eq(head.updated_at), $table::updated_by.eq(head.updated_by),
                        $table::deleted_at.eq(head.deleted_at), $table::deleted_by.eq(head.deleted_by),
                    ),
                    &record.body,
                );
                let row = $table::table.filter($table::id.eq(head.id)).filter($table::version.eq(version));
                $crate::connection::native!(db, |c| diesel::update(row).set(values).execute(c))
            }

            fn purge(db: &mut $crate::connection::Db, id: $crate::types::Id) -> diesel::QueryResult<usize> {
                use diesel::prelude::*;
                let row = $table::table.filter($table::id.eq(id));
                $crate::connection::native!(db, |c| diesel::delete(row).execute(c))
            }
        }
    };
}
pub(crate) use record_table;
