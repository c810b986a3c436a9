//! What storage can answer besides a result.

use diesel::result::{DatabaseErrorKind, Error as Diesel};

/// Why storage could not do as asked. The text of the database stays in [`StoreError::Internal`], for the log only.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A unique constraint of this name stood in the way.
    #[error("a unique constraint was violated: {0}")]
    Unique(String),
    /// A row that is referred to is missing, or one that is referred to would go.
    #[error("a reference would dangle")]
    Reference,
    /// A CHECK or NOT NULL constraint refused a value.
    #[error("a constraint refused a value: {0}")]
    Constraint(String),
    /// The database is busy, restarting or out of connections: the same request may succeed in a moment.
    #[error("storage is unavailable: {0}")]
    Unavailable(String),
    /// Two transactions met; this one was rolled back and may run again.
    #[error("the transaction met another one")]
    Retry,
    /// The disk is full.
    #[error("the disk is full")]
    Full,
    /// What is stored cannot be read: the file or a page of it is damaged.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// The database belongs to another program.
    #[error("the database is not Rapport's: {0}")]
    Foreign(String),
    /// The row changed under the transaction's feet: its version is no longer the one that was read.
    #[error("the record changed meanwhile")]
    Stale,
    /// Anything else; the text is for the log.
    #[error("storage failed: {0}")]
    Internal(String),
}

impl From<Diesel> for StoreError {
    fn from(error: Diesel) -> Self {
        match error {
            Diesel::DatabaseError(kind, info) => {
                let constraint =
                    info.constraint_name().map_or_else(|| constraint_of_sqlite(info.message()), str::to_owned);
                from_database(&kind, constraint, info.message())
            }
            Diesel::BrokenTransactionManager => Self::Unavailable("connection lost in a transaction".into()),
            // What became of the transaction is told by why it could not be committed.
            Diesel::RollbackErrorOnCommit { commit_error, .. } => Self::from(*commit_error),
            other => Self::Internal(other.to_string()),
        }
    }
}

fn from_database(kind: &DatabaseErrorKind, constraint: String, text: &str) -> StoreError {
    match kind {
        DatabaseErrorKind::UniqueViolation => StoreError::Unique(constraint),
        DatabaseErrorKind::ForeignKeyViolation => StoreError::Reference,
        DatabaseErrorKind::CheckViolation | DatabaseErrorKind::NotNullViolation => StoreError::Constraint(constraint),
        DatabaseErrorKind::SerializationFailure => StoreError::Retry,
        DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
            StoreError::Unavailable(text.to_owned())
        }
        _ => from_text(text),
    }
}

/// Errors that neither driver gives a kind of their own.
fn from_text(text: &str) -> StoreError {
    let lower = text.to_lowercase();
    let has = |needles: &[&str]| needles.iter().any(|needle| lower.contains(needle));
    if has(&["deadlock detected", "could not serialize"]) {
        return StoreError::Retry;
    }
    if has(&["disk is full", "no space left"]) {
        return StoreError::Full;
    }
    if has(&["malformed", "is not a database", "invalid page in block", "could not read block"]) {
        return StoreError::Damaged(text.to_owned());
    }
    if has(&[
        "database is locked",
        "timeout",
        "terminating connection",
        "shutting down",
        "starting up",
        "read-only transaction",
        "server closed the connection",
        "connection to server",
        "no connection to the server",
        "disk i/o error",
        "too many clients",
        // A server whose disk has gone, or that is on its way back from a crash.
        "input/output error",
        "read-only file system",
        "could not open file",
        "could not extend file",
        "could not access status of transaction",
        "could not write",
        "could not fsync",
        "in recovery mode",
    ]) {
        return StoreError::Unavailable(text.to_owned());
    }
    StoreError::Internal(text.to_owned())
}

/// SQLite names the columns (`UNIQUE constraint failed: users.email`), not the constraint: translated here, once.
fn constraint_of_sqlite(text: &str) -> String {
    let columns = text.rsplit("failed: ").next().unwrap_or_default();
    match columns {
        "users.email" => "users_email_unique",
        "teams.name" => "teams_name_unique",
        "roles.key" => "roles_key_unique",
        "api_keys.prefix" => "api_keys_prefix_unique",
        "activity_templates.name_key" => "activity_templates_shared_unique",
        "activity_templates.owner_id, activity_templates.name_key" => "activity_templates_own_unique",
        "assignment_rules.name_key" => "assignment_rules_name_unique",
        "scoring_rules.name_key" => "scoring_rules_name_unique",
        "customer_pools.name_key" => "customer_pools_name_unique",
        "customer_pools.team_id" => "customer_pools_team_unique",
        "lead_conversions.lead_id" => "lead_conversions_one_live",
        "pipelines.is_default" => "pipelines_one_default",
        "external_ids.record_type, external_ids.system, external_ids.external_id" => "external_ids_pkey",
        "idempotency_keys.caller_id, idempotency_keys.key" => "idempotency_keys_pkey",
        "sources.key" => "sources_pkey",
        "lead_statuses.key" => "lead_statuses_pkey",
        other => return sqlite_primary_key(other),
    }
    .to_owned()
}

fn sqlite_primary_key(columns: &str) -> String {
    columns.strip_suffix(".id").map_or_else(|| columns.to_owned(), |table| format!("{table}_pkey"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_without_its_disk_is_unavailable_and_no_mistake_of_ours() {
        for text in [
            "could not open file \"base/16384/2619\": Input/output error",
            "could not access status of transaction 731",
            "could not write to file \"pg_wal/xlogtemp.12\": Read-only file system",
            "the database system is in recovery mode",
        ] {
            assert_eq!(from_text(text), StoreError::Unavailable(text.to_owned()));
        }
        let commit = |text: &str| Diesel::DatabaseError(DatabaseErrorKind::Unknown, Box::new(text.to_owned()));
        let both = Diesel::RollbackErrorOnCommit {
            rollback_error: Box::new(Diesel::BrokenTransactionManager),
            commit_error: Box::new(commit("server closed the connection unexpectedly")),
        };
        assert!(matches!(StoreError::from(both), StoreError::Unavailable(_)));
    }
}
