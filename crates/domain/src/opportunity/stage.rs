//! The steps of a pipeline, as far as the rules care.

use uuid::Uuid;

use crate::text_enum::text_enum;

text_enum! {
    /// What a configurable stage means.
    pub enum StageCategory {
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

impl StageCategory {
    /// Whether it is one of the three ends.
    #[must_use]
    pub fn is_closed(self) -> bool {
        self != Self::Open
    }
}

text_enum! {
    /// Why a deal was lost.
    pub enum LostReason {
        /// Too dear.
        Price = "price",
        /// Somebody else got it.
        Competitor = "competitor",
        /// No money after all.
        NoBudget = "no_budget",
        /// Nobody decided.
        NoDecision = "no_decision",
        /// Too early or too late.
        Timing = "timing",
        /// Nobody answered any more.
        LostContact = "lost_contact",
        /// Something else.
        Other = "other",
    }
}

text_enum! {
    /// How sure the seller is, for the forecast.
    pub enum ForecastCategory {
        /// Possible.
        Pipeline = "pipeline",
        /// If all goes well.
        BestCase = "best_case",
        /// Promised.
        Commit = "commit",
        /// Left out.
        Omitted = "omitted",
    }
}

text_enum! {
    /// What a contact is to a deal.
    pub enum StakeholderRole {
        /// Decides.
        DecisionMaker = "decision_maker",
        /// Is listened to.
        Influencer = "influencer",
        /// Will use it.
        User = "user",
        /// Opens doors, or keeps them shut.
        Gatekeeper = "gatekeeper",
        /// Something else.
        Other = "other",
    }
}

/// A stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageDef {
    /// Its id.
    pub id: Uuid,
    /// The pipeline it belongs to.
    pub pipeline_id: Uuid,
    /// What it means.
    pub category: StageCategory,
    /// The probability of winning from here, in per cent.
    pub probability: u8,
    /// Its place in the pipeline.
    pub position: i32,
    /// The fields that must be filled to enter it.
    pub required_fields: Vec<String>,
    /// How long a deal usually stands here.
    pub expected_days: Option<u16>,
    /// After how long it is looked at with concern.
    pub warning_days: Option<u16>,
}
