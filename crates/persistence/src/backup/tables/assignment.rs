//! The tables of rules for leads: who gets them, what that gave, and how many points they have.

use super::{Table, flag, id, integer, json, moment, table, text};

/// All of them.
pub(super) fn tables() -> Vec<Table> {
    vec![
        table(
            "assignment_rules",
            &[
                id("id"),
                text("name"),
                text("name_key"),
                integer("position"),
                flag("is_active"),
                json("condition"),
                text("strategy"),
                json("user_ids"),
                id("team_id").to("teams"),
                flag("with_subteams"),
                json("working_days"),
                integer("max_open"),
                integer("max_per_day"),
                id("last_user_id").to("users"),
                integer("version"),
                moment("created_at"),
                moment("updated_at"),
            ],
        ),
        table(
            "lead_assignments",
            &[
                id("id"),
                id("lead_id").to("leads"),
                id("rule_id").to("assignment_rules"),
                text("rule_name"),
                integer("rule_version"),
                id("owner_id").to("users"),
                moment("assigned_at"),
                json("trace"),
            ],
        ),
        table(
            "scoring_rules",
            &[
                id("id"),
                text("name"),
                text("name_key"),
                flag("is_active"),
                text("kind"),
                integer("points"),
                json("condition"),
                json("behaviour"),
                integer("version"),
                moment("created_at"),
                moment("updated_at"),
            ],
        ),
        table(
            "scoring_state",
            &[text("key"), flag("is_active"), flag("is_walking"), id("walked_to"), integer("version")],
        ),
    ]
}
