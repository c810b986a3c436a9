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

/// Records that a list makes room for before it has read any: a page with the one that tells whether another follows.
pub(crate) const ROOM: usize = 101;

/// The table of an owned record: the columns of the head that a new one has, and others.
macro_rules! head_and {
    ($table:ident, $($column:ident -> $sql:ty,)+) => {
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
                $($column -> $sql,)+
            }
        }
    };
}
pub(crate) use head_and;

/// What a statement that writes a row of an owned record says to one of the databases.
macro_rules! update_fragment {
    ($backend:ty, $table:ident, $update:ident, $($field:ident => $sql:ty),+) => {
        $crate::record::update_fragment!(@ $backend, $table, $update, {
            name => Text, name_sort => Text, source => Nullable<Text>, owner_id => Nullable<Uid>, team_id => Nullable<Uid>,
            tags => Doc, extras => Doc, updated_at => Ts, updated_by => Nullable<Uid>, deleted_at => Nullable<Ts>,
            deleted_by => Nullable<Uid>
        }, { $($field => $sql),+ });
    };
    (@ $backend:ty, $table:ident, $update:ident, { $($column:ident => $type:ty),+ }, { $($field:ident => $sql:ty),+ }) => {
        impl QueryFragment<$backend> for $update<'_> {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, $backend>) -> QueryResult<()> {
                let (head, body) = (&self.record.head, &self.record.body);
                out.push_sql(concat!("UPDATE ", stringify!($table), " SET version = "));
                out.push_bind_param::<BigInt, _>(&head.version)?;
                $(
                    out.push_sql(concat!(", ", stringify!($column), " = "));
                    out.push_bind_param::<$type, _>(&head.$column)?;
                )+
                $(
                    out.push_sql(concat!(", ", stringify!($field), " = "));
                    out.push_bind_param::<$sql, _>(&body.$field)?;
                )+
                out.push_sql(" WHERE id = ");
                out.push_bind_param::<Uid, _>(&head.id)?;
                out.push_sql(" AND version = ");
                out.push_bind_param::<BigInt, _>(&self.version)
            }
        }
    };
}
pub(crate) use update_fragment;

/// Declares the table of an owned record: the columns of the head, and those of its own.
///
/// What is `kept` is written with a new row and read with every row, but written again only by those who keep it: no update does.
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
        $crate::record::head_and! { $table, deleted_at -> Nullable<Ts>, deleted_by -> Nullable<Uid>, $($field -> $sql,)+ }
        /// The table for new rows, with what is kept: nothing new is in the trash, and diesel counts to 32 columns.
        pub(super) mod fresh {
            $crate::record::head_and! { $table, $($field -> $sql,)+ $($($kept -> $kept_sql,)+)? }
        }

        use crate::types::*;
        use diesel::sql_types::*;
        /// The types of all columns, in the order of the row.
        pub(super) type Columns = ($crate::record::HeadColumns, ($($sql,)+ $($($kept_sql,)+)?));
        }
        pub(crate) use schema::$table;

        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, diesel::Queryable)]
        pub struct $body {
            $( $(#[$field_doc])* pub $field: $rust, )+
            $($( $(#[$kept_doc])* pub $kept: $kept_rust, )+)?
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
                // A record is a large thing to copy each time that a list grows.
                let mut found = Vec::with_capacity(usize::try_from(limit).map_or(0, |rows| rows.min($crate::record::ROOM)));
                $crate::connection::native!(db, |c| {
                    for row in query.load_iter::<$crate::record::Record<Self>, diesel::connection::DefaultLoadingMode>(c)? {
                        found.push(row?);
                    }
                });
                Ok(found)
            }

            fn insert_all<'a>(
                db: &mut $crate::connection::Db,
                records: impl Iterator<Item = &'a $crate::record::Record<Self>>,
            ) -> diesel::QueryResult<()> {
                use diesel::prelude::*;
                use schema::fresh::$table;
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
                    $($field: &'a $rust,)+
                    $($($kept: &'a $kept_rust,)+)?
                }
                let row = |record: &'a $crate::record::Record<Self>| {
                    let $crate::record::Head {
                        id, number, name, name_sort, source, owner_id, team_id, tags, extras, last_activity_at, next_activity_at,
                        version, created_at, created_by, updated_at, updated_by, deleted_at: _, deleted_by: _,
                    } = &record.head;
                    Row {
                        id, number, name, name_sort, source, owner_id, team_id, tags, extras, last_activity_at, next_activity_at,
                        version, created_at, created_by, updated_at, updated_by,
                        $($field: &record.body.$field,)+
                        $($($kept: &record.body.$kept,)+)?
                    }
                };
                let rows = records
                    .map(|record| match record.head.deleted_at {
                        None => Ok(row(record)),
                        Some(_) => Err(diesel::result::Error::QueryBuilderError("a new record is not in the trash".into())),
                    })
                    .collect::<diesel::QueryResult<Vec<_>>>()?;
                $crate::connection::insert_many!(db, $table::table, rows)
            }

            fn update(db: &mut $crate::connection::Db, record: &$crate::record::Record<Self>, version: i64) -> diesel::QueryResult<usize> {
                use diesel::prelude::*;
                use diesel::query_builder::{AstPass, QueryFragment, QueryId};
                use diesel::sql_types::*;
                use $crate::types::*;
                /// Written out, because diesel keeps no update prepared; PostgreSQL would parse and plan it anew each time, for
                /// 0.1 ms and more.
                struct Update<'a> {
                    record: &'a $crate::record::Record<$body>,
                    version: i64,
                }
                impl QueryId for Update<'_> {
                    type QueryId = Update<'static>;
                    const HAS_STATIC_QUERY_ID: bool = true;
                }
                impl<C> RunQueryDsl<C> for Update<'_> {}
                $crate::record::update_fragment!(diesel::sqlite::Sqlite, $table, Update, $($field => $sql),+);
                $crate::record::update_fragment!(diesel::pg::Pg, $table, Update, $($field => $sql),+);
                $crate::connection::native!(db, |c| Update { record, version }.execute(c))
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
