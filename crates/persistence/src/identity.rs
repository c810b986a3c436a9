//! Whether a file is a database of this program: asked before anything is written to it.

use std::path::Path;

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::backup::MARK;
use crate::connection::Target;
use crate::error::StoreError;

#[derive(QueryableByName)]
struct Table {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Refuses a file that is damaged, or that belongs to another program. What is not there, or empty, is a database to be.
///
/// # Errors
/// [`StoreError::Damaged`], [`StoreError::Foreign`], or why the file cannot be read.
pub fn check(target: &Target) -> Result<(), StoreError> {
    let Target::Sqlite(path) = target else { return Ok(()) };
    if std::fs::metadata(path).map_or(true, |found| found.is_file() && found.len() == 0) {
        return Ok(());
    }
    let tables = match tables_of(path, "mode=ro") {
        // Something was cut off, and what it left is to be rolled back, which only a writer may do: the file is looked at
        // as it lies there, and what cannot be seen so is the writer's to find.
        Err(StoreError::Internal(_)) => tables_of(path, "immutable=1").unwrap_or_default(),
        found => found?,
    };
    let is_ours = |table: &Table| table.name == "__diesel_schema_migrations" || table.name == MARK;
    match tables.first() {
        Some(first) if !tables.iter().any(is_ours) => Err(StoreError::Foreign(format!(
            "{} holds the tables of another program, for instance {}",
            path.display(),
            first.name
        ))),
        _ => Ok(()),
    }
}

fn tables_of(path: &Path, mode: &str) -> Result<Vec<Table>, StoreError> {
    let mut conn = SqliteConnection::establish(&uri(path, mode))
        .map_err(|error| StoreError::Unavailable(format!("{}: {error}", path.display())))?;
    Ok(diesel::sql_query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").load(&mut conn)?)
}

/// The name of a file in SQLite's spelling of URIs.
fn uri(path: &Path, mode: &str) -> String {
    let name = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("file:{name}?{mode}")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use diesel::connection::SimpleConnection as _;

    use super::*;

    fn checked(fill: impl FnOnce(&Path)) -> Result<(), StoreError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("what? 100%#1.db");
        fill(&path);
        check(&Target::Sqlite(path))
    }

    #[test]
    fn only_a_database_of_ours_or_none_at_all_is_taken() {
        let sql = |script: &'static str| {
            move |path: &Path| {
                SqliteConnection::establish(&path.to_string_lossy()).unwrap().batch_execute(script).unwrap();
            }
        };
        assert_eq!(checked(|_| {}), Ok(()));
        assert_eq!(checked(|path| std::fs::write(path, "").unwrap()), Ok(()));
        assert_eq!(checked(sql("CREATE TABLE __diesel_schema_migrations (version TEXT)")), Ok(()));
        assert_eq!(checked(sql("CREATE TABLE restore_unfinished (since TEXT)")), Ok(()));
        assert!(matches!(checked(sql("CREATE TABLE places (url TEXT)")), Err(StoreError::Foreign(_))));
        assert!(matches!(
            checked(|path| std::fs::write(path, "minutes".repeat(999)).unwrap()),
            Err(StoreError::Damaged(_))
        ));
        assert!(matches!(checked(|path| std::fs::create_dir(path).unwrap()), Err(StoreError::Unavailable(_))));
    }
}
