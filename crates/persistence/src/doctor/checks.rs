//! What must be true of the rows, whatever wrote them: each check selects those of which it is not.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use rapport_domain::handover::Holding;
use rapport_domain::kind::RecordKind;

use super::{Check, Finding, Level};
use crate::connection::{Db, native};
use crate::error::StoreError;
use crate::mend::{UNDOCUMENTED, UNINDEXED, lost};
use crate::stale_times;

const RESTORE: &str = "these rows were not written by Rapport: restore the last sound backup, or mend them by hand";
const RESAVE: &str = "change and save the record in the application, which writes what belongs to it anew";
const MEND: &str = "rapport doctor --mend writes what belongs to records anew";

pub(super) fn all(is_sqlite: bool) -> Vec<Check> {
    let mut checks = satellites();
    checks.extend(conversions());
    checks.extend(boards(is_sqlite));
    checks.push(rules(is_sqlite));
    checks.push(notifications());
    checks.push(handovers());
    checks.push(digests());
    checks.push(at_hand());
    checks.push(jobs());
    checks.push(teams());
    checks.push(pools());
    checks.push(numbers(is_sqlite));
    if is_sqlite {
        checks.push(index());
    }
    checks
}

pub(super) fn fault(name: &'static str, rows: &'static str, sql: String, advice: &'static str) -> Check {
    Check { name, rows, sql, level: Level::Fault, advice }
}

/// One statement over the owned kinds; `{s}` is the singular, `{t}` the table.
fn each_kind(sql: &str) -> String {
    let of = |kind: RecordKind| sql.replace("{s}", kind.as_str()).replace("{t}", kind.plural());
    RecordKind::OWNED.map(of).join(" UNION ALL ")
}

/// Whether a small row's record is there at all.
fn is_lost(table: &str) -> String {
    let select = |(example, condition)| format!("SELECT {example} AS example FROM {table} WHERE {condition}");
    lost(table).into_iter().map(select).collect::<Vec<String>>().join(" UNION ALL ")
}

fn satellites() -> Vec<Check> {
    vec![
        fault(
            "search_documents",
            "records that search does not know, or should not",
            each_kind(
                "SELECT '{s} ' || number AS example FROM {t} WHERE deleted_at IS NULL
                   AND NOT EXISTS (SELECT 1 FROM search_docs WHERE search_docs.record_id = {t}.id)
                 UNION ALL SELECT '{s} document ' || seq AS example FROM search_docs WHERE record_type = '{s}'
                   AND NOT EXISTS (SELECT 1 FROM {t} WHERE {t}.id = search_docs.record_id AND deleted_at IS NULL)",
            ),
            MEND,
        ),
        fault(
            "history",
            "records without a line in the history for their version",
            each_kind(
                "SELECT '{s} ' || number AS example FROM {t} WHERE NOT EXISTS (SELECT 1 FROM changes
                   WHERE changes.record_id = {t}.id AND changes.version = {t}.version AND changes.record_type = '{s}')",
            ),
            RESTORE,
        ),
        fault(
            "orphans",
            "tags, keys or external ids of records that are not there",
            ["record_tags", "record_keys", "external_ids"].map(is_lost).join(" UNION ALL "),
            MEND,
        ),
        fault(
            "keys_of_trash",
            "records in the trash that matching would still find",
            each_kind(
                "SELECT '{s} ' || number AS example FROM {t} WHERE deleted_at IS NOT NULL
                   AND EXISTS (SELECT 1 FROM record_keys WHERE record_keys.record_id = {t}.id)",
            ),
            MEND,
        ),
    ]
}

