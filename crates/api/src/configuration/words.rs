//! The closed sets of words that configuration is made of.

use rapport_domain::lead::StatusCategory;
use rapport_domain::opportunity::StageCategory;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Declares the words of a closed set as callers write them.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$word_meta:meta])* $word:ident = $text:literal),+ $(,)? }) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        $(#[$meta])*
        pub enum $name { $( $(#[$word_meta])* $word ),+ }

        impl $name {
            /// Every word.
            pub const ALL: &'static [Self] = &[ $( Self::$word ),+ ];

            /// The word as it is stored and sent.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$word => $text ),+ }
            }
        }
    };
}

words! {
    /// How a status or stage is shown.
    Color {
        /// Neutral.
        Gray = "gray",
        /// Blue.
        Blue = "blue",
        /// Violet.
        Violet = "violet",
        /// Amber.
        Amber = "amber",
        /// Green.
        Green = "green",
        /// Red.
        Red = "red",
        /// Teal.
        Teal = "teal",
        /// Pink.
        Pink = "pink",
    }
}

words! {
    /// What a lead status means, whatever it is called.
    #[schema(as = LeadStatusCategory)]
    LeadCategory {
        /// Nobody has worked on it yet.
        New = "new",
        /// Somebody is in touch.
        Working = "working",
        /// Not now; to be revisited on a date.
        Nurturing = "nurturing",
        /// Worth an opportunity.
        Qualified = "qualified",
        /// Became a customer, contact or opportunity; set by converting only.
        Converted = "converted",
        /// Will not buy.
        Disqualified = "disqualified",
    }
}

words! {
    /// What a stage means, whatever it is called.
    #[schema(as = StageCategory)]
    DealCategory {
        /// On its way.
        Open = "open",
        /// Bought.
        Won = "won",
        /// Did not buy.
        Lost = "lost",
        /// Was a mistake, or never was a deal.
        Void = "void",
    }
}

words! {
    /// A field that a stage may ask for.
    StageField {
        /// The amount.
        Amount = "amount",
        /// When it is expected to close.
        ExpectedCloseOn = "expected_close_on",
        /// The contact who matters most.
        PrimaryContactId = "primary_contact_id",
        /// Those who have a say.
        Contacts = "contacts",
        /// Who else wants the deal.
        Competitor = "competitor",
        /// What is to be done next.
        NextStep = "next_step",
        /// More about it.
        Description = "description",
        /// Where it came from.
        Source = "source",
        /// How sure the seller is.
        ForecastCategory = "forecast_category",
        /// Since when there has been talk.
        EngagedOn = "engaged_on",
    }
}

impl LeadCategory {
    /// The same word in the language of the rules.
    #[must_use]
    pub fn meaning(self) -> StatusCategory {
        StatusCategory::parse(self.as_str()).unwrap_or(StatusCategory::New)
    }

    /// Reads a stored word.
    #[must_use]
    pub fn of(stored: &str) -> Self {
        Self::ALL.iter().copied().find(|word| word.as_str() == stored).unwrap_or(Self::New)
    }
}

impl DealCategory {
    /// The same word in the language of the rules.
    #[must_use]
    pub fn meaning(self) -> StageCategory {
        StageCategory::parse(self.as_str()).unwrap_or(StageCategory::Open)
    }

    /// Reads a stored word.
    #[must_use]
    pub fn of(stored: &str) -> Self {
        Self::ALL.iter().copied().find(|word| word.as_str() == stored).unwrap_or(Self::Open)
    }
}

impl Color {
    /// Reads a stored word.
    #[must_use]
    pub fn of(stored: &str) -> Self {
        Self::ALL.iter().copied().find(|word| word.as_str() == stored).unwrap_or(Self::Gray)
    }
}

impl StageField {
    /// Reads a stored word.
    #[must_use]
    pub fn of(stored: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|word| word.as_str() == stored)
    }
}
