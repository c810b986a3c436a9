//! What an API key may be narrowed to.

use std::fmt;

use super::action::{Action, Subject};

/// Reading, or reading and writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyAccess {
    /// Viewing and exporting.
    Read,
    /// Everything that may be done to owned records, reading included.
    Write,
}

/// One scope of an API key: `leads:read`, `leads:write`, `*:read`, `*:write`.
///
/// A key has its owner's rights within its scopes. Configuration is readable by every key, since records are
/// unreadable without their stages and statuses; people, teams and roles only by `*` scopes; keys by none.
/// No key ever changes people, teams, roles, keys or configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyScope {
    /// One type of owned record, or every one.
    pub subject: Option<Subject>,
    /// How much of it.
    pub access: KeyAccess,
}

impl KeyScope {
    /// Every scope there is, as offered when a key is made.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let subjects = Subject::OWNED.into_iter().map(Some).chain([None]);
        subjects
            .flat_map(|subject| [KeyAccess::Read, KeyAccess::Write].map(|access| Self { subject, access }))
            .collect()
    }

    /// Reads exactly what `Display` writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::all().into_iter().find(|scope| scope.to_string() == text)
    }

    /// Whether a key with `scopes` may use its owner's right to do `action` to `subject`.
    #[must_use]
    pub fn permit(scopes: &[Self], subject: Subject, action: Action) -> bool {
        match subject {
            Subject::ApiKey => false,
            Subject::Configuration => action == Action::View && !scopes.is_empty(),
            Subject::User | Subject::Team | Subject::Role => {
                action == Action::View && scopes.iter().any(|scope| scope.subject.is_none())
            }
            Subject::Customer | Subject::Contact | Subject::Lead | Subject::Opportunity | Subject::Activity => {
                scopes.iter().any(|scope| scope.is_about(subject) && scope.access >= access_of(action))
            }
        }
    }

    fn is_about(self, subject: Subject) -> bool {
        self.subject.is_none_or(|mine| mine == subject)
    }
}

impl fmt::Display for KeyScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = match self.subject {
            Some(Subject::Customer) => "customers",
            Some(Subject::Contact) => "contacts",
            Some(Subject::Lead) => "leads",
            Some(Subject::Opportunity) => "opportunities",
            Some(Subject::Activity) => "activities",
            Some(other) => other.as_str(),
            None => "*",
        };
        let access = match self.access {
            KeyAccess::Read => "read",
            KeyAccess::Write => "write",
        };
        write!(f, "{subject}:{access}")
    }
}

fn access_of(action: Action) -> KeyAccess {
    match action {
        Action::View | Action::Export => KeyAccess::Read,
        _ => KeyAccess::Write,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::super::action::Scope;
    use super::super::grants::Grants;
    use super::*;

    fn limited(scopes: &[&str]) -> Grants {
        let scopes: Vec<_> = scopes.iter().map(|text| KeyScope::parse(text).unwrap()).collect();
        Grants::everything().limited_to(&scopes)
    }

    #[test]
    fn scopes_read_back() {
        let all: Vec<String> = KeyScope::all().iter().map(ToString::to_string).collect();
        assert_eq!(
            all.join(" "),
            "customers:read customers:write contacts:read contacts:write leads:read leads:write opportunities:read opportunities:write activities:read activities:write *:read *:write"
        );
        for text in &all {
            assert_eq!(KeyScope::parse(text).unwrap().to_string(), *text);
        }
        for text in ["users:read", "lead:read", "leads", "leads:delete", "*", ""] {
            assert_eq!(KeyScope::parse(text), None, "{text}");
        }
    }

    #[test]
    fn reading_one_type_reads_nothing_else() {
        let grants = limited(&["leads:read"]);
        let granted: Vec<_> = grants.iter().map(|(subject, action, _)| (subject, action)).collect();
        assert_eq!(
            granted,
            [(Subject::Lead, Action::View), (Subject::Lead, Action::Export), (Subject::Configuration, Action::View)]
        );
    }

    #[test]
    fn writing_everything_still_changes_no_people_keys_or_configuration() {
        let grants = limited(&["*:read", "*:write"]);
        assert_eq!(grants.scope(Subject::Opportunity, Action::Delete), Scope::All);
        assert_eq!(grants.scope(Subject::User, Action::View), Scope::All);
        assert_eq!(grants.scope(Subject::ApiKey, Action::View), Scope::None);
        for subject in Subject::ALL.iter().filter(|subject| !subject.is_owned()) {
            assert_eq!(grants.scope(*subject, Action::Configure), Scope::None, "{subject}");
        }
    }

    #[test]
    fn a_key_has_no_more_than_its_owner() {
        let owner = Grants::none().with(Subject::Lead, &[Action::View, Action::Edit], Scope::Own);
        let key = owner.limited_to(&KeyScope::all());
        assert_eq!(key, owner);
        assert_eq!(owner.limited_to(&[]), Grants::none());
    }
}