fn conversions() -> Vec<Check> {
    let made = ["customer", "contact", "opportunity"].map(|kind| {
        let table = if kind == "opportunity" { "opportunities".to_owned() } else { format!("{kind}s") };
        format!(
            "SELECT '{kind} ' || number AS example FROM {table} WHERE origin_lead_id IS NOT NULL
               AND EXISTS (SELECT 1 FROM leads WHERE leads.id = {table}.origin_lead_id)
               AND NOT EXISTS (SELECT 1 FROM lead_conversions v WHERE v.lead_id = {table}.origin_lead_id AND v.{kind}_id = {table}.id)"
        )
    });
    vec![
        fault(
            "conversions",
            "leads that are converted without a whole conversion, or have one without being converted",
            "SELECT 'lead ' || number AS example FROM leads WHERE (status_category = 'converted')
               <> EXISTS (SELECT 1 FROM lead_conversions v WHERE v.lead_id = leads.id AND v.reverted_at IS NULL)
             UNION ALL SELECT 'lead ' || number AS example FROM leads JOIN lead_conversions v ON v.lead_id = leads.id
               WHERE v.reverted_at IS NULL AND CAST(v.detail AS TEXT) = '{}'"
                .into(),
            RESTORE,
        ),
        fault(
            "converted_records",
            "records made of a lead that no conversion knows",
            made.join(" UNION ALL "),
            RESTORE,
        ),
        fault(
            "lead_statuses",
            "leads whose category is not that of their status",
            "SELECT 'lead ' || number AS example FROM leads JOIN lead_statuses s ON s.key = leads.status
             WHERE s.category <> leads.status_category"
                .into(),
            RESAVE,
        ),
    ]
}

fn boards(is_sqlite: bool) -> Vec<Check> {
    let no_rank = if is_sqlite {
        "board_rank GLOB '*[^0-9A-Za-z]*' OR board_rank GLOB '*0' OR board_rank = ''"
    } else {
        "board_rank !~ '^[0-9A-Za-z]*[1-9A-Za-z]$'"
    };
    vec![
        fault(
            "board_stages",
            "opportunities in a stage of another pipeline, or of another category",
            "SELECT 'opportunity ' || number AS example FROM opportunities o JOIN stages s ON s.id = o.stage_id
             WHERE s.pipeline_id <> o.pipeline_id OR s.category <> o.category"
                .into(),
            RESAVE,
        ),
        fault(
            "board_ranks",
            "opportunities whose place on the board is no place",
            format!("SELECT 'opportunity ' || number AS example FROM opportunities WHERE {no_rank}"),
            "move the card on the board",
        ),
        fault(
            "stale_times",
            "opportunities kept with other times of staleness than their stage says",
            stale_times::wrong(is_sqlite),
            "change the days of the stage in the settings and change them back, which keeps the times of its deals anew",
        ),
        // Two people who put a card at the same place at the same moment may share it; the order stays fixed by the id.
        Check {
            name: "board_positions",
            rows: "places on the board that cards share",
            sql: "SELECT 'opportunity ' || MIN(number) AS example FROM opportunities WHERE deleted_at IS NULL
                  GROUP BY stage_id, board_rank HAVING COUNT(*) > 1"
                .into(),
            level: Level::Warning,
            advice: "move one of the two cards on the board",
        },
    ]
}

/// People are named in a list, which no foreign key looks into.
fn rules(is_sqlite: bool) -> Check {
    let unknown = if is_sqlite {
        "json_each(r.user_ids) AS named WHERE NOT EXISTS (SELECT 1 FROM users WHERE lower(hex(users.id)) = replace(named.value, '-', ''))"
    } else {
        "jsonb_array_elements_text(r.user_ids) AS named (id) WHERE NOT EXISTS (SELECT 1 FROM users WHERE users.id::text = named.id)"
    };
    fault(
        "assignment_rules",
        "assignment rules that name people who are not there, or neither people nor a team",
        format!(
            "SELECT 'rule ' || r.name AS example FROM assignment_rules r, {unknown}
             UNION ALL SELECT 'rule ' || name AS example FROM assignment_rules
               WHERE (team_id IS NULL) = (CAST(user_ids AS text) = '[]')"
        ),
        "open the rule in the application, choose who gets its leads, and save it",
    )
}

