//! The tables of handovers.

use super::{Table, flag, id, integer, json, moment, table, text};

pub(super) fn tables() -> Vec<Table> {
    vec![
        table(
            "handovers",
            &[
                id("id"),
                id("user_id").to("users"),
                flag("switched_off"),
                text("reason"),
                moment("created_at"),
                id("created_by").to("users"),
                moment("undone_at"),
                id("undone_by").to("users"),
            ],
        ),
        table(
            "handover_items",
            &[
                id("handover_id").to("handovers"),
                text("kind"),
                id("record_id"),
                id("to_user_id").to("users"),
                id("to_pool_id"),
                integer("version"),
                json("before"),
                text("left_because"),
            ],
        ),
    ]
}
