//! What must be true of files: that their bytes are there, and are those that were sent.

use diesel::prelude::*;
use sha2::{Digest as _, Sha256};

use super::checks::fault;
use super::{Check, Finding, Level};
use crate::connection::Db;
use crate::error::StoreError;
use crate::file_contents::piece_find;
use crate::file_schema::file_contents as contents;
use crate::types::Id;

const LOST: &str = "these files can no longer be fetched whole: restore the last sound backup, or attach them anew";
/// Contents that are read at once.
const PORTION: i64 = 300;

pub(super) fn checks(is_sqlite: bool) -> Vec<Check> {
    vec![
        fault(
            "file_pieces",
            "contents of files of which pieces are missing",
            "SELECT 'content ' || c.sha256 AS example FROM file_contents c LEFT JOIN (
               SELECT content_id, SUM(length(bytes)) AS total, COUNT(*) AS n, MAX(position) AS last FROM file_pieces GROUP BY content_id
             ) AS p ON p.content_id = c.id
             WHERE c.sha256 IS NOT NULL AND (p.total IS NULL OR p.total <> c.size OR p.last <> p.n - 1)"
                .to_owned(),
            LOST,
        ),
        fault(
            "file_contents",
            "files whose content is not whole",
            "SELECT 'file ' || f.name AS example FROM files f JOIN file_contents c ON c.id = f.content_id WHERE c.sha256 IS NULL"
                .to_owned(),
            LOST,
        ),
        Check {
            name: "file_leftovers",
            rows: "contents that no file has",
            sql: "SELECT 'content ' || sha256 AS example FROM file_contents WHERE sha256 IS NOT NULL
                  AND NOT EXISTS (SELECT 1 FROM files WHERE files.content_id = file_contents.id)"
                .to_owned(),
            level: Level::Warning,
            advice: "they only take room: delete their rows in file_pieces and file_contents, and take their size off file_usage",
        },
        fault(
            "file_usage",
            "counts of the bytes of files that are wrong",
            "SELECT 'counted ' || counted || ', are ' || size AS example FROM (
               SELECT (SELECT COALESCE(SUM(bytes), 0) FROM file_usage) AS counted,
                 (SELECT COALESCE(SUM(size), 0) FROM file_contents WHERE sha256 IS NOT NULL) AS size) AS room
             WHERE counted <> size"
                .to_owned(),
            "set bytes in file_usage to the sum of size in file_contents",
        ),
        attachments(is_sqlite),
    ]
}

/// What activities show of their files is kept with them, and compared both ways.
fn attachments(is_sqlite: bool) -> Check {
    let (named, is_it) = if is_sqlite {
        (
            "activities a, json_each(a.profile, '$.attachments') AS named",
            "lower(hex(f.id)) = replace(named.value ->> 'id', '-', '')",
        )
    } else {
        (
            "activities a, jsonb_array_elements(COALESCE(a.profile -> 'attachments', '[]')) AS named (value)",
            "f.id::text = named.value ->> 'id'",
        )
    };
    fault(
        "attachments",
        "activities that show other files than they have",
        format!(
            "SELECT 'activity ' || a.number AS example FROM {named}
               WHERE NOT EXISTS (SELECT 1 FROM files f WHERE f.activity_id = a.id AND {is_it})
             UNION ALL SELECT 'file ' || f.name AS example FROM files f WHERE f.activity_id IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM {named} WHERE a.id = f.activity_id AND {is_it})"
        ),
        "take the file out of the activity in the application, and attach it anew",
    )
}

/// Reads every content, one piece at a time, and compares its sum.
pub(super) fn sums(db: &mut Db) -> Result<Finding, StoreError> {
    const NAME: &str = "file_sums";
    let (mut count, mut wrong, mut example, mut last) = (0_u64, 0_u64, String::new(), None);
    loop {
        let rows = after(db, last)?;
        let Some((id, _)) = rows.last() else { break };
        last = Some(*id);
        for (id, sha256) in rows {
            count += 1;
            if sum(db, id)? != sha256 {
                wrong += 1;
                example = sha256;
            }
        }
    }
    Ok(match wrong {
        0 => Finding::fine(NAME, format!("{count} contents of files are what was sent")),
        _ => {
            let detail = format!("{wrong} contents of files are not what was sent, for instance {example}");
            Finding::bad(NAME, Level::Fault, detail, LOST)
        }
    })
}

fn after(db: &mut Db, last: Option<Id>) -> Result<Vec<(Id, String)>, StoreError> {
    let whole = contents::table.filter(contents::sha256.is_not_null()).order(contents::id).limit(PORTION);
    let whole = whole.select((contents::id, contents::sha256.assume_not_null()));
    Ok(match last {
        Some(last) => whole.filter(contents::id.gt(last)).load(db)?,
        None => whole.load(db)?,
    })
}

fn sum(db: &mut Db, id: Id) -> Result<String, StoreError> {
    let mut sum = Sha256::new();
    for position in 0.. {
        match piece_find(db, id.0, position)? {
            Some(bytes) => sum.update(bytes),
            None => break,
        }
    }
    Ok(sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