fn notifications() -> Check {
    let words = RecordKind::OWNED.map(|kind| format!("'{}'", kind.as_str())).join(", ");
    let lost = each_kind(
        "SELECT 'a {s}' AS example FROM notifications WHERE subject = '{s}' AND subject_id IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM {t} WHERE {t}.id = notifications.subject_id)",
    );
    let jobs = "SELECT 'a job' AS example FROM notifications WHERE subject = 'job' AND subject_id IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.id = notifications.subject_id)";
    let others = format!(
        "SELECT 'a ' || subject AS example FROM notifications WHERE subject NOT IN ('job', 'handover', {words})"
    );
    fault(
        "notifications",
        "notifications about records that are not there",
        format!(
            "{lost} UNION ALL {jobs} UNION ALL SELECT 'a handover' AS example FROM notifications WHERE subject = 'handover'
               AND NOT EXISTS (SELECT 1 FROM handovers WHERE handovers.id = notifications.subject_id)
             UNION ALL {others}"
        ),
        "their readers see lines without a name; delete these rows",
    )
}

fn jobs() -> Check {
    fault(
        "jobs",
        "jobs whose counts are not those of their items",
        "SELECT jobs.kind || ' of ' || users.email AS example FROM jobs JOIN users ON users.id = jobs.created_by
         WHERE total <> (SELECT COUNT(*) FROM job_items WHERE job_id = jobs.id)
            OR succeeded <> (SELECT COUNT(*) FROM job_items WHERE job_id = jobs.id AND state = 'succeeded')
            OR failed <> (SELECT COUNT(*) FROM job_items WHERE job_id = jobs.id AND state = 'failed')
            OR skipped <> (SELECT COUNT(*) FROM job_items WHERE job_id = jobs.id AND state = 'skipped')"
            .to_owned(),
        "their pages show wrong numbers; what was done with each record stands in its history",
    )
}

/// What an undo has left is told by its reason, and only an undo leaves something.
fn handovers() -> Check {
    let words: Vec<String> = Holding::NAMES.iter().map(|kind| format!("'{kind}'")).collect();
    let words = words.join(", ");
    fault(
        "handovers",
        "things handed over of an unknown kind, or left behind by an undo that never was",
        format!(
            "SELECT 'a ' || i.kind || ' of ' || users.email AS example FROM handover_items i
             JOIN handovers ON handovers.id = i.handover_id JOIN users ON users.id = handovers.user_id
             WHERE i.kind NOT IN ({words}) OR (i.left_because IS NOT NULL AND handovers.undone_at IS NULL)"
        ),
        RESTORE,
    )
}

fn digests() -> Check {
    fault(
        "digests",
        "people who get digests otherwise than they have chosen",
        "SELECT users.email AS example FROM notification_settings AS chosen JOIN users ON users.id = chosen.user_id
         WHERE chosen.digest <> 'off' AND NOT EXISTS (SELECT 1 FROM digests WHERE digests.user_id = chosen.user_id)
         UNION ALL SELECT users.email AS example FROM digests JOIN users ON users.id = digests.user_id
         WHERE NOT EXISTS (SELECT 1 FROM notification_settings AS chosen
           WHERE chosen.user_id = digests.user_id AND chosen.digest <> 'off')"
            .to_owned(),
        "they change how often they get one in their settings, and back",
    )
}

fn at_hand() -> Check {
    let words = RecordKind::ABOUT.map(|kind| format!("'{}'", kind.as_str())).join(", ");
    let lost =
        [("favourites", "kind", "record_id"), ("sticky_notes", "about_kind", "about_id")].map(|(table, kind, id)| {
            let each = RecordKind::ABOUT.map(|about| {
                let (word, records) = (about.as_str(), about.plural());
                format!(
                    "SELECT '{table}: a {word}' AS example FROM {table} WHERE {kind} = '{word}'
                   AND NOT EXISTS (SELECT 1 FROM {records} WHERE {records}.id = {table}.{id})"
                )
            });
            let others =
                format!("SELECT '{table}: a ' || {kind} AS example FROM {table} WHERE {kind} NOT IN ({words})");
            format!("{} UNION ALL {others}", each.join(" UNION ALL "))
        });
    fault(
        "at_hand",
        "favourites and sticky notes about records that are not there",
        lost.join(" UNION ALL "),
        "whoever has them sees lines without a name; delete these rows",
    )
}

