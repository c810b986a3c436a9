//! Both databases have the same schema, and every step of it can be taken back.

use std::collections::{BTreeMap, BTreeSet};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use diesel::{PgConnection, SqliteConnection};
use rapport_domain::kind::RecordKind;
use rapport_persistence::catalogue::{catalogue, has_order, sort_column};
use rapport_persistence::{StoreError, Target, migrate};
use rapport_testkit::Database;

/// What a column is, as far as both databases can say: whether it must have a value, whether it is part of the key.
type Columns = BTreeMap<(String, String), (bool, bool)>;

#[derive(Debug, QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Bool)]
    is_required: bool,
    #[diesel(sql_type = Bool)]
    is_key: bool,
}

/// Search is kept in each database's own way, numbers come from a sequence where there is one.
const OWN_WAYS: [&str; 3] = ["search_index", "search_docs", "number_counters"];

const SQLITE_COLUMNS: &str = "SELECT t.name AS table_name, c.name AS column_name, (c.\"notnull\" = 1 OR c.pk > 0) AS is_required, c.pk > 0 AS is_key
    FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE '\\_\\_%' ESCAPE '\\'";

const POSTGRES_COLUMNS: &str = "SELECT c.table_name::text, c.column_name::text, c.is_nullable = 'NO' AS is_required, EXISTS (
        SELECT 1 FROM information_schema.table_constraints k JOIN information_schema.key_column_usage u USING (constraint_schema, constraint_name, table_name)
        WHERE k.constraint_type = 'PRIMARY KEY' AND k.table_schema = c.table_schema AND k.table_name = c.table_name AND u.column_name = c.column_name) AS is_key
    FROM information_schema.columns c WHERE c.table_schema = current_schema() AND c.table_name NOT LIKE '\\_\\_%'";

fn columns(target: &Target) -> Columns {
    let rows: Vec<ColumnRow> = match target {
        Target::Sqlite(path) => {
            let mut conn = SqliteConnection::establish(&path.to_string_lossy()).unwrap();
            diesel::sql_query(SQLITE_COLUMNS).load(&mut conn).unwrap()
        }
        Target::Postgres(url) => {
            diesel::sql_query(POSTGRES_COLUMNS).load(&mut PgConnection::establish(url).unwrap()).unwrap()
        }
    };
    rows.into_iter().map(|row| ((row.table_name, row.column_name), (row.is_required, row.is_key))).collect()
}

#[derive(Debug, QueryableByName)]
struct Leading {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
}

const SQLITE_LEADING: &str = "SELECT m.tbl_name AS table_name, c.name AS column_name
    FROM sqlite_master m JOIN pragma_index_info(m.name) c WHERE m.type = 'index' AND c.seqno = 0 AND c.name IS NOT NULL";

const POSTGRES_LEADING: &str = "SELECT t.relname::text AS table_name, a.attname::text AS column_name
    FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0] WHERE n.nspname = current_schema()";

/// The columns that indexes begin with.
fn leading(target: &Target) -> BTreeSet<(String, String)> {
    let rows: Vec<Leading> = match target {
        Target::Sqlite(path) => {
            let mut conn = SqliteConnection::establish(&path.to_string_lossy()).unwrap();
            diesel::sql_query(SQLITE_LEADING).load(&mut conn).unwrap()
        }
        Target::Postgres(url) => {
            diesel::sql_query(POSTGRES_LEADING).load(&mut PgConnection::establish(url).unwrap()).unwrap()
        }
    };
    rows.into_iter().map(|row| (row.table_name, row.column_name)).collect()
}

/// Otherwise a list of many goes through the whole table and sorts it: the catalogue says for which order that cannot be.
#[test]
fn the_catalogue_knows_which_orders_have_an_index() {
    Database::each(|database| {
        let leading = leading(&database.target);
        for kind in RecordKind::OWNED {
            for field in catalogue(kind).iter().filter(|field| field.is_sortable) {
                let column = sort_column(field);
                let is_there = leading.contains(&(kind.plural().to_owned(), column.to_owned()));
                assert_eq!(is_there, has_order(column), "{}.{column} on {}", kind.plural(), database.backend);
            }
        }
    });
}

fn is_shared(table: &str) -> bool {
    !OWN_WAYS.iter().any(|own| table.starts_with(own))
}

#[test]
fn a_backup_holds_every_table_and_column() {
    let (kept, left_out) = rapport_persistence::backup::contents();
    for database in Database::all() {
        database.migrate();
        let mut there: BTreeSet<(String, String)> = columns(&database.target).into_keys().collect();
        // The index of search is made anew; counters are kept apart, because each database has its own.
        there.retain(|(table, _)| {
            !left_out.contains(&table.as_str()) && !table.starts_with("search_index") && table != "number_counters"
        });
        let kept = kept.iter().map(|(table, column)| ((*table).to_owned(), (*column).to_owned())).collect();
        assert_eq!(there, kept, "a new table or column belongs into `persistence/src/backup/tables.rs`");
    }
}

