//! What a backup holds: every table with its columns, what they are, and what they refer to.
//!
//! A test compares this list with the schema of both databases, so that a new table or column cannot be forgotten.

mod assignment;
mod files;
mod handovers;
mod people;

/// What a column holds, the same on both databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Uuid,
    Text,
    Integer,
    Moment,
    Json,
    Bool,
    Date,
    /// In hexadecimal digits.
    Bytes,
}

impl Kind {
    const ALL: [(Self, &'static str); 8] = [
        (Self::Uuid, "uuid"),
        (Self::Text, "text"),
        (Self::Integer, "integer"),
        (Self::Moment, "moment"),
        (Self::Json, "json"),
        (Self::Bool, "bool"),
        (Self::Date, "date"),
        (Self::Bytes, "bytes"),
    ];

    pub(super) fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("text", |(_, name)| name)
    }

    pub(super) fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
    }
}

/// What the value of a column must be found among.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reference {
    /// The first column of this table, as a foreign key demands.
    To(&'static str),
    /// The ids of the kind that `record_type` names.
    Record,
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) reference: Option<Reference>,
}

/// A table.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: Vec<Column>,
    /// Which rows are kept; all of them without it.
    pub(super) only: Option<&'static str>,
    /// In which order they are written.
    pub(super) order: Option<&'static str>,
    /// Columns that are made anew by a restore, with what stands there until then.
    pub(super) derived: &'static [(&'static str, &'static str)],
}

/// Numbers that go on where they were: those of records and of rows.
pub(super) const COUNTERS: &str = "counters";
/// Which record was indexed when; its words are made anew.
pub(super) const SEARCH: &str = "search_docs";

/// What a backup leaves out: sessions end with a restore, and keys are made anew.
pub(super) const LEFT_OUT: [&str; 4] = ["sessions", "refresh_tokens", "signing_keys", "login_throttles"];

/// Every table and column that a restore brings back, and the tables that a backup leaves out.
#[must_use]
pub fn contents() -> (Vec<(&'static str, &'static str)>, Vec<&'static str>) {
    let columns = |table: Table| {
        let derived = table.derived.iter().map(|(name, _)| *name);
        let names: Vec<_> = table.columns.iter().map(|column| column.name).chain(derived).collect();
        names.into_iter().map(move |name| (table.name, name))
    };
    let kept = tables().into_iter().filter(|table| table.name != COUNTERS).flat_map(columns).collect();
    (kept, LEFT_OUT.to_vec())
}

impl Column {
    const fn of(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, reference: None }
    }

    const fn to(mut self, table: &'static str) -> Self {
        self.reference = Some(Reference::To(table));
        self
    }
}

const fn id(name: &'static str) -> Column {
    Column::of(name, Kind::Uuid)
}
const fn text(name: &'static str) -> Column {
    Column::of(name, Kind::Text)
}
const fn integer(name: &'static str) -> Column {
    Column::of(name, Kind::Integer)
}
const fn moment(name: &'static str) -> Column {
    Column::of(name, Kind::Moment)
}
const fn json(name: &'static str) -> Column {
    Column::of(name, Kind::Json)
}
const fn bytes(name: &'static str) -> Column {
    Column::of(name, Kind::Bytes)
}
const fn flag(name: &'static str) -> Column {
    Column::of(name, Kind::Bool)
}
/// The record that a row of a small table belongs to.
const fn record_id() -> Column {
    Column { name: "record_id", kind: Kind::Uuid, reference: Some(Reference::Record) }
}

fn table(name: &'static str, columns: &[Column]) -> Table {
    Table { name, columns: columns.to_vec(), only: None, order: None, derived: &[] }
}

/// The table of an owned record: the columns all of them have, and its own.
fn record(name: &'static str, own: &[Column]) -> Table {
    let head = [
        id("id"),
        integer("number"),
        text("name"),
        text("name_sort"),
        text("source").to("sources"),
        id("owner_id").to("users"),
        id("team_id").to("teams"),
        json("tags"),
        json("extras"),
        moment("last_activity_at"),
        moment("next_activity_at"),
        integer("version"),
        moment("created_at"),
        id("created_by"),
        moment("updated_at"),
        id("updated_by"),
        moment("deleted_at"),
        id("deleted_by"),
    ];
    table(name, &[head.as_slice(), own].concat())
}

/// Every table, those that are referred to first.
pub(super) fn tables() -> Vec<Table> {
    [
        people::people(),
        configuration(),
        records(),
        assignment::tables(),
        handovers::tables(),
        people::told(),
        people::jobs(),
        files::tables(),
        traces(),
        around(),
    ]
    .concat()
}

fn configuration() -> Vec<Table> {
    vec![
        table("sources", &[text("key"), json("names"), integer("position"), flag("is_active"), integer("version")]),
        table(
            "lead_statuses",
            &[
                text("key"),
                json("names"),
                text("category"),
                text("color"),
                integer("position"),
                flag("is_active"),
                integer("version"),
            ],
        ),
        table(
            "pipelines",
            &[id("id"), json("names"), flag("is_default"), integer("position"), flag("is_active"), integer("version")],
        ),
        table(
            "stages",
            &[
                id("id"),
                id("pipeline_id").to("pipelines"),
                json("names"),
                text("category"),
                integer("probability"),
                text("color"),
                integer("position"),
                integer("expected_days"),
                integer("warning_days"),
                json("required_fields"),
                integer("version"),
            ],
        ),
        table(
            "customer_pools",
            &[
                id("id"),
                text("name"),
                text("name_key"),
                id("team_id").to("teams"),
                flag("is_default"),
                flag("is_active"),
                integer("no_activity_days"),
                integer("no_opportunity_days"),
                integer("not_won_days"),
                integer("warn_days"),
                integer("owned_cap"),
                integer("claims_per_day"),
                integer("cooldown_days"),
                moment("rules_since"),
                integer("version"),
                moment("created_at"),
                moment("updated_at"),
            ],
        ),
    ]
}

