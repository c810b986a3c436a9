//! Random sequences of requests by several people, against a model of plain maps and filters.
//!
//! After every step the API must agree with the model on the status, the records with their fields and versions, who sees
//! what by every way there is, histories, the trash, what conversions link, and sums. A sequence comes from a seed that is
//! printed when it fails, together with the shortest sequence that fails as well:
//! `RAPPORT_MODEL_SEED=<seed> RAPPORT_MODEL_SEQUENCES=1` plays it again. Every run plays the same few sequences, so that
//! a failure is the fault of what was changed; with `RAPPORT_MODEL_SECONDS` new ones are begun for so long.
#![expect(clippy::panic, reason = "tests")]

mod agree;
mod conversion;
mod play;
mod rules;
mod steps;
mod world;

use std::cell::RefCell;
use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, Instant};

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use rapport_testkit::Database;

use crate::harness::TestApp;
use steps::{Step, plain_sequence, sequence};
use world::Flaw;

/// Sequences of an everyday run, from seed 1 on.
const EVERYDAY: u64 = 6;

#[expect(clippy::disallowed_methods, reason = "tests have no configuration")]
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// A runner of the one sequence of a seed.
fn runner(seed: u64, shrinks: u32) -> TestRunner {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config {
        cases: 1,
        max_shrink_iters: shrinks,
        max_shrink_time: 60_000,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

/// Plays one sequence on a database of its own.
fn on(database: Database, steps: &[Step], flaw: Option<Flaw>) -> Result<(), String> {
    let mut story = Vec::new();
    let played = actix_web::rt::System::new().block_on(async {
        let app = TestApp::on(database).await;
        let played = play::play(&app, steps, flaw, &mut story).await;
        app.stop().await;
        played
    });
    played.map_err(|difference| format!("{difference}\n  after\n    {}", story.join("\n    ")))
}

/// Plays the sequence of a seed; answers how many steps it had.
fn sequence_of(seed: u64, database: &dyn Fn() -> Database) -> usize {
    let length = RefCell::new(0);
    let played = runner(seed, 150).run(&sequence(), |steps| {
        length.replace(steps.len());
        on(database(), &steps, None).map_err(|reason| {
            eprintln!("seed {seed}, {} steps: {}", steps.len(), reason.lines().next().unwrap_or_default());
            TestCaseError::fail(reason)
        })
    });
    match played {
        Ok(()) => length.into_inner(),
        Err(TestError::Fail(reason, _)) => {
            panic!("{reason}\n  again by RAPPORT_MODEL_SEED={seed} RAPPORT_MODEL_SEQUENCES=1")
        }
        Err(error) => panic!("{error}"),
    }
}

fn agrees(database: &dyn Fn() -> Database) {
    let until = setting("RAPPORT_MODEL_SECONDS").map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let first = if until.is_some() { RandomState::new().hash_one(0) >> 16 } else { 1 };
    let seed = setting("RAPPORT_MODEL_SEED").unwrap_or(first);
    let most = setting("RAPPORT_MODEL_SEQUENCES").unwrap_or(if until.is_some() { u64::MAX } else { EVERYDAY });
    let (mut sequences, mut steps) = (0, 0);
    while sequences < most && until.is_none_or(|until| Instant::now() < until) {
        steps += sequence_of(seed.wrapping_add(sequences), database);
        sequences += 1;
    }
    eprintln!("{sequences} sequences of {steps} steps agree, seeds from {seed}");
}

#[test]
fn the_api_agrees_with_the_model_on_sqlite() {
    agrees(&Database::sqlite);
}

#[test]
fn the_api_agrees_with_the_model_on_postgres() {
    if Database::postgres().is_some() {
        agrees(&|| Database::postgres().unwrap());
    }
}

/// The negative control: each mistake in the model is found, as it would be in the product.
#[test]
fn a_product_that_differs_from_the_model_is_caught() {
    for (flaw, seed) in [
        (Flaw::TeamsShare, 25),
        (Flaw::StaleVersionsPass, 5),
        (Flaw::BatchesAreHalfDone, 16),
        (Flaw::UndoLeavesWhatWasMade, 3),
        (Flaw::SumsCountTheTrash, 2),
        (Flaw::KeysAreForgotten, 1),
        (Flaw::WinsActivateNobody, 6),
    ] {
        let catches = |seed: &u64| {
            let played = runner(*seed, 0).run(&plain_sequence(), |steps| {
                on(Database::sqlite(), &steps, Some(flaw)).map_err(TestCaseError::fail)
            });
            if let Err(error) = &played {
                let told = error.to_string();
                eprintln!("{flaw:?} with seed {seed}: {}", told.lines().next().unwrap_or_default());
            }
            played.is_err()
        };
        assert!((seed..seed + 20).any(|seed| catches(&seed)), "{flaw:?} is not found");
    }
}