#[test]
fn both_databases_have_the_same_tables_columns_and_keys() {
    let Some(postgres) = Database::postgres() else { return };
    let sqlite = Database::sqlite();
    sqlite.migrate();
    postgres.migrate();
    let shared =
        |target| -> Columns { columns(target).into_iter().filter(|((table, _), _)| is_shared(table)).collect() };
    let (one, other) = (shared(&sqlite.target), shared(&postgres.target));
    assert!(one.len() > 150, "{} columns", one.len());
    let differing: BTreeSet<_> = one
        .iter()
        .filter(|(name, what)| other.get(*name) != Some(*what))
        .chain(other.iter().filter(|(name, what)| one.get(*name) != Some(*what)))
        .collect();
    assert!(differing.is_empty(), "{differing:?}");
}

#[test]
fn every_step_goes_up_down_and_up_again() {
    for database in Database::all() {
        let steps = migrate::run(&database.target).unwrap();
        assert!(!steps.is_empty());
        let full = columns(&database.target);
        for _ in &steps {
            migrate::revert_last(&database.target).unwrap();
        }
        assert_eq!(columns(&database.target), Columns::new(), "on {}", database.backend);
        assert_eq!(migrate::run(&database.target).unwrap(), steps);
        assert_eq!(columns(&database.target), full);
        assert_eq!(migrate::run(&database.target).unwrap(), Vec::<String>::new(), "a second run has nothing to do");
    }
}

#[derive(Debug, QueryableByName)]
struct Planned {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    is_since_then: bool,
}

/// Digests could be chosen before they were sent.
#[test]
fn who_had_chosen_a_digest_gets_one_of_what_came_since() {
    const PEOPLE: &str = "INSERT INTO users (id, name, name_sort, email, language, time_zone, theme, is_active, version, created_at, updated_at)
        VALUES ({1}, 'Daily', 'daily', 'daily@example.com', 'en', 'UTC', 'system', true, 1, {at}, {at}), ({2}, 'Off', 'off', 'off@example.com', 'en', 'UTC', 'system', true, 1, {at}, {at});
        INSERT INTO notification_settings (user_id, kinds, digest, digest_at, version, updated_at)
        VALUES ({1}, '{}', 'daily', '08:00', 2, {at}), ({2}, '{}', 'off', '08:00', 2, {at})";
    const FOUND: &str =
        "SELECT users.name, told_until = users.updated_at AND mail_id IS NULL AND attempts = 0 AS is_since_then
        FROM digests JOIN users ON users.id = digests.user_id";
    Database::each(|database| {
        while columns(&database.target).keys().any(|(table, _)| table == "digests") {
            migrate::revert_last(&database.target).unwrap();
        }
        let fill = |one: &str, two: &str, at: &str| PEOPLE.replace("{1}", one).replace("{2}", two).replace("{at}", at);
        let found: Vec<Planned> = match &database.target {
            Target::Sqlite(path) => {
                let mut conn = SqliteConnection::establish(&path.to_string_lossy()).unwrap();
                conn.batch_execute(&fill("zeroblob(16)", "x'00000000000000000000000000000001'", "1795248000000000"))
                    .unwrap();
                migrate::run(&database.target).unwrap();
                diesel::sql_query(FOUND).load(&mut conn).unwrap()
            }
            Target::Postgres(url) => {
                let mut conn = PgConnection::establish(url).unwrap();
                conn.batch_execute(&fill(
                    "'00000000-0000-0000-0000-000000000001'",
                    "'00000000-0000-0000-0000-000000000002'",
                    "now()",
                ))
                .unwrap();
                migrate::run(&database.target).unwrap();
                diesel::sql_query(FOUND).load(&mut conn).unwrap()
            }
        };
        let found: Vec<_> = found.into_iter().map(|row| (row.name, row.is_since_then)).collect();
        assert_eq!(found, [("Daily".to_owned(), true)], "on {}", database.backend);
    });
}

#[test]
fn a_newer_schema_is_refused_and_left_alone() {
    Database::each(|database| {
        let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('99991231000000')";
        match &database.target {
            Target::Sqlite(path) => {
                SqliteConnection::establish(&path.to_string_lossy()).unwrap().batch_execute(newer).unwrap();
            }
            Target::Postgres(url) => PgConnection::establish(url).unwrap().batch_execute(newer).unwrap(),
        }
        let before = columns(&database.target);
        let refused = migrate::run(&database.target).unwrap_err();
        assert!(matches!(&refused, StoreError::Constraint(text) if text.contains("99991231000000")), "{refused}");
        assert_eq!(columns(&database.target), before);
    });
}