fn records() -> Vec<Table> {
    vec![
        record(
            "customers",
            &[
                text("kind"),
                text("relation"),
                text("lifecycle"),
                text("level"),
                text("industry"),
                text("region"),
                id("parent_id").to("customers"),
                id("primary_contact_id"),
                id("origin_lead_id"),
                json("profile"),
                id("pool_id").to("customer_pools"),
                moment("pooled_at"),
                moment("counted_from"),
                moment("release_at"),
                moment("warned_for"),
            ],
        ),
        record(
            "contacts",
            &[
                id("customer_id").to("customers"),
                text("job_title"),
                text("email"),
                text("phone"),
                id("reports_to_id").to("contacts"),
                id("origin_lead_id"),
                json("profile"),
            ],
        ),
        record(
            "leads",
            &[
                text("company_name"),
                text("status").to("lead_statuses"),
                text("status_category"),
                text("rating"),
                text("rating_by"),
                integer("score"),
                moment("score_changes_at"),
                integer("amount"),
                text("currency"),
                text("region"),
                moment("first_response_due_at"),
                moment("first_responded_at"),
                json("profile"),
            ],
        ),
        record(
            "opportunities",
            &[
                id("customer_id").to("customers"),
                id("primary_contact_id").to("contacts"),
                id("pipeline_id").to("pipelines"),
                id("stage_id").to("stages"),
                text("category"),
                moment("stage_entered_at"),
                integer("amount"),
                text("currency"),
                integer("probability"),
                Column::of("expected_close_on", Kind::Date),
                moment("closed_at"),
                text("board_rank"),
                moment("warn_at"),
                moment("stale_at"),
                id("origin_lead_id"),
                json("profile"),
            ],
        ),
        activities(),
    ]
}

fn activities() -> Table {
    record(
        "activities",
        &[
            text("kind"),
            text("status"),
            text("priority"),
            moment("at"),
            moment("happened_at"),
            moment("due_at"),
            moment("reminder_at"),
            id("customer_id").to("customers"),
            id("contact_id").to("contacts"),
            id("lead_id").to("leads"),
            id("opportunity_id").to("opportunities"),
            json("profile"),
        ],
    )
}

fn traces() -> Vec<Table> {
    vec![
        table(
            "stage_moves",
            &[
                id("id"),
                id("opportunity_id").to("opportunities"),
                id("from_stage_id"),
                id("to_stage_id"),
                integer("seconds_in_from"),
                text("reason"),
                moment("moved_at"),
                id("moved_by"),
            ],
        ),
        table(
            "lifecycle_moves",
            &[
                id("id"),
                id("customer_id").to("customers"),
                text("from_lifecycle"),
                text("to_lifecycle"),
                text("reason"),
                moment("moved_at"),
                id("moved_by"),
            ],
        ),
        customer_moves(),
        table(
            "lead_conversions",
            &[
                id("id"),
                id("lead_id").to("leads"),
                id("customer_id").to("customers"),
                id("contact_id").to("contacts"),
                id("opportunity_id").to("opportunities"),
                json("detail"),
                moment("converted_at"),
                id("converted_by"),
                moment("reverted_at"),
                id("reverted_by"),
            ],
        ),
        table(
            "changes",
            &[
                id("id"),
                text("record_type"),
                id("record_id"),
                integer("version"),
                text("action"),
                text("via"),
                id("actor_id"),
                text("actor_name"),
                text("request_id"),
                moment("at"),
                json("fields"),
            ],
        ),
        outbox(),
        // Whoever repeats a request that was answered before the backup gets that answer after the restore.
        table(
            "idempotency_keys",
            &[
                id("caller_id"),
                text("key"),
                text("request_hash"),
                integer("status"),
                json("headers"),
                text("body"),
                moment("created_at"),
            ],
        ),
    ]
}

fn customer_moves() -> Table {
    table(
        "customer_moves",
        &[
            id("id"),
            id("customer_id").to("customers"),
            text("kind"),
            id("pool_id"),
            id("user_id").to("users"),
            text("rule"),
            moment("moved_at"),
            id("moved_by"),
        ],
    )
}

fn outbox() -> Table {
    table(
        "outbox",
        &[
            integer("seq"),
            text("event"),
            text("record_type"),
            id("record_id"),
            integer("version"),
            moment("at"),
            id("from_owner_id"),
            id("from_team_id"),
            id("from_pool_id"),
            id("for_user_id"),
        ],
    )
}

fn around() -> Vec<Table> {
    vec![
        table("contact_customers", &[id("contact_id").to("contacts"), id("customer_id").to("customers")]),
        table("opportunity_contacts", &[id("opportunity_id").to("opportunities"), id("contact_id").to("contacts")]),
        table("activity_contacts", &[id("activity_id").to("activities"), id("contact_id")]),
        table("external_ids", &[text("record_type"), text("system"), text("external_id"), record_id()]),
        table("record_tags", &[text("record_type"), text("tag"), record_id()]),
        table("record_keys", &[text("kind"), text("value"), text("record_type"), record_id()]),
        table(COUNTERS, &[text("name"), integer("next")]),
        Table {
            order: Some("seq"),
            derived: &[("body", "''"), ("tokens", "''")],
            ..table(SEARCH, &[integer("seq"), record_id(), text("record_type")])
        },
    ]
}
