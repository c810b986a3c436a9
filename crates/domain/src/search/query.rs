//! What a person typed into a search box.

use super::keys::{beginning_with, covering, is_exact, windows};
use super::runs::{self, Class, Run};
use super::{MAX_DIGITS, MAX_WORD, cut, pairs};
use crate::text::fold;

/// Most letters of a query that are read.
const MAX_QUERY: usize = 200;
/// Most terms of a query.
const MAX_TERMS: usize = 12;

/// A search: records that have every term and, in their body, every needle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// What the index must hold; at least one.
    pub terms: Vec<Term>,
    /// Folded runs of three or more Han letters, to be rechecked as parts of the document's body.
    pub needles: Vec<String>,
}

/// One token to look for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The token, alphanumeric letters only.
    pub token: String,
    /// Whether the beginning of a token is enough.
    pub is_prefix: bool,
}

impl Query {
    /// Reads a query; `None` when it holds nothing that can be searched for.
    ///
    /// What goes beyond 200 letters or 12 terms is left out.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let folded = fold(&cut(typed, MAX_QUERY));
        let runs = runs::split(&folded);
        let mut terms: Vec<Term> = Vec::new();
        for term in runs.iter().flat_map(terms_of) {
            if terms.len() < MAX_TERMS && !terms.contains(&term) {
                terms.push(term);
            }
        }
        let needles = runs.iter().filter(|run| is_rechecked(run)).map(|run| run.text.to_owned()).collect();
        (!terms.is_empty()).then_some(Self { terms, needles })
    }

    /// The query as a `MATCH` expression of SQLite's FTS5, for [keys](super::keys()) that are kept with `mark` before them:
    /// `"c悟空" AND "cswk"*`. Of more than four digits it does not say that they follow each other: see [`Query::in_a_row`].
    #[must_use]
    pub fn fts5(&self, mark: char) -> String {
        let language = Language { quote: '"', and: " AND ", or: " OR ", beginning: "*", after: |_| " AND ".to_owned() };
        self.expression(mark, &language)
    }

    /// The query as text to be cast to PostgreSQL's `tsquery`, for what [`tsvector`](super::tsvector) made:
    /// `'c2468' <2> 'c6802' & 'cswk':*`.
    #[must_use]
    pub fn tsquery(&self, mark: char) -> String {
        let after = |places| format!(" <{places}> ");
        self.expression(mark, &Language { quote: '\'', and: " & ", or: " | ", beginning: ":*", after })
    }

    fn expression(&self, mark: char, language: &Language) -> String {
        let quoted = |word: &str| format!("{0}{mark}{word}{0}", language.quote);
        let of = |term: &Term| {
            let token = term.token.as_str();
            if is_exact(token) {
                let mut before = 0;
                let following = |(place, word): (usize, &str)| {
                    let joint = if place == 0 { String::new() } else { (language.after)(place - before) };
                    before = place;
                    joint + &quoted(word)
                };
                covering(token).map(following).collect()
            } else if let Some(words) = beginning_with(token) {
                format!("({})", joined(words.iter().map(|word| quoted(word)), language.or))
            } else {
                quoted(token) + if term.is_prefix { language.beginning } else { "" }
            }
        };
        joined(self.terms.iter().map(of), language.and)
    }

    /// The query of some of its terms only, where it has such.
    #[must_use]
    pub fn only(&self, is_meant: impl Fn(&Term) -> bool) -> Option<Self> {
        let terms: Vec<Term> = self.terms.iter().filter(|term| is_meant(term)).cloned().collect();
        (!terms.is_empty()).then(|| Self { terms, needles: self.needles.clone() })
    }

    /// Terms of which an index knows the parts, but not whether these follow each other.
    pub fn in_a_row(&self) -> impl Iterator<Item = &Term> {
        self.terms.iter().filter(|term| is_exact(&term.token) && windows(&term.token).nth(1).is_some())
    }
}

/// How a database writes expressions.
struct Language {
    quote: char,
    and: &'static str,
    or: &'static str,
    /// Behind a word that is the beginning of others.
    beginning: &'static str,
    /// Between words of which the second stands so many places after the first.
    after: fn(usize) -> String,
}

fn joined(parts: impl Iterator<Item = String>, joint: &str) -> String {
    parts.collect::<Vec<_>>().join(joint)
}

impl Term {
    /// Whether it is the beginning of words and has no more than so many letters: very many may begin with it.
    #[must_use]
    pub fn is_short(&self, letters: usize) -> bool {
        self.is_prefix && self.token.chars().nth(letters).is_none()
    }

    /// Whether it is so few digits in a row that one of some hundred numbers has them.
    #[must_use]
    pub fn is_in_many_numbers(&self) -> bool {
        beginning_with(&self.token).is_some()
    }
}

/// Whether a document with these tokens and this body is found: what the databases answer, in memory.
#[must_use]
pub fn matches(tokens: &[String], body: &str, query: &Query) -> bool {
    let has_term = |term: &Term| tokens.iter().any(|token| is_hit(token, term));
    query.terms.iter().all(has_term) && query.needles.iter().all(|needle| body.contains(needle.as_str()))
}

fn is_hit(token: &str, term: &Term) -> bool {
    if term.is_prefix { token.starts_with(&term.token) } else { token == term.token }
}

fn terms_of(run: &Run<'_>) -> Vec<Term> {
    let prefix = |max| vec![Term { token: cut(run.text, max), is_prefix: true }];
    match run.class {
        Class::Digits => prefix(MAX_DIGITS),
        Class::Letters => prefix(MAX_WORD),
        Class::Han => {
            let letters: Vec<char> = run.text.chars().collect();
            if letters.len() == 1 {
                return prefix(1);
            }
            pairs(&letters).map(|token| Term { token, is_prefix: false }).collect()
        }
    }
}

fn is_rechecked(run: &Run<'_>) -> bool {
    run.class == Class::Han && run.text.chars().nth(2).is_some()
}
