//! The tables of files and of the templates of activities.

use super::{Table, bytes, id, integer, moment, table, text};

/// What is whole: what still arrives, or is nobody's any more, is not kept.
const WHOLE: &str = "sha256 IS NOT NULL";
const OF_WHOLE: &str =
    "EXISTS (SELECT 1 FROM file_contents c WHERE c.id = file_pieces.content_id AND c.sha256 IS NOT NULL)";

/// All of them.
pub(super) fn tables() -> Vec<Table> {
    vec![
        Table {
            only: Some(WHOLE),
            ..table("file_contents", &[id("id"), text("sha256"), integer("size"), moment("created_at")])
        },
        Table {
            only: Some(OF_WHOLE),
            ..table("file_pieces", &[id("content_id").to("file_contents"), integer("position"), bytes("bytes")])
        },
        table("file_usage", &[text("name"), integer("bytes")]),
        table(
            "files",
            &[
                id("id"),
                text("name"),
                text("media_type"),
                id("content_id").to("file_contents"),
                moment("created_at"),
                id("created_by").to("users"),
                id("activity_id").to("activities"),
                moment("loose_since"),
            ],
        ),
        table(
            "activity_templates",
            &[
                id("id"),
                id("owner_id").to("users"),
                text("name"),
                text("name_key"),
                integer("position"),
                text("kind"),
                text("subject"),
                text("body"),
                text("direction"),
                text("outcome"),
                text("priority"),
                integer("duration_minutes"),
                integer("follow_up_days"),
                text("follow_up_name"),
                integer("version"),
                moment("created_at"),
                moment("updated_at"),
            ],
        ),
    ]
}
