//! People, and what is theirs alone.

use super::{Table, flag, id, integer, json, moment, table, text};

/// Those who sign in, what they may do, and by what else they come in.
pub(super) fn people() -> Vec<Table> {
    vec![
        // The secret behind cursors and a set-up link that nobody has used are made anew.
        Table {
            only: Some("key NOT IN ('mac_secret', 'setup_token')"),
            ..table("settings", &[text("key"), json("value")])
        },
        table("guards", &[text("name"), integer("passes")]),
        table(
            "teams",
            &[
                id("id"),
                text("name"),
                id("parent_id").to("teams"),
                integer("version"),
                moment("created_at"),
                moment("updated_at"),
            ],
        ),
        table(
            "users",
            &[
                id("id"),
                text("name"),
                text("name_sort"),
                text("email"),
                text("password_hash"),
                text("language"),
                text("time_zone"),
                text("theme"),
                id("team_id").to("teams"),
                id("manager_id").to("users"),
                flag("is_active"),
                moment("last_sign_in_at"),
                integer("version"),
                moment("created_at"),
                moment("updated_at"),
            ],
        ),
        table(
            "roles",
            &[
                id("id"),
                text("key"),
                json("names"),
                text("description"),
                flag("is_builtin"),
                json("grants"),
                integer("version"),
                moment("created_at"),
                moment("updated_at"),
            ],
        ),
        table("user_roles", &[id("user_id").to("users"), id("role_id").to("roles")]),
        table(
            "api_keys",
            &[
                id("id"),
                text("prefix"),
                text("secret_hash"),
                id("user_id").to("users"),
                text("name"),
                json("scopes"),
                moment("expires_at"),
                moment("last_used_at"),
                moment("created_at"),
                moment("revoked_at"),
            ],
        ),
        table(
            "calendar_feeds",
            &[id("user_id").to("users"), text("token_hash"), moment("created_at"), moment("last_used_at")],
        ),
    ]
}

/// What they are told of, and what they keep for themselves.
pub(super) fn told() -> Vec<Table> {
    vec![
        table(
            "notifications",
            &[
                id("id"),
                id("user_id").to("users"),
                text("kind"),
                text("dedupe_key"),
                text("subject"),
                id("subject_id"),
                id("actor_id").to("users"),
                moment("due_at"),
                moment("reminded_for"),
                integer("stands_for"),
                flag("in_inbox"),
                moment("created_at"),
                moment("shows_at"),
                moment("read_at"),
            ],
        ),
        table(
            "notification_settings",
            &[
                id("user_id").to("users"),
                json("kinds"),
                json("quiet_hours"),
                text("digest"),
                text("digest_at"),
                integer("version"),
                moment("updated_at"),
            ],
        ),
        table(
            "digests",
            &[
                id("user_id").to("users"),
                moment("due_at"),
                moment("told_until"),
                id("mail_id"),
                moment("mail_until"),
                integer("attempts"),
            ],
        ),
        table("favourites", &[id("user_id").to("users"), text("kind"), id("record_id"), moment("created_at")]),
        table(
            "sticky_notes",
            &[
                id("id"),
                id("user_id").to("users"),
                text("body"),
                text("colour"),
                text("about_kind"),
                id("about_id"),
                integer("version"),
                moment("created_at"),
                moment("updated_at"),
            ],
        ),
        // Whoever has a task that fell due between the backup and the restore is told of it.
        table("sweeps", &[text("name"), moment("reached_at")]),
    ]
}

/// What was under way goes on after the restore.
pub(super) fn jobs() -> Vec<Table> {
    vec![
        table(
            "jobs",
            &[
                id("id"),
                text("kind"),
                text("status"),
                json("request"),
                json("left_out"),
                integer("total"),
                integer("succeeded"),
                integer("failed"),
                integer("skipped"),
                json("error"),
                id("created_by").to("users"),
                id("key_id").to("api_keys"),
                text("language"),
                text("request_id"),
                moment("created_at"),
                moment("started_at"),
                moment("finished_at"),
                moment("cancelled_at"),
                id("cancelled_by").to("users"),
                moment("turn_at"),
                id("lease_id"),
                moment("lease_until"),
            ],
        ),
        table(
            "job_items",
            &[
                id("job_id").to("jobs"),
                integer("position"),
                id("record_id"),
                text("state"),
                json("result"),
                json("problem"),
                moment("done_at"),
            ],
        ),
    ]
}
