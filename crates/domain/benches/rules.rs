//! What the rules cost: search tokens, the filter language, the policy, the score of a duplicate.

use divan::{Bencher, black_box};
use rapport_domain::access::{Action, Actor, BuiltInRole, Ownership, Subject, Via, decide, visibility};
use rapport_domain::conversion::{CandidateKeys, LeadKeys, score};
use rapport_domain::filter::parse;
use rapport_domain::search::{Doc, Findable, Query};
use uuid::Uuid;

fn main() {
    divan::main();
}

/// A customer as the index sees it.
fn doc(name: &str) -> Doc<'_> {
    Doc {
        names: vec![name],
        texts: vec!["制造业", "长期合作"],
        numbers: vec!["10423", "139 0000 1234", "+8613900001234"],
        emails: vec!["office@mingde7.example"],
    }
}

#[divan::bench(args = ["上海明德精密机械有限公司", "Harrow & Whitby Engineering Ltd"])]
fn tokens_of_a_customer(name: &str) -> Vec<String> {
    Findable::of(black_box(&doc(name))).tokens
}

#[divan::bench(args = ["明德", "shmd", "1234"])]
fn words_become_a_query(words: &str) -> Option<Query> {
    Query::parse(black_box(words))
}

#[divan::bench(args = [
    "status = \"open\"",
    "status IN (\"open\", \"working\") AND owner_id = @me AND created_at >= @today-30d AND name CONTAINS \"精密\"",
])]
fn a_filter_is_parsed(text: &str) -> bool {
    parse(black_box(text)).is_ok()
}

/// A salesperson with a team below.
fn seller() -> Actor {
    Actor {
        user_id: Uuid::from_u128(1),
        team_id: Some(Uuid::from_u128(2)),
        team_and_below: (2..6).map(Uuid::from_u128).collect(),
        grants: BuiltInRole::Manager.grants(),
        via: Via::Cli,
        ..Actor::system()
    }
}

#[divan::bench]
fn the_policy_decides(bencher: Bencher<'_, '_>) {
    let actor = seller();
    let record = Ownership { owner_id: Some(Uuid::from_u128(9)), team_id: Some(Uuid::from_u128(5)), pool_id: None };
    bencher.bench_local(|| decide(black_box(&actor), Action::Edit, Subject::Customer, Some(&record)).is_ok());
}

#[divan::bench]
fn the_policy_becomes_a_row_filter(bencher: Bencher<'_, '_>) {
    let actor = seller();
    bencher.bench_local(|| visibility(black_box(&actor), Subject::Customer, Action::View));
}

#[divan::bench(args = ["上海明德精密机械", "上海明德精密仪器", "harrow whitby engineering"])]
fn a_candidate_is_scored(bencher: Bencher<'_, '_>, name: &str) {
    let text = |text: &str| Some(text.to_owned());
    let lead = LeadKeys {
        email: text("chen@mingde7.example"),
        phone: text("+8613900001234"),
        tax_id: None,
        domain: text("mingde7.example"),
        name_key: text("上海明德精密机械"),
    };
    let candidate = CandidateKeys {
        emails: vec!["office@mingde7.example".to_owned()],
        phones: vec!["+8613900005678".to_owned()],
        tax_id: None,
        domain: text("mingde7.example"),
        name_key: text(name),
    };
    bencher.bench_local(|| score(black_box(&lead), black_box(&candidate)));
}
