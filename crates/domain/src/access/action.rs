//! The vocabulary of permissions: what is done, to what, and how far.

use crate::kind::RecordKind;
use crate::text_enum::text_enum;

text_enum! {
    /// Something that may be done to a record.
    pub enum Action {
        /// See it, and find it in lists, counts and search.
        View = "view",
        /// Make one.
        Create = "create",
        /// Change its fields.
        Edit = "edit",
        /// Put it into the trash, and take it out again.
        Delete = "delete",
        /// Hand it to another owner.
        Assign = "assign",
        /// Turn a lead into a customer, a contact and an opportunity.
        Convert = "convert",
        /// Take many out as a file.
        Export = "export",
        /// Bring many in.
        Import = "import",
        /// Join two into one.
        Merge = "merge",
        /// Change people, roles, keys and configuration.
        Configure = "configure",
    }
}

text_enum! {
    /// What a grant speaks of.
    pub enum Subject {
        /// Customers.
        Customer = "customer",
        /// Contacts.
        Contact = "contact",
        /// Leads.
        Lead = "lead",
        /// Opportunities.
        Opportunity = "opportunity",
        /// What was done and what is to be done.
        Activity = "activity",
        /// People who sign in.
        User = "user",
        /// The organisation tree.
        Team = "team",
        /// Roles and their grants.
        Role = "role",
        /// Pipelines, stages, statuses, sources and settings.
        Configuration = "configuration",
        /// The API keys of everybody. One's own keys need no grant.
        ApiKey = "api_key",
    }
}

text_enum! {
    /// How far a grant reaches, from nothing to everything.
    pub enum Scope {
        /// No record.
        None = "none",
        /// Records I own.
        Own = "own",
        /// Records of my team, and mine.
        Team = "team",
        /// Records of my team and the teams below it, and mine.
        TeamAndBelow = "team_and_below",
        /// Every record.
        All = "all",
    }
}

impl Subject {
    /// The subjects that are owned records.
    pub const OWNED: [Self; 5] = [Self::Customer, Self::Contact, Self::Lead, Self::Opportunity, Self::Activity];

    /// Whether its records have owners. The others are granted to all or to none.
    #[must_use]
    pub fn is_owned(self) -> bool {
        Self::OWNED.contains(&self)
    }

    /// Whether `action` means anything for it: people and configuration are viewed or configured; only leads convert.
    #[must_use]
    pub fn admits(self, action: Action) -> bool {
        match action {
            Action::View => true,
            Action::Configure => !self.is_owned(),
            Action::Convert => self == Self::Lead,
            _ => self.is_owned(),
        }
    }

    /// Whether a grant of `scope` means anything for it.
    #[must_use]
    pub fn admits_scope(self, scope: Scope) -> bool {
        self.is_owned() || matches!(scope, Scope::None | Scope::All)
    }
}

impl From<RecordKind> for Subject {
    fn from(kind: RecordKind) -> Self {
        match kind {
            RecordKind::Customer => Self::Customer,
            RecordKind::Contact => Self::Contact,
            RecordKind::Lead => Self::Lead,
            RecordKind::Opportunity => Self::Opportunity,
            RecordKind::Activity => Self::Activity,
            RecordKind::User => Self::User,
            RecordKind::Team => Self::Team,
            RecordKind::Pipeline | RecordKind::Stage => Self::Configuration,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_ordered_from_narrow_to_wide() {
        assert!(Scope::ALL.is_sorted());
        assert_eq!((Scope::ALL.first(), Scope::ALL.last()), (Some(&Scope::None), Some(&Scope::All)));
    }

    #[test]
    fn only_leads_convert_and_only_the_rest_is_configured() {
        for subject in Subject::ALL {
            assert_eq!(subject.admits(Action::Convert), *subject == Subject::Lead);
            assert_ne!(subject.admits(Action::Configure), subject.admits(Action::Edit));
        }
    }

    #[test]
    fn kinds_of_records_are_subjects() {
        assert_eq!(Subject::from(RecordKind::Stage), Subject::Configuration);
        for kind in RecordKind::OWNED {
            assert_eq!(Subject::from(kind).as_str(), kind.as_str());
            assert!(Subject::from(kind).is_owned());
        }
    }
}
