//! The kinds of records and configuration that requests, filters and permissions speak of.

use std::fmt;

/// A kind of record. Customers, contacts, leads, opportunities and activities have owners; the others are people and
/// configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordKind {
    /// A company or person that business is done with.
    Customer,
    /// A person.
    Contact,
    /// Someone who might buy, before anyone has checked.
    Lead,
    /// A deal on its way through a pipeline.
    Opportunity,
    /// Something that was done, or is to be done, about other records.
    Activity,
    /// A person who signs in.
    User,
    /// A node of the organisation tree.
    Team,
    /// An ordered set of stages.
    Pipeline,
    /// A step of a pipeline.
    Stage,
}

impl RecordKind {
    /// The kinds that are owned, searched, put into the trash and audited.
    pub const OWNED: [Self; 5] = [Self::Customer, Self::Contact, Self::Lead, Self::Opportunity, Self::Activity];

    /// The kinds that activities are about.
    pub const ABOUT: [Self; 4] = [Self::Customer, Self::Contact, Self::Lead, Self::Opportunity];

    /// The singular snake_case name: `opportunity`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Contact => "contact",
            Self::Lead => "lead",
            Self::Opportunity => "opportunity",
            Self::Activity => "activity",
            Self::User => "user",
            Self::Team => "team",
            Self::Pipeline => "pipeline",
            Self::Stage => "stage",
        }
    }

    /// The plural as it stands in paths: `opportunities`.
    #[must_use]
    pub fn plural(self) -> &'static str {
        match self {
            Self::Customer => "customers",
            Self::Contact => "contacts",
            Self::Lead => "leads",
            Self::Opportunity => "opportunities",
            Self::Activity => "activities",
            Self::User => "users",
            Self::Team => "teams",
            Self::Pipeline => "pipelines",
            Self::Stage => "stages",
        }
    }

    /// Reads the singular name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        use RecordKind::{Activity, Contact, Customer, Lead, Opportunity, Pipeline, Stage, Team, User};
        [Customer, Contact, Lead, Opportunity, Activity, User, Team, Pipeline, Stage]
            .into_iter()
            .find(|kind| kind.as_str() == name)
    }

    /// Reads the singular name of a kind that activities are about.
    #[must_use]
    pub fn parse_about(name: &str) -> Option<Self> {
        Self::parse(name).filter(|kind| Self::ABOUT.contains(kind))
    }
}

impl fmt::Display for RecordKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
