//! Every target over its corpus and over changes of it, for `RAPPORT_FUZZ_SECONDS` each (3, unless told otherwise).
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "tests; the seed is told")]

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use rapport_fuzz::mutate::{Dice, mutate};
use rapport_fuzz::{TARGETS, Target};

fn corpus(target: Target) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}

fn number(variable: &str) -> Option<u64> {
    #[expect(clippy::disallowed_methods, reason = "how long and from which seed is for whoever starts it to say")]
    std::env::var(variable).ok().map(|text| text.parse().unwrap())
}

/// A seed that is another one every time; it is printed with what it finds.
fn seed() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "chance is wanted")]
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    number("RAPPORT_FUZZ_SEED").unwrap_or(u64::from(now.subsec_nanos()) ^ now.as_secs())
}

fn attack(name: &str) {
    let target = rapport_fuzz::find(name).unwrap();
    let (corpus, seed) = (corpus(target), seed());
    assert!(!corpus.is_empty(), "{name} has no corpus");
    corpus.iter().for_each(|input| try_one(target, input, seed));
    let (mut dice, began, mut count) = (Dice::new(seed), Instant::now(), 0_u64);
    let time = Duration::from_secs(number("RAPPORT_FUZZ_SECONDS").unwrap_or(3));
    while began.elapsed() < time {
        try_one(target, &mutate(&mut dice, &corpus, target.words), seed);
        count += 1;
    }
    println!("{name}: {} of the corpus, {count} changes of it, seed {seed}", corpus.len());
    assert!(count > 20, "only {count} inputs were tried");
}

fn try_one(target: Target, input: &[u8], seed: u64) {
    if catch_unwind(|| (target.run)(input)).is_err() {
        let text = String::from_utf8_lossy(input);
        let bytes: Vec<String> = input.iter().map(|byte| format!("\\x{byte:02x}")).collect();
        panic!(
            "{} broke with seed {seed} on {text:?}\nkeep it: printf '{}' > fuzz/corpus/{}/NAME",
            target.name,
            bytes.concat(),
            target.name
        );
    }
}

macro_rules! attacks {
    ($($name:ident),+ $(,)?) => {
        $(#[test] fn $name() { attack(stringify!($name)); })+

        #[test]
        fn every_target_is_attacked() {
            let mut named = vec![$(stringify!($name)),+];
            let mut known: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
            named.sort_unstable();
            known.sort_unstable();
            assert_eq!(named, known);
        }
    };
}

attacks!(
    filter_text,
    filter_json,
    list_request,
    cursor,
    access_token,
    api_key,
    body,
    words,
    values,
    file,
    places,
    backup_bytes,
    backup_lines,
);
