//! The roles every organisation starts with.

use super::action::{Action, Scope, Subject};
use super::grants::Grants;
use crate::context::Locale;
use crate::text_enum::text_enum;

text_enum! {
    /// A role that comes with Rapport and cannot be deleted. Its word is the role's key.
    pub enum BuiltInRole {
        /// Everything.
        Admin = "admin",
        /// The work of a team and the teams below.
        Manager = "manager",
        /// One's own leads, customers and opportunities.
        Sales = "sales",
        /// Helping customers.
        Service = "service",
        /// Leads and where they come from.
        Marketing = "marketing",
        /// Seeing everything, changing nothing.
        Viewer = "viewer",
        /// Another system that keeps records in step.
        Integration = "integration",
    }
}

impl BuiltInRole {
    /// The name in a language.
    #[must_use]
    pub const fn name(self, locale: Locale) -> &'static str {
        let (chinese, english) = match self {
            Self::Admin => ("管理员", "Administrator"),
            Self::Manager => ("销售主管", "Sales manager"),
            Self::Sales => ("销售", "Salesperson"),
            Self::Service => ("客服", "Customer service"),
            Self::Marketing => ("市场", "Marketing"),
            Self::Viewer => ("只读", "Viewer"),
            Self::Integration => ("系统集成", "Integration"),
        };
        match locale {
            Locale::ZhCn => chinese,
            Locale::En => english,
        }
    }

    /// What it allows.
    #[must_use]
    pub fn grants(self) -> Grants {
        let grants = match self {
            Self::Admin => Grants::everything(),
            Self::Manager => manager(),
            Self::Sales => sales(),
            Self::Service => service(),
            Self::Marketing => marketing(),
            Self::Viewer => on_owned(&[Action::View], Scope::All),
            Self::Integration => on_owned(&[Action::View, Action::Create, Action::Edit, Action::Import], Scope::All),
        };
        grants.with(Subject::Configuration, &[Action::View], Scope::All)
    }
}

fn manager() -> Grants {
    on_owned(Action::ALL, Scope::TeamAndBelow)
        .with(Subject::User, &[Action::View], Scope::All)
        .with(Subject::Team, &[Action::View], Scope::All)
        .with(Subject::Role, &[Action::View], Scope::All)
}

/// Assigning one's own records hands them to a colleague of the same team; see `decide_transfer`.
fn sales() -> Grants {
    on_owned(&[Action::View, Action::Create, Action::Edit, Action::Delete, Action::Assign, Action::Convert], Scope::Own)
}

fn service() -> Grants {
    Grants::none()
        .with(Subject::Customer, &[Action::View], Scope::All)
        .with(Subject::Contact, &[Action::View], Scope::All)
        .with(Subject::Contact, &[Action::Edit], Scope::Team)
        .with(Subject::Opportunity, &[Action::View], Scope::Team)
        .with(Subject::Activity, OWN_WORK, Scope::Own)
}

fn marketing() -> Grants {
    let on_leads = [Action::View, Action::Create, Action::Edit, Action::Assign, Action::Export, Action::Import];
    on_owned(&[Action::View], Scope::All)
        .with(Subject::Lead, &on_leads, Scope::All)
        .with(Subject::Activity, &[Action::Create], Scope::All)
        .with(Subject::Activity, &[Action::Edit, Action::Delete], Scope::Own)
}

/// What people do with what they did themselves. Seen is also what others did about records that may be seen.
const OWN_WORK: &[Action] = &[Action::View, Action::Create, Action::Edit, Action::Delete];

fn on_owned(actions: &[Action], scope: Scope) -> Grants {
    Subject::OWNED.into_iter().fold(Grants::none(), |grants, subject| grants.with(subject, actions, scope))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyone_reads_the_configuration_and_only_the_admin_changes_it() {
        for role in BuiltInRole::ALL {
            assert_eq!(role.grants().scope(Subject::Configuration, Action::View), Scope::All, "{role}");
            let configures = role.grants().iter().any(|(_, action, _)| action == Action::Configure);
            assert_eq!(configures, *role == BuiltInRole::Admin, "{role}");
        }
    }

    #[test]
    fn every_role_is_within_the_admin() {
        for role in BuiltInRole::ALL {
            assert!(role.grants().is_within(&BuiltInRole::Admin.grants()), "{role}");
        }
    }

    #[test]
    fn names_are_in_both_languages() {
        assert_eq!(BuiltInRole::Sales.name(Locale::ZhCn), "销售");
        assert_eq!(BuiltInRole::Sales.name(Locale::En), "Salesperson");
    }
}
