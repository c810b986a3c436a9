//! From the errors of other layers to problems: one table.

use rapport_domain::access::Denied;
use rapport_domain::text::TextError;
use rapport_persistence::{Failure, StoreError};

use super::{Code, FieldError, Problem};

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unique(constraint) => of_unique(&constraint),
            StoreError::Reference => Self::new(Code::InUse),
            StoreError::Constraint(constraint) => {
                tracing::error!(constraint, "a database constraint refused what validation let through");
                Self::new(Code::ValidationFailed)
            }
            StoreError::Unavailable(text) => {
                tracing::warn!(text, "storage is unavailable");
                Self::new(Code::Unavailable).retry_after(1)
            }
            StoreError::Damaged(text) | StoreError::Foreign(text) => {
                tracing::error!(text, "the database is damaged: run rapport doctor, and have the last backup at hand");
                Self::new(Code::Unavailable).retry_after(60)
            }
            StoreError::Retry => Self::retry(),
            StoreError::Full => Self::new(Code::StorageFull).retry_after(60),
            StoreError::Stale => Self::new(Code::VersionConflict),
            StoreError::Internal(text) => {
                tracing::error!(text, "storage failed");
                Self::new(Code::Internal)
            }
        }
    }
}

/// Which field a unique constraint speaks of.
fn of_unique(constraint: &str) -> Problem {
    let pointer = match constraint {
        "users_email_unique" => "/email",
        "teams_name_unique"
        | "assignment_rules_name_unique"
        | "scoring_rules_name_unique"
        | "customer_pools_name_unique"
        | "activity_templates_shared_unique"
        | "activity_templates_own_unique" => "/name",
        "customer_pools_team_unique" => "/team_id",
        "roles_key_unique" | "sources_pkey" | "lead_statuses_pkey" => "/key",
        "external_ids_pkey" => "/external_ids",
        "lead_conversions_one_live" => return Problem::new(Code::AlreadyConverted),
        "pipelines_one_default" => "/is_default",
        other if other.ends_with("_pkey") => "/id",
        other => {
            tracing::error!(constraint = other, "a unique constraint without a field");
            return Problem::new(Code::Duplicate);
        }
    };
    Problem::new(Code::Duplicate).at(pointer, Code::Duplicate)
}

impl Problem {
    /// A fault of ours; the text is for the log.
    #[must_use]
    pub fn internal(text: impl std::fmt::Display) -> Self {
        tracing::error!(%text, "internal fault");
        Self::new(Code::Internal)
    }

    /// The transaction met another one: the store runs it again; told to the caller only when that never ends.
    fn retry() -> Self {
        let mut problem = Self::new(Code::Unavailable).retry_after(1);
        problem.0.is_retry = true;
        problem
    }
}

impl Failure for Problem {
    fn is_retry(&self) -> bool {
        self.0.is_retry
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Hidden => Self::new(Code::NotFound),
            Denied::Forbidden => Self::new(Code::Forbidden),
        }
    }
}

impl FieldError {
    /// Why a text at a pointer is refused.
    pub fn of_text(pointer: impl Into<String>, error: TextError) -> Self {
        match error {
            TextError::Empty => Self::at(pointer, Code::Required),
            TextError::TooLong { max } => Self::at(pointer, Code::TooLong)
                .because(format!("最多 {max} 个字符"), format!("At most {max} characters"))
                .with("max", max),
            TextError::ControlCharacter => {
                Self::at(pointer, Code::InvalidValue).because("不能包含控制字符", "Must not contain control characters")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retry_is_told_apart_so_that_the_store_tries_again() {
        assert!(Problem::from(StoreError::Retry).is_retry());
        assert!(!Problem::from(StoreError::Unavailable("x".into())).is_retry());
    }

    #[test]
    fn the_text_of_the_database_never_leaves() {
        let secret = "SELECT hidden FROM place";
        for error in [
            StoreError::Internal(secret.into()),
            StoreError::Constraint(secret.into()),
            StoreError::Unavailable(secret.into()),
            StoreError::Damaged(secret.into()),
            StoreError::Unique(secret.into()),
        ] {
            let json = Problem::from(error).to_json(rapport_domain::context::Locale::En, "/", "r").to_string();
            assert!(!json.contains("hidden"), "{json}");
        }
    }

    #[test]
    fn hidden_is_not_found_and_forbidden_is_forbidden() {
        assert_eq!(Problem::from(Denied::Hidden).code(), Code::NotFound);
        assert_eq!(Problem::from(Denied::Forbidden).code(), Code::Forbidden);
    }
}
