//! What is sent and answered around signing in.

use chrono::{DateTime, Utc};
use rapport_domain::access::{Action, Scope, Subject};
use rapport_persistence::roles::{RoleRow, StoredGrant};
use rapport_persistence::sessions::SessionRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::extract::optional::given;
use crate::organisation::{Language, Organisation};

/// Signing in with a browser.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Login {
    /// The address.
    #[validate(length(min = 1, max = 254))]
    #[schema(min_length = 1, max_length = 254, example = "sales@example.com")]
    pub email: String,
    /// The password.
    #[validate(length(min = 1, max = 256))]
    #[schema(min_length = 1, max_length = 256, format = Password, example = "rapport-demo")]
    pub password: String,
    /// Whether this browser is to be remembered for 14 days.
    #[serde(default)]
    #[schema(default = false)]
    pub remember: bool,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Login")
    }
}

/// Who has signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoginView {
    /// Who.
    pub user: MeView,
}

/// How long the new access token holds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RefreshView {
    /// Seconds.
    #[schema(example = 600)]
    pub expires_in: i64,
}

/// How an app asks for tokens.
#[derive(Debug, ToSchema)]
#[schema(as = TokenRequest)]
#[serde(untagged)]
#[expect(dead_code, reason = "the shape in the contract; read by its grant type")]
pub(crate) enum TokenRequest {
    /// By address and password.
    Password(PasswordGrant),
    /// By a refresh token.
    RefreshToken(RefreshTokenGrant),
}

/// Tokens for an address and a password.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordGrant {
    /// Always `password`.
    #[expect(dead_code, reason = "what it must be is checked by reading it")]
    pub grant_type: PasswordGrantType,
    /// The address.
    #[validate(length(min = 1, max = 254))]
    #[schema(min_length = 1, max_length = 254, example = "sales@example.com")]
    pub email: String,
    /// The password.
    #[validate(length(min = 1, max = 256))]
    #[schema(min_length = 1, max_length = 256, format = Password, example = "rapport-demo")]
    pub password: String,
}

impl std::fmt::Debug for PasswordGrant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordGrant")
    }
}

/// The word that asks for tokens by password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PasswordGrantType {
    /// By address and password.
    Password,
}

/// Tokens for a refresh token, which is then used up.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefreshTokenGrant {
    /// Always `refresh_token`.
    #[expect(dead_code, reason = "what it must be is checked by reading it")]
    pub grant_type: RefreshTokenGrantType,
    /// The refresh token that was handed out last.
    #[validate(length(min = 1, max = 256))]
    #[schema(min_length = 1, max_length = 256, example = "nJ8m0Yx0cQ5vT1Rk2sW3pL4qZ6uB7aD9eF0gH1iJ2kL")]
    pub refresh_token: String,
}

impl std::fmt::Debug for RefreshTokenGrant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RefreshTokenGrant")
    }
}

/// The word that asks for tokens by refresh token.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RefreshTokenGrantType {
    /// By a refresh token.
    RefreshToken,
}

/// Tokens for an app.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenView {
    /// Sent as `Authorization: Bearer …`.
    pub access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    pub token_type: String,
    /// Seconds the access token holds.
    #[schema(example = 600)]
    pub expires_in: i64,
    /// Works once, for the next pair.
    pub refresh_token: String,
}

impl std::fmt::Debug for TokenView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenView")
    }
}

/// A new password.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangePassword {
    /// The password so far.
    #[validate(length(min = 1, max = 256))]
    #[schema(min_length = 1, max_length = 256, format = Password, example = "rapport-demo")]
    pub current_password: String,
    /// The new one: at least 12 characters, not easy to guess.
    #[validate(length(min = 1, max = 256))]
    #[schema(min_length = 1, max_length = 256, format = Password, example = "lantern-orbit-velvet")]
    pub new_password: String,
}

impl std::fmt::Debug for ChangePassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ChangePassword")
    }
}

/// The colours of the pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the device has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The word as it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads a stored word.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        match word {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }
}

/// Who is signed in, and what he may do.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MeView {
    /// The id.
    pub id: Uuid,
    /// The name as shown.
    #[schema(example = "孙悟空")]
    pub name: String,
    /// The address used to sign in.
    #[schema(example = "sales@example.com")]
    pub email: String,
    /// The language of the pages.
    pub language: Language,
    /// The time zone, an IANA name.
    #[schema(example = "Asia/Shanghai")]
    pub time_zone: String,
    /// The colours of the pages.
    pub theme: Theme,
    /// The team.
    pub team_id: Option<Uuid>,
    /// The team, by name.
    pub team: Option<NamedRef>,
    /// Whom he reports to.
    pub manager_id: Option<Uuid>,
    /// His roles.
    pub roles: Vec<RoleRef>,
    /// Everything he may do, by this way in.
    pub permissions: Vec<GrantView>,
    /// The organisation.
    pub organisation: Organisation,
    /// The version, for `If-Match`.
    #[schema(example = 1)]
    pub version: i64,
}

