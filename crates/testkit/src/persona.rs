//! The people tests are played by, as in the sample data: sales reports to manager, sales2 belongs to another team.

/// Someone with a role and a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Persona {
    /// What he is called in tests; his address is `<word>@example.com`.
    pub word: &'static str,
    /// His name.
    pub name: &'static str,
    /// The key of his role.
    pub role: &'static str,
    /// The name of his team.
    pub team: Option<&'static str>,
    /// Whom he reports to.
    pub manager: Option<&'static str>,
}

/// Everyone's password.
pub const PASSWORD: &str = "lantern-orbit-velvet";

/// Its hash: to make one takes as long as an attacker would need, and every test would make its own.
pub const PASSWORD_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$JVzTWb+Z3a5NtTxMTXei2A$v5lTyafhIvELAkdtZ4yqW5PVtUuCJsU77RGR9+kjzYY";

/// The teams, each with the one above it.
pub const TEAMS: [(&str, Option<&str>); 3] = [("North", None), ("North 1", Some("North")), ("South", None)];

/// Everyone: managers before those who report to them.
pub const PERSONAS: [Persona; 7] = [
    Persona { word: "admin", name: "Ada Admin", role: "admin", team: None, manager: None },
    Persona { word: "manager", name: "曼丽", role: "manager", team: Some("North"), manager: None },
    Persona { word: "sales", name: "孙悟空", role: "sales", team: Some("North 1"), manager: Some("manager") },
    Persona { word: "sales2", name: "猪八戒", role: "sales", team: Some("South"), manager: None },
    Persona { word: "service", name: "Sera Service", role: "service", team: None, manager: None },
    Persona { word: "marketing", name: "Mark Marketing", role: "marketing", team: None, manager: None },
    Persona { word: "viewer", name: "Vera Viewer", role: "viewer", team: None, manager: None },
];

impl Persona {
    /// The address he signs in with.
    #[must_use]
    pub fn email(&self) -> String {
        format!("{}@example.com", self.word)
    }

    /// The persona with a word.
    ///
    /// # Panics
    /// When there is none: a mistake in the test.
    #[must_use]
    pub fn named(word: &str) -> Self {
        PERSONAS.into_iter().find(|persona| persona.word == word).expect("a persona")
    }
}