fn teams() -> Check {
    fault(
        "owners_teams",
        "records that are not in the team of their owner",
        each_kind(
            "SELECT '{s} ' || number AS example FROM {t} JOIN users ON users.id = {t}.owner_id
             WHERE {t}.team_id IS DISTINCT FROM users.team_id",
        ),
        "transfer the record to its owner once more, or change and save it",
    )
}

/// A customer is somebody's or lies in a pool, and then it belongs to the pool's team.
fn pools() -> Check {
    fault(
        "customer_pools",
        "customers that are neither somebody's nor in a pool, or both, or in a pool of another team",
        "SELECT 'customer ' || number AS example FROM customers
           WHERE (owner_id IS NULL) = (pool_id IS NULL) OR (pool_id IS NULL) <> (pooled_at IS NULL)
             OR (owner_id IS NULL) <> (counted_from IS NULL)
         UNION ALL SELECT 'customer ' || number AS example FROM customers JOIN customer_pools p ON p.id = customers.pool_id
           WHERE customers.team_id IS DISTINCT FROM p.team_id"
            .into(),
        RESTORE,
    )
}

fn numbers(is_sqlite: bool) -> Check {
    let records = RecordKind::OWNED.map(|kind| {
        let t = kind.plural();
        let next = if is_sqlite {
            format!("(SELECT next FROM number_counters WHERE record_type = '{t}')")
        } else {
            format!("(SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END FROM {t}_number)")
        };
        behind(t, "number", &next)
    });
    let series = ["outbox", "search_docs"].map(|t| {
        let next = if is_sqlite {
            format!("(SELECT seq + 1 FROM sqlite_sequence WHERE name = '{t}')")
        } else {
            format!("(SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END FROM {t}_seq_seq)")
        };
        behind(t, "seq", &next)
    });
    fault(
        "counters",
        "counters behind the numbers that are taken",
        records.into_iter().chain(series).collect::<Vec<_>>().join(" UNION ALL "),
        "new records would be refused: set the counter (SQLite: number_counters; PostgreSQL: setval) above the highest number",
    )
}

fn behind(table: &str, column: &str, next: &str) -> String {
    format!(
        "SELECT '{table}' AS example FROM (SELECT MAX({column}) AS top FROM {table}) AS t_{table} WHERE top >= {next}"
    )
}

/// The index of search has exactly the documents.
fn index() -> Check {
    fault(
        "search_index",
        "documents that are not in the index of search, or the reverse",
        format!(
            "SELECT 'document ' || seq AS example FROM search_docs WHERE {UNINDEXED}
             UNION ALL SELECT 'entry ' || id AS example FROM search_index_docsize WHERE {UNDOCUMENTED}"
        ),
        MEND,
    )
}

#[derive(QueryableByName)]
struct People {
    #[diesel(sql_type = BigInt)]
    users: i64,
    #[diesel(sql_type = BigInt)]
    administrators: i64,
}

/// Somebody must be able to sign in and change things.
pub(super) fn administrators(db: &mut Db) -> Result<Finding, StoreError> {
    const NAME: &str = "administrators";
    let query = diesel::sql_query(
        "SELECT (SELECT COUNT(*) FROM users) AS users, (SELECT COUNT(DISTINCT users.id) FROM users
           JOIN user_roles ON user_roles.user_id = users.id JOIN roles ON roles.id = user_roles.role_id
           WHERE roles.key = 'admin' AND users.is_active) AS administrators",
    );
    let found: People = native!(db, |c| query.get_result(c))?;
    Ok(match found {
        People { users: 0, .. } => {
            Finding::fine(NAME, "nobody has been added yet: open the link that the server prints")
        }
        People { administrators: 0, .. } => Finding::bad(
            NAME,
            Level::Fault,
            "no active administrator",
            "rapport user create --email … --name … --role admin",
        ),
        People { administrators, .. } => Finding::fine(NAME, format!("{administrators} active administrators")),
    })
}