/// Something by its id and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NamedRef {
    /// The id.
    pub id: Uuid,
    /// The name.
    pub name: String,
}

/// A role by its id, key and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RoleRef {
    /// The id.
    pub id: Uuid,
    /// The key, which never changes.
    #[schema(example = "sales")]
    pub key: String,
    /// The name in the language of the request.
    #[schema(example = "Salesperson")]
    pub name: String,
}

impl RoleRef {
    /// A role, named in a language.
    #[must_use]
    pub fn of(row: &RoleRow, locale: rapport_domain::context::Locale) -> Self {
        Self { id: row.id.0, key: row.key.clone(), name: crate::roles::name_of(row, locale) }
    }
}

/// One thing that may be done, and how far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantView {
    /// What it speaks of.
    pub r#type: SubjectWord,
    /// What may be done.
    pub action: ActionWord,
    /// How far.
    pub scope: ScopeWord,
}

/// Words of the policy, as the contract spells them.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident for $domain:ident { $($(#[$variant_doc:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl From<$domain> for $name {
            fn from(word: $domain) -> Self {
                match word { $($domain::$variant => Self::$variant),+ }
            }
        }

        impl From<$name> for $domain {
            fn from(word: $name) -> Self {
                match word { $($name::$variant => Self::$variant),+ }
            }
        }
    };
}

words! {
    /// What a grant speaks of.
    SubjectWord for Subject {
        /// Customers.
        Customer,
        /// Contacts.
        Contact,
        /// Leads.
        Lead,
        /// Opportunities.
        Opportunity,
        /// Activities.
        Activity,
        /// People who sign in.
        User,
        /// Teams.
        Team,
        /// Roles.
        Role,
        /// Pipelines, statuses, sources and settings.
        Configuration,
        /// Everybody's API keys.
        ApiKey,
    }
}
words! {
    /// What may be done.
    ActionWord for Action {
        /// See.
        View,
        /// Make.
        Create,
        /// Change.
        Edit,
        /// Put into the trash.
        Delete,
        /// Hand to another owner.
        Assign,
        /// Turn into a customer.
        Convert,
        /// Take out as a file.
        Export,
        /// Bring in.
        Import,
        /// Join.
        Merge,
        /// Change people and configuration.
        Configure,
    }
}
words! {
    /// How far a grant reaches.
    ScopeWord for Scope {
        /// No record.
        None,
        /// One's own records.
        Own,
        /// The team's records.
        Team,
        /// Records of the team and of the teams below it.
        TeamAndBelow,
        /// Every record.
        All,
    }
}

impl GrantView {
    /// A cell of the policy.
    #[must_use]
    pub fn of((subject, action, scope): (Subject, Action, Scope)) -> Self {
        Self { r#type: subject.into(), action: action.into(), scope: scope.into() }
    }

    /// A stored cell; `None` for words that mean nothing any more.
    #[must_use]
    pub fn of_stored(stored: &StoredGrant) -> Option<Self> {
        Some(Self::of((Subject::parse(&stored.subject)?, Action::parse(&stored.action)?, Scope::parse(&stored.scope)?)))
    }

    /// The cell as the policy reads it.
    #[must_use]
    pub fn triple(&self) -> (Subject, Action, Scope) {
        (self.r#type.into(), self.action.into(), self.scope.into())
    }
}

/// What one may change about oneself.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct UpdateMe {
    /// The name as shown.
    #[serde(deserialize_with = "given")]
    #[schema(min_length = 1, max_length = 200, nullable = false, example = "孙悟空")]
    pub name: Option<String>,
    /// The language of the pages.
    #[serde(deserialize_with = "given")]
    #[schema(nullable = false)]
    pub language: Option<Language>,
    /// The time zone, an IANA name.
    #[serde(deserialize_with = "given")]
    #[schema(max_length = 64, nullable = false, example = "Asia/Shanghai")]
    pub time_zone: Option<String>,
    /// The colours of the pages.
    #[serde(deserialize_with = "given")]
    #[schema(nullable = false)]
    pub theme: Option<Theme>,
}

/// One's sessions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionList {
    /// Newest first.
    pub data: Vec<SessionView>,
}

/// A signed-in browser or app.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionView {
    /// The id.
    pub id: Uuid,
    /// `web` or `app`.
    #[schema(example = "web")]
    pub kind: String,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last refreshed.
    pub last_used_at: DateTime<Utc>,
    /// What the browser or app calls itself.
    #[schema(example = "Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0")]
    pub user_agent: String,
    /// The address it signed in from.
    #[schema(example = "203.0.113.9")]
    pub ip: String,
    /// Whether it is the one that asks.
    pub is_current: bool,
}

impl SessionView {
    /// A session as its user sees it.
    #[must_use]
    pub(crate) fn of(row: SessionRow, current: Option<Uuid>) -> Self {
        Self {
            id: row.id.0,
            kind: row.kind,
            created_at: row.created_at.0,
            last_used_at: row.last_used_at.0,
            user_agent: row.user_agent,
            ip: row.ip,
            is_current: current == Some(row.id.0),
        }
    }
}
