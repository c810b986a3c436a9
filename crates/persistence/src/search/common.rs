//! Words that very many documents have, as PostgreSQL's statistics know them.
//!
//! To count the hits of such a word takes the server as long as everything else of a search together, only to learn once
//! more that there are many. What is known here decides where a search begins, never what it finds.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::Text;

use rapport_domain::kind::RecordKind;
use rapport_domain::search::{Query, Term};

use super::{COMMON, mark};
use crate::connection::Db;

/// How long what has been read is believed: `ANALYZE` comes by itself after a tenth of the rows have changed.
const BELIEVED: Duration = Duration::from_mins(5);

/// One of so many documents has a word that is in very many: of few more does the sample of `ANALYZE` tell reliably.
const ONE_OF: i64 = 200;

thread_local! {
    // A thread of the store stays with its database.
    static KNOWN: RefCell<Option<Known>> = const { RefCell::new(None) };
}

#[derive(Debug)]
struct Known {
    read_at: Instant,
    /// With the letter of their kind.
    words: BTreeSet<String>,
}

/// Whether every term of the query is known to be in very many documents.
///
/// # Errors
/// When the database fails.
pub(super) fn is_in_many(db: &mut Db, kind: RecordKind, query: &Query) -> QueryResult<bool> {
    let Db::Pg(c) = db else { return Ok(false) };
    KNOWN.with_borrow_mut(|known| {
        let words = match known {
            Some(known) if known.read_at.elapsed() < BELIEVED => &known.words,
            _ => &known.insert(Known { read_at: Instant::now(), words: read(c)? }).words,
        };
        Ok(query.terms.iter().all(|term| has(words, kind, term)))
    })
}

fn has(words: &BTreeSet<String>, kind: RecordKind, term: &Term) -> bool {
    let token = format!("{}{}", mark(kind), term.token);
    if term.is_prefix {
        return words.range(token.clone()..).next().is_some_and(|word| word.starts_with(&token));
    }
    words.contains(&token)
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

fn read(c: &mut PgConnection) -> QueryResult<BTreeSet<String>> {
    let sql = format!(
        "SELECT known.word FROM pg_class, pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) AS known (word, share)
         WHERE pg_class.oid = 'search_docs'::regclass AND schemaname = current_schema()
         AND tablename = relname AND attname = 'tokens' AND word IS NOT NULL
         AND share * {ONE_OF} >= 1 AND share * reltuples >= {COMMON}"
    );
    let rows: Vec<Word> = diesel::sql_query(sql).load(c)?;
    Ok(rows.into_iter().map(|row| row.word).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_common(words: &[&str], typed: &str) -> bool {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        let has_all = |query: Query| query.terms.iter().all(|term| has(&words, RecordKind::Customer, term));
        Query::parse(typed).is_some_and(has_all)
    }

    #[test]
    fn every_term_must_be_known_and_of_the_kind() {
        assert!(is_common(&["c有限"], "有限"));
        assert!(!is_common(&["l有限"], "有限"), "common among leads");
        assert!(!is_common(&["c有限"], "有限 花果"), "one rare word makes few hits");
        assert!(is_common(&["c有限", "c限公", "c公司"], "有限公司"));
        assert!(is_common(&["clonger"], "long"), "the beginning of a word is enough");
        assert!(!is_common(&["clong"], "longer"));
        assert!(!is_common(&[], "有限"));
    }
}
